"""Messages over a stream socket: a header of fixed size, what is no longer used, the tree, and the arrays behind it."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence
from typing import NamedTuple

from autograder.session.errors import CallTimedOut, ProtocolError, SessionDied

__all__ = ["Channel", "Message"]

HEADER = struct.Struct("<BIQIII")
DROPPED = struct.Struct("<QI")  # an object's number, and how often the sender was told of it
ROOM = 1 << 16  # bytes that are kept for what comes in: all of a small message
BUFFER = 1 << 20  # bytes that we ask the system to keep for a message under way; it may grant less
TICK = 0.1  # seconds after which a wait looks at the clock


class Message(NamedTuple):
    """What passes at a time.

    Attributes
    ----------
    kind : int
        Place in :data:`autograder.session.wire.KINDS`.
    question : int
        Number of the question that this is, or that it answers.
    target : int
        Number of the object that is asked, if any.
    dropped : sequence of (int, int)
        Numbers of the receiver's objects that the sender no longer uses, each with how often it was told of it.
    tree, beside : bytes
        The operands, or the answer.
    """

    kind: int
    question: int
    target: int
    dropped: Sequence[tuple[int, int]]
    tree: bytes | bytearray
    beside: Sequence[memoryview] | memoryview


class Channel:
    """One end of the wall.

    Parameters
    ----------
    sock : socket.socket
        A connected stream socket.
    frame : int
        How many bytes a message may have that comes in.
    """

    def __init__(self, sock: socket.socket, frame: int):
        self.sock, self.frame = sock, frame
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
            except OSError:
                raise SessionDied from None
            while waiting and sent >= len(waiting[0]):
                sent -= len(waiting.pop(0))
            if waiting:
                waiting[0] = memoryview(waiting[0])[sent:]
                self._check(deadline)

    def receive(self, deadline: float) -> Message:
        """Receive a message; what stands behind its tree is good until the next one comes.

        Raises
        ------
        SessionDied, CallTimedOut, ProtocolError
            If the other end is gone, says nothing, or says what is no message.
        """
        got = self._read(0, deadline)
        while got < HEADER.size:
            got += self._read(got, deadline)
        kind, question, target, dropped, tree, beside = HEADER.unpack_from(self.room)
        start = HEADER.size + dropped * DROPPED.size
        size = start + tree + beside
        if size > self.frame:
            raise ProtocolError(f"your code's process sent more than {self.frame} bytes at once")
        if size > len(self.room):
            self._grow(size, got)
        while got < size:
            got += self._read(got, deadline)
            self._check(deadline)
        if got > size:
            raise ProtocolError("your code's process sent more than it was asked for")
        gone = list(DROPPED.iter_unpack(self.room[HEADER.size : start])) if dropped else ()
        behind = self.room[start + tree : size] if beside else b""
        return Message(kind, question, target, gone, bytes(self.room[start : start + tree]), behind)

    def close(self) -> None:
        """Hang up."""
        self.sock.close()

    def _grow(self, size: int, got: int) -> None:
        """Make room for a large message; it is kept for the next."""
        larger = memoryview(bytearray(size))
        larger[:got] = self.room[:got]
        self.room = larger

    def _read(self, got: int, deadline: float) -> int:
        """Receive something more than there is; give how many bytes."""
        while True:
            try:
                more = self.sock.recv_into(self.room[got:])
            except BlockingIOError:
                self._check(deadline)
                continue
            except OSError:
                more = 0
            if not more:
                raise SessionDied
            return more

    def _check(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise CallTimedOut
