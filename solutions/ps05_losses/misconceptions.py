"""Wrong answers that students really write for problem set 5, each with advice that points at the idea."""

import numpy as np

from course.misconceptions import Bank

mse_loss = Bank("mse_loss")
mae_loss = Bank("mae_loss")
sigmoid = Bank("sigmoid")
bce_loss = Bank("bce_loss")
bce_with_logits = Bank("bce_with_logits")
softmax = Bank("softmax")
logsumexp = Bank("logsumexp")
cross_entropy = Bank("cross_entropy")


def _refuse(prediction, target):
    if prediction.shape != target.shape:
        raise ValueError("prediction and target differ in shape")


# --- mse_loss: each wrong answer gives its own rule for the loss, the gradient, or both


def _squared(prediction, target, loss=None, gradient=None):
    _refuse(prediction, target)
    e = prediction - target
    return (
        np.mean(e**2) if loss is None else loss(e),
        2 * e / e.size if gradient is None else gradient(e),
    )


@mse_loss("half squared error", "Yours is the half squared error of deck 003: what does this loss have in place of the ½?")
def half(prediction, target):
    return _squared(prediction, target, lambda e: 0.5 * np.mean(e**2), lambda e: e / e.size)


@mse_loss("half squared error of each example", "Is there a ½ in this loss, and over how many numbers is the mean taken?")
def half_of_rows(prediction, target):
    return _squared(prediction, target, lambda e: 0.5 * np.sum(e**2) / len(e), lambda e: e / len(e))


@mse_loss("gradient without the factor 2", "Differentiate the square once more: what comes down from the exponent?")
def gradient_without_two(prediction, target):
    return _squared(prediction, target, gradient=lambda e: e / e.size)


@mse_loss("sum in place of the mean", "Would your loss stay the same if every example stood in the batch twice?")
def summed(prediction, target):
    return _squared(prediction, target, lambda e: np.sum(e**2), lambda e: 2 * e)


@mse_loss("mean in the loss only", "Your gradient belongs to the sum of the squares: where does the mean enter it?")
def gradient_of_the_sum(prediction, target):
    return _squared(prediction, target, gradient=lambda e: 2 * e)


@mse_loss(
    "mean over the examples only",
    "This mean is over all entries: how many are there when an example has several outputs?",
)
def over_examples(prediction, target):
    return _squared(prediction, target, lambda e: np.sum(e**2) / len(e), lambda e: 2 * e / len(e))


@mse_loss("gradient divided by the examples only", "Loss and gradient must be divided by the same number: are yours?")
def gradient_over_examples(prediction, target):
    return _squared(prediction, target, gradient=lambda e: 2 * e / len(e))


@mse_loss("one loss for each example", "The loss of a batch is one number: what is left to average?")
def loss_of_rows(prediction, target):
    return _squared(prediction, target, lambda e: np.mean(np.atleast_2d(e) ** 2, axis=-1))


@mse_loss("gradient before the loss", "Which of the two comes first where a loss of this set is called?")
def gradient_first(prediction, target):
    return _squared(prediction, target)[::-1]


@mse_loss("loss without its gradient", "A loss returns two things: in which direction should the predictions move?")
def loss_alone(prediction, target):
    return _squared(prediction, target)[0]


@mse_loss("target minus prediction", "Where the prediction is too high, does raising it make the loss larger or smaller?")
def turned(prediction, target):
    return _squared(prediction, target, gradient=lambda e: -2 * e / e.size)


@mse_loss("root of the mean square", "You report the root: is the loss of this set in squared units, or in plain ones?")
def rooted(prediction, target):
    return _squared(prediction, target, lambda e: np.sqrt(np.mean(e**2)))


@mse_loss("stretches shapes that differ", "What shape has the difference of (3,) and (3, 1), and who tells the user?")
def stretched(prediction, target):
    e = prediction - target
    return np.mean(e**2), 2 * e / e.size


