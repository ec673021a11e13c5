"""Batches: all examples at once, one at a time, or a few; and what data must be before they are used."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.errors import DataError, DtypeError, require_finite, require_range

Pair = tuple[np.ndarray, np.ndarray]


def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int | None, *, rng: np.random.Generator) -> Iterator[Pair]:
    """Go through the examples once, in random order, a batch at a time.

    Parameters
    ----------
    X, y
        Inputs and targets, one row for each example; they stay paired.
    batch_size
        The number of examples in a batch, at least one; the last batch holds what is left. 1 is stochastic gradient
        descent. None is all of them, in their order: batch gradient descent.
    rng
        Draws the order.

    Yields
    ------
    (x, y)
        Copies of the rows; with None, X and y themselves.

    Raises
    ------
    DataError
        When X and y differ in length or are empty.
    RangeError
        When a batch would hold no example.

    Notes
    -----
    Deck 003, "Three flavors of gradient descent".

    >>> X = np.arange(5.0).reshape(5, 1)
    >>> [len(x) for x, y in minibatches(X, X, 2, rng=np.random.default_rng(0))]
    [2, 2, 1]
    """
    if len(X) != len(y) or not len(X):
        raise DataError(f"minibatches: every input needs its target, got {len(X)} inputs and {len(y)} targets")
    if batch_size is None:
        yield X, y
        return
    require_range("minibatches", "batch_size", batch_size, "[1, inf)")
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


def finite(owner: str, name: str, data: Any, dtype: Any) -> np.ndarray:
    """Return data as an array of finite numbers, in a given precision unless they are integers.

    >>> finite("fit", "X", [[1, 2], [3, None]], np.float64)
    Traceback (most recent call last):
    course.errors.DtypeError: fit: X must hold numbers, got object; turn categories into numbers first
    """
    data = np.asarray(data)
    if data.dtype.kind not in "biuf":
        raise DtypeError(f"{owner}: {name} must hold numbers, got {data.dtype}; turn categories into numbers first")
    require_finite(owner, name, data, "drop the row or fill the gap")
    return data.astype(dtype, copy=False) if data.dtype.kind == "f" else data
