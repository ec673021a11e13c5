"""The benchmark of the large step compares like with like."""

from itertools import pairwise

import numpy as np
import pytest

from benchmarks import large_step
from course import Adam


def test_the_products_are_those_that_the_step_cannot_do_without(monkeypatch):
    dot, seen = np.dot, []
    monkeypatch.setattr(np, "dot", lambda a, b, out: seen.append((a.shape, b.shape)) or dot(a, b, out=out))
    large_step.products()()
    n, layers = large_step.N, list(pairwise(large_step.WIDTHS))
    forward = [((n, D), (D, M)) for D, M in layers]
    to_weights = [((D, n), (n, M)) for D, M in layers]
    to_inputs = [((n, M), (M, D)) for D, M in layers[1:]]  # the first layer's input has no use for a gradient
    assert sorted(seen) == sorted(forward + to_weights + to_inputs)


def test_the_library_and_pytorch_take_the_same_steps():
    pytest.importorskip("torch")
    large_step.check_that_both_do_the_same(large_step.library(Adam(large_step.RATE)), large_step.pytorch("Adam"))
    large_step.check_without_dropout()
