"""When a submission was handed in, and what its lateness costs: by nbgrader's due dates, extensions and plugin."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.root import CONFIG_NAME, Root

__all__ = ["load_rule", "read_timestamp", "record_lateness"]


def read_timestamp(folder: Path) -> tuple[datetime | None, list[str]]:
    """Read when the files in ``folder`` were handed in; None, and a note, where a person could read it at best."""
    from nbgrader.utils import parse_utc

    path = folder / "timestamp.txt"
    try:
        text = path.read_text(encoding="utf-8").strip() if path.is_file() and not path.is_symlink() else ""
        return (parse_utc(text) if text else None), []
    except (ValueError, OverflowError):
        return None, ["timestamp.txt holds no date that can be read: nothing is taken off for lateness"]


def load_rule(root: Root) -> Any:
    """Load the plugin that nbgrader's configuration names for late submissions.

    Its module may lie in the course directory, as it does for nbgrader's own commands.

    Raises
    ------
    GraderError
        If there is no such plugin.
    """
    from nbgrader.preprocessors import AssignLatePenalties

    sys.path.insert(0, str(root.path))
    try:
        rule = AssignLatePenalties(config=root.config)
        rule.init_plugin()
    except Exception as error:  # it is the instructor's program, and may fail in any way
        reason = str(error).rpartition(" instance must be a type, but ")[2]
        raise GraderError(
            f"the plugin for late submissions cannot be used ({type(error).__name__}: {reason}): "
            f"mend c.AssignLatePenalties in {root.path / CONFIG_NAME}, or the plugin's module in {root.path}"
        ) from error
    finally:
        sys.path.remove(str(root.path))
    return rule.plugin_inst


def record_lateness(submission: Any, rule: Any) -> None:
    """Set the penalty of each notebook by the submission's time stamp and its marks as they are, never above these.

    Raises
    ------
    GraderError
        If the plugin fails.
    """
    late = submission.total_seconds_late
    for notebook in submission.notebooks:
        try:
            penalty = rule.late_submission_penalty(submission.student_id, notebook.score, late) if late > 0 else None
            penalty = penalty if penalty is None else min(max(float(penalty), 0.0), notebook.score)
        except Exception as error:  # the plugin is the instructor's program too
            said = f"{type(error).__name__}: {error}".splitlines()[0]
            raise GraderError(
                f"the plugin for late submissions failed for {submission.student_id} ({said}): mend it"
            ) from error
        if notebook.late_submission_penalty != penalty:
            notebook.late_submission_penalty = penalty
