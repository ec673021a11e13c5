"""Gradient descent on one parabola, where everything about the learning rate can be said exactly."""

import numpy as np

from course.optimizers import SGD


def descend(learning_rate: float, curvature: float, start: float, steps: int) -> dict[str, np.ndarray]:
    r"""Take steps on :math:`J(w) = \tfrac12 \lambda w^2`, whose gradient is λw: each multiplies w by 1 − ηλ.

    Parameters
    ----------
    learning_rate, curvature
        η > 0 and λ > 0.
    start, steps
        The first w, and how many steps are taken.

    Returns
    -------
    dict
        ``w`` and ``loss``, shape (steps + 1,): before each step and after the last; ``factor``: 1 − ηλ; ``boundary``:
        2/λ, the learning rate from which on it diverges; ``behaviour``: what to call it.

    Notes
    -----
    Deck 003, "Loss function and gradient descent".

    >>> descend(0.5, 1.0, 4.0, 3)["w"]
    array([4. , 2. , 1. , 0.5])
    """
    w = np.empty(steps + 1)
    w[0] = start
    optimizer, at = SGD(learning_rate), np.array([float(start)])
    for step in range(1, steps + 1):
        optimizer.step(at, curvature * at)
        w[step] = at[0]
    factor = 1 - learning_rate * curvature
    return {"w": w, "loss": curvature * w**2 / 2, "factor": factor, "boundary": 2 / curvature, "behaviour": name(factor)}


def name(factor: float) -> str:
    """Say what a sequence does that is multiplied by the factor at every step.

    >>> [name(factor) for factor in (0.98, 0.5, -0.5, -1.0, -1.2)]
    ['crawls', 'converges', 'oscillates and converges', 'oscillates for ever', 'diverges']
    """
    if abs(factor) > 1 + 1e-12:
        return "diverges"
    if abs(factor) > 1 - 1e-12:
        return "oscillates for ever" if factor < 0 else "stands still"
    if factor < 0:
        return "oscillates and converges"
    return "crawls" if factor > 0.9 else "converges"
