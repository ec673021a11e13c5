"""How far a student is with a set: read from the outputs that the notebook holds, without running anything."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from autograder.reasons import reason_of
from autograder.restore import grade_id_of
from autograder.results import Item
from autograder.scoring import score_cell
from autograder.student.notebook import Exercise
from autograder.verdict import MIME_TYPE, verdict_of

__all__ = ["Standing", "is_done", "standing_of"]

STUB = "YOUR ANSWER HERE"  # what nbgrader puts in the place of a written answer
AS_RUN, AS_SAVED, CHANGED, NOT_RUN = "as last run", "as last saved", "changed since it was run", "not run yet"


@dataclass(frozen=True)
class Standing:
    """One set: its items in the notebook's order, and how far they can be believed.

    Attributes
    ----------
    exercise : Exercise
        The notebook.
    items : list of Item
        One for each graded cell; ``points`` is None where only a person can say.
    state : str
        ``as last run``, ``changed since it was run``, ``not run yet``; or ``as last saved``, where nothing tells.
    changed : list of str
        Functions whose cell is not the one that was checked.
    """

    exercise: Exercise
    items: list[Item]
    state: str
    changed: list[str] = field(default_factory=list)

    @property
    def by_machine(self) -> list[Item]:
        return [item for item in self.items if not item.by_hand]

    @property
    def points(self) -> float:
        return sum(item.points or 0.0 for item in self.items)

    @property
    def out_of(self) -> float:
        return sum(item.out_of for item in self.items)

    @property
    def waiting(self) -> float:
        """Points of questions that a person reads."""
        return sum(item.out_of for item in self.items if item.by_hand)

    @property
    def done(self) -> int:
        """How many items are done: right, or answered where a person will read it."""
        return sum(is_done(item) for item in self.items)

    @property
    def next(self) -> Item | None:
        """The first item that is not done."""
        return next((item for item in self.items if not is_done(item)), None)

    @property
    def all_right(self) -> bool:
        return all(item.full for item in self.by_machine)


def is_done(item: Item) -> bool:
    return not item.reason if item.by_hand else item.full


def standing_of(exercise: Exercise) -> Standing:
    """Read a set's standing from its notebook's outputs."""
    cells = {name: cell for cell in exercise.notebook.cells if (name := grade_id_of(cell))}
    graded = {cell.metadata.nbgrader.grade_id: cell for cell in exercise.graded}  # of several, the last one counts
    items = [_item(exercise, cell, cells) for cell in graded.values()]
    tests = {item.title: graded[item.grade_id] for item in items if not item.by_hand}
    ran = {title: cell for title, cell in tests.items() if cell.outputs or cell.execution_count is not None}
    hashes = {_hash(cell.source) for cell in exercise.notebook.cells if cell.cell_type == "code"}
    told = {title: _changed(cell, cells.get(title), hashes) for title, cell in ran.items()}
    changed = [title for title, answer in told.items() if answer]
    if not ran:
        state = NOT_RUN
    elif changed:
        state = CHANGED
    else:
        state = AS_SAVED if None in told.values() else AS_RUN
    return Standing(exercise, items, state, changed)


def _item(exercise: Exercise, cell: Any, cells: dict[str, Any]) -> Item:
    role, verdict = cell.metadata.nbgrader, verdict_of(cell)
    name = role.grade_id
    title, out_of = verdict.get("name") or name.removeprefix("test_"), float(role.points)
    if role.get("solution") or role.get("task") or cell.cell_type != "code":
        reason = "not answered yet" if STUB in cell.source or not cell.source.strip() else ""
        return Item(name, name.replace("_", " "), None, out_of, True, True, reason, notebook=exercise.name)
    if not cell.outputs and cell.execution_count is None:
        return Item(name, title, 0.0, out_of, False, False, NOT_RUN, notebook=exercise.name)
    points, review = score_cell(cell)
    points = points or 0.0
    reason = (reason_of(cell, verdict, cells.get(title)) or "some of the points are missing") if points < out_of else ""
    found = verdict.get("misconception") or {}
    return Item(name, title, points, out_of, False, review, reason, found.get("name"), found.get("advice"), exercise.name)


def _changed(test: Any, answer: Any, hashes: set[str]) -> bool | None:
    """Tell whether an answer is another one than its test has seen; None where nothing tells."""
    shown = [output.get("data", {}).get(MIME_TYPE) for output in test.outputs]
    known = [data["code"] for data in shown if isinstance(data, dict) and isinstance(data.get("code"), str)]
    if known:
        return known[-1] not in hashes
    if answer is None or answer.cell_type != "code" or test.execution_count is None:
        return None
    later = answer.execution_count is None or answer.execution_count > test.execution_count
    return True if later else None


def _hash(source: str) -> str:
    """Hash a cell's text as the verdict of its check does, in its entry ``code``."""
    return hashlib.sha256(source.strip().encode("utf-8", "replace")).hexdigest()[:16]
