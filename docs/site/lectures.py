"""Run the lectures for the site: each once, and again only when it or the library has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import nbformat

from notebooks.build import LECTURES, StaticDemos, sources

ROOT = Path(__file__).parents[2]
SHAPES = Path(__file__).parent / "describe.py"
PACKAGES = "numpy", "matplotlib", "scikit-learn", "ipykernel", "anywidget"
TIMEOUT = 300  # seconds for a cell


def run_all(cache: Path) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """Give each lecture's name and the lecture with its outputs, where demos are pictures."""
    cache.mkdir(parents=True, exist_ok=True)
    library = _library()
    wanted = set()
    for source in sources():
        text = source.with_suffix(".ipynb").read_text(encoding="utf-8")
        kept = cache / f"{source.stem}-{_hash(text.encode(), library)}.ipynb"
        wanted.add(kept)
        if not kept.is_file():
            print(f"running {source.stem}", flush=True)
            _keep(run(nbformat.reads(text, as_version=4)), kept)
        yield source.stem, nbformat.read(kept, as_version=4)
    for old in set(cache.glob("*.ipynb")) - wanted:
        old.unlink()


def run(notebook):
    """Run a notebook in a fresh kernel; an error in a cell is an error of the site."""
    from nbclient import NotebookClient

    first = nbformat.v4.new_code_cell(SHAPES.read_text(encoding="utf-8"))
    notebook.cells.insert(0, first)
    NotebookClient(notebook, timeout=TIMEOUT, resources={"metadata": {"path": str(LECTURES)}}).execute()
    notebook.cells.remove(first)
    notebook, _ = StaticDemos().preprocess(notebook, {})
    notebook.metadata.pop("widgets", None)  # a page that has it asks another host for its script
    return notebook


def _keep(notebook, path: Path) -> None:
    part = path.with_suffix(".part")
    nbformat.write(notebook, part)
    part.replace(path)


def _library() -> bytes:
    """Return all that a lecture's outputs depend on besides the lecture, as bytes."""
    modules = [path for kind in ("py", "js", "css", "gz") for path in sorted((ROOT / "course").rglob(f"*.{kind}"))]
    versions = [f"{name} {version(name)}".encode() for name in PACKAGES]
    return b"".join([*versions, SHAPES.read_bytes(), *(path.read_bytes() for path in modules)])


def _hash(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]
