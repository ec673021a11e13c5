"""Drawings in the language of Mermaid, which JupyterLab knows."""

from typing import Any

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,")
SHAPES = {"leaf": '(["{}"])', "constant": '["{}"]', "operation": '("{}")', "output": '(("{}"))'}
STYLES = {
    "leaf": "fill:#e8f0fe,stroke:#3367d6,color:#111111",
    "constant": "fill:#f4f4f4,stroke:#888888,color:#111111",
    "operation": "fill:#ffffff,stroke:#444444,color:#111111",
    "output": "fill:#fdecea,stroke:#c5221f,color:#111111",
}


def mermaid(drawing: Any) -> str:
    """Write a drawing as a Mermaid flowchart from left to right.

    >>> from course.autodiff.graph import Drawing, Edge, Node
    >>> print(mermaid(Drawing([Node("x", (), "leaf"), Node("exp")], [Edge(0, 1)])).splitlines()[1])
      n0(["x"]):::leaf
    """
    lines = ["flowchart LR"]
    for k, node in enumerate(drawing.nodes):
        text = "<br/>".join(map(escape, node.text))
        lines.append(f"  n{k}{SHAPES[node.kind].format(text)}:::{node.kind}")
    for edge in drawing.edges:
        arrow = f'-- "{escape(edge.label)}" -->' if edge.label else "-->"
        lines.append(f"  n{edge.source} {arrow} n{edge.target}")
    kinds = dict.fromkeys(node.kind for node in drawing.nodes)
    return "\n".join([*lines, *(f"  classDef {kind} {STYLES[kind]}" for kind in kinds)]) + "\n"


def escape(text: str) -> str:
    """Write every character that could mean something to Mermaid or to HTML by its number.

    >>> escape('a "b" <i>')
    'a #34;b#34; #60;i#62;'
    """
    return "".join(c if c in PLAIN else f"#{ord(c)};" for c in text)
