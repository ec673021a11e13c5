"""What every loss is: a number to make small, and its gradient, averaged over the N examples of a batch."""

from typing import Any, ClassVar

import numpy as np

from course.errors import DataError, ShapeError


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
        if type(prediction) is not np.ndarray or prediction.dtype.kind != "f":
            prediction = np.asarray(prediction, np.float64)
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
