"""Right answers for problem set 9 that share no line with the model's, and the experiments that are run on answers.

An experiment is a function of the answer to be tried, made of data that were drawn beforehand, so that it can be run on
known wrong answers too. What dropout does depends on how an answer uses its random numbers, which is its own affair; so
dropout's experiments look only at what every right answer has in common.
"""

import math
from types import SimpleNamespace

import numpy as np

from course.checks import CheckFailed
from course.observing import observe

SURE = 1e-8  # a right answer fails a statistical test with at most this probability


# What is looked at in every function


def held(seen, *given):
    """Say whether a call left what it was given as it was, and whether it gave new arrays."""
    kept = all(old.tobytes() == new.tobytes() for old, new in zip(given, seen.arrays, strict=True))
    return {"arguments as they were": float(kept), "results are new": 1.0 - seen.shared}


def compare_arguments(check, yours, right, experiment):
    """Compare what is held after a call, and say in words what is wrong."""
    say = f"{check.name} changes what it was given, or hands it out again: work on a copy, or make a new array."
    compare_in_words(check, say, yours, right, experiment)


def compare_in_words(check, say, yours, right, experiment):
    """Compare what an experiment finds, where the student is told in words what is wrong, and not which finding."""
    try:
        check.compare(yours, right, experiment)
    except CheckFailed:
        check.that(False, say)


def copies(arrays):
    return [array.copy() for array in arrays]


# Penalties


def l1_penalty(weights, strength):
    """Add up one entry at a time; a slope is that of the side on which the entry lies."""
    value = math.fsum(strength * math.copysign(entry, 1) for w in weights for entry in w.ravel().tolist())
    return value, [np.where(w > 0, strength, 0.0) - np.where(w < 0, strength, 0.0) for w in weights]


def l2_penalty(weights, strength):
    """Add up one entry at a time; a parabola's slope is that of any chord with its middle there."""
    value = math.fsum(strength * entry * entry for w in weights for entry in w.ravel().tolist())
    return value, [strength * ((w + 1.0) ** 2 - (w - 1.0) ** 2) / 2 for w in weights]


def draw_weights(rng, *shapes):
    """Draw arrays of both signs whose entries are away from zero."""
    return [rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.2, 2, size=shape) for shape in shapes]


def penalty_arguments(rng):
    """What becomes of the weights, and whether the gradients are new."""
    weights = draw_weights(rng, (3, 2), (2,))
    return lambda answer: held(observe(answer, copies(weights), 0.3), *weights)


# Dropout


def dropout_forward(x, keep_prob, *, rng, training=True, classic=False):
    """Draw one number of 0 or 1 for each entry, and put the scale on one side of the network or on the other."""
    if not training:
        return np.array([[float(entry) * (keep_prob if classic else 1.0) for entry in row] for row in x]), None
    mask = rng.binomial(1, keep_prob, size=x.shape)
    return np.where(mask == 1, np.true_divide(x, 1.0 if classic else keep_prob), 0.0), mask


def dropout_backward(g_out, mask, keep_prob, *, classic=False):
    """Go through the entries that were kept."""
    g_in = np.zeros(g_out.shape)
    for place in np.argwhere(mask):
        g_in[tuple(place)] = g_out[tuple(place)] / (1.0 if classic else keep_prob)
    return g_in


def slack(n):
    """How far the mean of n independent numbers between 0 and 1 may be from its expectation (Hoeffding 1963)."""
    return math.sqrt(math.log(2 / SURE) / (2 * n))


def settle(share, n, *candidates):
    """Give the first candidate that a share of n independent cases may come from, or else the share itself."""
    return next((c for c in candidates if abs(share - c) <= slack(n)), share)


def trained(answer, x, keep_prob, rng, **kind):
    """Run dropout in training; give its output, its mask, and which entries the mask says are kept."""
    out, mask = answer(x.copy(), keep_prob, rng=rng, **kind)
    out, mask = np.asarray(out), np.asarray(mask)
    return out, mask, np.broadcast_to(mask != 0, x.shape)


def scaling(rng, *, integers=False, **kind):
    """What training makes of the entries that the mask keeps, and of those that it drops."""
    x, keep_prob, seed = draw_weights(rng, (20, 15))[0], rng.uniform(0.6, 0.8), rng.integers(2**32)
    if integers:
        x = np.rint(3 * x + np.sign(x)).astype(int)

    def experiment(answer):
        out, _, kept = trained(answer, x, keep_prob, np.random.default_rng(seed), **kind)
        factors = (out / x)[kept]
        ends = (factors.min(), factors.max()) if factors.size else (0.0, 0.0)
        return {
            "the factor of the entries that are kept, from the smallest to the largest": np.array(ends),
            "what is left of the entries that are dropped": np.abs(out[~kept]).max(initial=0.0),
        }

    return experiment


