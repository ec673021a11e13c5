"""Saving and resuming a training: to the same bits, in another process, and never half."""

import subprocess
import sys

import numpy as np
import pytest

from course.early_stopping import EarlyStopping
from course.errors import CourseError, DataError
from course.layers import BatchNorm, Dropout, Linear, Sequential, Tanh
from course.losses import HalfSquaredError
from course.optimizers import SGD, Adam, Momentum, RMSprop
from course.training import Checkpoint, History, accuracy, fit, load_training, save_training

X = np.random.default_rng(5).standard_normal((23, 2))
Y = np.tanh(X[:, :1] - X[:, 1:])


def made(optimizer=Adam, kind=np.random.PCG64, outputs=1):
    """Make all that a training needs, as a program does that is started anew."""
    rng, start = np.random.Generator(kind(4)), np.random.default_rng(1)
    hidden, output = Linear(2, 8, rng=start), Linear(8, outputs, rng=start)
    network = Sequential(hidden, BatchNorm(8), Tanh(), Dropout(0.7, rng=np.random.default_rng(2)), output)
    return network, optimizer(0.01), rng


def train(network, optimizer, rng, epochs, history=None, callbacks=()):
    options = {"batch_size": 5, "validation": (X[:6], Y[:6]), "metrics": [accuracy], "callbacks": callbacks}
    return fit(network, HalfSquaredError(), optimizer, X, Y > 0, epochs=epochs, rng=rng, history=history, **options)


def state(network, optimizer, history):
    return {**network.named_state(), **optimizer.named_state(), **history.named_state()}


def assert_same_bits(first, second):
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name], err_msg=name)


@pytest.mark.parametrize("optimizer", [SGD, Momentum, Adam, RMSprop])
@pytest.mark.parametrize("kind", ["PCG64", "MT19937", "Philox", "SFC64", "PCG64DXSM"])
def test_ten_epochs_are_four_and_after_a_restart_six_to_the_bit(tmp_path, optimizer, kind):
    kind = getattr(np.random, kind)
    network, stepper, rng = made(optimizer, kind)
    whole = state(network, stepper, train(network, stepper, rng, 10))
    network, stepper, rng = made(optimizer, kind)
    history = train(network, stepper, rng, 4)
    save_training(tmp_path / "run.npz", network, stepper, rng=rng, history=history)
    network, stepper, rng = made(optimizer, kind)
    history = load_training(tmp_path / "run.npz", network, stepper, rng=rng)
    assert len(history) == 4
    assert_same_bits(whole, state(network, stepper, train(network, stepper, rng, 10, history)))


PROGRAM = """
import sys
import numpy as np
from tests.course.test_training_state import made, train, state
from course.training import load_training, save_training
path, epochs = sys.argv[1], int(sys.argv[2])
network, optimizer, rng = made()
history = load_training(path, network, optimizer, rng=rng) if len(sys.argv) > 3 else None
history = train(network, optimizer, rng, epochs, history)
save_training(path, network, optimizer, rng=rng, history=history)
"""


def test_a_new_process_goes_on_to_the_same_bits(tmp_path):
    for arguments in (["whole.npz", "10"], ["parts.npz", "4"], ["parts.npz", "10", "resume"]):
        path = str(tmp_path / arguments[0])
        subprocess.run([sys.executable, "-c", PROGRAM, path, *arguments[1:]], check=True)
    whole, parts = (dict(np.load(tmp_path / name, allow_pickle=False)) for name in ("whole.npz", "parts.npz"))
    assert_same_bits(whole, parts)
    assert whole["history.train_loss"].shape == (10,)


def test_a_training_that_is_complete_is_not_gone_on_with():
    network, optimizer, rng = made()
    history = train(network, optimizer, rng, 3)
    before = network.parameters.copy()
    assert train(network, optimizer, rng, 3, history) is history
    np.testing.assert_array_equal(network.parameters, before)


