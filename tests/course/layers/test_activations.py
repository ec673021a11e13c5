"""Activations: their values against other ways to compute them, and their tails."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import GELU, Activation, Layer, LeakyReLU, ReLU, Sigmoid, Softmax, Softplus, Tanh, TanhGELU
from course.errors import RangeError

MONOTONE = [Sigmoid(), Tanh(), ReLU(), LeakyReLU(0.1), Softplus()]


@pytest.mark.parametrize("layer", MONOTONE, ids=repr)
@given(a=st.floats(-1e6, 1e6))
def test_activations_are_finite_monotone_and_silent_everywhere(layer, a):
    a = np.array([a, np.nextafter(a, np.inf), 1e9])
    z = layer.forward(a)
    assert np.isfinite(z).all()
    assert (np.diff(z) >= 0).all()
    assert (layer.backward(np.ones(3)) >= 0).all()


@pytest.mark.parametrize("layer", [GELU(), TanhGELU(), Softmax()], ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_others_are_finite_and_silent_everywhere_too(layer, dtype):
    a = np.array([[-1e6, -1000.0, -40.0, 0.0], [0.0, 40.0, 1000.0, 1e6]], dtype)
    assert np.isfinite(layer.forward(a)).all()
    assert np.isfinite(layer.backward(np.ones_like(a))).all()


def test_the_sigmoid_keeps_its_digits_in_the_tails():
    np.testing.assert_allclose(Sigmoid().forward(np.array([-700.0, -40.0])), np.exp([-700.0, -40.0]), rtol=1e-14)


def test_the_slope_of_softplus_is_the_sigmoid_even_in_the_tails():
    a = np.array([-700.0, -40.0, -1.0, 0.0, 2.0, 40.0])
    layer = Softplus()
    layer.forward(a)
    np.testing.assert_allclose(layer.backward(np.ones(6)), Sigmoid().forward(a), rtol=1e-13)


@pytest.mark.parametrize(("layer", "steepest"), [(Sigmoid(), 0.25), (Tanh(), 1.0)])
def test_the_slope_is_steepest_at_zero_as_deck_003_has_it(layer, steepest):
    a = np.linspace(-3, 3, 7)
    slope = layer.slope(a, layer.value(a))
    assert slope.max() == slope[3] == steepest


@pytest.mark.parametrize(("layer", "slopes"), [(ReLU(), [0, 0, 5]), (LeakyReLU(0.2), [1, 1, 5])], ids=repr)
def test_at_zero_the_slope_is_that_of_the_left_side(layer, slopes):
    layer.forward(np.array([-1.0, 0.0, 1.0]))
    assert layer.backward(np.full(3, 5.0)).tolist() == slopes


def test_leaky_relu_without_a_leak_is_relu_and_other_slopes_are_refused(rng):
    a = rng.standard_normal(50)
    np.testing.assert_array_equal(LeakyReLU(0).forward(a), ReLU().forward(a))
    for slope in (-0.1, 1.0, float("nan")):
        with pytest.raises(RangeError, match="negative_slope must be in"):
            LeakyReLU(slope)


def test_gelu_is_the_input_times_the_area_under_the_bell_curve_to_its_left():
    for a in (-3.0, -0.5, 0.7, 2.0):
        t = np.linspace(-12, a, 200_001)
        area = np.trapezoid(np.exp(-(t**2) / 2), t) / math.sqrt(2 * math.pi)
        assert GELU().forward(np.array([a]))[0] == pytest.approx(a * area, rel=1e-8)


def test_gelu_keeps_its_digits_where_almost_nothing_passes():
    # For large x the tail of the normal distribution is φ(x)/x (1 - 1/x² + 3/x⁴ - …).
    x = 30.0
    tail = math.exp(-x * x / 2) / math.sqrt(2 * math.pi) / x * (1 - x**-2 + 3 * x**-4)
    assert GELU().forward(np.array([-x]))[0] == pytest.approx(-x * tail, rel=1e-7)


def test_the_approximation_of_gelu_is_as_close_as_its_page_says():
    a = np.linspace(-10, 10, 20_001)
    difference = np.abs(GELU().forward(a) - TanhGELU().forward(a)).max()
    assert 0.0004 < difference < 0.0005


def test_softmax_rows_are_probabilities_that_a_common_shift_does_not_change(rng):
    a = rng.standard_normal((5, 4))
    z = Softmax().forward(a)
    np.testing.assert_allclose(z, np.exp(a) / np.exp(a).sum(1, keepdims=True), rtol=1e-13)
    np.testing.assert_allclose(Softmax().forward(a + 1000), z, rtol=1e-10)


def test_through_softmax_a_gradient_of_ones_vanishes_because_the_sum_is_always_one(rng):
    layer = Softmax()
    layer.forward(rng.standard_normal((5, 4)))
    assert np.abs(layer.backward(np.ones((5, 4)))).max() < 1e-15
    assert np.abs(layer.backward(rng.standard_normal((5, 4))).sum(1)).max() < 1e-15


def test_what_a_subclass_has_to_state_is_missing_in_the_base():
    for call in (
        lambda: Layer().forward(np.ones(1)),
        lambda: Layer().backward(np.ones(1)),
        lambda: Activation().forward(np.ones(1)),
        lambda: Activation().slope(0, 0),
    ):
        with pytest.raises(NotImplementedError):
            call()
