"""Optimizers: one contract for all of them, each against its equations, and against what is proved of it."""

import copy
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import SGD, Adam, Momentum, Optimizer
from course.errors import DtypeError, RangeError, ShapeError
from course.optimizers import PIECE


def sgd(gradients, eta):
    for _, g in enumerate(gradients, 1):
        yield -eta * g


def momentum(gradients, eta, beta=0.9):
    v = 0.0
    for g in gradients:
        v = beta * v - eta * g
        yield v


def adam(gradients, eta, beta1=0.9, beta2=0.999, eps=1e-8):
    m = v = 0.0
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        yield -eta * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)


EQUATIONS = {SGD: sgd, Momentum: momentum, Adam: adam}  # the steps of one parameter, number by number
every_optimizer = pytest.mark.parametrize("kind", EQUATIONS, ids=lambda kind: kind.__name__)
nonzero = st.floats(1e-3, 1e3).flatmap(lambda size: st.sampled_from([size, -size]))


@every_optimizer
def test_seven_steps_on_two_parameters_of_different_shape_follow_the_equations(kind, rng):
    for shape in ((3,), (2, 2)):
        w = rng.standard_normal(shape)
        start, gradients = w.copy(), rng.standard_normal((7, *shape))
        optimizer = kind(0.1)
        for g in gradients:
            optimizer.step(w, g)
        for i in np.ndindex(shape):
            assert w[i] == pytest.approx(start[i] + sum(EQUATIONS[kind]([g[i] for g in gradients], 0.1)))


@every_optimizer
def test_parameters_change_in_place_and_gradients_do_not(kind, rng):
    w, g = rng.standard_normal(5), rng.standard_normal(5)
    same, before = w, g.copy()
    assert kind(0.1).step(w, g) is None
    assert same is w
    np.testing.assert_array_equal(g, before)


@every_optimizer
@pytest.mark.parametrize("rate", [0.1, 1, np.float64(0.1), lambda t: np.float64(0.1) / t], ids=str)
def test_float32_stays_float32_whatever_the_rate_is(kind, rate):
    w, optimizer = np.ones(3, np.float32), kind(rate)
    optimizer.step(w, np.ones(3, np.float32))
    assert {w.dtype, *(b.dtype for b in optimizer.buffers.values())} == {np.dtype("float32")}


@every_optimizer
def test_the_rate_may_be_a_schedule_of_the_step_that_counts_from_one(kind, rng):
    seen, w, g = [], rng.standard_normal(3), rng.standard_normal(3)
    optimizer = kind(lambda t: seen.append(t) or 0.1)
    for _ in range(3):
        optimizer.step(w, g)
    assert seen == [1, 2, 3]
    assert optimizer.t == 3


@every_optimizer
def test_the_rate_may_be_changed_between_steps(kind):
    optimizer, w = kind(0.1), np.zeros(1)
    optimizer.step(w, np.ones(1))
    first, optimizer.learning_rate = w.copy(), 0.2
    optimizer.buffers = {name: 0 * buffer for name, buffer in optimizer.buffers.items()}
    assert first < 0
    optimizer = kind(0.2)
    optimizer.step(v := np.zeros(1), np.ones(1))
    assert v == pytest.approx(2 * first)


