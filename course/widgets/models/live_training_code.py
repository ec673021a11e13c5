"""A code cell that comes to what a live training shows, to the bit."""

from itertools import pairwise
from typing import Any

from course.widgets.models.live_training import ACTIVATIONS, POINTS, LiveTraining

HEAD = """\
from itertools import islice

import numpy as np

from course.datasets import Standardizer, {data}, split
from course.initializers import {initializer}
from course.layers import {layers}
from course.losses import SoftmaxCrossEntropy
from course.optimizers import {optimizer}
from course.regularizers import L2
from course.training import accuracy, evaluate, minibatches, training_step

rng = np.random.default_rng(0)
{points}
train, validation = split(X, y, rng=rng, test=1 / 3)
standardize = Standardizer(train[0])
train, validation = ((standardize(X), y) for X, y in (train, validation))

network = Sequential(
{network}
)
loss, optimizer, penalty = SoftmaxCrossEntropy(), {made}, L2({l2!r})


def endless(batch_size):
    while True:
        yield from minibatches(*train, batch_size, rng=rng)


def take(steps):
    for x, t in islice(batches, steps):
        training_step(network, loss, optimizer, x, t, penalty)


batches = endless({batch_size})
"""

TAIL = """
print("training:  ", evaluate(network, loss, *train, [accuracy]))
print("validation:", evaluate(network, loss, *validation, [accuracy]))
"""


def code(training: LiveTraining) -> str:
    """Write the training in the library's own words, with all that was changed on the way.

    The names ``network``, ``train`` and ``validation`` are there when the cell has run.

    >>> training = LiveTraining()
    >>> training.advance()
    >>> training.change(learning_rate=0.2)
    >>> training.advance()
    >>> print(*code(training).splitlines()[-7:-3], sep=chr(10))
    batches = endless(16)
    take(8)
    optimizer.learning_rate = 0.2
    take(8)
    """
    start = training.start
    kind, initializer = (each.__name__ for each in ACTIVATIONS[start["activation"]])
    drawn = _layers(start, kind, initializer)
    used = {"Sequential", "Linear"} | ({kind, "Dropout"} if start["depth"] else set())
    head = HEAD.format(
        data=start["data"], initializer=initializer, layers=", ".join(sorted(used)), optimizer=start["optimizer"],
        points=_points(start), network="\n".join(f"    {line}," for line in drawn), made=_optimizer(training),
        l2=float(start["l2"]), batch_size=start["batch_size"],
    )  # fmt: skip
    lines = [line for changed, steps in training.segments for line in (*_changes(changed), f"take({steps})")]
    return head + "\n".join(lines) + "\n" + TAIL


def _points(start: dict[str, Any]) -> str:
    noise = float(start["noise"])
    if start["data"] != "spam":
        return f"X, y = {start['data']}({POINTS}, rng=rng, noise={noise!r})"
    lines = (
        f"X, y = spam({POINTS}, rng=rng)",
        "X[:, 0] = np.log10(X[:, 0])  # the length",
        f"X += rng.normal(0, {noise!r}, X.shape)",
    )
    return "\n".join(lines)


def _layers(start: dict[str, Any], kind: str, initializer: str) -> list[str]:
    width, depth = start["width"], start["depth"]
    sizes = [2, *[width] * depth, 2]
    linear = [f"Linear({a}, {b}, rng=rng, initializer={initializer})" for a, b in pairwise(sizes)]
    return [f"{each}, {kind}(), Dropout({float(start['keep_prob'])!r}, rng=rng)" for each in linear[:-1]] + linear[-1:]


def _optimizer(training: LiveTraining) -> str:
    start = training.start
    momentum = f", momentum={float(start['momentum'])!r}" if training.follows_momentum else ""
    return f"{start['optimizer']}({float(start['learning_rate'])!r}{momentum})"


def _changes(changed: dict[str, Any]) -> list[str]:
    lines = {
        "learning_rate": "optimizer.learning_rate = {!r}",
        "momentum": "optimizer.momentum = {!r}",
        "l2": "penalty.strength = {!r}",
        "keep_prob": "for layer in network.layers[2::3]:\n    layer.keep_prob = {!r}",
        "batch_size": "batches = endless({!r})",
    }
    return [lines[name].format(value if name == "batch_size" else float(value)) for name, value in changed.items()]
