"""Chains: one buffer for all layers, frozen parameters outside of it, tied ones twice in view."""

import copy
import pickle

import numpy as np
import pytest

from course import SGD, Adam, HalfSquaredError, Linear, Momentum, ReLU, Sequential, Sigmoid, Tanh, training_step
from course.errors import CourseError, DtypeError, ShapeError, StateError


def chain(rng, dtype=np.float64):
    return Sequential(Linear(3, 4, rng=rng, dtype=dtype), Tanh(), Linear(4, 2, rng=rng, dtype=dtype))


def autoencoder(rng):
    network = Sequential(Linear(3, 2, rng=rng), Tanh(), Linear(2, 3, rng=rng))
    network.tie("2.weight", "0.weight", transposed=True)
    return network


def train(network, rng, steps=5, optimizer=None):
    x = rng.standard_normal((6, 3))
    for _ in range(steps):
        y = np.ones_like(network.forward(x))
        training_step(network, HalfSquaredError(), optimizer or Adam(0.1), x, y)


def test_an_assigned_weight_is_copied_into_the_buffer_and_stays_trained(rng):
    network = chain(rng)
    network[0].weight = np.arange(12.0).reshape(3, 4)
    assert network.parameters[:12].tolist() == list(range(12))
    network.parameters += 1
    assert network[0].weight[0, 0] == 1


def test_the_weight_mask_marks_weights_and_spares_biases(rng):
    network = chain(rng, np.float32)
    network.parameters[...] = network.weight_mask
    assert network[0].weight.all()
    assert network[2].weight.all()
    assert not network[0].bias.any()
    assert network.weight_mask.dtype == np.float32


def test_float64_data_do_not_leak_into_a_float32_network(rng):
    network = chain(rng, np.float32)
    assert network.forward(rng.standard_normal((4, 3))).dtype == np.float32
    network.backward_to_parameters(rng.standard_normal((4, 2)))
    assert network.gradients.dtype == np.float32
    assert network.gradients.any()


def test_impossible_chains_are_refused(rng):
    with pytest.raises(DtypeError, match="float32 and float64"):
        Sequential(Linear(3, 2, rng=rng, dtype=np.float32), Linear(2, 2, rng=rng))
    shared = Tanh()
    with pytest.raises(CourseError, match="twice"):
        Sequential(shared, Linear(3, 3, rng=rng), shared)
    with pytest.raises(CourseError, match="twice"):
        Sequential(shared, Sequential(shared))


