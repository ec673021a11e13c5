"""Early stopping: how long to wait for a better validation loss, and which weights come back."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.patience import EPOCHS, RUNS, data, predict, recorded, stop
from course.widgets.views import Curve, Frame, Lines, Mark, Panel

EPOCH = np.arange(1, EPOCHS + 1)
X = np.linspace(-3, 3, 81)


def early_stopping() -> Demo:
    """Sweep the patience over two recorded trainings that overfit (decks 003 and 004)."""
    for run in RUNS:  # so that no move of the slider has to wait for them
        recorded(run)
    return Demo(
        "Early stopping: patience, and the weights that come back",
        [
            Slider("patience", "patience (epochs)", 1, 80, 16, whole=True, stops=80),
            Slider("min_delta", "min_delta", 0, 0.04, 0, stops=21),
            Choice("run", "training", RUNS, RUNS[0]),
        ],
        picture,
        ask="With a patience of 1 the training ends at the first epoch that is not better. Where will that be? And how much "
        "patience does it take to get over the first bump?",
        swept="patience",
    )


def picture(patience: int, min_delta: float, run: str) -> Frame:
    record, found = recorded(run), stop(run, patience, min_delta)
    loss = record["validation_loss"]
    kept, least = found["ended"], int(loss.argmin()) + 1
    outcome = (
        f"it stops after epoch {kept} and brings back the weights of epoch {found['best_epoch']}, validation loss "
        f"{found['best_loss']:.3g}"
        if kept
        else f"nothing stops it in {EPOCHS} epochs: the last weights stay, validation loss {loss[-1]:.3g}, although those "
        f"of epoch {found['best_epoch']} had {found['best_loss']:.3g}"
    )
    summary = (
        f"Patience {patience}, min_delta {min_delta:g}, {run}: {outcome}. The least of all {EPOCHS} epochs is "
        f"{loss.min():.3g}, at epoch {least}; the last has {loss[-1]:.3g}."
    )
    return Frame([_losses(record, found), _waiting(found, patience), _curves(run, found)], summary)


def _losses(record: dict[str, np.ndarray], found: dict[str, Any]) -> Panel:
    best, ended = found["best_epoch"], found["ended"]
    marks = [Mark("stop", ended, colour="ink")] if ended else []
    held = found["best_loss"] if ended else record["validation_loss"][-1]
    return Lines(
        "Loss after each epoch",
        [
            Curve("training", EPOCH, record["train_loss"], "blue"),
            Curve("validation", EPOCH, record["validation_loss"], "vermillion", dash=1),
            Curve("weights kept", [best if ended else EPOCHS], [held], "ink", marker="square", line=False),
        ],
        x_label="epoch",
        y_label="half squared error",
        x_range=(0, EPOCHS),
        y_range=(0.02, 1),
        log_y=True,
        marks=marks,
    )


def _waiting(found: dict[str, Any], patience: int) -> Panel:
    waited = found["waited"]
    return Lines(
        "Epochs without improvement",
        [Curve("waited", EPOCH[: len(waited)], waited, "green")],
        x_label="epoch",
        y_label="epochs waited",
        x_range=(0, EPOCHS),
        y_range=(0, 90),
        marks=[Mark("patience", patience, axis="y")],
    )


def _curves(run: str, found: dict[str, Any]) -> Panel:
    points = data()
    return Lines(
        "The weights kept, and the last",
        [
            Curve("never stopped", X, _last(run), "grey", dash=2),
            Curve("weights kept", X, predict(found["parameters"], X), "ink"),
            Curve("training", points["x"], points["y"], "blue", marker="circle", line=False),
            Curve("validation", points["validation_x"], points["validation_y"], "vermillion", marker="cross", line=False),
        ],
        x_label="x",
        y_label="y",
        x_range=(-3, 3),
        y_range=(-2.6, 2.6),
    )


@lru_cache(maxsize=2)
def _last(run: str) -> np.ndarray:
    return predict(recorded(run)["parameters"][-1], X)
