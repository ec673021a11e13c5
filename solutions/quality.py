"""How good the grading of the problem sets is: measured on their models, banks, mutants, and answers that do nothing.

``python -m solutions.quality ps08`` prints a line for each function, and one for each thing that is wrong:

- every misconception loses marks of its own function and of no other, and the verdict names it;
- every right answer keeps all marks and no misconception is seen in it, and so does the model under many seeds;
- the untouched notebook, and functions that return None, 0, their input or zeros, earn nothing;
- with ``--mutants``, every small change of a model answer (:mod:`solutions.mutants`) loses marks, or stands in the set's
  ``equivalents.py`` with the reason why it changes nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from unittest import mock

import click
from rich.console import Console
from rich.table import Table

from course.misconceptions import Bank
from solutions.mutants import mutants
from solutions.problem_set import Mark, ProblemSet, empty_answers, find_sets, source_of

COLUMNS = {
    "misconceptions": "wrong",
    "killed": "lose marks",
    "named": "named",
    "right_answers": "right",
    "kept": "keep marks",
    "mutants": "mutants",
    "mutants_killed": "lose marks",
    "mutants_equivalent": "change nothing",
}
PATIENCE = 10  # seconds after which a mutant that does not end counts as failed


@dataclass
class Quality:
    """One function's figures, and in words what is wrong with its grading."""

    function: str
    misconceptions: int = 0
    killed: int = 0
    named: int = 0
    right_answers: int = 0
    kept: int = 0
    mutants: int = 0
    mutants_killed: int = 0
    mutants_equivalent: int = 0
    trouble: list[str] = field(default_factory=list)


def measure(problems: ProblemSet, function: str, *, with_mutants: bool = False) -> Quality:
    """Measure the grading of one function of a set."""
    quality = Quality(function)
    untouched = problems.grade({name: problems.untouched(name) for name in problems.functions})[function]
    if untouched.points:
        quality.trouble.append(f"untouched, it earns {untouched.points:g}")
    for what, source in empty_answers(problems.model(function)).items():
        points = problems.grade({function: source}, only=function)[function].points
        if points:
            quality.trouble.append(f"returning {what} earns {points:g}")
    _measure_wrong(problems, quality)
    _measure_right(problems, quality)
    if with_mutants:
        _measure_mutants(problems, quality)
    return quality


def measure_model(problems: ProblemSet, seeds: int) -> tuple[float, list[str]]:
    """Grade the model answer under many draws of the test data; give the seconds of CPU that one takes, and what failed."""
    start, trouble = time.process_time(), []
    for seed in range(seeds):
        marks = problems.grade({}, seed=seed)
        lost = [name for name, mark in marks.items() if not mark.full]
        trouble += [f"{name}: the model answer loses marks with seed {seed}" for name in lost]
    return (time.process_time() - start) / seeds, trouble


def _measure_wrong(problems: ProblemSet, quality: Quality) -> None:
    bank = problems.misconceptions.get(quality.function, [])
    quality.misconceptions = len(bank)
    for wrong in bank:
        marks = problems.grade({quality.function: source_of(bank, wrong.answer)})
        own = marks.pop(quality.function)
        quality.killed += not own.full
        quality.named += own.misconception == wrong.name
        if own.full:
            quality.trouble.append(f"'{wrong.name}' keeps its marks")
        elif own.misconception != wrong.name:
            quality.trouble.append(f"'{wrong.name}' is taken for {own.misconception!r}")
        quality.trouble += [f"'{wrong.name}' costs {other} too: {_why(m)}" for other, m in marks.items() if not m.full]


def _measure_right(problems: ProblemSet, quality: Quality) -> None:
    bank = problems.right_answers.get(quality.function, [])
    quality.right_answers = len(bank)
    for right in bank:
        marks = problems.grade({quality.function: source_of(bank, right.answer)})
        quality.kept += all(mark.full for mark in marks.values())
        quality.trouble += [f"right '{right.name}' loses {name}: {_why(m)}" for name, m in marks.items() if not m.full]


