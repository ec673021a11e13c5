"""Runs of the command in processes of their own, to be disturbed, and what they leave in a gradebook."""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from sqlalchemy import create_engine, inspect, text

from autograder.marking import Graded, Marked
from autograder.root import Root

BIN = Path(sys.executable).parent
COURSE = BIN / "course"
SCORES = {"test_square": (4.0, False), "test_halve": (0.0, False), "written_why": (None, True)}
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
        tables = inspect(engine).get_table_names()
        counts = {table: db.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables}
        marks = sorted(map(tuple, db.execute(text(QUERY))), key=repr)
    engine.dispose()
    return marks, counts


def done(root: Root) -> int:
    """Say how many submissions are through."""
    return len(list(root.path.glob("autograded/*/*/*.ipynb")))


def start(root: Root, *options: str) -> subprocess.Popen:
    """Start a run, in a session of its own as a terminal's would be."""
    command = [COURSE, "grade", "ps01", "--root", root.path, *map(str, options)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)


def finish(root: Root, *options: str, status: int = 0) -> str:
    """Run to the end; give what was said."""
    process = start(root, *options)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == status, said
    return said


def quiet_copy(root: Root, folder: Path) -> tuple[list, dict[str, int]]:
    """Grade a copy of a course directory, disturbed by nobody; give what its gradebook then has."""
    shutil.copytree(root.path, folder)
    quiet = Root.open(folder)
    finish(quiet)
    return contents(quiet)


def until(happened: Callable[[], object], seconds: float = 120.0) -> None:
    """Wait for something that must happen; the limit is for a broken test, on a machine however busy."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def descendants(process: subprocess.Popen) -> set[Path]:
    """Give the processes that a process has started, and those have, as their folders in ``/proc``."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, new = set(), [process.pid]
    while new:
        new = [child for parent in new for child in parents.get(parent, [])]
        found |= set(new)
    return {Path("/proc", str(number)) for number in found}


def command_of(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def workers(process: subprocess.Popen) -> list[int]:
    """Give the workers of a run: they have warmed up when they have children."""
    found = [each for each in descendants(process) if "autograder.worker" in command_of(each)]
    return [int(each.name) for each in found if f" {process.pid} " in f" {_parent(each)} "]


def _parent(folder: Path) -> str:
    with contextlib.suppress(OSError):
        return (folder / "stat").read_text().rpartition(")")[2].split()[1]
    return ""


def alive(folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return (folder / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def see_end(processes: set[Path]) -> None:
    """See all of them end: at once, which on a busy machine is some seconds."""
    deadline = time.monotonic() + 20
    while left := [path for path in processes if alive(path)]:
        assert time.monotonic() < deadline, f"still there: {[(p, command_of(p)) for p in left]}"
        time.sleep(0.1)


@contextlib.contextmanager
def ended_at_last(*commands: list) -> Iterator[list[subprocess.Popen]]:
    """Start programs in the background; end them, whatever happens."""
    started = []
    try:
        for command in commands:
            started.append(subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        yield started
    finally:
        for process in started:
            process.send_signal(signal.SIGKILL)
            process.wait()


class Marker:
    """A runner that gives the same marks to everybody, after some seconds."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds

    def check(self):
        return "no walls"

    def grade(self, work):
        time.sleep(self.seconds)
        notebook = nbformat.v4.new_notebook()
        scores = {name: score for name, (score, _) in SCORES.items()}
        notebook.metadata["autograder"] = {"submission": work.digest, "seed": work.seed, "scores": scores}
        return Graded(work.student, {"ps01_toy": Marked(json.dumps(notebook), SCORES, {"written_why": False})})
