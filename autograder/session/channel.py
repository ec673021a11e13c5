"""Messages over a stream socket: eight bytes with two lengths, the tree, and the arrays behind it."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence

from autograder.session.errors import CallTimedOut, ProtocolError, SessionDied

__all__ = ["Channel"]

HEADER = struct.Struct("<II")
FIRST = 1 << 16  # bytes that are read at once: all of a small message
BUFFER = 4 << 20  # bytes that we ask the system to keep for a message under way; it may grant less
TICK = 0.1  # seconds after which a wait looks at the clock


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
        self.first = memoryview(bytearray(FIRST))
        sock.setblocking(True)
        # The system itself ends a wait: cheaper than asking it beforehand whether there is something to read.
        tick = struct.pack("@ll", 0, int(TICK * 1e6))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            sock.setsockopt(socket.SOL_SOCKET, option, tick)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER)

    def send(self, tree: bytes | bytearray, beside: Sequence[memoryview], deadline: float) -> None:
        """Send a message; ``deadline`` is a time of :func:`time.monotonic`.

        Raises
        ------
        SessionDied, CallTimedOut
            If the other end is gone, or takes nothing.
        """
        header = HEADER.pack(len(tree), sum(len(part) for part in beside))
        waiting = [memoryview(header + tree), *beside]
        while waiting:
            try:
                sent = self.sock.sendmsg(waiting)
            except BlockingIOError:
                self._check(deadline)
                continue
            except OSError:
                raise SessionDied("your code's process ended") from None
            while waiting and sent >= len(waiting[0]):
                sent -= len(waiting.pop(0))
            if waiting:
                waiting[0] = waiting[0][sent:]
                self._check(deadline)

    def receive(self, deadline: float) -> tuple[memoryview, memoryview]:
        """Receive a message: its tree, and what stands behind it, both good until the next one comes.

        Raises
        ------
        SessionDied, CallTimedOut, ProtocolError
            If the other end is gone, says nothing, or says what is no message.
        """
        got = self._read(self.first, deadline)
        while got < HEADER.size:
            got += self._read(self.first[got:], deadline)
        tree, beside = HEADER.unpack_from(self.first)
        size = HEADER.size + tree + beside
        if tree + beside > self.frame:
            raise ProtocolError(f"your code's process sent more than {self.frame} bytes at once")
        if got > size:
            raise ProtocolError("your code's process sent more than it was asked for")
        whole = self.first[:size] if got == size else self._rest(self.first[:got], size, deadline)
        return whole[HEADER.size : HEADER.size + tree], whole[HEADER.size + tree :]

    def close(self) -> None:
        """Hang up."""
        self.sock.close()

    def _rest(self, start: memoryview, size: int, deadline: float) -> memoryview:
        """Receive what is still missing of a message of ``size`` bytes."""
        whole = memoryview(bytearray(size))
        whole[: len(start)] = start
        missing = whole[len(start) :]
        while missing:
            got = self._read(missing, deadline)
            missing = missing[got:]
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
            except OSError:
                got = 0
            if not got:
                raise SessionDied("your code's process ended")
            return got

    def _check(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise CallTimedOut("your code took too long")
