"""From a run notebook to scores: nbgrader's rules, without the three that give or take marks by accident.

nbgrader takes the first of: an error or any text on stderr scores 0; a result that is a number is the score; anything else
is full marks. Here a warning on stderr costs nothing, and a result that is no number between 0 and the cell's points never
earns full marks: it scores 0, and the cell is marked for review by hand. Of several results, which a cell has when a student
tells IPython to show every expression, the last is the score, and a person must look too.
"""

from __future__ import annotations

import math
from typing import Any

from autograder.verdict import verdict_of

__all__ = ["Score", "score_cell"]

Score = tuple[float | None, bool]  # points (None: to be given by hand), and whether a person must look


def score_cell(cell: Any) -> Score:
    """Score one graded cell.

    Returns
    -------
    points : float or None
        None where only a person can say.
    review : bool
        Whether a person must look at the cell.
    """
    role, out_of = cell.metadata.nbgrader, float(cell.metadata.nbgrader["points"])
    if role.get("solution") or role.get("task") or cell.cell_type != "code":
        from nbgrader import utils  # here, for a student's machine need not have it

        points = utils.determine_grade(cell)[0] if utils.is_grade(cell) else None
        return points, points is None
    if any(output.output_type == "error" for output in cell.outputs):
        return 0.0, False
    if cell.execution_count is None:  # a cell that was never run has no outputs either, and must not pass for that
        return 0.0, True
    results = [output for output in cell.outputs if output.output_type == "execute_result"]
    if not results and "points" in verdict_of(cell):  # the notebook was told to show no results: the verdict still has one
        return _within(verdict_of(cell)["points"], out_of)[0], True
    points, review = _number(results[-1], out_of) if results else (out_of, False)
    return points, review or len(results) > 1


def _number(result: Any, out_of: float) -> Score:
    try:
        return _within(float("".join(result.data["text/plain"])), out_of)
    except (KeyError, TypeError, ValueError):
        return 0.0, True


def _within(points: float, out_of: float) -> Score:
    """Take points as a score if they are between none and all; a hair too many, as 0.1 + 0.2 of 0.3, are all."""
    if math.isfinite(points) and 0 <= points <= out_of * (1 + 1e-9):
        return min(points, out_of), False
    return 0.0, True
