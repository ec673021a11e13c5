"""The command ``course``: release, collect, grade, feedback, export, report."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
from pathlib import Path

import click

from autograder.errors import GraderError
from autograder.lean import start_lean

__all__ = ["main"]

DEFAULT_ROOT = Path("build")


def main() -> None:
    """Run the command; what goes wrong is one line on stderr and exit status 1."""
    start_lean()
    try:
        course.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("course: stopped; what was finished is kept, run the command again to go on", err=True)
        sys.stdout.flush()
        os._exit(130)  # at once: without a word from notebooks that still run; their kernels end with this process
    except GraderError as error:
        _fail(str(error))
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        _fail(f"cannot write or read{where}: {error.strerror or error}; see that it is there, writable, and has room")


def _fail(message: str, status: int = 1) -> None:
    click.echo(f"course: {message}", err=True)
    sys.exit(status)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="how-to-train-your-neural-network")
def course() -> None:
    """Release problem sets, grade a class, return marks and feedback.

    \b
    The way of an assignment:
      course release ps08              build it, and tell the gradebook
      course collect ps08 hand-ins.zip take the submissions in
      course grade ps08                grade what is not graded yet
      course feedback ps08             write a page for each student
      course export ps08               write the marks as CSV
      course report ps08               write a report on the class
    """


def _with_root(command):
    """Add the options that every command has."""
    root = click.option(
        "--root",
        type=click.Path(path_type=Path, file_okay=False),
        default=DEFAULT_ROOT,
        show_default=True,
        help="The course directory, in nbgrader's layout.",
    )
    return root(command)


def _opened(command):
    """Give a command the course directory as a Root, and refuse one that is none."""

    @functools.wraps(command)
    def run(root: Path, **arguments):
        from autograder.root import Root

        return command(root=Root.open(root), **arguments)

    return _with_root(run)


@course.command()
@click.argument("assignments", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Release every problem set.")
@click.option("--solutions", type=click.Path(path_type=Path), default=Path("solutions"), show_default=True)
@click.option("--to", "destination", type=click.Path(path_type=Path), default=Path("notebooks/exercises"), show_default=True)
@click.option("--course", "course_id", default="course", show_default=True, help="The name of a new course directory.")
@_with_root
def release(
    assignments: tuple[str, ...], everything: bool, solutions: Path, destination: Path, course_id: str, root: Path
) -> None:
    """Build problem sets from their sources, and publish what students get.

    Example: course release ps06 ps08
    """
    from autograder.release import find_sources
    from autograder.release import release as release_one
    from autograder.root import Root

    if not assignments and not everything:
        raise click.UsageError("name the problem sets to release, or say --all")
    sources = find_sources(solutions, assignments)
    course_root = Root.make(root, course_id)
    for folder in sources:
        click.echo(f"released {folder.name} to {release_one(folder, course_root, destination)}")


@course.command()
@click.argument("assignment")
@click.argument("origin", type=click.Path(path_type=Path))
@click.option("--pattern", help="Regular expression with a group (?P<student>...) that finds the student in a file's name.")
@_opened
def collect(assignment: str, origin: Path, pattern: str | None, root) -> None:
    """Take submissions in from ORIGIN, a folder or a zip.

    Files are named by student (ada.ipynb, ada_ps08.ipynb), or lie in a folder for each student, or in nbgrader's layout.
    The time of handing in is the file's own, unless nbgrader's timestamp.txt lies beside it: keep it when you copy.

    \b
    Example: course collect ps08 downloads/submissions.zip
    Moodle:  course collect ps08 moodle.zip --pattern '^(?P<student>.+?)_\\d+_assignsubmission'
    Canvas:  course collect ps08 canvas.zip --pattern '^(?P<student>[^_]+)_'
    """
    from autograder.collect import collect as collect_all
    from autograder.gradebook import find_assignment, open_gradebook

    with open_gradebook(root) as gradebook:
        entry = find_assignment(gradebook, assignment)
        name, notebooks = entry.name, [notebook.name for notebook in entry.notebooks]
    counts: dict[str, int] = {}
    for taken in collect_all(root, name, notebooks, origin, pattern):
        counts[taken.status] = counts.get(taken.status, 0) + 1
        if taken.note:
            click.echo(f"  {taken.student}: {taken.status}, {taken.note}")
    click.echo(f"collected {name}: " + ", ".join(f"{count} {status}" for status, count in sorted(counts.items())))
    if counts.get("refused"):
        raise GraderError(f"submissions refused: {counts['refused']}; see above")


@course.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Grade only this student; may be given more than once.")
@click.option("--again", is_flag=True, help="Grade again what is graded already. Marks given by hand stay.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Notebooks run at a time.")
@click.option("--cluster", metavar="ADDRESS", help="Let the workers of this dask.distributed scheduler mark.")
@click.option("--timeout", type=click.IntRange(1), help="Seconds that one cell may take; the notebook says, or else 30.")
@click.option("--unsafe", is_flag=True, help="Without the sandbox: in Jupyter kernels that can do whatever you can.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the tests' data; with --student, repeats a grading exactly.")
@_opened
def grade(
    assignment: str,
    students: tuple,
    again: bool,
    workers: int,
    cluster: str | None,
    timeout: int | None,
    unsafe: bool,
    seed: int | None,
    root,
) -> None:
    """Grade every submission of ASSIGNMENT that is not graded yet.

    A run that was stopped goes on where it stopped. Several runs at a time, also on several machines, share the work.

    \b
    Example: course grade ps08 --workers 4
    Dispute: course grade ps08 --student ada --seed 3141592653
    Cluster: course grade ps08 --cluster tcp://10.0.0.1:8786
    """
    from autograder.engine import SandboxRunner
    from autograder.grading import plan
    from autograder.runner import KernelRunner

    again = again or bool(students and seed is not None)
    todo = plan(root, assignment, students=list(students), force=again, seed=seed)
    runner = KernelRunner(timeout=timeout or 30) if unsafe else SandboxRunner(timeout)
    with contextlib.ExitStack() as stack:
        hands = _hands(cluster, workers, runner, stack) if todo.jobs else {}
        failed = _run(root, todo, runner, students, **hands)
    if failed:
        raise GraderError(f"submissions without a mark: {failed}; the others have one. Mend that, and run the command again")


def _hands(cluster: str | None, workers: int, runner, stack) -> dict:
    """Say where submissions are marked, and by how many; tell which walls hold there."""
    if cluster is None:
        click.echo(runner.check())
        return {"workers": workers}
    from autograder.cluster import Cluster

    joined = stack.enter_context(Cluster(cluster))
    for walls in joined.check(runner):
        click.echo(f"{walls}; {joined.size()} at a time on {cluster}")
    return {"workers": joined.size, "executor": joined.executor}


def _run(root, todo, runner, students: tuple, **hands) -> int:
    """Grade, show the class and name whoever has no mark, each reason once; give how many these are."""
    from rich.console import Console

    from autograder.grading import grade as grade_all
    from autograder.progress import shown
    from autograder.results import read_results
    from autograder.table import show_summary

    run = shown(grade_all(root, todo, runner=runner, **hands), len(todo.jobs), f"grading {todo.assignment}")
    outcomes = [(graded.student, graded.error) for graded in run]
    results = read_results(root, todo.assignment)
    show_summary(Console(), results)
    for student in results.students:
        if student.student in students and student.seed is not None:
            click.echo(f"seed of {student.student}: {student.seed}, for --student {student.student} --seed {student.seed}")
    if len(outcomes) < len(todo.jobs):
        click.echo(f"another run graded {len(todo.jobs) - len(outcomes)} of them")
    failed: dict[str, list[str]] = {}
    for student, error in sorted(outcomes):
        if error:
            failed.setdefault(error, []).append(student)
    for reason, names in failed.items():
        click.echo(f"{', '.join(names)} could not be graded: {reason}", err=True)
    return sum(map(len, failed.values()))


@course.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Only this student; may be given more than once.")
@_opened
def feedback(assignment: str, students: tuple[str, ...], root) -> None:
    """Write a page of feedback for each graded student.

    Example: course feedback ps08
    """
    from autograder.feedback import write_feedback

    pages = write_feedback(root, assignment, list(students) or None)
    if not pages:
        raise GraderError(f"nobody's {assignment} is graded yet: run `course grade {assignment}` first")
    click.echo(f"wrote {len(pages)} pages of feedback below {root.path / 'feedback'}")


@course.command()
@click.argument("assignment")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the table.")
@_opened
def export(assignment: str, path: Path | None, root) -> None:
    """Write the marks as CSV.

    Example: course export ps08 --to marks.csv
    """
    from autograder.export import write_marks
    from autograder.results import read_results

    results = read_results(root, assignment)
    path = path or root.path / "marks" / f"{results.assignment}.csv"
    write_marks(results, path)
    click.echo(f"wrote the marks of {len(results.students)} students to {path}")


@course.command()
@click.argument("assignment")
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the page.")
@_opened
def report(assignment: str, path: Path | None, root) -> None:
    """Write a report on the class: marks, pass rates, misconceptions, who needs help.

    Example: course report ps08
    """
    from autograder.report import write_report
    from autograder.results import read_results

    results = read_results(root, assignment)
    path = path or root.path / "reports" / f"{results.assignment}.html"
    write_report(results, path)
    click.echo(f"wrote the report on {len(results.students)} students to {path}")
