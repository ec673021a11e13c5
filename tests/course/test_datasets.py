"""Data made on the spot: reproducible, balanced, split without a leak."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.datasets import CURVES, HAM, SPAM, Standardizer, circles, curve, drawn_digits, moons, spam, spirals, split, xor
from course.errors import DataError, RangeError, ShapeError

POINTS = [spam, spirals, moons, circles, xor]


def seeded(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("make", [*POINTS, curve, drawn_digits])
def test_the_same_seed_gives_the_same_data(make):
    for first, second, other in zip(make(20, rng=seeded()), make(20, rng=seeded()), make(20, rng=seeded(1)), strict=True):
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, other)


@pytest.mark.parametrize("make", POINTS)
@given(n=st.integers(1, 40))
def test_classes_differ_by_at_most_one_in_size_and_every_example_has_a_target(make, n):
    X, y = make(n, rng=seeded())
    assert X.shape == (n, 2)
    assert y.shape == (n,)
    assert abs(2 * y.sum() - n) <= (2 if make is xor else 1)  # four corners, of which two make a class


def test_spam_is_one_zero_and_ham_is_zero_one_as_deck_003_has_it():
    X, y = spam(30, rng=seeded())
    same, rows = spam(30, rng=seeded(), one_hot=True)
    np.testing.assert_array_equal(X, same)
    assert (rows[y == SPAM] == [1, 0]).all()
    assert (rows[y == HAM] == [0, 1]).all()


def test_spam_has_a_length_and_a_trust_and_comes_from_senders_of_less_trust():
    X, y = spam(2000, rng=seeded())
    assert (X[:, 0] > 0).all()
    assert ((X[:, 1] >= 0) & (X[:, 1] <= 1)).all()
    assert X[y == SPAM, 1].mean() < X[y == HAM, 1].mean() - 0.2


def test_spirals_without_noise_lie_on_their_arms():
    X, y = spirals(60, rng=seeded(), classes=3, turns=1.5, noise=0)
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    turns = angle / (2 * np.pi) - 1.5 * radius - y / 3
    np.testing.assert_allclose(turns, turns.round(), atol=1e-9)


def test_moons_without_noise_are_two_half_circles_of_radius_one_that_reach_into_each_other():
    X, y = moons(400, rng=seeded(), noise=0)
    outer, inner = X[y == 0], X[y == 1]
    np.testing.assert_allclose(np.hypot(*outer.T), 1)
    np.testing.assert_allclose(np.hypot(*(inner - [1, 0.5]).T), 1)
    assert (outer[:, 1] >= 0).all()
    assert (inner[:, 1] <= 0.5).all()
    assert inner[:, 0].min() < 0.1
    assert outer[:, 0].max() > 0.9


def test_circles_without_noise_have_their_two_radii():
    X, y = circles(40, rng=seeded(), inner=0.3, noise=0)
    np.testing.assert_allclose(np.hypot(*X.T), np.where(y == 0, 1, 0.3))


def test_four_points_of_xor_without_noise_are_its_truth_table():
    X, y = xor(4, rng=seeded(), noise=0)
    table_of_truth = {(x1, x2): int(x1 != x2) for x1, x2 in itertools.product((-1.0, 1.0), repeat=2)}
    assert dict(zip(map(tuple, X.tolist()), y.tolist(), strict=True)) == table_of_truth


@pytest.mark.parametrize("make", [moons, circles, xor])
def test_no_straight_line_parts_the_classes(make):
    X, y = make(400, rng=seeded(), noise=0.05)
    A = np.column_stack([X, np.ones(400)])
    line = np.linalg.lstsq(A, 2.0 * y - 1, rcond=None)[0]
    assert ((A @ line > 0) == y).mean() < 0.95


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_its_function_and_noise_of_the_size_that_was_asked_for(name):
    X, y = curve(2000, rng=seeded(), of=name, noise=0.3)
    assert X.shape == y.shape == (2000, 1)
    assert (np.diff(X[:, 0]) >= 0).all()
    assert np.abs(X).max() <= 3
    rest = y - CURVES[name](X)
    assert rest.std() == pytest.approx(0.3, rel=0.1)
    assert abs(rest.mean()) < 0.03


def test_a_curve_may_be_any_function_of_a_column():
    X, y = curve(5, rng=seeded(), of=lambda x: x**3, noise=0, reach=2)
    np.testing.assert_allclose(y, X * X * X)
    assert np.abs(X).max() <= 2


@given(n=st.integers(2, 50), share=st.floats(0.01, 0.99))
def test_a_split_keeps_every_example_once_with_its_target(n, share):
    X = np.arange(n)[:, None] * [1.0, 10.0]
    (X1, y1), (X2, y2) = split(X, np.arange(n), rng=seeded(), test=share)
    assert sorted([*y1, *y2]) == list(range(n))
    assert len(y1) >= 1
    assert len(y2) >= 1
    for part, targets in ((X1, y1), (X2, y2)):
        np.testing.assert_array_equal(part, targets[:, None] * [1.0, 10.0])
        assert not np.shares_memory(part, X)


@given(n=st.integers(3, 60), test=st.floats(0.01, 0.49), validation=st.floats(0.01, 0.49))
def test_three_parts_hold_every_example_once_and_none_is_empty(n, test, validation):
    X = np.arange(n)[:, None]
    parts = split(X, np.arange(n), rng=seeded(), test=test, validation=validation)
    assert sorted(np.concatenate([y for _, y in parts])) == list(range(n))
    assert all((x[:, 0] == y).all() and len(y) for x, y in parts)
    for part, share in zip(parts[1:], (validation, test), strict=True):
        assert abs(len(part[1]) - share * n) <= 1.5


@given(counts=st.lists(st.integers(4, 40), min_size=1, max_size=4), one_hot=st.booleans())
def test_a_stratified_split_gives_every_part_its_share_of_every_class(counts, one_hot):
    labels = seeded().permutation(np.repeat(np.arange(len(counts)), counts))
    y = np.eye(len(counts) + 1)[labels] if one_hot else labels
    X = np.arange(len(labels))[:, None]
    parts = split(X, y, rng=seeded(), test=0.25, validation=0.25, stratify=True)
    assert sorted(np.concatenate([x[:, 0] for x, _ in parts])) == list(range(len(labels)))
    for (x, t), share in zip(parts, (0.5, 0.25, 0.25), strict=True):
        np.testing.assert_array_equal(t, y[x[:, 0]])
        have = np.bincount(labels[x[:, 0]], minlength=len(counts))
        assert (abs(have - share * np.array(counts)) <= 1).all()


def test_a_stratified_split_is_in_random_order():
    _, (_, y) = split(np.zeros((80, 1)), np.repeat([0, 1], 40), rng=seeded(), test=0.5, stratify=True)
    assert (np.diff(y) != 0).sum() > 5


def test_the_standardizer_uses_the_statistics_of_what_it_was_made_from():
    train, test = seeded().normal(5, 3, (50, 2)), seeded(1).normal(9, 1, (50, 2))
    standardize = Standardizer(train)
    np.testing.assert_allclose(standardize(train).mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(standardize(train).std(0), 1)
    assert (standardize(test).mean(0) > 1).all()
    np.testing.assert_allclose(standardize.inverse(standardize(test)), test)


def test_a_feature_that_never_changes_is_only_moved():
    np.testing.assert_array_equal(Standardizer(np.ones((3, 1)))(np.array([[1.0], [4.0]])), [[0], [3]])


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (lambda: spam(0, rng=seeded()), RangeError),
        (lambda: spirals(5, rng=seeded(), classes=0), RangeError),
        (lambda: spirals(5, rng=seeded(), noise=-1), RangeError),
        (lambda: circles(5, rng=seeded(), inner=1), RangeError),
        (lambda: xor(5, rng=seeded(), noise=-1), RangeError),
        (lambda: moons(-1, rng=seeded()), RangeError),
        (lambda: curve(5, rng=seeded(), of="zigzag"), RangeError),
        (lambda: curve(5, rng=seeded(), of=lambda x: x[:, 0]), ShapeError),
        (lambda: curve(5, rng=seeded(), reach=0), RangeError),
        (lambda: drawn_digits(0, rng=seeded()), RangeError),
        (lambda: split(np.ones((9, 1)), np.ones(9), rng=seeded(), test=0.5, validation=0.5), RangeError),
        (lambda: split(np.ones((2, 1)), np.ones(2), rng=seeded(), test=0.3, validation=0.3), DataError),
        (lambda: split(np.ones((4, 1)), np.arange(4), rng=seeded(), stratify=True), DataError),
        (lambda: split(np.ones((4, 1)), np.ones((4, 1)), rng=seeded(), stratify=True), ShapeError),
        (lambda: split(np.ones((3, 1)), np.ones(2), rng=seeded()), DataError),
        (lambda: split(np.ones((1, 1)), np.ones(1), rng=seeded()), DataError),
        (lambda: split(np.ones((3, 1)), np.ones(3), rng=seeded(), test=1.0), RangeError),
        (lambda: Standardizer(np.ones(3)), ShapeError),
        (lambda: Standardizer(np.ones((0, 3))), DataError),
        (lambda: Standardizer(np.array([[np.inf]])), DataError),
        (lambda: Standardizer(np.ones((3, 2)))(np.ones((3, 3))), ShapeError),
    ],
)
def test_impossible_data_are_refused(call, kind):
    with pytest.raises(kind):
        call()