def test_a_chain_can_be_read(rng):
    nested = Sequential(ReLU(), Sequential(Linear(3, 4, rng=rng), Sigmoid()))
    assert repr(chain(rng)) == "Sequential(Linear(3, 4), Tanh(), Linear(4, 2))"
    assert list(chain(rng).named_parameters()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert next(iter(nested.named_gradients())) == "1.0.weight"
    assert len(nested) == 2
    assert nested[1][0].weight.shape == (3, 4)


@pytest.mark.parametrize("optimizer", [SGD(0.1), Momentum(0.1), Adam(0.1)], ids=repr)
def test_no_optimizer_reaches_a_frozen_parameter_and_the_others_learn_on(optimizer, rng):
    network = chain(rng)
    train(network, rng, optimizer=copy.deepcopy(optimizer))  # so that there would be velocity to go on with
    network.freeze("0.weight", "2.bias")
    before = copy.deepcopy(network.named_state())
    train(network, rng, optimizer=optimizer)
    changed = [name for name, array in network.named_state().items() if (array != before[name]).any()]
    assert changed == ["0.bias", "2.weight"]
    assert list(network.named_parameters()) == ["0.bias", "2.weight"]


def test_an_optimizer_that_has_seen_more_parameters_refuses_and_says_what_to_do(rng):
    network, optimizer = chain(rng), Momentum(0.1)
    train(network, rng, optimizer=optimizer)
    network.freeze("0")
    with pytest.raises(ShapeError, match="make a new optimizer"):
        train(network, rng, optimizer=optimizer)


def test_the_gradient_of_what_is_left_does_not_depend_on_what_is_frozen(rng):
    network, x, g = chain(rng), rng.standard_normal((5, 3)), rng.standard_normal((5, 2))
    network.forward(x)
    network.backward(g)
    free = copy.deepcopy(network.named_gradients())
    for names in (["0"], ["2"], ["0.weight", "2.weight"], ["0.bias"]):
        network.freeze(*names)
        network.forward(x)
        for backward in (network.backward, network.backward_to_parameters):
            network.gradients[...] = np.nan
            backward(g)
            for name, array in network.named_gradients().items():
                np.testing.assert_array_equal(array, free[name])
        network.unfreeze()


def test_below_the_lowest_layer_that_learns_nothing_is_computed(rng, monkeypatch):
    network = chain(rng)
    network.freeze("0")
    network.forward(np.ones((2, 3)))
    for layer in (network[0], network[1]):
        for method in ("backward", "backward_to_input", "backward_to_parameters"):
            monkeypatch.setattr(layer, method, None)
    network.backward_to_parameters(np.ones((2, 2)))
    assert network.gradients.any()


def test_a_frozen_layer_between_others_only_passes_the_gradient_on(rng, monkeypatch):
    network = Sequential(Linear(3, 4, rng=rng), Linear(4, 4, rng=rng), Linear(4, 2, rng=rng))
    network.freeze("1")
    network.forward(np.ones((2, 3)))
    monkeypatch.setattr(network[1], "_fill_gradients", None)
    network.backward_to_parameters(np.ones((2, 2)))
    network.backward(np.ones((2, 2)))
    assert network[0].weight_gradient.any()


def test_the_weight_mask_follows_what_is_trained_and_the_buffer_of_before_reaches_nothing_frozen(rng):
    network = chain(rng)
    assert network.weight_mask.sum() == 12 + 8
    before, frozen = network.parameters, network[0].weight.copy()
    network.freeze("0.weight", "2.bias")
    before += 1
    np.testing.assert_array_equal(network[0].weight, frozen)
    assert network.weight_mask.tolist() == 4 * [0] + 8 * [1]


def test_freezing_survives_a_copy_and_a_move_into_a_larger_network(rng):
    network = chain(rng)
    network.freeze("0")
    for twin in (copy.deepcopy(network), pickle.loads(pickle.dumps(network)), Sequential(network)):
        assert twin.parameters.size == 10
        frozen = next(iter(twin.named_state().values())).copy()
        train(twin, rng)
        np.testing.assert_array_equal(next(iter(twin.named_state().values())), frozen)


def test_what_cannot_be_frozen_is_refused_and_the_message_lists_what_can(rng):
    network = chain(rng)
    with pytest.raises(CourseError, match=r"no parameter '0.scale' of its own; it has 0.weight, 0.bias, 2.weight, 2.bias"):
        network.freeze("0.scale")
    with pytest.raises(CourseError, match="no parameter '1'"):
        network.freeze("1")
    with pytest.raises(StateError, match="part of a network"):
        network[0].freeze()
    assert network.parameters.size == 26


def test_tied_parameters_are_one_and_their_gradients_are_added_up(rng):
    network, x, g = autoencoder(rng), rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    assert network.parameters.size == 6 + 2 + 3
    W = network[0].weight
    np.testing.assert_array_equal(network[2].weight, W.T)
    network.forward(x)
    network.backward(g)
    h = np.tanh(x @ W)
    delta = (g @ W) * (1 - h**2)
    np.testing.assert_allclose(network[0].weight_gradient, x.T @ delta + g.T @ h)
    network.parameters += 1
    np.testing.assert_array_equal(network[2].weight, network[0].weight.T)


def test_untied_twins_with_equal_values_share_their_gradient_between_them(rng):
    tied = autoencoder(rng)
    free = Sequential(Linear(3, 2, rng=rng), Tanh(), Linear(2, 3, rng=rng))
    free[0].weight, free[2].weight = tied[0].weight, tied[2].weight
    x, g = rng.standard_normal((4, 3)), rng.standard_normal((4, 3))
    for network in (tied, free):
        network.forward(x)
        network.backward_to_parameters(g)
    np.testing.assert_allclose(tied[0].weight_gradient, free[0].weight_gradient + free[2].weight_gradient.T)


def test_three_layers_can_be_one_parameter(rng):
    network = Sequential(*(Linear(3, 3, rng=rng) for _ in range(3)))
    network.tie("1.weight", "0.weight")
    network.tie("2.weight", "0.weight")
    x = rng.standard_normal((4, 3))
    W = network[0].weight
    np.testing.assert_allclose(network.forward(x), x @ W @ W @ W)
    g = rng.standard_normal((4, 3))
    network.backward(g)
    expected = x.T @ g @ W.T @ W.T + (x @ W).T @ g @ W.T + (x @ W @ W).T @ g
    np.testing.assert_allclose(network[0].weight_gradient, expected)


@pytest.mark.parametrize(
    "duplicate",
    [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net)), lambda net: Sequential(net)[0]],
    ids=["deepcopy", "pickle", "nested"],
)
def test_ties_survive_a_copy_and_a_move_into_a_larger_network(duplicate, rng):
    twin = duplicate(autoencoder(rng))
    train(twin, rng)
    np.testing.assert_array_equal(twin[2].weight, twin[0].weight.T)
    assert np.shares_memory(twin[2].weight, twin.parameters)
    assert list(twin.named_parameters()) == ["0.weight", "0.bias", "2.bias"]


