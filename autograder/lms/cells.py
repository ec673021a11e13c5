"""Cells of a table that a platform imports: names may be changed to be safe in a spreadsheet, identifiers may not."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from autograder.errors import InputError
from autograder.export import exact, safe
from autograder.lms.roster import Standing
from autograder.sanitize import plain

__all__ = ["Table", "as_csv", "heading", "identifier", "mark", "name"]

FORMULA = tuple("=+-@＝＋－＠")


@dataclass
class Table:
    """A table to import: its rows with the headers first, and what the instructor should know of it."""

    rows: list[list[str]]
    notes: list[str] = field(default_factory=list)

    def note(self, what: str, names: list[str]) -> None:
        """Say something of some students; nothing where there are none."""
        if names:
            self.notes.append(f"{what}: {', '.join(names)}")


def identifier(text: str) -> str:
    """Give an identifier exactly, for the platform compares it; empty if a spreadsheet program would take it for a formula.

    >>> identifier("ada@example.org"), identifier("=ada"), identifier("two\\nlines")
    ('ada@example.org', '', '')
    """
    return text if text == " ".join(plain(text).split()) and not text.startswith(FORMULA) else ""


def heading(asked: str, assignment: str) -> str:
    """Give the head of the mark's column: as it was asked for, to the letter, or the assignment's name.

    Raises
    ------
    InputError
        If a spreadsheet program would take it for a formula, or it is no text of one line.
    """
    if asked and not identifier(asked):
        raise InputError(f"a column cannot be headed {asked!r}, which spreadsheet programs run: rename it on the platform")
    return asked or name(assignment)


def mark(standing: Standing, *, partial: bool, absent: str) -> str:
    """Give a student's mark; empty while it waits for a person, unless the points so far are asked for."""
    if standing.result is None or not standing.result.items:
        return absent
    return exact(standing.points) if standing.complete or partial else ""


def as_csv(rows: list[list[str]]) -> str:
    """Write rows as CSV by RFC 4180, in the one line ending that all three platforms read.

    Quotes stand only where a comma, a quote or a line's end asks for them.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def name(text: str) -> str:
    """Give a name as safe text, with its commas."""
    return safe(text)
