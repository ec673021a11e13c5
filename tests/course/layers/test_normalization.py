"""Batch and layer norm: the moments, the running averages, and what does not matter to them."""

import numpy as np
import pytest

from course import BatchNorm, LayerNorm, Linear, Sequential
from course.errors import RangeError, ShapeError


@pytest.fixture
def x(rng):
    return rng.normal(5, 3, (50, 4)) * [1, 10, 0.1, 2]


@pytest.mark.parametrize(("layer", "axis"), [(BatchNorm(4, eps=1e-12), 0), (LayerNorm(4, eps=1e-12), 1)])
def test_the_output_has_mean_zero_and_variance_one_along_its_axis(layer, axis, x):
    x_out = layer.forward(x, training=True)
    np.testing.assert_allclose(x_out.mean(axis), 0, atol=1e-12)
    np.testing.assert_allclose(x_out.var(axis), 1, rtol=1e-9)


@pytest.mark.parametrize(("layer", "axis"), [(BatchNorm(4), 0), (LayerNorm(4), 1)])
def test_a_normal_layer_forgets_the_scale_and_the_shift_of_what_comes_in(layer, axis, x):
    layer.eps = 1e-14
    other = 7 * x + 3
    np.testing.assert_allclose(layer.forward(other, training=True), layer.forward(x, training=True), atol=1e-9)


@pytest.mark.parametrize("kind", [BatchNorm, LayerNorm])
def test_no_gradient_moves_the_mean_or_the_size_of_what_was_normalized(kind, x, rng):
    layer, axis = kind(4, eps=1e-12), 0 if kind is BatchNorm else 1
    layer.scale = rng.uniform(0.5, 2, 4)
    layer.forward(x, training=True)
    g_in = layer.backward(rng.standard_normal(x.shape))
    centred = x - x.mean(axis, keepdims=True)
    np.testing.assert_allclose(g_in.sum(axis), 0, atol=1e-10)
    np.testing.assert_allclose((g_in * centred).sum(axis), 0, atol=1e-9)


def test_the_running_averages_follow_their_equation_and_estimate_the_unbiased_variance(x):
    layer, mean, variance = BatchNorm(4, momentum=0.7), np.zeros(4), np.ones(4)
    for batch in (x[:10], x[10:12], x[12:40], x[40:]):
        layer.forward(batch, training=True)
        mean = 0.7 * mean + 0.3 * batch.mean(0)
        variance = 0.7 * variance + 0.3 * batch.var(0, ddof=1)
    np.testing.assert_allclose(layer.running_mean, mean)
    np.testing.assert_allclose(layer.running_variance, variance)


def test_after_many_batches_of_the_same_data_evaluation_is_training_but_for_the_bias(x):
    layer = BatchNorm(4)
    for _ in range(400):
        in_training = layer.forward(x, training=True)
    np.testing.assert_allclose(layer.forward(x), in_training * np.sqrt(49 / 50), rtol=1e-4, atol=1e-6)


def test_a_batch_of_one_example_leaves_the_running_averages_alone_and_teaches_nothing_below(x, rng):
    layer = BatchNorm(4)
    layer.shift = [1.0, 2.0, 3.0, 4.0]
    assert layer.forward(x[:1], training=True).tolist() == [[1, 2, 3, 4]]
    assert not layer.backward(rng.standard_normal((1, 4))).any()
    assert layer.running_mean.tolist() == [0, 0, 0, 0]
    assert layer.running_variance.tolist() == [1, 1, 1, 1]


def test_a_feature_that_never_changes_is_no_division_by_zero():
    for layer, x in (BatchNorm(2), np.full((5, 2), 7.0)), (LayerNorm(2), np.full((5, 2), 7.0)):
        assert not layer.forward(x, training=True).any()
        assert np.isfinite(layer.backward(np.ones((5, 2)))).all()


def test_layer_norm_treats_every_step_of_a_sequence_like_an_example(rng):
    layer, x, g = LayerNorm(3), rng.standard_normal((2, 5, 3)), rng.standard_normal((2, 5, 3))
    x_out, g_in, scale_gradient = layer.forward(x), layer.backward(g), layer.scale_gradient.copy()
    np.testing.assert_allclose(layer.forward(x.reshape(10, 3)), x_out.reshape(10, 3))
    np.testing.assert_allclose(layer.backward(g.reshape(10, 3)), g_in.reshape(10, 3))
    np.testing.assert_allclose(layer.scale_gradient, scale_gradient)


def test_the_bias_of_a_linear_layer_below_batch_norm_learns_nothing(rng):
    network = Sequential(Linear(3, 4, rng=rng), BatchNorm(4))
    network.forward(rng.standard_normal((20, 3)), training=True)
    network.backward_to_parameters(rng.standard_normal((20, 4)))
    assert np.abs(network[0].bias_gradient).max() < 1e-12
    assert np.abs(network[0].weight_gradient).max() > 0.1


def test_scale_and_shift_are_spared_by_the_weight_mask():
    assert not BatchNorm(3).weight_mask.any()


def test_impossible_arguments_and_inputs_are_refused():
    for make in (lambda: BatchNorm(0), lambda: LayerNorm(3, eps=0), lambda: BatchNorm(3, momentum=1)):
        with pytest.raises(RangeError):
            make()
    with pytest.raises(ShapeError, match=r"BatchNorm: x must have shape \(N, 3\), got \(2, 5, 3\)"):
        BatchNorm(3).forward(np.ones((2, 5, 3)))
    with pytest.raises(ShapeError, match=r"LayerNorm: x must have shape \(N, T, 3\), got \(2, 5, 4\)"):
        LayerNorm(3).forward(np.ones((2, 5, 4)))
    with pytest.raises(ShapeError, match=r"LayerNorm: x must have shape \(N, 3\), got \(3,\)"):
        LayerNorm(3).forward(np.ones(3))
    with pytest.raises(ShapeError, match="running_mean must have shape"):
        BatchNorm(3).running_mean = [1.0]
