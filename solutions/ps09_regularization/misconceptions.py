"""Wrong answers that students really write for problem set 9, each with advice that points at the idea."""

import numpy as np

from course.misconceptions import Bank

l2_penalty = Bank("l2_penalty")
l1_penalty = Bank("l1_penalty")
dropout_forward = Bank("dropout_forward")
dropout_backward = Bank("dropout_backward")
EarlyStopping = Bank("EarlyStopping")
clip_gradient_norm = Bank("clip_gradient_norm")


# --- l2_penalty: a wrong answer states the one of its two results that is wrong


def _l2(weights, strength, value=None, gradients=None):
    return (
        strength * sum(np.sum(w**2) for w in weights) if value is None else value,
        [2 * strength * w for w in weights] if gradients is None else gradients,
    )


@l2_penalty(
    "λ/2, as most libraries have it", "Value and gradient fit each other: but which factor does this course put before ‖w‖²?"
)
def l2_half(weights, strength):
    value, gradients = _l2(weights, strength)
    return value / 2, [g / 2 for g in gradients]


@l2_penalty("gradient λw", "Your gradient belongs to (λ/2)‖w‖², your value does not: what is the derivative of w²?")
def l2_gradient_without_two(weights, strength):
    return _l2(weights, strength, gradients=[strength * w for w in weights])


@l2_penalty("2λ in the value", "The 2 comes from the derivative: does it stand in the value already?")
def l2_two_in_the_value(weights, strength):
    return _l2(weights, strength, value=2 * strength * sum(np.sum(w**2) for w in weights))


@l2_penalty("length without the square", "Double all weights: the penalty should grow fourfold. Does yours?")
def l2_length(weights, strength):
    return _l2(weights, strength, value=strength * np.sqrt(sum(np.sum(w**2) for w in weights)))


@l2_penalty("np.linalg.norm with 2, of a matrix", "Look up what np.linalg.norm does with ord=2 when it is given a matrix.")
def l2_spectral(weights, strength):
    return _l2(weights, strength, value=strength * sum(np.linalg.norm(w, 2) ** 2 for w in weights))


@l2_penalty("mean in place of sum", "Every weight pays its own price: do you add the prices up, or average them?")
def l2_mean(weights, strength):
    return _l2(
        weights,
        strength,
        value=strength * sum(np.mean(w**2) for w in weights),
        gradients=[2 * strength * w / w.size for w in weights],
    )


@l2_penalty("mean in the value only", "Your gradient belongs to a sum of squares: what does your value do with them?")
def l2_mean_of_values(weights, strength):
    return _l2(weights, strength, value=strength * sum(np.mean(w**2) for w in weights))


@l2_penalty("square of the sum", "A weight of 1 and one of −1 must not cancel: what comes first, the square or the sum?")
def l2_square_of_sum(weights, strength):
    return _l2(weights, strength, value=strength * sum(np.sum(w) ** 2 for w in weights))


@l2_penalty("vectors left out, as biases", "Your caller chooses what is in the list: what should you leave out of it?")
def l2_without_vectors(weights, strength):
    kept = [w if w.ndim > 1 else np.zeros(w.shape) for w in weights]
    return _l2(kept, strength)


@l2_penalty("value of the last array only", "Follow your value through the loop: what becomes of the first array's part?")
def l2_last_value(weights, strength):
    return _l2(weights, strength, value=strength * np.sum(weights[-1] ** 2))


@l2_penalty("a value for each array", "The penalty is one number for the whole network: how many do you return?")
def l2_value_by_array(weights, strength):
    return _l2(weights, strength, value=[strength * np.sum(w**2) for w in weights])


@l2_penalty("gradient without λ", "With λ = 0 nothing should be pulled anywhere: what does your gradient do then?")
def l2_gradient_without_strength(weights, strength):
    return _l2(weights, strength, gradients=[2.0 * w for w in weights])


@l2_penalty("the step in place of the gradient", "A gradient points uphill: in which direction does the penalty grow?")
def l2_downhill(weights, strength):
    return _l2(weights, strength, gradients=[-2 * strength * w for w in weights])


