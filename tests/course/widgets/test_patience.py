"""Early stopping in its demo: what it does to a recorded training is what it would have done to a live one."""

import numpy as np
import pytest

from course import EarlyStopping
from course.widgets.models.patience import EPOCHS, RUNS, data, network, predict, recorded, stop, train


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (8, 0.0), (30, 0.01)])
def test_on_the_record_it_does_what_it_does_in_a_training(run, patience, min_delta):
    live, watcher = network(), EarlyStopping(patience, min_delta)
    history = train(run, live, callbacks=[watcher])
    found = stop(run, patience, min_delta)
    assert found["ended"] == (len(history) if history.stopped else None)
    assert found["best_epoch"] == watcher.best_epoch
    np.testing.assert_array_equal(found["parameters"], live.parameters)


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("patience", [1, 5, 20, 60])
def test_the_weights_that_come_back_are_those_of_the_best_epoch_before_the_end(run, patience):
    record, found = recorded(run), stop(run, patience, 0.0)
    until = record["validation_loss"][: found["ended"]]
    assert found["best_epoch"] == until.argmin() + 1
    assert found["ended"] == found["best_epoch"] + patience
    np.testing.assert_array_equal(found["parameters"], record["parameters"][until.argmin()])
    points = data()
    error = predict(found["parameters"], points["validation_x"][:, 0]) - points["validation_y"][:, 0]
    assert np.isclose((error**2).mean() / 2, until.min())


@pytest.mark.parametrize("run", RUNS)
def test_a_patience_that_outlasts_the_training_leaves_the_last_weights(run):
    found = stop(run, EPOCHS, 0.0)
    assert found["ended"] is None
    np.testing.assert_array_equal(found["parameters"], recorded(run)["parameters"][-1])


@pytest.mark.parametrize("run", RUNS)
def test_more_patience_never_ends_with_a_worse_epoch(run):
    losses = [stop(run, patience, 0.0)["best_loss"] for patience in (1, 2, 4, 8, 16, 32, 64)]
    assert (np.diff(losses) <= 0).all()
    assert losses[0] > losses[-1] == recorded(run)["validation_loss"].min()


@pytest.mark.parametrize("run", RUNS)
def test_both_trainings_overfit(run):
    record = recorded(run)
    best = record["validation_loss"].argmin()
    assert record["train_loss"][-10:].mean() < 0.9 * record["train_loss"][best - 5 : best + 5].mean()
    assert record["validation_loss"][-1] > 1.3 * record["validation_loss"].min()


def test_it_counts_the_epochs_without_an_improvement():
    waited = stop(RUNS[0], 16, 0.0)["waited"]
    assert waited[-1] == 16
    assert set(np.diff(waited)) <= {1, 0, *-waited}
