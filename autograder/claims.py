"""Who has taken which student, so that several graders of one course directory share the work."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from autograder.files import digest

try:
    import fcntl
except ImportError:  # Windows: one grader at a time
    fcntl = None

__all__ = ["Claims"]


class Claims:
    """Claims on students, each a lock on one byte of a file: the system lets go when the process ends, however it ends.

    Such locks hold between processes, on a network's disk between machines too, but not between threads of one process.

    Parameters
    ----------
    path : Path
        The file, made if there is none. Nothing is written into it.
    """

    def __init__(self, path: Path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    def take(self, student: str) -> bool:
        """Claim a student; False if another grader has."""
        if fcntl is not None:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _place(student))
            except (BlockingIOError, PermissionError):
                return False
        return True

    def drop(self, student: str) -> None:
        """Let others have a student."""
        if fcntl is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _place(student))

    def close(self) -> None:
        """Let others have all students."""
        with contextlib.suppress(OSError):
            os.close(self._file)


def _place(student: str) -> int:
    """Give a student's byte: far beyond the file's end, where no two students meet."""
    return int(digest(also=student)[:15], 16)
