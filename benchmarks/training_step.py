"""One step of a 2-16-16-1 tanh network on a batch of 32, its loss included, in float64."""

from collections.abc import Callable

import numpy as np

from benchmarks.harness import Row, measure
from course import SGD, Adam, HalfSquaredError, Linear, Momentum, Sequential, Tanh, training_step

WORK = "2-16-16-1 tanh, batch 32, one step"
RATE, N = 1e-3, 32


def network() -> Sequential:
    rng = np.random.default_rng(0)
    return Sequential(Linear(2, 16, rng=rng), Tanh(), Linear(16, 16, rng=rng), Tanh(), Linear(16, 1, rng=rng))


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.standard_normal((N, 2)), rng.standard_normal((N, 1))


def library(optimizer) -> Callable[[], float]:
    """As users call it: model, loss and optimizer objects."""
    model, loss, (X, y) = network(), HalfSquaredError(), data()
    return lambda: training_step(model, loss, optimizer, X, y)


def bare_sgd() -> Callable[[], float]:
    """The NumPy calls that the step needs and nothing else, with one buffer for parameters and gradients as well."""
    model, (X, y) = network(), data()
    w, g = model.parameters, model.gradients
    W1, b1, W2, b2, W3, b3 = model.named_parameters().values()
    dW1, db1, dW2, db2, dW3, db3 = model.named_gradients().values()
    tanh, dot, vdot, ones = np.tanh, np.dot, np.vdot, np.ones(N)

    def step() -> float:
        nonlocal w
        z1 = tanh(X.dot(W1) + b1)
        z2 = tanh(z1.dot(W2) + b2)
        error = z2.dot(W3) + b3 - y
        value = 0.5 * vdot(error, error) / N
        delta = error / N
        dot(z2.T, delta, out=dW3)
        dot(ones, delta, out=db3)
        delta = delta.dot(W3.T) * (1 - z2 * z2)
        dot(z1.T, delta, out=dW2)
        dot(ones, delta, out=db2)
        delta = delta.dot(W2.T) * (1 - z1 * z1)
        dot(X.T, delta, out=dW1)
        dot(ones, delta, out=db1)
        w -= RATE * g
        return value

    return step


def pytorch(kind: str, **options) -> Callable[[], object]:
    """PyTorch eager, the same network, loss and optimizer in float64."""
    import torch

    torch.set_num_threads(1)
    layers = []
    for ours in network().layers:
        theirs = torch.nn.Tanh() if isinstance(ours, Tanh) else torch.nn.Linear(*ours.weight.shape, dtype=torch.float64)
        if isinstance(ours, Linear):
            theirs.weight.data = torch.tensor(ours.weight.T.copy())
            theirs.bias.data = torch.tensor(ours.bias)
        layers.append(theirs)
    model, (X, y) = torch.nn.Sequential(*layers), map(torch.tensor, data())
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=RATE, **options)

    def step() -> object:
        optimizer.zero_grad()
        value = 0.5 * ((model(X) - y) ** 2).sum() / N
        value.backward()
        optimizer.step()
        return value.detach()

    return step


COMPARISONS = [  # the library's optimizer, the peer, and what is asked of the ratio
    (SGD, bare_sgd, Row(f"{WORK}, SGD", "the bare NumPy calls, inlined", "at most", 1.35)),
    (Momentum, lambda: pytorch("SGD", momentum=0.9), Row(f"{WORK}, momentum", "PyTorch eager", "at least", 10)),
    (Adam, lambda: pytorch("Adam"), Row(f"{WORK}, Adam", "PyTorch eager", "at least", 10)),
]


def rows() -> list[Row]:
    return [
        measure(row, lambda kind=kind: library(kind(RATE)), peer, agree=check_that_both_do_the_same)
        for kind, peer, row in COMPARISONS
    ]


def check_that_both_do_the_same(library: Callable[[], float], peer: Callable[[], float]) -> None:
    for _ in range(5):
        np.testing.assert_allclose(library(), float(peer()), rtol=1e-10)
