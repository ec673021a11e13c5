"""A function as the subject of a check, with its backward pass or with the gradient of its one number."""

from collections.abc import Callable, Iterator
from inspect import signature
from itertools import chain, count
from typing import Any

import numpy as np

from course.errors import ShapeError, StateError
from course.gradient_check.frozen import Frozen
from course.gradient_check.subjects import Subject, by_name, float64


class Function(Subject):
    """A function of one or several arrays, and the function that is claimed to be its backward pass.

    Integers and truth values beside arrays of real numbers, such as class labels, stand still.
    """

    def __init__(self, f: Callable, x: Any, backward: Callable):
        self.f, self.claimed = f, backward
        self.frozen = Frozen(f, backward)
        x = dict(zip(_argument_names(f), x, strict=False)) if isinstance(x, tuple) else x
        x = {name: np.asarray(array) for name, array in (x if isinstance(x, dict) else {"x": x}).items()}
        lift = all(array.dtype.kind in "biu" for array in x.values())
        self.arguments = {
            name: array if array.dtype.kind in "biu" and not lift else float64(name, array).copy()
            for name, array in x.items()
        }
        self.inputs = {name: array for name, array in self.arguments.items() if array.dtype == np.float64}

    def forward(self) -> Any:
        return self.f(*self._copies())

    def backward(self, g_out: np.ndarray) -> dict[str, Any]:
        claimed = self.claimed(g_out, *self._copies())
        every = isinstance(claimed, tuple) and len(claimed) == len(self.arguments)
        return by_name(claimed, self.arguments if every else self.inputs)

    def _copies(self) -> list[np.ndarray]:
        return [array.copy() for array in self.arguments.values()]


def objective(f: Callable, x: Any, gradient: Callable | None, target: Any) -> Function:
    """Give a function of one number whose gradient is known: in another function, or returned beside the value."""
    beside = gradient is None
    rest = () if target is None else (target,)

    def value(*inputs: np.ndarray) -> Any:
        result = f(*inputs, *rest)
        if beside and not (isinstance(result, tuple) and len(result) == 2):
            raise StateError(
                "gradient_check: needs a backward pass to check; give backward= or gradient=, "
                f"or a function that returns its value and its gradient, got {type(result).__name__} from f"
            )
        return one_number(result[0] if beside else result)

    def backward(g_out: np.ndarray, *inputs: np.ndarray) -> Any:
        claimed = f(*inputs, *rest)[1] if beside else gradient(*inputs, *rest)
        if isinstance(claimed, dict):
            return {name: _times(g_out, part) for name, part in claimed.items()}
        return tuple(_times(g_out, part) for part in claimed) if isinstance(claimed, tuple) else _times(g_out, claimed)

    subject = Function(f, x, backward)
    subject.f, subject.frozen = value, Frozen(f, gradient)
    return subject


def one_number(value: Any) -> Any:
    if np.size(value) != 1:
        raise ShapeError(
            f"gradient_check: a function with a gradient must return one number, got {np.shape(value)}; "
            "give backward= for a function that returns several"
        )
    return np.reshape(value, ())


def _times(g_out: np.ndarray, claimed: Any) -> Any:
    try:
        return g_out * np.asarray(claimed)
    except (TypeError, ValueError):
        return claimed  # no array of numbers: the report says so


def _argument_names(f: Callable) -> Iterator[str]:
    """Name the arguments as the function does; where it cannot be asked, x0, x1, and so on."""
    try:
        names = [p.name for p in signature(f).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    except (TypeError, ValueError):
        names = []
    return chain(names, (f"x{k}" for k in count(len(names))))
