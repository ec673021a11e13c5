"""Vanishing and exploding gradients: the product of slopes and weights, from the output down to the input."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.gradient_flow import ACTIVATIONS, DEEPEST, INITIALIZERS, measure, predict
from course.widgets.views import Curve, Frame, Lines, Mark


def vanishing_gradients() -> Demo:
    """Sweep the depth, for an activation and an initializer, beside the factor that theory gives a layer (deck 000)."""
    return Demo(
        "Vanishing and exploding gradients",
        [
            Slider("depth", "layers", 2, DEEPEST, 20, whole=True, stops=DEEPEST - 1),
            Choice("activation", "activation", tuple(ACTIVATIONS), "sigmoid"),
            Choice("initializer", "initializer", tuple(INITIALIZERS), "Xavier uniform"),
            Slider("width", "width", 8, 128, 64, log=True, whole=True, stops=5),
        ],
        picture,
        ask="A gradient of length 1 enters at the top. How much is left 20 layers below with the sigmoid, and with ReLU?",
        swept="depth",
    )


def picture(depth: int, activation: str, initializer: str, width: int) -> Frame:
    found, theory = (each(depth, width, activation, initializer) for each in (measure, predict))
    return Frame(
        [gradients(found, theory), factors(found, theory), sizes(found)],
        summary(found, theory, depth, activation, initializer),
    )


def gradients(found: dict, theory: dict) -> Lines:
    layers = np.arange(len(found["gradient"]))
    slopes = np.append(np.cumprod(found["slope"][::-1])[::-1], 1.0)
    return Lines(
        "The gradient in every layer",
        [
            Curve("measured", layers, found["gradient"], "vermillion", marker="circle"),
            Curve("theory", layers, theory["gradient"], "blue", dash=1),
            Curve("slopes only", layers, slopes, "grey", dash=2),
        ],
        x_label="layer (0 is the input)",
        y_label="norm of ∂J/∂x",
        x_range=(0, DEEPEST),
        y_range=(1e-15, 1e15),
        log_y=True,
    )


def factors(found: dict, theory: dict) -> Lines:
    layers = np.arange(1, len(found["gradient"]))
    with np.errstate(all="ignore"):
        measured = found["gradient"][:-1] / found["gradient"][1:]
    return Lines(
        "What a layer multiplies it by",
        [
            Curve("measured", layers, measured, "vermillion", marker="circle"),
            Curve("theory", layers, theory["factor"], "blue", dash=1),
            Curve("slopes only", layers, found["slope"], "grey", dash=2),
        ],
        x_label="layer",
        y_label="factor",
        x_range=(0, DEEPEST),
        y_range=(1e-3, 10),
        log_y=True,
        marks=[Mark("1", 1, axis="y"), Mark("¼", 0.25, axis="y")],
    )


def sizes(found: dict) -> Lines:
    layers = np.arange(len(found["signal"]))
    return Lines(
        "The signal on its way up",
        [Curve("", layers, found["signal"], "green", marker="square")],
        x_label="layer (0 is the input)",
        y_label="size of an activation",
        x_range=(0, DEEPEST),
        y_range=(1e-15, 1e15),
        log_y=True,
    )


def summary(found: dict, theory: dict, depth: int, activation: str, initializer: str) -> str:
    left = found["gradient"][0]
    change = "vanishes" if left < 1e-3 else "explodes" if left > 1e3 else "keeps its size, by and large"
    return (
        f"{depth} layers of {activation}, {initializer}: of a gradient of length 1 at the output {left:.2g} arrives at the "
        f"input: it {change}. Theory multiplies by {theory['factor'][-1]:.3g} in the last layer; all factors come to "
        f"{theory['gradient'][0]:.2g}, and the slopes alone to {np.prod(found['slope']):.2g}."
    )
