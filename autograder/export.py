"""Marks as a table for a spreadsheet or a learning platform: CSV that no spreadsheet program takes for formulas."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from autograder.files import write_whole
from autograder.results import ClassResults, StudentResult
from autograder.sanitize import plain

__all__ = ["write_marks"]

LAST = ["late penalty", "total", "out of", "waiting for hand grading", "why marks were lost"]


def write_marks(results: ClassResults, path: Path) -> None:
    """Write one line for each student: the points of every item, the sum, and why marks were lost.

    An empty cell is an item that a person has yet to grade, or that the student's submission does not have.
    """
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["student", *_headers(results), *LAST])
    for student in sorted(results.students, key=lambda student: student.student):
        writer.writerow(_line(student, results))
    write_whole(path, table.getvalue())


def _headers(results: ClassResults) -> list[str]:
    """Name each item's column by its title and points; where two titles are equal, by the cells' ids too."""
    titles = results.titles
    out_of = {item.key: item.out_of for student in results.students for item in student.items}
    shared = {title for title in titles.values() if list(titles.values()).count(title) > 1}
    names = {key: f"{title} [{' '.join(key).strip()}]" if title in shared else title for key, title in titles.items()}
    return [safe(f"{name} (of {exact(out_of[key])})") for key, name in names.items()]


def _line(student: StudentResult, results: ClassResults) -> list[str]:
    points = {item.key: item.points for item in student.items}
    earned = [points.get(key) for key in results.titles]
    sums = [student.late_penalty, student.points, student.out_of, student.waiting]
    reasons = " | ".join(student.reasons)
    return [safe(student.student), *("" if p is None else exact(p) for p in earned), *map(exact, sums), safe(reasons)]


def exact(value: float) -> str:
    """Give a number with at most four decimals, and none that is zero."""
    return f"{round(value, 4) + 0.0:.15g}"


def safe(text: str) -> str:
    """Give a text that stays text in a spreadsheet program: on one line, and never the beginning of a formula.

    A program that expects semicolons between cells would split a text at one, so there is none.

    >>> safe("=1+1"), safe("a; =1+1")
    ("'=1+1", 'a, =1+1')
    """
    text = " ".join(plain(text).replace(";", ",").split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else text
