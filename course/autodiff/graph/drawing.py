"""A graph that can be looked at, in whatever way the reader's program knows."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from course.autodiff.graph.mermaid import mermaid
from course.autodiff.graph.svg import svg
from course.errors import RangeError

MOST = 300  # nodes and edges that a page has room for


class Node(NamedTuple):
    """A box: what is done there, the lines below, what kind of thing it is, and its name if it has one."""

    title: str
    lines: tuple[str, ...] = ()
    kind: str = "operation"  # or "leaf", "constant", "output"
    name: str = ""

    @property
    def text(self) -> tuple[str, ...]:
        """The lines in the box."""
        return (f"{self.name} = {self.title}" if self.name else self.title, *self.lines)


class Edge(NamedTuple):
    """An arrow from one node to another, by their numbers, with a few words on it."""

    source: int
    target: int
    label: str = ""


class Drawing:
    """Nodes and the arrows between them.

    JupyterLab shows it as a Mermaid diagram, or as SVG when there are words on the arrows; other programs show SVG or
    text. Nothing needs to be installed.

    Parameters
    ----------
    nodes
        Every node after those that point to it.
    edges
        Arrows between them.

    Raises
    ------
    RangeError
        When there are more than 300 nodes or more than 300 edges: nobody could read it.

    >>> print(Drawing([Node("x", ("2",), "leaf"), Node("exp", ("7.389",))], [Edge(0, 1)]))
    x            2
    v1 = exp(x)  7.389
    """

    def __init__(self, nodes: Sequence[Node], edges: Sequence[Edge]):
        for what, things in (("nodes", nodes), ("edges", edges)):
            if len(things) > MOST:
                raise RangeError(f"Drawing: must have at most {MOST} {what}, got {len(things)}; draw a smaller example")
        self.nodes, self.edges = tuple(nodes), tuple(edges)

    def mermaid(self) -> str:
        """Return the drawing in the language of Mermaid."""
        return mermaid(self)

    def svg(self) -> str:
        """Return the drawing as SVG."""
        return svg(self)

    def __str__(self) -> str:
        names: list[str] = []
        rows = []
        for k, node in enumerate(self.nodes):
            inputs = [f"{e.label}·{names[e.source]}" if e.label else names[e.source] for e in self.edges if e.target == k]
            own = node.title if not inputs and (node.kind == "constant" or node.title not in names) else f"v{k}"
            names.append(node.name or own)
            if node.kind != "constant":
                call = f"{names[k]} = {node.title}({', '.join(inputs)})" if inputs else names[k]
                rows.append((call, ", ".join(node.lines)))
        width = max((len(call) for call, _ in rows), default=0)
        return "\n".join(f"{call:{width}}  {lines}".rstrip() for call, lines in rows)

    def _repr_mimebundle_(self, include: Collection | None = None, exclude: Collection | None = None) -> dict[str, Any]:
        shown = {"text/vnd.mermaid": self.mermaid(), "image/svg+xml": self.svg(), "text/plain": str(self)}
        if any(edge.label for edge in self.edges):  # Mermaid lets words on crossing arrows overlap
            del shown["text/vnd.mermaid"]
        return {kind: data for kind, data in shown.items() if kind in (include or shown) and kind not in (exclude or ())}
