"""The way of an assignment to the class and back: release, collect."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from autograder.commands.options import as_json, dry_run, give, opened, with_root
from autograder.errors import GraderError

__all__ = ["collect", "release"]


@click.command()
@click.argument("assignments", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Release every problem set.")
@click.option("--solutions", type=click.Path(path_type=Path), default=Path("solutions"), show_default=True)
@click.option("--to", "destination", type=click.Path(path_type=Path), default=Path("notebooks/exercises"), show_default=True)
@click.option("--course", "course_id", default="course", show_default=True, help="The name of a new course directory.")
@dry_run
@as_json
@with_root
def release(
    assignments: tuple[str, ...],
    everything: bool,
    solutions: Path,
    destination: Path,
    course_id: str,
    dry: bool,
    as_json: bool,
    root: Path,
) -> None:
    """Build problem sets from their sources, and publish what students get.

    \b
    Example: course release ps06 ps08
    Look:    course release --all --dry-run
    """
    from autograder.release import find_sources, rehearse
    from autograder.release import release as release_one
    from autograder.root import Root

    if not assignments and not everything:
        raise click.UsageError("name the problem sets to release, or say --all")
    sources = find_sources(solutions, assignments)
    done = []
    course_root = None if dry else Root.make(root, course_id)
    for folder in sources:
        place = destination / folder.name
        changes = rehearse(folder, root, destination) if course_root is None else None
        if course_root is not None:
            place = release_one(folder, course_root, destination)
            said = f"released {folder.name} to {place}"
        else:
            said = f"would release {folder.name} to {place}: {', '.join(changes) or 'nothing'} would change there"
        done.append({"assignment": folder.name, "folder": str(place)} | ({} if changes is None else {"changes": changes}))
        if not as_json:
            click.echo(said)
    give({"dry_run": dry, "released": done}, as_json=as_json)


@click.command()
@click.argument("assignment")
@click.argument("origin", type=click.Path(path_type=Path))
@click.option("--pattern", help="Regular expression with a group (?P<student>...) that finds the student in a file's name.")
@dry_run
@as_json
@opened
def collect(assignment: str, origin: Path, pattern: str | None, dry: bool, as_json: bool, root) -> None:
    """Take submissions in from ORIGIN, a folder or a zip.

    Files are named by student (ada.ipynb, ada_ps08.ipynb), or lie in a folder for each student, or in nbgrader's layout.
    Zips that `course submit` has packed are taken in any of these places: their hash is compared, and the latest counts.
    The time of handing in is the receipt's, or else the file's own, unless nbgrader's timestamp.txt lies beside it: keep it
    when you copy.

    \b
    Example: course collect ps08 downloads/submissions.zip
    Look:    course collect ps08 downloads/submissions.zip --dry-run
    Moodle:  course collect ps08 moodle.zip --pattern '^(?P<student>.+?)_\\d+_assignsubmission'
    Canvas:  course collect ps08 canvas.zip --pattern '^(?P<student>[^_]+)_'
    """
    from autograder.collect import collect as collect_all
    from autograder.gradebook import find_assignment, open_gradebook

    with open_gradebook(root) as gradebook:
        entry = find_assignment(gradebook, assignment)
        name, notebooks, due = entry.name, [notebook.name for notebook in entry.notebooks], entry.duedate
    taken = []
    for each in collect_all(root, name, notebooks, origin, pattern, due=due, dry=dry):
        taken.append(each)
        if each.note and not as_json:
            click.echo(f"  {each.student}: {each.status}, {each.note}")
    counts = Counter(each.status for each in taken)
    said = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    give(
        {"dry_run": dry, "assignment": name, "counts": counts, "hand_ins": [vars(each) for each in taken]},
        f"{'would collect' if dry else 'collected'} {name}: {said}",
        as_json=as_json,
    )
    if counts["refused"]:
        raise GraderError(f"submissions refused: {counts['refused']}; see above")
