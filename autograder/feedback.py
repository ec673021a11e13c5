"""Feedback: a page for each graded notebook, with its marks, what to look at, and no word of the hidden tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.files import write_whole
from autograder.gradebook import open_gradebook
from autograder.hiding import has_hidden_tests, student_view
from autograder.outputs import Output, Secrets, show_outputs, show_verdicts
from autograder.pages import render
from autograder.restore import grade_id_of
from autograder.results import ClassResults, Item, StudentResult, read_results
from autograder.root import Root
from autograder.sanitize import code_html, markdown_html

__all__ = ["plan_feedback", "write_feedback"]

BESIDE = "timestamp.txt", "submission_secret.txt"  # by these nbgrader's exchange finds whose feedback a page is
MAX_OUTPUTS = 4_000_000  # characters of all outputs of a notebook, pictures included


@dataclass(frozen=True)
class Row:
    """An item as the page shows it: with a word, a tone, and what the student should look at."""

    item: Item
    anchor: str | None

    @property
    def word(self) -> str:
        if self.item.points is None:
            return "waits for a person"
        if self.item.review:
            return "a person will look at it once more"
        return "full marks" if self.item.full else "some of the points" if self.item.points else "no points"

    @property
    def tone(self) -> str:
        if self.item.points is None or self.item.review:
            return "wait"
        return "good" if self.item.full else "part" if self.item.points else "bad"

    @property
    def why(self) -> str:
        if self.item.misconception:
            return f"behaves like: {self.item.misconception}. {self.item.advice or ''}".strip()
        return self.item.reason


@dataclass(frozen=True)
class Cell:
    """One cell of the page: ``text``, ``code`` or ``tests``."""

    anchor: str
    kind: str
    html: Any
    row: Row | None
    comment: Any = None
    hidden: bool = False
    outputs: list[Output] = field(default_factory=list)
    verdicts: list[str] = field(default_factory=list)


def write_feedback(root: Root, assignment: str, students: list[str] | None = None) -> list[Path]:
    """Write ``feedback/<student>/<assignment>/<notebook>.html`` for each graded notebook; return the paths.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Name of the assignment, or a beginning of it.
    students : list of str, optional
        Only these students.

    Raises
    ------
    GraderError
        If the assignment is unknown, or one of ``students`` has no graded notebook.
    """
    results, planned = _planned(root, assignment, students)
    with open_gradebook(root) as gradebook:
        for page, student, path in planned:
            comments = _comments(gradebook, results.assignment, student.student, path.stem)
            write_whole(page, _page(results, student, path, comments))
            for name in BESIDE:
                if (path.parent / name).is_file():
                    write_whole(page.parent / name, (path.parent / name).read_bytes())
    return [page for page, _, _ in planned]


def plan_feedback(root: Root, assignment: str, students: list[str] | None = None) -> list[Path]:
    """Give the paths that :func:`write_feedback` would write to, and write nothing."""
    return [page for page, _, _ in _planned(root, assignment, students)[1]]


def _planned(root: Root, assignment: str, students: list[str] | None) -> tuple[ClassResults, list[Any]]:
    """Find the graded notebooks: for each the page that tells of it, its student and its path."""
    results = read_results(root, assignment)
    graded = {student.student: student for student in results.students if student.autograded}
    missing = sorted(set(students or []) - set(graded))
    if missing:
        raise GraderError(f"{results.assignment} is not graded for {', '.join(missing)}: run `course grade` first")
    chosen = [graded[name] for name in students or graded]
    place = {student.student: root.folder("feedback", student.student, results.assignment) for student in chosen}
    pages = [(place[s.student] / f"{path.stem}.html", s, path) for s in chosen for path in s.autograded]
    return results, pages


def _comments(gradebook: Any, assignment: str, student: str, notebook: str) -> dict[str, str]:
    """Give what graders wrote, or the machine did, by the grade_id of the cell that it is about."""
    entry = gradebook.find_submission_notebook(notebook, assignment, student)
    return {comment.name: comment.comment for comment in entry.comments if comment.comment}


def _page(results: ClassResults, student: StudentResult, path: Path, comments: dict[str, str]) -> bytes:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    secrets = Secrets(notebook)
    items = [_as_text(item, secrets) for item in student.items if item.notebook == path.stem]
    there = {grade_id_of(cell): f"cell-{index}" for index, cell in enumerate(notebook.cells)}
    rows = {item.grade_id: Row(item, there.get(item.grade_id)) for item in items}
    return render(
        "feedback.html",
        course=results.course,
        assignment=results.assignment,
        student=student,
        rows=list(rows.values()),
        cells=_cells(notebook, rows, comments, secrets),
    )


def _as_text(item: Item, secrets: Secrets) -> Item:
    """Clean what an item says: some of it comes out of the student's own kernel."""
    said = {name: getattr(item, name) for name in ("title", "reason", "misconception", "advice")}
    return replace(item, **{name: text and secrets.withhold(text) for name, text in said.items()})


def _cells(notebook: Any, rows: dict[str, Row], comments: dict[str, str], secrets: Secrets) -> list[Cell]:
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    cells, level, room = [], 2, MAX_OUTPUTS
    for index, cell in enumerate(notebook.cells):
        name = grade_id_of(cell)
        anchor, row = f"cell-{index}", rows.get(name)
        if cell.cell_type == "markdown":
            html, level = _below(level, markdown_html(cell.source))
            shown = Cell(anchor, "text", html, row)
        elif cell.cell_type == "code":
            shown = _code_cell(cell, anchor, row, language, secrets, room)
            room -= sum(len(output.content) for output in shown.outputs)
        else:
            shown = Cell(anchor, "code", code_html(cell.source, "text"), row)
        if name in comments:
            comment, level = _below(level, markdown_html(comments[name]))
            shown = replace(shown, comment=comment)
        cells.append(shown)
    return cells


def _code_cell(cell: Any, anchor: str, row: Row | None, language: str, secrets: Secrets, room: int) -> Cell:
    tests = row is not None and not cell.metadata.nbgrader.get("solution")
    hidden = has_hidden_tests(cell.source)
    student_view(cell)
    return Cell(
        anchor,
        "tests" if tests else "code",
        code_html(cell.source, language),
        row,
        hidden=hidden,
        outputs=show_outputs(cell, secrets, room, tests=tests),
        verdicts=show_verdicts(cell, secrets) if tests else [],
    )


def _below(level: int, html: Any) -> tuple[Any, int]:
    """Shift a cell's headings below the page's own, none more than one step deeper than the heading before it."""
    from markupsafe import Markup

    def shift(found: re.Match) -> str:
        nonlocal level
        if not found[1]:
            level = min(int(found[2]) + 2, level + 1, 6)
        return f"<{found[1]}h{level}>"

    return Markup(re.sub(r"<(/?)h([1-6])>", shift, html)), level
