"""Finite differences: the error against the step, where truncation meets rounding."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.difference_error import FUNCTIONS, digits, errors, slopes
from course.widgets.models.written import say
from course.widgets.views import Bars, Curve, Frame, Lines, Mark, Series

STEP = Slider("h", "step h", 1e-16, 1, 0.1, log=True, stops=65)
STEPS = tuple(STEP.places())
WORST, FLOOR = 1e2, 1e-17  # the ends of the error's axis; an error of zero stands at the lower one
COARSE = 1e-12  # below it x + h keeps a few digits of h only, and a slope may be right by luck
NEAR = 3  # steps on either side, over which the error is averaged to find the best
LOWEST = 1e-14  # where the lines of truncation end
X = np.linspace(-1, 3, 161)
HEIGHT = {
    "exp(x)": (-3, 16),
    "sin(x)": (-1.5, 2),
    "sin(x) + 1000": (998.5, 1002),
    "tanh(x)": (-1.2, 1.8),
    "|x − 1|": (-1, 2.5),
}
LOOK = {"forward": ("forward", "vermillion", 0), "central": ("centred", "blue", 1), "complex": ("complex step", "green", 2)}


def finite_differences() -> Demo:
    """Sweep h over 16 powers of ten: forward, centred and complex step (decks 000 and 001)."""
    return Demo(
        "Finite differences: how small should h be?",
        [
            STEP,
            Slider("x", "point x", 0.1, 2, 1, stops=39),
            Choice("function", "function", tuple(FUNCTIONS), "exp(x)"),
        ],
        picture,
        ask="In the limit h goes to 0. So we make h smaller and smaller: does the error go to 0 as well?",
        swept="h",
    )


def picture(h: float, x: float, function: str) -> Frame:
    found = _drawn(function, x)
    here = slopes(function, x, h)
    right = {scheme: digits(slope, found["exact"]) for scheme, slope in here.items()}
    bars = Bars(
        "Digits that are right",
        [Series("", np.array(list(right.values())), "blue")],
        names=[name for name, _, _ in LOOK.values()],
        y_label="of 16 digits",
        y_range=(0, 17),
        marks=[Mark("all", 16, axis="y")],
    )
    said = _said(found, function, x, h, here, right)
    return Frame([_secants(function, x, h, here), _error(found, here, h), bars], said.replace("e-", "e−"))


@lru_cache(maxsize=64)
def _drawn(function: str, x: float) -> dict[str, Any]:
    """What stays while h moves: the errors with zeros at the floor, and the function."""
    found = errors(function, x, STEPS)
    drawn = {name: np.maximum(found[name], FLOOR) for name in LOOK}
    for name in ("forward truncation", "central truncation"):
        seen = found[name] > LOWEST
        drawn[name], drawn[f"steps of {name}"] = found[name][seen], found["steps"][seen]
    return found | drawn | {"best": {name: _best(found, name) for name in ("forward", "central")}}


def _best(found: dict[str, Any], scheme: str) -> float:
    """Return the step with the least error on an average over a decade and a half: single points are luck."""
    first = int(np.searchsorted(STEPS, COARSE))
    around = np.lib.stride_tricks.sliding_window_view(np.log(np.maximum(found[scheme][first:], FLOOR)), 2 * NEAR + 1)
    return STEPS[first + NEAR + int(around.mean(1).argmin())]


def _error(found: dict[str, Any], here: dict[str, float], h: float) -> Lines:
    theory = [("½h|f″|", "forward truncation", 0), ("h²|f‴|/6", "central truncation", 1), ("ε|f|/h", "rounding", 2)]
    curves = [
        Curve(label, found.get(f"steps of {name}", found["steps"]), found[name], "grey", dash)
        for label, name, dash in theory
        if found[name].any()
    ]
    for scheme, (label, colour, dash) in LOOK.items():
        if np.isfinite(found[scheme]).any():
            curves.append(Curve(label, found["steps"], found[scheme], colour, dash))
            now = max(abs(here[scheme] - found["exact"]), FLOOR)
            curves.append(Curve("", [h], [now], colour, marker="circle", line=False))
    best = [("~√ε", "forward", found["best forward"]), ("~∛ε", "central", found["best central"])]
    marks = [Mark(label, at, colour=LOOK[name][1]) for label, name, at in best if STEPS[0] < at < STEPS[-1]]
    return Lines(
        "The error against h",
        curves,
        x_label="step h",
        y_label="|error|, 0 at the bottom",
        x_range=(STEPS[0], STEPS[-1]),
        y_range=(FLOOR, WORST),
        log_x=True,
        log_y=True,
        marks=[*marks, Mark("h", h, colour="ink")],
    )


@lru_cache(maxsize=8)
def _values(function: str) -> np.ndarray:
    return FUNCTIONS[function].f(X)


def _secants(function: str, x: float, h: float, here: dict[str, float]) -> Lines:
    f = FUNCTIONS[function].f
    ends, y = np.array([-1.0, 3.0]), float(f(x))
    middle = float(f(x + h) + f(x - h)) / 2
    return Lines(
        "f, and lines through two points",
        [
            Curve("f", X, _values(function), "grey"),
            Curve("forward", ends, y + here["forward"] * (ends - x), "vermillion"),
            Curve("centred", ends, middle + here["central"] * (ends - x), "blue", 1),
            Curve("", [x, x + h], [y, float(f(x + h))], "vermillion", marker="circle", line=False),
            Curve("", [x - h, x + h], [float(f(x - h)), float(f(x + h))], "blue", marker="square", line=False),
        ],
        x_label="x",
        y_label="f(x)",
        x_range=(-1, 3),
        y_range=HEIGHT[function],
    )


def _said(found: dict[str, Any], function: str, x: float, h: float, here: dict, right: dict) -> str:
    now = ", ".join(
        f"{LOOK[scheme][0]} {say(abs(slope - found['exact']))} ({right[scheme]:g} digits)"
        for scheme, slope in here.items()
        if np.isfinite(slope)
    )
    said = f"{function} at x = {x:g} with h = {say(h)}: the error is {now}. "
    if not np.isfinite(here["complex"]):
        said += "The absolute value gives no complex numbers, so the complex step cannot be used. "
        return said + (
            "At x = 1 there is a kink and no derivative: errors are against 0, which np.sign gives."
            if x == 1
            else "Nothing is truncated while h stays on one side of the kink, so a large h is best."
        )
    best = [
        f"{LOOK[name][0]} {say(found['best'][name])} (theory {say(found[f'best {name}'])})"
        for name in ("forward", "central")
    ]
    return said + f"The best h is {' and '.join(best)}; the complex step has none, it need only be small."
