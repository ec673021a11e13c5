"""How a wrong array differs from the right one, in a few words and without giving its values away."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from course.errors import format_shape
from course.gradient_check import differences
from course.gradient_check.pair import Pair
from course.gradient_check.scaling import factor, parallel
from course.gradient_check.terms import term

NO_TERMS: Mapping[str, np.ndarray] = {}


def relation(
    got: Any,
    expected: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    rows: int | None = None,
    terms: Mapping[str, np.ndarray] = NO_TERMS,
) -> str | None:
    """Say how an answer differs from the expected array.

    Parameters
    ----------
    got
        The answer: anything at all.
    expected
        The right array, or anything that `numpy.asarray` takes.
    rtol, atol
        Two numbers agree when ``|got - expected| <= atol + rtol * |expected|``.
    rows
        The number of examples N, where that is known: a factor of N or 1/N then reminds of a sum and of a mean.
    terms
        Arrays that the answer may have mixed up or left out, by the names that the phrase shall give them, such as
        ``{"the upstream gradient": g_out}``.

    Returns
    -------
    str or None
        A short phrase that never contains a value of either array. None when the two agree. It names, and tries in
        this order: what is no array; another shape; NaN, infinity; all zeros; the sign and a constant factor; the
        transpose; the one row or column that is wrong; rows, columns or entries in another order; one sum or mean in
        every place; a term that is missing or too many; the right direction with a wrong scale; and otherwise how
        many entries differ.

    Notes
    -----
    Nothing is claimed on a coincidence: a factor needs two entries that agree on it, unless it is -1, 2 or ½, and a
    term needs three entries more than it has free numbers.

    >>> relation([2.0, 4.0, 6.0], [-1.0, -2.0, -3.0])
    'the sign is opposite and it is 2 times too large'
    >>> relation([[1, 2], [3, 9]], [[1, 2], [3, 4]])
    'right except in the last row'
    """
    if problem := not_numbers(got):
        return problem
    got, expected = (np.asarray(a) + 0 for a in (got, expected))  # + 0 makes numbers of truth values
    pair = Pair(got, expected, rtol, atol)
    with np.errstate(all="ignore"):  # a wrong answer may hold anything
        if pair.agrees:
            return None
        if got.shape != expected.shape:
            return _wrong_shape(pair, rows)
        return (
            _degenerate(pair)
            or factor(pair, rows)
            or _transpose(pair, rows)
            or differences.one_slice(pair)
            or differences.order(pair)
            or differences.repeated(pair)
            or term(pair, terms)
            or parallel(pair)
            or differences.count(pair)
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


def _degenerate(pair: Pair) -> str | None:
    if np.isnan(pair.got).any():
        return "it contains NaN"
    if np.isinf(pair.got).any():
        return "it contains infinity"
    return "all zeros" if pair.zero(pair.got) else None


def _wrong_shape(pair: Pair, rows: int | None) -> str:
    got, expected = pair.got, pair.expected
    if transposed := _transpose(pair, rows):
        return transposed
    phrase = f"the shape is {format_shape(got.shape)} instead of {format_shape(expected.shape)}"
    if got.size == expected.size and pair.same(got.reshape(expected.shape), expected):
        return f"{phrase}, though the values are right"
    for axis in range(got.ndim):
        if got.ndim > expected.ndim and pair.same(got.sum(axis), expected):
            return f"{phrase}: the sum over axis {axis} is missing"
    for axis in range(expected.ndim):
        for name in ("sum", "mean"):
            if pair.same(got, getattr(expected, name)(axis)):
                return f"{phrase}: it is the {name} of the right one over axis {axis}"
    return f"{phrase}: it is the sum of all entries of the right one" if pair.same(got, expected.sum()) else phrase


def _transpose(pair: Pair, rows: int | None) -> str | None:
    if pair.got.ndim < 2 or pair.got.T.shape != pair.expected.shape:
        return None
    turned = pair.of(pair.got.T, pair.expected)
    if turned.agrees:
        return "it is the transpose"
    times = factor(turned, rows)
    return f"it is the transpose, and {times}" if times else None
