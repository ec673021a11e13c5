"""Where a student stands: every set in a folder, what is done, what is next; on the screen, as data, or as a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import InputError
from autograder.pages import number, render
from autograder.sanitize import plain
from autograder.student.notebook import find_notebooks, read_notebook
from autograder.student.standing import NOT_RUN, Standing, standing_of

__all__ = ["Row", "as_data", "next_step", "page", "read_folder", "sets_table"]


@dataclass(frozen=True)
class Row:
    """One notebook: its standing, or a sentence on why it has none."""

    path: Path
    standing: Standing | None
    trouble: str = ""

    @property
    def begun(self) -> bool:
        return self.standing is not None and self.standing.state != NOT_RUN

    @property
    def finished(self) -> bool:
        return self.standing is not None and self.standing.next is None

    @property
    def what_next(self) -> str:
        """The first thing that is to do in this set."""
        if self.standing is None:
            return self.trouble
        item = self.standing.next
        if item is None:
            return "done: hand it in"
        return f"{item.title}: {item.reason}" if self.begun and item.reason else item.title


def read_folder(folder: Path) -> list[Row]:
    """Read the standing of every exercise in a folder; a notebook that is none is left out, a broken one named.

    Raises
    ------
    InputError
        If there is no exercise.
    """
    rows = []
    for path in find_notebooks(folder):
        if b"nbgrader" not in path.read_bytes():
            continue  # a lecture, or a notebook of the student's own
        try:
            rows.append(Row(path, standing_of(read_notebook(path))))
        except InputError as error:
            rows.append(Row(path, None, str(error)))
    if not rows:
        raise InputError(f"no exercise in {folder.resolve()}: go to the folder with your exercises, or name it")
    return rows


def next_step(rows: list[Row]) -> Row | None:
    """The set to go on with: the first that is begun and not finished, or else the first that is not finished."""
    open_sets = [row for row in rows if row.standing is not None and not row.finished]
    return next((row for row in open_sets if row.begun), open_sets[0] if open_sets else None)


def totals(rows: list[Row]) -> tuple[float, float, float]:
    """Points so far, all points, and those that a person will give."""
    known = [row.standing for row in rows if row.standing]
    return sum(s.points for s in known), sum(s.out_of for s in known), sum(s.waiting for s in known)


def sets_table(rows: list[Row]) -> Any:
    """Give a ``rich.table.Table`` of the sets."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("set", no_wrap=True)
    table.add_column("about")
    table.add_column("done", justify="right", no_wrap=True)
    table.add_column("points", justify="right", no_wrap=True)
    table.add_column("next")
    table.add_column("these points are")
    following = next_step(rows)
    for row in rows:
        standing = row.standing
        if standing is None:
            table.add_row(Text(_short(row.path.stem)), "", "–", "–", Text("see below", style="red"), "cannot be read")
            continue
        style = "bold" if row is following else "green" if row.finished else ""
        done = f"{standing.done} of {len(standing.items)}"
        earned = f"{number(standing.points)} of {number(standing.out_of)}"
        said = Text(plain(row.what_next))
        about = Text(plain(standing.exercise.title.partition(": ")[2] or standing.exercise.title), style=style)
        table.add_row(Text(_short(row.path.stem), style=style), about, done, earned, said, _state(standing))
    return table


def _short(stem: str) -> str:
    """Give the name by which the other commands find a set: its first word."""
    return plain(stem).partition("_")[0]


def _state(standing: Standing) -> str:
    return f"{standing.state}: {', '.join(map(plain, standing.changed))}" if standing.changed else standing.state


def as_data(rows: list[Row]) -> dict[str, Any]:
    """Give what ``course start --json`` prints."""
    points, out_of, waiting = totals(rows)
    following = next_step(rows)
    sets = [
        {
            "set": row.standing.exercise.name if row.standing else row.path.stem,
            "title": row.standing.exercise.title if row.standing else "",
            "notebook": str(row.path),
            "points": row.standing.points if row.standing else None,
            "out_of": row.standing.out_of if row.standing else None,
            "done": row.standing.done if row.standing else None,
            "items": len(row.standing.items) if row.standing else None,
            "state": row.standing.state if row.standing else "cannot be read",
            "changed": row.standing.changed if row.standing else [],
            "next": row.what_next,
        }
        for row in rows
    ]
    chosen = following.standing.exercise.name if following else None
    return {"points": points, "out_of": out_of, "waiting": waiting, "next": chosen, "sets": sets}


def page(rows: list[Row]) -> bytes:
    """Give the progress page: one HTML file that asks nothing of any host."""
    points, out_of, waiting = totals(rows)
    sums = {"points": points, "out_of": out_of, "waiting": waiting}
    return render("start.html", rows=rows, following=next_step(rows), state=_state, **sums)
