"""Wrong answers that students really write about depth and normalisation, each as the one rule that is wrong in it."""

import numpy as np

from course.misconceptions import Bank

gradient_profile = Bank("gradient_profile")
xavier_init = Bank("xavier_init")
he_init = Bank("he_init")
batch_norm_forward = Bank("batch_norm_forward")
batch_norm_backward = Bank("batch_norm_backward")
layer_norm = Bank("layer_norm")
train_classifier = Bank("train_classifier")


# --- gradient_profile: one sweep, to which each wrong answer gives its own slope, step or measure


def _slope(a, z, kind):
    return 1 - z**2 if kind == "tanh" else (a > 0) * 1.0


def _forward(X, weights, kind, slope=_slope):
    z, zs, slopes = X, [X], []
    for W in weights:
        a = z @ W
        z = np.tanh(a) if kind == "tanh" else np.maximum(a, 0)
        zs.append(z)
        slopes.append(slope(a, z, kind))
    return zs, slopes


def _profile(X, weights, kind, g_out, slope=_slope, base=None, length=np.linalg.norm, back=lambda delta, W: delta @ W.T):
    _, slopes = _forward(X, weights, kind, slope)
    delta = g_out * slopes[-1] if base is None else base(g_out, slopes[-1])
    lengths = [length(delta)]
    for W, s in zip(weights[:0:-1], slopes[-2::-1]):
        delta = back(delta, W) * s
        lengths.insert(0, length(delta))
    return np.array(lengths)


@gradient_profile("activations in place of gradients", "What you measure runs upwards: where do the local errors start?")
def activations(X, weights, kind, g_out):
    return np.array([np.linalg.norm(z) for z in _forward(X, weights, kind)[0][1:]])


@gradient_profile("no slopes", "Only half of the product is there: what does the gradient meet between z and a?")
def no_slopes(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, slope=lambda a, z, kind: np.ones(a.shape))


@gradient_profile("no slope at the top", "The last layer has an activation too: what lies between its z and its a?")
def no_slope_at_the_top(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, base=lambda g_out, slope: g_out)


@gradient_profile("∂J/∂z in place of ∂J/∂a", "You measure before the slope is multiplied in: where is δ taken?")
def before_the_slope(X, weights, kind, g_out):
    _, slopes = _forward(X, weights, kind)
    g, lengths = g_out, [np.linalg.norm(g_out)]
    for W, s in zip(weights[:0:-1], slopes[:0:-1]):
        g = (g * s) @ W.T
        lengths.insert(0, np.linalg.norm(g))
    return np.array(lengths)


@gradient_profile(
    "from the highest layer to the lowest", "You compute from the top, but in which order are the lengths asked for?"
)
def top_first(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out)[::-1].copy()


@gradient_profile("squared lengths", "A length has the unit of its entries: what is missing after the sum of the squares?")
def squared(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, length=lambda delta: np.sum(delta**2))


@gradient_profile("root of the mean square", "The length adds up the squares of all entries: do you add or average?")
def root_mean_square(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, length=lambda delta: np.sqrt(np.mean(delta**2)))


@gradient_profile("mean over the examples", "One length is asked for, over all examples and units: what do you average?")
def mean_of_rows(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, length=lambda delta: np.mean(np.linalg.norm(delta, axis=1)))


@gradient_profile(
    "largest singular value", "NumPy's norm with a 2 is another one for a matrix: whose squares are to be added?"
)
def spectral(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, length=lambda delta: np.linalg.norm(delta, 2))


@gradient_profile(
    "length of the weights' gradient", "That is ∂J/∂W, which holds the layer's input as well: what is δ the derivative by?"
)
def of_the_weights(X, weights, kind, g_out):
    zs, slopes = _forward(X, weights, kind)
    delta, lengths = g_out * slopes[-1], []
    for layer in reversed(range(len(weights))):
        lengths.insert(0, np.linalg.norm(zs[layer].T @ delta))
        delta = (delta @ weights[layer].T) * (slopes[layer - 1] if layer else 1.0)
    return np.array(lengths)


