"""What we grade, nbgrader's own commands read; and where stock nbgrader gives a mark, it is ours."""

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.gradebook import open_gradebook
from autograder.grading import grade, plan
from autograder.root import Root
from autograder.runner import KernelRunner

from .conftest import MODEL

BIN = Path(sys.executable).parent


def nbgrader(root: Root, *arguments: str) -> str:
    done = subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=root.path,
        env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(root.path), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout + done.stderr


def scores(root: Root) -> dict:
    with open_gradebook(root) as gradebook:
        submissions = gradebook.find_assignment("ps01_toy").submissions
        grades = [(s.student_id, g) for s in submissions for n in s.notebooks for g in n.grades]
        return {(student, g.name): (g.auto_score, g.needs_manual_grade) for student, g in grades}


@pytest.fixture
def graded_class(root, toy, hand_in):
    hand_in("model", toy(**MODEL))
    hand_in("untouched", toy())
    hand_in("partial", toy(halve="def halve(x):\n    return x / 2", written_why="Dunno."))
    hand_in("syntax", toy(**MODEL | {"square": "def square(x) return x"}))
    shutil.copytree(root.path, root.path.with_name("stock"))
    assert all(graded.error is None for graded in grade(root, plan(root, "ps01"), runner=KernelRunner(timeout=10)))
    return root


def test_stock_autograde_gives_the_same_scores_and_stock_commands_work_on_what_we_graded(graded_class):
    stock = Root.open(graded_class.path.with_name("stock"))
    nbgrader(stock, "autograde", "ps01_toy")
    assert scores(stock) == scores(graded_class)
    assert len(scores(stock)) == 4 * 3

    said = nbgrader(graded_class, "generate_feedback", "ps01_toy")
    pages = list(graded_class.path.glob("feedback/*/ps01_toy/ps01_toy.html"))
    assert len(pages) == 4, said
    for page in pages:
        assert "look at numbers that are not positive" not in page.read_text(), "a hidden test is in nbgrader's feedback"

    nbgrader(graded_class, "export")
    with open(graded_class.path / "grades.csv", newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"model": 6, "partial": 1, "syntax": 2, "untouched": 0}
