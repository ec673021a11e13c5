"""Wrong answers that students really write for problem set 2, each with advice that points at the idea."""

import math

from course.misconceptions import Bank

evaluate = Bank("evaluate")
diff = Bank("diff")
simplify = Bank("simplify")
count_nodes = Bank("count_nodes")
count_distinct = Bank("count_distinct")


# --- evaluate: each wrong answer has its own rule for an operation, or for a leaf

OPERATIONS = {
    "+": lambda u, v: u + v,
    "-": lambda u, v: u - v,
    "*": lambda u, v: u * v,
    "/": lambda u, v: u / v,
    "**": lambda u, v: u**v,
    "sin": math.sin,
    "cos": math.cos,
    "exp": math.exp,
    "log": math.log,
}


def _leaf(expr, values):
    return values[expr] if isinstance(expr, str) else expr


def _value(expr, values, leaf=_leaf, **own):
    if not isinstance(expr, tuple):
        return leaf(expr, values)
    numbers = [_value(part, values, leaf, **own) for part in expr[1:]]
    return own.get(expr[0], OPERATIONS[expr[0]])(*numbers)


@evaluate("parts exchanged", "Which of the two parts is taken away from, and which is divided by?")
def exchanged(expr, values):
    return _value(expr, values, **{"-": lambda u, v: v - u, "/": lambda u, v: v / u})


