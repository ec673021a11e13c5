r"""Forward mode: numbers :math:`x + \dot x\,\varepsilon`, with :math:`\varepsilon^2 = 0`, carry their derivative along."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import numpy as np

from course.autodiff.derivatives import PARTIALS
from course.autodiff.differentiable import Differentiable, DifferentiableArray, plain
from course.errors import ShapeError

LINEAR = {  # functions f with f(x + ẋε) = f(x) + f(ẋ)ε
    *(np.sum, np.mean, np.cumsum, np.trace, np.diag, np.flip, np.roll, np.tile, np.repeat),
    *(np.reshape, np.ravel, np.transpose, np.swapaxes, np.moveaxis, np.squeeze, np.expand_dims, np.broadcast_to),
    *(np.concatenate, np.stack, np.vstack, np.hstack),
}
BILINEAR = {np.matmul, np.dot, np.vdot, np.inner, np.outer, np.tensordot}  # linear in each of two arguments
TAGS = count(1)


class Dual(DifferentiableArray):
    r"""A dual number, :math:`x + \dot x\,\varepsilon`: what goes through a function comes out with its derivative.

    .. math:: f(x + \dot x\,\varepsilon) = f(x) + f'(x)\,\dot x\,\varepsilon

    Parameters
    ----------
    value
        x: a number or an array of floats; or another dual number, and then derivatives are nested.
    tangent
        ẋ, of the value's shape: in which direction, and how fast, the value moves.
    tag
        Which differentiation this ε belongs to. A number of an older differentiation is a constant to a newer one, so
        that nested derivatives are not confused.

    Raises
    ------
    ShapeError
        When value and tangent differ in shape.

    Notes
    -----
    Decks 000 and 001, "Automatic Differentiation - Forward Mode".

    >>> x = Dual(3.0, 1.0)
    >>> x * x
    Dual(9.0, 6.0)
    """

    __slots__ = ("tag", "tangent", "value")

    def __init__(self, value: Any, tangent: Any, tag: int = 0):
        self.value, self.tangent, self.tag = _number(value), _number(tangent), tag
        have, want = np.shape(self.tangent), np.shape(self.value)
        if have != want:
            raise ShapeError(f"Dual: tangent must have the shape of the value, {want}, got {have}")

    def apply(self, function: Callable, *inputs: Any) -> "Dual":
        r"""Return :math:`f(x, y) + (f_x \dot x + f_y \dot y)\,\varepsilon`: the chain rule."""
        tag, values, tangents = _split(inputs)
        z = function(*values)
        tangent = 0.0
        for partial, t in zip(PARTIALS[function], tangents, strict=True):
            if t is not None:
                tangent = tangent + (partial(*values, z) if callable(partial) else partial) * t
        return Dual(z, tangent if np.shape(tangent) == np.shape(z) else np.broadcast_to(tangent, np.shape(z)), tag)

    def apply_function(self, function: Callable, *inputs: Any, **options: Any) -> Any:
        if function in LINEAR:
            return _linear(function, *inputs, **options)
        if function in BILINEAR:
            return _bilinear(function, *inputs, **options)
        if function in SPECIAL:
            return SPECIAL[function](*inputs, **options)
        return super().apply_function(function, *inputs, **options)

    def plain(self) -> Any:
        return plain(self.value)

    def __getitem__(self, index: Any) -> "Dual":
        return Dual(self.value[index], self.tangent[index], self.tag)

    def __repr__(self) -> str:
        return f"Dual({self.value}, {self.tangent})"


def derivative(f: Callable, x: float) -> Any:
    r"""Return :math:`f'(x)` of a function of one number; of an array, if f returns one.

    Parameters
    ----------
    f
        Written with operators and NumPy; it may itself call `derivative`.
    x
        One number.

    Raises
    ------
    ShapeError
        When x is an array: `jvp` and `jacobian` differentiate functions of arrays.
    CourseError
        When f uses a function without a rule.

    >>> derivative(np.sin, 0.0)
    np.float64(1.0)
    >>> derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0)
    1.0
    """
    if np.shape(x):
        raise ShapeError(f"derivative: x must be one number, got shape {np.shape(x)}; use jvp or jacobian")
    return jvp(f, x, 1.0)


def jvp(f: Callable, x: Any, v: Any) -> Any:
    r"""Return :math:`J v`, the derivative of f along the direction v, in one run of f.

    Parameters
    ----------
    f
        Takes x and returns a number or an array; written with operators and NumPy.
    x
        Where to differentiate: a number or an array of any shape.
    v
        The direction, of x's shape.

    Returns
    -------
    numpy.ndarray
        :math:`\sum_i v_i\, \partial f / \partial x_i`, of the shape of f(x).

    >>> jvp(lambda x: x[0] * x, np.array([2.0, 3.0]), np.array([0.0, 1.0]))
    array([0., 2.])
    """
    tag = next(TAGS)
    z = f(Dual(x, v, tag))
    return z.tangent if isinstance(z, Dual) and z.tag == tag else np.zeros(np.shape(z))


def jacobian(f: Callable, x: Any) -> np.ndarray:
    r"""Return all derivatives :math:`J_{ki} = \partial f_k / \partial x_i`, one run of f for each entry of x.

    Returns
    -------
    numpy.ndarray
        Of the shape of f(x) followed by the shape of x.

    >>> jacobian(lambda x: x[0] * x, np.array([2.0, 3.0]))
    array([[4., 0.],
           [3., 2.]])
    """
    size, shape = int(np.prod(np.shape(x))), np.shape(x)
    columns = [jvp(f, x, np.reshape(row, shape)) for row in np.eye(size)]
    outputs = np.shape(columns[0] if columns else f(x))
    return np.reshape(np.stack(columns, -1), outputs + shape) if columns else np.zeros(outputs + shape)


def _number(x: Any) -> Any:
    """Let floats be floats, and make them of everything that can be one."""
    if isinstance(x, Differentiable | float):
        return x
    x = np.asarray(x)
    return x if x.dtype.kind == "f" else x.astype(np.float64)


def _split(inputs: Sequence) -> tuple[int, list, list]:
    """Take the newest ε apart from the rest: its tag, what stands without it, and what stands with it or None."""
    tag = max(x.tag for x in inputs if isinstance(x, Dual))
    moving = [isinstance(x, Dual) and x.tag == tag for x in inputs]
    values = [x.value if m else x for x, m in zip(inputs, moving, strict=True)]
    return tag, values, [x.tangent if m else None for x, m in zip(inputs, moving, strict=True)]


def _linear(function: Callable, x: Any, *rest: Any, **options: Any) -> Dual:
    parts = x if isinstance(x, list | tuple) else [x]
    tag, values, tangents = _split(parts)
    tangents = [np.zeros(np.shape(v)) if t is None else t for v, t in zip(values, tangents, strict=True)]
    if not isinstance(x, list | tuple):
        values, tangents = values[0], tangents[0]
    return Dual(function(values, *rest, **options), function(tangents, *rest, **options), tag)


def _bilinear(function: Callable, x: Any, y: Any, *rest: Any, **options: Any) -> Dual:
    tag, (x, y), (t, u) = _split([x, y])
    moves = [] if t is None else [function(t, y, *rest, **options)]
    moves += [] if u is None else [function(x, u, *rest, **options)]
    return Dual(function(x, y, *rest, **options), sum(moves[1:], moves[0]), tag)


def _where(condition: Any, x: Any, y: Any) -> Dual:
    tag, (x, y), tangents = _split([x, y])
    t, u = (0.0 if t is None else t for t in tangents)
    return Dual(np.where(condition, x, y), np.where(condition, t, u), tag)


def _extreme(function: Callable) -> Callable:
    def extreme(x: Dual, axis: Any = None, keepdims: bool = False) -> Dual:
        mask = plain(x) == function(plain(x), axis=axis, keepdims=True)  # where several are largest, they share
        return np.sum(x * (mask / mask.sum(axis=axis, keepdims=True)), axis=axis, keepdims=keepdims)

    return extreme


SPECIAL = {
    np.where: _where,
    np.max: _extreme(np.max),
    np.min: _extreme(np.min),
    np.amax: _extreme(np.max),
    np.amin: _extreme(np.min),
}
