"""Bubblewrap: the outer wall, namespaces of its own around a zygote and a file system with only what it needs.

See bwrap(1). It needs no root. Where root runs it, it makes no user namespace, and the zygote's first act is to become
another user: root's processes are not counted, and would stay root for whatever they could reach.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from autograder.sandbox.environment import FONTS, PACKAGES, PLACE, font_list, interpreter_links, python_paths, variables

__all__ = ["arguments", "problem", "python"]

DEVICES = ("null", "zero", "full", "random", "urandom")
GRADER = Path(__file__).parent.parent


def arguments(packages: Sequence[Path]) -> list[str]:
    """List what to put before a command to run it inside; ``packages`` are shown below `PACKAGES`."""
    mounts = _mounts(packages)
    folders = {str(parent) for _, _, where in mounts for parent in Path(where).parents}
    words = [shutil.which("bwrap"), *_namespaces()]
    for folder in sorted(folders - {"/"}):  # made by name, or only root could pass through them
        words += ["--dir", folder]
    words += ["--proc", "/proc", "--perms", "0777", "--size", str(64 << 20), "--tmpfs", PLACE]
    for mount in mounts:
        words += mount
    if fonts := font_list():
        words += ["--perms", "0777", "--dir", f"{PLACE}/{FONTS}", "--ro-bind", str(fonts), f"{PLACE}/{FONTS}/{fonts.name}"]
    words += ["--remount-ro", "/", "--chdir", "/", "--clearenv"]
    for name, value in variables().items():
        words += ["--setenv", name, value]
    return [*words, "--"]


def _mounts(packages: Sequence[Path]) -> list[tuple[str, str, str]]:
    """List what is shown inside: how, what, and where."""
    mounts = [("--dev-bind", f"/dev/{name}", f"/dev/{name}") for name in DEVICES]
    mounts += [("--ro-bind", path, path) for path in python_paths()]
    mounts += [("--symlink", target, link) for link, target in interpreter_links()[:-1]]
    mounts += [("--ro-bind", str(path.resolve()), f"{PACKAGES}/{path.name}") for path in packages]
    ours = ("__init__.py", "sandbox", "session")
    return mounts + [("--ro-bind-try", str(GRADER / name), f"{PACKAGES}/autograder/{name}") for name in ours]


def python(code: str, *words: str) -> list[str]:
    """Make the command of an interpreter that takes nothing from its user's start-up files and writes no bytecode."""
    return [sys.executable, "-s", "-P", "-B", "-X", "utf8", "-c", code, *words]


@lru_cache(maxsize=1)
def problem() -> str | None:
    """Say what is missing for bubblewrap and the namespaces inside it; None when a trial went well."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed: sudo apt-get install bubblewrap"
    code = f"import sys; sys.path.insert(0, {PACKAGES!r}); from autograder.sandbox.confine import rehearse; rehearse()"
    trial = subprocess.run([*arguments([]), *python(code)], capture_output=True, text=True, timeout=60, check=False)
    if trial.returncode == 0:
        return None
    said = (trial.stderr.strip().splitlines() or [f"it ended with {trial.returncode}"])[-1]
    return (
        f"bubblewrap does not work here ({said}): allow user namespaces with 'sudo sysctl -w "
        "user.max_user_namespaces=10000', on Ubuntu also 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'"
    )


def _namespaces() -> list[str]:
    words = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--hostname", "sandbox", "--new-session", "--die-with-parent", "--cap-drop", "ALL"]
    if os.geteuid() == 0:
        return [*words, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*words, "--unshare-user", "--uid", "1000", "--gid", "1000"]
