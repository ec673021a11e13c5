"""How a session begins: from a fork of the zygote to the student's process, with all walls around it."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import socket
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any, NoReturn

from autograder.sandbox import confine, kernel
from autograder.sandbox.files import lay_down
from autograder.sandbox.hiding import forbid_imports, module_files
from autograder.sandbox.landlock import without
from autograder.sandbox.processor import share
from autograder.sandbox.wire import read_request, send

__all__ = ["begin", "die_with_parent", "home_variables"]


def begin(session: socket.socket, report: socket.socket, where: str, config: dict[str, Any]) -> NoReturn:
    """Become the session: build the walls around this process, then run the entry point.

    Parameters
    ----------
    session, report : socket.socket
        For the entry point; and for the request that says what the session is for, and the word that its walls stand.
    where : str
        The folder of the session's files.
    config : dict
        The zygote's settings.
    """
    status = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _close_all_but(session.fileno(), report.fileno())
        request, files = read_request(report)
        _settle(request, list(files), where, config)
        _confine(request["hide"], where, config)
        send(report, {"ready": True})
        report.close()
    except BaseException:
        with contextlib.suppress(OSError):
            send(report, {"error": traceback.format_exc()})
        os._exit(status)
    try:
        config["main"](session)
        status = 0
    finally:
        os._exit(status)


def _settle(request: dict[str, Any], files: list[tuple[str, bytes]], where: str, config: dict[str, Any]) -> None:
    """Lay down the files, and give Python the session's folders, variables and random numbers."""
    share(request["processors"])
    if config["walls"] == "bubblewrap":
        confine.enter_namespaces()
        confine.mount_scratch(config["limits"])
    work = Path(where, "work")
    for folder in (work, Path(where, "home"), Path(where, "tmp")):
        folder.mkdir()
    lay_down(files, work)
    os.chdir(work)
    os.environ.update(home_variables(where))
    os.environ.update(request["environment"])
    tempfile.tempdir = None  # or it would remember the zygote's
    sys.path.insert(1, str(work))  # as in Jupyter, but for the packages, which no file of the student's replaces
    sys.argv = [""]
    random.seed(request["seed"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(request["seed"] % 2**32)


def _confine(hide: list[str], where: str, config: dict[str, Any]) -> None:
    """Build the walls around this process, as far as there are any."""
    forbid_imports(hide)
    roots = [path for path in sys.path if not path.startswith(f"{where}/")]
    hidden = module_files([*config["hide"], *hide], roots, config["packages"])
    if sys.platform != "linux":
        return
    if config["walls"] == "bubblewrap":
        confine.cover(hidden)
        confine.limit(config["limits"], tasks=0)
        die_with_parent(signal.SIGKILL)
        confine.hide_processes()
        confine.give_up(["/"], [], [where, "/dev/null"], mounts=True)
        return
    alone = config["walls"] == "landlock"
    confine.limit(config["limits"], tasks=confine.tasks_of_user() if alone else None)
    die_with_parent(signal.SIGKILL)
    if alone:
        readable, listable = without([*config["readable"], config["packages"]], hidden)
        confine.give_up(readable, listable, [where, "/dev/null"], mounts=False)


def home_variables(place: str) -> dict[str, str]:
    """Name what programs look for in the environment: a user, and folders inside ``place``."""
    return {"USER": "student", "HOME": f"{place}/home", "IPYTHONDIR": f"{place}/home/.ipython", "TMPDIR": f"{place}/tmp"}


def die_with_parent(number: int) -> None:
    """Ask for this signal at the death of the thread that made this process, where the system knows such a thing."""
    if sys.platform == "linux":
        kernel.prctl(kernel.PR_SET_PDEATHSIG, number)


def _close_all_but(*kept: int) -> None:
    edges = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in itertools.pairwise(edges):
        os.closerange(low + 1, high)
