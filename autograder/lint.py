"""The rules that a source notebook's cells must keep, so that every cell is graded as its author meant."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any

__all__ = ["lint"]

FIELDS = {"cell_type", "grade", "grade_id", "locked", "schema_version", "solution", "task"}


def lint(notebook: Any) -> list[str]:
    """List what is wrong with a source notebook, each problem in a few words with the cell's grade_id."""
    marked = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    ids = Counter(cell.metadata.nbgrader.get("grade_id") for cell in marked)
    problems = [f"grade_id {name!r} stands on {count} cells" for name, count in ids.items() if count > 1]
    if not any(cell.metadata.nbgrader.get("grade") for cell in marked):
        problems.append("no cell earns points")
    for cell in marked:
        name = cell.metadata.nbgrader.get("grade_id", "?")
        problems += [f"cell {name!r} {problem}" for problem in _cell_problems(cell)]
    for cell in notebook.cells:
        if "nbgrader" not in cell.metadata and ("BEGIN SOLUTION" in cell.source or "BEGIN HIDDEN" in cell.source):
            problems.append(f"a cell without nbgrader metadata holds an answer or a hidden test: {cell.source[:40]!r}")
    return problems


def _cell_problems(cell: Any) -> Iterator[str]:
    meta = cell.metadata.nbgrader
    missing = sorted(FIELDS - set(meta))
    if missing:
        yield f"lacks the nbgrader fields {', '.join(missing)}"
        return
    if meta.schema_version != 3:
        yield f"has schema_version {meta.schema_version}, not 3"
    if meta.cell_type != cell.cell_type:
        yield f"says cell_type {meta.cell_type!r} and is {cell.cell_type!r}"
    if meta.grade and not (isinstance(meta.get("points"), (int, float)) and meta.points >= 0):
        yield "is graded and has no points"
    if not meta.grade and "points" in meta:
        yield "has points and is not graded"
    for begin, end in (("BEGIN SOLUTION", "END SOLUTION"), ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")):
        if cell.source.count(begin) != cell.source.count(end):
            yield f"has a {begin} without its {end}"
    if cell.cell_type == "code" and meta.grade and not meta.solution:
        yield from _test_problems(cell.source)


def _test_problems(source: str) -> Iterator[str]:
    """Find what makes a test cell overwrite a student's name, or earn points by an accident."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        yield f"does not parse: {error.msg} in line {error.lineno}"
        return
    bound = {name for node in body for name in _bound_names(node)}
    wrong = sorted(name for name in bound if not name.startswith("test_"))
    if wrong:
        yield f"binds {', '.join(wrong)}: a test cell's names start with test_, so that they never hide a student's"
    last = body[-1] if body else None
    if isinstance(last, ast.Expr) and not isinstance(last.value, ast.Call):
        yield "ends with an expression that is no call: nbgrader would read its value as the score"


def _bound_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds in the notebook, not those inside functions and comprehensions."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif not isinstance(node, (ast.Lambda, ast.comprehension)):
        for child in ast.iter_child_nodes(node):
            yield from _bound_names(child)
