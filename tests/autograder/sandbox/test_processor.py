"""Who talks in turn shares a processor."""

import contextlib
import os
import subprocess
import sys

import pytest

from autograder.sandbox.processor import processors

from .conftest import Student

pytestmark = pytest.mark.skipif(not processors(), reason="this system does not tell where a process runs")

CLAIM = """
import sys
from autograder.sandbox.processor import claim, share
share([int(number) for number in sys.argv[1:]])
print(*claim(), flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def only():
    """Keep this test's process on one processor for a while."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, [max(before)])
    yield max(before)
    os.sched_setaffinity(0, before)


def test_a_session_runs_where_the_process_runs_that_opened_it(sandbox, only):
    with sandbox.open({}) as process:
        student = Student(process)
        student("import os")
        assert student("os.sched_getaffinity(0)") == f"{{{only}}}"


def test_a_session_of_a_process_that_may_run_anywhere_may_too(sandbox):
    with sandbox.open({}) as process:
        student = Student(process)
        student("import os")
        assert student("sorted(os.sched_getaffinity(0))") == str(processors())


def test_a_processor_is_claimed_by_one_process_at_a_time(claim):
    number = next((number for number in processors() if end(*claim(number))), None)
    if number is None:
        pytest.skip("other graders have claimed every processor")
    first, its = claim(number)
    assert its == [number]
    assert claim(number)[1] == []
    end(first, its)
    assert claim(number)[1] == [number], "a claim ends with its process"


@pytest.fixture
def claim():
    """Start a process that may run on one processor and claims it: the process, and what it has claimed."""
    with contextlib.ExitStack() as stack:

        def start(number: int) -> tuple[subprocess.Popen, list[int]]:
            command = [sys.executable, "-c", CLAIM, str(number)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.enter_context(process)
            stack.callback(process.kill)
            return process, [int(number) for number in process.stdout.readline().split()]

        yield start


def end(process: subprocess.Popen, claimed: list[int]) -> list[int]:
    process.kill()
    process.wait()
    return claimed
