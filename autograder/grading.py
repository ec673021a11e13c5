"""Grade a class: restore, run, score, record; whatever is interrupted is taken up where it stopped.

A submission is graded when its autograded notebook bears the stamp of exactly these files and the gradebook holds the
stamp's scores. The gradebook is written first, in one transaction, and the notebook last, in one rename: after a kill, a
rerun finds a submission either done or to be done again, never half done.
"""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.files import copy_files, digest, regular_files, write_whole
from autograder.gradebook import find_assignment, one_transaction, open_gradebook
from autograder.lateness import load_rule, read_timestamp, record_lateness
from autograder.recording import record, recorded_scores
from autograder.restore import Original, read_original
from autograder.root import Root
from autograder.runner import KernelRunner, Runner
from autograder.scoring import score_cell
from autograder.submission import read_submission

__all__ = ["STAMP", "Graded", "Job", "Plan", "grade", "plan"]

STAMP = "autograder"


@dataclass
class Graded:
    """One student's graded notebooks, by name, and what the instructor should know of them."""

    student: str
    notebooks: dict[str, Any] = field(default_factory=dict)
    timestamp: datetime | None = None
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True)
class Job:
    """All that a worker needs to grade a student's submission; no gradebook among it."""

    student: str
    folder: Path
    files: Path
    originals: list[Original]
    seed: int


@dataclass(frozen=True)
class Plan:
    """What is to be graded: the full name of the assignment, and a job for each submission that has no mark yet."""

    assignment: str
    jobs: list[Job]


def plan(
    root: Root, assignment: str, *, students: list[str] | None = None, force: bool = False, seed: int | None = None
) -> Plan:
    """Find the submissions that are not graded, or have changed since they were.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Name of the assignment, or a beginning of it.
    students : list of str, optional
        Only these students.
    force : bool
        Grade again what is graded already. Marks given by hand stay.
    seed : int, optional
        Seed of the tests' data; a fresh one for each submission by default, recorded with the marks.

    Raises
    ------
    GraderError
        If the assignment is unknown or not released, or a student has no submission.
    """
    with open_gradebook(root) as gradebook:
        name = find_assignment(gradebook, assignment).name
        originals = _originals(root, gradebook, name)
        there = root.students("submitted", name)
        if not there:
            raise GraderError(f"nobody has submitted {name}: put the submissions in place with `course collect`")
        missing = sorted(set(students or []) - set(there))
        if missing:
            raise GraderError(f"no submission of {name} by {', '.join(missing)} in {root.path / 'submitted'}")
        todo = [s for s in students or there if force or not is_graded(root, gradebook, name, s, originals)]
    files = root.folder("source", ".", name)
    return Plan(name, [Job(s, root.folder("submitted", s, name), files, originals, _seed(seed)) for s in todo])


def grade(root: Root, todo: Plan, *, workers: int = 2, runner: Runner | None = None) -> Iterator[Graded]:
    """Grade what is planned; yield each submission as soon as the gradebook has it.

    Parameters
    ----------
    root : Root
        The course directory.
    todo : Plan
        What :func:`plan` found.
    workers : int
        How many notebooks run at a time.
    runner : Runner, optional
        What runs the cells; by default each notebook has a kernel of its own.
    """
    work, rule = runner or KernelRunner(), load_rule(root)
    pool = ThreadPoolExecutor(max_workers=workers)
    with open_gradebook(root) as gradebook:
        futures = {pool.submit(_grade_one, job, work): job for job in todo.jobs}
        hurry = False
        try:
            for future in as_completed(futures):
                graded = future.result()
                if graded.error is None:
                    _save(root, gradebook, todo.assignment, futures[future], graded, rule)
                yield graded
            _renew_lateness(gradebook, todo.assignment, rule)
        except KeyboardInterrupt:
            hurry = True  # what still runs may run for minutes, and would not be recorded
            raise
        finally:
            pool.shutdown(wait=not hurry, cancel_futures=True)


