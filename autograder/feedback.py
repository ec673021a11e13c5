"""Feedback: a page for each graded notebook, with its marks, what to look at, and no word of the hidden tests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.files import write_whole
from autograder.gradebook import open_gradebook
from autograder.hiding import has_hidden_tests, student_view, without_hidden_tests
from autograder.pages import render
from autograder.restore import grade_id_of
from autograder.results import VERDICT, ClassResults, Item, StudentResult, read_results
from autograder.root import Root
from autograder.sanitize import code_html, markdown_html, picture, plain

__all__ = ["write_feedback"]

MAX_TEXT = 8_000  # characters of one output
MAX_OUTPUTS = 4_000_000  # characters of all outputs of a notebook, pictures included
SECRET = 12  # characters that a line of a hidden test needs to be told from any other line


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
        return "full marks" if self.item.full else "some of the points" if self.item.points else "no points yet"

    @property
    def tone(self) -> str:
        if self.item.points is None or self.item.review:
            return "wait"
        return "good" if self.item.full else "part" if self.item.points else "bad"

    @property
    def why(self) -> str:
        if self.item.misconception:
            return plain(f"This behaves like: {self.item.misconception}. {self.item.advice or ''}").strip()
        return plain(self.item.reason)


@dataclass(frozen=True)
class Output:
    """One output: ``text``, ``error`` or ``picture``, its content, a label, and a picture's description."""

    kind: str
    content: str
    label: str = ""
    alt: str = ""


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
    results = read_results(root, assignment)
    graded = {student.student: student for student in results.students if student.autograded}
    missing = sorted(set(students or []) - set(graded))
    if missing:
        raise GraderError(f"{results.assignment} is not graded for {', '.join(missing)}: run `course grade` first")
    pages = []
    with open_gradebook(root) as gradebook:
        for name in students or graded:
            for path in graded[name].autograded:
                comments = _comments(gradebook, results.assignment, name, path.stem)
                page = root.folder("feedback", name, results.assignment) / f"{path.stem}.html"
                write_whole(page, _page(results, graded[name], path, comments))
                pages.append(page)
    return pages


def _comments(gradebook: Any, assignment: str, student: str, notebook: str) -> dict[str, str]:
    """Give what graders wrote, or the machine did, by the grade_id of the cell that it is about."""
    entry = gradebook.find_submission_notebook(notebook, assignment, student)
    return {comment.name: comment.comment for comment in entry.comments if comment.comment}


def _page(results: ClassResults, student: StudentResult, path: Path, comments: dict[str, str]) -> bytes:
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    items = [item for item in student.items if item.notebook == path.stem]
    there = {grade_id_of(cell): f"cell-{index}" for index, cell in enumerate(notebook.cells)}
    rows = {item.grade_id: Row(item, there.get(item.grade_id)) for item in items}
    return render(
        "feedback.html",
        course=results.course,
        assignment=results.assignment,
        student=student,
        notes=[plain(note) for note in student.notes],
        rows=list(rows.values()),
        cells=_cells(notebook, rows, comments),
    )


def _cells(notebook: Any, rows: dict[str, Row], comments: dict[str, str]) -> list[Cell]:
    secrets = _hidden_lines(notebook)
    language = notebook.metadata.get("kernelspec", {}).get("language", "python")
    cells, level, room = [], 2, MAX_OUTPUTS
    for index, cell in enumerate(notebook.cells):
        name = grade_id_of(cell)
        row, anchor = rows.get(name), f"cell-{index}"
        comment = markdown_html(comments[name]) if name in comments else None
        if cell.cell_type != "code":
            html, level = _below(level, markdown_html(cell.source))
            cells.append(Cell(anchor, "text", html, row, comment))
            continue
        tests = row is not None and not cell.metadata.nbgrader.get("solution")
        hidden = has_hidden_tests(cell.source)
        student_view(cell)
        outputs = _outputs(cell, tests, secrets, room)
        room -= sum(len(output.content) for output in outputs)
        verdicts = _verdicts(cell) if tests else []
        kind = "tests" if tests else "code"
        cells.append(Cell(anchor, kind, code_html(cell.source, language), row, comment, hidden, outputs, verdicts))
    return cells


def _below(level: int, html: Any) -> tuple[Any, int]:
    """Shift a cell's headings below the page's own, none more than one step deeper than the heading before it."""
    from markupsafe import Markup

    def shift(found: re.Match) -> str:
        nonlocal level
        if not found[1]:
            level = min(int(found[2]) + 2, level + 1, 6)
        return f"<{found[1]}h{level}>"

    return Markup(re.sub(r"<(/?)h([1-6])>", shift, html)), level


def _hidden_lines(notebook: Any) -> set[str]:
    """Collect the lines of hidden tests that stand nowhere in what the student knows."""
    hidden, known = set(), set()
    for cell in notebook.cells:
        visible = set(without_hidden_tests(cell.source).splitlines()) if cell.cell_type == "code" else set()
        known |= {line.strip() for line in visible}
        if cell.cell_type == "code":
            hidden |= {line.strip() for line in cell.source.splitlines() if len(line.strip()) >= SECRET}
    return hidden - known


def _verdicts(cell: Any) -> list[str]:
    found = [output.get("data", {}) for output in cell.outputs]
    return [plain(data.get("text/plain", ""))[:MAX_TEXT] for data in found if VERDICT in data]


def _outputs(cell: Any, tests: bool, secrets: set[str], room: int) -> list[Output]:
    """Give a cell's outputs, as far as there is room; of a test cell, without its score and its verdict."""
    shown = []
    for output in cell.outputs:
        if tests and (output.output_type == "execute_result" or VERDICT in output.get("data", {})):
            continue
        one = _output(output)
        if any(line in one.content for line in secrets):
            one = Output("text", "", "An output was left out here: it quotes a test that is not public.")
        elif one.kind == "picture" and len(one.content) > room:
            one = Output("text", "", "A picture was left out here: the notebook's outputs are too long.")
        elif one.kind != "picture" and len(one.content) > min(room, MAX_TEXT):
            kept = one.content[: max(min(room, MAX_TEXT), 0)]
            one = Output(one.kind, f"{kept}\n... {len(one.content) - len(kept)} more characters", one.label)
        room -= len(one.content)
        shown.append(one)
    return shown


def _output(output: Any) -> Output:
    if output.output_type == "stream":
        return Output("text", plain(output.text), "Written to stderr:" if output.name == "stderr" else "")
    if output.output_type == "error":
        return Output("error", plain("\n".join(map(str, output.traceback))), f"Error: {plain(output.ename)}")
    data = output.get("data", {})
    said = plain(data.get("text/plain", ""))
    shown = picture(data["image/png"]) if "image/png" in data else None
    if shown:
        return Output("picture", shown, alt=f"Picture drawn by this cell: {said[:200] or 'no description'}")
    return Output("text", said or "(an output that cannot be shown here)")
