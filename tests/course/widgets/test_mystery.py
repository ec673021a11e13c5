"""The four mystery curves: each shows what its name says, its remedy helps, and their order can be changed."""

import numpy as np
import pytest

from course.widgets.models.mystery import CASES, order, train

HIGH, LOW, OVERFITTING, EXPLODING = range(4)


def test_too_high_a_rate_makes_the_loss_leap_and_leaves_it_high():
    loss = train(HIGH, False)["train_loss"]
    leaps = np.abs(np.diff(np.log(loss)))
    assert np.median(leaps) > 0.2
    assert np.median(loss[40:]) > 3 * train(HIGH, True)["train_loss"][-1]


def test_too_low_a_rate_makes_the_loss_fall_evenly_and_not_to_its_end():
    loss = train(LOW, False)["train_loss"]
    assert (np.diff(loss) < 0).all()
    assert loss[-1] > 2 * train(LOW, True)["train_loss"][-1]


def test_overfitting_is_a_validation_loss_that_rises_while_the_training_loss_falls():
    seen = train(OVERFITTING, False)
    best = seen["validation_loss"].argmin()
    assert seen["validation_loss"][-1] > 1.2 * seen["validation_loss"][best]
    assert seen["train_loss"][-1] < 0.8 * seen["train_loss"][best]


def test_exploding_gradients_are_far_larger_than_those_before():
    seen = train(EXPLODING, False)
    burst = seen["gradient_norm"].argmax()
    assert seen["gradient_norm"][burst] > 20 * np.median(seen["gradient_norm"][:burst])
    assert seen["train_loss"][-1] > 2 * seen["train_loss"][:burst].min()


@pytest.mark.parametrize("kind", range(len(CASES)))
def test_every_remedy_ends_with_a_lower_validation_loss(kind):
    before, after = (train(kind, cured)["validation_loss"][-1] for cured in (False, True))
    assert after < 0.8 * before


def test_the_seeds_give_all_twenty_four_orders_and_then_begin_again():
    orders = [tuple(order(seed)) for seed in range(1, 25)]
    assert len(set(orders)) == 24
    assert all(sorted(each) == [0, 1, 2, 3] for each in orders)
    assert tuple(order(25)) == orders[0]
