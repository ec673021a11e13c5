"""What a graded class looks like: read from the gradebook and the autograded notebooks, for tables, feedback and reports."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.gradebook import find_assignment, open_gradebook
from autograder.marking import STAMP
from autograder.reasons import reason_of
from autograder.restore import grade_id_of
from autograder.root import Root
from autograder.verdict import verdict_of

__all__ = ["ClassResults", "Item", "StudentResult", "read_results"]


@dataclass(frozen=True)
class Item:
    """One graded cell of one student.

    Attributes
    ----------
    grade_id, title : str
        The cell's id, and its name for people.
    points : float or None
        What it earned, by machine or by hand; None while only a person can say and has not said.
    out_of : float
        What it can earn.
    by_hand : bool
        Whether only a person can grade it.
    review : bool
        Whether it waits for a person.
    reason : str
        Why points were lost, in a few words; empty when none were, or nobody knows.
    misconception, advice : str or None
        The known wrong answer that this one behaves like, and what the student is told of it.
    notebook : str
        The notebook that the cell is in.
    """

    grade_id: str
    title: str
    points: float | None
    out_of: float
    by_hand: bool
    review: bool
    reason: str
    misconception: str | None = None
    advice: str | None = None
    notebook: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells this cell from the others of the assignment: a grade_id is unique in its notebook only."""
        return self.notebook, self.grade_id

    @property
    def full(self) -> bool:
        return self.points is not None and self.points >= self.out_of


@dataclass(frozen=True)
class StudentResult:
    """One student's submission: its items, what the instructor should know of it, and the seed that its tests drew from."""

    student: str
    items: list[Item]
    late_penalty: float = 0.0
    notes: list[str] = field(default_factory=list)
    autograded: list[Path] = field(default_factory=list)
    seed: int | None = None

    @property
    def points(self) -> float:
        """Sum of what was earned so far, less the penalty for lateness."""
        return sum(item.points or 0.0 for item in self.items) - self.late_penalty

    @property
    def out_of(self) -> float:
        return sum(item.out_of for item in self.items)

    @property
    def waiting(self) -> float:
        """Points that wait for a person."""
        return sum(item.out_of for item in self.items if item.points is None)

    @property
    def reasons(self) -> list[str]:
        """Why points were lost: one entry for each reason, as ``"Adam, AdamW: no bias correction"``.

        A reason of more than three of them, such as an empty file, stands alone.
        """
        titles: dict[str, list[str]] = {}
        for item in self.items:
            if not item.full and item.points is not None and item.reason:
                titles.setdefault(item.reason, []).append(item.title)
        return [reason if len(names) > 3 else f"{', '.join(names)}: {reason}" for reason, names in titles.items()]


@dataclass(frozen=True)
class ClassResults:
    """A graded assignment: its students in alphabetical order, its items in the order of the notebook."""

    course: str
    assignment: str
    students: list[StudentResult]

    @property
    def titles(self) -> dict[tuple[str, str], str]:
        """Give the items' titles by key, in order: the title that most students' cells bear, for some show no verdict."""
        found: dict[tuple[str, str], Counter] = {}
        for item in (item for student in self.students for item in student.items):
            found.setdefault(item.key, Counter())[item.title] += 1
        return {key: titles.most_common(1)[0][0] for key, titles in found.items()}


def read_results(root: Root, assignment: str) -> ClassResults:
    """Read the results of every student whose submission the gradebook knows.

    Raises
    ------
    GraderError
        If the assignment is unknown.
    """
    with open_gradebook(root) as gradebook:
        entry = find_assignment(gradebook, assignment)
        submissions = sorted(entry.submissions, key=lambda submission: submission.student_id)
        students = [_read_student(root, entry.name, submission) for submission in submissions]
        return ClassResults(root.course_id, entry.name, students)


def _read_student(root: Root, assignment: str, submission: Any) -> StudentResult:
    items, notes, paths, seed = [], [], [], None
    folder = root.folder("autograded", submission.student_id, assignment)
    for entry in submission.notebooks:
        path = folder / f"{entry.name}.ipynb"
        cells = {}
        notebook = _readable(path)
        if notebook is not None:
            paths.append(path)
            stamp = notebook.metadata.get(STAMP, {})
            notes += stamp.get("notes", [])
            seed = stamp.get("seed")
            cells = {name: cell for cell in notebook.cells if (name := grade_id_of(cell))}
        grades = {grade.name: grade for grade in entry.grades}
        order = [name for name in cells if name in grades] + [name for name in grades if name not in cells]
        items += [_read_item(entry.name, grades[name], cells) for name in order]
    return StudentResult(submission.student_id, items, submission.late_submission_penalty or 0.0, notes, paths, seed)


def _readable(path: Path) -> Any:
    """Read an autograded notebook; None where there is none, or a broken one, which is graded again anyway."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError):
        return None


def _read_item(notebook: str, grade: Any, cells: dict[str, Any]) -> Item:
    cell = cells.get(grade.name)
    verdict = verdict_of(cell) if cell is not None else {}
    by_hand = cell is not None and (cell.cell_type != "code" or bool(cell.metadata.nbgrader.get("solution")))
    scored = grade.manual_score is not None or grade.auto_score is not None
    points = grade.score if scored else None
    lost = points is not None and points < grade.max_score
    found = verdict.get("misconception") or {}
    title = verdict.get("name") or grade.name.removeprefix("test_")
    title = title.replace("_", " ") if by_hand else title
    reason = reason_of(cell, verdict, cells.get(title)) if lost and cell is not None else ""
    return Item(
        grade_id=grade.name,
        title=title,
        points=points,
        out_of=grade.max_score,
        by_hand=by_hand,
        review=bool(grade.needs_manual_grade),
        reason=reason,
        misconception=found.get("name") if lost else None,
        advice=found.get("advice") if lost else None,
        notebook=notebook,
    )
