"""A PostgreSQL server of the test's own: in a temporary folder, on a Unix socket, gone when the test ends."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = ("postgres", "nobody")  # PostgreSQL refuses to run as root


class Server:
    """A server that can be stopped and started; ``url(name)`` is for nbgrader's configuration."""

    def __init__(self, folder: Path, programs: Path):
        self.folder, self.programs = folder, programs
        self.user = next((u for u in map(_find, NOBODY) if u), None) if os.geteuid() == 0 else None
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        options = ["-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        command = [programs / "initdb", "-D", folder / "data", *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_user())
        assert done.returncode == 0, done.stderr
        self.start()

    def start(self) -> None:
        where = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}"]
        command = [self.programs / "postgres", "-D", self.folder / "data", "-F", *where]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **self._as_user())
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()

    def url(self, name: str, like: str = "template0") -> str:
        """Make a database, a copy of another; give its URL."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user="grader", dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        return f"postgresql+psycopg://grader:secret@/{name}?host={self.folder}"

    def _answers(self) -> bool:
        import psycopg

        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(self.folder), user="grader", dbname="postgres").close()
            return True
        return False

    def _as_user(self) -> dict:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": [], "cwd": "/"}


def _find(name: str) -> pwd.struct_passwd | None:
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(name)
    return None


def _programs() -> Path | None:
    """Find the folder of PostgreSQL's programs, which Debian keeps off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "/nowhere")]
    return found[-1].resolve().parent if found[-1].exists() else None


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Run a server; skip the test where there is none to run."""
    pytest.importorskip("psycopg", reason="psycopg is missing: pip install -e '.[department]'")
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is missing: sudo apt-get install postgresql, or sh tools/postgresql.sh")
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a short name, for a socket's may have 107 characters
    server = None
    try:
        server = Server(folder, programs)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
