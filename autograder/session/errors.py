"""What goes wrong between the tests and a student's process."""

from __future__ import annotations

import signal

__all__ = [
    "CallTimedOut",
    "ProtocolError",
    "SessionDied",
    "SessionError",
    "TooMuchSent",
    "Unsendable",
    "cause_of_death",
]


class SessionError(Exception):
    """The student's process cannot go on. The message is written to the student."""

    for_student = True


class ProtocolError(SessionError):
    """What came through the wall was no message."""


class TooMuchSent(ProtocolError):  # noqa: N818
    """What came through the wall is, all together, more than there is memory for."""

    def __init__(self, message: str = "your code's process sent more than there is memory for, all in all"):
        super().__init__(message)


class SessionDied(SessionError):  # noqa: N818 - students read it
    """The student's process has ended."""

    def __init__(self, message: str = "your code's process ended"):
        super().__init__(message)


class CallTimedOut(SessionError):  # noqa: N818
    """The student's code took longer than it may."""

    def __init__(self, message: str = "your code took too long"):
        super().__init__(message)


class Unsendable(TypeError):  # noqa: N818
    """A value cannot pass between the tests and the student's code; the message says why and what to do."""


def cause_of_death(status: int | None) -> str:
    """Say how a process ended, from its exit status: negative for a signal, as :mod:`subprocess` has it."""
    if status is None:
        return "your code's process ended"
    if status >= 0:
        return f"your code ended its own process (exit status {status})"
    known = {
        signal.SIGKILL: "your code's process was killed; most likely it used too much memory",
        signal.SIGXCPU: "your code's process used up its CPU time",
        signal.SIGSEGV: "your code's process crashed (segmentation fault)",
        signal.SIGABRT: "your code's process aborted",
        signal.SIGSYS: "your code asked the system for something that is forbidden here",
    }
    return known.get(-status, f"your code's process was ended by signal {-status}")
