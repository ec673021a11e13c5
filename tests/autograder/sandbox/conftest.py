"""A sandbox with a talkative entry point, made once for each kind of wall that this machine has."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path

import pytest

from autograder.sandbox import Limits, Sandbox, SandboxError, Walls, describe_walls

PACKAGES = Path(__file__).parent / "packages"
KINDS = ("bubblewrap", "landlock")
MIB = 1 << 20


class Student:
    """A session that one talks to; what it answers is ``(name of the error or None, text)``."""

    def __init__(self, process):
        self.process, self.heard = process, b""

    def tell(self, source: str) -> None:
        self.process.socket.sendall(json.dumps(source).encode() + b"\n")

    def hear(self, seconds: float = 20) -> tuple[str | None, str]:
        self.process.socket.settimeout(seconds)
        while b"\n" not in self.heard:
            try:
                part = self.process.socket.recv(1 << 16)
            except ConnectionError:
                part = b""
            if not part:
                return "dead", ""
            self.heard += part
        line, _, self.heard = self.heard.partition(b"\n")
        return tuple(json.loads(line))

    def ask(self, source: str, seconds: float = 20) -> tuple[str | None, str]:
        with contextlib.suppress(BrokenPipeError):
            self.tell(source)
        return self.hear(seconds)

    def __call__(self, source: str):
        """Give the value of an expression, or of ``None`` after statements; an error is the test's."""
        error, text = self.ask(source)
        assert error is None, f"{error}: {text}"
        return text

    def alive(self) -> bool:
        return self.ask("6 * 7") == (None, "42")


@pytest.fixture(scope="session")
def make_sandbox(tmp_path_factory):
    """Make a sandbox for tests: small limits, two packages, and NumPy loaded."""
    made = []

    def make(kind: str | None = None, **settings) -> Sandbox:
        settings.setdefault("limits", Limits(memory=400 * MIB, scratch=8 * MIB, file_size=4 * MIB, cpu_seconds=30))
        settings.setdefault("packages", [PACKAGES / "talker", PACKAGES / "library"])
        settings.setdefault("preload", ["numpy.random"])
        settings.setdefault("entry", "talker:main")
        made.append(Sandbox(walls=Walls(kind, "") if kind else None, **settings))
        return made[-1]

    yield make
    for sandbox in made:
        sandbox.close()


@pytest.fixture(scope="session", params=KINDS)
def sandbox(request, make_sandbox):
    """A sandbox of each kind."""
    if request.param == "bubblewrap" and "bubblewrap, namespaces" not in describe_walls():
        pytest.skip(describe_walls())
    made = make_sandbox(request.param)
    try:
        made.wait()
    except SandboxError as error:
        if "grade as an ordinary user" not in str(error):
            raise
        pytest.skip("test_users.py runs this kind as an ordinary user: root's Python can be read by root only")
    return made


@pytest.fixture
def student(sandbox):
    """A session, killed at the end."""
    with sandbox.open({}) as process:
        yield Student(process)


@pytest.fixture
def join(sandbox):
    """Open a session with arguments: ``join({"a.txt": b""}, seed=3)``; it is killed at the end."""
    with contextlib.ExitStack() as stack:
        yield lambda files=(), **more: Student(stack.enter_context(sandbox.open(dict(files), **more)))


@pytest.fixture(scope="module")
def neighbour(sandbox):
    """A session of another student, which outlives many tests."""
    with sandbox.open({}) as process:
        other = Student(process)
        other("treasure = 1234")
        yield other


@pytest.fixture
def bystander(sandbox, neighbour):
    """The other student's session, which must be unharmed at the end of the test, as must be what makes new ones."""
    zygote = sandbox._zygote.pid
    yield neighbour
    assert neighbour("treasure") == "1234"
    sandbox.wait()
    assert sandbox._zygote.pid == zygote


def processes_with(word: str) -> list[int]:
    """List the processes on this machine that have a word in their command line."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            if word in Path("/proc", name, "cmdline").read_text() and "Z" not in _state(name):
                found.append(int(name))
    return found


def _state(name: str) -> str:
    return Path("/proc", name, "stat").read_text().rpartition(")")[2].split()[0]


def soon(condition, seconds: float = 10) -> bool:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
