"""Measuring: every side in turn, round after round, so that whatever slows the machine slows all of them."""

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace

SIGNS = {"at most": lambda ratio, ask: ratio <= ask, "at least": lambda ratio, ask: ratio >= ask}
SLICE = 0.02  # seconds of a side's turn: only the first of many calls finds the caches full of the other's data
UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``at most`` asks how much dearer the library is than its peer: the ratio is library / peer. ``at least`` asks how
    much faster it is: the ratio is peer / library. A missing peer has no figures, and its name stands in the table.

    Attributes
    ----------
    work, against : str
        What is done, and by whom else.
    sign, ask
        ``at most`` or ``at least``, and the ratio that is asked for.
    library, peer : float or None
        Seconds of CPU time of one call, medians.
    ratio : float or None
        The median of the ratios of rounds that ran side by side.
    quartiles : tuple of float or None
        Between these lies the middle half of those ratios: how noisy the figure is.
    missing : str or None
        The package that the peer needs and that is not installed.
    """

    work: str
    against: str
    sign: str
    ask: float
    library: float | None = None
    peer: float | None = None
    ratio: float | None = None
    quartiles: tuple[float, float] | None = None
    missing: str | None = None

    @property
    def met(self) -> bool | None:
        return None if self.ratio is None else SIGNS[self.sign](self.ratio, self.ask)

    def cells(self) -> list[str]:
        ask = f"{'≤' if self.sign == 'at most' else '≥'} {self.ask:g}"
        if self.ratio is None:
            return [self.work, self.against, "", "", "", "", ask, f"{self.missing or 'peer'} not installed"]
        middle = "{:.2f} to {:.2f}".format(*self.quartiles) if self.quartiles else ""
        figures = [duration(self.library), duration(self.peer), f"{self.ratio:.2f}", middle]
        return [self.work, self.against, *figures, ask, "met" if self.met else "NOT MET"]

    def record(self) -> dict:
        return asdict(self) | {"met": self.met}


HEADER = ["work", "against", "library", "peer", "ratio", "middle half", "ask", ""]


def measure(
    row: Row,
    library: Callable[[], Callable[[], object]],
    peer: Callable[[], Callable[[], object]],
    *,
    agree: Callable[[Callable, Callable], object] | None = None,
    rounds: int = 60,
) -> Row:
    """Make both sides, hold that they do the same, time them, and fill in the row.

    Parameters
    ----------
    row
        What is measured and what is asked.
    library, peer
        Each makes its side: a function without arguments that does the work once. A peer may import what is not
        installed; the row then names it.
    agree
        Called with both sides before they are timed; raises where they do not compute the same.
    """
    try:
        sides = {"library": library(), "peer": peer()}
    except ModuleNotFoundError as error:
        return replace(row, missing=error.name)
    if agree:
        agree(*sides.values())
    times = interleave(sides, rounds=rounds)
    return compare(row, times["library"], times["peer"])


def interleave(
    sides: dict[str, Callable[[], object]], *, rounds: int = 60, calls: int | None = None
) -> dict[str, list[float]]:
    """Return, for every side, the CPU seconds of one call in each round.

    Who goes first changes from round to round, since whoever follows finds the caches full of the other's data. All
    threads of the process are counted, and Python's garbage collector runs between the rounds, not in them. Without
    `calls`, each side is called as often as fills a slice of `SLICE` seconds.
    """
    often = {name: calls or _calls_in_a_slice(run) for name, run in sides.items()}
    times: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for _ in range(rounds):
        with no_garbage_collection():
            for name in order:
                times[name].append(_seconds(sides[name], often[name]) / often[name])
        order.reverse()
    return times


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.collect(0)
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _seconds(run: Callable[[], object], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        run()
    return time.process_time() - start


def _calls_in_a_slice(run: Callable[[], object]) -> int:
    """Warm a side up, and return how many calls of it fill a slice."""
    calls = 1
    _seconds(run, 2)  # the first calls allocate, compile and fill caches
    while (taken := _seconds(run, calls)) < SLICE / 2:
        calls *= 2
    return max(1, math.ceil(calls * SLICE / taken))


def compare(row: Row, library: list[float], peer: list[float]) -> Row:
    """Fill in a row: medians of the times, and the median of the ratios of rounds that ran side by side."""
    dearer = row.sign == "at most"
    ratios = [a / b if dearer else b / a for a, b in zip(library, peer, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    figures = {"library": statistics.median(library), "peer": statistics.median(peer)}
    return replace(row, **figures, ratio=middle, quartiles=(low, high))


def duration(seconds: float) -> str:
    """Write a time with three digits and its unit, such as ``45.6 µs``."""
    unit = next((name for name, size in UNITS.items() if seconds >= size), "µs")
    value = seconds / UNITS[unit]
    return f"{value:.{max(0, 2 - int(math.log10(max(value, 1))))}f} {unit}"


def table(rows: Iterable[Row]) -> str:
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[k]) for line in lines) for k in range(len(HEADER))]
    lines.insert(1, ["─" * width for width in widths])
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)
