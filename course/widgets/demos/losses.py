"""Losses and their slopes, and what an outlier does to a line fitted under each."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.line_fit import absolute_line, huber_line, squared_line
from course.widgets.models.loss_shapes import against_logit, against_residual
from course.widgets.models.written import say
from course.widgets.views import Curve, Frame, Handle, Lines

REACH = 6
RESIDUAL, LOGIT = "the residual", "the logit"
WIDE, HIGH = (0, 10), (-6, 10)
INTERCEPT, SLOPE, NOISE, POINTS = 1.0, 0.5, 0.4, 11
LOOK = {
    "squared": ("blue", 0), "half squared": ("sky", 3), "absolute": ("vermillion", 1), "Huber": ("green", 2),
    "cross-entropy": ("purple", 0),
}  # fmt: skip
HEIGHT = {RESIDUAL: (-0.5, 12), LOGIT: (-0.2, 6.2)}
STEEP = {RESIDUAL: (-6.5, 6.5), LOGIT: (-1.1, 0.3)}


def losses() -> Demo:
    """Compare losses by value and slope, and drag an outlier (decks 002 to 004)."""
    return Demo(
        "Losses, their slopes, and an outlier",
        [
            Slider("outlier_x", "outlier x", *WIDE, 9, stops=101),
            Slider("outlier_y", "outlier y", *HIGH, 0, stops=81),
            Slider("delta", "Huber's δ", 0.1, 5, 1, log=True, stops=35),
            Slider("at", "residual or logit", -REACH, REACH, -4, stops=121),
            Choice("against", "axis", (RESIDUAL, LOGIT), RESIDUAL),
        ],
        picture,
        ask="One point of twelve, an outlier, is dragged further down. Which of the three lines follows it, and how far?",
    )


def picture(outlier_x: float, outlier_y: float, delta: float, at: float, against: str) -> Frame:
    found = against_residual(REACH, delta) if against == RESIDUAL else against_logit(REACH)
    names = [name for name in LOOK if name in found]
    values, slopes = ({name: _at(found, prefix + name, at) for name in names} for prefix in ("", "slope of "))
    panels = [
        _shapes("Loss of one example", "loss", found, names, "", values, at, HEIGHT[against], against),
        _shapes("Its slope: how hard it pulls", "slope", found, names, "slope of ", slopes, at, STEEP[against], against),
    ]
    fit, fitted = _fit(outlier_x, outlier_y, delta)
    pulls = ", ".join(f"{name} {say(slope)}" for name, slope in slopes.items())
    lines = ", ".join(f"{name} {say(slope)}" for name, (_, slope) in fitted.items())
    unit = "residual" if against == RESIDUAL else "logit (of an example with y = 1)"
    return Frame(
        [*panels, fit],
        f"At the {unit} {say(at)} the slopes of the losses are: {pulls}. Without the outlier the line rises by "
        f"{say(_data()[2][1])} per unit of x; with it at ({say(outlier_x)}, {say(outlier_y)}): {lines}.",
    )


def _at(found: dict[str, np.ndarray], name: str, at: float) -> float:
    return float(np.interp(at, found["at"], found[name]))


def _shapes(title, y_label, found, names, prefix, here, at, y_range, against) -> Lines:
    curves = [Curve(name, found["at"], found[prefix + name], *LOOK[name]) for name in names]
    dots = [Curve("", [at], [here[name]], LOOK[name][0], marker="circle", line=False) for name in names]
    return Lines(
        title,
        curves + dots,
        x_label="residual e = ŷ − y" if against == RESIDUAL else "logit a, where y = 1",
        y_label=y_label,
        x_range=(-REACH, REACH),
        y_range=y_range,
        handles=[Handle("", (at, y_range[0] + 0.06 * (y_range[1] - y_range[0])), x="at")],
    )


@lru_cache(maxsize=1)
def _data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points about a line, and the line fitted to them."""
    rng = np.random.default_rng(0)
    x = np.linspace(0.5, 9.5, POINTS)
    y = INTERCEPT + SLOPE * x + NOISE * rng.standard_normal(POINTS)
    return x, y, squared_line(x, y)


@lru_cache(maxsize=64)
def _fit(outlier_x: float, outlier_y: float, delta: float) -> tuple[Lines, dict[str, np.ndarray]]:
    """Draw the points, and the three lines fitted to them and to the outlier."""
    x, y, without = _data()
    xs, ys = np.append(x, outlier_x), np.append(y, outlier_y)
    fitted = {"squared": squared_line(xs, ys), "absolute": absolute_line(xs, ys), "Huber": huber_line(xs, ys, delta)}
    ends = np.array(WIDE, float)
    curves = [
        Curve("", x, y, "ink", marker="circle", line=False),
        Curve("without", ends, without[0] + without[1] * ends, "grey"),
        *(Curve(name, ends, line[0] + line[1] * ends, *LOOK[name]) for name, line in fitted.items()),
    ]
    fit = Lines(
        "Lines fitted with the outlier",
        curves,
        x_label="x",
        y_label="y",
        x_range=WIDE,
        y_range=HIGH,
        handles=[Handle("outlier", (outlier_x, outlier_y), x="outlier_x", y="outlier_y")],
    )
    return fit, fitted
