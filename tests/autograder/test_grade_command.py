"""What `course grade` says and refuses: walls, seeds, whoever has no mark; and what a full disk does to it."""

import json
import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from autograder import clerk
from autograder.engine import SandboxRunner
from autograder.errors import GraderError
from autograder.grading import grade, plan
from autograder.release import release
from autograder.results import read_results
from autograder.root import Root
from autograder.runner import KernelRunner

from .conftest import MODEL, NAME, SETS
from .runs import COURSE, Marker, contents, done, until

DRAW = """
import os
import random

test_rng = random.Random(int(os.environ["GRADING_SEED"]))
test_data = [test_rng.randrange(1000) for _ in range(500)]
test_points = 2 * sum(x for x in test_data if halve(x) == x // 2) / sum(test_data)  # hardly ever the same for two seeds
"""


@pytest.fixture
def release_with(tmp_path):
    """Release the toy set with some of its text replaced; hand in to it for students."""

    def make(old, new, **submissions):
        source = shutil.copytree(SETS / "ps01_toy", tmp_path / "ps01_toy")
        text = (source / "ps01_toy.py").read_text()
        assert old in text
        (source / "ps01_toy.py").write_text(text.replace(old, new))
        root = Root.make(tmp_path / "course")
        release(source, root)
        for student, answers in submissions.items():
            notebook = nbformat.read(root.folder("release", ".", NAME) / f"{NAME}.ipynb", as_version=4)
            for cell in notebook.cells:
                cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
            folder = root.folder("submitted", student, NAME)
            folder.mkdir(parents=True)
            (folder / f"{NAME}.ipynb").write_text(json.dumps(notebook))
        return root

    return make


def run(*arguments):
    return subprocess.run([COURSE, "grade", "ps01", *map(str, arguments)], capture_output=True, text=True, check=False)


def outcome(root, student):
    """Give the seed of a student's tests, the points, and all that the autograded cells show."""
    (found,) = (s for s in read_results(root, NAME).students if s.student == student)
    notebook = nbformat.read(found.autograded[0], as_version=4)
    return found.seed, [item.points for item in found.items], [cell.get("outputs") for cell in notebook.cells]


def test_a_grading_is_repeated_exactly_with_the_seed_of_its_mark(release_with):
    even = MODEL | {"halve": "def halve(x):\n    return x // 2 if x % 2 == 0 else None"}
    root = release_with("test_points = float(halve(4) == 2)", DRAW.strip(), ada=even, bob=MODEL)
    (_, _) = grade(root, plan(root, "ps01"), runner=SandboxRunner(), workers=1)
    first = outcome(root, "ada")
    assert outcome(root, "bob")[0] != first[0], "each has a seed of its own"
    todo = plan(root, "ps01", students=["ada"], force=True, seed=first[0] + 1)
    (_,) = grade(root, todo, runner=SandboxRunner(), workers=1)
    another = outcome(root, "ada")
    assert another[0] == first[0] + 1
    assert another[1] != first[1], "other data, other points"
    said = run("--workers", 1, "--root", root.path, "--student", "ada", "--seed", first[0])
    assert said.returncode == 0, said.stderr
    assert outcome(root, "ada") == first
    assert f"seed of ada: {first[0]}" in said.stdout
    assert "bob:" not in said.stdout
    assert said.stdout.startswith("sandbox: ")


def test_a_broken_cell_of_the_instructors_is_named_and_costs_no_student_a_mark(release_with):
    broken = 'import os\n\nLIMIT = 10 / int("GRADING_SEED" not in os.environ)  # fails beside the tests only'
    root = release_with("LIMIT = 10", broken, ada=MODEL, bob={})
    said = run("--workers", 1, "--root", root.path)
    assert said.returncode == 1
    reason, last = said.stderr.strip().splitlines()
    assert reason == (
        "ada, bob could not be graded: the instructor's set-up cell 'setup', 'import warnings' of ps01_toy fails beside the "
        "tests: ZeroDivisionError: division by zero"
    )
    assert last.startswith("course: submissions without a mark: 2;")
    assert contents(root)[0] == [], "no mark, rather than 0"
    assert [job.student for job in plan(root, "ps01").jobs] == ["ada", "bob"]


def test_where_no_walls_can_be_built_grading_is_refused_unless_it_is_said_to_be_unsafe(root, toy, hand_in, tmp_path):
    hand_in("ada", toy(**MODEL))
    without = "from autograder.sandbox import landlock; landlock.landlock_version = lambda: 0\n"  # a kernel that has none
    code = without + "from autograder.cli import main; main()"
    command = [sys.executable, "-c", code, "grade", "ps01", "--root", root.path]
    said = subprocess.run(command, env=os.environ | {"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    (line,) = said.stderr.strip().splitlines()
    assert line.startswith("course: no sandbox: bubblewrap is not installed: sudo apt-get install bubblewrap")
    assert "--unsafe" in line
    assert contents(root)[0] == []
    assert SandboxRunner().check().startswith("sandbox: ")
    assert KernelRunner().check() == "no sandbox (--unsafe): the student's code can do whatever you can"


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk of two megabytes")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_disk_that_fills_up_is_named_and_a_rerun_ends_like_a_quiet_run(root, toy, hand_in, small_disk, monkeypatch):
    monkeypatch.setattr(clerk, "PATIENCE", 0)
    for number in range(6):
        hand_in(f"student{number}", toy(**MODEL))
    shutil.copytree(root.path, small_disk / "course")
    list(grade(root, plan(root, "ps01"), runner=Marker()))
    small, filler = Root.open(small_disk / "course"), small_disk / "filler"

    class Filling(Marker):
        def grade(self, work):
            if work.student >= "student2":
                until(lambda: done(small) >= 1)
                with filler.open("ab") as file:
                    file.write(bytes(shutil.disk_usage(small_disk).free))
            return super().grade(work)

    with pytest.raises(GraderError) as refused:
        list(grade(small, plan(small, "ps01"), runner=Filling(), workers=1))
    line = str(refused.value)
    assert re.search(r"cannot write .*/journal/ps01_toy: No space left|gradebook.* cannot be written: .*full", line)
    assert len(line.splitlines()) == 1
    assert 0 < len(plan(small, "ps01").jobs) < 6, "what was recorded until then is kept"
    filler.unlink()
    assert not any(graded.error for graded in grade(small, plan(small, "ps01"), runner=Marker()))
    assert contents(small) == contents(root)
    assert not list((small.path / "journal" / NAME).glob("*"))


def test_there_is_no_traceback_for_an_assignment_of_which_all_is_graded(root, toy, hand_in):
    hand_in("ada", toy(**MODEL))
    list(grade(root, plan(root, "ps01"), runner=Marker()))
    said = run("--workers", 1, "--root", root.path, "--cluster", "nonsense")
    assert (said.returncode, said.stderr) == (0, ""), "nothing to mark, and nobody is asked to"
