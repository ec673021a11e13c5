"""Comparisons that a wrong answer passes are refused in test cells, and those that catch it are not."""

import ast

import numpy as np
import pytest

from autograder.build import read_source
from autograder.comparisons import comparison_problems
from autograder.errors import BuildError

from .test_build import LAST, changed, source  # noqa: F401 - a fixture

ANSWERS = {"square", "forward", "backward"}


def problems(cell):
    return list(comparison_problems(ast.parse(cell), ANSWERS))


BY_NAN = [
    "assert not abs(square(2) - 4) > 1e-6",
    "assert not (abs(square(2) - 4) > 1e-6)",
    "assert not np.any(np.abs(square(x) - x**2) >= 1e-6)",
    "test.that(not (test_error > 1e-6), 'wrong')",
    "if abs(square(2) - 4) > 1e-6: raise AssertionError('wrong')",
    "if test_error > 1e-6:\n    raise AssertionError",
    "def test_it():\n    assert not 1 - square(1) > 0",
]
BY_SHAPE = [
    "assert np.allclose(square(x), x**2)",
    "test_got = square(x)\nassert np.allclose(test_got, 4)",
    "assert np.isclose(square(x), 4).all()",
    "assert (square(x) == x**2).all()",
    "assert np.all(square(x) == x**2)",
    "assert all(square(x) == x**2)",
    "assert (abs(square(x) - x**2) < 1e-6).all()",
    "np.testing.assert_allclose(square(x), x**2)",
    "assert_array_equal(square(x), x**2)",
    "np.testing.assert_allclose(square(x), x**2, strict=False)",
    "def test_run(): return square(x)\nnp.testing.assert_allclose(test_run(), 4)",
    "for test_got, test_right in zip(forward(x), [1, 2]):\n    assert np.allclose(test_got, test_right)",
    "def test_one():\n    assert np.allclose(square(x), 4)\ndef test_two():\n    assert square(x).shape == (3,)",
]
WITH_ITSELF = [
    "test.close('the gradient', backward(x), test_differences(forward, x))",
    "test_numeric = (forward(x + h) - forward(x - h)) / (2 * h)\nassert backward(x) == test_numeric",
    "np.testing.assert_allclose(backward(x), test_slope(forward), strict=True)",
]
FINE = [
    "assert abs(square(2) - 4) <= 1e-6",
    "assert not np.isnan(square(2))",
    "assert not isinstance(square(2), str)",
    "if x < 0: raise ValueError('an oracle may refuse')",
    "assert square(2) == 4",
    "test.close('the square', square(x), x**2)",
    "np.testing.assert_allclose(square(x), x**2, strict=True)",
    "assert np.array_equal(square(x), x**2)",
    "test_got = square(x)\nassert test_got.shape == x.shape\nassert np.allclose(test_got, x**2)",
    "assert np.allclose(test_oracle(x), x**2)",
    "test.close('value', forward(x), x**3)\ntest.close('gradient', backward(x), test_differences(forward, x))",
    "for test_got, test_right in zip(forward(x), [1, 2]):\n    test.close('it', test_got, test_right)",
    "all(square(x) for x in range(3))",
    "square(1)",
]


@pytest.mark.parametrize("cell", BY_NAN)
def test_a_comparison_that_a_nan_passes_is_refused(cell):
    assert "holds for a NaN too" in " ".join(problems(cell))


@pytest.mark.parametrize("cell", BY_SHAPE)
def test_a_comparison_that_a_result_of_another_shape_passes_is_refused(cell):
    assert "of another shape passes" in " ".join(problems(cell))


@pytest.mark.parametrize("cell", WITH_ITSELF)
def test_a_test_that_compares_a_student_with_nobody_else_is_refused(cell):
    assert "agrees with itself" in " ".join(problems(cell))


@pytest.mark.parametrize("cell", FINE)
def test_a_comparison_that_catches_wrong_answers_is_let_pass(cell):
    assert problems(cell) == []


def test_what_the_linter_refuses_does_pass_wrong_answers():
    def square(x):
        return np.nan if np.isscalar(x) else 4.0

    x = np.full(3, 2.0)
    for cell in (BY_NAN[0], BY_SHAPE[0], "np.testing.assert_allclose(square(x), x**2)"):
        exec(cell, {"np": np, "square": square, "x": x})
    for cell in (FINE[0], "np.testing.assert_allclose(square(x), x**2, strict=True)"):
        with pytest.raises(AssertionError):
            exec(cell, {"np": np, "square": square, "x": x})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("assert not halve(4) > 2", "'test_halve' line 5: `not halve\\(4\\) > 2` holds for a NaN too"),
        ("import numpy as np\nassert np.allclose(halve(4), 2)", "a result of another shape passes"),
    ],
)
def test_a_set_with_such_a_test_cell_is_not_built(source, line, why):  # noqa: F811
    with pytest.raises(BuildError, match=why):
        read_source(source(changed(LAST, f"{line}\n{LAST}")))
