"""Every demo in a real browser: from a key to changed pixels, dragging, training, memory; beside `interact` with Matplotlib.

    python -m benchmarks browser              all demos
    python -m benchmarks.browser losses       these

Times here are what a lecturer waits, by the clock, with a server, a kernel and a browser on the machine at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import statistics
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.browser.stage import Stage, quantiles, staged
from benchmarks.harness import Row
from course import widgets
from tests.browser.lab import chromium, jupyter

OUTPUT = Path("build/browser.json")
KEYS = 24
ASKS = {  # what is measured: (at most or at least, how much)
    "kernel ms": ("≤", 60), "kernel p95": ("≤", 100), "local ms": ("≤", 35), "local p95": ("≤", 50),
    "drag fps": ("≥", 30), "local fps": ("≥", 45), "training fps": ("≥", 50), "pause ms": ("≤", 200),
    "paint s": ("≤", 2), "memory MB": ("≤", 50), "last ms": ("≤", 300),
}  # fmt: skip
INTERACT = """\
%matplotlib inline
import matplotlib.pyplot as plt
from ipywidgets import interact
from course import widgets
demo = widgets.learning_rate()
def show(curvature=(0.5, 4, 0.1)):
    frame = demo.frame(curvature=curvature)
    figure, axes = plt.subplots(1, 3, figsize=(15, 4))
    for panel, place in zip(frame.panels, axes):
        panel.draw(place)
    plt.show()"""
SLOW = """
import time
quick = demo._picture
demo._picture = lambda **values: (time.sleep(0.1), quick(**values))[1]
demo"""


@dataclass
class Figures:
    """What was measured on one demo; a key of `ASKS` for each figure."""

    demo: str
    figures: dict[str, float] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def met(self, name: str) -> bool:
        sign, ask = ASKS[name]
        return self.figures[name] <= ask if sign == "≤" else self.figures[name] >= ask

    def failures(self) -> list[str]:
        return [name for name in self.figures if not self.met(name)] + self.heard


def rows() -> list[Row]:
    """Measure all demos; give the ratio to `interact` of each that asks the kernel, and print the rest."""
    if shutil.which("chromium") is None:
        return [Row("the demos: key to pixels", "interact, Matplotlib", "at least", 4.0, missing="chromium")]
    found, interact = run(widgets.__all__)
    ask = {"sign": "at least", "ask": 4.0, "peer": interact / 1000}
    kernel = [each for each in found if "kernel ms" in each.figures]
    return [
        Row(f"{each.demo}: key to pixels", "interact, Matplotlib", library=each.figures["kernel ms"] / 1000,
            ratio=interact / each.figures["kernel ms"], **ask)
        for each in kernel
    ]  # fmt: skip


def run(names: list[str]) -> tuple[list[Figures], float]:
    """Measure these demos, and `interact` in the same run; print the table and write it."""
    with tempfile.TemporaryDirectory() as name, all_cores(), jupyter(Path(name)) as address, chromium() as browser:
        folder, found = Path(name), []
        interact = measure_interact(browser, address, folder)
        for demo in names:
            found.append(measure(browser, address, folder, demo))
            print(line(found[-1]), flush=True)
        if "learning_rate" in names:
            found.append(measure_slow(browser, address, folder))
            print(line(found[-1]), flush=True)
    OUTPUT.parent.mkdir(exist_ok=True)
    record = {"interact ms": interact, "asks": ASKS, "demos": [asdict(each) for each in found]}
    OUTPUT.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"interact with inline Matplotlib: {interact:.0f} ms; written to {OUTPUT}")
    return found, interact


@contextlib.contextmanager
def all_cores():
    """Server, kernel and browser share the machine as they do on stage."""
    before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    if before:
        os.sched_setaffinity(0, range(os.cpu_count()))
    yield
    if before:
        os.sched_setaffinity(0, before)


def measure_interact(browser, address: str, folder: Path) -> float:
    """Return the median milliseconds from a key to the new picture, with `interact` and inline Matplotlib."""
    cells = [INTERACT, "interact(show);"]
    with staged(browser, address, folder, "interact", cells, ".jp-OutputArea:has(.widget-interact)", []) as (stage, _):
        answers = stage.press(KEYS, stage.root.locator("[role=slider]").first, image=True, pause=0.2)
    return statistics.median(answer["ms"] for answer in answers if answer["ms"] is not None)


def measure(browser, address: str, folder: Path, name: str) -> Figures:
    """Measure all that is asked of one demo."""
    result, described = Figures(name), getattr(widgets, name)().stage
    sliders = [each for each in described["controls"] if each["kind"] == "slider"]
    order = sorted(range(len(sliders)), key=lambda k: (sliders[k]["name"] != described["swept"], -len(sliders[k]["places"])))
    cells = ["from course import widgets", f"widgets.{name}()"]
    with staged(browser, address, folder, name, cells, ".course-demo", result.heard) as (stage, shown):
        result.figures["paint s"] = shown
        if not described["trains"]:
            local(stage, order[0], result.figures)
        if len(order) > 1:
            kernel(stage, order[0], order[1], result.figures)
        remember(stage, order[0], result.figures)
        if described["trains"]:
            training(stage, result.figures)
    return result


def kernel(stage: Stage, first: int, second: int, figures: dict) -> None:
    """Move two sliders in turn, so that what was fetched for one holds no longer when it moves; then drag the other."""
    turns = [stage.sliders().nth(place) for place in (first, second)]
    figures["kernel ms"], figures["kernel p95"] = quantiles(times(stage.press(KEYS, *turns)))
    figures["drag fps"] = rate(stage.drag(second, 2.0)[0]["drawn"])


def local(stage: Stage, place: int, figures: dict) -> None:
    """Move a slider whose pictures have been fetched."""
    slider = stage.sliders().nth(place)
    slider.focus()
    stage.page.wait_for_timeout(1500)
    figures["local ms"], figures["local p95"] = quantiles(times(stage.press(KEYS, slider)))
    figures["local fps"] = rate(stage.drag(place, 2.0)[0]["drawn"])


def times(answers: list[dict]) -> list[float]:
    assert all(answer["ms"] is not None for answer in answers), "a key was not answered"
    return [answer["ms"] for answer in answers]


def rate(drawn: list[float]) -> float:
    """Return the pictures a second between the first and the last."""
    return 1000 * (len(drawn) - 1) / max(drawn[-1] - drawn[0], 1) if len(drawn) > 1 else 0.0


def remember(stage: Stage, slider: int, figures: dict) -> None:
    """Move 500 times, and see what the browser has kept."""
    before, moves = stage.memory(), 0
    while moves < 500:
        moves += len(stage.drag(slider, 4.0)[0]["inputs"])
    figures["memory MB"] = max(0.0, stage.memory() - before)


def training(stage: Stage, figures: dict) -> None:
    """Play for a while, then pause."""
    button = stage.root.get_by_role("button", name="Play")
    stage.page.evaluate("scrollBy(0, 0)")
    button.click()
    stage.page.wait_for_timeout(1000)
    stage.root.evaluate("(root) => probe.startCount(root)")
    stage.page.wait_for_timeout(4000)
    figures["training fps"] = rate(stage.page.evaluate("probe.stopCount()")["drawn"])
    stage.root.evaluate("(root) => { probe.startCount(root); probe.noteClick(root); }")
    stage.root.get_by_role("button", name="Pause").click()
    stage.page.wait_for_timeout(1000)
    drawn, clicked = stage.page.evaluate("probe.stopCount()")["drawn"], stage.page.evaluate("probe.clicked")
    figures["pause ms"] = max([0.0, *(moment - clicked for moment in drawn)])


def measure_slow(browser, address: str, folder: Path) -> Figures:
    """Drag fast where every picture takes 100 ms more: when is the last value on the screen?"""
    result = Figures("learning_rate, 100 ms slower")
    cells = ["from course import widgets\ndemo = widgets.learning_rate()", SLOW]
    with staged(browser, address, folder, "slow", cells, ".course-demo", result.heard) as (stage, _):
        lasts = []
        for _ in range(5):
            seen, _ = stage.drag(1, 1.0, wait=1500)
            assert stage.settled(), "the last value did not arrive"
            lasts.append(max(0.0, seen["drawn"][-1] - seen["inputs"][-1]))
        result.figures["last ms"] = statistics.median(lasts)
    return result


def line(each: Figures) -> str:
    """Write a demo's figures in one line, with a mark at those that are not met."""
    told = []
    for name, value in each.figures.items():
        told.append(f"{name} {value:.{1 if value < 10 else 0}f}{'' if each.met(name) else ' NOT MET'}")
    return f"{each.demo:30} " + " · ".join(told) + "".join(f" · HEARD {text[:200]}" for text in each.heard)
