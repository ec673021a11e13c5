"""A student's optimizer among ours: whatever it does wrong becomes a sentence that says so."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from course.errors import CourseError

LARGE = 1e100  # a NaN that comes of larger numbers is a run that diverged, of smaller ones a mistake


class Guest:
    """Takes steps with an object that has ``step(parameters, gradients)``.

    The object may change the parameters in place and return None, or return the new parameters; what it returns counts.
    It is copied first, so that every run begins in the state in which it was passed.

    Parameters
    ----------
    mine
        The student's object.
    factor
        What its `learning_rate` is multiplied by, if it has one that is a number.

    Raises
    ------
    CourseError
        With a sentence for the student: here where the object cannot step at all, and in `step` where a step goes wrong.

    >>> class Halving:
    ...     def step(self, parameters, gradients):
    ...         return parameters / 2
    >>> w = np.array([4.0, 8.0])
    >>> Guest(Halving()).step(w, np.ones(2))
    >>> w
    array([2., 4.])
    """

    def __init__(self, mine: Any, factor: float = 1.0):
        if isinstance(mine, type):
            raise CourseError(f"Pass an object, such as {mine.__name__}(0.1), and not the class {mine.__name__} itself.")
        if not callable(getattr(mine, "step", None)):
            raise CourseError(f"Your optimizer, a {type(mine).__name__}, has no method step(parameters, gradients).")
        try:
            self._mine = copy.deepcopy(mine)
        except Exception as error:
            raise CourseError(f"Your optimizer cannot be copied for a fresh run ({_words(error)}).") from error
        self._scale(factor)
        self._w, self._g, self._t = np.zeros(2), np.zeros(2), 0
        self._moved = self._pushed = False

    def _scale(self, factor: float) -> None:
        rate = getattr(self._mine, "learning_rate", None)
        if isinstance(rate, (int, float, np.number)) and not isinstance(rate, bool):
            try:
                self._mine.learning_rate = rate * factor
            except AttributeError:  # one that cannot be set stays as it is
                return

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Take one step: the parameters change in place."""
        self._t += 1
        self._w[...], self._g[...] = parameters, gradients
        try:
            result = self._mine.step(self._w, self._g)
        except Exception as error:
            raise CourseError(f"Your optimizer's step {self._t} raised {_words(error)}.") from error
        new = self._w if result is None else self._read(result)
        self._judge(parameters, gradients, new)
        parameters[...] = new

    def require_a_move(self) -> None:
        """Refuse an object that has changed nothing in a whole run, though there was a slope."""
        if self._pushed and not self._moved:
            raise CourseError(
                "Your optimizer's step changes nothing: it must change the parameters in place (parameters -= …), "
                "or return the new parameters."
            )

    def _read(self, result: Any) -> np.ndarray:
        try:
            array = np.asarray(result)
            new = array.astype(float, casting="same_kind")
        except (TypeError, ValueError) as error:
            raise CourseError(
                f"Your optimizer's step must return numbers, or None; step {self._t} returned a {type(result).__name__}."
            ) from error
        if new.shape != self._w.shape:
            raise CourseError(
                f"Your optimizer's step must return parameters of shape (2,); step {self._t} returned shape {new.shape}."
            )
        return new

    def _judge(self, old: np.ndarray, gradients: np.ndarray, new: np.ndarray) -> None:
        self._pushed = self._pushed or bool(gradients.any())
        self._moved = self._moved or bool((new != old).any())
        if np.isnan(new).any() and max(abs(old).max(), abs(gradients).max()) < LARGE:
            raise CourseError(
                f"Your optimizer made NaN of finite numbers in step {self._t}: look for 0/0, or the root or logarithm "
                "of a negative number."
            )


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
