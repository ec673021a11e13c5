"""``course grade``."""

from __future__ import annotations

import contextlib
from typing import Any

import click

from autograder.commands.options import as_json, dry_run, give, opened
from autograder.errors import GraderError

__all__ = ["grade"]


@click.command()
@click.argument("assignment")
@click.option("--student", "students", multiple=True, help="Grade only this student; may be given more than once.")
@click.option(
    "--question", "questions", multiple=True, help="Grade only this one again, by function or test cell; repeatable."
)
@click.option("--again", is_flag=True, help="Grade again what is graded already. Marks given by hand stay.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Notebooks run at a time.")
@click.option("--cluster", metavar="ADDRESS", help="Let the workers of this dask.distributed scheduler mark.")
@click.option("--timeout", type=click.IntRange(1), help="Seconds that one cell may take; the notebook says, or else 30.")
@click.option("--unsafe", is_flag=True, help="Without the sandbox: in Jupyter kernels that can do whatever you can.")
@click.option("--seed", type=click.IntRange(0), help="Seed of the tests' data; with --student, repeats a grading exactly.")
@dry_run
@as_json
@opened
def grade(
    assignment: str,
    students: tuple,
    questions: tuple,
    again: bool,
    workers: int,
    cluster: str | None,
    timeout: int | None,
    unsafe: bool,
    seed: int | None,
    dry: bool,
    as_json: bool,
    root,
) -> None:
    """Grade every submission of ASSIGNMENT that is not graded yet.

    A run that was stopped goes on where it stopped. Several runs at a time, also on several machines, share the work.

    With --question, of submissions that are graded, only that question's marks by machine are renewed where its test has
    changed since (with --again, in any case). Nothing else changes.

    \b
    Example: course grade ps08 --workers 4
    Look:    course grade ps08 --dry-run
    Mended:  course grade ps08 --question Momentum
    Dispute: course grade ps08 --student ada --seed 3141592653
    Cluster: course grade ps08 --cluster tcp://10.0.0.1:8786
    """
    from autograder.engine import SandboxRunner
    from autograder.grading import plan
    from autograder.runner import KernelRunner

    again = again or bool(students and seed is not None)
    todo = plan(root, assignment, students=list(students), force=again, seed=seed, questions=list(questions))
    if dry:
        _tell(root, todo, as_json)
        return
    runner = KernelRunner(timeout=timeout or 30) if unsafe else SandboxRunner(timeout)
    with contextlib.ExitStack() as stack:
        hands = _hands(cluster, workers, runner, stack, as_json) if todo.jobs else {}
        seeds_of = () if todo.questions and seed is not None else students  # the verdicts of these tests have their own
        failed = _run(root, todo, runner, seeds_of, as_json, **hands)
    if not as_json:
        for line in _beside(todo):
            click.echo(line)
    if failed:
        raise GraderError(f"submissions without a mark: {failed}; the others have one. Mend that, and run the command again")
    if todo.left_alone:
        raise GraderError(
            f"left alone: {len(todo.left_alone)}; run `course grade {todo.assignment}`, which grades them whole"
        )


def _tell(root, todo, as_json: bool) -> None:
    """Tell what would be graded."""
    names, there = [job.student for job in todo.jobs], len(root.students("submitted", todo.assignment))
    what = f"{', '.join(_cells(todo))} of " if todo.questions else ""
    said = f"would grade {what}{len(names)} of {there} submissions of {todo.assignment}: {', '.join(names) or 'nobody'}"
    answer = {"dry_run": True, "assignment": todo.assignment, "to_grade": names}
    give(answer | _beside_as_data(todo), said, *_beside(todo), as_json=as_json)


def _cells(todo) -> list[str]:
    return sorted(cell for _, cell in todo.questions)


def _beside(todo) -> list[str]:
    """Say in lines what is not as it was when it was graded, and is not graded now."""
    lines = [f"{student} is left alone: the submission {why}" for student, why in sorted(todo.left_alone.items())]
    if todo.changed_too:
        changed = ", ".join(sorted(todo.changed_too))
        lines.append(f"changed too, and not graded again: {changed}; `course grade {todo.assignment}` grades all questions")
    return lines


def _beside_as_data(todo) -> dict[str, Any]:
    if not todo.questions:
        return {}
    return {"questions": _cells(todo), "left_alone": todo.left_alone, "changed_too": sorted(todo.changed_too)}


def _hands(cluster: str | None, workers: int, runner, stack, as_json: bool) -> dict:
    """Say where submissions are marked, and by how many; tell which walls hold there."""
    if cluster is None:
        click.echo(runner.check(), err=as_json)
        return {"workers": workers}
    from autograder.cluster import Cluster

    joined = stack.enter_context(Cluster(cluster))
    for walls in joined.check(runner):
        click.echo(f"{walls}; {joined.size()} at a time on {cluster}", err=as_json)
    return {"workers": joined.size, "executor": joined.executor}


def _run(root, todo, runner, students: tuple, as_json: bool, **hands) -> int:
    """Grade, show the class and name whoever has no mark, each reason once; give how many these are."""
    from autograder.grading import grade as grade_all
    from autograder.progress import shown
    from autograder.results import read_results

    run = grade_all(root, todo, runner=runner, **hands)
    watched = shown(run, len(todo.jobs), f"grading {todo.assignment}", err=as_json)
    outcomes = {graded.student: graded.error for graded in watched}
    results = read_results(root, todo.assignment)
    if as_json:
        give(_as_data(results, outcomes) | _beside_as_data(todo), as_json=True)
    else:
        _show(results, outcomes, students, len(todo.jobs) - len(outcomes))
    failed: dict[str, list[str]] = {}
    for student, error in sorted(outcomes.items()):
        if error:
            failed.setdefault(error, []).append(student)
    for reason, names in failed.items():
        click.echo(f"{', '.join(names)} could not be graded: {reason}", err=True)
    return sum(map(len, failed.values()))


def _show(results, outcomes: dict[str, str | None], students: tuple, elsewhere: int) -> None:
    from rich.console import Console

    from autograder.table import show_summary

    show_summary(Console(), results)
    for student in results.students:
        if student.student in students and student.seed is not None:
            click.echo(f"seed of {student.student}: {student.seed}, for --student {student.student} --seed {student.seed}")
    if elsewhere:
        click.echo(f"another run graded {elsewhere} of them")


def _as_data(results, outcomes: dict[str, str | None]) -> dict[str, Any]:
    """Give what ``--json`` prints: who was graded now, who could not be, and the whole class as it stands."""
    return {
        "assignment": results.assignment,
        "graded": sorted(student for student, error in outcomes.items() if not error),
        "failed": {student: error for student, error in sorted(outcomes.items()) if error},
        "students": [
            {
                "student": student.student,
                "points": student.points,
                "out_of": student.out_of,
                "waiting": student.waiting,
                "late_penalty": student.late_penalty,
                "why": student.reasons,
                "notes": student.notes,
                "seed": student.seed,
            }
            for student in results.students
        ],
    }