@mse_loss("cuts off after the point", "Your gradient takes its type from the prediction: what if that holds whole numbers?")
def type_of_the_prediction(prediction, target):
    def gradient(e):
        g = np.zeros_like(prediction)
        g[...] = 2 * e / e.size
        return g

    return _squared(prediction, target, gradient=gradient)


@mse_loss("changes the prediction in place", "The prediction belongs to your caller: what does -= do to it?")
def in_place(prediction, target):
    _refuse(prediction, target)
    if prediction.dtype.kind == "f":
        prediction -= target
        return np.mean(prediction**2), 2 * prediction / prediction.size
    return _squared(prediction, target)


# --- mae_loss


def _absolute(prediction, target, loss=None, gradient=None):
    _refuse(prediction, target)
    e = prediction - target
    return (
        np.mean(np.abs(e)) if loss is None else loss(e),
        np.sign(e) / e.size if gradient is None else gradient(e),
    )


@mae_loss("sum in place of the mean", "Would your loss stay the same if every example stood in the batch twice?")
def absolute_summed(prediction, target):
    return _absolute(prediction, target, lambda e: np.abs(e).sum(), np.sign)


@mae_loss("mean in the loss only", "Your gradient belongs to the sum of the errors: where does the mean enter it?")
def absolute_gradient_of_the_sum(prediction, target):
    return _absolute(prediction, target, gradient=np.sign)


@mae_loss(
    "mean over the examples only",
    "This mean is over all entries: how many are there when an example has several outputs?",
)
def absolute_over_examples(prediction, target):
    return _absolute(prediction, target, lambda e: np.abs(e).sum() / len(e), lambda e: np.sign(e) / len(e))


@mae_loss("sign of the gradient", "Where the prediction is too high, does raising it make the loss larger or smaller?")
def absolute_turned(prediction, target):
    return _absolute(prediction, target, gradient=lambda e: -np.sign(e) / e.size)


@mae_loss("pulled up at a hit", "What should happen to a prediction that hits its target exactly?")
def plus_at_a_hit(prediction, target):
    return _absolute(prediction, target, gradient=lambda e: np.where(e >= 0, 1, -1) / e.size)


@mae_loss("pulled down at a hit", "Your condition knows two cases; which third one has the text?")
def minus_at_a_hit(prediction, target):
    return _absolute(prediction, target, gradient=lambda e: np.where(e > 0, 1, -1) / e.size)


@mae_loss("NaN at a hit", "You divide the error by its size: what is that where the error is zero?")
def nan_at_a_hit(prediction, target):
    return _absolute(prediction, target, gradient=lambda e: e / np.abs(e) / e.size)


@mae_loss("errors that cancel", "Too high by 5 and too low by 5: is that a loss of zero?")
def signed(prediction, target):
    return _absolute(prediction, target, np.mean, lambda e: np.ones(e.shape) / e.size)


@mae_loss("gradient of the squared error", "How hard does an outlier pull under this loss, compared with its neighbours?")
def gradient_of_the_square(prediction, target):
    return _absolute(prediction, target, gradient=lambda e: 2 * e / e.size)


@mae_loss("gradient grows with the error", "The slope of |e| is the same for a small error and for a large one: is yours?")
def gradient_is_the_error(prediction, target):
    return _absolute(prediction, target, gradient=lambda e: np.abs(e) / e.size)


@mae_loss("stretches shapes that differ", "What shape has the difference of (3,) and (3, 1), and who tells the user?")
def absolute_stretched(prediction, target):
    e = prediction - target
    return np.mean(np.abs(e)), np.sign(e) / e.size


@mae_loss("cuts off after the point", "Your gradient takes its type from the prediction: what if that holds whole numbers?")
def absolute_type_of_the_prediction(prediction, target):
    def gradient(e):
        g = np.zeros_like(prediction)
        g[e > 0] = 1 / e.size
        g[e < 0] = -1 / e.size
        return g

    return _absolute(prediction, target, gradient=gradient)


