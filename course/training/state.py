"""A whole training in one file: interrupted today, resumed tomorrow, and the same bits as if it had gone through."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from course.errors import CourseError, DataError, require_range
from course.layers import Layer, storage
from course.optimizers import Optimizer
from course.training.history import History
from course.training.inventory import Inventory


def save_training(
    path: Any,
    network: Layer,
    optimizer: Optimizer,
    *,
    rng: np.random.Generator,
    history: History,
    callbacks: Sequence[Any] = (),
) -> None:
    """Write to one ``.npz`` file all that a training needs to go on: in one move, so a crash leaves the old file whole.

    Parameters
    ----------
    path
        The file, written under exactly this name.
    network, optimizer
        Saved are the network's parameters and running averages, the optimizer's state, and the state of every generator
        in the network's layers, such as that of dropout.
    rng
        The generator that `fit` draws the order of the examples from.
    history
        What `fit` returned, or hands to its callbacks.
    callbacks
        Of these, whatever has `named_state` and `load_state`; the others remember nothing that is worth saving.

    Notes
    -----
    Hyperparameters are not saved, nor are the data: `load_training` is given a network and an optimizer that the same
    program has made anew.

    See `load_training` for an example.
    """
    storage.save(Inventory(network, optimizer, rng, history, callbacks), path)


def load_training(
    path: Any, network: Layer, optimizer: Optimizer, *, rng: np.random.Generator, callbacks: Sequence[Any] = ()
) -> History:
    """Bring network, optimizer and generators to where `save_training` found them, and return the history.

    Parameters
    ----------
    path
        The file.
    network, optimizer, rng, callbacks
        Made as those that were saved; they change in place. Where the network's layers and `fit` share a generator, they
        must share it here.

    Returns
    -------
    History
        For ``fit(…, epochs=the total, history=history)`` to go on with.

    Raises
    ------
    DataError
        When the file is damaged, or is another kind of file.
    CourseError
        When it was saved for another network, optimizer or generator. Nothing has changed then.

    >>> import tempfile
    >>> from course.layers import Linear
    >>> from course.losses import HalfSquaredError
    >>> from course.optimizers import Adam
    >>> from course.training import fit
    >>> def made():
    ...     rng = np.random.default_rng(0)
    ...     return Linear(2, 1, rng=rng), Adam(0.1), rng
    >>> X, (line, adam, rng), (twin, twin_adam, twin_rng) = np.eye(2), made(), made()
    >>> options = {"loss": HalfSquaredError(), "X": X, "y": X[:, :1], "batch_size": 1}
    >>> history = fit(line, optimizer=adam, epochs=3, rng=rng, **options)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_training(f"{folder}/run.npz", line, adam, rng=rng, history=history)
    ...     resumed = load_training(f"{folder}/run.npz", twin, twin_adam, rng=twin_rng)
    >>> history = fit(line, optimizer=adam, epochs=5, rng=rng, history=history, **options)
    >>> resumed = fit(twin, optimizer=twin_adam, epochs=5, rng=twin_rng, history=resumed, **options)
    >>> bool((line.parameters == twin.parameters).all()), resumed.train_loss == history.train_loss
    (True, True)
    """
    training = Inventory(network, optimizer, rng, History(), callbacks)
    before = training.named_state()
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as members:
            arrays = dict(members)
    except OSError:
        raise
    except Exception as damage:  # zipfile, zlib and NumPy each have errors of their own for a damaged file
        raise DataError(f"load_training: {path} is no file that save_training wrote, or is damaged: {damage}") from damage
    try:
        training.load_state(arrays)
    except Exception as misfit:
        training.load_state(before)
        if isinstance(misfit, CourseError):
            raise
        raise DataError(f"load_training: {path} is no file that save_training wrote for this training: {misfit}") from misfit
    return training.history


class Checkpoint:
    """A callback of `fit` that saves the training to a file, so that a crash costs no more than a few epochs.

    Put it last among the callbacks, so that it sees what the others have done.

    Parameters
    ----------
    path
        The file, replaced each time in one move.
    optimizer, rng, callbacks
        As in `save_training`.
    every
        After how many epochs to save, at least one.

    Raises
    ------
    RangeError
        When every is below one.

    >>> from course.optimizers import SGD
    >>> Checkpoint("run.npz", SGD(0.1), rng=np.random.default_rng(0), every=10)
    Checkpoint('run.npz', every=10)
    """

    def __init__(
        self, path: Any, optimizer: Optimizer, *, rng: np.random.Generator, callbacks: Sequence[Any] = (), every: int = 1
    ):
        require_range("Checkpoint", "every", every, "[1, inf)")
        self.path, self.optimizer, self.rng, self.callbacks, self.every = path, optimizer, rng, callbacks, every

    def __call__(self, epoch: int, network: Layer, history: History) -> None:
        """Save, if it is time to."""
        if epoch % self.every == 0:
            save_training(self.path, network, self.optimizer, rng=self.rng, history=history, callbacks=self.callbacks)

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.path)!r}, every={self.every})"
