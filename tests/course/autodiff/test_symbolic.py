"""Formulas: their derivatives, what simplification may change, sharing, and how they are written."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course.autodiff.finite_difference import complex_step
from course.autodiff.symbolic import count_nodes, diff, evaluate, latex, nodes, sigmoid, simplify, steps, symbols, text
from course.errors import CourseError, DtypeError, StateError

x, y = symbols("x y")


@st.composite
def formulas(draw, depth=3):
    """Random formulas in x and y that are smooth for positive x and y."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from([x, y, 0.0 * x + 1, x + 2, 3 * y]))
    a = draw(formulas(depth=depth - 1))
    if draw(st.booleans()):
        return draw(st.sampled_from([np.sin, np.cos, np.tanh, np.negative, lambda a: a**2, sigmoid]))(a)
    b = draw(formulas(depth=depth - 1))
    return draw(st.sampled_from([np.add, np.subtract, np.multiply, lambda a, b: a / (b * b + 1), lambda a, b: a - a * b]))(
        a, b
    )


POINT = {"x": 0.7, "y": 1.3}


def close(a, b):
    return a == pytest.approx(b, rel=1e-9, abs=1e-9)


@given(formulas())
def test_the_derivative_is_that_of_a_complex_step(f):
    assume("sigmoid" not in text(f) and abs(evaluate(f, POINT)) < 1e6)
    expected = complex_step(lambda x: evaluate(f, x=x, y=1.3) + 0 * x, 0.7)
    assert close(float(evaluate(diff(f, x), POINT)), float(expected))


@given(formulas())
def test_simplification_changes_no_value(f):
    for g in (f, diff(f, x), diff(f, y)):
        value = float(evaluate(g, POINT))
        assume(abs(value) < 1e6)
        assert close(float(evaluate(simplify(g), POINT)), value)


@given(formulas())
def test_simplification_makes_no_formula_longer_and_a_second_time_changes_nothing(f):
    g = simplify(f)
    assert count_nodes(g) <= count_nodes(f) + 2
    assert text(simplify(g)) == text(g)


@given(formulas())
def test_what_is_printed_is_the_formula(f):
    names = {"x": 0.7, "y": 1.3, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sigmoid": sigmoid}
    assume(count_nodes(f) <= 400)
    assert close(eval(text(f), names), float(evaluate(f, POINT)))


@given(formulas())
def test_the_steps_compute_the_formula(f):
    names = {"x": 0.7, "y": 1.3, "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "sigmoid": sigmoid}
    program = steps(f)
    exec(program, names)
    last = program.splitlines()[-1].split(" = ")[0] if program else text(f)
    assert close(float(names[last]), float(evaluate(f, POINT)))
    assert len(program.splitlines()) == sum(bool(node.inputs) for node in nodes(f))


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (x + 0, "x"),
        (0 + x * 1, "x"),
        (x * 0 + y, "y"),
        (x - x, "0"),
        (x + x, "2*x"),
        (3 * x - x, "2*x"),
        (x * x, "x**2"),
        (x**2 * x**3, "x**5"),
        (x**2 / x, "x"),
        (x / x, "1"),
        (x**0, "1"),
        ((x**2) ** 3, "x**6"),
        (np.negative(-x), "x"),
        (x - (-y), "x + y"),
        ((-x) * (-y), "x*y"),
        (3 * (-x) ** 2 * (-x) ** -1, "-3*x"),
        (2 * (3 * x), "6*x"),
        (6 * x / (4 * y), "3*x/(2*y)"),
        (np.log(np.exp(x)), "x"),
        (np.exp(0 * x), "1"),
        (np.exp(0 * x + 1), "exp(1)"),
        (x / (y / x), "x**2/y"),
        (1 / (1 + x) / (1 + x), "1/(1 + x)**2"),
        (2 * x + y - 2 * x, "y"),
    ],
)
def test_the_laws_of_arithmetic_are_applied(long, short):
    assert text(simplify(long)) == short


