"""A student's exception, told in plain values on one side and made again on the other."""

from __future__ import annotations

import builtins
import linecache
import traceback
from typing import Any

import numpy as np

from autograder.session.errors import ProtocolError

__all__ = ["rebuild", "report"]

FRAMES, LINE, TEXT = 50, 500, 20_000  # how much of a student's traceback is kept

# Those that steer Python itself (StopIteration would end a test's loop early, SystemExit its process) are not among them.
_ERRORS = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, (StopIteration, StopAsyncIteration))
} | {"LinAlgError": np.linalg.LinAlgError}
# These are told by their base: Python reads their text from memory, at a place that their arguments name.
_ERRORS |= dict.fromkeys(["UnicodeDecodeError", "UnicodeEncodeError", "UnicodeTranslateError"], UnicodeError)
_PLAIN = str, int, float, bool, type(None)


def rebuild(report: Any) -> Exception:
    """Make the exception that a student's code raised from what its process says of it.

    Parameters
    ----------
    report : tuple
        The class's name, the names of those of its bases that Python has, the nearest first, the arguments, the name that
        was not found or None, the frames, and the traceback as text. Anything may be in it.

    Returns
    -------
    Exception
        Of the nearest class that Python itself has. It bears ``student_class`` (the class's own name), ``student_frames``, a
        list of (file name, line number, function, source line) with the innermost last, and ``student_traceback``.

    Raises
    ------
    ProtocolError
        If it is no such report.
    """
    match report:
        case (str(own), tuple(bases), tuple(arguments), str() | None as name, list(frames), str(text)) if all(
            type(part) in _PLAIN for part in arguments
        ):
            kind = _ERRORS.get(bases[0]) if bases and isinstance(bases[0], str) else None
        case _:
            raise ProtocolError("your code's process sent something that is no error report")
    error = RuntimeError(f"your code raised {own[:LINE]}") if kind is None else _make(kind, own, [*map(_short, arguments)])
    if name is not None and isinstance(error, (NameError, AttributeError)):
        error.name = name
    error.student_class = own[:LINE]
    error.student_frames = [_frame(frame) for frame in frames[-FRAMES:]]
    error.student_traceback = text[-TEXT:]
    return error


def _make(kind: type[Exception], own: str, arguments: list) -> Exception:
    """Make an exception; of the nearest base that takes such arguments, where the class itself does not."""
    if issubclass(kind, SyntaxError):  # what follows the text would be a place in a file, which whoever shows it reads
        arguments = arguments[:1]
    for base in kind.__mro__:
        try:
            return base(*arguments)
        except Exception:  # such as an ExceptionGroup, which wants exceptions
            continue
    return RuntimeError(f"your code raised {own[:LINE]}")


def _short(part: Any) -> Any:
    """Give an argument as it is, but a text in its length, and an integer that Python would not write out in words."""
    if isinstance(part, int) and part.bit_length() > LINE:
        return "a very large integer"
    return part[:TEXT] if isinstance(part, str) else part


def _frame(frame: Any) -> tuple[str, int, str, str]:
    match frame:
        case (str(file), int(line), str(function), str(source)):
            return file[:LINE], line, function[:LINE], source[:LINE]
    raise ProtocolError("your code's process sent something that is no line of a traceback")


def report(error: BaseException, names: dict[str, Any] | None = None) -> tuple:
    """Say what was raised, in values that cross the wall; see :func:`rebuild`.

    Parameters
    ----------
    error : BaseException
        Whatever it is and however it behaves.
    names : dict, optional
        The namespace of the student's cells: functions that live in it are the student's. Without it the report has no
        traceback.
    """
    try:
        own = type(error).__name__
        bases = tuple(kind.__name__ for kind in type(error).__mro__ if kind.__module__ in ("builtins", "numpy.linalg"))
        plain = all(type(part) in _PLAIN for part in error.args)
        said = tuple(_clean(part) for part in error.args) if plain else (_clean(str(error)),)
        name = getattr(error, "name", None) if isinstance(error, (NameError, AttributeError)) else None
        frames = [
            _line(frame, number) for frame, number in traceback.walk_tb(error.__traceback__) if frame.f_globals is names
        ]
        text = "" if names is None else _clean("".join(traceback.format_exception(error))[-TEXT:])
        return own, bases, said, name if type(name) is str else None, frames[-FRAMES:], text
    except BaseException:  # its class has a broken __str__, or worse
        return "Exception", ("Exception",), ("an exception that cannot be shown",), None, [], ""


def _line(frame: Any, number: int) -> tuple[str, int, str, str]:
    file, code = frame.f_code.co_filename, frame.f_code
    return file, number, code.co_qualname, _clean(linecache.getline(file, number).strip())


def _clean(said: Any) -> Any:
    """Give a text without half characters, and not too long; and other values as they are."""
    return said.encode("utf-8", "replace").decode()[:TEXT] if isinstance(said, str) else said
