"""What the writer and the reader of messages agree upon.

A message is one value: a tree of exact built-in types, NumPy scalars and arrays. What is none of these crosses as a
reference, a number in a table of the process that has it. Each value is a tag of one byte and what belongs to it,
little-endian. Large arrays stand behind the tree, not in it, so that their bytes are not copied on the way into the socket.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import numpy as np

__all__ = [
    "BESIDE",
    "CALLABLE",
    "DTYPES",
    "INTEGER",
    "ITERATOR",
    "KINDS",
    "NAMED",
    "NUMPY_TYPES",
    "OTHER_DTYPE",
    "REFERENCE",
    "SHAPES",
    "TYPES",
    "Bounds",
    "Reference",
]

KINDS = (
    "result raised begin run get set delete call call_with call_by_value attr setattr item setitem delitem len iter next "
    "str repr isinstance issubclass operator"
).split()  # of messages: the two answers, and what may be asked
BESIDE = 2048  # bytes; a larger array stands behind the tree
INTEGER = 1 << 16  # bytes of one int
CALLABLE, ITERATOR = 1, 2  # what an object can do
REFERENCE = struct.Struct("<?QBB")
SHAPES = [struct.Struct(f"<B{ndim}Q") for ndim in range(33)]
TYPES = {kind.__name__: kind for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, object)}
DTYPES = list(
    {
        np.dtype(code).newbyteorder(order).str: np.dtype(code).newbyteorder(order)
        for code in "?bBhHiIqQlLefdgFDG"
        for order in "<>"
    }.values()
)  # cross as their place in this list
NAMED = 255  # in place of it, where a dtype crosses by its name
OTHER_DTYPE = re.compile(r"[<>|][SU]\d{1,9}|[<>][mM]8(\[([1-9]\d{0,5})?(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
NUMPY_TYPES = {
    kind.__name__: kind for kind in (np.str_, np.bytes_, np.datetime64, np.timedelta64, *(dtype.type for dtype in DTYPES))
}


@dataclass(frozen=True)
class Bounds:
    """Limits of one message: its bytes, its values, how deeply they are nested, and the entries of one dict or set."""

    frame: int = 1 << 31
    items: int = 1 << 31
    depth: int = 500
    entries: int = 1 << 31


@dataclass(frozen=True, slots=True)
class Reference:
    """What crosses in place of an object: whether it is the sender's, its number, what it can do, its class."""

    senders: bool
    number: int
    flags: int = 0
    name: str = ""
