"""Write the marks of a class in the columns that a platform knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import InputError
from autograder.files import write_whole
from autograder.lms.canvas import canvas
from autograder.lms.cells import Table, as_csv
from autograder.lms.gradescope import gradescope
from autograder.lms.moodle import moodle
from autograder.lms.roster import ClassMarks, read_marks
from autograder.root import Root

__all__ = ["TOOLS", "Exported", "export_marks"]

TOOLS: dict[str, Callable[..., Table]] = {"canvas": canvas, "moodle": moodle, "gradescope": gradescope}
ABSENT = {"empty": "", "zero": "0", "excused": "EX"}  # what stands for who handed nothing in; only Canvas knows the last
NAMED = 10  # of the students whose mark waits


@dataclass(frozen=True)
class Exported:
    """What was written, or would be: the path, the number of students in it, and what the instructor should know."""

    path: Path
    assignment: str
    students: int
    notes: list[str] = field(default_factory=list)


def export_marks(
    root: Root,
    assignment: str,
    tool: str,
    path: Path | None = None,
    *,
    absent: str = "empty",
    partial: bool = False,
    dry: bool = False,
    **choices: Any,
) -> Exported:
    """Write the marks of an assignment as a table for ``tool``; late penalties are taken off.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Name of the assignment, or a beginning of it.
    tool : str
        One of ``TOOLS``.
    path : Path, optional
        Where to write; ``marks/<assignment>-<tool>.csv`` in the course directory if not said.
    absent : str
        What stands for a student without a graded submission: ``empty``, ``zero``, or for Canvas ``excused``.
    partial : bool
        Whether a mark that waits for a person is given as it stands; if not, its cell is empty.
    dry : bool
        Whether to write nothing.
    **choices
        The tool's own: ``column``, ``section``, ``identify``, ``items``.

    Raises
    ------
    InputError
        If the tool knows no such choice.
    GraderError
        If the assignment is unknown.
    """
    if absent == "excused" and tool != "canvas":
        raise InputError(f"only Canvas has a cell for excused students: say 'empty' or 'zero' for {tool}")
    marks = read_marks(root, assignment)
    table = _fill(tool, marks, {"absent": ABSENT[absent], "partial": partial} | choices)
    table.note("marks left empty, for a person has yet to grade a part", [] if partial else _waiting(marks))
    path = path or root.path / "marks" / f"{marks.assignment}-{tool}.csv"
    if not dry:
        write_whole(path, as_csv(table.rows))
    students = len(table.rows) - (2 if tool == "canvas" else 1)
    return Exported(path, marks.assignment, students, table.notes)


def _fill(tool: str, marks: ClassMarks, choices: dict[str, Any]) -> Table:
    import inspect

    known = inspect.signature(TOOLS[tool]).parameters
    asked = {name: value for name, value in choices.items() if value or name in known}
    unknown = sorted(set(asked) - set(known))
    if unknown:
        raise InputError(f"a table for {tool} has no {', '.join(unknown)}: leave that out")
    return TOOLS[tool](marks, **asked)


def _waiting(marks: ClassMarks) -> list[str]:
    names = [s.person.id for s in marks.standings if s.result and s.result.items and not s.complete]
    return names if len(names) <= NAMED else [*names[:NAMED], f"{len(names) - NAMED} more"]
