"""The set that a test file is about, and what a student has who solved it."""

import re

import pytest

from solutions.problem_set import find_sets


@pytest.fixture(scope="module")
def problems(request):
    """The set that the file is named after: ps06 for test_ps06.py."""
    (found,) = find_sets(re.search(r"ps\d\d", request.module.__name__).group())
    return found


@pytest.fixture(scope="module")
def solved(problems):
    """The names that a student has whose answers are right."""
    return problems.names({})
