"""Which will be hard to optimise? Six landscapes: vote first, then let gradient descent go, then count its steps."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.optimizers import SGD
from course.widgets.controls import Choice, Slider, Switch
from course.widgets.demo import Demo
from course.widgets.models import landscapes as models
from course.widgets.models.descent import descend, outcome, steps_needed
from course.widgets.models.landscapes import BOX, START, heights
from course.widgets.views import Bars, Curve, Field, Frame, Handle, Lines, Mark, Panel, Series

STEPS = 200
ARRIVED = 1e-3
T = np.arange(STEPS + 1.0)
PLACES = {  # by names short enough to stand under bars
    "bowl": models.ravine(1.0),
    "ravine": models.ravine(10.0, along=0.05),
    "plateau": models.plateau(),
    "saddle": models.saddle(),
    "pits": models.many_minima(),
    "cliff": models.cliff(),
}


def landscapes() -> Demo:
    """Let gradient descent go on a bowl, a ravine, a plateau, a saddle, many pits and a cliff (decks 002 and 003)."""
    return Demo(
        "Which will be hard to optimise?",
        [
            Choice("landscape", "landscape", tuple(PLACES), "bowl"),
            Slider("steps", "steps", 0, STEPS, 0, whole=True, stops=101),
            Slider("learning_rate", "learning rate η", 0.01, 1, 0.1, log=True, stops=41),
            Slider("x", "start x", *BOX, START[0], stops=81),
            Slider("y", "start y", *BOX, START[1], stops=81),
            Switch("answer", "show the count for all"),
        ],
        picture,
        ask="One start, one learning rate, six landscapes. Vote before the steps move: on which of them will gradient "
        "descent be at the bottom within 200 steps?",
        swept="steps",
    )


def picture(landscape: str, steps: int, learning_rate: float, x: float, y: float, answer: bool) -> Frame:
    run = _run(landscape, learning_rate, (x, y))
    path, loss = run["path"][0, : steps + 1], run["loss"][0, : steps + 1]
    counts = _counts(learning_rate, (x, y)) if answer else {}
    summary = f"{landscape.capitalize()}, η = {learning_rate:g}, {steps} steps from ({x:g}, {y:g}): the loss went from "
    summary += f"{loss[0]:.2g} to {loss[-1]:.2g}." if np.isfinite(loss[-1]) else f"{loss[0]:.2g} out of sight."
    if steps == STEPS:
        summary += f" Gradient descent {outcome(loss, ARRIVED)}."
    if counts:
        told = ", ".join(f"{name} {'never' if count is None else count}" for name, count in counts.items())
        summary += f" Steps until the loss stays below {ARRIVED:g}: {told}."
    return Frame([_map(landscape, path, (x, y)), _progress(loss), _answer(counts)], summary)


@lru_cache(maxsize=64)
def _run(landscape: str, learning_rate: float, start: tuple[float, float]) -> dict[str, np.ndarray]:
    return descend([SGD(learning_rate)], PLACES[landscape], start, STEPS)


@lru_cache(maxsize=8)
def _counts(learning_rate: float, start: tuple[float, float]) -> dict[str, int | None]:
    return {name: steps_needed(_run(name, learning_rate, start)["loss"][0], ARRIVED) for name in PLACES}


def _map(landscape: str, path: np.ndarray, start: tuple[float, float]) -> Panel:
    return Field(
        f"Gradient descent: {landscape}",
        heights(PLACES[landscape]),
        BOX,
        BOX,
        [
            Curve("path", path[:, 0], path[:, 1], "vermillion", marker="circle"),
            Curve("now", path[-1:, 0], path[-1:, 1], "sky", marker="square", line=False),
        ],
        x_label="x",
        y_label="y",
        handles=[Handle("start", start, x="x", y="y")],
    )


def _progress(loss: np.ndarray) -> Panel:
    return Lines(
        "The loss after each step",
        [
            Curve("", T[: len(loss)], loss, "vermillion"),
            Curve("", T[len(loss) - 1 : len(loss)], loss[-1:], "sky", marker="square", line=False),
        ],
        x_label="step",
        y_label="loss J",
        x_range=(0, STEPS),
        y_range=(1e-5, 1e2),
        log_y=True,
        marks=[Mark("arrived", ARRIVED, axis="y")],
    )


def _answer(counts: dict[str, int | None]) -> Panel:
    """Draw how many steps each landscape took; whoever never arrives has a bar beyond the last step."""
    never = 1.1 * STEPS
    told = counts or dict.fromkeys(PLACES, 0)
    bars = np.array([never if told[name] is None else told[name] for name in PLACES], float)
    return Bars(
        "Steps until arrived" if counts else "Vote first",
        [Series("", bars, "blue")],
        names=tuple(PLACES),
        y_label="steps",
        y_range=(0, 1.2 * STEPS),
        marks=[Mark("above: never", STEPS, axis="y")],
    )
