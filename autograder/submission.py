"""Read what a student handed in, whatever it is: there is always a notebook to grade, and a word on what was wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.restore import Original, restore
from autograder.runner import error_output

__all__ = ["find_notebook", "read_submission"]

MAX_BYTES = 50_000_000


def find_notebook(folder: Path, name: str) -> Path | None:
    """Find the file that is meant as notebook ``name``: that file, or the only notebook there under another name."""
    exact = folder / f"{name}.ipynb"
    if exact.is_file() and not exact.is_symlink():
        return exact
    others = [path for path in sorted(folder.glob("*.ipynb")) if path.is_file() and not path.is_symlink()]
    return others[0] if len(others) == 1 else None


def read_submission(folder: Path, original: Original) -> tuple[Any, list[str], bool]:
    """Read a submitted notebook and put the instructor's cells back into it.

    Returns
    -------
    notebook : nbformat.NotebookNode
        What was handed in, without outputs; or, where that cannot be read, the instructor's cells with no answers and an
        error in each, so that it scores 0.
    notes : list of str
        What the instructor should know.
    readable : bool
        Whether the notebook is the student's.
    """
    path = find_notebook(folder, original.name)
    if path is None:
        there = sorted(p.name for p in folder.iterdir() if p.name != "timestamp.txt")
        return _nothing(original, f"no {original.name}.ipynb was handed in, but {', '.join(there) or 'nothing'}")
    try:
        notebook = _read(path)
    except ValueError as error:
        return _nothing(original, f"{path.name} is not a notebook: {error}")
    notes = [] if path.stem == original.name else [f"{path.name} was taken for {original.name}.ipynb"]
    return notebook, notes + restore(notebook, original), True


def _read(path: Path) -> Any:
    """Read a notebook of any version and bring it to the present one.

    Raises
    ------
    ValueError
        If it is none; the message says why.
    """
    import nbformat

    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES // 10**6} MB")
    text = path.read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise ValueError("the file is empty")
    try:
        data = json.loads(text)
    except ValueError:
        raise ValueError("it is not JSON") from None
    try:
        version, minor = data["nbformat"], data.get("nbformat_minor", 0)
        notebook = nbformat.versions[version].to_notebook_json(data, minor=minor)
        notebook = notebook if version == 4 else nbformat.convert(notebook, 4)
        notebook.nbformat_minor = 5
        _clean(notebook.cells)
        nbformat.validate(notebook)
    except Exception as error:
        raise ValueError(f"its content is broken ({type(error).__name__}: {str(error).splitlines()[0][:80]})") from None
    return notebook


def _clean(cells: list[Any]) -> None:
    """Drop outputs, and give every cell an id of its own, as the format has asked since version 4.5."""
    seen: set[str] = set()
    for number, cell in enumerate(cells):
        if cell.get("id") in seen or not cell.get("id"):
            cell["id"] = f"cell-{number}-{len(cells)}"
        seen.add(cell["id"])
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)


def _nothing(original: Original, why: str) -> tuple[Any, list[str], bool]:
    from nbformat.v4 import new_markdown_cell, new_notebook

    notebook = new_notebook(cells=[new_markdown_cell(f"**Nothing could be graded:** {why}.")])
    restore(notebook, original)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [error_output("NothingToGrade", why)]
    return notebook, [why], False
