"""Losses: how wrong the predictions are, and in which direction, averaged over the N examples of a batch."""

from typing import Any, ClassVar

import numpy as np

from course.errors import DataError, DtypeError, RangeError, ShapeError
from course.numerics import log_softmax, one_hot, sigmoid, softplus


class Loss:
    r"""A number to make small, and its gradient: ``value, gradient = loss(prediction, target)``.

    A subclass states both in `rule`, side by side; the base class refuses what does not fit, and brings the targets
    to the precision of the predictions.

    Raises
    ------
    ShapeError
        When prediction and target differ in shape: (N,) against (N, 1) would broadcast to (N, N).
    DataError
        When the batch is empty.
    """

    prediction: ClassVar[str] = "the prediction"

    def __call__(self, prediction: np.ndarray, target: Any) -> tuple[np.floating, np.ndarray]:
        """Return the loss of a batch and its gradient by the prediction, which has the prediction's shape."""
        if prediction.dtype.kind != "f":
            prediction = prediction.astype(np.float64)
        if not prediction.size:
            raise DataError(f"{self!r}: needs at least one example, got {self.prediction} of shape {prediction.shape}")
        return self.rule(prediction, self.align(prediction, target), len(prediction))

    def rule(self, prediction: np.ndarray, target: np.ndarray, n: int) -> tuple[np.floating, np.ndarray]:
        """Return value and gradient for n examples."""
        raise NotImplementedError

    def align(self, prediction: np.ndarray, target: Any) -> np.ndarray:
        """Return the target in the shape and the precision of the prediction."""
        target = np.asarray(target, prediction.dtype)
        if target.shape != prediction.shape:
            raise ShapeError(
                f"{self!r}: target must have the shape of {self.prediction}, {prediction.shape}, got {target.shape}"
            )
        return target

    def __repr__(self) -> str:
        return type(self).__name__


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
        return 0.5 * np.vdot(error, error) / n, error / n


class BinaryCrossEntropy(Loss):
    r"""Binary cross-entropy of logits, :math:`-\frac1N \sum_n y_n \log p_n + (1 - y_n) \log(1 - p_n)`, p = σ(a).

    Written in the logit a it is :math:`\log(1 + e^a) - a\,y`, which is finite where p rounds to 0 or 1; its gradient
    is :math:`(p_n - y_n) / N`.

    Parameters of the call
    ----------------------
    prediction
        The logits a, before any sigmoid: shape (N, M), any real numbers. The M outputs of an example are added.
    target
        Zeros and ones, or probabilities, of the same shape.

    Raises
    ------
    RangeError
        When a target is not in [0, 1].

    Notes
    -----
    Decks 002 and 004, which write it in p.

    >>> value, gradient = BinaryCrossEntropy()(np.array([[0.0], [1000.0]]), np.array([[1], [1]]))
    >>> print(value.round(4), gradient.tolist())
    0.3466 [[-0.25], [0.0]]
    """

    prediction = "the logits"

    def rule(self, logits, target, n):
        return (softplus(logits) - logits * target).sum() / n, (sigmoid(logits) - target) / n

    def align(self, prediction, target):
        target = super().align(prediction, target)
        if not (target.min() >= 0 and target.max() <= 1):
            raise RangeError(f"{self!r}: every target must be in [0, 1], got {target.min()} to {target.max()}")
        return target


class SoftmaxCrossEntropy(Loss):
    r"""Cross-entropy of the softmax of logits, :math:`-\frac1N \sum_n \sum_k y_{nk} \log p_{nk}`.

    Its gradient by the logits is :math:`(p_{nk} - y_{nk}) / N`.

    Parameters of the call
    ----------------------
    prediction
        The logits, before any softmax: shape (N, C), any real numbers.
    target
        The class of each example, integers of shape (N,) from 0 to C - 1; or rows (N, C) that sum to one.

    Raises
    ------
    ShapeError, DtypeError, RangeError
        When the targets are neither of these.

    Notes
    -----
    Decks 003 and 004, which write it in probabilities.

    >>> value, gradient = SoftmaxCrossEntropy()(np.array([[0.0, 0.0], [0.0, 1000.0]]), np.array([0, 1]))
    >>> print(value.round(4), gradient.tolist())
    0.3466 [[-0.25, 0.25], [0.0, 0.0]]
    """

    prediction = "the logits"

    def rule(self, logits, target, n):
        log_p = log_softmax(logits)
        return -np.vdot(target, log_p) / n, (np.exp(log_p) - target) / n

    def align(self, prediction, target):
        if prediction.ndim != 2:
            raise ShapeError(f"{self!r}: the logits must have shape (N, C), got {prediction.shape}")
        target = np.asarray(target)
        if target.ndim == 1:
            return self._one_hot(prediction, target)
        target = super().align(prediction, target)
        if not np.abs(target.sum(1) - 1).max() < 1e-3:
            raise RangeError(f"{self!r}: every row of the target must sum to 1; give one-hot rows or class numbers")
        return target

    def _one_hot(self, logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
        n, classes = logits.shape
        if labels.shape != (n,):
            raise ShapeError(f"{self!r}: target must hold one class for each of the {n} examples, got {len(labels)}")
        if labels.dtype.kind not in "iu":
            raise DtypeError(f"{self!r}: classes must be integers, got {labels.dtype}; use target.astype(int)")
        if labels.min() < 0 or labels.max() >= classes:
            raise RangeError(
                f"{self!r}: classes must be from 0 to {classes - 1}, got {labels.min()} to {labels.max()}; "
                f"the network has {classes} outputs"
            )
        return one_hot(labels, classes, logits.dtype)
