"""Right answers for problem set 2, written in other ways than the model's: each must keep all its marks."""

# ruff: noqa: PLR0911 - one return for each rule, as students write it

import math

import numpy as np

from course.misconceptions import Bank

evaluate = Bank("evaluate")
diff = Bank("diff")
simplify = Bank("simplify")
count_nodes = Bank("count_nodes")
count_distinct = Bank("count_distinct")


# --- evaluate

OPERATORS = {
    "+": lambda u, v: u + v,
    "-": lambda u, v: u - v,
    "*": lambda u, v: u * v,
    "/": lambda u, v: u / v,
    "**": pow,
}
FUNCTIONS = {"sin": math.sin, "cos": math.cos, "exp": math.exp, "log": math.log}


@evaluate("a table of operations")
def by_table(expr, values):
    if isinstance(expr, (int, float)):
        return expr
    if isinstance(expr, str):
        return values[expr]
    op, *parts = expr
    return (OPERATORS | FUNCTIONS)[op](*(by_table(part, values) for part in parts))


@evaluate("NumPy's functions and numbers")
def by_numpy(expr, values):
    if type(expr) is tuple:
        if len(expr) == 2:
            return getattr(np, expr[0])(by_numpy(expr[1], values))
        ufuncs = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.true_divide, "**": np.float_power}
        return ufuncs[expr[0]](by_numpy(expr[1], values), by_numpy(expr[2], values))
    return np.float64(values[expr] if type(expr) is str else expr)


@evaluate("match")
def by_match(expr, values):
    match expr:
        case ("+", u, v):
            return by_match(u, values) + by_match(v, values)
        case ("-", u, v):
            return by_match(u, values) - by_match(v, values)
        case ("*", u, v):
            return by_match(u, values) * by_match(v, values)
        case ("/", u, v):
            return by_match(u, values) / by_match(v, values)
        case ("**", u, n):
            return by_match(u, values) ** n
        case (name, u):
            return FUNCTIONS[name](by_match(u, values))
        case str():
            return values[expr]
    return expr


@evaluate("a stack in place of recursion")
def by_stack(expr, values):
    todo, order = [expr], []
    while todo:
        node = todo.pop()
        order.append(node)
        if isinstance(node, tuple):
            todo.extend(reversed(node[1:]))
    results = []
    for node in reversed(order):
        if isinstance(node, tuple):
            arguments = [results.pop() for _ in node[1:]]
            if len(arguments) == 1:
                results.append(FUNCTIONS[node[0]](arguments[0]))
            else:
                results.append(OPERATORS[node[0]](*arguments))
        elif isinstance(node, str):
            if node not in values:
                raise KeyError(f"{node} has no value")
            results.append(values[node])
        else:
            results.append(float(node))
    return results[-1]


@evaluate("equal parts computed once")
def by_memory(expr, values):
    known = dict(values)

    def value(node):
        if isinstance(node, (int, float)):
            return node
        if node not in known:
            if isinstance(node, str):
                raise KeyError(node)
            known[node] = (OPERATORS | FUNCTIONS)[node[0]](*[value(part) for part in node[1:]])
        return known[node]

    return value(expr)


@evaluate("written out as Python")
def by_python(expr, values):
    def text(node):
        if not isinstance(node, tuple):
            return f"names[{node!r}]" if isinstance(node, str) else f"({node!r})"
        return f"{node[0]}({text(node[1])})" if len(node) == 2 else f"({text(node[1])} {node[0]} {text(node[2])})"

    return eval(text(expr), {**FUNCTIONS, "names": values})


# --- diff


@diff("match, and floats for zero and one")
def diff_by_match(expr, x):
    match expr:
        case str():
            return 1.0 if expr == x else 0.0
        case ("+" | "-" as op, u, v):
            return op, diff_by_match(u, x), diff_by_match(v, x)
        case ("*", u, v):
            return "+", ("*", v, diff_by_match(u, x)), ("*", diff_by_match(v, x), u)
        case ("/", u, v):
            du, dv = diff_by_match(u, x), diff_by_match(v, x)
            return "-", ("/", du, v), ("/", ("*", u, dv), ("*", v, v))
        case ("**", u, n):
            return "*", n, ("*", diff_by_match(u, x), ("**", u, n - 1.0))
        case ("sin", u):
            return "*", diff_by_match(u, x), ("cos", u)
        case ("cos", u):
            return "-", 0.0, ("*", diff_by_match(u, x), ("sin", u))
        case ("exp", u):
            return "*", diff_by_match(u, x), expr
        case ("log", u):
            return "*", ("/", 1, u), diff_by_match(u, x)
    return 0.0


