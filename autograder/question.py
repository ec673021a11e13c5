"""Grade one question again, and leave all other marks as they are.

The stamp of an autograded notebook has a hash for each test cell. With ``--question``, a submission is to bear the hashes
that it has, but for the question's tests the present ones: if it does, there is nothing to do. If it does not, the whole
notebook is run, with the seed of its stamp, and of that run only the question's test cells and their scores are taken; the
rest is what was there. From then on it is a result like any other. Where more than tests has changed, nothing is done.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.fingerprint import Fingerprint
from autograder.marking import STAMP, Graded, Marked
from autograder.restore import Original, grade_id_of
from autograder.script import bound_names

__all__ = ["Questions", "aim", "find_questions", "keep_others", "why_not"]

Questions = frozenset[tuple[str, str]]  # test cells, each by its notebook and its grade_id


def find_questions(originals: list[Original], names: list[str]) -> Questions:
    """Find the test cells of questions, each named by a function, by its answer's cell, or by a test cell.

    A question is an answer's cell and the test cells between it and the next answer's. Capitals count only where they must.

    Raises
    ------
    GraderError
        If there is no such question; the message lists those that there are.
    """
    known: dict[str, set[tuple[str, str]]] = {}
    there = []
    for original in originals:
        answers: set[str] = set()
        for role in original.roles:
            if role.metadata["solution"]:
                answers = {role.grade_id} | (bound_names(role.source) if role.cell_type == "code" else set())
            elif role.tests:
                there.append(role.grade_id.removeprefix("test_"))
                for name in {*answers, role.grade_id, there[-1]}:
                    known.setdefault(name, set()).add((original.name, role.grade_id))
    return frozenset(cell for name in names for cell in _named(known, name, there))


def _named(known: dict[str, set[tuple[str, str]]], name: str, there: list[str]) -> set[tuple[str, str]]:
    found = known.get(name) or {c for other, cells in known.items() if other.casefold() == name.casefold() for c in cells}
    if not found:
        raise GraderError(f"{name!r} is no question that tests mark: there is {', '.join(there) or 'none'}")
    return found


def aim(now: Fingerprint, stamps: dict[str, dict[str, Any]], questions: Questions) -> Fingerprint:
    """Say what a graded submission is to be known by: its own hashes, but of the questions' tests the present ones."""
    tests = {name: dict(ours) for name, ours in now.tests.items()}
    for name, ours in tests.items():
        had = stamps[name]["tests"]
        ours.update({cell: had.get(cell, "") for cell in ours if (name, cell) not in questions})
    return Fingerprint(now.rest, tests)


def why_not(
    now: Fingerprint,
    stamps: dict[str, dict[str, Any]] | None,
    recorded: dict[str, dict[str, float | None] | None],
    questions: Questions,
) -> str:
    """Say why a question of a submission cannot be graded alone; nothing if it can.

    Parameters
    ----------
    now : Fingerprint
        Of the submission and the tests as they are.
    stamps : dict of str to dict, or None
        Of the submission's autograded notebooks, if there are any.
    recorded : dict of str to dict
        The machine's scores that the gradebook holds, for each notebook.
    questions : Questions
        The test cells that are to be graded; their scores need not be the stamp's.
    """
    if stamps is None or any("tests" not in stamp for stamp in stamps.values()):
        return "is not graded yet"
    if any(stamp["rest"] != now.rest for stamp in stamps.values()):
        return "has changed since it was graded: the hand-in, or what the tests run beside"
    for name, stamp in stamps.items():
        alone = {cell for notebook, cell in questions if notebook == name}
        if _without(stamp["scores"], alone) != _without(recorded[name] or {}, alone):
            return "has other scores in the gradebook than in its notebook"
    return ""


def _without(scores: dict[str, Any], left_out: set[str]) -> dict[str, Any]:
    return {name: score for name, score in scores.items() if name not in left_out}


def keep_others(graded: Graded, folder: Path, questions: Questions) -> Graded:
    """Take of a run the questions' test cells and their scores, and all else from the notebooks in ``folder``."""
    import nbformat

    for name, marked in graded.notebooks.items():
        before = nbformat.read(folder / f"{name}.ipynb", as_version=4)
        graded.notebooks[name] = _merged(before, marked, {cell for notebook, cell in questions if notebook == name})
    return graded


def _merged(before: Any, marked: Marked, taken: set[str]) -> Marked:
    import nbformat

    run = nbformat.reads(marked.text, as_version=4)
    fresh = {name: cell for cell in run.cells if (name := grade_id_of(cell)) in taken}
    before.cells = [fresh.get(grade_id_of(cell), cell) for cell in before.cells]
    before.metadata[STAMP] = _stamp(before.metadata[STAMP], run.metadata[STAMP], taken)
    scores = {name: score for name, score in marked.scores.items() if name in taken}
    return Marked(nbformat.writes(before) + "\n", scores, {})


def _stamp(old: dict[str, Any], new: dict[str, Any], taken: set[str]) -> dict[str, Any]:
    """Put the stamp of a run over another; a seed that only some tests drew from stands beside the others' seed."""
    drawn = dict(old.get("seeds", {})) | {name: new.get("seeds", {}).get(name, new["seed"]) for name in taken}
    seeds = {name: seed for name, seed in drawn.items() if seed != old["seed"]}
    scores = dict(old["scores"]) | {name: score for name, score in new["scores"].items() if name in taken}
    own = {name: value for name, value in new.items() if name != "seeds"}
    return own | {"seed": old["seed"], "scores": scores} | ({"seeds": seeds} if seeds else {})
