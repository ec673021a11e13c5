"""What goes with the loop: metrics, callbacks, stopping criteria, clipping, the progress bar; and digits learned."""

import math
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.datasets import digits, split
from course.early_stopping import EarlyStopping
from course.errors import CourseError, DataError, MissingPackageError, RangeError, ShapeError
from course.initializers import he_normal
from course.layers import Dropout, Linear, ReLU, Sequential
from course.losses import BinaryCrossEntropy, HalfSquaredError, SoftmaxCrossEntropy
from course.optimizers import SGD, Adam, ClipByNorm, Momentum
from course.schedules import ExponentialDecay
from course.training import GradientBelow, History, LossBelow, NoImprovement, accuracy, evaluate, fit, training_step


def seeded(seed=0):
    return np.random.default_rng(seed)


X = seeded().standard_normal((20, 2))
Y = X[:, :1] - 0.5 * X[:, 1:]


def run(epochs=5, loss=None, optimizer=None, y=Y, batch_size=None, **options):
    line = Linear(2, 1, rng=seeded(1))
    chosen = loss or HalfSquaredError(), optimizer or SGD(0.1)
    return line, fit(line, *chosen, X, y, epochs=epochs, batch_size=batch_size, rng=seeded(2), **options)


def after(*losses, **more):
    history = History()
    for loss in losses:
        history.record(train_loss=loss, **more)
    return history


def test_metrics_are_measured_on_both_sets_after_every_epoch():
    y = (Y > 0).astype(float)
    options = {"validation": (X[:5], y[:5]), "metrics": [accuracy]}
    line, history = run(loss=BinaryCrossEntropy(), y=y, **options)
    assert history.train_metrics["accuracy"][-1] == ((line.forward(X) > 0) == y).mean()
    assert history.validation_metrics["accuracy"][-1] == ((line.forward(X[:5]) > 0) == y[:5]).mean()
    assert len(history.train_metrics["accuracy"]) == len(history.validation_metrics["accuracy"]) == 5


def test_the_history_has_the_learning_rate_of_each_epochs_last_step():
    _, history = run(optimizer=SGD(ExponentialDecay(0.1, factor=0.5)), epochs=3, batch_size=10)
    schedule = ExponentialDecay(0.1, factor=0.5)
    assert history.learning_rate == pytest.approx([schedule(2), schedule(4), schedule(6)])
    assert run(epochs=2)[1].learning_rate == [0.1, 0.1]


def test_evaluation_is_without_dropout():
    network = Sequential(Dropout(0.5, rng=seeded()), Linear(2, 1, rng=seeded()))
    first, second = (evaluate(network, HalfSquaredError(), X, Y) for _ in range(2))
    assert first == second == {"loss": float(HalfSquaredError()(network[1].forward(X), Y)[0])}


@given(st.lists(st.integers(0, 2), min_size=1, max_size=8), st.integers(0, 99))
def test_accuracy_counts_the_rows_whose_largest_logit_is_the_class(labels, seed):
    labels, logits = np.array(labels), seeded(seed).standard_normal((len(labels), 3))
    right = [max(range(3), key=lambda k: logits[n, k]) == labels[n] for n in range(len(labels))]
    assert accuracy(logits, labels) == accuracy(logits, np.eye(3)[labels]) == pytest.approx(sum(right) / len(right))


def test_accuracy_of_one_logit_asks_for_its_sign_and_refuses_other_shapes():
    assert accuracy(np.array([[0.1], [-2.0], [3.0]]), np.array([[1], [0], [0]])) == pytest.approx(2 / 3)
    assert accuracy(np.array([[0.1], [-2.0]]), np.array([True, False])) == 1
    for target in (np.zeros(3), np.zeros((2, 1)), np.zeros((2, 2, 2))):
        with pytest.raises(ShapeError, match="accuracy: target"):
            accuracy(np.zeros((2, 3)), target)


def test_all_callbacks_are_called_after_each_epoch_even_when_the_first_wants_to_stop():
    calls = []
    _, history = run(callbacks=[lambda e, n, h: e == 2, lambda e, n, h: calls.append((e, len(h)))])
    assert calls == [(1, 1), (2, 2)]
    assert history.stopped == "by the callback <lambda>"


@pytest.mark.parametrize("answer", [None, False, "", 0, 1, [1], np.False_, np.array([1])])
def test_only_true_or_a_sentence_ends_a_training(answer):
    _, history = run(callbacks=[lambda *_: answer])
    assert history.stopped is None
    assert len(history) == 5


@pytest.mark.parametrize(("answer", "reason"), [("enough", "enough"), (np.True_, "by the callback answering")])
def test_the_history_says_why_a_training_ended(answer, reason):
    def answering(*_):
        return answer

    assert run(callbacks=[answering])[1].stopped == reason


