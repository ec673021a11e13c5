"""The walls hold for whoever builds them: root, and a user without any rights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import kernel
from autograder.sandbox.landlock import landlock_version

from .conftest import KINDS

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NOBODY = 65534


def become_nobody() -> None:
    """Become nobody, in a view of the file system in which nobody can reach this Python."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    needed = [Path(sys.base_prefix), Path(sys.prefix), ROOT]
    for top in {closed for path in needed if (closed := first_closed(path))}:
        inside = {path: os.open(path, os.O_PATH) for path in needed if path.is_relative_to(top)}
        kernel.mount("view", str(top), "tmpfs", 0, "mode=755")
        for path, descriptor in inside.items():
            path.mkdir(parents=True, exist_ok=True)
            kernel.mount(f"/proc/self/fd/{descriptor}", str(path), None, kernel.MS_BIND | kernel.MS_REC)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def first_closed(path: Path) -> Path | None:
    """Find the outermost folder on the way that others may not pass through."""
    return next((folder for folder in [*reversed(path.parents), path] if not folder.stat().st_mode & 0o001), None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else; the other tests run as this user")
@pytest.mark.parametrize("kind", KINDS)
def test_the_walls_hold_when_a_user_without_rights_builds_them(kind, tmp_path):
    if kind == "landlock" and not landlock_version():
        pytest.skip("this kernel has no Landlock")
    done = subprocess.run(
        [sys.executable, "-B", str(HERE / "ordinary.py"), kind],
        preexec_fn=become_nobody,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == (f"user {NOBODY}\n", "")
