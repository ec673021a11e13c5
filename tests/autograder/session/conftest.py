"""A student's process for each test, on the other side of a socket: with our end of the wall in it, or with a liar's."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from dataclasses import replace

import pytest

from autograder.sandbox.limits import Limits
from autograder.session.channel import HEADER, Channel
from autograder.session.session import Session
from autograder.session.student import main
from autograder.session.wire import KINDS


class Shell:
    """Runs cells by exec, without outputs."""

    def __init__(self):
        self.names = {"__name__": "__main__"}

    def run(self, source):
        try:
            exec(compile(source, "<cell>", "exec"), self.names)
        except (Exception, KeyboardInterrupt) as error:
            return {"outputs": [{"output_type": "error", "ename": type(error).__name__}], "count": 1, "ok": False}
        return {"outputs": [], "count": 1, "ok": True}


@pytest.fixture
def connect():
    """Fork a process that runs ``child(sock)``, and open a session with it: ``connect(child, **changed_limits)``."""
    sessions = []

    def make(child, *, arithmetic=(), **limits):
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            with contextlib.suppress(BaseException):
                child(theirs)
            os._exit(0)
        theirs.close()

        def end():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

        session = Session(
            ours,
            replace(Limits(call_seconds=2), **limits),
            arithmetic=arithmetic,
            interrupt=lambda: os.kill(pid, signal.SIGINT),
            end=end,
        )
        session.pid = pid
        sessions.append(session)
        return session

    yield make
    for session in sessions:
        session.close()


@pytest.fixture
def student(connect):
    """Start a session in which a cell was run: ``student("def f(x): return x")``."""

    def make(source="", **settings):
        session = connect(lambda sock: main(sock, Shell()), **settings)
        assert session.run(source, 5)["ok"]
        return session

    return make


@pytest.fixture
def liar(connect):
    """Start a session whose other end says yes to the first question, and then does what ``lie(sock, question)`` does."""

    def make(lie, **settings):
        def child(sock):
            channel = Channel(sock, 1 << 30)
            question = channel.receive(float("inf"))[1]
            channel.send((KINDS.index("result"), question, 0, [], b"N", []), float("inf"))
            while True:
                lie(sock, channel.receive(float("inf"))[1])

        return connect(child, **settings)

    return make


def frame(question, tree=b"N", *, kind="result", target=0, dropped=0, size=None, beside=b""):
    """Make the bytes of a message, whose header may lie about the rest."""
    code = KINDS.index(kind) if kind in KINDS else kind
    return HEADER.pack(code, question, target, dropped, len(tree) if size is None else size, len(beside)) + tree + beside
