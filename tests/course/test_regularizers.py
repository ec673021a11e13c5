"""Regularizers: the gradient is that of the penalty, and biases are spared."""

import numpy as np
import pytest

from course import L1, L2, ElasticNet, Linear, Regularizer, Sequential, Tanh
from course.errors import RangeError
from course.gradient_check import central_difference, relation

REGULARIZERS = {  # how each is made with a strength of 0.3, and its formula, number by number
    L1: (lambda **options: L1(0.3, **options), lambda w: 0.3 * sum(abs(x) for x in w)),
    L2: (lambda **options: L2(0.3, **options), lambda w: 0.3 * sum(x * x for x in w)),
    ElasticNet: (
        lambda **options: ElasticNet(l1=0.3, l2=0.2, **options),
        lambda w: sum(0.3 * abs(x) + 0.2 * x * x for x in w),
    ),
}
every_regularizer = pytest.mark.parametrize(
    ("make", "formula"), REGULARIZERS.values(), ids=[kind.__name__ for kind in REGULARIZERS]
)


@pytest.fixture
def network(rng):
    network = Sequential(Linear(3, 2, rng=rng), Tanh(), Linear(2, 1, rng=rng))
    network.parameters[...] = rng.standard_normal(network.parameters.size)
    return network


@every_regularizer
def test_the_gradient_is_that_of_the_value_which_is_the_formula(make, formula, rng):
    w, regularizer = rng.standard_normal(5), make()
    assert relation(regularizer.gradient(w), central_difference(regularizer.value, w)) is None
    assert regularizer.value(w) == pytest.approx(formula(w.tolist()))


@every_regularizer
@pytest.mark.parametrize("biases", [False, True])
def test_the_penalty_of_a_network_and_what_is_added_to_its_gradients_agree(make, formula, biases, network):
    regularizer = make(biases=biases)

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
def test_zero_costs_nothing_and_pulls_nowhere_so_that_spared_biases_can_be_shown_as_zeros(make, formula):
    assert make().value(np.zeros(3)) == 0
    assert not make().gradient(np.zeros(3)).any()


@every_regularizer
def test_float32_stays_float32(make, formula, rng):
    network = Linear(3, 2, rng=rng, dtype=np.float32)
    regularizer = make()
    regularizer.add_gradient(network)
    assert regularizer.gradient(network.parameters).dtype == network.gradients.dtype == np.float32
    assert regularizer.penalty(network).dtype == np.float32
    assert L2(np.float64(0.3)).gradient(network.parameters).dtype == np.float32


@pytest.mark.parametrize("make", [lambda: L1(-1), lambda: L2(-1), lambda: ElasticNet(-1, 3), lambda: ElasticNet(3, -1)])
def test_a_negative_strength_is_refused(make):
    with pytest.raises(RangeError, match=r"strength must be in \[0, inf\), got -1"):
        make()


def test_the_elastic_net_is_the_sum_of_its_two_parts(rng):
    w, net = rng.standard_normal(6), ElasticNet(l1=0.3, l2=0.2)
    assert net.value(w) == L1(0.3).value(w) + L2(0.2).value(w)
    np.testing.assert_array_equal(net.gradient(w), L1(0.3).gradient(w) + L2(0.2).gradient(w))


def test_l1_pulls_small_weights_as_hard_as_large_ones_and_l2_does_not():
    w = np.array([1e-6, 100.0])
    assert np.ptp(L1(0.3).gradient(w)) == 0
    assert L2(0.3).gradient(w)[0] < 1e-6


def test_every_regularizer_of_the_library_stands_in_the_contract():
    assert set(Regularizer.__subclasses__()) == set(REGULARIZERS)
