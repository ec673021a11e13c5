"""A term that is missing or too many, recognized in what is left when the right array is taken away."""

from collections.abc import Iterator, Mapping

import numpy as np

from course.gradient_check.pair import Pair

SPARE = 3  # so many more entries must fit than the term has free numbers
TERM = "one term is missing or wrong"


def term(pair: Pair, terms: Mapping[str, np.ndarray]) -> str | None:
    """Name an array that stands in place of the right one, or that the difference is a multiple of."""
    fitting = {name: array for name, array in terms.items() if np.shape(array) == pair.got.shape}
    for name, array in fitting.items():
        if pair.same(pair.got, array) and pair.nonzero(array) >= SPARE:
            return f"it is {name}, handed on unchanged"
    ones = np.ones(pair.got.shape)
    return next(_fits(pair, {"": ones} | fitting), None)


def _fits(pair: Pair, terms: Mapping[str, np.ndarray]) -> Iterator[str]:
    """Go through the terms, each with one factor for all entries first and then with one for each row or column."""
    matrix = pair.got.ndim == 2
    for axis, where in ((None, ""), (1, "row"), (0, "column")) if matrix else ((None, ""),):
        for name, array in terms.items():
            if _is_multiple(pair, array, axis):
                yield _phrase(name, where)


def _is_multiple(pair: Pair, term: np.ndarray, axis: int | None) -> bool:
    """Tell whether got - expected is the term times one number, or times one for each row (axis 1) or column (axis 0)."""
    difference = pair.got - pair.expected
    numbers = 1 if axis is None else term.shape[1 - axis]
    if pair.nonzero(term) < numbers + SPARE or pair.nonzero(difference) < numbers + SPARE:
        return False
    factors = (difference * term).sum(axis, keepdims=True) / (term * term).sum(axis, keepdims=True)
    factors = np.where(np.isfinite(factors), factors, 0)
    return pair.same(pair.got, pair.expected + factors * term)


def _phrase(name: str, where: str) -> str:
    if name:
        return f"{TERM}: {f'in each {where} ' if where else ''}a multiple of {name}"
    return f"{TERM}: the same number for all of a {where}" if where else "the same amount is added to every entry"
