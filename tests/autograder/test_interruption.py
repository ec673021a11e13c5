"""A run that is killed, at any moment, and run again ends like one that was not."""

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
    time.sleep(4)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    deadline = time.monotonic() + 15
    while _of_session(process.pid):
        assert time.monotonic() < deadline, f"still there: {_of_session(process.pid)}"
        time.sleep(0.2)


def _of_session(session: int) -> list[str]:
    """List the commands of the living processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(stat.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found
