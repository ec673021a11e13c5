"""Lines fitted under three losses: each is the lowest point of its loss, and robust or not as theory says."""

import numpy as np
import pytest

from course.losses import Huber, MeanAbsoluteError
from course.widgets.models.line_fit import absolute_line, huber_line, squared_line


@pytest.fixture(params=range(8))
def points(request):
    rng = np.random.default_rng(request.param)
    x = rng.uniform(0, 10, 12)
    y = 1 + 0.5 * x + rng.normal(0, 0.4, 12)
    y[-1] = rng.uniform(-5, 15)
    return x, y


def along(line, x):
    return line[0] + line[1] * x


def test_the_squared_line_is_that_of_least_squares(points):
    x, y = points
    np.testing.assert_allclose(squared_line(x, y), np.polyfit(x, y, 1)[::-1])


def test_no_line_nearby_has_a_smaller_absolute_loss(points):
    x, y = points
    best = absolute_line(x, y)
    loss = MeanAbsoluteError()(along(best, x), y)[0]
    for step in np.random.default_rng(1).normal(0, 1, (500, 2)):
        for size in (1e-4, 1e-2, 1):
            assert MeanAbsoluteError()(along(best + size * step, x), y)[0] >= loss - 1e-12


def test_the_absolute_line_goes_through_two_points(points):
    x, y = points
    assert np.sum(np.abs(along(absolute_line(x, y), x) - y) < 1e-9) >= 2


@pytest.mark.parametrize("delta", [0.1, 1.0, 5.0])
def test_at_the_huber_line_the_pulls_of_all_points_are_in_balance(points, delta):
    x, y = points
    _, pull = Huber(delta)(along(huber_line(x, y, delta), x), y)
    assert abs(pull.sum()) < 1e-6
    assert abs((pull * x).sum()) < 1e-5


def test_with_a_large_delta_the_huber_line_is_the_squared_one(points):
    np.testing.assert_allclose(huber_line(*points, 1e3), squared_line(*points))


def test_with_a_small_delta_the_huber_line_has_almost_the_absolute_loss(points):
    x, y = points
    least, near = (MeanAbsoluteError()(along(line, x), y)[0] for line in (absolute_line(x, y), huber_line(x, y, 1e-3)))
    assert least <= near <= least + 2e-3


def test_an_outlier_that_moves_further_away_moves_only_the_squared_line():
    x = np.arange(12.0)
    y = 1 + 0.5 * x + 0.3 * np.cos(3 * x)
    lines = {}
    for far in (-20.0, -200.0):
        y[-1] = far
        lines[far] = squared_line(x, y), absolute_line(x, y), huber_line(x, y, 0.5)
    moved = [np.abs(one - other).max() for one, other in zip(*lines.values(), strict=True)]
    assert moved[0] > 10
    assert max(moved[1:]) < 1e-9
