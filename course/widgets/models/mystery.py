"""Four trainings that went wrong, each in a way that its loss curve gives away, and each with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

import numpy as np

from course.datasets import moons
from course.layers import Activation, Linear, ReLU, Sequential, Tanh
from course.losses import BinaryCrossEntropy
from course.optimizers import SGD, Adam, ClipByNorm, Momentum, Optimizer
from course.regularizers import L2
from course.training import fit

EPOCHS, LETTERS = 80, "ABCD"


@dataclass(frozen=True)
class Case:
    """A training, what is wrong with it, and the same with one change.

    Attributes
    ----------
    name
        What is wrong.
    sign
        What gives it away.
    remedy
        The change.
    optimizer, better_optimizer
        Make the optimizer, before and after the change; None for the same.
    activation, depth
        Of the hidden layers, 32 wide.
    points, noise
        How many points there are to train on, and how far they are scattered.
    l2, clip
        What the change adds: the strength of an `L2` penalty, the greatest norm of the gradient.
    """

    name: str
    sign: str
    remedy: str
    optimizer: Callable[[], Optimizer]
    better_optimizer: Callable[[], Optimizer] | None = None
    activation: type[Activation] = Tanh
    depth: int = 2
    points: int = 200
    noise: float = 0.25
    l2: float | None = None
    clip: float | None = None


CASES = (
    Case("rate too high", "the loss leaps up and down and settles nowhere", "Rate η from 3 to 0.3",
         lambda: SGD(3.0), lambda: SGD(0.3)),
    Case("rate too low", "the loss falls evenly, and is still falling at the end", "Rate η from 0.002 to 0.3",
         lambda: SGD(0.002), lambda: SGD(0.3)),
    Case("overfitting", "the training loss goes on falling while the validation loss rises", "An L2 penalty, λ = 0.005",
         lambda: Adam(0.03), points=40, noise=0.35, l2=0.005),
    Case("exploding gradients", "after a good start the loss shoots up, and nothing is learned afterwards",
         "Gradient clipped to norm 0.1", lambda: Momentum(0.3), activation=ReLU, depth=5, clip=0.1),
)  # fmt: skip


def network(case: Case) -> Sequential:
    """Return a case's untrained network, always the same.

    >>> len(network(CASES[0]))
    5
    """
    rng, layers, width = np.random.default_rng(1), [], 2
    for _ in range(case.depth):
        layers += [Linear(width, 32, rng=rng), case.activation()]
        width = 32
    return Sequential(*layers, Linear(width, 1, rng=rng))


@lru_cache(maxsize=8)
def train(kind: int, cured: bool) -> dict[str, np.ndarray]:
    """Train on two moons for 80 epochs of batches of 20.

    Parameters
    ----------
    kind
        Which of `CASES`.
    cured
        Whether with the one change.

    Returns
    -------
    dict
        ``train_loss`` and ``validation_loss``, shape (80,), NaN after a training that ended early; ``gradient_norm``,
        shape (80,): the largest of each epoch's steps, before clipping.

    Notes
    -----
    Deck 004, "Learning Rate Schedule": observe the training losses to understand the effect of the learning rate.

    >>> train(1, False)["train_loss"].shape
    (80,)
    """
    case, norms = CASES[kind], []

    def clip(gradients: np.ndarray) -> None:
        norms.append(np.linalg.norm(gradients))
        if cured and case.clip:
            ClipByNorm(case.clip)(gradients)

    optimizer = case.better_optimizer if cured and case.better_optimizer else case.optimizer
    (X, y), validation = _data(case)
    with np.errstate(all="ignore"):  # one of them is to explode
        history = fit(
            network(case), BinaryCrossEntropy(), optimizer(), X, y, epochs=EPOCHS, batch_size=20,
            rng=np.random.default_rng(3), validation=validation, clip=clip,
            regularizer=L2(case.l2) if cured and case.l2 else None,
        )  # fmt: skip
    largest = np.reshape(norms, (-1, -(-len(X) // 20))).max(1)
    found = {"train_loss": history.train_loss, "validation_loss": history.validation_loss, "gradient_norm": largest}
    return {name: np.concatenate([curve, np.full(EPOCHS - len(curve), np.nan)]) for name, curve in found.items()}


def _data(case: Case) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Return what a case trains on, and 200 points to validate on."""
    X, y = moons(case.points, rng=np.random.default_rng(0), noise=case.noise)
    validation_X, validation_y = moons(200, rng=np.random.default_rng(9), noise=case.noise)
    return (X, y[:, None].astype(float)), (validation_X, validation_y[:, None].astype(float))


def order(seed: int) -> list[int]:
    """Return which of `CASES` stands behind A, B, C and D.

    Parameters
    ----------
    seed
        From 1; each of the 24 orders comes once before any comes again.

    >>> order(1), sorted(order(17)), order(25) == order(1)
    ([3, 0, 1, 2], [0, 1, 2, 3], True)
    """
    orders = list(permutations(range(len(CASES))))
    return list(orders[np.random.default_rng(0).permutation(len(orders))[(seed - 1) % len(orders)]])
