"""The zygote: a warm Python process that forks a session for each submission and runs nothing of theirs itself.

It is told of a session by one byte on its control socket, with two sockets attached: the one that the session will talk
over, and one for reports on it. A keeper is forked, which enters new namespaces and forks the session; then it waits for the
session's end and reports it. When the control socket closes, the zygote ends, and with it everything inside.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import warm
from autograder.sandbox.environment import FONTS
from autograder.sandbox.keeper import home_variables, keep, remove_tree
from autograder.sandbox.limits import Limits

__all__ = ["main"]


def main(settings: str) -> None:
    """Serve until the control socket is closed.

    Parameters
    ----------
    settings : str
        As JSON: ``control`` (the number of the socket), ``walls``, ``limits``, ``packages``, ``readable``, ``preload``,
        ``entry``.
    """
    config = json.loads(settings)
    config["limits"] = Limits(**config["limits"])
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    if config["walls"] != "none":
        from autograder.sandbox.confine import become_nobody

        become_nobody()
    with _place(config) as place, socket.socket(fileno=config["control"]) as control:
        config["place"] = place
        _prepare(config)
        _quiet()
        control.sendall(b"r")
        _serve(control, config)


def _serve(control: socket.socket, config: dict[str, Any]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # keepers are reaped by the kernel
    while True:
        message, fds, _, _ = socket.recv_fds(control, 1, 2)
        if not message:
            return
        if os.fork() == 0:
            control.close()
            keep(*(socket.socket(fileno=fd) for fd in fds), config)
        for fd in fds:
            os.close(fd)


def _prepare(config: dict[str, Any]) -> None:
    """Import what sessions will need, in one thread: a process with more can leave no namespace."""
    for name in ("home", "tmp"):
        Path(config["place"], name).mkdir()
    os.environ.update(home_variables(config["place"]), MPLCONFIGDIR=f"{config['place']}/{FONTS}")
    sys.path.insert(0, config["packages"])
    sys.path[1:] = [path for path in sys.path[1:] if path != config["packages"]]
    warm.warm_up(config["preload"])
    config["main"] = warm.load(config["entry"])
    if sys.platform == "linux" and len(os.listdir("/proc/self/task")) > 1:
        raise RuntimeError("a module of preload starts a thread: the zygote must have one only")
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def _place(config: dict[str, Any]) -> Iterator[str]:
    """Give the folder for sessions; outside of bubblewrap it is made here, with links to the packages, and removed."""
    if config["walls"] == "bubblewrap":
        yield config["place"]
        return
    place = tempfile.mkdtemp(prefix="sandbox-")
    try:
        packages = Path(place) / "packages"
        packages.mkdir()
        for path in config["packages"]:
            (packages / Path(path).name).symlink_to(path)
        config["packages"] = str(packages)
        yield place
    finally:
        remove_tree(place)


def _quiet() -> None:
    """From here on the zygote and its children print nowhere."""
    with open(os.devnull, "r+b", buffering=0) as nowhere:
        for number in range(3):
            os.dup2(nowhere.fileno(), number)


def _leave(*_: object) -> NoReturn:
    raise SystemExit(0)
