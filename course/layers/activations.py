"""Activations: a value and its slope, side by side, and one base class that goes forward and back with them."""

from typing import ClassVar

import numpy as np

from course.errors import ShapeError
from course.layers.base import Layer
from course.numerics import sigmoid


class Activation(Layer):
    r"""A function applied to every entry: :math:`z = g(a)`, and :math:`\delta = g_\text{out}\, g'(a)` on the way back.

    A subclass states `value` and `slope`. The slope may use z, which the forward pass has computed already
    (deck 003, "The sigmoid derivative trick").
    """

    keeps: ClassVar = ("a", "z")

    def value(self, a: np.ndarray) -> np.ndarray:
        """Return z = g(a)."""
        raise NotImplementedError

    def slope(self, a: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Return g'(a), given also z = g(a)."""
        raise NotImplementedError

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        self.a = x_in
        self.z = z = self.value(x_in)
        return z

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        a, z = self.a, self.z
        if g_out.shape != z.shape:
            raise ShapeError(f"{self!r}: g_out must have the shape of the output, {z.shape}, got {g_out.shape}")
        return g_out * self.slope(a, z)

    backward = backward_to_input


class Sigmoid(Activation):
    r"""Logistic function, :math:`z = 1/(1 + e^{-a})` in (0, 1), with :math:`z' = z (1 - z) \le 1/4` (deck 003).

    >>> Sigmoid().forward(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """

    def value(self, a):
        return sigmoid(a)

    def slope(self, a, z):
        return z * (1 - z)


class Tanh(Activation):
    r"""Hyperbolic tangent, :math:`z = \tanh a` in (-1, 1), with :math:`z' = 1 - z^2 \le 1` (decks 002, 003).

    >>> Tanh().forward(np.array([-1000.0, 0.0, 1000.0]))
    array([-1.,  0.,  1.])
    """

    def value(self, a):
        return np.tanh(a)

    def slope(self, a, z):
        return 1 - z * z


class ReLU(Activation):
    r"""Rectifier, :math:`z = \max(0, a)`, with :math:`z' = 1` where :math:`a > 0` and 0 elsewhere, 0 included (deck 003).

    >>> ReLU().forward(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """

    def value(self, a):
        return np.maximum(a, 0)

    def slope(self, a, z):
        return z > 0
