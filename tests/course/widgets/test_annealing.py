"""Schedules in their demo: the curves are those of the library, and so are the trainings."""

import numpy as np
import pytest

from course import SGD, BinaryCrossEntropy, CosineDecay, ExponentialDecay, LinearWarmup, fit
from course.widgets.models.annealing import (
    BATCH,
    EPOCHS,
    FINAL,
    NAMES,
    STARTS,
    STEPS,
    WARMUP,
    data,
    losses,
    network,
    runs,
    schedule,
)

STEP = np.arange(1, STEPS + 1)
RATES = (0.1, 0.4)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("constant", lambda t: 0.2 + 0 * t),
        ("step", lambda t: 0.2 * 0.1 ** ((t - 1) // 100)),
        ("exponential", lambda t: 0.2 * 0.01 ** ((t - 1) / 300)),
        ("cosine", lambda t: 0.002 + 0.099 * (1 + np.cos(np.pi * (t - 1) / 300))),
        ("warm-up + cosine", lambda t: np.where(t <= 30, t / 150, 0.002 + 0.099 * (1 + np.cos(np.pi * (t - 31) / 270)))),
    ],
)
def test_every_curve_is_its_formula(name, formula):
    np.testing.assert_allclose(schedule(name, 0.2)(STEP), formula(STEP))


def test_the_curves_are_the_librarys_own():
    assert np.array_equal(schedule("exponential", 0.3)(STEP), ExponentialDecay(0.3, factor=FINAL ** (1 / STEPS))(STEP))
    cosine = CosineDecay(0.3, steps=STEPS - WARMUP, final=0.003)
    assert np.array_equal(schedule("warm-up + cosine", 0.3)(STEP), LinearWarmup(WARMUP, then=cosine)(STEP))


@pytest.mark.parametrize("name", NAMES)
def test_no_rate_is_above_the_highest_and_all_but_the_constant_one_end_at_a_hundredth(name):
    rates = schedule(name, 0.5)(STEP)
    assert np.isclose(rates.max(), 0.5)
    assert np.isclose(rates[-1], 0.5 * (1 if name == "constant" else FINAL), rtol=0.02)


@pytest.mark.parametrize("name", NAMES)
def test_the_sweep_equals_training_one_network_after_the_other(name):
    (X, y), result = data(), runs(name, RATES)
    rate, start = 0, 2
    alone = network(start)
    history = fit(
        alone, BinaryCrossEntropy(), SGD(schedule(name, RATES[rate])), X, y, epochs=EPOCHS, batch_size=BATCH,
        rng=np.random.default_rng(3), validation=(X, y),
    )  # fmt: skip
    k = rate * STARTS + start
    np.testing.assert_allclose(result.train_loss[:20, k], history.train_loss[:20], rtol=1e-5)  # later, chaos
    np.testing.assert_allclose(result.validation_loss[:20, k], history.validation_loss[:20], rtol=1e-5)


def test_with_steep_first_gradients_warm_up_stands_a_rate_that_the_others_do_not():
    last = {name: losses(name, (0.4,))[-1, 0] for name in NAMES}
    assert last["warm-up + cosine"] < 0.5 * min(loss for name, loss in last.items() if name != "warm-up + cosine")


def test_a_run_that_diverges_counts_as_the_worst():
    assert not np.isnan(losses("constant", (50.0,))).any()
