"""Network or tree: the same rows, two boundaries, and the accuracy against the number of rows."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.widgets.controls import Choice, Slider, Switch
from course.widgets.demo import Demo
from course.widgets.models.rivals import DATA, EXTRA, ROWS, networks, tables, trees
from course.widgets.views import Curve, Field, Frame, Lines, Mark

MOST_DRAWN = 300  # points


def network_or_tree() -> Demo:
    """Compare a network with a decision tree, the more rows the longer (deck 003)."""
    return Demo(
        "Network or tree?",
        [
            Slider("rows", "rows", ROWS[0], ROWS[-1], 80, log=True, whole=True, stops=len(ROWS)),
            Choice("data", "data", tuple(DATA), "if/else rules"),
            Slider("depth", "depth of the tree", 1, 10, 4, whole=True, stops=10),
            Switch("extra", f"{EXTRA} columns of noise"),
        ],
        picture,
        ask="Which needs fewer rows for if/else rules, which for a slanted line? And with eight columns of noise?",
    )


def picture(rows: int, data: str, depth: int, extra: bool) -> Frame:
    k = int(np.abs(np.log(np.array(ROWS) / rows)).argmin())
    network, tree = networks(data, extra), trees(data, extra, depth)
    points = drawn(data, extra, k)
    panels = [
        plane("The network's boundary", network["field"][k], data, points, bands=10),
        plane(f"The tree's, of depth {depth}", tree["field"][k], data, points, bands=0),
        accuracies(network["accuracy"], tree["accuracy"], ROWS[k]),
    ]
    return Frame(panels, summary(network, tree, k, depth, extra))


@lru_cache(maxsize=128)
def drawn(data: str, extra: bool, k: int) -> tuple[Curve, ...]:
    """Return the first rows as points, circles and squares."""
    (X, y), _, _ = tables(data, extra)
    X, y = (each[: min(ROWS[k], MOST_DRAWN)] for each in (X, y))
    looks = (("blue", "circle"), ("vermillion", "square"))
    return tuple(
        Curve(f"class {c}", *np.array(X[y == c, :2].T), colour, marker=marker, line=False)
        for c, (colour, marker) in enumerate(looks)
    )


def plane(title: str, field: np.ndarray, data: str, points: tuple[Curve, ...], bands: int) -> Field:
    _, (x, y), reach = DATA[data]
    return Field(
        title, field, (x - reach, x + reach), (y - reach, y + reach), points, "x₁", "x₂", bands=bands, colours="classes"
    )  # fmt: skip


def accuracies(network: np.ndarray, tree: np.ndarray, rows: int) -> Lines:
    return Lines(
        "Right on 1000 new rows",
        [
            Curve("network", ROWS, network, "blue", marker="circle"),
            Curve("tree", ROWS, tree, "vermillion", dash=1, marker="square"),
        ],
        x_label="rows to learn from",
        y_label="accuracy",
        x_range=(8, 800),
        y_range=(0.4, 1.0),
        log_x=True,
        marks=[Mark(f"{rows} rows", rows)],
    )


def summary(network: dict, tree: dict, k: int, depth: int, extra: bool) -> str:
    noise = f", {EXTRA} columns of noise among them" if extra else ""
    return (
        f"From {ROWS[k]} rows{noise}, the network gets {network['accuracy'][k]:.1%} of 1000 new ones right "
        f"({network['train_accuracy'][k]:.1%} of its own), and the tree of depth {depth} {tree['accuracy'][k]:.1%} "
        f"({tree['train_accuracy'][k]:.1%} of its own)."
    )
