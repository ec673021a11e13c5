"""The figures that every problem set's grading must reach (solutions/quality.py)."""

import pytest

from solutions.problem_set import find_sets
from solutions.quality import measure


@pytest.mark.parametrize("problems", find_sets(), ids=lambda problems: problems.folder.name)
def test_wrong_answers_lose_their_own_marks_right_ones_keep_theirs_and_nothing_earns_nothing(problems):
    for quality in measure(problems):
        assert quality.trouble == [], quality.function
        assert quality.misconceptions >= 4, f"{quality.function}: a bank this small finds no one"
        assert quality.right_answers >= 2, f"{quality.function}: needs two right answers written differently"
