"""A graph of nodes with values and gradients, some of them lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from course.widgets.views import twin
from course.widgets.views.panel import Panel


@dataclass(frozen=True)
class Node:
    """A node at (x, y), y growing upward, in any unit: all nodes are fitted into the panel.

    Attributes
    ----------
    label
        What the node is, such as "×" or "x₁".
    lines
        What is written below: value and gradient, say.
    state
        "idle", "done" (it has been visited) or "now" (it is being visited): told by the border, not by colour alone.
    shape
        "box" for an operator or a variable, "disc" for a processing element.
    """

    key: str
    label: str
    x: float
    y: float
    lines: Sequence[str] = field(default_factory=tuple)
    state: str = "idle"
    shape: str = "box"


@dataclass(frozen=True)
class Link:
    """An edge between two nodes' keys, with a word on it, drawn from the first to the second."""

    start: str
    end: str
    label: str = ""
    state: str = "idle"


@dataclass(frozen=True)
class Graph(Panel):
    """Nodes and links."""

    kind = "graph"

    nodes: Sequence[Node] = field(default_factory=tuple)
    links: Sequence[Link] = field(default_factory=tuple)

    def draw(self, axes) -> None:
        twin.graph(axes, self)
