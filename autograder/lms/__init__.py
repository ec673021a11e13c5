"""Marks and feedback for learning platforms: Canvas, Moodle, Gradescope."""

from autograder.lms.marks import TOOLS, Exported, export_marks
from autograder.lms.returns import PLACES, Packed, pack_feedback

__all__ = ["PLACES", "TOOLS", "Exported", "Packed", "export_marks", "pack_feedback"]
