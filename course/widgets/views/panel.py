"""What a picture is made of: panels with curves, handles and marks, in numbers and words, knowing no screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

Range = tuple[float, float]


@dataclass(frozen=True)
class Curve:
    """Points (x, y), joined by a line or not. Points that are not finite are left out, and the line is broken there.

    Attributes
    ----------
    label
        Is written at the curve's end, or beside its marker in the legend; "" for none.
    x, y
        Arrays of one length.
    colour
        A name of `colours.COLOURS`.
    dash
        The number of a pattern of `colours.DASHES`; 0 is a whole line.
    marker
        None, or a name of `colours.MARKERS`, drawn at every point.
    line
        Whether the points are joined.
    """

    label: str
    x: Any
    y: Any
    colour: str = "blue"
    dash: int = 0
    marker: str | None = None
    line: bool = True


@dataclass(frozen=True)
class Mark:
    """A straight line across the panel with a word on it: at x = `at`, or at y = `at` where `axis` is "y"."""

    label: str
    at: float
    axis: str = "x"
    colour: str = "grey"


@dataclass(frozen=True)
class Handle:
    """A knob to drag with the mouse: it moves the controls that `x` and `y` name (None: it does not move that way)."""

    label: str
    at: tuple[float, float]
    x: str | None = None
    y: str | None = None


@dataclass(frozen=True)
class Panel:
    """One set of axes."""

    kind: ClassVar[str] = ""

    title: str

    def draw(self, axes) -> None:
        """Draw the static twin on Matplotlib's axes."""
        raise NotImplementedError


@dataclass(frozen=True)
class Frame:
    """All that is seen at one setting of the controls.

    Attributes
    ----------
    panels
        From left to right.
    summary
        What the picture shows, with its numbers, in one to three sentences: for who cannot see it, and for who looks twice.
    problem
        A sentence that is shown in place of a new picture; the old one stays.
    """

    panels: Sequence[Panel] = field(default_factory=tuple)
    summary: str = ""
    problem: str = ""


def span(arrays: Sequence[Any], given: Range | None, *, log: bool = False, margin: float = 0.05) -> Range:
    """Return the range given, or one that holds all finite numbers of the arrays with a margin.

    >>> span([np.array([0.0, 10.0, np.nan])], None)
    (-0.5, 10.5)
    """
    if given is not None:
        return float(given[0]), float(given[1])
    numbers = np.concatenate([np.ravel(np.asarray(array, float)) for array in arrays] or [np.zeros(0)])
    numbers = numbers[np.isfinite(numbers) & ((numbers > 0) | (not log))]
    if not numbers.size:
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = (np.log10(numbers.min()), np.log10(numbers.max())) if log else (numbers.min(), numbers.max())
    room = margin * (high - low) if high > low else 0.5
    low, high = low - room, high + room
    return (float(10**low), float(10**high)) if log else (float(low), float(high))