def _measure_mutants(problems: ProblemSet, quality: Quality) -> None:
    known = dict(problems.equivalents.get(quality.function, {}))
    for mutant in mutants(problems.model(quality.function)):
        quality.mutants += 1
        equivalent = known.pop(str(mutant), None)
        if not _survives(problems, quality.function, mutant.source):
            quality.mutants_killed += 1
            if equivalent:
                quality.trouble.append(f"the mutant {mutant} is failed, and equivalents.py calls it equivalent")
        elif equivalent:
            quality.mutants_equivalent += 1
        else:
            quality.trouble.append(f"the mutant {mutant} keeps its marks")
    quality.trouble += [f"equivalents.py names {line!r}, which no mutant is" for line in known]


def _survives(problems: ProblemSet, function: str, source: str) -> bool:
    """Tell whether a mutant keeps all marks; one that takes longer than anybody's patience does not."""
    with mock.patch.object(Bank, "recognise", return_value=None), _impatient():
        mark = problems.grade({function: source}, seed=0, only=function)[function]
        return mark.full
    return False


@contextlib.contextmanager
def _impatient() -> Iterator[None]:
    """Leave the block, as if it had ended, when it takes longer than :data:`PATIENCE`."""

    class Overtime(BaseException): ...

    def ring(*_):
        raise Overtime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, 0.1)  # again and again, should the block swallow it
    try:
        yield
    except Overtime:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _why(mark: Mark) -> str:
    return mark.verdict.reason if mark.verdict else "the test cell raised"


@lru_cache
def _load(folder: Path) -> ProblemSet:
    return ProblemSet(folder)


def _measure_in_worker(folder: Path, function: str, with_mutants: bool) -> Quality:
    return measure(_load(folder), function, with_mutants=with_mutants)


def _measure_model_in_worker(folder: Path, seeds: int) -> tuple[float, list[str]]:
    return measure_model(_load(folder), seeds)


def _show(name: str, found: list[Quality], seconds: float, trouble: list[str]) -> None:
    """Print one set's table, and what is wrong."""
    table = Table(title=f"{name}: {seconds:.2f} s of CPU for the tests of the model answer", title_justify="left")
    for column in ("", *COLUMNS.values()):
        table.add_column(column, justify="right" if column else "left")
    for quality in found:
        table.add_row(quality.function, *(str(getattr(quality, key)) for key in COLUMNS))
    console = Console(width=120, highlight=False)
    console.print(table)
    for one in [*trouble, *(f"{quality.function}: {one}" for quality in found for one in quality.trouble)]:
        console.print(f"! {one}", markup=False, style="red")


@click.command()
@click.argument("names", nargs=-1)
@click.option("--mutants", "with_mutants", is_flag=True, help="Try small changes of the model answers too.")
@click.option("--seeds", default=5, show_default=True, help="How many draws of the test data the model must survive.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures to this file too.")
def main(names: tuple[str, ...], with_mutants: bool, seeds: int, file: Path | None) -> None:
    """Print the figures of the sets whose names begin with NAMES, or of all; exit with 1 if anything is wrong.

    Example: python -m solutions.quality ps08 --mutants --seeds 200
    """
    sets, figures = find_sets(*names), {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        models = {p.folder: pool.submit(_measure_model_in_worker, p.folder, seeds) for p in sets}
        functions = {
            p.folder: [pool.submit(_measure_in_worker, p.folder, function, with_mutants) for function in p.functions]
            for p in sets
        }
        for folder, found in functions.items():
            seconds, trouble = models[folder].result()
            qualities = [future.result() for future in found]
            _show(folder.name, qualities, seconds, trouble)
            figures[folder.name] = {
                "seconds": seconds,
                "seeds": seeds,
                "functions": [asdict(quality) for quality in qualities],
                "trouble": trouble,
            }
    _show_total(figures)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(one["trouble"] for figure in figures.values() for one in [figure, *figure["functions"]]))


def _show_total(figures: dict[str, dict]) -> None:
    functions = [function for figure in figures.values() for function in figure["functions"]]
    total = {key: sum(function[key] for function in functions) for key in COLUMNS}
    print("{killed} of {misconceptions} wrong answers lose marks, {named} are named".format(**total))
    print("{kept} of {right_answers} right answers keep theirs".format(**total))
    print("{mutants_killed} of {mutants} mutants lose marks, {mutants_equivalent} change nothing".format(**total))


if __name__ == "__main__":
    main()
