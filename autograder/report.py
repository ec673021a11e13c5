"""The report on a class: one HTML page with the distribution of marks, the exercises, the misconceptions, who needs help."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.discrimination import FEWEST, LOW, SMALL, Discrimination, discriminations
from autograder.files import write_whole
from autograder.pages import percent, render
from autograder.results import ClassResults, Item, StudentResult
from autograder.sanitize import plain
from autograder.timing import time_to_grade

__all__ = ["write_report"]

NEEDS_HELP = 0.5  # share of the points below which a student is listed by name
MOST = 12  # bars in a picture of frequencies; the table under it has all
MANY = 200  # characters of a reason


@dataclass(frozen=True)
class Exercise:
    """How the class did on one item: how many have a mark, how many full marks, and the mean share of the points."""

    title: str
    out_of: float
    marked: int
    full: int
    mean: float | None

    @property
    def rate(self) -> float | None:
        return self.full / self.marked if self.marked else None


@dataclass(frozen=True)
class Frequency:
    """How often something was found, where, and an example of what students are told."""

    title: str
    what: str
    count: int
    advice: str = ""


def write_report(results: ClassResults, path: Path) -> None:
    """Write the report as one self-contained page; the same results give the same bytes."""
    students = sorted(results.students, key=lambda student: student.student)
    results = ClassResults(results.course, results.assignment, students)
    shares = [s for s in map(share, students) if s is not None]
    exercises, misconceptions, separation = _exercises(results), _misconceptions(results), discriminations(results)
    page = render(
        "report.html",
        results=results,
        figures=_figures(students, shares),
        bins=_bins(shares),
        exercises=exercises,
        misconceptions=misconceptions,
        others=_other_reasons(results),
        help=[(s, share(s), _brief(s.reasons)) for s in _who_needs_help(students)],
        noted=[(s.student, _brief(s.notes)) for s in students if s.notes],
        waiting=_waiting(results),
        separation=separation,
        timing=time_to_grade(students),
        pictures=_pictures(shares, exercises, misconceptions) | _picture_of_separation(separation),
        limit=NEEDS_HELP,
        small=SMALL if len(students) < SMALL else None,
        fewest=FEWEST,
        low=LOW,
    )
    write_whole(path, page)


def share(student: StudentResult) -> float | None:
    """Give the share of the points that a student has, of those that are graded so far; None if none are."""
    graded = student.out_of - student.waiting
    return min(max(student.points / graded, 0.0), 1.0) if graded > 0 else None


def _figures(students: list[StudentResult], shares: list[float]) -> dict[str, str]:
    found = {"students": str(len(students)), "with nothing graded yet": str(len(students) - len(shares))}
    if shares:
        found |= {
            "mean": percent(statistics.fmean(shares)),
            "median": percent(statistics.median(shares)),
            "lowest": percent(min(shares)),
            "highest": percent(max(shares)),
        }
    return found


def _bins(shares: list[float]) -> dict[str, int]:
    counts = Counter(min(int(share * 10 + 1e-9), 9) for share in shares)
    return {f"{10 * i}–{10 * i + 9 if i < 9 else 100}": counts[i] for i in range(10)}


def _items(results: ClassResults) -> list[tuple[str, Item]]:
    """Give every student's items, each with the title that the class knows it by."""
    titles = results.titles
    return [(plain(titles[item.key]), item) for student in results.students for item in student.items]


def _exercises(results: ClassResults) -> list[Exercise]:
    """Give the exercises, those that fewest solved first; equal ones in the order of the notebook."""
    found = []
    for key, title in results.titles.items():
        items = [item for _, item in _items(results) if item.key == key]
        marked = [item for item in items if item.points is not None]
        shares = [item.points / item.out_of for item in marked if item.out_of > 0]
        mean = statistics.fmean(shares) if shares else None
        found.append(Exercise(plain(title), items[0].out_of, len(marked), sum(item.full for item in marked), mean))
    return sorted(found, key=lambda exercise: 2.0 if exercise.rate is None else exercise.rate)


