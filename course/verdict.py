"""What a check found: as text for the student, and as data for whoever grades.

The data travel in the cell's output beside the text, as a MIME type of their own. A grader that knows the type tells
instructors what went wrong in a few words; one that does not still has the cell's last number.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from course.misconceptions import Misconception

__all__ = ["MIME_TYPE", "Result", "Verdict", "explain", "show"]

MIME_TYPE = "application/vnd.autograder.verdict+json"


@dataclass(frozen=True)
class Result:
    """One test: its label, the part it concerns (None: all), whether it is hidden, what is wrong (None: passed)."""

    label: str
    part: str | None
    hidden: bool
    message: str | None

    @property
    def passed(self) -> bool:
        return self.message is None


@dataclass(frozen=True)
class Verdict:
    """All that a check found about one function."""

    name: str
    points: float
    out_of: float
    results: list[Result]
    misconception: Misconception | None
    seed: int

    @property
    def failures(self) -> list[Result]:
        return [result for result in self.results if not result.passed]

    @property
    def reason(self) -> str:
        """Why points were lost, in a few words; empty when none were."""
        if self.misconception:
            return self.misconception.name
        if not self.failures:
            return ""
        first = self.failures[0].message.splitlines()[0].rstrip(".")
        return re.sub(rf"^{self.name}(\.\w+)? (is )?", "", first)

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.points:g} of {self.out_of:g} points"]
        for result in self.results:
            lines.append(f"  {'ok   ' if result.passed else 'wrong'}  {result.label}")
            lines += [f"           {line}" for line in (result.message or "").splitlines()]
        if self.misconception:
            lines.append(f"  This behaves like: {self.misconception.name}. {self.misconception.advice}")
        if not any(result.hidden for result in self.results):
            lines.append("  (More tests of the same ideas run when your notebook is graded.)")
        return "\n".join(lines)

    def data(self) -> dict[str, Any]:
        """Give everything as JSON types, without the misconception's code."""
        found = self.misconception and {"name": self.misconception.name, "advice": self.misconception.advice}
        return {
            "name": self.name,
            "points": float(self.points),
            "out_of": float(self.out_of),
            "reason": self.reason,
            "misconception": found,
            "results": [asdict(result) for result in self.results],
            "seed": self.seed,
        }

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/plain": str(self), MIME_TYPE: self.data()}


def show(verdict: Verdict) -> None:
    """Display in a notebook; print elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        print(verdict)
        return
    if get_ipython() is None:
        print(verdict)
    else:
        display(verdict)


def explain(error: BaseException, name: str, *, test_file: str, numbers: bool) -> str:
    """Say to the student what was raised, and on which line of their code.

    Parameters
    ----------
    error : BaseException
        What the test let through.
    name : str
        Name of the function under test.
    test_file : str
        File name under which the test cell was compiled; its lines are not the student's.
    numbers : bool
        Whether the exception's own message may be shown; False in hidden tests, where it could hold their inputs.
    """
    if isinstance(error, NotImplementedError):
        return f"{_unwritten(error) or name} is not written yet."
    if isinstance(error, NameError) and error.name == name:
        return f"{name} is not defined.\nRun its cell first; if that cell shows an error, mend it."
    said = f": {error}" if str(error) and (numbers or isinstance(error, NameError)) else ""
    frames = traceback.extract_tb(error.__traceback__)
    theirs = [frame.line for frame in frames if frame.line and _is_students(frame.filename, test_file)]
    return f"{name} raised {type(error).__name__}{said}" + (f"\nat the line: {theirs[-1]}" if theirs else "")


def _unwritten(error: NotImplementedError) -> str | None:
    """Name the function that still only raises, such as an earlier one that the one under test calls."""
    if error.__traceback__ is None:
        return None
    *_, (frame, _line) = traceback.walk_tb(error.__traceback__)
    name = frame.f_code.co_qualname
    return None if "<" in name or name.startswith("test_") else name


def _is_students(filename: str, test_file: str) -> bool:
    return filename != test_file and "site-packages" not in filename and Path(filename).parent != Path(__file__).parent
