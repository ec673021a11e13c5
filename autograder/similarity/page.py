"""The report on similar answers: one page with what is alike side by side, for a person to judge."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.files import write_whole
from autograder.pages import render
from autograder.similarity.answers import ClassAnswers
from autograder.similarity.compare import COMMON, FEW, Match, Pair
from autograder.similarity.statements import statements_of

__all__ = ["write_similarity"]

MOST = 60  # pairs shown side by side; the table has all
LINES = 400  # of an answer


@dataclass(frozen=True)
class Line:
    """One line of an answer: its text, and whether it belongs to a statement that both have and few others."""

    text: str
    shared: bool


@dataclass(frozen=True)
class View:
    """A match as the page shows it."""

    match: Match
    left: list[Line]
    right: list[Line]


def write_similarity(found: ClassAnswers, pairs: list[Pair], path: Path, threshold: float) -> None:
    """Write the report as one self-contained page; the same answers give the same bytes."""
    page = render(
        "similarity.html",
        found=found,
        pairs=pairs,
        groups=_groups(pairs),
        views=[(pair, [_view(match) for match in pair.matches]) for pair in pairs[:MOST]],
        threshold=threshold,
        common=COMMON,
        few=FEW,
    )
    write_whole(path, page)


def _view(match: Match) -> View:
    sources = match.answers.sources
    return View(match, _lines(match, sources[match.left]), _lines(match, sources[match.right]))


def _lines(match: Match, source: str) -> list[Line]:
    shared: set[int] = set()
    for statement in statements_of(source, match.answers.language):
        if statement.tokens in match.shared:
            shared.update(range(statement.first, statement.last + 1))
    lines = source.splitlines()
    shown = [Line(text, index in shared and bool(text.strip())) for index, text in enumerate(lines[:LINES])]
    return shown + ([Line(f"… and {len(lines) - LINES} lines more", False)] if len(lines) > LINES else [])


def _groups(pairs: list[Pair]) -> list[list[str]]:
    """Give the groups of more than two students who are linked by pairs, the largest first."""
    group: dict[str, set[str]] = {}
    for pair in pairs:
        joined = group.get(pair.left, {pair.left}) | group.get(pair.right, {pair.right})
        group.update(dict.fromkeys(joined, joined))
    found = {tuple(sorted(students)) for students in group.values() if len(students) > 2}
    return [list(students) for students in sorted(found, key=lambda students: (-len(students), students))]
