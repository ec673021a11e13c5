"""The versions of one student's hand-in: loose files, and zips that `course submit` has packed, each with its receipt."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.hand_ins import File
from autograder.receipts import RECEIPT, Receipt, fits, has_receipt, read_pack, read_receipt, sha256
from autograder.submission import is_notebook

__all__ = ["Version", "check_receipt", "find_versions", "how_late"]

DAY = 86_400


@dataclass(frozen=True)
class Version:
    """One version: what it is called, its time in seconds since 1970, its files, and what the instructor should know."""

    name: str
    when: float
    files: list[File]
    note: str = ""


def find_versions(files: list[File], assignment: str, scratch: Path) -> tuple[list[Version], list[str]]:
    """Sort a student's files into versions, the oldest first; say which packed ones cannot be taken, and why.

    Parameters
    ----------
    files : list of File
        What one student handed in.
    assignment : str
        Full name of the assignment.
    scratch : Path
        A folder in which zips may be unpacked.
    """
    packed = [path for path, _ in files if has_receipt(path)]
    loose = [file for file in files if file[0] not in packed]
    found, refused = [], []
    beside = [] if any(is_notebook(path) for path, _ in loose) else loose  # such as timestamp.txt: no version of its own
    if loose and not (packed and beside):
        newest = max((path.stat().st_mtime, path.name) for path, _ in loose)
        found.append(Version(newest[1], newest[0], loose))
    for number, path in enumerate(packed):
        try:
            version = _unpacked(path, assignment, scratch / str(number))
            found.append(replace(version, files=version.files + beside))
        except ValueError as error:
            refused.append(f"{path.name} is not taken: {error}")
    return sorted(found, key=lambda version: (version.when, version.name)), refused


def _unpacked(path: Path, assignment: str, folder: Path) -> Version:
    """Unpack a zip; its files get the receipt's time, or the zip's own where the receipt does not hold."""
    receipt, content = read_pack(path)
    if not fits(receipt, assignment):
        raise ValueError(f"its receipt is of {receipt.assignment}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / receipt.notebook).write_bytes(content)
    (folder / RECEIPT).write_text(receipt.text(), encoding="utf-8")
    when, note = receipt.moment.timestamp(), _wrong(receipt, content)
    if not note and when > time.time() + DAY:
        note = f"its receipt says {receipt.time}, which is yet to come: the file's own time counts"
    when = path.stat().st_mtime if note else when
    for file in folder.iterdir():
        os.utime(file, (when, when))
    return Version(path.name, when, [(file, Path(file.name)) for file in sorted(folder.iterdir())], note)


def _wrong(receipt: Receipt, content: bytes) -> str:
    """Compare a notebook with its receipt."""
    if sha256(content) == receipt.sha256:
        return ""
    return "the notebook is not the one of its receipt (another SHA-256): the file's own time counts"


def check_receipt(folder: Path) -> str:
    """Say what is wrong with a receipt that lies beside a notebook, as where somebody has unpacked the zip."""
    path = folder / RECEIPT
    if not path.is_file() or path.is_symlink():
        return ""
    try:
        receipt = read_receipt(path.read_bytes())
    except (ValueError, OSError):
        return "its receipt cannot be read"
    notebook = folder / receipt.notebook
    content = notebook.read_bytes() if notebook.is_file() and not notebook.is_symlink() else b""
    return _wrong(receipt, content).partition(":")[0]


def how_late(when: float, due: datetime | None) -> str:
    """Say by how much a hand-in is late, if it is.

    >>> how_late(90_000.0, datetime(1970, 1, 1))
    'late by 1 day, 1 h'
    """
    from datetime import UTC

    late = 0 if due is None else int(when - due.replace(tzinfo=due.tzinfo or UTC).timestamp())
    if late <= 0:
        return ""
    days, hours, minutes = late // DAY, late % DAY // 3600, late % 3600 // 60
    parts = [f"{days} day{'s' if days > 1 else ''}"] * bool(days) + [f"{hours} h"] * bool(hours)
    return "late by " + ", ".join((parts + [f"{minutes} min"] * bool(minutes and not days)) or ["less than a minute"])
