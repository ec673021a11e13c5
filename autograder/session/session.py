"""The student's process, as the tests see it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection
from typing import Any

from autograder.session.channel import Channel
from autograder.session.errors import CallTimedOut, ProtocolError, SessionDied, SessionError, Unsendable, cause_of_death
from autograder.session.fixed import fixed
from autograder.session.handles import Handle, handle_class
from autograder.session.lending import LENT
from autograder.session.peer import Peer, take_one
from autograder.session.reports import rebuild
from autograder.session.wire import CALLABLE, ITERATOR, Reference

__all__ = ["Session"]

NESTING = 20  # how often a function of the tests and one of the student's may call each other in turn
PATIENCE = 0.3  # seconds that a cell has to end after it was interrupted


class Session(Peer):
    """The trusted end: asks the student's process for everything, and believes nothing.

    Whatever the process does, a method here returns a value, raises an exception that the student's code raised, or raises a
    :class:`SessionError`, after which the process is ended and every method raises one.

    Parameters
    ----------
    sock : socket.socket
        The stream whose other end :func:`autograder.session.student.main` serves.
    limits : Limits
        Anything with ``received``, ``frame``, ``items``, ``depth``, ``entries`` and ``call_seconds``.
    arithmetic : collection of str
        Names of the student's classes whose objects may be added, multiplied and so on in tests.
    interrupt : callable, optional
        Interrupts a cell of the student's, as Ctrl-C does.
    end : callable, optional
        Ends the process if it still runs; returns its exit status, as :mod:`subprocess` has it, or None.

    Attributes
    ----------
    ended : SessionError or None
        What was the end of the process.
    """

    fatal = (SessionError, KeyboardInterrupt, SystemExit, GeneratorExit)

    def __init__(
        self,
        sock: socket.socket,
        limits: Any,
        *,
        arithmetic: Collection[str] = (),
        interrupt: Callable[[], None] | None = None,
        end: Callable[[], int | None] | None = None,
    ):
        super().__init__(Channel(sock, limits.frame), limits, trusted=True)
        self.channel.left = limits.received
        self.arithmetic, self.call_seconds = frozenset(arithmetic), limits.call_seconds
        self.operations = {
            "call": lambda function, *args: function(*args),
            "call_with": lambda function, args, kwargs: function(*args, **kwargs),
            "iter": iter,
            "next": take_one,
        }
        self.ended: SessionError | None = None
        self._interrupt, self._end = interrupt, end
        self._nested, self._cell = 0, None  # the cell that runs: None, "runs" or "interrupted"
        self.ask("begin", 0, limits.frame, limits.items, limits.depth, limits.entries)

    def run(self, source: str, seconds: float) -> dict[str, Any]:
        """Run a cell of the student's.

        Returns
        -------
        dict
            ``outputs``, ``count`` and ``ok``, as :meth:`Shell.run` gives them but from the student's process, so that
            anything may be in the list of outputs; and ``interrupted``, whether the cell took longer than ``seconds``.
        """
        self._cell = "runs"
        try:
            reply = self.ask("run", 0, source, seconds=seconds)
            interrupted = self._cell == "interrupted"
        finally:
            self._cell = None
        match reply:
            case {"outputs": list(outputs), "count": int(count), "ok": bool(ok)}:
                return {"outputs": outputs, "count": count, "ok": ok, "interrupted": interrupted}
        raise self.end(ProtocolError("your code's process sent something that is no result of a cell"))

    def get(self, name: str) -> Any:
        """Give what the student's code calls ``name``: a copy that cannot be changed, or a handle.

        Raises
        ------
        NameError
            If there is no such name.
        """
        return fixed(self.ask("get", 0, name))

    def set(self, name: str, value: Any) -> None:
        """Bind a name in the student's notebook."""
        self.ask("set", 0, name, value)

    def delete(self, name: str) -> None:
        """Unbind a name in the student's notebook; NameError if there is none."""
        self.ask("delete", 0, name)

    def ask(self, operation: str, target: int, *operands: Any, seconds: float | None = None) -> Any:
        """Ask the student's process, and raise what its code raised; whatever else goes wrong is the end of the process."""
        if self.ended:
            raise type(self.ended)(*self.ended.args)
        before = self.deadline
        self.deadline = min(before, time.monotonic() + (seconds or self.call_seconds))
        try:
            raised, value = self.exchange(operation, target, operands)
        except Unsendable:  # and not sent
            raise
        except BaseException as error:
            raise self.end(error) from None
        finally:
            self.deadline = before
        if raised:
            raise self._rebuilt(value)
        return value

    def _rebuilt(self, value: Any) -> Exception:
        try:
            return rebuild(value)
        except ProtocolError as error:
            return self.end(error)

    def receive(self) -> tuple[str, int, int, Any]:
        """Receive a message; a cell that takes too long is interrupted, and given a moment to end."""
        try:
            return super().receive()
        except CallTimedOut:
            if self._cell != "runs" or self._interrupt is None:
                raise
        self._cell, self.deadline = "interrupted", time.monotonic() + PATIENCE
        self._interrupt()
        return super().receive()

    def answer(self, operation: str, question: int, target: int, operands: Any) -> None:
        """Do for the student's code what it may ask for: to call an object of the tests, or to iterate over one."""
        if self._cell or not target:
            raise ProtocolError("your code's process asked for something while no test was running")
        if self._nested >= NESTING:
            raise ProtocolError(f"your code and a test's function called each other more than {NESTING} deep")
        self._nested += 1
        try:
            super().answer(operation, question, target, operands)
        finally:
            self._nested -= 1
        if self.ended:  # and the test's function made nothing of it
            raise self.ended
        if time.monotonic() > self.deadline:
            raise CallTimedOut

    def exact(self, value: Any, kind: type) -> Any:
        """Give a value, if it is of a type that Python itself would have made sure of."""
        if not isinstance(value, kind) or (kind is int and value < 0):
            raise self.end(ProtocolError(f"your code's process sent a {type(value).__name__} in place of a {kind.__name__}"))
        return value

    def proxy(self, reference: Reference) -> Handle:
        if len(self.borrowed) >= LENT:
            raise ProtocolError(f"your code's process sent more than {LENT} objects")
        name = reference.name if reference.name.isidentifier() else "object"
        flags = reference.flags & (CALLABLE | ITERATOR)
        return handle_class(flags, name in self.arithmetic)(self, reference.number, name)

    def close(self) -> None:
        """End the student's process."""
        self.end(SessionDied("your code's process was ended"))

    def end(self, why: BaseException) -> BaseException:
        """End the student's process, if it is still there; give what is to be raised."""
        if self.ended is None:
            status = self._end() if self._end else None
            self.channel.close()
            if type(why) is SessionDied and why.args == SessionDied().args:
                why = SessionDied(cause_of_death(status))
            self.ended = why if isinstance(why, SessionError) else SessionDied("grading your code was broken off")
        return why
