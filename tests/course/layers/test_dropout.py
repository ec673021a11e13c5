"""Dropout: what is expected of it, and how its masks are drawn."""

import numpy as np
import pytest

from course import Dropout
from course.errors import DtypeError, RangeError
from course.layers.dropout import draw


@pytest.mark.parametrize("classic", [False, True])
@pytest.mark.parametrize("keep_prob", [0.5, 0.8, 0.123, 1.0])
def test_the_expectation_in_training_is_the_output_afterwards(keep_prob, classic, rng):
    layer, x = Dropout(keep_prob, rng=rng, classic=classic), rng.uniform(1, 2, (1, 5))
    mean = np.mean([layer.forward(np.repeat(x, 2000, 0), training=True).mean(0) for _ in range(20)], 0)
    scale = x[0] * (1 if classic else 1 / keep_prob)
    deviation = scale * np.sqrt(keep_prob * (1 - keep_prob) / 40_000)
    assert (np.abs(mean - layer.forward(x)[0]) <= 4.5 * deviation + 1e-12).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_inverted_dropout_scales_in_training_and_classic_dropout_afterwards(dtype, rng):
    x = np.ones((50, 4), dtype)
    inverted, classic = Dropout(0.25, rng=rng), Dropout(0.25, rng=rng, classic=True)
    assert set(np.unique(inverted.forward(x, training=True))) == {0, 4}
    assert set(np.unique(classic.forward(x, training=True))) == {0, 1}
    assert set(np.unique(inverted.forward(x))) == {1}
    assert set(np.unique(classic.forward(x))) == {0.25}


def test_the_way_back_goes_through_the_mask_of_the_way_there(rng):
    layer, g = Dropout(0.5, rng=rng), rng.standard_normal((6, 7))
    dropped = layer.forward(np.ones((6, 7)), training=True) == 0
    assert 0 < dropped.sum() < 42
    np.testing.assert_array_equal(layer.backward(g), np.where(dropped, 0, 2 * g))


def test_every_forward_pass_draws_another_mask_and_the_same_seed_the_same_ones():
    one, two = (Dropout(0.5, rng=np.random.default_rng(3)) for _ in range(2))
    x = np.ones((8, 8))
    first, second = one.forward(x, training=True), one.forward(x, training=True)
    assert (first != second).any()
    np.testing.assert_array_equal(two.forward(x, training=True), first)


@pytest.mark.parametrize("probability", [0.0, 1e-4, 1 / 256, 0.3, 0.5, 0.999, 1.0])
def test_an_entry_is_drawn_with_exactly_the_probability_asked_for(probability, rng):
    n = 2_000_000
    drawn = draw((n,), probability, rng=rng).sum()
    assert abs(drawn - n * probability) <= 4.5 * np.sqrt(n * probability * (1 - probability))


class Bytes:
    """A generator that gives every byte equally often, and then numbers spread evenly over [0, 1)."""

    def integers(self, high, *, size, dtype, endpoint):
        return np.tile(np.arange(256, dtype=np.uint8), size * 8 // 256).view(dtype)

    def random(self, n):
        return (np.arange(n) + 0.5) / n


@pytest.mark.parametrize("keep_prob", [0.5, 0.8, 0.1, 1 / 3])
def test_from_evenly_spread_bytes_the_share_that_is_kept_is_the_probability_itself(keep_prob):
    n = 256 * 1000
    assert draw((n,), keep_prob, rng=Bytes()).mean() == pytest.approx(keep_prob, abs=1 / n)


def test_neighbouring_entries_are_drawn_independently_of_each_other(rng):
    drawn = draw((1000, 1000), 0.5, rng=rng)
    for one, other in ((drawn[:, 1:], drawn[:, :-1]), (drawn[1:], drawn[:-1])):
        assert (one & other).mean() == pytest.approx(0.25, abs=0.002)


@pytest.mark.parametrize("keep_prob", [0, -0.5, 1.01, float("nan")])
def test_a_probability_that_means_nothing_is_refused(keep_prob, rng):
    with pytest.raises(RangeError, match=r"Dropout: keep_prob must be in \(0, 1\]"):
        Dropout(keep_prob, rng=rng)


def test_a_seed_is_no_generator():
    with pytest.raises(DtypeError, match="default_rng"):
        Dropout(0.5, rng=0)
