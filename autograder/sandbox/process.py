"""The trusted side's hold on one session."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.sandbox.errors import SandboxError
from autograder.sandbox.processor import processors
from autograder.sandbox.wire import receive, send_request

__all__ = ["Process"]

PATIENCE = 30  # seconds to wait for a session to be made, or to end once it is killed


class Process:
    """A running session; as a context manager it is killed at the end.

    Attributes
    ----------
    socket : socket.socket
        The stream on which the session talks. Whatever comes out of it may be a lie.
    """

    def __init__(self, sock: socket.socket, report: socket.socket):
        self.socket, self._report = sock, report
        self._report.settimeout(PATIENCE)
        self._pid, self._descriptor = 0, None
        self._status: int | None = None
        self._ended = False

    def begin(self, files: Mapping[str, bytes], hide: Sequence[str], environment: Mapping[str, str], seed: int) -> None:
        """Tell the session what it is for, and wait until its walls stand.

        Raises
        ------
        SandboxError
            If they do not, or the zygote is gone.
        """
        try:
            number, descriptors, _, _ = socket.recv_fds(self._report, 4, 1)
            self._pid = int.from_bytes(number, "big")
            self._descriptor = descriptors[0] if descriptors else None
            if self._descriptor is not None:
                os.set_inheritable(self._descriptor, False)
            if number and (self._descriptor or not hasattr(os, "pidfd_open")):
                fields = {"hide": list(hide), "environment": dict(environment), "seed": seed, "processors": processors()}
                send_request(self._report, files, **fields)
            answer = receive(self._report)
        except OSError as error:
            raise SandboxError(f"no session could be made: {error}") from error
        if answer is None or "ready" not in answer:
            reason = (answer or {}).get("error", "its zygote is gone, or could not fork")
            raise SandboxError(f"no session could be made: {reason}")

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the session's main thread, if it listens."""
        self._signal(signal.SIGINT)

    def kill(self) -> None:
        """End the session at once."""
        self._signal(signal.SIGKILL)

    def wait(self, seconds: float = PATIENCE) -> int | None:
        """Wait for the end.

        Returns
        -------
        int or None
            The exit status, or minus the number of the signal that ended it; None if it has not ended in that time.
        """
        if not self._ended:
            self._report.settimeout(seconds)
            try:
                answer = receive(self._report)
            except TimeoutError:
                return None
            self._ended = True
            self._status = -signal.SIGKILL if answer is None else int(answer.get("status", -signal.SIGKILL))
        return self._status

    def close(self) -> None:
        """Kill the session, wait until nothing of it is left, and let go of it."""
        if self._report.fileno() >= 0:
            self.kill()
            self.socket.close()
            self.wait()
            self._report.close()
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *error: Any) -> None:
        self.close()

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._descriptor is not None:
                signal.pidfd_send_signal(self._descriptor, number)
            elif self._pid and not self._ended and not hasattr(os, "pidfd_open"):
                os.kill(self._pid, number)
