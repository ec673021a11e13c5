"""A network trained live: its decision boundary, its losses, its weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.live_training import ACTIVATIONS, DATA, DEFAULTS, OPTIMIZERS, REACH, LiveTraining
from course.widgets.models.live_training_code import code
from course.widgets.views import Bars, Curve, Field, Frame, Lines, Series

MARKERS = ("circle", "square"), ("triangle", "cross")
EDGES = np.linspace(-4, 4, 34)
CLASSES = {"spam": ("spam", "ham")}
AXES = {"spam": ("length (log, standardized)", "trust (standardized)")}


def training() -> Demo:
    """Train a classifier of points in the plane; what is on the screen can be shared as a code cell (deck 003)."""
    d = DEFAULTS
    return Demo(
        "A network in training",
        [
            Choice("data", "data", tuple(DATA), d["data"]),
            Slider("noise", "noise", 0, 0.5, d["noise"], stops=26),
            Slider("learning_rate", "learning rate η", 0.001, 10, d["learning_rate"], log=True, stops=81),
            Slider("momentum", "momentum β", 0, 0.99, d["momentum"], stops=100),
            Slider("keep_prob", "keep probability", 0.2, 1, d["keep_prob"], stops=33),
            Slider("l2", "L2 strength λ", 0, 0.05, d["l2"], stops=51),
            Slider("batch_size", "batch size", 1, 200, d["batch_size"], log=True, whole=True, stops=41),
            Slider("width", "width", 1, 32, d["width"], whole=True, stops=32),
            Slider("depth", "hidden layers", 0, 4, d["depth"], whole=True, stops=5),
            Choice("activation", "activation", tuple(ACTIVATIONS), d["activation"]),
            Choice("optimizer", "optimizer", tuple(OPTIMIZERS), d["optimizer"]),
        ],
        ask="What will the boundary look like with no hidden layer, with one, with three? Which loss will rise first?",
        trainer=Trainer,
        preview=60,
    )


class Trainer:
    """The live training, and its picture."""

    def restart(self, **values: Any) -> None:
        self.model = LiveTraining(**values)

    def change(self, **values: Any) -> None:
        self.model.change(**values)

    def advance(self) -> None:
        self.model.advance()

    def code(self) -> str:
        return code(self.model)

    def picture(self) -> Frame:
        return Frame([boundary(self.model), losses(self.model), weights(self.model)], summary(self.model))


def boundary(model: LiveTraining) -> Field:
    """Draw the probability of the second class, and all points: circles and squares are trained on."""
    data = model.settings["data"]
    names = CLASSES.get(data, ("class 0", "class 1"))
    x_label, y_label = AXES.get(data, ("x₁ (standardized)", "x₂ (standardized)"))
    curves = [
        Curve(f"{names[k]}{after}", *cloud, ("blue", "vermillion")[k], marker=MARKERS[part][k], line=False)
        for part, after in enumerate(("", ", val."))
        for k, cloud in enumerate(model.clouds[part])
    ]
    square = (-REACH, REACH)
    return Field(
        f"Probability of {names[1]}", model.field(), square, square, curves, x_label, y_label, bands=10, colours="classes"
    )  # fmt: skip


def losses(model: LiveTraining) -> Lines:
    """Draw both losses against the steps, on an axis that doubles when it is full."""
    steps, train, validation = model.losses.curves()
    return Lines(
        "The losses",
        [
            Curve("training", steps, train, "blue"),
            Curve("validation", steps, validation, "vermillion", dash=1),
        ],
        x_label="step",
        y_label="cross-entropy",
        x_range=(0, _end(model.step)),
        y_range=(1e-3, 10),
        log_y=True,
    )


def weights(model: LiveTraining) -> Bars:
    """Draw a histogram of the weights; those beyond the ends are counted in the last bars."""
    w = model.weights()
    counts = np.histogram(np.clip(np.nan_to_num(w), EDGES[0], EDGES[-1]), EDGES)[0] if not model.diverged else 0 * EDGES[1:]
    return Bars(
        f"The {w.size} weights",
        [Series("", counts / w.size, "blue")],
        EDGES,
        x_label="weight",
        y_label="share",
        y_range=(0, 0.4),
    )


def summary(model: LiveTraining) -> str:
    if model.diverged:
        return (
            f"The training has diverged within {model.step} steps: some weights are no longer finite numbers. Lower the "
            "learning rate, or press reset: either begins anew."
        )
    train, validation = model.measured["train"], model.measured["validation"]
    words = (
        f"After {model.step} steps, {model.epochs:.1f} epochs: training loss {train['loss']:.3g}, validation loss "
        f"{validation['loss']:.3g}; right are {train['accuracy']:.0%} of the training and "
        f"{validation['accuracy']:.0%} of the validation points."
    )
    if train["loss"] > np.log(2):
        words += " Guessing costs 0.693."
    return words if model.follows_momentum else f"{words} {model.settings['optimizer']} has no momentum to set."


def _end(step: int) -> int:
    """Return the end of the axis: 500 steps, or the first of 1000, 2000, 4000, … that is not before this step."""
    end = 500
    while end < step:
        end *= 2
    return end
