"""The static twin of every view: the same panels, drawn by Matplotlib, for pages that have no kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.widgets.views.colours import COLOURS, DASHES, MAPS

MARKER = {"circle": "o", "square": "s", "triangle": "^", "cross": "x", None: None}
SIZE = 15  # points of text, for a figure as wide as a page


def paint(colour: str) -> str:
    """Return the colour on a light page."""
    return COLOURS[colour][0]


def figure(frame) -> Any:
    """Draw a frame's panels side by side, up to three in a row."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    columns = min(3, max(1, len(frame.panels)))
    rows = -(-len(frame.panels) // columns) or 1
    with mpl.rc_context({"font.size": SIZE, "lines.linewidth": 3, "axes.titlesize": SIZE}):
        picture = Figure(figsize=(7.5 * columns, 5.6 * rows), layout="none")  # whatever the notebook set for its own
        FigureCanvasAgg(picture)
        for k, panel in enumerate(frame.panels, 1):
            panel.draw(picture.add_subplot(rows, columns, k))
        picture.subplots_adjust(  # fixed margins: a layout that fits them costs as much as the whole drawing
            left=0.8 / (7.5 * columns) + 0.03,
            right=0.985,
            bottom=0.8 / (5.6 * rows),
            top=1 - 0.5 / (5.6 * rows),
            wspace=0.24,
            hspace=0.34,
        )
    return picture


def frame(axes, panel) -> None:
    axes.set(title=panel.title, xlabel=panel.x_label, ylabel=panel.y_label, xlim=panel.x_range, ylim=panel.y_range)


def curve(axes, each) -> None:
    dash = DASHES[each.dash % len(DASHES)]
    axes.plot(
        each.x, each.y, label=each.label or None, color=paint(each.colour), marker=MARKER[each.marker], markersize=6,
        linestyle=((0, tuple(d / 3 for d in dash)) if dash else "-") if each.line else "none",
    )  # fmt: skip


def image(axes, panel) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    if panel.values is None:
        return
    colours = LinearSegmentedColormap.from_list("course", MAPS[panel.colours]["light"], N=panel.bands or 256)
    extent = (*panel.x_range, *panel.y_range)
    values = np.nan_to_num(np.asarray(panel.values, float), nan=1.0, posinf=1.0, neginf=0.0)
    axes.imshow(values, origin="lower", extent=extent, cmap=colours, vmin=0, vmax=1, aspect="auto", interpolation="bilinear")


def marks(axes, lines) -> None:
    for mark in lines:
        (axes.axvline if mark.axis == "x" else axes.axhline)(mark.at, color=paint(mark.colour), linestyle="--", linewidth=2)
        if mark.axis == "x":
            axes.text(mark.at, 0.98, f" {mark.label}", transform=axes.get_xaxis_transform(), va="top", clip_on=True)
        else:
            axes.text(0.02, mark.at, mark.label, transform=axes.get_yaxis_transform(), va="bottom", clip_on=True)


def handles(axes, knobs) -> None:
    for knob in knobs:
        axes.plot(*knob.at, marker="o", markersize=16, color="white", markeredgecolor=paint("ink"), markeredgewidth=3)
        axes.annotate(knob.label, knob.at, xytext=(12, 12), textcoords="offset points", clip_on=True)


def legend(axes, named) -> None:
    if any(each.label for each in named):
        axes.legend(fontsize=SIZE - 3, framealpha=0.85)


def graph(axes, panel) -> None:
    axes.set_title(panel.title)
    axes.set_axis_off()
    at = {node.key: (node.x, node.y) for node in panel.nodes}
    width = {"idle": 1.2, "done": 2.5, "now": 4.5}
    ink = {"idle": paint("grey"), "done": paint("blue"), "now": paint("vermillion")}
    for link in panel.links:
        arrow = {
            "arrowstyle": "-|>", "color": ink[link.state], "linewidth": width[link.state], "shrinkA": 24, "shrinkB": 24,
        }  # fmt: skip
        axes.annotate("", at[link.end], at[link.start], arrowprops=arrow)
        if link.label:
            near = np.average([at[link.start], at[link.end]], axis=0, weights=[0.58, 0.42])
            axes.text(*near, link.label, ha="center", va="bottom", fontsize=SIZE - 4)
    for node in panel.nodes:
        text = "\n".join([node.label, *node.lines])
        box = {
            "boxstyle": "round" if node.shape == "box" else "circle", "facecolor": "white",
            "edgecolor": ink[node.state], "linewidth": width[node.state],
        }  # fmt: skip
        axes.text(node.x, node.y, text, ha="center", va="center", fontsize=SIZE - 4, bbox=box)
    xs, ys = [x for x, _ in at.values()] or [0], [y for _, y in at.values()] or [0]
    axes.set(xlim=(min(xs) - 0.6, max(xs) + 0.6), ylim=(min(ys) - 0.6, max(ys) + 0.6))
