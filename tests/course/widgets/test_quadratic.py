"""Gradient descent on a parabola does what its closed form says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.widgets.models.quadratic import descend, name

curvatures, starts = st.floats(0.5, 4), st.floats(0.1, 4.5)


@given(st.floats(0.01, 3), curvatures, starts)
def test_every_step_of_sgd_multiplies_w_by_one_minus_eta_lambda(rate, curvature, start):
    run = descend(rate, curvature, start, 20)
    np.testing.assert_allclose(run["w"], start * (1 - rate * curvature) ** np.arange(21), rtol=1e-9, atol=1e-300)


@given(st.floats(0.01, 3), curvatures, starts)
def test_the_loss_is_that_of_the_places(rate, curvature, start):
    run = descend(rate, curvature, start, 20)
    np.testing.assert_allclose(run["loss"], curvature * run["w"] ** 2 / 2)


@given(st.floats(0.02, 0.98), curvatures, starts)
def test_below_two_over_lambda_the_loss_falls_at_every_step(share, curvature, start):
    boundary = descend(0.1, curvature, start, 1)["boundary"]
    assert boundary == pytest.approx(2 / curvature)
    run = descend(share * boundary, curvature, start, 50)
    assert np.all(np.diff(run["loss"]) <= 0)
    assert "diverges" not in run["behaviour"]


@given(st.floats(1.02, 3), curvatures, starts)
def test_above_two_over_lambda_the_loss_grows_at_every_step(share, curvature, start):
    run = descend(share * 2 / curvature, curvature, start, 50)
    assert np.all(np.diff(run["loss"]) > 0)
    assert run["behaviour"] == "diverges"


@pytest.mark.parametrize("curvature", [0.5, 1.0, 2.0, 4.0])
def test_at_the_boundary_the_ball_jumps_from_side_to_side_for_ever(curvature):
    run = descend(2 / curvature, curvature, 3.0, 7)
    np.testing.assert_allclose(run["w"], 3.0 * (-1.0) ** np.arange(8))
    assert run["behaviour"] == "oscillates for ever"


def test_at_one_over_lambda_one_step_is_enough():
    assert descend(0.25, 4.0, 3.0, 1)["loss"][-1] == 0


@pytest.mark.parametrize(
    ("factor", "word"),
    [(0.95, "crawls"), (0.3, "converges"), (0.0, "converges"), (-0.3, "oscillates"), (-1.5, "diverges"), (1.5, "diverges")],
)
def test_the_factor_decides_what_a_run_is_called(factor, word):
    assert word in name(factor)
