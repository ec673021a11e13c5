"""The rules that a source notebook's cells must keep, so that every cell is graded as its author meant."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from autograder.comparisons import comparison_problems

__all__ = ["lint"]

NAME = re.compile(r"(?!text-\d+$)[A-Za-z0-9_-]{1,64}")  # it becomes the cell's id; the build calls cells of text text-07
FIELDS = {"cell_type", "grade", "grade_id", "locked", "schema_version", "solution", "task"}


def lint(notebook: Any) -> list[str]:
    """List what is wrong with a source notebook, each problem in a few words with the cell's grade_id."""
    marked = [cell for cell in notebook.cells if isinstance(cell.metadata.get("nbgrader"), dict)]
    ids = Counter(str(cell.metadata.nbgrader.get("grade_id")) for cell in marked)
    problems = [f"grade_id {name!r} stands on {count} cells" for name, count in ids.items() if count > 1]
    if not any(cell.metadata.nbgrader.get("grade") or cell.metadata.nbgrader.get("task") for cell in marked):
        problems.append("no cell earns points")
    answers = {name for cell in marked if cell.metadata.nbgrader.get("solution") for name in _bound_in(cell)}
    for cell in notebook.cells:
        if cell in marked:
            name = cell.metadata.nbgrader.get("grade_id", "?")
            problems += [f"cell {name!r} {problem}" for problem in _cell_problems(cell, answers)]
        elif "nbgrader" in cell.metadata:
            problems.append(f"a cell has nbgrader metadata that is no dict: {cell.source[:40]!r}")
        elif "BEGIN SOLUTION" in cell.source or "BEGIN HIDDEN" in cell.source:
            problems.append(f"a cell without nbgrader metadata holds an answer or a hidden test: {cell.source[:40]!r}")
    return problems


def _cell_problems(cell: Any, answers: set[str]) -> Iterator[str]:
    meta = cell.metadata.nbgrader
    missing = sorted(FIELDS - set(meta))
    if missing:
        yield f"lacks the nbgrader fields {', '.join(missing)}"
        return
    if not NAME.fullmatch(str(meta.grade_id)):
        yield "has a grade_id of other characters than letters, digits, _ and -, or of the form text-07"
    if meta.schema_version != 3:
        yield f"has schema_version {meta.schema_version}, not 3"
    if meta.cell_type != cell.cell_type:
        yield f"says cell_type {meta.cell_type!r} and is {cell.cell_type!r}"
    earns, points = meta.grade or meta.task, meta.get("points")
    if earns and not (isinstance(points, (int, float)) and math.isfinite(points) and points >= 0):
        yield "is graded and has no points"
    if not earns and "points" in meta:
        yield "has points and is not graded"
    for begin, end in (("BEGIN SOLUTION", "END SOLUTION"), ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")):
        if re.findall(f"{begin}|{end}", cell.source) != [begin, end] * cell.source.count(begin):
            yield f"has a {begin} without its {end}"
    if cell.cell_type == "code" and meta.grade and not meta.solution:
        yield from _test_problems(cell.source, answers)


def _test_problems(source: str, answers: set[str]) -> Iterator[str]:
    """Find what makes a test cell overwrite a student's name, or earn points by an accident."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"does not parse: {error.msg} in line {error.lineno}"
        return
    body = tree.body
    bound = {name for node in body for name in _bound_names(node)}
    imported = {name for node in body for name in _imported_names(node)}
    wrong = sorted(name for name in bound | imported & (answers | {"*"}) if not name.startswith("test_"))
    if wrong:
        yield f"binds {', '.join(wrong)}: a test cell's names start with test_, so that they never hide a student's"
    last = body[-1] if body else None
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call):
        yield "ends with an expression that is no call: nbgrader would read its value as the score"
    yield from comparison_problems(tree, answers)


def _bound_in(cell: Any) -> set[str]:
    """Collect the names that the answer in a cell binds."""
    try:
        body = ast.parse(cell.source).body if cell.cell_type == "code" else []
    except SyntaxError:
        body = []
    return {name for node in body for name in _bound_names(node)}


def _bound_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds in the notebook or deletes, not those inside functions and comprehensions."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif not isinstance(node, (ast.Lambda, ast.comprehension)):
        if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name
        for child in ast.iter_child_nodes(node):
            yield from _bound_names(child)


def _imported_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that the imports in a statement bind."""
    for part in ast.walk(node):
        if isinstance(part, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in part.names)
