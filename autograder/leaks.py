"""Search what students would get for the lines of answers and hidden tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["find_leaks"]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME")


def find_leaks(source: Path, released: Path) -> list[str]:
    """List the lines of answers and hidden tests that stand in released files, and the markers around them."""
    secrets: set[str] = set().union(*(_secret_lines(path) for path in source.glob("*.ipynb")))
    leaks = []
    for path in sorted(path for path in released.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        shown = _plain(path, text)
        found = [marker for marker in MARKERS if marker in text] + [line for line in sorted(secrets) if line in shown]
        leaks += [f"{secret!r} in {path.relative_to(released)}" for secret in found]
    return leaks


def _secret_lines(path: Path) -> set[str]:
    """Collect the lines of answers and hidden tests that are long enough to be told from others.

    A line that students are given as code elsewhere, in a function to complete or a test they see, is no secret.
    """
    import nbformat

    secret, given = set(), []
    for cell in nbformat.read(path, as_version=4).cells:
        solution = bool(cell.metadata.get("nbgrader", {}).get("solution"))
        hidden = solution and "BEGIN SOLUTION" not in cell.source
        for line in cell.source.splitlines():
            if any(marker in line for marker in MARKERS):
                hidden = "BEGIN" in line
            elif hidden and len(line.strip()) > 15:
                secret.add(line.strip())
            elif not hidden and cell.cell_type == "code":
                given.append(line)
    said = "\n".join(given)
    return {line for line in secret if line not in said}


def _plain(path: Path, text: str) -> str:
    """Give a file's text as a person reads it: of a notebook, all that its cells say and show."""
    if path.suffix != ".ipynb":
        return text
    try:
        return "\n".join(_texts(json.loads(text)))
    except ValueError:
        return text


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, a list of lines as one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(part, str) for part in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for part in value if isinstance(value, list) else value.values():
            yield from _texts(part)
