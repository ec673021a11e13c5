"""Write a value as the bytes of a message."""

from __future__ import annotations

import operator
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.session.errors import Unsendable
from autograder.session.wire import BESIDE, DTYPES, INTEGER, NAME, OTHER_DTYPE, REFERENCE, SCALARS, TYPES, Reference

__all__ = ["Encoder"]

pack_int, pack_float = struct.Struct("<cq").pack, struct.Struct("<cd").pack
pack_size, pack_complex = struct.Struct("<cI").pack, struct.Struct("<cdd").pack


class Encoder:
    """Writes one value.

    Parameters
    ----------
    bounds : Bounds
        Anything with its four attributes.
    refer : callable
        Gives the :class:`Reference` for an object that does not cross by value, or raises :class:`Unsendable`.
    trusted : bool
        Whether the value is the tests'. Then a ``numpy.random.Generator`` crosses as a copy, and ours jumps far ahead, so that
        it never gives the same numbers twice; and an object of a list's or a dict's subclass always crosses as its base.

    Attributes
    ----------
    out : bytearray
        The tree.
    beside : list of memoryview
        What stands behind it.
    """

    def __init__(self, bounds: Any, refer: Callable[[Any], Reference], *, trusted: bool = False):
        self.bounds, self.refer, self.trusted = bounds, refer, trusted
        self.out, self.beside = bytearray(), []
        self.left, self.depth, self.size = bounds.items, bounds.depth, bounds.frame

    def put(self, value: Any) -> None:
        """Write a value."""
        write = WRITERS.get(type(value))
        if write is None:
            self.put_other(value)
        else:
            write(self, value)

    def put_many(self, tag: bytes, values: Any, count: int) -> None:
        """Write what a container holds."""
        self.left -= count + 1
        self.depth -= 1
        if self.left < 0:
            raise Unsendable(f"a value of more than {self.bounds.items} parts is too large to pass on")
        if self.depth < 0:
            raise Unsendable(
                f"lists nested more than {self.bounds.depth} deep (or containing themselves) cannot be passed on"
            )
        self.out += pack_size(tag, count)
        writers = WRITERS
        for value in values:
            write = writers.get(type(value))
            if write is None:
                self.put_other(value)
            else:
                write(self, value)
        self.depth += 1

    def put_entries(self, tag: bytes, values: Any, count: int, parts: int) -> None:
        """Write the ``parts`` values of a dict's or a set's ``count`` entries."""
        if count > self.bounds.entries:
            raise Unsendable(f"a dict or set of more than {self.bounds.entries} entries is too large to pass on")
        self.put_many(tag, values, parts)

    def put_slice(self, value: slice) -> None:
        try:
            parts = [part if part is None else operator.index(part) for part in (value.start, value.stop, value.step)]
        except TypeError:
            raise Unsendable("a slice of something else than integers cannot be passed on") from None
        self.put_many(b":", parts, 3)

    def put_int(self, value: int) -> None:
        if -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF:
            self.out += pack_int(b"i", value)
            return
        size = value.bit_length() // 8 + 1
        if size > INTEGER:
            raise Unsendable(f"an integer of more than {INTEGER} bytes is too large to pass on")
        self.put_bytes(b"I", value.to_bytes(size, "little", signed=True))

    def put_bytes(self, tag: bytes, content: bytes) -> None:
        self.spend(len(content))
        self.out += pack_size(tag, len(content))
        self.out += content

    def put_text(self, value: str) -> None:
        try:
            self.put_bytes(b"s", value.encode())
        except UnicodeEncodeError:
            raise Unsendable("a text with half characters (surrogates) cannot be passed on") from None

    def put_array(self, value: np.ndarray) -> None:
        fortran = value.flags.f_contiguous and not value.flags.c_contiguous
        self.out += b"A" if fortran else b"a"
        self.put_text(name_of(value.dtype))
        self.out += struct.pack(f"<B{value.ndim}Q", value.ndim, *value.shape)
        self.spend(value.nbytes)
        flat = (value.T if fortran else value).reshape(-1)
        if value.nbytes > BESIDE:
            self.beside.append(memoryview(flat.view(np.uint8)))
        else:
            self.out += flat.tobytes()

    def put_scalar(self, value: np.generic) -> None:
        self.out += b"n"
        self.put_text(name_of(value.dtype))
        self.put_bytes(b"b", value.tobytes())

    def put_dtype(self, value: np.dtype) -> None:
        self.out += b"D"
        self.put_text(name_of(value))

    def put_other(self, value: Any) -> None:
        """Write an object that is of none of the types that cross as they are."""
        if isinstance(value, np.dtype):
            self.put_dtype(value)
        elif isinstance(value, type) and value in SCALARS:
            self.out += b"Y"
            self.put_text(value.__name__)
        elif isinstance(value, type) and TYPES.get(value.__name__) is value:
            self.out += b"y"
            self.put_text(value.__name__)
        elif self.trusted and isinstance(value, np.random.Generator):
            self.put_generator(value)
        elif (base := self.base_of(value)) is not None:
            self.put(BASES[base](value))
        else:
            self.put_reference(self.refer(value))

    def base_of(self, value: Any) -> type | None:
        """Give the type as which an object of a subclass crosses; None for an object of a student's own class."""
        if type(value).__module__ == "__main__" and not self.trusted:
            return None
        return next((base for base in BASES if isinstance(value, base)), None)

    def put_generator(self, value: np.random.Generator) -> None:
        source = value.bit_generator
        if not hasattr(source, "jumped"):
            raise Unsendable(f"a Generator with {type(source).__name__} cannot be passed on: make it with default_rng")
        self.out += b"g"
        self.put(source.state)
        source.state = source.jumped().state

    def put_reference(self, to: Reference) -> None:
        name = to.name.encode("ascii", "replace")[:NAME]
        self.left -= 1
        self.out += b"h" + REFERENCE.pack(to.senders, to.number, to.flags, len(name)) + name

    def spend(self, size: int) -> None:
        """Take from the bytes that the message may have."""
        self.size -= size
        if self.size < 0:
            raise Unsendable(f"a value of more than {self.bounds.frame} bytes is too large to pass on")


