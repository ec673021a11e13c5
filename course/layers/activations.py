"""Activations: a value and its slope, side by side, and one base class that goes forward and back with them."""

import math
from typing import ClassVar

import numpy as np

from course.errors import require_range
from course.layers.base import Layer
from course.numerics import sigmoid, softplus


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
        if type(x_in) is not np.ndarray or x_in.dtype.kind != "f":
            x_in = self.accept(x_in)
        self.a = x_in
        self.z = z = self.value(x_in)
        return z

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        a, z = self.a, self.z
        if type(g_out) is not np.ndarray or g_out.shape != z.shape or g_out.dtype != z.dtype:
            g_out = self.accept_gradient(g_out, z)
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
        return np.maximum(a, np.zeros(a.shape, a.dtype))  # NumPy takes twice as long against the number 0

    def slope(self, a, z):
        return z > 0


class LeakyReLU(Activation):
    r"""Rectifier that leaks, :math:`z = \max(s a, a)`, with :math:`z' = 1` where :math:`a > 0` and s elsewhere.

    No unit is ever dead: a little of the gradient comes through everywhere.

    Parameters
    ----------
    negative_slope
        s in [0, 1); 0 is `ReLU`.

    Raises
    ------
    RangeError
        When s is out of its range: at 1 nothing is bent, and beyond, max is no longer this function.

    Notes
    -----
    Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural network acoustic models; s = 0.01.

    >>> LeakyReLU(0.1).forward(np.array([-2.0, 0.0, 3.0]))
    array([-0.2,  0. ,  3. ])
    """

    def __init__(self, negative_slope: float = 0.01):
        require_range("LeakyReLU", "negative_slope", negative_slope, "[0, 1)")
        self.negative_slope = float(negative_slope)

    def value(self, a):
        return np.maximum(self.negative_slope * a, a)

    def slope(self, a, z):
        return np.maximum(np.sign(a), self.negative_slope)

    def __repr__(self) -> str:
        return f"LeakyReLU({self.negative_slope})"


class Softplus(Activation):
    r"""Smooth rectifier, :math:`z = \log(1 + e^a) > 0`, with :math:`z' = \sigma(a) = 1 - e^{-z}`.

    Notes
    -----
    Dugas, Bengio, Bélisle, Nadeau and Garcia (2001), Advances in Neural Information Processing Systems 13.

    >>> Softplus().forward(np.array([-1000.0, 0.0, 1000.0])).round(4)
    array([0.000e+00, 6.931e-01, 1.000e+03])
    """

    def value(self, a):
        return softplus(a)

    def slope(self, a, z):
        return -np.expm1(-z)


class GELU(Activation):
    r"""Gaussian error linear unit, :math:`z = a\,\Phi(a)`, with :math:`z' = \Phi(a) + a\,\varphi(a)`.

    Φ and φ are the normal distribution and its density: an input is kept to the degree that it exceeds a random
    threshold. This is the exact form. NumPy has no error function, so Φ is computed one entry at a time, at about
    0.1 µs each; `TanhGELU` is a close approximation by array operations.

    Notes
    -----
    Hendrycks and Gimpel (2016), Gaussian error linear units. PyTorch and Keras mean this form by default, JAX the other.

    >>> GELU().forward(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1587,  0.    ,  0.8413])
    """

    def value(self, a):
        return a * _Phi(a)

    def slope(self, a, z):
        return _Phi(a) + a * np.exp(-0.5 * a * a) * _PHI_0


class TanhGELU(Activation):
    r"""The GELU as its paper approximates it.

    .. math:: z = \tfrac a2 (1 + \tanh u), \qquad z' = \tfrac12 (1 + \tanh u) + \tfrac a2 (1 - \tanh^2 u)\, u', \qquad
        u = \sqrt{2/\pi}\,(a + 0.044715\,a^3)

    Its value differs from that of `GELU` by less than 0.0005.

    Notes
    -----
    Hendrycks and Gimpel (2016), Gaussian error linear units, section 2.

    >>> TanhGELU().forward(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1588,  0.    ,  0.8412])
    """

    def value(self, a):
        return 0.5 * a * (1 + np.tanh(2 * _PHI_0 * (a + 0.044715 * a * a * a)))

    def slope(self, a, z):
        tanh_u = np.tanh(2 * _PHI_0 * (a + 0.044715 * a * a * a))
        return 0.5 * (1 + tanh_u) + 0.5 * a * (1 - tanh_u**2) * 2 * _PHI_0 * (1 + 3 * 0.044715 * a * a)


_PHI_0 = 1 / math.sqrt(2 * math.pi)  # the normal density at 0, which is half of √(2/π)


def _Phi(a: np.ndarray) -> np.ndarray:  # noqa: N802 - its name in every text on probability
    r"""Return the normal distribution, :math:`\frac12 \operatorname{erfc}(-a/\sqrt2)`: erfc keeps the left tail's digits."""
    erfc = np.fromiter(map(math.erfc, (a * -math.sqrt(0.5)).ravel().tolist()), a.dtype, a.size)
    return 0.5 * erfc.reshape(a.shape)
