"""A worker: a warm process that forks an examiner for each submission, and a sandbox for the students' code.

It talks with the grader through a socket, one submission at a time, and ends when the socket closes. The examiner is thrown
away after its one submission, so nothing that a test does reaches the next.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import pkgutil
import selectors
import signal
import socket
import sys
import time
from dataclasses import replace
from typing import Any

from autograder.lean import start_lean
from autograder.marking import Graded, Work, mark
from autograder.sandbox import Limits, Sandbox
from autograder.sandbox.birth import die_with_parent
from autograder.sandbox.confine import limit_memory
from autograder.sandbox.processor import claim, share
from autograder.script import imported_names
from autograder.settings import Settings

__all__ = ["main", "receive", "send"]

MEMORY = 3 << 30  # bytes that an examiner may take beyond what it starts with: what four sessions may send, and more
SPARE = 60  # seconds beyond its notebooks' own that a submission may take, for reading, writing and waiting


def main(number: int, parent: int) -> None:
    """Serve until the socket with this file number closes, or the parent, a process by its number, ends."""
    sock = socket.socket(fileno=number)
    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        return  # it ended before that
    start_lean()
    _warm_up()
    sandboxes: dict[tuple, Sandbox] = {}
    ours = claim()
    with contextlib.suppress(ConnectionError):  # the grader is gone, and needs no answer
        while (request := receive(sock)) is not None:
            send(sock, _examine(sock, *request, sandboxes, ours))
    for sandbox in sandboxes.values():
        sandbox.close()


def send(sock: socket.socket, message: Any) -> None:
    """Send an object to the other of two processes that trust each other."""
    content = pickle.dumps(message)
    sock.sendall(len(content).to_bytes(8, "big") + content)


def receive(sock: socket.socket) -> Any:
    """Receive an object; None when the other process has ended."""
    with sock.makefile("rb") as stream:
        size = int.from_bytes(stream.read(8), "big")
        content = stream.read(size)
    return pickle.loads(content) if size and len(content) == size else None


def _warm_up() -> None:
    """Import and make what every examiner needs."""
    import nbformat
    import nbgrader.preprocessors  # noqa: F401
    import numpy.random  # noqa: F401
    from nbformat.v4 import new_notebook

    import autograder.examiner  # noqa: F401
    from autograder.session.shell import Shell

    nbformat.writes(new_notebook())  # reads the schema
    Shell.prepare()
    gc.collect()
    gc.freeze()


def _examine(
    sock: socket.socket, work: Work, limits: dict[str, float], sandboxes: dict[tuple, Sandbox], ours: list[int]
) -> Graded:
    """Fork an examiner, which runs on our processor; wait for what it finds."""
    try:
        settings = [replace(Settings.read(original.script.settings), **limits) for original in work.originals]
        sandbox = _sandbox(settings, sandboxes)
        _read_ahead(work, {name for each in settings for name in each.packages})
    except Exception as error:
        return Graded(work.student, error=f"{type(error).__name__}: {error}")
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        die_with_parent(signal.SIGKILL)
        share(ours)
        _answer(writer, work, limits, sandbox)
    os.close(writer)
    deadline = time.monotonic() + sum(s.total_seconds for s in settings) + SPARE
    content = _read(reader, sock, deadline)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    try:
        return pickle.loads(content)
    except (EOFError, pickle.UnpicklingError):
        sandboxes.clear()  # it may have been in the middle of opening a session
        return Graded(work.student, error="its examiner ended before it was done; try again, and see docs/engine.md")


def _sandbox(settings: list[Settings], sandboxes: dict[tuple, Sandbox]) -> Sandbox:
    """Give the sandbox that has these notebooks' packages in it, started and warm."""
    packages = tuple(dict.fromkeys(folder for each in settings for folder in each.folders()))
    if packages not in sandboxes:
        sandboxes[packages] = Sandbox(Limits(), packages=packages)
    sandboxes[packages].wait()
    return sandboxes[packages]


def _read_ahead(work: Work, packages: set[str]) -> None:
    """Take the instructor's cells through IPython's parser, and import what they import of the notebooks' own packages.

    What these have made of it is there in every fork.
    """
    from autograder.session.shell import Shell

    for original in work.originals:
        tests = [role.source for role in original.roles if role.cell_type == "code" and role.graded]
        for source in [*tests, *(source for group in original.script.setup.values() for source in group)]:
            Shell.prepare().transform_cell(source)
            for name in imported_names(source):
                if name.partition(".")[0] in packages:
                    with contextlib.suppress(Exception):  # it is imported again where a failure has a place to be told
                        pkgutil.resolve_name(name)


def _answer(writer: int, work: Work, limits: dict[str, float], sandbox: Sandbox) -> None:
    """Be the examiner: mark, write what was found into the pipe, and end."""
    from autograder.examiner import Examiner

    status = 1
    try:
        if sys.platform == "linux":
            limit_memory(MEMORY)
        graded = mark(work, Examiner(sandbox, limits).run)
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(pickle.dumps(graded))
        status = 0
    finally:
        os._exit(status)


def _read(reader: int, sock: socket.socket, deadline: float) -> bytes:
    """Read what the examiner writes until it closes the pipe, its time is up, or the grader is gone."""
    parts = []
    with os.fdopen(reader, "rb", buffering=0) as pipe, selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        waiting.register(sock, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            ready = [key.fileobj for key, _ in waiting.select(left)]
            if sock in ready:
                break
            part = pipe.read(1 << 20) if ready else b""
            if not part:
                break
            parts.append(part)
    return b"".join(parts)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
