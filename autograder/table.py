"""The class on one screen of a terminal: who has how much, and why marks were lost in a few words."""

from __future__ import annotations

import textwrap
from typing import Any

from autograder.pages import number
from autograder.results import ClassResults, Item, StudentResult
from autograder.sanitize import plain

__all__ = ["reasons_table", "show_summary", "summary_table"]

HEAD = 8  # characters of a line in a column's head
ROOM = 32  # characters that the reasons need beside the points
SHORT, LONG = 8, 20  # characters of a student's name, at least and at most


def show_summary(console: Any, results: ClassResults) -> None:
    """Print the class: one table where the screen is wide enough, else the points first and the reasons below.

    Names give way before points are cut; where even so the points have no room, the totals must do.
    """
    if _width(console, summary_table(results, why=False)) + ROOM <= console.width:
        console.print(summary_table(results))
        return
    spare = console.width - _width(console, summary_table(results, why=False, name=SHORT))
    name = min(SHORT + spare, LONG) if spare >= 0 else LONG
    console.print(summary_table(results, why=False, points=spare >= 0, name=name))
    console.print(reasons_table(results))


def _width(console: Any, table: Any) -> int:
    """Give the width that a table would have on an endless screen."""
    return console.measure(table, options=console.options.update(max_width=10_000)).maximum


def reasons_table(results: ClassResults) -> Any:
    """Give a ``rich.table.Table`` of the students who lost marks, or whose hand-in was odd, and why."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", no_wrap=True, overflow="ellipsis", max_width=LONG)
    table.add_column("why marks were lost")
    for student in results.students:
        if _why(student):
            table.add_row(Text(plain(student.student)), Text(_why(student)))
    return table


def summary_table(results: ClassResults, *, points: bool = True, why: bool = True, name: int = LONG) -> Any:
    """Give a ``rich.table.Table``: student, points of each item, sum, and why marks were lost, cut to the screen's width."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    title = Text(f"{results.course}: {results.assignment}")
    table = Table(title=title, caption=_legend(results), box=box.SIMPLE_HEAD, collapse_padding=True, pad_edge=False)
    table.add_column("student", no_wrap=True, overflow="ellipsis", max_width=name)
    titles = results.titles if points else {}
    out_of = {item.key: item.out_of for student in results.students for item in student.items}
    for key, title in titles.items():
        head = "\n".join([*textwrap.wrap(plain(title).replace("_", " "), HEAD), f"/ {number(out_of[key])}"])
        table.add_column(Text(head), justify="right", no_wrap=True)
    whole = Text(f"total\n/ {number(sum(out_of.values()))}")
    table.add_column(whole, justify="right", no_wrap=True)
    if why:
        table.add_column(Text("why marks were lost"), min_width=16)  # the one column that gives way
    for student in results.students:
        items = {item.key: item for item in student.items}
        earned = [_points(items.get(key)) for key in titles]
        total = Text(number(student.points), style="bold")
        lost = [Text(_why(student), no_wrap=True, overflow="ellipsis")] if why else []
        table.add_row(Text(plain(student.student)), *earned, total, *lost)
    return table


def _why(student: StudentResult) -> str:
    late = [f"{number(student.late_penalty)} taken off for lateness"] if student.late_penalty else []
    return " ".join(plain("; ".join(dict.fromkeys([*late, *student.reasons, *student.notes]))).split())


def _points(item: Item | None) -> Any:
    from rich.text import Text

    if item is None or item.points is None:
        return Text("–", style="magenta")
    style = "green" if item.full else "yellow" if item.points else "red"
    return Text(number(item.points) + ("?" if item.review else ""), style=style)


def _legend(results: ClassResults) -> str | None:
    items = [item for student in results.students for item in student.items]
    said = ["– waits for a person"] if any(item.points is None for item in items) else []
    said += ["? a person must look again"] if any(item.review and item.points is not None for item in items) else []
    return ", ".join(said) or None
