"""Right answers that need no recursion, derivatives that need no rules, and what is tried on them and on a student's.

A derivative is judged by its values: ours come from a complex step, Im f(x + ih) / h, which is exact to rounding and knows
no rule of calculus. An experiment is a function of the answer to be tried, so that it can be run on known wrong answers too.
"""

import numbers

import numpy as np

from course.checks import CheckFailed
from course.observing import observe

OPERATIONS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power,
    "sin": np.sin, "cos": np.cos, "exp": np.exp, "log": np.log,
}
STEP = 1e-30


def parts(expr):
    """List every node of a tree, each before its parts; what is no expression is refused."""
    found, waiting = [], [expr]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if isinstance(node, tuple) and node and isinstance(node[0], str) and node[0] in OPERATIONS:
            if len(node) != 1 + OPERATIONS[node[0]].nin:
                raise CheckFailed(f"In the result, {node[0]} has {len(node) - 1} parts: how many does it need?")
            waiting += reversed(node[1:])
        elif not is_number(node) and not isinstance(node, str):
            raise CheckFailed("The result is no expression: that is a number, a name, or a tuple as in section 1.")
    return found


def is_number(node):
    return isinstance(node, numbers.Number) and not isinstance(node, bool)


def value(expr, values):
    """Compute from the leaves up, on a stack; a name without a value is a KeyError."""
    stack = []
    for node in reversed(parts(expr)):
        if isinstance(node, tuple):
            function = OPERATIONS[node[0]]
            stack.append(function(*(stack.pop() for _ in range(function.nin))))
        else:
            stack.append(values[node] if isinstance(node, str) else np.float64(node))
    return stack.pop()


class Slope:
    """The derivative of an expression by x: no expression itself, but a number at every point."""

    def __init__(self, expr, x):
        self.expr, self.x = expr, x

    def at(self, point):
        return value(self.expr, {**point, self.x: point.get(self.x, 0) + STEP * 1j}).imag / STEP


def at(result, point):
    """Give the value of an answer's result, or of one of ours, at a point."""
    if isinstance(result, Slope):
        return result.at(point)
    try:
        return value(result, point)
    except KeyError as unknown:
        raise CheckFailed("The result holds a name that the expression does not have.") from unknown


def afresh(expr):
    """Build a tree anew, so that no two of its tuples are one object."""
    return tuple([afresh(part) for part in expr]) if isinstance(expr, tuple) else expr


class Evaluate:
    """Experiments with evaluate."""

    right = staticmethod(value)

    @staticmethod
    def values(expressions, points):
        """The value of every expression at every point."""
        return lambda answer: {
            f"the value of expression {k}": [answer(expr, dict(point)) for point in points]
            for k, expr in enumerate(expressions, 1)
        }

    @staticmethod
    def missing(expressions, values):
        """Whether a name without a value is a KeyError."""

        def refuses(answer, expr):
            try:
                answer(expr, dict(values))
            except KeyError:
                return True
            return False

        return lambda answer: {
            "the number of KeyErrors that names without a value raise": sum(refuses(answer, expr) for expr in expressions)
        }

    @staticmethod
    def dictionary(expr, values):
        """What the caller's dictionary holds after a call."""

        def experiment(answer):
            after = observe(answer, expr, values).arguments[1]
            return {"the number of entries in values, after the call,": len(after),
                    "what values holds after the call": [after.get(name, np.nan) for name in values]}

        return experiment


class Diff:
    """Experiments with diff."""

    right = Slope

    @staticmethod
    def slopes(what, expressions, x, points):
        """The derivative's value for every expression at every point."""
        return lambda answer: {
            f"{what} ({k} of {len(expressions)})": [at(result, point) for point in points]
            for k, expr in enumerate(expressions, 1)
            for result in [answer(expr, x)]
        }


def law(expr):
    """Apply one law at the root, if one applies; give the new expression, or None."""
    if not isinstance(expr, tuple):
        return None
    op, *inputs = expr
    if all(is_number(part) for part in inputs):
        return float(value(expr, {}))
    u, v = inputs[0], inputs[-1]
    laws = {
        "+": [(u == 0, v), (v == 0, u)],
        "-": [(v == 0, u)],
        "*": [(u == 0 or v == 0, 0), (u == 1, v), (v == 1, u)],
        "/": [(u == 0, 0), (v == 1, u)],
        "**": [(v == 0, 1), (v == 1, u)],
    }
    return next((new for applies, new in laws.get(op, []) if applies), None)


def places(expr):
    """Count the nodes of a tree at which a law still applies."""
    return sum(law(node) is not None for node in parts(expr))


class Simplify:
    """Experiments with simplify."""

    @staticmethod
    def right(expr):
        """Apply a law wherever one applies, until none does."""

        def once(node):
            new = law(node)
            if new is not None:
                return new
            return tuple([once(part) for part in node]) if isinstance(node, tuple) else node

        while (new := once(expr)) != expr:
            expr = new
        return expr

    @staticmethod
    def results(expressions, points):
        """What each result is worth, how many places are left at which a law applies, and whether it has grown."""

        def experiment(answer):
            seen = {}
            for k, expr in enumerate(expressions, 1):
                result, which = answer(expr), f"(expression {k} of {len(expressions)})"
                seen[f"the result's value {which}"] = [at(result, point) for point in points]
                seen[f"the number of places where a law still applies {which}"] = places(result)
                seen[f"the number of nodes that were added {which}"] = max(0, len(parts(result)) - len(parts(expr)))
            return seen

        return experiment


def nodes(expr):
    return len(parts(expr))


def distinct(expr):
    """Give every expression a number, and a tuple the numbers of its parts; two are the same if their entries are."""
    entries, stack = {}, []
    for node in reversed(parts(expr)):
        key = node
        if isinstance(node, tuple):
            key = (node[0], "of", *(stack.pop() for _ in node[1:]))
        stack.append(entries.setdefault(key, len(entries)))
    return len(entries)


def logistic(depth, u="x"):
    """Put 4u(1 − u) into itself."""
    for _ in range(depth):
        u = ("*", ("*", 4, u), ("-", 1, u))
    return u


class Count:
    """Experiments with count_nodes and count_distinct."""

    nodes, distinct, logistic = staticmethod(nodes), staticmethod(distinct), staticmethod(logistic)

    @staticmethod
    def counts(expressions):
        """The count of every expression, in which equal parts are no common objects."""
        return lambda answer: {
            f"the count (expression {k} of {len(expressions)})": answer(afresh(expr))
            for k, expr in enumerate(expressions, 1)
        }
