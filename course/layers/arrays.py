"""What layers do with arrays: windows on the buffers, checks of what comes in, and ones to add up with."""

from operator import attrgetter
from typing import Any

import numpy as np

from course.errors import DtypeError, ShapeError, StateError, require_shape


def window(name: str) -> property:
    """Hand out a window on a buffer; an assignment copies into it, and must have its shape."""

    def assign(layer: Any, value: Any) -> None:
        view = getattr(layer, f"_{name}")
        require_shape(type(layer).__name__, name, value, view.shape)
        view[...] = value

    return property(attrgetter(f"_{name}"), assign)


class NotYet:
    """Stands where a call will put something, and until then says which call."""

    def __init__(self, remedy: str):
        self.remedy = remedy

    def __get__(self, layer: Any, kind: type) -> Any:
        if layer is None:
            return self
        raise StateError(f"{kind.__name__}: {self.remedy}")


def fitted(owner: str, name: str, data: Any, shape: tuple | None, dtype: Any, remedy: str) -> np.ndarray:
    """Return data, which may be lists, as an array; refuse what is no number, and any other shape where one is given."""
    try:
        array = np.asarray(data)
    except ValueError:
        raise ShapeError(f"{owner}: {name} must be an array, got rows of different length") from None
    if array.dtype.kind not in "biuf":
        raise DtypeError(f"{owner}: {name} must hold numbers, got {array.dtype}; turn categories into numbers first")
    if shape is not None:
        require_shape(owner, name, array, shape, remedy)
    return array.astype(dtype, copy=False)
