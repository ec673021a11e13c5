"""L1 and L2 on a linear model with more features than points: which weights a penalty leaves, and how it predicts."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.optimizers import Momentum
from course.regularizers import L1, L2, Regularizer
from course.schedules import CosineDecay

FEATURES, POINTS, NOISE = 40, 30, 0.4
STEPS = 3000
TRUTHS = ("few large weights", "many small weights")
PENALTIES: dict[str, type[Regularizer]] = {"L1": L1, "L2": L2}


def features(x: np.ndarray) -> np.ndarray:
    r"""Return :math:`\phi_k(x) = \cos \pi k x` for k = 1 … 40.

    Parameters
    ----------
    x
        Shape (N,), from 0 to 1.

    Returns
    -------
    numpy.ndarray, shape (N, 40)

    >>> features(np.array([0.0, 0.5]))[:, :2].round(12) + 0.0
    array([[ 1.,  1.],
           [ 0., -1.]])
    """
    return np.cos(np.pi * np.arange(1, FEATURES + 1) * np.asarray(x)[:, None])


@lru_cache(maxsize=2)
def problem(truth: str) -> dict[str, np.ndarray]:
    """Return points measured of a sum of cosines.

    Parameters
    ----------
    truth
        One of `TRUTHS`: three weights that are not zero, or forty of which none is large.

    Returns
    -------
    dict
        ``x``, ``y``, shape (30,), and ``validation_x``, ``validation_y``, shape (200,); ``weights``, shape (40,): the true
        ones.

    >>> int(np.count_nonzero(problem("few large weights")["weights"]))
    3
    """
    weights = np.zeros(FEATURES)
    if truth == TRUTHS[0]:
        weights[[1, 4, 8]] = 1.5, -1.0, 0.8
    else:
        weights = np.random.default_rng(6).normal(0, 0.3, FEATURES)
    rng = np.random.default_rng(1)
    x, validation_x = np.sort(rng.uniform(0, 1, POINTS)), rng.uniform(0, 1, 200)
    y, validation_y = (features(at) @ weights + rng.normal(0, NOISE, len(at)) for at in (x, validation_x))
    return {"x": x, "y": y, "validation_x": validation_x, "validation_y": validation_y, "weights": weights}


@lru_cache(maxsize=8)
def path(truth: str, penalty: str, strengths: tuple[float, ...]) -> dict[str, np.ndarray]:
    r"""Minimize :math:`\frac1N \sum_n \frac12 (w \cdot \phi(x_n) - y_n)^2 + \Omega(w)` for many strengths at once.

    The gradient is the library's: 2λw for L2, λ sign w for L1, a subgradient at the kink. A weight that L1 wants at zero
    leaps about it by η λ and more; so the rate falls to zero along a cosine, and the leaps with it, to less than 0.001 for
    strengths up to 1.

    Parameters
    ----------
    truth, penalty
        One of `TRUTHS`, and "L1" or "L2".
    strengths
        S of them, λ ≥ 0.

    Returns
    -------
    dict
        ``weights``, shape (S, 40); ``train_loss`` and ``validation_loss``, shape (S,), without the penalty; ``zeros``,
        shape (S,): how many weights are within 0.001 of zero.

    Notes
    -----
    Decks 003 and 004, "Regularization"; Tibshirani (1996), Regression shrinkage and selection via the lasso.

    >>> path("few large weights", "L1", (1.5,))["zeros"]
    array([40])
    """
    points, slope = problem(truth), PENALTIES[penalty](1.0).gradient
    phi, strength = features(points["x"]), np.asarray(strengths)[:, None]
    curvature, pull = phi.T @ phi / POINTS, phi.T @ points["y"] / POINTS
    weights = np.zeros((len(strengths), FEATURES))
    gradient, optimizer = np.empty_like(weights), Momentum(CosineDecay(0.1, steps=STEPS), momentum=0.9)
    for _ in range(STEPS):
        np.matmul(weights, curvature, out=gradient)
        gradient -= pull
        gradient += strength * slope(weights)
        optimizer.step(weights, gradient)
    return {
        "weights": weights,
        "train_loss": half_squared_error(weights, points["x"], points["y"]),
        "validation_loss": half_squared_error(weights, points["validation_x"], points["validation_y"]),
        "zeros": (np.abs(weights) < 1e-3).sum(1),
    }


def half_squared_error(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    r"""Return :math:`\frac1N \sum_n \frac12 (w \cdot \phi(x_n) - y_n)^2` for each row of the weights.

    Parameters
    ----------
    weights
        Shape (S, 40).
    x, y
        Shape (N,).

    Returns
    -------
    numpy.ndarray, shape (S,)

    >>> half_squared_error(np.zeros((1, 40)), np.array([0.5]), np.array([2.0]))
    array([2.])
    """
    return ((weights @ features(x).T - y) ** 2).mean(1) / 2
