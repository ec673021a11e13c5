"""One exception tree, and the checks that raise from it.

Every message names the argument, the invariant, the value received and, where there is one, the remedy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np


class CourseError(Exception):
    """Whatever this library refuses; each kind is also the built-in exception that it resembles."""


class ShapeError(CourseError, ValueError):
    """An array has another shape than the computation needs."""


class DtypeError(CourseError, TypeError):
    """An array holds another kind of number than the computation needs, or no numbers at all."""


class RangeError(CourseError, ValueError):
    """A number lies outside the range in which it means something."""


class DataError(CourseError, ValueError):
    """The data cannot be learned from as they are: a NaN, an infinity, inputs without targets."""


class StateError(CourseError, RuntimeError):
    """A call came before the one that it depends on, such as backward before forward."""


class MissingPackageError(CourseError, ImportError):
    """A call needs a package beside NumPy that is not installed."""


def require_shape(owner: str, name: str, array: Any, shape: Sequence[int | str], remedy: str = "") -> None:
    """Raise `ShapeError` unless an array has a given shape.

    Parameters
    ----------
    owner, name
        Who checks, and which argument is checked: both stand in the message.
    array
        Anything with a shape, or that NumPy can turn into an array.
    shape
        One entry for each axis: a number that must match, or a letter such as ``"N"`` for any length.
    remedy
        What the reader may do about it, without a full stop.

    >>> require_shape("Linear", "x", np.zeros((5, 4)), ("N", 3), "the layer was made with in_features=3")
    Traceback (most recent call last):
    course.errors.ShapeError: Linear: x must have shape (N, 3), got (5, 4); the layer was made with in_features=3
    """
    got = np.shape(array)
    fits = len(got) == len(shape) and all(
        isinstance(want, str) or have == want for have, want in zip(got, shape, strict=True)
    )
    if not fits:
        raise ShapeError(_message(owner, name, f"must have shape {format_shape(shape)}", format_shape(got), remedy))


def require_range(owner: str, name: str, value: float, interval: str, remedy: str = "") -> None:
    """Raise `RangeError` unless a number lies in an interval, written as ``"[0, 1)"`` or ``"(0, inf)"``.

    >>> require_range("Momentum", "momentum", 1.5, "[0, 1)")
    Traceback (most recent call last):
    course.errors.RangeError: Momentum: momentum must be in [0, 1), got 1.5
    """
    low, high = map(float, interval[1:-1].split(","))
    above = low <= value if interval[0] == "[" else low < value
    below = value <= high if interval[-1] == "]" else value < high
    if not (above and below):
        raise RangeError(_message(owner, name, f"must be in {interval}", f"{value}", remedy))


def require_finite(owner: str, name: str, array: np.ndarray, remedy: str = "") -> None:
    """Raise `DataError` that names the first row of an array with a NaN or an infinity in it.

    >>> require_finite("fit", "X", np.array([[1.0, 2.0], [np.nan, 3.0]]), "drop the row or fill the gap")
    Traceback (most recent call last):
    course.errors.DataError: fit: X must be finite, got nan in row 1; drop the row or fill the gap
    """
    finite = np.isfinite(array)
    if not finite.all():
        first = tuple(np.argwhere(~finite)[0])
        where = f" in row {first[0]}" if first else ""
        raise DataError(_message(owner, name, "must be finite", f"{array[first]}{where}", remedy))


def require_float(owner: str, name: str, dtype: Any, allowed: Sequence[str] = ("float32", "float64")) -> np.dtype:
    """Return the dtype as NumPy writes it, or raise `DtypeError` when it is not one of those allowed.

    >>> require_float("Linear", "dtype", "float32")
    dtype('float32')
    """
    dtype = np.dtype(dtype)
    if dtype.name not in allowed:
        raise DtypeError(_message(owner, name, f"must be {' or '.join(allowed)}", dtype.name, ""))
    return dtype


def format_shape(shape: Sequence[int | str]) -> str:
    """Write a shape as Python writes a tuple, with its letters bare: ``(N, 3)``, ``(N,)``, ``()``."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def _message(owner: str, name: str, invariant: str, got: str, remedy: str) -> str:
    return f"{owner}: {name} {invariant}, got {got}" + (f"; {remedy}" if remedy else "")
