"""Which walls a machine has, and what is said where some are missing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from autograder.sandbox import Sandbox, SandboxUnavailable, describe_walls, walls
from autograder.sandbox.landlock import ENOUGH, landlock_version

ASK = "from autograder.sandbox import describe_walls; print(describe_walls())"


def describe_with(path: str) -> str:
    """Ask in a fresh process that finds programs in ``path`` only."""
    environment = {**os.environ, "PATH": path}
    asked = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False)
    return asked.stdout + asked.stderr


@pytest.fixture
def elsewhere(monkeypatch):
    """Ask as if on another machine: ``elsewhere("platform", "system", "Darwin")`` replaces what a module says."""

    def replace(module: str, name: str, answer):
        monkeypatch.setattr(getattr(walls, module), name, lambda: answer)

    walls.find_walls.cache_clear()
    yield replace
    walls.find_walls.cache_clear()


def test_the_walls_of_this_machine_are_told_in_a_line():
    line = describe_walls()
    assert "\n" not in line
    assert line.startswith(("sandbox: ", "no sandbox: "))


def test_without_walls_the_line_says_so():
    assert describe_walls(unsafe=True).startswith("no sandbox (--unsafe)")


@pytest.mark.skipif(landlock_version() < ENOUGH, reason="this kernel's Landlock cannot stand alone")
def test_where_bubblewrap_is_missing_landlock_stands_alone_and_the_line_names_what_to_install():
    line = describe_with("/nonexistent")
    assert f"Landlock {landlock_version()}, seccomp and limits only" in line
    assert "bubblewrap is not installed: sudo apt-get install bubblewrap" in line


def test_where_bubblewrap_fails_the_line_says_what_it_said_and_what_to_allow(tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    fake.chmod(0o755)
    line = describe_with(str(tmp_path))
    assert "bubblewrap does not work here (bwrap: setting up uid map: Permission denied)" in line
    assert "sysctl -w" in line


def test_a_kernel_without_either_is_refused_with_what_to_do(elsewhere):
    elsewhere("bubblewrap", "problem", "bubblewrap is not installed: sudo apt-get install bubblewrap")
    elsewhere("landlock", "landlock_version", ENOUGH - 1)
    with pytest.raises(SandboxUnavailable, match=r"apt-get install bubblewrap; .*Landlock 3.*--unsafe"):
        Sandbox()


@pytest.mark.parametrize(("system", "instead"), [("Darwin", "virtual machine"), ("Windows", "WSL 2")])
def test_another_system_is_refused_with_what_to_do(system, instead, elsewhere):
    elsewhere("platform", "system", system)
    with pytest.raises(SandboxUnavailable, match=rf"this is {system}: use .*{instead}.*--unsafe"):
        Sandbox()


def test_an_unknown_processor_is_refused(elsewhere):
    elsewhere("seccomp", "has_seccomp", False)
    with pytest.raises(SandboxUnavailable, match="seccomp on x86-64 or AArch64"):
        Sandbox()
