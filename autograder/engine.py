"""The engine's runner: each thread that marks has workers of its own, processes that live as long as the grading."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass

from autograder.errors import GraderError
from autograder.marking import Graded, Work
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.walls import find_walls
from autograder.worker import receive, send

__all__ = ["Marking", "SandboxRunner"]

THREADS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"  # one BLAS thread: workers are what runs in parallel


@dataclass(frozen=True)
class SandboxRunner:
    """Marks submissions in workers, whose students' cells run in a sandbox.

    Parameters
    ----------
    cell_seconds : float, optional
        How long a cell may take, whatever the notebook's own setting says.
    """

    cell_seconds: float | None = None

    def check(self) -> str:
        """Say in a line which walls hold on this machine.

        Raises
        ------
        GraderError
            If it can build none; the message says what to do.
        """
        try:
            return find_walls().description
        except SandboxUnavailable as error:
            raise GraderError(str(error)) from error

    def grade(self, work: Work) -> Graded:
        """Mark a submission, in a worker of this thread."""
        return self.start(work).result()

    def start(self, work: Work) -> Marking:
        """Let a worker of this thread begin to mark a submission: one that is idle, or a new one."""
        return Marking(work, {} if self.cell_seconds is None else {"cell_seconds": self.cell_seconds})


class Marking:
    """A submission in the hands of a worker, which is given up when this is dropped without asking for the result."""

    def __init__(self, work: Work, limits: dict[str, float]):
        self.work, self._limits = work, limits
        self._worker = self._begin()

    def _begin(self) -> _Worker:
        worker = _idle_workers().pop() if _idle_workers() else _Worker()
        with contextlib.suppress(OSError):  # a worker that has died does not answer either
            send(worker.socket, (self.work, self._limits))
        return worker

    def result(self) -> Graded:
        """Wait for the result, once; a worker that has died is followed by another, once."""
        for attempt in (1, 2):
            graded = self._receive()
            if graded is not None:
                _idle_workers().append(self._worker)
                return graded
            self._worker.close()
            if attempt == 1:
                self._worker = self._begin()
        return Graded(
            self.work.student, error="its worker died twice; see that this machine has memory to spare, and try again"
        )

    def _receive(self) -> Graded | None:
        try:
            return receive(self._worker.socket)
        except OSError:
            return None


class _Worker:
    """A worker's process, and the socket to talk with it; it ends with the socket, or the thread that made it."""

    def __init__(self):
        self.socket, theirs = socket.socketpair()
        environment = {**os.environ, **dict.fromkeys(THREADS, "1"), "MPLBACKEND": "agg"}
        command = [sys.executable, "-m", "autograder.worker", str(theirs.fileno()), str(os.getpid())]
        with theirs:
            self.process = subprocess.Popen(
                command,
                env=environment,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the grader alone
            )

    def close(self) -> None:
        self.socket.close()
        self.process.kill()
        self.process.wait()

    def __del__(self):
        self.close()


_here = threading.local()


def _idle_workers() -> list[_Worker]:
    """Give the list of this thread's workers that wait for work: one ends with the thread that started it."""
    if not hasattr(_here, "idle"):
        _here.idle = []
    return _here.idle
