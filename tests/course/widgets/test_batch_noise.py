"""Batches in their demo: the noise of their gradients against theory, and the path against the library's training."""

from itertools import combinations

import numpy as np
import pytest

from course import SGD, HalfSquaredError, Linear, fit
from course.widgets.models.batch_noise import (
    EXAMPLE_COST,
    EXAMPLES,
    STEP_COST,
    TIME,
    data,
    excess,
    gradients,
    noise,
    steps_of,
    walk,
)

SIZES = (1, 2, 4, 8, 16, 32)


@pytest.mark.parametrize("size", SIZES)
def test_the_gradients_of_batches_have_the_full_gradient_as_mean_and_a_variance_as_in_theory(size):
    found = noise(size, -1.0, 1.5, draws=20_000)
    variance = ((found["drawn"] - found["full"]) ** 2).sum(1).mean()
    assert np.isclose(variance, found["spread"] ** 2, rtol=0.06)
    assert np.linalg.norm(found["drawn"].mean(0) - found["full"]) < 5 * found["spread"] / np.sqrt(20_000)


def test_the_variance_is_that_of_one_example_over_the_size_but_for_the_finite_number_of_examples():
    spread = np.array([noise(size, 0.0, 0.0)["spread"] for size in SIZES])
    share = (EXAMPLES - np.array(SIZES)) / (EXAMPLES - 1)
    np.testing.assert_allclose(spread**2 * SIZES / share, spread[0] ** 2)


def test_the_correction_for_drawing_without_replacement_is_exact_over_all_pairs():
    single, pairs = gradients(0.5, 0.5), list(combinations(range(EXAMPLES), 2))
    means = np.array([single[list(pair)].mean(0) for pair in pairs])
    assert np.isclose(((means - single.mean(0)) ** 2).sum(1).mean(), noise(2, 0.5, 0.5)["spread"] ** 2)


def test_with_all_examples_every_batch_points_along_the_full_gradient():
    found = noise(EXAMPLES, -1.0, 1.5)
    assert found["angles"].max() < 1e-4
    assert found["spread"] == 0


def test_at_the_minimum_half_of_the_batches_point_either_way():
    w, b = data()["best"] + 1e-9
    assert 0.3 < (noise(1, w, b)["angles"] < 90).mean() < 0.7


@pytest.mark.parametrize("size", [1, 5, 16, 64])
def test_the_path_is_that_of_the_training_loop(size):
    line = Linear(1, 1, rng=np.random.default_rng(0))
    line.weight, line.bias = [[-1.0]], [1.5]
    known, epochs = data(), 2
    fit(
        line, HalfSquaredError(), SGD(0.05), known["x"][:, None], known["y"][:, None], epochs=epochs, batch_size=size,
        rng=np.random.default_rng(5),
    )  # fmt: skip
    found = walk(size, 0.05, (-1.0, 1.5), epochs * -(-EXAMPLES // size))
    np.testing.assert_allclose(found["path"][-1], line.parameters, atol=1e-12)


def test_the_loss_on_a_quadratic_is_its_least_value_and_the_excess():
    known = data()
    loss = ((0.3 * known["x"] + 2.0 - known["y"]) ** 2).mean() / 2
    assert np.isclose(excess(0.3, 2.0) + known["least"], loss)


def test_full_batches_converge_below_two_over_the_largest_curvature_and_diverge_above():
    boundary = 2 / np.linalg.eigvalsh(data()["hessian"]).max()
    below, above = (walk(EXAMPLES, share * boundary, (-1.0, 1.5), 400)["excess"] for share in (0.97, 1.03))
    assert below[-1] < 1e-6 * below[0]
    assert above[-1] > 1e3 * above[0]


def test_a_run_that_diverges_to_infinity_is_still_a_run():
    assert not np.isfinite(walk(1, 1e9, (-1.0, 1.5), 200)["excess"][-1])


def test_an_epoch_shows_every_example_once_and_equal_time_is_spent_to_the_last_step():
    for size in (*SIZES, 10, EXAMPLES):
        assert steps_of(size, "epochs") == 4 * -(-EXAMPLES // size)
        cost = STEP_COST + size * EXAMPLE_COST
        assert steps_of(size, "time") * cost <= TIME < (steps_of(size, "time") + 1) * cost