@every_optimizer
def test_a_large_array_is_stepped_piece_by_piece_to_the_same_bits(kind, rng):
    n = 2 * PIECE + 5
    w = rng.standard_normal(n)
    halves = w[: n // 3].copy(), w[n // 3 :].copy()
    whole, parts = kind(0.1), (kind(0.1), kind(0.1))
    for _ in range(3):
        g = rng.standard_normal(n)
        whole.step(w, g)
        parts[0].step(halves[0], g[: n // 3])
        parts[1].step(halves[1], g[n // 3 :])
    np.testing.assert_array_equal(w, np.concatenate(halves))


@every_optimizer
def test_stacked_networks_with_a_rate_each_move_as_they_would_alone(kind, rng):
    w, gradients = rng.standard_normal((2, 5)), rng.standard_normal((3, 2, 5))
    alone, rates = w.copy(), [0.1, 0.02]
    stacked, singles = kind(np.array(rates)[:, None]), [kind(rate) for rate in rates]
    for g in gradients:
        stacked.step(w, g)
        for k in range(2):
            singles[k].step(alone[k], g[k])
    np.testing.assert_allclose(w, alone, rtol=1e-12)


@every_optimizer
def test_a_copy_goes_on_where_the_original_stood_and_apart_from_it(kind, rng):
    w, g = rng.standard_normal(4), rng.standard_normal(4)
    optimizer = kind(0.1)
    optimizer.step(w, g)
    twin, twin_w = copy.deepcopy((optimizer, w))
    for _ in range(3):
        optimizer.step(w, g)
        twin.step(twin_w, g.copy())
    np.testing.assert_array_equal(w, twin_w)
    assert not np.shares_memory(w, twin_w)


@every_optimizer
def test_what_cannot_be_stepped_is_refused(kind):
    with pytest.raises(DtypeError, match="got int64"):
        kind(0.1).step(np.array([1, 2]), np.array([1, 2]))
    with pytest.raises(DtypeError, match="got list"):
        kind(0.1).step([1.0], [1.0])
    with pytest.raises(ShapeError, match=r"gradients must have shape \(2,\), got \(1,\)"):
        kind(0.1).step(np.zeros(2), np.zeros(1))
    for rate in (0, -0.1, float("nan")):
        with pytest.raises(RangeError, match="learning_rate must be in"):
            kind(rate)


@pytest.mark.parametrize("kind", [Momentum, Adam])
def test_an_optimizer_with_a_memory_refuses_another_network(kind):
    optimizer = kind(0.1)
    optimizer.step(np.zeros(2), np.ones(2))
    with pytest.raises(ShapeError, match="make a new optimizer"):
        optimizer.step(np.zeros(3), np.ones(3))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Momentum(0.1, momentum=1.0),
        lambda: Momentum(0.1, momentum=-0.1),
        lambda: Adam(beta1=1.0),
        lambda: Adam(beta2=-0.5),
        lambda: Adam(eps=0),
    ],
)
def test_a_hyperparameter_out_of_range_is_refused(make):
    with pytest.raises(RangeError, match="must be in"):
        make()


@given(st.floats(0, 0.95), st.floats(0.05, 0.95), st.floats(0.01, 100))
def test_momentum_converges_on_a_quadratic_inside_the_bound(beta, share, curvature):
    w, optimizer = np.array([1.0]), Momentum(share * (2 + 2 * beta) / curvature, momentum=beta)
    for _ in range(1000):
        optimizer.step(w, curvature * w)
    assert abs(w[0]) < 1e-9


@given(st.floats(0, 0.95), st.floats(1.05, 2), st.floats(0.01, 100))
def test_momentum_diverges_on_a_quadratic_outside_the_bound(beta, share, curvature):
    w, optimizer = np.array([1.0]), Momentum(share * (2 + 2 * beta) / curvature, momentum=beta)
    for _ in range(200):
        optimizer.step(w, curvature * w)
    assert abs(w[0]) > 1e3


@given(st.floats(0, 0.95), nonzero)
def test_under_a_constant_gradient_momentum_grows_to_a_step_of_one_over_one_minus_beta(beta, g):
    w, optimizer = np.array([0.0]), Momentum(0.1, momentum=beta)
    for _ in range(600):
        optimizer.step(w, np.array([g]))
    assert optimizer.buffers["velocity"][0] == pytest.approx(-0.1 * g / (1 - beta))


def test_momentum_without_memory_is_gradient_descent(rng):
    w, gradients = rng.standard_normal(3), rng.standard_normal((5, 3))
    plain, heavy = w.copy(), w.copy()
    for (sgd, a), (ball, b) in [((SGD(0.1), plain), (Momentum(0.1, momentum=0), heavy))]:
        for g in gradients:
            sgd.step(a, g)
            ball.step(b, g)
    np.testing.assert_allclose(plain, heavy)


@given(hnp.arrays(float, 3, elements=nonzero), st.integers(1, 20))
def test_under_a_constant_gradient_every_adam_step_has_the_size_of_the_learning_rate(g, steps):
    w, optimizer = np.zeros(3), Adam(0.01)
    for t in range(1, steps + 1):
        optimizer.step(w, g)
        np.testing.assert_allclose(w, -0.01 * t * np.sign(g), rtol=1e-4)


@given(hnp.arrays(float, (6, 3), elements=nonzero), st.floats(0.01, 100))
def test_adam_does_not_see_the_scale_of_the_gradient(gradients, scale):
    runs = []
    for factor in (1, scale):
        w, optimizer = np.zeros(3), Adam(0.01, eps=1e-30)
        for g in gradients:
            optimizer.step(w, factor * g)
        runs.append(w)
    np.testing.assert_allclose(*runs, rtol=1e-6, atol=1e-12)


def test_every_optimizer_of_the_library_stands_in_the_contract():
    assert set(Optimizer.__subclasses__()) == set(EQUATIONS)


def test_what_a_subclass_has_to_state_is_missing_in_the_base():
    with pytest.raises(NotImplementedError):
        Optimizer(0.1).step(np.zeros(1), np.zeros(1))
