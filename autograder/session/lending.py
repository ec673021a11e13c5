"""Objects that one process lends to the other: the table of what is lent, and what stands for it on the other side."""

from __future__ import annotations

from typing import Any

from autograder.session.errors import ProtocolError, Unsendable

__all__ = ["Proxy", "Remote", "Table"]

LENT = 100_000  # objects that may be lent at a time


class Table:
    """The objects of this side that the other knows by a number, with how often it was told of each."""

    def __init__(self):
        self._numbers: dict[int, int] = {}
        self._entries: dict[int, list] = {}
        self._last = 0

    def lend(self, value: Any) -> int:
        """Give an object's number; it stays alive until the other side has dropped it as often as it was told of it."""
        number = self._numbers.get(id(value))
        if number is None:
            if len(self._entries) >= LENT:
                raise Unsendable(f"more than {LENT} objects are in use on the other side: keep fewer of them")
            self._last = number = self._last + 1
            self._numbers[id(value)], self._entries[number] = number, [value, 0]
        self._entries[number][1] += 1
        return number

    def release(self, number: int, count: int) -> None:
        """Take note that the other side dropped an object."""
        entry = self._entries.get(number)
        if entry is None or not 0 < count <= entry[1]:
            raise ProtocolError("your code's process gave back what it did not have")
        entry[1] -= count
        if entry[1] == 0:
            del self._entries[number], self._numbers[id(entry[0])]

    def __getitem__(self, number: int) -> Any:
        entry = self._entries.get(number)
        if entry is None:
            raise ProtocolError("your code's process asked for an object that it was not given")
        return entry[0]

    def __len__(self) -> int:
        return len(self._entries)


class Proxy:
    """Stands for an object of the other process; what is dropped here is released there with the next message."""

    __slots__ = ("__weakref__", "_wall_count", "_wall_name", "_wall_number", "_wall_peer")

    def __init__(self, peer: Any, number: int, name: str):
        for slot, value in (("peer", peer), ("number", number), ("name", name), ("count", 0)):
            object.__setattr__(self, f"_wall_{slot}", value)

    def __del__(self):
        self._wall_peer.dropped.append((self._wall_number, self._wall_count))

    def _wall_ask(self, operation: str, *payload: Any) -> Any:
        return self._wall_peer.ask(operation, self._wall_number, *payload)


class Remote(Proxy):
    """An object of the tests, in the student's process: it can be called, and iterated over."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._wall_ask("call_with", args, kwargs) if kwargs else self._wall_ask("call", *args)

    def __iter__(self) -> Any:
        return self._wall_ask("iter")

    def __next__(self) -> Any:
        for value in self._wall_ask("next"):
            return value
        raise StopIteration

    def __repr__(self) -> str:
        return f"<{self._wall_name} of the tests: it can only be called>"

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("an object of the tests cannot be copied")
