"""Momentum and learning rate in a ravine: how far the boundary ηλ < 2 + 2β lets one go, and what is gained inside it."""

from __future__ import annotations

import numpy as np

from course.optimizers import Momentum
from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models import heavy_ball, landscapes
from course.widgets.models.descent import descend, outcome
from course.widgets.models.landscapes import BOX, START, Landscape, heights
from course.widgets.views import Curve, Field, Frame, Handle, Lines, Mark, Panel

STEPS = 200
ARRIVED = 1e-3  # the loss that counts as having arrived
T = np.arange(STEPS + 1.0)
RATES, MOMENTA = (0.0, 0.25), (0.0, 1.0)
OTHERS = {each.name: each for each in (landscapes.rosenbrock(), landscapes.beale(), landscapes.saddle())}


def ravine() -> Demo:
    """Sweep η and β of the heavy ball on ½(x² + κy²), Rosenbrock's and Beale's function and a saddle (deck 003)."""
    return Demo(
        "Momentum in a ravine",
        [
            Choice("landscape", "landscape", ("ravine", *OTHERS), "ravine"),
            Slider("learning_rate", "learning rate η", 0.0025, RATES[1], 0.05, stops=100),
            Slider("momentum", "momentum β", 0, 0.99, 0, stops=100),
            Slider("curvature", "ravine's curvature κ", 8, 50, 20, stops=43),
            Slider("x", "start x", *BOX, START[0], stops=81),
            Slider("y", "start y", *BOX, START[1], stops=81),
        ],
        picture,
        ask="Momentum 0 is at the boundary when ηκ = 2. With momentum 0.9, may the learning rate be larger, or must it be "
        "smaller?",
    )


def picture(landscape: str, learning_rate: float, momentum: float, curvature: float, x: float, y: float) -> Frame:
    place = OTHERS.get(landscape) or landscapes.ravine(float(curvature))
    run = descend([Momentum(learning_rate, momentum)], place, (x, y), STEPS)
    panels = [_map(learning_rate, momentum, place), _path(place, run["path"][0], (x, y)), _progress(run["loss"][0])]
    return Frame(panels, _summary(place, learning_rate, momentum, run["loss"][0]))


def _map(learning_rate: float, momentum: float, place: Landscape) -> Panel:
    plane = heavy_ball.plane(place.curvatures, RATES, MOMENTA)
    best = heavy_ball.best(place.curvatures)
    return Field(
        "Dark: fast; yellow: diverges",
        plane["colours"],
        RATES,
        MOMENTA,
        [
            Curve("ηλ = 2 + 2β", plane["boundary_rate"], plane["boundary_momentum"], "vermillion", dash=1),
            Curve("fastest", [best["learning_rate"]], [best["momentum"]], "sky", marker="triangle", line=False),
        ],
        x_label="learning rate η",
        y_label="momentum β",
        bands=0,
        handles=[Handle("η, β", (learning_rate, momentum), x="learning_rate", y="momentum")],
    )


def _path(place: Landscape, path: np.ndarray, start: tuple[float, float]) -> Panel:
    return Field(
        f"{STEPS} steps on the landscape",
        heights(place),
        BOX,
        BOX,
        [
            Curve("path", path[:, 0], path[:, 1], "vermillion", marker="circle"),
            Curve("minimum", [place.minimum[0]], [place.minimum[1]], "sky", marker="cross", line=False),
        ],
        x_label="x",
        y_label="y",
        handles=[Handle("start", start, x="x", y="y")],
    )


def _progress(loss: np.ndarray) -> Panel:
    return Lines(
        "The loss after each step",
        [Curve("", T, loss, "vermillion")],
        x_label="step",
        y_label="loss J",
        x_range=(0, STEPS),
        y_range=(1e-8, 1e4),
        log_y=True,
        marks=[Mark("arrived", ARRIVED, axis="y")],
    )


def _summary(place: Landscape, learning_rate: float, momentum: float, loss: np.ndarray) -> str:
    high = max(place.curvatures)
    radius = float(heavy_ball.worst_radius(learning_rate, momentum, place.curvatures))
    digit = heavy_ball.steps_for_a_digit(radius)
    pace = f"a digit every {digit:.3g} steps" if np.isfinite(digit) else "no convergence"
    product, bound = learning_rate * high, 2 + 2 * momentum
    sign = "inside" if product < bound - 1e-9 else "at" if product < bound + 1e-9 else "outside"
    return (
        f"{place.name.capitalize()}, η = {learning_rate:g}, β = {momentum:g}: ηλ = {product:.3g} is {sign} the boundary "
        f"2 + 2β = {bound:.3g}, where λ = {high:.3g} is the larger curvature at the minimum. The spectral radius there is "
        f"{radius:.3g}: {pace}. This run {outcome(loss, ARRIVED)}."
    )
