"""Activations and gradients through a deep network, with and without normalization."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.initializers import xavier_normal
from course.layers import Activation, BatchNorm, Layer, LayerNorm, Linear, ReLU, Sigmoid, Tanh

WIDTH, DEPTH, MOST_BATCHES, EXAMPLES = 64, 8, 12, 64
MOMENTUM = 0.7  # of the running averages: they are made quickly, so that a few batches show it
ACTIVATIONS: dict[str, type[Activation]] = {"tanh": Tanh, "sigmoid": Sigmoid, "ReLU": ReLU}
NORMALIZATIONS = ("batch norm", "layer norm")


def through_depth(
    normalization: str | None, activation: str, weight_size: float, batch_size: int, evaluation: bool = False, seen: int = 0
) -> dict[str, np.ndarray]:
    r"""Send a batch up through 8 layers, :math:`z_l = \phi(\operatorname{norm}(z_{l-1} W_l))`, and a gradient down.

    Parameters
    ----------
    normalization
        One of `NORMALIZATIONS`, or None for :math:`z_l = \phi(z_{l-1} W_l)`.
    activation
        A name from `ACTIVATIONS`.
    weight_size
        What Xavier's weights are multiplied by, above 0.
    batch_size
        How many examples are in a batch of training, from 2 to 64.
    evaluation
        Whether the network is as after training: batch norm uses its running averages then, on 64 examples.
    seen
        How many batches of training went into these averages, from 0 to 12.

    Returns
    -------
    dict
        ``activations``, shape (8, N, 64): z of all layers; ``gradient``, shape (9,): the root mean square over the
        examples of ‖∂J/∂z_l‖, from the input to the output, where it is 1.

    Notes
    -----
    Deck 003, "Making training generalize & stay stable"; Ioffe and Szegedy (2015), Batch normalization; Ba, Kiros and
    Hinton (2016), Layer normalization.

    >>> run = through_depth("batch norm", "tanh", 5.0, 32)
    >>> run["activations"].shape, run["gradient"].shape
    ((8, 32, 64), (9,))
    """
    network = _network(normalization, activation, weight_size)
    x = _batches(batch_size)
    if evaluation and normalization == "batch norm":  # the others keep nothing
        for batch in x[1 : seen + 1]:
            for layer in network:
                batch = layer.forward(batch, training=True)  # noqa: PLW2901 - it goes up through the layers
    z = _batches(EXAMPLES)[0] if evaluation else x[0]
    activations = []
    for layer in network:
        z = layer.forward(z, training=not evaluation)
        if isinstance(layer, Activation):
            activations.append(z)
    return {"activations": np.array(activations), "gradient": _way_back(network, len(z))}


def _way_back(network: list[Layer], n: int) -> np.ndarray:
    """Return the gradient's norm after every activation, and at the input."""
    g = np.random.default_rng(2).standard_normal((n, WIDTH))
    g *= np.sqrt(n) / np.linalg.norm(g)
    norms = []
    for layer in reversed(network):
        if isinstance(layer, Activation):
            norms.append(np.sqrt((g * g).sum() / n))
        g = layer.backward_to_input(g)
    return np.array([*norms, np.sqrt((g * g).sum() / n)][::-1])


def _network(normalization: str | None, activation: str, weight_size: float) -> list[Layer]:
    layers: list[Layer] = []
    rng = np.random.default_rng(0)
    for weight in _weights():
        layers.append(Linear(WIDTH, WIDTH, rng=rng, initializer=lambda shape, *, rng, W=weight: weight_size * W))
        if normalization == "batch norm":
            layers.append(BatchNorm(WIDTH, momentum=MOMENTUM))
        elif normalization == "layer norm":
            layers.append(LayerNorm(WIDTH))
        layers.append(ACTIVATIONS[activation]())
    return layers


@lru_cache(maxsize=1)
def _weights() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [xavier_normal((WIDTH, WIDTH), rng=rng) for _ in range(DEPTH)]


@lru_cache(maxsize=8)
def _batches(batch_size: int) -> np.ndarray:
    """Draw one batch to look at and those of training, of features with mean 1 and deviation 1."""
    return np.random.default_rng(1).normal(1.0, 1.0, (1 + MOST_BATCHES, batch_size, WIDTH))
