"""Open what submissions come in, a folder or a zip, without trusting what is in it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.errors import GraderError

__all__ = ["MAX_FILE", "opened"]

MAX_FILE = 50_000_000  # bytes of one file
MAX_TOTAL = 2_000_000_000
MAX_FILES = 20_000


@contextmanager
def opened(origin: Path) -> Iterator[Path]:
    """Give a folder as it is; unpack a zip to a temporary one."""
    if origin.is_dir():
        yield origin
        return
    with tempfile.TemporaryDirectory(prefix="collect-") as scratch:
        try:
            with zipfile.ZipFile(origin) as archive:
                _unpack(archive, Path(scratch))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise GraderError(f"{origin} is not a zip that can be read ({error})") from error
        yield Path(scratch)


def _unpack(archive: zipfile.ZipFile, target: Path) -> None:
    """Unpack regular files only, inside ``target`` only, and not more than a class can have written."""
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_TOTAL:
        raise GraderError(f"{archive.filename} is too large: over {MAX_FILES} files or {MAX_TOTAL // 10**9} GB unpacked")
    for member in members:
        path = (target / member.filename).resolve()
        if not path.is_relative_to(target.resolve()) or "\\" in member.filename:
            raise GraderError(f"{archive.filename} is refused: {member.filename!r} would be unpacked outside its folder")
        if (member.external_attr >> 16) & 0o170000 not in {0, 0o100000} or member.file_size > MAX_FILE:
            continue  # a link, a device, or a file that no notebook is as large as
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as packed, open(path, "wb") as file:
            shutil.copyfileobj(packed, file)
        when = time.mktime((*member.date_time, 0, 0, -1))
        os.utime(path, (when, when))
