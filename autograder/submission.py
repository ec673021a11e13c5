"""Read what a student handed in, whatever it is: there is always a notebook to grade, and a word on what was wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.files import contents, regular_files
from autograder.outputs import error_output
from autograder.restore import Original, restore

__all__ = ["find_notebook", "read_files", "read_notebook", "read_submission"]

MAX_BYTES, MAX_FILES = 50_000_000, 100_000_000  # of a notebook, and of all files of a submission together
MAX_CELLS, MAX_TEXT = 10_000, 5_000_000  # cells of a notebook, and characters in them
PRESENT = 4  # the major version of the notebook format that the grader works in


def read_files(folder: Path) -> dict[str, bytes]:
    """Read what was handed in: the content of its regular files, by relative name.

    Raises
    ------
    GraderError
        If there is too much of it; nothing is read then.
    """
    size = sum(path.stat().st_size for path in regular_files(folder))
    if size > MAX_FILES:
        raise GraderError(f"the submission has {size / 1e6:.0f} MB of files, more than {MAX_FILES / 1e6:.0f} MB")
    return contents(folder)


def find_notebook(folder: Path, name: str, *, only: bool = True) -> Path | None:
    """Find the file that is meant as notebook ``name``: that file, or the only notebook there under another name.

    With ``only=False`` the assignment has other notebooks too, and no file is taken for another.
    """
    exact = folder / f"{name}.ipynb"
    if exact.is_file() and not exact.is_symlink():
        return exact
    others = [path for path in sorted(folder.iterdir()) if is_notebook(path)]
    return others[0] if only and len(others) == 1 else None


def is_notebook(path: Path) -> bool:
    """Tell whether a path is a notebook by its name, and a file of its own: no link, no device, nothing hidden."""
    named = path.suffix.lower() == ".ipynb" and not path.name.startswith(".")
    return named and path.is_file() and not path.is_symlink()


def read_submission(folder: Path, original: Original, *, only: bool = True) -> tuple[Any, list[str], bool]:
    """Read a submitted notebook and put the instructor's cells back into it; ``only`` as in :func:`find_notebook`.

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
    path = find_notebook(folder, original.name, only=only)
    if path is None:
        there = sorted(_text(p.name) for p in folder.iterdir() if p.name != "timestamp.txt")
        instead = f"but {', '.join(there)}" if there else "the folder is empty"
        return _nothing(original, f"no {original.name}.ipynb was handed in, {instead}")
    name = _text(path.name)
    try:
        with path.open("rb") as file:
            notebook, changes = read_notebook(file.read(MAX_BYTES + 1), original)
    except ValueError as error:
        return _nothing(original, f"{name} is not a notebook: {error}")
    notes = [] if path.stem == original.name else [f"{name} was taken for {original.name}.ipynb"]
    return notebook, notes + changes, True


def read_notebook(content: bytes, original: Original) -> tuple[Any, list[str]]:
    """Read a notebook file of any version as one of the present, and put the instructor's cells back into it.

    Returns
    -------
    notebook : nbformat.NotebookNode
    notes : list of str
        What had to be changed, in words for the instructor.

    Raises
    ------
    ValueError
        If it is no notebook; the message says why.
    """
    from nbformat.v4 import new_notebook

    if len(content) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES // 10**6} MB")
    found = _cells(content)
    if len(found) > MAX_CELLS:
        raise ValueError(f"it has {len(found)} cells, more than {MAX_CELLS}")
    cells = [cell for number, raw in enumerate(found) if (cell := _rebuilt(raw, f"cell-{number}"))]
    if sum(len(cell.source) for cell in cells) > MAX_TEXT:
        raise ValueError(f"its cells have more than {MAX_TEXT // 10**6} million characters")
    notebook, broken = new_notebook(cells=cells), len(found) - len(cells)
    notes = [f"{broken} of the cells cannot be read and were left out"] if broken else []
    return notebook, notes + restore(notebook, original)


def _cells(content: bytes) -> list[Any]:
    """Take the list of cells, which may still be anything, from a notebook file of any version."""
    import nbformat

    if not content.strip():
        raise ValueError("the file is empty")
    try:
        data = json.loads(content.decode(json.detect_encoding(content), errors="replace"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except ValueError:
        raise ValueError("it is not JSON") from None
    version = data.get("nbformat") if isinstance(data, dict) else None
    try:
        if isinstance(version, int) and 0 < version < PRESENT:
            old = nbformat.versions[version].to_notebook_json(data, minor=data.get("nbformat_minor", 0))
            data = nbformat.convert(old, PRESENT)
    except Exception as error:
        raise ValueError(f"its content is broken ({type(error).__name__} in version {version})") from None
    if version is None or not isinstance(data.get("cells"), list):
        raise ValueError("it has no cells")
    return data["cells"]


def _rebuilt(raw: Any, name: str) -> Any:
    """Make a cell anew from its text, its attached pictures and its grade_id, and from nothing else; None if it is none."""
    from nbformat import from_dict

    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    kind, source = raw["cell_type"], raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    cell = from_dict({"cell_type": kind, "id": name, "metadata": {}, "source": _text(source).replace("\r\n", "\n")})
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    meta = raw.get("metadata")
    meta = meta.get("nbgrader") if isinstance(meta, dict) else None
    if isinstance(meta, dict) and isinstance(meta.get("grade_id"), str):
        cell.metadata = from_dict({"nbgrader": {"grade_id": meta["grade_id"]}})
    pictures = raw.get("attachments")
    if cell.cell_type != "code" and isinstance(pictures, dict):
        cell.attachments = {_text(file): data for file, data in pictures.items() if _is_bundle(data)}
    return cell


def _is_bundle(data: Any) -> bool:
    return isinstance(data, dict) and all(isinstance(part, str) and part.isascii() for part in [*data, *data.values()])


def _text(text: str) -> str:
    """Replace half characters, which JSON and file names may hold and no file in UTF-8 can."""
    return text.encode("utf-8", errors="replace").decode("utf-8")


def _nothing(original: Original, why: str) -> tuple[Any, list[str], bool]:
    from nbformat.v4 import new_markdown_cell, new_notebook

    notebook = new_notebook()
    restore(notebook, original)
    notebook.cells.insert(0, new_markdown_cell(f"**Nothing could be graded:** {why}."))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [error_output("NothingToGrade", why)]
    return notebook, [why], False
