"""The losses' curves: their slopes are derivatives, and tell why one loss bears outliers and another does not."""

import numpy as np
import pytest

from course.widgets.models.loss_shapes import against_logit, against_residual

REGRESSION = ("half squared", "squared", "absolute", "Huber")
CLASSIFICATION = ("cross-entropy", "half squared", "absolute")


@pytest.mark.parametrize(
    ("found", "name"),
    [(against_residual(6.0, 1.0), name) for name in REGRESSION] + [(against_logit(6.0), name) for name in CLASSIFICATION],
)
def test_every_slope_is_the_derivative_of_its_loss(found, name):
    between = np.diff(found[name]) / np.diff(found["at"])
    slope = found[f"slope of {name}"]
    np.testing.assert_allclose(between, (slope[1:] + slope[:-1]) / 2, atol=0.51 if name == "absolute" else 2e-3)


def test_squared_error_pulls_without_bound_and_the_robust_ones_by_at_most_one_and_delta():
    found = against_residual(6.0, 0.5)
    assert np.abs(found["slope of half squared"]).max() == 6
    assert np.abs(found["slope of absolute"]).max() == 1
    assert np.abs(found["slope of Huber"]).max() == 0.5


def test_huber_is_half_the_square_within_delta():
    found = against_residual(6.0, 2.0)
    inside = np.abs(found["at"]) <= 2
    np.testing.assert_allclose(found["Huber"][inside], found["half squared"][inside])
    assert np.all(found["Huber"][~inside] < found["half squared"][~inside])


def test_sure_and_wrong_the_cross_entropy_still_pulls_and_the_squared_error_of_a_probability_does_not():
    found = against_logit(6.0)
    assert found["slope of cross-entropy"][0] == pytest.approx(-1, abs=3e-3)
    assert abs(found["slope of half squared"][0]) < 3e-3