def _misconceptions(results: ClassResults) -> list[Frequency]:
    found = [(title, item) for title, item in _items(results) if item.misconception]
    counts = Counter((title, plain(item.misconception)) for title, item in found)
    advice = {(title, plain(item.misconception)): plain(item.advice or "") for title, item in found}
    return [Frequency(*key, count, advice[key]) for key, count in _by_frequency(counts)]


def _other_reasons(results: ClassResults) -> list[Frequency]:
    lost = [(t, item) for t, item in _items(results) if item.reason and not item.full and not item.misconception]
    counts = Counter((title, plain(item.reason)[:MANY]) for title, item in lost)
    return [Frequency(*key, count) for key, count in _by_frequency(counts)]


def _by_frequency(counts: Counter) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda found: (-found[1], found[0]))


def _who_needs_help(students: list[StudentResult]) -> list[StudentResult]:
    """List the students with the fewest points first, those with nothing to grade before them."""
    low = [(-1.0 if share(s) is None else share(s), s.student, s) for s in students]
    return [
        student for part, _, student in sorted(low, key=lambda each: each[:2]) if part < NEEDS_HELP and _can_tell(student)
    ]


def _can_tell(student: StudentResult) -> bool:
    """Tell whether a student's few points say anything: not where all of them just wait for a person."""
    return share(student) is not None or not student.waiting


def _waiting(results: ClassResults) -> list[tuple[str, float, list[str]]]:
    """Give the exercises that wait for a person: their points in all, and the students."""
    found: dict[tuple, tuple[float, list[str]]] = {}
    for student in results.students:
        for item in student.items:
            if item.points is None or item.review:
                points, names = found.get(item.key, (0.0, []))
                found[item.key] = (points + item.out_of, [*names, plain(student.student)])
    titles = results.titles
    return [(plain(titles[key]), *found[key]) for key in titles if key in found]


def _brief(texts: list[str]) -> list[str]:
    return [text if len(text) <= MANY else text[: MANY - 1] + "…" for text in map(plain, texts)]


def _pictures(shares: list[float], exercises: list[Exercise], misconceptions: list[Frequency]) -> dict[str, Any]:
    from autograder.charts import histogram, horizontal_bars

    pictures = {}
    if shares:
        edges = [str(10 * i) for i in range(11)]
        counts = list(_bins(shares).values())
        alt = f"Bar chart of the marks of {len(shares)} students, half with {percent(statistics.median(shares))} or more."
        pictures["marks"] = histogram("marks", alt, edges, counts, "percent of the points; above each bar, students")
    known = [exercise for exercise in exercises if exercise.rate is not None]
    if known:
        series = {
            "full marks, % of students": [100 * exercise.rate for exercise in known],
            "mean points, %": [100 * (exercise.mean or 0.0) for exercise in known],
        }
        alt = f"Bar chart of {len(known)} exercises, hardest first; {known[0].title}: {percent(known[0].rate)} full marks."
        titles = [exercise.title for exercise in known]
        pictures["exercises"] = horizontal_bars("exercises", alt, titles, series, top=100, unit=" %")
    if misconceptions:
        first = misconceptions[:MOST]
        alt = f"Bar chart of the {len(first)} most frequent misconceptions; {first[0].count} students: {first[0].what}."
        labels, counts = [f"{f.title}: {f.what}" for f in first], [float(f.count) for f in first]
        pictures["misconceptions"] = horizontal_bars("misconceptions", alt, labels, {"students": counts}, top=max(counts))
    return pictures


def _picture_of_separation(separation: list[Discrimination]) -> dict[str, Any]:
    from autograder.charts import horizontal_bars

    known = [item for item in separation if item.r is not None]
    if not known:
        return {}
    weak = ", ".join(item.title for item in known if item.flagged) or "none"
    alt = f"Bar chart of the correlation of {len(known)} exercises with the rest, lowest first. Below {LOW}: {weak}."
    bars = {"correlation with the rest": [item.r for item in known]}
    return {"separation": horizontal_bars("separation", alt, [item.title for item in known], bars, top=1.0, digits=2)}
