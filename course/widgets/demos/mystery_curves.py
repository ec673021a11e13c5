"""Four loss curves without a name: what went wrong in each?"""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Choice, Slider, Switch
from course.widgets.demo import Demo
from course.widgets.models.mystery import CASES, EPOCHS, LETTERS, Case, order, train
from course.widgets.views import Curve, Frame, Lines, Panel

EPOCH = np.arange(1, EPOCHS + 1)
STYLE = {"A": ("blue", 0), "B": ("green", 1), "C": ("purple", 2), "D": ("orange", 3)}
AXES = {
    "x_label": "epoch",
    "y_label": "cross-entropy",
    "x_range": (0, EPOCHS),
    "y_range": (0.05, 20),
    "log_y": True,
}


def mystery_curves() -> Demo:
    """Read four loss curves of real trainings, then see the names and the remedies (deck 004)."""
    for kind in range(len(CASES)):  # so that nobody has to wait for them
        for cured in (False, True):
            train(kind, cured)
    return Demo(
        "Four mystery curves",
        [
            Choice("curve", "curve", tuple(LETTERS), "A"),
            Switch("reveal", "reveal what went wrong"),
            Slider("shuffle", "order of the four", 1, 24, 1, whole=True, stops=24),
        ],
        picture,
        ask="One of these trainings has too high a rate, one too low a rate, one overfits, and one explodes. Which is "
        "which, and what one change would you make to each?",
    )


def picture(curve: str, reveal: bool, shuffle: int) -> Frame:
    kinds = dict(zip(LETTERS, order(shuffle), strict=True))
    case, seen, better = CASES[kinds[curve]], train(kinds[curve], False), train(kinds[curve], True)
    last, least = seen["validation_loss"][-1], seen["validation_loss"].min()
    summary = (
        f"Curve {curve}: the training loss is {seen['train_loss'][0]:.2g} in the first epoch and "
        f"{seen['train_loss'][-1]:.2g} in the last, the validation loss {seen['validation_loss'][0]:.2g} and {last:.2g}, "
        f"at its least {least:.2g}."
    )
    if reveal:
        summary += (
            f" It is {case.name}: {case.sign}. The largest gradient had norm {seen['gradient_norm'].max():.2g}. One change, "
            f"{case.remedy[0].lower()}{case.remedy[1:]}: the validation loss ends at {better['validation_loss'][-1]:.2g}."
        )
    return Frame([_one(curve, case, seen, reveal), _all(curve, kinds), _remedy(case, seen, better, reveal)], summary)


def _one(letter: str, case: Case, seen: dict[str, np.ndarray], reveal: bool) -> Panel:
    return Lines(
        f"Curve {letter}: {case.name}" if reveal else f"Curve {letter}",
        [
            Curve("training", EPOCH, seen["train_loss"], "blue"),
            Curve("validation", EPOCH, seen["validation_loss"], "vermillion", 1),
        ],
        **AXES,
    )


def _all(letter: str, kinds: dict[str, int]) -> Panel:
    curves = [
        Curve(f"{each} (now)" if each == letter else each, EPOCH, train(kind, False)["train_loss"], *STYLE[each])
        for each, kind in kinds.items()
    ]
    return Lines("Training loss of all four", curves, **AXES)


def _remedy(case: Case, seen: dict[str, np.ndarray], better: dict[str, np.ndarray], reveal: bool) -> Panel:
    before = Curve("valid. before", EPOCH, seen["validation_loss"], "grey", 2)
    after = [
        Curve("training", EPOCH, better["train_loss"], "blue"),
        Curve("validation", EPOCH, better["validation_loss"], "vermillion", 1),
    ]
    return Lines(case.remedy if reveal else "What would you change?", [before, *(after if reveal else [])], **AXES)
