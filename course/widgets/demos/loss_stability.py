"""Naive against stable: where a sigmoid, a softmax and their losses end in inf or NaN."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.overflow import BREAKS, FUNCTIONS, PRECISIONS, compare, limits
from course.widgets.models.written import say
from course.widgets.views import Curve, Frame, Handle, Lines, Mark

SIZE = Slider("size", "size of the logit |a|", 1, 1000, 20, log=True, stops=61)
SIZES = tuple(np.geomspace(1, 1000, 121).tolist())
EVERY = 3  # point of the curve that is no number has a cross
SIGNS = {"a < 0": -1, "a > 0": 1}
PROBABILITIES = ("sigmoid", "softmax")
WORDS = {"overflow": "e^|a| is inf", "underflow": "e^−|a| is 0", "full": "p is 1"}
WHY = {
    (
        "sigmoid",
        -1,
    ): "There e⁻ᵃ overflows: 1/inf happens to be right, but the slope is inf/inf; from half of it on it is 0 already.",
    ("softmax", 1): "There eᵃ overflows, and inf/inf is NaN.",
    ("softmax cross-entropy", -1): "There eᵃ rounds to 0, and −log 0 is inf.",
    ("softmax cross-entropy", 1): "There eᵃ overflows, and inf/inf is NaN.",
    ("binary cross-entropy", -1): "There e⁻ᵃ overflows, p is 0, and −log 0 is inf.",
    ("binary cross-entropy", 1): "There p rounds to 1, and (1 − y)·log(1 − p) is 0·log 0, NaN.",
}


def loss_stability() -> Demo:
    """Sweep a logit to ±1000 in two precisions (decks 002 to 004, and the course's losses of logits)."""
    return Demo(
        "Naive and stable at large logits",
        [
            SIZE,
            Choice("sign", "sign", tuple(SIGNS), "a > 0"),
            Choice("function", "function", tuple(FUNCTIONS), "binary cross-entropy"),
            Choice("precision", "precision", tuple(PRECISIONS), "float64"),
        ],
        picture,
        ask="A network grows surer and surer, and is right: its loss should go to 0. What does the formula give on the way?",
        swept="size",
    )


def picture(size: float, sign: str, function: str, precision: str) -> Frame:
    a = SIGNS[sign] * size
    here = {name: float(y[0]) for name, y in compare(function, precision, (float(a),)).items()}
    panels = [
        _panel(title, which, size, sign, function, precision, here)
        for title, which in (("Value", ""), ("Slope by the logit", " slope"))
    ]
    return Frame(panels, _said(a, SIGNS[sign], function, precision, here))


def _ranges(function: str, sign: int) -> dict[str, tuple[float, float]]:
    if function in PROBABILITIES:
        return {"": (-0.1, 1.45), " slope": (-0.02, 0.26)}
    return {"": (-0.03, 0.42), " slope": (-0.32, 0.16)} if sign > 0 else {"": (-60, 1150), " slope": (-1.15, 0.15)}


@lru_cache(maxsize=32)
def _curves(function: str, precision: str, sign: str, which: str) -> list[Curve]:
    """Draw both ways; where the naive one is no finite number, a row of marks at the top says so."""
    found = compare(function, precision, tuple(SIGNS[sign] * size for size in SIZES))
    sizes, naive = np.array(SIZES), np.asarray(found["naive" + which], float)
    low, high = _ranges(function, SIGNS[sign])[which]
    curves = [
        Curve("stable", sizes, np.asarray(found["stable" + which], float), "blue"),
        Curve("naive", sizes, np.where(np.isfinite(naive), naive, np.nan), "vermillion", 1),
    ]
    for word, fails, marker in (("naive: NaN", np.isnan(naive), "cross"), ("naive: inf", np.isinf(naive), "triangle")):
        if fails.any():
            x = sizes[fails][::EVERY]
            curves.append(Curve(word, x, np.full(len(x), high - 0.16 * (high - low)), "vermillion", 0, marker, line=False))
    return curves


def _panel(title: str, which: str, size: float, sign: str, function: str, precision: str, here: dict[str, Any]) -> Lines:
    stable, naive = here["stable" + which], here["naive" + which]
    now = [Curve("", [size], [naive], "vermillion", marker="square", line=False)] if np.isfinite(naive) else []
    what = BREAKS[function][SIGNS[sign] > 0]
    return Lines(
        title,
        [*_curves(function, precision, sign, which), *now],
        x_label=f"|a|, {sign}",
        x_range=(SIZES[0], SIZES[-1]),
        y_range=_ranges(function, SIGNS[sign])[which],
        log_x=True,
        marks=[Mark(WORDS[what], limits(precision)[what])] if what else [],
        handles=[Handle("", (size, stable), x="size")],
    )


def _said(a: float, sign: int, function: str, precision: str, here: dict[str, float]) -> str:
    named = function if function in PROBABILITIES else f"{function} with target 1"
    said = (
        f"The {named} of a = {say(a)} in {precision}: the stable way gives {_word(here['stable'])} with slope "
        f"{_word(here['stable slope'])}, the naive way {_word(here['naive'])} with slope {_word(here['naive slope'])}. "
    )
    what = BREAKS[function][sign > 0]
    if what is None:
        return said + "On this side nothing overflows, and both agree."
    return said + f"The naive way fails from |a| = {limits(precision)[what]:.1f} on. {WHY[function, sign]}"


def _word(number: float) -> str:
    if np.isnan(number):
        return "NaN"
    return say(number)
