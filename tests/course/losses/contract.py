"""What every loss keeps, as functions that fail when one does not: of the loss, its data and a generator."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from course.errors import DataError, ShapeError
from tests.course.arrays import precisions, watch


@dataclass
class Case:
    """A way to make a loss, and to draw predictions (n, 3) and targets for it; by default for logits or numbers."""

    make: Any
    targets: Any
    predictions: Any = lambda rng, n: rng.standard_normal((n, 3))
    extremes: Any = ((1000.0, -1000.0, 0.0), (-1000.0, -1000.0, 1000.0))

    def draw(self, rng, n):
        return self.make(), self.predictions(rng, n), self.targets(rng, n)


def differences(loss, y_hat, y, h=1e-6):
    """Differentiate by two values on either side, one entry at a time."""
    gradient = np.empty(y_hat.shape)
    for i in np.ndindex(y_hat.shape):
        above, below = y_hat.copy(), y_hat.copy()
        above[i] += h
        below[i] -= h
        gradient[i] = (loss(above, y)[0] - loss(below, y)[0]) / (2 * h)
    return gradient


def has_the_gradient_of_its_value(case, rng):
    for n in (1, 4):
        loss, y_hat, y = case.draw(rng, n)
        np.testing.assert_allclose(loss(y_hat, y)[1], differences(loss, y_hat, y), rtol=1e-6, atol=1e-9)


def is_the_mean_over_its_examples(case, rng):
    loss, y_hat, y = case.draw(rng, 5)
    value, gradient = loss(y_hat, y)
    singles = [loss(y_hat[n : n + 1], y[n : n + 1]) for n in range(5)]
    assert value == pytest.approx(np.mean([v for v, g in singles]), rel=1e-12)
    np.testing.assert_allclose(gradient, np.concatenate([g for v, g in singles]) / 5, rtol=1e-12, atol=1e-300)


def keeps_float32(case, rng):
    loss, y_hat, y = case.draw(rng, 4)
    y_hat = y_hat.astype(np.float32)
    value, gradient = loss(y_hat, y)
    assert value.dtype == gradient.dtype == np.float32
    n = len(y_hat)
    loss.rule(watch(y_hat), loss.align(y_hat, y), n)
    assert precisions() == {"float32"}


def changes_nothing_and_hands_out_nothing_that_it_was_given(case, rng):
    loss, y_hat, y = case.draw(rng, 4)
    y = y.astype(float) if y.ndim == 2 else y  # so that no conversion makes a copy
    before = y_hat.copy(), y.copy()
    _, gradient = loss(y_hat, y)
    assert not np.shares_memory(gradient, y_hat)
    assert not np.shares_memory(gradient, y)
    gradient += 1
    np.testing.assert_array_equal(y_hat, before[0])
    np.testing.assert_array_equal(y, before[1])


def is_finite_and_silent_however_large_the_predictions(case, rng):
    for dtype in (np.float64, np.float32):
        y_hat = np.array(case.extremes, dtype)
        for _ in range(5):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                value, gradient = case.make()(y_hat, case.targets(rng, 2))
            assert np.isfinite(value)
            assert np.isfinite(gradient).all()


def is_never_negative(case, rng):
    for _ in range(20):
        loss, y_hat, y = case.draw(rng, 3)
        assert loss(y_hat, y)[0] >= 0


def refuses_targets_of_another_shape(case, rng):
    loss, y_hat, _ = case.draw(rng, 4)
    for shape in [(4, 1), (4, 2), (3, 3), (5,), (1, 3), (1, 4, 3), (4, 3, 1), ()]:
        with pytest.raises(ShapeError):
            loss(y_hat, np.zeros(shape, int))


def refuses_an_empty_batch(case, rng):
    for shape in [(0, 3), (3, 0)]:
        with pytest.raises(DataError, match="at least one example"):
            case.make()(np.zeros(shape), np.zeros(shape))


def takes_arrays_of_every_layout(case, rng):
    loss, y_hat, y = case.draw(rng, 4)
    expected = loss(y_hat, y)
    tall = np.zeros((8, 6))
    tall[::2, ::2] = y_hat
    for layout in (np.asfortranarray(y_hat), tall[::2, ::2]):
        value, gradient = loss(layout, np.asfortranarray(y))
        assert value == pytest.approx(expected[0], rel=1e-14)
        np.testing.assert_allclose(gradient, expected[1], rtol=1e-14)


def takes_integers_and_lists_as_numbers(case, rng):
    _, _, y = case.draw(rng, 4)
    y_hat = rng.integers(0, 2, (4, 3))
    expected = case.make()(y_hat.astype(float), y)[0]
    assert case.make()(y_hat, y)[0] == case.make()(y_hat.tolist(), y.tolist())[0] == expected


CONTRACT = [
    has_the_gradient_of_its_value,
    is_the_mean_over_its_examples,
    keeps_float32,
    changes_nothing_and_hands_out_nothing_that_it_was_given,
    is_finite_and_silent_however_large_the_predictions,
    is_never_negative,
    refuses_targets_of_another_shape,
    refuses_an_empty_batch,
    takes_arrays_of_every_layout,
    takes_integers_and_lists_as_numbers,
]
