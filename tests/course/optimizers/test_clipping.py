"""Clipping: a limit is kept, a direction too where it is promised, and what needs no clipping stays as it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import ClipByNorm, ClipByValue
from course.errors import RangeError

arrays = hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=6), elements=st.floats(-1e6, 1e6))
limits = st.floats(1e-3, 1e3)


@given(arrays, limits)
def test_clipping_by_norm_keeps_the_limit_and_the_direction(g, limit):
    clipped = g.copy()
    norm = ClipByNorm(limit)(clipped)
    assert norm == pytest.approx(np.linalg.norm(g.ravel()), rel=1e-12, abs=1e-300)
    assert np.linalg.norm(clipped.ravel()) <= limit * (1 + 1e-12)
    np.testing.assert_allclose(clipped * norm, g * min(norm, limit), rtol=1e-9, atol=1e-300)


@given(arrays, limits)
def test_clipping_by_value_bounds_every_entry_and_moves_no_other(g, limit):
    clipped = g.copy()
    largest = ClipByValue(limit)(clipped)
    assert largest == np.abs(g).max(initial=0)
    np.testing.assert_array_equal(clipped, np.clip(g, -limit, limit))


@pytest.mark.parametrize("clip", [ClipByNorm(5.0), ClipByValue(5.0)], ids=repr)
def test_what_is_within_the_limit_stays_as_it_is_to_the_bit(clip):
    g = np.array([3.0, -4.0])
    clip(g)
    assert g.tolist() == [3.0, -4.0]


@pytest.mark.parametrize("clip", [ClipByNorm(0.5), ClipByValue(0.5)], ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_clipping_is_in_place_and_in_the_precision_of_the_gradient(clip, dtype):
    g = np.ones((4, 6), dtype)
    view = g[::2, ::-1]
    clip(view)
    assert g[::2].max() < 0.51
    assert (g[1::2] == 1).all()
    assert view.dtype == dtype


def test_squares_beyond_the_range_of_floats_do_no_harm():
    for entries, dtype in (([3e200, 4e200], float), ([3e-200, 4e-200], float), ([3e30, 4e30], np.float32)):
        g = np.array(entries, dtype)
        expected = np.hypot(*g.astype(float))
        assert ClipByNorm(1.0)(g) == pytest.approx(expected, rel=1e-6)
        if expected > 1:
            np.testing.assert_allclose(g, [0.6, 0.8], rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_gradient_that_is_not_finite_is_told_of_and_not_made_to_look_finite(bad):
    g = np.array([1.0, bad])
    assert not np.isfinite(ClipByNorm(1.0)(g))
    np.testing.assert_array_equal(g, [1.0, bad])
    assert not np.isfinite(ClipByValue(1.0)(np.array([1.0, bad])))


@pytest.mark.parametrize("kind", [ClipByNorm, ClipByValue])
def test_a_limit_is_above_zero(kind):
    for limit in (0, -1, np.nan, np.inf):
        with pytest.raises(RangeError, match="limit must be in"):
            kind(limit)
