"""A line through points under three losses, each fitted exactly, so that an outlier can be dragged."""

from itertools import combinations

import numpy as np

from course.losses import Huber

ROUNDS = 100


def squared_line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""Return intercept and slope with the least :math:`\sum_n (b + s x_n - y_n)^2`, from the normal equations.

    >>> squared_line(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])).round(6)
    array([1., 2.])
    """
    slope = np.dot(x - x.mean(), y) / np.dot(x - x.mean(), x)
    return np.array([y.mean() - slope * x.mean(), slope])


def absolute_line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""Return intercept and slope with the least :math:`\sum_n |b + s x_n - y_n|`.

    Some best line goes through two of the points, so that all pairs are tried: N (N − 1) / 2 lines at once.

    Parameters
    ----------
    x, y
        Shape (N,), with at least two different x.

    >>> absolute_line(np.array([0.0, 1.0, 2.0, 3.0]), np.array([1.0, 3.0, 5.0, 99.0]))
    array([1., 2.])
    """
    i, j = np.array(list(combinations(range(len(x)), 2))).T
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (y[j] - y[i]) / (x[j] - x[i])
    intercept = y[i] - slope * x[i]
    cost = np.abs(intercept[:, None] + slope[:, None] * x - y).sum(1)
    best = cost.argmin()
    return np.array([intercept[best], slope[best]])


def huber_line(x: np.ndarray, y: np.ndarray, delta: float) -> np.ndarray:
    r"""Return intercept and slope with the least Huber loss, by Newton's method where it lowers the loss.

    With the errors sorted into those within δ and those beyond, the loss is a parabola, whose lowest point is the next
    guess; once the sorting stays, that is the answer. Where the parabola's lowest point is no better, the points are
    weighted by :math:`\min(1, \delta/|e_n|)` and fitted again, which never makes the loss larger.

    Parameters
    ----------
    x, y
        Shape (N,).
    delta
        δ > 0.

    Notes
    -----
    Huber (1964), Robust estimation of a location parameter; the loss is `course.losses.Huber`.

    >>> huber_line(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), 0.5).round(6)
    array([1., 2.])
    """
    loss, A = Huber(delta), np.stack([np.ones_like(x), x], 1)
    line = squared_line(x, y)
    value, pull = loss(A @ line, y)
    for _ in range(ROUNDS):
        error = np.abs(A @ line - y)
        for weight in ((error <= delta) * 1.0, delta / np.maximum(error, delta)):
            curvature = (A.T * weight) @ A / len(x)
            if np.linalg.det(curvature) < 1e-12:
                continue
            other = line - np.linalg.solve(curvature, A.T @ pull)
            lower, there = loss(A @ other, y)
            if lower < value:
                break
        else:
            return line
        line, value, pull = other, lower, there
    return line
