"""Marks for Moodle.

The rules are those of Moodle's own importer (moodle, ``grade/import/csv/classes/load_data.php``) and of the MoodleDocs page
"Grade import":

- one column identifies the user, by email address, ID number or username, and is chosen on the page that maps columns; one
  user who is not found refuses the whole file, and a row whose identifier is empty is skipped;
- email addresses are compared with their capitals;
- any other column may be mapped to a grade item, made into a new one, or left alone;
- a grade is a number, or empty or ``-`` for none; by default one above 100 refuses the whole file.
"""

from __future__ import annotations

from autograder.export import exact
from autograder.lms.cells import Table, heading, identifier, mark, name
from autograder.lms.roster import ClassMarks, Person, Standing

__all__ = ["IDENTIFIERS", "moodle"]

IDENTIFIERS = {"email": "Email address", "idnumber": "ID number", "username": "Username"}
MOST = 100  # a grade above this needs a setting of the site


def moodle(
    marks: ClassMarks,
    *,
    column: str = "",
    partial: bool = False,
    absent: str = "",
    identify: str = "email",
    items: bool = False,
) -> Table:
    """Give the marks as Moodle imports them; who has no such identifier is left out, and named in the notes.

    Parameters
    ----------
    marks : ClassMarks
    column : str
        The head of the grade item's column; the assignment's name if empty.
    partial : bool
        Whether a mark that waits for a person is given as it stands.
    absent : str
        The cell of a student without a graded submission: empty, ``"-"`` or ``"0"``.
    identify : str
        ``"email"``, ``"idnumber"`` (the gradebook's ``lms_user_id``) or ``"username"`` (the gradebook's student id).
    items : bool
        Whether each exercise has a column too.
    """
    keys = _keys(marks) if items else {}
    title = heading(column, marks.assignment)
    head = ["First name", "Last name", IDENTIFIERS[identify], title]
    table = Table([[*head, *(name(f"{title}: {item}") for item in keys.values())]])
    left_out = []
    for standing in marks.standings:
        found = _identifier(standing.person, identify)
        if not found:
            left_out.append(standing.person.id)
            continue
        person = [name(standing.person.first_name or standing.person.id), name(standing.person.last_name), found]
        table.rows.append([*person, mark(standing, partial=partial, absent=absent), *_points(standing, list(keys), absent)])
    table.note(f"left out, without a usable {IDENTIFIERS[identify].lower()} in the gradebook", left_out)
    if marks.out_of > MOST:
        table.notes.append(f"Moodle refuses grades above {MOST} unless the site's setting 'Unlimited grades' is on")
    return table


def _identifier(person: Person, identify: str) -> str:
    return identifier({"email": person.address, "idnumber": person.lms_user_id, "username": person.id}[identify])


def _keys(marks: ClassMarks) -> dict[tuple[str, str], str]:
    """Give the exercises' titles, each only once: a second of one title bears its cell's id too."""
    found: dict[tuple[str, str], str] = {}
    for item in (item for standing in marks.standings if standing.result for item in standing.result.items):
        if item.key not in found:
            found[item.key] = item.title if item.title not in found.values() else f"{item.title} [{item.grade_id}]"
    return found


def _points(standing: Standing, keys: list[tuple[str, str]], absent: str) -> list[str]:
    if standing.result is None:
        return [absent] * len(keys)
    points = {item.key: item.points for item in standing.result.items}
    return ["" if points.get(key) is None else exact(points[key]) for key in keys]
