"""Losses of numbers: how far the predictions are from the targets."""

import numpy as np

from course.errors import require_range
from course.losses.base import Loss


class HalfSquaredError(Loss):
    r"""Half the squared distance, :math:`\frac1N \sum_n \frac12 \lVert \hat y_n - y_n \rVert^2`.

    Its gradient by the prediction is the error itself, :math:`(\hat y_n - y_n) / N`.

    Parameters of the call
    ----------------------
    prediction, target
        Two arrays of one shape, (N, M).

    Notes
    -----
    Deck 003, which sums over the examples where this course averages; deck 002's worked example has its gradient.

    >>> value, gradient = HalfSquaredError()(np.array([[1.0], [5.0]]), np.array([[1.0], [3.0]]))
    >>> print(value, gradient.tolist())
    1.0 [[0.0], [1.0]]
    """

    def rule(self, prediction, target, n):
        error = prediction - target
        gradient = error / n
        return 0.5 * np.vdot(error, gradient), gradient


class MeanSquaredError(Loss):
    r"""Mean squared error, :math:`\frac{1}{NM} \sum_{n,m} (\hat y_{nm} - y_{nm})^2`: the mean over all entries.

    Its gradient by the prediction is :math:`2 (\hat y_{nm} - y_{nm}) / NM`. For one output it is twice
    `HalfSquaredError`; for M outputs, 2 / M of it.

    Parameters of the call
    ----------------------
    prediction, target
        Two arrays of one shape, (N, M).

    Notes
    -----
    Deck 002, "Loss function", for one output.

    >>> value, gradient = MeanSquaredError()(np.array([[1.0, 2.0], [5.0, 4.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    >>> print(value, gradient.tolist())
    1.0 [[0.0, 0.0], [1.0, 0.0]]
    """

    def rule(self, prediction, target, n):
        error = prediction - target
        return np.vdot(error, error) / error.size, error * (2 / error.size)


class MeanAbsoluteError(Loss):
    r"""Mean absolute error, :math:`\frac{1}{NM} \sum_{n,m} |\hat y_{nm} - y_{nm}|`: the mean over all entries.

    Its gradient by the prediction is :math:`\operatorname{sign}(\hat y_{nm} - y_{nm}) / NM`: an outlier pulls no harder
    than any other example. Where the error is zero there is a kink, and the gradient given is 0.

    Parameters of the call
    ----------------------
    prediction, target
        Two arrays of one shape, (N, M).

    Notes
    -----
    Deck 002, "Loss function", for one output.

    >>> value, gradient = MeanAbsoluteError()(np.array([[1.0], [5.0]]), np.array([[1.0], [3.0]]))
    >>> print(value, gradient.tolist())
    1.0 [[0.0], [0.5]]
    """

    def rule(self, prediction, target, n):
        error = prediction - target
        return np.abs(error).sum() / error.size, np.sign(error) / error.size


class Huber(Loss):
    r"""Squared error near zero and absolute error beyond, joined without a kink: the mean over all entries of

    .. math:: h(e) = \begin{cases} \frac12 e^2 & |e| \le \delta \\ \delta\,(|e| - \frac12 \delta) & |e| > \delta \end{cases}
        \qquad h'(e) = \max(-\delta, \min(\delta, e)), \qquad e = \hat y_{nm} - y_{nm}

    With c for that slope, h is c (e - c / 2) in both cases.

    Parameters
    ----------
    delta
        δ > 0, in the unit of the targets: errors beyond it count as outliers.

    Parameters of the call
    ----------------------
    prediction, target
        Two arrays of one shape, (N, M).

    Raises
    ------
    RangeError
        When δ is not above zero.

    Notes
    -----
    Huber (1964), Robust estimation of a location parameter. PyTorch's SmoothL1Loss is this divided by δ.

    >>> value, gradient = Huber(delta=1.0)(np.array([[0.5], [5.0]]), np.array([[0.0], [3.0]]))
    >>> print(value, gradient.tolist())
    0.8125 [[0.25], [0.5]]
    """

    def __init__(self, delta: float = 1.0):
        require_range("Huber", "delta", delta, "(0, inf)")
        self.delta = float(delta)

    def rule(self, prediction, target, n):
        error = prediction - target
        slope = np.minimum(np.maximum(error, -self.delta), self.delta)
        return np.vdot(slope, error - slope / 2) / error.size, slope / error.size
