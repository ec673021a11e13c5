"""Seccomp: the kernel refuses a process's system calls, by number and argument; no filter can be taken off again.

A refused call fails with EPERM, so that Python code gets an exception that says what was refused. The filter is a program of
the classic Berkeley packet filter over ``struct seccomp_data``; see seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from functools import lru_cache

from autograder.sandbox.kernel import forbid_new_privileges, prctl
from autograder.sandbox.syscalls import FORBIDDEN, METADATA, NEWEST, SPECIAL

__all__ = ["forbid", "has_seccomp", "program"]

PR_GET_SECCOMP, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 21, 22, 2
KILL, FAIL, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000

# Instructions: load a word, compare it with a number, return.
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

# The machine's place in the tables of syscalls.py, and its name in linux/audit.h.
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
X32 = 0x40000000

CLONE_THREAD = 0x10000
TERMINAL_AND_SIGNALS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX: type on the terminal; FIOSETOWN, SIOCSPGRP
SIGNALS_AND_PIPES = (8, 10, 15, 1024, 1026, 1031)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETPIPE_SZ
LOCKS = (5, 36)  # F_GETLK, F_OFD_GETLK: by locks on a file that all can read, one student speaks and another hears
HARMLESS_PRCTL = (3, 15, 16, 21, 23, 0x53564D41)  # PR_GET_*, PR_SET_NAME, PR_CAPBSET_READ, PR_SET_VMA


def has_seccomp() -> bool:
    """Tell whether the kernel has seccomp, and this machine's system calls are known here."""
    try:
        return platform.machine() in MACHINES and prctl(PR_GET_SECCOMP) >= 0
    except OSError:
        return False


def forbid(*, metadata: bool) -> None:
    """Refuse, from now on, what `syscalls` lists: this process can start threads, and reaches nothing outside of itself.

    ``metadata`` refuses the changes of files' modes, owners and times, too.
    """
    forbid_new_privileges()
    code = program(os.getpid(), platform.machine(), metadata)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(header))


@lru_cache(maxsize=2)
def program(pid: int, machine: str, metadata: bool) -> bytes:
    """Assemble the filter of process ``pid``."""
    column, architecture = MACHINES[machine]
    lines = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)]
    if machine == "x86_64":
        lines += _when(AT_LEAST, X32, KILL)
    for numbers in [*FORBIDDEN.values(), *(METADATA.values() if metadata else ())]:
        if numbers[column] is not None:
            lines += _when(EQUAL, numbers[column], FAIL | errno.EPERM)
    for name, argument, test, values, then, otherwise in _rules(pid):
        checks = [line for value in values for line in _when(test, value, then)]
        block = [(LOAD, 0, 0, ARGUMENTS + 8 * argument), *checks, (RETURN, 0, 0, otherwise)]
        lines += [(EQUAL, 0, len(block), SPECIAL[name][column]), *block]
    unknown = FAIL | errno.ENOSYS
    lines += [*_when(EQUAL, SPECIAL["clone3"][column], unknown), *_when(AT_LEAST, NEWEST + 1, unknown)]
    return b"".join(struct.pack("=HBBI", *line) for line in [*lines, (RETURN, 0, 0, ALLOW)])


def _rules(pid: int) -> list[tuple[str, int, int, tuple[int, ...], int, int]]:
    """List the calls that depend on an argument: its place, the test, its values, what then, and what otherwise."""
    no = FAIL | errno.EPERM
    return [
        ("clone", 0, ANY_BIT, (CLONE_THREAD,), ALLOW, no),
        ("kill", 0, EQUAL, (pid,), ALLOW, no),
        ("tgkill", 0, EQUAL, (pid,), ALLOW, no),
        ("prlimit64", 0, EQUAL, (0, pid), ALLOW, no),
        ("prctl", 0, EQUAL, HARMLESS_PRCTL, ALLOW, no),
        ("ioctl", 1, EQUAL, TERMINAL_AND_SIGNALS, no, ALLOW),
        ("fcntl", 1, EQUAL, SIGNALS_AND_PIPES + LOCKS, no, ALLOW),
    ]


def _when(test: int, value: int, then: int) -> list[tuple[int, int, int, int]]:
    return [(test, 0, 1, value), (RETURN, 0, 0, then)]
