"""Schedules of the learning rate, and what they make of a small deep network at every highest rate."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.datasets import spirals
from course.layers import Linear, ReLU, Sequential
from course.losses import BinaryCrossEntropy
from course.optimizers import SGD
from course.schedules import Constant, CosineDecay, ExponentialDecay, LinearWarmup, Schedule, StepDecay
from course.sweep import Sweep, sweep

POINTS, BATCH, EPOCHS = 80, 16, 60
STEPS = EPOCHS * POINTS // BATCH
WARMUP = STEPS // 10
FINAL = 0.01  # of the highest rate is left in the end, by every schedule but the constant one
STARTS = 5
NAMES = ("constant", "step", "exponential", "cosine", "warm-up + cosine")


def schedule(name: str, highest: float | np.ndarray) -> Schedule:
    """Return a schedule for 300 steps, which ends with a hundredth of its highest rate.

    Parameters
    ----------
    name
        One of `NAMES`. "step" divides the rate by ten after each third of the steps; the warm-up takes a tenth of them.
    highest
        η, or an array of them.

    Returns
    -------
    Schedule
        Of `course.schedules`.

    Notes
    -----
    Deck 004, "Learning Rate Schedule"; deck 003, "Making training generalize & stay stable".

    >>> schedule("step", 0.1)
    StepDecay(learning_rate=0.1, every=100, factor=0.1)
    """
    makes = {
        "constant": lambda: Constant(highest),
        "step": lambda: StepDecay(highest, every=STEPS // 3, factor=FINAL**0.5),
        "exponential": lambda: ExponentialDecay(highest, factor=FINAL ** (1 / STEPS)),
        "cosine": lambda: CosineDecay(highest, steps=STEPS, final=FINAL * highest),
        "warm-up + cosine": lambda: LinearWarmup(
            WARMUP, then=CosineDecay(highest, steps=STEPS - WARMUP, final=FINAL * highest)
        ),
    }
    return makes[name]()


@lru_cache(maxsize=1)
def data() -> tuple[np.ndarray, np.ndarray]:
    """Return 80 points on two spirals, shape (80, 2), and their classes, shape (80, 1).

    >>> data()[1].shape
    (80, 1)
    """
    X, y = spirals(POINTS, rng=np.random.default_rng(0), noise=0.08)
    return 2 * X, y[:, None].astype(float)


def network(seed: int) -> Sequential:
    """Return an untrained network of four hidden layers of 16 ReLUs, with weights drawn two and a half times too large.

    So the first gradients are steep, as they are in much deeper networks, and a high rate breaks it at once.

    >>> network(0).parameters.size
    881
    """
    rng, layers, width = np.random.default_rng(seed), [], 2
    for _ in range(4):
        layers += [Linear(width, 16, rng=rng), ReLU()]
        width = 16
    chain = Sequential(*layers, Linear(width, 1, rng=rng))
    chain.parameters *= 2.5
    return chain


@lru_cache(maxsize=16)
def runs(name: str, rates: tuple[float, ...]) -> Sweep:
    """Train the network from five starts at each highest rate, all at once, by gradient descent on batches of 16.

    Parameters
    ----------
    name
        One of `NAMES`.
    rates
        K highest rates.

    Returns
    -------
    Sweep
        Of 5 K networks: rate by rate, and for each of them the starts `network` (0) to (4).
    """
    (X, y), starts = data(), np.stack([network(seed).parameters for seed in range(STARTS)])
    highest = np.repeat(rates, STARTS)[:, None]  # one for each row of the stack's parameters
    settings = {"learning_rate": schedule(name, highest), "l2": np.zeros(len(highest))}  # the stack has l2's shape
    return sweep(
        network(0), BinaryCrossEntropy(), SGD, X, y, settings=settings, epochs=EPOCHS, batch_size=BATCH,
        rng=np.random.default_rng(3), validation=(X, y), start=np.tile(starts, (len(rates), 1)),
    )  # fmt: skip


@lru_cache(maxsize=16)
def losses(name: str, rates: tuple[float, ...]) -> np.ndarray:
    """Return the training loss after each epoch, of the five starts the one in the middle.

    Parameters
    ----------
    name, rates
        As in `runs`.

    Returns
    -------
    numpy.ndarray, shape (60, K)
        On all 80 points; a run that is no longer finite counts as the worst, with an infinite loss.

    >>> losses("constant", (0.05,)).shape
    (60, 1)
    """
    after = runs(name, rates).validation_loss.reshape(EPOCHS, len(rates), STARTS)
    return np.median(np.where(np.isfinite(after), after, np.inf), axis=2)
