"""Batches on a loss of two parameters: how much noise their size leaves in the gradient, and what a step costs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.optimizers import SGD
from course.training import minibatches

EXAMPLES, EPOCHS = 64, 4
STEP_COST, EXAMPLE_COST = 0.021, 0.00035  # ms: measured once, for a network with two hidden layers of 32 and this library
TIME = 2.4  # ms, in a comparison of equal time
DRAWS = 400


@lru_cache(maxsize=1)
def data() -> dict[str, np.ndarray]:
    r"""Return 64 points about the line y = 1.5 x - 0.5.

    Returns
    -------
    dict
        ``x``, ``y``, shape (64,); ``best``, shape (2,): slope and intercept of least loss; ``hessian``, shape (2, 2);
        ``least``: the loss there.

    >>> data()["x"].shape
    (64,)
    """
    rng = np.random.default_rng(3)
    x = rng.normal(1.0, 1.0, EXAMPLES)
    y = 1.5 * x - 0.5 + rng.normal(0, 0.8, EXAMPLES)
    inputs = np.stack([x, np.ones(EXAMPLES)], axis=1)
    hessian = inputs.T @ inputs / EXAMPLES
    best = np.linalg.solve(hessian, inputs.T @ y / EXAMPLES)
    return {"x": x, "y": y, "best": best, "hessian": hessian, "least": ((inputs @ best - y) ** 2).mean() / 2}


def excess(w: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""Return how far the loss :math:`J = \frac1N \sum_n \frac12 (w x_n + b - y_n)^2` is above its least value.

    Parameters
    ----------
    w, b
        Slopes and intercepts, of one shape.

    Returns
    -------
    numpy.ndarray of that shape

    >>> round(float(excess(*data()["best"])), 12)
    0.0
    """
    known = data()
    u, v = w - known["best"][0], b - known["best"][1]
    h = known["hessian"]
    return (h[0, 0] * u * u + 2 * h[0, 1] * u * v + h[1, 1] * v * v) / 2


def steps_of(batch_size: int, equal: str) -> int:
    """Return how many steps a run takes: in four epochs, or in the time that its cost model gives it.

    Parameters
    ----------
    batch_size
        B, from 1 to 64.
    equal
        "epochs", or "time": a step takes `STEP_COST` + B · `EXAMPLE_COST`.

    >>> steps_of(1, "epochs"), steps_of(64, "epochs"), steps_of(1, "time"), steps_of(64, "time")
    (256, 4, 112, 55)
    """
    if equal == "epochs":
        return EPOCHS * -(-EXAMPLES // batch_size)
    return int(TIME / (STEP_COST + batch_size * EXAMPLE_COST))


def walk(batch_size: int, learning_rate: float, start: tuple[float, float], steps: int) -> dict[str, np.ndarray]:
    r"""Take gradient steps on batches, each example once in an epoch: :math:`\theta \leftarrow \theta - \eta g_B`.

    Parameters
    ----------
    batch_size, learning_rate
        B and η.
    start
        The first slope and intercept.
    steps
        How many.

    Returns
    -------
    dict
        ``path``, shape (steps + 1, 2), and ``excess``, shape (steps + 1,): before each step and after the last.

    Notes
    -----
    Deck 003, "Three flavors of gradient descent"; deck 004, "Mini-batch Gradient Descent (GD)".

    >>> walk(64, 0.1, (0.0, 0.0), 2)["path"].shape
    (3, 2)
    """
    at, path = np.array(start, np.float64), np.empty((steps + 1, 2))
    path[0], taken = at, 0
    gradient, optimizer = np.empty(2), SGD(learning_rate)
    x, y, rng = data()["x"], data()["y"], np.random.default_rng(5)
    with np.errstate(all="ignore"):  # a rate may be too high
        while taken < steps:
            for x_batch, y_batch in minibatches(x, y, batch_size, rng=rng):
                error = at[0] * x_batch + at[1] - y_batch
                gradient[:] = error.dot(x_batch) / len(error), error.sum() / len(error)
                optimizer.step(at, gradient)
                taken += 1
                path[taken] = at
                if taken == steps:
                    break
        return {"path": path, "excess": excess(path[:, 0], path[:, 1])}


def gradients(w: float, b: float) -> np.ndarray:
    r"""Return the gradient of every single example, :math:`(w x_n + b - y_n)\,(x_n, 1)`.

    Returns
    -------
    numpy.ndarray, shape (64, 2)

    >>> bool(np.allclose(gradients(*data()["best"]).mean(0), 0))
    True
    """
    x = data()["x"]
    error = w * x + b - data()["y"]
    return np.stack([error * x, error], axis=1)


def noise(batch_size: int, w: float, b: float, draws: int = DRAWS) -> dict[str, np.ndarray]:
    r"""Draw batches, and compare their gradients with that of all examples.

    Without replacement the covariance is :math:`\frac{N - B}{N - 1} \frac{\Sigma}{B}`, with Σ that of single examples:
    to halve the noise takes four times the examples, until the batch is a good part of them all.

    Parameters
    ----------
    batch_size
        B, from 1 to 64.
    w, b
        Where.
    draws
        How many batches.

    Returns
    -------
    dict
        ``drawn``, shape (draws, 2); ``full``, shape (2,): the gradient of all; ``angles``, shape (draws,), in degrees from
        0 to 180; ``spread``: the root of the covariance's trace.

    Notes
    -----
    The factor (N - B)/(N - 1) is the finite population correction of sampling theory.

    >>> float(noise(64, 0.0, 0.0)["spread"])
    0.0
    """
    single = gradients(w, b)
    drawn, full = single[_orders(draws)[:, :batch_size]].mean(1), single.mean(0)
    correction = (EXAMPLES - batch_size) / (EXAMPLES - 1)
    spread = np.sqrt(correction * single.var(0).sum() / batch_size)
    across, along = drawn[:, 0] * full[1] - drawn[:, 1] * full[0], drawn @ full
    return {"drawn": drawn, "full": full, "angles": np.degrees(np.abs(np.arctan2(across, along))), "spread": spread}


@lru_cache(maxsize=2)
def _orders(draws: int) -> np.ndarray:
    """Shuffle the numbers of the examples, once for each draw: a batch is the first few."""
    return np.random.default_rng(8).permuted(np.tile(np.arange(EXAMPLES), (draws, 1)), axis=1)
