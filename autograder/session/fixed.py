"""Values that refuse to be changed, for copies of what a student's object holds: a change would be lost without a word."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["fixed"]

WHY = (
    "this is a copy of what the student's object holds, and a change to it would be lost: change a copy of your own, and "
    "hand that over with an assignment or a method of the object"
)
CHANGES = (
    "__setitem__ __delitem__ __iadd__ __imul__ __ior__ __iand__ __isub__ __ixor__ append extend insert remove reverse sort "
    "pop popitem clear update setdefault add discard intersection_update difference_update symmetric_difference_update"
).split()


def _refuse(self, *args: Any, **kwargs: Any) -> Any:
    raise TypeError(WHY)


def _fixed_class(base: type) -> type:
    """Make the subclass of a list, a dict or a set that cannot be changed; a copy of it is a plain one."""
    refused = dict.fromkeys((name for name in CHANGES if hasattr(base, name)), _refuse)
    return type(base.__name__, (base,), refused | {"__reduce_ex__": lambda self, protocol: (base, (base(self),))})


_FIXED = {base: _fixed_class(base) for base in (list, dict, set)}


def fixed(value: Any) -> Any:
    """Give a value in which no array, list, dict or set can be changed in place."""
    kind = type(value)
    if kind is np.ndarray:
        value.flags.writeable = False
    elif kind is tuple:
        return tuple(map(fixed, value))
    elif kind is dict:
        return _FIXED[dict]((key, fixed(part)) for key, part in value.items())
    elif kind in _FIXED:
        return _FIXED[kind](map(fixed, value))
    return value
