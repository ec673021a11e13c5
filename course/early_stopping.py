"""Early stopping: end a training when the validation loss no longer falls, with the weights that were best."""

import math
from typing import Any

import numpy as np

from course.errors import DataError, require_range


class EarlyStopping:
    r"""A callback of `fit` that ends the training when the validation loss has stopped improving.

    An epoch improves when its validation loss is below the best one by more than `min_delta`. After `patience` epochs in
    a row that do not, the network gets back what it had learned in the best epoch, and the training ends.

    Parameters
    ----------
    patience
        How many epochs without an improvement to wait for one, at least 1.
    min_delta
        How much less the loss must be to count, from 0, in the unit of the loss.

    Attributes
    ----------
    best_loss : float
        The validation loss of the best epoch so far; infinite before the first.
    best_epoch : int or None
        The last epoch that improved.
    best_state : dict of str to numpy.ndarray
        What the network had learned by then: a copy of its parameters and running averages.

    Raises
    ------
    RangeError
        When patience or min_delta is out of its range.
    DataError
        When `fit` was given no validation set.

    Notes
    -----
    Deck 003, "Making training generalize & stay stable"; deck 004, "Regularization". A training that runs to its end, or
    is interrupted, keeps its last weights: call `restore` for the best ones. One object serves one training.

    >>> from course.layers import Linear
    >>> network = Linear(1, 1, rng=np.random.default_rng(0))
    >>> stop = EarlyStopping(patience=2)
    >>> for epoch, (weight, loss) in enumerate([(1, 0.5), (2, 0.3), (3, 0.4), (4, 0.6)], start=1):
    ...     network.weight = [[weight]]
    ...     ended = stop.watch(epoch, network, loss)
    >>> ended, stop.best_epoch, network.weight
    (True, 2, array([[2.]]))
    """

    def __init__(self, patience: int = 5, min_delta: float = 0.0):
        require_range("EarlyStopping", "patience", patience, "[1, inf)")
        require_range("EarlyStopping", "min_delta", min_delta, "[0, inf)")
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.waited = math.inf, None, 0
        self.best_state: dict[str, np.ndarray] = {}

    def __call__(self, epoch: int, network: Any, history: Any) -> bool:
        """Look at an epoch that has ended, and return whether the training shall end."""
        if not history.validation_loss:
            raise DataError("EarlyStopping: needs a validation loss to watch, got none; give fit its validation=(X, y)")
        return self.watch(epoch, network, history.validation_loss[-1])

    def watch(self, epoch: int, network: Any, loss: float) -> bool:
        """Take note of the loss of an epoch, and return whether there have been too many without an improvement."""
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch, self.waited = float(loss), epoch, 0
            self.best_state = {name: array.copy() for name, array in network.named_state().items()}
        else:
            self.waited += 1
        if self.waited < self.patience:
            return False
        self.restore(network)
        return True

    def restore(self, network: Any) -> None:
        """Give the network what it had learned in the best epoch; nothing when no epoch had a finite loss."""
        if self.best_state:
            network.load_state(self.best_state)

    def __repr__(self) -> str:
        return f"EarlyStopping(patience={self.patience}, min_delta={self.min_delta})"
