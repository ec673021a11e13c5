"""Whether a page of ours fits its window: nothing runs out of it, nothing is cut, no two labels of a picture overlap."""

from __future__ import annotations

from pathlib import Path

WIDTHS = 1600, 390  # a desk, and a phone
FAULTS = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").partition("\n")[2]


def assert_fits(page) -> None:
    """See that the open page fits, on a desk and on a phone; the window is as it was afterwards."""
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_timeout(200)
        assert page.evaluate(FAULTS) == [], f"{page.url}, {width} px wide"
    page.set_viewport_size(before)
