"""The recurrent layer: unrolled by hand, and the gradients that vanish and explode in it."""

import numpy as np
import pytest

from course import Adam, HalfSquaredError, LastStep, Linear, Recurrent, ReLU, Sequential, Tanh, training_step
from course.errors import RangeError, ShapeError, StateError


def test_unrolled_by_hand_it_is_a_chain_of_linear_layers_that_share_their_weights(rng):
    layer, x = Recurrent(2, 3, rng=rng), rng.standard_normal((4, 3, 2))
    layer.bias = rng.standard_normal(3)
    W, U, b = layer.input_weight, layer.recurrent_weight, layer.bias
    h1 = np.tanh(x[:, 0] @ W + b)
    h2 = np.tanh(x[:, 1] @ W + h1 @ U + b)
    h3 = np.tanh(x[:, 2] @ W + h2 @ U + b)
    np.testing.assert_allclose(layer.forward(x), np.stack([h1, h2, h3], 1))


def last_step_gradients(scale, steps, rng, activation):
    """Send a gradient into the last state only, through orthogonal weights times a scale."""
    layer = Recurrent(1, 8, rng=rng, activation=activation)
    layer.recurrent_weight = scale * np.linalg.qr(rng.standard_normal((8, 8)))[0]
    layer.forward(0.01 * rng.standard_normal((5, steps, 1)))
    g = np.zeros((5, steps, 8))
    g[:, -1] = rng.standard_normal((5, 8))
    layer.backward_to_parameters(g)
    return layer.gradient_norms()


class Identity(Tanh):
    def value(self, a):
        return a * 1

    def slope(self, a, z):
        return np.ones_like(a)


@pytest.mark.parametrize("scale", [0.5, 1.0, 2.0])
def test_without_slopes_the_gradient_is_multiplied_by_the_scale_of_the_weights_at_every_step(scale, rng):
    norms = last_step_gradients(scale, 40, rng, Identity())
    np.testing.assert_allclose(norms[:-1] / norms[1:], scale, rtol=1e-9)


def test_with_tanh_gradients_vanish_below_one_and_explode_above(rng):
    vanishing = last_step_gradients(0.8, 50, rng, Tanh())
    assert vanishing[0] < 1e-4 * vanishing[-1]
    exploding = last_step_gradients(1.2, 20, rng, Tanh())
    assert exploding[0] > 10 * exploding[-1]


def test_the_gradient_of_a_state_adds_what_comes_from_its_output_to_what_comes_from_the_next_step(rng):
    layer, x, g = Recurrent(2, 3, rng=rng), rng.standard_normal((4, 2, 2)), rng.standard_normal((4, 2, 3))
    h = layer.forward(x)
    layer.backward(g)
    np.testing.assert_allclose(layer.state_gradients[:, 1], g[:, 1])
    delta = g[:, 1] * (1 - h[:, 1] ** 2)
    np.testing.assert_allclose(layer.state_gradients[:, 0], g[:, 0] + delta @ layer.recurrent_weight.T)
    np.testing.assert_allclose(layer.recurrent_weight_gradient, h[:, 0].T @ delta)


def test_it_learns_to_add_up_a_short_sequence(rng):
    network = Sequential(Recurrent(1, 8, rng=rng), LastStep(), Linear(8, 1, rng=rng))
    optimizer, loss = Adam(0.01), HalfSquaredError()
    for _ in range(300):
        x = rng.uniform(-0.5, 0.5, (32, 4, 1))
        value = training_step(network, loss, optimizer, x, x.sum(1))
    assert value < 0.005


def test_only_the_last_step_goes_out_and_only_it_gets_a_gradient(rng):
    layer, x, g = LastStep(), rng.standard_normal((2, 3, 4)), rng.standard_normal((2, 4))
    np.testing.assert_array_equal(layer.forward(x), x[:, 2])
    g_in = layer.backward(g)
    np.testing.assert_array_equal(g_in[:, 2], g)
    assert not g_in[:, :2].any()


def test_a_sequence_without_steps_passes_but_has_no_last_one(rng):
    layer = Recurrent(2, 3, rng=rng, activation=ReLU())
    assert layer.forward(np.empty((4, 0, 2))).shape == (4, 0, 3)
    assert layer.backward(np.empty((4, 0, 3))).shape == (4, 0, 2)
    assert not layer.gradients.any()
    with pytest.raises(ShapeError, match="at least one step"):
        LastStep().forward(np.empty((4, 0, 2)))


def test_what_does_not_fit_is_refused(rng):
    with pytest.raises(ShapeError, match=r"Recurrent: x must have shape \(N, T, 2\), got \(4, 2\)"):
        Recurrent(2, 3, rng=rng).forward(np.ones((4, 2)))
    with pytest.raises(RangeError, match="at least one"):
        Recurrent(2, 0, rng=rng)
    with pytest.raises(StateError, match="call backward first"):
        Recurrent(2, 3, rng=rng).gradient_norms()
