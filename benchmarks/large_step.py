"""One step of a 784-256-128-10 ReLU network on a batch of 128 in float32, its loss included: what MNIST asks for."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.harness import Row, measure
from course import Adam, AdamW, ClipByNorm, Linear, ReLU, Sequential, SoftmaxCrossEntropy, training_step
from course.initializers import he_normal
from course.layers import BatchNorm, Dropout

WORK = "784-256-128-10 ReLU, batch 128, float32, one step"
WIDTHS, N, RATE, LIMIT = (784, 256, 128, 10), 128, 1e-3, 1.0
Step = Callable[[], float]


def network(*, normalized: bool = False, keep_prob: float | None = None) -> Sequential:
    rng, layers = np.random.default_rng(0), []
    for D, M in pairwise(WIDTHS):
        layers.append(Linear(D, M, rng=rng, initializer=he_normal, dtype=np.float32))
        if WIDTHS[-1] != M:
            layers += [BatchNorm(M, dtype=np.float32)] if normalized else []
            layers += [ReLU()]
            layers += [Dropout(keep_prob, rng=rng)] if keep_prob else []
    return Sequential(*layers)


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.random((N, WIDTHS[0]), dtype=np.float32), rng.integers(0, WIDTHS[-1], N)


def library(optimizer, clip=None, **parts) -> Step:
    """As users call it: model, loss and optimizer objects."""
    model, loss, (X, y) = network(**parts), SoftmaxCrossEntropy(), data()
    return lambda: training_step(model, loss, optimizer, X, y, clip=clip)


def products() -> Callable[[], tuple[np.ndarray, ...]]:
    """The eight matrix products of the step and nothing else: activations into new arrays, gradients into the buffer."""
    model, (X, _) = network(), data()
    W1, _, W2, _, W3, _ = model.named_parameters().values()
    dW1, _, dW2, _, dW3, _ = model.named_gradients().values()
    dot = np.dot

    def step() -> tuple[np.ndarray, ...]:
        z1 = X.dot(W1)
        z2 = z1.dot(W2)
        z3 = z2.dot(W3)
        dot(z2.T, z3, out=dW3)
        d2 = z3.dot(W3.T)
        dot(z1.T, d2, out=dW2)
        d1 = d2.dot(W2.T)
        dot(X.T, d1, out=dW1)
        return z1, z2, z3, dW3, d2, dW2, d1, dW1

    return step


def pytorch(kind: str, limit: float | None = None, options: dict | None = None, **parts) -> Step:
    """PyTorch eager, the same network, loss and optimizer in float32."""
    import torch

    torch.set_num_threads(1)
    layers = []
    for ours in network(**parts).layers:
        if isinstance(ours, Linear):
            layers.append(torch.nn.Linear(*ours.weight.shape))
            layers[-1].weight.data = torch.tensor(ours.weight.T.copy())
            layers[-1].bias.data = torch.tensor(ours.bias)
        elif isinstance(ours, BatchNorm):
            layers.append(torch.nn.BatchNorm1d(ours.features))
        else:
            layers.append(torch.nn.ReLU() if isinstance(ours, ReLU) else torch.nn.Dropout(1 - parts["keep_prob"]))
    model, (X, y) = torch.nn.Sequential(*layers), map(torch.tensor, data())
    optimizer = getattr(torch.optim, kind)(model.parameters(), lr=RATE, **(options or {}))

    def step() -> float:
        optimizer.zero_grad()
        value = torch.nn.functional.cross_entropy(model(X), y)
        value.backward()
        if limit is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), limit)
        optimizer.step()
        return value.detach()

    return step


def modern(keep_prob: float | None) -> tuple[Callable[[], Step], Callable[[], Step]]:
    """Both sides with batch norm, AdamW and clipping; with dropout where a probability is given."""
    parts = {"normalized": True, "keep_prob": keep_prob}
    return lambda: library(AdamW(RATE), clip=ClipByNorm(LIMIT), **parts), lambda: pytorch("AdamW", LIMIT, **parts)


def rows() -> list[Row]:
    adam = {"library": lambda: library(Adam(RATE)), "agree": check_that_both_do_the_same}
    ours, theirs = modern(keep_prob=0.5)
    full = f"{WORK}, with batch norm, dropout, AdamW, clipping"
    return [
        measure(Row(f"{WORK}, Adam", "PyTorch eager", "at least", 1.3), peer=lambda: pytorch("Adam"), **adam),
        measure(
            Row(f"{WORK}, Adam", "PyTorch eager, fused Adam", "at least", 1.1),
            peer=lambda: pytorch("Adam", options={"fused": True}),
            **adam,
        ),
        measure(Row(f"{WORK}, Adam", "its matrix products alone", "at most", 1.4), lambda: library(Adam(RATE)), products),
        measure(Row(full, "PyTorch eager", "at least", 1.7), ours, theirs, agree=check_without_dropout),
    ]


def check_that_both_do_the_same(library: Step, peer: Step) -> None:
    for _ in range(5):
        np.testing.assert_allclose(library(), float(peer()), rtol=1e-4)


def check_without_dropout(*_: Step) -> None:
    """Hold that both sides agree but for the masks, which each draws for itself."""
    ours, theirs = modern(keep_prob=None)
    check_that_both_do_the_same(ours(), theirs())
