"""Forward mode: dual numbers through NumPy, nested, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.autodiff.derivatives import ONE_ARGUMENT, TWO_ARGUMENTS, sigmoid, softplus
from course.autodiff.dual import Dual, derivative, jacobian, jvp
from course.autodiff.finite_difference import central_difference, complex_step, numerical_jacobian
from course.errors import CourseError, ShapeError

X = np.array([[0.3, -1.2, 0.7], [2.1, 0.4, -0.6]])


@pytest.mark.parametrize("function", ONE_ARGUMENT, ids=lambda f: f.__name__)
@given(x=st.floats(0.1, 1.4))
def test_every_function_of_the_table_has_the_slope_that_finite_differences_find(function, x):
    assert derivative(function, x) == pytest.approx(float(central_difference(function, x)), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("function", TWO_ARGUMENTS, ids=lambda f: f.__name__)
@given(x=st.floats(0.1, 2), y=st.floats(0.1, 2).filter(lambda y: abs(y) > 1e-3))
def test_every_function_of_two_arguments_has_both_partial_derivatives(function, x, y):
    if abs(x - y) > 1e-3:
        assert derivative(lambda x: function(x, y), x) == pytest.approx(
            float(central_difference(lambda x: function(x, y), x)), rel=1e-6, abs=1e-8
        )
        assert derivative(lambda y: function(x, y), y) == pytest.approx(
            float(central_difference(lambda y: function(x, y), y)), rel=1e-6, abs=1e-8
        )


ARRAY_FUNCTIONS = {
    "sum over an axis": lambda x: np.sum(x * x, axis=1, keepdims=True),
    "mean": lambda x: np.mean(x**3, axis=0),
    "variance": lambda x: np.var(x, axis=1) + np.std(x),
    "largest": lambda x: np.max(x, axis=1) * np.min(x),
    "matrix product": lambda x: x @ np.arange(6.0).reshape(3, 2) @ x,
    "products": lambda x: np.dot(x, x.T).sum() + np.vdot(x, x) + np.outer(x[0], x[1]),
    "shapes": lambda x: np.reshape(np.transpose(x), (2, 3)) * x.T.reshape(2, 3) + x.ravel()[::2],
    "indexing": lambda x: x[[0, 0, 1], 1:] * x[..., :1][0],
    "joining": lambda x: np.concatenate([x, np.stack([x[0], X[1]])]) ** 2,
    "choice": lambda x: np.where(x > 0, x * x, -x) + np.clip(x, -0.5, 0.5),
    "constant on the left": lambda x: 2.0 - X * x / (3 + x) + np.float64(2) ** x,
    "broadcasting": lambda x: x[0] + X + x[:, :1],
    "stable functions": lambda x: sigmoid(100 * x) + softplus(x) + np.logaddexp(x, 0),
    "iteration": lambda x: sum(row[0] * row for row in x),
}


@pytest.mark.parametrize("f", ARRAY_FUNCTIONS.values(), ids=ARRAY_FUNCTIONS)
def test_the_jacobian_is_that_of_finite_differences(f):
    got = jacobian(f, X)
    assert got.shape == np.shape(f(X)) + X.shape
    np.testing.assert_allclose(got, numerical_jacobian(f, X), atol=1e-7)


@pytest.mark.parametrize("f", ARRAY_FUNCTIONS.values(), ids=ARRAY_FUNCTIONS)
def test_the_value_that_goes_along_is_the_plain_value(f):
    np.testing.assert_allclose(f(Dual(X, np.ones_like(X))).value, f(X), rtol=1e-15)


def test_a_jvp_is_the_jacobian_times_the_direction(rng):
    v = rng.standard_normal(X.shape)
    np.testing.assert_allclose(jvp(np.cumsum, X, v), np.tensordot(jacobian(np.cumsum, X), v, 2))


def test_a_jvp_runs_the_function_once():
    runs = []
    jvp(lambda x: runs.append(1) or np.sin(x), X, X)
    assert len(runs) == 1


@given(st.floats(-2, 2))
def test_derivatives_of_derivatives_are_higher_derivatives(x):
    third = derivative(lambda x: derivative(lambda x: derivative(lambda x: x**4, x), x), x)
    assert third == pytest.approx(24 * x, abs=1e-12)


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_an_inner_derivative_does_not_take_the_outer_variable_for_its_own(x, y):
    """d/dx [x · d/dy (x y²)] = d/dx [2 x² y] = 4 x y; confused, the inner one would also see d/dy of x."""
    assert derivative(lambda x: x * derivative(lambda t: x * t**2, y), x) == pytest.approx(4 * x * y, abs=1e-12)
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0), x) == 1


def test_an_outer_variable_is_a_constant_to_an_inner_derivative():
    assert derivative(lambda x: x * derivative(lambda y: x, 1.0), 1.0) == 0


def test_at_a_tie_the_second_argument_is_taken_so_that_the_rectifier_has_no_slope_at_zero():
    assert derivative(lambda x: np.maximum(x, 0.0), 0.0) == 0
    assert derivative(lambda x: np.maximum(0.0, x), 0.0) == 1


def test_equal_largest_entries_share_the_derivative():
    np.testing.assert_allclose(jacobian(np.max, np.array([1.0, 3.0, 3.0])), [0, 0.5, 0.5])


def test_the_hessian_is_a_jacobian_of_a_jacobian():
    def f(x):
        return np.exp(x[0] * x[1]) + x[0] ** 3

    a, b = x = np.array([0.5, -0.3])
    e = np.exp(a * b)
    expected = [[b * b * e + 6 * a, e + a * b * e], [e + a * b * e, a * a * e]]
    np.testing.assert_allclose(jacobian(lambda x: jacobian(f, x), x), expected)


def test_what_does_not_depend_on_x_has_the_derivative_zero():
    assert derivative(lambda x: 3.0, 1.0) == 0
    np.testing.assert_array_equal(jacobian(lambda x: np.ones(2), X), np.zeros((2, 2, 3)))


def test_forward_mode_is_as_exact_as_the_complex_step():
    def f(x):
        return np.exp(np.sin(x) * x) / (1 + x * x)

    assert derivative(f, 1.3) == pytest.approx(float(complex_step(f, 1.3)), rel=1e-14)


def test_single_precision_stays_single():
    z = np.tanh(Dual(X.astype(np.float32), np.ones_like(X, np.float32)) * 2 + 1)
    assert z.value.dtype == z.tangent.dtype == np.float32


def test_a_zero_exponent_has_no_slope_even_at_zero():
    assert derivative(lambda x: x**0, 0.0) == 0
    assert derivative(lambda x: x**1, 0.0) == 1


@pytest.mark.parametrize("function", [np.floor, np.linalg.inv, np.sort, np.add.reduce, np.prod], ids=lambda f: f.__name__)
def test_a_function_without_a_rule_is_refused_by_name(function):
    with pytest.raises(CourseError, match=r"Dual: \w+ has no derivative rule here; write it with functions that have one"):
        function(Dual(X[:, :2], X[:, :2]))


def test_what_would_lose_the_derivative_is_refused():
    x = Dual(1.0, 1.0)
    with pytest.raises(CourseError, match=r"use np\.stack in place of np\.array"):
        np.array([x, x])
    with pytest.raises(CourseError, match="cannot be changed in place"):
        Dual(X, X)[0] = 1.0
    with pytest.raises(ShapeError, match="tangent must have the shape of the value"):
        Dual(X, X[0])
    with pytest.raises(ShapeError, match="use jvp or jacobian"):
        derivative(np.sin, X)
