"""A problem set whose cells run in this process, on any answers: milliseconds in place of a kernel's seconds.

For trusted answers only: the set's own tests, its banks, and the demo class's recipes. Cells whose grade_id begins with
``picture`` only draw, and are left out.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import linecache
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import course.checks
from autograder.build import read_source
from course.misconceptions import Bank
from course.verdict import Verdict

HERE = Path(__file__).parent
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


@dataclass(frozen=True)
class Mark:
    """What one test cell gave: its points, what they are out of, and what the check found (None if the cell raised)."""

    points: float
    out_of: float
    verdict: Verdict | None

    @property
    def full(self) -> bool:
        return self.points == self.out_of

    @property
    def misconception(self) -> str | None:
        return self.verdict.misconception.name if self.verdict and self.verdict.misconception else None


class ProblemSet:
    """A set's source notebook with its banks, ready to grade answers given as source text."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.notebook = read_source(folder)
        self.misconceptions = _banks(folder / "misconceptions.py")
        self.right_answers = _banks(folder / "right_answers.py")
        self.equivalents = _module(folder / "equivalents.py").get("EQUIVALENT", {})

    @property
    def functions(self) -> list[str]:
        """Names of the functions that students write and a test cell grades, in order."""
        tests = {cell.metadata.nbgrader.grade_id for cell in self._cells() if cell.metadata.nbgrader.grade}
        ids = [cell.metadata.nbgrader.grade_id for cell in self._cells() if cell.metadata.nbgrader.solution]
        return [name for name in ids if f"test_{name}" in tests]

    @property
    def points(self) -> dict[str, float]:
        """What each graded cell is worth, by its grade_id."""
        graded = [c.metadata.nbgrader for c in self.notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
        return {meta.grade_id: meta.points for meta in graded}

    def wrong(self, function: str, name: str) -> str:
        """Give the source of the misconception with this name."""
        bank = self.misconceptions[function]
        return source_of(bank, next(known.answer for known in bank if known.name == name))

    def model(self, function: str) -> str:
        """Give the source of the model answer."""
        return next(cell.source for cell in self._cells() if cell.metadata.nbgrader.grade_id == function)

    def untouched(self, function: str) -> str:
        """Give the answer cell as it is released."""
        lines, inside = [], False
        for line in self.model(function).splitlines():
            if "### BEGIN SOLUTION" in line:
                indent = line[: len(line) - len(line.lstrip())]
                lines += [indent + stub for stub in STUB.splitlines()]
                inside = True
            elif "### END SOLUTION" in line:
                inside = False
            elif not inside:
                lines.append(line)
        return "\n".join(lines)

    def grade(self, answers: dict[str, str], *, seed: int | None = None, only: str | None = None) -> dict[str, Mark]:
        """Run the notebook with these answers, the model's elsewhere; give each function's mark, or ``only`` one's."""
        namespace: dict = {"__name__": "__main__"}
        marks = {}
        env = {} if seed is None else {"GRADING_SEED": str(seed)}
        with mock.patch.dict("os.environ", env):
            for cell in self._cells():
                meta = cell.metadata.nbgrader
                if meta.grade and only and meta.grade_id != f"test_{only}":
                    continue
                if meta.grade:
                    marks[meta.grade_id.removeprefix("test_")] = _score(cell, namespace)
                elif not meta.grade_id.startswith("picture"):
                    source = answers.get(meta.grade_id, cell.source)
                    _run(source, meta.grade_id, namespace)
        return marks

    def names(self, answers: dict[str, str]) -> dict:
        """Run the notebook with these answers, but for its tests and pictures; give the names that it binds."""
        namespace: dict = {"__name__": "__main__"}
        for cell in self._cells():
            name = cell.metadata.nbgrader.grade_id
            if not cell.metadata.nbgrader.grade and not name.startswith("picture"):
                _run(answers.get(name, cell.source), name, namespace)
        return namespace

    @property
    def pictures(self) -> dict[str, str]:
        """Sources of the cells that only draw, by name."""
        found = {cell.metadata.nbgrader.grade_id: cell.source for cell in self._cells()}
        return {name: source for name, source in found.items() if name.startswith("picture")}

    def _cells(self) -> Iterator:
        return (cell for cell in self.notebook.cells if cell.cell_type == "code" and "nbgrader" in cell.metadata)


def source_of(bank: Bank, answer) -> str:
    """Write one answer of a bank as a student would hand it in: with the helpers it uses, under the right name."""
    module = inspect.getmodule(answer)
    tree = ast.parse(inspect.getsource(module))
    definitions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    constants = {t.id: n for n in tree.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    imports = {a.asname or a.name: n for n in tree.body if isinstance(n, ast.Import) for a in n.names}
    needed: dict[str, ast.stmt] = {}
    waiting = [answer.__name__]
    while waiting:
        name = waiting.pop()
        node = definitions.get(name) or constants.get(name) or imports.get(name)
        if node is None or name in needed or isinstance(getattr(module, name, None), Bank):
            continue  # a bank's name means, in an answer, the student's function of that name
        if hasattr(node, "decorator_list"):
            node.decorator_list = [d for d in node.decorator_list if not _is_bank(d, module)]
        needed[name] = node
        waiting += [child.id for child in ast.walk(node) if isinstance(child, ast.Name)]
    body = [ast.unparse(node) for node in tree.body if node in needed.values()]
    renamed = [] if answer.__name__ == bank.function else [f"{bank.function} = {answer.__name__}"]
    return "\n\n\n".join(["import numpy as np", *body, *renamed])


def empty_answers(model: str) -> dict[str, str]:
    """Write the answers that do nothing: return None, 0, the first argument, or zeros in the place of right numbers."""
    name = next(n.name for n in ast.parse(model).body if isinstance(n, (ast.FunctionDef, ast.ClassDef)))
    answers = {what: _with_body(model, what) for what in ("None", "0", "the input")}
    zeros = (
        "\n\ndef _zeros(value):\n"
        "    if isinstance(value, (list, tuple)):\n        return type(value)(_zeros(item) for item in value)\n"
        "    return value * 0\n\n"
    )
    if isinstance(ast.parse(model).body[-1], ast.ClassDef):
        methods = [m for m in _methods(model) if m != "__init__"]
        wrapped = "".join(f"    def {m}(self, *a, **k):\n        return _zeros(super().{m}(*a, **k))\n" for m in methods)
        answers["zeros"] = f"{model}{zeros}class _Empty({name}):\n{wrapped}\n{name} = _Empty\n"
    else:
        answers["zeros"] = f"{model}{zeros}_right = {name}\n\ndef {name}(*a, **k):\n    return _zeros(_right(*a, **k))\n"
    return answers


def _methods(model: str) -> list[str]:
    """Name the methods of the class in a model answer."""
    return [n.name for n in ast.parse(model).body[-1].body if isinstance(n, ast.FunctionDef)]


def _with_body(model: str, what: str) -> str:
    tree = ast.parse(model)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            arguments = [a.arg for a in node.args.args if a.arg != "self"] or ["None"]
            node.body = ast.parse(f"return {arguments[0] if what == 'the input' else what}").body
    return "import numpy as np\n" + ast.unparse(tree)


def _is_bank(decorator: ast.expr, module) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(getattr(module, ast.unparse(decorator.func), None), Bank)


def _banks(path: Path) -> dict[str, Bank]:
    return {bank.function: bank for bank in _module(path).values() if isinstance(bank, Bank)}


def _module(path: Path) -> dict:
    """Run a file of a set, if it is there, and give its names."""
    if not path.is_file():
        return {}
    name = f"{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return vars(module)


def _run(source: str, name: str, namespace: dict) -> object:
    """Run a cell as Jupyter would: an error ends the cell, not the notebook; give the last expression's value."""
    filename = f"<{name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, filename, "exec"), namespace)
        return eval(compile(ast.Expression(last.value), filename, "eval"), namespace) if last else None
    except Exception as error:
        return error


def _score(cell, namespace: dict) -> Mark:
    shown: list[Verdict] = []
    with mock.patch.object(course.checks, "show", shown.append):
        value = _run(cell.source, cell.metadata.nbgrader.grade_id, namespace)
    points = float(value) if isinstance(value, (int, float)) else 0.0
    return Mark(points, float(cell.metadata.nbgrader.points), shown[-1] if shown else None)


def find_sets(*names: str) -> list[ProblemSet]:
    """Load the sets whose names begin with one of ``names``; all of them if there is none."""
    folders = sorted(path for path in HERE.glob("ps*_*") if path.is_dir())
    return [ProblemSet(f) for f in folders if not names or f.name.startswith(names)]
