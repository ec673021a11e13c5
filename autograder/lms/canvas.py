"""Marks for Canvas.

The rules are those of Canvas' own importer (canvas-lms, ``lib/gradebook_importer.rb``); the Ohio State page "Import CSV File
for Carmen Grades" tells the same to instructors:

- the first columns are ``Student``, ``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section``, in this order, then assignments;
- a student is found by ``ID``, else by SIS user id, else by SIS login id, else by the exact name;
- a column is an assignment's when it is headed by its title, or by the title and its number, ``Set 8 (4711)``; one that fits
  none makes a new assignment;
- a row whose first cell contains ``Points Possible`` holds the assignments' points, and sets them;
- a column whose head contains ``Final Score`` or another of Canvas' own sums is left out;
- a cell is a number, ``EX`` for excused, or empty for no mark; an empty one over a mark that is there takes it away.
"""

from __future__ import annotations

import re

from autograder.errors import InputError
from autograder.export import exact
from autograder.lms.cells import Table, heading, identifier, mark, name
from autograder.lms.roster import ClassMarks, Person

__all__ = ["canvas"]

HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS = "    Points Possible"
COMPUTED = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")  # which Canvas leaves out


def canvas(marks: ClassMarks, *, column: str = "", partial: bool = False, absent: str = "", section: str = "") -> Table:
    """Give the marks as Canvas imports them.

    Parameters
    ----------
    marks : ClassMarks
    column : str
        The head of the assignment's column in Canvas' own export, as ``"Set 8 (4711)"``; the assignment's name if empty.
    partial : bool
        Whether a mark that waits for a person is given as it stands.
    absent : str
        The cell of a student without a graded submission: empty, ``"0"`` or ``"EX"``.
    section : str
        What stands in the column ``Section``, which Canvas wants and does not read.

    Raises
    ------
    InputError
        If Canvas would leave a column with such a head out.
    """
    head = heading(column, marks.assignment)
    if COMPUTED.search(head):
        raise InputError(f"Canvas reads no column headed {head!r}, for it looks like one of its own sums: say --column")
    table = Table([[*HEAD, head], [POINTS, "", "", "", "", exact(marks.out_of)]])
    by_name = []
    for standing in marks.standings:
        number, sis, login = _identifiers(standing.person)
        if not (number or sis or login):
            by_name.append(standing.person.id)
        student = name(standing.person.sortable_name)
        table.rows.append([student, number, sis, login, name(section), mark(standing, partial=partial, absent=absent)])
    table.note("Canvas can find these by their name at best, for no identifier of theirs is safe in a table", by_name)
    return table


def _identifiers(person: Person) -> tuple[str, str, str]:
    """Give Canvas' number, the SIS user id and the login; the gradebook's ``lms_user_id`` is the first if it is a number."""
    lms = identifier(person.lms_user_id)
    return (lms, "", identifier(person.id)) if lms.isdecimal() else ("", lms, identifier(person.id))
