"""A test cell that did not end well has an error, whatever happened while it ran or while its error was shown."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from autograder.examiner import Examiner
from autograder.session.shell import Shell
from autograder.settings import Settings

LATE = {
    "in the test": "import time\ntime.sleep(5)",
    "and is caught by the test": "import time\ntry:\n    time.sleep(5)\nexcept Exception:\n    pass",
    "while its error is shown": """import time
class Slow(ValueError):
    def __str__(self):
        time.sleep(5)
        return "x"
raise Slow""",
}


@pytest.mark.parametrize("when", LATE)
def test_a_test_whose_time_is_up_has_an_error_wherever_the_alarm_rings(when):
    ended = []
    pupil, script = SimpleNamespace(end=lambda: ended.append(True)), SimpleNamespace(setup={}, names=set())
    cell, original = SimpleNamespace(source=LATE[when]), SimpleNamespace(script=script)
    outputs, _ = Examiner(None, {})._test(Shell(), pupil, original, "test", cell, Settings(cell_seconds=0.2))
    assert [output.output_type for output in outputs][-1] == "error"
    assert ended, "the student's process may have been in the middle of an answer"


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_what_wants_more_memory_than_an_examiner_may_take_is_refused():
    source = """
from autograder.sandbox.confine import limit_memory
limit_memory(1 << 28)
room = bytearray(1 << 27)
try:
    bytearray(1 << 29)
except MemoryError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n", done.stderr
