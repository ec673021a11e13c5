"""What a call does beside returning: the one idiom for all questions of change in place and of shared memory."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Observed", "arrays_in", "observe"]


class Observed(NamedTuple):
    """What became of a call.

    Attributes
    ----------
    result : object
        What it returned.
    arguments : tuple
        The positional arguments as they are after it; a list among them may hold other arrays than before.
    arrays : list of numpy.ndarray
        The arrays that these held before it, as they are after it.
    shared : bool
        Whether an array of the result is one of those, or a view of one.
    """

    result: Any
    arguments: tuple
    arrays: list[np.ndarray]
    shared: bool


def observe(function: Callable, *arguments: Any, **named: Any) -> Observed:
    """Call with copies of the arguments, and tell what became of them.

    A function that lives in another process is asked by its own ``__call_by_value__``: there it is given copies anyway, and
    what it does to them is seen only there.

    >>> def double(x):
    ...     x *= 2
    ...     return x
    >>> x = np.ones(2)
    >>> seen = observe(double, x)
    >>> print(x, seen.arguments[0], seen.shared)
    [1. 1.] [2. 2.] True
    """
    there = getattr(type(function), "__call_by_value__", None)
    if there is not None:
        return Observed(*there(function, arguments, named))
    given, named = copy.deepcopy((arguments, named))
    arrays = list(arrays_in(given))
    result = function(*given, **named)
    shared = any(np.shares_memory(one, other) for one in arrays_in(result) for other in arrays)
    return Observed(result, given, arrays, shared)


def arrays_in(value: Any) -> Iterator[np.ndarray]:
    """Yield every array in a value made of lists, tuples and dicts."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        yield from arrays_in(list(value.values()))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from arrays_in(item)
