"""Curves over one pair of axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from course.widgets.views import twin
from course.widgets.views.panel import Curve, Handle, Mark, Panel, Range, span


@dataclass(frozen=True)
class Lines(Panel):
    """Curves, with marks and handles, on linear or logarithmic axes.

    A range that is not given is that of the numbers: give it where the picture must not jump while a slider moves.
    """

    kind = "lines"

    curves: Sequence[Curve] = field(default_factory=tuple)
    x_label: str = ""
    y_label: str = ""
    x_range: Range | None = None
    y_range: Range | None = None
    log_x: bool = False
    log_y: bool = False
    marks: Sequence[Mark] = field(default_factory=tuple)
    handles: Sequence[Handle] = field(default_factory=tuple)

    def __post_init__(self):
        xs, ys = [curve.x for curve in self.curves], [curve.y for curve in self.curves]
        object.__setattr__(self, "x_range", span(xs, self.x_range, log=self.log_x, margin=0.0))
        object.__setattr__(self, "y_range", span(ys, self.y_range, log=self.log_y))

    def draw(self, axes) -> None:
        if self.log_x:
            axes.set_xscale("log")
        if self.log_y:
            axes.set_yscale("log")
        twin.frame(axes, self)
        for curve in self.curves:
            twin.curve(axes, curve)
        twin.marks(axes, self.marks)
        twin.handles(axes, self.handles)
        twin.legend(axes, self.curves)
