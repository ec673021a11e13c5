"""Let two processes that talk in turn share a processor.

While one of them runs, the other waits. To wake it where the first one runs takes a fraction of the time that it takes to
wake an idle processor for it. What runs in parallel is submissions, each with a pair of its own.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection

__all__ = ["claim", "processors", "share"]

NAME = "\0autograder-processor-{}"
_claims: list[socket.socket] = []


def claim() -> list[int]:
    """Claim a processor for this process until it ends: a list of its number, or of none when all are claimed.

    A claim is a bound socket of that name (an abstract one, which is no file): the system lets one process at a time have
    it, and takes it back when that ends, however it does.
    """
    for number in processors():
        ours = socket.socket(socket.AF_UNIX)
        try:
            ours.bind(NAME.format(number))
        except OSError:
            ours.close()
        else:
            _claims.append(ours)
            return [number]
    return []


def processors() -> list[int]:
    """List the processors on which this process may run; none where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def share(numbers: Collection[int]) -> None:
    """Run on these processors from here on; on any, when there is none of them."""
    if numbers:
        os.sched_setaffinity(0, numbers)
