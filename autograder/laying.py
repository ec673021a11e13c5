"""Lay one hand-in out in a folder as nbgrader expects it: files, the notebook's name, the time stamp."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC
from pathlib import Path

from autograder.files import digest, regular_files, write_whole
from autograder.hand_ins import File
from autograder.submission import is_notebook
from autograder.unzip import MAX_FILE

__all__ = ["content_of", "copy_hand_in", "name_notebook", "stamp", "time_of"]

STAMP = "timestamp.txt"


def copy_hand_in(files: list[File], work: Path) -> str:
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


def name_notebook(folder: Path, notebooks: list[str]) -> str:
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


def stamp(folder: Path, files: list[File]) -> float:
    """Say when the files were handed in, in nbgrader's way, unless they say so themselves; give that time."""
    path = folder / STAMP
    if path.is_dir():
        path.rename(folder / f"{STAMP}.folder")
    if time_of(folder) == 0:  # there is none, or none that nbgrader can read
        newest = max((path.stat().st_mtime for path, _ in files), default=time.time())
        write_whole(path, time.strftime("%Y-%m-%d %H:%M:%S.000000 UTC\n", time.gmtime(newest)))
    return time_of(folder)


def time_of(folder: Path) -> float:
    """Read a folder's time stamp, in seconds since 1970; 0 where there is none."""
    from nbgrader.utils import parse_utc

    try:
        return parse_utc((folder / STAMP).read_text(encoding="utf-8").strip()).replace(tzinfo=UTC).timestamp()
    except (OSError, ValueError, OverflowError):
        return 0.0


def content_of(folder: Path) -> str:
    """Hash what was handed in; when it was handed in does not make it another."""
    files = [path for path in regular_files(folder) if path != folder / STAMP]
    return digest(*files, also=repr([str(path.relative_to(folder)) for path in files]))
