"""A demo on a page of JupyterLab: what it looks like, when it has settled, and in which theme."""

from __future__ import annotations

import hashlib


def looks(demo):
    """A short name for all the pixels that a demo shows."""
    pixels = demo.evaluate("(root) => [...root.querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join()")
    return hashlib.sha256(pixels.encode()).hexdigest()


def settle(page, demo):
    """Wait until the last move has been answered and drawn."""
    page.wait_for_function(
        "(root) => !root.dataset.move || root.dataset.answered === root.dataset.move", arg=demo.element_handle()
    )
    page.wait_for_timeout(120)


def paint(page, theme):
    """Choose JupyterLab's theme in its menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for entry, act in (("Theme", "hover"), (theme, "click")):
        getattr(page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True), act)()
    page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
    page.wait_for_timeout(600)
