"""A real headless Chromium for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from .lab import chromium


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A fresh page, the size of a projector."""
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.set_default_timeout(120_000)
    yield page
    page.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where the screenshots go, to be looked at."""
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def heard(page):
    """What the page asked for beyond this computer, and what went wrong in it."""
    heard = []
    local = ("http://127.0.0.1:", "file:", "data:", "blob:")
    page.on("request", lambda request: request.url.startswith(local) or heard.append(request.url))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: said.type == "error" and heard.append(said.text))
    return heard
