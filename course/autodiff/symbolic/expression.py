"""Formulas as trees that may share their branches."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from course.autodiff.differentiable import Differentiable
from course.errors import DtypeError, StateError


class Expr(Differentiable):
    r"""A formula: a symbol, a number, or a function of other formulas.

    Formulas are made from `symbols` with operators and NumPy's functions. A formula that is used twice is one object
    with two consumers: drawn as a tree it occurs twice, kept in memory it is shared.

    Attributes
    ----------
    function : callable or None
        What is applied to the inputs; None for a symbol or a number.
    inputs : tuple of Expr
    content : str, int or float
        The name of a symbol, or the value of a number.

    Notes
    -----
    Decks 000 and 001, "Symbolic Differentiation".

    >>> x, y = symbols("x y")
    >>> x * y + 2 * x
    x*y + 2*x
    """

    __slots__ = ("content", "function", "inputs")

    def __init__(self, function: Callable | None, inputs: tuple["Expr", ...] = (), content: Any = None):
        self.function, self.inputs, self.content = function, inputs, content

    def apply(self, function: Callable, *inputs: Any) -> "Expr":
        return Expr(function, tuple(as_expr(x) for x in inputs))

    @property
    def is_number(self) -> bool:
        """Whether it is a plain number."""
        return self.function is None and not isinstance(self.content, str)

    @property
    def is_symbol(self) -> bool:
        """Whether it is a symbol."""
        return isinstance(self.content, str)

    def __repr__(self) -> str:
        from course.autodiff.symbolic.printing import text

        return text(self)

    def _repr_latex_(self) -> str:
        from course.autodiff.symbolic.printing import latex

        return f"${latex(self)}$"


def symbols(names: str) -> Any:
    """Make a symbol, or a tuple of them, from names with blanks in between; the same name is the same symbol.

    >>> symbols("x") is symbols("x")
    True
    """
    made = tuple(map(_symbol, names.split()))
    return made[0] if len(made) == 1 else made


def as_expr(x: Any) -> Expr:
    """Let numbers be formulas.

    Raises
    ------
    DtypeError
        When x is an array or anything else: a formula stands for one number, and arrays come in when it is evaluated.
    """
    if isinstance(x, Expr):
        return x
    if isinstance(x, bool) or not hasattr(x, "__float__") or getattr(x, "shape", ()):
        raise DtypeError(f"Expr: a formula is made of formulas and numbers, got {type(x).__name__}")
    x = x.item() if hasattr(x, "item") else x
    return _number(int(x) if float(x).is_integer() else float(x))


@cache
def _symbol(name: str) -> Expr:
    return Expr(None, (), name)


@cache
def _number(value: float) -> Expr:
    return Expr(None, (), value)


def nodes(expression: Expr) -> list[Expr]:
    """List a formula's parts, each once however often it is used, inputs before consumers; without recursion.

    >>> x = symbols("x")
    >>> nodes(x * x + x)
    [x, x*x, x*x + x]
    """
    order, done, stack = [], set(), [expression]
    while stack:
        node = stack[-1]
        waiting = [x for x in node.inputs if x not in done] if node not in done else []
        if waiting:
            stack += waiting
            continue
        stack.pop()
        if node not in done:
            done.add(node)
            order.append(node)
    return order


def count_nodes(expression: Expr, *, shared: bool = False) -> int:
    r"""Count a formula's nodes: as a tree, in which what is used twice stands twice, or with shared parts once.

    The tree is what is printed, and what a program works through that does not notice sharing: its size may grow
    exponentially where the shared count grows linearly. That is expression swell.

    >>> x = symbols("x")
    >>> for _ in range(20):
    ...     x = x * x
    >>> count_nodes(x), count_nodes(x, shared=True)
    (2097151, 21)
    """
    order = nodes(expression)
    if shared:
        return len(order)
    size: dict[Expr, int] = {}
    for node in order:
        size[node] = 1 + sum(size[x] for x in node.inputs)
    return size[expression]


def evaluate(expression: Expr, values: Mapping[Any, Any] | None = None, **by_name: Any) -> Any:
    r"""Put numbers or arrays in place of the symbols, and compute; every shared part once.

    Parameters
    ----------
    expression
        The formula.
    values, by_name
        A value for each symbol: in a dictionary, by symbol or name, or as keyword arguments. Dual numbers and values
        on the tape will do as well.

    Raises
    ------
    StateError
        When a symbol has no value.

    >>> x, y = symbols("x y")
    >>> print(evaluate(x * y + 1, x=2.0, y=3.0))
    7.0
    """
    given = {(k.content if isinstance(k, Expr) else k): v for k, v in {**(values or {}), **by_name}.items()}
    result: dict[Expr, Any] = {}
    for node in nodes(expression):
        if node.function is not None:
            result[node] = node.function(*(result[x] for x in node.inputs))
        elif node.is_symbol and node.content not in given:
            raise StateError(f"evaluate: the symbol {node.content} has no value; give {node.content}=…")
        else:
            result[node] = given[node.content] if node.is_symbol else float(node.content)
    return result[expression]
