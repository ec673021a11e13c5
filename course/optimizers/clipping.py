"""Gradient clipping: a bound on how far one batch can throw the parameters."""

import math

import numpy as np

from course.errors import require_range


class ClipByNorm:
    r"""Shortens a gradient that is longer than the limit, and keeps its direction.

    .. math:: g \leftarrow g \cdot \min\bigl(1, c / \lVert g \rVert\bigr), \qquad \lVert g \rVert^2 = \sum_i g_i^2

    Called between the backward pass and the step, ``clip(network.gradients)``: a network's gradients are one flat array,
    so this is the norm of all of them together.

    Parameters
    ----------
    limit
        c > 0, in the unit of the gradient.

    Raises
    ------
    RangeError
        When the limit is not above zero.

    Notes
    -----
    Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural networks; deck 003, "Making training
    generalize & stay stable". PyTorch divides by the norm plus 1e-6, so what it has clipped is a little shorter.

    >>> g = np.array([3.0, 4.0])
    >>> ClipByNorm(1.0)(g), g
    (5.0, array([0.6, 0.8]))
    """

    def __init__(self, limit: float):
        require_range(type(self).__name__, "limit", limit, "(0, inf)")
        self.limit = float(limit)

    def __call__(self, gradients: np.ndarray) -> float:
        """Change the gradients in place, and return the norm that they had: NaN or infinity where an entry is that."""
        norm = float(np.sqrt(np.vdot(gradients, gradients)))
        if norm == 0 or not math.isfinite(norm):
            norm = self._norm_of_extremes(gradients)
        if self.limit < norm < math.inf:
            gradients *= self.limit / norm
        return norm

    def _norm_of_extremes(self, gradients: np.ndarray) -> float:
        """Return the norm where the squares leave the range of floats, though the entries do not."""
        largest = float(np.abs(gradients).max(initial=0))
        if largest == 0 or not math.isfinite(largest):
            return largest
        shares = gradients / largest
        return largest * float(np.sqrt(np.vdot(shares, shares)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.limit:g})"


class ClipByValue:
    r"""Cuts every entry of a gradient off at the limit, :math:`g_i \leftarrow \max(-c, \min(c, g_i))`.

    It bounds every entry by itself, so it may turn the gradient into another direction.

    Parameters
    ----------
    limit
        c > 0, in the unit of the gradient.

    Raises
    ------
    RangeError
        When the limit is not above zero.

    Notes
    -----
    Deck 003, "Making training generalize & stay stable", names clipping of the norm only.

    >>> g = np.array([3.0, -0.5])
    >>> ClipByValue(1.0)(g), g
    (3.0, array([ 1. , -0.5]))
    """

    def __init__(self, limit: float):
        require_range(type(self).__name__, "limit", limit, "(0, inf)")
        self.limit = float(limit)

    def __call__(self, gradients: np.ndarray) -> float:
        """Change the gradients in place, and return the largest size that an entry had."""
        largest = float(np.abs(gradients).max(initial=0))
        if not largest <= self.limit:
            np.minimum(gradients, self.limit, out=gradients)
            np.maximum(gradients, -self.limit, out=gradients)
        return largest

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.limit:g})"
