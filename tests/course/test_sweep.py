"""Sweeps: many networks at once, equal to training them one by one."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import course.sweep.part
from course.datasets import moons, spirals
from course.errors import CourseError, DataError, DtypeError, RangeError, ShapeError
from course.layers import BatchNorm, Dropout, LeakyReLU, Linear, ReLU, Sequential, Sigmoid, Tanh
from course.losses import BinaryCrossEntropy, HalfSquaredError, Huber, SoftmaxCrossEntropy
from course.optimizers import SGD, Adam, Momentum, Optimizer
from course.regularizers import L2
from course.schedules import ExponentialDecay
from course.sweep import grid, sweep
from course.sweep.losses import STACKED, stacked
from course.training import fit


def seeded(seed=0):
    return np.random.default_rng(seed)


def network(activation=Tanh, outputs=1, dtype=np.float64, dropouts=(), inputs=2):
    rng, chance = seeded(1), seeded(2)  # all dropout layers share a generator
    layers = [Linear(inputs, 5, rng=rng, dtype=dtype), activation(), Linear(5, 4, rng=rng, dtype=dtype), activation(),
              Linear(4, outputs, rng=rng, dtype=dtype)]  # fmt: skip
    for place in sorted(dropouts, reverse=True):
        layers.insert(place, Dropout(0.8, rng=chance))
    return Sequential(*layers)


def data(loss):
    X, y = spirals(23, rng=seeded(3), classes=3) if loss is SoftmaxCrossEntropy else moons(23, rng=seeded(3))
    return X, y if loss is SoftmaxCrossEntropy else y[:, None].astype(float)


def one_by_one(result, index, make, loss, optimizer, X, y, **options):
    """Train the network at a place of the stack alone, with the library as students use it."""
    numbers, alone = result.setting(*index), copy.deepcopy(make)
    keep_prob, strength = numbers.pop("keep_prob", None), numbers.pop("l2", 0.0)
    for layer in alone.layers:
        if isinstance(layer, Dropout) and keep_prob is not None:
            layer.keep_prob = keep_prob
    history = fit(alone, loss, optimizer(**numbers), X, y, rng=seeded(7), regularizer=L2(strength), **options)
    return alone, history


def assert_equal_to_one_by_one(result, make, loss, optimizer, X, y, **options):
    for index in np.ndindex(result.shape):
        alone, history = one_by_one(result, index, make, loss, optimizer, X, y, **options)
        np.testing.assert_allclose(result.parameters[index], alone.parameters, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(result.train_loss[(slice(None), *index)], history.train_loss, rtol=1e-12)
        if "validation" in options:
            np.testing.assert_allclose(result.validation_loss[(slice(None), *index)], history.validation_loss, rtol=1e-12)
        np.testing.assert_allclose(result.network(*index).forward(X), alone.forward(X), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("loss", STACKED)
@pytest.mark.parametrize("activation", [Tanh, ReLU, Sigmoid, LeakyReLU])
@pytest.mark.parametrize("batch_size", [None, 8])
def test_a_grid_equals_training_its_networks_one_by_one(loss, activation, batch_size):
    values = grid(learning_rate=[0.01, 0.1], momentum=[0.0, 0.9], keep_prob=[0.5, 0.9, 1.0], l2=[0, 0.01])
    X, y = data(loss)
    make = network(activation, 3 if loss is SoftmaxCrossEntropy else 1, dropouts=[2, 4])
    options = {"epochs": 4, "batch_size": batch_size, "validation": (X[:7], y[:7])}
    result = sweep(make, loss(), Momentum, X, y, settings=values, rng=seeded(7), **options)
    assert result.shape == (2, 2, 3, 2)
    assert_equal_to_one_by_one(result, make, loss(), Momentum, X, y, **options)


def kinds(base=Optimizer):
    return [kind for sub in base.__subclasses__() for kind in (sub, *kinds(sub)) if kind.__module__.startswith("course.")]


@pytest.mark.parametrize("optimizer", kinds(), ids=lambda kind: kind.__name__)
def test_every_optimizer_of_the_library_sweeps(optimizer):
    (X, y), make = data(HalfSquaredError), network()
    values = {"learning_rate": [0.001, 0.01, 0.1], "l2": [0.1, 0.0, 0.001]}
    result = sweep(make, HalfSquaredError(), optimizer, X, y, settings=values, epochs=5, batch_size=10, rng=seeded(7))
    assert_equal_to_one_by_one(result, make, HalfSquaredError(), optimizer, X, y, epochs=5, batch_size=10)
    assert len(np.unique(result.train_loss[-1])) == 3


def test_hyperparameters_of_adam_may_differ_too():
    (X, y), make = data(HalfSquaredError), network()
    values = grid(learning_rate=[0.01, 0.1], beta1=[0.0, 0.9], beta2=[0.9, 0.999])
    result = sweep(make, HalfSquaredError(), Adam, X, y, settings=values, epochs=5, batch_size=10, rng=seeded(7))
    assert_equal_to_one_by_one(result, make, HalfSquaredError(), Adam, X, y, epochs=5, batch_size=10)


@settings(max_examples=15)
@given(
    k=st.integers(1, 5), n=st.integers(1, 9), batch_size=st.sampled_from([None, 1, 4]), seed=st.integers(0, 9),
    dropouts=st.sampled_from([(), (0,), (1, 3), (0, 5), (5, 6)]),
)  # fmt: skip
def test_networks_with_settings_at_random_equal_those_trained_alone(k, n, batch_size, seed, dropouts):
    rng = seeded(seed)
    X, y = rng.standard_normal((n, 2)), rng.standard_normal((n, 1))
    make = network(dropouts=dropouts)
    values = {"learning_rate": rng.uniform(0.001, 0.1, k), "momentum": rng.uniform(0, 0.9)}
    if dropouts:
        values["keep_prob"] = rng.choice([0.3, 0.7, 1.0], k)
    options = {"epochs": 2, "batch_size": batch_size}
    result = sweep(make, HalfSquaredError(), Momentum, X, y, settings=values, rng=seeded(7), **options)
    assert_equal_to_one_by_one(result, make, HalfSquaredError(), Momentum, X, y, **options)


@pytest.mark.parametrize("classic", [False, True])
def test_dropout_layers_keep_their_own_probabilities_and_their_form(classic):
    (X, y), make = data(BinaryCrossEntropy), network(dropouts=[2, 4])
    make[2].keep_prob, make[2].classic = 0.6, classic
    options = {"epochs": 3, "batch_size": 8, "validation": (X, y)}
    result = sweep(make, BinaryCrossEntropy(), SGD, X, y, settings={"learning_rate": [0.1, 0.2]}, rng=seeded(7), **options)
    assert_equal_to_one_by_one(result, make, BinaryCrossEntropy(), SGD, X, y, **options)


def test_a_chain_within_a_chain_and_a_schedule_for_all():
    (X, y), inner = data(HalfSquaredError), network(outputs=3)
    make = Sequential(inner, Tanh(), Linear(3, 1, rng=seeded()))
    values = {"learning_rate": ExponentialDecay(0.1, factor=0.9), "momentum": [0.0, 0.5]}
    result = sweep(make, HalfSquaredError(), Momentum, X, y, settings=values, epochs=3, batch_size=8, rng=seeded(7))
    assert_equal_to_one_by_one(result, make, HalfSquaredError(), Momentum, X, y, epochs=3, batch_size=8)


@pytest.mark.parametrize("piece", [1, 10_000])
def test_how_many_networks_are_computed_at_a_time_does_not_matter(piece, monkeypatch):
    (X, y), make = data(BinaryCrossEntropy), network(dropouts=[2])
    values = grid(learning_rate=[0.01, 0.03, 0.1], keep_prob=[0.5, 0.9])
    options = {"settings": values, "epochs": 3, "batch_size": 8, "validation": (X, y)}
    whole = sweep(make, BinaryCrossEntropy(), Momentum, X, y, rng=seeded(), **options)
    monkeypatch.setattr(course.sweep.part, "PIECE", piece)
    parts = sweep(make, BinaryCrossEntropy(), Momentum, X, y, rng=seeded(), **options)
    np.testing.assert_array_equal(whole.parameters, parts.parameters)
    np.testing.assert_array_equal(whole.validation_loss, parts.validation_loss)


def test_a_network_that_diverges_does_so_quietly_and_leaves_the_others_as_they_are():
    (X, y), make = data(HalfSquaredError), network(ReLU)
    mixed, tame = (
        sweep(make, HalfSquaredError(), SGD, X, y, settings={"learning_rate": rates}, epochs=60, batch_size=8, rng=seeded(7))
        for rates in ([0.01, 1e6, 0.1], [0.01, 0.1])
    )
    assert not np.isfinite(mixed.train_loss[-1, 1])
    np.testing.assert_allclose(mixed.parameters[[0, 2]], tame.parameters, rtol=1e-12)
    assert mixed.best() == (2 * tame.best()[0],)
    assert "1 diverged" in repr(mixed)


def test_float32_stays_float32():
    (X, y), make = data(BinaryCrossEntropy), network(dtype=np.float32, dropouts=[2])
    values = grid(learning_rate=[0.01, 0.1], keep_prob=[0.5, 1.0], l2=[0.0, 0.1])
    options = {"settings": values, "epochs": 2, "batch_size": 8, "snapshots": 2}
    result = sweep(make, BinaryCrossEntropy(), Adam, X, y, rng=seeded(), **options)
    assert result.parameters.dtype == result.snapshots.dtype == np.float32


def test_snapshots_go_from_the_start_to_the_end_and_give_networks_too():
    (X, y), make = data(HalfSquaredError), network()
    options = {"settings": {"learning_rate": [0.1, 0.2]}, "batch_size": None}
    result = sweep(make, HalfSquaredError(), SGD, X, y, epochs=10, rng=seeded(), snapshots=6, **options)
    assert result.snapshot_epochs.tolist() == [0, 2, 4, 6, 8, 10]
    np.testing.assert_array_equal(result.snapshots[0], np.stack([make.parameters] * 2))
    np.testing.assert_array_equal(result.snapshots[-1], result.parameters)
    shorter = sweep(make, HalfSquaredError(), SGD, X, y, epochs=4, rng=seeded(), **options)
    np.testing.assert_array_equal(result.network(1, parameters=result.snapshots[2]).parameters, shorter.parameters[1])
    assert shorter.snapshots.size == 0


def test_a_sweep_leaves_its_network_and_data_alone_and_may_start_anywhere():
    (X, y), make, rng = data(HalfSquaredError), network(dropouts=[2]), seeded()
    before = make.parameters.copy(), X.copy(), str(make[2].rng.bit_generator.state)
    start = rng.standard_normal((3, make.parameters.size))
    options = {"settings": {"learning_rate": [0.1, 0.1, 0.1]}, "epochs": 2, "batch_size": 8}
    result = sweep(make, HalfSquaredError(), SGD, X, y, start=start, rng=seeded(7), snapshots=2, **options)
    np.testing.assert_array_equal(result.snapshots[0], start)
    np.testing.assert_array_equal(make.parameters, before[0])
    np.testing.assert_array_equal(X, before[1])
    assert str(make[2].rng.bit_generator.state) == before[2]


@pytest.mark.parametrize("loss", STACKED)
@given(n=st.integers(1, 6), size=st.sampled_from([1.0, 1000.0]))
def test_a_stacked_loss_is_the_loss_of_each_network(loss, n, size):
    rng, c = seeded(n), 3 if loss is SoftmaxCrossEntropy else 1
    predictions = size * rng.standard_normal((4, n, c))
    target = np.eye(3)[rng.integers(0, 3, n)] if c == 3 else rng.integers(0, 2, (n, 1)).astype(float)
    values, gradients = stacked(loss())(predictions, target)
    for prediction, value, gradient in zip(predictions, values, gradients, strict=True):
        alone = loss()(prediction, target)
        np.testing.assert_allclose(value, alone[0], rtol=1e-12)
        np.testing.assert_allclose(gradient, alone[1], rtol=1e-12, atol=1e-15)


RATES = {"learning_rate": [0.1, 0.2]}


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"network": Sequential(Linear(2, 1, rng=seeded()), BatchNorm(1))}, CourseError, "one by one with fit"),
        ({"loss": Huber()}, CourseError, "must be one of BinaryCrossEntropy"),
        ({"settings": RATES | {"keep_prob": [0.5]}}, CourseError, "needs a Dropout"),
        ({"settings": RATES | {"momentum": [0.1, 0.2, 0.3]}}, ShapeError, "broadcast to one shape"),
        ({"settings": {"learning_rate": ["a"]}}, DtypeError, "learning_rate must be numbers"),
        ({"settings": {"learning_rate": [0.1, -0.2]}}, RangeError, "learning_rate"),
        ({"settings": RATES | {"l2": [0.1, -0.2]}}, RangeError, "l2"),
        ({"settings": RATES | {"keep_prob": [0.0, 0.2]}}, RangeError, "keep_prob"),
        ({"X": np.full((4, 2), np.nan)}, DataError, "row 0"),
        ({"y": np.ones((3, 1))}, DataError, "needs its target"),
        ({"y": np.ones((4, 2))}, ShapeError, "target"),
        ({"validation": (np.ones((3, 2)), np.ones((2, 1)))}, DataError, "validation"),
        ({"epochs": 0}, RangeError, "epochs"),
        ({"snapshots": 10**8}, CourseError, "take fewer"),
        ({"start": np.ones(3)}, ShapeError, "start must broadcast"),
    ],
)
def test_what_cannot_be_swept_is_refused(change, kind, words):
    arguments = {
        "network": network(), "loss": HalfSquaredError(), "optimizer": Momentum, "X": np.ones((4, 2)), "y": np.ones((4, 1)),
        "settings": RATES, "epochs": 1, "batch_size": None, "rng": seeded(),
    } | change  # fmt: skip
    with pytest.raises(kind, match=words):
        sweep(**arguments)


def test_frozen_parameters_are_refused():
    make = network()
    make.freeze("0.weight")
    with pytest.raises(CourseError, match="frozen or tied"):
        sweep(make, HalfSquaredError(), SGD, np.ones((4, 2)), np.ones((4, 1)), settings=RATES, epochs=1, batch_size=None,
              rng=seeded())  # fmt: skip


def test_a_grid_wants_lists():
    for bad in (0.1, [], [[0.1]]):
        with pytest.raises(ShapeError, match="learning_rate must be a list"):
            grid(learning_rate=bad)
