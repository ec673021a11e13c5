"""Early stopping on trainings that were recorded epoch by epoch: where it ends them, and what it brings back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course.datasets import curve
from course.early_stopping import EarlyStopping
from course.layers import Linear, Sequential, Tanh
from course.losses import HalfSquaredError
from course.optimizers import SGD, Adam, Optimizer
from course.training import fit

EPOCHS, WIDTH = 200, 32
RUNS = ("all 20 at once", "batches of 5")


@lru_cache(maxsize=1)
def data() -> dict[str, np.ndarray]:
    """Return 20 noisy points of a sine to train on, and 40 others to validate on.

    Returns
    -------
    dict
        ``x``, ``y``, shape (20, 1), and ``validation_x``, ``validation_y``, shape (40, 1).

    >>> data()["validation_x"].shape
    (40, 1)
    """
    x, y = curve(20, rng=np.random.default_rng(9), of="sine", noise=0.5)
    validation_x, validation_y = curve(40, rng=np.random.default_rng(59), of="sine", noise=0.5)
    return {"x": x, "y": y, "validation_x": validation_x, "validation_y": validation_y}


def network() -> Sequential:
    """Return an untrained network, always the same, that has room to learn the points by heart.

    >>> network().parameters.size
    1153
    """
    rng = np.random.default_rng(1)
    first, second, last = Linear(1, WIDTH, rng=rng), Linear(WIDTH, WIDTH, rng=rng), Linear(WIDTH, 1, rng=rng)
    first.weight, first.bias = rng.normal(0, 3, (1, WIDTH)), rng.uniform(-9, 9, WIDTH)
    return Sequential(first, Tanh(), second, Tanh(), last)


def train(run: str, net: Sequential, **options: Any) -> Any:
    """Train a network as a run does; return its `History`.

    Parameters
    ----------
    run
        One of `RUNS`: Adam on all points at every step, or gradient descent on batches.
    net
        Is trained in place.
    **options
        More for `course.fit`, such as callbacks.

    >>> len(train("batches of 5", network(), epochs=2))
    2
    """
    makes: dict[str, tuple[Optimizer, int | None]] = {RUNS[0]: (Adam(0.005), None), RUNS[1]: (SGD(0.05), 5)}
    (optimizer, batch_size), points = makes[run], data()
    given = {"epochs": EPOCHS, "validation": (points["validation_x"], points["validation_y"])} | options
    return fit(
        net, HalfSquaredError(), optimizer, points["x"], points["y"],
        batch_size=batch_size, rng=np.random.default_rng(3), **given,
    )  # fmt: skip


@lru_cache(maxsize=2)
def recorded(run: str) -> dict[str, np.ndarray]:
    """Train to the end, and keep everything.

    Parameters
    ----------
    run
        One of `RUNS`.

    Returns
    -------
    dict
        ``train_loss`` and ``validation_loss``, shape (epochs,); ``parameters``, shape (epochs, P): after each epoch.

    >>> recorded("batches of 5")["parameters"].shape
    (200, 1153)
    """
    net, kept = network(), []
    history = train(run, net, callbacks=[lambda epoch, trained, history: kept.append(trained.parameters.copy())])
    return {
        "train_loss": np.array(history.train_loss),
        "validation_loss": np.array(history.validation_loss),
        "parameters": np.array(kept),
    }


def stop(run: str, patience: int, min_delta: float) -> dict[str, Any]:
    """Let `course.EarlyStopping` watch a recorded training: what it does there it would have done live.

    Parameters
    ----------
    run
        One of `RUNS`.
    patience, min_delta
        As in `EarlyStopping`.

    Returns
    -------
    dict
        ``ended``: the epoch after which it stopped, or None; ``best_epoch`` and ``best_loss``, as far as it had come;
        ``waited``, shape (epochs seen,): how many epochs without an improvement; ``parameters``: what the network holds
        in the end, which are the last ones when nothing stopped it.

    Notes
    -----
    Deck 003, "Making training generalize & stay stable"; deck 004, "Regularization".

    >>> found = stop("batches of 5", patience=200, min_delta=0.0)
    >>> found["ended"] is None, len(found["waited"])
    (True, 200)
    """
    record, net, watcher = recorded(run), network(), EarlyStopping(patience, min_delta)
    waited, ended = [], None
    for epoch, (parameters, loss) in enumerate(zip(record["parameters"], record["validation_loss"], strict=True), 1):
        net.parameters[...] = parameters
        reason = watcher.watch(epoch, net, loss)
        waited.append(watcher.waited)
        if reason:
            ended = epoch
            break
    return {
        "ended": ended,
        "best_epoch": watcher.best_epoch,
        "best_loss": watcher.best_loss,
        "waited": np.array(waited),
        "parameters": net.parameters.copy(),
    }


def predict(parameters: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return what the network with these parameters says.

    Parameters
    ----------
    parameters
        Shape (P,).
    x
        Shape (N,).

    Returns
    -------
    numpy.ndarray, shape (N,)

    >>> predict(np.zeros(1153), np.zeros(3))
    array([0., 0., 0.])
    """
    net = network()
    net.parameters[...] = parameters
    return net.forward(x[:, None])[:, 0]
