"""Why a graded cell lost points, in a few words: the same for the instructor, in feedback, and on the student's screen."""

from __future__ import annotations

from typing import Any

from autograder.scoring import score_cell

__all__ = ["reason_of"]

TOO_LONG = {"CellTimeoutError"}
GRADERS_OWN = {"NothingToGrade", "StoppedError"}  # errors that the grader itself puts into a cell


def reason_of(cell: Any, verdict: dict[str, Any], answer: Any = None) -> str:
    """Say why a cell lost points: the verdict's own words, or the error that it ended with.

    Parameters
    ----------
    cell : NotebookNode
        A graded cell.
    verdict : dict
        The verdict that it shows; empty if it shows none.
    answer : NotebookNode, optional
        The cell with the student's answer: where the answer is not defined, the error that this cell ended with is why.
    """
    reason = _reason(cell, verdict)
    return (_error_in(answer) or reason) if reason == "not defined" else reason


def _error_in(cell: Any) -> str:
    """Name the error that an answer cell ended with, for a function that is not there because of it."""
    errors = [o for o in cell.get("outputs", []) if o.output_type == "error"] if cell is not None else []
    if errors and errors[0].ename in TOO_LONG:
        return "its cell took too long"
    return f"{errors[0].ename} in its cell" if errors else ""


def _reason(cell: Any, verdict: dict[str, Any]) -> str:
    if verdict.get("reason"):
        return str(verdict["reason"])
    errors = {o.ename: (o.evalue.splitlines() or [""])[0] for o in cell.get("outputs", []) if o.output_type == "error"}
    if TOO_LONG & set(errors):
        return "took too long"
    for name, message in errors.items():
        return message if name in GRADERS_OWN and message else ": ".join(filter(None, [name, message]))
    points, review = score_cell(cell)
    if cell.metadata.nbgrader.get("solution"):
        return "no answer" if points == 0 else ""  # what a person took off, the person's comment explains
    return "the result is no score" if review else ""
