"""Batch, stochastic, mini-batch: the noise of the path, and what is gained for an epoch and for a second."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.batch_noise import (
    DRAWS,
    EPOCHS,
    EXAMPLE_COST,
    EXAMPLES,
    STEP_COST,
    TIME,
    data,
    excess,
    noise,
    steps_of,
    walk,
)
from course.widgets.views import Bars, Curve, Field, Frame, Handle, Lines, Mark, Panel, Series

W_RANGE, B_RANGE = (-2.0, 4.0), (-3.5, 2.5)
EDGES = np.linspace(0, 180, 19)
EQUAL = ("epochs", "time")


def batch_size() -> Demo:
    """Sweep the size of a batch from 1 to all 64 examples (deck 003, "Three flavors of gradient descent")."""
    return Demo(
        "Batch, stochastic, mini-batch",
        [
            Slider("batch_size", "batch size B", 1, EXAMPLES, 4, log=True, whole=True, stops=7),
            Slider("learning_rate", "learning rate η", 0.01, 1, 0.1, log=True, stops=41),
            Choice("equal", "compare at equal", EQUAL, EQUAL[0]),
            Slider("w", "start w", -1.8, 3.8, -1, stops=57),
            Slider("b", "start b", -3.3, 2.3, 1.5, stops=57),
        ],
        picture,
        ask="One example, eight, or all 64 for a step: which path is the straightest, and which has come farthest after "
        "four epochs? Does the answer change when the runs take the same time?",
        swept="batch_size",
    )


def picture(batch_size: int, learning_rate: float, equal: str, w: float, b: float) -> Frame:
    sizes = dict.fromkeys([batch_size, 1, EXAMPLES])
    runs = {size: _walk(size, learning_rate, w, b, equal) for size in sizes}
    here, run = noise(batch_size, w, b), runs[batch_size]
    downhill = 100 * (here["angles"] < 90).mean()
    steps, last = len(run["excess"]) - 1, run["excess"][-1]
    cost = steps * (STEP_COST + batch_size * EXAMPLE_COST)
    end = f"{last:.2g} above the least" if np.isfinite(last) and last < 1e6 else "beyond all bounds: the rate is too high"
    summary = (
        f"B = {batch_size}, η = {learning_rate:g}: {steps} steps, which take {cost:.2g} ms by the cost model "
        f"({1000 * STEP_COST:g} µs a step and {1000 * EXAMPLE_COST:g} µs an example), end with a loss {end}. At the start "
        f"the gradient has norm {np.hypot(*here['full']):.2g}, its noise {here['spread']:.2g}; {downhill:.0f} % of "
        "the batches point downhill."
    )
    return Frame([_field(run, w, b), _angles(here), _losses(runs, batch_size, equal)], summary)


@lru_cache(maxsize=256)
def _walk(size: int, learning_rate: float, w: float, b: float, equal: str) -> dict[str, np.ndarray]:
    return walk(size, learning_rate, (w, b), steps_of(size, equal))


@lru_cache(maxsize=1)
def _landscape() -> np.ndarray:
    w, b = np.meshgrid(np.linspace(*W_RANGE, 48), np.linspace(*B_RANGE, 48))
    height = np.log(excess(w, b) + 0.02)
    return (height - height.min()) / (height.max() - height.min())


def _field(run: dict[str, np.ndarray], w: float, b: float) -> Panel:
    path = np.where(np.abs(run["path"]) < 100, run["path"], np.nan)
    return Field(
        "Steps on the loss J(w, b)",
        _landscape(),
        W_RANGE,
        B_RANGE,
        [
            Curve("path", path[:, 0], path[:, 1], "orange", marker="circle" if len(path) < 40 else None),
            Curve("least loss", data()["best"][:1], data()["best"][1:], "vermillion", marker="cross", line=False),
        ],
        x_label="w",
        y_label="b",
        handles=[Handle("start", (w, b), x="w", y="b")],
    )


def _angles(here: dict[str, np.ndarray]) -> Panel:
    shares = 100 * np.histogram(here["angles"], EDGES)[0] / DRAWS
    return Bars(
        "Angle to the full gradient",
        [Series("", shares, "blue")],
        edges=EDGES,
        x_label="degrees, at the start",
        y_label="per cent of the batches",
        y_range=(0, 100),
        marks=[Mark("uphill →", 90)],
    )


def _losses(runs: dict[int, dict[str, np.ndarray]], size: int, equal: str) -> Panel:
    curves = []
    for each, colour, dash in ((1, "grey", 2), (EXAMPLES, "grey", 1), (size, "vermillion", 0)):
        height = runs[each]["excess"]
        unit = 1 / -(-EXAMPLES // each) if equal == "epochs" else STEP_COST + each * EXAMPLE_COST
        if each != size or colour != "grey":
            curves.append(Curve(f"B = {each}", unit * np.arange(len(height)), height, colour, dash))
    return Lines(
        f"Loss at equal {equal}",
        curves,
        x_label="epochs" if equal == "epochs" else "time by the cost model (ms)",
        y_label="J − least J",
        x_range=(0, EPOCHS if equal == "epochs" else TIME),
        y_range=(1e-4, 100),
        log_y=True,
    )
