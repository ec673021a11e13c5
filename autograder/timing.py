"""How long grading took: the seconds that each autograded notebook bears in its stamp."""

from __future__ import annotations

import json
import math
import statistics
from dataclasses import dataclass
from pathlib import Path

from autograder.marking import STAMP
from autograder.results import StudentResult

__all__ = ["Timing", "time_to_grade"]

SLOWEST = 5


@dataclass(frozen=True)
class Timing:
    """Seconds of the class: their sum over all workers, the median, what nine of ten stay below, and who took longest."""

    count: int
    total: float
    median: float
    most: float
    slowest: list[tuple[str, float]]


def time_to_grade(students: list[StudentResult]) -> Timing | None:
    """Sum up how long the students' notebooks took; None if no notebook says."""
    seconds = {student.student: taken for student in students if (taken := _seconds(student.autograded)) is not None}
    if not seconds:
        return None
    ordered = sorted(seconds.values())
    slowest = sorted(seconds.items(), key=lambda item: (-item[1], item[0]))[:SLOWEST]
    most = ordered[math.ceil(0.9 * len(ordered)) - 1]
    return Timing(len(ordered), math.fsum(ordered), statistics.median(ordered), most, slowest)


def _seconds(paths: list[Path]) -> float | None:
    found = [taken for taken in map(_stamped, paths) if taken is not None]
    return math.fsum(found) if found else None


def _stamped(path: Path) -> float | None:
    try:
        taken = json.loads(path.read_bytes())["metadata"][STAMP]["seconds"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return float(taken) if isinstance(taken, (int, float)) and 0 <= taken < math.inf else None
