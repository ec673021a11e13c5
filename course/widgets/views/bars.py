"""Histograms, and numbers of a few things side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.widgets.views import twin
from course.widgets.views.colours import DASHES, ORDER
from course.widgets.views.panel import Mark, Panel, Range, span


@dataclass(frozen=True)
class Series:
    """One bar for each bin or name, all of one colour."""

    label: str
    heights: Any
    colour: str = ORDER[0]


@dataclass(frozen=True)
class Bars(Panel):
    """Bars over bins (`edges`, one more than there are bars) or over `names`; several series stand side by side.

    Attributes
    ----------
    log_y
        A logarithmic axis, from `y_range`'s lower end: give the range then.
    """

    kind = "bars"

    series: Sequence[Series] = field(default_factory=tuple)
    edges: Any = None
    names: Sequence[str] = field(default_factory=tuple)
    x_label: str = ""
    y_label: str = ""
    y_range: Range | None = None
    log_y: bool = False
    marks: Sequence[Mark] = field(default_factory=tuple)

    def __post_init__(self):
        heights = [np.asarray(each.heights, float) for each in self.series]
        zero = [] if self.log_y else [np.zeros(1)]
        object.__setattr__(self, "y_range", span([*heights, *zero], self.y_range, log=self.log_y))

    def places(self) -> np.ndarray:
        """Return the edges of all bars' places: of the bins, or of a place of width one for each name."""
        return np.asarray(self.edges, float) if self.edges is not None else np.arange(len(self.names) + 1) - 0.5

    def draw(self, axes) -> None:
        edges = self.places()
        if self.log_y:
            axes.set_yscale("log")
        axes.set(title=self.title, xlabel=self.x_label, ylabel=self.y_label, xlim=edges[[0, -1]], ylim=self.y_range)
        width = np.diff(edges) / len(self.series)
        for k, each in enumerate(self.series):
            axes.bar(
                edges[:-1] + k * width, each.heights, width, align="edge", label=each.label or None,
                color=twin.paint(each.colour), hatch=(None, "//", "..", "xx")[k % len(DASHES)], edgecolor="white",
            )  # fmt: skip
        if self.names:
            axes.set_xticks(range(len(self.names)), self.names)
        twin.marks(axes, self.marks)
        twin.legend(axes, self.series)
