"""Our rules as nbgrader preprocessors, for nbgrader's own commands and formgrader's buttons."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.hiding import student_view

__all__ = ["HideHiddenTests"]


class HideHiddenTests(NbGraderPreprocessor):
    """For ``c.GenerateFeedback.preprocessors``: nbgrader's own feedback, without the hidden tests."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        student_view(cell)
        return cell, resources
