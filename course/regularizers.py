"""Regularizers: a price on the size of the weights, added to the objective."""

from typing import Any

import numpy as np

from course.errors import require_range


class Regularizer:
    r"""A penalty :math:`\Omega(w)` that is added to the loss, and its gradient to the loss's gradient.

    A subclass states `value` and `gradient`, functions of an array of weights. Both are zero where a weight is zero,
    so the base class spares the biases, which need no restraint, by showing them as zeros.

    Parameters
    ----------
    strength
        λ ≥ 0; 0 changes nothing.
    biases
        Whether biases are penalized as well.

    Raises
    ------
    RangeError
        When the strength is negative: it would reward large weights.
    """

    def __init__(self, strength: float, *, biases: bool = False):
        require_range(type(self).__name__, "strength", strength, "[0, inf)")
        self.strength, self.biases = float(strength), biases

    def value(self, w: np.ndarray) -> np.floating:
        """Return the penalty Ω(w)."""
        raise NotImplementedError

    def gradient(self, w: np.ndarray) -> np.ndarray:
        """Return ∂Ω/∂w, of w's shape."""
        raise NotImplementedError

    def penalty(self, network: Any) -> np.floating:
        """Return the penalty of a layer or a network."""
        return self.value(self._penalized(network))

    def add_gradient(self, network: Any) -> None:
        """Add the penalty's gradient to the gradients that the backward pass has left in the network."""
        network.gradients += self.gradient(self._penalized(network))

    def _penalized(self, network: Any) -> np.ndarray:
        return network.parameters if self.biases else network.parameters * network.weight_mask

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.strength})"


class L2(Regularizer):
    r"""Squared length, :math:`\lambda \lVert w \rVert^2`, with gradient :math:`2 \lambda w`.

    It pulls every weight towards zero in proportion to its size.

    Parameters
    ----------
    strength, biases
        As in `Regularizer`. Most libraries write λ/2, whose gradient is λw.

    Notes
    -----
    Deck 003, "Making training generalize", and deck 004, "Regularization".

    >>> L2(0.1).gradient(np.array([1.0, -2.0]))
    array([ 0.2, -0.4])
    """

    def value(self, w):
        return self.strength * np.vdot(w, w)

    def gradient(self, w):
        return 2 * self.strength * w


class L1(Regularizer):
    r"""Sum of sizes, :math:`\lambda \sum_i |w_i|`, with gradient :math:`\lambda \operatorname{sign} w`.

    It pulls every weight towards zero equally hard, however small the weight: many end up there, or leap about it by a
    step at a time. At zero itself there is a kink, and the gradient given is 0.

    Parameters
    ----------
    strength, biases
        As in `Regularizer`.

    Notes
    -----
    Tibshirani (1996), Regression shrinkage and selection via the lasso.

    >>> L1(0.1).gradient(np.array([1.0, -2.0, 0.0]))
    array([ 0.1, -0.1,  0. ])
    """

    def value(self, w):
        return self.strength * np.abs(w).sum()

    def gradient(self, w):
        return self.strength * np.sign(w)


class ElasticNet(Regularizer):
    r"""The sum of both, :math:`\lambda_1 \sum_i |w_i| + \lambda_2 \lVert w \rVert^2`, with gradient
    :math:`\lambda_1 \operatorname{sign} w + 2 \lambda_2 w`.

    Parameters
    ----------
    l1, l2
        λ₁ ≥ 0 and λ₂ ≥ 0, the strengths of `L1` and `L2`.
    biases
        As in `Regularizer`.

    Notes
    -----
    Zou and Hastie (2005), Regularization and variable selection via the elastic net. scikit-learn writes αρ for λ₁ and
    α(1 - ρ)/2 for λ₂.

    >>> ElasticNet(l1=0.1, l2=0.1).gradient(np.array([1.0, -2.0, 0.0]))
    array([ 0.3, -0.5,  0. ])
    """

    def __init__(self, l1: float, l2: float, *, biases: bool = False):
        super().__init__(l1 + l2, biases=biases)
        self.l1, self.l2 = L1(l1), L2(l2)

    def value(self, w):
        return self.l1.value(w) + self.l2.value(w)

    def gradient(self, w):
        return self.l1.gradient(w) + self.l2.gradient(w)

    def __repr__(self) -> str:
        return f"ElasticNet(l1={self.l1.strength}, l2={self.l2.strength})"