@pytest.mark.parametrize(
    ("f", "derivative"),
    [
        (x**3, "3*x**2"),
        (np.exp(2 * x), "2*exp(2*x)"),
        (np.log(x), "1/x"),
        (np.sin(x) * np.cos(x), "cos(x)**2 - sin(x)**2"),
        (np.tanh(x), "1 - tanh(x)**2"),
        (1 / x, "-1/x**2"),
        (sigmoid(x), "sigmoid(x)*(1 - sigmoid(x))"),
        (x * y, "y"),
        (y**2, "0"),
        (1 / (1 + np.exp(-x)), "exp(-x)/(1 + exp(-x))**2"),
    ],
)
def test_derivatives_look_as_in_the_textbook(f, derivative):
    assert text(simplify(diff(f, x))) == derivative


def logistic(n):
    """l(1) = x, l(n+1) = 4 l(n) (1 - l(n))."""
    f = x
    for _ in range(n - 1):
        f = 4 * f * (1 - f)
    return f


def test_written_out_the_derivative_swells_exponentially_and_with_sharing_it_grows_by_the_same_each_time():
    tree = [count_nodes(diff(logistic(n), x)) for n in range(5, 30)]
    shared = [count_nodes(diff(logistic(n), x), shared=True) for n in range(5, 30)]
    assert min(b / a for a, b in pairwise(tree)) > 2
    assert len({b - a for a, b in pairwise(shared)}) == 1


def test_a_shared_formula_is_evaluated_in_the_time_of_its_shared_size():
    f = x
    for _ in range(200):
        f = f + f
    assert count_nodes(f) > 2**200
    assert evaluate(f, x=1.0) == 2.0**200
    assert evaluate(diff(f, x), x=5.0) == 2.0**200
    assert text(simplify(diff(f, x))) == text(simplify(2.0**200 + 0 * x))


def test_equal_parts_are_shared_after_simplification():
    f = np.sin(x + y) * np.exp(np.sin(x + y))
    assert count_nodes(f, shared=True) == 8
    assert count_nodes(simplify(f), shared=True) == 6


def test_a_chain_of_five_thousand_operations_needs_no_recursion():
    f = x
    for _ in range(5_000):
        f = np.sin(f)
    g = simplify(diff(f, x))
    assert count_nodes(g, shared=True) > 10_000
    assert text(g).startswith("<formula of ")
    assert 0 < evaluate(g, x=1e-3) < 1


def test_arrays_come_in_when_a_formula_is_evaluated():
    np.testing.assert_allclose(evaluate(x * y + 1, {x: np.arange(3.0), "y": 2.0}), [1, 3, 5])


def test_latex_is_what_one_would_write():
    theta1, eta = symbols("theta1 eta")
    assert latex(np.exp(-(theta1**2) / 2)) == r"e^{\frac{-\theta_{1}^{2}}{2}}"
    assert latex((x + 1) * eta) == r"\left(x + 1\right) \, \eta"
    assert latex(np.sqrt(x) - np.arctan(y)) == r"\sqrt{x} - \operatorname{arctan}\left(y\right)"
    assert (x + 1)._repr_latex_() == "$x + 1$"
    assert logistic(12)._repr_latex_().startswith(r"$\text{a formula of ")


def test_subtraction_division_and_powers_keep_their_parentheses():
    assert text(x - (y - x)) == "x - (y - x)"
    assert text(x / (y / x)) == "x/(y/x)"
    assert text((x**y) ** x) == "(x**y)**x"
    assert text((-x) ** 2) == "(-x)**2"
    assert text(-(x**2)) == "-x**2"


def test_what_makes_no_sense_is_refused():
    with pytest.raises(StateError, match="symbol y has no value; give y=…"):
        evaluate(x + y, x=1.0)
    with pytest.raises(DtypeError, match="must be a symbol, got x"):
        diff(x, x + y)
    with pytest.raises(DtypeError, match="formulas and numbers, got str"):
        x + "y"
    with pytest.raises(CourseError, match="Expr: greater has no derivative rule"):
        diff(np.maximum(x, 0), x)
    with pytest.raises(CourseError, match="Expr: floor has no derivative rule"):
        np.floor(x)
