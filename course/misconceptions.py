"""Banks of the wrong answers that students really write, and the search for the one that an answer behaves like.

A problem set keeps one :class:`Bank` for each function that students write::

    Adam = Bank("Adam")

    @Adam("no bias correction", "Look at the first step: how large are the averages then?")
    class NoBiasCorrection: ...

The hidden tests run the same experiment on the student's answer and on each wrong one; where all outcomes agree, the
student is told the advice in place of "assertion failed".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Bank", "Misconception", "outcome", "same_outcome"]


@dataclass(frozen=True)
class Misconception:
    """One wrong answer: its short name, one sentence of advice, and the answer itself (a function or a class)."""

    name: str
    advice: str
    answer: Callable[..., Any]


class Bank(list):
    """The known answers for one function: a list of :class:`Misconception`, filled by using the bank as a decorator.

    Parameters
    ----------
    function : str
        Name of the function or class that students write.

    Examples
    --------
    >>> square = Bank("square")
    >>> @square("doubles", "Which operation is 3 · 3?")
    ... def doubled(x): return 2 * x
    >>> [wrong.name for wrong in square]
    ['doubles']
    """

    def __init__(self, function: str):
        super().__init__()
        self.function = function

    def __call__(self, name: str, advice: str = ""):
        def add(answer):
            self.append(Misconception(name, advice, answer))
            return answer

        return add

    def recognise(self, experiments: list[tuple[Callable, Any]]) -> Misconception | None:
        """Return the first misconception whose outcome equals the student's in every experiment, or None.

        Parameters
        ----------
        experiments : list of (experiment, outcome)
            What was tried and what came of it with the student's answer; see :func:`outcome`.
        """
        for wrong in self:
            if experiments and all(same_outcome(outcome(run, wrong.answer), got) for run, got in experiments):
                return wrong
        return None


def outcome(experiment: Callable, answer: Callable) -> dict[str, Any] | Exception:
    """Run ``experiment(answer)``; give the dict that it returns, or the exception that the answer raised."""
    try:
        return experiment(answer)
    except Exception as error:
        return error


def same_outcome(a: dict[str, Any] | Exception, b: dict[str, Any] | Exception) -> bool:
    """Tell whether two outcomes are the same: equal exceptions by type, or equal arrays under equal names."""
    if isinstance(a, Exception) or isinstance(b, Exception):
        return type(a) is type(b)
    return a.keys() == b.keys() and all(_same(a[name], b[name]) for name in a)


def _same(a: Any, b: Any) -> bool:
    try:
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    except (TypeError, ValueError):
        return a is b
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-7, atol=1e-10, equal_nan=True)
