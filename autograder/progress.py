"""A progress bar over a grading run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from autograder.grading import Graded

__all__ = ["shown"]


def shown(run: Iterable[Graded], total: int, title: str, *, err: bool = False) -> Iterator[Graded]:
    """Yield what ``run`` yields, ``total`` submissions, and show how far it is: on stdout, or on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=err)) as progress:
        task = progress.add_task(title, total=total)
        for graded in run:
            progress.update(task, advance=1, description=f"{title}: {graded.student}")
            yield graded
        progress.update(task, description=title)
