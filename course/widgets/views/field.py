"""A landscape seen from above, with paths and points on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from course.widgets.views import twin
from course.widgets.views.panel import Curve, Handle, Panel, Range


@dataclass(frozen=True)
class Field(Panel):
    """Values on a grid as colours, and curves over them.

    Attributes
    ----------
    values
        Shape (rows, columns): ``values[0, 0]`` belongs to the lower left corner. Numbers from 0 to 1, the ends of the
        colour map; scale them in the model (a logarithm shows the floor of a valley). None for no colours.
    bands
        In how many steps the colours change, so that the seams are contour lines; 0 for a smooth field.
    colours
        "cividis" for a height, "classes" for the probability of the second of two classes (blue 0, vermillion 1).
    """

    kind = "field"

    values: Any = None
    x_range: Range = (-1.0, 1.0)
    y_range: Range = (-1.0, 1.0)
    curves: Sequence[Curve] = field(default_factory=tuple)
    x_label: str = ""
    y_label: str = ""
    bands: int = 16
    colours: str = "cividis"
    handles: Sequence[Handle] = field(default_factory=tuple)

    def draw(self, axes) -> None:
        twin.frame(axes, self)
        twin.image(axes, self)
        for curve in self.curves:
            twin.curve(axes, curve)
        twin.handles(axes, self.handles)
        twin.legend(axes, self.curves)
