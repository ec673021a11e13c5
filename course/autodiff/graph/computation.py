"""The computation graph: one node for every operation, with values and gradients."""

from typing import Any

import numpy as np

from course.autodiff.graph.drawing import Drawing, Edge, Node
from course.autodiff.symbolic.expression import Expr, nodes
from course.autodiff.tape import Value, topological_order
from course.errors import DtypeError

SIGNS = {"add": "+", "subtract": "−", "multiply": "×", "divide": "÷", "negative": "−", "power": "^", "matmul": "@"}


def computation_graph(output: Any) -> Drawing:
    r"""Draw how a value was computed, or what a formula is made of.

    Every node shows what it computes, its value, and, once backward has been there, its gradient ∂L/∂u.

    Parameters
    ----------
    output
        A `course.autodiff.tape.Value`, or a formula of `course.autodiff.symbolic`.

    Raises
    ------
    DtypeError
        When it is neither: then nothing is known of how it was computed.
    RangeError
        When it has more than 300 nodes.

    Notes
    -----
    Decks 000 and 001, "Computational Graph".

    >>> x = Value(2.0, name="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> print(computation_graph(y))
    x              value 2, gradient 4
    v1 = ×(x, x)   value 4, gradient 1
    v3 = +(v1, 1)  value 5, gradient 1
    """
    if isinstance(output, Value):
        order = topological_order(output)
    elif isinstance(output, Expr):
        order = nodes(output)
    else:
        raise DtypeError(f"computation_graph: needs a value on the tape or a formula, got {type(output).__name__}")
    drawn: list[Node] = []
    edges: list[Edge] = []
    number: dict[int, int] = {}
    for u in order:
        sources = []
        for x in u.inputs:
            if id(x) not in number:  # a constant
                drawn.append(Node(show(x), (), "constant"))
                sources.append(len(drawn) - 1)
            else:
                sources.append(number[id(x)])
        number[id(u)] = len(drawn)
        drawn.append(_node(u, u is output))
        edges += [Edge(source, number[id(u)]) for source in sources]
    return Drawing(drawn, edges)


def _node(u: Any, last: bool) -> Node:
    if isinstance(u, Expr):
        title = SIGNS.get(u.function.__name__, u.function.__name__) if u.function else str(u)
        return Node(title, (), "output" if last else "operation" if u.inputs else "leaf" if u.is_symbol else "constant")
    title = SIGNS.get(u.rule.name, u.rule.name) if u.rule else u.name or "leaf"
    lines = [f"value {show(u.data)}"]
    if u.gradient is not None:
        lines.append(f"gradient {show(u.gradient)}")
    return Node(title, tuple(lines), "output" if last else "operation" if u.inputs else "leaf", u.name if u.rule else "")


def show(x: Any) -> str:
    """Write a number with four digits, a few numbers in brackets, and of many only their shape.

    >>> show(np.array([1.0, 2 / 3])), show(np.zeros((32, 16)))
    ('[1, 0.6667]', 'array (32, 16)')
    """
    x = np.asarray(x.data if isinstance(x, Value) else x, np.float64)
    if x.size > 6:
        return f"array {x.shape}"
    return np.array2string(x, separator=", ", formatter={"all": lambda a: f"{a:.4g}"}).replace("\n", "")
