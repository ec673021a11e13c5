"""Regularizers: the gradient is that of the penalty, and biases are spared."""

import numpy as np
import pytest

from course import L2, Linear, Regularizer, Sequential, Tanh
from course.errors import RangeError
from course.gradient_check import central_difference, relation

REGULARIZERS = {L2: lambda strength, w: strength * sum(float(x) ** 2 for x in w)}
every_regularizer = pytest.mark.parametrize("kind", REGULARIZERS, ids=lambda kind: kind.__name__)


@pytest.fixture
def network(rng):
    network = Sequential(Linear(3, 2, rng=rng), Tanh(), Linear(2, 1, rng=rng))
    network.parameters[...] = rng.standard_normal(network.parameters.size)
    return network


@every_regularizer
def test_the_gradient_is_that_of_the_value_which_is_the_formula(kind, rng):
    w, regularizer = rng.standard_normal(5), kind(0.3)
    assert relation(regularizer.gradient(w), central_difference(regularizer.value, w)) is None
    assert regularizer.value(w) == pytest.approx(REGULARIZERS[kind](0.3, w))


@every_regularizer
@pytest.mark.parametrize("biases", [False, True])
def test_the_penalty_of_a_network_and_what_is_added_to_its_gradients_agree(kind, biases, network):
    regularizer = kind(0.3, biases=biases)

    def penalty(w):
        network.parameters[...] = w
        return regularizer.penalty(network)

    expected = central_difference(penalty, w := network.parameters.copy())
    network.parameters[...] = w
    network.gradients[...] = 1
    regularizer.add_gradient(network)
    np.testing.assert_allclose(network.gradients, 1 + expected, atol=1e-8)
    assert (network[0].bias_gradient == 1).all() == (not biases)


@every_regularizer
def test_zero_costs_nothing_and_pulls_nowhere_so_that_spared_biases_can_be_shown_as_zeros(kind):
    assert kind(0.3).value(np.zeros(3)) == 0
    assert not kind(0.3).gradient(np.zeros(3)).any()


@every_regularizer
def test_float32_stays_float32(kind, rng):
    network = Linear(3, 2, rng=rng, dtype=np.float32)
    kind(0.3).add_gradient(network)
    assert kind(0.3).gradient(network.parameters).dtype == network.gradients.dtype == np.float32


@every_regularizer
def test_a_negative_strength_is_refused(kind):
    with pytest.raises(RangeError, match=r"strength must be in \[0, inf\), got -1"):
        kind(-1)


def test_every_regularizer_of_the_library_stands_in_the_contract():
    assert set(Regularizer.__subclasses__()) == set(REGULARIZERS)
