"""Write one student's graded notebooks into nbgrader's gradebook, as nbgrader's own autograde would, and read them back."""

from __future__ import annotations

from typing import Any

from autograder.lateness import record_lateness
from autograder.scoring import score_cell

__all__ = ["record", "recorded_scores"]


def record(gradebook: Any, assignment: str, student: str, timestamp: Any, notebooks: dict[str, Any], rule: Any) -> None:
    """Store scores and comments; a mark given by hand is kept, and flagged for another look.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Inside a transaction.
    timestamp : datetime or None
        When the submission was handed in.
    notebooks : dict of str to NotebookNode
        The run notebooks by name.
    rule : nbgrader.plugins.BasePlugin
        What lateness costs.
    """
    gradebook.update_or_create_student(student)
    with gradebook.db.no_autoflush:
        submission = gradebook.update_or_create_submission(assignment, student, timestamp=timestamp)
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("grade") or meta.get("task"):
                _record_score(gradebook.find_grade(meta["grade_id"], name, assignment, student), cell)
            if meta.get("solution") or meta.get("task"):
                _record_comment(gradebook.find_comment(meta["grade_id"], name, assignment, student), cell)
    gradebook.db.flush()
    record_lateness(submission, rule)


def _record_score(grade: Any, cell: Any) -> None:
    points, review = score_cell(cell)
    grade.auto_score = points
    grade.needs_manual_grade = review or grade.manual_score is not None


def _record_comment(comment: Any, cell: Any) -> None:
    from nbgrader import utils

    untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
    comment.auto_comment = "No response." if untouched else None


def recorded_scores(gradebook: Any, assignment: str, student: str, notebook: str) -> dict[str, float | None] | None:
    """Give the machine's scores that the gradebook holds, by grade_id; None if it knows no such submission."""
    from nbgrader.api import MissingEntry

    try:
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return None
    return {grade.name: grade.auto_score for grade in entry.grades}
