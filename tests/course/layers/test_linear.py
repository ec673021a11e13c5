"""The linear layer, and the worked network of the lecture that is made of it."""

import numpy as np
import pytest

from course import Linear, Sequential, Tanh
from course.errors import DtypeError, RangeError, ShapeError
from course.initializers import zeros


def test_a_linear_layer_is_a_double_loop_over_examples_and_outputs(rng):
    layer, x = Linear(3, 2, rng=rng), rng.standard_normal((4, 3))
    layer.bias = [0.5, -1.0]
    for n in range(4):
        for j in range(2):
            expected = sum(x[n, i] * layer.weight[i, j] for i in range(3)) + layer.bias[j]
            assert layer.forward(x)[n, j] == pytest.approx(expected)


def test_the_two_layer_tanh_network_of_deck_002_step_by_step(rng):
    x0, y = rng.standard_normal((1, 3)), rng.standard_normal((1, 2))
    network = Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))
    W0, W1 = network[0].weight.copy(), network[2].weight.copy()
    x1 = x0 @ W0
    x2 = np.tanh(x1)
    x3 = x2 @ W1
    g3 = x3 - y
    g2 = g3 @ W1.T
    g1 = g2 * (1 - np.tanh(x1) ** 2)
    np.testing.assert_allclose(network.forward(x0), x3)
    np.testing.assert_allclose(network.backward(g3), g1 @ W0.T)
    np.testing.assert_allclose(network[2].weight_gradient, x2.T @ g3)
    np.testing.assert_allclose(network[0].weight_gradient, x0.T @ g1)
    np.testing.assert_allclose(network[0].bias_gradient, g1[0])


def test_an_assigned_weight_must_have_the_shape_of_the_old_one(rng):
    with pytest.raises(ShapeError, match=r"Linear: weight must have shape \(3, 2\), got \(2, 3\)"):
        Linear(3, 2, rng=rng).weight = np.ones((2, 3))


@pytest.mark.parametrize("shape", [(5, 4), (3,), (2, 5, 3), ()])
def test_an_input_of_another_shape_is_refused_and_the_message_says_what_the_layer_was_made_for(shape, rng):
    with pytest.raises(ShapeError) as error:
        Linear(3, 2, rng=rng).forward(np.ones(shape))
    assert str(error.value) == (f"Linear: x must have shape (N, 3), got {shape}; the layer was made with in_features=3")


def test_rows_of_different_length_are_refused_as_such(rng):
    with pytest.raises(ShapeError, match="Linear: x must be an array, got rows of different length"):
        Linear(2, 2, rng=rng).forward([[1.0, 2.0], [3.0]])


def test_impossible_layers_are_refused(rng):
    with pytest.raises(RangeError, match="at least one"):
        Linear(0, 2, rng=rng)
    with pytest.raises(DtypeError, match="float32 or float64"):
        Linear(3, 2, rng=rng, dtype=np.int64)


def test_from_weights_of_zero_all_units_learn_the_same_and_stay_equal(rng):
    network = Sequential(Linear(3, 4, rng=rng, initializer=zeros), Tanh(), Linear(4, 1, rng=rng, initializer=zeros))
    network[2].weight = np.full((4, 1), 0.3)
    network.forward(rng.standard_normal((8, 3)))
    network.backward_to_parameters(rng.standard_normal((8, 1)))
    gradient = network[0].weight_gradient
    assert gradient.any()
    np.testing.assert_allclose(gradient, np.broadcast_to(gradient[:, :1], gradient.shape), rtol=1e-12)
