"""Functions in, derivatives out: what reverse mode is used for."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.autodiff.tape.propagation import Pending, checked_seed, operations, propagate
from course.autodiff.tape.value import Value, leaf, serial_number
from course.errors import ShapeError


def value_and_grad(f: Callable, wrt: int | tuple[int, ...] = 0) -> Callable:
    r"""Return a function that computes f and its gradient, in one run of f and one way back.

    Parameters
    ----------
    f
        Takes arrays, or lists, tuples and dictionaries of them, and returns one number; written with operators and
        NumPy. It may itself call `grad`.
    wrt
        Which of its arguments to differentiate by; several in a tuple.

    Returns
    -------
    callable
        Takes what f takes and returns f's value and the gradient, built as the argument is: an array of the shape of
        every array in it. For several arguments, a tuple of these.

    Raises
    ------
    ShapeError
        When f returns more than one number: `vjp` and `jacobian` differentiate such functions.

    >>> value, gradient = value_and_grad(lambda w, x: np.sum(w * x) ** 2)(np.array([1.0, 2.0]), 3.0)
    >>> print(value, gradient)
    81.0 [54. 54.]
    """

    def differentiated(*inputs: Any, **options: Any) -> tuple:
        run = _Run(f, inputs, wrt, options)
        if np.size(run.output) != 1:
            raise ShapeError(f"grad: f must return one number, got shape {np.shape(run.output)}; use vjp or jacobian")
        gradient = run.gradient()
        return run.value, gradient

    return differentiated


def grad(f: Callable, wrt: int | tuple[int, ...] = 0) -> Callable:
    """Return the function that computes the gradient of f; arguments and errors are those of `value_and_grad`.

    >>> grad(grad(lambda x: x * x * x))(2.0)
    12.0
    """
    return lambda *inputs, **options: value_and_grad(f, wrt)(*inputs, **options)[1]


def vjp(f: Callable, x: Any, g_out: Any) -> Any:
    r"""Return :math:`g^\top J`, the gradient of :math:`\sum_k g_k f_k(x)`, in one run of f and one way back.

    Parameters
    ----------
    f
        Takes x and returns an array of g_out's shape; written with operators and NumPy.
    x
        Where to differentiate: a number, an array, or a list, tuple or dictionary of arrays.
    g_out
        The upstream gradient.

    Returns
    -------
    numpy.ndarray
        The gradient, of x's shape.

    Raises
    ------
    ShapeError
        When f(x) and g_out differ in shape.

    >>> vjp(lambda x: x[0] * x, np.array([2.0, 3.0]), np.array([0.0, 1.0]))
    array([3., 2.])
    """
    return _Run(f, (x,), 0, {}).gradient(g_out)


def jacobian(f: Callable, x: Any) -> np.ndarray:
    r"""Return all derivatives :math:`J_{ki} = \partial f_k / \partial x_i`: one run of f, and a way back for each output.

    Returns
    -------
    numpy.ndarray
        Of the shape of f(x) followed by the shape of x.

    >>> jacobian(lambda x: x[0] * x, np.array([2.0, 3.0]))
    array([[4., 0.],
           [3., 2.]])
    """
    run = _Run(f, (x,), 0, {})
    shape = np.shape(run.output)
    rows = [run.gradient(np.reshape(row, shape)) for row in np.eye(int(np.prod(shape)))]
    return np.reshape(np.stack(rows), shape + np.shape(x)) if rows else np.zeros(shape + np.shape(x))


def hvp(f: Callable, x: Any, v: Any) -> Any:
    r"""Return :math:`H v`, the Hessian of a scalar function times a vector, without the Hessian.

    It is the gradient of :math:`v^\top \nabla f(x)`: backward is run on the tape of a backward pass.

    Parameters
    ----------
    f
        Takes x and returns one number; written with operators and NumPy.
    x, v
        Where to differentiate and the vector: two arrays of one shape.

    >>> hvp(lambda x: x[0] ** 2 * x[1], np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    array([4., 2.])
    """
    return vjp(grad(f), x, v)


def hessian(f: Callable, x: Any) -> np.ndarray:
    r"""Return all second derivatives :math:`H_{ij} = \partial^2 f / \partial x_i \partial x_j`, of shape x.shape twice.

    >>> hessian(lambda x: x[0] ** 2 * x[1], np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f), x)


class _Run:
    """One run of f on leaves of its own, and the ways back from its output."""

    def __init__(self, f: Callable, inputs: tuple, wrt: int | tuple[int, ...], options: dict):
        self.since = serial_number()  # whatever is older belongs to another differentiation, or is a constant
        leaves = {k: _each(leaf, inputs[k]) for k in ((wrt,) if isinstance(wrt, int) else wrt)}
        self.leaves = leaves[wrt] if isinstance(wrt, int) else tuple(leaves.values())
        self.output = f(*(leaves.get(k, x) for k, x in enumerate(inputs)), **options)
        self.on_tape = isinstance(self.output, Value) and self.output.serial > self.since
        self.nested = False

    def gradient(self, seed: Any = None) -> Any:
        """Go back once; what another differentiation will go through again is recorded."""
        if self.on_tape:
            pending, seed = Pending(), checked_seed(self.output, seed)
            made = operations(self.output, pending, self.since)
            self.nested = any(type(u) is Value and u.serial < self.since for v in made for u in v.inputs)
            propagate(made, seed, pending, record=self.nested or isinstance(seed, Value), since=self.since)
        taken = {id(seed)}
        return _each(lambda x: _gradient_of(x, taken), self.leaves)

    @property
    def value(self) -> Any:
        """The output, without a way back unless another differentiation needs it."""
        return self.output._data if self.on_tape and not self.nested else self.output


def _each(function: Callable, x: Any) -> Any:
    """Apply a function to every array in a list, tuple or dictionary, and return the results built alike."""
    if isinstance(x, dict):
        return {name: _each(function, part) for name, part in x.items()}
    return type(x)(_each(function, part) for part in x) if isinstance(x, list | tuple) else function(x)


def _gradient_of(x: Value, taken: set[int]) -> Any:
    """Return the gradient as an array of the caller's own; zeros where there was no way from the output."""
    g = x.gradient
    if g is None:
        return 0.0 if type(x._data) is float else np.zeros_like(x._data)
    if type(g) is np.ndarray and (g.base is not None or id(g) in taken):
        g = g.copy()
    taken.add(id(g))
    return g
