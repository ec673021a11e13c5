"""Find a student's notebooks, and read one: whole, or with a sentence on what is wrong with it."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import InputError

__all__ = ["Exercise", "doubts", "find_notebook", "find_notebooks", "read_notebook"]

PUBLISHED = Path("notebooks") / "exercises"
DEPTH = 3  # folders below the one that is searched
COPY = re.compile(r"(\s*\(\d+\)|-Copy\d+)$")
PROMISE = re.compile(r"\*\*(\d+(?:\.\d+)?) points")
NUMBER = re.compile(r"problem set (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Exercise:
    """A student's notebook as it is saved: where it is, its bytes, and what they say."""

    path: Path
    content: bytes
    notebook: Any

    @property
    def name(self) -> str:
        """The assignment's name: the file's, without what a browser or Jupyter adds to a copy's."""
        return COPY.sub("", self.path.stem)

    @property
    def title(self) -> str:
        first = next((cell.source for cell in self.notebook.cells if cell.cell_type == "markdown"), "")
        return next((line.lstrip("# ") for line in first.splitlines() if line.startswith("# ")), self.name)

    @property
    def graded(self) -> list[Any]:
        """The cells that earn points."""
        return [cell for cell in self.notebook.cells if _role(cell).get("grade") or _role(cell).get("task")]


def find_notebooks(folder: Path) -> list[Path]:
    """List the notebooks in a folder and a few levels below; of a course's own folder, those of its exercises.

    Raises
    ------
    InputError
        If there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"there is no folder {folder}: name the one with your exercises")
    base = folder / PUBLISHED if (folder / PUBLISHED).is_dir() else folder
    found = [path for depth in range(DEPTH + 1) for path in base.glob("*/" * depth + "*.ipynb")]
    shown = [path for path in found if not any(part.startswith(".") for part in path.relative_to(base).parts)]
    return sorted((path for path in shown if path.is_file()), key=lambda path: (path.parent, path.name))


def find_notebook(name: str, place: Path | None = None) -> Path:
    """Find the notebook of a set by its name or a beginning of it, in ``place`` or below the present folder.

    Raises
    ------
    InputError
        If there is none, or there are several.
    """
    if place is None and Path(name).suffix == ".ipynb":
        place, name = Path(name), ""
    if place is not None and not place.is_dir():
        if not place.is_file():
            raise InputError(f"there is no notebook {place}")
        if not COPY.sub("", place.stem).lower().startswith(name.lower()):
            raise InputError(
                f"{place.name} is not named as {name}: give the set's own notebook, or rename it to {name}.ipynb"
            )
        return place
    folder = place or Path()
    there = find_notebooks(folder)
    fitting = [path for path in there if path.stem.lower().startswith(name.lower())]
    exact = [path for path in fitting if path.stem.lower() == name.lower()] or fitting
    if len(exact) == 1:
        return exact[0]
    known = ", ".join(sorted({path.stem for path in there})) or "no notebook"
    if not exact:
        raise InputError(
            f"no notebook of {name} in {folder.resolve()}: there is {known}; go to its folder, or name the file"
        )
    raise InputError(f"{name} could be {', '.join(map(str, exact))}: name the file, as in `course check {name} {exact[0]}`")


def read_notebook(path: Path) -> Exercise:
    """Read a notebook.

    Raises
    ------
    InputError
        If it is half written, no notebook, or none with exercises in it.
    """
    content = path.read_bytes()
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path} is not a whole notebook ({_where(error, content)}): open it in JupyterLab, save it, and try again; "
            "if it does not open, an earlier state may be in File, Revert Notebook to Checkpoint"
        ) from error
    exercise = Exercise(path, content, _sound(path, data))
    if not exercise.graded:
        raise InputError(f"{path} has no cell that earns points: it is no exercise, or its test cells are gone")
    return exercise


def _sound(path: Path, data: Any) -> Any:
    """Make a notebook of what a file holds, if it is one."""
    import nbformat

    try:
        with warnings.catch_warnings(), _quiet("traitlets"):  # where nbformat says what it says again when it raises
            warnings.simplefilter("ignore")  # of cells without an id, which it then gives them
            notebook = nbformat.reads(json.dumps(data), as_version=4)
        sound = all(_is_cell(cell) for cell in notebook.cells)
    except Exception as error:  # nbformat raises whatever its parts do
        said = (str(error).splitlines() or [""])[0]
        raise InputError(f"{path} is no notebook ({said or type(error).__name__}): save it again in JupyterLab") from error
    if not sound:
        raise InputError(f"{path} has a cell that is none: open it in JupyterLab, save it, and try again")
    return notebook


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Let a logger say nothing for a while."""
    import logging

    logger = logging.getLogger(name)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _is_cell(cell: Any) -> bool:
    """Tell whether a cell has what is read of it; more than that the notebook format asks, and the grader does not."""
    if cell.get("cell_type") == "code":
        cell.setdefault("execution_count", None)
        shown = cell.setdefault("outputs", [])
        if not isinstance(shown, list) or not all(isinstance(each.get("output_type"), str) for each in shown):
            return False
    known = cell.get("cell_type") in {"code", "markdown", "raw"}
    return known and isinstance(cell.get("source"), str) and isinstance(cell.get("metadata"), dict)


def _where(error: Exception, content: bytes) -> str:
    if not content.strip():
        return "the file is empty"
    return (
        f"it breaks off or is broken at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "it is no text"
    )


def doubts(exercise: Exercise) -> list[str]:
    """Say what looks wrong with a notebook as a hand-in: another set's content, cells that are gone or doubled.

    Raises
    ------
    InputError
        If its content is another set's.
    """
    said = NUMBER.search(exercise.title)
    named = {int(number) for number in re.findall(r"\d+", exercise.name)}
    if said and named and int(said[1]) not in named:
        raise InputError(f"{exercise.path.name} holds {exercise.title!r}: it is not the notebook of {exercise.name}")
    names = [_role(cell).get("grade_id") for cell in exercise.notebook.cells if _role(cell)]
    notes = [f"the cell {name} is there more than once: the last one counts" for name in _doubled(names)]
    notes += [f"the cell {name} is gone: copy it back from a fresh copy of the set" for name in _gone(exercise, names)]
    promised = PROMISE.search(exercise.notebook.cells[0].source)
    points = sum({_role(cell)["grade_id"]: float(_role(cell)["points"]) for cell in exercise.graded}.values())
    if promised and points != float(promised[1]):
        notes.append(f"its cells are worth {points:g} points, and its first lines promise {promised[1]}: cells are gone")
    return notes


def _doubled(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _gone(exercise: Exercise, names: list[str]) -> list[str]:
    """Name the missing halves of pairs: an answer ``f`` without its ``test_f``, where the other answers have theirs."""
    answers = [_role(c)["grade_id"] for c in exercise.notebook.cells if _role(c).get("solution") and c.cell_type == "code"]
    tests = [name for name in names if name.startswith("test_")]
    if not any(f"test_{name}" in tests for name in answers):
        return []  # a course that names its cells otherwise
    without_test = [f"test_{name}" for name in answers if f"test_{name}" not in tests]
    return without_test + [name[5:] for name in tests if name[5:] not in answers]


def _role(cell: Any) -> dict[str, Any]:
    """Give what nbgrader says of a cell; nothing where that is malformed."""
    role = cell.metadata.get("nbgrader")
    whole = isinstance(role, dict) and isinstance(role.get("grade_id"), str)
    worth = isinstance(role.get("points"), (int, float)) if whole and (role.get("grade") or role.get("task")) else True
    return role if whole and worth else {}
