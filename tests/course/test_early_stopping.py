"""Early stopping: when it ends a training, and what it leaves in the network."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import SGD, EarlyStopping, HalfSquaredError, History, Linear, Sequential, fit
from course.errors import DataError, RangeError


def stopped_after(losses, patience, min_delta=0.0):
    """Watch losses while the weight is the number of the epoch; return the epoch of the end, and the weight then."""
    network, stop = Linear(1, 1, rng=np.random.default_rng(0)), EarlyStopping(patience, min_delta)
    for epoch, loss in enumerate(losses, 1):
        network.weight = [[epoch]]
        if stop.watch(epoch, network, loss):
            return epoch, network.weight[0, 0]
    return None, network.weight[0, 0]


@pytest.mark.parametrize(
    ("losses", "patience", "min_delta", "end", "weight"),
    [
        ([3, 2, 1, 2, 3], 2, 0, 5, 3),
        ([3, 2, 1, 2, 3], 1, 0, 4, 3),
        ([3, 2, 1, 2, 0.5], 2, 0, None, 5),  # an improvement in between starts the waiting anew
        ([1, 1, 1], 2, 0, 3, 1),  # as good is no better
        ([1, 0.95, 0.9, 0.86], 3, 0.2, 4, 1),  # less than min_delta below the best is none
        ([1, 0.95, 0.79, 0.78], 3, 0.2, None, 4),  # and together they are one
        ([1, math.nan, math.nan], 2, 0, 3, 1),
        ([math.nan, math.inf], 2, 0, 2, 2),  # nothing was ever good: the weights are left as they are
    ],
)
def test_it_waits_as_long_as_it_was_told_and_brings_the_best_weights_back(losses, patience, min_delta, end, weight):
    assert stopped_after(losses, patience, min_delta) == (end, weight)


@given(st.lists(st.floats(0, 10), min_size=1, max_size=30), st.integers(1, 5))
def test_it_ends_exactly_where_the_best_of_the_past_is_patience_epochs_old(losses, patience):
    ends = [n for n in range(1, len(losses) + 1) if n - 1 - losses.index(min(losses[:n])) >= patience]
    end = ends[0] if ends else None
    best = losses.index(min(losses[:end])) + 1 if end else len(losses)
    assert stopped_after(losses, patience) == (end, best)


def test_what_it_keeps_is_a_copy():
    network, stop = Linear(1, 1, rng=np.random.default_rng(0)), EarlyStopping()
    network.weight = [[1.0]]
    stop.watch(1, network, 0.5)
    network.weight = [[2.0]]
    stop.restore(network)
    assert network.weight == 1
    network.weight = [[3.0]]
    stop.restore(network)
    assert network.weight == 1


def test_in_a_training_the_validation_loss_of_what_is_left_is_the_lowest_that_was_seen(rng):
    X, y = rng.standard_normal((20, 8)), rng.standard_normal((20, 1))
    network, stop = Sequential(Linear(8, 1, rng=rng)), EarlyStopping(patience=3)
    validation = X[10:], y[10:]
    callbacks = {"epochs": 500, "batch_size": 10, "rng": rng, "validation": validation, "callbacks": [stop]}
    history = fit(network, HalfSquaredError(), SGD(0.05), X[:10], y[:10], **callbacks)
    left = HalfSquaredError()(network.forward(validation[0]), validation[1])[0]
    assert len(history) == stop.best_epoch + 3 < 500
    assert left == min(history.validation_loss) == stop.best_loss
    assert "no improvement since epoch" in history.stopped


def test_its_memory_can_be_saved_and_taken_on():
    network, stop, twin = Linear(1, 1, rng=np.random.default_rng(0)), EarlyStopping(2), EarlyStopping(2)
    twin.load_state(stop.named_state())  # before the first epoch, too
    for epoch, loss in enumerate([0.5, 0.3, 0.4], 1):
        network.weight = [[epoch]]
        stop.watch(epoch, network, loss)
    twin.load_state({name: array.copy() for name, array in stop.named_state().items()})
    assert twin.watch(4, network, 0.4) == stop.watch(4, network, 0.4) == "no improvement since epoch 2: its weights are back"
    assert network.weight == 2


def test_without_a_validation_set_there_is_nothing_to_watch():
    with pytest.raises(DataError, match="give fit its validation"):
        EarlyStopping()(1, None, History())


@pytest.mark.parametrize("arguments", [{"patience": 0}, {"patience": -1}, {"min_delta": -0.1}, {"min_delta": math.nan}])
def test_arguments_out_of_range_are_refused(arguments):
    with pytest.raises(RangeError, match=f"{next(iter(arguments))} must be in"):
        EarlyStopping(**arguments)
