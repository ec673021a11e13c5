"""The layers against the tape, which differentiates the same formulas on its own from the operations they are made of."""

import numpy as np
import pytest

from course import (
    GELU,
    BatchNorm,
    Dropout,
    LastStep,
    LayerNorm,
    LeakyReLU,
    Linear,
    Recurrent,
    ReLU,
    Sequential,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
    TanhGELU,
)
from course.autodiff.tape import Value


def normal_distribution(a, terms=60):
    """Φ by its Taylor series around 0: there is no error function on the tape."""
    term, total = a, a
    for k in range(1, terms):
        term = term * (a * a) * (-1 / (2 * k))
        total = total + term * (1 / (2 * k + 1))
    return 0.5 + total * (1 / np.sqrt(2 * np.pi))


def softmax(a):
    e = np.exp(a)
    return e / e.sum(-1, keepdims=True)


def normalized(x, axis, scale, shift):
    centred = x - x.mean(axis, keepdims=True)
    return centred / np.sqrt((centred * centred).mean(axis, keepdims=True) + 1e-5) * scale + shift


def unrolled(x, W, U, b):
    h, states = 0.0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W + b + (h @ U if t else 0.0))
        states.append(h.reshape(h.shape[0], 1, h.shape[1]))
    return np.concatenate(states, 1)


def tied(x, W, b, c):
    return np.tanh(x @ W + b) @ W.T + c


def autoencoder(rng):
    network = Sequential(Linear(3, 2, rng=rng), Tanh(), Linear(2, 3, rng=rng))
    network.tie("2.weight", "0.weight", transposed=True)
    return network



# How to make the layer, and its formula in the input and the parameters.
CASES = {
    "linear": (lambda rng: Linear(3, 2, rng=rng), lambda x, W, b: x @ W + b),
    "sigmoid": (lambda rng: Sigmoid(), lambda x: 1 / (1 + np.exp(-x))),
    "tanh": (lambda rng: Tanh(), lambda x: 1 - 2 / (np.exp(2 * x) + 1)),
    "relu": (lambda rng: ReLU(), lambda x: (x + np.abs(x)) / 2),
    "leaky relu": (lambda rng: LeakyReLU(0.2), lambda x: 0.6 * x + 0.4 * np.abs(x)),
    "softplus": (lambda rng: Softplus(), lambda x: np.log(1 + np.exp(x))),
    "gelu": (lambda rng: GELU(), lambda x: x * normal_distribution(x)),
    "gelu by tanh": (
        lambda rng: TanhGELU(),
        lambda x: 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))),
    ),
    "softmax": (lambda rng: Softmax(), softmax),
    "batch norm": (lambda rng: BatchNorm(3), lambda x, scale, shift: normalized(x, 0, scale, shift)),
    "layer norm": (lambda rng: LayerNorm(3), lambda x, scale, shift: normalized(x, 1, scale, shift)),
    "dropout that keeps all": (lambda rng: Dropout(1.0, rng=rng), lambda x: 1.0 * x),
    "tied autoencoder": (autoencoder, tied),
    "recurrent": (lambda rng: Recurrent(3, 2, rng=rng), unrolled),
    "last step": (lambda rng: LastStep(), lambda x: x[:, -1]),
}


@pytest.mark.parametrize(("make", "function"), CASES.values(), ids=CASES)
def test_the_gradients_of_a_layer_are_those_that_the_tape_finds_in_its_formula(make, function, rng):
    layer = make(rng)
    layer.parameters += 0.3 * rng.standard_normal(layer.parameters.shape)
    x = rng.standard_normal((5, 4, 3) if isinstance(layer, Recurrent | LastStep) else (5, 3))
    leaves = [Value(x), *(Value(array) for array in layer.named_parameters().values())]
    x_out = function(*leaves)
    np.testing.assert_allclose(layer.forward(x, training=True), x_out.data, rtol=1e-12, atol=1e-14)
    g = rng.standard_normal(x_out.shape)
    x_out.backward(g)
    for got, leaf in zip([layer.backward(g), *layer.named_gradients().values()], leaves, strict=True):
        np.testing.assert_allclose(got, leaf.gradient, rtol=1e-11, atol=1e-13)
