"""Who hands in what, and which mark it must have: right answers, misconceptions and accidents.

A recipe says which answers a student gives, what else happened to the notebook, and what each function must then earn.
Nothing here looks at the grader: the expected points are written down by hand, and the demo fails where the grader differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solutions.problem_set import ProblemSet, source_of

__all__ = ["ASSIGNMENT", "Recipe", "make_recipes"]

ASSIGNMENT = "ps08_optimizers"

NAMES = """
    ada alonzo anita barbara claude dana donald edsger emmy evelyn frances geoff george grace hedy herbert ida irene joan
    john karen katherine kurt leslie lotfi mae margaret marvin noether peter radia robin rosalind shafi sofya stephen
""".split()


@dataclass
class Recipe:
    """One student's hand-in.

    Attributes
    ----------
    student : str
        The name that the file bears.
    story : str
        What happened, in a few words.
    answers : dict of str to str
        Source of each function that is answered; one that is missing stays as it was released.
    marks : dict of str to float
        The points that each function must earn.
    change : callable, optional
        What else happens to the notebook, in place.
    raw : str, optional
        Content of the file in place of a notebook.
    file : str
        Name of the file handed in.
    written : bool
        Whether the written question is answered.
    """

    student: str
    story: str
    answers: dict[str, str]
    marks: dict[str, float]
    change: Callable[[Any], None] | None = None
    raw: str | None = None
    file: str = ""
    written: bool = True

    def __post_init__(self):
        self.file = self.file or f"{self.student}_ps08.ipynb"


@dataclass
class _Roll:
    """Hands out students in an order of its own, and builds their answers from a problem set and its banks."""

    problems: ProblemSet
    full: dict[str, float]
    rng: np.random.Generator
    recipes: list[Recipe] = field(default_factory=list)

    def __post_init__(self):
        self.names = list(self.rng.permutation(NAMES))
        self.model = {name: self.problems.model(name) for name in self.full}

    def add(self, story: str, answers: dict[str, str] | None = None, marks: dict[str, float] | None = None, **more) -> None:
        """Enrol one more student, right in all but what is said."""
        answers = self.model | (answers or {})
        marks = self.full | (marks or {})
        self.recipes.append(Recipe(self.names.pop(), story, answers, marks, **more))

    def right(self, function: str, number: int) -> str:
        bank = self.problems.right_answers[function]
        return source_of(bank, bank[number % len(bank)].answer)

    def wrong(self, function: str, name: str) -> str:
        bank = self.problems.misconceptions[function]
        return source_of(bank, next(entry.answer for entry in bank if entry.name == name))


def make_recipes(problems: ProblemSet, seed: int) -> list[Recipe]:
    """Make the class; the seed says who is who and in which order they hand in."""
    full = {name: mark.out_of for name, mark in problems.grade({}).items()}
    roll = _Roll(problems, full, np.random.default_rng(seed))
    _right_answers(roll)
    _misconceptions(roll)
    _accidents_of_code(roll)
    _accidents_of_cells(roll)
    _accidents_of_files(roll)
    roll.rng.shuffle(roll.recipes)
    return roll.recipes


def _right_answers(roll: _Roll) -> None:
    roll.add("the model answers")
    for number in range(3):
        roll.add(f"right, written differently ({number + 1})", {name: roll.right(name, number) for name in roll.full})


def _misconceptions(roll: _Roll) -> None:
    """Misconceptions that cost the whole function, a part of it, or several functions."""
    for wrong in (
        {"Momentum": ("exponential average", 0)},
        {"Momentum": ("deck 002's formula, m an average of gradients", 0)},
        {"Nesterov": ("heavy ball", 0)},
        {"Adagrad": ("running average, as in RMSprop", 0), "RMSprop": ("sum, as in Adagrad", 0)},
        {"RMSprop": ("eps inside the root", 0), "Adagrad": ("eps inside the root", 0)},
        {"Adam": ("no bias correction", 5)},
        {"Adam": ("no bias correction", 5), "AdamW": ("no bias correction", 0)},
        {"Adam": ("steps counted once per parameter", 5)},
        {"AdamW": ("L2 penalty in the gradient", 0)},
        {"AdamW": ("L2 penalty in the gradient", 0), "Momentum": ("one velocity for all parameters", 0)},
        {
            "AdamW": ("L2 penalty in the gradient", 0),
            "Adam": ("no bias correction", 5),
            "Momentum": ("exponential average", 0),
        },
        {"Momentum": ("in place", 4), "Nesterov": ("in place", 5), "Adam": ("no bias correction", 5)},
    ):
        answers = {function: roll.wrong(function, name) for function, (name, _) in wrong.items()}
        marks = {function: points for function, (_, points) in wrong.items()}
        roll.add(", ".join(f"{function}: {name}" for function, (name, _) in wrong.items()), answers, marks)


def _accidents_of_code(roll: _Roll) -> None:
    """Code that stops, hangs, shouts or does not parse costs its own function and no other."""
    momentum = roll.model["Momentum"]
    roll.add("a syntax error", {"Momentum": momentum.replace("def step(self,", "def step(self;")}, {"Momentum": 0})
    roll.add("a cell that raises", {"RMSprop": "raise RuntimeError('where am I?')"}, {"RMSprop": 0})
    endless = (
        "class Adagrad:\n    def __init__(self, *a, **k): pass\n    def step(self, params, grads):\n        while True: pass"
    )
    roll.add("an infinite loop", {"Adagrad": endless}, {"Adagrad": 0})
    flood = roll.model["Adam"] + "\nfor line in range(100_000):\n    print('debugging', line)"
    roll.add("a flood of output", {"Adam": flood})
    warning = "import numpy as np\nnp.array([1.0]) / np.array([0.0])\n" + _warns_in_every_step(roll.model["RMSprop"])
    roll.add("a NumPy warning in right work", {"RMSprop": warning})


def _warns_in_every_step(model: str) -> str:
    """Let a right class divide by zero, which NumPy warns of, in each step."""
    step = "\n\n_right_step = RMSprop.step\n\ndef _step(self, params, grads):\n    np.zeros(2) / np.zeros(2)\n"
    return model + step + "    return _right_step(self, params, grads)\n\nRMSprop.step = _step"


def _accidents_of_cells(roll: _Roll) -> None:
    roll.add("half done", marks={"RMSprop": 0, "Adam": 0, "AdamW": 0}, written=False)
    for name in ("RMSprop", "Adam", "AdamW"):
        del roll.recipes[-1].answers[name]
    roll.add("untouched", marks=dict.fromkeys(roll.full, 0), written=False)
    roll.recipes[-1].answers.clear()
    roll.add("a deleted test cell", change=_delete_test)
    none = "class Nesterov:\n    def __init__(self, *a, **k): pass\n    def step(self, params, grads): return params"
    roll.add("an edited test cell", {"Nesterov": none}, {"Nesterov": 0}, change=_edit_test)
    roll.add("a duplicated cell", change=_copy_cells)


def _accidents_of_files(roll: _Roll) -> None:
    roll.add("a renamed file")
    roll.recipes[-1].file = f"{roll.recipes[-1].student}/my solution (2).ipynb"
    nothing = dict.fromkeys(roll.full, 0)
    roll.add("a file that is not a notebook", marks=nothing, raw="Dear professor, my laptop ...", written=False)
    roll.add("an empty file", marks=nothing, raw="", written=False)
    roll.add("an essay in place of the notebook", marks=nothing, raw="Optimizers I have known", written=False)
    roll.recipes[-1].file = f"{roll.recipes[-1].student}/essay.docx"


def _cell(notebook: Any, name: str) -> Any:
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def _delete_test(notebook: Any) -> None:
    notebook.cells.remove(_cell(notebook, "test_Momentum"))


def _edit_test(notebook: Any) -> None:
    _cell(notebook, "test_Nesterov").source = "6.0"


def _copy_cells(notebook: Any) -> None:
    for name in ("Momentum", "test_Momentum"):
        cell = _cell(notebook, name)
        notebook.cells.insert(notebook.cells.index(cell) + 1, type(cell)(cell))
