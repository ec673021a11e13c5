"""A toy course, released for real, and ways to hand in to it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.release import release
from autograder.root import Root

SETS = Path(__file__).parent / "sets"
MODEL = {
    "square": "def square(x):\n    return x * x",
    "halve": "def halve(x):\n    return x // 2",
    "written_why": "Because floor division does.",
}


@pytest.fixture(scope="session")
def released(tmp_path_factory) -> Path:
    """A course directory in which the toy set is released, as a template to copy."""
    root = Root.make(tmp_path_factory.mktemp("course"))
    release(SETS / "ps01_toy", root)
    return root.path


@pytest.fixture
def root(released, tmp_path) -> Root:
    """A course directory of the test's own."""
    shutil.copytree(released, tmp_path / "course")
    return Root.open(tmp_path / "course")


@pytest.fixture(scope="session")
def toy(released):
    """Make a notebook to hand in: ``toy(square=..., halve=...)``; what is not named stays as it was released."""
    path = released / "release" / "ps01_toy" / "ps01_toy.ipynb"

    def make(**answers: str):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = answers[name]
        return notebook

    return make


@pytest.fixture
def hand_in(root):
    """Put a notebook, or any text, in a student's submitted folder."""

    def put(student: str, notebook, name: str = "ps01_toy.ipynb") -> Path:
        folder = root.folder("submitted", student, "ps01_toy")
        folder.mkdir(parents=True, exist_ok=True)
        text = notebook if isinstance(notebook, str) else json.dumps(notebook)
        (folder / name).write_text(text, encoding="utf-8")
        return folder

    return put
