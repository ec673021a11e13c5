"""`make demo` grades its class to the known marks, and stock nbgrader gives the same scores to all that it survives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.gradebook import open_gradebook
from autograder.root import Root
from demo.recipes import ASSIGNMENT, make_recipes
from solutions.problem_set import HERE, ProblemSet

REPO = HERE.parent
BIN = Path(sys.executable).parent
ENVIRONMENT = os.environ | {"PYTHONPATH": str(REPO), "PATH": f"{BIN}:{os.environ['PATH']}"}


@pytest.fixture(scope="module")
def recipes():
    return make_recipes(ProblemSet(HERE / ASSIGNMENT), 20)


def test_the_class_has_what_a_class_has(recipes):
    stories = " ".join(recipe.story for recipe in recipes)
    for accident in (
        "untouched, half done, a syntax error, a cell that raises, an infinite loop, a flood of output, a NumPy warning, "
        "a deleted test cell, an edited test cell, a duplicated cell, a renamed file, "
        "a file that is not a notebook, an empty file"
    ).split(", "):
        assert accident in stories
    assert len(recipes) >= 24
    assert len({recipe.student for recipe in recipes}) == len(recipes)
    assert [r.student for r in make_recipes(ProblemSet(HERE / ASSIGNMENT), 20)] == [r.student for r in recipes]


@pytest.mark.slow
def test_the_demo_reaches_the_known_marks_and_stock_nbgrader_agrees(recipes, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "demo"], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "has the mark that it must have" in done.stdout
    root = Root.open(tmp_path / "build" / "demo")
    ours = scores(root)
    assert len(ours) == len(recipes)

    with open_gradebook(root) as gradebook:
        for student in ours:
            gradebook.remove_submission(ASSIGNMENT, student)
    (root.path / "autograded").rename(root.path / "ours")
    stock = [BIN / "nbgrader", "autograde", ASSIGNMENT, "--Execute.timeout=10"]
    subprocess.run(stock, cwd=root.path, env=ENVIRONMENT, capture_output=True, check=False)
    survived = {path.parent.name for path in root.path.glob(f"autograded/*/{ASSIGNMENT}")}
    theirs = {student: marks for student, marks in scores(root).items() if student in survived}
    assert theirs == {student: ours[student] for student in theirs}
    assert len(theirs) >= len(recipes) - 4, "stock survives all but the files that are none, and the copied cell"


def scores(root: Root) -> dict[str, dict[str, float | None]]:
    with open_gradebook(root) as gradebook:
        submissions = gradebook.find_assignment(ASSIGNMENT).submissions
        return {s.student_id: {g.name: g.auto_score for n in s.notebooks for g in n.grades} for s in submissions}