@diff("quotients as products, differences as sums")
def diff_by_products(expr, x):
    if not isinstance(expr, tuple):
        return int(expr == x)
    op, u = expr[:2]
    if op == "-":
        return diff_by_products(("+", u, ("*", -1, expr[2])), x)
    if op == "/":
        return diff_by_products(("*", u, ("**", expr[2], -1)), x)
    if op == "+":
        return ("+", diff_by_products(u, x), diff_by_products(expr[2], x))
    if op == "*":
        return ("+", ("*", diff_by_products(u, x), expr[2]), ("*", u, diff_by_products(expr[2], x)))
    outer = {
        "**": lambda: ("*", expr[2], ("**", u, expr[2] - 1)),
        "sin": lambda: ("cos", u),
        "cos": lambda: ("*", ("sin", u), -1),
        "exp": lambda: ("exp", u),
        "log": lambda: ("**", u, -1),
    }
    return ("*", outer[op](), diff_by_products(u, x))


def _sum(u, v):
    return v if u == 0 else u if v == 0 else ("+", u, v)


def _product(u, v):
    if u == 0 or v == 0:
        return 0
    return v if u == 1 else u if v == 1 else ("*", u, v)


@diff("simplifies as it goes")
def diff_and_simplify(expr, x):
    if expr == x:
        return 1
    if not isinstance(expr, tuple):
        return 0
    op, u, v = (*expr, None)[:3]
    du = diff_and_simplify(u, x)
    dv = diff_and_simplify(v, x) if len(expr) == 3 else None
    if op == "+":
        return _sum(du, dv)
    if op == "-":
        return _sum(du, _product(-1, dv))
    if op == "*":
        return _sum(_product(du, v), _product(u, dv))
    if op == "/":
        above = _sum(_product(du, v), _product(-1, _product(u, dv)))
        return 0 if above == 0 else ("/", above, ("*", v, v))
    if op == "**":
        return 0 if v == 0 else _product(v if v == 1 else _product(v, ("**", u, v - 1)), du)
    slopes = {"sin": ("cos", u), "cos": ("*", -1, ("sin", u)), "exp": expr, "log": ("/", 1, u)}
    return _product(slopes[op], du)


@diff("each distinct part once")
def diff_with_memory(expr, x):
    known = {}

    def slope(node):
        if node not in known:
            known[node] = rule(node)
        return known[node]

    def rule(node):
        if not isinstance(node, tuple):
            return 1 if node == x else 0
        op, u = node[0], node[1]
        if op in "+-":
            return (op, slope(u), slope(node[2]))
        if op == "*":
            return ("+", ("*", u, slope(node[2])), ("*", slope(u), node[2]))
        if op == "/":  # (u/v)' = (u' - (u/v) v') / v
            return ("/", ("-", slope(u), ("*", node, slope(node[2]))), node[2])
        if op == "**":
            return ("*", slope(u), ("*", ("**", u, node[2] - 1), node[2]))
        if op == "log":
            return ("/", slope(u), u)
        if op == "exp":
            return ("*", node, slope(u))
        return ("*", ("cos", u), slope(u)) if op == "sin" else ("-", 0, ("*", ("sin", u), slope(u)))

    return slope(expr)


@diff("the sum of the partial derivatives times the parts'")
def diff_by_partials(expr, x):
    if not isinstance(expr, tuple):
        return np.float64(isinstance(expr, str) and expr == x)
    op, *parts = expr
    u, v = parts[0], parts[-1]
    partials = {
        "+": lambda: [1, 1],
        "-": lambda: [1, -1],
        "*": lambda: [v, u],
        "/": lambda: [("/", 1, v), ("*", -1, ("/", u, ("**", v, 2)))],
        "**": lambda: [("*", v, ("**", u, v - 1))],
        "sin": lambda: [("cos", u)],
        "cos": lambda: [("*", -1, ("sin", u))],
        "exp": lambda: [expr],
        "log": lambda: [("/", 1, u)],
    }
    total = 0
    for partial, part in zip(partials[op](), parts):
        total = ("+", total, ("*", partial, diff_by_partials(part, x)))
    return total


# --- simplify


@simplify("match")
def simplify_by_match(expr):
    match expr:
        case (op, u):
            u = simplify_by_match(u)
            return (op, u) if isinstance(u, (str, tuple)) else FUNCTIONS[op](u)
        case (op, u, v):
            match op, simplify_by_match(u), simplify_by_match(v):
                case op, int() | float() as u, int() | float() as v:
                    return OPERATORS[op](u, v)
                case ("+", 0, u) | ("+" | "-", u, 0):
                    return u
                case ("*" | "/", 0, _) | ("*", _, 0):
                    return 0
                case ("*", 1, u) | ("*" | "/" | "**", u, 1):
                    return u
                case "**", _, 0:
                    return 1
                case simple:
                    return simple
    return expr


