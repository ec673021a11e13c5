"""A student's notebook as it runs: a session that is opened again when the student's code has ended it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from autograder.session.errors import CallTimedOut, ProtocolError, SessionDied, SessionError, TooMuchSent
from autograder.session.handles import Handle
from autograder.session.session import Session

__all__ = ["Pupil"]

DEATHS = 3  # how often a notebook may end its session
CELLS = 1_000_000  # more than any notebook has


class Pupil:
    """Runs the student's cells, and answers the tests' questions about what they define.

    A cell or a call that ends the session costs what it was part of, and no more: the next question finds a new session in
    which the cells before have been run again, without the one that was the end.

    Parameters
    ----------
    open_session : callable
        Makes a session.
    cell_seconds, total_seconds : float
        How long a cell, and everything together, may take.
    """

    def __init__(self, open_session: Callable[[], Session], cell_seconds: float, total_seconds: float):
        self._open, self._cell_seconds = open_session, cell_seconds
        self._session: Session | None = None
        self._done: list[str] = []
        self._deadline, self._total = time.monotonic() + total_seconds, total_seconds
        self._deaths, self._asked, self._hung = 0, "", {}
        self._paused, self._forgiven = "", False

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell; SessionError if it was the end of the session."""
        reply = self._run(self._alive(), source)
        self._done.append(source)
        return reply

    def _run(self, session: Session, source: str) -> dict[str, Any]:
        """Run a cell in a session; what runs it there is in the student's reach, and may be broken or lie."""
        try:
            reply = session.run(source, self._cell_seconds)
        except SessionError:
            raise
        except Exception:
            raise session.end(SessionDied("your code stopped what runs its cells, or was stopped outside of them")) from None
        if not 0 <= reply["count"] <= CELLS:
            raise session.end(ProtocolError("your code's process sent something that is no result of a cell"))
        return reply

    def get(self, name: str) -> Any:
        """Give what the student's code calls ``name``; NameError if there is no such name."""
        if name in self._hung:
            raise CallTimedOut(f"{name} {self._hung[name]} before, and is not tried again")
        session, self._asked = self._alive(), name
        return session.get(name)

    def set(self, name: str, value: Any) -> None:
        """Bind a name in the student's notebook: what hung for want of it may be tried again.

        What ended with its session cannot be bound any more: then a new one is opened, in which the student's cells make it.
        """
        if isinstance(value, Handle) and value._wall_peer.ended:
            self.end()
            self._session = None
            self._alive()
            return
        self._alive().set(name, value)
        self._hung.clear()

    def delete(self, name: str) -> None:
        """Unbind a name in the student's notebook."""
        self._alive().delete(name)

    def end(self) -> None:
        """End the session, if there is one; it comes back when it is needed."""
        if self._session is not None:
            self._session.close()

    def pause(self, why: str) -> None:
        """Answer nothing more until `go_on`: the test that asks has had its time, and may not know it yet."""
        self._paused = why

    def go_on(self) -> None:
        """Answer again, in a new session: this one may be in the middle of an answer. It does not count as a death."""
        self.end()
        self._paused, self._forgiven = "", True

    def _alive(self) -> Session:
        """Give the session; if it has ended, a new one in which the cells so far have been run."""
        if self._paused:
            raise CallTimedOut(self._paused)
        if self._session is not None and not self._session.ended:
            return self._session
        if time.monotonic() > self._deadline:
            raise CallTimedOut(f"your notebook took longer than {self._total:g} seconds in all")
        if self._session is not None and not self._forgiven:
            self._mourn(self._session.ended)
        self._forgiven = False
        self._session = session = self._open()
        session.deadline = self._deadline
        for source in list(self._done):
            try:
                self._run(session, source)
            except SessionError:
                self._done.remove(source)  # it went well before; whatever it does, it does it no third time
                raise
        return session

    def _mourn(self, end: SessionError) -> None:
        self._deaths += 1
        if isinstance(end, CallTimedOut | TooMuchSent) and self._asked:
            self._hung[self._asked] = "took too long" if isinstance(end, CallTimedOut) else "sent too much"
        self._asked = ""
        if self._deaths > DEATHS:
            raise SessionDied(f"your code ended its process {DEATHS} times: the rest is not tried")
