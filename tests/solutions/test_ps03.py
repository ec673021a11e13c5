"""What is special to problem set 3, dual numbers: what a mistake costs, what it does not spoil, and its worked numbers."""

import math

import pytest


def test_the_set_is_worth_25_points(problems):
    assert problems.points == {
        "test_Dual": 11,
        "test_derivative": 3,
        "test_jvp": 4,
        "test_jacobian_forward": 4,
        "written_cost": 3,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("Dual", "a sum changes its left side", 9),
        ("Dual", "product rule without its second term", 9),
        ("Dual", "plus in the quotient rule", 9),
        ("Dual", "power without the derivative of x", 9),
        ("Dual", "functions without the chain rule", 8),
        ("Dual", "a plain number has the derivative 1", 5),
        ("derivative", "cannot differentiate a constant", 2),
        ("derivative", "finite differences", 1),
        ("jvp", "cannot have a constant output", 3),
        ("jvp", "leaves Duals in your caller's list", 3),
        ("jvp", "one run of f for each input", 2),
        ("jvp", "all ones in place of v", 0),
        ("jacobian_forward", "transposed", 1),
        ("jacobian_forward", "one run of f for each entry", 2),
        ("jacobian_forward", "leaves Duals in your caller's list", 3),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    marks = problems.grade({function: problems.wrong(function, misconception)}, only=function)
    assert marks[function].points == points


def test_whoever_has_written_no_operator_can_still_earn_everything_else(problems):
    marks = problems.grade({"Dual": problems.untouched("Dual")})
    assert {name: mark.full for name, mark in marks.items()} == {
        "Dual": False,
        "derivative": True,
        "jvp": True,
        "jacobian_forward": True,
    }


@pytest.mark.parametrize("misconception", ["all ones in place of v", "cannot have a constant output", "the values of f"])
def test_a_wrong_jvp_costs_nothing_in_a_jacobian_that_uses_it(problems, misconception):
    marks = problems.grade({"jvp": problems.wrong("jvp", misconception)})
    assert not marks["jvp"].full
    assert marks["jacobian_forward"].full


def test_the_worked_numbers_are_what_the_model_answers_compute(solved):
    dual = solved["Dual"]
    x, y = dual(6, 1), dual(2, 3)
    assert solved["derivative"](lambda x: x * x.sin() + 2, 1.0) == pytest.approx(1.3818, abs=1e-4)
    results = [x + y, x - y, 5 - y, x * y, x / y, 12 / y, y**3, y.log().tanh()]
    values, slopes = zip(*((r.value, r.derivative) for r in results), strict=True)
    assert values == pytest.approx((8, 4, 3, 12, 3, 6, 8, 0.6))
    assert slopes == pytest.approx((4, -2, -3, 20, -4, -9, 36, 0.96))
    assert solved["derivative"](lambda x: x**3, 2.0) == 12

    def f(x):
        return [x[0] * x[1], x[0] ** 2, x[0] + 4 * x[1]]

    assert solved["jvp"](f, [3, 2], [1, 10]).tolist() == [32, 6, 41]
    assert solved["jacobian_forward"](f, [3, 2]).tolist() == [[2, 3], [6, 0], [1, 4]]


def test_the_answers_of_the_exercises_are_right(solved):
    dual, derivative = solved["Dual"], solved["derivative"]
    assert derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0) == 2, "perturbation confusion"
    assert derivative(lambda x: derivative(lambda y: y**3, x), 2.0) == 12
    assert (dual(3.0, 1.0) * math.log(2)).exp().derivative == pytest.approx(8 * math.log(2))
    x, y = dual(3.0, 0.5), dual(2.0, 0.25)
    assert (y * x.log()).exp().derivative == pytest.approx(9 * (0.25 * math.log(3) + 2 * 0.5 / 3))
