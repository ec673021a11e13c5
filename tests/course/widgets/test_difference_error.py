"""The error of finite differences against theory."""

import numpy as np
import pytest

from course.autodiff.dual import derivative
from course.autodiff.finite_difference import EPS
from course.widgets.models.difference_error import FUNCTIONS, digits, errors, slopes

LARGE = tuple(np.geomspace(1e-4, 1e-2, 9))
ALL = tuple(np.geomspace(1e-15, 1, 46))
SMOOTH = [name for name in FUNCTIONS if name != "|x − 1|"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_derivatives_in_the_table_are_those_of_dual_numbers(name):
    known, x = FUNCTIONS[name], 0.7
    for f, slope in ((known.f, known.first), (known.first, known.second), (known.second, known.third)):
        assert derivative(f, x) == pytest.approx(float(slope(x)))


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize(("scheme", "order"), [("forward", 1), ("central", 2), ("complex", 2)])
def test_the_truncation_error_falls_with_the_order_of_the_scheme(name, scheme, order):
    error = errors(name, 0.7, LARGE if name != "sin(x) + 1000" or scheme == "complex" else (1e-2, 1e-1))
    h, found = error["steps"], error[scheme]
    slope = np.log(found[-1] / found[0]) / np.log(h[-1] / h[0])
    assert slope == pytest.approx(order, abs=0.03)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_the_measured_error_stays_below_truncation_and_rounding(name, scheme):
    error = errors(name, 0.7, ALL[:-6])  # beyond, higher orders matter
    bound = 1.1 * error[f"{scheme} truncation"] + 4 * error["rounding"] + 4 * EPS * abs(error["exact"])
    assert np.all(error[scheme] <= bound)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("scheme", ["forward", "central"])
def test_the_step_that_theory_calls_best_is_nearly_as_good_as_the_best_one_measured(name, scheme):
    best = errors(name, 0.7, ALL)[f"best {scheme}"]
    around = errors(name, 0.7, tuple(best * np.geomspace(1e-4, 1e4, 17)))[scheme]
    assert around[8] <= 30 * np.median(np.sort(around)[:3])
    assert around[0] > around[8]
    assert around[-1] > around[8]


@pytest.mark.parametrize("name", SMOOTH)
def test_with_the_complex_step_a_small_step_loses_nothing(name):
    assert errors(name, 0.7, (1e-12, 1e-16))["complex"].max() <= 4 * EPS * abs(float(FUNCTIONS[name].first(0.7)))


def test_a_large_constant_makes_rounding_worse_and_the_best_step_larger():
    plain, raised = (errors(name, 0.7, ALL) for name in ("sin(x)", "sin(x) + 1000"))
    assert np.all(raised["rounding"] > 1000 * plain["rounding"])
    assert raised["best forward"] > 30 * plain["best forward"]


def test_the_complex_step_cannot_be_used_where_a_function_drops_the_imaginary_part():
    assert np.isnan(errors("|x − 1|", 0.7, ALL)["complex"]).all()
    assert np.isnan(slopes("|x − 1|", 0.7, 0.1)["complex"])


def test_at_a_kink_forward_and_centred_differences_contradict_each_other():
    found = slopes("|x − 1|", 1.0, 1e-3)
    assert found["forward"] == pytest.approx(1)
    assert found["central"] == pytest.approx(0)


@pytest.mark.parametrize(("slope", "exact", "right"), [(3.0, 3.0, 16), (0.0, 3.0, 0), (np.nan, 3.0, 0), (1e-4, 0.0, 4)])
def test_digits_run_from_none_to_sixteen(slope, exact, right):
    assert digits(slope, exact) == right
