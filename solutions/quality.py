"""How good the grading of a problem set is: measured on its model, on its banks, and on answers that do nothing.

``python -m solutions.quality ps08`` prints a line for each function, and one for each thing that is wrong:

- every misconception loses marks of its own function and of no other, and the verdict names it;
- every right answer keeps all marks and no misconception is seen in it, and so does the model under many seeds;
- the untouched notebook, and functions that return None, 0, their input or zeros, earn nothing.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from solutions.problem_set import Mark, ProblemSet, empty_answers, find_sets, source_of


@dataclass
class Quality:
    """One function's figures, and in words what is wrong with its grading."""

    function: str
    misconceptions: int = 0
    killed: int = 0
    named: int = 0
    right_answers: int = 0
    kept: int = 0
    trouble: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.function:22} {self.killed}/{self.misconceptions} wrong answers lose marks, {self.named} named; "
            f"{self.kept}/{self.right_answers} right answers keep theirs"
        )


def measure(problems: ProblemSet, seeds: int = 5) -> list[Quality]:
    """Measure every function of a set; ``seeds`` is how many draws of the test data the model answer must survive."""
    runs = [problems.grade({}, seed=seed) for seed in range(seeds)]
    untouched = problems.grade({name: problems.untouched(name) for name in problems.functions})
    found = []
    for name in problems.functions:
        quality = Quality(name)
        found.append(quality)
        lost = [seed for seed, run in enumerate(runs) if not run[name].full]
        quality.trouble += [f"the model answer loses marks with seed {seed}" for seed in lost]
        if untouched[name].points:
            quality.trouble.append(f"untouched, it earns {untouched[name].points:g}")
        _measure_wrong(problems, quality)
        _measure_right(problems, quality)
        for what, source in empty_answers(problems.model(name)).items():
            points = problems.grade({name: source})[name].points
            if points:
                quality.trouble.append(f"returning {what} earns {points:g}")
    return found


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


def _why(mark: Mark) -> str:
    return mark.verdict.reason if mark.verdict else "the test cell raised"


def main(*names: str) -> bool:
    """Print the figures of the sets whose names begin so; tell whether nothing is wrong."""
    good = True
    for problems in find_sets(*names):
        print(problems.folder.name)
        for quality in measure(problems):
            print(f"  {quality}")
            for trouble in quality.trouble:
                print(f"    ! {trouble}")
            good = good and not quality.trouble
    return good


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
