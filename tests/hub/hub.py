"""A real JupyterHub with its proxy, on loopback, started from the documented configuration."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import requests

BIN = Path(sys.executable).parent
DOCUMENTED = Path(__file__).parents[2] / "docs" / "jupyterhub"
OURS = Path(__file__).with_name("jupyterhub_config.py")
COURSE = "how-to-train-your-neural-network"
NAMES = ("ines", "ada", "ben", "grader")


@dataclass(frozen=True)
class Hub:
    """A hub that runs: its address, and the folder that holds all of it."""

    address: str
    folder: Path

    @property
    def root(self) -> Path:
        """The course directory."""
        return self.folder / "course"

    def home(self, name: str) -> Path:
        return self.folder / "homes" / name

    def log(self) -> str:
        return (self.folder / "hub.log").read_text(errors="replace")


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Hub]:
    """Install the documented configuration in a folder, start the hub, and stop it with everything that it started."""
    assert (BIN / "configurable-http-proxy").exists(), "the hub's proxy is missing: run 'sh tools/hub.sh'"
    _install(folder)
    ports = _free_ports(4)
    hub = Hub(f"http://127.0.0.1:{ports[0]}/", folder)
    own = {
        "HUB_CONFIG": str(folder / "config" / "jupyterhub_config.py"),
        "HUB_FOLDER": str(folder),
        "HUB_PORTS": " ".join(map(str, ports)),
        "HOME": str(folder),
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "SHELL": "/bin/bash",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST"))} | own
    with (folder / "hub.log").open("wb") as log:
        process = subprocess.Popen(
            [BIN / "jupyterhub", "-f", OURS], cwd=folder, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        _wait(hub, process)
        yield hub
    finally:
        process.send_signal(signal.SIGINT)  # it stops everyone's server, the graders' and the proxy
        process.wait(120)


def _install(folder: Path) -> None:
    """Do what the guide says: copy the files, name the places, make the folders, put the commands on everyone's path."""
    shutil.copytree(DOCUMENTED, folder / "config")
    named = folder / "config" / "course.toml"
    named.write_text(named.read_text().replace("/srv/", f"{folder}/"))
    (folder / "course").mkdir(mode=0o700)
    (folder / "exchange").mkdir()
    (folder / "exchange").chmod(0o1777)
    for name in NAMES:
        (folder / "homes" / name).mkdir(parents=True)
        (folder / "homes" / name / ".profile").write_text(f"export PATH={BIN}:$PATH\n")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _wait(hub: Hub, process: subprocess.Popen) -> None:
    """Wait until the hub answers, and the graders' server behind it."""
    deadline = time.monotonic() + 90
    for path in ("hub/api", f"services/{COURSE}/api"):
        while not _answers(hub.address + path):
            assert process.poll() is None, hub.log()
            assert time.monotonic() < deadline, hub.log()
            time.sleep(0.3)


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False
