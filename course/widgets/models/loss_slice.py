"""The loss of a real network, on a plane through what training found."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

import numpy as np

from course.datasets import moons
from course.initializers import he_normal
from course.layers import Linear, ReLU, Sequential
from course.losses import BinaryCrossEntropy
from course.numerics import sigmoid
from course.optimizers import Adam
from course.schedules import CosineDecay
from course.sweep.losses import binary_cross_entropy
from course.sweep.stack import Stack
from course.training import fit

EXAMPLES, EPOCHS = 64, 300
POINTS = 29  # odd, so that the trained network is one of them
PIECE = 128  # networks computed at a time: few enough for the processor's cache


@lru_cache(maxsize=1)
def data() -> tuple[np.ndarray, np.ndarray]:
    """Return the moons about the origin, X (N, 2), and their classes 0 and 1, y (N, 1).

    >>> data()[0].shape, data()[1].shape
    ((64, 2), (64, 1))
    """
    X, y = moons(EXAMPLES, rng=np.random.default_rng(1), noise=0.2)
    return (X - [0.5, 0.25]).astype(np.float32), y[:, None].astype(np.float32)


@lru_cache(maxsize=64)
def trained(depth: int, width: int) -> Sequential:
    """Return a network with `depth` hidden ReLU layers of `width` units, trained on all examples by Adam.

    >>> trained(1, 4)
    Sequential(Linear(2, 4), ReLU(), Linear(4, 1))
    """
    rng = np.random.default_rng(0)
    hidden = [
        layer
        for inputs, outputs in pairwise([2] + [width] * depth)
        for layer in (Linear(inputs, outputs, rng=rng, initializer=he_normal, dtype=np.float32), ReLU())
    ]
    network = Sequential(*hidden, Linear(width, 1, rng=rng, dtype=np.float32))
    optimizer = Adam(CosineDecay(0.02, steps=EPOCHS))  # the rate falls to zero, so that training comes to rest at a minimum
    fit(network, BinaryCrossEntropy(), optimizer, *data(), epochs=EPOCHS, batch_size=None, rng=rng)
    return network


def direction(network: Sequential, rng: np.random.Generator) -> np.ndarray:
    r"""Draw a direction in which every unit changes in proportion to its weights, of shape (P,).

    .. math:: d_j \leftarrow \frac{\lVert w_j \rVert}{\lVert d_j \rVert} d_j

    for the weights w_j into each unit j, columns of W here; the biases stay where they are. So a step of 1 means the same
    in every layer and in every network: a change as large as the weights. A ReLU network whose one layer is multiplied by
    10 and the next divided by 10 computes the same, and has the same slice.

    Notes
    -----
    Li, Xu, Taylor, Studer and Goldstein (2018), Visualizing the loss landscape of neural nets, section 4, "filter
    normalization".

    >>> network = trained(1, 4)
    >>> d = direction(network, np.random.default_rng(0))[:8].reshape(2, 4)
    >>> bool(np.allclose(np.linalg.norm(d, axis=0), np.linalg.norm(network[0].weight, axis=0), rtol=1e-5))
    True
    """
    pieces = []
    for layer in network.layers:
        if isinstance(layer, Linear):
            d = rng.standard_normal(layer.weight.shape)
            d *= np.linalg.norm(layer.weight, axis=0) / np.linalg.norm(d, axis=0)
            pieces += [d.ravel(), np.zeros(layer.bias.size)]
    return np.concatenate(pieces).astype(network.dtype)


@lru_cache(maxsize=256)
def directions(depth: int, width: int, seed: int) -> np.ndarray:
    """Return two directions of the trained network, shape (2, P).

    >>> directions(1, 4, 1).shape
    (2, 17)
    """
    rng = np.random.default_rng(seed)
    return np.stack([direction(trained(depth, width), rng) for _ in range(2)])


def losses(depth: int, width: int, seed: int, places: np.ndarray) -> np.ndarray:
    r"""Return :math:`J(w + \alpha d_1 + \beta d_2)` for places (α, β), shape (K, 2), as an array of shape (K,).

    >>> bool(losses(1, 4, 1, np.zeros((1, 2)))[0] < losses(1, 4, 1, np.ones((1, 2)))[0])
    True
    """
    network, (X, y) = trained(depth, width), data()
    weights = network.parameters + places.astype(np.float32) @ directions(depth, width, seed)
    pieces = [weights[k : k + PIECE] for k in range(0, len(weights), PIECE)]
    return np.concatenate([binary_cross_entropy(Stack(network, piece).forward(X), y)[0] for piece in pieces])


@lru_cache(maxsize=256)
def plane(depth: int, width: int, seed: int, reach: float = 1.0) -> np.ndarray:
    """Return the losses over the plane from −reach to reach, shape (POINTS, POINTS), β upward.

    >>> plane(1, 4, 1).shape
    (29, 29)
    """
    along = np.linspace(-reach, reach, POINTS)
    places = np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2)
    return losses(depth, width, seed, places).reshape(POINTS, POINTS)


def at(depth: int, width: int, seed: int, place: tuple[float, float], grid: np.ndarray) -> dict[str, np.ndarray]:
    """Return what the network at one place of the plane does.

    Parameters
    ----------
    depth, width, seed
        The network, and which directions.
    place
        α and β.
    grid
        Inputs, shape (G, 2).

    Returns
    -------
    dict
        ``probability``, shape (G,): of class 1; ``loss`` and ``accuracy`` on the examples.

    >>> 0.5 < at(1, 4, 1, (0.0, 0.0), np.zeros((1, 2)))["accuracy"] <= 1
    True
    """
    network, (X, y) = trained(depth, width), data()
    weights = network.parameters + np.asarray(place, np.float32) @ directions(depth, width, seed)
    logits = Stack(network, weights[None]).forward(np.concatenate([X, grid.astype(np.float32)]))[0]
    here = logits[: len(X)]
    return {
        "probability": sigmoid(logits[len(X) :, 0]),
        "loss": float(binary_cross_entropy(here, y)[0]),
        "accuracy": float(np.mean((here > 0) == (y > 0.5))),
    }
