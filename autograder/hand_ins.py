"""Find out who handed in what: nbgrader's layout, a folder for each student, or files named by student."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import GraderError
from autograder.files import JUNK, regular_files
from autograder.receipts import SHAPE, has_receipt, read_pack
from autograder.submission import is_notebook

__all__ = ["HandIns", "find_hand_ins"]

COPY = re.compile(r"\s*\((\d+)\)$|-Copy(\d+)$")  # a browser's and Jupyter's mark of a second file of one name
File = tuple[Path, Path]  # where it is, and its place in the student's folder


@dataclass
class HandIns:
    """The files of each student, the names of older versions that do not count, and what is nobody's, with the reason."""

    files: dict[str, list[File]] = field(default_factory=dict)
    older: dict[str, list[str]] = field(default_factory=dict)
    strays: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """Reads a student's name from a file's name.

    Parameters
    ----------
    assignment : str
        The assignment, by whose name or first word (``ps08`` of ``ps08_optimizers``) a file's name may end.
    notebooks : list of str
        The assignment's notebooks, by whose names it may end, too.
    pattern : re.Pattern, optional
        Finds the student in place of that.
    """

    assignment: str
    notebooks: list[str]
    pattern: re.Pattern | None = None

    def split(self, stem: str) -> tuple[str | None, str]:
        """Split ``ada-ps01 (1)`` into the student and the name of what was handed in, each where the name has it."""
        if self.pattern:
            match = self.pattern.search(stem)
            return (match["student"] if match else None), ""
        stem = COPY.sub("", stem)
        words = sorted({self.assignment, self.assignment.split("_", maxsplit=1)[0], *self.notebooks}, key=len, reverse=True)
        match = re.fullmatch(rf"(?:(.*?)[-_ ]+)?({'|'.join(map(re.escape, words))})", stem, re.IGNORECASE)
        return (match[1], match[2]) if match else (stem, "")

    def place(self, path: Path, part: str) -> Path:
        """Say under which name the student's folder keeps a loose file: a notebook has the name that nbgrader expects."""
        name = part if part in self.notebooks else self.notebooks[0] if len(self.notebooks) == 1 else path.stem
        return Path(f"{name}.ipynb" if is_notebook(path) else path.name)


def find_hand_ins(folder: Path, assignment: str, notebooks: list[str], pattern: str | None = None) -> HandIns:
    """Sort the files at ``folder`` by student; of several files that are meant as one, take the newest.

    Raises
    ------
    GraderError
        If ``pattern`` is no regular expression with a group ``student``.
    """
    names, found = Names(assignment, notebooks, _compile(pattern)), HandIns()
    entries = _entries(folder, names)
    kept_by_nbgrader = any((entry / assignment).is_dir() for entry in entries)
    for entry in entries:
        if entry.is_symlink() or (entry / assignment).is_symlink() or not (entry.is_dir() or entry.is_file()):
            found.strays[entry.name] = "a link, a pipe or a device is not opened"
        elif entry.is_dir():
            _add_folder(found, entry, names, kept_by_nbgrader)
        elif entry.name == "timestamp.txt" or entry.stem.lower() == "readme":
            found.strays[entry.name] = "it tells of the folder, and is nobody's hand-in"
        else:
            student, part = _whose(entry, names)
            if student:
                _add(found, student, [(entry, names.place(entry, part))])
            else:
                found.strays[entry.name] = "no student is named in its name"
    for student, files in found.files.items():
        counting = {place: path for path, place in sorted(files, key=_age)}
        found.files[student] = sorted((path, place) for place, path in counting.items())
        found.older[student] = [path.name for path, place in files if counting[place] != path]
    return found


def _whose(path: Path, names: Names) -> tuple[str | None, str]:
    """Give the student and the part that a loose file names; of a packed one, its receipt's name, if no pattern asks."""
    if names.pattern or not has_receipt(path):
        return names.split(path.stem)
    try:
        return read_pack(path)[0].name, ""
    except ValueError:
        return SHAPE.search(path.stem)["name"] if SHAPE.search(path.stem) else names.split(path.stem)[0], ""


def _compile(pattern: str | None) -> re.Pattern | None:
    try:
        compiled = re.compile(pattern) if pattern else None
    except re.error as error:
        raise GraderError(f"--pattern {pattern!r} is no regular expression: {error}") from error
    if compiled and "student" not in compiled.groupindex:
        raise GraderError(f"--pattern {pattern!r} needs a group (?P<student>...) around the student's name")
    return compiled


def _entries(folder: Path, names: Names) -> list[Path]:
    """List what is in a folder; where that is one folder that is no student's, as zips often have it, what is in that."""
    there = sorted(path for path in folder.iterdir() if not path.name.startswith(JUNK))
    entries = [path for path in there if not path.name.startswith(".") or path.suffix == ".ipynb" or _has_notebook(path)]
    only = entries[0] if len(entries) == 1 else None
    if only and only.is_dir() and not only.is_symlink() and not _is_one_students(only, names):
        return _entries(only, names)
    return entries


def _has_notebook(path: Path) -> bool:
    return any(is_notebook(file) for file in regular_files(path))


def _is_one_students(folder: Path, names: Names) -> bool:
    """Tell a student's folder from one around the whole class, by what is in it."""
    inside = [path for path in folder.iterdir() if not path.name.startswith(JUNK)]
    if any(path.is_dir() and path.name == names.assignment for path in inside):
        return True
    split = [names.split(path.stem) for path in inside if is_notebook(path)]
    packed = [path for path in inside if has_receipt(path)]
    if packed and not names.pattern:
        return False  # their receipts say whose they are
    split += [names.split(path.stem) for path in packed]
    if not split:
        return not any(path.is_dir() for path in inside)
    if names.pattern:
        return not any(student for student, _ in split)
    return any(not student for student, _ in split) or (len(split) == 1 and not split[0][1])


def _add_folder(found: HandIns, entry: Path, names: Names, kept_by_nbgrader: bool) -> None:
    """Add a student's folder; of one in nbgrader's layout, the part that is this assignment's, if there is any."""
    base = entry / names.assignment
    if not base.is_dir():
        if kept_by_nbgrader and not any(is_notebook(path) for path in entry.iterdir()):
            return  # a student who has handed in other assignments only
        base = entry
    files = []
    for path in regular_files(base):
        meant = COPY.sub("", path.stem) if path.parent == base and is_notebook(path) else None
        place = Path(f"{meant}.ipynb") if meant in names.notebooks else path.relative_to(base)
        if place != Path("timestamp.txt") or base != entry:  # nbgrader writes it; a student's own is worth nothing
            files.append((path, place))
    if files:
        match = names.pattern.search(entry.name) if names.pattern else None
        _add(found, match["student"] if match else entry.name, files)
    else:
        found.strays[entry.name] = "there is no file in it"


def _add(found: HandIns, student: str, files: list[File]) -> None:
    """Add files to a student's; letters with accents are one character or two, as the computer wants."""
    found.files.setdefault(unicodedata.normalize("NFC", student), []).extend(files)


def _age(file: File) -> tuple[float, int, str]:
    """Order files by their time, and those of one time by their number as copies."""
    path = file[0]
    number = COPY.search(path.stem)
    return path.stat().st_mtime, int(number[1] or number[2]) if number else 0, path.name
