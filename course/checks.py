"""The checks that a problem set's test cells are written in: one :class:`Check` for each function that students write.

A test cell makes a check, decorates its tests with it, and ends with its score::

    test_square = Check("square", points=3)

    @test_square
    def test_by_hand():
        "On a number small enough to do by hand."
        test_square.close("the result", square(3.0), 9.0)

    test_square.score()

Every test runs as it is defined. A failure is kept, with a message for the student, and the next test still runs. No
warning, print or write to stderr inside a test reaches the cell's output, where nbgrader would read it as a failure.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import secrets
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course.gradient_check import relation
from course.misconceptions import Bank, outcome
from course.observing import arrays_in, observe
from course.standing import code_of, remember
from course.verdict import Result, Verdict, brief, explain, show

__all__ = ["Check", "CheckFailed"]


class CheckFailed(AssertionError):  # noqa: N818 - it is read by students, who need no "Error" to see that it failed
    """A student's answer is wrong; the message is written to the student."""


class Check:
    """The tests of one function, and the points that they earn.

    Parameters
    ----------
    name : str
        Name of the function or class under test.
    points : float or dict of str to float
        What the whole function earns; or what each of its parts earns, as ``{"dX": 4, "dW": 4, "db": 2}``. A test that
        names no part concerns them all: when it fails, the function earns nothing.
    seed : int, optional
        Seed of :attr:`rng`, from which hidden tests draw their data. By default it is the environment's
        ``GRADING_SEED``, where the grader puts it, or else a fresh one; the verdict records it.

    Attributes
    ----------
    rng : numpy.random.Generator
        Source of the test's data.
    misconceptions : Bank
        Known wrong answers; set by the hidden tests.
    """

    def __init__(self, name: str, points: float | dict[str, float], *, seed: int | None = None):
        self.name = name
        self.parts = dict(points) if isinstance(points, dict) else {name: points}
        self.seed = int(os.environ.get("GRADING_SEED") or secrets.randbits(32)) if seed is None else seed
        self.rng = np.random.default_rng(self.seed)
        self.misconceptions = Bank(name)
        self._results: list[Result] = []
        self._experiments: list[tuple[Callable, Any]] = []
        self._carried: dict[str, Any] = {}
        self._hidden = False

    def __call__(self, test: Callable[[], None] | None = None, *, part: str | None = None):
        """Run a test that the student sees; its messages show the numbers."""
        return self._decorate(test, part, hidden=False)

    def hidden(self, test: Callable[[], None] | None = None, *, part: str | None = None):
        """Run a test that the student does not see; its messages name the idea and never a number of the test."""
        return self._decorate(test, part, hidden=True)

    def carry(self, **right: Any) -> None:
        """Give right versions of earlier functions, so that a mistake in one of those does not cost marks here too.

        A test that fails is tried once more with these names bound to the right versions, and counts if it then passes.
        """
        self._carried = right

    def close(self, what: str, got: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-8) -> None:
        """Fail unless ``got`` has the shape and, within ``rtol`` and ``atol``, the numbers of ``expected``."""
        self.that(got is not None, f"{what} is None: is a return missing?")
        how = relation(got, expected, rtol=rtol, atol=atol)
        if how is None:
            return
        digits = _right_digits(got, expected)
        message = f"{what} is wrong: {f'only the first {digits} digits are right' if digits else how}."
        if digits and _is_single(got):
            message += "\nIt holds float32: compute in float64, NumPy's own."
        if not self._hidden:
            texts = [(brief(expected, precision), brief(got, precision)) for precision in (5, 10, 16)]
            message += "\nexpected {}\nyours    {}".format(*next((two for two in texts if two[0] != two[1]), texts[-1]))
        raise CheckFailed(message)

    def that(self, condition: bool, otherwise: str) -> None:
        """Fail with the message ``otherwise`` unless ``condition`` is true."""
        if not condition:
            raise CheckFailed(otherwise)

    def call(self, function: Callable, *arguments: Any, **named: Any) -> Any:
        """Call with copies of the arguments; fail if the call changes one of them or returns a view of one."""
        seen = observe(function, *arguments, **named)
        pairs = zip([*arrays_in(arguments)] * 2, [*seen.arrays, *arrays_in(seen.arguments)], strict=False)
        changed = any(before.shape != after.shape or before.tobytes() != after.tobytes() for before, after in pairs)
        self.that(not changed, f"{self.name} changes an array that it was given: work on a copy, or make a new one.")
        self.that(not seen.shared, f"{self.name} returns an array that it was given, or a view of one: return a new one.")
        return seen.result

    def compare(self, yours: Callable, right: Callable, experiment: Callable[[Callable], dict], **tolerance) -> None:
        """Run one experiment on the student's answer and on a right one; fail unless all that it returns agrees.

        Parameters
        ----------
        yours, right : callable
            The student's function or class, and an independent right one.
        experiment : callable
            Takes either, tries it on data drawn beforehand, and returns what it observed, as a dict of arrays by name.
            The same experiment is run on every known misconception when the answer is wrong.
        """
        got = outcome(experiment, yours)
        self._experiments.append((experiment, got))
        if isinstance(got, Exception):
            raise got
        for what, expected in experiment(right).items():
            self.close(what, got[what], expected, **tolerance)

    def score(self) -> float:
        """Show what passed and what did not, and return the points earned: the last line of a test cell."""
        failed = {result.part for result in self._results if not result.passed}
        tested = {result.part for result in self._results}
        earned = {
            part: points if not failed & {part, None} and tested & {part, None} else 0.0
            for part, points in self.parts.items()
        }
        with _quiet(hidden=True):  # a wrong answer of the bank may warn, print or divide by zero as well as a student's
            found = self.misconceptions.recognise(self._experiments) if failed else None
        points, out_of, code = sum(earned.values()), sum(self.parts.values()), code_of(self.name)
        verdict = Verdict(self.name, points, out_of, self._results, found, self.seed, code)
        remember(verdict)
        show(verdict)
        return float(sum(earned.values()))

    def _decorate(self, test, part, hidden):
        if part is not None and part not in self.parts:
            raise ValueError(f"Check: part must be one of {', '.join(self.parts)}, got {part!r}")
        if test is None:
            return lambda test: self._decorate(test, part, hidden)
        self._hidden = hidden
        state, started = copy.deepcopy(self.rng.bit_generator.state), len(self._experiments)
        message = self._failure(test)
        if message and self._carried:
            self.rng.bit_generator.state = state
            with _bound(test.__globals__, self._carried):
                del self._experiments[started:]
                message = self._failure(test)
        label = (test.__doc__ or test.__name__).strip().splitlines()[0]
        self._results.append(Result(label, part, hidden, message))
        return test

    def _failure(self, test: Callable[[], None]) -> str | None:
        """Run the test; return None, or the message that tells the student what is wrong."""
        try:
            with _quiet(self._hidden):
                test()
        except CheckFailed as failure:
            return str(failure)
        except (Exception, SystemExit) as error:
            return explain(error, self.name, test_file=test.__code__.co_filename, numbers=not self._hidden)
        return None


