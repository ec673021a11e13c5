"""The learning rate on a parabola: crawl, converge, oscillate, diverge."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Slider
from course.widgets.demo import Demo
from course.widgets.models.quadratic import descend
from course.widgets.views import Curve, Frame, Handle, Lines, Mark

STEPS = 30
TOP = 2.5  # of the axis of |1 − ηλ|
W = np.linspace(-5, 5, 101)


def learning_rate() -> Demo:
    """Sweep η on ½λw², with the boundary 2/λ marked (deck 003)."""
    return Demo(
        "The learning rate on a parabola",
        [
            Slider("learning_rate", "learning rate η", 0.01, 3, 0.1, log=True),
            Slider("curvature", "curvature λ", 0.5, 4, 1, stops=36),
            Slider("start", "start w", -4.5, 4.5, 4, stops=91),
        ],
        picture,
        ask="The rate grows from left to right. Where will it be fastest, and what comes after that?",
        swept="learning_rate",
    )


def picture(learning_rate: float, curvature: float, start: float) -> Frame:
    run = descend(learning_rate, curvature, start, STEPS)
    top = curvature * 5**2 / 2
    valley = Lines(
        "Steps on the loss",
        [
            Curve("", W, curvature * W**2 / 2, "grey"),
            Curve("", run["w"], run["loss"], "vermillion", marker="circle"),
        ],
        x_label="w",
        y_label="J(w)",
        x_range=(-5, 5),
        y_range=(-0.06 * top, top),
        handles=[Handle("start", (start, curvature * start**2 / 2), x="start")],
    )
    progress = Lines(
        "The loss after each step",
        [Curve("loss", np.arange(STEPS + 1), run["loss"], "vermillion", marker="circle")],
        x_label="step",
        y_label="J",
        x_range=(0, STEPS),
        y_range=(1e-8, 1e6),
        log_y=True,
    )
    rates = np.linspace(0, 3, 121)
    factors = Lines(
        "What a step multiplies w by",
        [Curve("|1 − ηλ|", rates, abs(1 - rates * curvature), "blue")],
        x_label="learning rate η",
        y_label="|1 − ηλ|",
        x_range=(0, 3),
        y_range=(0, TOP),
        marks=[Mark("2/λ", run["boundary"]), Mark("1", 1, axis="y")],
        handles=[Handle("η", (learning_rate, min(abs(run["factor"]), TOP)), x="learning_rate")],
    )
    summary = (
        f"η = {learning_rate:g}, λ = {curvature:g}: w is multiplied by {run['factor']:.3g} at every step "
        f"and {run['behaviour']}. The boundary 2/λ is {run['boundary']:.3g}; after {STEPS} steps the loss is "
        f"{run['loss'][-1]:.2g}."
    )
    return Frame([valley, progress, factors], summary)