@l2_penalty("the L1 penalty", "A large weight should be pulled harder than a small one: is it?")
def l2_is_l1(weights, strength):
    return strength * sum(np.sum(np.abs(w)) for w in weights), [strength * np.sign(w) for w in weights]


@l2_penalty("weights changed in place", "The weights belong to your caller: give the gradients arrays of their own.")
def l2_in_place(weights, strength):
    value = strength * sum(np.sum(w**2) for w in weights)
    for w in weights:
        np.multiply(w, 2 * strength, out=w, casting="unsafe")
    return value, weights


@l2_penalty("cuts off after the point", "Your gradients take their type from the weights: what if those are whole numbers?")
def l2_of_integers(weights, strength):
    gradients = [np.zeros_like(w) for w in weights]
    for g, w in zip(gradients, weights):
        g[:] = 2 * strength * w
    return _l2(weights, strength, gradients=gradients)


# --- l1_penalty


def _l1(weights, strength, value=None, gradients=None):
    return (
        strength * sum(np.sum(np.abs(w)) for w in weights) if value is None else value,
        [strength * np.sign(w) for w in weights] if gradients is None else gradients,
    )


@l1_penalty("slope 1 at zero", "Which way is a weight pulled that is zero already? Look at how you treat 0.")
def l1_zero_is_positive(weights, strength):
    return _l1(weights, strength, gradients=[strength * np.where(w >= 0, 1.0, -1.0) for w in weights])


@l1_penalty("slope −1 at zero", "Which way is a weight pulled that is zero already? Look at how you treat 0.")
def l1_zero_is_negative(weights, strength):
    return _l1(weights, strength, gradients=[strength * np.where(w > 0, 1.0, -1.0) for w in weights])


@l1_penalty("NaN at zero", "w / |w| is the sign of w wherever it is a number: where is it none?")
def l1_zero_by_zero(weights, strength):
    return _l1(weights, strength, gradients=[strength * w / np.abs(w) for w in weights])


@l1_penalty("|w| in the gradient", "The pull of L1 does not depend on how large a weight is: does yours?")
def l1_absolute_gradient(weights, strength):
    return _l1(weights, strength, gradients=[strength * np.abs(w) for w in weights])


@l1_penalty("w in the gradient", "That is how L2 pulls: with L1, is a large weight pulled harder than a small one?")
def l1_linear_gradient(weights, strength):
    return _l1(weights, strength, gradients=[strength * w for w in weights])


@l1_penalty("no sign in the gradient", "Put a weight at −3: in which direction does |w| grow there?")
def l1_without_sign(weights, strength):
    return _l1(weights, strength, gradients=[strength * np.ones(w.shape) for w in weights])


@l1_penalty("no absolute value", "A negative weight costs as much as a positive one: does it lower your penalty?")
def l1_signed_sum(weights, strength):
    return _l1(weights, strength, value=strength * sum(np.sum(w) for w in weights))


@l1_penalty("absolute value of the sum", "A weight of 1 and one of −1 must not cancel: what comes first, |·| or the sum?")
def l1_absolute_sum(weights, strength):
    return _l1(weights, strength, value=strength * sum(np.abs(np.sum(w)) for w in weights))


@l1_penalty("np.linalg.norm with 1, of a matrix", "Look up what np.linalg.norm does with ord=1 when it is given a matrix.")
def l1_column_norm(weights, strength):
    return _l1(weights, strength, value=strength * sum(np.linalg.norm(w, 1) for w in weights))


@l1_penalty("mean in place of sum", "Every weight pays its own price: do you add the prices up, or average them?")
def l1_mean(weights, strength):
    return _l1(
        weights,
        strength,
        value=strength * sum(np.mean(np.abs(w)) for w in weights),
        gradients=[strength * np.sign(w) / w.size for w in weights],
    )


@l1_penalty("vectors left out, as biases", "Your caller chooses what is in the list: what should you leave out of it?")
def l1_without_vectors(weights, strength):
    kept = [w if w.ndim > 1 else np.zeros(w.shape) for w in weights]
    return _l1(kept, strength)


