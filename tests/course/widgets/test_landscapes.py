"""Each landscape's slope is that of its heights, and its bottom lies where it says."""

import numpy as np
import pytest

from course.gradient_check import central_difference
from course.optimizers import SGD
from course.widgets.models import landscapes
from course.widgets.models.descent import descend
from course.widgets.models.landscapes import BOX, START, heights

EVERY = [
    landscapes.ravine(20.0), landscapes.ravine(10.0, along=0.05), landscapes.plateau(), landscapes.saddle(),
    landscapes.many_minima(), landscapes.cliff(), landscapes.rosenbrock(), landscapes.rosenbrock(100.0, 1.0),
    landscapes.beale(),
]  # fmt: skip
every_landscape = pytest.mark.parametrize("place", EVERY, ids=lambda place: place.name)


@every_landscape
def test_the_gradient_is_the_slope_of_the_value(place, rng):
    for w in rng.uniform(*BOX, (20, 2)):
        slope = central_difference(lambda v: float(place.value(v[0], v[1])), w.copy())
        np.testing.assert_allclose(place.gradient(*w), slope, rtol=1e-4, atol=1e-6)


@every_landscape
def test_the_lowest_place_has_value_zero_no_slope_and_nothing_below_it(place):
    np.testing.assert_allclose(place.value(*place.minimum), 0, atol=1e-12)
    np.testing.assert_allclose(place.gradient(*place.minimum), 0, atol=1e-9)
    x, y = np.meshgrid(np.linspace(*BOX, 201), np.linspace(*BOX, 201))
    assert place.value(x, y).min() > -1e-12


@every_landscape
def test_the_curvatures_are_the_hessians_eigenvalues_at_the_minimum(place):
    h, (x, y) = 1e-5, place.minimum
    by_x = np.subtract(place.gradient(x + h, y), place.gradient(x - h, y)) / (2 * h)
    by_y = np.subtract(place.gradient(x, y + h), place.gradient(x, y - h)) / (2 * h)
    np.testing.assert_allclose(np.linalg.eigvalsh([by_x, by_y]), place.curvatures, rtol=1e-3)


@every_landscape
def test_arrays_and_numbers_give_the_same(place, rng):
    x, y = rng.uniform(*BOX, (2, 5))
    one_by_one = [(place.value(a, b), *place.gradient(a, b)) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    np.testing.assert_allclose(np.transpose([place.value(x, y), *place.gradient(x, y)]), one_by_one, rtol=1e-12)


@every_landscape
def test_colours_go_from_zero_to_one_and_are_computed_once(place):
    colours = heights(place)
    assert colours.min() >= 0
    assert colours.max() == 1
    assert heights(place) is colours


@every_landscape
def test_rows_of_colours_go_up_and_columns_to_the_right(place):
    colours, along = heights(place), np.linspace(*BOX, 48)
    column, row = (int(abs(along - each).argmin()) for each in place.minimum)
    lowest = np.array(np.unravel_index(colours.argmin(), colours.shape))
    values = place.value(along[None, :], along[:, None])
    assert values[row, column] <= np.quantile(values, 0.02)
    np.testing.assert_array_equal(lowest, np.unravel_index(values.argmin(), values.shape))
    order = values.ravel().argsort()
    assert np.all(np.diff(colours.ravel()[order]) >= 0)


def test_the_start_is_near_the_saddles_ridge_and_not_on_it():
    nx, ny = landscapes.saddle().minimum
    assert 0 < abs(nx * START[0] + ny * START[1]) < 0.1


def test_on_the_ridge_itself_gradient_descent_ends_at_the_saddle():
    nx, ny = landscapes.saddle().minimum
    run = descend([SGD(0.1)], landscapes.saddle(), (-1.5 * ny, 1.5 * nx), 200)
    assert run["loss"][0, -1] == pytest.approx(0.125)


def test_at_the_cliff_the_rate_that_crosses_the_boundary_is_thrown_back_and_a_smaller_one_arrives():
    place = landscapes.cliff()
    above, below = (descend([SGD(share * 2 / max(place.curvatures))], place, START, 400)["loss"][0] for share in (2.5, 0.7))
    assert np.diff(above[-100:]).max() > 0.01
    assert below[-1] < 1e-3