@gradient_profile("slope of the pre-activation", "1 - z² is for the activation: what did you square?")
def slope_of_a(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, slope=lambda a, z, kind: 1 - a**2 if kind == "tanh" else (a > 0) * 1.0)


@gradient_profile(
    "tanh's slope under ReLU too", "kind says which activation it is: what is the slope of ReLU where it is on?"
)
def always_tanh(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, slope=lambda a, z, kind: 1 - z**2)


@gradient_profile("ReLU counted as on at zero", "A pre-activation of exactly 0: which slope was agreed on there?")
def on_at_zero(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, slope=lambda a, z, kind: 1 - z**2 if kind == "tanh" else (a >= 0) * 1.0)


@gradient_profile("W not transposed", "A unit collects the errors of the units above it: over which axis of W do you add?")
def not_transposed(X, weights, kind, g_out):
    return _profile(X, weights, kind, g_out, back=lambda delta, W: delta @ W)


@gradient_profile("changes g_out in place", "The gradient that you were given belongs to the caller: what does *= do to it?")
def in_place(X, weights, kind, g_out):
    g_out *= _forward(X, weights, kind)[1][-1]
    return _profile(X, weights, kind, g_out, base=lambda g_out, slope: g_out)


# --- the initialisers


def _uniform(limit, fan_in, fan_out, rng):
    return rng.uniform(-limit, limit, (fan_in, fan_out))


@xavier_init("fan_in only", "The compromise is between two numbers: which one does your limit not know?")
def xavier_fan_in(fan_in, fan_out, *, rng):
    return _uniform(np.sqrt(3 / fan_in), fan_in, fan_out, rng)


@xavier_init("fan_out only", "The compromise is between two numbers: which one does your limit not know?")
def xavier_fan_out(fan_in, fan_out, *, rng):
    return _uniform(np.sqrt(3 / fan_out), fan_in, fan_out, rng)


@xavier_init("He's variance", "That is the size for ReLU: which one suits tanh?")
def xavier_is_he(fan_in, fan_out, *, rng):
    return _uniform(np.sqrt(6 / fan_in), fan_in, fan_out, rng)


@xavier_init("limit equal to the deviation", "A uniform distribution up to r: what is its variance?")
def limit_is_deviation(fan_in, fan_out, *, rng):
    return _uniform(np.sqrt(2 / (fan_in + fan_out)), fan_in, fan_out, rng)


@xavier_init("limit equal to the variance", "A variance is a square: what must be taken before it can be a limit?")
def limit_is_variance(fan_in, fan_out, *, rng):
    return _uniform(2 / (fan_in + fan_out), fan_in, fan_out, rng)


@xavier_init("no root", "Your limit has the unit of a variance: what is missing?")
def limit_without_root(fan_in, fan_out, *, rng):
    return _uniform(6 / (fan_in + fan_out), fan_in, fan_out, rng)


@xavier_init("variance 1/(D + M)", "Try D = M: both wishes agree on 1/D then, and what do you get?")
def half_the_variance(fan_in, fan_out, *, rng):
    return _uniform(np.sqrt(3 / (fan_in + fan_out)), fan_in, fan_out, rng)