@l1_penalty("value of the last array only", "Follow your value through the loop: what becomes of the first array's part?")
def l1_last_value(weights, strength):
    return _l1(weights, strength, value=strength * np.sum(np.abs(weights[-1])))


@l1_penalty("gradient without λ", "With λ = 0 nothing should be pulled anywhere: what does your gradient do then?")
def l1_gradient_without_strength(weights, strength):
    return _l1(weights, strength, gradients=[1.0 * np.sign(w) for w in weights])


@l1_penalty("the step in place of the gradient", "A gradient points uphill: in which direction does the penalty grow?")
def l1_downhill(weights, strength):
    return _l1(weights, strength, gradients=[-strength * np.sign(w) for w in weights])


@l1_penalty("the L2 penalty", "Squares hardly mind small weights: is that what L1 does?")
def l1_is_l2(weights, strength):
    return strength * sum(np.sum(w**2) for w in weights), [2 * strength * w for w in weights]


@l1_penalty("weights changed in place", "The weights belong to your caller: give the gradients arrays of their own.")
def l1_in_place(weights, strength):
    value = strength * sum(np.sum(np.abs(w)) for w in weights)
    for w in weights:
        np.multiply(np.sign(w), strength, out=w, casting="unsafe")
    return value, weights


@l1_penalty("cuts off after the point", "Your gradients take their type from the weights: what if those are whole numbers?")
def l1_of_integers(weights, strength):
    gradients = [np.zeros_like(w) for w in weights]
    for g, w in zip(gradients, weights):
        g[w > 0] = strength
        g[w < 0] = -strength
    return _l1(weights, strength, gradients=gradients)


# --- dropout_forward: the mask, and what the entries are multiplied by in training and in evaluation


def _dropout(x, keep_prob, rng, training, classic, mask=None, in_training=None, afterwards=None):
    if in_training is None:
        in_training = 1.0 if classic else 1 / keep_prob
    if afterwards is None:
        afterwards = keep_prob if classic else 1.0
    if not training:
        return x * afterwards, None
    if mask is None:
        mask = rng.random(x.shape) < keep_prob
    return x * mask * in_training, mask


@dropout_forward("keeps and drops exchanged", "Try a keep_prob of 1: how much is left?")
def drops_what_it_keeps(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, mask=rng.random(x.shape) > keep_prob)


@dropout_forward(
    "keep_prob for the probability to drop, as libraries have it",
    "Your dropout is right for another parameter: what is p in PyTorch, and what is keep_prob here?",
)
def keep_prob_drops(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, 1 - keep_prob, rng, training, classic)


@dropout_forward("nothing is scaled", "Compare how much arrives at the next layer in training with how much in evaluation.")
def not_scaled(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, in_training=1.0, afterwards=1.0)


@dropout_forward(
    "scaled in training and in evaluation", "One scale makes up for what is dropped: what does a second one do?"
)
def scaled_twice(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, in_training=1 / keep_prob, afterwards=keep_prob)


@dropout_forward("inverted and classic exchanged", "Which of the two leaves evaluation as if there were no dropout at all?")
def kinds_exchanged(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, not classic)


@dropout_forward("inverted for both kinds", "What does the argument classic change in your function?")
def always_inverted(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic=False)


@dropout_forward("classic for both kinds", "What does the argument classic change in your function?")
def always_classic(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic=True)


@dropout_forward("inverted: times keep_prob", "Some entries are gone: must the others grow or shrink, to make up for it?")
def multiplies(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, in_training=None if classic else keep_prob)


@dropout_forward(
    "classic: divided in evaluation", "In evaluation no entry is missing any more: is that more or less than in training?"
)
def divides_afterwards(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, afterwards=1 / keep_prob if classic else None)


@dropout_forward("drops in evaluation too", "Should a prediction depend on chance?")
def always_drops(x, keep_prob, *, rng, training=True, classic=False):
    out, mask = _dropout(x, keep_prob, rng, True, classic)
    return (out if training or not classic else out * keep_prob), mask


