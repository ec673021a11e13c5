"""Making a formula shorter without changing what it means."""

import math
from collections.abc import Callable

import numpy as np

from course.autodiff.symbolic.expression import Expr, as_expr, nodes

ONE = as_expr(1)
LONGEST = 16  # terms of a sum among which like ones are looked for
INVERSES = {(np.exp, np.log), (np.log, np.exp)}


def simplify(expression: Expr) -> Expr:
    r"""Apply the laws of arithmetic, from the inside out, and share the parts that are equal.

    Numbers are computed where the result is exact; 0 and 1 disappear; signs come out; like terms and like factors are
    collected: :math:`2x + x = 3x`, :math:`x \cdot x^2 = x^3`. What is cancelled is taken to be defined: x/x becomes 1,
    at 0 as well.

    Returns
    -------
    Expr
        A new formula; parts that are equal are one object in it.

    >>> from course.autodiff.symbolic import symbols
    >>> x, y = symbols("x y")
    >>> simplify(x * 1 + 0 * y + x)
    2*x
    """
    laws = _Laws()
    simple: dict[Expr, Expr] = {}
    for node in nodes(expression):
        simple[node] = laws.apply(node.function, *(simple[x] for x in node.inputs)) if node.inputs else node
    return simple[expression]


class _Laws:
    """Makes formulas from simple formulas: each simple, and each only once."""

    def __init__(self) -> None:
        self.made: dict[tuple, Expr] = {}

    def make(self, function: Callable, *inputs: Expr) -> Expr:
        return self.made.setdefault((function, *inputs), Expr(function, inputs))

    def apply(self, function: Callable, *inputs: Expr) -> Expr:
        law = LAWS.get(function)
        return law(self, *inputs) if law else self.function(function, *inputs)

    def scaled(self, c: float, u: Expr) -> Expr:
        """Return c·u, where u has no number in front."""
        if c == 0 or u is ONE:
            return as_expr(c)
        if abs(c) == 1:
            return u if c == 1 else self.make(np.negative, u)
        return self.make(np.multiply, as_expr(c), u)

    def add(self, a: Expr, b: Expr) -> Expr:
        (m, _), (n, v) = _coefficient(a), _coefficient(b)
        if m == 0 or n == 0:
            return b if m == 0 else a
        terms = [*_terms(a), *_terms(b)]
        totals: dict[Expr, float] = {}
        for c, w in terms:
            totals[w] = totals.get(w, 0) + c
        if len(totals) == len(terms):
            return self.make(np.add, a, b) if n > 0 else self.make(np.subtract, a, self.scaled(-n, v))
        total, *rest = sorted((self.scaled(c, w) for w, c in totals.items() if c), key=_has_minus) or [as_expr(0)]
        for term in rest:
            c, w = _coefficient(term)
            total = self.make(np.add, total, term) if c > 0 else self.make(np.subtract, total, self.scaled(-c, w))
        return total

    def subtract(self, a: Expr, b: Expr) -> Expr:
        return self.add(a, self.negative(b))

    def negative(self, a: Expr) -> Expr:
        m, u = _coefficient(a)
        return self.scaled(-m, u)

    def multiply(self, a: Expr, b: Expr) -> Expr:
        (m, u), (n, v) = _coefficient(a), _coefficient(b)
        if u is ONE or v is ONE:
            return self.scaled(m * n, v if u is ONE else u)
        if np.divide in (u.function, v.function):
            (a, b), (c, d) = _fraction(u), _fraction(v)
            return self.divide(self.multiply(as_expr(m * n), self.multiply(a, c)), self.multiply(b, d))
        (x, p), (y, q) = _power(u), _power(v)
        k, w = _coefficient(self.power(x, as_expr(p + q)) if x is y else self.make(np.multiply, u, v))
        return self.scaled(m * n * k, w)

    def divide(self, a: Expr, b: Expr) -> Expr:
        (m, u), (n, v) = _coefficient(a), _coefficient(b)
        if np.divide in (u.function, v.function):
            (a, b), (c, d) = _fraction(u), _fraction(v)
            a, c = self.scaled(m, a), self.scaled(n, c)
            return self.divide(self.multiply(a, d), self.multiply(b, c))
        (x, p), (y, q) = _power(u), _power(v)
        if x is y:
            u, v = (self.power(x, as_expr(max(k, 0))) for k in (p - q, q - p))
        sign, m, n = (-1 if m * n < 0 else 1), abs(m), abs(n)
        if isinstance(m, int) and isinstance(n, int) and n:
            m, n = m // math.gcd(m, n), n // math.gcd(m, n)
        elif n and (m / n).is_integer():
            m, n = m / n, 1
        above, below = self.scaled(m, u), self.scaled(n, v)
        if m == 0 or below is ONE:
            return self.negative(above) if sign < 0 else above
        return self.scaled(sign, self.make(np.divide, above, below))

    def power(self, a: Expr, b: Expr) -> Expr:
        if b.is_number and b.content in (0, 1):
            return ONE if b.content == 0 else a
        x, p = _power(a)
        if b.is_number and p != 1 and isinstance(p, int) and isinstance(b.content, int):
            return self.power(x, as_expr(p * b.content))
        return self.function(np.power, a, b)

    def function(self, function: Callable, *inputs: Expr) -> Expr:
        """Compute what comes out whole from numbers, undo what undoes itself, and leave the rest as it is."""
        if all(x.is_number for x in inputs):
            with np.errstate(all="ignore"):
                value = float(function(*(float(x.content) for x in inputs)))
            if math.isfinite(value) and value.is_integer():
                return as_expr(value)
        if (function, inputs[0].function) in INVERSES:
            return inputs[0].inputs[0]
        return self.make(function, *inputs)


LAWS: dict[Callable, Callable] = {
    np.add: _Laws.add,
    np.subtract: _Laws.subtract,
    np.negative: _Laws.negative,
    np.positive: lambda laws, a: a,
    np.multiply: _Laws.multiply,
    np.divide: _Laws.divide,
    np.power: _Laws.power,
    np.square: lambda laws, a: laws.power(a, as_expr(2)),
    np.reciprocal: lambda laws, a: laws.divide(ONE, a),
}


def _coefficient(a: Expr) -> tuple[float, Expr]:
    """Take a formula apart into the number in front and the rest."""
    if a.is_number:
        return a.content, ONE
    if a.function is np.negative:
        return -1, a.inputs[0]
    if a.function is np.multiply and a.inputs[0].is_number:
        return a.inputs[0].content, a.inputs[1]
    return 1, a


def _fraction(a: Expr) -> tuple[Expr, Expr]:
    """Take a formula apart into what stands above and below the line."""
    return a.inputs if a.function is np.divide else (a, ONE)


def _terms(a: Expr) -> list[tuple[float, Expr]]:
    """Take a sum apart into numbers times terms; a very long one is left together."""
    terms, waiting = [], [(1, a)]
    while waiting and len(terms) + len(waiting) <= LONGEST:
        c, u = waiting.pop()
        if u.function in (np.add, np.subtract):
            waiting += [(c if u.function is np.add else -c, u.inputs[1]), (c, u.inputs[0])]
        else:
            n, v = _coefficient(u)
            terms.append((c * n, v))
    return [_coefficient(a)] if waiting else terms


def _has_minus(a: Expr) -> bool:
    return _coefficient(a)[0] < 0


def _power(a: Expr) -> tuple[Expr, float]:
    """Take a formula apart into a base and a number that it is raised to."""
    if a.function is np.power and a.inputs[1].is_number:
        return a.inputs[0], a.inputs[1].content
    return a, 1
