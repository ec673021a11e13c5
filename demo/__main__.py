"""``make demo``: release a problem set, take in a made-up class, grade it, and return marks, feedback and a report."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import nbformat
from rich.console import Console

from autograder.collect import collect
from autograder.engine import SandboxRunner
from autograder.errors import GraderError
from autograder.export import write_marks
from autograder.feedback import write_feedback
from autograder.grading import grade, plan
from autograder.progress import shown
from autograder.release import release
from autograder.report import write_report
from autograder.results import ClassResults, read_results
from autograder.root import Root
from autograder.table import show_summary
from demo.recipes import ASSIGNMENT, Recipe, make_recipes
from solutions.problem_set import HERE, ProblemSet

SEED = 20
TIMEOUT = 10  # seconds for a cell; the class has an infinite loop in it


def main(place: Path = Path("build/demo")) -> None:
    """Run the demonstration in ``place``, which is made anew; exit status 1 if a mark is not what it must be."""
    console = Console()
    shutil.rmtree(place, ignore_errors=True)
    root = Root.make(place, "how-to-train-your-neural-network")
    console.print(f"[bold]1. Release[/] {ASSIGNMENT}: build it, take the answers out, look for leaks")
    released = release(HERE / ASSIGNMENT, root)
    recipes = make_recipes(ProblemSet(HERE / ASSIGNMENT), SEED)
    hand_in(recipes, released, place / "hand-ins")
    console.print(f"[bold]2. Collect[/] {len(recipes)} hand-ins from {place / 'hand-ins'}")
    taken = list(collect(root, ASSIGNMENT, [ASSIGNMENT], place / "hand-ins"))
    console.print(f"   {sum(t.status == 'new' for t in taken)} taken, {sum(t.status == 'refused' for t in taken)} refused")
    console.print("[bold]3. Grade[/] each notebook: the answers in a sandbox, the tests out of their reach")
    todo = plan(root, ASSIGNMENT)
    for graded in shown(grade(root, todo, runner=SandboxRunner(TIMEOUT)), len(todo.jobs), "grading"):
        if graded.error:
            console.print(f"   {graded.student}: {graded.error}")
    results = read_results(root, ASSIGNMENT)
    show_summary(console, results)
    console.print("[bold]4. Return[/] feedback, marks and a report")
    pages = write_feedback(root, ASSIGNMENT)
    write_marks(results, place / "marks.csv")
    write_report(results, place / "report.html")
    verdict = check(results, recipes)
    _say_where(console, place, pages)
    console.print(verdict or f"[bold green]Every one of the {len(recipes)} submissions has the mark that it must have.[/]")
    sys.exit(bool(verdict))


def hand_in(recipes: list[Recipe], released: Path, folder: Path) -> None:
    """Write what the students hand in: files named by student, and a folder for those who chose another name."""
    for recipe in recipes:
        path = folder / recipe.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_content(recipe, released / f"{ASSIGNMENT}.ipynb"), encoding="utf-8")


def _content(recipe: Recipe, released: Path) -> str:
    if recipe.raw is not None:
        return recipe.raw
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in recipe.answers:
            cell.source = recipe.answers[name]
        elif name.startswith("written_") and recipe.written:
            cell.source = f"The decay must not pass through the averages, says {recipe.student}."
    if recipe.change:
        recipe.change(notebook)
    return json.dumps(notebook)  # as it is: nbformat would repair what the accidents broke


def check(results: ClassResults, recipes: list[Recipe]) -> str:
    """List where a mark in the gradebook is not the recipe's; empty when there is no such place."""
    marks = {student.student: {item.title: item.points for item in student.items} for student in results.students}
    wrong = [f"{recipe.student} ({recipe.story}) has no mark" for recipe in recipes if recipe.student not in marks]
    for recipe in recipes:
        for function, points in recipe.marks.items():
            got = marks.get(recipe.student, {}).get(function)
            if got != points:
                wrong.append(f"{recipe.student} ({recipe.story}): {function} must earn {points:g} and has {got}")
    return "\n".join(wrong)


def _say_where(console: Console, place: Path, pages: list[Path]) -> None:
    for line in (
        f"   feedback   {len(pages)} pages, such as {pages[0].relative_to(Path.cwd())}",
        f"   marks      {place / 'marks.csv'}",
        f"   report     {place / 'report.html'}",
        f"   formgrader cd {place} && ../../.venv/bin/jupyter lab, then menu Nbgrader, Formgrader",
        f"   by hand    .venv/bin/course grade ps08 --root {place} --again",
    ):
        console.print(line, soft_wrap=True, highlight=False)


if __name__ == "__main__":
    try:
        main()
    except GraderError as error:
        sys.exit(f"demo: {error}")
