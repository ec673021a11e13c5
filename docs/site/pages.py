"""Lay the pages of the site in one folder, each where it lies in the repository, so that its links hold."""

from __future__ import annotations

import binascii
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

import nbformat

from docs.site import api
from docs.site.accessible import ALT
from docs.site.lectures import ROOT, run_all

TEXTS = "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md"
EXERCISES = "notebooks/exercises/*/*.ipynb"
HEADING = re.compile(r"^(#{1,5} )", re.MULTILINE)


def lay(pages: Path, cache: Path) -> None:
    """Make the folder anew; lectures come from the cache where nothing has changed."""
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(parents=True)
    shutil.copy(Path(__file__).parent / "index.md", pages)
    for pattern in TEXTS:
        for path in sorted(ROOT.glob(pattern)):
            _copy(path, pages)
    shutil.copytree(ROOT / "docs" / "images", pages / "docs" / "images")
    words: dict[str, str] = {}
    for name, notebook in run_all(cache):
        words |= pictures(notebook)
        _write(for_readers(notebook, f"{name}.ipynb"), pages / "notebooks" / "lectures" / f"{name}.ipynb")
    for path in sorted(ROOT.glob(EXERCISES)):
        notebook = for_readers(nbformat.read(path, as_version=4), path.name)
        _write(notebook, pages / path.relative_to(ROOT))
    (pages / ALT).write_text(json.dumps(words), encoding="utf-8")
    (pages / "api").mkdir()
    for name, text in api.pages().items():
        (pages / "api" / f"{name}.rst").write_text(text, encoding="utf-8")


def pictures(notebook) -> dict[str, str]:
    """Return the words for each picture that a cell has shown, by the name that its file will have."""
    words = {}
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        data = output.get("data", {})
        if "image/png" in data:
            name = hashlib.sha256(binascii.a2b_base64(data["image/png"])).hexdigest() + ".png"
        elif "image/svg+xml" in data:
            text = os.linesep.join("".join(data["image/svg+xml"]).splitlines())
            name = hashlib.sha256(text.encode()).hexdigest() + ".svg"
        else:
            continue
        words[name] = data.get("text/plain", "").replace("?.", "?")
    return words


def for_readers(notebook, name: str):
    """Return a notebook as a page: a way to the file itself, and the lecturer's notes marked as such."""
    first = notebook.cells[0]
    link = f'<p class="download"><a href="{name}" download>Download this notebook</a> to run it in JupyterLab.</p>'
    first.source = f"{first.source.rstrip()}\n\n{link}\n"
    titles = [cell for cell in notebook.cells[1:] if cell.cell_type == "markdown" and cell.source.startswith("# ")]
    for cell in notebook.cells:
        if titles and cell is not first and cell.cell_type == "markdown":
            cell.source = HEADING.sub(r"#\1", cell.source)  # a page has one title
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("text/vnd.mermaid", None)
        if cell.metadata.get("slideshow", {}).get("slide_type") == "notes":
            cell.source = f"::::{{admonition}} For the lecturer\n:class: note\n\n{cell.source.strip()}\n::::"
    return notebook


def _copy(path: Path, pages: Path) -> None:
    place = pages / path.relative_to(ROOT)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, place)


def _write(notebook, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place)
