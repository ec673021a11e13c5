"""The answers of a class, read from what was handed in: nothing is run, and nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.gradebook import find_assignment, open_gradebook
from autograder.grading import read_originals
from autograder.restore import Original, grade_id_of
from autograder.root import Root
from autograder.submission import read_submission

__all__ = ["Answers", "ClassAnswers", "read_answers"]

OWN = "cells of their own"


@dataclass
class Answers:
    """What the class wrote in one place: a cell to be answered, or all the cells that a student has added.

    Attributes
    ----------
    notebook, title : str
    language : str or None
        None for text.
    sources : dict of str to str
        What each student has there.
    """

    notebook: str
    title: str
    language: str | None
    sources: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassAnswers:
    """All answers to an assignment, in the order of the notebooks; and what every student was given to begin with."""

    course: str
    assignment: str
    answers: list[Answers]
    given: dict[str | None, list[str]]
    students: int


def read_answers(root: Root, assignment: str) -> ClassAnswers:
    """Read the answers of everybody who has handed in.

    Raises
    ------
    GraderError
        If the assignment is unknown, or nobody has handed in.
    """
    with open_gradebook(root) as gradebook:
        entry = find_assignment(gradebook, assignment)
        name, notebooks = entry.name, entry.notebooks
        originals = read_originals(notebooks, root.folder("release", ".", name), root.folder("source", ".", name))
    students = root.students("submitted", name)
    if not students:
        raise GraderError(f"nobody has submitted {name}: run `course collect {name} …` first")
    found: list[Answers] = []
    given: dict[str | None, list[str]] = {}
    for original in originals:
        places = _places(original)
        for student in students:
            _add(places, root.folder("submitted", student, name), student, original, only=len(originals) == 1)
        found += places.values()
        for language, sources in _given(root.folder("release", ".", name) / f"{original.name}.ipynb", original).items():
            given.setdefault(language, []).extend(sources)
    return ClassAnswers(root.course_id, name, found, given, len(students))


def _places(original: Original) -> dict[str, Answers]:
    """Give the places for answers, by grade_id, and last the one for cells of the students' own, by the empty name."""
    language = original.kernelspec.get("language") or "python"
    places = {}
    for role in original.roles:
        if role.metadata["solution"] or role.metadata["task"]:
            kind = language if role.cell_type == "code" else None
            title = role.grade_id.replace("_", " ") if kind is None else role.grade_id
            places[role.grade_id] = Answers(original.name, title, kind)
    return places | {"": Answers(original.name, OWN, language)}


def _add(places: dict[str, Answers], folder: Path, student: str, original: Original, *, only: bool) -> None:
    notebook, _, readable = read_submission(folder, original, only=only)
    own = []
    for cell in notebook.cells if readable else []:
        name = grade_id_of(cell)
        if name in places:
            places[name].sources[student] = cell.source
        elif name is None and cell.cell_type == "code":
            own.append(cell.source)
    places[""].sources[student] = "\n\n".join(own)


def _given(released: Path, original: Original) -> dict[str | None, list[str]]:
    """Give the text of every released cell, by language: none of it is a student's."""
    import nbformat

    language = original.kernelspec.get("language") or "python"
    cells: list[Any] = nbformat.read(released, as_version=4).cells if released.is_file() else []
    found: dict[str | None, list[str]] = {language: [role.released or "" for role in original.roles]}
    for cell in cells:
        found.setdefault(language if cell.cell_type == "code" else None, []).append(cell.source)
    return found
