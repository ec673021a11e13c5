"""Read a value from a message whose sender may be hostile.

Reading never runs code that a sender could choose, counts every value against a limit before it makes it, and ends with a
value or with a :class:`ProtocolError`.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.session.errors import ProtocolError
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

__all__ = ["Decoder"]

ALIKE = 8  # keys of one hash value, which are all compared when one is looked up; (-1, -1) and (-2, -2) are of one

read_int, read_float = struct.Struct("<q").unpack_from, struct.Struct("<d").unpack_from
read_size, read_complex = struct.Struct("<I").unpack_from, struct.Struct("<dd").unpack_from


class Decoder:
    """Reads one value after the other.

    Parameters
    ----------
    bounds : Bounds
        Anything with its four attributes.
    resolve : callable
        Gives the object for a :class:`Reference`, or raises :class:`ProtocolError`.
    generators : bool
        Whether a ``numpy.random.Generator`` is taken.
    """

    def __init__(self, bounds: Any, resolve: Callable[[Reference], Any], *, generators: bool = False):
        self.bounds, self.resolve, self.generators = bounds, resolve, generators

    def read(self, tree: bytes, beside: memoryview | bytes = b"") -> Any:
        """Read the value that a tree, and what stands behind it, are of; the latter becomes the memory of its arrays.

        Raises
        ------
        ProtocolError
            If they are of none.
        """
        self.tree, self.beside = tree, beside
        self.at = self.aside = 0
        self.left, self.depth = self.bounds.items, self.bounds.depth
        try:
            value = self.take()
        except ProtocolError:
            raise
        except Exception as error:
            raise ProtocolError(f"your code's process sent a value that cannot be read ({type(error).__name__})") from None
        if self.at != len(self.tree) or self.aside != len(beside):
            raise broken("more than one value")
        return value

    def take(self) -> Any:
        """Read the value that comes next."""
        at = self.at
        self.at = at + 1
        return READERS[self.tree[at]](self)

    def take_size(self) -> int:
        at = self.at
        self.at = at + 4
        return read_size(self.tree, at)[0]

    def take_bytes(self, size: int | None = None) -> bytes:
        if size is None:
            size = self.take_size()
        start = self.at
        self.at = end = start + size
        if end > len(self.tree):
            raise broken("a value that is cut off")
        return self.tree[start:end]

    def take_many(self) -> list:
        """Read what a container holds."""
        count = self.take_size()
        self.left -= count
        self.depth -= 1
        if self.left < 0 or self.depth < 0:
            raise broken(f"more than {self.bounds.items} values, or some nested more than {self.bounds.depth} deep")
        tree, found = self.tree, []
        for _ in range(count):
            at = self.at
            self.at = at + 1
            found.append(READERS[tree[at]](self))
        self.depth += 1
        return found

    def take_entries(self, parts: int) -> list:
        """Read what a dict or a set holds; an empty one takes as much memory as four lists."""
        self.left -= 4
        found = self.take_many()
        if len(found) > parts * self.bounds.entries:
            raise broken(f"a dict or set of more than {self.bounds.entries} entries")
        return found

    def take_dtype(self) -> np.dtype:
        code = self.tree[self.at]
        self.at += 1
        if code != NAMED:
            return DTYPES[code]
        name = self.take()
        if type(name) is not str or not OTHER_DTYPE.fullmatch(name):
            raise broken("an array of something else than numbers or text")
        return np.dtype(name)


def broken(what: str) -> ProtocolError:
    return ProtocolError(f"your code's process sent {what}")


def take_int(of: Decoder) -> int:
    at = of.at
    of.at = at + 8
    return read_int(of.tree, at)[0]


def take_float(of: Decoder) -> float:
    at = of.at
    of.at = at + 8
    return read_float(of.tree, at)[0]


def take_complex(of: Decoder) -> complex:
    at = of.at
    of.at = at + 16
    return complex(*read_complex(of.tree, at))


def take_big_int(of: Decoder) -> int:
    content = of.take_bytes()
    if len(content) > INTEGER:
        raise broken("an integer that is too large")
    return int.from_bytes(content, "little", signed=True)


def take_dict(of: Decoder) -> dict:
    parts = of.take_entries(2)
    return dict(zip(check_keys(parts[::2]), parts[1::2], strict=True))


def check_keys(keys: list) -> list:
    """Refuse keys that are made to be compared for long, in a single step of Python's that no alarm interrupts."""
    if max(Counter(map(hash, keys)).values(), default=0) > ALIKE:
        raise broken("a dict or set whose entries have the same hash value")
    for key in keys:
        if isinstance(key, tuple | frozenset):
            check_parts(key, sets=1)
    return keys


