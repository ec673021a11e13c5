"""A hub that is started once, three people at it, and a real headless Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.lab import chromium

from .hub import serve
from .member import Member


@pytest.fixture(scope="session")
def hub(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture(scope="session")
def ines(hub):
    """The instructor."""
    return Member(hub.address, "ines")


@pytest.fixture(scope="session")
def ada(hub):
    ada = Member(hub.address, "ada")
    ada.start_server()
    return ada


@pytest.fixture(scope="session")
def ben(hub):
    ben = Member(hub.address, "ben")
    ben.start_server()
    return ben


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def logged_in(hub, browser):
    """Open a page of its own for someone, who fills in the hub's form there; what goes wrong in it fails the test."""
    pages, wrong = [], []

    def log_in(name):
        page = browser.new_context(viewport={"width": 1600, "height": 1000}).new_page()
        pages.append(page)
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type == "error" and wrong.append(said.text))
        page.goto(hub.address)
        page.fill("#username_input", name)
        page.fill("#password_input", "any")
        page.click("#login_submit")
        page.wait_for_url(f"**/user/{name}/lab**")
        return page

    yield log_in
    for page in pages:
        page.context.close()
    assert wrong == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where the screenshots go, to be looked at."""
    folder = Path(__file__).parents[2] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
