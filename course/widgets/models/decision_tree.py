"""A decision tree for two classes, short enough for a wall: the rival of the networks, at hand without scikit-learn.

scikit-learn's own trees, which a test compares these with, take a second to import: too long before an audience.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


def grow(X: np.ndarray, y: np.ndarray, depth: int) -> Callable[[np.ndarray], np.ndarray]:
    """Grow a tree of at most this depth: at each node the question that leaves the least impurity (Gini's).

    Parameters
    ----------
    X
        The rows to learn from, shape (N, D).
    y
        Their classes, 0 or 1, shape (N,).
    depth
        How many questions may be asked one after the other.

    Returns
    -------
    callable
        Takes rows, shape (M, D), and gives the share of class 1 in each one's leaf, shape (M,).

    Notes
    -----
    Breiman, Friedman, Olshen and Stone (1984), Classification and regression trees. A leaf is a node that is pure, or
    whose rows are all the same.

    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    >>> grow(X, y, depth=1)(np.array([[1.4], [1.6]]))
    array([0., 1.])
    """
    share = y.mean()
    question = best_question(X, y) if depth and 0 < share < 1 else None
    if question is None:
        return lambda X: np.full(len(X), share)
    column, threshold = question
    yes = X[:, column] <= threshold
    below, above = grow(X[yes], y[yes], depth - 1), grow(X[~yes], y[~yes], depth - 1)

    def shares(X: np.ndarray) -> np.ndarray:
        yes, found = X[:, column] <= threshold, np.empty(len(X))
        found[yes], found[~yes] = below(X[yes]), above(X[~yes])
        return found

    return shares


def best_question(X: np.ndarray, y: np.ndarray) -> tuple[int, float] | None:
    """Return the column and the threshold of the split that leaves the least impurity; None when all rows are the same.

    The impurity of n rows with k of class 1 is ``n · 2 (k/n) (1 - k/n)``. All splits of all columns are tried at once: with
    a column's rows in order, the k below each threshold are a running sum.

    Parameters
    ----------
    X, y
        As in `grow`.

    >>> best_question(np.array([[0.0, 5.0], [1.0, 3.0], [2.0, 4.0]]), np.array([1, 0, 1]))
    (1, 3.5)
    """
    order = X.argsort(axis=0)
    values = np.take_along_axis(X, order, axis=0)
    n_below = np.arange(1, len(y))[:, None]
    n_above = len(y) - n_below
    k_below = y[order].cumsum(axis=0)[:-1]
    k_above = y.sum() - k_below
    impurity = 2 * (k_below * (1 - k_below / n_below) + k_above * (1 - k_above / n_above))
    impurity[values[1:] == values[:-1]] = np.inf  # no threshold parts equal values
    if not np.isfinite(impurity).any():
        return None
    place, column = np.unravel_index(impurity.argmin(), impurity.shape)
    return int(column), float(values[place : place + 2, column].mean())
