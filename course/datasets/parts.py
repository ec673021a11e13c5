"""What comes between data and training: parting them, and bringing them to one scale without a leak."""

from __future__ import annotations  # naming np.random in a signature must not import it

from typing import Any

import numpy as np

from course.errors import DataError, ShapeError, require_finite, require_range, require_shape

Pair = tuple[np.ndarray, np.ndarray]


def split(
    X: np.ndarray,
    y: np.ndarray,
    *,
    rng: np.random.Generator,
    test: float = 0.25,
    validation: float | None = None,
    stratify: bool = False,
) -> tuple[Pair, ...]:
    """Part the examples at random in a training and a test set, or in a training, a validation and a test set.

    Parameters
    ----------
    X, y
        Inputs and targets, one row for each example.
    rng
        Decides who goes where.
    test, validation
        The share of each set, in (0, 1), together less than one. The rest is for training; each part gets at least
        one example. Without a share for validation there are two parts.
    stratify
        Whether every part has its share of every class, to within one example. The targets are then classes, of
        shape (N,), or one-hot rows.

    Returns
    -------
    (X_train, y_train), (X_test, y_test)
        Or, with a validation set, it stands between the two. All are copies.

    Raises
    ------
    DataError
        When X and y differ in length, or there are too few examples for every part to get one.
    RangeError
        When the shares leave nothing for training.
    ShapeError
        When the targets of a stratified split are neither classes nor one-hot rows.

    >>> train, test = split(np.arange(8.0).reshape(8, 1), np.arange(8), rng=np.random.default_rng(0))
    >>> len(train[0]), len(test[0])
    (6, 2)
    """
    shares = [test] if validation is None else [test, validation]
    for name, share in zip(["test", "validation"], shares, strict=False):
        require_range("split", name, share, "(0, 1)")
    require_range("split", "the sum of the shares", sum(shares), "(0, 1)", "leave some examples for training")
    n = len(X)
    if n != len(y) or n <= len(shares):
        raise DataError(
            f"split: needs {len(shares) + 1} examples or more, with a target each, got {n} inputs, {len(y)} targets"
        )
    order = rng.permutation(n)
    if stratify:
        labels = _labels(y)[order]
        cuts = [_cut(order[labels == label], shares) for label in np.unique(labels)]
        parts = [rng.permutation(np.concatenate(part)) for part in zip(*cuts, strict=True)]
    else:
        parts = _cut(order, shares, least=1)
    if not all(map(len, parts)):
        raise DataError(f"split: a stratified split into {len(parts)} parts needs more examples of some class")
    return tuple((X[rows], y[rows]) for rows in reversed(parts))


def _cut(order: np.ndarray, shares: list[float], least: int = 0) -> list[np.ndarray]:
    """Cut off a part for each share, rounded to whole examples but to no fewer than `least`; what is left comes last."""
    n, ends = len(order), [0]
    for k, share in enumerate(np.cumsum(shares)):
        leave = least * (len(shares) - k)
        ends.append(min(max(round(share * n), ends[-1] + least), n - leave))
    return [order[start:end] for start, end in zip(ends, [*ends[1:], n], strict=True)]


def _labels(y: np.ndarray) -> np.ndarray:
    """Return the class of each example."""
    y = np.asarray(y)
    if y.ndim == 2 and y.shape[1] > 1:
        return y.argmax(1)
    if y.ndim != 1:
        raise ShapeError(f"split: the targets of a stratified split must be classes (N,) or one-hot rows, got {y.shape}")
    return y


class Standardizer:
    r"""Brings every feature to mean zero and standard deviation one: :math:`(x - \mu) / \sigma`.

    Make it from the training part alone and use it on every part: statistics of the test part would leak into the
    training.

    Parameters
    ----------
    X
        Of shape (N, D): where μ and σ are taken from. A feature that never changes keeps σ = 1.

    Raises
    ------
    ShapeError, DataError
        When the data are not a table, or hold a NaN or an infinity.

    >>> standardize = Standardizer(np.array([[1.0, 5.0], [3.0, 5.0]]))
    >>> standardize(np.array([[2.0, 6.0]]))
    array([[0., 1.]])
    """

    def __init__(self, X: Any):
        X = np.asarray(X)
        require_shape("Standardizer", "X", X, ("N", "D"))
        if not len(X):
            raise DataError("Standardizer: X must have at least one row, got none")
        require_finite("Standardizer", "X", X)
        self.mean, spread = X.mean(0), X.std(0)
        self.scale = np.where(spread > 0, spread, 1)

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """Return the standardized data, in a new array."""
        require_shape("Standardizer", "X", X, ("N", len(self.mean)), "it was made from data with as many columns")
        return (X - self.mean) / self.scale

    def inverse(self, Z: np.ndarray) -> np.ndarray:
        """Return the data in their own units."""
        require_shape("Standardizer", "Z", Z, ("N", len(self.mean)), "it was made from data with as many columns")
        return Z * self.scale + self.mean
