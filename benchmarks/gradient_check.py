"""Checking the gradients of a network: every one of 500 parameters, or all of them along one random direction."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from benchmarks.harness import Row, measure
from course import Linear, Sequential, Tanh
from course.gradient_check import gradient_check

WIDTHS, N = (3, 15, 23, 3), 5  # 500 parameters; a check needs few examples
ERROR = 1e-8
WORK = f"{'-'.join(map(str, WIDTHS))} tanh, batch {N}, float64"
FULL = Row(f"gradient check of 500 parameters and x, {WORK}", "torch gradcheck", "at least", 8)
FAST = Row(f"the same along one random direction of each, {WORK}", "torch gradcheck, fast_mode", "at least", 5)


def network() -> Sequential:
    rng = np.random.default_rng(0)
    first, second, third = pairwise(WIDTHS)
    return Sequential(Linear(*first, rng=rng), Tanh(), Linear(*second, rng=rng), Tanh(), Linear(*third, rng=rng))


def library(directions: int | None) -> Callable[[], bool]:
    """Check x and every parameter, by two forward passes for each entry or for all of them at once."""
    model, rng = network(), np.random.default_rng(1)
    x = rng.standard_normal((N, WIDTHS[0]))

    def check() -> bool:
        report = gradient_check(model, x, rng=rng, directions=directions)
        return bool(report) and report.error <= ERROR

    return check


def pytorch(fast_mode: bool) -> Callable[[], bool]:
    """Check the same network in PyTorch, which moves the model's parameters in place as well."""
    import torch

    torch.set_num_threads(1)
    layers = []
    for ours in network().layers:
        if isinstance(ours, Tanh):
            layers.append(torch.nn.Tanh())
            continue
        theirs = torch.nn.Linear(*ours.weight.shape, dtype=torch.float64)
        theirs.weight.data, theirs.bias.data = torch.tensor(ours.weight.T.copy()), torch.tensor(ours.bias)
        layers.append(theirs)
    model = torch.nn.Sequential(*layers)
    x = torch.tensor(np.random.default_rng(1).standard_normal((N, WIDTHS[0])), requires_grad=True)
    inputs = x, *model.parameters()
    return lambda: torch.autograd.gradcheck(lambda x, *parameters: model(x), inputs, fast_mode=fast_mode)


def both_pass(library: Callable[[], bool], peer: Callable[[], bool]) -> None:
    assert network().parameters.size == 500
    assert library(), f"the check must pass with an error of at most {ERROR}"
    assert peer()


def rows() -> list[Row]:
    return [
        measure(FULL, lambda: library(None), lambda: pytorch(False), agree=both_pass, rounds=15),
        measure(FAST, lambda: library(1), lambda: pytorch(True), agree=both_pass, rounds=60),
    ]
