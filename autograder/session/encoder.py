"""Write a value as the bytes of a message."""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from autograder.session.errors import Unsendable
from autograder.session.wire import (
    BESIDE,
    DTYPES,
    INTEGER,
    NAMED,
    NUMPY_TYPES,
    OTHER_DTYPE,
    REFERENCE,
    SHAPES,
    TYPES,
    Reference,
)

__all__ = ["Encoder"]

pack_int, pack_float = struct.Struct("<cq").pack, struct.Struct("<cd").pack
pack_size, pack_complex = struct.Struct("<cI").pack, struct.Struct("<cdd").pack
CODES = {dtype: bytes([code]) for code, dtype in enumerate(DTYPES)}
NAME = 100  # characters of a class's name


class Encoder:
    """Writes one value.

    Parameters
    ----------
    bounds : Bounds
        Anything with its four attributes.
    refer : callable
        Gives the :class:`Reference` for an object that does not cross by value, or raises :class:`Unsendable`.
    trusted : bool
        Whether the value is the tests'. Then a ``numpy.random.Generator`` crosses as a copy, and ours jumps far ahead, so
        that it never gives the same numbers twice; and an object of a list's or a dict's subclass crosses as its base.

    Attributes
    ----------
    out : bytearray
        The tree.
    beside : list of memoryview
        What stands behind it.
    """

    __slots__ = ("beside", "bounds", "depth", "left", "out", "refer", "size", "trusted")

    def __init__(self, bounds: Any, refer: Callable[[Any], Reference], *, trusted: bool = False):
        self.bounds, self.refer, self.trusted = bounds, refer, trusted
        self.out, self.beside = bytearray(), []
        self.left, self.depth, self.size = bounds.items, bounds.depth, bounds.frame

    def put(self, value: Any) -> None:
        """Write a value."""
        WRITERS.get(type(value), put_other)(self, value)

    def spend(self, size: int) -> None:
        """Take from the bytes that the message may have."""
        self.size -= size
        if self.size < 0:
            raise Unsendable(f"a value of more than {self.bounds.frame} bytes is too large to pass on")

    def put_many(self, tag: bytes, values: Iterable, count: int) -> None:
        """Write what a container holds."""
        self.left -= count
        self.depth -= 1
        if self.left < 0:
            raise Unsendable(f"a value of more than {self.bounds.items} parts is too large to pass on")
        if self.depth < 0:
            raise Unsendable(f"what is nested more than {self.bounds.depth} deep, or contains itself, cannot be passed on")
        self.out += pack_size(tag, count)
        find = WRITERS.get
        for value in values:
            find(type(value), put_other)(self, value)
        self.depth += 1

    def put_entries(self, tag: bytes, values: Iterable, entries: int, parts: int) -> None:
        """Write the ``parts`` values of a dict's or a set's entries."""
        if entries > self.bounds.entries:
            raise Unsendable(f"a dict or set of more than {self.bounds.entries} entries is too large to pass on")
        self.left -= 4
        self.put_many(tag, values, parts)

    def put_bytes(self, tag: bytes, content: bytes) -> None:
        self.spend(len(content))
        self.out += pack_size(tag, len(content)) + content

    def put_dtype(self, tag: bytes, dtype: np.dtype) -> None:
        """Write a tag and a dtype."""
        if code := CODES.get(dtype):
            self.out += tag + code
        elif OTHER_DTYPE.fullmatch(dtype.str):
            self.out += tag + bytes([NAMED])
            put_text(self, dtype.str)
        elif dtype.kind == "O":
            raise Unsendable("an array of objects cannot be passed on: make one of numbers, with rows of equal length")
        else:
            raise Unsendable(f"an array of dtype {dtype} cannot be passed on: make one of numbers")


def put_int(to: Encoder, value: int) -> None:
    if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
        to.out += pack_int(b"i", value)
        return
    size = value.bit_length() // 8 + 1
    if size > INTEGER:
        raise Unsendable(f"an integer of more than {INTEGER} bytes is too large to pass on")
    to.put_bytes(b"I", value.to_bytes(size, "little", signed=True))


def put_float(to: Encoder, value: float) -> None:
    to.out += pack_float(b"d", value)


def put_text(to: Encoder, value: str) -> None:
    try:
        to.put_bytes(b"s", value.encode())
    except UnicodeEncodeError:
        raise Unsendable("a text with half characters (surrogates) cannot be passed on") from None


