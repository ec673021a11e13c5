"""Write one student's graded notebooks into nbgrader's gradebook, as nbgrader's own autograde would, and read them back."""

from __future__ import annotations

from typing import Any

from autograder.scoring import score_cell

__all__ = ["record", "recorded_scores"]


def record(
    gradebook: Any, assignment: str, student: str, timestamp: Any, notebooks: dict[str, Any], config: Any = None
) -> None:
    """Store scores and comments; a mark given by hand is kept, and flagged for another look.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        Inside a transaction.
    timestamp : datetime or None
        When the submission was handed in.
    notebooks : dict of str to NotebookNode
        The run notebooks by name.
    config : traitlets.config.Config, optional
        nbgrader's configuration, which may name a plugin for late penalties.
    """
    gradebook.update_or_create_student(student)
    when = {} if timestamp is None else {"timestamp": timestamp}
    with gradebook.db.no_autoflush:
        submission = gradebook.update_or_create_submission(assignment, student, **when)
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            meta = cell.metadata.get("nbgrader", {})
            if meta.get("grade") or meta.get("task"):
                _record_score(gradebook.find_grade(meta["grade_id"], name, assignment, student), cell)
            if meta.get("solution") or meta.get("task"):
                _record_comment(gradebook.find_comment(meta["grade_id"], name, assignment, student), cell)
    gradebook.db.flush()
    _record_lateness(submission, config)


def _record_score(grade: Any, cell: Any) -> None:
    points, review = score_cell(cell)
    grade.auto_score = points
    grade.needs_manual_grade = review or grade.manual_score is not None


def _record_comment(comment: Any, cell: Any) -> None:
    from nbgrader import utils

    untouched = cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)
    comment.auto_comment = "No response." if untouched else None


def _record_lateness(submission: Any, config: Any) -> None:
    """Let nbgrader's late-submission plugin set the penalty of each notebook, as its own preprocessor does."""
    from nbgrader.preprocessors import AssignLatePenalties

    rule = AssignLatePenalties(config=config)
    rule.init_plugin()
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = None
        late = submission.total_seconds_late
        if late > 0:
            penalty = rule.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
            notebook.late_submission_penalty = penalty and min(max(penalty, 0), notebook.score)


def recorded_scores(gradebook: Any, assignment: str, student: str, notebook: str) -> dict[str, float | None] | None:
    """Give the machine's scores that the gradebook holds, by grade_id; None if it knows no such submission."""
    from nbgrader.api import MissingEntry

    try:
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return None
    return {grade.name: grade.auto_score for grade in entry.grades}
