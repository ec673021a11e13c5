"""Holding still what a forward pass draws or changes, so that two passes differ by the entry that was moved alone."""

from collections.abc import Iterable, Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import Any

import numpy as np


class Frozen:
    """Modules and functions as they stand: the generators that they hold can be rewound, and the modules put back.

    A dropout layer draws its mask from a generator. Rewound before every forward pass, it draws the same mask each
    time, and the layer is a function of its input like any other. Batch normalization changes its running averages in
    training; they, and everything else that a module holds, are as they were after the ``with`` block.

    Parameters
    ----------
    *roots
        Modules, functions or generators: what they hold is looked for in attributes, lists, tuples and dictionaries, in
        closures and in methods' objects.

    >>> rng = np.random.default_rng(0)
    >>> with Frozen(rng) as frozen:
    ...     first = rng.random()
    ...     frozen.rewind()
    ...     rng.random() == first
    True
    """

    def __init__(self, *roots: Any):
        held = list(_reach(roots))
        self.generators = [thing.bit_generator for thing in held if isinstance(thing, np.random.Generator)]
        modules = [thing for thing in held if _is_module(thing)]
        self.attributes = [(module, dict(vars(module))) for module in modules]
        owned = held if all(map(_is_module, roots)) else list(_reach(modules))
        self.arrays = [(thing, thing.copy()) for thing in owned if isinstance(thing, np.ndarray)]

    def __enter__(self) -> "Frozen":
        self.states = [(generator, generator.state) for generator in self.generators]
        return self

    def rewind(self) -> None:
        """Let every generator draw again what it drew first."""
        for generator, state in self.states:
            generator.state = state

    def __exit__(self, *raised: object) -> None:
        self.rewind()
        for module, attributes in self.attributes:
            vars(module).clear()
            vars(module).update(attributes)
        for array, values in self.arrays:
            if array.flags.writeable:
                array[...] = values


def _reach(roots: Iterable[Any]) -> Iterator[Any]:
    """Give everything that the roots hold, themselves included, each once."""
    waiting, seen = list(roots), set()
    while waiting:
        thing = waiting.pop()
        if id(thing) not in seen:
            seen.add(id(thing))
            waiting += _parts(thing)
            yield thing


def _parts(thing: Any) -> Iterable[Any]:
    if isinstance(thing, list | tuple | set | frozenset):
        return thing
    if isinstance(thing, dict):
        return thing.values()
    if isinstance(thing, FunctionType):
        return [*(thing.__defaults__ or ()), *(_contents(cell) for cell in thing.__closure__ or ())]
    if isinstance(thing, MethodType):
        return [thing.__self__]
    if isinstance(thing, partial):
        return [thing.func, thing.args, thing.keywords]
    return vars(thing).values() if _is_module(thing) else ()


def _contents(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # a name that is not bound yet
        return None


def _is_module(thing: Any) -> bool:
    return hasattr(thing, "forward") and hasattr(thing, "__dict__") and not isinstance(thing, type)
