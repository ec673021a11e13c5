"""Losses of one example and their slopes, against the residual or against the logit."""

from functools import lru_cache

import numpy as np

from course.losses import BinaryCrossEntropy, HalfSquaredError, Huber, Loss, MeanAbsoluteError
from course.numerics import sigmoid

POINTS = 121


@lru_cache(maxsize=64)
def against_residual(reach: float, delta: float) -> dict[str, np.ndarray]:
    r"""Return losses of the residual e = ŷ − y, and their slopes by ŷ.

    .. math:: \tfrac12 e^2, \; e; \qquad e^2, \; 2e; \qquad |e|, \; \operatorname{sign} e; \qquad
        h(e), \; \max(-\delta, \min(\delta, e))

    Parameters
    ----------
    reach
        Residuals run from −reach to reach.
    delta
        δ of Huber's loss.

    Returns
    -------
    dict
        ``at``, and for each of ``half squared``, ``squared``, ``absolute`` and ``Huber`` the loss and, with ``slope of``
        before the name, its slope: all of shape (121,).

    Notes
    -----
    Deck 002, "Loss function", and deck 003; `course.losses`.

    >>> found = against_residual(6.0, 1.0)
    >>> print(found["half squared"][0], found["absolute"][0], found["Huber"][0], found["slope of Huber"][0])
    18.0 6.0 5.5 -1.0
    """
    e = np.linspace(-reach, reach, POINTS)
    losses = {"half squared": HalfSquaredError(), "absolute": MeanAbsoluteError(), "Huber": Huber(delta)}
    found = {"at": e} | _curves(losses, e, np.zeros_like(e))
    return found | {"squared": 2 * found["half squared"], "slope of squared": 2 * found["slope of half squared"]}


@lru_cache(maxsize=4)
def against_logit(reach: float) -> dict[str, np.ndarray]:
    r"""Return losses of the logit a of an example with y = 1, and their slopes by a, with p = σ(a).

    .. math:: -\log p, \; p - 1; \qquad \tfrac12 (p - 1)^2, \; (p - 1)\, p (1 - p); \qquad |p - 1|, \; -p (1 - p)

    Parameters
    ----------
    reach
        Logits run from −reach to reach.

    Returns
    -------
    dict
        As in `against_residual`, for ``cross-entropy``, ``half squared`` and ``absolute``.

    Notes
    -----
    Decks 002 and 004, cross-entropy; deck 003, "The sigmoid derivative trick".

    >>> found = against_logit(6.0)
    >>> print(found["slope of cross-entropy"][0].round(3), found["slope of half squared"][0].round(3))
    -0.998 -0.002
    """
    a = np.linspace(-reach, reach, POINTS)
    p, one = sigmoid(a), np.ones_like(a)
    found = {"at": a} | _curves({"cross-entropy": BinaryCrossEntropy()}, a, one)
    through = _curves({"half squared": HalfSquaredError(), "absolute": MeanAbsoluteError()}, p, one)
    return found | {name: y * p * (1 - p) if name.startswith("slope") else y for name, y in through.items()}


def _curves(losses: dict[str, Loss], prediction: np.ndarray, target: np.ndarray) -> dict[str, np.ndarray]:
    """Give every prediction to every loss as a batch of its own."""
    found = {}
    for name, loss in losses.items():
        pairs = [loss(z, y) for z, y in zip(prediction[:, None, None], target[:, None, None], strict=True)]
        found[name] = np.array([float(value) for value, _ in pairs])
        found[f"slope of {name}"] = np.array([float(gradient[0, 0]) for _, gradient in pairs])
    return found
