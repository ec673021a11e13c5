"""Moving one array along a line, and comparing the slope found there with the gradient claimed."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from course.autodiff.finite_difference import STEP
from course.gradient_check.diagnosis import not_numbers, relation
from course.gradient_check.report import Finding

Probe = tuple[Any, np.ndarray]  # what the report calls it: an index, or the number of a direction; and the direction


def every_entry(array: np.ndarray) -> Iterator[Probe]:
    """Give the unit vector of each entry, with its index."""
    direction = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        direction[index] = 1.0
        yield index, direction
        direction[index] = 0.0


def random_directions(array: np.ndarray, k: int, rng: np.random.Generator) -> Iterator[Probe]:
    """Give k directions of length one, uniform on the sphere."""
    for number in range(k):
        direction = rng.standard_normal(array.shape)
        yield (number,), direction / np.linalg.norm(direction)


class Line:
    """The weighted output Σ g·f as one array moves along a direction.

    Parameters
    ----------
    outputs
        Computes the outputs from the arrays as they stand.
    array
        The array to move: in place, and always moved back.
    g_out
        The upstream gradient.
    """

    def __init__(self, outputs: Callable[[], np.ndarray], array: np.ndarray, g_out: np.ndarray):
        self.outputs, self.array, self.g_out = outputs, array, g_out
        self.start, self.here = array.copy(), outputs()
        self.noise = 50 * np.finfo(np.float64).eps * float(np.abs(self.here * g_out).sum())

    def slopes(self, direction: np.ndarray, step: float) -> tuple[float, float]:
        """Return the one-sided slopes to the left and to the right; their mean is the central difference."""
        try:
            self.array += step * direction
            right = self.outputs() - self.here
            self.array[...] = self.start - step * direction
            left = self.here - self.outputs()
        finally:
            self.array[...] = self.start
        return float((left * self.g_out).sum()) / step, float((right * self.g_out).sum()) / step

    def step(self, direction: np.ndarray) -> float:
        return STEP * max(1.0, abs(float((self.start * direction).sum())))


def examine(name: str, claimed: Any, line: Line, probes: Iterable[Probe], unit: str, rtol: float, atol: float) -> Finding:
    """Compare the gradient claimed for one array with the slopes along every probe."""
    if not_numbers(claimed) or np.shape(claimed) != line.array.shape or not np.isfinite(claimed).all():
        return Finding(name, relation(claimed, _whole_gradient(line, unit), rtol=rtol, atol=atol), 0, unit)
    indices, kinks, got, expected = [], [], [], []
    for index, direction in probes:
        value = float((claimed * direction).sum())
        slope, bent = _slope(line, direction, value, rtol, atol)
        indices.append(index)
        got.append(value)
        expected.append(value if bent else slope)
        kinks += [index] if bent else []
    got, expected = np.array(got), np.array(expected)
    atol *= np.abs(expected).max(initial=1.0)
    wrong = ~np.isclose(got, expected, rtol=rtol, atol=atol)
    phrase = None
    if unit == "entries":
        phrase = relation(got.reshape(line.array.shape), expected.reshape(line.array.shape), rtol=rtol, atol=atol)
    elif wrong.any():
        phrase = _relation_of_directions(got, expected, rtol, atol)
    at = tuple(index for index, w in zip(indices, wrong, strict=True) if w)
    return Finding(name, phrase, len(indices), unit, at, tuple(kinks), float(np.abs(got - expected).max(initial=0.0)))


def _whole_gradient(line: Line, unit: str) -> np.ndarray:
    """Return the gradient by central differences, for what has no entries to compare one by one.

    Where whole gradients are too dear, return numbers that stand in no relation to anything.
    """
    if unit == "directions":
        return np.sqrt(2.0 + np.arange(line.array.size)).reshape(line.array.shape)
    slopes = [np.mean(line.slopes(direction, line.step(direction))) for _, direction in every_entry(line.array)]
    return np.reshape(slopes, line.array.shape)


def _slope(line: Line, direction: np.ndarray, value: float, rtol: float, atol: float) -> tuple[float, bool]:
    """Return the central difference, and whether it means nothing because the line bends sharply here."""
    step = line.step(direction)
    left, right = line.slopes(direction, step)
    slope = (left + right) / 2
    if abs(value - slope) <= atol + rtol * abs(slope):
        return slope, False
    near_left, near_right = line.slopes(direction, step / 8)
    noise = line.noise * 8 / step
    bend, near_bend = abs(right - left), abs(near_right - near_left)
    # A smooth line is eight times straighter in an eighth of the step; a kink stays as sharp as it was.
    sharp = near_bend > bend / 2 and near_bend > 1e-4 * max(abs(near_left), abs(near_right)) + noise
    # A kink beside the point spoils the long step and not the short one.
    beside = abs(value - (near_left + near_right) / 2) <= 10 * (atol + rtol * abs(slope)) + noise
    return slope, sharp or beside


def _relation_of_directions(got: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> str:
    """Say what holds along every direction, as a sign or a factor does; rows and entries mean nothing here."""
    phrase = relation(got, expected, rtol=rtol, atol=atol) or ""
    telling = "the sign is opposite", "it is ", "all zeros", "the right direction", "the opposite direction"
    return phrase if phrase.startswith(telling) and len(got) > 1 and " at " not in phrase else "the slopes differ"
