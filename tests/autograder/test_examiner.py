"""A test cell that did not end well has an error, whatever happened while it ran or while its error was shown."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell

from autograder.engine import SandboxRunner
from autograder.examiner import Examiner
from autograder.grading import plan
from autograder.outputs import TOO_LARGE
from autograder.session.shell import Shell
from autograder.settings import Settings

from .conftest import NAME

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
    told = []
    pupil = SimpleNamespace(pause=told.append, go_on=lambda: told.append("go on"))
    script = SimpleNamespace(setup={}, names=set())
    cell, original = SimpleNamespace(source=LATE[when]), SimpleNamespace(script=script)
    outputs, _ = Examiner(None, {})._test(Shell(), pupil, original, "test", cell, Settings(cell_seconds=0.2))
    assert [output.output_type for output in outputs][-1] == "error"
    assert "longer than 0.2 seconds" in told[0]
    assert told[-1] == "go on"


def test_all_the_cells_of_a_notebook_share_one_room_for_what_they_show(toy, root, hand_in):
    notebook = toy()
    loud = "display({'text/plain': 'x' * 4_900_000}, raw=True)"
    notebook.cells = [*(new_code_cell(loud, id=f"loud-{number}") for number in range(12)), *notebook.cells]
    hand_in("loud", notebook)
    (job,) = plan(root, NAME).jobs
    (marked,) = SandboxRunner().grade(job.load()).notebooks.values()
    assert 10_000_000 < len(marked.text) < 40_000_000
    assert TOO_LARGE in marked.text


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
