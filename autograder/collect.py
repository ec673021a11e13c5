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
from autograder.files import digest, write_whole
from autograder.root import Root
from autograder.submission import find_notebook
from autograder.unzip import MAX_FILE, opened

__all__ = ["Collected", "collect"]

STUDENT = re.compile(r"[\w.@+-]+(?: [\w.@+-]+)*")


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
    if not origin.exists():
        raise GraderError(f"there is nothing at {origin}: give the folder or the zip with the submissions")
    with opened(origin) as folder:
        hand_ins = _hand_ins(folder, assignment, _compile(pattern))
        if not hand_ins:
            raise GraderError(f"{origin} holds no file to collect")
        for student in sorted(hand_ins):
            if not STUDENT.fullmatch(student) or student.startswith("."):
                yield Collected(student, "refused", "the name of the student has characters that no folder should have")
                continue
            yield _take(root, assignment, notebooks, student, hand_ins[student])


def _compile(pattern: str | None) -> re.Pattern | None:
    try:
        compiled = re.compile(pattern) if pattern else None
    except re.error as error:
        raise GraderError(f"--pattern {pattern!r} is no regular expression: {error}") from error
    if compiled and "student" not in compiled.groupindex:
        raise GraderError(f"--pattern {pattern!r} needs a group (?P<student>...) around the student's name")
    return compiled


def _hand_ins(folder: Path, assignment: str, pattern: re.Pattern | None) -> dict[str, list[tuple[Path, Path]]]:
    """Sort the files at ``folder`` by student: for each a list of (file, path relative to the student's folder)."""
    found: dict[str, list[tuple[Path, Path]]] = {}
    for entry in _entries(folder, assignment):
        if entry.is_dir():
            base = entry / assignment if (entry / assignment).is_dir() else entry
            if any(path.is_file() for path in base.iterdir()):
                found.setdefault(entry.name, []).extend((path, path.relative_to(base)) for path in _regular(base))
        elif entry.is_file() and not entry.is_symlink():
            student = _student_of(entry.stem, assignment, pattern)
            if student:
                found.setdefault(student, []).append((entry, Path(entry.name)))
    return {student: _newest(files) for student, files in found.items()}


def _entries(folder: Path, assignment: str) -> list[Path]:
    """List what is in a folder; where that is one folder that is no student's, as zips often have it, what is in that."""
    entries = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "__MACOSX"))]
    if len(entries) == 1 and entries[0].is_dir():
        only = entries[0]
        if not (only / assignment).is_dir() and len(list(only.glob("*.ipynb"))) != 1:
            return _entries(only, assignment)
    return entries


def _student_of(stem: str, assignment: str, pattern: re.Pattern | None) -> str | None:
    """Read the student's name from a file's: all of it, less the assignment's name and a copy's number."""
    if pattern:
        match = pattern.search(stem)
        return match["student"] if match else None
    short = assignment.split("_", maxsplit=1)[0]
    stem = re.sub(r"\s*\(\d+\)$|-Copy\d+$", "", stem)
    return re.sub(rf"[-_ ]*({re.escape(assignment)}|{re.escape(short)})$", "", stem, flags=re.IGNORECASE) or None


def _regular(base: Path) -> list[Path]:
    """List the regular files below a folder; a link is neither followed nor taken."""
    return [
        Path(where) / name
        for where, _, names in os.walk(base)
        for name in sorted(names)
        if not (Path(where) / name).is_symlink() and (Path(where) / name).is_file()
    ]


def _newest(files: list[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    """Of several files that one student handed in loose, ``ada.ipynb`` and ``ada (1).ipynb``, keep the newest."""
    if len({path.parent for path, _ in files}) == 1 and all(path.suffix == ".ipynb" for path, _ in files):
        return [max(files, key=lambda item: item[0].stat().st_mtime)]
    return files


def _take(root: Root, assignment: str, notebooks: list[str], student: str, files: list[tuple[Path, Path]]) -> Collected:
    target = root.folder("submitted", student, assignment)
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{assignment}."))
    try:
        too_large = [str(name) for path, name in files if path.stat().st_size > MAX_FILE]
        for path, name in files:
            if str(name) not in too_large:
                (work / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, work / name)
        note = f"left out, too large: {', '.join(too_large)}" if too_large else ""
        note = _rename(work, notebooks) or note
        _stamp(work, files)
        if target.is_dir() and _content(target) == _content(work):
            return Collected(student, "unchanged", note)
        status = "changed" if target.exists() else "new"
        if target.exists():
            _archive(root, assignment, student, target)
        work.chmod(0o755)
        os.replace(work, target)
        return Collected(student, status, note)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _rename(folder: Path, notebooks: list[str]) -> str:
    """Give a notebook that bears another name the one that nbgrader looks for."""
    if len(notebooks) != 1 or (folder / f"{notebooks[0]}.ipynb").exists():
        return ""
    found = find_notebook(folder, notebooks[0])
    if found is None:
        return f"no notebook in it: {', '.join(sorted(p.name for p in folder.iterdir())) or 'nothing'}"
    found.rename(folder / f"{notebooks[0]}.ipynb")
    return f"{found.name} taken for {notebooks[0]}.ipynb"


def _stamp(folder: Path, files: list[tuple[Path, Path]]) -> None:
    """Say when the files were handed in, in nbgrader's way, unless they say so themselves."""
    if not (folder / "timestamp.txt").exists():
        newest = max((path.stat().st_mtime for path, _ in files), default=time.time())
        write_whole(folder / "timestamp.txt", time.strftime("%Y-%m-%d %H:%M:%S.000000 UTC\n", time.gmtime(newest)))


def _content(folder: Path) -> str:
    """Hash what was handed in; when it was handed in does not make it another."""
    files = [path for path in sorted(_regular(folder)) if path.name != "timestamp.txt"]
    return digest(*files, also=repr([str(path.relative_to(folder)) for path in files]))


def _archive(root: Root, assignment: str, student: str, old: Path) -> None:
    place = root.path / "archive" / assignment / student
    place.mkdir(parents=True, exist_ok=True)
    number = 1 + max((int(p.name) for p in place.iterdir() if p.name.isdigit()), default=0)
    os.replace(old, place / str(number))
