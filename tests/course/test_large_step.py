"""The benchmark of the large step compares like with like."""

import pytest

from benchmarks import large_step
from course import Adam


def test_the_products_are_those_that_the_step_cannot_do_without():
    z1, z2, z3, dW3, d2, dW2, d1, dW1 = large_step.products()()
    n, (D, H1, H2, C) = large_step.N, large_step.WIDTHS
    assert [z1.shape, z2.shape, z3.shape] == [(n, H1), (n, H2), (n, C)]
    assert [dW3.shape, dW2.shape, dW1.shape] == [(H2, C), (H1, H2), (D, H1)]
    assert [d2.shape, d1.shape] == [(n, H2), (n, H1)]  # and none for the input of the first layer


def test_the_library_and_pytorch_take_the_same_steps():
    pytest.importorskip("torch")
    large_step.check_that_both_do_the_same(large_step.library(Adam(large_step.RATE)), large_step.pytorch("Adam"))
    large_step.check_without_dropout()
