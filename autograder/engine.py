"""The engine's runner: each thread that marks has a worker of its own, a process that lives as long as the grading."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from autograder.errors import GraderError
from autograder.marking import Graded, Work
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.walls import find_walls
from autograder.worker import receive, send

__all__ = ["SandboxRunner"]

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
        """Mark a submission in this thread's worker; a worker that has died is followed by another, once."""
        limits = {} if self.cell_seconds is None else {"cell_seconds": self.cell_seconds}
        for _ in range(2):
            worker = _worker()
            try:
                send(worker.socket, (work, limits))
                graded = receive(worker.socket)
            except OSError:
                graded = None
            if graded is not None:
                return graded
            worker.close()
            _here.worker = None
        return Graded(work.student, error="its worker died twice; see that this machine has memory to spare, and try again")


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


_here: Any = threading.local()


def _worker() -> _Worker:
    """Give this thread's worker, started if there is none."""
    if getattr(_here, "worker", None) is None:
        _here.worker = _Worker()
    return _here.worker
