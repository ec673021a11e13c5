"""Dropout's demo: its sweep, its sub-networks, and that it shows what it is to show."""

import numpy as np
import pytest

from course import Adam, HalfSquaredError, fit
from course.widgets.models.subnetworks import (
    EPOCHS,
    LEARNING_RATE,
    PLACES,
    data,
    ensemble,
    network,
    study,
    trained,
)

KEPT = (0.5, 0.8, 1.0)


@pytest.mark.parametrize("index", range(len(KEPT)))
def test_the_sweep_equals_training_one_network_after_the_other(index):
    alone, points = network(KEPT[index]), data()
    history = fit(
        alone, HalfSquaredError(), Adam(LEARNING_RATE), points["x"], points["y"], epochs=EPOCHS, batch_size=None,
        rng=np.random.default_rng(7), validation=(points["validation_x"], points["validation_y"]),
    )  # fmt: skip
    result = trained(KEPT)
    for epochs, rtol in ((slice(60), 1e-9), (slice(None), 1e-3)):  # rounding errors grow in so many steps
        np.testing.assert_allclose(result.train_loss[epochs, index], history.train_loss[epochs], rtol=rtol)
        np.testing.assert_allclose(result.validation_loss[epochs, index], history.validation_loss[epochs], rtol=rtol)
    np.testing.assert_allclose(result.network(index).forward(PLACES[:, None]), alone.forward(PLACES[:, None]), atol=1e-3)


def test_without_dropout_the_points_are_learned_by_heart_and_with_it_the_validation_loss_is_less():
    result = trained(KEPT)
    assert result.train_loss[-1, 2] < 0.25 * result.validation_loss[:, 2].min()
    assert result.validation_loss[-1, 2] > 1.5 * result.validation_loss[-1, :2].max()


def test_with_a_keep_probability_of_one_all_sub_networks_are_the_whole_network():
    seen = study(KEPT, 2, 5)
    np.testing.assert_allclose(seen["members"], np.tile(seen["whole"], (5, 1)), atol=1e-12)


def test_each_sub_network_keeps_the_same_units_for_every_input():
    answers = ensemble(network(0.5), np.zeros((9, 1)), 4, rng=np.random.default_rng(0))["members"]
    np.testing.assert_allclose(answers, np.repeat(answers[:, :1], 9, axis=1))
    assert len(np.unique(answers[:, 0])) == 4


def test_behind_the_last_dropout_all_is_linear_so_there_the_mean_of_many_tends_to_the_whole():
    net = network(0.5)
    net[2].keep_prob = 1.0  # only the last hidden layer drops units
    answers = ensemble(net, PLACES[:, None], 800, rng=np.random.default_rng(0))
    error = answers["members"].std(0) / np.sqrt(800)
    assert (np.abs(answers["mean"] - answers["whole"]) < 5 * error).all()


def test_more_members_begin_with_the_same_ones():
    few, many = study(KEPT, 0, 3), study(KEPT, 0, 8)
    assert few["members"].shape == (3, len(PLACES))
    np.testing.assert_allclose(few["mean"], few["members"].mean(0))
    assert many["members"].shape == (8, len(PLACES))
