"""Grade a class: read, mark, journal, record; whatever is interrupted is taken up where it stopped.

A submission is graded when its autograded notebook bears the stamp of exactly these files and the gradebook holds the
stamp's scores. A result is journaled as it comes; the gradebook is written next, in one transaction, and the notebook last,
in one rename. After a kill, a rerun finds a submission done, or its result in the journal, or to be marked again: never half
done. With ``--question`` only what the stamp must be is another (:mod:`autograder.question`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.clerk import Clerk
from autograder.crew import Crew
from autograder.engine import SandboxRunner
from autograder.errors import GraderError
from autograder.gradebook import find_assignment, open_gradebook
from autograder.jobs import Job
from autograder.marking import Graded
from autograder.question import Questions, find_questions
from autograder.restore import Original, read_original
from autograder.root import Root
from autograder.runner import Runner

__all__ = ["Job", "Plan", "grade", "plan", "read_originals"]


@dataclass(frozen=True)
class Plan:
    """What is to be graded.

    Attributes
    ----------
    assignment : str
    jobs : list of Job
        One for each submission.
    again : bool
        Whether to mark again what is in the journal.
    questions : Questions
        The test cells that alone are graded; all if there is none.
    left_alone : dict of str to str
        Why the questions of a student's submission cannot be graded alone.
    changed_too : set of str
        Other tests that have changed since the marks were given, by grade_id.
    """

    assignment: str
    jobs: list[Job]
    again: bool = False
    questions: Questions = frozenset()
    left_alone: dict[str, str] = field(default_factory=dict)
    changed_too: set[str] = field(default_factory=set)


def plan(
    root: Root,
    assignment: str,
    *,
    students: list[str] | None = None,
    force: bool = False,
    seed: int | None = None,
    questions: list[str] | None = None,
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
        Seed of the tests' data; a fresh one for each submission by default, recorded with the marks. A question that is
        graded alone draws from the submission's.
    questions : list of str, optional
        Grade only these questions of what is graded already (:func:`autograder.question.find_questions`).

    Raises
    ------
    GraderError
        If the assignment or a question is unknown, or not released, or a student has no submission.
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
        alone = find_questions(originals, questions or [])
        jobs = [Job(root, name, student, originals, alone, seed) for student in students or there]
        left = {job.student: why for job in jobs if (why := job.why_not(gradebook))}
        jobs = [job for job in jobs if job.student not in left]
        todo = [job for job in jobs if force or not job.is_done(gradebook)]
    return Plan(name, todo, force, alone, left, {cell for job in jobs if alone for cell in _changed_too(job)})


def _changed_too(job: Job) -> set[str]:
    """Name the tests that have changed since the marks were given, besides those that are graded."""
    now, stamps = job.present.tests, job.stamps()
    tests = {(name, cell) for name in now for cell in now[name] if now[name][cell] != stamps[name]["tests"].get(cell)}
    return {cell for _, cell in tests - job.questions}


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
        by_student = {job.student: job for job in jobs}
        for work, graded in crew.mark(_claimed(jobs, todo, clerk, elsewhere)):
            if clerk.settle(work, graded := by_student[graded.student].taken(graded)):
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
        if not job.why_not(clerk.gradebook) and (todo.again or not job.is_done(clerk.gradebook)):
            yield job
        else:
            clerk.claims.drop(job.student)


def _originals(root: Root, gradebook: Any, assignment: str) -> list[Original]:
    notebooks = gradebook.find_assignment(assignment).notebooks
    if not notebooks:
        raise GraderError(f"{assignment} has no notebook in the gradebook: run `course release {assignment}` first")
    return read_originals(notebooks, root.folder("release", ".", assignment), root.folder("source", ".", assignment))


def read_originals(notebooks: list[Any], release: Path, source: Path) -> list[Original]:
    """Read the instructor's notebooks: the gradebook's entries, with the files in the folders of release and source."""
    names = [f"{notebook.name}.ipynb" for notebook in notebooks]
    return [read_original(n, release / name, source / name) for n, name in zip(notebooks, names, strict=True)]
