"""Which walls this machine can build around a student's code."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from functools import lru_cache

from autograder.sandbox import bubblewrap, landlock, seccomp
from autograder.sandbox.errors import SandboxUnavailable

__all__ = ["UNSAFE", "Walls", "describe_walls", "find_walls"]


@dataclass(frozen=True)
class Walls:
    """A kind of wall, ``bubblewrap``, ``landlock`` or ``none``, and a line that says what it holds."""

    kind: str
    description: str


UNSAFE = Walls("none", "no sandbox (--unsafe): the student's code can do whatever you can")


@lru_cache(maxsize=1)
def find_walls() -> Walls:
    """Find the best walls that this machine can build, by trying.

    Raises
    ------
    SandboxUnavailable
        If there are none; the message says what to install or to enable.
    """
    system = platform.system()
    if system != "Linux":
        instead = "use Linux in WSL 2" if system == "Windows" else "use Linux, in a virtual machine or a container"
        raise SandboxUnavailable(f"the sandbox needs Linux, this is {system}: {instead}, or grade without walls (--unsafe)")
    if not seccomp.has_seccomp():
        raise SandboxUnavailable(
            f"the sandbox needs a kernel with seccomp on x86-64 or AArch64, this is {platform.machine()} with "
            f"{platform.release()}: use another machine, or grade without walls (--unsafe)"
        )
    version, problem = landlock.landlock_version(), bubblewrap.problem()
    if problem is None:
        also = f", Landlock {version}" if version else ""
        return Walls("bubblewrap", f"sandbox: bubblewrap, namespaces{also}, seccomp, limits")
    if version >= landlock.ENOUGH:
        return Walls(
            "landlock",
            f"sandbox: Landlock {version}, seccomp and limits only, so a student's code can see which files and processes "
            f"exist and fill the disk for as long as it runs; {problem}",
        )
    raise SandboxUnavailable(
        f"no sandbox: {problem}; nor has this kernel Landlock 3 (Linux 6.2, with 'landlock' among its 'lsm='). "
        "Mend one of them, or grade without walls (--unsafe)"
    )


def describe_walls(*, unsafe: bool = False) -> str:
    """Say in a line which walls hold on this machine, or why there are none."""
    if unsafe:
        return UNSAFE.description
    try:
        return find_walls().description
    except SandboxUnavailable as error:
        return str(error)
