import numpy as np
import pytest

from course.widgets.models.normalized import ACTIVATIONS, DEPTH, EXAMPLES, MOMENTUM, MOST_BATCHES, WIDTH, through_depth


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("kind", ["batch norm", "layer norm"])
def test_in_training_a_normalized_network_does_not_notice_the_size_of_its_weights(kind, activation):
    small, large = (through_depth(kind, activation, size, 32) for size in (1.0, 10.0))
    np.testing.assert_allclose(small["activations"], large["activations"], atol=2e-3)
    np.testing.assert_allclose(small["gradient"], large["gradient"], rtol=2e-3)


def test_batch_norm_gives_tanh_a_spread_that_depth_does_not_change():
    spreads = through_depth("batch norm", "tanh", 5.0, 64)["activations"].std((1, 2))
    z = np.random.default_rng(0).standard_normal(10**6)
    np.testing.assert_allclose(spreads, np.tanh(z).std(), rtol=0.03)


def test_without_it_large_weights_saturate_tanh_and_small_ones_let_it_vanish():
    large, small = (through_depth(None, "tanh", size, 32)["activations"][-1] for size in (10.0, 0.1))
    assert (abs(large) > 0.9).mean() > 0.8
    assert abs(small).max() < 1e-6


def test_a_batch_of_two_is_normalized_to_plus_and_minus_the_same():
    a = np.arctanh(through_depth("batch norm", "tanh", 1.0, 2)["activations"][0])
    np.testing.assert_allclose(a[0], -a[1], atol=1e-9)
    assert (abs(a) <= 1).all()
    assert np.median(abs(a)) == pytest.approx(1, abs=1e-3)


def test_before_the_first_batch_batch_norm_in_evaluation_does_nothing():
    without = through_depth(None, "tanh", 2.0, 16, evaluation=True)
    with_it = through_depth("batch norm", "tanh", 2.0, 16, evaluation=True, seen=0)
    np.testing.assert_allclose(with_it["activations"], without["activations"], atol=1e-2)


def test_the_running_averages_come_nearer_with_every_batch_to_what_training_sees():
    trained = through_depth("batch norm", "ReLU", 3.0, 64)["activations"][-1].std()
    distances = [
        abs(
            np.log(
                through_depth("batch norm", "ReLU", 3.0, 64, evaluation=True, seen=seen)["activations"][-1].std() / trained
            )
        )
        for seen in range(0, MOST_BATCHES + 1, 3)
    ]
    assert (np.diff(distances) < 0).all()
    assert distances[-1] < 0.1


def test_one_batch_counts_for_one_less_the_momentum():
    first, x = (through_depth("batch norm", "ReLU", 1.0, 64, evaluation=True, seen=seen) for seen in (0, 1))
    assert first["activations"].shape == x["activations"].shape == (DEPTH, EXAMPLES, WIDTH)
    assert x["activations"][0].mean() < first["activations"][0].mean() * (1 - (1 - MOMENTUM) / 4)


def test_layer_norm_is_the_same_in_training_and_in_evaluation():
    training, evaluation = (through_depth("layer norm", "tanh", 3.0, 64, evaluation=on, seen=5) for on in (False, True))
    np.testing.assert_array_equal(training["activations"], evaluation["activations"])


def test_the_gradient_is_the_derivative_of_its_product_with_the_output_without_normalization():
    run = through_depth(None, "tanh", 1e-3, 8)
    assert run["gradient"][-1] == pytest.approx(1)
    factor = run["gradient"][1:-1] / run["gradient"][2:]
    np.testing.assert_allclose(factor, 1e-3, rtol=0.15)  # of a linear layer with Xavier's weights, a thousand times smaller
