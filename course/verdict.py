"""What a check found: as text for the student, and as data for whoever grades.

The data travel in the cell's output beside the text, as a MIME type of their own. A grader that knows the type tells
instructors what went wrong in a few words; one that does not still has the cell's last number.
"""

from __future__ import annotations

import re
import traceback
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from course.misconceptions import Misconception

__all__ = ["MIME_TYPE", "Result", "Verdict", "brief", "explain", "mark", "show"]

MIME_TYPE = "application/vnd.autograder.verdict+json"
UNWRITTEN = "is not written yet."
PLAINER = {
    r"cannot unpack non-iterable \S+ object": "one thing is returned where several are asked for",
    r"matmul: .*\(size (\d+) is different from (\d+)\)": r"the sizes of a matrix product do not fit, (…, \2) @ (\1, …)",
    r"ufunc 'bitwise_xor' not supported .*": "^ is no power in Python; ** is",
}


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
    code: str | None = None  # hash of the cell that the answer stood in, where it is known

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
        for message, results in groupby(self.results, key=lambda result: result.message):
            lines += [f"  {mark(message)}  {result.label}" for result in results]
            lines += [f"           {line}" for line in (message or "").splitlines()]
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
            "code": self.code,
        }

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        return {"text/plain": str(self), MIME_TYPE: self.data()}


def mark(message: str | None) -> str:
    """Give a test's outcome in five letters."""
    return "ok   " if message is None else "to do" if message.endswith(UNWRITTEN) else "wrong"


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
    if getattr(error, "for_student", False):  # the grader's own words, such as on code that takes too long
        return f"{name} was stopped: {error}."
    if isinstance(error, NotImplementedError):
        return f"{_unwritten(error) or name} {UNWRITTEN}"
    if isinstance(error, NameError) and error.name == name:
        return f"{name} is not defined.\nRun its cell first; if that cell shows an error, mend it."
    said = f": {_plainer(str(error))}" if str(error) and (numbers or isinstance(error, NameError)) else ""
    raised = f"{getattr(error, 'student_class', type(error).__name__)}{said}"
    steps = [(where.partition(".<")[0], line) for file, where, line in _steps(error) if _is_students(file, test_file)]
    theirs = [(where, line) for where, line in steps if line]
    if not theirs:  # such as a wrong number of arguments, or a result without the entries that the test reads
        return (
            f"{name} raised {raised}"
            if re.search(rf"\b{name}\b", str(error))
            else f"The test cannot use what {name} gave: {raised}"
        )
    where, line = theirs[-1]
    return f"{where if where.startswith(f'{name}.') else name} raised {raised}\nat the line: {line}"


def brief(value: Any, precision: int = 5) -> str:
    """Give a value on one line of at most 100 characters, numbers in lists as those in arrays."""
    try:
        array = np.asarray(value)
        numbers = array.dtype.kind in "biufc"
    except ValueError:  # a list of arrays of different shapes
        numbers = False
    text = " ".join((np.array2string(array, precision=precision, threshold=12) if numbers else repr(value)).split())
    return text if len(text) <= 100 else text[:97] + "..."


def _plainer(said: str) -> str:
    """Put what NumPy says to those who know it into words for those who learn it."""
    for pattern, plain in PLAINER.items():
        said = re.sub(f"^{pattern}$", plain, said)
    return said


def _unwritten(error: NotImplementedError) -> str | None:
    """Name the function that still only raises, such as an earlier one that the one under test calls."""
    name = next((where for _, where, _ in reversed(_steps(error))), "<nowhere>")
    return None if "<" in name or name.startswith("test_") else name


def _steps(error: BaseException) -> list[tuple[str, str, str]]:
    """List the file, the function and the line of every step to an error, the innermost last.

    An error from a student's code that runs in another process says itself where it comes from.
    """
    if hasattr(error, "student_frames"):
        return [(file, where, line) for file, _, where, line in error.student_frames]
    steps = zip(traceback.walk_tb(error.__traceback__), traceback.extract_tb(error.__traceback__), strict=True)
    return [(step.filename, frame.f_code.co_qualname, step.line or "") for (frame, _), step in steps]


def _is_students(filename: str, test_file: str) -> bool:
    return filename != test_file and "site-packages" not in filename and Path(filename).parent != Path(__file__).parent
