"""Batch norm and layer norm: the activations' histograms through depth, with and without."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Choice, Slider, Switch
from course.widgets.demo import Demo
from course.widgets.models.normalized import ACTIVATIONS, DEPTH, MOST_BATCHES, NORMALIZATIONS, through_depth
from course.widgets.views import Bars, Curve, Frame, Lines, Series

EDGES = {"tanh": np.linspace(-1, 1, 17), "sigmoid": np.linspace(0, 1, 17), "ReLU": np.linspace(0, 4, 17)}
SHOWN = ((1, "blue"), (4, "orange"), (DEPTH, "vermillion"))  # layers, counted from one


def normalization() -> Demo:
    """Sweep the size of the weights through eight layers, in training and in evaluation (deck 003)."""
    return Demo(
        "Normalization through depth",
        [
            Slider("weight_size", "weights, times Xavier's", 0.1, 10, 1, log=True, stops=41),
            Choice("kind", "normalization", NORMALIZATIONS, "batch norm"),
            Choice("activation", "activation", tuple(ACTIVATIONS), "tanh"),
            Slider("batch_size", "batch size", 2, 64, 32, log=True, whole=True, stops=6),
            Switch("evaluation", "evaluation"),
            Slider("seen", "batches seen in training", 0, MOST_BATCHES, MOST_BATCHES, whole=True, stops=MOST_BATCHES + 1),
        ],
        picture,
        ask="The weights grow. What becomes of tanh in layer 8, without batch norm and with it? And after the switch to "
        "evaluation, when no batch has been seen yet?",
        swept="weight_size",
    )


def picture(weight_size: float, kind: str, activation: str, batch_size: int, evaluation: bool, seen: int) -> Frame:
    settings = activation, weight_size, batch_size, evaluation, seen
    without, normalized = through_depth(None, *settings), through_depth(kind, *settings)
    panels = [
        histograms("Without normalization", without["activations"], activation),
        histograms(f"With {kind}", normalized["activations"], activation),
        gradients(kind, without["gradient"], normalized["gradient"]),
    ]
    return Frame(panels, summary(without, normalized, *settings, kind))


def histograms(title: str, z: np.ndarray, activation: str) -> Bars:
    """Draw the shares of three layers' activations; those beyond the ends are counted in the last bars."""
    edges = EDGES[activation]
    series = []
    for layer, colour in SHOWN:
        inside = np.clip(z[layer - 1], edges[0], edges[-1])
        series.append(Series(f"layer {layer}", np.histogram(inside, edges)[0] / inside.size, colour))
    return Bars(title, series, edges, x_label="activation", y_label="share", y_range=(0, 0.6))


def gradients(kind: str, without: np.ndarray, normalized: np.ndarray) -> Lines:
    layers = np.arange(DEPTH + 1)
    return Lines(
        "The gradient in every layer",
        [
            Curve("without", layers, without, "grey", dash=1, marker="square"),
            Curve(kind, layers, normalized, "green", marker="circle"),
        ],
        x_label="layer (0 is the input)",
        y_label="norm of ∂J/∂z",
        x_range=(0, DEPTH),
        y_range=(1e-8, 1e8),
        log_y=True,
    )


def summary(without: dict, normalized: dict, activation, weight_size, batch_size, evaluation, seen, kind) -> str:
    spreads = [run["activations"][-1].std() for run in (without, normalized)]
    left = [run["gradient"][0] for run in (without, normalized)]
    mode = f"in evaluation, after {seen} batches of {batch_size}" if evaluation else f"in training, batches of {batch_size}"
    return (
        f"{activation}, weights {weight_size:g} times Xavier's, {mode}: the activations of layer {DEPTH} have a standard "
        f"deviation of {spreads[0]:.2g} without {kind} and of {spreads[1]:.2g} with it. Of a gradient of length 1 at the "
        f"output {left[0]:.2g} and {left[1]:.2g} arrive at the input."
    )
