"""What every optimizer keeps, as functions that fail when one does not: of the class, its equations and a generator."""

import copy
import io
import pickle
import warnings

import numpy as np
import pytest

from course.errors import CourseError, DtypeError, RangeError, ShapeError
from course.optimizers.base import PIECE
from tests.course.arrays import precisions, watch
from tests.course.optimizers.equations import last


def follows_its_equations_on_three_parameters_in_turn(kind, like, rng):
    shapes, rates = [(3,), (2, 2), (3,)], [0.1, 0.05, 0.025, 0.1, 0.2, 0.01, 0.1]
    parameters = [rng.standard_normal(shape) for shape in shapes]
    starts = [w.copy() for w in parameters]
    gradients = [rng.standard_normal((7, *shape)) for shape in shapes]
    optimizers = [kind(lambda t: rates[t - 1]) for _ in shapes]
    for step in range(7):
        for optimizer, w, g in zip(optimizers, parameters, gradients, strict=True):
            optimizer.step(w, g[step])
    for w, start, g in zip(parameters, starts, gradients, strict=True):
        for i in np.ndindex(w.shape):
            assert w[i] == pytest.approx(last(like, start[i], [float(h[i]) for h in g], rates), rel=1e-10)


def changes_parameters_in_place_and_leaves_gradients_as_they_are(kind, like, rng):
    w, g = rng.standard_normal(5), rng.standard_normal(5)
    kept, before, optimizer = w.copy(), g.copy(), kind(0.1)
    for _ in range(3):
        assert optimizer.step(w, g) is None
    assert (w != kept).all()
    np.testing.assert_array_equal(g, before)
    assert not any(np.shares_memory(g, b) or np.shares_memory(w, b) for b in optimizer.buffers.values())


def keeps_float32(kind, like, rng):
    for rate in (0.1, 1, np.float64(0.1), lambda t: np.float64(0.1) / t):
        w, g, optimizer = watch(np.ones(3, np.float32)), np.ones(3, np.float32), kind(rate)
        for _ in range(3):
            optimizer.step(w, g)
        assert {str(b.dtype) for b in optimizer.buffers.values()} <= {"float32"}
        assert precisions() == {"float32"}


def treats_a_large_array_as_it_treats_small_ones(kind, like, rng):
    for dtype in (np.float32, np.float64):
        n = 2 * PIECE // np.dtype(dtype).itemsize + 5
        w, cut = rng.standard_normal(n).astype(dtype), n // 3
        parts, whole = (w[:cut].copy(), w[cut:].copy()), kind(0.1)
        optimizers = kind(0.1), kind(0.1)
        for _ in range(3):
            g = rng.standard_normal(n).astype(dtype)
            whole.step(w, g)
            for part, optimizer, h in zip(parts, optimizers, (g[:cut], g[cut:]), strict=True):
                optimizer.step(part, h)
        np.testing.assert_array_equal(w, np.concatenate(parts))


def asks_a_schedule_once_a_step_and_counts_from_one(kind, like, rng):
    seen, w, g = [], rng.standard_normal(PIECE), rng.standard_normal(PIECE)
    optimizer = kind(lambda t: seen.append(t) or 0.1)
    for _ in range(3):
        optimizer.step(w, g)
    assert seen == [1, 2, 3]
    assert optimizer.t == 3


def takes_another_rate_from_one_step_to_the_next(kind, like, rng):
    start, g = rng.standard_normal(3), rng.standard_normal(3)
    changed, scheduled = kind(0.1), kind(lambda t: 0.1 if t < 3 else 0.3)
    a, b = start.copy(), start.copy()
    for t in range(1, 5):
        if t == 3:
            changed.learning_rate = 0.3
        changed.step(a, g)
        scheduled.step(b, g)
    np.testing.assert_array_equal(a, b)
    expected = [last(like, start[i], [g[i]] * 4, [0.1, 0.1, 0.3, 0.3]) for i in range(3)]
    np.testing.assert_allclose(a, expected, rtol=1e-10)


def moves_stacked_networks_as_it_would_move_each(kind, like, rng):
    w, gradients, rates = rng.standard_normal((2, 5)), rng.standard_normal((3, 2, 5)), [0.1, 0.02]
    alone, stacked, singles = w.copy(), kind(np.array(rates)[:, None]), [kind(rate) for rate in rates]
    for g in gradients:
        stacked.step(w, g)
        for k in range(2):
            singles[k].step(alone[k], g[k])
    np.testing.assert_allclose(w, alone, rtol=1e-12)