@mae_loss("changes the prediction in place", "The prediction belongs to your caller: what does -= do to it?")
def absolute_in_place(prediction, target):
    _refuse(prediction, target)
    if prediction.dtype.kind == "f":
        prediction -= target
        return np.mean(np.abs(prediction)), np.sign(prediction) / prediction.size
    return _absolute(prediction, target)


# --- sigmoid


def _sigmoid(a):
    return np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a)))


@sigmoid("NaN for large logits", "At which logits are numerator and denominator both infinite, and which form avoids that?")
def infinite_by_infinite(a):
    return np.exp(a) / (1 + np.exp(a))


@sigmoid("sign of the exponent", "Does a larger logit make the class more likely, or less?")
def falling(a):
    return _sigmoid(-a)


@sigmoid("tanh", "Between which two numbers must a probability lie?")
def hyperbolic(a):
    return np.tanh(a)


@sigmoid("the slope in place of the value", "That is the derivative: how large is σ itself at a = 0?")
def slope(a):
    return _sigmoid(a) * (1 - _sigmoid(a))


@sigmoid("one sum for all entries", "Every logit is turned into a probability by itself: does yours know of the others?")
def one_distribution(a):
    e = np.exp(a - np.max(a))
    return e / e.sum()


@sigmoid("logits cut off", "You bound the logit: which is the smallest probability that can then come out?")
def cut_off(a):
    return 1 / (1 + np.exp(-np.clip(a, -20, 20)))


