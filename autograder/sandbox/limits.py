"""How much of everything a student's code may take."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]

MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one session; each costs the student who exceeds it something, and nobody else.

    Parameters
    ----------
    cpu_seconds : int
        CPU time of the whole session, all threads together; beyond it the session is killed.
    memory : int
        Bytes of address space above what the session has when it starts; beyond it Python raises MemoryError.
    scratch, scratch_files, file_size : int
        Bytes of all files in the working directory, their number (folders count), and the bytes of one.
    open_files, processes : int
        File descriptors, and threads. Processes there are none: a session cannot start one.
    output : int
        Bytes of outputs that are kept of a cell.
    call_seconds, cell_seconds, total_seconds : float
        How long a call of the student's function, a cell, and the whole notebook may take.
    received : int
        Bytes of all answers of the session to the tests together; a notebook may end a few sessions.
    frame, items, depth, entries : int
        Of one message: its bytes, its values, how deeply they are nested, and the entries of one dict or set.
    """

    cpu_seconds: int = 120
    memory: int = 1024 * MIB
    scratch: int = 32 * MIB
    scratch_files: int = 1000
    file_size: int = 16 * MIB
    open_files: int = 64
    processes: int = 16
    output: int = MIB
    call_seconds: float = 5.0
    cell_seconds: float = 30.0
    total_seconds: float = 120.0
    received: int = 512 * MIB
    frame: int = 32 * MIB
    items: int = 1_000_000
    depth: int = 40
    entries: int = 10_000
