"""Finite differences: orders of their errors, the best step, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.autodiff.finite_difference import (
    best_step,
    central_difference,
    complex_step,
    error_by_step,
    forward_difference,
    numerical_jacobian,
    numerical_vjp,
    relative_error,
)
from course.errors import DtypeError, RangeError, ShapeError

ARRAYS = hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), elements=st.floats(-5, 5))
SCHEMES = ["forward", "central", "complex"]


@pytest.mark.parametrize(
    ("difference", "atol"), [(forward_difference, 1e-5), (central_difference, 1e-8), (complex_step, 1e-13)]
)
@given(x=ARRAYS)
def test_the_gradient_of_a_sum_of_cubes_is_three_times_the_square(difference, atol, x):
    gradient = difference(lambda x: (x**3).sum(), x)
    assert gradient.shape == x.shape
    np.testing.assert_allclose(gradient, 3 * x**2, atol=atol)


@pytest.mark.parametrize(("scheme", "order"), [("forward", 1), ("central", 2), ("complex", 2)])
def test_the_error_falls_with_the_order_of_the_scheme_while_truncation_rules(scheme, order):
    coarse, fine = error_by_step(np.exp, 1.0, np.e, [1e-2, 1e-3], scheme=scheme)
    assert coarse / fine == pytest.approx(10**order, rel=2e-2)


@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_the_error_grows_again_with_one_over_the_step_when_rounding_rules(scheme):
    points, errors = np.linspace(0.5, 1.5, 50), []
    for h in (1e-10, 1e-12):
        errors.append(np.mean([error_by_step(np.exp, x, np.exp(x), [h], scheme=scheme)[0] for x in points]))
    assert 20 < errors[1] / errors[0] < 500


def test_the_complex_step_may_be_as_small_as_one_likes():
    assert error_by_step(np.exp, 1.0, np.e, [1e-20, 1e-100, 1e-300], scheme="complex").max() < 1e-15


@pytest.mark.parametrize(("scheme", "scale"), [("forward", 2.0), ("central", 3 ** (1 / 3))])
def test_no_step_is_much_better_than_the_best_step(scheme, scale):
    points, steps = np.linspace(0.5, 1.5, 30), np.logspace(-12, -1, 45)
    errors = np.mean([error_by_step(np.exp, x, np.exp(x), steps, scheme=scheme) for x in points], axis=0)
    best = np.mean([error_by_step(np.exp, x, np.exp(x), [best_step(scheme, scale)], scheme=scheme) for x in points])
    assert best < 3 * errors.min()
    assert steps[errors.argmin()] == pytest.approx(best_step(scheme, scale), rel=3)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_jacobian_has_the_shape_of_the_output_and_then_of_the_input(scheme, rng):
    A, x = rng.standard_normal((4, 2, 3)), rng.standard_normal((2, 3))
    jacobian = numerical_jacobian(lambda x: np.tensordot(A, x, 2), x, scheme=scheme)
    np.testing.assert_allclose(jacobian, A, atol=1e-6)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_vjp_weighs_the_rows_of_the_jacobian(scheme, rng):
    A, g_out = rng.standard_normal((4, 3)), rng.standard_normal(4)
    got = numerical_vjp(lambda x: A @ x, rng.standard_normal(3), g_out, scheme=scheme)
    np.testing.assert_allclose(got, g_out @ A, atol=1e-6)


def test_without_inputs_the_jacobian_is_empty():
    assert numerical_jacobian(lambda x: np.ones(4), np.ones(0)).shape == (4, 0)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_function_may_spoil_its_argument(scheme):
    def spoil(x):
        x *= 7
        return x.sum()

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical_vjp(spoil, x, 1.0, scheme=scheme), [7, 7], rtol=1e-6)
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_a_step_that_x_swallows_gives_a_slope_of_zero_and_no_warning(scheme):
    assert numerical_jacobian(np.exp, 1.0, h=1e-17, scheme=scheme) == 0


def test_what_loses_the_imaginary_part_is_refused():
    with pytest.raises(DtypeError, match="drops the imaginary part"):
        complex_step(lambda x: np.abs(x).sum(), [1.0, 2.0])


@pytest.mark.parametrize("h", [0.0, -1e-3, np.nan])
def test_a_step_must_be_positive(h):
    with pytest.raises(RangeError, match="h must be positive"):
        central_difference(np.sum, [1.0], h=h)


def test_an_unknown_scheme_is_refused_with_the_names_of_the_known():
    with pytest.raises(RangeError, match="forward, central, complex, got 'backward'"):
        numerical_vjp(np.sin, 1.0, 1.0, scheme="backward")


@pytest.mark.parametrize("difference", [forward_difference, central_difference, complex_step])
def test_several_outputs_need_a_jacobian(difference):
    with pytest.raises(ShapeError, match=rf"{difference.__name__}: f must return one number, got \(2,\)"):
        difference(lambda x: x, [1.0, 2.0])


@given(ARRAYS)
def test_the_relative_error_is_zero_for_equals_two_for_opposites_and_knows_no_scale(a):
    assert relative_error(a, a) == 0
    assert relative_error(a, -a) == (2 if np.any(a) else 0)
    assert relative_error(4 * a, 8 * a) == relative_error(a, 2 * a)


def test_the_relative_error_does_not_broadcast():
    with pytest.raises(ShapeError, match="one shape"):
        relative_error([1.0, 2.0], [[1.0, 2.0]])
