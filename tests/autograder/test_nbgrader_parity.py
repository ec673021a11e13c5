"""What we grade, nbgrader's own commands read; where stock nbgrader gives a mark, it is ours, also in its own command."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.engine import SandboxRunner
from autograder.gradebook import open_gradebook
from autograder.grading import grade, plan
from autograder.root import Root

from .conftest import MODEL, NAME

BIN = Path(sys.executable).parent
OURS = "c.Autograde.autograde_preprocessors = AUTOGRADE\nc.Autograde.sanitize_preprocessors = SANITIZE"
WRONG = {  # of quickstart's first problem
    "off by one": {"squares": "def squares(n):\n    return [i * i for i in range(n)]"},
    "no error": {"squares": "def squares(n):\n    return [i * i for i in range(1, n + 1)]"},
    "alone": {"sum_of_squares": "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"},
    "floats": {"sum_of_squares": "def sum_of_squares(n):\n    return float(sum(squares(n)))"},
    "syntax": {"sum_of_squares": "def sum_of_squares(n) return 1"},
}


def nbgrader(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=folder,
        env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(folder), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return done.stdout + done.stderr


def scores(root: Root, assignment: str) -> dict:
    with open_gradebook(root) as gradebook:
        submissions = gradebook.find_assignment(assignment).submissions
        grades = [(s.student_id, n.name, g) for s in submissions for n in s.notebooks for g in n.grades]
        return {(student, name, g.name): (g.auto_score, g.needs_manual_grade) for student, name, g in grades}


def copy(root: Root, name: str, *, ours: bool) -> Root:
    """Copy a course directory, as it is for nbgrader's own command with our preprocessor in it, or without."""
    shutil.copytree(root.path, root.path.with_name(name))
    path = root.path.with_name(name) / "nbgrader_config.py"
    line = OURS if ours else ""
    text = path.read_text().replace(OURS, "")
    path.write_text(f"from autograder.preprocessors import AUTOGRADE, SANITIZE\n{text}\n{line}\n")
    return Root.open(path.parent)


def grade_in_three_ways(root: Root, assignment: str) -> dict:
    """Give the scores that we give; fail unless stock nbgrader and its command with our preprocessor give the same."""
    stock, drop_in = copy(root, "stock", ours=False), copy(root, "drop-in", ours=True)
    assert [done.error for done in grade(root, plan(root, assignment), runner=SandboxRunner()) if done.error] == []
    for other in (stock, drop_in):
        said = nbgrader(other.path, "autograde", assignment)
        assert scores(other, assignment) == scores(root, assignment), said
        assert "JSON is invalid" not in said
    return scores(root, assignment)


@pytest.fixture
def quickstart(tmp_path) -> Root:
    """nbgrader's own quickstart course, released, with a class of students."""
    nbgrader(tmp_path, "quickstart", "course")
    folder = tmp_path / "course"
    nbgrader(folder, "generate_assignment", "ps1")
    hand_ins = {"model": ("source", {}), "untouched": ("release", {})} | {name: ("source", w) for name, w in WRONG.items()}
    for student, (origin, answers) in hand_ins.items():
        shutil.copytree(folder / origin / "ps1", folder / "submitted" / student / "ps1")
        path = folder / "submitted" / student / "ps1" / "problem1.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        path.write_text(json.dumps(notebook))
    return Root.open(folder)


def test_honest_submissions_have_the_scores_of_stock_nbgrader_and_its_commands_work_on_what_we_graded(root, toy, hand_in):
    hand_in("model", toy(**MODEL))
    hand_in("untouched", toy())
    hand_in("partial", toy(halve="def halve(x):\n    return x / 2", written_why="Dunno."))
    hand_in("syntax", toy(**MODEL | {"square": "def square(x) return x"}))
    assert len(grade_in_three_ways(root, NAME)) == 4 * 3

    said = nbgrader(root.path, "generate_feedback", NAME)
    pages = list(root.path.glob(f"feedback/*/{NAME}/{NAME}.html"))
    assert len(pages) == 4, said
    for page in pages:
        assert "look at numbers that are not positive" not in page.read_text(), "a hidden test is in nbgrader's feedback"

    nbgrader(root.path, "export")
    with open(root.path / "grades.csv", newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"model": 6, "partial": 1, "syntax": 2, "untouched": 0}


@pytest.mark.slow
def test_nbgraders_quickstart_course_has_the_scores_of_stock_nbgrader(quickstart):
    found = grade_in_three_ways(quickstart, "ps1")
    earned = dict.fromkeys([student for student, _, _ in found], 0.0)
    for (student, _, _), (points, _) in found.items():
        earned[student] += points or 0
    assert earned["model"] == 3
    assert earned["untouched"] == 0
    assert 0 < earned["alone"] < earned["model"]
