"""The local errors of a small network against the recursion, the tape and central differences."""

import numpy as np
import pytest

from course.autodiff.finite_difference import central_difference
from course.autodiff.tape import Value, sigmoid
from course.widgets import neuronal_graph
from course.widgets.models.processing_elements import ACTIVATIONS, WEIGHTS, propagate

X, TARGET = (0.6, 1.1), (1.0, 0.0)
FUNCTIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "ReLU": lambda a: np.maximum(a, 0.0)}


def on_the_tape(activation):
    """Return the pre-activations and the weights, with the gradients of E in them."""
    g = FUNCTIONS[activation]
    first, second = (Value(weight) for weight in WEIGHTS)
    a1 = Value(np.array(X)) @ first
    a2 = g(a1) @ second
    (((g(a2) - np.array(TARGET)) ** 2).sum() / 2).backward()
    return a1, a2, first, second


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_local_error_of_every_unit_is_the_tapes_gradient_by_its_preactivation(activation):
    found, (a1, a2, _, _) = propagate(X, TARGET, activation), on_the_tape(activation)
    for layer, a in (("1", a1), ("2", a2)):
        np.testing.assert_allclose(found["a" + layer], a.data)
        np.testing.assert_allclose(found["delta" + layer], a.gradient)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_gradient_is_local_error_times_input(activation):
    found, (_, _, first, second) = propagate(X, TARGET, activation), on_the_tape(activation)
    for gradient, z, delta, weight in (
        (found["gradient1"], X, found["delta1"], first),
        (found["gradient2"], found["z1"], found["delta2"], second),
    ):
        np.testing.assert_allclose(gradient, np.outer(z, delta))
        np.testing.assert_allclose(gradient, weight.gradient)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_base_case_and_the_recursive_case_hold(activation):
    found = propagate(X, TARGET, activation)
    np.testing.assert_allclose(found["delta2"], (found["z2"] - TARGET) * found["slope2"])
    np.testing.assert_allclose(found["delta1"], WEIGHTS[1] @ found["delta2"] * found["slope1"])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_the_gradient_agrees_with_central_differences(activation):
    g = {"sigmoid": lambda a: 1 / (1 + np.exp(-a)), "tanh": np.tanh}[activation]

    def error(first):
        return ((g(g(np.array(X) @ first) @ WEIGHTS[1]) - TARGET) ** 2).sum() / 2

    np.testing.assert_allclose(
        propagate(X, TARGET, activation)["gradient1"], central_difference(error, WEIGHTS[0]), atol=1e-9
    )


def test_a_hidden_rectifier_that_is_off_hands_nothing_on():
    found = propagate((-2.0, 0.0), TARGET, "ReLU")
    assert found["a1"][0] < 0 < found["a1"][1]
    assert found["delta1"][0] == 0
    np.testing.assert_array_equal(found["gradient1"][:, 0], 0)


def test_a_run_leaves_the_results_of_the_last_one_as_they_are():
    before = propagate(X, TARGET, "tanh")
    kept = {name: np.copy(value) for name, value in before.items()}
    propagate((-1.0, 2.0), (0.0, 1.0), "tanh")
    for name, value in kept.items():
        np.testing.assert_array_equal(before[name], value)


def test_no_delta_is_shown_before_its_turn():
    demo = neuronal_graph()
    known = [sum("δ ?" not in node.lines for node in demo.frame(step=step).panels[0].nodes[2:6]) for step in range(12)]
    assert known == [0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 4, 4]
