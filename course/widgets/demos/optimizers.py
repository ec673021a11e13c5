"""Optimizers side by side on one landscape, and the student's own beside ours."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course.widgets.controls import Choice, Slider, Switch
from course.widgets.demo import Demo
from course.widgets.models import landscapes
from course.widgets.models.descent import thinned
from course.widgets.models.landscapes import BOX, START, heights
from course.widgets.models.race import RATES, YOURS, race
from course.widgets.views import Curve, Field, Frame, Handle, Lines, Panel

STEPS = 120
T = np.arange(STEPS + 1.0)
PLACES = {
    each.name: each
    for each in (
        landscapes.ravine(20.0), landscapes.rosenbrock(), landscapes.beale(), landscapes.saddle(), landscapes.plateau(),
    )
}  # fmt: skip
GROUPS = {
    "one of each kind": ("SGD", "Momentum", "RMSprop", "Adam"),
    "momentum": ("SGD", "Momentum", "Nesterov"),
    "a rate for each": ("Adagrad", "RMSprop", "Adadelta"),
    "Adam's family": ("Adam", "AdamW", "AdaMax", "Nadam"),
    "all ten": tuple(RATES),
}
STYLES = {  # an optimizer looks the same in every group: colour, dash, and the marker at its end
    "SGD": ("sky", 0, "circle"),
    "Momentum": ("orange", 0, "square"),
    "Nesterov": ("green", 1, "triangle"),
    "Adagrad": ("orange", 3, "circle"),
    "RMSprop": ("green", 0, "triangle"),
    "Adadelta": ("sky", 2, "square"),
    "Adam": ("purple", 0, "cross"),
    "AdamW": ("orange", 1, "circle"),
    "AdaMax": ("sky", 3, "square"),
    "Nadam": ("green", 2, "triangle"),
    YOURS: ("vermillion", 1, "square"),
}
GRAIN = 0.005  # of the path: less than a pixel


def optimizers(mine: Any = None) -> Demo:
    """Let the optimizers of the course race, and a student's with them (deck 003, "Beyond plain SGD").

    Parameters
    ----------
    mine
        An object with ``step(parameters, gradients)``, two float arrays of shape (2,): it changes the parameters in place
        and returns None, or it returns the new parameters. It is copied before each run, so let it keep its state in
        itself. If it has a number `learning_rate`, the slider multiplies that too.
    """
    controls = [
        Choice("landscape", "landscape", tuple(PLACES), "ravine"),
        Choice("group", "optimizers", tuple(GROUPS), "one of each kind"),
        Slider("steps", "steps", 0, STEPS, STEPS, whole=True, stops=61),
        Slider("factor", "all learning rates ×", 0.05, 20, 1, log=True, stops=53),
        Slider("x", "start x", *BOX, START[0], stops=81),
        Slider("y", "start y", *BOX, START[1], stops=81),
    ]
    if mine is not None:
        controls.insert(2, Switch("yours", "yours", True))
    run = lru_cache(maxsize=8)(_run)

    def picture(landscape: str, group: str, steps: int, factor: float, x: float, y: float, yours: bool = False) -> Frame:
        done = run(landscape, GROUPS[group], (x, y), factor, mine if yours else None)
        shown = done | {"path": done["path"][:, : steps + 1], "loss": done["loss"][:, : steps + 1]}
        return Frame([_paths(landscape, shown), _losses(shown)], _summary(landscape, factor, shown))

    return Demo(
        "Optimizers side by side",
        controls,
        picture,
        ask="Who will be first at the bottom, and whose path will be the longest?",
        swept="steps",
    )


def _run(landscape: str, names: tuple[str, ...], start: tuple[float, float], factor: float, mine: Any) -> dict[str, Any]:
    return race(names, PLACES[landscape], start, STEPS, factor, mine)


def _paths(landscape: str, run: dict[str, Any]) -> Panel:
    curves = []
    labelled = len(run["names"]) <= 5  # of more, the labels would hide the landscape
    for name, path in zip(run["names"], run["path"], strict=True):
        colour, dash, marker = STYLES[name]
        way = thinned(path, GRAIN)
        curves.append(Curve("", way[:, 0], way[:, 1], colour, dash))
        curves.append(Curve(name if labelled else "", path[-1:, 0], path[-1:, 1], colour, 0, marker, line=False))
    start = tuple(run["path"][0, 0].tolist())
    return Field(
        f"From one start: {landscape}", heights(PLACES[landscape]), BOX, BOX, curves, "x", "y",
        handles=[Handle("start", start, x="x", y="y")],
    )  # fmt: skip


def _losses(run: dict[str, Any]) -> Panel:
    curves, t = [], T[: run["loss"].shape[1]]
    for name, loss in zip(run["names"], run["loss"], strict=True):
        colour, dash, _ = STYLES[name]
        curves.append(Curve(name, t, loss, colour, dash))
    return Lines(
        "The loss after each step",
        curves,
        x_label="step",
        y_label="loss J",
        x_range=(0, STEPS),
        y_range=(1e-8, 1e3),
        log_y=True,
    )


def _summary(landscape: str, factor: float, run: dict[str, Any]) -> str:
    last = dict(zip(run["names"], run["loss"][:, -1].tolist(), strict=True))
    order = sorted(last, key=lambda name: last[name] if np.isfinite(last[name]) else np.inf)
    places = ", ".join(f"{name} {last[name]:.2g}" if np.isfinite(last[name]) else f"{name} diverged" for name in order)
    steps = run["loss"].shape[1] - 1
    return f"{landscape.capitalize()}, all learning rates × {factor:g}. The losses after {steps} steps: {places}."
