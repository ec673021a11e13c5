"""Keep hidden tests and mark schemes out of what students see: their text, and the traceback that would quote it."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["has_hidden_tests", "student_view", "without_hidden_tests", "without_mark_scheme"]

REGION = re.compile(r"[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.DOTALL)
SCHEME = re.compile(r"[^\n]*BEGIN MARK SCHEME.*?(END MARK SCHEME[^\n]*\n?|\Z)", re.DOTALL)
UNCLOSED = re.compile(r"[^\n]*BEGIN HIDDEN TESTS.*", re.DOTALL)


def has_hidden_tests(source: str) -> bool:
    """Tell whether a cell holds a hidden test."""
    return "BEGIN HIDDEN TESTS" in source


def without_hidden_tests(source: str) -> str:
    """Give a cell's text as students know it."""
    return UNCLOSED.sub("", REGION.sub("", source)).rstrip()


def without_mark_scheme(source: str) -> str:
    """Give a question's text without what only graders are to know."""
    return SCHEME.sub("", source).rstrip()


def student_view(cell: Any) -> None:
    """Take the hidden tests out of a run cell, in place: its text, and what an error says of it.

    Of an error in a cell with hidden tests, its name stays and the first line of its message, which is where an author
    speaks to students; NumPy's own messages, which print the expected numbers, begin with an empty line. A warning quotes
    the line that caused it, so printed text loses the lines that stand in the hidden test.
    """
    if "BEGIN MARK SCHEME" in cell.source:
        cell.source = without_mark_scheme(cell.source)
    if cell.cell_type != "code" or not has_hidden_tests(cell.source):
        return
    lines = {line.strip() for line in cell.source.splitlines()}
    cell.source = without_hidden_tests(cell.source)
    hidden = lines - {line.strip() for line in cell.source.splitlines()}
    for output in cell.outputs:
        if output.output_type == "error":
            first = (output.evalue.splitlines() or [""])[0]
            output.evalue = first
            output.traceback = [f"{output.ename}: {first}" if first else f"{output.ename} in a hidden test"]
        elif output.output_type == "stream":
            output.text = "".join(line for line in output.text.splitlines(keepends=True) if line.strip() not in hidden)