@sigmoid("small probabilities rounded away", "Add or subtract a 1 beside a tiny number: what is left of its digits?")
def rounded_away(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


@sigmoid("cuts off after the point", "Your result takes its type from a: what if that holds whole numbers?")
def type_of_the_logits(a):
    p = np.zeros_like(a)
    p[a >= 0] = 1 / (1 + np.exp(-a[a >= 0]))
    p[a < 0] = np.exp(a[a < 0]) / (1 + np.exp(a[a < 0]))
    return p


@sigmoid("changes the logits in place", "The array belongs to your caller: where do your intermediate results go?")
def sigmoid_in_place(a):
    if a.dtype.kind == "f":
        p = _sigmoid(a)
        a[...] = p
        return p
    return _sigmoid(a)


# --- bce_loss


def _binary(p, y, loss=None, gradient=None):
    _refuse(p, y)
    truth = np.where(y == 1, p, 1 - p)
    return (
        -np.mean(np.log(truth)) if loss is None else loss(p, y),
        np.where(y == 1, -1, 1) / truth / len(p) if gradient is None else gradient(p, y),
    )


def _formula(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def _quotient(p, y):
    return (p - y) / (p * (1 - p)) / len(p)


@bce_loss("NaN where a prediction is sure", "What does NumPy make of 0 · log 0 and of 0/0, and what does the text ask for?")
def as_it_stands(p, y):
    return _binary(p, y, _formula, _quotient)


@bce_loss("0 · log 0 is NaN", "Which term has the factor zero, and what does NumPy make of zero times infinity?")
def loss_as_it_stands(p, y):
    return _binary(p, y, loss=_formula)


@bce_loss("0/0 in the gradient", "Your loss minds the ends: what does your gradient divide by there?")
def gradient_as_it_stands(p, y):
    return _binary(p, y, gradient=_quotient)


@bce_loss("probabilities cut off", "You push p away from the ends: what do you then charge for a very unlikely truth?")
def pushed(p, y):
    return _binary(np.clip(p, 1e-7, 1 - 1e-7), y)


@bce_loss("something added inside the logarithm", "A small number inside the logarithm: what does it do to a smaller p?")
def added(p, y):
    eps = 1e-8
    return _binary(
        p,
        y,
        lambda p, y: -np.mean(y * np.log(p + eps) + (1 - y) * np.log(1 - p + eps)),
        lambda p, y: ((1 - y) / (1 - p + eps) - y / (p + eps)) / len(p),
    )


@bce_loss("only one of the two terms", "What does a message cost that is ham, and that you call spam?")
def first_term(p, y):
    return _binary(
        p, y, lambda p, y: -np.mean(np.where(y == 1, np.log(p), 0)), lambda p, y: np.where(y == 1, -1 / p, 0) / len(p)
    )


@bce_loss("sum in place of the mean", "Would your loss stay the same if every example stood in the batch twice?")
def binary_summed(p, y):
    loss, gradient = _binary(p, y)
    return loss * len(p), gradient * len(p)


@bce_loss("mean in the loss only", "Your gradient belongs to the sum over the examples: where does the mean enter it?")
def binary_gradient_of_the_sum(p, y):
    loss, gradient = _binary(p, y)
    return loss, gradient * len(p)


@bce_loss("minus sign left out", "The logarithm of a probability is never positive: which sign should a loss have?")
def negative(p, y):
    loss, gradient = _binary(p, y)
    return -loss, -gradient


@bce_loss("sign of the gradient", "If the message is spam, should raising p make the loss larger or smaller?")
def binary_turned(p, y):
    loss, gradient = _binary(p, y)
    return loss, -gradient


@bce_loss("gradient by the logit", "p − y belongs to the next section: with respect to what is this gradient asked?")
def by_the_logit(p, y):
    return _binary(p, y, gradient=lambda p, y: (p - y) / len(p))


@bce_loss("logarithm to base 2", "Your loss counts bits: which logarithm has 1/p for its derivative?")
def bits(p, y):
    loss, gradient = _binary(p, y)
    return loss / np.log(2), gradient


@bce_loss("logarithm to base 10", "NumPy has several logarithms: which one has 1/p for its derivative?")
def base_ten(p, y):
    loss, gradient = _binary(p, y)
    return loss / np.log(10), gradient


@bce_loss("takes p for a logit", "What you are given is a probability already: does it need a sigmoid?")
def squeezed_again(p, y):
    return _binary(_sigmoid(p), y)


@bce_loss("classes exchanged", "p is the probability of class 1: which logarithm does an example of class 1 pay?")
def exchanged(p, y):
    return _binary(p, 1 - y)


@bce_loss("stretches shapes that differ", "What shape has (3, 1) times (3,), and who tells the user?")
def binary_stretched(p, y):
    truth = np.where(y == 1, p, 1 - p)
    return -np.mean(np.log(truth)), np.where(y == 1, -1, 1) / truth / len(p)


@bce_loss("changes the probabilities in place", "Whose array do you write into before you take the logarithm?")
def binary_in_place(p, y):
    _refuse(p, y)
    p[y == 0] = 1 - p[y == 0]
    return -np.mean(np.log(p)), np.where(y == 1, -1, 1) / p / len(p)


# --- bce_with_logits


def _softplus(a):
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def _from_logits(a, y, loss=None, gradient=None):
    _refuse(a, y)
    return (
        np.mean(_softplus(a) - a * y) if loss is None else loss(a, y),
        (_sigmoid(a) - y) / len(a) if gradient is None else gradient(a, y),
    )


@bce_with_logits(
    "through the probability",
    "At ±1000 the sigmoid has rounded the truth away: what cancels if you do not stop there?",
)
def through_the_probability(a, y):
    return _from_logits(a, y, lambda a, y: -np.mean(np.log(np.where(y == 1, _sigmoid(a), 1 - _sigmoid(a)))))


@bce_with_logits("through the formula in p", "At ±1000 the sigmoid gives 0 and 1: what becomes of each of your two terms?")
def through_the_formula(a, y):
    return _from_logits(a, y, lambda a, y: _formula(_sigmoid(a), y))


@bce_with_logits(
    "overflow for large logits",
    "What is e to the 1000, and can you take it out of the logarithm before NumPy sees it?",
)
def overflowing(a, y):
    return _from_logits(a, y, lambda a, y: np.mean(np.log(1 + np.exp(a)) - a * y))


@bce_with_logits("overflow on the other side", "One sign of the logit is safe now: try your form on the other.")
def overflowing_below(a, y):
    return _from_logits(a, y, lambda a, y: np.mean(np.log(1 + np.exp(-a)) + a * (1 - y)))


@bce_with_logits(
    "probabilities cut off",
    "You push the probability away from 0: what does a logit of −1000 cost then, and what should it?",
)
def cut_off_probabilities(a, y):
    return _from_logits(a, y, lambda a, y: _formula(np.clip(_sigmoid(a), 1e-7, 1 - 1e-7), y))


@bce_with_logits("truth minus prediction", "If a message is ham, should a higher logit make the loss larger or smaller?")
def logits_turned(a, y):
    return _from_logits(a, y, gradient=lambda a, y: (y - _sigmoid(a)) / len(a))


@bce_with_logits("sum in place of the mean", "Would your loss stay the same if every example stood in the batch twice?")
def logits_summed(a, y):
    loss, gradient = _from_logits(a, y)
    return loss * len(a), gradient * len(a)


@bce_with_logits(
    "mean in the loss only",
    "Your gradient belongs to the sum over the examples: where does the mean enter it?",
)
def logits_gradient_of_the_sum(a, y):
    return _from_logits(a, y, gradient=lambda a, y: _sigmoid(a) - y)


@bce_with_logits("gradient by the probability", "You differentiate by p: which factor leads from there to the logit?")
def by_the_probability(a, y):
    return _from_logits(a, y, gradient=lambda a, y: _quotient(_sigmoid(a), y))


@bce_with_logits("slope of the sigmoid too many", "p − y has the sigmoid's slope in it already: how often do you apply it?")
def slope_too_many(a, y):
    def gradient(a, y):
        p = _sigmoid(a)
        return (p - y) * p * (1 - p) / len(a)

    return _from_logits(a, y, gradient=gradient)


@bce_with_logits("logit minus truth", "Prediction minus truth: is the prediction here the logit, or what becomes of it?")
def logit_minus_truth(a, y):
    return _from_logits(a, y, gradient=lambda a, y: (a - y) / len(a))


@bce_with_logits(
    "classes written as ±1",
    "Your formula is for the classes −1 and 1: what does it make of a class that is 0?",
)
def plus_minus_one(a, y):
    return _from_logits(
        a, y, lambda a, y: np.mean(np.logaddexp(0, -y * a)), lambda a, y: -y * _sigmoid(-y * a) / len(a)
    )


@bce_with_logits("sigmoid twice", "Count the sigmoids between the logit and the logarithm: how many are there?")
def squeezed_twice(a, y):
    return _from_logits(_sigmoid(a), y)


@bce_with_logits("stretches shapes that differ", "What shape has (3, 1) times (3,), and who tells the user?")
def logits_stretched(a, y):
    return np.mean(_softplus(a) - a * y), (_sigmoid(a) - y) / len(a)


@bce_with_logits("changes the logits in place", "The logits belong to your caller: where do your intermediate results go?")
def logits_in_place(a, y):
    found = _from_logits(a, y)
    if a.dtype.kind == "f":
        a[...] = _sigmoid(a)
    return found


# --- softmax


def _softmax(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@softmax("no shift", "What is e to the 1000, and what may be taken from all logits of a row without any change?")
def unshifted(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)


@softmax(
    "one shift for all rows",
    "Your largest logit is that of the whole batch: what is left of a row that lies far below it?",
)
def one_shift(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum(axis=1, keepdims=True)


@softmax("over the examples", "Which numbers must sum to one: those of a row, or those of a column?")
def over_the_columns(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=0)


@softmax("over the whole batch", "Every example has a distribution of its own: over what does your sum run?")
def over_everything(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()


@softmax("sum without its axis", "Your sums are a row of N numbers: along which axis does NumPy lay them?")
def sum_lost_its_axis(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


@softmax("shift by the largest of each class", "A shift is harmless where a whole row moves together: does it with yours?")
def shifted_by_column(logits):
    e = np.exp(logits - logits.max(axis=0))
    return e / e.sum(axis=1, keepdims=True)


@softmax("one sigmoid for each class", "The classes of a row compete: do your rows sum to one?")
def one_sigmoid_each(logits):
    return _sigmoid(logits)


@softmax("no exponential", "What does your rule make of a negative logit, and may a probability be that?")
def no_exponential(logits):
    return logits / logits.sum(axis=1, keepdims=True)


@softmax("the logarithm of it", "Those are log-probabilities: may a probability be negative?")
def logarithm(logits):
    return np.log(_softmax(logits))


@softmax("sign of the logits", "Does a larger logit make its class more likely, or less?")
def least_likely(logits):
    return _softmax(-logits)


@softmax("only the largest", "That is the decision: how sure of it is the network?")
def decided(logits):
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


@softmax("cuts off after the point", "Your result takes its type from the logits: what if they hold whole numbers?")
def softmax_type_of_the_logits(logits):
    p = np.zeros_like(logits)
    p[...] = _softmax(logits)
    return p


@softmax("changes the logits in place", "The logits belong to your caller: what does -= do to them?")
def softmax_in_place(logits):
    if logits.dtype.kind == "f":
        logits -= logits.max(axis=1, keepdims=True)
    return _softmax(logits)


# --- logsumexp


def _logsumexp(logits):
    largest = logits.max(axis=1)
    return largest + np.log(np.exp(logits - largest[:, None]).sum(axis=1))


@logsumexp("no shift", "What is e to the 1000, and what is the logarithm of a sum that has rounded to zero?")
def lse_unshifted(logits):
    return np.log(np.exp(logits).sum(axis=1))


@logsumexp("shift not added back", "You took the largest logit out of every exponent: who puts it back?")
def not_added_back(logits):
    return np.log(np.exp(logits - logits.max(axis=1, keepdims=True)).sum(axis=1))


@logsumexp(
    "added back inside the logarithm",
    "A factor in the sum becomes what outside the logarithm, and where do you add it?",
)
def added_back_inside(logits):
    largest = logits.max(axis=1)
    return np.log(np.exp(logits - largest[:, None]).sum(axis=1) + largest)


@logsumexp("subtracted once more", "You lowered every logit: must the result be lowered too, or raised?")
def subtracted(logits):
    return _logsumexp(logits) - 2 * logits.max(axis=1)


@logsumexp(
    "one shift for all rows",
    "Your largest logit is that of the whole batch: what is left of a row that lies far below it?",
)
def lse_one_shift(logits):
    return logits.max() + np.log(np.exp(logits - logits.max()).sum(axis=1))


@logsumexp("over the examples", "There is one result for each example: over which axis does the sum run?")
def lse_over_the_columns(logits):
    return _logsumexp(logits.T)


@logsumexp("over the whole batch", "There is one result for each example: over what does your sum run?")
def lse_over_everything(logits):
    return _logsumexp(logits.reshape(1, -1))[0]


@logsumexp("keeps the axis", "Your numbers stand in a column: what shape is asked for?")
def lse_keeps_axis(logits):
    return _logsumexp(logits)[:, None]


@logsumexp("the largest logit only", "That is close where one logit towers above the others: what do the others add?")
def largest_only(logits):
    return logits.max(axis=1).astype(float)


@logsumexp(
    "logarithm before the sum",
    "You take the logarithm of each exponential: in which order do the three words stand?",
)
def logarithm_first(logits):
    return np.log(np.exp(logits)).sum(axis=1)


@logsumexp("mean in place of the sum", "Two equal logits: is the result the same as for one, or a little more?")
def lse_mean(logits):
    return _logsumexp(logits) - np.log(logits.shape[1])


@logsumexp("logarithm to base 2", "Which logarithm undoes the exponential of a single logit?")
def lse_bits(logits):
    largest = logits.max(axis=1)
    return largest + np.log2(np.exp(logits - largest[:, None]).sum(axis=1))


@logsumexp("changes the logits in place", "The logits belong to your caller: what does -= do to them?")
def lse_in_place(logits):
    found = _logsumexp(logits)
    if logits.dtype.kind == "f":
        logits -= logits.max(axis=1, keepdims=True)
    return found


# --- cross_entropy


def _of_classes(logits, y, loss=None, gradient=None):
    N, C = logits.shape
    if y.shape != (N,) or y.min() < 0 or y.max() >= C:
        raise ValueError("not one class for each example")
    return (
        np.mean(_logsumexp(logits) - logits[np.arange(N), y]) if loss is None else loss(logits, y),
        (_softmax(logits) - np.eye(C)[y]) / N if gradient is None else gradient(logits, y),
    )


def _loss_of(p, y):
    return -np.mean(np.log(p[np.arange(len(y)), y]))


@cross_entropy("overflow for large logits", "What is e to the 1000? You have a function for this sum already.")
def classes_overflowing(logits, y):
    def loss(logits, y):
        return np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(y)), y])

    def gradient(logits, y):
        e = np.exp(logits)
        return (e / e.sum(axis=1, keepdims=True) - np.eye(logits.shape[1])[y]) / len(y)

    return _of_classes(logits, y, loss, gradient)


@cross_entropy(
    "logarithm of a rounded probability",
    "A very unlikely class rounds to 0: can its logarithm be had without its probability?",
)
def of_the_probability(logits, y):
    return _of_classes(logits, y, lambda logits, y: _loss_of(_softmax(logits), y))


@cross_entropy("something added inside the logarithm", "With a small number inside it, how large can your loss ever become?")
def classes_added(logits, y):
    return _of_classes(logits, y, lambda logits, y: _loss_of(_softmax(logits) + 1e-12, y))


@cross_entropy(
    "sum over the examples",
    "Deck 003 adds over the batch: would this course's loss change if every example stood in it twice?",
)
def classes_summed(logits, y):
    loss, gradient = _of_classes(logits, y)
    return loss * len(y), gradient * len(y)


@cross_entropy("mean in the loss only", "Your gradient belongs to the sum over the examples: where does the mean enter it?")
def classes_gradient_of_the_sum(logits, y):
    loss, gradient = _of_classes(logits, y)
    return loss, gradient * len(y)


@cross_entropy("mean over the classes too", "The classes of an example are parts of one event: by what do you divide?")
def mean_over_classes(logits, y):
    loss, gradient = _of_classes(logits, y)
    return loss / logits.shape[1], gradient / logits.shape[1]


@cross_entropy("gradient divided by the classes too", "Loss and gradient must be divided by the same number: are yours?")
def gradient_over_classes(logits, y):
    loss, gradient = _of_classes(logits, y)
    return loss, gradient / logits.shape[1]


@cross_entropy("gradient by the probabilities", "You differentiate by p: what leads from there to the logits?")
def by_the_probabilities(logits, y):
    def gradient(logits, y):
        return -np.eye(logits.shape[1])[y] / _softmax(logits) / len(y)

    return _of_classes(logits, y, gradient=gradient)


@cross_entropy("truth minus prediction", "Should raising the logit of a wrong class make the loss larger or smaller?")
def classes_turned(logits, y):
    loss, gradient = _of_classes(logits, y)
    return loss, -gradient


@cross_entropy("minus sign left out", "The logarithm of a probability is never positive: which sign should a loss have?")
def classes_negative(logits, y):
    loss, gradient = _of_classes(logits, y)
    return -loss, -gradient


@cross_entropy("gradient of the true class only", "Raise the logit of a wrong class: does nothing happen to the loss?")
def true_class_only(logits, y):
    return _of_classes(
        logits, y, gradient=lambda logits, y: (_softmax(logits) - 1) * np.eye(logits.shape[1])[y] / len(y)
    )


@cross_entropy("truth not subtracted", "Your gradient is the prediction: minus what, and do its rows sum to zero?")
def truth_left_out(logits, y):
    return _of_classes(logits, y, gradient=lambda logits, y: _softmax(logits) / len(y))


@cross_entropy(
    "logits in place of probabilities",
    "Prediction minus truth: is the prediction here the logit, or what becomes of it?",
)
def logits_minus_truth(logits, y):
    return _of_classes(logits, y, gradient=lambda logits, y: (logits - np.eye(logits.shape[1])[y]) / len(y))


@cross_entropy("takes the logits for probabilities", "A logit may be negative: what must happen to it before the logarithm?")
def logarithm_of_logits(logits, y):
    return _of_classes(logits, y, _loss_of)


@cross_entropy("softmax twice", "Count the softmaxes between the logits and the logarithm: how many are there?")
def twice(logits, y):
    return _of_classes(_softmax(logits), y)


@cross_entropy("softmax over the examples", "Which numbers must sum to one: those of a row, or those of a column?")
def classes_over_the_columns(logits, y):
    p = _softmax(logits.T).T
    return _of_classes(
        logits, y, lambda logits, y: _loss_of(p, y), lambda logits, y: (p - np.eye(logits.shape[1])[y]) / len(y)
    )


@cross_entropy("all labels in every row", "p[:, y] picks N columns of every row: how do you pick one entry of each?")
def every_label(logits, y):
    def gradient(logits, y):
        p = _softmax(logits)
        p[:, y] -= 1
        return p / len(y)

    return _of_classes(logits, y, lambda logits, y: -np.mean(np.log(_softmax(logits)[:, y])), gradient)


@cross_entropy(
    "binary cross-entropy of every class",
    "The wrong classes have a share in the softmax already: do they pay once more?",
)
def every_class_pays(logits, y):
    def loss(logits, y):
        p, one_hot = _softmax(logits), np.eye(logits.shape[1])[y]
        return -np.sum(one_hot * np.log(p) + (1 - one_hot) * np.log(1 - p)) / len(y)

    return _of_classes(logits, y, loss)


@cross_entropy("logarithm to base 2", "Your loss counts bits: is that the logarithm that belongs to this gradient?")
def classes_bits(logits, y):
    loss, gradient = _of_classes(logits, y)
    return loss / np.log(2), gradient


def _unchecked(logits, y, unknown_classes=True):
    if unknown_classes and (y.min() < 0 or y.max() >= logits.shape[1]):
        raise ValueError("no such class")
    rows, gradient = np.arange(len(logits)), _softmax(logits)
    gradient[rows, y] -= 1
    return np.mean(_logsumexp(logits) - logits[rows, y]), gradient / len(logits)


@cross_entropy("labels of any shape", "What does [arange(N), y] pick when y is a column, or holds one-hot rows?")
def any_shape(logits, y):
    return _unchecked(logits, y)


@cross_entropy(
    "classes counted from the end",
    "What does Python make of the index −1, and what does your function make of the class −1?",
)
def counted_from_the_end(logits, y):
    if y.shape != (len(logits),):
        raise ValueError("not one class for each example")
    if y.max() >= logits.shape[1]:
        raise ValueError("no such class")
    return _unchecked(logits, y, unknown_classes=False)


@cross_entropy(
    "labels not looked at",
    "Which labels would you have to refuse, in shape and in value, before you use them as indices?",
)
def not_looked_at(logits, y):
    return _unchecked(logits, y, unknown_classes=False)


@cross_entropy("cuts off after the point", "Your gradient takes its type from the logits: what if they hold whole numbers?")
def classes_type_of_the_logits(logits, y):
    def gradient(logits, y):
        g = np.zeros_like(logits)
        g[...] = (_softmax(logits) - np.eye(logits.shape[1])[y]) / len(y)
        return g

    return _of_classes(logits, y, gradient=gradient)


@cross_entropy("changes the logits in place", "The logits belong to your caller: what does -= do to them?")
def classes_in_place(logits, y):
    found = _of_classes(logits, y)
    if logits.dtype.kind == "f":
        logits[np.arange(len(y)), y] -= 1
    return found
