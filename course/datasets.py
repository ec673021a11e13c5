"""Data to learn from: made on the spot from a seed, split, and brought to one scale."""

from __future__ import annotations  # naming np.random in a signature must not import it

from typing import Any

import numpy as np

from course.errors import DataError, require_finite, require_range, require_shape
from course.numerics import one_hot as as_one_hot

SPAM, HAM = 0, 1

Pair = tuple[np.ndarray, np.ndarray]


def spam(n: int, *, rng: np.random.Generator, one_hot: bool = False) -> Pair:
    r"""Messages, each with its length and the trust in its sender, half of them spam.

    Spam is of middling length and comes from senders of little trust. Ham is either a short note or a long letter,
    and its senders are trusted more. The classes overlap, and no straight line parts them well.

    Parameters
    ----------
    n
        The number of messages, at least one.
    rng
        Draws them; the same seed gives the same messages.
    one_hot
        Whether the targets are rows: spam [1, 0] and ham [0, 1].

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
        Length in characters, above 0, mostly 30 to 3000; and trust, in [0, 1]. The scales differ a thousandfold: see
        `Standardizer`.
    y : numpy.ndarray, shape (n,) or (n, 2)
        The class, `SPAM` = 0 or `HAM` = 1; or its one-hot row.

    Notes
    -----
    Deck 003, "The training problem".

    >>> X, y = spam(4, rng=np.random.default_rng(1), one_hot=True)
    >>> X.shape, y.shape
    ((4, 2), (4, 2))
    """
    require_range("spam", "n", n, "[1, inf)")
    y = rng.permutation(np.arange(n) % 2)
    letter = rng.random(n) < 0.5
    middle = np.choose(np.where(y == SPAM, 0, 1 + letter), [300.0, 80.0, 1200.0])
    length = rng.lognormal(np.log(middle), 0.45)
    trust = np.where(y == SPAM, rng.beta(2, 4, n), rng.beta(4, 2, n))
    return np.column_stack([length, trust]), as_one_hot(y, 2) if one_hot else y


def spirals(n: int, *, rng: np.random.Generator, classes: int = 2, turns: float = 1.0, noise: float = 0.05) -> Pair:
    r"""Points on spiral arms that wind about the origin, one arm for each class.

    .. math:: x = r\,(\cos\varphi, \sin\varphi) + \text{noise}, \qquad \varphi = 2\pi\,(r \cdot \text{turns} + k / C)

    Parameters
    ----------
    n
        The number of points, at least one; the classes differ by at most one in size.
    rng
        Draws the radii r, uniform in [0.1, 1], and the noise.
    classes
        The number C of arms, at least one.
    turns
        How often an arm goes round.
    noise
        The standard deviation of the noise on each coordinate, not negative.

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
    y : numpy.ndarray, shape (n,)
        The arm k of each point, from 0 to C - 1, in random order.

    >>> X, y = spirals(7, rng=np.random.default_rng(0), classes=3)
    >>> np.bincount(y)
    array([3, 2, 2])
    """
    require_range("spirals", "n", n, "[1, inf)")
    require_range("spirals", "classes", classes, "[1, inf)")
    require_range("spirals", "noise", noise, "[0, inf)")
    y = rng.permutation(np.arange(n) % classes)
    radius = rng.uniform(0.1, 1.0, n)
    angle = 2 * np.pi * (radius * turns + y / classes)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + rng.normal(0.0, noise, (n, 2)), y


def split(X: np.ndarray, y: np.ndarray, *, rng: np.random.Generator, test: float = 0.25) -> tuple[Pair, Pair]:
    """Part the examples at random in a training and a test set.

    Parameters
    ----------
    X, y
        Inputs and targets, one row for each example.
    rng
        Decides who goes where.
    test
        The share of the test set, in (0, 1); each part gets at least one example.

    Returns
    -------
    (X_train, y_train), (X_test, y_test)
        Copies.

    Raises
    ------
    DataError
        When X and y differ in length, or there are fewer than two examples.

    >>> train, test = split(np.arange(8.0).reshape(8, 1), np.arange(8), rng=np.random.default_rng(0))
    >>> len(train[0]), len(test[0])
    (6, 2)
    """
    require_range("split", "test", test, "(0, 1)")
    if len(X) != len(y) or len(X) < 2:
        raise DataError(f"split: needs two examples or more, with a target each, got {len(X)} inputs, {len(y)} targets")
    order = rng.permutation(len(X))
    size = min(max(round(test * len(X)), 1), len(X) - 1)
    train, held_out = order[size:], order[:size]
    return (X[train], y[train]), (X[held_out], y[held_out])


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
