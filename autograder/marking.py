"""Mark one submission: read it, restore the instructor's cells, run it, score it. It needs no gradebook and no course
directory, so it can happen in another process or on another machine."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.lateness import read_timestamp
from autograder.restore import Original
from autograder.scoring import Score, score_cell
from autograder.submission import read_submission

__all__ = ["STAMP", "Graded", "Marked", "Work", "mark", "write_files"]

STAMP = "autograder"


@dataclass(frozen=True)
class Work:
    """All that is needed to mark a student's submission, by value.

    Attributes
    ----------
    student : str
    digest : str
        Hash of everything that the marks depend on but the seed.
    submission, files : dict of str to bytes
        What was handed in, and what the instructor puts beside the notebook: content by relative path.
    originals : list of Original
        The instructor's notebooks.
    seed : int
        Seed of the tests' data.
    parts : dict of str to dict
        What the digest is made of, for each notebook's stamp.
    """

    student: str
    digest: str
    submission: dict[str, bytes]
    files: dict[str, bytes]
    originals: list[Original]
    seed: int
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def beside(self) -> dict[str, bytes]:
        """The files that lie beside the notebook as it runs; the instructor's replace a student's version."""
        taken = [f"{ours}/" for ours in self.files]
        theirs = {
            name: content
            for name, content in self.submission.items()
            if not name.endswith(".ipynb") and not any(f"{name}/".startswith(o) or o.startswith(f"{name}/") for o in taken)
        }
        return theirs | self.files


@dataclass(frozen=True)
class Marked:
    """One notebook, run and scored.

    Attributes
    ----------
    text : str
        The notebook with its outputs, as the file is to be written.
    scores : dict of str to (float or None, bool)
        For each graded cell its points, None where only a person can say; and whether a person must look.
    untouched : dict of str to bool
        For each cell that a student answers, whether it is as it was released.
    """

    text: str
    scores: dict[str, Score]
    untouched: dict[str, bool]


@dataclass
class Graded:
    """One student's graded notebooks, by name, and what the instructor should know of them."""

    student: str
    notebooks: dict[str, Marked] = field(default_factory=dict)
    timestamp: Any = None
    seconds: float = 0.0
    error: str | None = None


Run = Callable[[Any, Original, Work], list[str] | None]
NOTES = 5  # of what running a notebook has to tell


def mark(work: Work, run: Run) -> Graded:
    """Mark a submission; what goes wrong here is this student's alone, and stands in ``error``.

    Parameters
    ----------
    work : Work
        The submission, and what it is held against.
    run : callable
        Fills in the outputs of a restored notebook's cells: ``run(notebook, original, work)``. It may return what the
        instructor should know, in words.
    """
    started = time.monotonic()
    graded = Graded(work.student)
    try:
        with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
            folder = Path(scratch)
            write_files(folder, work.submission)
            graded.timestamp, undated = read_timestamp(folder)
            for original in work.originals:
                graded.notebooks[original.name] = _mark_one(folder, original, work, run, undated)
    except GraderError as error:
        graded.error = str(error)
    except MemoryError:
        graded.error = "its notebooks need more memory than there is for them"
    except Exception as error:
        graded.error = (f"{type(error).__name__}: {error}".splitlines() or [""])[0]
    graded.seconds = time.monotonic() - started
    return graded


def _mark_one(folder: Path, original: Original, work: Work, run: Run, undated: list[str]) -> Marked:
    import nbformat
    from nbgrader import utils
    from nbgrader.preprocessors import LimitOutput

    started = time.monotonic()
    notebook, notes, readable = read_submission(folder, original, only=len(work.originals) == 1)
    if readable:
        told = run(notebook, original, work) or []
        notes += told[:NOTES] + ([f"and {len(told) - NOTES} more of the kind"] if len(told) > NOTES else [])
        LimitOutput().preprocess(notebook, {})
    cells = [cell for cell in notebook.cells if cell.metadata.get("nbgrader")]
    scores = {c.metadata.nbgrader.grade_id: score_cell(c) for c in cells if utils.is_grade(c) or utils.is_task(c)}
    untouched = {c.metadata.nbgrader.grade_id: _is_untouched(c) for c in cells if utils.is_solution(c) or utils.is_task(c)}
    notebook.metadata[STAMP] = {
        "submission": work.digest,
        **work.parts.get(original.name, {}),
        "seed": work.seed,
        "notes": notes + undated,
        "readable": readable,
        "seconds": round(time.monotonic() - started, 3),
        "scores": {name: points for name, (points, _) in scores.items()},
    }
    return Marked(nbformat.writes(notebook) + "\n", scores, untouched)


def _is_untouched(cell: Any) -> bool:
    from nbgrader import utils

    return cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) and not utils.is_task(cell)


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Lay files down in an empty folder; a name that leads out of it is refused.

    Raises
    ------
    ValueError
        If a name leads out of the folder.
    """
    for name, content in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"a file's name leads out of the folder: {name!r}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
