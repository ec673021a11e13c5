"""A recurrent layer, unrolled in time: where gradients vanish and explode."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from course.errors import RangeError, ShapeError
from course.initializers import xavier_uniform
from course.layers.activations import Activation, Tanh
from course.layers.arrays import NotYet
from course.layers.base import Layer


class Recurrent(Layer):
    r"""The same small network at every step of a sequence: each state is computed from the input and the state before.

    .. math:: a_t = x_t W + h_{t-1} U + b, \qquad h_t = g(a_t), \qquad h_0 = 0

    Backward goes through time from the last step to the first, with the state's own gradient
    :math:`s_t = \partial J / \partial h_t`:

    .. math:: s_t = g_{\text{out},t} + \delta_{t+1} U^\top, \qquad \delta_t = s_t\, g'(a_t)

    From step T to step t the gradient is multiplied T - t times by slopes and by U: where the product of these factors
    is below one it vanishes, where it is above one it explodes.

    Parameters
    ----------
    in_features, out_features
        The number of inputs D and of states H, each at least one.
    rng
        Draws the weights; the biases start at zero.
    activation
        g, any `Activation`.
    initializer
        One of `course.initializers`, for W and for U.
    dtype
        ``float64`` or ``float32``: of the parameters and of all that the layer computes.

    Attributes
    ----------
    input_weight, recurrent_weight, bias : numpy.ndarray, shapes (D, H), (H, H) and (H,)
        W, U and b; each has its gradient beside it.
    state_gradients : numpy.ndarray, shape (N, T, H)
        s_t, as the last backward pass found it.

    Raises
    ------
    ShapeError
        When x_in is not (N, T, D), or g_out not (N, T, H).

    Notes
    -----
    Deck 000, "The Vanishing Gradient Problem".

    >>> layer = Recurrent(1, 2, rng=np.random.default_rng(0))
    >>> layer.forward(np.ones((5, 7, 1))).shape
    (5, 7, 2)
    """

    parameter_names: ClassVar = ("input_weight", "recurrent_weight", "bias")
    keeps: ClassVar = ("x_in", "a", "h")
    state_gradients = NotYet("state_gradients are found on the way back; call backward first")

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        rng: np.random.Generator,
        activation: Activation | None = None,
        initializer: Callable = xavier_uniform,
        dtype: Any = np.float64,
    ):
        if min(in_features, out_features) < 1:
            raise RangeError(f"Recurrent: needs at least one input and one state, got {in_features} and {out_features}")
        self.in_features, self.out_features, self.activation = in_features, out_features, activation or Tanh()
        W, U = (initializer((rows, out_features), rng=rng) for rows in (in_features, out_features))
        self.own(dtype, input_weight=W, recurrent_weight=U, bias=np.zeros(out_features))

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        shape = ("N", "T", self.in_features)
        self.x_in = x_in = self.accept(x_in, shape, f"the layer was made with in_features={self.in_features}")
        self.a = a = x_in.dot(self.input_weight) + self.bias
        self.h = np.zeros_like(a)
        for t in range(a.shape[1]):
            if t:
                a[:, t] += self.h[:, t - 1].dot(self.recurrent_weight)
            self.h[:, t] = self.activation.value(a[:, t])
        return self.h

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        delta = self._through_time(g_out)
        self._fill_gradients(delta)
        return delta.dot(self.input_weight.T)

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        self._fill_gradients(self._through_time(g_out))

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        return self._through_time(g_out).dot(self.input_weight.T)

    def gradient_norms(self) -> np.ndarray:
        r"""Return :math:`\lVert s_t \rVert` for every step t, over all examples: shape (T,)."""
        return np.sqrt((self.state_gradients**2).sum((0, 2)))

    def _through_time(self, g_out: np.ndarray) -> np.ndarray:
        """Return δ for all steps, and keep the gradients of the states."""
        a, h = self.a, self.h
        g_out = self.accept_gradient(g_out, h)
        self.state_gradients, delta = g_out.copy(), np.empty_like(a)
        for t in reversed(range(a.shape[1])):
            if t + 1 < a.shape[1]:
                self.state_gradients[:, t] += delta[:, t + 1].dot(self.recurrent_weight.T)
            delta[:, t] = self.state_gradients[:, t] * self.activation.slope(a[:, t], h[:, t])
        return delta

    def _fill_gradients(self, delta: np.ndarray) -> None:
        """Add up over all examples and steps: each step uses the same parameters."""
        self.input_weight_gradient = np.tensordot(self.x_in, delta, ((0, 1), (0, 1)))
        self.recurrent_weight_gradient = np.tensordot(self.h[:, :-1], delta[:, 1:], ((0, 1), (0, 1)))
        self.bias_gradient = delta.sum((0, 1))

    def __repr__(self) -> str:
        return f"Recurrent({self.in_features}, {self.out_features})"


class LastStep(Layer):
    r"""The state after the whole sequence, :math:`x_\text{out} = x_T`: from (N, T, D) to (N, D).

    All of the gradient arrives at the last step; what reaches the first has come through time.

    Raises
    ------
    ShapeError
        When x_in is not (N, T, D) with at least one step, or g_out not (N, D).

    >>> LastStep().forward(np.arange(6.0).reshape(1, 3, 2))
    array([[4., 5.]])
    """

    keeps: ClassVar = ("x_in",)

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        x_in = self.accept(x_in, ("N", "T", "D"))
        if not x_in.shape[1]:
            raise ShapeError(f"LastStep: x must have at least one step, got shape {x_in.shape}")
        self.x_in = x_in
        return x_in[:, -1].copy()

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        g_in = np.zeros_like(self.x_in)
        g_in[:, -1] = self.accept_gradient(g_out, g_in[:, -1])
        return g_in

    backward = backward_to_input