def is_graded(root: Root, gradebook: Any, assignment: str, student: str, originals: list[Original]) -> bool:
    """Tell whether this very submission has its marks in the gradebook and its autograded notebooks in place."""
    import nbformat

    folders = root.folder("submitted", student, assignment), root.folder("source", ".", assignment)
    submission = _digest(*folders, originals)
    for original in originals:
        path = root.folder("autograded", student, assignment) / f"{original.name}.ipynb"
        try:
            stamp = nbformat.read(path, as_version=4).metadata[STAMP]
        except (OSError, KeyError, ValueError):
            return False
        if stamp.get("submission") != submission:
            return False
        if stamp.get("scores") != recorded_scores(gradebook, assignment, student, original.name):
            return False
    return True


def graded_cells(notebook: Any) -> list[Any]:
    """List the cells of a restored notebook that have a score."""
    return [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade") or cell.metadata.get("nbgrader", {}).get("task")
    ]


def _grade_one(job: Job, runner: Runner) -> Graded:
    """Restore and run one submission; what goes wrong here is this student's alone."""
    started = time.monotonic()
    graded = Graded(job.student)
    try:
        submission = _digest(job.folder, job.files, job.originals)
        graded.timestamp, undated = read_timestamp(job.folder)
        for original in job.originals:
            notebook, notes, readable = read_submission(job.folder, original, only=len(job.originals) == 1)
            if readable:
                _run(job, runner, notebook)
            scores = {cell.metadata.nbgrader.grade_id: score_cell(cell)[0] for cell in graded_cells(notebook)}
            stamp = {
                "submission": submission,
                "seed": job.seed,
                "notes": notes + undated,
                "readable": readable,
                "scores": scores,
            }
            notebook.metadata[STAMP] = stamp
            graded.notebooks[original.name] = notebook
    except Exception as error:
        graded.error = f"{type(error).__name__}: {error}".splitlines()[0]
    graded.seconds = time.monotonic() - started
    return graded


def _run(job: Job, runner: Runner, notebook: Any) -> None:
    from nbgrader.preprocessors import LimitOutput

    with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
        for origin in (job.folder, job.files):  # the instructor's files last: they replace a student's version
            copy_files(origin, Path(scratch))
        runner.run(notebook, Path(scratch), job.seed)
    LimitOutput().preprocess(notebook, {})


def _save(root: Root, gradebook: Any, assignment: str, job: Job, graded: Graded, rule: Any) -> None:
    import nbformat

    with one_transaction(gradebook):
        record(gradebook, assignment, graded.student, graded.timestamp, graded.notebooks, rule)
    target = root.folder("autograded", graded.student, assignment)
    copy_files(job.folder, target)  # nbgrader puts them there too; the time stamp is among them
    for name, notebook in graded.notebooks.items():
        write_whole(target / f"{name}.ipynb", nbformat.writes(notebook) + "\n")


def _renew_lateness(gradebook: Any, assignment: str, rule: Any) -> None:
    """Let a due date, an extension or a mark by hand that came after the grading count in every penalty."""
    with one_transaction(gradebook):
        for submission in gradebook.assignment_submissions(assignment):
            record_lateness(submission, rule)


def _digest(folder: Path, instructors: Path, originals: list[Original]) -> str:
    """Hash what a mark depends on: the files handed in, the instructor's notebooks, and the files that go with them."""
    theirs = regular_files(folder)
    ours = [path for path in regular_files(instructors) if path.suffix != ".ipynb"]
    names = [str(path.relative_to(folder)) for path in theirs] + [str(path.relative_to(instructors)) for path in ours]
    return digest(*theirs, *ours, also=repr((names, originals)))


def _originals(root: Root, gradebook: Any, assignment: str) -> list[Original]:
    release = root.folder("release", ".", assignment)
    notebooks = gradebook.find_assignment(assignment).notebooks
    if not notebooks:
        raise GraderError(f"{assignment} has no notebook in the gradebook: run `course release {assignment}` first")
    return [read_original(notebook, release / f"{notebook.name}.ipynb") for notebook in notebooks]


def _seed(seed: int | None) -> int:
    return secrets.randbits(32) if seed is None else seed