@evaluate("cuts off after the point", "What is 7 / 2 in this set, and which of Python's two divisions gives it?")
def whole_division(expr, values):
    return _value(expr, values, **{"/": lambda u, v: u // v})


@evaluate("only whole numbers are numbers", "What does your function do with the leaf 0.5?")
def whole_numbers_only(expr, values):
    if isinstance(expr, int):
        return expr
    if isinstance(expr, str):
        return values[expr]
    return OPERATIONS[expr[0]](*[whole_numbers_only(part, values) for part in expr[1:]])


@evaluate("parts not evaluated", "A part may be a tuple itself: who computes its value before it is used?")
def one_level(expr, values):
    if not isinstance(expr, tuple):
        return _leaf(expr, values)
    return OPERATIONS[expr[0]](*[_leaf(part, values) for part in expr[1:]])


@evaluate("logarithm to base 10", "What should log give for the number e?")
def common_logarithm(expr, values):
    return _value(expr, values, log=math.log10)


@evaluate("angles in degrees", "In which unit does calculus measure angles, so that the slope of sin at 0 is 1?")
def degrees(expr, values):
    return _value(expr, values, sin=lambda u: math.sin(math.radians(u)), cos=lambda u: math.cos(math.radians(u)))


@evaluate("e to three digits", "How many digits of e does your exp know, and how many does Python?")
def short_e(expr, values):
    return _value(expr, values, exp=lambda u: 2.718**u)


@evaluate("sin and cos exchanged", "Which of the two is 1 at 0?")
def sine_for_cosine(expr, values):
    return _value(expr, values, sin=math.cos, cos=math.sin)


@evaluate("no value taken for zero", "Should a variable that was forgotten count as 0, or be found out?")
def zero_by_default(expr, values):
    return _value(expr, values, leaf=lambda leaf, values: values.get(leaf, 0) if isinstance(leaf, str) else leaf)


@evaluate("writes into values", "The dictionary belongs to your caller: where could you keep your own notes?")
def notes_in_values(expr, values):
    if expr not in values:
        if isinstance(expr, str):
            raise KeyError(expr)
        values[expr] = expr
        if isinstance(expr, tuple):
            values[expr] = OPERATIONS[expr[0]](*[notes_in_values(part, values) for part in expr[1:]])
    return values[expr]


# --- diff: each wrong answer has its own rule for an operation, from u, v and their derivatives, or for a leaf

RULES = {
    "+": lambda u, v, du, dv: ("+", du, dv),
    "-": lambda u, v, du, dv: ("-", du, dv),
    "*": lambda u, v, du, dv: ("+", ("*", du, v), ("*", u, dv)),
    "/": lambda u, v, du, dv: ("/", ("-", ("*", du, v), ("*", u, dv)), ("**", v, 2)),
    "**": lambda u, n, du, dn: ("*", ("*", n, ("**", u, n - 1)), du),
    "sin": lambda u, du: ("*", ("cos", u), du),
    "cos": lambda u, du: ("*", ("*", -1, ("sin", u)), du),
    "exp": lambda u, du: ("*", ("exp", u), du),
    "log": lambda u, du: ("/", du, u),
}


def _slope_of_leaf(leaf, x):
    return 1 if leaf == x else 0


def _slope(expr, x, leaf=_slope_of_leaf, **own):
    if not isinstance(expr, tuple):
        return leaf(expr, x)
    parts = expr[1:]
    return own.get(expr[0], RULES[expr[0]])(*parts, *[_slope(part, x, leaf, **own) for part in parts])


@diff("every variable is x", "Differentiating by x, what is y: something that moves, or a constant?")
def every_name_moves(expr, x):
    return _slope(expr, x, leaf=lambda leaf, x: 1 if isinstance(leaf, str) else 0)


@diff("always by x", "By which variable does your function differentiate when it is told to take t?")
def always_by_x(expr, x):
    return _slope(expr, "x")


@diff("numbers keep their value", "How fast does a constant change?")
def constants_stay(expr, x):
    return _slope(expr, x, leaf=lambda leaf, x: (1 if leaf == x else 0) if isinstance(leaf, str) else leaf)


@diff("a number has the slope 1", "How fast does a constant change?")
def constants_move(expr, x):
    return _slope(expr, x, leaf=lambda leaf, x: (1 if leaf == x else 0) if isinstance(leaf, str) else 1)


@diff("other variables stay in the derivative", "What is the derivative by x of a name that is not x?")
def other_names_stay(expr, x):
    return _slope(expr, x, leaf=lambda leaf, x: 1 if leaf == x else leaf if isinstance(leaf, str) else 0)


@diff("difference taken for a sum", "What becomes of the minus sign when you differentiate u - v?")
def minus_lost(expr, x):
    return _slope(expr, x, **{"-": RULES["+"]})


@diff("product of the derivatives", "Try x · x: is its slope 1 everywhere?")
def product_of_slopes(expr, x):
    return _slope(expr, x, **{"*": lambda u, v, du, dv: ("*", du, dv)})


@diff("half of the product rule", "In a product both factors move: which of the two is missing?")
def half_a_product(expr, x):
    return _slope(expr, x, **{"*": lambda u, v, du, dv: ("*", du, v)})


@diff("minus in the product rule", "When both factors grow, does the product grow by both of their shares?")
def product_with_minus(expr, x):
    return _slope(expr, x, **{"*": lambda u, v, du, dv: ("-", ("*", du, v), ("*", u, dv))})


@diff("quotient of the derivatives", "Try x / (x + 1): is its slope 1 everywhere?")
def quotient_of_slopes(expr, x):
    return _slope(expr, x, **{"/": lambda u, v, du, dv: ("/", du, dv)})


@diff("quotient rule with its sign turned", "When only the numerator grows, should the quotient rise or fall?")
def quotient_turned(expr, x):
    return _slope(expr, x, **{"/": lambda u, v, du, dv: ("/", ("-", ("*", u, dv), ("*", du, v)), ("**", v, 2))})


@diff("plus in the quotient rule", "When only the denominator grows, should the quotient rise or fall?")
def quotient_with_plus(expr, x):
    return _slope(expr, x, **{"/": lambda u, v, du, dv: ("/", ("+", ("*", du, v), ("*", u, dv)), ("**", v, 2))})


@diff("denominator not squared", "Try u / 2, and look at what stands under the line of your quotient rule.")
def quotient_not_squared(expr, x):
    return _slope(expr, x, **{"/": lambda u, v, du, dv: ("/", ("-", ("*", du, v), ("*", u, dv)), v)})


@diff("power rule without the chain rule", "In (x + x) ** 3, how fast does the base move?")
def power_without_chain(expr, x):
    return _slope(expr, x, **{"**": lambda u, n, du, dn: ("*", n, ("**", u, n - 1))})


@diff("exponent not lowered", "Try x ** 2: what is the exponent in its derivative?")
def exponent_kept(expr, x):
    return _slope(expr, x, **{"**": lambda u, n, du, dn: ("*", ("*", n, ("**", u, n)), du)})


@diff("exponent not brought down", "Try x ** 3: which number stands in front of its derivative?")
def exponent_not_in_front(expr, x):
    return _slope(expr, x, **{"**": lambda u, n, du, dn: ("*", ("**", u, n - 1), du)})


@diff("power rule through the logarithm", "What does your rule give for x ** 3 at x = -2, where x has no logarithm?")
def power_by_logarithm(expr, x):
    return _slope(expr, x, **{
        "**": lambda u, n, du, dn: ("*", ("**", u, n), ("+", ("*", dn, ("log", u)), ("*", n, ("/", du, u))))
    })


@diff("functions without the chain rule", "In sin(x + x), how fast does that move which goes into the sine?")
def no_chain(expr, x):
    return _slope(
        expr,
        x,
        sin=lambda u, du: ("cos", u),
        cos=lambda u, du: ("*", -1, ("sin", u)),
        exp=lambda u, du: ("exp", u),
        log=lambda u, du: ("/", 1, u),
    )


@diff("no chain rule at all", "In (x + x) ** 3 and sin(x + x), how fast does the inner expression move?")
def no_chain_anywhere(expr, x):
    return _slope(
        expr,
        x,
        **{"**": lambda u, n, du, dn: ("*", n, ("**", u, n - 1))},
        sin=lambda u, du: ("cos", u),
        cos=lambda u, du: ("*", -1, ("sin", u)),
        exp=lambda u, du: ("exp", u),
        log=lambda u, du: ("/", 1, u),
    )


@diff("outer derivative taken at the inner derivative", "cos(u) · u': which of the two goes into the cosine?")
def taken_at_the_slope(expr, x):
    return _slope(
        expr,
        x,
        sin=lambda u, du: ("*", ("cos", du), du),
        cos=lambda u, du: ("*", ("*", -1, ("sin", du)), du),
        exp=lambda u, du: ("*", ("exp", du), du),
    )


@diff("sign of the cosine's derivative", "Just right of 0, does the cosine rise or fall?")
def cosine_rises(expr, x):
    return _slope(expr, x, cos=lambda u, du: ("*", ("sin", u), du))


@diff("power rule for exp", "In e ** u the exponent moves and the base does not: is that a case for the power rule?")
def power_rule_for_exp(expr, x):
    return _slope(expr, x, exp=lambda u, du: ("*", ("*", u, ("exp", ("-", u, 1))), du))


@diff("logarithm's derivative turned over", "The larger u is, the flatter its logarithm: does your slope say so?")
def logarithm_turned_over(expr, x):
    return _slope(expr, x, log=lambda u, du: ("/", u, du))


# --- simplify


def _is_number(expr):
    return not isinstance(expr, (str, tuple))


def _folded(operation, parts):
    return OPERATIONS[operation](*parts)


def _law(operation, parts, fold=_folded):
    """The right laws for a node whose parts are simple."""
    if fold and all(_is_number(part) for part in parts):
        return fold(operation, parts)
    u, v = parts[0], parts[-1]
    if (operation, u) in (("+", 0), ("*", 1)):
        return v
    if (operation, v) in (("+", 0), ("-", 0), ("*", 1), ("/", 1), ("**", 1)):
        return u
    if (operation, u) in (("*", 0), ("/", 0)) or (operation, v) == ("*", 0):
        return 0
    return 1 if (operation, v) == ("**", 0) else (operation, *parts)


def _simple(expr, law=_law):
    return law(expr[0], [_simple(part, law) for part in expr[1:]]) if isinstance(expr, tuple) else expr


@simplify("only the outermost operation", "Who simplifies the parts of the parts?")
def outermost(expr):
    return _law(expr[0], expr[1:]) if isinstance(expr, tuple) else expr


@simplify("the whole before its parts", "When your laws look at a part, has it become 0 or 1 yet?")
def outside_first(expr):
    expr = outermost(expr)
    return (expr[0], *[outside_first(part) for part in expr[1:]]) if isinstance(expr, tuple) else expr


@simplify("only a second part is looked at", "x + 0 becomes x: and 0 + x?")
def second_part_only(expr):
    def law(operation, parts):
        if operation in ("+", "*") and parts[0] in (0, 1) and not _is_number(parts[1]):
            return (operation, *parts)
        return _law(operation, parts)

    return _simple(expr, law)


@simplify("numbers not computed", "What should become of 2 + 3?")
def numbers_stay(expr):
    return _simple(expr, lambda operation, parts: _law(operation, parts, fold=None))


@simplify("functions of numbers not computed", "What should become of the cosine of a number?")
def functions_stay(expr):
    def fold(operation, parts):
        return _folded(operation, parts) if len(parts) == 2 else (operation, *parts)

    return _simple(expr, lambda operation, parts: _law(operation, parts, fold))


@simplify("numbers divided with a remainder", "What is 1 / 4 in this set: 0, or 0.25?")
def folded_to_whole(expr):
    def fold(operation, parts):
        return parts[0] // parts[1] if operation == "/" else _folded(operation, parts)

    return _simple(expr, lambda operation, parts: _law(operation, parts, fold))


def _also(expr, applies, result):
    """Obey one law too many, before the right ones."""

    def law(operation, parts):
        if len(parts) == 2 and not all(map(_is_number, parts)) and applies(operation, *parts):
            return result(*parts)
        return _law(operation, parts)

    return _simple(expr, law)


@simplify("0 - u becomes u", "Is 0 - 3 the same as 3?")
def zero_minus(expr):
    return _also(expr, lambda operation, u, v: operation == "-" and u == 0, lambda u, v: v)


@simplify("1 / u becomes u", "Is 1 / 4 the same as 4?")
def one_over(expr):
    return _also(expr, lambda operation, u, v: operation == "/" and u == 1, lambda u, v: v)


@simplify("u ** 0 becomes 0", "How does the row 8, 4, 2 of the powers of 2 go on?")
def power_zero(expr):
    return _also(expr, lambda operation, u, v: operation == "**" and v == 0, lambda u, v: 0)


@simplify("times zero drops the zero", "How much is three times nothing?")
def zero_dropped(expr):
    return _also(expr, lambda operation, u, v: operation == "*" and 0 in (u, v), lambda u, v: v if u == 0 else u)


@simplify("plus one drops the one", "Is 1 neutral for sums too?")
def one_dropped_from_sums(expr):
    return _also(expr, lambda operation, u, v: operation in ("+", "-") and v == 1, lambda u, v: u)


@simplify("powers left alone", "Which exponents make a power simpler?")
def no_powers(expr):
    return _also(expr, lambda operation, u, v: operation == "**", lambda u, v: ("**", u, v))


@simplify("quotients left alone", "Which numerators and denominators make a quotient simpler?")
def no_quotients(expr):
    return _also(expr, lambda operation, u, v: operation == "/", lambda u, v: ("/", u, v))


@simplify("functions left alone", "May there be something to simplify inside a sine?")
def not_inside_functions(expr):
    if not isinstance(expr, tuple):
        return expr
    if len(expr) == 2:
        return _folded(expr[0], expr[1:]) if _is_number(expr[1]) else expr
    return _law(expr[0], [not_inside_functions(part) for part in expr[1:]])


@simplify("only whole numbers are numbers", "Is 0.0 a zero for your laws, and 0.5 a number?")
def whole_numbers_only_simplified(expr):
    def law(operation, parts):
        return (operation, *parts) if any(isinstance(part, float) for part in parts) else _law(operation, parts)

    return _simple(expr, law)


# --- count_nodes


@count_nodes("leaves only", "Is an operation a node too?")
def leaves(expr):
    return sum(leaves(part) for part in expr[1:]) if isinstance(expr, tuple) else 1


@count_nodes("operations only", "Is a leaf a node too?")
def operations(expr):
    return 1 + sum(operations(part) for part in expr[1:]) if isinstance(expr, tuple) else 0


@count_nodes("depth in place of size", "Do you follow the longest branch, or add up all of them?")
def depth(expr):
    return 1 + max(depth(part) for part in expr[1:]) if isinstance(expr, tuple) else 1


@count_nodes("only the outermost operation", "A part may have parts: who counts those?")
def length(expr):
    return len(expr) if isinstance(expr, tuple) else 1


@count_nodes("letters counted", "How many nodes is the name rate, and how many letters?")
def letters(expr):
    if isinstance(expr, tuple):
        return 1 + sum(letters(part) for part in expr[1:])
    return len(expr) if isinstance(expr, str) else 1


@count_nodes("operations counted twice", "Does your sum run over the operation's own name as well?")
def operations_twice(expr):
    return 1 + sum(operations_twice(part) for part in expr) if isinstance(expr, tuple) else 1


@count_nodes("numbers not counted", "Is 2 a node of 2 * x?")
def no_numbers(expr):
    if isinstance(expr, tuple):
        return 1 + sum(no_numbers(part) for part in expr[1:])
    return 1 if isinstance(expr, str) else 0


def _all_of(expr):
    return {expr}.union(*[_all_of(part) for part in expr[1:]]) if isinstance(expr, tuple) else {expr}


@count_nodes("equal parts counted once", "How often is a part printed that occurs twice?")
def once(expr):
    return len(_all_of(expr))


# --- count_distinct


@count_distinct("equal parts counted every time", "Has what you count been seen before?")
def every_time(expr):
    return 1 + sum(every_time(part) for part in expr[1:]) if isinstance(expr, tuple) else 1


def _ids(expr):
    if not isinstance(expr, tuple):
        return {expr}
    return {id(expr)}.union(*[_ids(part) for part in expr[1:]])


@count_distinct("the same object in place of an equal one", "Two tuples may be equal and yet be two: what do you ask for?")
def same_object(expr):
    return len(_ids(expr))


@count_distinct("leaves only", "Is x + 1 a subexpression too?")
def distinct_leaves(expr):
    return len([node for node in _all_of(expr) if not isinstance(node, tuple)])


@count_distinct("operations only", "Is a name or a number a subexpression too?")
def distinct_operations(expr):
    return len([node for node in _all_of(expr) if isinstance(node, tuple)])


def _words(expr):
    return {expr[0]}.union(*[_words(part) for part in expr[1:]]) if isinstance(expr, tuple) else {expr}


@count_distinct("different words counted", "x + 1 and x + y have the same operation: are they the same expression?")
def words(expr):
    return len(_words(expr))


def _sorted(expr):
    return (expr[0], *sorted([_sorted(part) for part in expr[1:]], key=repr)) if isinstance(expr, tuple) else expr


@count_distinct("order ignored", "Is x - y the same expression as y - x?")
def unordered(expr):
    return len(_all_of(_sorted(expr)))


@count_distinct("the root left out", "Is the whole expression one of its subexpressions?")
def without_root(expr):
    return len(_all_of(expr) - {expr})


@count_distinct("equal neighbours only", "Could a part be equal to one in quite another branch of the tree?")
def neighbours(expr):
    return 1 + sum(neighbours(part) for part in set(expr[1:])) if isinstance(expr, tuple) else 1
