"""Reverse mode: forward and backward of a small network on arrays, and of a large graph of single numbers."""

import gc
import random
from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.harness import Row, measure
from benchmarks.training_step import N, data, network
from course import HalfSquaredError
from course.autodiff import tape

SMALL = "2-16-16-1 tanh, batch 32, forward and backward on the tape"
SCALAR = "8-32-32-1 ReLU on single numbers, 3 examples: a graph of 10,000 nodes"


def parameters() -> list[np.ndarray]:
    return list(network().named_parameters().values())


def library() -> Callable[[], tuple]:
    """With fused linear operations and a fused loss; gradients are read, as an optimizer would."""
    (X, y), loss, leaves = data(), HalfSquaredError(), [tape.Value(p) for p in parameters()]

    def step() -> tuple:
        W1, b1, W2, b2, W3, b3 = leaves
        z1 = np.tanh(tape.linear(X, W1, b1))
        z2 = np.tanh(tape.linear(z1, W2, b2))
        value = tape.loss(loss, tape.linear(z2, W3, b3), y)
        value.backward()
        return value.data, [leaf.gradient for leaf in leaves]

    return step


def by_hand() -> Callable[[], tuple]:
    """The same as a reader of the lecture writes it down in NumPy."""
    (X, y), (W1, b1, W2, b2, W3, b3) = data(), parameters()

    def step() -> tuple:
        z1 = np.tanh(X @ W1 + b1)
        z2 = np.tanh(z1 @ W2 + b2)
        error = z2 @ W3 + b3 - y
        value = 0.5 * np.sum(error**2) / N
        delta3 = error / N
        delta2 = (delta3 @ W3.T) * (1 - z2**2)
        delta1 = (delta2 @ W2.T) * (1 - z1**2)
        gradients = [X.T @ delta1, delta1.sum(0), z1.T @ delta2, delta2.sum(0), z2.T @ delta3, delta3.sum(0)]
        return value, gradients

    return step


def pytorch() -> Callable[[], tuple]:
    """PyTorch eager: modules, a loss, backward."""
    import torch

    torch.set_num_threads(1)
    X, y = map(torch.tensor, data())
    values = list(map(torch.tensor, parameters()))
    model = torch.nn.Sequential()
    for weight, bias in zip(values[::2], values[1::2], strict=True):
        layer = torch.nn.Linear(*weight.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = weight.T.contiguous(), bias
        model.extend([layer, torch.nn.Tanh()])
    model = model[:-1]
    leaves = list(model.parameters())

    def step() -> tuple:
        model.zero_grad()
        value = 0.5 * ((model(X) - y) ** 2).sum() / N
        value.backward()
        return value.item(), [leaf.grad for leaf in leaves]

    return step


def library_on_numbers() -> Callable[[], float]:
    return _numbers(tape.Value, lambda z: np.maximum(z, 0.0), lambda z: z.gradient)


def micrograd() -> Callable[[], float]:
    from micrograd.engine import Value

    return _numbers(Value, Value.relu, lambda z: z.grad)


def _numbers(value: Callable, relu: Callable, gradient: Callable) -> Callable[[], float]:
    """A network whose every weight is a value of its own, as micrograd's are; three examples, 10,000 operations."""
    draw = random.Random(0)
    sizes = 8, 32, 32, 1
    layers = [[([value(draw.gauss(0, 0.3)) for _ in range(d)], value(0.1)) for _ in range(m)] for d, m in pairwise(sizes)]
    examples = [[draw.gauss(0, 1) for _ in range(sizes[0])] for _ in range(3)]

    def output(z: list) -> object:
        for depth, units in enumerate(layers, start=1):
            z = [sum((w * x for w, x in zip(weights, z, strict=True)), bias) for weights, bias in units]
            z = [relu(a) for a in z] if depth < len(layers) else z
        return z[0]

    gc.collect()
    gc.freeze()  # what else this process has imported is nobody's price

    def step() -> float:
        gc.enable()  # micrograd's nodes are cycles, which nothing but the collector frees: that is part of theirs
        total = sum((output(x) - 1.0) ** 2 for x in examples)
        total.backward()
        gc.disable()
        return gradient(layers[0][0][0][0])

    return step


def agree_with_numpy(ours: Callable[[], tuple], theirs: Callable[[], tuple]) -> None:
    (value, gradients), (expected, others) = ours(), theirs()
    np.testing.assert_allclose(value, expected, rtol=1e-10)
    for gradient, other in zip(gradients, others, strict=True):
        np.testing.assert_allclose(gradient, other, rtol=1e-9, atol=1e-14)


def agree_with_pytorch(ours: Callable[[], tuple], theirs: Callable[[], tuple]) -> None:
    """PyTorch keeps weights transposed."""
    value, gradients = theirs()
    agree_with_numpy(ours, lambda: (value, [g.numpy().T for g in gradients]))


def agree_on_one_gradient(ours: Callable[[], float], theirs: Callable[[], float]) -> None:
    for _ in range(2):
        theirs_first = theirs()
    np.testing.assert_allclose(2 * ours(), theirs_first, rtol=1e-10)  # micrograd adds up, the tape overwrites


ROWS = [
    (Row(SMALL, "backprop by hand in NumPy", "at most", 1.4), library, by_hand, agree_with_numpy),
    (Row(SMALL, "PyTorch eager", "at least", 4), library, pytorch, agree_with_pytorch),
    (Row(SCALAR, "micrograd", "at least", 2.5), library_on_numbers, micrograd, agree_on_one_gradient),
]


def rows() -> list[Row]:
    try:
        return [measure(row, ours, theirs, agree=agree) for row, ours, theirs, agree in ROWS]
    finally:
        gc.unfreeze()