def lets_a_copy_go_on_alone(kind, like, rng):
    for duplicate in (copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))):
        w, g, optimizer = rng.standard_normal(4), rng.standard_normal(4), kind(0.1)
        optimizer.step(w, g)
        twin, twin_w, twin_g = duplicate((optimizer, w, g))
        at = w.copy()
        for _ in range(3):
            twin.step(twin_w, twin_g)
        np.testing.assert_array_equal(w, at)  # the original has not moved
        for _ in range(3):
            optimizer.step(w, g)
        np.testing.assert_array_equal(w, twin_w)


def goes_on_from_a_saved_state_to_the_same_bits(kind, like, rng):
    w, gradients = rng.standard_normal(4), rng.standard_normal((6, 4))
    optimizer, file = kind(0.1), io.BytesIO()
    for g in gradients[:3]:
        optimizer.step(w, g)
    state, at = optimizer.named_state(), w.copy()
    np.savez(file, **state)
    for g in gradients[3:]:
        optimizer.step(w, g)
    file.seek(0)
    for saved in (state, dict(np.load(file))):
        fresh, resumed = kind(0.1), at.copy()
        fresh.load_state(saved)
        for g in gradients[3:]:
            fresh.step(resumed, g)
        np.testing.assert_array_equal(resumed, w)
        assert fresh.t == 6


def starts_over_from_the_state_of_no_step(kind, like, rng):
    start, g, optimizer = rng.standard_normal(4), rng.standard_normal(4), kind(0.1)
    first, second, state = start.copy(), start.copy(), optimizer.named_state()
    optimizer.step(first, g)
    optimizer.load_state(state)
    optimizer.step(second, g)
    np.testing.assert_array_equal(first, second)


def refuses_a_state_that_is_not_its_own(kind, like, rng):
    optimizer = kind(0.1)
    optimizer.step(np.ones(2), np.ones(2))
    state = optimizer.named_state()
    for wrong in (state | {"other": np.zeros(2)}, {name: a for name, a in state.items() if name != "t"} | {"other": 1}):
        with pytest.raises(CourseError, match="the state must hold"):
            optimizer.load_state(wrong)
    assert optimizer.t == 1


def takes_arrays_of_every_layout(kind, like, rng):
    w, g = rng.standard_normal((4, 6)), rng.standard_normal((4, 6))
    expected = np.ascontiguousarray(w[::2, ::-1])
    kind(0.1).step(expected, np.ascontiguousarray(g[::2, ::-1]))
    kind(0.1).step(w[::2, ::-1], g[::2, ::-1])
    np.testing.assert_array_equal(w[::2, ::-1], expected)
    for shape in [(0,), (0, 3), (1,), ()]:
        empty = np.ones(shape)
        kind(0.1).step(empty, np.ones(shape))
        assert np.isfinite(empty).all()


def stays_where_there_has_been_no_gradient(kind, like, rng):
    w, optimizer = np.zeros(3), kind(0.1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            optimizer.step(w, np.zeros(3))
    np.testing.assert_array_equal(w, 0)


def refuses_what_cannot_be_stepped(kind, like, rng):
    with pytest.raises(DtypeError, match="got int64"):
        kind(0.1).step(np.array([1, 2]), np.array([1, 2]))
    with pytest.raises(DtypeError, match="got list"):
        kind(0.1).step([1.0], [1.0])
    with pytest.raises(ShapeError, match=r"gradients must have shape \(2,\), got \(1,\)"):
        kind(0.1).step(np.zeros(2), np.zeros(1))
    for rate in (0, -0.1, float("nan"), float("inf"), np.array([0.1, -0.1])):
        with pytest.raises(RangeError, match="learning_rate must be in"):
            kind(rate)


def refuses_another_network_when_it_remembers_one(kind, like, rng):
    optimizer = kind(0.1)
    optimizer.step(np.zeros(2), np.ones(2))
    if optimizer.buffers:
        with pytest.raises(ShapeError, match="make a new optimizer"):
            optimizer.step(np.zeros(3), np.ones(3))
        with pytest.raises(DtypeError, match="make a new optimizer"):
            optimizer.step(np.zeros(2, np.float32), np.ones(2, np.float32))


CONTRACT = [
    follows_its_equations_on_three_parameters_in_turn,
    changes_parameters_in_place_and_leaves_gradients_as_they_are,
    keeps_float32,
    treats_a_large_array_as_it_treats_small_ones,
    asks_a_schedule_once_a_step_and_counts_from_one,
    takes_another_rate_from_one_step_to_the_next,
    moves_stacked_networks_as_it_would_move_each,
    lets_a_copy_go_on_alone,
    goes_on_from_a_saved_state_to_the_same_bits,
    starts_over_from_the_state_of_no_step,
    refuses_a_state_that_is_not_its_own,
    takes_arrays_of_every_layout,
    stays_where_there_has_been_no_gradient,
    refuses_what_cannot_be_stepped,
    refuses_another_network_when_it_remembers_one,
]
