"""The tape beside HIPS autograd, which most resembles it: NumPy functions that leave a trace, and a way back along it."""

from collections.abc import Callable

import numpy as np

from benchmarks.harness import Row, measure
from benchmarks.tape import SMALL, agree_with_numpy, library, parameters
from benchmarks.training_step import N, data

ROW = Row(SMALL, "HIPS autograd", "at least", 4)


def autograd() -> Callable[[], tuple]:
    """The value and all gradients, of a function written with autograd's NumPy."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    (X, y), values = data(), parameters()

    def loss(values: list) -> object:
        W1, b1, W2, b2, W3, b3 = values
        z1 = anp.tanh(anp.dot(X, W1) + b1)
        z2 = anp.tanh(anp.dot(z1, W2) + b2)
        error = anp.dot(z2, W3) + b3 - y
        return 0.5 * anp.sum(error**2) / N

    both = value_and_grad(loss)

    def step() -> tuple:
        value, gradients = both(values)
        return value, [np.asarray(gradient) for gradient in gradients]

    return step


def rows() -> list[Row]:
    return [measure(ROW, library, autograd, agree=agree_with_numpy)]
