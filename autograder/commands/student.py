"""A student's own commands: start, check, submit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from autograder.commands.options import as_json, give

__all__ = ["check", "start", "submit"]

PLACE = click.Path(path_type=Path)
seconds = click.option(
    "--timeout",
    type=click.FloatRange(1),
    metavar="SECONDS",
    help="Seconds that one cell may take; the notebook says, or 30.",
)


@click.command()
@click.argument("folder", type=PLACE, default=Path())
@click.option("--html", "page", type=PLACE, is_flag=False, flag_value=Path("progress.html"), help="Write a page, too.")
@as_json
def start(folder: Path, page: Path | None, as_json: bool) -> None:
    """Show the problem sets in FOLDER: what is done, what is next, and the points so far.

    Read from your notebooks as they are saved, on this computer; nothing is run or changed. --html writes the same as a
    page, progress.html or a name of your own, that JupyterLab and any browser open.

    \b
    Example: course start
    Page:    course start notebooks/exercises --html progress.html
    """
    from autograder.files import write_whole
    from autograder.student import start as told

    rows = told.read_folder(folder)
    if page:
        write_whole(page, told.page(rows))
    if as_json:
        give(told.as_data(rows) | ({"page": str(page)} if page else {}), as_json=True)
        return
    points, out_of, waiting = told.totals(rows)
    _console().print(told.sets_table(rows))
    click.echo(f"{points:g} of {out_of:g} points so far" + (f"; {waiting:g} wait for a person" if waiting else ""))
    for row in rows:
        if row.trouble:
            click.echo(f"note: {row.trouble}", err=True)
    following = told.next_step(rows)
    if following:
        click.echo(f"next: {following.standing.exercise.title}, {following.path}")
    if page:
        click.echo(f"wrote {page}")


@click.command()
@click.argument("name")
@click.argument("place", type=PLACE, required=False)
@seconds
@as_json
def check(name: str, place: Path | None, timeout: float | None, as_json: bool) -> None:
    """Run the notebook of a set in a fresh kernel, and say what is right and what is wrong.

    NAME is the set's, or its beginning, or a notebook's path; PLACE is a folder or file, where it is not found by name. Your
    notebook is not changed. Save it first: what counts is the file.

    Ends with status 0 if all is right, 1 if something is wrong, 2 if there is no such notebook.

    \b
    Example: course check ps08
    Script:  course check ps08 --json
    """
    from autograder.student.check import check as run

    exercise, doubts = _read(name, place)
    standing, notes = run(exercise, seconds=timeout, silent=as_json)
    notes = doubts + notes
    if as_json:
        give(_checked(standing, notes), as_json=True)
    else:
        _show(standing, notes)
    sys.exit(0 if standing.all_right else 1)


@click.command()
@click.argument("name")
@click.argument("place", type=PLACE, required=False)
@click.option("--name", "student", help="Your name, as your instructor knows it; by default $COURSE_NAME or your login.")
@click.option("--to", "folder", type=PLACE, default=Path(), help="The folder to put the zip in; by default the present one.")
@click.option("--no-check", is_flag=True, help="Pack at once, with the points that are saved in the notebook.")
@click.option("--exchange", is_flag=True, help="Hand it to nbgrader's exchange as well, where one is configured.")
@click.option("--course", "course_id", help="With --exchange: the course's id, if nbgrader's configuration has none.")
@seconds
@as_json
def submit(
    name: str,
    place: Path | None,
    student: str | None,
    folder: Path,
    no_check: bool,
    exchange: bool,
    course_id: str | None,
    timeout: float | None,
    as_json: bool,
) -> None:
    """Check a set, then pack it into one zip with a receipt: upload that wherever your course wants it.

    A wrong or unfinished notebook is packed too, and you are told. No earlier zip is overwritten; of several, the latest
    counts. Your points are those of the checks that you see, and no mark.

    \b
    Example:  course submit ps08 --name "Ada Lovelace"
    Exchange: course submit ps08 --exchange
    """
    from autograder.student import submit as desk
    from autograder.student.check import check as run
    from autograder.student.standing import standing_of

    student, (exercise, doubts) = desk.name_of(student), _read(name, place)
    standing, notes = (standing_of(exercise), []) if no_check else run(exercise, seconds=timeout, silent=as_json)
    notes = doubts + notes
    if not as_json:
        _show(standing, notes)
    receipt = desk.make_receipt(exercise, student, standing, checked=not no_check)
    path = desk.save_packed(receipt, exercise.content, folder)
    if not as_json:
        click.echo(f"packed {path}\n{receipt.text().strip()}")
    handed = desk.hand_to_exchange(exercise, course_id) if exchange else None
    answer = {
        "path": str(path),
        "receipt": vars(receipt),
        "all_right": standing.all_right,
        "notes": notes,
        "exchange": handed,
    }
    give(answer, handed or "upload this file; keep it until you have your mark", as_json=as_json)


def _read(name: str, place: Path | None) -> tuple[Any, list[str]]:
    """Find and read a notebook; give it, and what looks wrong with it."""
    from autograder.student.notebook import doubts, find_notebook, read_notebook

    exercise = read_notebook(find_notebook(name, place))
    return exercise, doubts(exercise)


def _show(standing, notes: list[str]) -> None:
    from autograder.sanitize import plain
    from autograder.student.check import items_table, summary

    _console().print(items_table(standing))
    click.echo(summary(standing))
    for note in notes:
        click.echo(f"note: {plain(note)}", err=True)


def _checked(standing, notes: list[str]) -> dict[str, Any]:
    from autograder.student.check import items_as_data

    return {
        "set": standing.exercise.name,
        "notebook": str(standing.exercise.path),
        "all_right": standing.all_right,
        "points": standing.points,
        "out_of": standing.out_of,
        "waiting": standing.waiting,
        "functions": items_as_data(standing),
        "notes": notes,
    }


def _console() -> Any:
    from rich.console import Console

    return Console()
