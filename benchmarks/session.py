"""A call of a student's function through the wall, beside the time that it may take.

Both processes wait most of the time, so that what counts is not CPU time but how long a call takes; and of that the 10th
percentile, since whatever else runs on the machine only ever makes a call slower. The two processes share all cores.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np

from benchmarks.harness import Row, no_garbage_collection

ASKED = {"a number": 50e-6, "one small array": 50e-6, "three small arrays": 80e-6, "1 MiB": 0.5e-3, "400 losses": 40e-3}
CODE = """
def same(value): return value
def three(a, b, c): return a @ b + c
def loss(w): return float((w**2).sum())
"""
LIMITS = SimpleNamespace(received=1 << 40, frame=1 << 25, items=10**6, depth=40, entries=10**4, call_seconds=60.0)


class Cells:
    """Runs cells, for a process that needs no notebook."""

    def __init__(self):
        self.names = {}

    def run(self, source: str) -> dict:
        exec(source, self.names)
        return {"outputs": [], "count": 1, "ok": True}


@contextmanager
def students_process() -> Iterator[socket.socket]:
    """Serve a student's code in a process of its own; give our end of the socket to it."""
    from autograder.session.student import main

    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        try:
            main(theirs, Cells())
        finally:
            os._exit(0)
    theirs.close()
    with ours:
        yield ours
    os.waitpid(pid, 0)


@contextmanager
def all_cores() -> Iterator[None]:
    """Let this process and those that it starts run wherever there is room."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, range(os.cpu_count()))
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def works(session) -> dict[str, Callable[[], object]]:
    same, three, loss = (session.get(name) for name in ("same", "three", "loss"))
    small, large, w = np.ones((4, 3)), np.ones(1 << 17), np.ones(200)
    a, b, c = np.ones((3, 4)), np.ones((4, 2)), np.ones(2)
    return {
        "a number": lambda: same(3.0),
        "one small array": lambda: same(small),
        "three small arrays": lambda: three(a, b, c),
        "1 MiB": lambda: same(large),
        "400 losses": lambda: [loss(w) for _ in range(400)],
    }


def tenth(work: Callable[[], object], rounds: int) -> float:
    """Give the 10th percentile of the seconds that a call takes."""
    times = []
    for number in range(rounds + 3):
        start = time.perf_counter()
        work()
        if number >= 3:  # the first ones fill caches
            times.append(time.perf_counter() - start)
    return sorted(times)[rounds // 10]


def rows() -> list[Row]:
    from autograder.session.session import Session

    with all_cores(), students_process() as sock, no_garbage_collection():
        session = Session(sock, LIMITS)
        session.run(CODE, 60)
        taken = {name: tenth(work, 60 if name == "400 losses" else 2000) for name, work in works(session).items()}
        session.close()
    return [
        Row(f"call through the wall, {name}", "the time it may take", "at most", 1.0, time, ASKED[name], time / ASKED[name])
        for name, time in taken.items()
    ]
