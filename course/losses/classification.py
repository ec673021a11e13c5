"""Losses of classes: how little probability the predictions give to what is true."""

import numpy as np

from course.errors import DtypeError, RangeError, ShapeError
from course.losses.base import Loss
from course.numerics import log_softmax, one_hot, sigmoid, softplus


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


class BinaryCrossEntropyOfProbabilities(BinaryCrossEntropy):
    r"""Binary cross-entropy of probabilities, :math:`-\frac1N \sum_n y_n \log p_n + (1 - y_n) \log(1 - p_n)`.

    Its gradient by p is :math:`(p_n - y_n) / (N\, p_n (1 - p_n))`, which grows beyond bounds where a prediction is sure
    and wrong. So p counts as at least ε and at most 1 - ε, with ε the precision of the floats: a sure and wrong
    prediction costs -log ε, which is 36 in float64 and 16 in float32, and its gradient is 1 / ε. A network does better to
    end in logits, with `BinaryCrossEntropy`.

    Parameters of the call
    ----------------------
    prediction
        Probabilities p in [0, 1], of shape (N, M). The M outputs of an example are added.
    target
        Zeros and ones, or probabilities, of the same shape.

    Raises
    ------
    RangeError
        When a prediction or a target is not in [0, 1].

    Notes
    -----
    Decks 002, "Loss function", and 004. PyTorch bounds the logarithm by -100 instead.

    >>> value, gradient = BinaryCrossEntropyOfProbabilities()(np.array([[0.5], [1.0]]), np.array([[1], [1]]))
    >>> print(value.round(4), gradient.round(4).tolist())
    0.3466 [[-1.0], [-0.5]]
    """

    prediction = "the probabilities"

    def rule(self, p, target, n):
        eps = np.finfo(p.dtype).eps
        p = np.minimum(np.maximum(p, eps), 1 - eps)
        value = -(target * np.log(p) + (1 - target) * np.log1p(-p)).sum() / n
        return value, (p - target) / (p * (1 - p)) / n

    def align(self, prediction, target):
        if not (prediction.min() >= 0 and prediction.max() <= 1):
            found = f"got {prediction.min()} to {prediction.max()}; BinaryCrossEntropy takes logits"
            raise RangeError(f"{self!r}: every probability must be in [0, 1], {found}")
        return super().align(prediction, target)


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
        if not (np.abs(target.sum(1) - 1).max() < 1e-3 and target.min() >= 0):
            rule = "every row of the target must sum to 1, of numbers from 0"
            raise RangeError(f"{self!r}: {rule}; give one-hot rows or class numbers")
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