def masks(rng, **kind):
    """The form of the mask, and how the entries that are kept are spread over units and examples."""
    keep_prob, seeds = rng.uniform(0.6, 0.8), rng.integers(2**32, size=12)
    both, neither = keep_prob**2, (1 - keep_prob) ** 2

    def experiment(answer):
        _, mask, kept = trained(answer, np.ones((400, 100)), keep_prob, np.random.default_rng(seeds[0]), **kind)
        units, examples = kept[:, ::2] & kept[:, 1::2], kept[::2] & kept[1::2]
        few = [trained(answer, np.ones((10, 10)), keep_prob, np.random.default_rng(seed), **kind)[2] for seed in seeds]
        return {
            "one entry for each of x": float(mask.shape == kept.shape),
            "what it holds": np.unique(mask) + 0.0,
            "kept": settle(kept.mean(), kept.size, keep_prob, 1 - keep_prob),
            "neighbouring units kept together": settle(units.mean(), units.size, both, neither),
            "neighbouring examples kept together": settle(examples.mean(), examples.size, both, neither),
            "not always the same number": float(np.ptp([kept.sum() for kept in few]) > 0),
        }

    return experiment


def draws(rng, **kind):
    """Which generators give the same mask: of 2,000 entries, so that no two agree by accident."""
    one, other = rng.choice(2**32, size=2, replace=False)

    def experiment(answer):
        def kept(rng):
            return trained(answer, np.ones((40, 50)), 0.5, rng, **kind)[2]

        first, again, different = (kept(np.random.default_rng(seed)) for seed in (one, one, other))
        generator = np.random.default_rng(one)
        return {
            "the same state of rng gives the same mask": float((first == again).all()),
            "another state of rng gives the same mask": float((first == different).all()),
            "the next call gives the same mask": float((kept(generator) == kept(generator)).all()),
        }

    return experiment


def evaluation(rng, *, integers=False):
    """What both kinds give when the training is over."""
    x, keep_prob, seed = rng.normal(size=(5, 4)), rng.uniform(0.6, 0.8), rng.integers(2**32)
    if integers:
        x = np.rint(5 * x).astype(int)

    def experiment(answer):
        def out(classic):
            found = answer(x.copy(), keep_prob, rng=np.random.default_rng(seed), training=False, classic=classic)
            return np.asarray(found[0])

        return {"out of inverted dropout in evaluation": out(False), "out of classic dropout in evaluation": out(True)}

    return experiment


def everything_kept(rng):
    """With a keep probability of 1, training and evaluation give x."""
    x, seed = rng.normal(size=(6, 4)), rng.integers(2**32)

    def experiment(answer):
        return {
            f"out with keep_prob 1, classic={classic}, training={training}": np.asarray(
                answer(x.copy(), 1.0, rng=np.random.default_rng(seed), training=training, classic=classic)[0]
            )
            for classic in (False, True)
            for training in (False, True)
        }

    return experiment


def forward_arguments(rng, **kind):
    """What becomes of x, and whether out is new."""
    x, seed = rng.normal(size=(6, 5)), rng.integers(2**32)

    def experiment(answer):
        return held(observe(answer, x.copy(), 0.5, rng=np.random.default_rng(seed), **kind), x)

    return experiment


def passing(rng, *, integers=False, **kind):
    """What of a gradient passes where the mask keeps, and where it drops."""
    keep_prob = rng.uniform(0.6, 0.8)
    g_out, mask = draw_weights(rng, (200, 100))[0], rng.random((200, 100)) < keep_prob
    if integers:
        g_out = np.rint(3 * g_out + np.sign(g_out)).astype(int)

    def experiment(answer):
        g_in = np.asarray(answer(g_out.copy(), mask.copy(), keep_prob, **kind)) + np.zeros(g_out.shape)
        factors = g_in / g_out
        through = factors != 0
        ends = (factors[through].min(), factors[through].max()) if through.any() else (0.0, 0.0)
        n = min(mask.sum(), (~mask).sum())
        alike = (through == through[0]).all(axis=1)
        return {
            "the factor of the gradients that pass, from the smallest to the largest": np.array(ends),
            "the share of kept entries whose gradient passes": settle(through[mask].mean(), n, 1.0, 0.0, keep_prob),
            "the share of dropped entries whose gradient passes": settle(through[~mask].mean(), n, 0.0, 1.0, keep_prob),
            "the share of examples in which the same gradients pass as in the first": alike.mean(),
        }

    return experiment


def backward_arguments(rng, **kind):
    """What becomes of g_out and of the mask, and whether g_in is new."""
    g_out, mask = rng.normal(size=(6, 5)), rng.random((6, 5)) < 0.5

    def experiment(answer):
        return held(observe(answer, g_out.copy(), mask.copy(), 0.5, **kind), g_out, mask)

    return experiment


# Early stopping


