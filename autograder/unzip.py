"""Open what submissions come in, a folder or a zip, without trusting what is in it."""

from __future__ import annotations

import lzma
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import GraderError

__all__ = ["MAX_FILE", "opened"]

MAX_FILE = 50_000_000  # bytes of one file
MAX_TOTAL = 2_000_000_000
MAX_FILES = 20_000
REGULAR = {0, 0o100000}  # what the kind of a file may be in a zip: not said, or a regular file
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, ValueError, OSError)


@contextmanager
def opened(origin: Path) -> Iterator[tuple[Path, list[str]]]:
    """Give a folder as it is; unpack a zip to a temporary one. Give also the names of what was left out of it.

    Raises
    ------
    GraderError
        If there is neither, or the zip is broken, too large, or would write outside its folder.
    """
    if origin.is_dir():
        yield origin, []
        return
    if not origin.is_file():
        raise GraderError(f"there is nothing at {origin} to collect: give the folder or the zip with the submissions")
    with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
        try:
            with zipfile.ZipFile(origin) as archive:
                left_out = _unpack(archive, Path(scratch))
        except BROKEN as error:
            raise GraderError(f"{origin} is not a zip that can be read ({str(error) or type(error).__name__})") from error
        yield Path(scratch), left_out


def _unpack(archive: zipfile.ZipFile, target: Path) -> list[str]:
    """Unpack regular files only, inside ``target`` only, and not more than a class can have written; name the others."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    sizes = [member.file_size for member in members if member.file_size <= MAX_FILE]
    if len(members) > MAX_FILES or sum(sizes) > MAX_TOTAL:
        raise GraderError(f"{archive.filename} is too large: over {MAX_FILES} files or {MAX_TOTAL // 10**9} GB unpacked")
    left_out = []
    for member in members:
        path = (target / member.filename).resolve()
        if not path.is_relative_to(target.resolve()) or "\\" in member.filename:
            raise GraderError(f"{archive.filename} is refused: {member.filename!r} would be unpacked outside its folder")
        if (member.external_attr >> 16) & 0o170000 not in REGULAR or member.file_size > MAX_FILE:
            left_out.append(member.filename)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, open(path, "wb") as file:
            shutil.copyfileobj(packed, file)
        when = time.mktime((*member.date_time, 0, 0, -1))
        os.utime(path, (when, when))
    return left_out
