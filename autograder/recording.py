"""Write one student's graded notebooks into nbgrader's gradebook, as nbgrader's own autograde would, and read them back."""

from __future__ import annotations

from typing import Any

from autograder.lateness import record_lateness
from autograder.marking import Graded

__all__ = ["record", "recorded_scores"]


def record(gradebook: Any, assignment: str, graded: Graded, rule: Any) -> None:
    """Store scores and comments; a mark given by hand is kept, and flagged for another look.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Inside a transaction.
    assignment : str
        Full name of the assignment.
    graded : Graded
        The marked submission.
    rule : nbgrader.plugins.BasePlugin
        What lateness costs.
    """
    student = graded.student
    gradebook.update_or_create_student(student)
    with gradebook.db.no_autoflush:
        submission = gradebook.update_or_create_submission(assignment, student, timestamp=graded.timestamp)
    for name, notebook in graded.notebooks.items():
        for grade_id, (points, review) in notebook.scores.items():
            grade = gradebook.find_grade(grade_id, name, assignment, student)
            grade.auto_score = points
            grade.needs_manual_grade = review or grade.manual_score is not None
        for grade_id, untouched in notebook.untouched.items():
            comment = gradebook.find_comment(grade_id, name, assignment, student)
            comment.auto_comment = "No response." if untouched else None
    gradebook.db.flush()
    record_lateness(submission, rule)


def recorded_scores(gradebook: Any, assignment: str, student: str, notebook: str) -> dict[str, float | None] | None:
    """Give the machine's scores that the gradebook holds, by grade_id; None if it knows no such submission."""
    from nbgrader.api import MissingEntry

    try:
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return None
    return {grade.name: grade.auto_score for grade in entry.grades}
