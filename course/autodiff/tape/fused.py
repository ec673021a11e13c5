"""Two operations that networks are made of, each as one node in place of several."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.autodiff.derivatives import PLAIN
from course.autodiff.tape.rules import Structural
from course.autodiff.tape.value import Value, node
from course.errors import ShapeError, StateError
from course.numerics import ones


def linear(x: Any, weight: Any, bias: Any) -> Value:
    r"""Return :math:`x W + b` as one operation.

    .. math:: g_x = g W^\top, \qquad g_W = x^\top g, \qquad g_b = \sum_n g_n

    Parameters
    ----------
    x, weight, bias
        Of shapes (N, D), (D, M) and (M,): values, or arrays that are constants.

    Raises
    ------
    ShapeError
        When the shapes do not fit.

    Notes
    -----
    Deck 002, "Linear layer", which writes examples as columns; here they are rows.

    >>> linear(np.array([[1.0, 1.0]]), Value([[2.0], [3.0]]), Value([4.0]))
    Value([[9.]])
    """
    x_data = x._data if type(x) is Value else x
    w_data = weight._data if type(weight) is Value else weight
    b_data = bias._data if type(bias) is Value else bias
    return node(_linear(x_data, w_data, b_data), LINEAR, (x, weight, bias), (x_data, w_data, b_data))


def _linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    try:
        z = x.dot(weight)
    except ValueError:
        z = None
    if z is None or z.ndim != 2 or bias.shape != z.shape[1:]:
        shapes = f"{x.shape}, {weight.shape} and {bias.shape}"
        raise ShapeError(f"linear: x, weight and bias must have shapes (N, D), (D, M) and (M,), got {shapes}")
    z += bias
    return z


LINEAR = Structural(
    "linear",
    _linear,
    lambda g, z, x, W, b: g.dot(W.T),
    lambda g, z, x, W, b: np.dot(x.T, g),
    lambda g, z, x, W, b: g.T.dot(ones(len(g), g.dtype)),
)


def loss(function: Callable, prediction: Value, target: Any) -> Value:
    r"""Return a loss as one operation, from a function that computes its value and its gradient together.

    Parameters
    ----------
    function
        One of `course.losses`, or any function of two arrays that returns a number and its gradient by the first.
    prediction
        The value that the network returned.
    target
        An array: no gradient goes there.

    Raises
    ------
    StateError
        When the way back is recorded: the gradient has no derivative of its own. Write the loss with NumPy then.

    >>> p = Value([[1.0], [5.0]])
    >>> loss(lambda p, y: (((p - y) ** 2).sum(), 2 * (p - y)), p, np.zeros((2, 1))).backward()
    >>> p.gradient.tolist()
    [[2.0], [10.0]]
    """
    value, slope = function(prediction._data, target)
    return node(value, LOSS, (prediction,), (slope,))


def _pull_loss(g: Any, z: Any, slope: Any) -> Any:
    if not isinstance(g, PLAIN):
        raise StateError("loss: its gradient has no derivative here; write the loss with NumPy to differentiate it twice")
    return slope if g == 1 else g * slope


LOSS = Structural("loss", np.positive, _pull_loss)
