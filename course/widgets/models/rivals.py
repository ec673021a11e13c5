"""A network and a decision tree on the same rows: their boundaries, and how many rows each needs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course.datasets import Standardizer, circles, moons, spirals
from course.initializers import he_normal
from course.layers import Linear, ReLU, Sequential
from course.losses import SoftmaxCrossEntropy
from course.numerics import sigmoid
from course.optimizers import Adam
from course.training import minibatches, training_step
from course.widgets.models.decision_tree import grow

ROWS = (10, 20, 40, 80, 160, 320, 640)
TESTED, GRID, EXTRA, STEPS = 1000, 48, 8, 160
WRONG = 0.05  # the share of labels that are flipped, where the points themselves have no noise

Pair = tuple[np.ndarray, np.ndarray]


def rules(n: int, *, rng: np.random.Generator) -> Pair:
    """Draw points in a square whose class two questions decide, one inside the other; every twentieth label is wrong.

    >>> X, y = rules(1000, rng=np.random.default_rng(0))
    >>> bool(((X[:, 1] > np.where(X[:, 0] > 0.2, -0.4, 0.5)) == y).mean() > 0.9)
    True
    """
    X = rng.uniform(-1, 1, (n, 2))
    return X, _flipped(X[:, 1] > np.where(X[:, 0] > 0.2, -0.4, 0.5), rng)


def slope(n: int, *, rng: np.random.Generator) -> Pair:
    """Draw points in a square that a slanted line parts; every twentieth label is wrong.

    >>> X, y = slope(1000, rng=np.random.default_rng(0))
    >>> bool(((X.sum(1) > 0) == y).mean() > 0.9)
    True
    """
    X = rng.uniform(-1, 1, (n, 2))
    return X, _flipped(X.sum(1) > 0, rng)


def _flipped(y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return (y ^ (rng.random(len(y)) < WRONG)).astype(int)


DATA = {  # each with the square that is drawn: its centre, and how far it goes
    "if/else rules": (rules, (0, 0), 1.0),
    "slanted line": (slope, (0, 0), 1.0),
    "moons": (lambda n, rng: moons(n, rng=rng, noise=0.2), (0.5, 0.25), 2.0),
    "circles": (lambda n, rng: circles(n, rng=rng, noise=0.12), (0, 0), 1.5),
    "spirals": (lambda n, rng: spirals(n, rng=rng, noise=0.06), (0, 0), 1.2),
}


@lru_cache(maxsize=16)
def tables(data: str, extra: bool) -> tuple[Pair, Pair, np.ndarray]:
    """Draw 640 rows to learn from and 1000 to test on, and lay out the plane: (640, D), (1000, D), (48², D).

    Parameters
    ----------
    data
        A name from `DATA`.
    extra
        Whether eight columns of noise stand beside the two that matter: D is 10 then. In the plane they are 0.

    >>> train, test, plane = tables("moons", True)
    >>> train[0].shape, test[0].shape, plane.shape
    ((640, 10), (1000, 10), (2304, 10))
    """
    draw, centre, reach = DATA[data]
    rng = np.random.default_rng(0)
    n = ROWS[-1] + TESTED
    X, y = draw(n, rng=rng)
    places = reach * ((np.arange(GRID) + 0.5) / GRID * 2 - 1)
    plane = np.stack(np.meshgrid(places, places), -1).reshape(-1, 2) + np.array(centre)
    if extra:
        X = np.hstack([X, rng.standard_normal((n, EXTRA))])
        plane = np.hstack([plane, np.zeros((len(plane), EXTRA))])
    return (X[: ROWS[-1]], y[: ROWS[-1]]), (X[ROWS[-1] :], y[ROWS[-1] :]), plane


@lru_cache(maxsize=16)
def networks(data: str, extra: bool) -> dict[str, np.ndarray]:
    """Train a network of two hidden layers on the first 10, 20, …, 640 rows: 160 steps of Adam each.

    Parameters
    ----------
    data, extra
        As in `tables`.

    Returns
    -------
    dict
        ``accuracy``, shape (7,): the share of the test rows that are right; ``field``, shape (7, 48, 48): the
        probability of class 1 in the plane; ``train_accuracy``, shape (7,).

    Notes
    -----
    Deck 003, "Neural network vs decision tree".

    >>> networks("slanted line", False)["accuracy"][-1] > 0.9
    np.True_
    """
    (X, y), test, plane = tables(data, extra)
    return _all(lambda n: _network(X[:n], y[:n]), (X, y), test, plane)


@lru_cache(maxsize=256)
def trees(data: str, extra: bool, depth: int) -> dict[str, np.ndarray]:
    """Grow a decision tree of at most this depth on the first 10, 20, …, 640 rows.

    Parameters
    ----------
    data, extra
        As in `tables`.
    depth
        How many questions may be asked one after the other, at least 1.

    Returns
    -------
    dict
        As from `networks`.

    Notes
    -----
    Deck 003, "Neural network vs decision tree". Use it as ``trees("if/else rules", False, 4)["accuracy"]``.
    """
    (X, y), test, plane = tables(data, extra)

    return _all(lambda n: grow(X[:n], y[:n], depth), (X, y), test, plane)


def _all(learn: Any, train: Pair, test: Pair, plane: np.ndarray) -> dict[str, np.ndarray]:
    """Learn from each number of rows, and ask what was learned everywhere."""
    found: dict[str, list] = {"accuracy": [], "train_accuracy": [], "field": []}
    for n in ROWS:
        probabilities = learn(n)
        found["accuracy"].append(_right(probabilities, *test))
        found["train_accuracy"].append(_right(probabilities, train[0][:n], train[1][:n]))
        found["field"].append(probabilities(plane).reshape(GRID, GRID))
    return {name: np.array(values) for name, values in found.items()}


def _right(probabilities: Any, X: np.ndarray, y: np.ndarray) -> float:
    return np.mean((probabilities(X) > 0.5) == y)


def _network(X: np.ndarray, y: np.ndarray) -> Any:
    """Train a network, and return what gives its probabilities of class 1, shape (N,)."""
    rng = np.random.default_rng(0)
    sizes = ((X.shape[1], 24), (24, 24))
    hidden = [layer for size in sizes for layer in (Linear(*size, rng=rng, initializer=he_normal), ReLU())]
    network, loss, adam = Sequential(*hidden, Linear(24, 2, rng=rng)), SoftmaxCrossEntropy(), Adam(0.01)
    standardize = Standardizer(X)
    X = standardize(X)
    while adam.t < STEPS:
        for x, t in minibatches(X, y, min(32, len(X)), rng=rng):
            if adam.t < STEPS:
                training_step(network, loss, adam, x, t)

    def probabilities(X: np.ndarray) -> np.ndarray:
        logits = network.forward(standardize(X))
        return sigmoid(logits[:, 1] - logits[:, 0])

    return probabilities
