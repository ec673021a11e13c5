"""Check a set: run its notebook in a fresh kernel, and show what is right, and what is wrong in a line."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograder.pages import number
from autograder.results import Item
from autograder.sanitize import plain
from autograder.settings import Settings
from autograder.student.kernel import run_notebook
from autograder.student.notebook import Exercise
from autograder.student.standing import Standing, is_done, standing_of

__all__ = ["check", "items_as_data", "items_table", "summary"]

MORE = "More tests of the same ideas run when your notebook is graded."


def check(exercise: Exercise, *, seconds: float | None = None, silent: bool = False) -> tuple[Standing, list[str]]:
    """Run a copy of the notebook; give its standing, and sentences on what was out of the ordinary.

    Parameters
    ----------
    exercise : Exercise
        The notebook, of which neither the file nor the copy in memory is changed.
    seconds : float, optional
        How long a cell may take; by default what the notebook says.
    silent : bool
        Whether no progress bar is shown.
    """
    notebook = copy.deepcopy(exercise.notebook)
    table = notebook.metadata.get("autograder")
    settings = Settings.read(table if isinstance(table, dict) else {})
    total = sum(cell.cell_type == "code" for cell in notebook.cells)
    with _bar(f"checking {exercise.name}", total, silent) as tell:
        notes = run_notebook(
            notebook,
            exercise.path.resolve().parent,
            seconds=seconds or settings.cell_seconds,
            skip=set(settings.skip),
            tell=tell,
        )
    standing = standing_of(Exercise(exercise.path, exercise.content, notebook))
    return standing, notes + list(dict.fromkeys(_forbidden(exercise, settings)))


@contextmanager
def _bar(title: str, total: int, silent: bool) -> Iterator[Any]:
    """Show on stderr, where a person looks on, how many cells have run."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=silent or not console.is_terminal) as progress:
        task, begun = progress.add_task(title, total=total), 0

        def tell(cell: str) -> None:
            nonlocal begun
            progress.update(task, completed=min(begun, total), description=f"{title}: {cell}")
            begun += 1

        yield tell


def _forbidden(exercise: Exercise, settings: Settings) -> Iterator[str]:
    """Name imports that work here, and not where the notebook is graded."""
    for cell in exercise.notebook.cells:
        role = cell.metadata.get("nbgrader")
        if cell.cell_type != "code" or (isinstance(role, dict) and role.get("locked")):
            continue
        try:
            tree = ast.parse(cell.source)
        except (SyntaxError, ValueError, RecursionError):
            continue
        for name in _imported(tree):
            for module in settings.forbidden:
                if f"{name}.".startswith(f"{module}."):
                    yield f"{module} is imported: where the notebook is graded, this set's answers cannot use it"


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}


def items_table(standing: Standing) -> Any:
    """Give a ``rich.table.Table``: function, points, and what is wrong in a line."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(plain(standing.exercise.title)), box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left")
    table.add_column("function", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("what is wrong")
    for item in standing.items:
        table.add_row(Text(plain(item.title)), _points(item), Text(_wrong(item)))
    return table


def _points(item: Item) -> Any:
    from rich.text import Text

    earned = "–" if item.points is None else number(item.points)
    style = "magenta" if item.by_hand else "green" if is_done(item) else "yellow" if item.points else "red"
    return Text(f"{earned} of {number(item.out_of)}", style=style)


def _wrong(item: Item) -> str:
    """Say in one line what is wrong, in the words of the verdict."""
    if item.by_hand:
        return item.reason or "a person will read it"
    said = f"behaves like: {item.misconception}" if item.misconception else item.reason
    return " ".join(plain(said).split())


def summary(standing: Standing) -> str:
    """Sum up in one line."""
    waiting = f"; {number(standing.waiting)} more wait for a person" if standing.waiting else ""
    sure = number(standing.out_of - standing.waiting)
    return f"{number(standing.points)} of {sure} points in the checks that you see{waiting}. {MORE}"


def items_as_data(standing: Standing) -> list[dict[str, Any]]:
    """Give the items as JSON types: what ``--json`` prints of each function."""
    return [
        {
            "function": plain(item.title),
            "points": item.points,
            "out_of": item.out_of,
            "by_hand": item.by_hand,
            "done": is_done(item),
            "wrong": "" if is_done(item) else _wrong(item),
        }
        for item in standing.items
    ]
