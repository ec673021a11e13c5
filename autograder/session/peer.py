"""Questions and answers between two processes, each of which may ask something back before it answers."""

from __future__ import annotations

import itertools
import math
import weakref
from collections.abc import Callable
from typing import Any

from autograder.session.channel import Channel
from autograder.session.decoder import Decoder
from autograder.session.encoder import Encoder
from autograder.session.errors import ProtocolError, SessionDied, Unsendable
from autograder.session.lending import Proxy, Table
from autograder.session.reports import rebuild, report
from autograder.session.wire import CALLABLE, ITERATOR, Reference

__all__ = ["Peer"]

RESULT, RAISED = "=", "!"


class Peer:
    """One side of the wall; the two sides differ in what may be asked of them and in whom they trust.

    A message is a tuple: an operation, a number of the question, what is no longer used of the other side's objects, and the
    operands. The answer bears the same number, and ``=`` or ``!`` in place of the operation.

    Parameters
    ----------
    channel : Channel
    bounds : Bounds
        Limits of a message.
    trusted : bool
        Whether this is the side of the tests.
    """

    operations: dict[str, Callable[..., Any]]
    fatal: tuple[type[BaseException], ...] = ()  # what ends this side, and is no answer

    def __init__(self, channel: Channel, bounds: Any, *, trusted: bool):
        self.channel, self.sending, self.trusted = channel, bounds, trusted
        self.lent, self.borrowed = Table(), weakref.WeakValueDictionary()
        self.dropped: list[tuple[int, int]] = []
        self.deadline = math.inf
        self.decoder = Decoder(bounds, self.resolve, generators=not trusted)
        self._questions = itertools.count(1)

    def ask(self, operation: str, *operands: Any) -> Any:
        """Ask the other side, and answer what it asks before it answers; raise what it raised."""
        raised, value = self.exchange(operation, *operands)
        if raised:
            raise rebuild(value)
        return value

    def exchange(self, operation: str, *operands: Any) -> tuple[bool, Any]:
        """Ask the other side; give whether it raised something, and what it gave or raised."""
        number = next(self._questions)
        self.send(operation, number, *operands)
        while True:
            kind, answered, *rest = self.receive()
            if kind in self.operations:
                self.answer(kind, answered, rest)
            elif kind in (RESULT, RAISED) and answered == number and len(rest) == 1:
                return kind == RAISED, rest[0]
            else:
                raise ProtocolError("your code's process answered a question that was not asked")

    def answer(self, operation: str, number: Any, operands: list[Any]) -> None:
        """Do what the other side asks for, and send the result or what was raised."""
        try:
            result = self.operations[operation](*operands)
        except self.fatal:
            raise
        except BaseException as error:
            self.send(RAISED, number, self.tell(error))
            return
        try:
            self.send(RESULT, number, result)
        except Unsendable as error:
            self.send(RAISED, number, self.tell(error))

    def tell(self, error: BaseException) -> tuple:
        """Report an exception of this side to the other: what it says, and not where it was raised."""
        return report(error)

    def send(self, kind: str, number: int, *operands: Any) -> None:
        """Send a message, and with it the list of what is no longer used here."""
        dropped, self.dropped = self.dropped, []
        lent: list[Any] = []
        encoder = Encoder(self.sending, lambda value: self.refer(value, lent), trusted=self.trusted)
        try:
            encoder.put((kind, number, dropped, *operands))
        except Unsendable:
            for lending in lent:
                self.lent.release(lending, 1)
            self.dropped += dropped
            raise
        self.channel.send(encoder.out, encoder.beside, self.deadline)

    def receive(self) -> tuple:
        """Receive a message, without the list of what the other side no longer uses."""
        message = self.decoder.read(*self.channel.receive(self.deadline))
        match message:
            case (str(kind), int(number), list(dropped), *operands):
                for entry in dropped:
                    if type(entry) is not tuple or len(entry) != 2:
                        raise ProtocolError("your code's process gave back what it did not have")
                    self.lent.release(*entry)
                return kind, number, *operands
        raise ProtocolError("your code's process sent something that is no message")

    def refer(self, value: Any, lent: list[int]) -> Reference:
        """Give the reference as which an object crosses."""
        if isinstance(value, Proxy):
            if value._wall_peer is not self:
                raise SessionDied(f"this {value._wall_name} belongs to a process of the student's that has ended")
            return Reference(False, value._wall_number)
        lent.append(number := self.lent.lend(value))
        flags = CALLABLE * callable(value) | ITERATOR * hasattr(type(value), "__next__")
        return Reference(True, number, flags, type(value).__name__)

    def resolve(self, reference: Reference) -> Any:
        """Give the object that a reference of the other side means."""
        if not reference.senders:
            return self.lent[reference.number]
        proxy = self.borrowed.get(reference.number)
        if proxy is None:
            proxy = self.borrowed[reference.number] = self.proxy(reference)
        object.__setattr__(proxy, "_wall_count", proxy._wall_count + 1)
        return proxy

    def proxy(self, reference: Reference) -> Proxy:
        """Make what stands for an object of the other side."""
        raise NotImplementedError
