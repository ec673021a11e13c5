"""How a wrong array differs from the right one, in a few words and without giving its values away."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from course.errors import format_shape

Same = Callable[[np.ndarray, np.ndarray], Any]
LARGEST_FACTOR = 1000  # a batch size or a number of classes; larger whole numbers are hit by chance


def relation(got: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-8) -> str | None:
    """Say how an answer differs from the expected array.

    Parameters
    ----------
    got
        The answer: anything at all.
    expected
        The right array, or anything that `numpy.asarray` takes.
    rtol, atol
        Two numbers agree when ``|got - expected| <= atol + rtol * |expected|``.

    Returns
    -------
    str or None
        A short phrase that never contains a value of either array: the shape, the transpose, the sign, a constant
        factor, a row, or how many entries differ. None when the two agree.

    >>> relation([2.0, 4.0, 6.0], [-1.0, -2.0, -3.0])
    'the sign is opposite and it is 2 times too large'
    >>> relation([[1, 2], [3, 9]], [[1, 2], [3, 4]])
    'right except in the last row'
    """
    if problem := not_numbers(got):
        return problem
    got, expected = (np.asarray(a) + 0 for a in (got, expected))  # + 0 makes numbers of truth values
    with np.errstate(all="ignore"):  # a wrong answer may hold anything
        return _difference(got, expected, lambda a, b: np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True), atol)


def _difference(got: np.ndarray, expected: np.ndarray, close: Same, atol: float) -> str | None:
    def same(a: np.ndarray, b: np.ndarray) -> bool:
        return a.shape == b.shape and bool(close(a, b).all())

    if same(got, expected):
        return None
    if got.shape != expected.shape:
        return _wrong_shape(got, expected, same)
    right = close(got, expected)
    return (
        _degenerate(got, atol)
        or _factor(got, expected, same)
        or _transpose(got, expected, same)
        or _one_slice(right)
        or _parallel(got, expected, same)
        or _count(right, same(np.abs(got), np.abs(expected)))
    )


def not_numbers(got: Any) -> str | None:
    """Say what an answer is when it is no array of numbers; None when it is one."""
    if got is None:
        return "it is None instead of an array"
    try:
        array = np.asarray(got)
    except (ValueError, TypeError):
        return "it is ragged: its rows have different lengths"
    if array.dtype.kind not in "biufc":
        return f"it is of type {type(got).__name__} and does not hold plain numbers"
    return None


def _degenerate(got: np.ndarray, atol: float) -> str | None:
    if np.isnan(got).any():
        return "it contains NaN"
    if np.isinf(got).any():
        return "it contains infinity"
    return "all zeros" if np.abs(got).max() <= atol else None


def _wrong_shape(got: np.ndarray, expected: np.ndarray, same: Same) -> str:
    transposed = _transpose(got, expected, same)
    if transposed:
        return transposed
    phrase = f"the shape is {format_shape(got.shape)} instead of {format_shape(expected.shape)}"
    if got.size == expected.size and same(got.reshape(expected.shape), expected):
        return f"{phrase}, though the values are right"
    for axis in range(got.ndim):
        if got.ndim > expected.ndim and same(got.sum(axis), expected):
            return f"{phrase}: the sum over axis {axis} is missing"
    return phrase


def _transpose(got: np.ndarray, expected: np.ndarray, same: Same) -> str | None:
    if got.ndim < 2 or got.T.shape != expected.shape:
        return None
    if same(got.T, expected):
        return "it is the transpose"
    factor = _factor(got.T, expected, same)
    return f"it is the transpose, and {factor}" if factor else None


def _scale(got: np.ndarray, expected: np.ndarray) -> float:
    """Return the factor c for which c · expected comes closest to got."""
    scale = float(np.vdot(expected, got).real / np.vdot(expected, expected).real)
    return scale if np.isfinite(scale) else 0.0


def _factor(got: np.ndarray, expected: np.ndarray, same: Same) -> str | None:
    scale = _scale(got, expected)
    if scale == 0 or not same(got / scale, expected):
        return None
    size = Fraction(abs(scale)).limit_denominator(LARGEST_FACTOR)
    whole = min(size.numerator, size.denominator) == 1 and size <= LARGEST_FACTOR
    simple = whole or (got.size > 1 and max(size.numerator, size.denominator) <= 12)
    if not simple or abs(abs(scale) - size) > 1e-5 * size:
        return None
    phrases = [] if scale > 0 else ["the sign is opposite"]
    if size != 1:
        phrases.append(f"it is {size} times too large" if size.denominator == 1 else f"it is {size} of the right size")
    return " and ".join(phrases) or None


def _parallel(got: np.ndarray, expected: np.ndarray, same: Same) -> str | None:
    scale = _scale(got, expected)
    if scale != 0 and same(got / scale, expected) and np.count_nonzero(expected) > 1:
        return "the right direction, but wrong in scale" if scale > 0 else "the opposite direction, and wrong in scale"
    if got.size > 2 and same(got - (got - expected).mean(), expected):
        return "the same amount is added to every entry"
    return None


def _one_slice(right: np.ndarray) -> str | None:
    """Name the one row or column in which everything that is wrong stands."""
    names = [("row" if right.ndim > 1 else "entry"), "column"]
    for axis, name in zip(range(right.ndim), names, strict=False):
        others = tuple(k for k in range(right.ndim) if k != axis)
        wrong = np.flatnonzero(~right.all(others))
        if len(wrong) == 1 and right.shape[axis] > 1:
            return f"right except in {_ordinal(wrong[0], right.shape[axis], name)}"
    return None


def _ordinal(k: int, n: int, name: str) -> str:
    return f"the first {name}" if k == 0 else f"the last {name}" if k == n - 1 else f"{name} {k}"


def _count(right: np.ndarray, same_size: bool) -> str:
    k, n = (~right).sum(), right.size
    if n == 1:
        return "the value differs"
    return f"the sign is opposite at {k} of {n} entries" if same_size else f"the values differ at {k} of {n} entries"
