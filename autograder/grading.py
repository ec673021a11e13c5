"""Grade a class: read, mark, journal, record; whatever is interrupted is taken up where it stopped.

A submission is graded when its autograded notebook bears the stamp of exactly these files and the gradebook holds the
stamp's scores. A result is journaled as it comes; the gradebook is written next, in one transaction, and the notebook last,
in one rename. After a kill, a rerun finds a submission done, or its result in the journal, or to be marked again: never half
done.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.clerk import Clerk
from autograder.crew import Crew
from autograder.engine import SandboxRunner
from autograder.errors import GraderError
from autograder.files import contents, digest, regular_files
from autograder.gradebook import find_assignment, open_gradebook
from autograder.marking import STAMP, Graded, Work
from autograder.recording import recorded_scores
from autograder.restore import Original, read_original
from autograder.root import Root
from autograder.runner import Runner

__all__ = ["Job", "Plan", "contents", "grade", "plan", "read_originals"]

MAX_BYTES = 100_000_000  # of a submission's files together


@dataclass(frozen=True)
class Job:
    """A submission that is to be graded: where its files are, and what it is held against."""

    student: str
    folder: Path
    files: Path
    originals: list[Original]
    seed: int

    def load(self) -> Work:
        """Read the files.

        Raises
        ------
        GraderError
            If there is too much of them.
        """
        size = sum(path.stat().st_size for path in regular_files(self.folder))
        if size > MAX_BYTES:
            raise GraderError(f"the submission has {size / 1e6:.0f} MB of files, more than {MAX_BYTES / 1e6:.0f} MB")
        ours = {name: content for name, content in contents(self.files).items() if not name.endswith(".ipynb")}
        stamp = _digest(self.folder, self.files, self.originals)
        return Work(self.student, stamp, contents(self.folder), ours, self.originals, self.seed)


@dataclass(frozen=True)
class Plan:
    """What is to be graded: the assignment, a job for each submission, and whether to mark again what is in the journal."""

    assignment: str
    jobs: list[Job]
    again: bool = False


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
    return Plan(name, [Job(s, root.folder("submitted", s, name), files, originals, _seed(seed)) for s in todo], force)


def grade(
    root: Root,
    todo: Plan,
    *,
    workers: int | Callable[[], int] = 2,
    runner: Runner | None = None,
    executor: Executor | None = None,
) -> Iterator[Graded]:
    """Grade what is planned; yield each submission as soon as the gradebook has it.

    A submission that another grader of this directory has taken is left to it, and not yielded; should it give up, this one
    takes over.

    Parameters
    ----------
    root : Root
        The course directory.
    todo : Plan
        What :func:`plan` found.
    workers : int or callable
        How many submissions are marked at a time; with an executor, a function may say how many these are now.
    runner : Runner, optional
        What marks a submission; by default in workers, behind walls.
    executor : concurrent.futures.Executor, optional
        Where the runner works: in threads of this process by default, or on other machines.

    Raises
    ------
    GraderError
        When the gradebook or the journal could not be written, or the executor has gone away; what was marked until then is
        recorded or in the journal, and the next run goes on from there.
    """
    pool, hurry = executor or ThreadPoolExecutor(max_workers=workers), False
    size = workers if callable(workers) else lambda: workers
    try:
        with open_gradebook(root) as gradebook, closing(Clerk(root, todo.assignment, gradebook)) as clerk:
            crew = Crew(pool, runner or SandboxRunner(), size, lambda work: None if todo.again else clerk.journal.read(work))
            yield from _grade_all(todo, crew, clerk)
    except KeyboardInterrupt:
        hurry = True  # what still runs may run for minutes, and would not be recorded
        raise
    finally:
        if executor is None:
            pool.shutdown(wait=not hurry, cancel_futures=True)


def _grade_all(todo: Plan, crew: Crew, clerk: Clerk) -> Iterator[Graded]:
    """Grade what no other grader has taken, again and again until nothing is left."""
    jobs = todo.jobs
    while jobs:
        elsewhere: list[Job] = []
        for work, graded in crew.mark(_claimed(jobs, todo, clerk, elsewhere)):
            if clerk.settle(work, graded):
                yield graded
        yield from clerk.record_held()
        if len(elsewhere) == len(jobs):
            time.sleep(0.5)
        jobs = elsewhere
    clerk.count_lateness()


def _claimed(jobs: list[Job], todo: Plan, clerk: Clerk, elsewhere: list[Job]) -> Iterator[Job]:
    """Yield the jobs that are ours to do; list in ``elsewhere`` those that another grader is doing."""
    for job in jobs:
        if not clerk.claims.take(job.student):
            elsewhere.append(job)
            continue
        clerk.gradebook.db.rollback()  # what is read from here on is what others have written by now
        if todo.again or not is_graded(clerk.root, clerk.gradebook, todo.assignment, job.student, job.originals):
            yield job
        else:
            clerk.claims.drop(job.student)


def is_graded(root: Root, gradebook: Any, assignment: str, student: str, originals: list[Original]) -> bool:
    """Tell whether this very submission has its marks in the gradebook and its autograded notebooks in place."""
    import nbformat

    paths = {o.name: root.folder("autograded", student, assignment) / f"{o.name}.ipynb" for o in originals}
    if not all(path.is_file() for path in paths.values()):
        return False
    folders = root.folder("submitted", student, assignment), root.folder("source", ".", assignment)
    submission = _digest(*folders, originals)
    for name, path in paths.items():
        try:
            stamp = nbformat.read(path, as_version=4).metadata[STAMP]
        except (OSError, KeyError, ValueError):
            return False
        if stamp.get("submission") != submission:
            return False
        if stamp.get("scores") != recorded_scores(gradebook, assignment, student, name):
            return False
    return True


def _digest(folder: Path, instructors: Path, originals: list[Original]) -> str:
    """Hash what a mark depends on: the files handed in, the instructor's notebooks, and the files that go with them."""
    theirs = regular_files(folder)
    ours = [path for path in regular_files(instructors) if path.suffix != ".ipynb"]
    names = [str(path.relative_to(folder)) for path in theirs] + [str(path.relative_to(instructors)) for path in ours]
    return digest(*theirs, *ours, also=repr((names, [_lasting(original) for original in originals])))


def _lasting(original: Original) -> tuple:
    """Describe an instructor's notebook in words that are the same in every run: a set's order is not."""
    script = original.script
    return original.name, original.kernelspec, original.roles, script.setup, sorted(script.names), script.settings


def _originals(root: Root, gradebook: Any, assignment: str) -> list[Original]:
    notebooks = gradebook.find_assignment(assignment).notebooks
    if not notebooks:
        raise GraderError(f"{assignment} has no notebook in the gradebook: run `course release {assignment}` first")
    return read_originals(notebooks, root.folder("release", ".", assignment), root.folder("source", ".", assignment))


def read_originals(notebooks: list[Any], release: Path, source: Path) -> list[Original]:
    """Read the instructor's notebooks: the gradebook's entries, with the files in the folders of release and source."""
    names = [f"{notebook.name}.ipynb" for notebook in notebooks]
    return [read_original(n, release / name, source / name) for n, name in zip(notebooks, names, strict=True)]


def _seed(seed: int | None) -> int:
    return secrets.randbits(63) if seed is None else seed
