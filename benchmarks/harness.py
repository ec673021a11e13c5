"""Measuring: every side in turn, round after round, so that whatever slows the machine slows all of them."""

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

SIGNS = {"at most": lambda ratio, ask: ratio <= ask, "at least": lambda ratio, ask: ratio >= ask}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``at most`` asks how much dearer the library is than its peer: the ratio is library / peer. ``at least`` asks how
    much faster it is: the ratio is peer / library. A missing peer has no figures, and its name stands in the table.
    """

    work: str
    against: str
    sign: str
    ask: float
    library: float | None = None
    peer: float | None = None
    ratio: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.ratio is None else SIGNS[self.sign](self.ratio, self.ask)

    def cells(self) -> list[str]:
        ask = f"{'≤' if self.sign == 'at most' else '≥'} {self.ask:g}"
        if self.ratio is None:
            return [self.work, self.against, "", "", "", ask, "peer not installed"]
        figures = [f"{1e6 * self.library:.1f}", f"{1e6 * self.peer:.1f}", f"{self.ratio:.2f}"]
        return [self.work, self.against, *figures, ask, "met" if self.met else "NOT MET"]

    def record(self) -> dict:
        return asdict(self) | {"met": self.met}


HEADER = ["work", "against", "library µs", "peer µs", "ratio", "ask", ""]


def interleave(sides: dict[str, Callable[[], object]], *, rounds: int = 60, calls: int = 100) -> dict[str, list[float]]:
    """Return, for every side, the CPU seconds of one call in each round."""
    for run in sides.values():
        for _ in range(calls):
            run()
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            start = time.process_time()
            for _ in range(calls):
                run()
            times[name].append((time.process_time() - start) / calls)
    return times


def compare(row: Row, library: list[float], peer: list[float]) -> Row:
    """Fill in a row: medians of the times, and the median of the ratios of rounds that ran side by side."""
    dearer = row.sign == "at most"
    ratios = [a / b if dearer else b / a for a, b in zip(library, peer, strict=True)]
    figures = {"library": statistics.median(library), "peer": statistics.median(peer)}
    return Row(row.work, row.against, row.sign, row.ask, **figures, ratio=statistics.median(ratios))


def table(rows: Iterable[Row]) -> str:
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEADER))]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)
