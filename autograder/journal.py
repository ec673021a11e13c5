"""Results that the gradebook has not taken yet, each in a file of its own, so that no kill costs what was marked."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from autograder.files import digest, write_whole
from autograder.marking import Graded, Marked, Work
from autograder.root import Root

__all__ = ["Journal"]


class Journal:
    """The journal of one assignment, in the folder ``journal`` of the course directory.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Full name of the assignment.
    """

    def __init__(self, root: Root, assignment: str):
        self.folder = root.path / "journal" / assignment

    def write(self, work: Work, graded: Graded) -> None:
        """Keep a result, whole or not at all."""
        entry = asdict(graded) | {"timestamp": graded.timestamp and graded.timestamp.isoformat(), "digest": work.digest}
        write_whole(self._path(work.student), json.dumps(entry))

    def read(self, work: Work) -> Graded | None:
        """Give the result of exactly this work, or None if there is none or none that can be read."""
        try:
            entry = json.loads(self._path(work.student).read_text(encoding="utf-8"))
            if entry.pop("digest") != work.digest:
                return None
            notebooks = {name: _marked(**fields) for name, fields in entry.pop("notebooks").items()}
            timestamp = entry.pop("timestamp")
            return Graded(notebooks=notebooks, timestamp=timestamp and datetime.fromisoformat(timestamp), **entry)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def forget(self, student: str) -> None:
        """Drop a result that is recorded, or no longer wanted."""
        self._path(student).unlink(missing_ok=True)

    def _path(self, student: str) -> Path:
        return self.folder / f"{digest(also=student)[:32]}.json"  # any student's name makes a file name


def _marked(text: str, scores: dict, untouched: dict) -> Marked:
    return Marked(text, {name: (points, review) for name, (points, review) in scores.items()}, untouched)
