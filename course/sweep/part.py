"""A part of the networks: few enough for the processor's cache, with their share of the settings."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.layers import Layer, Linear
from course.optimizers import Optimizer
from course.sweep.stack import Stack, plain_layers

PIECE = 2**21  # bytes of one layer's activations that are computed at a time


class Part:
    """Some rows of a stack's first axis, trained by an optimizer of their own.

    Parameters
    ----------
    rows
        Which ones.
    network
        The make.
    optimizer
        The class.
    settings
        Arrays with the stack's axes, as `sweep` has them.
    parameters
        Of shape (S, P): of all networks. They change in place.
    loss
        One of `course.sweep.losses`.
    """

    def __init__(
        self,
        rows: slice,
        network: Layer,
        optimizer: type[Optimizer],
        settings: dict[str, Any],
        parameters: np.ndarray,
        loss: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    ):
        mine = parameters[rows]
        self.rows, self.axes, self.loss = rows, mine.shape[:-1], loss
        self.stack = Stack(network, mine.reshape(-1, mine.shape[-1]))
        shape = parameters.shape[:-1]
        numbers = {
            name: value if callable(value) else np.broadcast_to(value, shape)[rows].reshape(-1, 1).astype(mine.dtype)
            for name, value in settings.items()
            if name != "keep_prob"
        }
        decay = 2 * numbers.pop("l2", np.zeros(0))
        self.decay = decay * network.weight_mask if decay.any() else None  # the gradient of λw² by w is 2λw
        self.optimizer = optimizer(**numbers)

    def step(self, x: np.ndarray, target: np.ndarray, factors: list[np.ndarray]) -> np.ndarray:
        """Take one gradient step in every network, and return the losses before it."""
        stack = self.stack
        value, gradient = self.loss(self.predict(x, factors), target)
        stack.backward(gradient)
        if self.decay is not None:
            stack.gradients += self.decay * stack.parameters
        self.optimizer.step(stack.parameters, stack.gradients)
        return value.reshape(self.axes)

    def measure(self, x: np.ndarray, target: np.ndarray, factors: list[np.ndarray]) -> np.ndarray:
        """Return the loss of every network."""
        return self.loss(self.predict(x, factors), target)[0].reshape(self.axes)

    def predict(self, x: np.ndarray, factors: list[np.ndarray]) -> np.ndarray:
        """Return what every network makes of the inputs, given what its dropout layers multiply by."""
        for dropout, factor in zip(self.stack.dropouts, factors, strict=True):
            dropout.axes, dropout.factor = self.axes, factor[self.rows] if factor.ndim > 2 and len(factor) > 1 else factor
        return self.stack.forward(x)


def rows_of_parts(shape: tuple[int, ...], network: Layer, inputs: int, n: int) -> Iterator[slice]:
    """Cut the first axis so that no layer's activations for n examples take more than `PIECE` bytes, if that can be."""
    widest = max([inputs, *(layer.out_features for layer in plain_layers(network) if isinstance(layer, Linear))])
    one_row = int(np.prod(shape[1:])) * n * widest * network.parameters.itemsize
    size = max(1, PIECE // max(one_row, 1))
    for first in range(0, shape[0], size):
        yield slice(first, first + size)
