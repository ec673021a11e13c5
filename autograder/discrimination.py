"""Which exercises separate strong students from weak ones: each item's correlation with the rest of the score."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

from autograder.results import ClassResults, StudentResult
from autograder.sanitize import plain

__all__ = ["FEWEST", "LOW", "SMALL", "Discrimination", "discriminations"]

FEWEST = 10  # students without whom nothing is said
SMALL = 30  # students below whom the report warns
LOW = 0.2  # below which an item hardly separates, by a common rule of thumb


@dataclass(frozen=True)
class Discrimination:
    """How an item's points go with the points in the rest of the assignment.

    Attributes
    ----------
    title : str
    count : int
        Students who have a mark in the item and in the rest.
    r : float or None
        Pearson's correlation of the two; where the item has all points or none, that is the point-biserial correlation.
        None for fewer than ``FEWEST`` students, or where all have the same.
    low, high : float or None
        An interval that contains the correlation of a large class like this one 95 times in 100, by Fisher's z; None where
        ``r`` is.
    """

    title: str
    count: int
    r: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def flagged(self) -> bool:
        return self.r is not None and self.r < LOW

    @property
    def remark(self) -> str:
        """What the instructor should think of it, in a few words."""
        if self.r is None:
            return "too few students" if self.count < FEWEST else "everybody has the same"
        if self.r < 0:
            return "negative, perhaps by chance" if self.high > 0 else "negative"
        if self.r < LOW:
            return "low"
        return "separates" if self.low > 0 else "perhaps separates"


def discriminations(results: ClassResults) -> list[Discrimination]:
    """Give each item's, the lowest first; those without a value last, in the order of the notebook."""
    found = [_of(key, plain(title), results.students) for key, title in results.titles.items()]
    return sorted(found, key=lambda item: math.inf if item.r is None else item.r)


def _of(key: tuple[str, str], title: str, students: list[StudentResult]) -> Discrimination:
    both = [pair for pair in (_item_and_rest(student, key) for student in students) if pair]
    if len(both) < FEWEST:
        return Discrimination(title, len(both))
    try:
        r = statistics.correlation(*zip(*both, strict=True))
    except statistics.StatisticsError:
        return Discrimination(title, len(both))
    r = min(max(round(r, 12), -1.0), 1.0)
    return Discrimination(title, len(both), r, *_interval(r, len(both)))


def _item_and_rest(student: StudentResult, key: tuple[str, str]) -> tuple[float, float] | None:
    """Give the share of the item's points, and of all others that are graded; the item itself is left out of the rest."""
    graded = [item for item in student.items if item.points is not None and item.out_of > 0]
    here, rest = [i for i in graded if i.key == key], [i for i in graded if i.key != key]
    if not here or not rest:
        return None
    return here[0].points / here[0].out_of, sum(i.points for i in rest) / sum(i.out_of for i in rest)


def _interval(r: float, count: int) -> tuple[float, float]:
    """Give the 95 % interval: the inverse hyperbolic tangent of r is nearly normal, with variance 1 / (n - 3).

    >>> low, high = _interval(0.5, 30)
    >>> round(low, 2), round(high, 2)
    (0.17, 0.73)
    """
    if abs(r) == 1:
        return r, r
    z, width = math.atanh(r), statistics.NormalDist().inv_cdf(0.975) / math.sqrt(count - 3)
    return math.tanh(z - width), math.tanh(z + width)
