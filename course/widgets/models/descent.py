"""Optimizers on a landscape: where each of them goes, and the loss on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from course.widgets.models.landscapes import Landscape

FAR, HIGH = 1e6, 1e30  # beyond these there is nothing to draw


class Stepper(Protocol):
    """Any of `course.optimizers`, or a guest."""

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Change the parameters in place."""


def descend(optimizers: Sequence[Stepper], landscape: Landscape, start: Any, steps: int) -> dict[str, np.ndarray]:
    r"""Let optimizers, fresh ones, walk from one start; all gradients of a step are computed together.

    Parameters
    ----------
    optimizers
        K of them; each changes its own two parameters.
    landscape
        The loss J(x, y) and its gradient.
    start
        The first x and y.
    steps
        How many steps each takes.

    Returns
    -------
    dict
        ``path``, shape (K, steps + 1, 2), and ``loss``, shape (K, steps + 1): before each step and after the last. What
        has left for infinity is NaN in both.

    >>> from course.optimizers import SGD
    >>> from course.widgets.models.landscapes import ravine
    >>> descend([SGD(0.5)], ravine(1.0), (1.0, 2.0), 2)["path"][0].tolist()
    [[1.0, 2.0], [0.5, 1.0], [0.25, 0.5]]
    """
    count = len(optimizers)
    w, g = np.tile(np.asarray(start, float), (count, 1)), np.zeros((count, 2))
    path = np.empty((steps + 1, count, 2))
    walkers = [(each, w[k], g[k]) for k, each in enumerate(optimizers)]
    with np.errstate(all="ignore"):  # who diverges does so quietly
        for t in range(steps):
            path[t] = w
            g[:, 0], g[:, 1] = landscape.gradient(*(w.T if count > 1 else w[0].tolist()))
            for optimizer, parameters, gradients in walkers:
                optimizer.step(parameters, gradients)
        path[steps] = w
        path = np.ascontiguousarray(np.where(np.abs(path) < FAR, path, np.nan).swapaxes(0, 1))
        loss = landscape.value(path[..., 0], path[..., 1])
    return {"path": path, "loss": np.where(loss < HIGH, loss, np.nan)}


def thinned(path: np.ndarray, grain: float) -> np.ndarray:
    """Leave out the points of a path (n, 2) that lie where the one before lay, as far as the eye can tell.

    >>> thinned(np.array([[0.0, 0.0], [1.0, 0.0], [1.001, 0.0], [1.0, 0.0]]), 0.01).tolist()
    [[0.0, 0.0], [1.0, 0.0]]
    """
    moved = np.diff(np.round(path / grain), axis=0).any(axis=1)
    return path[np.concatenate([[True], moved])]


def steps_needed(loss: np.ndarray, tolerance: float) -> int | None:
    """Return after how many steps the loss is below the tolerance and stays there, or None.

    >>> steps_needed(np.array([1.0, 0.01, 0.5, 0.01, 0.0]), 0.1), steps_needed(np.array([1.0, np.nan]), 0.1)
    (3, None)
    """
    above = np.flatnonzero(~(loss < tolerance))
    if not above.size:
        return 0
    return int(above[-1]) + 1 if above[-1] + 1 < len(loss) else None


def outcome(loss: np.ndarray, tolerance: float) -> str:
    """Say in words what became of a run.

    >>> outcome(np.array([1.0, 0.5, 0.01]), 0.1), outcome(np.array([1.0, 30.0, np.nan]), 0.1)
    ('arrives after 2 steps', 'diverges')
    """
    needed = steps_needed(loss, tolerance)
    if needed is not None:
        return f"arrives after {needed} steps"
    if not np.isfinite(loss[-1]) or loss[-1] > 100 * max(loss[0], tolerance):
        return "diverges"
    return f"is at a loss of {loss[-1]:.2g} after {len(loss) - 1} steps"