def test_a_training_ends_when_its_loss_is_small_enough():
    _, history = run(epochs=999, callbacks=[LossBelow(0.01)])
    assert history.train_loss[-1] < 0.01 <= history.train_loss[-2]
    assert "below 0.01" in history.stopped
    _, history = run(epochs=999, callbacks=[LossBelow(0.01, of="validation_loss")], validation=(X, Y))
    assert history.validation_loss[-1] < 0.01 <= history.validation_loss[-2]


def test_a_training_ends_at_the_minimum_where_the_gradient_is_zero():
    line, history = run(epochs=9999, callbacks=[GradientBelow(1e-9)])
    assert len(history) < 9999
    np.testing.assert_allclose(line.weight, [[1], [-0.5]], atol=1e-7)
    assert "gradient" in history.stopped


@given(curve=st.lists(st.integers(0, 9), min_size=1, max_size=12), patience=st.integers(1, 4), by=st.integers(0, 2))
def test_no_improvement_is_the_count_of_epochs_since_the_last_one(curve, patience, by):
    stop, waited, best = NoImprovement(patience, by=by), 0, math.inf
    before, lately = curve[:-patience], curve[-patience:]
    expected = bool(before) and not any(loss < min(before) - by for loss in lately)
    assert bool(stop(len(curve), None, after(*curve))) == expected
    if not by:  # then it is also the count that one keeps by hand
        for loss in curve:
            waited, best = (0, loss) if loss < best else (waited + 1, best)
        assert expected == (waited >= patience)


def test_early_stopping_of_the_library_ends_a_training_with_the_best_weights():
    best = []

    def remember(epoch, network, history):
        if history.validation_loss[-1] == min(history.validation_loss):
            best[:] = [network.parameters.copy()]

    options = {"optimizer": Momentum(0.3), "validation": (X[:3], Y[:3] + 0.3), "callbacks": [remember, EarlyStopping(4)]}
    line, history = run(epochs=200, **options)
    assert len(history) < 200
    np.testing.assert_array_equal(line.parameters, best[0])


def test_criteria_refuse_what_means_nothing():
    for make in (lambda: NoImprovement(0), lambda: NoImprovement(1, by=-1), lambda: GradientBelow(0)):
        with pytest.raises(RangeError):
            make()
    for criterion in (LossBelow(1, of="validation_loss"), NoImprovement(1, of="test_loss")):
        with pytest.raises(DataError, match="there is no"):
            run(callbacks=[criterion])


def test_clipping_comes_after_the_penalty_and_before_the_step():
    line, clip = Linear(2, 1, rng=seeded(1)), ClipByNorm(0.01)
    before = line.parameters.copy()
    training_step(line, HalfSquaredError(), SGD(1.0), X, 100 * Y, clip=clip)
    assert np.linalg.norm(line.parameters - before) == pytest.approx(0.01)
    assert not np.allclose(run(clip=ClipByNorm(0.01))[0].weight, run()[0].weight)


def test_a_progress_bar_goes_to_the_end_and_shows_the_losses(capsys):
    pytest.importorskip("tqdm")
    _, history = run(progress=True, validation=(X, Y))
    shown = capsys.readouterr().err
    assert "5/5" in shown
    assert f"loss={history.train_loss[-1]:.4g}" in shown
    assert "validation=" in shown
    run()
    assert capsys.readouterr().err == ""


def test_a_progress_bar_of_a_resumed_training_counts_what_was_done(capsys):
    pytest.importorskip("tqdm")
    line, history = run(epochs=3)
    fit(line, HalfSquaredError(), SGD(0.1), X, Y, epochs=4, batch_size=None, rng=seeded(), history=history, progress=True)
    assert "4/4" in capsys.readouterr().err


def test_without_tqdm_the_reader_is_told_how_to_get_it_before_anything_is_trained(monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    seen = []
    with pytest.raises(MissingPackageError, match="pip install tqdm"):
        run(progress=True, callbacks=[lambda *_: seen.append(1)])
    assert not seen
    assert issubclass(MissingPackageError, CourseError | ImportError)


def test_a_small_network_learns_to_read_97_of_100_digits_in_seconds():
    pytest.importorskip("sklearn")
    reached, started = [], time.process_time()
    for seed in range(5):
        rng = seeded(seed)
        train, test = split(*digits(), rng=rng, test=0.25, stratify=True)
        hidden = Linear(64, 128, rng=rng, initializer=he_normal, dtype=np.float32)
        network = Sequential(hidden, ReLU(), Dropout(0.7, rng=rng), Linear(128, 10, rng=rng, dtype=np.float32))
        options = {"epochs": 40, "batch_size": 64, "rng": rng, "validation": test, "metrics": [accuracy]}
        history = fit(network, SoftmaxCrossEntropy(), Adam(0.003), *train, **options)
        reached.append(history.validation_metrics["accuracy"][-1])
    assert np.mean(reached) >= 0.975
    assert min(reached) >= 0.965  # 450 examples: one standard deviation is 0.7 %
    assert time.process_time() - started < 5 * 20
