"""A classifier of points in the plane that is trained a few steps at a time, while its settings are changed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from course.datasets import Standardizer, circles, moons, spam, spirals, split, xor
from course.initializers import he_normal, xavier_uniform
from course.layers import Dropout, Layer, LeakyReLU, Linear, ReLU, Sequential, Sigmoid, Tanh
from course.losses import SoftmaxCrossEntropy
from course.numerics import sigmoid
from course.optimizers import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RMSprop
from course.regularizers import L2
from course.training import accuracy, evaluate, minibatches, training_step
from course.widgets.models.loss_record import LossRecord

POINTS, VALIDATION_SHARE = 300, 1 / 3
REACH = 3.0  # the square that is drawn, in standard deviations of the data
GRID = 48
DATA = {"spam": spam, "moons": moons, "circles": circles, "spirals": spirals, "xor": xor}
ACTIVATIONS = {  # each with the initializer that suits it
    "tanh": (Tanh, xavier_uniform),
    "ReLU": (ReLU, he_normal),
    "leaky ReLU": (LeakyReLU, he_normal),
    "sigmoid": (Sigmoid, xavier_uniform),
}
OPTIMIZERS = {each.__name__: each for each in (SGD, Momentum, Nesterov, Adagrad, RMSprop, Adam, AdamW)}
ON_THE_WAY = ("learning_rate", "momentum", "keep_prob", "l2", "batch_size")  # all else begins anew

_PLACES = (np.arange(GRID) + 0.5) / GRID * 2 * REACH - REACH  # the centres of the pixels
PLANE = np.stack(np.meshgrid(_PLACES, _PLACES), -1).reshape(-1, 2).astype(np.float32)


def points(data: str, noise: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw 300 points in two classes; of the spam the length is on a logarithmic scale.

    >>> X, y = points("moons", 0.1, np.random.default_rng(0))
    >>> X.shape, np.bincount(y)
    ((300, 2), array([150, 150]))
    """
    if data != "spam":
        return DATA[data](POINTS, rng=rng, noise=noise)
    X, y = spam(POINTS, rng=rng)
    X[:, 0] = np.log10(X[:, 0])
    return X + rng.normal(0, noise, X.shape), y


def layers(width: int, depth: int, activation: str, keep_prob: float, rng: np.random.Generator) -> Iterator[Layer]:
    """Make the layers of a classifier with two inputs, `depth` hidden layers and two logits.

    >>> [repr(each) for each in layers(8, 1, "tanh", 1.0, np.random.default_rng(0))]
    ['Linear(2, 8)', 'Tanh()', 'Dropout(1.0)', 'Linear(8, 2)']
    """
    kind, initializer = ACTIVATIONS[activation]
    sizes = [2, *[width] * depth]
    for inputs, outputs in pairwise(sizes):
        yield Linear(inputs, outputs, rng=rng, initializer=initializer)
        yield kind()
        yield Dropout(keep_prob, rng=rng)
    yield Linear(sizes[-1], 2, rng=rng, initializer=initializer)