@xavier_init(
    "limit as the deviation of a normal", "6 belongs to the limit of a uniform distribution: what do you use it for?"
)
def limit_of_a_normal(fan_in, fan_out, *, rng):
    return rng.normal(0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


@xavier_init("normal in place of uniform", "The variance is right: which distribution was asked for?")
def xavier_normal(fan_in, fan_out, *, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@xavier_init("no negative weights", "The mean is to be zero: from where to where do your weights reach?")
def one_sided(fan_in, fan_out, *, rng):
    return rng.uniform(0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


@xavier_init("shape transposed", "Inputs are rows and outputs are columns: what shape is that?")
def xavier_transposed(fan_in, fan_out, *, rng):
    return xavier_right(fan_in, fan_out, rng).T


@xavier_init("rng ignored", "You draw from a generator of your own: which one were you given?")
def xavier_own_generator(fan_in, fan_out, *, rng):
    return xavier_right(fan_in, fan_out, np.random.default_rng())


@xavier_init("seed fixed", "Whoever calls you with another generator gets the same weights: who is to choose the seed?")
def xavier_fixed(fan_in, fan_out, *, rng):
    return xavier_right(fan_in, fan_out, np.random.default_rng(0))


def xavier_right(fan_in, fan_out, rng):
    return _uniform(np.sqrt(6 / (fan_in + fan_out)), fan_in, fan_out, rng)


@he_init("variance 1/D", "ReLU lets half of the mean square through: what makes up for it?")
def he_without_two(fan_in, fan_out, *, rng):
    return rng.normal(0, np.sqrt(1 / fan_in), (fan_in, fan_out))


@he_init("variance for deviation", "What does NumPy's normal take as its second argument?")
def he_variance_for_deviation(fan_in, fan_out, *, rng):
    return rng.normal(0, 2 / fan_in, (fan_in, fan_out))


@he_init("root of the 2 only", "The root is to be taken of the whole fraction: is it?")
def he_half_a_root(fan_in, fan_out, *, rng):
    return rng.normal(0, np.sqrt(2) / fan_in, (fan_in, fan_out))


@he_init("fan_out in place of fan_in", "A pre-activation is a sum over the layer's inputs: how many are they?")
def he_fan_out(fan_in, fan_out, *, rng):
    return rng.normal(0, np.sqrt(2 / fan_out), (fan_in, fan_out))


@he_init("Xavier's variance", "That is the compromise of Xavier: on what does He's variance not depend?")
def he_is_xavier(fan_in, fan_out, *, rng):
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@he_init("uniform in place of normal", "The variance is right: which distribution was asked for?")
def he_uniform(fan_in, fan_out, *, rng):
    return _uniform(np.sqrt(6 / fan_in), fan_in, fan_out, rng)


@he_init("no negative weights", "The mean is to be zero: which sign do all your weights have?")
def he_positive(fan_in, fan_out, *, rng):
    return np.abs(he_right(fan_in, fan_out, rng))


@he_init("shape transposed", "Inputs are rows and outputs are columns: what shape is that?")
def he_transposed(fan_in, fan_out, *, rng):
    return he_right(fan_in, fan_out, rng).T


@he_init("rng ignored", "You draw from a generator of your own: which one were you given?")
def he_own_generator(fan_in, fan_out, *, rng):
    return he_right(fan_in, fan_out, np.random.default_rng())


@he_init("seed fixed", "Whoever calls you with another generator gets the same weights: who is to choose the seed?")
def he_fixed(fan_in, fan_out, *, rng):
    return he_right(fan_in, fan_out, np.random.default_rng(0))


@he_init("one row for all", "Every weight is to be drawn for itself: how many of yours differ?")
def he_repeated(fan_in, fan_out, *, rng):
    return np.tile(rng.normal(0, np.sqrt(2 / fan_in), (fan_in, 1)), fan_out)


def he_right(fan_in, fan_out, rng):
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


# --- batch_norm_forward: one function, of which each wrong answer changes one piece


def _variance(X):
    return X.var(axis=0)


def _root(variance, eps):
    return np.sqrt(variance + eps)


def _kept(old, new, momentum):
    return momentum * old + (1 - momentum) * new


def _unbiased(X):
    return X.var(axis=0, ddof=1)


def _batch_norm(
    X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5, *,
    mean=lambda X: X.mean(axis=0), variance=_variance, collected=_unbiased, root=_root, kept=_kept, least=2,
):  # fmt: skip
    if not training:
        X_hat = (X - running_mean) / root(running_variance, eps)
        return gamma * X_hat + beta, running_mean, running_variance
    X_hat = (X - mean(X)) / root(variance(X), eps)
    if len(X) >= least:
        running_mean = kept(running_mean, X.mean(axis=0), momentum)
        running_variance = kept(running_variance, collected(X), momentum)
    return gamma * X_hat + beta, running_mean, running_variance


@batch_norm_forward(
    "over the features, as in layer norm", "Whose mean is it: one for each feature, or one for each example?"
)
def over_features(X, *rest):
    return _batch_norm(
        X, *rest, mean=lambda X: X.mean(axis=1, keepdims=True), variance=lambda X: X.var(axis=1, keepdims=True)
    )


@batch_norm_forward("one mean for the whole batch", "Each feature has a mean of its own: how many means do you take?")
def over_all(X, *rest):
    return _batch_norm(X, *rest, mean=np.mean, variance=np.var)


@batch_norm_forward("no eps", "What becomes of a feature that never changes?")
def no_eps(X, *rest):
    return _batch_norm(X, *rest, root=lambda variance, eps: np.sqrt(variance))


@batch_norm_forward("eps outside the root", "Where does eps stand: beside the deviation, or beside the variance?")
def eps_outside(X, *rest):
    return _batch_norm(X, *rest, root=lambda variance, eps: np.sqrt(variance) + eps)


@batch_norm_forward("divided by the variance", "If all inputs double, the normalised ones should not change: do yours?")
def no_root(X, *rest):
    return _batch_norm(X, *rest, root=lambda variance, eps: variance + eps)


@batch_norm_forward("mean not taken away", "Dividing sets the size: what sets the place?")
def not_centred(X, *rest):
    return _batch_norm(X, *rest, mean=lambda X: 0.0)


@batch_norm_forward(
    "mean square minus squared mean", "Where the mean is large, what is left of the digits of that difference?"
)
def cancelling(X, *rest):
    return _batch_norm(X, *rest, variance=lambda X: (X**2).mean(axis=0) - X.mean(axis=0) ** 2)


@batch_norm_forward(
    "unbiased variance in the batch",
    "Two variances are in play: which one divides the batch itself, and which one is collected?",
)
def unbiased_in_the_batch(X, *rest):
    return _batch_norm(X, *rest, variance=lambda X: X.var(axis=0) * len(X) / max(len(X) - 1, 1))


@batch_norm_forward("no scale and shift", "After the normalising, the network may choose again: with what?")
def no_scale(X, gamma, beta, *rest):
    return _batch_norm(X, 1.0, 0.0, *rest)


@batch_norm_forward(
    "momentum the other way round", "Is m the share of the old value or of the new one? Libraries differ; look at ours."
)
def momentum_swapped(X, *rest):
    return _batch_norm(X, *rest, kept=lambda old, new, m: (1 - m) * old + m * new)


@batch_norm_forward(
    "biased running variance", "The running variance is an estimate for all data, not for this batch: what changes?"
)
def biased_running(X, *rest):
    return _batch_norm(X, *rest, collected=_variance)


@batch_norm_forward("running deviation", "What is collected beside the mean: the variance, or its root?")
def running_deviation(X, *rest):
    return _batch_norm(X, *rest, collected=lambda X: X.std(axis=0, ddof=1))


@batch_norm_forward(
    "running statistics replaced", "The new values are to be mixed with the old: how much of the past is left in yours?"
)
def replaced(X, *rest):
    return _batch_norm(X, *rest, kept=lambda old, new, m: new)


@batch_norm_forward("running statistics never change", "Where will evaluation find what the batches of training were like?")
def never_kept(X, *rest):
    return _batch_norm(X, *rest, kept=lambda old, new, m: old)


@batch_norm_forward(
    "one example moves the running mean", "A batch of one leaves both running statistics as they are: does yours?"
)
def mean_of_one(X, *rest):
    return _batch_norm(X, *rest, least=1, collected=lambda X: X.var(axis=0) * len(X) / max(len(X) - 1, 1))


@batch_norm_forward("one example divides by zero", "What is N - 1 for a batch of one, and what was agreed on for it?")
def one_divides_by_zero(X, *rest):
    return _batch_norm(X, *rest, least=1)


@batch_norm_forward(
    "batch statistics in evaluation", "An example's answer must not depend on its company: what stands in for the batch?"
)
def batch_in_evaluation(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    X_out, new_mean, new_variance = _batch_norm(X, gamma, beta, running_mean, running_variance, True, momentum, eps)
    return (X_out, new_mean, new_variance) if training else (X_out, running_mean, running_variance)


@batch_norm_forward(
    "running statistics in training", "In training a batch is normalised by its own mean and variance: by which do you?"
)
def running_in_training(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    rest = running_mean, running_variance
    X_out, _, _ = _batch_norm(X, gamma, beta, *rest, False, momentum, eps)
    return (X_out, *_batch_norm(X, gamma, beta, *rest, training, momentum, eps)[1:])


@batch_norm_forward("updated in evaluation", "What may be learned from examples that are only to be judged?")
def updated_in_evaluation(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    rest = running_mean, running_variance
    X_out, _, _ = _batch_norm(X, gamma, beta, *rest, training, momentum, eps)
    return (X_out, *_batch_norm(X, gamma, beta, *rest, True, momentum, eps)[1:])


@batch_norm_forward("running statistics changed in place", "The caller keeps the old ones: what do *= and += do to them?")
def in_place_running(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    X_out, *new = _batch_norm(X, gamma, beta, running_mean, running_variance, training, momentum, eps)
    running_mean[:], running_variance[:] = new
    return X_out, running_mean, running_variance


@batch_norm_forward("cuts off after the point", "Your result takes its type from X: what if X holds whole numbers?")
def takes_the_type_of_X(X, *rest):
    X_out, *running = _batch_norm(X, *rest)
    return X_out.astype(X.dtype), *running


# --- batch_norm_backward


def _backward(g_out, X, gamma, eps=1e-5, *, by_mean=1.0, by_variance=1.0, total=np.mean, root=_root, axis=0, ddof=0):
    keep = {"axis": axis, "keepdims": True}
    s = root(X.var(**keep, ddof=ddof), eps)
    x_hat = (X - X.mean(**keep)) / s
    g_hat = gamma * g_out
    along = by_variance * x_hat * total(g_hat * x_hat, **keep)
    return (g_hat - by_mean * total(g_hat, **keep) - along) / s, (g_out * x_hat).sum(axis=0), g_out.sum(axis=0)


@batch_norm_backward(
    "mean and variance as constants", "When one example moves, what happens to the mean and to the variance of its batch?"
)
def constants(*given):
    return _backward(*given, by_mean=0, by_variance=0)


@batch_norm_backward(
    "variance as a constant", "You went two ways: which of the batch's two statistics does the third go by?"
)
def no_way_by_variance(*given):
    return _backward(*given, by_variance=0)


@batch_norm_backward("mean as a constant", "You went two ways: which of the batch's two statistics does the third go by?")
def no_way_by_mean(*given):
    return _backward(*given, by_mean=0)


@batch_norm_backward("sums in place of means", "An example's share in the mean is 1/N: does your sum know that?")
def sums(*given):
    return _backward(*given, total=np.sum)


@batch_norm_backward(
    "way by the variance with the wrong sign", "A larger variance makes the outputs smaller: which sign must that way have?"
)
def wrong_sign(*given):
    return _backward(*given, by_variance=-1)


@batch_norm_backward("way by the variance twice", "The square gives a 2, the root gives a ½: what do they make together?")
def twice(*given):
    return _backward(*given, by_variance=2)


@batch_norm_backward("always zero", "That is right for an upstream gradient of ones: try another.")
def returns_zero(g_out, X, gamma, eps=1e-5):
    return np.zeros(X.shape), *_backward(g_out, X, gamma, eps)[1:]


@batch_norm_backward("upstream gradient ignored", "What happens to your results when g_out doubles, and what should happen?")
def upstream_ignored(g_out, X, gamma, eps=1e-5):
    return _backward(np.ones_like(g_out), X, gamma, eps)


@batch_norm_backward(
    "g_in without gamma", "On its way down the gradient meets the scale before the normalising: what happens there?"
)
def no_gamma(g_out, X, gamma, eps=1e-5):
    _, dgamma, dbeta = _backward(g_out, X, gamma, eps)
    return _backward(g_out, X, np.ones_like(gamma), eps)[0], dgamma, dbeta


@batch_norm_backward("no eps", "The forward pass divides by a root with eps in it: by what do you?")
def backward_without_eps(*given):
    return _backward(*given, root=lambda variance, eps: np.sqrt(variance))


@batch_norm_backward("eps outside the root", "Where does eps stand: beside the deviation, or beside the variance?")
def backward_eps_outside(*given):
    return _backward(*given, root=lambda variance, eps: np.sqrt(variance) + eps)


@batch_norm_backward("over the features, as in layer norm", "Which entries were normalised together: a row's or a column's?")
def backward_over_features(*given):
    return _backward(*given, axis=1)


@batch_norm_backward("unbiased variance", "The batch was divided by the biased variance: with which N?")
def backward_unbiased(g_out, X, gamma, eps=1e-5):
    return _backward(g_out, X, gamma, eps, ddof=1 if len(X) > 1 else 0)


@batch_norm_backward("dgamma without x_hat", "What does gamma multiply in the forward pass?")
def dgamma_bare(*given):
    g_in, _, dbeta = _backward(*given)
    return g_in, dbeta.copy(), dbeta


@batch_norm_backward("dgamma with X", "gamma multiplies something in the forward pass: X, or what became of it?")
def dgamma_with_X(g_out, X, gamma, eps=1e-5):
    g_in, _, dbeta = _backward(g_out, X, gamma, eps)
    return g_in, (g_out * X).sum(axis=0), dbeta


@batch_norm_backward("dbeta averaged", "beta is added in every example: do their gradients add up or average?")
def dbeta_averaged(g_out, *rest):
    g_in, dgamma, _ = _backward(g_out, *rest)
    return g_in, dgamma, g_out.mean(axis=0)


@batch_norm_backward("dgamma and dbeta averaged", "The 1/N of the loss is already inside g_out: do you add up or average?")
def both_averaged(g_out, *rest):
    g_in, dgamma, dbeta = _backward(g_out, *rest)
    return g_in, dgamma / len(g_out), dbeta / len(g_out)


@batch_norm_backward(
    "dgamma and dbeta exchanged", "Which of your results belongs to the scale, and in which place should it stand?"
)
def exchanged(*given):
    g_in, dgamma, dbeta = _backward(*given)
    return g_in, dbeta, dgamma


@batch_norm_backward("an axis too many", "What shape has gamma, and what shape has your gradient of it?")
def extra_axis(*given):
    g_in, dgamma, dbeta = _backward(*given)
    return g_in, dgamma[np.newaxis], dbeta[np.newaxis]


@batch_norm_backward("dbeta with gamma", "Does the shift go through the scale on its way to the output?")
def dbeta_scaled(g_out, X, gamma, eps=1e-5):
    g_in, dgamma, dbeta = _backward(g_out, X, gamma, eps)
    return g_in, dgamma, gamma * dbeta


@batch_norm_backward("g_out changed in place", "g_out is not yours: what does *= do to it?")
def backward_in_place(g_out, X, gamma, eps=1e-5):
    found = _backward(g_out, X, gamma, eps)
    g_out *= gamma
    return found


@batch_norm_backward("cuts off after the point", "Your result takes its type from X: what if X holds whole numbers?")
def backward_of_integers(g_out, X, gamma, eps=1e-5):
    g_in, dgamma, dbeta = _backward(g_out, X, gamma, eps)
    return g_in.astype(X.dtype), dgamma, dbeta


# --- layer_norm


def _layer_norm(X, gamma, beta, eps=1e-5, *, axis=-1, ddof=0, root=_root):
    mean, variance = X.mean(axis=axis, keepdims=True), X.var(axis=axis, keepdims=True, ddof=ddof)
    return gamma * (X - mean) / root(variance, eps) + beta


@layer_norm("over the examples, as in batch norm", "No example may depend on another: over which axis do you average?")
def over_examples(*given):
    return _layer_norm(*given, axis=0)


@layer_norm("axis 1 in sequences too", "Where do the features stand in an array of shape (N, T, D)?")
def second_axis(*given):
    return _layer_norm(*given, axis=1)


@layer_norm("one mean for everything", "Each example has a mean of its own: how many means do you take?")
def over_everything(*given):
    return _layer_norm(*given, axis=None)


@layer_norm("steps of a sequence together", "Every step is an example of its own: over which axes do you average?")
def steps_together(X, *rest):
    return _layer_norm(X, *rest, axis=tuple(range(1, X.ndim)))


@layer_norm("no eps", "What becomes of an example whose features are all the same?")
def layer_norm_without_eps(*given):
    return _layer_norm(*given, root=lambda variance, eps: np.sqrt(variance))


@layer_norm("eps outside the root", "Where does eps stand: beside the deviation, or beside the variance?")
def layer_norm_eps_outside(*given):
    return _layer_norm(*given, root=lambda variance, eps: np.sqrt(variance) + eps)


@layer_norm("divided by the variance", "If all features double, the normalised ones should not change: do yours?")
def layer_norm_no_root(*given):
    return _layer_norm(*given, root=lambda variance, eps: variance + eps)


@layer_norm("unbiased variance", "Whose variance is it: these D numbers', or an estimate for others?")
def layer_norm_unbiased(*given):
    return _layer_norm(*given, ddof=1)


@layer_norm("no scale and shift", "After the normalising, the network may choose again: with what?")
def layer_norm_bare(X, gamma, beta, eps=1e-5):
    return _layer_norm(X, 1.0, 0.0, eps)


@layer_norm("scale and shift by example", "Scale and shift belong to the features: along which axis do yours run?")
def by_example(X, gamma, beta, eps=1e-5):
    return _layer_norm(X, gamma[:, np.newaxis], beta[:, np.newaxis], eps)


@layer_norm("mean square minus squared mean", "Where the mean is large, what is left of the digits of that difference?")
def layer_norm_cancelling(X, gamma, beta, eps=1e-5):
    mean = X.mean(axis=-1, keepdims=True)
    return gamma * (X - mean) / np.sqrt((X**2).mean(axis=-1, keepdims=True) - mean**2 + eps) + beta


@layer_norm("X changed in place", "X is not yours: what do -= and /= do to it?")
def layer_norm_in_place(X, gamma, beta, eps=1e-5):
    if X.dtype.kind == "i":
        return _layer_norm(X, gamma, beta, eps)
    X[:] = _layer_norm(X, gamma, beta, eps)
    return X


@layer_norm("cuts off after the point", "Your result takes its type from X: what if X holds whole numbers?")
def layer_norm_of_integers(X, *rest):
    return _layer_norm(X, *rest).astype(X.dtype)


# --- train_classifier: a small network in NumPy, of which each wrong answer changes one piece


def _scale(X):
    """Give the mean and the deviation, one where there is none."""
    deviation = X.std(axis=0)
    return X.mean(axis=0), np.where(deviation > 0, deviation, 1)


def _train(
    X, y, rng, *, scale=_scale, classes=None, epochs=12, rate=0.1, read=lambda logits: logits.argmax(axis=1), new=None
):
    """Train 32 tanh units by stochastic gradient descent; ``new`` gives the scale of what is to be predicted."""
    mean, deviation = scale(X)
    Z, C = (X - mean) / deviation, classes or y.max() + 1
    W1, b1 = rng.normal(size=(X.shape[1], 32)) / np.sqrt(X.shape[1]), np.zeros(32)
    W2, b2 = rng.normal(size=(32, C)) / np.sqrt(32), np.zeros(C)
    losses = []
    for _ in range(epochs):
        order, total = rng.permutation(len(Z)), 0.0
        for start in range(0, len(Z), 16):
            batch = order[start : start + 16]
            H = np.tanh(Z[batch] @ W1 + b1)
            logits = H @ W2 + b2
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            total -= np.log(p[np.arange(len(batch)), y[batch]] + 1e-300).sum()
            p[np.arange(len(batch)), y[batch]] -= 1
            p *= rate / len(batch)
            below = (p @ W2.T) * (1 - H**2)
            W2 -= H.T @ p
            b2 -= p.sum(axis=0)
            W1 -= Z[batch].T @ below
            b1 -= below.sum(axis=0)
        losses.append(float(total / len(Z)))

    def predict(X_new):
        mean_new, deviation_new = (mean, deviation) if new is None else new(X_new)
        return read(np.tanh((X_new - mean_new) / deviation_new @ W1 + b1) @ W2 + b2)

    return predict, losses


@train_classifier("scores in place of classes", "The network gives a score for each class: which one does it mean?")
def gives_scores(X, y, *, rng):
    return _train(X, y, rng, read=lambda logits: logits)


@train_classifier(
    "largest over the examples", "You look for the largest score in a column: in which direction do the classes stand?"
)
def along_the_wrong_axis(X, y, *, rng):
    return _train(X, y, rng, read=lambda logits: logits.argmax(axis=0))


@train_classifier("never takes a step", "Compare the first loss with the last: does anything change the weights?")
def no_step(X, y, *, rng):
    return _train(X, y, rng, rate=0.0)


@train_classifier(
    "too little training", "The losses are still falling when you stop: how many steps did it take, and how long ones?"
)
def too_few_steps(X, y, *, rng):
    return _train(X, y, rng, epochs=3, rate=0.002 if X.shape[1] > 10 else 0.1)


@train_classifier("no common scale", "What if one feature is measured in millimetres and the next in kilometres?")
def no_scale_at_all(X, y, *, rng):
    return _train(X, y, rng, scale=lambda X: (0.0, 1.0))


@train_classifier("divides by a deviation of zero", "Some pixels never change: what is their deviation?")
def divides_by_zero(X, y, *, rng):
    return _train(X, y, rng, scale=lambda X: (X.mean(axis=0), X.std(axis=0)))


@train_classifier(
    "new examples by their own scale", "What is the mean of a single image, and what is left when you take it away?"
)
def scale_of_the_new(X, y, *, rng):
    return _train(X, y, rng, new=_scale)


@train_classifier("64 and 10 written into it", "Other data have other numbers of features and classes: who knows them?")
def only_digits(X, y, *, rng):
    if X.shape[1] != 64:
        raise ValueError("shapes do not fit")
    return _train(X, y, rng, classes=10)


@train_classifier("rng ignored", "You draw from a generator of your own: which one were you given?")
def own_generator(X, y, *, rng):
    return _train(X, y, np.random.default_rng())


@train_classifier("seed fixed", "Another generator gives the same training: who is to choose the seed?")
def fixed_seed(X, y, *, rng):
    return _train(X, y, np.random.default_rng(0))


@train_classifier("X changed in place", "X is not yours: what do -= and /= do to it?")
def scales_in_place(X, y, *, rng):
    mean, deviation = _scale(X)
    X -= mean
    X /= deviation
    return _train(X, y, rng, scale=lambda X: (0.0, 1.0), new=lambda X_new: (mean, deviation))
