"""The sandbox, from the trusted side: a zygote behind walls, and sessions that it forks."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograder.sandbox import bubblewrap
from autograder.sandbox.environment import NOBODY, PACKAGES, PLACE, python_paths, variables
from autograder.sandbox.errors import FilesRefused, SandboxError, SandboxUnavailable
from autograder.sandbox.files import fitting_files, remove_tree
from autograder.sandbox.limits import Limits
from autograder.sandbox.process import Process
from autograder.sandbox.walls import UNSAFE, Walls, find_walls

__all__ = ["ENTRY", "PRELOAD", "Sandbox"]

ENTRY = "autograder.session.student:main"
PRELOAD = (
    "numpy.random", "numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.testing",  # NumPy loads these when they are used
    "matplotlib.pyplot", "autograder.session.shell:Shell.prepare",
)  # fmt: skip
GRADER = bubblewrap.GRADER
START = "import sys; sys.path.insert(0, {!r}); from autograder.sandbox.zygote import main; main(sys.argv[1])"
PATIENCE = 120  # seconds that a zygote may take to start, on a machine that is busy and reads Matplotlib for the first time


class Sandbox:
    """Makes sessions, each a process for one submission behind walls of its own.

    The zygote dies with the thread that made it: make a sandbox in the thread that will use it to the end.

    Parameters
    ----------
    limits : Limits
        What a session may take.
    packages : sequence of Path
        Folders of packages that sessions may import, besides what is installed.
    preload : sequence of str
        Modules that the zygote imports, and ``module:function`` that it calls, so that sessions start warm.
    hide : sequence of str
        Modules that no session may import, nor read. Packages that import them may be among ``preload``.
    unsafe : bool
        Build no walls: the student's code can do what its grader can.
    walls : Walls, optional
        These walls and no other; by default the best that this machine has.
    entry : str
        ``module:function`` that is called in each session with its socket.

    Raises
    ------
    SandboxUnavailable
        If this machine can build no walls; the message says what to do.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        packages: Sequence[Path] = (),
        preload: Sequence[str] = PRELOAD,
        hide: Sequence[str] = (),
        unsafe: bool = False,
        walls: Walls | None = None,
        entry: str = ENTRY,
    ):
        if not hasattr(os, "fork"):
            raise SandboxUnavailable("the grading engine needs Linux or macOS, also without walls: on Windows use WSL 2")
        self.limits = limits or Limits()
        self.packages = [Path(path).resolve() for path in packages]
        self.preload, self.hide, self.entry = list(preload), list(hide), entry
        self.walls = UNSAFE if unsafe else walls or find_walls()
        self._zygote: subprocess.Popen | None = None
        self._start()

    def open(
        self,
        files: Mapping[str, bytes],
        *,
        hide: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
        seed: int = 0,
    ) -> Process:
        """Make a session.

        Parameters
        ----------
        files : mapping of str to bytes
            What lies in its working directory, by relative name.
        hide : sequence of str
            More modules that it may not import, nor read.
        environment : mapping of str to str, optional
            More environment variables.
        seed : int
            For the global generators of ``random`` and ``numpy.random``.

        Raises
        ------
        FilesRefused
            If a file is too large or has a name that leads elsewhere; `fitting_files` leaves such files out.
        SandboxError
            If the walls around the session could not be built.
        """
        if reasons := fitting_files(files, self.limits)[1]:
            raise FilesRefused(reasons[0])
        self._revive()
        ours, theirs = socket.socketpair()
        report, reporter = socket.socketpair()
        process = Process(ours, report)
        try:
            with theirs, reporter:
                socket.send_fds(self._control, [b"o"], [theirs.fileno(), reporter.fileno()])
            process.begin(files, hide, environment or {}, seed)
        except BaseException:
            process.close()
            raise
        return process

    def wait(self) -> None:
        """Wait until the zygote is warm, so that a session can be made at once."""
        self._revive()

    def close(self) -> None:
        """End the zygote and every session."""
        if self._zygote is not None:
            self._control.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._zygote.wait(5)
            self._zygote.kill()
            self._zygote.wait()
            self._zygote.stderr.close()
            self._zygote = None
            if self._place != PLACE:
                remove_tree(self._place)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def _start(self) -> None:
        """Start a zygote; it warms up while we go on."""
        self._control, inner = socket.socketpair()
        self._ready = False
        bubble = self.walls.kind == "bubblewrap"
        self._place = PLACE if bubble else self._make_place()
        start = START.format(PACKAGES if bubble else str(GRADER.parent))
        command = bubblewrap.python(start, json.dumps(self._settings(inner.fileno(), bubble)))
        with inner:
            self._zygote = subprocess.Popen(
                [*bubblewrap.arguments(self.packages), *command] if bubble else command,
                env=variables(),
                pass_fds=[inner.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )

    def _make_place(self) -> str:
        """Make a folder for sessions on the disk, for whoever the zygote will be."""
        place = tempfile.mkdtemp(prefix="sandbox-")
        if self.walls.kind == "landlock" and os.geteuid() == 0:
            os.chown(place, NOBODY, NOBODY)
        return place

    def _settings(self, control: int, bubble: bool) -> dict[str, Any]:
        ours = [str(GRADER / "sandbox"), str(GRADER / "session"), *map(str, self.packages)]
        return {
            "control": control,
            "walls": self.walls.kind,
            "limits": dataclasses.asdict(self.limits),
            "packages": PACKAGES if bubble else [str(path) for path in self.packages],
            "place": self._place,
            "readable": [] if bubble else [*python_paths(), *ours, "/dev/zero", "/dev/random", "/dev/urandom"],
            "preload": self.preload,
            "hide": self.hide,
            "entry": self.entry,
        }

    def _revive(self) -> None:
        """See to it that a zygote is there and warm; one that has died is followed by another."""
        if self._zygote is None:
            raise SandboxError("this sandbox is closed")
        if self._ready and _is_closed(self._control):
            self.close()
            self._start()
        if not self._ready:
            self._control.settimeout(PATIENCE)
            try:
                self._ready = self._control.recv(1) == b"r"
            except OSError:
                self._ready = False
            self._control.settimeout(None)  # with a time limit, Python waits even for what should not be waited for
            if not self._ready:
                self._fail()

    def _fail(self) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._zygote.wait(5)  # it may still be saying why
        self._zygote.kill()
        status = self._zygote.wait()
        said = self._zygote.stderr.read()[-4000:].decode(errors="replace").strip()
        raise SandboxError(f"the sandbox's Python did not start (status {status}): {said or 'it said nothing'}")


def _is_closed(sock: socket.socket) -> bool:
    """Tell whether the other side is gone; unlike asking for a child's status, this works in a fork of its parent, too."""
    try:
        return sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