def put_range(to: Encoder, value: range) -> None:
    if value[to.bounds.items :]:  # three numbers here, and as many as it has where it is made an array
        raise Unsendable(f"a range of more than {to.bounds.items} integers is too large to pass on")
    to.put_many(b"r", (value.start, value.stop, value.step), 3)


def put_slice(to: Encoder, value: slice) -> None:
    try:
        parts = [part if part is None else operator.index(part) for part in (value.start, value.stop, value.step)]
    except TypeError:
        raise Unsendable("a slice of something else than integers cannot be passed on") from None
    to.put_many(b":", parts, 3)


def put_array(to: Encoder, value: np.ndarray) -> None:
    shape, size, flags = value.shape, value.nbytes, value.flags
    fortran = not flags.c_contiguous and flags.f_contiguous
    to.put_dtype(b"A" if fortran else b"a", value.dtype)
    ndim = len(shape)
    if ndim >= len(SHAPES):
        raise Unsendable(f"an array of more than {len(SHAPES) - 1} axes cannot be passed on")
    to.spend(size)
    if size <= BESIDE:
        to.out += SHAPES[ndim].pack(ndim, *shape) + value.tobytes("A")
    else:
        to.out += SHAPES[ndim].pack(ndim, *shape)
        to.beside.append(memoryview(np.ascontiguousarray(value.T if fortran else value).reshape(-1).view(np.uint8)))


def put_scalar(to: Encoder, value: np.generic) -> None:
    array = np.asarray(value)  # which has room for a letter where the scalar is an empty text
    to.put_dtype(b"n", array.dtype)
    to.put_bytes(b"b", array.tobytes())


def put_type(to: Encoder, tag: bytes, value: type) -> None:
    to.out += tag
    put_text(to, value.__name__)


def put_other(to: Encoder, value: Any) -> None:
    """Write an object that is of none of the types that cross as they are."""
    kind = type(value)
    if kind is type and TYPES.get(value.__name__) is value:
        put_type(to, b"y", value)
    elif kind is type and NUMPY_TYPES.get(value.__name__) is value:
        put_type(to, b"Y", value)
    elif issubclass(kind, np.dtype):
        to.put_dtype(b"D", value)
    elif to.trusted and issubclass(kind, np.random.Generator):
        put_generator(to, value)
    elif (to.trusted or kind.__module__ != "__main__") and (base := next((b for b in BASES if issubclass(kind, b)), None)):
        to.put(BASES[base](value))
    else:
        put_reference(to, to.refer(value))


def put_generator(to: Encoder, value: np.random.Generator) -> None:
    source = value.bit_generator
    if not hasattr(source, "jumped"):
        raise Unsendable(f"a Generator with {type(source).__name__} cannot be passed on: make it with default_rng")
    to.out += b"g"
    to.put(source.state)
    source.state = source.jumped().state


def put_reference(to: Encoder, it: Reference) -> None:
    name = it.name.encode("ascii", "replace")[:NAME]
    to.out += b"h" + REFERENCE.pack(it.senders, it.number, it.flags, len(name)) + name


WRITERS: dict[type, Callable[[Encoder, Any], None]] = {
    type(None): lambda to, _: to.out.extend(b"N"),
    bool: lambda to, value: to.out.extend(b"T" if value else b"F"),
    type(...): lambda to, _: to.out.extend(b"."),
    int: put_int,
    float: put_float,
    complex: lambda to, value: to.out.extend(pack_complex(b"c", value.real, value.imag)),
    str: put_text,
    bytes: lambda to, value: to.put_bytes(b"b", value),
    bytearray: lambda to, value: to.put_bytes(b"B", value),
    list: lambda to, value: to.put_many(b"l", value, len(value)),
    tuple: lambda to, value: to.put_many(b"t", value, len(value)),
    dict: lambda to, value: to.put_entries(b"m", [x for pair in value.items() for x in pair], len(value), 2 * len(value)),
    set: lambda to, value: to.put_entries(b"e", value, len(value), len(value)),
    frozenset: lambda to, value: to.put_entries(b"f", value, len(value), len(value)),
    slice: put_slice,
    range: put_range,
    np.ndarray: put_array,
    **dict.fromkeys(NUMPY_TYPES.values(), put_scalar),
}
# Subclasses that are not the notebook's own classes cross as their base: OrderedDict, Counter, IntEnum, np.matrix.
BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    list: lambda value: list(list.__iter__(value)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
    np.ndarray: lambda value: np.ndarray.view(value, np.ndarray),
}
