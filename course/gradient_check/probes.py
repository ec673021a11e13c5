"""Comparing the gradient claimed for one array with the slopes found: at every entry, or along random directions."""

from __future__ import annotations  # naming np.random in a signature must not import it

from typing import Any

import numpy as np

from course.autodiff.finite_difference import best_step
from course.gradient_check.behaviour import behaviour
from course.gradient_check.diagnosis import not_numbers, relation
from course.gradient_check.report import Finding
from course.gradient_check.slopes import Line, rounding, second_look, slopes_at_every_entry
from course.gradient_check.subjects import Subject

ASIDE = 1e-3  # how far from a kink its two sides are looked at: far beyond a step, near enough to share its bugs


class Check:
    """One check: a subject, its upstream gradient, what it claims, and the tolerances."""

    def __init__(self, subject: Subject, here: np.ndarray, rng: np.random.Generator, rtol: float, atol: float):
        self.subject, self.here, self.rng, self.rtol, self.atol = subject, here, rng, rtol, atol
        # No entry is near zero, where it would leave its output unchecked.
        self.g_out = np.copysign(rng.uniform(0.5, 1.5, here.shape), rng.uniform(-1, 1, here.shape))
        self.claimed = subject.gradients(self.g_out)
        self.rows = next((len(array) for array in (here, *subject.inputs.values()) if array.ndim), None)
        self.noise = rounding(here, self.g_out, best_step())

    def every_entry(self, name: str) -> Finding:
        """Check an array at each of its entries."""
        array = self.subject.inputs[name]
        slopes = self._slopes(name, array)
        if self._unusable(name):
            return Finding(name, relation(self.claimed.get(name), slopes), 0, "entries")
        return _Judged(self, name, "entries", list(np.ndindex(array.shape)), slopes).finding()

    def _slopes(self, name: str, array: np.ndarray) -> np.ndarray:
        """Return the slopes at every entry, by a short way if one random direction shows that it leads to the same."""
        outputs = self.subject.outputs
        behind = self.subject.outputs_behind(name, self.here)
        slopes = slopes_at_every_entry(behind, array, self.g_out)
        if behind != outputs:
            line = Line(outputs, self.g_out, [(array, self.direction(array))])
            found, whole = line.value([slopes]), line.central()
            if abs(found - whole) > self.atol + self.rtol * abs(whole) + self.noise:
                slopes = slopes_at_every_entry(outputs, array, self.g_out)
        return slopes

    def directions(self, name: str, k: int) -> Finding:
        """Check an array along k random directions of length one."""
        array = self.subject.inputs[name]
        if self._unusable(name):  # whole gradients are too dear: numbers that stand in no relation to anything
            other = np.sqrt(2.0 + np.arange(array.size)).reshape(array.shape)
            return Finding(name, relation(self.claimed.get(name), other), 0, "directions")
        drawn = [self.direction(array) for _ in range(k)]
        slopes = np.array([Line(self.subject.outputs, self.g_out, [(array, d)]).central() for d in drawn])
        return _Judged(self, name, "directions", drawn, slopes).finding()

    def all_at_once(self, k: int) -> list[Finding] | None:
        """Move all arrays together along k random directions: 2k passes in all, and None unless everything agrees."""
        arrays, errors = self.subject.inputs, []
        if any(self._unusable(name) for name in arrays):
            return None
        claimed = [np.asarray(self.claimed[name]) for name in arrays]
        for _ in range(k):
            line = Line(self.subject.outputs, self.g_out, [(a, self.direction(a)) for a in arrays.values()])
            parts = [abs(float(np.vdot(g, d))) for g, (_, d) in zip(claimed, line.moves, strict=True)]
            errors.append(abs(line.value(claimed) - line.central()))
            if errors[-1] > self.atol + self.rtol * min(parts, default=0.0) + self.noise:  # as strict as one by one
                return None
        return [Finding(name, None, k, "directions", error=max(errors)) for name in arrays]

    def direction(self, array: np.ndarray) -> np.ndarray:
        direction = self.rng.standard_normal(array.shape)
        return direction / (np.linalg.norm(direction) or 1.0)

    def _unusable(self, name: str) -> bool:
        claimed = self.claimed.get(name)
        if not_numbers(claimed) or np.shape(claimed) != self.subject.inputs[name].shape:
            return True
        return not np.isfinite(claimed).all()


