"""A demo in JupyterLab in headless Chromium, and what can be measured on it with real keys and a real mouse."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat

from tests.browser.lab import wait_for_kernel

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
HOVER = 300  # ms that a hand takes from being over a slider to pressing it
END_KERNELS = """async () => {
    const headers = { "X-XSRFToken": document.cookie.match(/_xsrf=([^;]+)/)[1] };
    for (const kernel of await (await fetch("/api/kernels")).json())
        await fetch(`/api/kernels/${kernel.id}`, { method: "DELETE", headers });
}"""
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}


class Stage:
    """A page with one notebook, whose last cell shows what is measured."""

    def __init__(self, page, address: str, selector: str):
        self.page, self.address, self.selector = page, address, selector
        self.root = page.locator(selector).first

    def press(self, keys: int, *targets, image: bool = False, pause: float = 0.12) -> list[dict]:
        """Press an arrow key on these sliders in turn, and wait each time for the picture that answers it."""
        self.page.evaluate(PROBE)
        answers, forward = [], [True] * len(targets)
        for k in range(keys):
            target, turn = targets[k % len(targets)], k % len(targets)
            if not image:
                place, last = int(target.input_value()), int(target.get_attribute("max"))
                forward[turn] = place < last and (forward[turn] or place == 0)
            target.focus()
            waiting = self.root.evaluate_handle("(root, image) => ({ answer: probe.key(root, image) })", image)
            self.page.keyboard.press("ArrowRight" if forward[turn] else "ArrowLeft")
            answers.append(waiting.evaluate("async (it) => await it.answer"))
            time.sleep(pause)
        return answers

    def sliders(self):
        return self.root.locator("input[type=range]")

    def drag(self, slider: int, seconds: float, wait: int = 400) -> tuple[dict, int]:
        """Drag a slider to and fro with the mouse; give when pictures were drawn, and how often the slider moved."""
        self.page.evaluate(PROBE)
        target = self.sliders().nth(slider)
        target.scroll_into_view_if_needed()
        box, stops = target.bounding_box(), int(target.get_attribute("max")) + 1
        y, left, width = box["y"] + box["height"] / 2, box["x"] + 14, box["width"] - 28
        place = int(target.input_value()) / (stops - 1)
        self.page.mouse.move(left + place * width, y)
        self.page.wait_for_timeout(HOVER)
        self.page.mouse.down()
        self.root.evaluate("(root) => probe.startCount(root)")
        period, start = min(1.6, max(0.12, stops / 40)), time.perf_counter()
        while (now := time.perf_counter() - start) < seconds:
            turn = (place / 2 + now / period) % 1
            self.page.mouse.move(left + width * (2 * turn if turn < 0.5 else 2 - 2 * turn), y)
        self.page.mouse.up()
        self.page.wait_for_timeout(wait)
        return self.page.evaluate("probe.stopCount()"), stops

    def settled(self) -> bool:
        return self.root.evaluate("(root) => root.dataset.answered === root.dataset.move")

    def memory(self) -> float:
        """Return the megabytes of memory that the page's processes hold, after its garbage has been collected."""
        client = self.page.context.new_cdp_session(self.page)
        for _ in range(3):
            client.send("HeapProfiler.collectGarbage")
        client.detach()
        self.page.wait_for_timeout(300)
        return renderers()


def renderers() -> float:
    """Return the megabytes that Chromium's renderers hold (their proportional set sizes)."""
    total = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"--type=renderer" in (process / "cmdline").read_bytes():
                pss = next(row for row in (process / "smaps_rollup").read_text().splitlines() if row.startswith("Pss:"))
                total += int(pss.split()[1])
    return total / 1024


@contextlib.contextmanager
def staged(browser, address: str, folder: Path, name: str, cells: list[str], selector: str, heard: list[str]) -> Iterator:
    """Open a notebook with these cells, run them one by one, and give the stage and the seconds until the last showed."""
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": KERNEL})
    nbformat.write(notebook, folder / f"{name}.ipynb")
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    page.set_default_timeout(60_000)
    page.on("request", lambda request: request.url.startswith((address, "data:", "blob:")) or heard.append(request.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: said.type == "error" and heard.append(said.text))
    page.goto(f"{address}lab/workspaces/{name}/tree/{name}.ipynb?reset")
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    wait_for_kernel(address, f"{name}.ipynb")
    page.locator(".jp-CodeCell .cm-content").first.click()
    for _ in cells[:-1]:
        page.keyboard.press("Shift+Enter")
    page.wait_for_selector(f".jp-CodeCell .jp-InputPrompt:has-text('[{len(cells) - 1}]:')")
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    start = time.perf_counter()
    page.keyboard.press("Shift+Enter")
    if "course-demo" in selector:
        page.wait_for_function("document.querySelector('.course-demo')?.dataset.drawn > 0")  # looks at every frame
    else:
        page.wait_for_selector(f"{selector} img")
    shown = time.perf_counter() - start
    page.wait_for_timeout(1500)
    page.locator(selector).first.scroll_into_view_if_needed()
    yield Stage(page, address, selector), shown
    heard[:], kept = [], list(heard)
    page.evaluate(END_KERNELS)
    page.close()
    heard[:] = kept


def quantiles(numbers: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(numbers), statistics.quantiles(numbers, n=20)[-1]
