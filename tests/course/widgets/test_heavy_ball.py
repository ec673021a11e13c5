"""The heavy ball's analytic speed is that of the optimizer, and its boundary is ηλ = 2 + 2β."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.optimizers import Momentum
from course.widgets.models import heavy_ball
from course.widgets.models.descent import descend
from course.widgets.models.landscapes import ravine

betas, curvatures = st.floats(0, 0.97), st.floats(0.1, 50)


@given(st.floats(0.001, 5), betas, curvatures)
def test_the_radius_is_the_largest_eigenvalue_of_the_step(rate, beta, curvature):
    step = [[1 + beta - rate * curvature, -beta], [1, 0]]
    largest = abs(np.linalg.eigvals(step)).max()
    assert heavy_ball.spectral_radius(rate, beta, curvature) == pytest.approx(largest, rel=1e-6, abs=1e-7)


@given(st.floats(0.01, 0.999), betas, curvatures)
def test_below_the_boundary_the_radius_is_below_one(share, beta, curvature):
    assert heavy_ball.spectral_radius(share * (2 + 2 * beta) / curvature, beta, curvature) < 1


@given(st.floats(1.001, 3), betas, curvatures)
def test_above_the_boundary_the_radius_is_above_one(share, beta, curvature):
    assert heavy_ball.spectral_radius(share * (2 + 2 * beta) / curvature, beta, curvature) > 1


@given(betas, curvatures)
def test_on_the_boundary_the_radius_is_one(beta, curvature):
    assert heavy_ball.spectral_radius((2 + 2 * beta) / curvature, beta, curvature) == pytest.approx(1)


@pytest.mark.parametrize(("rate", "beta"), [(0.02, 0.0), (0.05, 0.3), (0.12, 0.5), (0.02, 0.9)])
def test_the_optimizer_shrinks_the_error_by_the_radius_in_the_long_run(rate, beta):
    path = descend([Momentum(rate, beta)], ravine(20.0), (-1.2, 1.0), 400)["path"][0]
    sizes = np.hypot(*path.T)
    measured = (sizes[300:400].max() / sizes[100:200].max()) ** (1 / 200)
    assert measured == pytest.approx(heavy_ball.worst_radius(rate, beta, (1.0, 20.0)), rel=2e-3)


def test_without_momentum_it_is_gradient_descent():
    rates = np.linspace(0.01, 3, 50)
    np.testing.assert_allclose(heavy_ball.spectral_radius(rates, 0.0, 1.0), abs(1 - rates))


@given(st.floats(1.5, 100))
def test_nothing_in_the_plane_is_faster_than_the_best(ratio):
    best = heavy_ball.best((1.0, ratio))
    rates, momenta = np.linspace(0.001, 4 / ratio, 60)[None], np.linspace(0, 0.99, 60)[:, None]
    assert heavy_ball.worst_radius(rates, momenta, (1.0, ratio)).min() >= best["radius"] - 1e-9
    at_best = heavy_ball.worst_radius(best["learning_rate"], best["momentum"], (1.0, ratio))
    assert at_best == pytest.approx(best["radius"], abs=1e-6)


def test_the_plane_is_brightest_beyond_the_boundary_and_only_there():
    rates, momenta, high = (0.0, 0.25), (0.0, 1.0), 20.0
    plane = heavy_ball.plane((1.0, high), rates, momenta)
    beta, eta = np.mgrid[0:48, 0:48] / 47 * [[[1.0]], [[0.25]]]
    np.testing.assert_array_equal(plane["colours"] == 1, eta * high > 2 + 2 * beta + 1e-6)
    np.testing.assert_allclose(plane["boundary_rate"] * high, 2 + 2 * plane["boundary_momentum"])


def test_after_the_steps_for_a_digit_the_error_is_a_tenth():
    assert 0.9 ** heavy_ball.steps_for_a_digit(0.9) == pytest.approx(0.1)
    assert heavy_ball.steps_for_a_digit(1.0) == np.inf
