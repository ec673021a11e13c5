"""A toy course, released for real, and ways to hand in to it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.collect import collect
from autograder.release import release
from autograder.root import Root

SETS = Path(__file__).parent / "sets"
NAME = "ps01_toy"
NOON = 1_700_000_000  # a day in November 2023
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


@pytest.fixture
def take(root, tmp_path):
    """Collect a folder, or what is laid down as one; give what became of each hand-in, as ``{student: (status, note)}``."""

    def run(files, pattern=None, notebooks=(NAME,)):
        origin = lay(tmp_path / "hand-ins", files) if isinstance(files, dict) else files
        return {c.student: (c.status, c.note) for c in collect(root, NAME, list(notebooks), origin, pattern)}

    return run


def book(text="1"):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "raw", "source": text}]})


def lay(folder, files):
    """Write files, each a minute newer than the one before it; give the folder."""
    for number, (name, content) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (NOON + 60 * number,) * 2)
    return folder


def submitted(root, student):
    """Give what nbgrader finds of a student's: text by file, but for the time stamp."""
    folder = root.folder("submitted", student, NAME)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "timestamp.txt"]
    return {str(path.relative_to(folder)): path.read_text() for path in files}
