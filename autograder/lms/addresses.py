"""Where a platform looks for a student's feedback in a zip: read from what the platform itself gave, never guessed.

Both platforms find the student by numbers in a file's name that only they know. A guessed number can be another student's,
who would then read the feedback; so the names come from the zip of submissions that was downloaded, or for Moodle also from
its grading worksheet.

- Canvas (canvas-lms, ``AbstractAssignment#infer_comment_context_from_filename``): ``lovelaceada_LATE_123_456_ps08.ipynb``,
  where 123 is the user, 456 the file that was handed in, and ``LATE`` may be missing; where the assignment is anonymous,
  ``anon_x1Y2z_456_ps08.ipynb``. Whatever follows the second number is free. A folder's name is not looked at.
- Moodle (moodle, ``assignfeedback_file_zip_importer``): a folder ``Ada Lovelace_123_assignsubmission_file``, before Moodle
  4.1 with ``_`` behind it, where 123 is the participant of this assignment and not the user. A feedback file lies in it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path, PurePosixPath

from autograder.errors import InputError
from autograder.files import JUNK
from autograder.lms.roster import Person

__all__ = ["canvas_prefixes", "moodle_folders"]

CANVAS = re.compile(r"(?P<prefix>(?P<name>[^_]+)_(?:LATE_)?(?P<user>\d+)_\d+_)")
ANONYMOUS = re.compile(r"anon_(?:LATE_)?[^_]+_\d+_")
MOODLE = re.compile(r"(?P<folder>(?P<name>[^_/]+)_(?P<participant>\d+)_assignsubmission_[a-z]+)")


def canvas_prefixes(origin: Path, people: list[Person]) -> tuple[dict[str, str], list[str]]:
    """Read Canvas' zip of submissions: give by student id the beginning of the file's name; and names that are nobody's.

    A student is the one whose ``lms_user_id`` the name bears, or else whose id stands at its beginning, as
    ``course collect`` reads it.
    """
    by_number = {person.lms_user_id: person.id for person in people if person.lms_user_id}
    ids = {person.id for person in people if not person.lms_user_id}
    found, strangers = [], []
    for name in sorted(PurePosixPath(name).name for name in _names(origin)):
        match = CANVAS.match(name)
        student = by_number.get(match["user"]) or (match["name"] if match["name"] in ids else None) if match else None
        if student:
            found.append((student, match["user"], match["prefix"]))
        elif match or ANONYMOUS.match(name):
            strangers.append(name)
    return _one_each(origin, found, strangers, "Canvas")


def moodle_folders(origin: Path, people: list[Person]) -> tuple[dict[str, str], list[str]]:
    """Read Moodle's zip of submissions, or its grading worksheet: give folders by student id; and names that are nobody's.

    A student is found by the worksheet's email address, or else by the full name or the id, if only one bears it.
    """
    rows = _worksheet(origin) if origin.suffix.lower() == ".csv" else _folders(origin)
    found, strangers = [], []
    for name, address, number, folder in rows:
        students = [p.id for p in people if address and p.address == address]
        students = students or [p.id for p in people if name in (p.full_name, p.sortable_name, p.id)]
        if len(students) == 1:
            found.append((students[0], number, folder))
        else:
            strangers.append(folder)
    return _one_each(origin, found, strangers, "Moodle")


def _folders(origin: Path) -> list[tuple[str, str, str, str]]:
    matches = [match for name in _names(origin) for match in map(MOODLE.match, PurePosixPath(name).parts) if match]
    return sorted({(match["name"], "", match["participant"], match["folder"]) for match in matches})


def _worksheet(origin: Path) -> list[tuple[str, str, str, str]]:
    """Read the columns ``Identifier`` (``Participant 123``), ``Full name`` and ``Email address``, which may be hidden."""
    try:
        rows = list(csv.DictReader(io.StringIO(origin.read_text(encoding="utf-8-sig"), newline="")))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{origin} cannot be read as Moodle's grading worksheet: {error}") from error
    found = []
    for row in rows:
        number = re.search(r"\d+$", row.get("Identifier") or "")
        if number:
            name = (row.get("Full name") or "").strip()
            shown = re.sub(r"[_/\\]+", " ", name) or "Participant"
            folder = f"{shown}_{number[0]}_assignsubmission_file"
            found.append((name, (row.get("Email address") or "").strip(), number[0], folder))
    return found


def _names(origin: Path) -> list[str]:
    """List the files of a zip or a folder, by relative name."""
    if origin.is_dir():
        names = [path.relative_to(origin).as_posix() for path in sorted(origin.rglob("*")) if path.is_file()]
    else:
        try:
            with zipfile.ZipFile(origin) as archive:
                names = [member.filename for member in archive.infolist() if not member.is_dir()]
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise InputError(f"{origin} is not a zip that can be read: {error}") from error
    return [name for name in names if not any(part.startswith(JUNK) for part in PurePosixPath(name).parts)]


def _one_each(
    origin: Path, found: list[tuple[str, str, str]], strangers: list[str], tool: str
) -> tuple[dict[str, str], list[str]]:
    """Give each student the first of the names; who seems to be two people to the platform has none."""
    numbers: dict[str, set[str]] = {}
    for student, number, _ in found:
        numbers.setdefault(student, set()).add(number)
    names = {student: name for student, _, name in reversed(found) if len(numbers[student]) == 1}
    strangers = strangers + [name for student, _, name in found if len(numbers[student]) > 1]
    if not names:
        there = f", but {len(strangers)} of students whom the gradebook does not know" if strangers else ""
        raise InputError(f"{origin} has no file that {tool} has named after one of our students{there}")
    return names, strangers
