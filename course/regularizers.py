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
        self.strength, self.biases = strength, biases

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
