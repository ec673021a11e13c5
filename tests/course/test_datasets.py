"""Data: reproducible, balanced, split without a leak."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import Standardizer, spam, spirals, split
from course.datasets import HAM, SPAM
from course.errors import DataError, RangeError, ShapeError


def seeded(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("make", [spam, spirals])
def test_the_same_seed_gives_the_same_data(make):
    for first, second, other in zip(make(20, rng=seeded()), make(20, rng=seeded()), make(20, rng=seeded(1)), strict=True):
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, other)


@pytest.mark.parametrize("make", [spam, spirals])
@given(n=st.integers(1, 40))
def test_classes_differ_by_at_most_one_in_size_and_every_example_has_a_target(make, n):
    X, y = make(n, rng=seeded())
    assert X.shape == (n, 2)
    assert y.shape == (n,)
    assert abs(2 * y.sum() - n) <= 1


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
