"""What `course grade` graded, nbgrader's formgrader shows."""

import json

import pytest

from autograder.grading import grade, plan
from autograder.release import release
from autograder.root import Root
from demo.recipes import ASSIGNMENT
from solutions.problem_set import HERE, ProblemSet

from .lab import jupyter

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Two students' problem set 8, graded by our grader."""
    import nbformat

    root = Root.make(tmp_path_factory.mktemp("course"))
    released = release(HERE / ASSIGNMENT, root)
    problems = ProblemSet(HERE / ASSIGNMENT)
    for student, names in {"ada": problems.functions, "bob": problems.functions[:2]}.items():
        notebook = nbformat.read(released / f"{ASSIGNMENT}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.id in names:
                cell.source = problems.model(cell.id)
        folder = root.folder("submitted", student, ASSIGNMENT)
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    assert [g.error for g in grade(root, plan(root, ASSIGNMENT))] == [None, None]
    return root


def test_formgrader_shows_the_class_its_scores_and_each_notebook(graded, page, screenshots):
    with jupyter(graded.path) as address:
        page.goto(f"{address}formgrader/manage_submissions/{ASSIGNMENT}")
        page.wait_for_selector("td:has-text('ada')")
        table = page.inner_text("table")
        page.screenshot(path=screenshots / "formgrader.png")
        assert "36 / 40" in table
        assert "11 / 40" in table
        page.goto(f"{address}formgrader/gradebook/{ASSIGNMENT}/{ASSIGNMENT}")
        page.click("text=Submission #1")
        page.wait_for_selector("text=Momentum")
        page.screenshot(path=screenshots / "formgrader_submission.png")
        assert "problem set 8" in page.inner_text("body").lower()
