"""Derivatives from values alone: central differences."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.errors import ShapeError

Function = Callable[[np.ndarray], Any]
STEP = np.cbrt(np.finfo(np.float64).eps)  # balances truncation, of order h², against rounding, of order ε/h


def central_difference(f: Function, x: Any, *, h: float | None = None) -> np.ndarray:
    r"""Return the gradient of a scalar function by central differences.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h_i e_i) - f(x - h_i e_i)}{2 h_i},
        \qquad \text{error } O(h_i^2)

    Parameters
    ----------
    f
        Takes an array of x's shape and returns one number.
    x
        Where to differentiate: any shape; computed in float64 whatever its type, and left as it is.
    h
        The step of every entry. By default :math:`h_i = \sqrt[3]{\epsilon}\, \max(1, |x_i|)`, about 6e-6.

    Returns
    -------
    numpy.ndarray
        The gradient, of x's shape, in float64.

    Raises
    ------
    ShapeError
        When f returns more than one number: `numerical_vjp` differentiates such functions.

    Notes
    -----
    Decks 000 and 001, finite differences; 2·x.size evaluations of f.

    >>> central_difference(lambda x: (x**3).sum(), [1.0, 2.0]).round(6)
    array([ 3., 12.])
    """

    def scalar(x: np.ndarray) -> float:
        value = np.asarray(f(x))
        if value.size != 1:
            raise ShapeError(f"central_difference: f must return one number, got {value.shape}; use numerical_vjp")
        return value.item()

    return numerical_vjp(scalar, x, 1.0, h=h)


def numerical_vjp(f: Function, x: Any, g_out: Any, *, h: float | None = None) -> np.ndarray:
    r"""Return the gradient of :math:`\sum_k f_k(x)\, g_k` by central differences: what backward(g_out) must return.

    Parameters
    ----------
    f
        Takes an array of x's shape and returns an array of g_out's shape.
    x
        Where to differentiate: any shape; computed in float64 whatever its type, and left as it is.
    g_out
        The upstream gradient. Let it be random: ones hide a missing transpose and the whole of softmax.
    h
        The step, as in `central_difference`.

    Returns
    -------
    numpy.ndarray
        The gradient, of x's shape, in float64.

    Raises
    ------
    ShapeError
        When f(x) and g_out differ in shape.

    >>> numerical_vjp(np.sin, [0.0, np.pi], [3.0, 5.0]).round(6)
    array([ 3., -5.])
    """
    x = np.array(x, dtype=np.float64)
    g_out = np.asarray(g_out, dtype=np.float64)
    steps = STEP * np.maximum(1, np.abs(x)) if h is None else np.full(x.shape, float(h))
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()  # fresh copies: f may keep or change what it is given
        above[i] += steps[i]
        below[i] -= steps[i]
        width = above[i] - below[i]
        gradient[i] = _change(f, above, below, g_out) / width
    return gradient


def _change(f: Function, above: np.ndarray, below: np.ndarray, g_out: np.ndarray) -> float:
    """Weigh the change of every output by its upstream gradient; subtracting first keeps the digits."""
    change = np.asarray(f(above), dtype=np.float64) - np.asarray(f(below), dtype=np.float64)
    if change.shape != g_out.shape:
        raise ShapeError(f"numerical_vjp: g_out must have the shape of f(x), {change.shape}, got {g_out.shape}")
    return float((change * g_out).sum())
