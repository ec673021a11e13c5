"""Drawings as SVG, with a layout in columns: every arrow points to the right."""

from html import escape
from typing import Any

FILL = {"leaf": "#e8f0fe", "constant": "#f4f4f4", "operation": "#ffffff", "output": "#fdecea"}
LINE = {"leaf": "#3367d6", "constant": "#888888", "operation": "#444444", "output": "#c5221f"}
BOLD_FIRST = (' font-weight="bold"', *[""] * 9)
LETTER, ROW, PAD, GAP_X, GAP_Y = 7.0, 16, 8, 56, 18  # pixels


def svg(drawing: Any) -> str:
    """Write a drawing as an SVG picture.

    >>> from course.autodiff.graph import Drawing, Node
    >>> svg(Drawing([Node("x < y")], [])).count("x &lt; y")
    1
    """
    boxes, width, height = layout(drawing)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" style="max-width:100%;height:auto" '
        'font-family="sans-serif" font-size="12" text-anchor="middle">',
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0,0 L8,4 L0,8 z" fill="#666666"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        *(_arrow(edge, boxes) for edge in drawing.edges),
        *(_box(node, box) for node, box in zip(drawing.nodes, boxes, strict=True)),
        *(_words(edge, boxes, drawing) for edge in drawing.edges if edge.label),
        "</svg>",
    ]
    return "\n".join(parts)


def layout(drawing: Any) -> tuple[list[tuple[float, float, float, float]], float, float]:
    """Find a box (left, top, width, height) for every node, and the size of the whole."""
    sizes = [(LETTER * max(map(len, n.text)) + 2 * PAD, ROW * (1 + len(n.lines)) + PAD) for n in drawing.nodes]
    columns = ordered(ranks(drawing), drawing)
    heights = [sum(sizes[k][1] for k in column) + GAP_Y * (len(column) - 1) for column in columns]
    boxes: list[Any] = [None] * len(sizes)
    left = PAD
    for c, (column, height) in enumerate(zip(columns, heights, strict=True)):
        widest, top = max(sizes[k][0] for k in column), PAD + (max(heights) - height) / 2
        for k in column:
            boxes[k] = (left + (widest - sizes[k][0]) / 2, top, *sizes[k])
            top += sizes[k][1] + GAP_Y
        left += widest + (_gap(drawing, column) if c + 1 < len(columns) else PAD)
    return boxes, left, max(heights, default=0) + 2 * PAD


def _gap(drawing: Any, column: list[int]) -> float:
    """Leave room to the right of a column for the longest words on its arrows."""
    return GAP_X + 2 * LETTER * max((len(edge.label) for edge in drawing.edges if edge.source in column), default=0)


def ranks(drawing: Any) -> list[int]:
    """Give every node its column: the longest way to it; what nothing points to stands right before its first use."""
    rank = [0] * len(drawing.nodes)
    into = [[edge.source for edge in drawing.edges if edge.target == k] for k in range(len(rank))]
    for k, sources in enumerate(into):
        rank[k] = 1 + max((rank[s] for s in sources), default=-1)
    for k, sources in enumerate(into):
        if not sources:
            rank[k] = max(0, min((rank[edge.target] for edge in drawing.edges if edge.source == k), default=1) - 1)
    return rank


def ordered(rank: list[int], drawing: Any) -> list[list[int]]:
    """Sort every column by the mean place of the neighbours, to and fro, so that few arrows cross."""
    columns = [[k for k, r in enumerate(rank) if r == c] for c in range(max(rank, default=-1) + 1)]
    neighbours: list[list[int]] = [[] for _ in rank]
    for edge in drawing.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    place = {k: i - len(column) / 2 for column in columns for i, k in enumerate(column)}
    for sweep in range(6):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda k: sum(place[n] for n in neighbours[k]) / max(len(neighbours[k]), 1))
            place |= {k: i - len(column) / 2 for i, k in enumerate(column)}
    return columns


def _box(node: Any, box: tuple) -> str:
    left, top, width, height = box
    radius = 4 if node.kind == "constant" else min(14, height / 2)
    texts = [
        f'<text x="{left + width / 2:.1f}" y="{top + ROW * (i + 1) - 1:.1f}"{weight}>{escape(line)}</text>'
        for i, (line, weight) in enumerate(zip(node.text, BOLD_FIRST, strict=False))
    ]
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.0f}" '
        f'fill="{FILL[node.kind]}" stroke="{LINE[node.kind]}"/>' + "".join(texts)
    )


def _ends(edge: Any, boxes: list) -> tuple[float, float, float, float]:
    (left, top, width, height), (left2, top2, _, height2) = boxes[edge.source], boxes[edge.target]
    return left + width, top + height / 2, left2, top2 + height2 / 2


def _arrow(edge: Any, boxes: list) -> str:
    x, y, x2, y2 = _ends(edge, boxes)
    bend = 0 if edge.label else (x2 - x) / 2  # words stand on a straight line
    curve = f"M{x:.1f},{y:.1f} C{x + bend:.1f},{y:.1f} {x2 - bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    return f'<path d="{curve}" fill="none" stroke="#999999" marker-end="url(#arrow)"/>'


def _words(edge: Any, boxes: list, drawing: Any) -> str:
    """Write what stands on an arrow, further along it for every source of the same target, so that words keep apart."""
    x, y, x2, y2 = _ends(edge, boxes)
    sources = [e.source for e in drawing.edges if e.target == edge.target]
    t = 0.22 + 0.56 * sources.index(edge.source) / max(len(sources) - 1, 1)
    at = f'x="{x + t * (x2 - x):.1f}" y="{y + t * (y2 - y) + 3:.1f}"'
    halo = 'stroke="#ffffff" stroke-width="3" paint-order="stroke" font-size="10"'
    return f"<text {at} {halo}>{escape(edge.label)}</text>"
