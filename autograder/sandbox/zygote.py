"""The zygote: a warm Python process that forks a session for each submission and runs nothing of theirs itself.

It is told of a session by one byte on its control socket, with two sockets attached: the one that the session will talk
over, and one for reports on it: its number, that its walls stand, and how it ended. When the control socket closes, the
zygote ends, and with it everything inside.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import platform
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import confine, seccomp, warm
from autograder.sandbox.birth import begin, die_with_parent, home_variables
from autograder.sandbox.environment import FONTS
from autograder.sandbox.files import remove_tree
from autograder.sandbox.hiding import forbid_imports
from autograder.sandbox.limits import Limits
from autograder.sandbox.wire import send

__all__ = ["main"]


def main(settings: str) -> None:
    """Serve until the control socket is closed.

    Parameters
    ----------
    settings : str
        As JSON: ``control`` (the number of the socket), ``walls``, ``limits``, ``packages``, ``place``, ``readable``,
        ``preload``, ``hide``, ``entry``.
    """
    config = json.loads(settings)
    config["limits"] = Limits(**config["limits"])
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    if config["walls"] != "none":
        _step_down(config["walls"])
    signal.signal(signal.SIGTERM, _leave)
    die_with_parent(signal.SIGTERM)
    with _place(config), socket.socket(fileno=config["control"]) as control:
        _prepare(config)
        _quiet()
        control.sendall(b"r")
        with _Nursery(config) as nursery:
            nursery.serve(control)


class _Nursery:
    """The sessions that run, each with the socket for reports on it and its folder."""

    def __init__(self, config: dict[str, Any]):
        self.config, self.sessions = config, {}
        self.woken, self.alarm = socket.socketpair()
        self.alarm.setblocking(False)

    def __enter__(self) -> _Nursery:
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.alarm.fileno())
        return self

    def __exit__(self, *error: Any) -> None:
        for child in list(self.sessions):
            self.bury(child)

    def serve(self, control: socket.socket) -> None:
        """Make sessions, and report the end of each, until the control socket closes."""
        while True:
            ready, _, _ = select.select([control, self.woken], [], [])
            if self.woken in ready:
                self.woken.recv(4096)
                self.bury_the_dead()
            if control in ready:
                message, descriptors, _, _ = socket.recv_fds(control, 1, 2)
                if not message:
                    return
                self.bear(*(socket.socket(fileno=number) for number in descriptors))

    def bear(self, session: socket.socket, report: socket.socket) -> None:
        """Fork a session and say who it is; when that fails, closing its sockets says so."""
        apart = self.config["walls"] == "bubblewrap"
        where = self.config["place"] if apart else tempfile.mkdtemp(prefix="session-", dir=self.config["place"])
        with session, contextlib.suppress(OSError):
            child = confine.fork_apart() if apart else os.fork()
            if child == 0:
                begin(session, report, where, self.config)
            self.sessions[child] = report, where
            _introduce(report, child)

    def bury_the_dead(self) -> None:
        while self.sessions:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is None:
                return
            self.bury(found.si_pid)

    def bury(self, child: int) -> None:
        """End whatever a session has left, remove its files, and report its status."""
        report, where = self.sessions.pop(child)
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(child, signal.SIGKILL)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if where != self.config["place"]:
            remove_tree(where)
        with contextlib.suppress(OSError), report:
            send(report, {"status": status})


def _introduce(report: socket.socket, child: int) -> None:
    """Send the session's number, and where the system has such a thing, a descriptor that can mean no other process."""
    number = child.to_bytes(4, "big")
    if not hasattr(os, "pidfd_open"):
        report.sendall(number)
        return
    descriptor = os.pidfd_open(child)
    socket.send_fds(report, [number], [descriptor])
    os.close(descriptor)


def _step_down(walls: str) -> None:
    """Give up root, and in bubblewrap make the namespaces in which others can be made."""
    confine.become_nobody()
    if not os.access(os.__file__, os.R_OK):
        sys.exit(f"the sandbox of root runs as nobody, who cannot read {sys.prefix} here: grade as an ordinary user")
    if walls == "bubblewrap":
        confine.own_processes()


def _prepare(config: dict[str, Any]) -> None:
    """Import what sessions will need, in one thread: a process with more can leave no namespace."""
    for name in ("home", "tmp"):
        Path(config["place"], name).mkdir()
    os.environ.update(home_variables(config["place"]), MPLCONFIGDIR=f"{config['place']}/{FONTS}")
    sys.path[0] = config["packages"]  # in the place of the folder that this very package was imported from
    forbid_imports(config["hide"])
    if config["walls"] == "bubblewrap":
        seccomp.program(1, platform.machine(), False)  # kept for every session: each is number 1 where it lives
    warm.warm_up(config["preload"])
    config["main"] = warm.load(config["entry"])
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("a module of preload starts a thread: the zygote must have one only")
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def _place(config: dict[str, Any]) -> Iterator[None]:
    """Outside of bubblewrap, put links to the packages into the folder for sessions, and remove it at the end."""
    if config["walls"] == "bubblewrap":
        yield
        return
    try:
        packages = Path(config["place"], "packages")
        packages.mkdir()
        for path in config["packages"]:
            (packages / Path(path).name).symlink_to(path)
        config["packages"] = str(packages)
        yield
    finally:
        remove_tree(config["place"])


def _quiet() -> None:
    """From here on the zygote and its children print nowhere."""
    with open(os.devnull, "r+b", buffering=0) as nowhere:
        for number in range(3):
            os.dup2(nowhere.fileno(), number)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)