def test_a_checkpoint_saves_every_few_epochs_what_a_resumed_training_needs(tmp_path):
    network, optimizer, rng = made()
    checkpoint = Checkpoint(tmp_path / "run.npz", optimizer, rng=rng, every=3)
    whole = state(network, optimizer, train(network, optimizer, rng, 8, callbacks=[checkpoint]))
    network, optimizer, rng = made()
    history = load_training(tmp_path / "run.npz", network, optimizer, rng=rng)
    assert len(history) == 6
    assert_same_bits(whole, state(network, optimizer, train(network, optimizer, rng, 8, history)))
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_early_stopping_remembers_its_best_weights_across_a_restart(tmp_path):
    def stopping():
        return EarlyStopping(patience=3, min_delta=10.0)  # after the first epoch nothing improves by that much

    network, optimizer, rng = made()
    history = train(network, optimizer, rng, 9, callbacks=[stopping()])
    whole = state(network, optimizer, history)
    assert len(history) == 4
    network, optimizer, rng = made()
    first = stopping()
    history = train(network, optimizer, rng, 2, callbacks=[first])
    save_training(tmp_path / "run.npz", network, optimizer, rng=rng, history=history, callbacks=[first])
    network, optimizer, rng = made()
    again = stopping()
    history = load_training(tmp_path / "run.npz", network, optimizer, rng=rng, callbacks=[again])
    assert_same_bits(whole, state(network, optimizer, train(network, optimizer, rng, 9, history, [again])))


def saved(path):
    network, optimizer, rng = made()
    save_training(path, network, optimizer, rng=rng, history=train(network, optimizer, rng, 2))
    return path.read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [lambda c: b"", lambda c: b"no", lambda c: c[:-40], lambda c: c[:300] + b"x" * 9 + c[309:]],
    ids=["empty", "text", "cut off", "overwritten"],
)
def test_a_damaged_file_is_refused_and_nothing_changes(tmp_path, spoil):
    (tmp_path / "run.npz").write_bytes(spoil(saved(tmp_path / "run.npz")))
    network, optimizer, rng = made()
    before = network.parameters.copy(), str(rng.bit_generator.state)
    with pytest.raises(DataError, match=r"run\.npz"):
        load_training(tmp_path / "run.npz", network, optimizer, rng=rng)
    np.testing.assert_array_equal(network.parameters, before[0])
    assert str(rng.bit_generator.state) == before[1]
    assert optimizer.t == 0


@pytest.mark.parametrize(
    "change",
    [{"optimizer": Momentum}, {"outputs": 2}, {"kind": np.random.MT19937}],
    ids=["optimizer", "network", "generator"],
)
def test_a_file_of_another_training_is_refused_and_nothing_changes(tmp_path, change):
    saved(tmp_path / "run.npz")
    network, optimizer, rng = made(**change)
    before = network.named_state()["0.weight"].copy(), str(rng.bit_generator.state)
    with pytest.raises(CourseError):
        load_training(tmp_path / "run.npz", network, optimizer, rng=rng)
    np.testing.assert_array_equal(network.named_state()["0.weight"], before[0])
    assert str(rng.bit_generator.state) == before[1]
    assert optimizer.t == 0


def test_a_file_with_names_that_nobody_knows_is_refused(tmp_path):
    saved(tmp_path / "run.npz")
    arrays = dict(np.load(tmp_path / "run.npz"))
    for extra in ("history.__class__", "history.train_metrics", "evil", "network.9.weight"):
        np.savez(tmp_path / "run.npz", **arrays, **{extra: np.ones(2)})
        with pytest.raises(CourseError):
            load_training(tmp_path / "run.npz", *made()[:2], rng=made()[2])


def test_no_file_holds_a_pickle(tmp_path):
    saved(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert all(file[name].dtype.kind in "fiU" for name in file.files)


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_training(tmp_path / "none.npz", *made()[:2], rng=made()[2])


def test_a_history_comes_back_from_its_arrays():
    history, again = History(), History()
    history.record(train_loss=0.5, validation_metrics={"accuracy": 1})
    again.load_state(history.named_state())
    assert vars(again) == vars(history)
