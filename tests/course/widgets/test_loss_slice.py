"""The slice shows the loss of the very network, and its directions are those of Li and others (2018)."""

import copy

import numpy as np
import pytest

from course.layers import Linear
from course.losses import BinaryCrossEntropy
from course.widgets.models import loss_slice as model

SETTINGS = [(1, 4), (2, 12), (4, 4)]
every_network = pytest.mark.parametrize(("depth", "width"), SETTINGS)


def loss_of(network, parameters):
    moved = copy.deepcopy(network)
    moved.parameters[...] = parameters
    X, y = model.data()
    return float(BinaryCrossEntropy()(moved.forward(X), y)[0])


@every_network
def test_in_the_middle_is_the_loss_of_the_trained_network(depth, width):
    network = model.trained(depth, width)
    middle = model.plane(depth, width, 1)[model.POINTS // 2, model.POINTS // 2]
    assert middle == pytest.approx(loss_of(network, network.parameters), rel=1e-5)


@every_network
def test_all_places_together_give_what_each_gives_alone(depth, width, rng):
    network, d = model.trained(depth, width), model.directions(depth, width, 3)
    places = rng.uniform(-1, 1, (150, 2))
    together = model.losses(depth, width, 3, places)
    for k in (0, 70, 149):
        alone = loss_of(network, network.parameters + places[k].astype(np.float32) @ d)
        assert together[k] == pytest.approx(alone, rel=1e-4)


@every_network
def test_each_unit_moves_by_the_size_of_its_weights_and_no_bias_moves(depth, width):
    network = copy.deepcopy(model.trained(depth, width))
    weights = [layer.weight.copy() for layer in network.layers if isinstance(layer, Linear)]
    network.parameters[...] = model.directions(depth, width, 5)[0]
    moves = [layer for layer in network.layers if isinstance(layer, Linear)]
    for weight, move in zip(weights, moves, strict=True):
        np.testing.assert_allclose(np.linalg.norm(move.weight, axis=0), np.linalg.norm(weight, axis=0), rtol=1e-4)
        assert not move.bias.any()


def test_a_network_that_is_scaled_and_computes_the_same_has_the_same_slice():
    network = model.trained(2, 12)
    scaled = copy.deepcopy(network)
    scaled[0].weight *= 10
    scaled[0].bias *= 10
    scaled[2].weight /= 10
    for place in ([0.5, 0.0], [-0.3, 0.7]):
        values = []
        for each in (network, scaled):
            rng = np.random.default_rng(0)
            d = np.stack([model.direction(each, rng) for _ in range(2)])
            values.append(loss_of(each, each.parameters + np.asarray(place, np.float32) @ d))
        assert values[1] == pytest.approx(values[0], rel=1e-3)


@every_network
def test_training_has_come_to_rest_at_a_low_place(depth, width):
    network, (X, y) = model.trained(depth, width), model.data()
    middle = loss_of(network, network.parameters)
    assert middle < 0.35
    network = copy.deepcopy(network)
    _, gradient = BinaryCrossEntropy()(network.forward(X), y)
    network.backward_to_parameters(gradient)
    assert np.linalg.norm(network.gradients) < 0.05
    assert model.plane(depth, width, 2).min() > 0.8 * middle


def test_the_rows_of_the_plane_go_along_the_second_direction():
    plane, along = model.plane(1, 4, 1), np.linspace(-1, 1, model.POINTS)
    np.testing.assert_allclose(model.losses(1, 4, 1, np.array([[along[20], along[3]]])), plane[3, 20], rtol=1e-4)


@pytest.mark.parametrize("place", [(0.0, 0.0), (0.5, -0.25), (-0.75, 0.5), (1.0, 1.0)])
def test_what_a_place_decides_is_what_its_network_predicts(place, rng):
    grid = rng.uniform(-1, 1, (7, 2))
    network = copy.deepcopy(model.trained(1, 4))
    network.parameters += np.float32(place) @ model.directions(1, 4, 1)
    here = model.at(1, 4, 1, place, grid)
    X, y = model.data()
    logits = network.forward(grid.astype(np.float32))[:, 0]
    np.testing.assert_allclose(here["probability"], 1 / (1 + np.exp(-logits)), rtol=1e-4)
    assert here["accuracy"] == np.mean((network.forward(X) > 0) == (y > 0.5))
    assert here["loss"] == pytest.approx(loss_of(network, network.parameters), rel=1e-4)
