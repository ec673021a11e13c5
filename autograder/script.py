"""What of the instructor's notebook runs beside the tests, and which names are the student's to define.

The tests run in a process of their own. The instructor's set-up cells run there too; what a test uses and neither Python nor
a set-up cell defines is the student's, if the model answer defines it.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Script", "bound_names", "imported_names", "read_script", "uses_at_once"]


@dataclass(frozen=True)
class Script:
    """The instructor's part of a notebook.

    Attributes
    ----------
    setup : dict of str to tuple of str
        For each test cell, by grade_id, the set-up cells that come before it and after the test cell before.
    names : frozenset of str
        What the student defines.
    settings : dict
        The notebook's own settings: what is under ``autograder`` in its metadata.
    """

    setup: dict[str, tuple[str, ...]]
    names: frozenset[str]
    settings: dict[str, Any]


def read_script(notebook: Any) -> Script:
    """Read the instructor's notebook: the source with its answers or, where that is gone, the release.

    A set-up cell that uses a student's name as it runs, such as one that draws a picture with the student's function, is
    left out unless a test or another set-up cell needs what it defines.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tests = [cell for cell in cells if _role(cell, "grade") and not _role(cell, "solution")]
    answers = [cell for cell in cells if _role(cell, "solution")]
    others = [cell for cell in cells if cell not in tests and cell not in answers]
    provided = {name for cell in [*others, *tests] for name in bound_names(cell.source)} | set(dir(builtins))
    names = {name for cell in answers for name in bound_names(cell.source)}
    names |= {name for cell in tests for name in _used(cell.source)} - provided  # the answer may be all gone
    needed = _needed(tests, others)
    kept = [cell.source for cell in others if needed & bound_names(cell.source) or not names & uses_at_once(cell.source)]
    setup, waiting = {}, []
    for cell in cells:
        if cell in tests:
            setup[cell.metadata.nbgrader.grade_id], waiting = tuple(waiting), []
        elif cell in others and cell.source in kept:
            waiting.append(cell.source)
    return Script(setup, frozenset(names), dict(notebook.metadata.get("autograder", {})))


def bound_names(source: str) -> frozenset[str]:
    """Name what a cell defines or imports."""
    table = _scopes(source)
    return frozenset(s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace())


def imported_names(source: str) -> set[str]:
    """Name what a cell imports, functions' imports too: ``from a import b`` is ``a.b``."""
    statements = list(ast.walk(ast.parse(_python(source))))
    modules = {alias.name for each in statements if isinstance(each, ast.Import) for alias in each.names}
    objects = {f"{e.module}.{a.name}" for e in statements if isinstance(e, ast.ImportFrom) and not e.level for a in e.names}
    return modules | objects


def _needed(tests: Iterable[Any], others: list[Any]) -> set[str]:
    """Name what the tests use, and what the set-up cells use that define it."""
    needed = {name for cell in tests for name in _used(cell.source)}
    for cell in reversed(others):
        if needed & bound_names(cell.source):
            needed |= _used(cell.source)
    return needed


def _role(cell: Any, role: str) -> bool:
    return bool(cell.metadata.get("nbgrader", {}).get(role))


def _python(source: str) -> str:
    """Give a cell without the lines that are IPython's own, such as ``%matplotlib inline``: they define nothing."""
    lines = [line if not line.lstrip().startswith(("%", "!")) else "" for line in source.splitlines()]
    try:
        ast.parse(source := "\n".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return ""
    return source


def _scopes(source: str) -> symtable.SymbolTable:
    return symtable.symtable(_python(source), "cell", "exec")


def _used(source: str) -> set[str]:
    """Name what a cell uses of the notebook's names, in functions too."""
    return {name for scope in _every(_scopes(source)) for name in _globals(scope)}


def uses_at_once(source: str) -> set[str]:
    """Name what a cell uses as it runs: not what is inside functions, which run later."""
    return {name for scope in _every(_scopes(source), leave=_runs_later) for name in _globals(scope)}


def _every(
    scope: symtable.SymbolTable, leave: Callable[[symtable.SymbolTable], bool] = lambda scope: False
) -> Iterator[symtable.SymbolTable]:
    """Yield a scope and all scopes in it, but for those to leave out with everything in them."""
    yield scope
    for child in scope.get_children():
        if not leave(child):
            yield from _every(child, leave)


def _runs_later(scope: symtable.SymbolTable) -> bool:
    return scope.get_type() == "function" and scope.get_name() not in {"listcomp", "setcomp", "dictcomp", "genexpr"}


def _globals(scope: symtable.SymbolTable) -> Iterator[str]:
    """Yield the notebook's names that a scope reads."""
    top = scope.get_type() == "module"
    yield from (s.get_name() for s in scope.get_symbols() if s.is_referenced() and (top or s.is_global()))
