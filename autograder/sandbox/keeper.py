"""The keeper of one session, and how the session begins."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox.files import lay_down
from autograder.sandbox.hiding import forbid_imports, module_files
from autograder.sandbox.landlock import without
from autograder.sandbox.wire import read_request, send

__all__ = ["home_variables", "keep", "remove_tree"]

def keep(session: socket.socket, report: socket.socket, config: dict[str, Any]) -> NoReturn:
    """Fork the session, say who it is, wait for its end, say how it ended, and leave nothing of it behind."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        _die_with_parent(signal.SIGTERM)
        with _own_place(config) as where:
            if config["walls"] == "bubblewrap":
                from autograder.sandbox.confine import enter_namespaces

                enter_namespaces()
            child = os.fork()
            if child == 0:
                _begin(session, report, where, config)
            session.close()
            _introduce(report, child)
            status = _wait(child)
        _tell(report, status=status)
    except Exception:
        _tell(report, error=traceback.format_exc())
    finally:
        os._exit(0)


def remove_tree(path: str) -> None:
    """Remove a folder, however deep it is and whatever its modes are."""
    subprocess.run(["sh", "-c", 'chmod -R u+rwx "$1"; rm -rf -- "$1"', "sh", path], stderr=subprocess.DEVNULL, check=False)


@contextlib.contextmanager
def _own_place(config: dict[str, Any]) -> Iterator[str]:
    """Give the session's folder; outside of bubblewrap it lies on the disk, and is removed."""
    if config["walls"] == "bubblewrap":
        yield config["place"]
        return
    where = tempfile.mkdtemp(prefix="session-", dir=config["place"])
    try:
        yield where
    finally:
        remove_tree(where)


def _introduce(report: socket.socket, child: int) -> None:
    """Send the session's number, and where the system has such a thing, a descriptor that can mean no other process."""
    number = child.to_bytes(4, "big")
    if not hasattr(os, "pidfd_open"):
        report.sendall(number)
        return
    descriptor = os.pidfd_open(child)
    socket.send_fds(report, [number], [descriptor])
    os.close(descriptor)


def _wait(child: int) -> int:
    """Wait for the session's end, or for our own; either way nothing of it runs afterwards."""
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    finally:
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(OSError):
                kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _begin(session: socket.socket, report: socket.socket, where: str, config: dict[str, Any]) -> NoReturn:
    """Become the session: build the walls around this process, then run the entry point."""
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _close_all_but(session.fileno(), report.fileno())
        request, files = read_request(report)
        _settle(request, list(files), where, config)
        _confine(request["hide"], where, config)
        send(report, {"ready": True})
    except BaseException:
        _tell(report, error=traceback.format_exc())
        os._exit(status)
    try:
        report.close()
        config["main"](session)
        status = 0
    finally:
        os._exit(status)


def _settle(request: dict[str, Any], files: list[tuple[str, bytes]], where: str, config: dict[str, Any]) -> None:
    """Lay down the files, and give Python the session's folders, variables and random numbers."""
    if config["walls"] == "bubblewrap":
        from autograder.sandbox.confine import mount_scratch

        mount_scratch(config["limits"])
    work = Path(where, "work")
    for folder in (work, Path(where, "home"), Path(where, "tmp")):
        folder.mkdir()
    lay_down(files, work)
    os.chdir(work)
    os.environ.update(home_variables(where))
    os.environ.update(request["environment"])
    sys.path.insert(1, str(work))  # as in Jupyter, but for the packages, which no file of the student's replaces
    sys.argv = [""]
    random.seed(request["seed"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(request["seed"] % 2**32)


def _confine(hide: list[str], where: str, config: dict[str, Any]) -> None:
    """Build the walls around this process, as far as there are any."""
    forbid_imports(hide)
    hidden = module_files(hide, sys.path, config["packages"])
    if sys.platform != "linux":
        return
    from autograder.sandbox import confine

    if config["walls"] == "bubblewrap":
        confine.cover(hidden)
    confine.limit(config["limits"], {"bubblewrap": 0, "landlock": confine.tasks_of_user(), "none": None}[config["walls"]])
    _die_with_parent(signal.SIGKILL)
    if config["walls"] == "bubblewrap":
        confine.hide_processes()
        confine.give_up(["/"], [], [where, "/dev/null"])
    elif config["walls"] == "landlock":
        readable, listable = without([*config["readable"], config["packages"]], hidden)
        confine.give_up(readable, listable, [where, "/dev/null"])


def home_variables(place: str) -> dict[str, str]:
    """Name the folders that programs look for in the environment, all of them inside ``place``."""
    return {"HOME": f"{place}/home", "IPYTHONDIR": f"{place}/home/.ipython", "TMPDIR": f"{place}/tmp"}


def _die_with_parent(number: int) -> None:
    if sys.platform == "linux":
        from autograder.sandbox import kernel

        kernel.prctl(kernel.PR_SET_PDEATHSIG, number)


def _close_all_but(*kept: int) -> None:
    edges = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(edges):
        os.closerange(low + 1, high)


def _tell(report: socket.socket, **message: Any) -> None:
    with contextlib.suppress(OSError):
        send(report, message)
