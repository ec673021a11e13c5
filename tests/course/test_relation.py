"""The diagnosis: every planted difference gets its own words, and no words give a value away."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.gradient_check import relation

RIGHT = np.array([[1.37, -2.11, 0.53], [4.19, 0.29, -3.07]])
SQUARE = np.array([[1.37, -2.11, 0.53], [4.19, 0.29, -3.07], [2.23, 0.61, -1.41]])


def with_row(array, k, value):
    array = array.copy()
    array[k] = value
    return array


@pytest.mark.parametrize(
    ("got", "expected", "words"),
    [
        (RIGHT.T, RIGHT, "it is the transpose"),
        (SQUARE.T, SQUARE, "it is the transpose"),
        (-RIGHT, RIGHT, "the sign is opposite"),
        (5 * RIGHT, RIGHT, "it is 5 times too large"),
        (32 * RIGHT, RIGHT, "it is 32 times too large"),
        (RIGHT / 5, RIGHT, "it is 1/5 of the right size"),
        (1.5 * RIGHT, RIGHT, "it is 3/2 of the right size"),
        (-2 * RIGHT, RIGHT, "the sign is opposite and it is 2 times too large"),
        (3 * RIGHT.T, RIGHT, "it is the transpose, and it is 3 times too large"),
        (-SQUARE.T, SQUARE, "it is the transpose, and the sign is opposite"),
        (with_row(RIGHT, -1, 0), RIGHT, "right except in the last row, which is all zeros"),
        (with_row(RIGHT, -1, -RIGHT[-1]), RIGHT, "right except in the last row, where the sign is opposite"),
        (with_row(SQUARE, 1, 3 * SQUARE[1]), SQUARE, "right except in row 1, where it is 3 times too large"),
        (with_row(RIGHT, 0, 9), RIGHT, "right except in the first row"),
        (with_row(SQUARE, 1, 9), SQUARE, "right except in row 1"),
        (with_row(RIGHT.T, -1, 9).T, RIGHT, "right except in the last column"),
        (with_row(RIGHT[0], -1, 9), RIGHT[0], "right except in the last entry"),
        (0 * RIGHT, RIGHT, "all zeros"),
        (with_row(RIGHT, 0, np.nan), RIGHT, "it contains NaN"),
        (with_row(RIGHT, 0, np.inf), RIGHT, "it contains infinity"),
        (SQUARE[::-1], SQUARE, "the rows are right, but in reverse order"),
        (SQUARE[[1, 2, 0]], SQUARE, "the rows are right, but in another order"),
        (SQUARE[:, ::-1], SQUARE, "the columns are right, but in reverse order"),
        (SQUARE[:, [2, 0, 1]], SQUARE, "the columns are right, but in another order"),
        (RIGHT[0, ::-1], RIGHT[0], "the values are right, but in reverse order"),
        (RIGHT.T.reshape(2, 3), RIGHT, "the values are right, but in another order"),
        (RIGHT.sum(0) + 0 * RIGHT, RIGHT, "every row is the sum of the right rows"),
        (RIGHT.mean(1, keepdims=True) + 0 * RIGHT, RIGHT, "every column is the mean of the right columns"),
        (RIGHT.mean() + 0 * RIGHT, RIGHT, "every entry is the mean of the right entries"),
        (SQUARE * [[2], [3], [0.7]], SQUARE, "every row has the right direction, but a wrong scale of its own"),
        (SQUARE * [2, 3, 0.7], SQUARE, "every column has the right direction, but a wrong scale of its own"),
        (SQUARE - np.array([[1], [2], [0.7]]), SQUARE, "one term is missing or wrong: the same number for all of a row"),
        (SQUARE - np.array([1, 2, 0.7]), SQUARE, "one term is missing or wrong: the same number for all of a column"),
        (RIGHT * (RIGHT > 0), RIGHT, "zero instead of the right value at 2 of 6 entries"),
        (RIGHT, RIGHT * (RIGHT > 0), "not zero at 2 of 6 entries that must be zero, and right elsewhere"),
        (np.where(RIGHT > 0.5, 2 * RIGHT, RIGHT), RIGHT, "it is 2 times too large at 3 of 6 entries"),
        (np.pi * RIGHT, RIGHT, "the right direction, but wrong in scale"),
        (-np.pi * RIGHT, RIGHT, "the opposite direction, and wrong in scale"),
        (RIGHT + 1, RIGHT, "the same amount is added to every entry"),
        (np.abs(RIGHT), RIGHT, "the sign is opposite at 2 of 6 entries"),
        (RIGHT + np.array([[0.1, 0, 0.7], [0, 0.2, 0]]), RIGHT, "the values differ at 3 of 6 entries"),
        (RIGHT[0], RIGHT, "the shape is (3,) instead of (2, 3)"),
        (RIGHT[:, :1], RIGHT[:, 0], "the shape is (2, 1) instead of (2,), though the values are right"),
        (RIGHT, RIGHT.sum(0), "the shape is (2, 3) instead of (3,): the sum over axis 0 is missing"),
        (RIGHT.sum(0), RIGHT, "the shape is (3,) instead of (2, 3): it is the sum of the right one over axis 0"),
        (RIGHT.mean(1), RIGHT, "the shape is (2,) instead of (2, 3): it is the mean of the right one over axis 1"),
        (RIGHT.sum(), RIGHT, "the shape is () instead of (2, 3): it is the sum of all entries of the right one"),
        (None, RIGHT, "it is None instead of an array"),
        ([[1, 2], [3]], RIGHT, "it is ragged: its rows have different lengths"),
        ("text", RIGHT, "it is of type str and does not hold plain numbers"),
        (2.5, 1.7, "the value differs"),
        (-3.4, 1.7, "the sign is opposite and it is 2 times too large"),
        (0.85, 1.7, "it is 1/2 of the right size"),
        ([True, False], [True, True], "right except in the last entry"),
    ],
)
def test_a_planted_difference_is_named(got, expected, words):
    assert relation(got, expected) == words


@pytest.mark.parametrize("array", [RIGHT, 0 * RIGHT, 3.0, [], [True, False], [[1, 2], [3, 4]], np.float32(0.5)])
def test_what_agrees_has_no_difference(array):
    assert relation(array, array) is None


@pytest.mark.parametrize(("got", "expected"), [(1.9, 0.1), ([1.9], [0.1]), (-0.3, 0.1), (0.1, 0.4), (3.0, 2.0)])
def test_a_single_wrong_number_is_no_evidence_of_a_factor(got, expected):
    assert relation(got, expected) == "the value differs"


def test_zeros_are_no_evidence_of_a_factor():
    assert relation([0, 0, 1.9], [0, 0, 0.1]) == "right except in the last entry"
    assert relation([[0, 1.9], [0, 0]], [[0, 0.1], [0, 0]]) == "right except in the first row"
    assert relation([0, 5.7, 1.9], [0, 0.3, 0.1]) == "it is 19 times too large"


@given(hnp.array_shapes(max_dims=3, max_side=5), st.integers(0, 2**16))
def test_nothing_is_claimed_of_two_arrays_that_have_nothing_to_do_with_each_other(shape, seed):
    got, expected, term = np.random.default_rng(seed).standard_normal((3, *shape))
    words = relation(got, expected, rows=len(got), terms={"a term": term})
    assert words == "the value differs" if got.size == 1 else words.startswith(f"the values differ at {got.size} of")


@pytest.mark.parametrize("shift", [1, 2])
def test_of_zeros_and_ones_no_order_is_claimed(shift):
    ones = np.eye(4)[:, :3]
    assert relation(np.roll(ones, shift, 0), ones).startswith("the values differ")


def test_a_row_of_zeros_does_not_hide_the_scales_of_the_others():
    right = with_row(SQUARE, 1, 0)
    words = "every row has the right direction, but a wrong scale of its own"
    assert relation(right * [[2], [1], [0.7]], right) == words


def test_a_factor_of_the_number_of_rows_reminds_of_sum_and_mean_where_it_is_known():
    assert relation(5 * RIGHT, RIGHT, rows=5) == "it is 5 times too large (a sum over the 5 rows, not a mean?)"
    assert relation(RIGHT / 5, RIGHT, rows=5) == "it is 1/5 of the right size (a mean over the 5 rows, not a sum?)"
    assert relation(2 * RIGHT, RIGHT, rows=2) == "it is 2 times too large", "a factor of two has many other causes"
    assert relation(5 * RIGHT, RIGHT, rows=4) == "it is 5 times too large"


def test_a_term_that_is_missing_is_named_where_it_is_known():
    term = np.array([[0.3, 1.9, -0.8], [1.1, -0.4, 2.2]])
    missing = "one term is missing or wrong"
    assert relation(term, RIGHT, terms={"the term": term}) == "it is the term, handed on unchanged"
    assert relation(RIGHT - 0.7 * term, RIGHT, terms={"the term": term}) == f"{missing}: a multiple of the term"
    by_row = RIGHT.repeat(2, 1), np.hstack([term, term**2])
    assert (
        relation(by_row[0] + [[2], [3]] * by_row[1], by_row[0], terms={"it": by_row[1]})
        == f"{missing}: in each row a multiple of it"
    )
    assert relation(RIGHT - 0.7 * term, RIGHT, terms={"another": term.T}) == "the values differ at 6 of 6 entries"


def test_nearly_parallel_is_not_called_parallel():
    turned = RIGHT + 0.01 * np.array([[0, 1, 0], [1, 0, 1]])
    assert relation(np.pi * turned, RIGHT) == "the values differ at 6 of 6 entries"


def test_the_tolerance_is_the_callers():
    assert relation(RIGHT * 1.001, RIGHT, rtol=0.01) is None
    assert relation(RIGHT + 1e-4, RIGHT, atol=1e-3) is None
    assert relation(RIGHT * 1.001, RIGHT) is not None


@given(
    hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e3, 1e3)),
    hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(allow_nan=True)),
)
def test_any_two_arrays_get_words_without_a_decimal_in_them_or_none(expected, got):
    words = relation(got, expected)
    assert words is None or not re.search(r"\d\.\d", words)


@given(st.integers(-12, 12), st.integers(1, 12), hnp.arrays(float, (3, 2), elements=st.floats(0.1, 10)))
def test_a_small_fraction_is_always_recognized(numerator, denominator, expected):
    assume(numerator not in (0, denominator))
    words = relation(expected * numerator / denominator, expected)
    assert words.startswith("the sign is opposite") == (numerator < 0)
    assert "the values differ" not in words
