"""Optimizers that walk together walk as they do alone, and a run that diverges is still one that can be drawn."""

import numpy as np
import pytest

from course.optimizers import SGD, Adam, Momentum
from course.widgets.models import landscapes
from course.widgets.models.descent import descend, outcome, steps_needed, thinned
from course.widgets.models.race import RATES, race

START = (-1.2, 1.0)


def test_together_they_take_the_steps_that_each_takes_alone():
    place = landscapes.beale()
    together = descend([SGD(0.03), Momentum(0.02), Adam(0.1)], place, START, 50)
    for k, alone in enumerate([SGD(0.03), Momentum(0.02), Adam(0.1)]):
        np.testing.assert_allclose(together["path"][k], descend([alone], place, START, 50)["path"][0], rtol=1e-9)


def test_gradient_descent_in_a_ravine_shrinks_both_coordinates_by_their_own_factor():
    run, t = descend([SGD(0.06)], landscapes.ravine(20.0), START, 30), np.arange(31)
    np.testing.assert_allclose(run["path"][0, :, 0], -1.2 * (1 - 0.06) ** t)
    np.testing.assert_allclose(run["path"][0, :, 1], (1 - 0.06 * 20) ** t, atol=1e-12)


def test_the_loss_is_that_of_the_path():
    place = landscapes.rosenbrock()
    run = descend([Adam(0.1)], place, START, 40)
    np.testing.assert_array_equal(run["loss"], place.value(*run["path"].T).T)


@pytest.mark.parametrize("make", [landscapes.beale, landscapes.rosenbrock, landscapes.cliff, landscapes.many_minima])
def test_a_run_that_diverges_ends_quietly_in_nan(make):
    run = descend([SGD(50.0), Momentum(50.0)], make(), START, 300)
    assert not np.isinf(run["path"]).any()
    assert np.nanmax(abs(run["path"])) < 1e6
    assert not np.isinf(run["loss"]).any()


def test_one_that_diverges_does_not_touch_the_others():
    both = descend([SGD(50.0), SGD(0.03)], landscapes.beale(), START, 100)
    alone = descend([SGD(0.03)], landscapes.beale(), START, 100)
    np.testing.assert_allclose(both["path"][1], alone["path"][0], rtol=1e-9)


def test_steps_are_counted_until_the_loss_stays_below():
    assert steps_needed(np.array([1.0, 0.01, 2.0, 0.01, 0.01]), 0.1) == 3
    assert steps_needed(np.array([0.01, 0.01]), 0.1) == 0
    assert steps_needed(np.array([1.0, 0.5]), 0.1) is None
    assert steps_needed(np.array([1.0, np.nan, 0.01]), 0.1) == 2


def test_the_count_agrees_with_the_closed_form_in_a_bowl():
    loss = descend([SGD(0.1)], landscapes.ravine(1.0), START, 200)["loss"][0]
    assert steps_needed(loss, 1e-3) == int(np.ceil(np.log(1e-3 / loss[0]) / np.log(0.81)))


@pytest.mark.parametrize(
    ("loss", "word"),
    [([1, 0.01], "arrives after 1 step"), ([1, 1e5], "diverges"), ([1, np.nan], "diverges"), ([1, 0.5], "loss of 0.5")],
)
def test_the_outcome_is_told_in_words(loss, word):
    assert word in outcome(np.array(loss, float), 0.1)


def test_thinning_keeps_the_ends_of_a_long_path_and_drops_what_stands_still():
    path = np.array([[0, 0], [1, 1], [1.001, 1], [1, 1.001], [2, 1]])
    np.testing.assert_array_equal(thinned(path, 0.01), path[[0, 1, 4]])


def test_all_ten_of_the_course_race():
    run = race(tuple(RATES), landscapes.ravine(20.0), START, 120, 1.0)
    assert run["names"] == tuple(RATES)
    assert len(RATES) == 10
    assert run["loss"][:, -1].max() < 0.1 * run["loss"][0, 0]


@pytest.mark.parametrize("make", [landscapes.rosenbrock, landscapes.beale, landscapes.saddle])
def test_at_their_own_learning_rates_none_of_them_diverges(make):
    loss = race(tuple(RATES), make(), START, 120, 1.0)["loss"]
    assert np.all(loss[:, -1] < loss[:, 0])


def test_the_factor_multiplies_every_learning_rate():
    once, twice = (race(("Adam",), landscapes.plateau(), START, 1, factor)["path"][0] for factor in (1.0, 2.0))
    np.testing.assert_allclose(np.diff(twice, axis=0), 2 * np.diff(once, axis=0), rtol=1e-5)
