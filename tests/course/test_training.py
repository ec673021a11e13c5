"""Training: batches, the loop, what it refuses, and that networks learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import (
    L2,
    SGD,
    Adam,
    BinaryCrossEntropy,
    HalfSquaredError,
    Linear,
    Momentum,
    ReLU,
    Sequential,
    SoftmaxCrossEntropy,
    Standardizer,
    Tanh,
    fit,
    minibatches,
    spam,
    spirals,
    split,
    training_step,
)  # fmt: skip
from course.errors import DataError, DtypeError, RangeError
from course.initializers import he_normal


def seeded(seed=0):
    return np.random.default_rng(seed)


def small_network(dtype=np.float64):
    rng = seeded(1)
    return Sequential(Linear(2, 4, rng=rng, dtype=dtype), Tanh(), Linear(4, 1, rng=rng, dtype=dtype))


@pytest.fixture
def data(rng):
    X = rng.standard_normal((10, 2))
    return X, X[:, :1] - X[:, 1:]


@given(n=st.integers(1, 30), batch_size=st.integers(1, 40))
def test_every_example_comes_once_in_an_epoch_with_its_own_target_and_the_last_batch_is_kept(n, batch_size):
    X, y = np.arange(float(n))[:, None], np.arange(n)
    batches = list(minibatches(X, y, batch_size, rng=seeded()))
    assert all((x[:, 0] == t).all() for x, t in batches)
    assert sorted(t for _, batch in batches for t in batch) == list(range(n))
    assert [len(t) for _, t in batches[:-1]] == [batch_size] * (len(batches) - 1)
    assert len(batches) == -(-n // batch_size)


def test_another_epoch_has_another_order_and_the_same_seed_the_same():
    X, rng = np.arange(20.0)[:, None], seeded()
    first, second = (next(minibatches(X, X, 20, rng=rng))[0] for _ in range(2))
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, next(minibatches(X, X, 20, rng=seeded()))[0])


def test_without_a_batch_size_the_batch_is_everything_in_its_order(data):
    ((x, y),) = minibatches(*data, None, rng=seeded())
    np.testing.assert_array_equal(x, data[0])
    np.testing.assert_array_equal(y, data[1])


def test_a_training_step_is_the_recipe_written_out(data):
    X, y = data
    network, by_hand, eta = small_network(), small_network(), 0.1
    value = training_step(network, HalfSquaredError(), SGD(eta), X, y, L2(0.01))
    loss, g = HalfSquaredError()(by_hand.forward(X), y)
    by_hand.backward(g)
    for layer in (by_hand[0], by_hand[2]):
        layer.weight = layer.weight - eta * (layer.weight_gradient + 2 * 0.01 * layer.weight)
        layer.bias = layer.bias - eta * layer.bias_gradient
    assert value == loss
    np.testing.assert_allclose(network.parameters, by_hand.parameters)


def test_the_gradient_of_a_batch_is_the_mean_over_its_examples(data):
    network, loss = small_network(), HalfSquaredError()

    def gradients(x, y):
        network.backward_to_parameters(loss(network.forward(x), y)[1])
        return network.gradients.copy()

    singles = [gradients(data[0][n : n + 1], data[1][n : n + 1]) for n in range(10)]
    np.testing.assert_allclose(gradients(*data), np.mean(singles, axis=0))


def test_the_history_holds_the_mean_loss_over_examples_as_each_batch_saw_it(data):
    network = small_network()
    before = HalfSquaredError()(network.forward(data[0]), data[1])[0]
    history = fit(network, HalfSquaredError(), SGD(1e-12), *data, epochs=2, batch_size=4, rng=seeded(), validation=data)
    assert history.train_loss == pytest.approx([before, before])
    assert history.validation_loss == pytest.approx([before, before])
    assert len(history) == 2
    assert history.stopped is None


def test_two_runs_from_one_seed_end_with_the_same_bits(data):
    runs = []
    for _ in range(2):
        network = small_network()
        fit(network, HalfSquaredError(), Adam(0.01), *data, epochs=5, batch_size=3, rng=seeded())
        runs.append(network.parameters)
    np.testing.assert_array_equal(*runs)


def test_float32_networks_train_in_float32_on_float64_data(data):
    network, optimizer = small_network(np.float32), Momentum(0.1)
    fit(network, HalfSquaredError(), optimizer, *data, epochs=2, batch_size=4, rng=seeded(), regularizer=L2(0.1))
    assert network.parameters.dtype == optimizer.buffers["velocity"].dtype == np.float32


def test_the_data_stay_as_they_are(data):
    before = [a.copy() for a in data]
    fit(small_network(), HalfSquaredError(), SGD(0.1), *data, epochs=2, batch_size=4, rng=seeded())
    for now, then in zip(data, before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_the_stop_button_leaves_a_usable_network_and_the_history_so_far(data):
    def stop(epoch, network, history):
        if epoch == 3:
            raise KeyboardInterrupt

    network = small_network()
    history = fit(network, HalfSquaredError(), SGD(0.1), *data, epochs=9, batch_size=4, rng=seeded(), callbacks=[stop])
    assert history.stopped == "interrupted"
    assert len(history) == 3
    assert np.isfinite(network.forward(data[0])).all()
    fit(network, HalfSquaredError(), SGD(0.1), *data, epochs=1, batch_size=4, rng=seeded())


def test_a_callback_ends_the_training_by_returning_true(data):
    history = fit(
        small_network(), HalfSquaredError(), SGD(0.1), *data, epochs=9, batch_size=4, rng=seeded(),
        callbacks=[lambda epoch, network, history: epoch == 2],
    )  # fmt: skip
    assert len(history) == 2
    assert history.stopped == "by the callback <lambda>"


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_training_that_diverges_ends_and_says_so(data):
    history = fit(
        Linear(2, 1, rng=seeded()), HalfSquaredError(), SGD(100.0), *data, epochs=999, batch_size=None, rng=seeded()
    )
    assert len(history) < 999
    assert "learning rate" in history.stopped


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", ["X", "y", "validation X", "validation y"])
def test_data_that_are_not_finite_are_refused_with_the_row(data, bad, which):
    spoiled = [a.copy() for a in (*data, *data)]
    spoiled[["X", "y", "validation X", "validation y"].index(which)][7, 0] = bad
    network = small_network()
    before = network.parameters.copy()
    with pytest.raises(DataError, match=f"fit: {which} must be finite, got {bad} in row 7; drop the row"):
        fit(
            network, HalfSquaredError(), SGD(0.1), *spoiled[:2], epochs=1, batch_size=4, rng=seeded(), validation=spoiled[2:]
        )
    np.testing.assert_array_equal(network.parameters, before)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"X": np.ones((3, 2))}, DataError),
        ({"X": np.ones((0, 2)), "y": np.ones((0, 1))}, DataError),
        ({"X": [["a", "b"]] * 10}, DtypeError),
        ({"epochs": 0}, RangeError),
        ({"batch_size": 0}, RangeError),
    ],
)
def test_what_cannot_be_trained_on_is_refused(data, change, kind):
    arguments = {"X": data[0], "y": data[1], "epochs": 1, "batch_size": 4, "rng": seeded()} | change
    with pytest.raises(kind):
        fit(small_network(), HalfSquaredError(), SGD(0.1), **arguments)


def test_a_linear_network_finds_the_least_squares_solution(rng):
    X = rng.standard_normal((40, 2))
    y = X @ [[2.0], [-1.0]] + 0.5 + rng.normal(0, 0.1, (40, 1))
    line = Linear(2, 1, rng=rng)
    fit(line, HalfSquaredError(), Momentum(0.1), X, y, epochs=400, batch_size=None, rng=rng)
    exact = np.linalg.lstsq(np.column_stack([X, np.ones(40)]), y, rcond=None)[0]
    np.testing.assert_allclose(np.vstack([line.weight, [line.bias]]), exact, atol=1e-8)


def test_l2_shrinks_the_solution_to_that_of_ridge_regression(rng):
    X, strength = rng.standard_normal((40, 2)), 0.3
    y = X @ [[2.0], [-1.0]]
    line = Linear(2, 1, rng=rng)
    line.bias_gradient[...] = 0
    Xc, yc = X - X.mean(0), y - y.mean(0)  # the bias is not penalized, so it takes up the means
    fit(line, HalfSquaredError(), Momentum(0.1), X, y, epochs=500, batch_size=None, rng=rng, regularizer=L2(strength))
    ridge = np.linalg.solve(Xc.T @ Xc / 40 + 2 * strength * np.eye(2), Xc.T @ yc / 40)
    np.testing.assert_allclose(line.weight, ridge, atol=1e-8)


def test_a_hidden_layer_tells_spam_from_ham_better_than_a_line_can():
    rng = seeded()
    (X, y), (X_test, y_test) = split(*spam(1200, rng=rng), rng=rng)
    standardize, accuracy = Standardizer(X), {}
    for name, network in {
        "line": Sequential(Linear(2, 2, rng=rng)),
        "network": Sequential(Linear(2, 16, rng=rng), Tanh(), Linear(16, 2, rng=rng)),
    }.items():
        fit(network, SoftmaxCrossEntropy(), Adam(0.02), standardize(X), y, epochs=40, batch_size=32, rng=rng)
        accuracy[name] = (network.forward(standardize(X_test)).argmax(1) == y_test).mean()
    assert accuracy["network"] > 0.88
    assert accuracy["network"] > accuracy["line"] + 0.04


def test_a_relu_network_learns_two_spirals():
    rng = seeded()
    X, y = spirals(300, rng=rng, noise=0.02)
    network = Sequential(
        Linear(2, 32, rng=rng, initializer=he_normal), ReLU(),
        Linear(32, 32, rng=rng, initializer=he_normal), ReLU(),
        Linear(32, 1, rng=rng),
    )  # fmt: skip
    fit(network, BinaryCrossEntropy(), Adam(0.01), X, y[:, None], epochs=150, batch_size=32, rng=rng)
    assert ((network.forward(X)[:, 0] > 0) == y).mean() > 0.98