@simplify("again and again until nothing changes")
def simplify_until_done(expr):
    def step(node):
        if not isinstance(node, tuple):
            return node
        op, *parts = node
        if all(isinstance(part, (int, float)) for part in parts):
            return float(by_table(node, {}))
        u, v = parts[0], parts[-1]
        if op == "+" and 0 in (u, v):
            return u if v == 0 else v
        if (op == "*" and 0 in (u, v)) or (op == "/" and u == 0):
            return 0.0
        if op == "*" and 1 in (u, v):
            return u if v == 1 else v
        if (op, v) in (("-", 0), ("/", 1), ("**", 1)):
            return u
        if op == "**" and v == 0:
            return 1.0
        return (op, *[step(part) for part in parts])

    before = None
    while before != expr:
        before, expr = expr, step(expr)
    return expr


@simplify("more laws than asked for")
def simplify_more(expr):
    if not isinstance(expr, tuple):
        return expr
    op, u, v = expr[0], simplify_more(expr[1]), simplify_more(expr[2]) if len(expr) == 3 else None
    if isinstance(u, (int, float)) and isinstance(v, (int, float, type(None))):
        return by_table((op, u, v) if len(expr) == 3 else (op, u), {})
    if len(expr) == 2:
        return u[1] if isinstance(u, tuple) and (op, u[0]) == ("log", "exp") else (op, u)
    if op == "+" and 0 in (u, v):
        return v if u == 0 else u
    if op == "-" and v in (0, u):
        return u if v == 0 else 0
    if op == "*" and (0 in (u, v) or 1 in (u, v)):
        return 0 if 0 in (u, v) else v if u == 1 else u
    if op == "*" and u == v:
        return ("**", u, 2)
    if op == "/" and (u == 0 or v in (1, u)):
        return 1 if u == v else u
    if op == "**" and v in (0, 1):
        return u if v else 1
    if op in "+*" and not isinstance(v, (str, tuple)):
        u, v = v, u
    return (op, u, v)


@simplify("NumPy's numbers, on a stack")
def simplify_on_a_stack(expr):
    todo, order, done = [expr], [], []
    while todo:
        node = todo.pop()
        order.append(node)
        todo += reversed(node[1:]) if isinstance(node, tuple) else ()
    for node in reversed(order):
        if not isinstance(node, tuple):
            done.append(node if isinstance(node, str) else np.float64(node))
            continue
        op, parts = node[0], [done.pop() for _ in node[1:]]
        u, v = parts[0], parts[-1]
        if all(isinstance(part, np.float64) for part in parts):
            done.append(np.float64(by_numpy((op, *map(float, parts)), {})))
        elif op == "**" and v == 0.0:
            done.append(np.float64(1))
        elif (op == "*" and (u == 0.0 or v == 0.0)) or (op == "/" and u == 0.0):
            done.append(np.float64(0))
        elif (op == "+" and u == 0.0) or (op == "*" and u == 1.0):
            done.append(v)
        elif (op in ("+", "-") and v == 0.0) or (op in ("*", "/", "**") and v == 1.0):
            done.append(u)
        else:
            done.append((op, u, v) if len(parts) == 2 else (op, u))
    return done[0]


# --- count_nodes


@count_nodes("a stack")
def count_on_a_stack(expr):
    waiting, number = [expr], 0
    while waiting:
        node = waiting.pop()
        number += 1
        if isinstance(node, tuple):
            waiting.extend(node[1:])
    return number


@count_nodes("a list of everything")
def count_flattened(expr):
    def flat(node):
        return [word for part in node for word in flat(part)] if isinstance(node, tuple) else [node]

    return len(flat(expr))


@count_nodes("match")
def count_by_match(expr):
    match expr:
        case (_, u):
            return count_by_match(u) + 1
        case (_, u, v):
            return count_by_match(u) + count_by_match(v) + 1
    return 1


@count_nodes("commas and parentheses of the text")
def count_in_the_text(expr):
    return repr(expr).count(",") + 1


# --- count_distinct


@count_distinct("a union of sets")
def distinct_by_union(expr):
    def everything(node):
        return {node} | {one for part in node[1:] for one in everything(part)} if isinstance(node, tuple) else {node}

    return len(everything(expr))


@count_distinct("a list without repetition")
def distinct_in_a_list(expr):
    found = []

    def visit(node):
        if node not in found:
            found.append(node)
            if isinstance(node, tuple):
                for part in node[1:]:
                    visit(part)

    visit(expr)
    return len(found)


@count_distinct("different texts")
def distinct_texts(expr):
    def texts(node):
        return {str(node)}.union(*map(texts, node[1:])) if isinstance(node, tuple) else {str(node)}

    return len(texts(expr))


@count_distinct("a set handed down, a NumPy number handed back")
def distinct_by_unique(expr, seen=None):
    seen = set() if seen is None else seen
    if isinstance(expr, tuple):
        for part in expr[1:]:
            distinct_by_unique(part, seen)
    seen.add(expr)
    return np.int64(len(seen))
