"""A slice through a real network's loss: the plane that two directions span about what training found."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Slider
from course.widgets.demo import Demo
from course.widgets.models import loss_slice as model
from course.widgets.views import Curve, Field, Frame, Handle, Lines, Panel

REACH = (-1.0, 1.0)
X_RANGE, Y_RANGE = (-2.0, 2.0), (-1.5, 1.5)
LOSSES = (1e-3, 1e2)  # what the colours and the axis show
LOW = 0.5
DEPTHS, WIDTHS = (1, 5), (4, 12)
CUT = np.linspace(*REACH, 41)
COLUMNS, ROWS = 40, 30
GRID = np.stack(np.meshgrid(np.linspace(*X_RANGE, COLUMNS), np.linspace(*Y_RANGE, ROWS)), axis=-1).reshape(-1, 2)


def loss_slice() -> Demo:
    """Show a two-parameter slice through the loss of networks of several depths (Li and others, 2018)."""
    for depth in range(DEPTHS[0], DEPTHS[1] + 1):  # all are trained beforehand, so that no slider waits for it
        for width in WIDTHS:
            model.plane(depth, width, 1)
    return Demo(
        "A slice through a network's loss",
        [
            Slider("depth", "hidden layers", *DEPTHS, 1, whole=True, stops=DEPTHS[1]),
            Slider("width", "units in each layer", *WIDTHS, WIDTHS[1], whole=True, stops=len(WIDTHS)),
            Slider("seed", "pair of directions", 1, 8, 1, whole=True, stops=8),
            Slider("alpha", "α, along direction 1", *REACH, 0, stops=41),
            Slider("beta", "β, along direction 2", *REACH, 0, stops=41),
        ],
        picture,
        ask="In the middle is a trained network. With more layers, will the basin around it be wider or narrower? What will "
        "the boundary look like up on the slope?",
        swept="seed",
    )


def picture(depth: int, width: int, seed: int, alpha: float, beta: float) -> Frame:
    here = model.at(depth, width, seed, (alpha, beta), GRID)
    lowest = model.at(depth, width, seed, (0.0, 0.0), GRID[:0])
    plane = model.plane(depth, width, seed)
    basin = np.mean(plane < LOW)
    summary = (
        f"{depth} hidden layer{'s' * (depth > 1)} of {width}: the trained network, in the middle, has a loss of "
        f"{lowest['loss']:.2g}; on {basin:.0%} of the slice the loss is below {LOW:g}, and at most it is {plane.max():.2g}. "
        f"At α = {alpha:g}, β = {beta:g} it is {here['loss']:.2g}, and {here['accuracy']:.0%} of the examples are right."
    )
    panels = [_slice(plane, alpha, beta), _cuts(depth, width, seed, (alpha, beta)), _boundary(here["probability"])]
    return Frame(panels, summary)


def _slice(plane: np.ndarray, alpha: float, beta: float) -> Panel:
    low, high = np.log10(LOSSES)
    return Field(
        "The loss on the slice",
        np.clip((np.log10(plane) - low) / (high - low), 0, 1),
        REACH,
        REACH,
        [Curve("trained", [0.0], [0.0], "sky", marker="triangle", line=False)],
        x_label="α",
        y_label="β",
        handles=[Handle("here", (alpha, beta), x="alpha", y="beta")],
    )


def _cuts(depth: int, width: int, seed: int, place: tuple[float, float]) -> Panel:
    """Draw the loss along both directions through the place."""
    alpha, beta = place
    first = np.column_stack([CUT, np.full_like(CUT, beta)])
    second = np.column_stack([np.full_like(CUT, alpha), CUT])
    loss = model.losses(depth, width, seed, np.concatenate([first, second, [place]]))
    return Lines(
        "Two cuts through “here”",
        [
            Curve("along α", CUT, loss[: len(CUT)], "vermillion"),
            Curve("along β", CUT, loss[len(CUT) : -1], "blue", dash=1),
            Curve("", [alpha, beta], [loss[-1], loss[-1]], "ink", marker="circle", line=False),
        ],
        x_label="α, β",
        y_label="loss",
        x_range=REACH,
        y_range=LOSSES,
        log_y=True,
    )


def _boundary(probability: np.ndarray) -> Panel:
    X, y = model.data()
    first = y[:, 0] < 0.5
    return Field(
        "What “here” decides",
        probability.reshape(ROWS, COLUMNS),
        X_RANGE,
        Y_RANGE,
        [
            Curve("class 0", X[first, 0], X[first, 1], "blue", marker="circle", line=False),
            Curve("class 1", X[~first, 0], X[~first, 1], "vermillion", marker="triangle", line=False),
        ],
        x_label="x₁",
        y_label="x₂",
        bands=0,
        colours="classes",
    )
