"""Messages over a stream socket: a header of fixed size, what is no longer used, the tree, and the arrays behind it."""

from __future__ import annotations

import math
import socket
import struct
import time
from collections.abc import Iterable, Sequence

import numpy as np

from autograder.session.errors import CallTimedOut, ProtocolError, SessionDied, TooMuchSent

__all__ = ["Channel", "Message"]

HEADER = struct.Struct("<BIQIII")
DROPPED = struct.Struct("<QI")  # an object's number, and how often the sender was told of it
ROOM = 1 << 16  # bytes that are kept for what comes in: all of a small message
BUFFER = 1 << 20  # bytes that we ask the system to keep for a message under way; it may grant less
TICK = 0.1  # seconds after which a wait looks at the clock


# The kind (a place in `wire.KINDS`), the number of the question that this is or answers, the number of the object that is
# asked, what the sender no longer uses (numbers of the receiver's objects, each with how often it was told of it), the tree,
# and what stands behind it. A plain tuple, because many are made.
Message = tuple[int, int, int, Iterable[tuple[int, int]], bytes | bytearray, Sequence[memoryview] | memoryview]


class Channel:
    """One end of the wall.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket.
    frame : int
        How many bytes a message may have that comes in.

    Attributes
    ----------
    left : float
        How many bytes all messages together may still have.
    """

    def __init__(self, sock: socket.socket, frame: int):
        self.sock, self.frame, self.left = sock, frame, math.inf
        self.room = memoryview(bytearray(ROOM))
        sock.setblocking(True)
        # The system itself ends a wait: cheaper than asking it beforehand whether there is something to read.
        tick = struct.pack("@ll", 0, int(TICK * 1e6))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, tick)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER)

    def send(self, message: Message, deadline: float) -> None:
        """Send a message; ``deadline`` is a time of :func:`time.monotonic`.

        Raises
        ------
        SessionDied, CallTimedOut
            If the other end is gone, or takes nothing.
        """
        kind, question, target, dropped, tree, beside = message
        start = HEADER.pack(kind, question, target, len(dropped), len(tree), sum(map(len, beside)))
        if dropped:
            start += b"".join([DROPPED.pack(*entry) for entry in dropped])
        waiting = [start + tree, *beside]
        while waiting:
            try:
                sent = self.sock.sendmsg(waiting[:64])
            except BlockingIOError:
                sent = 0
            except TimeoutError:  # of a test's alarm
                raise
            except OSError:
                raise SessionDied from None
            while waiting and sent >= len(waiting[0]):
                sent -= len(waiting.pop(0))
            if waiting:
                waiting[0] = memoryview(waiting[0])[sent:]
                self._check(deadline)

    def receive(self, deadline: float) -> Message:
        """Receive a message; what stands behind its tree is memory of its own.

        Raises
        ------
        SessionDied, CallTimedOut, ProtocolError
            If the other end is gone, says nothing, or says what is no message.
        """
        got = self._read(self.room, deadline)
        while got < HEADER.size:
            got += self._read(self.room[got:], deadline)
        kind, question, target, dropped, tree, beside = HEADER.unpack_from(self.room)
        start = HEADER.size + dropped * DROPPED.size
        end = start + tree
        if end + beside > self.frame:
            raise ProtocolError(f"your code's process sent more than {self.frame} bytes at once")
        self.left -= end + beside
        if self.left < 0:
            raise TooMuchSent
        if got > end + beside:
            raise ProtocolError("your code's process sent more than it was asked for")
        front = self.room if got >= end else self._collect(self.room[:got], end, deadline)
        behind = self._collect(self.room[end:got], beside, deadline) if beside else b""
        gone = DROPPED.iter_unpack(bytes(front[HEADER.size : start])) if dropped else ()
        return kind, question, target, gone, bytes(front[start:end]), behind

    def close(self) -> None:
        """Hang up."""
        self.sock.close()

    def _collect(self, begun: memoryview, size: int, deadline: float) -> memoryview:
        """Give memory of its own with what has come, and with what still has to."""
        whole = memoryview(np.empty(size, np.uint8))
        whole[: len(begun)] = begun
        missing = whole[len(begun) :]
        while missing:
            missing = missing[self._read(missing, deadline) :]
            self._check(deadline)
        return whole

    def _read(self, room: memoryview, deadline: float) -> int:
        """Receive something; give how many bytes."""
        while True:
            try:
                got = self.sock.recv_into(room)
            except BlockingIOError:
                self._check(deadline)
                continue
            except TimeoutError:  # of a test's alarm
                raise
            except OSError:
                got = 0
            if not got:
                raise SessionDied
            return got

    def _check(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise CallTimedOut
