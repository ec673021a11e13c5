"""What comes of a graded class: feedback, export, report."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.commands.options import as_json, dry_run, give, opened
from autograder.errors import GraderError

__all__ = ["export", "feedback", "report"]


@click.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given more than once.")
@click.option("--zip", "place", type=click.Choice(["canvas", "moodle", "plain"]), help="Pack the pages for this upload too.")
@click.option(
    "--like", type=click.Path(path_type=Path, exists=True), help="The platform's own zip of submissions, for names."
)
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the zip.")
@dry_run
@as_json
@opened
def feedback(
    assignment: str,
    students: tuple[str, ...],
    place: str | None,
    like: Path | None,
    path: Path | None,
    dry: bool,
    as_json: bool,
    root,
) -> None:
    """Write a page of feedback for each graded student.

    With --zip also one zip for the upload of Canvas or Moodle, or plain, with a folder for each student. Canvas and Moodle
    find students by numbers that only they know: give with --like the zip of submissions that you downloaded there (for
    Moodle, the grading worksheet does too).

    \b
    Example: course feedback ps08
    Look:    course feedback ps08 --student ada --dry-run
    Canvas:  course feedback ps08 --zip canvas --like submissions.zip
    """
    from autograder.feedback import plan_feedback, write_feedback

    if place:
        _pack(root, assignment, place, path, dry, as_json, like=like, students=list(students) or None)
        return
    if like or path:
        raise click.UsageError("--like and --to are of the zip: say --zip too")
    find = plan_feedback if dry else write_feedback
    pages = find(root, assignment, list(students) or None)
    if not pages:
        raise GraderError(f"nobody's {assignment} is graded yet: run `course grade {assignment}` first")
    give(
        {"dry_run": dry, "pages": [str(page) for page in pages]},
        f"{'would write' if dry else 'wrote'} {len(pages)} pages of feedback below {root.path / 'feedback'}",
        as_json=as_json,
    )


def _pack(root, assignment: str, place: str, path: Path | None, dry: bool, as_json: bool, **choices) -> None:
    from autograder.lms import pack_feedback

    packed = pack_feedback(root, assignment, place, path, dry=dry, **choices)
    answer = {
        "dry_run": dry,
        "assignment": packed.assignment,
        "students": packed.students,
        "notes": packed.notes,
        "path": str(packed.path),
    }
    said = f"{'would pack' if dry else 'packed'} the feedback for {len(packed.students)} students in {packed.path}"
    give(answer, *(f"  {note}" for note in packed.notes), said, as_json=as_json)


@click.command()
@click.argument("assignment")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the table.")
@click.option(
    "--for", "tool", type=click.Choice(["canvas", "moodle", "gradescope"]), help="In the columns of this platform."
)
@click.option("--column", help="The head of the assignment's column there, as in the platform's own export.")
@click.option("--absent", type=click.Choice(["empty", "zero", "excused"]), help="The mark of who handed nothing in; empty.")
@click.option("--partial", is_flag=True, help="Give also marks of which a part waits for a person.")
@click.option("--identify", type=click.Choice(["email", "idnumber", "username"]), help="How Moodle finds students; email.")
@click.option("--items", is_flag=True, help="For Moodle: a column for each exercise too.")
@dry_run
@as_json
@opened
def export(assignment: str, path: Path | None, tool: str | None, dry: bool, as_json: bool, root, **choices) -> None:
    """Write the marks as CSV.

    \b
    Example: course export ps08 --to marks.csv
    Look:    course export ps08 --dry-run
    Canvas:  course export ps08 --for canvas --column "Problem set 8 (4711)"
    Moodle:  course export ps08 --for moodle --identify username
    """
    from autograder.export import write_marks
    from autograder.results import read_results

    choices = {name: value for name, value in choices.items() if value}
    if tool:
        _export_for(tool, root, assignment, path, dry, as_json, choices)
        return
    if choices:
        raise click.UsageError(f"--{', --'.join(choices)}: say with --for which platform the table is for")
    results = read_results(root, assignment)
    path = path or root.path / "marks" / f"{results.assignment}.csv"
    if not dry:
        write_marks(results, path)
    give(
        {"dry_run": dry, "assignment": results.assignment, "students": len(results.students), "path": str(path)},
        f"{'would write' if dry else 'wrote'} the marks of {len(results.students)} students to {path}",
        as_json=as_json,
    )


def _export_for(tool: str, root, assignment: str, path: Path | None, dry: bool, as_json: bool, choices: dict) -> None:
    from autograder.lms import export_marks

    done = export_marks(root, assignment, tool, path, dry=dry, **choices)
    answer = {"dry_run": dry, "assignment": done.assignment, "students": done.students, "path": str(done.path)}
    said = f"{'would write' if dry else 'wrote'} the marks of {done.students} students for {tool} to {done.path}"
    give(answer | {"notes": done.notes}, *(f"  {note}" for note in done.notes), said, as_json=as_json)


@click.command()
@click.argument("assignment")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the page.")
@as_json
@opened
def report(assignment: str, path: Path | None, as_json: bool, root) -> None:
    """Write a report on the class: marks, pass rates, misconceptions, who needs help.

    Example: course report ps08
    """
    from autograder.report import write_report
    from autograder.results import read_results

    results = read_results(root, assignment)
    path = path or root.path / "reports" / f"{results.assignment}.html"
    write_report(results, path)
    give(
        {"assignment": results.assignment, "students": len(results.students), "path": str(path)},
        f"wrote the report on {len(results.students)} students to {path}",
        as_json=as_json,
    )
