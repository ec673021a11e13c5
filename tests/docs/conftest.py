"""The site, built once for all its tests, and a browser that has no network to open it in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .clone import ROOT


@pytest.fixture(scope="session")
def site() -> Path:
    """The site as ``make docs`` builds it; lectures that have not changed are not run again."""
    built = subprocess.run([sys.executable, "-m", "docs.site"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr[-4000:]
    return ROOT / "build" / "site"


@pytest.fixture(scope="session")
def browser():
    from tests.browser.lab import chromium

    with chromium() as browser:
        yield browser
