"""A run that is killed, at any moment, and run again ends like one that was not."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from autograder.root import Root

from .conftest import MODEL

COURSE = Path(sys.executable).parent / "course"
QUERY = """
    SELECT student.id, base_cell.name, grade.auto_score, grade.manual_score, grade.needs_manual_grade
    FROM grade
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
    JOIN student ON submitted_assignment.student_id = student.id
    JOIN base_cell ON grade.cell_id = base_cell.id
"""


def contents(root: Root) -> tuple[list, dict[str, int]]:
    """Give all marks of the gradebook, and how many rows each table has."""
    engine = create_engine(root.db_url)
    with engine.connect() as db:
        tables = [row[0] for row in db.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        counts = {table: db.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables}
        marks = sorted(map(tuple, db.execute(text(QUERY))), key=repr)
    engine.dispose()
    return marks, counts


def start(root: Root) -> subprocess.Popen:
    command = [COURSE, "grade", "ps01", "--root", root.path, "--timeout", "10"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def finish(root: Root) -> str:
    process = start(root)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return said


def kill_when(root: Root, graded: int, after: float) -> None:
    """Start a run and kill it some time after it has finished so many submissions."""
    process = start(root)
    deadline = time.monotonic() + 60
    while len(list(root.path.glob("autograded/*/*/*.ipynb"))) < graded and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture
def class_of_five(toy, hand_in, root):
    for number, student in enumerate(["ada", "bob", "cai", "dea", "eli"]):
        hand_in(student, toy(**MODEL) if number % 2 else toy(halve="def halve(x):\n    return x / 2", written_why="Dunno."))
    return root


@pytest.fixture
def quiet(class_of_five, tmp_path):
    """What the gradebook holds after a run that nobody disturbed."""
    shutil.copytree(class_of_five.path, tmp_path / "quiet")
    root = Root.open(tmp_path / "quiet")
    finish(root)
    return contents(root)


@pytest.mark.parametrize("moments", [[(1, 0.0), (3, 0.05)]])
def test_a_run_killed_twice_ends_with_the_same_gradebook(class_of_five, quiet, moments):
    for graded, after in moments:
        kill_when(class_of_five, graded, after)
    finish(class_of_five)
    assert contents(class_of_five) == quiet


@pytest.mark.slow
def test_runs_killed_at_twenty_moments_end_with_the_same_gradebook(class_of_five, quiet):
    for moment in range(20):
        kill_when(class_of_five, moment // 5, 0.031 * (moment % 5))
    finish(class_of_five)
    assert contents(class_of_five) == quiet


def test_a_kill_leaves_no_process_behind(class_of_five):
    process = start(class_of_five)
    kernels = _kernels(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    _see_end(kernels)


def test_ctrl_c_stops_at_once_whatever_runs_and_leaves_no_process_behind(root, toy, hand_in):
    endless = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    for student in ("ada", "bob"):
        hand_in(student, toy(**MODEL | {"square": endless}))
    process = start(root)
    kernels = _kernels(process)
    time.sleep(3)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=5)
    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("course: stopped; what was finished is kept")
    _see_end(kernels)


def _kernels(process: subprocess.Popen) -> set[Path]:
    """Wait until a run has started two kernels, each in a session of its own; give what stands for them in ``/proc``."""
    deadline = time.monotonic() + 60
    found: set[Path] = set()
    while len(found) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(stat.read_text().rpartition(")")[2].split()[1]) == process.pid:
                    found.add(stat.parent)
    return found


def _see_end(processes: set[Path]) -> None:
    deadline = time.monotonic() + 20
    while left := [path for path in processes if path.exists()]:
        assert time.monotonic() < deadline, f"still there: {left}"
        time.sleep(0.2)
