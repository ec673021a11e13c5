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
    best_epoch : int
        The last epoch that improved; 0 before the first.
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
    >>> ended, network.weight
    ('no improvement since epoch 2: its weights are back', array([[2.]]))
    """

    def __init__(self, patience: int = 5, min_delta: float = 0.0):
        require_range("EarlyStopping", "patience", patience, "[1, inf)")
        require_range("EarlyStopping", "min_delta", min_delta, "[0, inf)")
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.waited = math.inf, 0, 0
        self.best_state: dict[str, np.ndarray] = {}

    def __call__(self, epoch: int, network: Any, history: Any) -> str | None:
        """Look at an epoch that has ended; return why the training shall end, or None."""
        if not history.validation_loss:
            raise DataError("EarlyStopping: needs a validation loss to watch, got none; give fit its validation=(X, y)")
        return self.watch(epoch, network, history.validation_loss[-1])

    def watch(self, epoch: int, network: Any, loss: float) -> str | None:
        """Take note of the loss of an epoch; return why the training shall end, or None."""
        if loss < self.best_loss - self.min_delta:
            self.best_loss, self.best_epoch, self.waited = float(loss), int(epoch), 0
            self.best_state = {name: array.copy() for name, array in network.named_state().items()}
        else:
            self.waited += 1
        if self.waited < self.patience:
            return None
        self.restore(network)
        return f"no improvement since epoch {self.best_epoch}: its weights are back" if self.best_epoch else "no finite loss"

    def restore(self, network: Any) -> None:
        """Give the network what it had learned in the best epoch; nothing when no epoch had a finite loss."""
        if self.best_state:
            network.load_state(self.best_state)

    def named_state(self) -> dict[str, np.ndarray]:
        """List what it has seen, as arrays, so that a training can be resumed (`course.training.save_training`)."""
        seen = {name: np.array(getattr(self, name)) for name in ("best_loss", "best_epoch", "waited")}
        return seen | {f"best_state.{name}": array for name, array in self.best_state.items()}

    def load_state(self, arrays: dict[str, np.ndarray]) -> None:
        """Go on from what `named_state` listed."""
        self.best_loss = float(arrays["best_loss"])
        self.best_epoch, self.waited = int(arrays["best_epoch"]), int(arrays["waited"])
        start = "best_state."
        self.best_state = {name[len(start) :]: array.copy() for name, array in arrays.items() if name.startswith(start)}

    def __repr__(self) -> str:
        return f"EarlyStopping(patience={self.patience}, min_delta={self.min_delta})"