class LiveTraining:
    r"""Softmax cross-entropy with an L2 penalty, :math:`-\frac1N \sum_n \log p_{n,y_n} + \lambda \lVert w \rVert^2`.

    Every number comes from one generator with a fixed seed, in a fixed order: the data, the weights, and then the batches
    and the dropout masks as the steps need them. So the same settings, changed after the same steps, give the same bits.

    Attributes
    ----------
    step : int
        How many steps have been taken.
    epochs : float
        How often all training points have been seen.
    train, validation : tuple of numpy.ndarray
        Points (200, 2) and (100, 2), standardized by the training points, with their classes.
    clouds : list of list of numpy.ndarray
        The same points by part and class, each (2, number): the same arrays for every picture.
    losses : LossRecord
        Both losses after every few steps.
    measured : dict
        Loss and accuracy now, of each part.
    diverged : bool
        Whether some weight is no longer a finite number: the training rests then, and begins anew with the next change.
    segments : list of (dict, int)
        What was changed on the way, and the number of steps that followed: for `live_training_code`.

    Notes
    -----
    Deck 003, "The training problem"; decks 000 and 001, "A Recipe for Machine Learning".

    >>> training = LiveTraining(data="moons")
    >>> for _ in range(40):
    ...     training.advance()
    >>> training.step, training.measured["validation"]["accuracy"] > 0.9
    (320, True)
    """

    def __init__(self, **settings: Any):
        self.restart(**(DEFAULTS | settings))

    def restart(self, **settings: Any) -> None:
        """Begin anew with these settings."""
        self.settings, self.start = dict(settings), dict(settings)
        self.rng = rng = np.random.default_rng(0)
        train, validation = split(*points(settings["data"], settings["noise"], rng), rng=rng, test=VALIDATION_SHARE)
        standardize = Standardizer(train[0])
        self.train, self.validation = ((standardize(X), y) for X, y in (train, validation))
        self.clouds = [[np.array(X[y == k].T) for k in (0, 1)] for X, y in (self.train, self.validation)]
        shape = settings["width"], settings["depth"], settings["activation"], settings["keep_prob"]
        self.network = Sequential(*layers(*shape, rng))
        self.optimizer = optimizer(settings["optimizer"], settings["learning_rate"], settings["momentum"])
        self.loss, self.penalty = SoftmaxCrossEntropy(), L2(settings["l2"])
        self._batches = self._endless(settings["batch_size"])
        self._twin = _single(self.network)
        self.step, self.epochs, self.diverged = 0, 0.0, False
        self.segments: list[tuple[dict, int]] = [({}, 0)]
        self.losses = LossRecord()
        self._measure()

    def change(self, **settings: Any) -> None:
        """Go on with these settings, or begin anew where that is not possible."""
        changed = {name: value for name, value in settings.items() if value != self.settings[name]}
        if not self.step or self.diverged or any(name not in ON_THE_WAY for name in changed):
            if changed:
                self.restart(**(self.settings | changed))
            return
        self.settings |= changed
        if not self.follows_momentum:
            changed.pop("momentum", None)
        if not changed:
            return
        before, steps = self.segments[-1]
        self.segments[-1:] = [(before, steps), (changed, 0)] if steps else [(before | changed, 0)]
        self._take_over(changed)

    def advance(self) -> None:
        """Take the steps of one frame: as many as `steps_a_frame` says, which never depends on the clock."""
        if self.diverged:
            return
        steps = steps_a_frame(**self.settings)
        with np.errstate(all="ignore"):
            for _ in range(steps):
                x, t = next(self._batches)
                training_step(self.network, self.loss, self.optimizer, x, t, self.penalty)
                self.epochs += len(x) / len(self.train[0])
        self.step += steps
        self.segments[-1] = self.segments[-1][0], self.segments[-1][1] + steps
        self.diverged = not np.isfinite(self.network.parameters).all()
        self._measure()

    def field(self) -> np.ndarray:
        """Return the probability of class 1 on a grid (48, 48), in single precision; ½ where it is no number."""
        with np.errstate(all="ignore"):
            self._twin.parameters[...] = self.network.parameters
            logits = self._twin.forward(PLANE)
            return np.nan_to_num(sigmoid(logits[:, 1] - logits[:, 0]), nan=0.5).reshape(GRID, GRID)

    def weights(self) -> np.ndarray:
        """Return all weights, without the biases."""
        return self.network.parameters[self.network.weight_mask > 0]

    @property
    def follows_momentum(self) -> bool:
        """Whether the optimizer has the heavy ball's momentum."""
        return isinstance(self.optimizer, Momentum)

    def _take_over(self, changed: dict[str, Any]) -> None:
        for name, value in changed.items():
            if name == "batch_size":
                self._batches = self._endless(value)
            elif name == "l2":
                self.penalty.strength = float(value)
            elif name == "keep_prob":
                for layer in self.network.layers:
                    if isinstance(layer, Dropout):
                        layer.keep_prob = float(value)
            else:
                setattr(self.optimizer, name, float(value))

    def _endless(self, batch_size: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        while True:
            yield from minibatches(*self.train, batch_size, rng=self.rng)

    def _measure(self) -> None:
        with np.errstate(all="ignore"):
            parts = {"train": self.train, "validation": self.validation}
            self.measured = {n: evaluate(self.network, self.loss, *part, [accuracy]) for n, part in parts.items()}
        self.losses.add(self.step, *(part["loss"] for part in self.measured.values()))


DEFAULTS = {
    "data": "spam", "noise": 0.1, "learning_rate": 0.1, "momentum": 0.9, "keep_prob": 1.0, "l2": 0.0, "batch_size": 16,
    "width": 8, "depth": 2, "activation": "tanh", "optimizer": "Momentum",
}  # fmt: skip


def optimizer(name: str, learning_rate: float, momentum: float) -> Optimizer:
    """Make an optimizer; only the heavy ball and Nesterov's have a momentum to set.

    >>> optimizer("Adam", 0.1, 0.9)
    Adam
    """
    kind = OPTIMIZERS[name]
    return kind(learning_rate, momentum) if issubclass(kind, Momentum) else kind(learning_rate)


def steps_a_frame(batch_size: int, width: int, depth: int, **_: Any) -> int:
    """Return how many steps fit into a sixtieth of a second, by far: 8, of large batches in large networks 4 or 2.

    >>> [steps_a_frame(batch_size, 32, 4) for batch_size in (1, 32, 33, 200)]
    [8, 8, 4, 2]
    """
    cost = batch_size * width * depth
    return 8 if cost <= 4096 else 4 if cost <= 16384 else 2


def _single(network: Sequential) -> Sequential:
    """Return the same network in single precision and without dropout: the picture needs no more, and is drawn often."""
    rng = np.random.default_rng(0)
    kept = [layer for layer in network.layers if not isinstance(layer, Dropout)]
    return Sequential(*(
        Linear(each.in_features, each.out_features, rng=rng, dtype=np.float32) if isinstance(each, Linear) else type(each)()
        for each in kept
    ))  # fmt: skip
