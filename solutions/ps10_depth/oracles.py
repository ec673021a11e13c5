"""Right answers written out from their definitions, with derivatives by complex steps; and what is tried on them.

The hidden tests compare a student's function with these. An experiment is drawn from ``rng`` first, as a function of the
answer to be tried, so that it can be run on known wrong answers too.
"""

from functools import lru_cache

import numpy as np

from course.datasets import digits, split
from course.observing import observe

TINY = 1e-30  # of a complex step: Im f(x + ih) / h is the derivative, exact to rounding
STEP = 0.22  # of the scale on which variances are compared: known mistakes lie well inside its steps


# --- normalisation


def normalised(x, eps):
    """Bring the numbers of one vector to mean zero and, but for eps, to variance one."""
    mean = sum(x) / len(x)
    variance = sum((x - mean) ** 2) / len(x)
    return (x - mean) / (variance + eps) ** 0.5


def batch_norm_forward(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    """Go through the features one by one."""
    columns, new = [], (np.array(running_mean, dtype=float), np.array(running_variance, dtype=float))
    for d, x in enumerate(X.T):
        if training:
            columns.append(gamma[d] * normalised(x, eps) + beta[d])
        else:
            columns.append(gamma[d] * (x - running_mean[d]) / (running_variance[d] + eps) ** 0.5 + beta[d])
        if training and len(x) > 1:
            pairs = [(one - other) ** 2 for one in x for other in x]  # half their mean is the biased variance
            unbiased = sum(pairs) / (2 * len(x) * (len(x) - 1))
            for average, newest in zip(new, (sum(x) / len(x), unbiased), strict=True):
                average[d] += (1 - momentum) * (newest - average[d])
    return np.stack(columns, axis=1), *new


def batch_norm_backward(g_out, X, gamma, eps=1e-5):
    """Differentiate the sum of g_out · X_out by every entry of X, by a complex step."""
    g_in = np.zeros(X.shape)
    for n, d in np.ndindex(X.shape):
        moved = X[:, d].astype(complex)
        moved[n] += TINY * 1j
        g_in[n, d] = np.sum(g_out[:, d] * gamma[d] * normalised(moved, eps)).imag / TINY
    x_hat = np.stack([normalised(x, eps) for x in X.T], axis=1)
    return g_in, np.einsum("nd,nd->d", g_out, x_hat), np.einsum("nd->d", g_out)


def layer_norm(X, gamma, beta, eps=1e-5):
    """Go through the examples one by one."""
    rows = [gamma * normalised(x, eps) + beta for x in X.reshape(-1, X.shape[-1])]
    return np.reshape(rows, X.shape)


def draw_batch(rng, N, D):
    """Draw X with features of different size and place, and gamma and beta that no one would mistake for one and zero."""
    X = rng.uniform(0.5, 3, D) * rng.normal(size=(N, D)) + rng.uniform(-4, 4, D)
    return X, rng.uniform(0.5, 2, D) * rng.choice([-1, 1], D), rng.uniform(1, 2, D)


def draw_running(rng, D):
    return rng.normal(size=D), rng.uniform(0.5, 3, D)


# --- the profile of gradients

FUNCTIONS = {"tanh": np.tanh, "relu": lambda a: np.where(a.real > 0, a, 0)}


def gradient_profile(X, weights, kind, g_out):
    """Differentiate the sum of g_out · z by every pre-activation of every layer, by a complex step."""
    z, norms = np.asarray(X, dtype=float), []
    for layer, W in enumerate(weights):
        a = z @ W
        derivatives = []
        for i in np.ndindex(a.shape):
            moved = a.astype(complex)
            moved[i] += TINY * 1j
            out = FUNCTIONS[kind](moved)
            for above in weights[layer + 1 :]:
                out = FUNCTIONS[kind](out @ above)
            derivatives.append(np.sum(g_out * out).imag / TINY)
        norms.append(sum(value**2 for value in derivatives) ** 0.5)
        z = FUNCTIONS[kind](a)
    return np.array(norms)


def draw_chain(rng, N, widths, size=1.0):
    """Draw inputs, weights from width to width that keep, shrink or blow up the signal, and an upstream gradient."""
    weights = [size * rng.normal(size=pair) / np.sqrt(pair[0]) for pair in zip(widths[:-1], widths[1:], strict=True)]
    return rng.normal(size=(N, widths[0])), weights, rng.normal(size=(N, widths[-1]))


# --- initialisers


def xavier_init(fan_in, fan_out, *, rng):
    limit = np.sqrt(6) / np.hypot(np.sqrt(fan_in), np.sqrt(fan_out))
    return limit * (2 * rng.random((fan_in, fan_out)) - 1)


def he_init(fan_in, fan_out, *, rng):
    return rng.standard_normal((fan_in, fan_out)) / np.sqrt(fan_in / 2)


def shapes(rng):
    """Ask for a wide matrix, a tall one, and one entry."""
    sizes = [(3, 5), (7, 2), (1, 1)]
    seed = int(rng.integers(2**32))
    return lambda answer: {
        f"the shape for fan_in {D}, fan_out {M}": np.shape(answer(D, M, rng=np.random.default_rng(seed))) for D, M in sizes
    }


def spread(rng, scale):
    """Measure mean and variance of 25,600 weights; ``scale(D, M)`` is what the variance is to be."""
    seed = int(rng.integers(2**32))

    def experiment(answer):
        found = {}
        for about, D, M in [("many inputs, few outputs", 320, 80), ("few inputs, many outputs", 80, 320)]:
            W = np.asarray(answer(D, M, rng=np.random.default_rng(seed)), dtype=float)
            with np.errstate(divide="ignore"):  # weights that are all the same
                steps = np.rint(np.log(np.var(W) / scale(D, M)) / STEP)
            found[f"the variance of the weights ({about})"] = np.exp(STEP * steps)
            found[f"the mean of the weights ({about}): zero but for chance"] = abs(W.mean()) < 0.1 * W.std()
        return found

    return experiment


def form(rng):
    """Tell a uniform distribution from a normal one: by the share of the weights within one deviation, and beyond 1.8."""
    seed = int(rng.integers(2**32))

    def experiment(answer):
        W = np.asarray(answer(160, 160, rng=np.random.default_rng(seed)), dtype=float)
        size = np.abs(W - W.mean()) / W.std()
        shares = np.mean(size < 1), np.mean(size > 1.8)
        uniform, normal = (0.577, 0.0), (0.683, 0.072)
        return {"the kind of distribution": [np.allclose(shares, kind, atol=0.02) for kind in (uniform, normal)]}

    return experiment


def randomness(rng):
    """Draw again from a generator in the same state, and from another."""
    seed, other = (int(s) for s in rng.integers(2**32, size=2))

    def experiment(answer):
        first, again, different = (answer(9, 6, rng=np.random.default_rng(s)) for s in (seed, seed, other))
        return {
            "whether the same state of rng gives the same weights": np.array_equal(first, again),
            "whether another state gives others": not np.array_equal(first, different),
            "how many weights differ from each other": len(np.unique(first)),
        }

    return experiment


# --- the network


@lru_cache
def images():
    """Load the digits once."""
    return digits()


def draw_digits(rng):
    """Part the digits in 1078 to learn from and 719 that nobody has seen."""
    return split(*images(), rng=rng, test=0.4)


def draw_table(rng, N=400):
    """Draw three clouds in five dimensions, so far from each other that one example in a few hundred lies astray."""
    y = rng.permutation(np.arange(2 * N) % 3)
    X = rng.normal(size=(2 * N, 5)) + 4 * np.eye(5)[y]
    return (X[:N], y[:N]), (X[N:], y[N:])


def in_other_units(rng, data):
    """Give every feature a unit of its own."""
    factors = 10 ** rng.uniform(-3, 3, data[0][0].shape[1])
    return tuple((X * factors, y) for X, y in data)


# --- what the caller holds afterwards


def held(names, *arguments, **named):
    """See what the caller's arrays hold after a call, whatever it returns."""

    def experiment(answer):
        after = observe(answer, *arguments, **named).arrays
        return {f"what your caller's {name} holds afterwards": array for name, array in zip(names, after, strict=True)}

    return experiment
