"""Sigmoid, softmax and their losses, as the formula says and as a careful program computes them.

All are functions of one logit a. The softmax is of the logits (a, 0), and its first probability is looked at; the class is
the first, and the target 1.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course.losses import BinaryCrossEntropy, SoftmaxCrossEntropy
from course.numerics import log_softmax, sigmoid, softplus

PRECISIONS = {"float64": np.float64, "float32": np.float32}


class Pair(NamedTuple):
    """A function of one logit, computed naively and stably: each takes logits and returns values and slopes."""

    naive: Callable[[np.ndarray], tuple]
    stable: Callable[[np.ndarray], tuple]


def _naive_sigmoid(a):
    e = np.exp(-a)
    return 1 / (1 + e), e / (1 + e) ** 2


def _stable_sigmoid(a):
    return sigmoid(a), sigmoid(a) * sigmoid(-a)


def _naive_softmax(a):
    first, second = np.exp(a), np.exp(0 * a)
    total = first + second
    return first / total, first * second / total**2


def _stable_softmax(a):
    p, q = np.exp(log_softmax(np.stack([a, 0 * a], -1))).T
    return p, p * q


def _naive_softmax_cross_entropy(a):
    p, _ = _naive_softmax(a)
    return -np.log(p), p - 1


def _stable_softmax_cross_entropy(a):
    logits, n = np.stack([a, 0 * a], -1), len(a)
    _, gradient = SoftmaxCrossEntropy()(logits, np.zeros(n, int))
    return -log_softmax(logits)[:, 0], n * gradient[:, 0]


def _naive_binary_cross_entropy(a):
    y, p = np.ones_like(a), 1 / (1 + np.exp(-a))
    slope_by_p, slope_of_p = (p - y) / (p * (1 - p)), p * (1 - p)
    return -(y * np.log(p) + (1 - y) * np.log(1 - p)), slope_by_p * slope_of_p


def _stable_binary_cross_entropy(a):
    y, n = np.ones_like(a), len(a)
    _, gradient = BinaryCrossEntropy()(a[:, None], y[:, None])
    return softplus(-a), n * gradient[:, 0]


FUNCTIONS = {
    "sigmoid": Pair(_naive_sigmoid, _stable_sigmoid),
    "softmax": Pair(_naive_softmax, _stable_softmax),
    "softmax cross-entropy": Pair(_naive_softmax_cross_entropy, _stable_softmax_cross_entropy),
    "binary cross-entropy": Pair(_naive_binary_cross_entropy, _stable_binary_cross_entropy),
}


@lru_cache(maxsize=32)
def compare(name: str, precision: str, logits: tuple[float, ...]) -> dict[str, np.ndarray]:
    r"""Compute a function and its slope naively and stably.

    Parameters
    ----------
    name, precision
        One of `FUNCTIONS`, and one of `PRECISIONS`.
    logits
        K numbers.

    Returns
    -------
    dict
        ``naive``, ``naive slope``, ``stable``, ``stable slope``: shape (K,), in the precision asked for; infinities and
        NaN are left as they are.

    Notes
    -----
    Decks 002, 003 and 004 write the losses of probabilities; `course.numerics` and `course.losses` compute them from
    logits.

    >>> found = compare("binary cross-entropy", "float64", (-1000.0, 0.0, 1000.0))
    >>> print(found["naive"].round(3), found["stable"].round(3).tolist())
    [  inf 0.693   nan] [1000.0, 0.693, 0.0]
    """
    a = np.array(logits, PRECISIONS[precision])
    with np.errstate(all="ignore"):
        naive, naive_slope = FUNCTIONS[name].naive(a)
        stable, stable_slope = FUNCTIONS[name].stable(a)
    return {"naive": naive, "naive slope": naive_slope, "stable": stable, "stable slope": stable_slope}


def limits(precision: str) -> dict[str, float]:
    r"""Return the sizes of a from which on something breaks.

    ``overflow``: :math:`e^{|a|}` exceeds the largest number; ``underflow``: :math:`e^{-|a|}` rounds to 0; ``full``:
    :math:`1 + e^{-|a|}` rounds to 1.

    >>> {what: round(size, 1) for what, size in limits("float32").items()}
    {'overflow': 88.7, 'underflow': 104.0, 'full': 16.6}
    """
    kind = np.finfo(PRECISIONS[precision])
    sizes: dict[str, Any] = {
        "overflow": np.log(np.float64(kind.max)),
        "underflow": np.log(2.0) - np.log(np.float64(kind.smallest_subnormal)),
        "full": np.log(2.0) - np.log(np.float64(kind.eps)),
    }
    return {what: float(size) for what, size in sizes.items()}


BREAKS = {  # where the naive way fails: for logits below zero and above, or None
    "sigmoid": ("overflow", None),
    "softmax": (None, "overflow"),
    "softmax cross-entropy": ("underflow", "overflow"),
    "binary cross-entropy": ("overflow", "full"),
}