def check_parts(key: tuple | frozenset, sets: int) -> None:
    """Refuse a key that holds sets within sets, or many dates, which NumPy is slow to compare."""
    if isinstance(key, frozenset):
        sets -= 1
    for part in key:
        if isinstance(part, tuple | frozenset):
            if isinstance(part, frozenset) and not sets:
                raise broken("a dict or set whose entries are sets of sets")
            check_parts(part, sets)
    if len(key) > ALIKE and any(isinstance(part, np.datetime64 | np.timedelta64) for part in key):
        raise broken("a dict or set whose entries hold many dates")


def take_three(of: Decoder, kind: Callable) -> Any:
    start, stop, step = of.take_many()
    for part in (start, stop, step):
        if type(part) is not int and (kind is range or part is not None):
            raise broken("a range of something else than integers")
    made = kind(start, stop, step)
    if kind is range and made[of.bounds.items :]:
        raise broken(f"a range of more than {of.bounds.items} integers")
    return made


def take_array(of: Decoder, order: str) -> np.ndarray:
    of.left -= 4
    if of.left < 0:
        raise broken(f"more than {of.bounds.items} values")
    dtype = of.take_dtype()
    tree, at = of.tree, of.at
    layout = SHAPES[tree[at]]
    shape = layout.unpack_from(tree, at)[1:]
    at += layout.size
    size, room = dtype.itemsize, dtype.itemsize or 1
    for length in shape:
        size *= length
        room *= length or 1  # an array that is empty, or whose elements are, may not have any shape either
        if room > of.bounds.frame:
            raise broken("an array that is too large")
    if size <= BESIDE:
        array = np.ndarray(shape, dtype, bytearray(tree[at : at + size]), 0, None, order)
        at += size
    else:
        array = np.ndarray(shape, dtype, of.beside, of.aside, None, order)
        of.aside += size
        if not array.flags.aligned:
            array = array.copy(order)
    of.at = at
    if dtype.kind in "bU":
        check_content(array)
    return array


def take_scalar(of: Decoder) -> np.generic:
    dtype, content = of.take_dtype(), of.take()
    if type(content) is not bytes or len(content) != dtype.itemsize:
        raise broken("a number of a wrong size")
    array = np.ndarray((), dtype, content)
    check_content(array)
    return array[()]


def check_content(array: np.ndarray) -> None:
    """Refuse bytes that NumPy itself would never put into an array of this dtype."""
    kind = array.dtype.kind
    if kind == "b" and array.size and array.view(np.uint8).max() > 1:
        raise broken("an array of broken truth values")
    if kind == "U" and array.nbytes:
        letters = array.reshape(-1).view(np.dtype("u4").newbyteorder(array.dtype.byteorder))
        if letters.max() > 0x10FFFF or ((letters >= 0xD800) & (letters <= 0xDFFF)).any():
            raise broken("an array of broken text")


def take_generator(of: Decoder) -> np.random.Generator:
    if not of.generators:
        raise broken("a random generator")
    state = of.take()
    source = getattr(np.random, state["bit_generator"])(0)
    source.state = state
    return np.random.Generator(source)


def take_reference(of: Decoder) -> Any:
    senders, number, flags, size = REFERENCE.unpack_from(of.tree, of.at)
    of.at += REFERENCE.size
    return of.resolve(Reference(senders, number, flags, of.take_bytes(size).decode("ascii")))


def no_value(of: Decoder) -> Any:
    raise broken("something that is no value")


_READERS: dict[str, Callable[[Decoder], Any]] = {
    "N": lambda of: None,
    "T": lambda of: True,
    "F": lambda of: False,
    ".": lambda of: ...,
    "i": take_int,
    "I": take_big_int,
    "d": take_float,
    "c": take_complex,
    "s": lambda of: of.take_bytes().decode(),
    "b": Decoder.take_bytes,
    "B": lambda of: bytearray(of.take_bytes()),
    "l": Decoder.take_many,
    "t": lambda of: tuple(of.take_many()),
    "m": take_dict,
    "e": lambda of: set(check_keys(of.take_entries(1))),
    "f": lambda of: frozenset(check_keys(of.take_entries(1))),
    ":": lambda of: take_three(of, slice),
    "r": lambda of: take_three(of, range),
    "a": lambda of: take_array(of, "C"),
    "A": lambda of: take_array(of, "F"),
    "n": take_scalar,
    "D": Decoder.take_dtype,
    "y": lambda of: TYPES[of.take()],
    "Y": lambda of: NUMPY_TYPES[of.take()],
    "g": take_generator,
    "h": take_reference,
}
READERS = [_READERS.get(chr(tag), no_value) for tag in range(256)]
