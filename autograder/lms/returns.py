"""Feedback in one zip, for the upload of a platform or for handing out: the names decide who reads what."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import GraderError, InputError
from autograder.feedback import plan_feedback, write_feedback
from autograder.files import write_whole
from autograder.lms.addresses import canvas_prefixes, moodle_folders
from autograder.lms.roster import Person, read_marks
from autograder.root import Root

__all__ = ["PLACES", "Packed", "pack_feedback"]

PLACES = ("canvas", "moodle", "plain")
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every file in the zip, so that the same pages give the same bytes


@dataclass(frozen=True)
class Packed:
    """What was packed, or would be: the zip, the students in it, and what the instructor should know."""

    path: Path
    assignment: str
    students: list[str]
    notes: list[str] = field(default_factory=list)


def pack_feedback(
    root: Root,
    assignment: str,
    place: str,
    path: Path | None = None,
    *,
    like: Path | None = None,
    students: list[str] | None = None,
    dry: bool = False,
) -> Packed:
    """Write the pages of feedback as they are now, and pack them into one zip, which is whole or not there.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Name of the assignment, or a beginning of it.
    place : str
        ``canvas`` (re-upload of submissions), ``moodle`` (upload of feedback files), or ``plain``: a folder for each
        student, as for Gradescope, which takes no feedback in.
    path : Path, optional
        Where to write; ``feedback/<assignment>-<place>.zip`` in the course directory if not said.
    like : Path, optional
        What the platform gave, for it knows the names that it will look for: Canvas' or Moodle's zip of submissions, also
        unpacked, or Moodle's grading worksheet. Needed for both.
    students : list of str, optional
        Only these students.
    dry : bool
        Whether to write nothing.

    Raises
    ------
    InputError
        If ``like`` is missing, or names none of the students.
    GraderError
        If the assignment is unknown, or nobody's is graded.
    """
    marks = read_marks(root, assignment)
    addresses, strangers = _addresses(place, like, [standing.person for standing in marks.standings])
    pages = (plan_feedback if dry else write_feedback)(root, marks.assignment, students)
    if not pages:
        raise GraderError(f"nobody's {marks.assignment} is graded yet: run `course grade {marks.assignment}` first")
    owners = {root.folder("feedback", s.person.id, marks.assignment): s.person.id for s in marks.standings}
    readers = {page: owners[page.parent] for page in pages}
    nowhere = sorted(set(readers.values()) - set(addresses))
    notes = [f"left out, for no file of theirs is there to answer to: {', '.join(nowhere)}"] if nowhere else []
    notes += [f"fits nobody in the gradebook: {', '.join(strangers)}"] if strangers else []
    path = path or root.path / "feedback" / f"{marks.assignment}-{place}.zip"
    between = "" if place == "canvas" else "/"
    names = {f"{addresses[s]}{between}{page.stem}-feedback.html": page for page, s in readers.items() if s in addresses}
    if not dry:
        write_whole(path, _zipped(names))
    return Packed(path, marks.assignment, sorted(set(readers.values()) & set(addresses)), notes)


def _addresses(place: str, like: Path | None, people: list[Person]) -> tuple[dict[str, str], list[str]]:
    if place == "plain":
        return _folder_names(people), []
    if like is None:
        raise InputError(f"say with --like where the zip of submissions is that {place.capitalize()} gave")
    return (canvas_prefixes if place == "canvas" else moodle_folders)(like, people)


def _folder_names(people: list[Person]) -> dict[str, str]:
    """Name a folder for each student so that every system can unpack it, and no two are one where capitals do not count."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for person in people:
        plain = re.sub(r"[^\w.@+ -]+", "-", unicodedata.normalize("NFC", person.id)).strip(" .-") or "student"
        name, number = plain, 2
        while name.casefold() in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name.casefold())
        names[person.id] = name
    return names


def _zipped(files: dict[str, Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, page.read_bytes())
    return packed.getvalue()
