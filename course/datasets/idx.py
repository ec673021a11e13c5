"""The IDX format, in which MNIST comes: a header of a few bytes, then the numbers of one array."""

import math
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from course.errors import DataError, DtypeError

KINDS = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}  # most significant byte first
GZIP = b"\x1f\x8b"


def read_idx(path: Any) -> np.ndarray:
    r"""Read the array of an IDX file, packed by gzip or not.

    The file holds: two zero bytes; a byte for the kind of number; a byte for the number d of dimensions; d lengths of
    four bytes each; and the numbers, the last index running fastest. The most significant byte always comes first.

    Parameters
    ----------
    path
        The file. Whether it is packed is seen from its first bytes, not from its name.

    Returns
    -------
    numpy.ndarray
        In this machine's byte order, and writeable.

    Raises
    ------
    DataError
        When the file is no IDX file, is shorter or longer than its header says, or its packing is damaged.
    OSError
        When it cannot be opened.

    Notes
    -----
    Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits: the page that publishes it
    describes the format.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_idx(f"{folder}/labels.gz", np.array([5, 0, 4], np.uint8))
    ...     print(read_idx(f"{folder}/labels.gz"))
    [5 0 4]
    """
    with Path(path).open("rb") as raw:
        packed = raw.read(2) == GZIP
        raw.seek(0)
        return _unpacked(path, raw) if packed else _read(path, raw)


def write_idx(path: Any, array: Any) -> None:
    """Write an array as an IDX file, packed by gzip when the name ends in ``.gz``.

    Parameters
    ----------
    path
        The file; one of that name is replaced. The same array always gives the same bytes.
    array
        Of 1 to 255 dimensions; bytes, 16- and 32-bit integers, and floats of either size.

    Raises
    ------
    DtypeError
        When the format has no such kind of number.
    DataError
        When the array has no dimension, or one too long for four bytes.

    >>> write_idx("labels.idx", np.array([5, 0, 4]))
    Traceback (most recent call last):
    course.errors.DtypeError: write_idx: the format has no int64; use array.astype with one of u1, i1, i2, i4, f4, f8
    """
    array = np.asarray(array)
    native = array.dtype.newbyteorder("=")
    kind = next((code for code, dtype in KINDS.items() if np.dtype(dtype).newbyteorder("=") == native), None)
    if kind is None:
        kinds = ", ".join(dtype[1:] for dtype in KINDS.values())
        raise DtypeError(f"write_idx: the format has no {array.dtype}; use array.astype with one of {kinds}")
    if not 1 <= array.ndim <= 255 or max(array.shape) >= 2**32:
        raise DataError(f"write_idx: array must have 1 to 255 dimensions, each below 2**32, got {array.shape}")
    header = bytes([0, 0, kind, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    content = header + array.astype(KINDS[kind]).tobytes()
    if str(path).endswith(".gz"):
        import gzip

        content = gzip.compress(content, mtime=0)
    Path(path).write_bytes(content)


def _unpacked(path: Any, raw: BinaryIO) -> np.ndarray:
    import gzip
    import zlib

    try:
        with gzip.open(raw) as file:
            return _read(path, file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
        raise DataError(f"read_idx: {path} is damaged: {damage}; get the file again") from damage


def _read(path: Any, file: Any) -> np.ndarray:
    """Read the header, then exactly as much as it promises: a header that lies costs no memory."""
    start = file.read(4)
    if len(start) < 4 or start[:2] != b"\0\0" or start[2] not in KINDS or not start[3]:
        raise DataError(f"read_idx: {path} is no IDX file; it must begin with 0, 0, a kind and a rank, got {list(start)}")
    lengths = file.read(4 * start[3])
    if len(lengths) < 4 * start[3]:
        raise DataError(f"read_idx: {path} ends within its header of {start[3]} dimensions; get the file again")
    shape = tuple(np.frombuffer(lengths, ">u4").tolist())
    dtype = np.dtype(KINDS[start[2]])
    size = math.prod(shape) * dtype.itemsize
    content = _exactly(path, file, size, shape)
    return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))


def _exactly(path: Any, file: Any, size: int, shape: tuple[int, ...], piece: int = 1 << 24) -> bytes:
    """Read as many bytes as promised, piece by piece, and find nothing after them."""
    content = bytearray()
    while len(content) < size and (part := file.read(min(piece, size - len(content)))):
        content += part
    if len(content) < size:
        raise DataError(
            f"read_idx: {path} must hold {size} bytes for shape {shape}, got {len(content)}; it was cut off, get it again"
        )
    if file.read(1):
        raise DataError(f"read_idx: {path} goes on after the {size} bytes of shape {shape}; it is another file, or damaged")
    return content
