"""Many trainings as one: the loop of `fit` over stacks of networks."""

from __future__ import annotations  # naming np.random in a signature must not import it

import copy
from typing import Any

import numpy as np

from course.errors import CourseError, DataError, ShapeError, require_range
from course.layers import Layer
from course.losses import Loss
from course.optimizers import Optimizer
from course.sweep.draws import Draws
from course.sweep.losses import stacked
from course.sweep.part import Part, rows_of_parts
from course.sweep.result import Sweep
from course.sweep.settings import checked
from course.training.minibatches import finite, minibatches

MOST = 2**30  # bytes of snapshots that nobody means to keep


def sweep(
    network: Layer,
    loss: Loss,
    optimizer: type[Optimizer],
    X: Any,
    y: Any,
    *,
    settings: dict[str, Any],
    epochs: int,
    batch_size: int | None,
    rng: np.random.Generator,
    validation: tuple[Any, Any] | None = None,
    snapshots: int = 0,
    start: np.ndarray | None = None,
) -> Sweep:
    r"""Train many copies of a network at once, each with hyperparameters of its own.

    The results are those of training them one by one: each starts from the network's weights, sees the examples in the
    order that ``rng`` draws, and has the dropout masks that its layers' generators draw. For one of them that is ::

        fit(copy, loss, optimizer(learning_rate=…, momentum=…), X, y, epochs=…, batch_size=…, rng=…, regularizer=L2(l2))

    with a generator in the same state. Neither the network nor its generators change.

    Parameters
    ----------
    network
        What is copied: a `Sequential` of linear layers, activations and dropout.
    loss
        `HalfSquaredError`, `BinaryCrossEntropy` or `SoftmaxCrossEntropy`.
    optimizer
        The class, such as `Momentum`.
    X, y
        Inputs (N, D) and whatever targets the loss takes, all of them finite; every network sees the same.
    settings
        Arrays, one number for each network, that broadcast to one shape S: lists of length K for K networks, or a `grid`.
        ``"keep_prob"`` is that of the dropout layers and ``"l2"`` the strength of the `L2` penalty; all others go to the
        optimizer, and a schedule may stand for its learning rate.
    epochs, batch_size, rng, validation
        As in `fit`.
    snapshots
        How many times to keep all weights, spread evenly from before the first epoch to after the last, for an animation;
        0, or at least 2.
    start
        The first parameters, broadcasting to (\*S, P), instead of the network's own: other weights for each, say.

    Returns
    -------
    Sweep
        The losses of all epochs and the trained networks. Those that diverge have losses of infinity or NaN, quietly, and
        do not touch the others.

    Raises
    ------
    CourseError
        When the network, the loss or the settings cannot be stacked; `RangeError`, `ShapeError`, `DataError` and
        `DtypeError` where one of these fits.

    >>> from course.layers import Linear
    >>> from course.losses import HalfSquaredError
    >>> from course.optimizers import SGD
    >>> rng, X = np.random.default_rng(0), np.array([[-1.0], [1.0]])
    >>> rates = {"learning_rate": [0.5, 1.5, 2.5]}
    >>> result = sweep(Linear(1, 1, rng=rng), HalfSquaredError(), SGD, X, 3 * X, settings=rates, epochs=40,
    ...                batch_size=None, rng=rng)
    >>> (result.train_loss[-1] < 1e-9).tolist(), result.best()
    ([True, True, False], (0,))
    """
    require_range("sweep", "epochs", epochs, "[1, inf)")
    settings, shape = checked(settings)
    rule, data = stacked(loss), _ready(network, loss, "", X, y)
    held_out = _ready(network, loss, "validation ", *validation) if validation else None
    parameters = _start(network, start, shape)
    result = Sweep(network, settings, parameters, epochs, _bounded(snapshots, parameters), held_out is not None)
    (n, inputs), draws = data[0].shape, Draws(network, settings.get("keep_prob"), data[0].shape[1])

    def parts(examples: int) -> list[Part]:
        rows = rows_of_parts(shape, network, inputs, examples)
        return [Part(each, network, optimizer, settings, parameters, rule) for each in rows]

    np.empty(31 << 20, np.uint8)  # freed at once: from then on glibc keeps what is freed, and no page is faulted in twice
    trainers, judges = parts(min(batch_size or n, n)), parts(len(held_out[0])) if held_out else []
    with np.errstate(all="ignore"):  # a network that diverges does so quietly
        for epoch in range(epochs):
            total = np.zeros(shape)
            for x, t in minibatches(*data, batch_size, rng=rng):
                factors = draws.factors(len(x), training=True)
                for part in trainers:
                    total[part.rows] += len(x) * part.step(x, t, factors)
            result.train_loss[epoch] = total / n
            for part in judges:
                factors = draws.factors(1, training=False)
                result.validation_loss[epoch][part.rows] = part.measure(*held_out, factors)
            result.take_snapshot(epoch + 1)
    return result


def _ready(network: Layer, loss: Loss, part: str, X: Any, y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and targets as the loss wants them, after one network has shown that all fits together."""
    X, y = (finite("sweep", f"{part}{name}", a, network.parameters.dtype) for name, a in (("X", X), ("y", y)))
    if len(X) != len(y) or not len(X):
        raise DataError(f"sweep: every {part}input needs its target, got {len(X)} inputs and {len(y)} targets")
    prediction = copy.deepcopy(network).forward(X)
    return X.astype(prediction.dtype, copy=False), loss.align(prediction, y)


def _start(network: Layer, start: np.ndarray | None, shape: tuple[int, ...]) -> np.ndarray:
    """Return the parameters of all networks before the first step."""
    own = network.parameters
    given = own if start is None else np.asarray(start, own.dtype)
    try:
        return np.array(np.broadcast_to(given, (*shape, own.size)))
    except ValueError:
        raise ShapeError(f"sweep: start must broadcast to {(*shape, own.size)}, got {given.shape}") from None


def _bounded(snapshots: int, parameters: np.ndarray) -> int:
    """Refuse snapshots that would fill the memory."""
    require_range("sweep", "snapshots", snapshots, "[0, inf)")
    if snapshots * parameters.nbytes > MOST:
        raise CourseError(
            f"sweep: snapshots may take {MOST >> 20} MB, got {snapshots} of {parameters.nbytes / 2**20:.1f} MB; take fewer"
        )
    return snapshots
