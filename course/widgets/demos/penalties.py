"""L1 and L2 side by side: how strong a penalty should be, and what it does to the weights."""

from __future__ import annotations

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.shrinkage import FEATURES, POINTS, TRUTHS, features, path, problem
from course.widgets.models.stops import nearest
from course.widgets.views import Bars, Curve, Frame, Lines, Mark, Panel, Series

STRENGTH = Slider("strength", "strength λ", 1e-3, 1, 0.01, log=True, stops=31)
STOPS = tuple(STRENGTH.places())
LAMBDA = np.array(STOPS)
X = np.linspace(0, 1, 121)
PHI = features(X)
EDGES = np.linspace(-1.65, 1.65, 34)  # zero lies in the middle of a bin
NAMES = ("L1", "L2")
COLOUR, DASH = {"L1": "vermillion", "L2": "blue"}, {"L1": 0, "L2": 1}


def penalties() -> Demo:
    """Sweep λ for L1 and L2 on 40 features and 30 points (decks 003 and 004, "Regularization")."""
    for truth in TRUTHS:  # so that no move of the slider has to wait for them
        for name in NAMES:
            path(truth, name, STOPS)
    return Demo(
        "L1 and L2: what a penalty does to the weights",
        [STRENGTH, Choice("truth", "what generated the points", TRUTHS, TRUTHS[0])],
        picture,
        ask="40 weights, 30 points. Both penalties grow from left to right: which one sets weights to zero, and which one "
        "predicts better? Does the answer depend on how the points came about?",
        swept="strength",
    )


def picture(strength: float, truth: str) -> Frame:
    index = nearest(STOPS, strength)
    paths = {name: path(truth, name, STOPS) for name in NAMES}
    weights = {name: paths[name]["weights"][index] for name in NAMES}
    zeros = {name: int(paths[name]["zeros"][index]) for name in NAMES}
    best = {name: int(paths[name]["validation_loss"].argmin()) for name in NAMES}
    found = "; ".join(
        f"{name}: {zeros[name]} of {FEATURES} weights within 0.001 of zero, validation loss "
        f"{paths[name]['validation_loss'][index]:.2g} (at best {paths[name]['validation_loss'].min():.2g}, "
        f"at λ = {STOPS[best[name]]:g})"
        for name in NAMES
    )
    summary = (
        f"λ = {STOPS[index]:g}, {truth}. {found}. L1 here is a subgradient step, λ sign w, with a rate that falls to zero: "
        "its weights come near zero, and seldom to it exactly."
    )
    return Frame([_histogram(weights, zeros), _losses(paths, best, index), _fits(weights, truth)], summary)


def _histogram(weights: dict[str, np.ndarray], zeros: dict[str, int]) -> Panel:
    series = [
        Series(f"{name}: {zeros[name]} zero", np.histogram(inside, EDGES)[0], COLOUR[name])
        for name, inside in ((name, np.clip(weights[name], EDGES[0], EDGES[-1])) for name in NAMES)
    ]
    return Bars(
        f"The {FEATURES} weights", series, edges=EDGES, x_label="weight", y_label="how many weights", y_range=(0, FEATURES)
    )


def _losses(paths: dict[str, dict[str, np.ndarray]], best: dict[str, int], index: int) -> Panel:
    curves = []
    for name in NAMES:
        loss = paths[name]["validation_loss"]
        curves.append(Curve(name, LAMBDA, loss, COLOUR[name], DASH[name]))
        curves.append(Curve("", LAMBDA[[best[name]]], loss[[best[name]]], COLOUR[name], marker="square", line=False))
    return Lines(
        "Validation loss (□ the least)",
        curves,
        x_label="strength λ",
        y_label="half squared error",
        x_range=(STOPS[0], STOPS[-1]),
        y_range=(0.05, 2),
        log_x=True,
        log_y=True,
        marks=[Mark("λ", STOPS[index])],
    )


def _fits(weights: dict[str, np.ndarray], truth: str) -> Panel:
    points = problem(truth)
    return Lines(
        "The fitted curves",
        [
            Curve("truth", X, PHI @ points["weights"], "grey", dash=2),
            *(Curve(name, X, PHI @ weights[name], COLOUR[name], DASH[name]) for name in NAMES),
            Curve(f"{POINTS} points", points["x"], points["y"], "ink", marker="circle", line=False),
        ],
        x_label="x",
        y_label="y",
        x_range=(0, 1),
        y_range=(-4.5, 4.5),
    )
