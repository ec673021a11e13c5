"""What the checks of a notebook have found so far, in one call from any of its cells: ``course.progress()``."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from course.verdict import Verdict

__all__ = ["Progress", "code_of", "progress", "remember"]

_SEEN: dict[str, Verdict] = {}
DEFINED = r"^(?:(?:async\s+)?def|class)\s+{0}\b|^{0}\s*(?::[^=\n]+)?=(?!=)"


@dataclass(frozen=True)
class Progress:
    """The last verdict on each function that this kernel has checked."""

    verdicts: tuple[Verdict, ...]

    @property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def out_of(self) -> float:
        return sum(verdict.out_of for verdict in self.verdicts)

    def __str__(self) -> str:
        if not self.verdicts:
            return "No check has run here yet: run the cell below a function, or all cells."
        from course.verdict import mark

        width = max(len(verdict.name) for verdict in self.verdicts)
        lines = [f"{self.points:g} of {self.out_of:g} points in the checks that have run here since the kernel started"]
        for verdict in self.verdicts:
            outcome = mark(verdict.failures[0].message if verdict.failures else None)
            earned = f"{verdict.points:g} of {verdict.out_of:g}"
            lines.append(f"  {outcome}  {verdict.name:<{width}}  {earned:<8}  {verdict.reason}".rstrip())
        return "\n".join([*lines, "  (More tests of the same ideas run when your notebook is graded.)"])

    def _repr_pretty_(self, printer, cycle: bool) -> None:
        printer.text(str(self))


def progress() -> Progress:
    """Tell which functions are right so far, and what is wrong with the others, in the words of their checks.

    Returns
    -------
    Progress
        As the last line of a cell it shows itself; elsewhere, print it. A check that has not run since the kernel started is
        not in it.

    Examples
    --------
    >>> type(progress()).__name__
    'Progress'
    """
    return Progress(tuple(_SEEN.values()))


def remember(verdict: Verdict) -> None:
    """Keep a verdict for :func:`progress`, in the place of an earlier one on the same function."""
    _SEEN[verdict.name] = verdict


def code_of(name: str) -> str | None:
    """Hash the cell that defined a name when it was run; None outside of a notebook.

    A verdict carries it, so that whoever reads a saved notebook can tell whether an answer was changed after its check.
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    cells = getattr(getattr(shell, "history_manager", None), "input_hist_raw", [])
    pattern = re.compile(DEFINED.format(re.escape(name)), re.MULTILINE)
    source = next((cell for cell in reversed(cells) if pattern.search(cell)), None)
    return None if source is None else hashlib.sha256(source.strip().encode("utf-8", "replace")).hexdigest()[:16]