def test_a_layer_copied_out_of_a_tied_network_has_its_weight_for_itself(rng):
    network = autoencoder(rng)
    alone = copy.deepcopy(network[2])
    assert list(alone.named_parameters()) == ["weight", "bias"]
    np.testing.assert_array_equal(alone.weight, network[2].weight)
    moved = Sequential(network[2])
    assert moved.parameters.size == 9
    moved.parameters += 1
    assert (moved[0].weight != network[0].weight.T).all()


def test_freezing_the_owner_freezes_all_that_is_tied_to_it(rng):
    network = autoencoder(rng)
    network.freeze("0")
    W = network[0].weight.copy()
    train(network, rng)
    assert network.parameters.size == 3
    assert not network[0].weight_gradient.any()  # nothing is added up in it, step after step
    np.testing.assert_array_equal(network[0].weight, W)
    np.testing.assert_array_equal(network[2].weight, W.T)
    network.unfreeze()
    train(network, rng)
    assert (network[0].weight != W).all()
    np.testing.assert_array_equal(network[2].weight, network[0].weight.T)


def test_a_frozen_parameter_that_is_tied_is_what_its_owner_is(rng):
    network = Sequential(Linear(3, 3, rng=rng), Linear(3, 3, rng=rng))
    network.freeze("1.weight")
    network.tie("1.weight", "0.weight")
    train(network, rng)
    np.testing.assert_array_equal(network[1].weight, network[0].weight)
    assert list(copy.deepcopy(network[1]).named_parameters()) == ["weight", "bias"]


def test_ties_that_make_no_sense_are_refused_and_change_nothing(rng):
    network = autoencoder(rng)
    before = network.parameters.copy()
    for names, transposed, error in (
        (("0.weight", "9.weight"), False, CourseError),  # does not exist
        (("2.weight", "0.weight"), True, CourseError),  # tied already
        (("0.weight", "0.weight"), False, CourseError),  # to itself
        (("0.weight", "0.bias"), False, ShapeError),
        (("0", "2.bias"), False, CourseError),  # all of a layer
    ):
        with pytest.raises(error):
            network.tie(*names, transposed=transposed)
    other = Sequential(network, Linear(3, 2, rng=rng))
    with pytest.raises(CourseError, match="another parameter is tied to"):
        other.tie("0.0.weight", "1.weight")
    np.testing.assert_array_equal(network.parameters, before)
