"""Formulas as people read them: plain text, LaTeX, or step by step."""

from collections.abc import Callable

import numpy as np

from course.autodiff.derivatives import sigmoid
from course.autodiff.symbolic.expression import Expr, count_nodes, nodes

LONGEST = 400  # nodes of a tree that is still worth reading
SUM, PRODUCT, SIGN, POWER, ATOM = range(5)  # how tightly an operation binds

GREEK = set(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau phi chi psi omega".split()
)
# how an operation is written, how tightly it binds, and how tightly its inputs must bind to need no parentheses
TEXT: dict[Callable, tuple] = {
    np.add: ("{} + {}", SUM, SUM, SUM),
    np.subtract: ("{} - {}", SUM, SUM, PRODUCT),
    np.multiply: ("{}*{}", PRODUCT, PRODUCT, PRODUCT),
    np.divide: ("{}/{}", PRODUCT, PRODUCT, SIGN),
    np.negative: ("-{}", SIGN, PRODUCT),
    np.power: ("{}**{}", POWER, ATOM, ATOM),
}
LATEX: dict[Callable, tuple] = {
    np.add: ("{} + {}", SUM, SUM, SUM),
    np.subtract: ("{} - {}", SUM, SUM, PRODUCT),
    np.multiply: (r"{} \, {}", PRODUCT, PRODUCT, PRODUCT),
    np.divide: (r"\frac{{{}}}{{{}}}", ATOM, SUM, SUM),
    np.negative: ("-{}", SIGN, PRODUCT),
    np.power: ("{}^{{{}}}", POWER, ATOM, SUM),
    np.sqrt: (r"\sqrt{{{}}}", ATOM, SUM),
    np.exp: ("e^{{{}}}", POWER, SUM),
    np.abs: (r"\left|{}\right|", ATOM, SUM),
    sigmoid: (r"\sigma\left({}\right)", ATOM, SUM),
    **{
        f: (rf"\{f.__name__}\left({{}}\right)", ATOM, SUM)
        for f in (np.sin, np.cos, np.tan, np.log, np.tanh, np.sinh, np.cosh)
    },
}


def text(expression: Expr) -> str:
    """Write a formula as one would type it; of a long one, only how long it is.

    >>> from course.autodiff.symbolic import symbols
    >>> x, y = symbols("x y")
    >>> text((x + y) ** 2 / np.sin(x))
    '(x + y)**2/sin(x)'
    """
    if (size := count_nodes(expression)) > LONGEST:
        return f"<formula of {size:,} nodes, {count_nodes(expression, shared=True):,} of them different>"
    return _written(expression, TEXT, "{}({})", str, "({})")


def latex(expression: Expr) -> str:
    r"""Write a formula in LaTeX; of a long one, only how long it is.

    >>> from course.autodiff.symbolic import symbols
    >>> x, eta = symbols("x eta")
    >>> print(latex(eta * x**2 / 3))
    \frac{\eta \, x^{2}}{3}
    """
    if (size := count_nodes(expression)) > LONGEST:
        return rf"\text{{a formula of {size:,} nodes}}"
    return _written(expression, LATEX, r"\operatorname{{{}}}\left({}\right)", _latex_name, r"\left({}\right)")


def steps(expression: Expr) -> str:
    """Write a formula as a program, one operation a line: what is shared is computed once and has a name.

    >>> from course.autodiff.symbolic import symbols
    >>> x = symbols("x")
    >>> y = x * x
    >>> print(steps(y * y + 1))
    v1 = x*x
    v2 = v1*v1
    v3 = v2 + 1
    """
    names: dict[Expr, Expr] = {}
    lines = []
    for node in nodes(expression):
        if node.inputs:
            lines.append(f"v{len(lines) + 1} = {text(Expr(node.function, tuple(names[x] for x in node.inputs)))}")
        names[node] = Expr(None, (), f"v{len(lines)}") if node.inputs else node
    return "\n".join(lines)


def _written(expression: Expr, table: dict, call: str, name: Callable, parentheses: str) -> str:
    written: dict[Expr, tuple[str, int]] = {}
    for node in nodes(expression):
        if node.function is None:
            negative = node.is_number and node.content < 0
            written[node] = (name(node.content) if node.is_symbol else f"{node.content:g}", SIGN if negative else ATOM)
        elif node.function in table:
            template, binds, *need = table[node.function]
            parts = [
                s if b >= n else parentheses.format(s) for (s, b), n in zip(map(written.get, node.inputs), need, strict=True)
            ]
            written[node] = template.format(*parts), binds
        else:
            inputs = ", ".join(written[x][0] for x in node.inputs)
            written[node] = call.format(node.function.__name__, inputs), ATOM
    return written[expression][0]


def _latex_name(name: str) -> str:
    """Write Greek letters and indices as such: ``theta_1`` and ``x2``."""
    stem = name.rstrip("0123456789")
    index, stem = name[len(stem) :], stem.rstrip("_")
    stem = rf"\{stem}" if stem in GREEK else stem
    return f"{stem}_{{{index}}}" if index else stem
