"""Questions and answers between two processes, each of which may ask something back before it answers."""

from __future__ import annotations

import itertools
import math
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from autograder.session.channel import Channel
from autograder.session.decoder import Decoder
from autograder.session.encoder import Encoder
from autograder.session.errors import ProtocolError, Unsendable
from autograder.session.lending import Proxy, Table
from autograder.session.reports import rebuild, report
from autograder.session.wire import CALLABLE, ITERATOR, KINDS, Reference

__all__ = ["Peer", "take_one"]

CODES = {kind: code for code, kind in enumerate(KINDS)}


class Peer:
    """One side of the wall; the two sides differ in what may be asked of them and in whom they trust.

    A question is answered by a message with the same number, of the kind ``result`` or ``raised``. Before that, the side
    that answers may ask something itself. Each message also tells what its sender no longer uses of the other's objects.

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

    def ask(self, operation: str, target: int, *operands: Any) -> Any:
        """Ask the other side, and answer what it asks before it answers; raise what it raised.

        Parameters
        ----------
        operation : str
            One of the kinds of messages.
        target : int
            Number of the object that is asked; 0 where it is none.
        operands
            What else the other side needs to know.
        """
        raised, value = self.exchange(operation, target, operands)
        if raised:
            raise rebuild(value)
        return value

    def exchange(self, operation: str, target: int, operands: tuple) -> tuple[bool, Any]:
        """Ask the other side; give whether it raised something, and what it gave or raised."""
        question = next(self._questions) & 0xFFFFFFFF
        self.send(operation, question, target, operands)
        while True:
            kind, number, target, value = self.receive()
            if kind in self.operations:
                self.answer(kind, number, target, value)
            elif number == question and kind in ("result", "raised"):
                return kind == "raised", value
            else:
                raise ProtocolError("your code's process answered a question that was not asked")

    def answer(self, operation: str, question: int, target: int, operands: Any) -> None:
        """Do what the other side asks for, and send the result or what was raised."""
        try:
            if type(operands) is not tuple:
                raise ProtocolError("your code's process asked for something in no way that there is")
            what = (self.lent[target], *operands) if target else operands
            result = self.operations[operation](*what)
        except self.fatal:
            raise
        except BaseException as error:
            self.send("raised", question, 0, self.tell(error))
            return
        try:
            self.send("result", question, 0, result)
        except Unsendable as error:
            self.send("raised", question, 0, self.tell(error))

    def tell(self, error: BaseException) -> tuple:
        """Report an exception of this side to the other: what it says, and not where it was raised."""
        return report(error)

    def send(self, kind: str, question: int, target: int, value: Any) -> None:
        """Send a message, and with it what is no longer used here."""
        lent: list[int] = []
        encoder = Encoder(self.sending, lambda value: self.refer(value, lent), trusted=self.trusted)
        try:
            encoder.put(value)
        except Unsendable:
            for number in lent:
                self.lent.release(number, 1)
            raise
        dropped, self.dropped = self.dropped, []
        self.channel.send((CODES[kind], question, target, dropped, encoder.out, encoder.beside), self.deadline)

    def receive(self) -> tuple[str, int, int, Any]:
        """Receive a message: its kind, the number of its question, its target and its value."""
        kind, question, target, dropped, tree, beside = self.channel.receive(self.deadline)
        for number, count in dropped:
            self.lent.release(number, count)
        if kind >= len(KINDS):
            raise ProtocolError("your code's process sent a message of no kind that there is")
        return KINDS[kind], question, target, self.decoder.read(tree, beside)

    def refer(self, value: Any, lent: list[int]) -> Reference:
        """Give the reference as which an object crosses."""
        if issubclass(type(value), Proxy):
            if value._wall_peer is not self:
                raise Unsendable(f"this {value._wall_name} belongs to another process of the student's, which has ended")
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


def take_one(source: Iterator) -> list:
    """Give a list of what comes next, an empty one where nothing does."""
    for value in source:
        return [value]
    return []
