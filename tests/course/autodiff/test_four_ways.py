"""Finite differences, formulas, dual numbers and the tape, on one and the same function.

Functions are written once, with operators and NumPy's names, and take whatever they are given: a float, a complex
number, a formula, a dual number, a value on the tape.
"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course.autodiff import dual, symbolic, tape
from course.autodiff.finite_difference import central_difference, complex_step, forward_difference

LEAVES = st.sampled_from([lambda x: x, lambda x: 0.5 + 0 * x, lambda x: 2.0 * x, lambda x: x - 1.5])


def bounded(inner):
    """One operation more, such that nothing overflows and no derivative is infinite."""
    one = st.sampled_from(
        [
            np.sin,
            np.cos,
            np.tanh,
            np.negative,
            np.arctan,
            lambda a: np.exp(np.sin(a)),
            lambda a: np.log(a * a + 1),
            lambda a: np.sqrt(a * a + 0.5),
            lambda a: 1 / (1 + np.exp(-a)),
            lambda a: (a * a + 1) ** 1.5,
            lambda a: a**3 / 4,
        ]
    )
    two = st.sampled_from(
        [np.add, np.subtract, np.multiply, lambda a, b: a / (2 + np.sin(b)), lambda a, b: (1.2 + np.cos(a)) ** b]
    )

    def compose(f, a):
        return lambda x: f(a(x))

    def join(f, a, b):
        return lambda x: f(a(x), b(x))

    return st.builds(compose, one, inner) | st.builds(join, two, inner, inner)


FUNCTIONS = st.recursive(LEAVES, bounded, max_leaves=6)


@given(f=FUNCTIONS, x=st.floats(-2, 2).filter(lambda x: abs(x) > 1e-3))
def test_the_four_ways_agree_on_the_derivative(f, x):
    with np.errstate(all="ignore"):
        exact = float(complex_step(f, x))
        assume(np.isfinite(exact) and abs(exact) < 1e4 and abs(f(x)) < 1e4)
        formula = symbolic.diff(f(symbolic.symbols("x")), symbolic.symbols("x"))
        close = pytest.approx(exact, rel=1e-9, abs=1e-9)
        assert float(symbolic.evaluate(formula, x=x)) == close
        assert float(symbolic.evaluate(symbolic.simplify(formula), x=x)) == close
        assert float(dual.derivative(f, x)) == close
        assert float(tape.grad(f)(x)) == close
        assume(abs(exact) < 50 and abs(f(x)) < 50)
        assert float(central_difference(f, x)) == pytest.approx(exact, rel=1e-4, abs=1e-5)
        assert float(forward_difference(f, x)) == pytest.approx(exact, rel=1e-3, abs=1e-4)


@given(f=FUNCTIONS, x=st.floats(-2, 2).filter(lambda x: abs(x) > 1e-3))
def test_three_ways_agree_on_the_second_derivative(f, x):
    with np.errstate(all="ignore"):
        expected = float(dual.derivative(lambda x: dual.derivative(f, x), x))
        assume(np.isfinite(expected) and abs(expected) < 1e4 and abs(dual.derivative(f, x)) < 1e4)
        close = pytest.approx(expected, rel=1e-8, abs=1e-8)
        x_ = symbolic.symbols("x")
        assert float(symbolic.evaluate(symbolic.diff(symbolic.diff(f(x_), x_), x_), x=x)) == close
        assert float(tape.grad(tape.grad(f))(x)) == close
        assert float(tape.grad(lambda x: dual.derivative(f, x))(x)) == close


@given(rows=st.integers(1, 3), columns=st.integers(1, 3), seed=st.integers(0, 2**16))
def test_the_numerical_ways_agree_on_a_small_network_with_its_loss(rows, columns, seed):
    rng = np.random.default_rng(seed)
    X, y, W2 = rng.standard_normal((rows, 2)), rng.standard_normal((rows, 1)), rng.standard_normal((columns, 1))

    def loss(W):
        return np.mean((np.tanh(X @ W) @ W2 - y) ** 2)

    W = rng.standard_normal((2, columns))
    exact = complex_step(loss, W)
    np.testing.assert_allclose(dual.jacobian(loss, W), exact, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(tape.grad(loss)(W), exact, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(central_difference(loss, W), exact, rtol=1e-5, atol=1e-7)


def test_each_way_runs_the_function_as_often_as_the_lecture_says():
    """For n inputs: 2n, n + 1 and n runs for differences, n for forward mode, one for reverse mode."""
    x, runs = np.linspace(0.1, 1, 7), []

    def f(x):
        runs.append(1)
        return np.sum(np.sin(x) * x)

    counts = []
    for way in (central_difference, forward_difference, complex_step, dual.jacobian, lambda f, x: tape.grad(f)(x)):
        runs.clear()
        way(f, x)
        counts.append(len(runs))
    assert counts == [14, 8, 7, 7, 1]
