"""Symbolic differentiation: formulas in, formulas out."""

from course.autodiff.derivatives import sigmoid, softplus
from course.autodiff.symbolic.differentiation import diff
from course.autodiff.symbolic.expression import Expr, count_nodes, evaluate, nodes, symbols
from course.autodiff.symbolic.printing import latex, steps, text
from course.autodiff.symbolic.simplification import simplify

__all__ = [
    "Expr",
    "count_nodes",
    "diff",
    "evaluate",
    "latex",
    "nodes",
    "sigmoid",
    "simplify",
    "softplus",
    "steps",
    "symbols",
    "text",
]
