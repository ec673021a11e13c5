"""Frames on their way to the browser: one binary message, a header in JSON and behind it all arrays.

The header's length stands in the first four bytes (little-endian); arrays begin at the next multiple of eight. In the
header an array is ``{"at": bytes from the beginning of the arrays, "n": entries, "kind": "f4" or "u1"}``; one that several
frames share is sent once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from course.widgets.views import Field, Frame

ALIGN = 8


def pack(frames: Sequence[Frame], **about: Any) -> bytes:
    """Write frames, and what they are for, as one message.

    >>> from course.widgets.views import Lines
    >>> message = pack([Frame([Lines("empty")], "Nothing.")], purpose="now")
    >>> unpack(message)["frames"][0]["summary"]
    'Nothing.'
    """
    arrays = _Arrays()
    header = about | {"frames": [_plain(frame, arrays) for frame in frames]}
    text = json.dumps(header, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 4) % ALIGN)
    return len(text).to_bytes(4, "little") + text + b"".join(arrays.pieces)


def unpack(message: bytes) -> dict:
    """Read a message's header, with each array in its place: what the browser does."""
    length = int.from_bytes(message[:4], "little")
    body = message[4 + length :]

    def restore(value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"at", "n", "kind"}:
                return np.frombuffer(body, "<" + value["kind"], value["n"], value["at"])
            return {key: restore(each) for key, each in value.items()}
        return [restore(each) for each in value] if isinstance(value, list) else value

    return restore(json.loads(message[4 : 4 + length]))


class _Arrays:
    """All arrays of a message, each once."""

    def __init__(self):
        self.pieces: list[bytes] = []
        self.size = 0
        self._known: dict[tuple, tuple] = {}  # the array is kept with its place: an id may be given again after its end

    def place(self, array: np.ndarray, kind: str) -> dict:
        key = id(array), kind
        if key not in self._known:
            with np.errstate(over="ignore"):  # what is beyond single precision is infinite, and drawn nowhere
                flat = _bytes(array) if kind == "u1" else np.asarray(array, "<f4").ravel()
            piece = flat.tobytes()
            self._known[key] = {"at": self.size, "n": flat.size, "kind": kind}, array
            self.pieces.append(piece + bytes(-len(piece) % ALIGN))
            self.size += len(self.pieces[-1])
        return self._known[key][0]


def _bytes(array: np.ndarray) -> np.ndarray:
    """Return numbers from 0 to 1 as 0 to 255; those that are no numbers are the highest."""
    return (255 * np.nan_to_num(np.clip(array, 0, 1), nan=1.0)).round().astype(np.uint8).ravel()


def _plain(value: Any, arrays: _Arrays) -> Any:
    if isinstance(value, Field):
        rows = None if value.values is None else list(np.shape(value.values))
        image = None if value.values is None else arrays.place(np.asarray(value.values), "u1")
        return _record(value, arrays, skip="values") | {"values": image, "shape": rows}
    if is_dataclass(value):
        return _record(value, arrays)
    if isinstance(value, np.ndarray):
        return arrays.place(value, "f4")
    if isinstance(value, (list, tuple, range)):
        return [_plain(each, arrays) for each in value]
    if isinstance(value, (float, np.floating)):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value


def _record(value: Any, arrays: _Arrays, skip: str = "") -> dict:
    record = {each.name: _plain(getattr(value, each.name), arrays) for each in fields(value) if each.name != skip}
    return record | ({"kind": value.kind} if hasattr(value, "kind") else {})
