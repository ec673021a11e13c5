"""The student's end of the wall: does what the tests ask for, in the process of the student's code.

Nothing here is trusted by the other side; whatever a student does to it hurts only the student.
"""

from __future__ import annotations

import operator
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograder.session.channel import Channel
from autograder.session.errors import SessionDied
from autograder.session.lending import Remote
from autograder.session.peer import Peer
from autograder.session.reports import report
from autograder.session.wire import Bounds, Reference

__all__ = ["main"]


class Student(Peer):
    """Serves the tests.

    Parameters
    ----------
    sock : socket.socket
        The stream to the tests.
    shell : Shell
        Runs the cells: anything with ``run(source)`` and ``names``.
    """

    fatal = (SessionDied,)

    def __init__(self, sock: socket.socket, shell: Any):
        super().__init__(Channel(sock, frame=1 << 40), Bounds(), trusted=False)
        self.shell, self.busy = shell, False
        lent = self.lent
        self.operations = {
            "begin": self._begin,
            "run": self._run,
            "get": self._get,
            "set": shell.names.__setitem__,
            "delete": self._delete,
            "call": lambda number, args, kwargs: lent[number](*args, **kwargs),
            "call_by_value": self._call_by_value,
            "attr": lambda number, name: getattr(lent[number], name),
            "setattr": lambda number, name, value: setattr(lent[number], name, value),
            "item": lambda number, key: lent[number][key],
            "setitem": lambda number, key, value: operator.setitem(lent[number], key, value),
            "delitem": lambda number, key: operator.delitem(lent[number], key),
            "len": lambda number: len(lent[number]),
            "iter": lambda number: iter(lent[number]),
            "next": self._next,
            "str": lambda number: str(lent[number]),
            "repr": lambda number: repr(lent[number]),
            "isinstance": lambda number, value: isinstance(value, lent[number]),
            "issubclass": lambda number, value: issubclass(value, lent[number]),
            "operator": lambda name, *operands: getattr(operator, name)(*operands),
        }

    def serve(self) -> None:
        """Answer questions until nobody asks any more."""
        while True:
            kind, number, *operands = self.receive()
            self.busy = True
            self.answer(kind, number, operands)

    def send(self, kind: str, number: int, *operands: Any) -> None:
        self.busy = False
        super().send(kind, number, *operands)

    def proxy(self, reference: Reference) -> Remote:
        return Remote(self, reference.number, reference.name)

    def tell(self, error: BaseException) -> tuple:
        return report(error, self.shell.names)

    def interrupt(self, *signal_and_frame: Any) -> None:
        """Interrupt the student's code, and nothing that is on its way through the wall."""
        if self.busy:
            raise KeyboardInterrupt

    def _begin(self, *bounds: int) -> None:
        """Take the limits of what is sent, so that too much is an error of the code that made it."""
        self.sending = Bounds(*bounds)

    def _run(self, source: str) -> dict[str, Any]:
        return _clean(self.shell.run(source))

    def _get(self, name: str) -> Any:
        self._known(name)
        return self.shell.names[name]

    def _delete(self, name: str) -> None:
        self._known(name)
        del self.shell.names[name]

    def _known(self, name: str) -> None:
        if name not in self.shell.names:
            raise NameError(f"name {name!r} is not defined", name=name)

    def _next(self, number: int) -> list:
        for value in self.lent[number]:
            return [value]
        return []

    def _call_by_value(self, number: int, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, tuple, bool]:
        result = self.lent[number](*args, **kwargs)
        given = [*_arrays(args), *_arrays(tuple(kwargs.values()))]
        return result, args, any(np.may_share_memory(one, other) for one in _arrays(result) for other in given)


def main(sock: socket.socket, shell: Any = None) -> None:
    """Serve the tests until they hang up.

    Parameters
    ----------
    sock : socket.socket
        The stream to the tests.
    shell : Shell, optional
        What runs the cells.
    """
    if shell is None:
        from autograder.session.shell import Shell

        shell = Shell()
    student = Student(sock, shell)
    signal.signal(signal.SIGINT, student.interrupt)
    _drop_prints()
    try:
        student.serve()
    except SessionDied:
        os._exit(0)


def _drop_prints() -> None:
    """Let what is printed while no cell runs go nowhere."""
    sys.stdout = sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - it stays open
    for descriptor in (1, 2):
        os.dup2(sys.stdout.fileno(), descriptor)


def _arrays(value: Any) -> Iterator[np.ndarray]:
    """Yield every array in a value made of lists, tuples and dicts."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (dict, list, tuple)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _arrays(part)


def _clean(value: Any) -> Any:
    """Replace the half characters in what a cell printed."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, (list, tuple)) else value
