"""The stepped graph against the recursion, written out, and against finite differences."""

import numpy as np
import pytest

from course.widgets import computation_graph
from course.widgets.models.expressions import EXPRESSIONS, INPUTS, by_differences, consumers, evaluate, visits

POINT = {"x": 1.2, "w": -0.7, "y": 0.4}
BY_HAND = {
    "(tanh(x·w) − y)²": lambda x, w, y: (np.tanh(x * w) - y) ** 2,
    "sin(x·w) + x·w·y": lambda x, w, y: np.sin(x * w) + x * w * y,
    "(x·x + w)·(x + y)": lambda x, w, y: (x * x + w) * (x + y),
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_steps_compute_what_the_expression_says(expression):
    assert evaluate(expression, **POINT)["values"]["L"] == pytest.approx(BY_HAND[expression](**POINT))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_gradient_is_the_sum_over_the_consumers(expression):
    found = evaluate(expression, **POINT)
    assert found["gradients"]["L"] == 1
    for u in found["gradients"]:
        if u != "L":
            share = sum(found["gradients"][v] * sum(found["partials"][u, v]) for v in set(consumers(expression, u)))
            assert found["gradients"][u] == pytest.approx(share)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_gradients_of_the_inputs_agree_with_central_differences(expression):
    gradients, checks = evaluate(expression, **POINT)["gradients"], by_differences(expression, **POINT)
    assert [gradients[name] for name in INPUTS] == pytest.approx([checks[name] for name in INPUTS], abs=1e-8)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_no_node_is_visited_before_those_it_needs(expression):
    order = visits(expression)
    ready = set(INPUTS)
    for step in EXPRESSIONS[expression]:
        assert set(step.inputs) <= ready
        ready.add(step.name)
    backward = [name for way, name in order if way == "backward"]
    assert sorted(backward) == sorted(ready)
    for name in backward:
        assert all(backward.index(v) < backward.index(name) for v in consumers(expression, name))


def test_an_input_that_one_operation_takes_twice_counts_twice():
    found = evaluate("(x·x + w)·(x + y)", **POINT)
    assert found["partials"]["x", "p"] == [1.2, 1.2]


def test_each_expression_takes_as_many_steps_as_the_slider_has():
    steps = {len(visits(expression)) for expression in EXPRESSIONS}
    places = computation_graph().controls["step"].places()
    assert steps == {places[-1]} == {len(places) - 1}


def test_the_step_of_a_shared_node_says_that_two_gradients_are_added():
    said = computation_graph().frame(step=8, expression="sin(x·w) + x·w·y", x=1.2, w=0.5, y=1).summary
    assert "p is used 2 times, so 2 gradients are added" in said
    assert "1·0.825 + 1·1 = 1.83" in said
