"""Take submissions in: from nbgrader's layout, or from a folder or zip of files named by student.

Every hand-in ends in ``submitted/<student>/<assignment>/`` under the name that nbgrader expects. What it replaces is moved
to ``archive/``, never deleted; handing in the same files twice changes nothing. Of several packed hand-ins of a student the
latest counts, and the earlier ones go to the archive too.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograder.errors import GraderError
from autograder.hand_ins import File, find_hand_ins
from autograder.laying import content_of, copy_hand_in, name_notebook, stamp, time_of
from autograder.receipts import RECEIPT, has_receipt
from autograder.root import Root
from autograder.unzip import opened
from autograder.versions import Version, check_receipt, find_versions, how_late

__all__ = ["Collected", "collect"]

STUDENT = re.compile(r"[\w@+-][\w.@+'’-]*(?: [\w.@+'’-]+)*")


@dataclass(frozen=True)
class Collected:
    """What became of one hand-in, and why.

    The status is ``new``, ``changed``, ``unchanged``, ``refused``, or ``archived``: a later one is there.
    """

    student: str
    status: str
    note: str = ""


@dataclass(frozen=True)
class Desk:
    """Where hand-ins are taken in; with ``dry``, only to tell what would be done. ``due`` is in UTC."""

    root: Root
    assignment: str
    notebooks: list[str]
    due: datetime | None
    dry: bool


def collect(
    root: Root,
    assignment: str,
    notebooks: list[str],
    origin: Path,
    pattern: str | None = None,
    *,
    due: datetime | None = None,
    dry: bool = False,
) -> Iterator[Collected]:
    """Take in every hand-in of an assignment found at ``origin``; yield what became of each.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Full name of the assignment.
    notebooks : list of str
        Names of its notebooks.
    origin : Path
        A folder or zip: of ``<student>/<assignment>/`` as nbgrader keeps them, of a folder for each student, or of files
        named by student: ``ada.ipynb``, ``ada_ps08.ipynb``. In any of these places may be zips that ``course submit`` has
        packed; or ``origin`` is one of them.
    pattern : str, optional
        Regular expression with a group ``student`` that finds the student in a file's name, for a learning platform's own.
    due : datetime, optional
        When it is due, in UTC: who is late is told by how much.
    dry : bool
        Whether to tell only what would become of each, and change nothing.

    Raises
    ------
    GraderError
        If there is nothing at ``origin``, or the zip is broken or dangerous.
    """
    desk = Desk(root, assignment, notebooks, due, dry)
    with (
        tempfile.TemporaryDirectory(prefix="packed-") as scratch,
        opened(_as_class(origin, Path(scratch))) as (folder, left),
    ):
        found = find_hand_ins(folder, assignment, notebooks, pattern)
        strays = found.strays | dict.fromkeys(left, "too large, or no regular file")
        if not found.files and not strays:
            raise GraderError(f"{origin} holds no file to collect")
        for name, why in sorted(strays.items()):
            yield _collected(name, "refused", why)
        for student, files in sorted(found.files.items()):
            if not STUDENT.fullmatch(student):
                yield _collected(student, "refused", "the name of the student has characters that no folder should have")
                continue
            older = found.older[student]
            newest = f"the newest file counts, not {', '.join(older)}" if older else ""
            yield _take_versions(desk, student, files, newest, Path(scratch) / "unpacked")


def _as_class(origin: Path, scratch: Path) -> Path:
    """Give a folder with only this file in it, where the origin is itself one student's packed hand-in."""
    if not has_receipt(origin):
        return origin
    alone = scratch / "alone"
    alone.mkdir()
    shutil.copy2(origin, alone / origin.name)
    return alone


def _collected(student: str, status: str, *notes: str) -> Collected:
    """Say what became of a hand-in, also of one whose name is no text."""
    said = (text.encode("utf-8", errors="replace").decode("utf-8") for text in (student, "; ".join(filter(None, notes))))
    return Collected(next(said), status, next(said))


def _take_versions(desk: Desk, student: str, files: list[File], note: str, scratch: Path) -> Collected:
    """Take the latest of a student's versions; keep the earlier ones in the archive."""
    versions, refused = find_versions(files, desk.assignment, scratch)
    if not versions:
        return _collected(student, "refused", note, *refused)
    *earlier, latest = versions
    notes = [note, *refused]
    if earlier:
        notes.append(f"the latest counts, {latest.name}; earlier ones are kept in the archive: {_names(earlier)}")
    for version in earlier:
        _work_on(desk, student, version, keep_only=True)
    return _work_on(desk, student, latest, notes)


def _names(versions: list[Version]) -> str:
    return ", ".join(version.name for version in versions)


def _work_on(desk: Desk, student: str, version: Version, notes: list[str] = (), *, keep_only: bool = False) -> Collected:
    """Lay a version out in a folder beside its place, and put it there; or, where it does not count, into the archive."""
    target = desk.root.folder("submitted", student, desk.assignment)
    if not desk.dry:
        target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=None if desk.dry else target.parent, prefix=f".{desk.assignment}."))
    try:
        left_out = copy_hand_in(version.files, work)
        receipt = check_receipt(work) if not version.note else ""
        notes = [*notes, left_out, version.note or receipt, name_notebook(work, desk.notebooks)]
        when = stamp(work, version.files)
        if keep_only:
            return _keep(desk, student, work, target, notes)
        if target.is_dir() and content_of(target) == content_of(work):
            return _collected(student, "unchanged", *notes, how_late(when, desk.due))
        if (work / RECEIPT).is_file() and when < time_of(target):
            notes.append("a later one is there, and stays; this one is kept in the archive")
            return _keep(desk, student, work, target, notes)
        return _collected(student, _put(desk, student, work, target), *notes, how_late(when, desk.due))
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _put(desk: Desk, student: str, work: Path, target: Path) -> str:
    """Put a folder in its place, and what was there into the archive."""
    if desk.dry:
        return "changed" if target.exists() else "new"
    work.chmod(0o755)
    old = _archive(desk, student, target) if target.exists() else None
    try:
        os.replace(work, target)
    except BaseException:
        if old:
            os.replace(old, target)
        raise
    return "changed" if old else "new"


def _keep(desk: Desk, student: str, work: Path, target: Path, notes: list[str]) -> Collected:
    """Put a version that does not count into the archive, unless it is there, or was the one that counted."""
    there = [target, *(path for path in _archived(desk, student).glob("*") if path.is_dir())]
    new = not any(path.is_dir() and content_of(path) == content_of(work) for path in there)
    if new and not desk.dry:
        work.chmod(0o755)
        _archive(desk, student, work)
    return _collected(student, "archived", *notes)


def _archived(desk: Desk, student: str) -> Path:
    return desk.root.path / "archive" / desk.assignment / student


def _archive(desk: Desk, student: str, old: Path) -> Path:
    place = _archived(desk, student)
    place.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(p.name) for p in place.iterdir() if p.name.isdecimal()), default=0)
    os.replace(old, place / str(number))
    return place / str(number)
