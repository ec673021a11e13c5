"""The slope of the weighted outputs when one entry moves, or an array moves along a line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import mul
from typing import Any

import numpy as np

from course.autodiff.finite_difference import best_step
from course.gradient_check.subjects import kept

EPS = float(np.finfo(np.float64).eps)
NEAR = 1 / 8  # the second look's step, as a part of the first one's


def slopes_at_every_entry(outputs: Callable[[], Any], array: np.ndarray, g_out: np.ndarray) -> np.ndarray:
    r"""Return :math:`\sum_k g_k \bigl(f_k(\theta + h e_i) - f_k(\theta - h e_i)\bigr) / 2h` for every entry i.

    Parameters
    ----------
    outputs
        Computes the outputs from the arrays as they stand: a number or an array.
    array
        The array to move: in place, and always moved back.
    g_out
        The upstream gradient, of the outputs' shape.

    Returns
    -------
    numpy.ndarray
        Of the array's shape.
    """
    start = array.copy()
    step = best_step("central", np.maximum(1, np.abs(start)))
    above, below = start + step, start - step
    g_out, weigh = g_out[()], np.vdot if g_out.ndim else mul  # numbers multiply faster as such
    weighted, entry = [], array.flat
    try:
        for i, (here, up, down) in enumerate(zip(start.flat, above.flat, below.flat, strict=True)):
            entry[i] = up
            there = kept(outputs())
            entry[i] = down
            change = there - outputs()  # the change first, its weights then: that keeps the digits
            entry[i] = here
            weighted.append(weigh(change, g_out))
    finally:
        array[...] = start
    return np.array(weighted).reshape(start.shape) / (above - below)


class Line:
    """The weighted output Σ g·f as arrays move together, each along a direction of its own.

    Parameters
    ----------
    outputs, g_out
        As for `slopes_at_every_entry`.
    moves
        Pairs of an array and the direction in which it moves.
    """

    def __init__(self, outputs: Callable[[], Any], g_out: np.ndarray, moves: list[tuple[np.ndarray, np.ndarray]]):
        self.outputs, self.g_out, self.moves = outputs, g_out, moves
        reach = max(abs(float(np.vdot(array, direction))) for array, direction in moves)
        self.step = float(best_step("central", max(1.0, reach)))

    def value(self, claimed: list[np.ndarray]) -> float:
        """Return the slope that follows from the gradients claimed for the arrays."""
        return float(sum(np.vdot(g, direction) for g, (_, direction) in zip(claimed, self.moves, strict=True)))

    def central(self) -> float:
        """Return the central difference along the line."""
        with self._at(self.step):
            there = self.outputs()
        with self._at(-self.step):
            change = there - self.outputs()
        return float(np.vdot(change, self.g_out)) / (2 * self.step)

    def sides(self, step: float, here: np.ndarray) -> tuple[float, float]:
        """Return the slopes to the left and to the right of here; their mean is a central difference."""
        with self._at(step):
            right = self.outputs() - here
        with self._at(-step):
            left = here - self.outputs()
        return float(np.vdot(left, self.g_out)) / step, float(np.vdot(right, self.g_out)) / step

    @contextmanager
    def _at(self, step: float) -> Iterator[None]:
        starts = [array.copy() for array, _ in self.moves]
        try:
            for (array, direction), start in zip(self.moves, starts, strict=True):
                array[...] = start + step * direction
            yield
        finally:
            for (array, _), start in zip(self.moves, starts, strict=True):
                array[...] = start


def second_look(line: Line, value: float, slope: float, tolerance: float) -> tuple[float, bool]:
    """Return a better slope than a first central difference that does not agree, and whether the line has a kink here.

    The slopes of a smooth line to the left and to the right come together as the step becomes shorter, in proportion to
    it; at a kink, as of ReLU at 0, they stay apart. A slope that agrees in the shorter step is right: the longer one reached
    over a kink nearby, or over a bend.
    """
    here = line.outputs()
    left, right = line.sides(line.step, here)
    near_left, near_right = line.sides(line.step * NEAR, here)
    noise = rounding(here, line.g_out, line.step * NEAR)
    near = (near_left + near_right) / 2
    smooth = (near - NEAR**2 * slope) / (1 - NEAR**2)  # Richardson: takes the error of order h² away
    for better in (near, smooth):
        if abs(value - better) <= tolerance + noise:
            return better, False
    bend, near_bend = abs(right - left), abs(near_right - near_left)
    kink = near_bend > 1.25 * NEAR * bend and near_bend > 1e-4 * max(abs(near_left), abs(near_right)) + noise
    return slope, kink


def rounding(outputs: np.ndarray, g_out: np.ndarray, step: float) -> float:
    """Return how far rounding may take a central difference of these outputs from the slope."""
    return 10 * EPS * float(np.linalg.norm(np.multiply(outputs, g_out))) / step
