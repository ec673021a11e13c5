"""The training loop: data, decision function, loss, objective, gradient step (decks 000 and 001)."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course.errors import require_range
from course.layers import Layer
from course.losses import Loss
from course.optimizers import Optimizer
from course.regularizers import Regularizer
from course.training.history import History
from course.training.interrupt import stop_button
from course.training.metrics import Metric, evaluate
from course.training.minibatches import finite, minibatches
from course.training.progress import progress_bar

Callback = Callable[[int, Layer, History], Any]


def training_step(
    network: Layer,
    loss: Loss,
    optimizer: Optimizer,
    x: np.ndarray,
    y: np.ndarray,
    regularizer: Regularizer | None = None,
    clip: Callable[[np.ndarray], Any] | None = None,
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
    clip
        Changes the gradients in place before the step, the penalty's share included, such as `ClipByNorm`.

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
    if clip is not None:
        clip(network.gradients)
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
    clip: Callable[[np.ndarray], Any] | None = None,
    metrics: Sequence[Metric] = (),
    callbacks: Sequence[Callback] = (),
    progress: bool = False,
    history: History | None = None,
) -> History:
    """Train a network in place.

    Parameters
    ----------
    network, loss, optimizer, regularizer
        The four choices of the recipe; the last may be missing.
    X, y
        Inputs (N, D) and whatever targets the loss takes, all of them finite.
    epochs
        How often to go through the data, at least once; those in a history that is continued count.
    batch_size
        As in `minibatches`; None takes all examples at every step.
    rng
        Draws the order of the examples.
    validation
        ``(X, y)`` to measure the loss on after each epoch; nothing is learned from them.
    clip
        As in `training_step`.
    metrics
        More to measure after each epoch, on the training and the validation set, such as `accuracy`; see `evaluate`.
    callbacks
        Each is called after every epoch as ``callback(epoch, network, history)``, epochs counted from 1. Training ends
        when one returns True, or a sentence that says why.
    progress
        Whether to show a bar, with the losses beside it.
    history
        Of an earlier training of this network, to go on with; see `load_training`.

    Returns
    -------
    History
        Also after the stop button (KeyboardInterrupt), which never leaves half a step behind; after a callback that ended
        the training; and after an epoch whose loss is no longer finite.

    Raises
    ------
    DataError
        When the data hold a NaN or an infinity, with the row; when X and y differ in length or are empty.
    DtypeError
        When the data are no numbers.
    MissingPackageError
        When a progress bar is asked for and tqdm is not installed.

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
    train, validation = _checked(network, "", (X, y)), _checked(network, "validation ", validation)
    history = History() if history is None else history
    history.stopped = None
    try:
        with progress_bar(progress, epochs, len(history)) as advance, stop_button() as button:
            for epoch in range(len(history) + 1, epochs + 1):
                total = 0.0
                for x, t in minibatches(*train, batch_size, rng=rng):
                    with button:
                        total += len(x) * training_step(network, loss, optimizer, x, t, regularizer, clip)
                seen = {"train_loss": total / len(train[0]), "learning_rate": _rate(optimizer)}
                seen |= _measured(network, loss, metrics, train, validation)
                with button:
                    history.record(**seen)
                    advance(history)
                answers = [callback(epoch, network, history) for callback in callbacks]
                history.stopped = _reason(total, callbacks, answers)
                if history.stopped:
                    break
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    return history


def _checked(network: Layer, part: str, data: tuple[Any, Any] | None) -> Any:
    """Return X and y as arrays of finite numbers, in the network's precision."""
    if data is None:
        return None
    names = f"{part}X", f"{part}y"
    return tuple(finite("fit", name, a, network.parameters.dtype) for name, a in zip(names, data, strict=True))


def _rate(optimizer: Optimizer) -> float:
    """Return the learning rate of the last step; of several, their mean."""
    rate = optimizer.learning_rate
    return float(np.mean(rate(max(optimizer.t, 1)) if callable(rate) else rate))


def _measured(network: Layer, loss: Loss, metrics: Sequence[Metric], train: Any, validation: Any) -> dict[str, Any]:
    """Measure what was asked for: the training set costs a forward pass, so only where there are metrics."""
    seen: dict[str, Any] = {}
    if metrics:
        seen["train_metrics"] = evaluate(network, loss, *train, metrics)
        del seen["train_metrics"]["loss"]
    if validation is not None:
        seen["validation_metrics"] = evaluate(network, loss, *validation, metrics)
        seen["validation_loss"] = seen["validation_metrics"].pop("loss")
    return seen


def _reason(total: float, callbacks: Sequence[Callback], answers: list[Any]) -> str | None:
    """Return why to stop, if there is a reason: what a callback says, or a loss that is out of all bounds."""
    for callback, answer in zip(callbacks, answers, strict=True):
        if isinstance(answer, str) and answer:
            return answer
        if answer is True or (isinstance(answer, np.bool_) and answer):
            return f"by the callback {getattr(callback, '__name__', callback)}"
    return None if np.isfinite(total) else "the loss is no longer finite; try a smaller learning rate"
