"""The functions that losses, layers, data and the tape share; no logit is too large for them."""

from functools import lru_cache

import numpy as np


def sigmoid(a: np.ndarray) -> np.ndarray:
    r"""Logistic function, :math:`\sigma(a) = 1 / (1 + e^{-a})`.

    Only :math:`e^{-|a|} \le 1` is computed: σ(a) is 1/(1 + e) where a ≥ 0 and e/(1 + e) elsewhere, so that nothing
    overflows and the tails keep all their digits.

    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)


def softplus(a: np.ndarray) -> np.ndarray:
    r"""Smooth ramp, :math:`\log(1 + e^a) = \max(a, 0) + \log(1 + e^{-|a|})`; its slope is the sigmoid.

    >>> softplus(np.array([-1000.0, 1000.0]))
    array([   0., 1000.])
    """
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    r"""Log-probabilities of the last axis, :math:`a_k - \log \sum_j e^{a_j}`.

    The largest logit is subtracted first, which changes no probability and keeps every exponential below one.

    >>> log_softmax(np.array([[0.0, 1000.0]]))
    array([[-1000.,     0.]])
    """
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def one_hot(labels: np.ndarray, classes: int, dtype: type = np.float64) -> np.ndarray:
    """Rows of zeros with a one in the column of the label: shape (N,) becomes (N, C).

    >>> one_hot(np.array([0, 2]), 3)
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    rows = np.zeros((len(labels), classes), dtype)
    rows[np.arange(len(labels)), labels] = 1
    return rows


@lru_cache(maxsize=256)
def ones(n: int, dtype: np.dtype) -> np.ndarray:
    """Return n ones, kept: ``ones.dot(g)`` adds up the rows of g at half the price of ``g.sum(0)``.

    >>> ones(2, np.float64).dot(np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([4., 6.])
    """
    vector = np.ones(n, dtype)
    vector.flags.writeable = False
    return vector
