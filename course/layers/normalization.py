"""Normalization: bring activations to mean zero and variance one, then let the network choose both again."""

from typing import Any, ClassVar

import numpy as np

from course.errors import RangeError, require_range
from course.layers.base import Layer
from course.numerics import ones


class Normalization(Layer):
    r"""What batch and layer norm share.

    .. math:: \hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}}, \qquad x_\text{out} = \gamma \hat x + \beta

    The mean μ and the variance σ² depend on x, so the way back goes through them as well. With
    :math:`\hat g = \gamma\, g_\text{out}`, and a bar for the same mean that μ is,

    .. math:: g_\text{in} = \frac{\hat g - \overline{\hat g} - \hat x\,\overline{\hat g \hat x}}{\sqrt{\sigma^2 + \epsilon}}

    A subclass states in `mean` which entries are normalized together.

    Parameters
    ----------
    features
        The length D of the last axis, at least one.
    eps
        ε > 0, added to the variance: what never changes is divided by √ε, not by zero.
    dtype
        ``float64`` or ``float32``: of the parameters and of all that the layer computes.

    Attributes
    ----------
    scale, scale_gradient : numpy.ndarray, shape (D,)
        γ, which starts at one.
    shift, shift_gradient : numpy.ndarray, shape (D,)
        β, which starts at zero.

    Raises
    ------
    ShapeError
        When x_in or g_out has another shape than the layer was made for.
    RangeError
        When an argument is out of its range.
    """

    parameter_names: ClassVar = ("scale", "shift")
    keeps: ClassVar = ("x_hat", "inverse", "measured")
    shape: ClassVar[tuple] = ("N",)

    def __init__(self, features: int, *, eps: float = 1e-5, dtype: Any = np.float64, **state: np.ndarray):
        owner = type(self).__name__
        if features < 1:
            raise RangeError(f"{owner}: features must be at least 1, got {features}")
        require_range(owner, "eps", eps, "(0, inf)")
        self.features, self.eps = features, eps
        self.own(dtype, scale=np.ones(features), shift=np.zeros(features), **state)

    def mean(self, x: np.ndarray) -> np.ndarray:
        """Return the mean of all entries that are normalized together, in a shape that broadcasts against x."""
        raise NotImplementedError

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        x_in = self.accept(x_in)
        centred = x_in - self.mean(x_in)
        return self.scaled(centred, self.mean(centred * centred), measured=True)

    def scaled(self, centred: np.ndarray, variance: np.ndarray, *, measured: bool) -> np.ndarray:
        """Divide by the standard deviation, scale and shift; `measured` says whether μ and σ² come from x."""
        self.measured, self.inverse = measured, 1 / np.sqrt(variance + self.eps)
        centred *= self.inverse
        self.x_hat = centred
        x_out = self.scale * centred
        x_out += self.shift
        return x_out

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        g_out = self.accept_gradient(g_out, self.x_hat)
        for gradient, terms in (self.scale_gradient, g_out * self.x_hat), (self.shift_gradient, g_out):
            rows = terms.reshape(-1, self.features)
            np.dot(ones(len(rows), self.dtype), rows, out=gradient)

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        g = self.accept_gradient(g_out, self.x_hat) * self.scale
        if self.measured:
            along = self.x_hat * self.mean(g * self.x_hat)
            g -= self.mean(g)
            g -= along
        g *= self.inverse
        return g

    def accept(self, x_in: np.ndarray) -> np.ndarray:
        shape = (*self.shape[: max(np.ndim(x_in) - 1, 1)], self.features)
        return super().accept(x_in, shape, f"the layer was made with features={self.features}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.features})"


class BatchNorm(Normalization):
    r"""Normalize every feature over the examples of the batch.

    .. math:: \mu_d = \frac1N \sum_n x_{nd}, \qquad \sigma_d^2 = \frac1N \sum_n (x_{nd} - \mu_d)^2

    In training an example's output depends on the rest of its batch, and running averages are kept,

    .. math:: \bar\mu \leftarrow m \bar\mu + (1 - m) \mu, \qquad
        \bar\sigma^2 \leftarrow m \bar\sigma^2 + (1 - m) \tfrac{N}{N-1} \sigma^2,

    which stand in for μ and σ² afterwards, when one example may come alone. The variance that normalizes a batch is
    the biased one; its running average is of the unbiased one, an estimate for all data. In a batch of one example
    every feature equals its mean: the output is β, nothing is learned below, and the running averages stay.

    Parameters
    ----------
    features, eps, dtype
        As in `Normalization`; x_in has shape (N, D).
    momentum
        m in [0, 1): how much of the running average is left after a batch, as in `Momentum`. Keras has it so, with
        0.99; PyTorch's momentum is the share of the new batch, 1 - m, so that its 0.1 is 0.9 here. Keras averages the
        biased variance, PyTorch the unbiased one.

    Attributes
    ----------
    running_mean, running_variance : numpy.ndarray, shape (D,)
        They start at zero and one. They are saved and loaded and never trained; freezing γ and β does not stop them.

    Notes
    -----
    Ioffe and Szegedy (2015), Batch normalization; deck 003, "Making training generalize & stay stable".

    >>> BatchNorm(1).forward(np.array([[1.0], [3.0]]), training=True).round(3)
    array([[-1.],
           [ 1.]])
    """

    state_names: ClassVar = ("running_mean", "running_variance")

    def __init__(self, features: int, *, momentum: float = 0.9, eps: float = 1e-5, dtype: Any = np.float64):
        require_range("BatchNorm", "momentum", momentum, "[0, 1)")
        self.momentum = momentum
        fresh = {"running_mean": np.zeros(features), "running_variance": np.ones(features)}
        super().__init__(features, eps=eps, dtype=dtype, **fresh)

    def mean(self, x):
        return ones(len(x), self.dtype).dot(x) / max(len(x), 1)

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        x_in = self.accept(x_in)
        if not training:
            return self.scaled(x_in - self.running_mean, self.running_variance, measured=False)
        mean, n = self.mean(x_in), len(x_in)
        centred = x_in - mean
        variance = self.mean(centred * centred)
        if n > 1:
            self.running_mean += (1 - self.momentum) * (mean - self.running_mean)
            self.running_variance += (1 - self.momentum) * (n / (n - 1) * variance - self.running_variance)
        return self.scaled(centred, variance, measured=True)


class LayerNorm(Normalization):
    r"""Normalize every example over its features, in training and afterwards alike.

    .. math:: \mu_n = \frac1D \sum_d x_{nd}, \qquad \sigma_n^2 = \frac1D \sum_d (x_{nd} - \mu_n)^2

    An example's output does not depend on the batch, so there is nothing to average; with one feature nothing is left.

    Parameters
    ----------
    features, eps, dtype
        As in `Normalization`; x_in has shape (N, D), or (N, T, D) for sequences.

    Notes
    -----
    Ba, Kiros and Hinton (2016), Layer normalization; deck 003, "Making training generalize & stay stable".

    >>> LayerNorm(2).forward(np.array([[1.0, 3.0], [10.0, 30.0]])).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    shape = ("N", "T")

    def mean(self, x):
        return x.dot(ones(self.features, self.dtype))[..., np.newaxis] / self.features