class EarlyStopping:
    """Keep the whole story, and judge it from its start at every epoch."""

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.story = patience, min_delta, []

    def update(self, loss, weights):
        self.story.append((loss, copies(weights)))
        return len(self.story) - 1 - self.best >= self.patience

    @property
    def best(self):
        best, bar = -1, math.inf
        for epoch, (loss, _) in enumerate(self.story):
            if bar - loss > self.min_delta:
                best, bar = epoch, loss
        return best

    @property
    def best_loss(self):
        return self.story[self.best][0]

    @property
    def best_weights(self):
        return self.story[self.best][1]

    def replay(self, losses, history, in_place=True):
        """Play a training in one list of arrays, as the notebook's method does where the student's code lives."""
        weights, stopped = [w.copy() for w in history[0]], 0
        for epoch, (loss, now) in enumerate(zip(losses, history, strict=True), start=1):
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


def train(stopper, losses, history):
    """Ask a stopper after each epoch; give the one after which it ends the training, or 0."""
    epochs = enumerate(zip(losses, history, strict=True), start=1)
    return next((epoch for epoch, (loss, weights) in epochs if stopper.update(loss, copies(weights))), 0)


# Each training by its patience and its losses: how far they are below the start, in units of min_delta (or of any step where
# that is 0). All of them end with a loss far below the others, which nobody sees who stops in time.
TRAININGS = {
    "waits": (3, [0, 10, 9, 8, 20, 15, 20, 18, 17, 16, 14, 13, 40]),
    "rises": (2, [0, 5, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1, 40]),
    "creeps": (2, [0, 3, 3.75, 4.5, 5.25, 5.5, 5.375, 5.25, 5, 40]),
    "touches the bar": (2, [0, 2, 3, 3, 2.5, 2, 2.25, 2.5, 40]),
    "brief": (1, [0, 4, 6, 5, 5.5, 4, 3, 40]),
}


def draw_training(rng, name, *, min_delta):
    """Draw a training: losses that are exact in binary, so that a difference may be compared, and weights of each epoch."""
    patience, drops = TRAININGS[name]
    start, unit = float(rng.integers(160, 240)), rng.integers(3, 40) / 32
    losses = [start - unit * drop for drop in drops]
    history = [[rng.normal(size=(4, 3)), rng.normal(size=3)] for _ in losses]
    return {"patience": patience, "min_delta": unit if min_delta else 0.0}, losses, history


def update_arguments(rng):
    """What becomes of the weights that are shown."""
    weights = [rng.normal(size=(3, 2)), rng.normal(size=2)]
    return lambda answer: held(observe(answer(patience=2).update, 5.0, copies(weights)), *weights)


# Clipping


def clip_gradient_norm(grads, max_norm):
    """Walk to the sphere along the gradient: the norm is the hypotenuse over all entries."""
    norm = math.hypot(*(float(entry) for g in grads for entry in g.ravel()))
    if norm <= max_norm:
        return [g.astype(float) for g in grads], norm
    return [max_norm * (g / norm) for g in grads], norm


def draw_gradients(rng, scale=1.0):
    """Draw the gradients of a matrix, a vector and another matrix, of different sizes."""
    return [scale * size * rng.normal(size=shape) for size, shape in [(3, (4, 3)), (0.3, (3,)), (1, (3, 2))]]


def clipping_arguments(rng):
    """What becomes of the list and of the arrays in it, and whether the results are new: clipped or not."""
    grads = draw_gradients(rng)

    def experiment(answer):
        seen = {}
        for name, limit in [("clipped", 0.1), ("not clipped", 1000.0)]:
            found = observe(answer, copies(grads), limit)
            seen |= {f"{what} ({name})": yes for what, yes in held(found, *grads).items()}
            seen[f"the list ({name})"] = np.concatenate([np.ravel(g) for g in found.arguments[0]])
        return seen

    return experiment


# What the test cells take from here, for each of their subjects

PENALTIES = SimpleNamespace(
    l1=l1_penalty, l2=l2_penalty, draw=draw_weights, arguments=penalty_arguments, compare_arguments=compare_arguments
)
DROPOUT = SimpleNamespace(
    forward=dropout_forward,
    backward=dropout_backward,
    masks=masks,
    draws=draws,
    scaling=scaling,
    evaluation=evaluation,
    everything_kept=everything_kept,
    forward_arguments=forward_arguments,
    passing=passing,
    backward_arguments=backward_arguments,
    slack=slack,
    compare_in_words=compare_in_words,
    compare_arguments=compare_arguments,
)
STOPPING = SimpleNamespace(
    stopper=EarlyStopping, train=train, draw=draw_training, arguments=update_arguments, compare_arguments=compare_arguments
)
CLIPPING = SimpleNamespace(
    clip=clip_gradient_norm, draw=draw_gradients, arguments=clipping_arguments, compare_arguments=compare_arguments
)
