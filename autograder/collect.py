"""Take submissions in: from nbgrader's layout, or from a folder or zip of files named by student.

Every hand-in ends in ``submitted/<student>/<assignment>/`` under the name that nbgrader expects. What it replaces is moved
to ``archive/``, never deleted; handing in the same files twice changes nothing.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import GraderError
from autograder.files import digest, regular_files, write_whole
from autograder.hand_ins import File, find_hand_ins
from autograder.root import Root
from autograder.submission import is_notebook
from autograder.unzip import MAX_FILE, opened

__all__ = ["Collected", "collect"]

STUDENT = re.compile(r"[\w@+-][\w.@+'’-]*(?: [\w.@+'’-]+)*")
STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Collected:
    """What became of one hand-in: ``new``, ``changed``, ``unchanged`` or ``refused``, and why."""

    student: str
    status: str
    note: str = ""


def collect(
    root: Root, assignment: str, notebooks: list[str], origin: Path, pattern: str | None = None
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
        named by student: ``ada.ipynb``, ``ada_ps08.ipynb``.
    pattern : str, optional
        Regular expression with a group ``student`` that finds the student in a file's name, for a learning platform's own.

    Raises
    ------
    GraderError
        If there is nothing at ``origin``, or the zip is broken or dangerous.
    """
    with opened(origin) as (folder, left_out):
        found = find_hand_ins(folder, assignment, notebooks, pattern)
        strays = found.strays | dict.fromkeys(left_out, "too large, or no regular file")
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
            yield _take(root, assignment, notebooks, student, files, newest)


def _collected(student: str, status: str, *notes: str) -> Collected:
    """Say what became of a hand-in, also of one whose name is no text."""
    said = (text.encode("utf-8", errors="replace").decode("utf-8") for text in (student, "; ".join(filter(None, notes))))
    return Collected(next(said), status, next(said))


def _take(root: Root, assignment: str, notebooks: list[str], student: str, files: list[File], note: str) -> Collected:
    target = root.folder("submitted", student, assignment)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{assignment}."))
    try:
        notes = [note, _copy(files, work), _rename(work, notebooks)]
        _stamp(work, files)
        if target.is_dir() and _content(target) == _content(work):
            return _collected(student, "unchanged", *notes)
        work.chmod(0o755)
        old = _archive(root, assignment, student, target) if target.exists() else None
        try:
            os.replace(work, target)
        except BaseException:
            if old:
                os.replace(old, target)
            raise
        return _collected(student, "changed" if old else "new", *notes)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _copy(files: list[File], work: Path) -> str:
    """Copy what can be read and is not too large; say what is neither."""
    left_out = []
    for path, place in files:
        if path.stat().st_size > MAX_FILE or not os.access(path, os.R_OK):
            left_out.append(str(place))
            continue
        (work / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, work / place)
        os.utime(work / place, (path.stat().st_mtime,) * 2)
    return f"left out, too large or not to be read: {', '.join(left_out)}" if left_out else ""


def _rename(folder: Path, notebooks: list[str]) -> str:
    """Give a notebook that bears another name, or lies in a folder below, the name and place where nbgrader looks for it."""
    missing = [name for name in notebooks if not is_notebook(folder / f"{name}.ipynb")]
    if not missing:
        return ""
    below = [path for path in regular_files(folder) if is_notebook(path)]
    found = [path for path in below if path.parent == folder] or below
    wanted = folder / f"{missing[0]}.ipynb"
    if len(notebooks) != 1 or not found or wanted.exists():
        there = ", ".join(sorted(path.name for path in folder.iterdir())) or "nothing"
        return f"no {', '.join(missing)}.ipynb in it: there is {there}"
    best = max(found, key=lambda path: (path.stem == missing[0], path.stat().st_mtime))
    best.rename(wanted)
    return f"{best.relative_to(folder)} taken for {wanted.name}"


def _stamp(folder: Path, files: list[File]) -> None:
    """Say when the files were handed in, in nbgrader's way, unless they say so themselves."""
    from nbgrader.utils import parse_utc

    path = folder / STAMP
    if path.is_dir():
        path.rename(folder / f"{STAMP}.folder")
    try:
        parse_utc(path.read_text(encoding="utf-8").strip())
    except (OSError, ValueError, OverflowError):  # there is none, or none that nbgrader can read
        newest = max((path.stat().st_mtime for path, _ in files), default=time.time())
        write_whole(path, time.strftime("%Y-%m-%d %H:%M:%S.000000 UTC\n", time.gmtime(newest)))


def _content(folder: Path) -> str:
    """Hash what was handed in; when it was handed in does not make it another."""
    files = [path for path in regular_files(folder) if path != folder / STAMP]
    return digest(*files, also=repr([str(path.relative_to(folder)) for path in files]))


def _archive(root: Root, assignment: str, student: str, old: Path) -> Path:
    place = root.path / "archive" / assignment / student
    place.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(p.name) for p in place.iterdir() if p.name.isdecimal()), default=0)
    os.replace(old, place / str(number))
    return place / str(number)
