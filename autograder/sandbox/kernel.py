"""Calls to the Linux kernel that Python's standard library does not offer."""

from __future__ import annotations

import ctypes
import os

__all__ = ["drop_capabilities", "forbid_new_privileges", "libc", "mount", "prctl", "setns", "syscall", "unshare"]

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 4, 24, 38, 47
PR_CAP_AMBIENT_CLEAR_ALL = 4
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x4000000, 0x8000000, 0x10000000, 0x20000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 4096, 16384, 1 << 18
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None


def prctl(option: int, *arguments: int) -> int:
    """Call prctl(2); every argument is passed as a full word, as the kernel wants unused ones to be 0."""
    words = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    return _checked("prctl", libc.prctl(option, *words))


def syscall(number: int, *arguments: object) -> int:
    """Make a system call that libc has no name for."""
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return _checked(f"system call {number}", libc.syscall(ctypes.c_long(number), *words))


def unshare(flags: int) -> None:
    """Leave the namespaces named by ``flags`` for new ones."""
    _checked("unshare", libc.unshare(flags))


def setns(descriptor: int, kind: int) -> None:
    """Join the namespace of a descriptor."""
    _checked("setns", libc.setns(descriptor, kind))


def mount(source: str, target: str, kind: str | None = None, flags: int = 0, options: str = "") -> None:
    """Call mount(2)."""
    result = libc.mount(
        os.fsencode(source), os.fsencode(target), kind and kind.encode(), ctypes.c_ulong(flags), options.encode()
    )
    _checked(f"mount on {target}", result)


def forbid_new_privileges() -> None:
    """Make sure that no program started from here on can have more rights than this process."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up every capability, for good."""
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:  # beyond the last that this kernel has, or none to drop
            break
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _checked("capset", libc.capset(header, (ctypes.c_uint32 * 6)()))


def _checked(what: str, result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result
