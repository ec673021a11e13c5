"""What a sweep has found: curves for every network, and the networks."""

import copy
from typing import Any

import numpy as np

from course.layers import Dropout, Layer
from course.sweep.stack import plain_layers


class Sweep:
    """Many trainings of one network, which differ in their settings.

    Attributes
    ----------
    shape : tuple of int
        S: of the stack, one axis for each hyperparameter of a grid.
    settings : dict of str to numpy.ndarray
        The hyperparameters, broadcasting to S.
    train_loss : numpy.ndarray, shape (epochs, *S)
        As in `History`: the mean loss over the epoch's examples, each as its batch saw it.
    validation_loss : numpy.ndarray or None, shape (epochs, *S)
        After each epoch; None without a validation set.
    parameters : numpy.ndarray, shape (*S, P)
        What the networks have learned.
    snapshots : numpy.ndarray, shape (number, *S, P)
        The parameters over the course of the training; none unless asked for.
    snapshot_epochs : numpy.ndarray of int
        After how many epochs each snapshot was taken.
    """

    def __init__(
        self,
        network: Layer,
        settings: dict[str, Any],
        parameters: np.ndarray,
        epochs: int,
        snapshots: int,
        validated: bool,
    ):
        self._network, self.settings, self.parameters = copy.deepcopy(network), settings, parameters
        self.shape = parameters.shape[:-1]
        self.train_loss = np.full((epochs, *self.shape), np.nan)
        self.validation_loss = self.train_loss.copy() if validated else None
        self.snapshot_epochs = np.unique(np.linspace(0, epochs, snapshots).round().astype(int))
        self.snapshots = np.empty((len(self.snapshot_epochs), *parameters.shape), parameters.dtype)
        self.take_snapshot(0)

    def take_snapshot(self, epoch: int) -> None:
        """Keep the parameters, if it is time to."""
        self.snapshots[self.snapshot_epochs == epoch] = self.parameters

    def setting(self, *index: int) -> dict[str, Any]:
        """Return the settings of the network at a place in the stack, as numbers."""
        numbers = {name: value for name, value in self.settings.items() if not callable(value)}
        return self.settings | {n: float(np.broadcast_to(v, self.shape)[index]) for n, v in numbers.items()}

    def network(self, *index: int, parameters: np.ndarray | None = None) -> Layer:
        """Return one network by its place in the stack, as `course.layers` has it, with what it has learned.

        A row of `snapshots` in place of `parameters` gives the networks as they were then.
        """
        network = copy.deepcopy(self._network)
        network.parameters[...] = (self.parameters if parameters is None else parameters)[index]
        for layer in plain_layers(network):
            if isinstance(layer, Dropout) and "keep_prob" in self.settings:
                layer.keep_prob = self.setting(*index)["keep_prob"]
        return network

    def best(self) -> tuple[int, ...]:
        """Return the place of the network whose last validation loss, or else training loss, is the least.

        Networks that have diverged are left out; where all have, it is the first.
        """
        curves = self.train_loss if self.validation_loss is None else self.validation_loss
        last = np.where(np.isfinite(curves[-1]), curves[-1], np.inf)
        return tuple(map(int, np.unravel_index(last.argmin(), self.shape)))

    def __repr__(self) -> str:
        diverged = int((~np.isfinite(self.train_loss[-1])).sum())
        return f"Sweep({self.shape} networks, {len(self.train_loss)} epochs, {diverged} diverged)"
