"""The derivative of a formula, by the rules that everybody learns at school."""

from course.autodiff.derivatives import PARTIALS
from course.autodiff.symbolic.expression import Expr, as_expr, nodes
from course.errors import DtypeError


def diff(expression: Expr, symbol: Expr) -> Expr:
    r"""Return the derivative of a formula by a symbol, as a formula.

    .. math:: \frac{d}{dx} f(u, v) = f_u \frac{du}{dx} + f_v \frac{dv}{dx}

    The derivative of every part is written down once and shared by all that need it, and it shares the parts of the
    formula itself: seen that way it is only a few times larger. Written out as a tree it may be exponentially larger.

    Parameters
    ----------
    expression
        The formula.
    symbol
        What to differentiate by.

    Returns
    -------
    Expr
        As the rules give it, ones and all: `simplify` makes it shorter.

    Raises
    ------
    DtypeError
        When the second argument is no symbol.

    Notes
    -----
    Decks 000 and 001, "Symbolic Differentiation": exponential time unless carefully implemented.

    >>> from course.autodiff.symbolic import simplify, symbols
    >>> x = symbols("x")
    >>> diff(x * x, x)
    x*1 + x*1
    >>> simplify(diff(x * x, x))
    2*x
    """
    if not (isinstance(symbol, Expr) and symbol.is_symbol):
        raise DtypeError(f"diff: the second argument must be a symbol, got {symbol}")
    zero, one = as_expr(0), as_expr(1)
    derivative: dict[Expr, Expr] = {}
    for node in nodes(expression):
        terms = [_term(node, k, derivative[u]) for k, u in enumerate(node.inputs) if derivative[u] is not zero]
        if node.function is None:
            derivative[node] = one if node is symbol else zero
        else:
            derivative[node] = sum(terms[1:], terms[0]) if terms else zero
    return derivative[expression]


def _term(node: Expr, k: int, du: Expr) -> Expr:
    """Return the partial derivative by input k, times that input's derivative."""
    partial = PARTIALS[node.function][k]
    if callable(partial):
        return partial(*node.inputs, node) * du
    return du if partial == 1 else -du
