"""Schedules: each against its formula, what it starts and ends with, and PyTorch where it has the same."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import SGD, Constant, CosineDecay, ExponentialDecay, LinearWarmup, Schedule, StepDecay
from course.errors import RangeError

STATED = {  # a schedule of each kind, and its rate at step t, step by step
    Constant: (Constant(0.3), lambda t: 0.3),
    StepDecay: (StepDecay(0.3, every=4, factor=0.5), lambda t: 0.3 / 2 ** len(range(4, t, 4))),
    ExponentialDecay: (ExponentialDecay(0.3, factor=0.9), lambda t: 0.3 * math.exp((t - 1) * math.log(0.9))),
    CosineDecay: (
        CosineDecay(0.3, steps=10, final=0.1),
        lambda t: 0.1 + 0.2 * math.cos(math.pi * (t - 1) / 20) ** 2 if t <= 10 else 0.1,
    ),
    LinearWarmup: (
        LinearWarmup(5, then=ExponentialDecay(0.3, factor=0.9)),
        lambda t: 0.06 * t if t <= 5 else 0.3 * 0.9 ** (t - 6),
    ),
}
every_schedule = pytest.mark.parametrize("kind", STATED, ids=lambda kind: kind.__name__)


@every_schedule
def test_the_rate_is_the_formula_at_every_step(kind):
    schedule, formula = STATED[kind]
    assert [schedule(t) for t in range(1, 31)] == pytest.approx([formula(t) for t in range(1, 31)], rel=1e-12)


@every_schedule
def test_a_rate_is_a_float_and_an_array_of_steps_has_the_same_rates(kind):
    schedule, _ = STATED[kind]
    t = np.arange(1, 31).reshape(5, 6)
    rates = schedule(t)
    assert rates.shape == t.shape
    np.testing.assert_allclose(rates, [[schedule(int(k)) for k in row] for row in t], rtol=1e-15)
    assert type(schedule(3)) is float
    assert schedule(np.int64(3)) == schedule(3)
    assert schedule(np.arange(0)).shape == (0,)


@every_schedule
@given(t=st.integers(1, 10**9))
def test_no_rate_is_negative_or_above_the_highest(kind, t):
    assert 0 <= STATED[kind][0](t) <= 0.3


@every_schedule
def test_steps_are_counted_from_one(kind):
    for t in (0, -1, math.nan, np.array([2, 0])):
        with pytest.raises(RangeError, match="counted from 1"):
            STATED[kind][0](t)


@every_schedule
def test_an_optimizer_takes_it_for_its_rate(kind):
    schedule, formula = STATED[kind]
    w, optimizer = np.zeros(1), SGD(schedule)
    for _ in range(12):
        optimizer.step(w, np.ones(1))
    assert w[0] == pytest.approx(-sum(formula(t) for t in range(1, 13)))


@every_schedule
def test_it_says_what_it_is(kind):
    assert repr(STATED[kind][0]).startswith(f"{kind.__name__}(")


def test_every_schedule_of_the_library_stands_here():
    assert set(Schedule.__subclasses__()) == set(STATED)


def test_what_a_subclass_has_to_state_is_missing_in_the_base():
    with pytest.raises(NotImplementedError):
        Schedule(0.1)(1)


@given(st.integers(1, 50), st.floats(1e-6, 10))
def test_a_cosine_is_half_way_down_in_the_middle_and_all_the_way_after_its_steps(half, rate):
    schedule = CosineDecay(rate, steps=2 * half)
    assert schedule(1) == rate
    assert schedule(half + 1) == pytest.approx(rate / 2)
    assert schedule(2 * half + 1) == schedule(10**6) == pytest.approx(0, abs=1e-15)


@given(st.integers(1, 50))
def test_a_warm_up_ends_at_the_rate_where_the_next_schedule_starts(steps):
    schedule = LinearWarmup(steps, then=CosineDecay(0.3, steps=100))
    climb = schedule(np.arange(1, steps + 1))
    np.testing.assert_allclose(np.diff(climb, prepend=0), 0.3 / steps, rtol=1e-9)
    assert schedule(steps) == schedule(steps + 1) == pytest.approx(0.3)
    assert schedule(steps + 2) < 0.3 or steps > 10**6


def test_a_warm_up_leads_into_a_number_a_function_or_another_warm_up():
    t = np.arange(1, 9)
    assert LinearWarmup(4, then=0.4)(t) == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.4, 0.4, 0.4, 0.4])
    assert LinearWarmup(2, then=lambda t: 1 / t)(t.tolist()) == pytest.approx([0.5, 1, 1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6])
    assert LinearWarmup(1, then=LinearWarmup(2, then=0.4))(t[:4]) == pytest.approx([0.2, 0.2, 0.4, 0.4])


def test_stacked_networks_may_have_a_rate_each():
    rates = np.array([[0.1], [0.2]])
    schedule = LinearWarmup(2, then=StepDecay(rates, every=2))
    np.testing.assert_allclose(schedule(1), rates / 2)
    assert schedule(np.arange(1, 6)).shape == (5, 2, 1)
    w = np.zeros((2, 3))
    SGD(schedule).step(w, np.ones((2, 3)))
    np.testing.assert_allclose(w, -0.5 * np.broadcast_to(rates, (2, 3)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Constant(0), "learning_rate must be in"),
        (lambda: Constant(math.nan), "learning_rate must be in"),
        (lambda: StepDecay(0.1, every=0), "every must be in"),
        (lambda: StepDecay(0.1, every=1, factor=1.5), "factor must be in"),
        (lambda: ExponentialDecay(0.1, factor=0), "factor must be in"),
        (lambda: CosineDecay(0.1, steps=0), "steps must be in"),
        (lambda: CosineDecay(0.1, steps=5, final=-0.1), "final must be in"),
        (lambda: CosineDecay(0.1, steps=5, final=0.2), "final must be at most"),
        (lambda: LinearWarmup(0, then=0.1), "steps must be in"),
        (lambda: LinearWarmup(3, then=-0.1), "learning_rate must be in"),
    ],
)
def test_what_makes_no_schedule_is_refused(make, words):
    with pytest.raises(RangeError, match=words):
        make()


def test_pytorch_has_the_same_rates():
    torch = pytest.importorskip("torch")
    of = torch.optim.lr_scheduler
    pairs = [
        (Constant(0.3), lambda o: of.ConstantLR(o, factor=1)),
        (StepDecay(0.3, every=4, factor=0.5), lambda o: of.StepLR(o, 4, 0.5)),
        (ExponentialDecay(0.3, factor=0.9), lambda o: of.ExponentialLR(o, 0.9)),
        (CosineDecay(0.3, steps=20, final=0.1), lambda o: of.CosineAnnealingLR(o, 20, 0.1)),
        (
            LinearWarmup(5, then=CosineDecay(0.3, steps=15)),
            lambda o: of.SequentialLR(o, [of.LinearLR(o, 1 / 5, 1, 4), of.CosineAnnealingLR(o, 15)], [5]),
        ),
    ]
    for ours, make in pairs:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
        theirs, rates = make(optimizer), []
        for _ in range(20):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            theirs.step()
        np.testing.assert_allclose(ours(np.arange(1, 21)), rates, rtol=0, atol=1e-10)
