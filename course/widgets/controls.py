"""What a lecturer moves: sliders, choices and switches, and how what comes from the browser is read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from course.errors import CourseError


@dataclass(frozen=True)
class Slider:
    """A number between two ends, which can be dragged, moved with the arrow keys, or typed.

    Attributes
    ----------
    name
        The keyword by which the picture asks for the number.
    label
        What the number is called on the screen.
    low, high, value
        The ends, and where the slider stands at first.
    log
        Whether the stops are spread evenly over the logarithm.
    whole
        Whether the numbers are whole.
    stops
        How many places the slider has.
    """

    kind: ClassVar[str] = "slider"

    name: str
    label: str
    low: float
    high: float
    value: float
    log: bool = False
    whole: bool = False
    stops: int = 101

    def places(self) -> list[float]:
        """Return the numbers at which the slider stops, of three digits.

        >>> Slider("rate", "rate", 0.01, 1, 0.1, log=True, stops=5).places()
        [0.01, 0.0316, 0.1, 0.316, 1.0]
        """
        if self.whole:
            spread = np.unique(np.round(self._spread()))
            return [int(number) for number in spread]
        return [float(f"{number:.3g}") for number in self._spread()]

    def _spread(self) -> np.ndarray:
        return (np.geomspace if self.log else np.linspace)(self.low, self.high, self.stops)

    def read(self, given: Any) -> float:
        """Return what was typed or dragged to as a number, or raise `CourseError` with a sentence.

        >>> Slider("rate", "learning rate", 0, 1, 0.1).read("abc")
        Traceback (most recent call last):
        course.errors.CourseError: The learning rate must be a number from 0 to 1, not “abc”.
        """
        try:
            number = float(str(given).replace(",", ".").replace("−", "-"))
        except ValueError:
            number = math.nan
        if self.whole and math.isfinite(number) and number == int(number):
            number = int(number)
        right = self.low <= number <= self.high and (not self.whole or isinstance(number, int))
        if not right:
            kind = "whole number" if self.whole else "number"
            raise CourseError(f"The {self.label} must be a {kind} from {self.low:g} to {self.high:g}, not “{given}”.")
        return number

    def described(self) -> dict:
        return {"kind": self.kind, "name": self.name, "label": self.label, "places": self.places()}


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    kind: ClassVar[str] = "choice"

    name: str
    label: str
    options: Sequence[str]
    value: str

    def read(self, given: Any) -> str:
        """Return the choice, or raise `CourseError` with a sentence."""
        if given not in self.options:
            raise CourseError(f"The {self.label} must be one of {', '.join(self.options)}, not “{given}”.")
        return given

    def described(self) -> dict:
        return {"kind": self.kind, "name": self.name, "label": self.label, "options": list(self.options)}


@dataclass(frozen=True)
class Switch:
    """Something that is on or off."""

    kind: ClassVar[str] = "switch"

    name: str
    label: str
    value: bool = False

    def read(self, given: Any) -> bool:
        """Return whether it is on, or raise `CourseError` with a sentence."""
        if not isinstance(given, bool):
            raise CourseError(f"{self.label} is on or off, not “{given}”.")
        return given

    def described(self) -> dict:
        return {"kind": self.kind, "name": self.name, "label": self.label}


Control = Slider | Choice | Switch
