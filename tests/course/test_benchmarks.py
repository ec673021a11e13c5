"""The benchmarks compare like with like, and their table says what it means."""

import pytest

from benchmarks import harness, training_step
from course import SGD


def test_the_library_and_the_bare_calls_take_the_same_steps():
    training_step.check_that_both_do_the_same(training_step.library(SGD(training_step.RATE)), training_step.bare_sgd())


def test_two_sides_that_differ_are_not_timed():
    with pytest.raises(AssertionError):
        training_step.check_that_both_do_the_same(lambda: 1.0, lambda: 2.0)


@pytest.mark.parametrize(
    ("sign", "ask", "ratio", "met"),
    [("at most", 1.5, 2.0, False), ("at most", 2.5, 2.0, True), ("at least", 1.0, 0.5, False)],
)
def test_a_ratio_is_library_over_peer_where_less_is_asked_and_the_reverse_where_more_is(sign, ask, ratio, met):
    row = harness.compare(harness.Row("work", "peer", sign, ask), [2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    assert row.ratio == ratio
    assert row.met == met


def test_a_missing_peer_is_named_in_the_table():
    assert "peer not installed" in harness.table([harness.Row("work", "PyTorch eager", "at least", 10)])
