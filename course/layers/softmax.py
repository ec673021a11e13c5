"""Softmax: the one activation in which every output depends on every input of its row."""

from typing import ClassVar

import numpy as np

from course.layers.base import Layer
from course.numerics import log_softmax


class Softmax(Layer):
    r"""Turn the last axis into probabilities, :math:`z_k = e^{a_k} / \sum_j e^{a_j}`.

    .. math:: g_{\text{in},k} = z_k \Bigl(g_{\text{out},k} - \sum_j g_{\text{out},j}\, z_j\Bigr)

    For training use the logits and `SoftmaxCrossEntropy` instead: it takes the logarithm before anything rounds to 0.

    Notes
    -----
    Deck 003, "The training problem". The derivatives are :math:`\partial z_j / \partial a_k = z_j (\delta_{jk} - z_k)`,
    with :math:`\delta_{jk}` one where j is k and zero elsewhere.

    >>> Softmax().forward(np.array([[0.0, 0.0], [0.0, 1000.0]]))
    array([[0.5, 0.5],
           [0. , 1. ]])
    """

    keeps: ClassVar = ("z",)

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        x_in = self.accept(x_in)
        self.z = z = np.exp(log_softmax(x_in))
        return z

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        z = self.z
        g_out = self.accept_gradient(g_out, z)
        return z * (g_out - (g_out * z).sum(-1, keepdims=True))

    backward = backward_to_input
