"""The figures that every problem set's grading must reach: the fast part of `make grade-quality`."""

import pytest

from solutions.mutants import mutants
from solutions.problem_set import find_sets
from solutions.quality import measure, measure_model

SETS = find_sets()
FUNCTIONS = [
    pytest.param(problems, name, id=f"{problems.folder.name}-{name}") for problems in SETS for name in problems.functions
]
ANSWER = """
def double(x):
    ### BEGIN SOLUTION
    return 2 * x.copy()
    ### END SOLUTION


def given(x):
    return x + 1
"""


@pytest.mark.parametrize(("problems", "function"), FUNCTIONS)
def test_wrong_answers_lose_their_own_marks_right_ones_keep_theirs_and_nothing_earns_nothing(problems, function):
    quality = measure(problems, function)
    assert quality.trouble == []
    assert quality.misconceptions >= 4, "a bank this small finds no one"
    assert quality.right_answers >= 3, "needs three right answers written differently"


@pytest.mark.parametrize("problems", SETS, ids=lambda problems: problems.folder.name)
def test_the_model_answer_keeps_its_marks_under_many_draws_of_the_test_data(problems):
    _, trouble = measure_model(problems, seeds=10)
    assert trouble == []


def test_mutants_change_one_thing_of_the_answer_and_nothing_that_is_given():
    found = {str(mutant) for mutant in mutants(ANSWER)}
    assert found == {
        f"return 2 * x.copy() -> return {after}"
        for after in ("2 / x.copy()", "2", "x.copy()", "3 * x.copy()", "1 * x.copy()", "2 * x")
    }
