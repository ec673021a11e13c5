"""The linear layer, in which the weights live."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from course.errors import RangeError
from course.initializers import xavier_uniform
from course.layers.base import Layer
from course.numerics import ones


class Linear(Layer):
    r"""Every output is a weighted sum of the inputs, plus a bias.

    .. math:: x_\text{out} = x_\text{in} W + b, \qquad
        g_\text{in} = g_\text{out} W^\top, \qquad
        \frac{\partial J}{\partial W} = x_\text{in}^\top g_\text{out}, \qquad
        \frac{\partial J}{\partial b} = \sum_n g_{\text{out},n}

    Parameters
    ----------
    in_features, out_features
        The number of inputs D and of outputs M, each at least one.
    rng
        Draws the weights; the biases start at zero.
    initializer
        One of `course.initializers`: Xavier for tanh and sigmoid, He for ReLU.
    dtype
        ``float64`` or ``float32``: of the parameters and of all that the layer computes.

    Attributes
    ----------
    weight, weight_gradient : numpy.ndarray, shape (D, M)
    bias, bias_gradient : numpy.ndarray, shape (M,)

    Raises
    ------
    ShapeError
        When x_in is not (N, D), or g_out not (N, M).

    Notes
    -----
    Deck 002, "Linear layer", which writes examples as columns; here they are rows.

    >>> layer = Linear(2, 1, rng=np.random.default_rng(0))
    >>> layer.weight = [[2.0], [3.0]]
    >>> layer.forward(np.array([[1.0, 1.0], [0.0, 1.0]]))
    array([[5.],
           [3.]])
    """

    parameter_names: ClassVar = ("weight", "bias")
    keeps: ClassVar = ("x_in",)

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        initializer: Callable = xavier_uniform,
        dtype: Any = np.float64,
    ):
        if min(in_features, out_features) < 1:
            raise RangeError(f"Linear: needs at least one input and one output, got {in_features} and {out_features}")
        self.in_features, self.out_features = in_features, out_features
        self.own(dtype, weight=initializer((in_features, out_features), rng=rng), bias=np.zeros(out_features))

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        if type(x_in) is not np.ndarray or x_in.ndim != 2 or x_in.shape[1] != self.in_features or x_in.dtype != self.dtype:
            x_in = self.accept(x_in, ("N", self.in_features), f"the layer was made with in_features={self.in_features}")
        self.x_in = x_in
        x_out = x_in.dot(self.weight)
        x_out += self.bias
        return x_out

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        return self._fill_gradients(g_out).dot(self.weight.T)

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        self._fill_gradients(g_out)

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        return self._fitted(g_out).dot(self.weight.T)

    def _fill_gradients(self, g_out: np.ndarray) -> np.ndarray:
        """Fill the gradients, and return g_out as an array that fits."""
        x_in = self.x_in
        try:
            x_in.T.dot(g_out, out=self.weight_gradient)
            ones(g_out.shape[0], self.dtype).dot(g_out, out=self.bias_gradient)
        except (ValueError, TypeError, AttributeError):  # g_out does not fit as it is: a list, or of another precision
            g_out = self._fitted(g_out)
            self.weight_gradient = x_in.T.dot(g_out)
            self.bias_gradient = g_out.sum(0)
        return g_out

    def _fitted(self, g_out: np.ndarray) -> np.ndarray:
        return self.accept_gradient(g_out, np.empty((len(self.x_in), self.out_features), self.dtype))

    def __repr__(self) -> str:
        return f"Linear({self.in_features}, {self.out_features})"
