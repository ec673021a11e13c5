"""Views: panels of four kinds, each drawn on a canvas by a small ES module, and on paper by its static twin."""

from course.widgets.views.bars import Bars, Series
from course.widgets.views.field import Field
from course.widgets.views.graph import Graph, Link, Node
from course.widgets.views.lines import Lines
from course.widgets.views.panel import Curve, Frame, Handle, Mark, Panel

__all__ = [
    "Bars",
    "Curve",
    "Field",
    "Frame",
    "Graph",
    "Handle",
    "Lines",
    "Link",
    "Mark",
    "Node",
    "Panel",
    "Series",
]
