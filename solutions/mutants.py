"""Small changes of a model answer, one at a time: a hidden test that no such change fails is a test that is missing.

Each :class:`Mutant` changes one thing between ``BEGIN SOLUTION`` and ``END SOLUTION``: an operator, a number, a condition,
an argument, a copy that is left out, a statement that is dropped. Changes that make no difference are listed, with the
reason, in the set's ``equivalents.py``::

    EQUIVALENT = {"Adam": {"if t > 0: -> if t >= 0:": "t starts at 1"}}
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator
from typing import NamedTuple

__all__ = ["Mutant", "mutants"]

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SISTERS = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "maximum": "minimum",
    "minimum": "maximum",
    "argmax": "argmin",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "ones": "zeros",
    "ones_like": "zeros_like",
    "var": "std",
    "log1p": "log",
    "expm1": "exp",
    "sin": "cos",
    "cos": "sin",
}
UNPACKED = ("copy", "abs", "sqrt", "exp", "log", "reversed", "sorted", "asarray", "array", "float", "transpose")


class Mutant(NamedTuple):
    """One change: its line before and after, and the whole answer with it."""

    before: str
    after: str
    source: str

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


class Slot(NamedTuple):
    """The place of a node in the tree, where another can be put."""

    node: ast.AST
    put: Callable[[ast.AST], None]


def mutants(model: str) -> Iterator[Mutant]:
    """Yield every mutant of a model answer, given as the source of its cell."""
    tree, lines = ast.parse(model), model.splitlines()
    begins = [number for number, line in enumerate(lines, 1) if "### BEGIN SOLUTION" in line]
    ends = [number for number, line in enumerate(lines, 1) if "### END SOLUTION" in line]
    regions = list(zip(begins, ends, strict=True))
    original = ast.unparse(tree)
    seen = {original}
    for slot in _slots(tree):
        line = getattr(slot.node, "lineno", 0)
        if not any(begin < line < end for begin, end in regions):
            continue
        for variant in _variants(slot.node):
            slot.put(variant)
            source = ast.unparse(ast.fix_missing_locations(tree))
            slot.put(slot.node)
            if source not in seen:
                seen.add(source)
                yield Mutant(*_change(original, source), source)


def _slots(tree: ast.AST) -> Iterator[Slot]:
    for parent in ast.walk(tree):
        if isinstance(parent, ast.keyword) and parent.arg == "strict":
            continue  # it refuses what no student's function is given
        for name, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield Slot(value, lambda new, parent=parent, name=name: setattr(parent, name, new))
            elif isinstance(value, list):
                for i, item in enumerate(value):
                    if isinstance(item, ast.AST):
                        yield Slot(item, lambda new, value=value, i=i: value.__setitem__(i, new))


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in the place of a node."""
    match node:
        case ast.BinOp() | ast.BoolOp() | ast.UnaryOp() | ast.Compare():
            yield from _operations(node)
        case ast.Call():
            yield from _calls(node)
        case ast.stmt():
            yield from _statements(node)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
            if value > 1e-3:
                yield ast.Constant(value / 2 if isinstance(value, float) else value - 1)
        case ast.Attribute(value, "T"):
            yield value
        case ast.Slice(lower, upper, step):
            yield from (ast.Slice(None, upper, step), ast.Slice(lower, None, step), ast.Slice(lower, upper, None))
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)


def _operations(node: ast.expr) -> Iterator[ast.AST]:
    """Yield another operator, or an operand alone."""
    match node:
        case ast.BinOp(left, ast.MatMult(), right):
            yield ast.BinOp(right, ast.MatMult(), left)
        case ast.BinOp(left, operator, right):
            if type(operator) in OPERATORS:
                yield ast.BinOp(left, OPERATORS[type(operator)](), right)
            yield from (left, right)
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(OPERATORS[type(operator)](), values)
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield operand
        case ast.Compare(left, [operator], right):
            yield from (ast.Compare(left, [other()], right) for other in COMPARISONS[type(operator)])


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    """Yield conditions that always or never hold, assignments that forget, and nothing at all."""
    match node:
        case ast.If(_, body, orelse):
            yield from (ast.If(ast.Constant(truth), body, orelse) for truth in (True, False))
        case ast.AugAssign(target, operator, value):
            yield ast.Assign([target], value)
            if type(operator) in OPERATORS:
                yield ast.AugAssign(target, OPERATORS[type(operator)](), value)
            yield ast.Pass()
        case ast.Expr(ast.Constant()):
            return  # a docstring
        case ast.Assign() | ast.Expr() | ast.Break() | ast.Continue() | ast.Raise():
            yield ast.Pass()


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    """Yield calls of a sister function, calls that lack one keyword, and the argument in place of the call."""
    function, arguments, keywords = node.func, node.args, node.keywords
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in SISTERS and isinstance(function, ast.Attribute):
        yield ast.Call(ast.Attribute(function.value, SISTERS[name], ast.Load()), arguments, keywords)
    for keyword in keywords:
        if keyword.arg != "strict":
            yield ast.Call(function, arguments, [other for other in keywords if other is not keyword])
    if name in UNPACKED:
        of_module = isinstance(function, ast.Name) or getattr(function.value, "id", "") == "np"
        yield from arguments[:1] if of_module else [function.value]


def _change(before: str, after: str) -> tuple[str, str]:
    """Name the lines in which two sources differ, each side on one line."""
    changes = [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "-+"]
    sides = [" ".join(line[2:].strip() for line in changes if line[0] == sign) for sign in "-+"]
    return sides[0], sides[1] or "(nothing)"
