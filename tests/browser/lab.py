"""A real JupyterLab server, and how to start a real headless Chromium: for tests, and for benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

BIN = Path(sys.executable).parent
QUIET = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()
QUIET += "--disable-component-update --disable-sync".split()


@contextlib.contextmanager
def jupyter(folder: Path, *, programs: Path = BIN, variables: dict[str, str] | None = None) -> Iterator[str]:
    """Serve a folder with JupyterLab on loopback, formgrader included; give its address.

    Parameters
    ----------
    folder : Path
    programs : Path, optional
        The folder of the JupyterLab that serves; this environment's.
    variables : dict of str to str, optional
        Its environment variables; else it has ours, and the folder for its home.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}/"
    options = ["--no-browser", "--allow-root", f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token="]
    server = subprocess.Popen(
        [programs / "jupyter", "lab", *options, f"--ServerApp.root_dir={folder}"],
        cwd=folder,
        env=(variables or os.environ | {"HOME": str(folder)})
        | {"PATH": f"{programs}:{os.environ['PATH']}", "JUPYTER_PREFER_ENV_PATH": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(address + "api", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.3)
    raise AssertionError("JupyterLab did not start")


def wait_for_kernel(address: str, notebook: str) -> None:
    """Wait until a notebook's page is connected with a kernel that has nothing to do: what is run before that is lost."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with urllib.request.urlopen(address + "api/sessions", timeout=30) as answer:
            kernels = [session["kernel"] for session in json.load(answer) if session["path"].endswith(notebook)]
        if any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels):
            return
        time.sleep(0.3)
    raise AssertionError(f"{notebook} has no kernel that is ready")


@contextlib.contextmanager
def chromium() -> Iterator:
    """Debian's Chromium, headless."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield chromium
        chromium.close()
