"""Initialisers: the variances of their papers, and signals that keep their size through fifty layers."""

import numpy as np
import pytest

from course import Linear, ReLU, Sequential, Tanh
from course.errors import RangeError
from course.initializers import he_normal, he_uniform, normal, xavier_normal, xavier_uniform, zeros


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [
        (xavier_uniform, 2 / 700),
        (xavier_normal, 2 / 700),
        (he_uniform, 2 / 300),
        (he_normal, 2 / 300),
        (normal(0.2), 0.04),
    ],
)
def test_initial_weights_have_mean_zero_and_the_variance_that_their_page_promises(initializer, variance, rng):
    weight = initializer((300, 400), rng=rng)
    assert weight.var() == pytest.approx(variance, rel=0.02)  # 120,000 draws: 0.4 % is one standard deviation
    assert abs(weight.mean()) < 5 * np.sqrt(variance / weight.size)


@pytest.mark.parametrize(("initializer", "bound"), [(xavier_uniform, 6 / 70), (he_uniform, 6 / 30)])
def test_uniform_weights_stay_within_their_bounds_and_reach_them(initializer, bound, rng):
    largest = max(np.abs(initializer((30, 40), rng=rng)).max() for _ in range(10))
    assert 0.999 * np.sqrt(bound) < largest <= np.sqrt(bound)


def test_normal_weights_have_the_kurtosis_of_a_normal_distribution_and_uniform_ones_do_not(rng):
    def kurtosis(initializer):
        w = initializer((400, 400), rng=rng)
        return (w**4).mean() / (w**2).mean() ** 2

    assert kurtosis(he_normal) == pytest.approx(3, abs=0.1)
    assert kurtosis(he_uniform) == pytest.approx(1.8, abs=0.05)


def sizes(initializer, activation, rng, depth=50, width=256):
    """Return the root mean square of the signal after the last layer, and of the gradient after the way back."""
    pairs = [(Linear(width, width, rng=rng, initializer=initializer), activation()) for _ in range(depth)]
    network, x = Sequential(*sum(pairs, ())), rng.standard_normal((32, width))
    x_out = network.forward(x)
    g_in = network.backward(rng.standard_normal(x_out.shape))
    return np.sqrt((x_out**2).mean()), np.sqrt((g_in**2).mean())


def test_he_keeps_signal_and_gradient_through_fifty_relu_layers(rng):
    signal, gradient = sizes(he_normal, ReLU, rng)
    assert 0.1 < signal < 10
    assert 0.1 < gradient < 10


def test_xavier_halves_the_power_in_every_relu_layer_so_that_fifty_leave_nothing(rng):
    signal, gradient = sizes(xavier_normal, ReLU, rng)
    assert 2.0**-28 < signal < 2.0**-22  # the root of 2⁻⁵⁰ is 2⁻²⁵
    assert 2.0**-28 < gradient < 2.0**-22


def test_xavier_keeps_a_signal_through_fifty_tanh_layers_and_a_tenth_of_it_does_not(rng):
    signal, gradient = sizes(xavier_uniform, Tanh, rng)
    assert 0.05 < signal < 1
    assert 0.05 < gradient < 10
    signal, gradient = sizes(normal(0.1 / 16), Tanh, rng)
    assert signal < 1e-40
    assert gradient < 1e-40


def test_zeros_are_zeros_and_a_negative_deviation_is_refused(rng):
    assert not zeros((3, 4), rng=rng).any()
    with pytest.raises(RangeError, match="std must be in"):
        normal(-1.0)