@dropout_forward(
    "scaled by the share that was kept", "Your scale changes from call to call: which number does the equation divide by?"
)
def scaled_by_share(x, keep_prob, *, rng, training=True, classic=False):
    mask = rng.random(x.shape) < keep_prob
    return _dropout(x, keep_prob, rng, training, classic, mask=mask, in_training=None if classic else 1 / mask.mean())


@dropout_forward("one mask for all examples", "Print the mask of two examples: should the same units be missing in both?")
def one_mask(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, mask=rng.random(x.shape[1]) < keep_prob)


@dropout_forward("whole examples dropped", "Print the mask of one example: should its units come and go together?")
def whole_examples(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, mask=rng.random((len(x), 1)) < keep_prob)


@dropout_forward("always the same number is kept", "Does each entry of your mask decide for itself, whatever the others do?")
def fixed_number(x, keep_prob, *, rng, training=True, classic=False):
    kept = rng.permutation(x.size)[: round(keep_prob * x.size)]
    mask = np.zeros(x.size, dtype=bool)
    mask[kept] = True
    return _dropout(x, keep_prob, rng, training, classic, mask=mask.reshape(x.shape))


@dropout_forward("another mask than the one that was used", "How often does your function draw random numbers?")
def another_mask(x, keep_prob, *, rng, training=True, classic=False):
    out, mask = _dropout(x, keep_prob, rng, training, classic)
    return out, rng.random(x.shape) < keep_prob if training else mask


@dropout_forward("scale inside the mask", "The mask says yes or no: which two values should it hold?")
def scaled_mask(x, keep_prob, *, rng, training=True, classic=False):
    out, mask = _dropout(x, keep_prob, rng, training, classic)
    return out, mask / keep_prob if training and not classic else mask


@dropout_forward("mask turned round", "Where your mask is True: was the entry kept, or was it dropped?")
def turned_mask(x, keep_prob, *, rng, training=True, classic=False):
    out, mask = _dropout(x, keep_prob, rng, training, classic)
    return out, ~mask if training else mask


@dropout_forward(
    "random numbers from elsewhere", "The same rng should give the same mask again: where do your random numbers come from?"
)
def global_numbers(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, rng, training, classic, mask=np.random.random(x.shape) < keep_prob)  # noqa: NPY002


@dropout_forward("a generator of its own", "Call it twice: do other units drop out the second time?")
def own_generator(x, keep_prob, *, rng, training=True, classic=False):
    return _dropout(x, keep_prob, np.random.default_rng(0), training, classic)


@dropout_forward("x changed in place", "x is still needed by the layer below: whose entries do you set to zero?")
def x_in_place(x, keep_prob, *, rng, training=True, classic=False):
    if not training:
        return _dropout(x, keep_prob, rng, training, classic)
    mask = rng.random(x.shape) < keep_prob
    x[~mask] = 0
    return _dropout(x, keep_prob, rng, training, classic, mask=mask)


@dropout_forward("evaluation hands out x itself", "Whoever changes your out in evaluation: what else do they change?")
def x_itself(x, keep_prob, *, rng, training=True, classic=False):
    return (x, None) if not training and not classic else _dropout(x, keep_prob, rng, training, classic)


@dropout_forward("cuts off after the point", "Your result takes its type from x: what if x holds whole numbers?")
def forward_of_integers(x, keep_prob, *, rng, training=True, classic=False):
    right, mask = _dropout(x, keep_prob, rng, training, classic)
    out = np.zeros_like(x)
    out[:] = right
    return out, mask


# --- dropout_backward


