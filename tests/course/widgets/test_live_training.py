import numpy as np
import pytest

from course.layers import Dropout
from course.widgets.demos.training import Trainer
from course.widgets.models.live_training import ACTIVATIONS, DATA, DEFAULTS, GRID, OPTIMIZERS, REACH, LiveTraining
from course.widgets.models.live_training_code import code
from course.widgets.models.loss_record import MOST, LossRecord
from course.widgets.reel import pack


def trained(frames, **settings):
    training = LiveTraining(**settings)
    for _ in range(frames):
        training.advance()
    return training


def run(cell):
    names = {}
    exec(cell, names)
    return names


def same_bits(training, names):
    return training.network.parameters.tobytes() == names["network"].parameters.tobytes()


@pytest.mark.parametrize("data", DATA)
def test_the_shared_cell_comes_to_the_weights_on_the_screen_to_the_bit(data, capsys):
    training = trained(12, data=data, keep_prob=0.8, l2=0.001)
    assert same_bits(training, run(code(training)))
    assert str(training.measured["validation"]) in capsys.readouterr().out


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_shared_cell_is_right_for_every_optimizer_and_activation(optimizer, activation):
    training = trained(3, optimizer=optimizer, activation=activation, learning_rate=0.01, width=3, batch_size=100)
    assert same_bits(training, run(code(training)))


@pytest.mark.parametrize("depth", range(5))
def test_the_shared_cell_is_right_for_every_depth(depth):
    training = trained(3, depth=depth, width=4)
    assert same_bits(training, run(code(training)))


def test_the_shared_cell_repeats_what_was_changed_on_the_way():
    training = trained(5, keep_prob=0.9)
    changes = [
        {"learning_rate": 0.03},
        {"momentum": 0.5, "keep_prob": 0.6},
        {"batch_size": 7},
        {"batch_size": 200},
        {"l2": 0.01, "learning_rate": 1},
    ]
    for changed in changes:
        training.change(**changed)
        for _ in range(4):
            training.advance()
    training.change(batch_size=3)
    training.change(batch_size=200)  # no step between: the epoch begins anew all the same
    training.advance()
    assert same_bits(training, run(code(training)))
    assert sum(steps for _, steps in training.segments) == training.step


def test_the_same_clicks_give_the_same_bits():
    def clicks():
        training = trained(4)
        training.change(batch_size=5)
        training.advance()
        return training.network.parameters.tobytes(), training.field().tobytes(), training.losses.curves().tobytes()

    assert clicks() == clicks()


@pytest.mark.parametrize(
    "changed", [{"learning_rate": 1.0}, {"momentum": 0.0}, {"keep_prob": 0.5}, {"l2": 0.01}, {"batch_size": 3}]
)
def test_what_can_be_changed_on_the_way_leaves_the_weights_as_they_are(changed):
    training = trained(3)
    before = training.network.parameters.copy()
    training.change(**changed)
    assert training.step == 24
    np.testing.assert_array_equal(training.network.parameters, before)
    training.advance()
    unchanged = trained(4)
    assert training.network.parameters.tobytes() != unchanged.network.parameters.tobytes()


@pytest.mark.parametrize(
    "changed",
    [{"data": "xor"}, {"noise": 0.3}, {"width": 3}, {"depth": 1}, {"activation": "ReLU"}, {"optimizer": "Adam"}],
)
def test_what_cannot_be_changed_on_the_way_begins_anew(changed):
    training = trained(3)
    training.change(**(DEFAULTS | changed | {"learning_rate": 0.2}))
    assert training.step == 0
    fresh = LiveTraining(**changed, learning_rate=0.2)
    assert training.network.parameters.tobytes() == fresh.network.parameters.tobytes()
    assert training.optimizer.learning_rate == 0.2


def test_a_setting_that_stays_the_same_changes_nothing():
    training = trained(3)
    training.change(**DEFAULTS)
    training.advance()
    assert training.network.parameters.tobytes() == trained(4).network.parameters.tobytes()


def test_a_change_before_the_first_step_is_part_of_the_start():
    training = LiveTraining()
    training.change(learning_rate=0.5, keep_prob=0.5)
    training.advance()
    assert training.network.parameters.tobytes() == trained(1, learning_rate=0.5, keep_prob=0.5).network.parameters.tobytes()
    assert same_bits(training, run(code(training)))


def test_momentum_does_nothing_to_an_optimizer_that_has_none():
    training = trained(2, optimizer="Adam", learning_rate=0.01)
    training.change(momentum=0.3)
    training.advance()
    assert "momentum" not in code(training).replace("Momentum", "")
    assert same_bits(training, run(code(training)))


def diverged():
    trainer = Trainer()
    trainer.restart(**(DEFAULTS | {"learning_rate": 10.0, "activation": "leaky ReLU", "depth": 4}))
    with np.errstate(all="ignore"):
        for _ in range(40):
            trainer.advance()
        return trainer, trainer.picture()


def test_a_training_that_diverges_says_so_and_goes_on_giving_frames():
    trainer, frame = diverged()
    assert trainer.model.diverged
    assert "diverged" in frame.summary
    assert "reset" in frame.summary
    pack([frame])
    steps = trainer.model.step
    trainer.advance()
    assert trainer.model.step == steps


def test_the_shared_cell_diverges_where_the_training_on_the_screen_did():
    trainer, _ = diverged()
    with np.errstate(all="ignore"):
        assert same_bits(trainer.model, run(trainer.code()))


def test_a_lower_learning_rate_after_a_divergence_begins_anew():
    trainer, _ = diverged()
    trainer.change(learning_rate=0.01)
    trainer.advance()
    assert trainer.model.step == 8
    assert "diverged" not in trainer.picture().summary


def test_the_field_is_the_networks_own_probability_at_the_pixels_centres():
    training = trained(10)
    places = (np.arange(GRID) + 0.5) * 2 * REACH / GRID - REACH
    row, column = 5, 30
    logits = training.network.forward(np.array([[places[column], places[row]]]))[0]
    assert training.field()[row, column] == pytest.approx(1 / (1 + np.exp(logits[0] - logits[1])), abs=1e-5)


@pytest.mark.parametrize("data", ["circles", "xor"])
def test_without_a_hidden_layer_xor_and_circles_stay_out_of_reach(data):
    straight, bent = trained(60, data=data, depth=0), trained(60, data=data, depth=1)
    assert straight.measured["validation"]["accuracy"] < 0.75
    assert bent.measured["validation"]["accuracy"] > 0.95


def test_the_l2_penalty_shortens_the_weights():
    assert np.linalg.norm(trained(40, l2=0.02).weights()) < 0.6 * np.linalg.norm(trained(40).weights())


def test_the_keep_probability_reaches_every_dropout_layer():
    training = trained(1, depth=3)
    training.change(keep_prob=0.3)
    assert [each.keep_prob for each in training.network.layers if isinstance(each, Dropout)] == [0.3] * 3


def test_the_record_of_the_losses_stays_short_and_keeps_both_ends():
    record = LossRecord()
    for step in range(10_000):
        record.add(step, step / 2, step / 4)
        assert len(record._kept) <= MOST
    steps, train, validation = record.curves()
    assert (steps[0], steps[-1]) == (0, 9_999)
    np.testing.assert_array_equal(train, steps / 2)
    np.testing.assert_array_equal(validation, steps / 4)
    assert len(np.unique(np.diff(steps)[:-1])) == 1
