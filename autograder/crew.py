"""Those who mark, in threads here or on other machines: what they are given, and what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from itertools import islice
from typing import Any

from autograder.errors import GraderError
from autograder.marking import Graded, Work
from autograder.runner import Runner

__all__ = ["Crew"]

GONE = (
    "the cluster has gone away (its scheduler ended, or the connection broke): what was marked until then is recorded; "
    "start it, and run the command again to go on"
)


class Crew:
    """Marks submissions, with a few more in its hands than it can mark at a time, so that nobody waits for work.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        Where the runner works.
    runner : Runner
        What marks a submission.
    size : callable
        Says how many submissions can be marked at a time, now: a cluster grows and shrinks.
    remembered : callable
        Gives the result of a submission that an earlier run has marked, or None.
    """

    def __init__(
        self, executor: Executor, runner: Runner, size: Callable[[], int], remembered: Callable[[Work], Graded | None]
    ):
        self.executor, self.runner, self.size, self.remembered = executor, runner, size, remembered
        self._running: dict[Future, Work] = {}

    def mark(self, jobs: Iterable[Any]) -> Iterator[tuple[Work, Graded]]:
        """Yield each submission with its result, as the results come.

        A result is forgotten, here and in the cluster, when the next one is asked for: keep it before that. A cluster that
        remembered it would work it out again after the death of the machine that it is on.

        Raises
        ------
        GraderError
            When the cluster has gone away.
        """
        jobs = iter(jobs)
        self._fill(jobs)
        while self._running:
            done = wait(self._running, return_when=FIRST_COMPLETED).done
            future = min(done, key=Future.cancelled)  # what came before the cluster went is kept
            work = self._running.pop(future)
            if not future.cancelled():
                self._fill(jobs)
            del done
            yield work, _result(future, work.student)
            del future

    def _fill(self, jobs: Iterator[Any]) -> None:
        for job in islice(jobs, max(0, 2 * max(1, self.size()) - len(self._running))):
            future, work = self._start(job)
            self._running[future] = work

    def _start(self, job: Any) -> tuple[Future, Work]:
        done, work = Future(), Work(job.student, "", {}, {}, [], job.seed)
        try:
            work = job.load()
        except (OSError, GraderError) as error:
            done.set_result(Graded(job.student, error=str(error)))
            return done, work
        if (remembered := self.remembered(work)) is not None:
            done.set_result(remembered)
            return done, work
        try:
            return self.executor.submit(self.runner.grade, work), work
        except Exception as error:  # each kind of executor has its own
            raise GraderError(GONE) from error


def _result(future: Future, student: str) -> Graded:
    """Take a result; what a worker could not do at all is an error that costs this submission its mark, and no other."""
    try:
        return future.result()
    except CancelledError as error:
        raise GraderError(GONE) from error
    except Exception as error:
        return Graded(student, error=(f"{type(error).__name__}: {error}".splitlines() or [""])[0])
