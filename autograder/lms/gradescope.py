"""Marks in the columns of a table that Gradescope exports, for programs that read such tables.

Gradescope itself imports no marks. The columns, the states and the forms of time and lateness are those of its "Download
grades" of one assignment, as the tables in public programs that read it show them. Older exports have one column ``Name`` in
place of the first two; readers go by ``SID`` and ``Email``, which both have.
"""

from __future__ import annotations

from autograder.export import exact
from autograder.lms.cells import Table, identifier, mark, name
from autograder.lms.roster import ClassMarks, Standing

__all__ = ["gradescope"]

HEAD = ["First Name", "Last Name", "SID", "Email", "Sections", "Total Score", "Max Points", "Status"]
HEAD += ["Submission ID", "Submission Time", "Lateness (H:M:S)"]


def gradescope(marks: ClassMarks, *, partial: bool = False, absent: str = "", section: str = "") -> Table:
    """Give the marks as Gradescope exports them; the SID is the gradebook's ``lms_user_id``, or else its student id.

    Parameters
    ----------
    marks : ClassMarks
    partial : bool
        Whether a mark that waits for a person is given as it stands.
    absent : str
        The score of a student without a graded submission: empty or ``"0"``.
    section : str
        What stands in the column ``Sections``.
    """
    table = Table([HEAD])
    unknown = []
    for standing in marks.standings:
        person = standing.person
        sid, email = identifier(person.lms_user_id or person.id), identifier(person.address)
        if not (sid or email):
            unknown.append(person.id)
        who = [name(person.first_name or person.id), name(person.last_name), sid, email, name(section)]
        score = mark(standing, partial=partial, absent=absent)
        table.rows.append([*who, score, exact(marks.out_of), _status(standing), *_submission(standing)])
    table.note("these have neither SID nor email address that is safe in a table", unknown)
    return table


def _status(standing: Standing) -> str:
    """Say ``Missing``, ``Ungraded`` or ``Graded``, as Gradescope does."""
    if standing.result is None:
        return "Missing"
    return "Graded" if standing.complete else "Ungraded"


def _submission(standing: Standing) -> list[str]:
    if standing.result is None:
        return ["", "", ""]
    when = f"{standing.submitted:%Y-%m-%d %H:%M:%S} +0000" if standing.submitted else ""
    return [standing.submission_id, when, lateness(standing.seconds_late)]


def lateness(seconds: float) -> str:
    """Write a lateness as hours, minutes and seconds.

    >>> lateness(0), lateness(93784)
    ('00:00:00', '26:03:04')
    """
    minutes, rest = divmod(int(max(seconds, 0)), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