class _Judged:
    """The values claimed for one array beside the slopes found, with a second look wherever they differ."""

    def __init__(self, check: Check, name: str, unit: str, probes: list, slopes: np.ndarray):
        self.check, self.name, self.unit, self.probes = check, name, unit, probes
        self.array = check.subject.inputs[name]
        self.got, self.expected = self.values(check.claimed[name]), np.array(slopes, np.float64)
        self.atol = check.atol * max(1.0, np.abs(self.expected).max(initial=0.0)) + check.noise
        self.kinks: list[tuple] = []
        self.unjudged: list[tuple] = []
        self._look_again()
        if self.kinks:
            self._look_aside()

    def values(self, claimed: Any) -> np.ndarray:
        """Return what a gradient says about every probe."""
        if self.unit == "entries":
            return np.array(claimed, np.float64)
        return np.array([float(np.vdot(claimed, direction)) for direction in self.probes])

    def finding(self) -> Finding:
        wrong = [tuple(map(int, index)) for index in np.argwhere(self._wrong())]
        phrase = self._phrase() if wrong else None
        error = float(np.abs(self.got - self.expected).max(initial=0.0))
        return Finding(
            self.name, phrase, self.got.size, self.unit, tuple(wrong), tuple(self.kinks), tuple(self.unjudged), error
        )

    def _wrong(self) -> np.ndarray:
        return ~np.isclose(self.got, self.expected, rtol=self.check.rtol, atol=self.atol)

    def _look_again(self) -> None:
        for index in map(tuple, np.argwhere(self._wrong())):
            slope, kink = self._second_look(index, self.got[index], self.expected[index])
            self.expected[index] = slope
            self.kinks += [tuple(map(int, index))] if kink else []

    def _look_aside(self) -> None:
        """Judge kinks by what lies on both sides of them, where any right gradient is unique."""
        start, settled = self.array.copy(), set()
        shift = self.check.rng.uniform(0.5, 1.5, start.shape) * ASIDE * np.maximum(1, np.abs(start))
        shift = np.copysign(shift, self.check.rng.uniform(-1, 1, start.shape))
        for index in self.kinks:
            self.got[index] = self.expected[index] = 0.0  # a kink has no slope
        for aside in (start + shift, start - shift):
            try:
                self.array[...] = aside
                settled |= self._judge_here(self.values(self.check.subject.gradients(self.check.g_out)[self.name]))
            finally:
                self.array[...] = start
        self.unjudged = [index for index in self.kinks if index not in settled]

    def _judge_here(self, got: np.ndarray) -> set[tuple]:
        """Judge the probes that meet a kink elsewhere; keep those that are wrong, and return those without a kink here."""
        settled = set()
        for index in self.kinks:
            slope, kink = self._line(index).central(), False
            if not np.isclose(got[index], slope, rtol=self.check.rtol, atol=self.atol):
                slope, kink = self._second_look(index, got[index], slope)
                if not (kink or np.isclose(got[index], slope, rtol=self.check.rtol, atol=self.atol)):
                    self.got[index], self.expected[index] = got[index], slope
            settled |= set() if kink else {index}
        return settled

    def _second_look(self, index: tuple, value: float, slope: float) -> tuple[float, bool]:
        return second_look(self._line(index), value, slope, self.atol + self.check.rtol * abs(slope))

    def _line(self, index: tuple) -> Line:
        if self.unit == "entries":
            direction = np.zeros_like(self.array)
            direction[index] = 1.0
        else:
            direction = self.probes[index[0]]
        return Line(self.check.subject.outputs, self.check.g_out, [(self.array, direction)])

    def _phrase(self) -> str:
        if np.abs(self.got).max() > self.atol and (habit := behaviour(self.check, self.name, self.values, self.expected)):
            return habit
        tolerance = {"rtol": self.check.rtol, "atol": self.atol}
        here, g_out, rows = self.check.here, self.check.g_out, self.check.rows
        if self.unit == "entries":
            terms = {f"{self.name} itself": self.array, "the upstream gradient": g_out, "the output": here}
            return relation(self.got, self.expected, **tolerance, rows=rows, terms=terms)
        return _of_directions(relation(self.got, self.expected, **tolerance, rows=rows), len(self.got))


def _of_directions(phrase: str | None, k: int) -> str:
    """Keep what holds along every direction, as a sign or a factor does; rows and entries mean nothing here."""
    telling = "the sign is opposite", "it is ", "all zeros", "the right direction", "the opposite direction"
    keep = phrase is not None and phrase.startswith(telling) and k > 1 and " at " not in phrase
    return phrase if keep else "the slopes differ"
