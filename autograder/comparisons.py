"""Comparisons in a test cell that a wrong answer passes: by a NaN, by another shape, or because it agrees with itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["comparison_problems"]

ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
LOOSE = {"allclose", "isclose"}  # broadcast whatever they are given
ASSERTIONS = {
    "assert_allclose",
    "assert_array_equal",
    "assert_array_almost_equal",
    "assert_almost_equal",
    "assert_array_almost_equal_nulp",
    "assert_array_max_ulp",
}  # let a single number stand for a whole array
CLOSE = {"close", "array_equal", "assert_equal", *LOOSE, *ASSERTIONS}
REMEDY = "a result of another shape passes: use Check.close, assert_allclose(..., strict=True), or compare the shapes too"


def comparison_problems(tree: ast.Module, answers: set[str]) -> Iterator[str]:
    """List the comparisons of a test cell that a wrong answer passes, each in a few words.

    Parameters
    ----------
    tree : ast.Module
        The cell.
    answers : set of str
        Names that the student defines.
    """
    for node in ast.walk(tree):
        if lets_nan_pass(node):
            yield f"line {node.lineno}: {said(node)} holds for a NaN too: turn it round, as in `assert error <= tolerance`"
    theirs = derived(tree, answers)
    for scope in scopes(tree):
        nodes = list(inside(scope))
        if any(isinstance(node, ast.Attribute) and node.attr == "shape" for node in nodes):
            continue
        for node in nodes:
            if broadcasts(node) and names_in(node) & theirs:
                yield f"line {node.lineno}: in {said(node)} {REMEDY}"
    pairs = [pair for node in ast.walk(tree) if (pair := compared(node))]
    if pairs and all(names_in(one) & theirs and names_in(other) & theirs for one, other in pairs):
        yield "compares the student's results with nothing but the student's: one that returns zeros agrees with itself"


def lets_nan_pass(node: ast.AST) -> bool:
    """Recognise ``not (error > tolerance)``, and ``if error > tolerance: raise AssertionError``."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return any(isinstance(part, ast.Compare) and isinstance(part.ops[0], ORDER) for part in inside(node.operand))
    fails = isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise) and "AssertionError" in names_in(node.body[0])
    return fails and any(isinstance(part, ast.Compare) and isinstance(part.ops[0], ORDER) for part in inside(node.test))


def broadcasts(node: ast.AST) -> bool:
    """Recognise a comparison of arrays that says nothing of their shapes."""
    if not isinstance(node, ast.Call):
        return False
    name = called(node)
    if name in LOOSE:
        return True
    if name in ASSERTIONS:
        return not any(word.arg == "strict" and getattr(word.value, "value", None) is True for word in node.keywords)
    of = node.func.value if isinstance(node.func, ast.Attribute) and not node.args else (node.args or [None])[0]
    return name == "all" and isinstance(of, ast.Compare) and isinstance(of.ops[0], (ast.Eq, *ORDER))


def compared(node: ast.AST) -> tuple[ast.AST, ast.AST] | None:
    """Give the two sides of a comparison; None of anything else."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        return node.left, node.comparators[0]
    if isinstance(node, ast.Call) and called(node) in CLOSE and len(node.args) >= 2:
        return tuple(node.args[1:3]) if called(node) == "close" and len(node.args) >= 3 else tuple(node.args[:2])
    return None


def derived(tree: ast.Module, answers: set[str]) -> set[str]:
    """Collect the names in a cell whose values come from the student's."""
    theirs, before = set(answers), set()
    while theirs != before:
        before = set(theirs)
        for target, value in bindings(tree):
            if names_in(value) & theirs:
                theirs |= names_in(target) if isinstance(target, ast.AST) else {target}
    return theirs


def bindings(tree: ast.Module) -> Iterator[tuple[ast.AST | str, ast.AST]]:
    """Yield what is bound in a cell, with what it is bound to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield from paired(target, node.value)
        elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)) and node.value:
            yield node.target, node.value
        elif isinstance(node, (ast.For, ast.comprehension)):
            zipped = isinstance(node.iter, ast.Call) and called(node.iter) == "zip"
            yield from paired(node.target, ast.Tuple(node.iter.args) if zipped else node.iter)
        elif isinstance(node, ast.FunctionDef):
            yield node.name, node


def paired(target: ast.AST, value: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield the parts of ``a, b = x, y`` one by one."""
    both = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts)
    yield from zip(target.elts, value.elts, strict=True) if both else [(target, value)]


def scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the cell itself and each function in it."""
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def inside(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all in it, but not what is in a function in it."""
    yield scope
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from inside(child)


def called(node: ast.Call) -> str:
    """Give the last name of what is called: ``allclose`` of ``np.allclose(a, b)``."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def names_in(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def said(node: ast.AST) -> str:
    """Quote a piece of the cell, on one line and not too long."""
    text = " ".join(ast.unparse(node).split())
    return f"`{text if len(text) <= 60 else text[:57] + '...'}`"
