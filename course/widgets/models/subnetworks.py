"""Dropout on a curve with few points: one training for every keep probability, and the sub-networks of each."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.datasets import curve
from course.layers import Dropout, Linear, Sequential, Tanh
from course.losses import HalfSquaredError
from course.optimizers import Adam
from course.sweep import Sweep, sweep

WIDTH, EPOCHS, LEARNING_RATE = 32, 400, 0.01
PLACES = np.linspace(-3.2, 3.2, 61)  # where curves are drawn


@lru_cache(maxsize=1)
def data() -> dict[str, np.ndarray]:
    """Return 20 noisy points of a sine to train on, and 100 others to judge by.

    Returns
    -------
    dict
        ``x``, ``y``, shape (20, 1), and ``validation_x``, ``validation_y``, shape (100, 1).

    >>> data()["x"].shape
    (20, 1)
    """
    x, y = curve(20, rng=np.random.default_rng(1), of="sine", noise=0.5)
    validation_x, validation_y = curve(100, rng=np.random.default_rng(99), of="sine", noise=0.5)
    return {"x": x, "y": y, "validation_x": validation_x, "validation_y": validation_y}


def network(keep_prob: float = 1.0) -> Sequential:
    """Return an untrained network, always the same, large enough to learn 20 points by heart.

    Two hidden layers of tanh units, each with dropout behind it; the first layer's weights are drawn large, so that
    its units turn over at places all along the curve.

    >>> network(0.5)[2]
    Dropout(0.5)
    """
    rng, chance = np.random.default_rng(1), np.random.default_rng(2)
    first, second, last = Linear(1, WIDTH, rng=rng), Linear(WIDTH, WIDTH, rng=rng), Linear(WIDTH, 1, rng=rng)
    first.weight, first.bias = rng.normal(0, 3, (1, WIDTH)), rng.uniform(-9, 9, WIDTH)
    drops = [Dropout(keep_prob, rng=chance) for _ in range(2)]
    return Sequential(first, Tanh(), drops[0], second, Tanh(), drops[1], last)


@lru_cache(maxsize=2)
def trained(keep_probs: tuple[float, ...]) -> Sweep:
    """Train one network for each keep probability, all of them at once.

    Parameters
    ----------
    keep_probs
        Each in (0, 1].

    Returns
    -------
    Sweep
        Of one axis, in the order given: the same networks as `course.fit` would train one by one, from the same weights,
        by Adam on all 20 points at every step.

    Notes
    -----
    Deck 004, "Regularization"; Srivastava and others (2014), Dropout.
    """
    points = data()
    return sweep(
        network(), HalfSquaredError(), Adam, points["x"], points["y"],
        settings={"learning_rate": [LEARNING_RATE] * len(keep_probs), "keep_prob": keep_probs},
        epochs=EPOCHS, batch_size=None, rng=np.random.default_rng(7),
        validation=(points["validation_x"], points["validation_y"]),
    )  # fmt: skip


def ensemble(net: Sequential, x: np.ndarray, members: int, *, rng: np.random.Generator) -> dict[str, np.ndarray]:
    r"""Draw sub-networks of a network with dropout, and ask each of them.

    A sub-network is what one draw of all masks leaves, :math:`z = x\,m / p`: the same units for every input. In the mean
    over all masks a linear layer gives what the whole network gives; behind a tanh that is only nearly so.

    Parameters
    ----------
    net
        A chain of layers.
    x
        Inputs, shape (N, D).
    members
        How many sub-networks K to draw.
    rng
        Draws them.

    Returns
    -------
    dict
        ``members``, shape (K, N, M); ``mean``, shape (N, M): the mean of these; ``whole``, shape (N, M): what the
        network says after training, with all its units.

    Notes
    -----
    Deck 004, "Dropout": an ensemble of sub-networks.

    >>> answers = ensemble(network(1.0), np.zeros((5, 1)), 3, rng=np.random.default_rng(0))
    >>> bool(np.allclose(answers["members"], answers["whole"]))
    True
    """
    each = np.broadcast_to(x, (members, *x.shape))
    for layer in net.layers:
        if isinstance(layer, Dropout):
            mask = Dropout(layer.keep_prob, rng=rng).forward(np.ones((members, each.shape[-1])), training=True)
            each = each * mask[:, None]
        else:
            rows = layer.forward(each.reshape(-1, each.shape[-1]))
            each = rows.reshape(members, len(x), -1)
    return {"members": each, "mean": each.mean(0), "whole": net.forward(x)}


@lru_cache(maxsize=512)
def study(keep_probs: tuple[float, ...], index: int, members: int) -> dict[str, np.ndarray]:
    """Return what there is to see of one of the trained networks.

    Parameters
    ----------
    keep_probs, index
        The sweep, and which of its networks.
    members
        How many sub-networks to draw; more of them begin with the same ones.

    Returns
    -------
    dict
        ``train_loss``, shape (epochs,): as each step saw it, with units dropped; ``validation_loss``, shape (epochs,):
        with all units; ``members``, shape (K, 61), ``mean`` and ``whole``, shape (61,): what sub-networks, their mean and
        the whole network say at `PLACES`; ``weights``: all but those of the first layer, which were drawn large.

    >>> study((1.0,), 0, 1)["whole"].shape
    (61,)
    """
    result = trained(keep_probs)
    net = result.network(index)
    answers = ensemble(net, PLACES[:, None], members, rng=np.random.default_rng(4))
    return {
        "train_loss": result.train_loss[:, index],
        "validation_loss": result.validation_loss[:, index],
        "weights": np.concatenate([net[3].weight.ravel(), net[6].weight.ravel()]),
        **{name: answer[..., 0] for name, answer in answers.items()},
    }
