"""Finite differences, and the check that rests on them: it finds what is wrong, and only that."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import Linear, ReLU, Sequential, Tanh
from course.errors import DataError, DtypeError, ShapeError, StateError
from course.gradient_check import central_difference, gradient_check, numerical_vjp


@given(hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=3), elements=st.floats(-5, 5)))
def test_the_gradient_of_a_sum_of_cubes_is_three_times_the_square(x):
    np.testing.assert_allclose(central_difference(lambda x: (x**3).sum(), x), 3 * x**2, atol=1e-8)


def test_the_error_of_a_central_difference_falls_with_the_square_of_the_step():
    errors = [abs(central_difference(np.exp, 1.0, h=h) - np.e) for h in (1e-2, 1e-3)]
    assert errors[0] / errors[1] == pytest.approx(100, rel=1e-3)


def test_the_step_grows_with_x():
    assert central_difference(lambda x: x * x, 1e9) == pytest.approx(2e9, rel=1e-9)


def test_a_function_may_spoil_its_argument_or_raise_and_x_stays_as_it_was():
    def spoil(x):
        x *= 7
        return x.sum()

    def fail(x):
        x *= 7
        raise RuntimeError

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(central_difference(spoil, x), [7, 7])
    with pytest.raises(RuntimeError):
        central_difference(fail, x)
    assert x.tolist() == [1, 2]


def test_a_vjp_weighs_the_rows_of_the_jacobian(rng):
    jacobian, g_out = rng.standard_normal((4, 3)), rng.standard_normal(4)
    np.testing.assert_allclose(numerical_vjp(lambda x: jacobian @ x, rng.standard_normal(3), g_out), g_out @ jacobian)


def test_a_function_of_the_wrong_shape_is_refused():
    with pytest.raises(ShapeError, match="one number"):
        central_difference(lambda x: x, [1.0, 2.0])
    with pytest.raises(ShapeError, match="g_out must have the shape"):
        numerical_vjp(lambda x: x, [1.0, 2.0], [1.0])


def affine(x, W, b):
    return x @ W + b


def affine_backward(g, x, W, b):
    return g @ W.T, x.T @ g, g.sum(0)


@pytest.fixture
def inputs(rng):
    return rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal(2)


@pytest.mark.parametrize("directions", [None, 3])
def test_a_right_backward_pass_passes_at_every_index_and_in_every_direction(inputs, rng, directions):
    report = gradient_check(affine, inputs, affine_backward, rng=rng, directions=directions)
    assert report
    assert report.error < 1e-8
    assert [finding.name for finding in report.findings] == ["x", "W", "b"]


@pytest.mark.parametrize(
    ("name", "bug", "words"),
    [
        ("x", lambda gx, gW, gb: (-gx, gW, gb), "the sign is opposite"),
        ("W", lambda gx, gW, gb: (gx, gW / 4, gb), "it is 1/4 of the right size"),
        ("W", lambda gx, gW, gb: (gx, gW.T, gb), "it is the transpose"),
        ("W", lambda gx, gW, gb: (gx, gW * [[1], [1], [0]], gb), "right except in the last row"),
        ("b", lambda gx, gW, gb: (gx, gW, 0 * gb), "all zeros"),
        ("b", lambda gx, gW, gb: (gx, gW, None), "it is None instead of an array"),
        ("b", lambda gx, gW, gb: (gx, gW, gW), "the shape is (3, 2) instead of (2,)"),
        ("x", lambda gx, gW, gb: ([[1], [1, 2]], gW, gb), "it is ragged: its rows have different lengths"),
        ("b", lambda gx, gW, gb: (gx, gW), "it is None instead of an array"),
        ("x", lambda gx, gW, gb: (gx * np.nan, gW, gb), "it contains NaN"),
    ],
)
def test_a_planted_bug_is_found_where_it_is_and_named_and_nothing_else_is_blamed(inputs, rng, name, bug, words):
    report = gradient_check(affine, inputs, lambda g, *a: bug(*affine_backward(g, *a)), rng=rng)
    assert not report
    assert {f.name: f.relation for f in report.findings if f.relation} == {name: words}
    assert f"{name}: {words}" in str(report)


@pytest.mark.parametrize("factor", [-1.0, 0.25, 0.0, np.pi])
def test_random_directions_catch_what_every_index_catches(inputs, rng, factor):
    def wrong(g, *arrays):
        gx, gW, gb = affine_backward(g, *arrays)
        return gx, factor * gW, gb

    report = gradient_check(affine, inputs, wrong, rng=rng, directions=4)
    assert [f.relation is None for f in report.findings] == [True, False, True]


def test_a_transpose_with_the_backward_pass_of_a_reshape_is_caught(rng):
    report = gradient_check(np.transpose, rng.standard_normal((2, 3)), lambda g, x: g.reshape(x.shape), rng=rng)
    assert "the values differ" in report.findings[0].relation


def test_the_report_says_at_which_indices(rng):
    report = gradient_check(np.sin, np.ones(3), lambda g, x: g * np.cos(x) * [1, 1, 2], rng=rng)
    assert report.findings[0].wrong == ((2,),)
    assert str(report).endswith("x: right except in the last entry (1 of 3 entries, such as [2])")


def relu_backward(g, x):
    return g * (x > 0)


def test_a_kink_is_reported_and_not_judged(rng):
    report = gradient_check(lambda x: np.maximum(x, 0), np.array([0.0, 1e-7, 4e-6, 1.0, -1.0]), relu_backward, rng=rng)
    assert report
    assert report.findings[0].kinks == ((0,), (1,), (2,))
    assert "3 of them at a kink" in str(report)


def test_a_bug_beside_a_kink_is_still_found(rng):
    report = gradient_check(lambda x: np.maximum(x, 0), np.array([0.0, 1.0, -1.0]), lambda g, x: g, rng=rng)
    assert report.findings[0].wrong == ((2,),)


def test_where_everything_is_a_kink_nothing_has_passed(rng):
    report = gradient_check(lambda x: np.maximum(x, 0), np.zeros(3), relu_backward, rng=rng)
    assert not report
    assert "another x" in str(report)


def test_a_wrong_gradient_where_the_right_one_is_zero_is_no_kink(rng):
    report = gradient_check(lambda x: 0 * x, np.ones(3), lambda g, x: g, rng=rng)
    assert not report
    assert not report.findings[0].kinks


@pytest.mark.parametrize("directions", [None, 2])
def test_a_network_is_checked_by_the_names_of_its_parameters_and_left_as_it_was(rng, directions):
    network = Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng), ReLU())
    network.parameters += 0.1 * rng.standard_normal(network.parameters.size)
    before = network.parameters.copy()
    report = gradient_check(network, rng.standard_normal((5, 3)), rng=rng, directions=directions)
    assert report
    assert [f.name for f in report.findings] == ["x", "0.weight", "0.bias", "2.weight", "2.bias"]
    np.testing.assert_array_equal(network.parameters, before)


def test_a_module_with_attributes_of_any_name_can_be_checked(rng):
    class Mine:
        def __init__(self):
            self.W = rng.standard_normal((3, 2))

        def forward(self, x):
            self.x = x
            return x @ self.W

        def backward(self, g):
            self.dW = g.T @ self.x
            return g @ self.W.T

    report = gradient_check(Mine(), rng.standard_normal((4, 3)), rng=rng, parameters={"W": "dW"})
    assert {f.name: f.relation for f in report.findings} == {"x": None, "W": "it is the transpose"}


def test_float32_is_refused_with_the_remedy(rng):
    with pytest.raises(DtypeError, match="weight must be float64, got float32"):
        gradient_check(Linear(2, 2, rng=rng, dtype=np.float32), np.ones((1, 2)), rng=rng)


def test_what_cannot_be_checked_is_refused(rng):
    with pytest.raises(StateError, match="randomness"):
        gradient_check(lambda x: x * rng.random(), np.ones(2), lambda g, x: g, rng=rng)
    with pytest.raises(DataError, match="finite"):
        gradient_check(lambda x: x + np.inf, np.ones(2), lambda g, x: g * np.nan, rng=rng)
    with pytest.raises(DtypeError, match="NoneType"):
        gradient_check(lambda x: None, np.ones(2), lambda g, x: g, rng=rng)
