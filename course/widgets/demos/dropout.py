"""Dropout: every keep probability from a quarter to one, and the sub-networks that one trains."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.stops import nearest
from course.widgets.models.subnetworks import EPOCHS, PLACES, data, study, trained
from course.widgets.views import Bars, Curve, Frame, Lines, Mark, Panel, Series

KEEP = Slider("keep_prob", "keep probability", 0.25, 1, 0.8, stops=16)
STOPS = tuple(KEEP.places())
EVERY = 4  # of so many epochs one is drawn
EPOCH = np.arange(1, EPOCHS + 1, EVERY)
EDGES = np.linspace(-1.05, 1.05, 22)  # zero lies in the middle of a bin
EXTRAS = ("loss against keep", "histogram of weights")


def dropout() -> Demo:
    """Sweep the probability to keep a unit on 20 noisy points (deck 004, "Regularization")."""
    return Demo(
        "Dropout: an ensemble of sub-networks",
        [
            KEEP,
            Slider("members", "sub-networks drawn", 1, 16, 8, whole=True, stops=16),
            Choice("extra", "third panel", EXTRAS, EXTRAS[0]),
        ],
        picture,
        ask="A network for 20 noisy points drops some units at every step. Which share should it keep, for the "
        "validation loss to be least: all, most, half? And how far apart will its sub-networks be?",
        swept="keep_prob",
    )


def picture(keep_prob: float, members: int, extra: str) -> Frame:
    index = nearest(STOPS, keep_prob)
    seen = study(STOPS, index, members)
    third = _weights(seen["weights"]) if extra == EXTRAS[1] else _against(index)
    spread = seen["members"].std(0).mean()
    error = np.abs(seen["mean"] - seen["whole"]).mean()
    last = trained(STOPS).validation_loss[-1]
    summary = (
        f"Keep probability {STOPS[index]:g}: after {EPOCHS} epochs the training loss (units dropped) is "
        f"{seen['train_loss'][-1]:.2g}, the validation loss (all units) {last[index]:.2g}; the least of all is "
        f"{last.min():.2g}, at {STOPS[last.argmin()]:g}. {members} sub-networks differ by {spread:.2g} "
        f"(standard deviation); their mean is {error:.2g} from the whole network, on average."
    )
    return Frame([_losses(seen), _curves(seen), third], summary)


def _losses(seen: dict[str, np.ndarray]) -> Panel:
    return Lines(
        "Loss after each epoch",
        [
            Curve("training", EPOCH, seen["train_loss"][::EVERY], "blue"),
            Curve("validation", EPOCH, seen["validation_loss"][::EVERY], "vermillion", dash=1),
        ],
        x_label="epoch",
        y_label="half squared error",
        x_range=(0, EPOCHS),
        y_range=(0.02, 2),
        log_y=True,
    )


def _curves(seen: dict[str, np.ndarray]) -> Panel:
    points = data()
    each = [Curve("" if k else "sub-networks", PLACES, answer, "sky") for k, answer in enumerate(seen["members"])]
    return Lines(
        "What sub-networks say",
        [
            *each,
            Curve("their mean", PLACES, seen["mean"], "ink", dash=1),
            Curve("whole network", PLACES, seen["whole"], "vermillion"),
            Curve("20 points", points["x"], points["y"], "ink", marker="circle", line=False),
        ],
        x_label="x",
        y_label="y",
        x_range=(-3.2, 3.2),
        y_range=(-2.6, 2.6),
    )


def _against(index: int) -> Panel:
    last = trained(STOPS).validation_loss[-1]
    return Lines(
        "Validation loss at the end",
        [
            Curve("", STOPS, last, "vermillion", marker="circle"),
            Curve("now", [STOPS[index]], last[[index]], "ink", marker="square", line=False),
        ],
        x_label="keep probability",
        y_label="half squared error",
        x_range=(0.2, 1.03),
        y_range=(0, 0.5),
        marks=[Mark("least", STOPS[last.argmin()])],
    )


def _weights(weights: np.ndarray) -> Panel:
    everything = study(STOPS, len(STOPS) - 1, 1)["weights"]
    return Bars(
        "Weights after the first layer",
        [
            Series("this network", _shares(weights), "vermillion"),
            Series("keep all", _shares(everything), "grey"),
        ],
        edges=EDGES,
        x_label="weight",
        y_label="per cent of the weights",
        y_range=(0, 40),
    )


def _shares(weights: np.ndarray) -> np.ndarray:
    """Return how many per cent of the weights are in each bin; those beyond the ends count in the last one."""
    counts, _ = np.histogram(np.clip(weights, EDGES[0], EDGES[-1]), EDGES)
    return 100 * counts / weights.size
