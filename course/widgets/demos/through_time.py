"""A recurrent network unrolled in time: the gradient against the steps back, for every spectral radius."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.unrolled import ACTIVATIONS, MATRICES, STATES, STEPS, back_through_time, eigenvalues
from course.widgets.views import Curve, Frame, Lines, Mark

K = np.arange(STEPS)
ANGLES = np.linspace(0, 2 * np.pi, 121)
CIRCLE = np.cos(ANGLES), np.sin(ANGLES)


def through_time() -> Demo:
    """Sweep the spectral radius ρ of the recurrent matrix, with ρᵏ beside what is measured (deck 000)."""
    return Demo(
        "Gradients through time",
        [
            Slider("radius", "spectral radius ρ", 0.5, 1.5, 0.9, stops=41),
            Choice("matrix", "recurrent matrix", MATRICES, "orthogonal"),
            Choice("activation", "activation", tuple(ACTIVATIONS), "tanh"),
            Slider("scale", "input's size", 0.01, 3, 0.1, log=True, stops=26),
        ],
        picture,
        ask="At ρ = 0.9, after how many steps back is a tenth of the gradient left? Where does it explode, with tanh too?",
        swept="radius",
    )


def picture(radius: float, matrix: str, activation: str, scale: float) -> Frame:
    run = back_through_time(radius, matrix, activation, scale)
    gradient = Lines(
        "The gradient on its way back",
        [
            Curve("measured", K, run["gradient"], "vermillion", marker="circle"),
            Curve("ρᵏ", K, run["line"], "blue", dash=1),
        ],
        x_label="steps back k",
        y_label="norm of ∂J/∂h",
        x_range=(0, STEPS),
        y_range=(1e-12, 1e12),
        log_y=True,
        marks=[Mark("1", 1, axis="y")],
    )
    places = radius * eigenvalues(matrix)
    disc = Lines(
        f"The {STATES} eigenvalues",
        [
            Curve("unit circle", *CIRCLE, "grey", dash=1),
            Curve("eigenvalues", places.real, places.imag, "vermillion", marker="circle", line=False),
        ],
        x_label="real part",
        y_label="imaginary part",
        x_range=(-2, 2),
        y_range=(-1.6, 1.6),
    )
    states = Lines(
        "The state on its way forward",
        [Curve("", K + 1, run["state"], "green", marker="square")],
        x_label="step",
        y_label="size of a state",
        x_range=(0, STEPS),
        y_range=(1e-3, 1e9),
        log_y=True,
    )
    return Frame([gradient, disc, states], summary(run, radius, matrix, activation))


def summary(run: dict, radius: float, matrix: str, activation: str) -> str:
    last = run["gradient"][-1]
    words = ((1e-3, "vanishes"), (0.1, "shrinks"), (10, "keeps its size, by and large"), (1e3, "grows"))
    change = next((word for bound, word in words if last <= bound), "explodes")
    below = np.flatnonzero(run["gradient"] < 0.1)
    reach = f" It is below a tenth {below[0]} steps back." if below.size else ""
    bend = "no activation" if activation == "none" else activation
    return (
        f"ρ = {radius:g}, the matrix is {matrix}, with {bend}: {STEPS - 1} steps back {last:.2g} of the gradient is left, "
        f"where ρᵏ is {run['line'][-1]:.2g}. It {change}.{reach}"
    )
