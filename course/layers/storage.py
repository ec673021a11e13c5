"""Saving what a network has learned, and loading it: whole, safe, or not at all.

The file is NumPy's own ``.npz``: one array for every name of `Layer.named_state`, and nothing else. Loading runs no code
that a file brings with it, so a file from elsewhere is safe to try.
"""

import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from course.errors import DataError, DtypeError, ShapeError


def save(network: Any, path: Any) -> None:
    """Write a network's state to a file, in one move: a crash or a full disk leaves the old file as it was.

    Parameters
    ----------
    network
        A layer or a network: anything with `named_state`.
    path
        The file, written under exactly this name.
    """
    path = Path(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            np.savez(file, **network.named_state())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def load(network: Any, path: Any) -> None:
    """Copy into a network what `save` wrote for one of the same make.

    Parameters
    ----------
    network
        A layer or a network, with the layers, the ties and the precision of the one that was saved.
    path
        The file.

    Raises
    ------
    DataError
        When the file is no ``.npz`` of plain numbers, or damaged; when its names are not the network's.
    ShapeError, DtypeError
        When an array has another shape or precision than the network's.

    Whatever is raised, the network is as it was.
    """
    own = network.named_state()
    with Path(path).open("rb") as file:
        try:
            arrays = _read(file, own)
        except (DataError, ShapeError, DtypeError):
            raise
        except Exception as damage:  # zipfile, zlib and NumPy each have errors of their own for a damaged file
            raise DataError(f"load: {path} is no .npz file that save wrote, or is damaged: {damage}") from damage
    copy_into(network, arrays)


def copy_into(network: Any, arrays: dict[str, np.ndarray]) -> None:
    """Copy arrays into the network's state by name, once all of them are known to fit."""
    own = network.named_state()
    _require_names(own, arrays)
    for name, array in arrays.items():
        _require_fit(name, own[name], np.shape(array), np.asarray(array).dtype)
    for name, array in arrays.items():
        own[name][...] = array


def _read(file: BinaryIO, own: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Read every array, but none before its name, shape and type are known to fit."""
    from zipfile import ZipFile

    with ZipFile(file) as archive:
        members = {member.removesuffix(".npy"): member for member in archive.namelist()}
        _require_names(own, members)
        for name, member in members.items():
            with archive.open(member) as head:
                _require_fit(name, own[name], *_shape_and_dtype(head))
    file.seek(0)
    with np.load(file, allow_pickle=False) as whole:
        return {name: whole[name] for name in members}


def _shape_and_dtype(head: BinaryIO) -> tuple[tuple[int, ...], np.dtype]:
    version = np.lib.format.read_magic(head)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read(head)
    return shape, dtype


def _require_names(own: dict[str, Any], given: dict[str, Any]) -> None:
    missing, unknown = sorted(own.keys() - given.keys()), sorted(given.keys() - own.keys())
    if missing or unknown:
        parts = [f"{', '.join(n)} {word}" for n, word in ((missing, "missing"), (unknown, "not in the network")) if n]
        raise DataError(f"load: the names must be the network's, got {'; '.join(parts)}; load into one of the same make")


def _require_fit(name: str, own: np.ndarray, shape: tuple[int, ...], dtype: np.dtype) -> None:
    if dtype != own.dtype:
        raise DtypeError(f"load: {name} must be {own.dtype}, got {dtype}; make the network with dtype={dtype.name!r}")
    if shape != own.shape:
        raise ShapeError(f"load: {name} must have shape {own.shape}, got {shape}; load into a network of the same make")
