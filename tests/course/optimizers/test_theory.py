"""What is proved of optimizers, asked of these."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import SGD, Adadelta, Adagrad, Adam, AdaMax, AdamW, Linear, Momentum, Nadam, Nesterov, RMSprop
from course.errors import RangeError

nonzero = st.floats(1e-3, 1e3).flatmap(lambda size: st.sampled_from([size, -size]))
betas, curvatures = st.floats(0, 0.95), st.floats(0.01, 100)
BOUNDS = {  # ηλ below which a quadratic of curvature λ converges, by β
    SGD: lambda beta: 2,
    Momentum: lambda beta: 2 + 2 * beta,
    Nesterov: lambda beta: (2 + 2 * beta) / (1 + 2 * beta),
}
on_a_quadratic = pytest.mark.parametrize("kind", BOUNDS, ids=lambda kind: kind.__name__)


def make(kind, rate, beta):
    return kind(rate) if kind is SGD else kind(rate, momentum=beta)


def descend(optimizer, curvature, steps):
    """Walk down the quadratic ½ λ w² from 1, and return every place."""
    w, way = np.array([1.0]), [1.0]
    for _ in range(steps):
        optimizer.step(w, curvature * w)
        way.append(float(w[0]))
    return np.array(way)


def walk(optimizer, gradients):
    """Return the steps that the gradients make, one row each."""
    w = np.zeros(np.shape(gradients[0]) or 1)
    way = [w.copy()]
    for g in gradients:
        optimizer.step(w, np.reshape(g, w.shape))
        way.append(w.copy())
    return np.diff(way, axis=0)


@on_a_quadratic
@given(betas, st.floats(0.05, 0.95), curvatures)
def test_a_quadratic_converges_inside_the_bound(kind, beta, share, curvature):
    assert abs(descend(make(kind, share * BOUNDS[kind](beta) / curvature, beta), curvature, 1000)[-1]) < 1e-9


@on_a_quadratic
@given(betas, st.floats(1.05, 2), curvatures)
def test_a_quadratic_diverges_outside_the_bound(kind, beta, share, curvature):
    assert abs(descend(make(kind, share * BOUNDS[kind](beta) / curvature, beta), curvature, 200)[-1]) > 1e3


@given(st.floats(0.3, 0.9), st.floats(0.2, 0.9))
def test_where_both_swing_the_heavy_ball_shrinks_by_root_beta_and_nesterov_by_less(beta, x):
    """With x = ηλ the roots are complex, of size √β and √(β(1 − x)), where x lies between (1 − √β)² and 1."""
    x = (1 - math.sqrt(beta)) ** 2 + x * (1 - (1 - math.sqrt(beta)) ** 2)
    for kind, factor in ((Momentum, math.sqrt(beta)), (Nesterov, math.sqrt(beta * (1 - x)))):
        way = np.abs(descend(make(kind, x, beta), 1.0, 60))
        bound = factor ** np.arange(61)
        assert (way <= 200 * bound + 1e-300).all()
        assert max(way[50:] / bound[50:]) > 1e-3


def test_with_the_rate_of_newtons_method_nesterov_arrives_and_the_heavy_ball_swings_on():
    assert descend(Nesterov(0.25, momentum=0.9), 4.0, 2)[-1] == 0
    assert max(abs(descend(Momentum(0.25, momentum=0.9), 4.0, 20)[10:])) > 0.3


@given(betas, nonzero)
def test_under_a_constant_gradient_momentum_grows_to_a_step_of_one_over_one_minus_beta(beta, g):
    for kind in (Momentum, Nesterov):
        steps = walk(kind(0.1, momentum=beta), [g] * 600)
        assert steps[-1] == pytest.approx(-0.1 * g / (1 - beta))


def test_momentum_without_memory_is_gradient_descent(rng):
    gradients = rng.standard_normal((5, 3))
    expected = walk(SGD(0.1), gradients)
    np.testing.assert_allclose(walk(Momentum(0.1, momentum=0), gradients), expected)
    np.testing.assert_allclose(walk(Nesterov(0.1, momentum=0), gradients), expected)


@given(hnp.arrays(float, 3, elements=nonzero))
def test_under_a_constant_gradient_adagrads_steps_shrink_with_the_root_of_time(g):
    steps = walk(Adagrad(0.1), [g] * 20)
    np.testing.assert_allclose(steps, -0.1 * np.sign(g) / np.sqrt(np.arange(1, 21))[:, None], rtol=1e-4)


@given(hnp.arrays(float, 3, elements=nonzero), st.floats(0.5, 0.95))
def test_rmsprop_starts_with_too_long_a_step_and_ends_with_steps_of_the_learning_rate(g, decay):
    steps = walk(RMSprop(0.01, decay=decay), [g] * 600)
    np.testing.assert_allclose(steps[0], -0.01 * np.sign(g) / math.sqrt(1 - decay), rtol=1e-4)
    np.testing.assert_allclose(steps[-1], -0.01 * np.sign(g), rtol=1e-4)


@given(st.floats(10, 1e3), st.floats(1, 1e3), st.floats(1e-7, 1e-4))
def test_adadeltas_first_step_is_set_by_eps_and_not_by_the_gradient(g, scale, eps):
    for gradient in (g, g * scale):
        assert walk(Adadelta(decay=0.9, eps=eps), [gradient])[0] == pytest.approx(-math.sqrt(eps / 0.1), rel=1e-3)


@given(hnp.arrays(float, 3, elements=nonzero), st.integers(1, 20))
def test_under_a_constant_gradient_every_adam_step_has_the_size_of_the_learning_rate(g, steps):
    for optimizer in (Adam(0.01), AdamW(0.01, weight_decay=0), AdaMax(0.01)):
        np.testing.assert_allclose(walk(optimizer, [g] * steps), np.tile(-0.01 * np.sign(g), (steps, 1)), rtol=1e-4)


@given(hnp.arrays(float, (6, 3), elements=nonzero), st.floats(0.01, 100))
def test_adaptive_steps_do_not_see_the_scale_of_the_gradient(gradients, scale):
    for kind in (Adagrad, RMSprop, Adam, AdaMax, Nadam):
        runs = [walk(kind(0.01, eps=1e-30), factor * gradients) for factor in (1, scale)]
        np.testing.assert_allclose(*runs, rtol=1e-6, atol=1e-12)


def bound_of_adamax(t, beta1=0.9, beta2=0.999):
    return (1 - beta1) / (1 - beta1**t) * sum((beta1 / beta2) ** k for k in range(t))


@given(hnp.arrays(float, 30, elements=nonzero))
def test_no_adamax_step_is_longer_than_its_bound(gradients):
    steps = np.abs(walk(AdaMax(1.0), gradients))
    assert all(step[0] <= bound_of_adamax(t) * (1 + 1e-12) for t, step in enumerate(steps, 1))


def test_adamax_reaches_its_bound_which_is_a_little_above_the_learning_rate():
    fading = 0.999 ** np.arange(100)
    assert np.abs(walk(AdaMax(1.0), fading))[-1] == pytest.approx(bound_of_adamax(100), rel=1e-6)
    assert 1.0 < bound_of_adamax(100) < 1.0092


def test_nadam_steps_come_down_to_the_learning_rate_under_a_constant_gradient():
    steps = -walk(Nadam(1.0), [5.0] * 400)
    assert steps[0] == pytest.approx(1.0565, abs=1e-4)
    assert steps[-1] == pytest.approx(1, abs=1e-3)


def test_nadam_picks_up_the_product_of_its_momenta_wherever_it_comes_from():
    forward, back = Nadam(), Nadam()
    products = [forward.product(t) for t in range(1, 8)]
    assert [back.product(t) for t in (7, 3, 5)] == [products[6], products[2], products[4]]


@given(st.floats(0, 1), st.floats(1e-4, 0.5))
def test_decoupled_decay_takes_the_same_share_of_every_weight_whatever_its_gradient(decay, rate):
    w = np.array([1.0, 1.0, -4.0])
    with_decay, without = w.copy(), w.copy()
    g = np.array([1000.0, 0.001, 0.0])
    AdamW(rate, weight_decay=decay).step(with_decay, g)
    Adam(rate).step(without, g)
    np.testing.assert_allclose(without - with_decay, rate * decay * w, atol=1e-15)


def test_weights_without_a_gradient_decay_geometrically():
    w, optimizer = np.ones(2), AdamW(0.1, weight_decay=0.5)
    for _ in range(10):
        optimizer.step(w, np.zeros(2))
    np.testing.assert_allclose(w, 0.95**10)


def test_an_l2_penalty_under_adam_is_undone_where_the_gradients_are_large_and_decoupled_decay_is_not():
    """Deck 003 names AdamW for this: two weights of the same size, one with gradients a thousand times as large."""
    signs, pulls = np.array([1.0, -1.0]), {}
    for name in ("L2", "decoupled"):
        w, optimizer = np.ones(2), Adam(0.001) if name == "L2" else AdamW(0.001, weight_decay=0.1)
        for t in range(400):
            g = np.array([1.0, 1000.0]) * signs[t % 2]
            optimizer.step(w, g + (0.1 * w if name == "L2" else 0))
        pulls[name] = 1 - w
    assert pulls["L2"][0] > 20 * pulls["L2"][1]
    assert pulls["decoupled"][0] == pytest.approx(pulls["decoupled"][1], rel=1e-3)


def test_decay_by_a_mask_spares_the_biases(rng):
    network = Linear(3, 2, rng=rng)
    network.bias = [1.0, 2.0]
    before = network.weight.copy()
    AdamW(0.1, weight_decay=0.5 * network.weight_mask).step(network.parameters, 0 * network.parameters)
    np.testing.assert_allclose(network.weight, 0.95 * before)
    np.testing.assert_array_equal(network.bias, [1.0, 2.0])


def test_a_hyperparameter_for_every_parameter_of_a_large_network_is_taken_whole(rng):
    n = 100_000
    w, g, rates = rng.standard_normal(n), rng.standard_normal(n), rng.uniform(0.1, 0.2, n)
    expected = w - rates * g
    SGD(rates).step(w, g)
    np.testing.assert_array_equal(w, expected)


def test_stacked_networks_may_differ_in_any_hyperparameter(rng):
    gradients, beta = rng.standard_normal((4, 2, 3)), np.array([[0.5], [0.9]])
    for kind in (Momentum, Adam, AdaMax, Nadam):
        name = "momentum" if kind is Momentum else "beta1"
        stacked = walk(kind(0.1, **{name: beta}), gradients)
        for k in range(2):
            np.testing.assert_allclose(stacked[:, k], walk(kind(0.1, **{name: float(beta[k, 0])}), gradients[:, k]))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Momentum(0.1, momentum=1.0),
        lambda: Momentum(0.1, momentum=np.array([0.5, -0.1])),
        lambda: Nesterov(0.1, momentum=-0.1),
        lambda: Adagrad(0.1, eps=0),
        lambda: RMSprop(0.1, decay=1),
        lambda: Adadelta(decay=float("nan")),
        lambda: Adam(beta1=1.0),
        lambda: Adam(beta2=-0.5),
        lambda: Adam(eps=0),
        lambda: AdamW(weight_decay=-1e-9),
        lambda: AdaMax(beta2=1),
        lambda: Nadam(momentum_decay=-1),
    ],
)
def test_a_hyperparameter_out_of_range_is_refused(make):
    with pytest.raises(RangeError, match="must be in"):
        make()
