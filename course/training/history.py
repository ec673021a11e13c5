"""What happened in each epoch of a training: the curves that one looks at to see how it went."""

from typing import Any

import numpy as np

CURVES = ("train_loss", "validation_loss", "learning_rate")
METRICS = ("train_metrics", "validation_metrics")


class History:
    """What happened in each epoch of a training: lists with an entry for every epoch.

    Attributes
    ----------
    train_loss : list of float
        The mean loss over the epoch's examples, each as its batch saw it: before the step, without the penalty.
    validation_loss : list of float
        The loss on the validation set after the epoch; empty without one.
    learning_rate : list of float
        The rate of the epoch's last step.
    train_metrics, validation_metrics : dict of str to list of float
        Each metric that was asked for, by its name, after the epoch.
    stopped : str or None
        Why the training ended early; None when it ran to its end.

    >>> history = History()
    >>> history.record(train_loss=0.7, learning_rate=0.1, train_metrics={"accuracy": 0.5})
    >>> history, history.train_metrics
    (History(1 epoch, last training loss 0.7), {'accuracy': [0.5]})
    """

    def __init__(self) -> None:
        self.train_loss: list[float] = []
        self.validation_loss: list[float] = []
        self.learning_rate: list[float] = []
        self.train_metrics: dict[str, list[float]] = {}
        self.validation_metrics: dict[str, list[float]] = {}
        self.stopped: str | None = None

    def record(self, **epoch: Any) -> None:
        """Add an entry to each list that is named: a number, or for metrics a number for each name."""
        for name, value in epoch.items():
            curves, numbers = (getattr(self, name), value) if isinstance(value, dict) else (vars(self), {name: value})
            for key, number in numbers.items():
                curves.setdefault(key, []).append(float(number))

    def named_state(self) -> dict[str, np.ndarray]:
        """List all curves by name as arrays, metrics as ``"train_metrics.accuracy"``."""
        metrics = {f"{kind}.{name}": curve for kind in METRICS for name, curve in getattr(self, kind).items()}
        curves = {name: getattr(self, name) for name in CURVES}
        return {name: np.array(curve, np.float64) for name, curve in (curves | metrics).items()}

    def load_state(self, arrays: dict[str, np.ndarray]) -> None:
        """Take on the curves that `named_state` listed; a name that is none of its own is a KeyError."""
        for name, curve in arrays.items():
            kind, _, metric = name.partition(".")
            known = {kind: vars(self)[kind] for kind in (METRICS if metric else CURVES)}
            if metric:
                known[kind][metric] = curve.tolist()
            else:
                known[kind][:] = curve.tolist()

    def __len__(self) -> int:
        return len(self.train_loss)

    def __repr__(self) -> str:
        epochs = f"{len(self)} epoch{'' if len(self) == 1 else 's'}"
        last = f", last training loss {self.train_loss[-1]:.4g}" if self.train_loss else ""
        return f"History({epochs}{last}{f', stopped: {self.stopped}' if self.stopped else ''})"
