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
from autograder.session.peer import Peer, take_one
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
        self.operations = {
            "begin": self._begin,
            "run": self._run,
            "get": self._get,
            "set": shell.names.__setitem__,
            "delete": self._delete,
            "call": lambda function, *args: function(*args),
            "call_with": lambda function, args, kwargs: function(*args, **kwargs),
            "call_by_value": call_by_value,
            "attr": getattr,
            "setattr": setattr,
            "item": operator.getitem,
            "setitem": operator.setitem,
            "delitem": operator.delitem,
            "len": len,
            "iter": iter,
            "next": take_one,
            "str": str,
            "repr": repr,
            "isinstance": lambda kind, value: isinstance(value, kind),
            "issubclass": lambda kind, value: issubclass(value, kind),
            "operator": lambda name, *operands: getattr(operator, name)(*operands),
        }

    def serve(self) -> None:
        """Answer questions until nobody asks any more."""
        while True:
            message = self.receive()
            self.busy = True
            self.answer(*message)

    def send(self, *message: Any) -> None:
        self.busy = False
        super().send(*message)

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


def call_by_value(function: Any, args: tuple, kwargs: dict[str, Any]) -> tuple[Any, tuple, list, bool]:
    """Call; give the result, the arguments as they are then, the arrays that they held before, and whether the result shares
    memory with one of those."""
    given = [*_arrays(args), *_arrays(tuple(kwargs.values()))]
    result = function(*args, **kwargs)
    return result, args, given, any(np.may_share_memory(one, other) for one in _arrays(result) for other in given)


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
