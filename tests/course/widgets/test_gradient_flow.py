import numpy as np
import pytest

from course.layers import Linear, Sequential, Tanh
from course.widgets.models.gradient_flow import ACTIVATIONS, INITIALIZERS, _linear, measure, predict


@pytest.mark.parametrize("initializer", INITIALIZERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_in_a_wide_network_a_layers_factor_is_that_of_the_theory(activation, initializer):
    found, theory = (each(6, 256, activation, initializer) for each in (measure, predict))
    factors = found["gradient"][:-1] / found["gradient"][1:]
    assert np.abs(np.log(factors / theory["factor"])).max() < 0.25
    assert abs(np.log(found["gradient"][0] / theory["gradient"][0])) < 0.6


@pytest.mark.parametrize("initializer", ["He normal", "He uniform"])
def test_relu_with_he_keeps_the_gradients_size_exactly_in_theory(initializer):
    np.testing.assert_allclose(predict(50, 64, "ReLU", initializer)["gradient"], 1)


def test_relu_with_xavier_loses_half_of_the_variance_in_every_layer():
    np.testing.assert_allclose(predict(10, 64, "ReLU", "Xavier normal")["factor"], np.sqrt(1 / 2))


def test_a_leak_adds_its_square_to_what_relu_passes():
    np.testing.assert_allclose(predict(10, 64, "leaky ReLU", "He normal")["factor"], np.sqrt(1 + 0.01**2))


def test_the_sigmoid_with_xavier_never_passes_more_than_a_quarter():
    found, theory = (each(30, 64, "sigmoid", "Xavier uniform") for each in (measure, predict))
    assert theory["factor"].max() <= 1 / 4
    assert found["slope"].max() <= 1 / 4
    assert found["gradient"][0] < 4.0**-25


def test_small_weights_bring_tanh_to_the_factor_of_a_linear_layer():
    np.testing.assert_allclose(predict(20, 64, "tanh", "small normal")["factor"][1:], 0.02 * np.sqrt(64), rtol=0.03)


def test_large_weights_let_tanh_explode_in_spite_of_its_slopes():
    theory, found = (each(20, 64, "tanh", "large normal") for each in (predict, measure))
    assert (theory["factor"] > 1).all()
    assert found["gradient"][0] > 100


def test_the_gradient_at_the_output_has_length_one():
    assert measure(3, 16, "tanh", "He normal")["gradient"][-1] == pytest.approx(1)


def test_the_gradient_is_the_derivative_of_its_product_with_the_output():
    rng, h = np.random.default_rng(1), 1e-6
    x, g = rng.standard_normal((2, 32, 8))
    g /= np.linalg.norm(g, axis=1, keepdims=True)
    layers = [Linear(8, 8, rng=rng) for _ in range(2)]
    for layer, drawn in zip(layers, _linear(8, "Xavier normal"), strict=False):
        layer.weight = drawn.weight
    network = Sequential(layers[0], Tanh(), layers[1], Tanh())
    ends = [[((network.forward(x + s * e) * g).sum(1)) for s in (h, -h)] for e in np.eye(8)]
    slopes = np.array([(after - before) / (2 * h) for after, before in ends])
    assert measure(2, 8, "tanh", "Xavier normal")["gradient"][0] == pytest.approx(np.sqrt((slopes**2).sum(0).mean()))
