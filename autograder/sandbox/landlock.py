"""Landlock: a process gives up the file system, but for what it names; no right can come back.

See https://docs.kernel.org/userspace-api/landlock.html. The kernel says which version of the interface it has; what it does
not know yet is left out.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from autograder.sandbox.kernel import syscall

__all__ = ["ENOUGH", "landlock_version", "restrict", "without"]

ENOUGH = 3  # the first version that also forbids to truncate files, which is needed where Landlock stands alone

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1

READ_FILE, READ_DIR, EXECUTE = 1 << 2, 1 << 3, 1 << 0
WRITE_FILE, REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_FILE = 1 << 1, 1 << 4, 1 << 5, 1 << 7, 1 << 8
MAKE_LINK, REFER, TRUNCATE = 1 << 12, 1 << 13, 1 << 14
READ = READ_FILE | READ_DIR
WRITE = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_FILE | MAKE_LINK | REFER | TRUNCATE
OF_A_FILE = READ_FILE | WRITE_FILE | TRUNCATE

# What each version of the interface can forbid: the bits of file system, network and scope.
FILE_SYSTEM_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
BOTH_TCP = 0b11
BOTH_SCOPES = 0b11  # abstract Unix sockets, and signals, of processes outside


def landlock_version() -> int:
    """Tell the version of Landlock's interface that the kernel has; 0 where it has none."""
    try:
        return syscall(CREATE_RULESET, 0, 0, 1)
    except OSError:
        return 0


def restrict(readable: Iterable[str], listable: Iterable[str], writable: Iterable[str]) -> None:
    """Allow this process, from now on, nothing but to read and to write what is named, and all that is below it.

    Parameters
    ----------
    readable : iterable of str
        Files and folders; what does not exist is passed over.
    listable : iterable of str
        Folders of which only the names of what is below may be read.
    writable : iterable of str
        Files and folders to read and write. No device, socket or FIFO can be made in them, and no program run.
    """
    version = landlock_version()
    handled = (1 << FILE_SYSTEM_BITS[min(version, 5)]) - 1
    attributes = struct.pack("=QQQ", handled, BOTH_TCP if version >= 4 else 0, BOTH_SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = syscall(CREATE_RULESET, ctypes.create_string_buffer(attributes[:size], size), size, 0)
    try:
        for paths, rights in ((readable, READ), (listable, READ_DIR), (writable, READ | WRITE)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def without(paths: Iterable[str], hidden: Iterable[str]) -> tuple[list[str], list[str]]:
    """Divide folders so that everything in them but the hidden files can be allowed.

    Returns
    -------
    readable, listable : list of str
        What to allow instead of ``paths``, for :func:`restrict`.
    """
    secret = {os.path.realpath(path) for path in hidden}
    readable, listable = [], []
    todo = [os.path.realpath(path) for path in paths]
    while todo:
        path = todo.pop()
        if path in secret:
            continue
        if any(one.startswith(f"{path}/") for one in secret):
            listable.append(path)
            todo += [entry.path for entry in os.scandir(path) if not entry.is_symlink()]
        else:
            readable.append(path)
    return readable, listable


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            rights &= OF_A_FILE
        rule = struct.pack("=Qi", rights, target)
        syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
    finally:
        os.close(target)