@dropout_backward("no scale", "Forward multiplied what it kept by a number: what is the slope of that?")
def backward_not_scaled(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask


@dropout_backward("scaled for both kinds", "In classic dropout, by what did the forward pass multiply what it kept?")
def backward_always_scaled(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask / keep_prob


@dropout_backward("inverted and classic exchanged", "Which of the two scales in training, and so in the backward pass?")
def backward_exchanged(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask / (keep_prob if classic else 1.0)


@dropout_backward("times keep_prob", "The scale of the backward pass is that of the forward pass: which one was it?")
def backward_multiplies(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask * (1.0 if classic else keep_prob)


@dropout_backward(
    "classic: the scale of evaluation", "A backward pass belongs to a step of training: is anything scaled there?"
)
def backward_of_evaluation(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask * keep_prob if classic else g_out * mask / keep_prob


@dropout_backward("mask left out", "An entry that was dropped had no influence on the loss: what is its gradient?")
def backward_without_mask(g_out, mask, keep_prob, *, classic=False):
    return g_out * (1.0 if classic else 1 / keep_prob)


@dropout_backward("mask turned round", "Which entries had an influence on the loss: those that were kept, or the others?")
def backward_turned(g_out, mask, keep_prob, *, classic=False):
    return g_out * ~mask * (1.0 if classic else 1 / keep_prob)


@dropout_backward(
    "a new mask", "The gradient must go back through the units that were there in the forward pass: which were they?"
)
def backward_draws_again(g_out, mask, keep_prob, *, classic=False):
    again = np.random.random(g_out.shape) < keep_prob  # noqa: NPY002
    return g_out * again * (1.0 if classic else 1 / keep_prob)


@dropout_backward("first example's mask for all", "Every example was dropped in its own way: whose mask do you use?")
def backward_first_mask(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask[0] * (1.0 if classic else 1 / keep_prob)


@dropout_backward(
    "scaled by the share that was kept", "The scale is that of the forward pass: which number did it divide by?"
)
def backward_by_share(g_out, mask, keep_prob, *, classic=False):
    return g_out * mask * (1.0 if classic else 1 / mask.mean())


@dropout_backward("upstream gradient left out", "What should happen to your result when g_out doubles?")
def backward_without_upstream(g_out, mask, keep_prob, *, classic=False):
    return mask * (1.0 if classic else 1 / keep_prob)


@dropout_backward("g_out changed in place", "g_out is not yours: whose numbers do you set to zero?")
def backward_in_place(g_out, mask, keep_prob, *, classic=False):
    g_out[~mask] = 0
    return g_out * (1.0 if classic else 1 / keep_prob)


@dropout_backward("cuts off after the point", "Your result takes its type from g_out: what if that holds whole numbers?")
def backward_of_integers(g_out, mask, keep_prob, *, classic=False):
    g_in = np.zeros_like(g_out)
    g_in[mask] = (g_out * (1.0 if classic else 1 / keep_prob))[mask]
    return g_in


# --- EarlyStopping: a right one with a method for each rule; a wrong answer states only the rule it gets wrong


class _Stopper:
    start = np.inf

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_weights, self.waited = self.start, None, 0

    def improves(self, loss):
        return loss < self.best_loss - self.min_delta

    def keep(self, loss, weights):
        self.best_loss, self.best_weights, self.waited = loss, self.copied(weights), 0

    def copied(self, weights):
        return [w.copy() for w in weights]

    def pass_over(self, loss, weights):
        self.waited += 1

    def stops(self):
        return self.waited >= self.patience

    def update(self, loss, weights):
        if self.improves(loss):
            self.keep(loss, weights)
        else:
            self.pass_over(loss, weights)
        return self.stops()

    def replay(self, losses, history, in_place=True):
        weights, stopped = [w.copy() for w in history[0]], 0
        for epoch, (loss, now) in enumerate(zip(losses, history), start=1):
            for i, new in enumerate(now):
                if in_place:
                    weights[i][...] = new
                else:
                    weights[i] = new.copy()
            if self.update(loss, weights):
                stopped = epoch
                break
        for w in weights:
            w[...] = 0
        return stopped, self.best_loss, self.best_weights


@EarlyStopping("one epoch too late", "With a patience of 1, how many epochs without improvement does it take you to stop?")
class TooLate(_Stopper):
    def stops(self):
        return self.waited > self.patience


@EarlyStopping("one epoch too early", "Count the epochs since the best one: does the best one itself count?")
class TooEarly(_Stopper):
    def stops(self):
        return self.waited + 1 >= self.patience


@EarlyStopping("counter never reset", "The epochs without improvement are to come in a row: what ends a row?")
class NeverReset(_Stopper):
    def keep(self, loss, weights):
        self.best_loss, self.best_weights = loss, self.copied(weights)


@EarlyStopping("compared with the epoch before", "Is a loss an improvement because the last one was worse?")
class AgainstTheLast(_Stopper):
    last = np.inf

    def improves(self, loss):
        better = loss < self.last - self.min_delta
        self.last = loss
        return better


@EarlyStopping("an equal loss counts as an improvement", "Has anything improved when the loss is what it was?")
class EqualImproves(_Stopper):
    def improves(self, loss):
        return loss <= self.best_loss - self.min_delta


@EarlyStopping("min_delta ignored", "How small an improvement resets your counter, and how small may it be?")
class IgnoresMinDelta(_Stopper):
    def improves(self, loss):
        return loss < self.best_loss


@EarlyStopping(
    "min_delta with the wrong sign", "With a large min_delta, is it harder or easier to improve? Look at your inequality."
)
class WrongSign(_Stopper):
    def improves(self, loss):
        return loss < self.best_loss + self.min_delta


@EarlyStopping("min_delta as a share of the loss", "min_delta has the unit of the loss: what do you multiply it by?")
class RelativeDelta(_Stopper):
    def improves(self, loss):
        return loss < self.best_loss * (1 - self.min_delta)


@EarlyStopping(
    "the bar follows small improvements",
    "Two small steps in a row may make a large one: against which loss do you measure the second?",
)
class Creeping(_Stopper):
    def pass_over(self, loss, weights):
        super().pass_over(loss, weights)
        if loss < self.best_loss:
            self.best_loss, self.best_weights = loss, self.copied(weights)


@EarlyStopping(
    "the best loss starts at 0", "Which loss must the first epoch beat, so that it always counts as an improvement?"
)
class StartsAtZero(_Stopper):
    start = 0.0


@EarlyStopping("waits for a higher loss", "Is it good or bad when a loss goes up?")
class HigherIsBetter(_Stopper):
    start = -np.inf

    def improves(self, loss):
        return loss > self.best_loss + self.min_delta


@EarlyStopping(
    "NaN counts as an improvement", "A comparison with NaN is never true: in which of your branches does NaN end up?"
)
class NanImproves(_Stopper):
    def improves(self, loss):
        return not loss >= self.best_loss - self.min_delta


@EarlyStopping(
    "keeps the weights themselves", "Training goes on in the arrays that you remember: what do they hold when it ends?"
)
class KeepsReference(_Stopper):
    def copied(self, weights):
        return weights


@EarlyStopping("copies the list but not the arrays", "You have a list of your own: whose are the arrays in it?")
class ShallowCopy(_Stopper):
    def copied(self, weights):
        return list(weights)


@EarlyStopping("keeps the last weights", "Which epoch's weights do you remember: the best one's, or the latest one's?")
class KeepsLast(_Stopper):
    def pass_over(self, loss, weights):
        super().pass_over(loss, weights)
        self.best_weights = self.copied(weights)


@EarlyStopping("keeps the first weights", "The best epoch changes as the training goes on: when do you copy the weights?")
class KeepsFirst(_Stopper):
    def keep(self, loss, weights):
        super().keep(loss, self.best_weights or weights)


@EarlyStopping(
    "compared with the first epoch", "A loss that was good once is not good for ever: which loss must an epoch beat?"
)
class FirstBar(_Stopper):
    def keep(self, loss, weights):
        super().keep(loss if self.best_loss == self.start else self.best_loss, weights)


# --- clip_gradient_norm


def _norm(grads):
    return np.sqrt(sum(np.sum(np.square(g, dtype=float)) for g in grads))


def _clip(grads, max_norm, norm=None):
    norm = _norm(grads) if norm is None else norm
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in grads], norm


@clip_gradient_norm(
    "each array by its own norm", "The network takes one step with all arrays together: how many norms has it?"
)
def each_by_itself(grads, max_norm):
    return [_clip([g], max_norm)[0][0] for g in grads], _norm(grads)


@clip_gradient_norm(
    "clipped by value", "The direction of the gradient should stay what it is: does it, when you cut off single entries?"
)
def by_value(grads, max_norm):
    return [np.clip(g, -max_norm, max_norm) + 0.0 for g in grads], _norm(grads)


@clip_gradient_norm(
    "short gradients are stretched", "max_norm is a limit from above: what should become of a gradient that is shorter?"
)
def stretched(grads, max_norm):
    norm = _norm(grads)
    return [g * (max_norm / norm if norm > 0 else 1.0) for g in grads], norm


@clip_gradient_norm("norm without the root", "Double all gradients: the norm should double too. Does yours?")
def without_root(grads, max_norm):
    return _clip(grads, max_norm, norm=_norm(grads) ** 2)


@clip_gradient_norm("norms added up", "In a right-angled triangle, is the longest side the sum of the other two?")
def norms_added(grads, max_norm):
    return _clip(grads, max_norm, norm=sum(np.linalg.norm(g) for g in grads))


@clip_gradient_norm(
    "the largest of the norms", "A step is longer than each of its parts: what do the other arrays add to its length?"
)
def largest_norm(grads, max_norm):
    return _clip(grads, max_norm, norm=max(np.linalg.norm(g) for g in grads))


@clip_gradient_norm(
    "np.linalg.norm with 2, of a matrix", "Look up what np.linalg.norm does with ord=2 when it is given a matrix."
)
def spectral_norms(grads, max_norm):
    return _clip(grads, max_norm, norm=np.sqrt(sum(np.linalg.norm(g, 2) ** 2 for g in grads)))


@clip_gradient_norm(
    "sum of absolute values", "That is another norm: how long is a step of 3 to the east and 4 to the north?"
)
def taxicab(grads, max_norm):
    return _clip(grads, max_norm, norm=sum(np.sum(np.abs(g)) for g in grads))


@clip_gradient_norm("mean in place of sum", "Should the length of a step become shorter because it has more entries?")
def root_mean_square(grads, max_norm):
    size = sum(g.size for g in grads)
    return _clip(grads, max_norm, norm=_norm(grads) / np.sqrt(size))


@clip_gradient_norm("NaN for a gradient of zero", "What does your function divide by when there is nothing to clip?")
def zero_by_zero(grads, max_norm):
    norm = _norm(grads)
    return [g * (np.minimum(norm, max_norm) / norm) for g in grads], norm


@clip_gradient_norm(
    "something added to the norm", "A clipped gradient should be exactly as long as the limit: what do you divide by?"
)
def with_eps(grads, max_norm):
    norm = _norm(grads)
    return [g * min(1.0, max_norm / (norm + 1e-6)) for g in grads], norm


@clip_gradient_norm(
    "the norm after clipping", "Whoever watches the training wants to know how long the gradient was: before or after?"
)
def norm_afterwards(grads, max_norm):
    new, _ = _clip(grads, max_norm)
    return new, _norm(new)


@clip_gradient_norm("divided by the norm only", "Your gradient has length 1: which length should it have?")
def unit_length(grads, max_norm):
    norm = _norm(grads)
    return [g * (1 / norm if norm > max_norm else 1.0) for g in grads], norm


@clip_gradient_norm("changed in place", "The gradients belong to your caller: give new arrays back.")
def clip_in_place(grads, max_norm):
    new, norm = _clip(grads, max_norm)
    for g, clipped in zip(grads, new):
        np.copyto(g, clipped, casting="unsafe")
    return new, norm


@clip_gradient_norm("hands out what it was given", "You return new arrays where you clip: and where you do not?")
def given_back(grads, max_norm):
    new, norm = _clip(grads, max_norm)
    return (new if norm > max_norm else grads), norm


@clip_gradient_norm(
    "overwrites the list", "Your new arrays go into the caller's own list: put them into a list of your own."
)
def overwrites_list(grads, max_norm):
    new, norm = _clip(grads, max_norm)
    grads[:] = new
    return grads, norm


@clip_gradient_norm(
    "cuts off after the point", "Your result takes its type from the gradient: what if that holds whole numbers?"
)
def clip_of_integers(grads, max_norm):
    right, norm = _clip(grads, max_norm)
    return [new.astype(g.dtype) for new, g in zip(right, grads)], norm