@contextlib.contextmanager
def _quiet(hidden: bool) -> Iterator[None]:
    """Keep warnings and stderr, and in a hidden test stdout too, out of the cell's output."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        if hidden:
            stack.enter_context(contextlib.redirect_stdout(io.StringIO()))
        yield


@contextlib.contextmanager
def _bound(namespace: dict[str, Any], names: dict[str, Any]) -> Iterator[None]:
    """Bind names in a namespace for a while."""
    before = {name: namespace[name] for name in names if name in namespace}
    namespace.update(names)
    try:
        yield
    finally:
        for name in names:
            namespace.pop(name, None)
        namespace.update(before)


def _right_digits(got: Any, expected: Any) -> int:
    """Count the digits to which a result is right, on the scale of its largest number; 0 when they are fewer than 5."""
    try:
        got, expected = np.asarray(got, dtype=complex), np.asarray(expected, dtype=complex)
    except (TypeError, ValueError):
        return 0
    if got.shape != expected.shape or not got.size or not np.isfinite(got).all():
        return 0
    error, scale = np.abs(got - expected).max(), np.abs(expected).max()
    digits = int(np.log10(scale / error)) if 0 < error < scale else 0
    return digits if digits >= 5 else 0


def _is_single(value: Any) -> bool:
    """Tell whether a result has lost digits to float32 or less on its way."""
    return any(array.dtype.kind == "f" and array.dtype.itemsize < 8 for array in arrays_in(value))
