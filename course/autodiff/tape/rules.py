r"""How gradients go back through each operation: :math:`g \mapsto g\,\partial z/\partial x`, never a whole Jacobian.

A pull takes the gradient g by z, then z itself and the inputs, and returns the gradient by one input. Pulls are NumPy
expressions, as the table of derivatives is: they work on arrays, and on values when the way back is itself recorded.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.autodiff.derivatives import PLAIN
from course.autodiff.differentiable import plain

BASIC = int, np.integer, slice, type(None), type(...)  # indices that take no entry twice


class Elementwise:
    """z = f(x, y), entry by entry: what goes back is the gradient times a partial derivative from the table."""

    pulls = None

    def __init__(self, function: Callable, partials: tuple):
        self.name, self.value, self.partials = function.__name__, function, partials

    def local(self, inputs: tuple, arrays: tuple, z: Any) -> tuple:
        """Return the partial derivative by each input; by constants none is needed."""
        slopes = []
        for x, partial in zip(inputs, self.partials, strict=True):
            slope = partial(*arrays, z) if callable(partial) and not isinstance(x, PLAIN) else partial
            slopes.append(float(slope) if type(slope) is np.float64 else slope)
        return tuple(slopes)


class Structural:
    """z = f(x, …), with a pull for each input."""

    local = None

    def __init__(self, name: str, value: Callable, *pulls: Callable):
        self.name, self.value, self.pulls = name, value, pulls


def unbroadcast(g: Any, shape: tuple[int, ...]) -> Any:
    """Add up a gradient over the axes along which an array of this shape was repeated.

    >>> unbroadcast(np.ones((2, 3)), (3,))
    array([2., 2., 2.])
    """
    have = np.shape(g)
    if have == shape:
        return g
    lead = len(have) - len(shape)
    repeated = tuple(k for k, n in enumerate(have) if k < lead or shape[k - lead] != n)
    return g.sum(axis=repeated).reshape(shape) if shape else g.sum()


def _matrices(g: Any, x: Any, y: Any) -> tuple:
    """Let a vector on the left be a row, one on the right a column."""
    if np.ndim(y) == 1:
        g, y = np.expand_dims(g, -1), np.expand_dims(y, -1)
    if np.ndim(x) == 1:
        g, x = np.expand_dims(g, -2), np.expand_dims(x, -2)
    return g, x, y


def _pull_left(g: Any, z: Any, x: Any, y: Any) -> Any:
    g, row, column = _matrices(g, x, y)
    return unbroadcast(g @ np.swapaxes(column, -1, -2), np.shape(row)).reshape(np.shape(x))


def _pull_right(g: Any, z: Any, x: Any, y: Any) -> Any:
    g, row, column = _matrices(g, x, y)
    return unbroadcast(np.swapaxes(row, -1, -2) @ g, np.shape(column)).reshape(np.shape(y))


MATMUL = Structural("matmul", np.matmul, _pull_left, _pull_right)
WHERE = Structural(
    "where",
    np.where,
    None,  # the condition has no derivative
    lambda g, z, c, x, y: unbroadcast(np.where(c, g, 0.0), np.shape(x)),
    lambda g, z, c, x, y: unbroadcast(np.where(c, 0.0, g), np.shape(y)),
)


def total(x: Any, axis: Any = None, keepdims: bool = False) -> tuple:
    """Sum: every entry had the same share, so that g is repeated."""

    def pull(g: Any, z: Any, x: Any) -> Any:
        return np.broadcast_to(_with_axes(g, axis, keepdims), np.shape(x))

    return Structural("sum", lambda x: np.sum(x, axis=axis, keepdims=keepdims), pull), (x,)


def extreme(function: Callable) -> Callable:
    """Maximum or minimum over axes: g goes to the entry that was taken; where several are equal, they share it."""

    def rule(x: Any, axis: Any = None, keepdims: bool = False) -> tuple:
        def pull(g: Any, z: Any, x: Any) -> Any:
            data = plain(x)
            mask = data == function(data, axis=axis, keepdims=True)
            return _with_axes(g, axis, keepdims) * (mask / mask.sum(axis=axis, keepdims=True)).astype(data.dtype)

        return Structural(function.__name__, lambda x: function(x, axis=axis, keepdims=keepdims), pull), (x,)

    return rule


def reshape(x: Any, shape: Any) -> tuple:
    """Entries keep their order."""
    return Structural("reshape", lambda x: np.reshape(x, shape), lambda g, z, x: np.reshape(g, np.shape(x))), (x,)


def transpose(x: Any, axes: Any = None) -> tuple:
    """Axes change places, and change them back."""
    back = None if axes is None else tuple(int(k) for k in np.argsort([a % np.ndim(x) for a in axes]))
    return Structural("transpose", lambda x: np.transpose(x, axes), lambda g, z, x: np.transpose(g, back)), (x,)


def broadcast_to(x: Any, shape: Any) -> tuple:
    """Entries are repeated, and their gradients added up."""
    return Structural("broadcast", lambda x: np.broadcast_to(x, shape), lambda g, z, x: unbroadcast(g, np.shape(x))), (x,)


def getitem(x: Any, index: Any) -> tuple:
    """Some entries are taken, perhaps more than once."""
    return Structural("index", lambda x: x[index], lambda g, z, x: _put(g, np.shape(x), index)), (x,)


def _put(g: Any, shape: tuple, index: Any) -> Any:
    """Put a gradient where its entries were taken from; recorded, its own way back is to take them again."""
    if not isinstance(g, PLAIN):
        return g.record(Structural("put", lambda g: _put(g, shape, index), lambda h, z, g: h[index]), g)
    x = np.zeros(shape, np.asarray(g).dtype)
    if all(isinstance(i, BASIC) for i in (index if isinstance(index, tuple) else (index,))):
        x[index] = g
    else:
        np.add.at(x, index, g)
    return x


def concatenate(parts: Any, axis: int = 0) -> tuple:
    """Arrays one after the other, and their gradients cut apart."""
    parts = tuple(parts)
    stops = np.cumsum([np.shape(x)[axis] for x in parts]).tolist()

    before = (slice(None),) * (axis % np.ndim(parts[0]))

    def pull_of(start: int, stop: int) -> Callable:
        return lambda g, z, *parts: g[(*before, slice(start, stop))]

    pulls = [pull_of(start, stop) for start, stop in zip([0, *stops], stops, strict=False)]
    return Structural("concatenate", lambda *parts: np.concatenate(parts, axis), *pulls), parts


def cumsum(x: Any, axis: int | None = None) -> tuple:
    """Running sums, and running sums from the other end."""

    def pull(g: Any, z: Any, x: Any) -> Any:
        along = 0 if axis is None else axis
        return np.flip(np.cumsum(np.flip(g, along), along), along).reshape(np.shape(x))

    return Structural("cumsum", lambda x: np.cumsum(x, axis), pull), (x,)


def flip(x: Any, axis: Any = None) -> tuple:
    """Entries in reverse order."""
    return Structural("flip", lambda x: np.flip(x, axis), lambda g, z, x: np.flip(g, axis)), (x,)


def _with_axes(g: Any, axis: Any, keepdims: bool) -> Any:
    """Give a gradient the axes back over which a reduction went."""
    return g if keepdims or axis is None else np.expand_dims(g, axis)


RULES: dict[Callable, Callable] = {
    np.matmul: lambda x, y: (MATMUL, (x, y)),
    np.where: lambda c, x, y: (WHERE, (plain(c), x, y)),
    np.sum: total,
    np.max: extreme(np.max),
    np.min: extreme(np.min),
    np.amax: extreme(np.max),
    np.amin: extreme(np.min),
    np.reshape: reshape,
    np.transpose: transpose,
    np.broadcast_to: broadcast_to,
    np.concatenate: concatenate,
    np.cumsum: cumsum,
    np.flip: flip,
}