def name_of(dtype: np.dtype) -> str:
    """Give the name under which a dtype crosses."""
    if dtype.str in DTYPES or OTHER_DTYPE.fullmatch(dtype.str):
        return dtype.str
    if dtype.kind == "O":
        raise Unsendable(
            "an array of Python objects (dtype object) cannot be passed on: make one of numbers, in rows of equal length"
        )
    raise Unsendable(f"an array of dtype {dtype} cannot be passed on: make one of numbers")


WRITERS: dict[type, Callable[[Encoder, Any], None]] = {
    type(None): lambda e, v: e.out.extend(b"N"),
    bool: lambda e, v: e.out.extend(b"T" if v else b"F"),
    type(...): lambda e, v: e.out.extend(b"."),
    int: Encoder.put_int,
    float: lambda e, v: e.out.extend(pack_float(b"d", v)),
    complex: lambda e, v: e.out.extend(pack_complex(b"c", v.real, v.imag)),
    str: Encoder.put_text,
    bytes: lambda e, v: e.put_bytes(b"b", v),
    bytearray: lambda e, v: e.put_bytes(b"B", v),
    list: lambda e, v: e.put_many(b"l", v, len(v)),
    tuple: lambda e, v: e.put_many(b"t", v, len(v)),
    dict: lambda e, v: e.put_entries(b"m", (part for pair in v.items() for part in pair), len(v), 2 * len(v)),
    set: lambda e, v: e.put_entries(b"e", v, len(v), len(v)),
    frozenset: lambda e, v: e.put_entries(b"f", v, len(v), len(v)),
    slice: Encoder.put_slice,
    range: lambda e, v: e.put_many(b"r", (v.start, v.stop, v.step), 3),
    np.ndarray: Encoder.put_array,
    **dict.fromkeys(SCALARS, Encoder.put_scalar),
}
# Subclasses that are not the notebook's own classes cross as their base: OrderedDict, Counter, IntEnum, np.matrix.
BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    list: lambda v: list(list.__iter__(v)),
    tuple: lambda v: tuple(tuple.__iter__(v)),
    dict: lambda v: dict(dict.items(v)),
    set: lambda v: set(set.__iter__(v)),
    frozenset: lambda v: frozenset(frozenset.__iter__(v)),
    np.ndarray: lambda v: np.ndarray.view(v, np.ndarray),
}
