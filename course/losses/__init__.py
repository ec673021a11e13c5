"""Losses: how wrong the predictions are, and in which direction, averaged over the N examples of a batch."""

from course.losses.base import Loss
from course.losses.classification import BinaryCrossEntropy, BinaryCrossEntropyOfProbabilities, SoftmaxCrossEntropy
from course.losses.regression import HalfSquaredError, Huber, MeanAbsoluteError, MeanSquaredError

__all__ = [
    "BinaryCrossEntropy",
    "BinaryCrossEntropyOfProbabilities",
    "HalfSquaredError",
    "Huber",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SoftmaxCrossEntropy",
]
