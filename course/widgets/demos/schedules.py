"""Schedules: the learning rate over the steps, and what training makes of it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.annealing import EPOCHS, NAMES, STARTS, STEPS, WARMUP, losses, schedule
from course.widgets.models.stops import nearest
from course.widgets.views import Curve, Frame, Lines, Mark, Panel

RATE = Slider("learning_rate", "highest rate η", 0.05, 1.6, 0.4, log=True, stops=11)
STOPS = tuple(RATE.places())
STEP, EPOCH = np.arange(1, STEPS + 1, 2), np.arange(1, EPOCHS + 1)
STYLE = {
    "constant": ("grey", 1, None),
    "step": ("blue", 2, "square"),
    "exponential": ("green", 3, "triangle"),
    "cosine": ("purple", 1, "cross"),
    "warm-up + cosine": ("orange", 0, "circle"),
}
SHORT = {"warm-up + cosine": "warm-up + cos"}
LOSS_RANGE = (1e-3, 3)


def schedules() -> Demo:
    """Sweep the highest rate of five schedules (deck 004, "Learning Rate Schedule")."""
    for name in NAMES:  # so that no move of the slider has to wait for them
        losses(name, STOPS)
    return Demo(
        "Schedules: how the learning rate should change",
        [RATE, Choice("name", "schedule", NAMES, NAMES[-1])],
        picture,
        ask="Five schedules, the same number of steps. Which will stand the highest rate, and which is the best one when "
        "the rate is low?",
        swept="learning_rate",
    )


def picture(learning_rate: float, name: str) -> Frame:
    index = nearest(STOPS, learning_rate)
    last = {each: losses(each, STOPS)[-1] for each in NAMES}
    best = min(NAMES, key=lambda each: last[each][index])
    warm = f", reached at step {WARMUP}" if name == NAMES[-1] else ""
    summary = (
        f"{name}, highest rate {STOPS[index]:g}{warm}: after {STEPS} steps the training loss {_ends(last[name][index])} (of "
        f"{STARTS} starts the one in the middle); with a constant rate it {_ends(last[NAMES[0]][index])}. "
        f"{_winner(best, last[best][index])} Guessing costs log 2 = 0.69."
    )
    return Frame([_rates(name, index), _training(name, index), _overview(name, index, last)], summary)


def _ends(loss: float) -> str:
    return f"is {loss:.2g}" if np.isfinite(loss) else "has diverged"


def _winner(best: str, loss: float) -> str:
    if loss > 0.65:
        return "At this rate none of the five learns anything."
    return f"At this rate {best} is best: its loss is {loss:.2g}."


@lru_cache(maxsize=128)
def _curve(name: str, highest: float) -> np.ndarray:
    return schedule(name, highest)(STEP)


def _rates(name: str, index: int) -> Panel:
    high = STOPS[index]
    curves = [Curve("constant", STEP, _curve("constant", high), "grey", 1)]
    if name != "constant":
        curves.append(Curve(SHORT.get(name, name), STEP, _curve(name, high), "vermillion"))
    return Lines(
        "The rate of each step",
        curves,
        x_label="step",
        y_label="learning rate η",
        x_range=(0, STEPS),
        y_range=(0, 1.15 * high),
    )


def _training(name: str, index: int) -> Panel:
    curves = [Curve("constant", EPOCH, losses("constant", STOPS)[:, index], "grey", 1)]
    if name != "constant":
        curves.append(Curve(SHORT.get(name, name), EPOCH, losses(name, STOPS)[:, index], "vermillion"))
    return Lines(
        "Training loss after each epoch",
        curves,
        x_label="epoch",
        y_label="cross-entropy",
        x_range=(0, EPOCHS),
        y_range=LOSS_RANGE,
        log_y=True,
        marks=[Mark("guessing", np.log(2), axis="y")],
    )


def _overview(name: str, index: int, last: dict[str, np.ndarray]) -> Panel:
    curves = []
    for each in NAMES:
        colour, dash, marker = STYLE[each]
        curves.append(Curve(SHORT.get(each, each), STOPS, last[each], colour, dash, marker))
    curves.append(Curve("now", [STOPS[index]], last[name][[index]], "vermillion", marker="square", line=False))
    return Lines(
        "Loss at the end, by highest rate",
        curves,
        x_label="highest rate η",
        y_label="cross-entropy",
        x_range=(STOPS[0], STOPS[-1]),
        y_range=LOSS_RANGE,
        log_x=True,
        log_y=True,
    )
