"""The naive formulas fail where theory says, and the stable ones nowhere."""

import numpy as np
import pytest

from course.autodiff.finite_difference import central_difference
from course.widgets import loss_stability
from course.widgets.models.overflow import BREAKS, FUNCTIONS, PRECISIONS, compare, limits

ALL = tuple(np.linspace(-1000, 1000, 401).tolist())
MIDDLE = tuple(np.linspace(-10, 10, 41).tolist())


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_stable_way_is_finite_everywhere_and_keeps_the_precision(name, precision):
    found = compare(name, precision, ALL)
    for part in ("stable", "stable slope"):
        assert np.isfinite(found[part]).all()
        assert found[part].dtype == precision
    assert found["naive"].dtype == precision


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_both_ways_agree_where_logits_are_small(name, precision):
    found = compare(name, precision, MIDDLE)
    tolerance = 20 * np.finfo(precision).eps
    np.testing.assert_allclose(found["naive"], found["stable"], rtol=1e-2, atol=tolerance)
    np.testing.assert_allclose(found["naive slope"], found["stable slope"], rtol=1e-2, atol=tolerance)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_naive_way_fails_beyond_its_limit_and_not_before(name, precision):
    for sign, what in zip((-1, 1), BREAKS[name], strict=True):
        limit = limits(precision)[what] if what else 1000 / 1.001
        inside, outside = compare(name, precision, (sign * 0.999 * limit, sign * 1.001 * limit)).items(), what is not None
        fails = np.array([~np.isfinite(values) for part, values in inside if part.startswith("naive")]).any(0)
        assert fails.tolist() == [False, outside]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_stable_slope_is_the_derivative_of_the_stable_value(name):
    for a in (-5.0, -0.3, 0.0, 2.0, 5.0):
        slope = central_difference(lambda x: FUNCTIONS[name].stable(x)[0], np.array([a]))
        assert FUNCTIONS[name].stable(np.array([a]))[1] == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("name", ["softmax cross-entropy", "binary cross-entropy"])
def test_sure_and_wrong_costs_the_size_of_the_logit_and_pulls_with_slope_minus_one(name):
    found = compare(name, "float64", (-1000.0, 1000.0))
    np.testing.assert_allclose(found["stable"], [1000, 0])
    np.testing.assert_allclose(found["stable slope"], [-1, 0])
    assert not np.isfinite(found["naive"]).any()


def test_single_precision_fails_earlier():
    double, single = limits("float64"), limits("float32")
    assert all(single[what] < double[what] / 2 for what in double)
    assert double["overflow"] == pytest.approx(709.78, abs=0.01)


def test_the_demo_says_where_the_naive_loss_is_no_number():
    demo = loss_stability()
    assert "the naive way NaN with slope NaN" in demo.frame(size=40).summary
    assert "the naive way inf" in demo.frame(size=1000, sign="a < 0").summary
    assert {curve.label for curve in demo.frame(sign="a < 0").panels[0].curves} == {"stable", "naive", "naive: inf", ""}
