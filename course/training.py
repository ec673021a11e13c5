"""The training loop: data, decision function, loss, objective, gradient step (decks 000 and 001)."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.errors import DataError, DtypeError, require_finite, require_range
from course.layers import Layer
from course.losses import Loss
from course.optimizers import Optimizer
from course.regularizers import Regularizer

Pair = tuple[np.ndarray, np.ndarray]


class History:
    """What happened in each epoch of a training.

    Attributes
    ----------
    train_loss : list of float
        The mean loss over the epoch's examples, each as its batch saw it: before the step, without the penalty.
    validation_loss : list of float
        The loss on the validation set after the epoch; empty without one.
    stopped : str or None
        Why the training ended early; None when it ran to its end.
    """

    def __init__(self) -> None:
        self.train_loss: list[float] = []
        self.validation_loss: list[float] = []
        self.stopped: str | None = None

    def __len__(self) -> int:
        return len(self.train_loss)

    def __repr__(self) -> str:
        last = f", last training loss {self.train_loss[-1]:.4g}" if self.train_loss else ""
        return f"History({len(self)} epochs{last}{f', stopped: {self.stopped}' if self.stopped else ''})"


def minibatches(X: np.ndarray, y: np.ndarray, batch_size: int | None, *, rng: np.random.Generator) -> Iterator[Pair]:
    """Go through the examples once, in random order, a batch at a time.

    Parameters
    ----------
    X, y
        Inputs and targets, one row for each example; they stay paired.
    batch_size
        The number of examples in a batch, at least one; the last batch holds what is left. None is all of them,
        in their order: batch gradient descent.
    rng
        Draws the order.

    Yields
    ------
    (x, y)
        Copies of the rows.

    Raises
    ------
    DataError
        When X and y differ in length or are empty.

    Notes
    -----
    Deck 003, "Three flavors of gradient descent".

    >>> X = np.arange(5.0).reshape(5, 1)
    >>> [len(x) for x, y in minibatches(X, X, 2, rng=np.random.default_rng(0))]
    [2, 2, 1]
    """
    if len(X) != len(y) or not len(X):
        raise DataError(f"minibatches: every input needs its target, got {len(X)} inputs and {len(y)} targets")
    if batch_size is None:
        yield X, y
        return
    require_range("minibatches", "batch_size", batch_size, "[1, inf)")
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        yield X[rows], y[rows]


def training_step(
    network: Layer, loss: Loss, optimizer: Optimizer, x: np.ndarray, y: np.ndarray, regularizer: Regularizer | None = None
) -> np.floating:
    r"""Take one gradient step on one batch, and return the loss that the batch had before it.

    .. math:: w \leftarrow w - \eta \frac{\partial}{\partial w} \bigl( L(f_w(x), y) + \Omega(w) \bigr)

    for plain gradient descent; other optimizers make another step of the same gradient.

    Parameters
    ----------
    network, loss, optimizer, regularizer
        The four choices of the recipe; the last may be missing.
    x, y
        Inputs (N, D) and whatever targets the loss takes.

    Notes
    -----
    Decks 000 and 001, "A Recipe for Machine Learning"; deck 002, "Backpropagation Summary".

    >>> from course.layers import Linear
    >>> from course.losses import HalfSquaredError
    >>> from course.optimizers import SGD
    >>> network, x, y = Linear(1, 1, rng=np.random.default_rng(0)), np.ones((1, 1)), np.ones((1, 1))
    >>> before = training_step(network, HalfSquaredError(), SGD(0.1), x, y)
    >>> bool(HalfSquaredError()(network.forward(x), y)[0] < before)
    True
    """
    value, gradient = loss(network.forward(x, training=True), y)
    network.backward_to_parameters(gradient)
    if regularizer is not None:
        regularizer.add_gradient(network)
    optimizer.step(network.parameters, network.gradients)
    return value


def fit(
    network: Layer,
    loss: Loss,
    optimizer: Optimizer,
    X: Any,
    y: Any,
    *,
    epochs: int,
    batch_size: int | None,
    rng: np.random.Generator,
    validation: tuple[Any, Any] | None = None,
    regularizer: Regularizer | None = None,
    callback: Callable[[int, Layer, History], Any] | None = None,
) -> History:
    """Train a network in place.

    Parameters
    ----------
    network, loss, optimizer, regularizer
        The four choices of the recipe; the last may be missing.
    X, y
        Inputs (N, D) and whatever targets the loss takes, all of them finite.
    epochs
        How often to go through the data, at least once.
    batch_size
        As in `minibatches`; None takes all examples at every step.
    rng
        Draws the order of the examples.
    validation
        ``(X, y)`` to measure the loss on after each epoch; nothing is learned from them.
    callback
        Called after each epoch as ``callback(epoch, network, history)``, epochs counted from 1; training ends when
        it returns True.

    Returns
    -------
    History
        Also after the stop button (KeyboardInterrupt), which leaves the network as its last step left it; after a
        callback that ended the training; and after an epoch whose loss is no longer finite.

    Raises
    ------
    DataError
        When the data hold a NaN or an infinity, with the row; when X and y differ in length or are empty.
    DtypeError
        When the data are no numbers.

    Notes
    -----
    Decks 000 and 001, "A Recipe for Machine Learning"; deck 003, "Three flavors of gradient descent".

    >>> from course.layers import Linear
    >>> from course.losses import HalfSquaredError
    >>> from course.optimizers import SGD
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((64, 1))
    >>> line = Linear(1, 1, rng=rng)
    >>> history = fit(line, HalfSquaredError(), SGD(0.1), X, 3 * X + 1, epochs=50, batch_size=8, rng=rng)
    >>> print(line.weight.round(3), line.bias.round(3))
    [[3.]] [1.]
    """
    require_range("fit", "epochs", epochs, "[1, inf)")
    X, y = _checked(network, "X", X), _checked(network, "y", y)
    if validation is not None:
        validation = _checked(network, "validation X", validation[0]), _checked(network, "validation y", validation[1])
    history = History()
    try:
        for epoch in range(1, epochs + 1):
            batches = minibatches(X, y, batch_size, rng=rng)
            total = sum(len(x) * training_step(network, loss, optimizer, x, t, regularizer) for x, t in batches)
            history.train_loss.append(float(total / len(X)))
            if validation is not None:
                history.validation_loss.append(float(loss(network.forward(validation[0]), validation[1])[0]))
            if callback is not None and callback(epoch, network, history):
                history.stopped = "by the callback"
            elif not np.isfinite(total):
                history.stopped = "the loss is no longer finite; try a smaller learning rate"
            if history.stopped:
                break
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    return history


def _checked(network: Layer, name: str, data: Any) -> np.ndarray:
    """Return the data as an array of finite numbers, in the network's precision unless they are integers."""
    data = np.asarray(data)
    if data.dtype.kind not in "biuf":
        raise DtypeError(f"fit: {name} must hold numbers, got {data.dtype}; turn categories into numbers first")
    require_finite("fit", name, data, "drop the row or fill the gap")
    return data.astype(network.parameters.dtype, copy=False) if data.dtype.kind == "f" else data
