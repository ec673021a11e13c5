"""The losses of many networks at once: a value for each, and the gradient by all predictions.

Predictions have shape (…, N, M), targets (N, M). The formulas are those of `course.losses`, whose objects name them here.
"""

from collections.abc import Callable

import numpy as np

from course.errors import CourseError
from course.losses import BinaryCrossEntropy, HalfSquaredError, Loss, SoftmaxCrossEntropy
from course.numerics import log_softmax

Both = tuple[np.ndarray, np.ndarray]


def half_squared_error(prediction: np.ndarray, target: np.ndarray) -> Both:
    r"""Return :math:`\frac1N \sum_n \frac12 \lVert \hat y_n - y_n \rVert^2` and :math:`(\hat y_n - y_n) / N`.

    >>> half_squared_error(np.array([[[3.0]], [[1.0]]]), np.array([[1.0]]))[0]
    array([2., 0.])
    """
    error = prediction - target
    return 0.5 * _mean(error * error), error / len(target)


def binary_cross_entropy(logits: np.ndarray, target: np.ndarray) -> Both:
    r"""Return :math:`\frac1N \sum_n \log(1 + e^{a_n}) - a_n y_n` and :math:`(\sigma(a_n) - y_n) / N`.

    With :math:`e = e^{-|a|} \le 1` that is :math:`\max(a, 0) + \log(1 + e) - a y`, and
    :math:`\sigma(a) = e^{\min(a, 0)} / (1 + e)`.

    >>> binary_cross_entropy(np.array([[[0.0]], [[1000.0]]]), np.array([[1.0]]))[0].round(4)
    array([0.6931, 0.    ])
    """
    e = np.exp(-np.abs(logits))
    probability = np.exp(np.minimum(logits, 0)) / (1 + e)
    return _mean(np.maximum(logits, 0) + np.log1p(e) - logits * target), (probability - target) / len(target)


def softmax_cross_entropy(logits: np.ndarray, target: np.ndarray) -> Both:
    r"""Return :math:`-\frac1N \sum_n \sum_k y_{nk} \log p_{nk}` and :math:`(p_{nk} - y_{nk}) / N`.

    >>> softmax_cross_entropy(np.array([[[0.0, 0.0]], [[1000.0, 0.0]]]), np.array([[0.0, 1.0]]))[0].round(4)
    array([6.931e-01, 1.000e+03])
    """
    log_p = log_softmax(logits)
    return -_mean(target * log_p), (np.exp(log_p) - target) / len(target)


STACKED: dict[type[Loss], Callable[[np.ndarray, np.ndarray], Both]] = {
    BinaryCrossEntropy: binary_cross_entropy,
    HalfSquaredError: half_squared_error,
    SoftmaxCrossEntropy: softmax_cross_entropy,
}


def stacked(loss: Loss) -> Callable[[np.ndarray, np.ndarray], Both]:
    """Return the function that computes a loss for many networks, or raise `CourseError` where there is none."""
    if type(loss) not in STACKED:
        known = ", ".join(kind.__name__ for kind in STACKED)
        raise CourseError(f"sweep: loss must be one of {known}, got {loss!r}; train such networks one by one with fit")
    return STACKED[type(loss)]


def _mean(entries: np.ndarray) -> np.ndarray:
    """Add up the outputs of each example, and take the mean over the examples."""
    return entries.sum((-2, -1)) / entries.shape[-2]
