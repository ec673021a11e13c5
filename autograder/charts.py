"""The class report's pictures: bar charts as inline SVG, which take the page's colours in light and in dark.

The same numbers give the same bytes. Each picture is small enough to be read on a phone, and tells by label, length and
hatching what it also tells by colour.
"""

from __future__ import annotations

import re
import textwrap
import warnings
from typing import Any

__all__ = ["histogram", "horizontal_bars"]

BLUE, ORANGE = "#0072B2", "#E69F00"  # of Okabe and Ito: told apart by everyone
INK = "#010203"  # stands for the page's text colour until the SVG is written
LABEL = 26  # characters of a label's line


def histogram(name: str, alt: str, edges: list[str], counts: list[int], axis: str) -> Any:
    """Draw one bar between each two edges, with its number above.

    Parameters
    ----------
    name : str
        Of the picture; begins every id in it.
    alt : str
        What the picture shows, for who does not see it.
    """
    figure, axes = _figure(2.9)
    bars = axes.bar([0.5 + place for place in range(len(counts))], counts, color=BLUE, width=0.9)
    axes.bar_label(bars, labels=[str(count) if count else "" for count in counts], color=INK, fontsize=10)
    axes.set_xticks(range(len(edges)), edges)
    axes.set_yticks([])
    axes.set_ylim(0, max([*counts, 1]) * 1.15)
    axes.set_xlabel(axis, color=INK)
    axes.spines["left"].set_visible(False)
    return _svg(figure, name, alt)


def horizontal_bars(
    name: str, alt: str, labels: list[str], series: dict[str, list[float]], *, top: float, unit: str = "", digits: int = 0
) -> Any:
    """Draw for each label, from above, one bar of each of one or two series; give the series' names in a legend.

    Bars of negative values go to the left of a line at zero.
    """
    labels = ["\n".join(textwrap.wrap(label, LABEL, max_lines=2, placeholder=" …")) for label in labels]
    figure, axes = _figure(0.9 + len(labels) * (0.38 + 0.2 * len(series)) + 0.3 * (len(series) > 1))
    height = 0.8 / len(series)
    for index, (title, values) in enumerate(series.items()):
        places = [row + (index - (len(series) - 1) / 2) * height for row in range(len(labels))]
        style = {"color": BLUE} if index == 0 else {"color": ORANGE, "hatch": "///", "edgecolor": INK, "linewidth": 0}
        bars = axes.barh(places, values, height=height * 0.9, label=title, **style)
        said = [f"{value:.{digits}f}{unit}".replace("-", "−") for value in values]
        axes.bar_label(bars, labels=said, color=INK, fontsize=9, padding=3)
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xticks([])
    bottom = min(0.0, *(value for values in series.values() for value in values))
    axes.set_xlim(bottom - (0.25 * (top - bottom) if bottom < 0 else 0), top * 1.15)
    if bottom < 0:
        axes.spines["left"].set_visible(False)
        axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.spines["bottom"].set_visible(False)
    if len(series) > 1:
        figure.legend(loc="outside lower center", ncols=2, frameon=False, labelcolor=INK, fontsize=10)
    return _svg(figure, name, alt)


def _figure(height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.8, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(INK)
    axes.tick_params(colors=INK, length=0, labelsize=10)
    return figure, axes


def _svg(figure: Any, name: str, alt: str) -> Any:
    """Write a figure as an ``<svg>`` element that can stand in a page beside others."""
    import io

    import matplotlib
    from markupsafe import Markup, escape
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_parse_math(False)  # a title with two dollar signs is no formula
    out = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # the browser has the letters that our font lacks
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    svg = re.sub(r"<metadata>.*?</metadata>", "", out.getvalue()[out.getvalue().index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r'(\bid="|\bhref="#|url\(#)', rf"\g<1>{name}-", svg).replace(INK, "currentColor")
    return Markup(svg.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1))
