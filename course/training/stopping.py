"""Stopping criteria: callbacks of `fit` that end the training, and say why.

None of them remembers anything: each decides from the history and the network, so a training that is resumed ends where
it would have ended in one go. `course.early_stopping` has the one that also brings the best weights back.
"""

from typing import Any

import numpy as np

from course.errors import DataError, require_range
from course.training.history import History


class LossBelow:
    """End the training when a loss is small enough.

    Parameters
    ----------
    threshold
        What is small enough: a loss below this.
    of
        ``"train_loss"`` or ``"validation_loss"``, or another list of the `History`.

    Raises
    ------
    DataError
        When there is no such loss to look at.

    Notes
    -----
    Deck 004, "Gradient Descent (GD)": "do until stopping criterion".

    >>> history = History()
    >>> history.record(train_loss=0.05)
    >>> LossBelow(0.1)(1, None, history)
    'train_loss is 0.05, below 0.1'
    """

    def __init__(self, threshold: float, of: str = "train_loss"):
        self.threshold, self.of = threshold, of

    def __call__(self, epoch: int, network: Any, history: History) -> str | None:
        """Return the reason to stop, or None."""
        last = _curve(self, history)[-1]
        return f"{self.of} is {last:.4g}, below {self.threshold:g}" if last < self.threshold else None


class GradientBelow:
    r"""End the training when the gradient is as good as zero: :math:`\lVert \partial J / \partial w \rVert < \epsilon`.

    It looks at the gradient of the epoch's last step, its penalty included. That is the gradient of the objective when a
    batch holds all examples; with smaller batches it never gets small, for each batch has another minimum.

    Parameters
    ----------
    threshold
        ε > 0, in the unit of the gradient.

    Raises
    ------
    RangeError
        When the threshold is not above zero.

    Notes
    -----
    Deck 004, "Gradient Descent (GD)": "do until stopping criterion".

    >>> from course.layers import Linear
    >>> GradientBelow(1e-3)(1, Linear(1, 1, rng=np.random.default_rng(0)), History())
    'the gradient has norm 0, below 0.001'
    """

    def __init__(self, threshold: float):
        require_range("GradientBelow", "threshold", threshold, "(0, inf)")
        self.threshold = threshold

    def __call__(self, epoch: int, network: Any, history: History) -> str | None:
        """Return the reason to stop, or None."""
        norm = float(np.sqrt(np.vdot(network.gradients, network.gradients)))
        return f"the gradient has norm {norm:.4g}, below {self.threshold:g}" if norm < self.threshold else None


class NoImprovement:
    """End the training when a loss has not become less for some epochs.

    Parameters
    ----------
    patience
        How many epochs in a row to wait for a loss less than all before them, at least one.
    by
        By how much less it must be, from 0.
    of
        As in `LossBelow`.

    Raises
    ------
    RangeError
        When patience or by is out of its range.
    DataError
        When there is no such loss to look at.

    >>> history = History()
    >>> for loss in (0.5, 0.3, 0.31, 0.32):
    ...     history.record(train_loss=loss)
    >>> NoImprovement(patience=2)(4, None, history)
    'train_loss has not improved for 2 epochs'
    """

    def __init__(self, patience: int, by: float = 0.0, of: str = "train_loss"):
        require_range("NoImprovement", "patience", patience, "[1, inf)")
        require_range("NoImprovement", "by", by, "[0, inf)")
        self.patience, self.by, self.of = patience, by, of

    def __call__(self, epoch: int, network: Any, history: History) -> str | None:
        """Return the reason to stop, or None."""
        curve = _curve(self, history)
        before, lately = curve[: -self.patience], curve[-self.patience :]
        if not before or min(lately) < min(before) - self.by:
            return None
        return f"{self.of} has not improved for {self.patience} epochs"


def _curve(criterion: Any, history: History) -> list[float]:
    """Return the list that a criterion looks at."""
    curve = getattr(history, criterion.of, None)
    if not curve:
        raise DataError(
            f"{type(criterion).__name__}: there is no {criterion.of} to look at; give fit its validation=(X, y), or look at "
            "train_loss"
        )
    return curve
