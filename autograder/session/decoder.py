"""Read a value from a message whose sender may be hostile.

Reading never runs code that a sender could choose, counts every value against a limit before it makes it, and ends with a
value or with a :class:`ProtocolError`.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.session.errors import ProtocolError
from autograder.session.wire import BESIDE, DTYPES, INTEGER, NUMPY_TYPES, OTHER_DTYPE, REFERENCE, TYPES, Reference

__all__ = ["Decoder"]

read_int, read_float = struct.Struct("<q").unpack_from, struct.Struct("<d").unpack_from
read_size, read_complex = struct.Struct("<I").unpack_from, struct.Struct("<dd").unpack_from


class Decoder:
    """Reads one value, from a sender that is not trusted.

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

    def read(self, tree: bytes | memoryview, beside: bytes | memoryview = b"") -> Any:
        """Read the value that a tree, and what stands behind it, are of.

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
        if self.at != len(tree) or self.aside != len(beside):
            raise ProtocolError("your code's process sent more than one value")
        return value

    def take(self) -> Any:
        """Read the value that comes next."""
        self.left -= 1
        if self.left < 0:
            raise ProtocolError(f"your code's process sent more than {self.bounds.items} values at once")
        at = self.at
        self.at = at + 1
        return READERS[self.tree[at]](self)

    def take_size(self) -> int:
        at = self.at
        self.at = at + 4
        return read_size(self.tree, at)[0]

    def take_bytes(self, size: int | None = None) -> bytes:
        size = self.take_size() if size is None else size
        start, self.at = self.at, self.at + size
        if self.at > len(self.tree):
            raise ProtocolError("your code's process sent a value that is cut off")
        return bytes(self.tree[start : self.at])

    def take_int(self) -> int:
        at = self.at
        self.at = at + 8
        return read_int(self.tree, at)[0]

    def take_big_int(self) -> int:
        content = self.take_bytes()
        if len(content) > INTEGER:
            raise ProtocolError("your code's process sent an integer that is too large")
        return int.from_bytes(content, "little", signed=True)

    def take_float(self) -> float:
        at = self.at
        self.at = at + 8
        return read_float(self.tree, at)[0]

    def take_complex(self) -> complex:
        at = self.at
        self.at = at + 16
        return complex(*read_complex(self.tree, at))

    def take_many(self) -> list:
        """Read what a container holds."""
        count = self.take_size()
        self.depth -= 1
        if count > self.left or self.depth < 0:
            raise ProtocolError(
                f"your code's process sent more than {self.bounds.items} values, or some nested more than "
                f"{self.bounds.depth} deep"
            )
        take = self.take
        found = [take() for _ in range(count)]
        self.depth += 1
        return found

    def take_entries(self) -> list:
        """Read what a dict or a set holds; an empty one takes as much memory as four lists do."""
        self.left -= 4
        found = self.take_many()
        if len(found) > 2 * self.bounds.entries:
            raise ProtocolError(f"your code's process sent a dict or set of more than {self.bounds.entries} entries")
        return found

    def take_dict(self) -> dict:
        parts = self.take_entries()
        return dict(zip(parts[::2], parts[1::2], strict=True))

    def take_three(self, kind: Callable) -> Any:
        start, stop, step = self.take_many()
        for part in (start, stop, step):
            if type(part) is not int and (kind is range or part is not None):
                raise ProtocolError("your code's process sent a range of something else than integers")
        return kind(start, stop, step)

    def take_dtype(self) -> np.dtype:
        name = self.take()
        if type(name) is not str:
            raise ProtocolError("your code's process sent a dtype that is no text")
        if name in DTYPES:
            return DTYPES[name]
        if not OTHER_DTYPE.fullmatch(name):
            raise ProtocolError("your code's process sent an array of something else than numbers or text")
        return np.dtype(name)

    def take_array(self, fortran: bool) -> np.ndarray:
        self.left -= 4
        dtype = self.take_dtype()
        ndim = self.tree[self.at]
        shape = struct.unpack_from(f"<{ndim}Q", self.tree, self.at + 1)
        self.at += 1 + 8 * ndim
        room = math.prod(max(length, 1) for length in shape) * max(dtype.itemsize, 1)
        if room > self.bounds.frame or ndim > 32:
            raise ProtocolError("your code's process sent an array that is too large")
        size = math.prod(shape) * dtype.itemsize
        if size > BESIDE:
            start, self.aside = self.aside, self.aside + size
            if self.aside > len(self.beside):
                raise ProtocolError("your code's process sent an array that is cut off")
            content = self.beside[start : self.aside]
        else:
            content = self.take_bytes(size)
        array = np.ndarray(shape, dtype, content, order="F" if fortran else "C").copy(order="K")
        check_content(array)
        return array

    def take_scalar(self) -> np.generic:
        dtype, content = self.take_dtype(), self.take()
        if type(content) is not bytes or len(content) != dtype.itemsize:
            raise ProtocolError("your code's process sent a number of a wrong size")
        array = np.ndarray((), dtype, content)
        check_content(array)
        return array[()]

    def take_type(self, known: dict[str, type]) -> type:
        return known[self.take()]

    def take_generator(self) -> np.random.Generator:
        if not self.generators:
            raise ProtocolError("your code's process sent a random generator")
        state = self.take()
        source = getattr(np.random, state["bit_generator"])(0)
        source.state = state
        return np.random.Generator(source)

    def take_reference(self) -> Any:
        senders, number, flags, size = REFERENCE.unpack_from(self.tree, self.at)
        self.at += REFERENCE.size
        return self.resolve(Reference(senders, number, flags, self.take_bytes(size).decode("ascii")))


def check_content(array: np.ndarray) -> None:
    """Refuse bytes that NumPy itself would never put into an array of this dtype."""
    kind = array.dtype.kind
    if kind == "b" and array.size and array.view(np.uint8).max() > 1:
        raise ProtocolError("your code's process sent an array of broken truth values")
    if kind == "U" and array.size and array.dtype.itemsize:
        letters = np.ascontiguousarray(array).reshape(-1).view(array.dtype.byteorder.replace("|", "=") + "u4")
        if letters.max() > 0x10FFFF or ((letters >= 0xD800) & (letters <= 0xDFFF)).any():
            raise ProtocolError("your code's process sent an array of broken text")


READERS: dict[int, Callable[[Decoder], Any]] = {
    ord(tag): read
    for tag, read in {
        "N": lambda d: None,
        "T": lambda d: True,
        "F": lambda d: False,
        ".": lambda d: ...,
        "i": Decoder.take_int,
        "I": Decoder.take_big_int,
        "d": Decoder.take_float,
        "c": Decoder.take_complex,
        "s": lambda d: d.take_bytes().decode(),
        "b": Decoder.take_bytes,
        "B": lambda d: bytearray(d.take_bytes()),
        "l": Decoder.take_many,
        "t": lambda d: tuple(d.take_many()),
        "m": Decoder.take_dict,
        "e": lambda d: set(d.take_entries()),
        "f": lambda d: frozenset(d.take_entries()),
        ":": lambda d: d.take_three(slice),
        "r": lambda d: d.take_three(range),
        "a": lambda d: d.take_array(fortran=False),
        "A": lambda d: d.take_array(fortran=True),
        "n": Decoder.take_scalar,
        "D": Decoder.take_dtype,
        "y": lambda d: d.take_type(TYPES),
        "Y": lambda d: d.take_type(NUMPY_TYPES),
        "g": Decoder.take_generator,
        "h": Decoder.take_reference,
    }.items()
}
