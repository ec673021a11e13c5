"""What to measure beside the loss: numbers that people ask for, and that have no use as an objective."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course.errors import ShapeError
from course.layers import Layer
from course.losses import Loss

Metric = Callable[[np.ndarray, np.ndarray], Any]


def accuracy(logits: np.ndarray, target: np.ndarray) -> float:
    r"""Return the share of the examples whose class is the one that the network finds most likely.

    Parameters
    ----------
    logits
        Of shape (N, C), where the largest of a row decides; or (N, 1), where class 1 is meant by a logit above 0, that
        is a probability above ½.
    target
        The classes, integers of shape (N,); or one-hot rows; or for one logit zeros and ones, of shape (N, 1).

    Raises
    ------
    ShapeError
        When the targets are none of these.

    >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
    0.5
    """
    target = np.asarray(target)
    if target.ndim == 2 and target.shape == logits.shape:
        target = target.argmax(1) if target.shape[1] > 1 else target[:, 0] > 0.5
    if logits.ndim != 2 or target.shape != logits.shape[:1]:
        raise ShapeError(f"accuracy: target must hold a class for each row of logits {logits.shape}, got {target.shape}")
    decided = logits.argmax(1) if logits.shape[1] > 1 else logits[:, 0] > 0
    return float((decided == target).mean())


def evaluate(network: Layer, loss: Loss, X: np.ndarray, y: np.ndarray, metrics: Sequence[Metric] = ()) -> dict[str, float]:
    """Measure a network on a set of examples, as it predicts after training: without dropout, with running averages.

    Parameters
    ----------
    network, loss
        What to measure, and by which loss.
    X, y
        Inputs (N, D) and whatever targets the loss takes.
    metrics
        More to measure: functions of prediction and target, such as `accuracy`, each listed under its own name.

    Returns
    -------
    dict of str to float
        ``"loss"`` and every metric.

    >>> from course.layers import Linear
    >>> from course.losses import SoftmaxCrossEntropy
    >>> network, X = Linear(2, 2, rng=np.random.default_rng(0)), np.eye(2)
    >>> network.weight = np.eye(2)
    >>> measured = evaluate(network, SoftmaxCrossEntropy(), X, np.arange(2), [accuracy])
    >>> round(measured["loss"], 4), measured["accuracy"]
    (0.3133, 1.0)
    """
    prediction = network.forward(X)
    measured = {metric.__name__: float(metric(prediction, y)) for metric in metrics}
    return {"loss": float(loss(prediction, y)[0])} | measured
