# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.autodiff.symbolic, sympy]
#     skip: [picture_derivative, picture_swell]
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
r"""
# Problem set 2: symbolic differentiation

**30 points.** It goes with [lecture 2](../../lectures/L02_four_ways_to_differentiate.ipynb) (four ways to differentiate). You teach the computer the calculus that you learned at
school, and then you watch it choke on its own formulas.

When you have done it, you will be able to

- hold a formula as data, and compute its value,
- write the sum, product, quotient, power and chain rule as one short function that calls itself,
- simplify a formula without changing what it means,
- count a formula in two ways, as it is printed and as it could be kept, and say why the first number explodes,
- explain what reverse mode does better, which problem set 4 is about.

| you write | points |
|---|---|
| `evaluate` | 5 |
| `diff` | 10 |
| `simplify` | 6 |
| `count_nodes` | 2 |
| `count_distinct` | 3 |
| a written answer | 4 |

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you can
follow by hand. More tests of the same ideas run when your notebook is graded. The checks of `diff` and `simplify` call your
`evaluate`, and your `simplify` may call it too; a slip in `evaluate` costs nothing there.
"""

# %% [markdown]
r"""
## 1. A formula is a tree

Symbolic differentiation takes a *formula* and gives a formula. So a formula must first be something that a program can
take apart. In this set an **expression** is one of three things:

- a **number**, such as `2` or `0.5`;
- a **name**, a string such as `"x"` or `"rate"`: a variable;
- a **tuple**: an operation, and after it the one or two expressions that it is applied to, which we call its *parts*.

| tuple | means | | tuple | means |
|---|---|---|---|---|
| `("+", u, v)` | $u + v$ | | `("sin", u)` | $\sin u$ |
| `("-", u, v)` | $u - v$ | | `("cos", u)` | $\cos u$ |
| `("*", u, v)` | $u \cdot v$ | | `("exp", u)` | $e^u$ |
| `("/", u, v)` | $u / v$ | | `("log", u)` | $\ln u$, the natural logarithm |
| `("**", u, n)` | $u^n$, where $n$ is a **number** | | | |

There is no more than this. A minus sign in front is a product: $-u$ is `("*", -1, u)`. Angles are in radians.

    ("+", ("*", 2, "x"), ("sin", "y"))               +
                                                   /   \
                                                  *     sin
                                                 / \      \
                                                2   x      y

Tuples have two properties that will serve us well. They cannot be changed, so that no function can spoil an expression
that somebody else still needs. And two that look alike *are* equal: `("*", "x", "x") == ("*", "x", "x")` is true, and a
set or a dictionary takes them for one and the same.

Numbers are Python's own, `int` or `float`. To tell the three kinds apart, ask `isinstance(expr, tuple)` and
`isinstance(expr, str)`; what is neither is a number. The cell below has a function `show` that writes an expression as
one does on paper. Run it.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import numpy as np

BINDS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 3}  # how tightly an operation holds its parts together


def show(expr, tight=0):
    """Write an expression as on paper, with parentheses where they are needed."""
    if not isinstance(expr, tuple):
        return f"({expr})" if tight and not isinstance(expr, str) and expr < 0 else str(expr)
    operation, *parts = expr
    if operation not in BINDS:
        return f"{operation}({show(parts[0])})"
    binds = BINDS[operation]
    text = f"{show(parts[0], binds + (binds == 3))} {operation} {show(parts[1], binds + 1)}"
    return f"({text})" if binds < tight else text


show(("+", ("*", 2, "x"), ("sin", "y")))

# %% [markdown]
r"""
## 2. The value of an expression (5 points)

A function on trees asks two questions. *What do I answer for a leaf*, a number or a name? And *how do I put the answers for
the parts together* into the answer for the whole? To get the answers for the parts it calls itself. The two questions for
`evaluate`:

- a number is its own value, and the value of a name stands in the dictionary `values`;
- the value of a tuple is its operation, applied to the values of its parts.

**By hand.** With $x = 3$ and $y = 0$ the tree above has, from the leaves up, $2 \cdot 3 = 6$ and $\sin 0 = 0$, hence
$6 + 0 = 6$.

A name that has no value is an error: let it be the `KeyError` that a dictionary raises by itself. The dictionary is your
caller's; leave it as it is.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "evaluate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evaluate(expr, values):
    """Compute the value of an expression.

    Parameters
    ----------
    expr : number, str or tuple
        An expression, as in section 1.
    values : dict of str to number
        The value of each variable. It may hold more names than expr does.

    Returns
    -------
    number

    Raises
    ------
    KeyError
        When a variable of expr has no value.

    Notes
    -----
    Decks 000 and 001, "Symbolic Differentiation": what it requires is a mathematical expression that defines f.

    >>> evaluate(("+", ("*", 2, "x"), "y"), {"x": 3.0, "y": 0.5})
    6.5
    """
    ### BEGIN SOLUTION
    if isinstance(expr, str):
        return values[expr]
    if not isinstance(expr, tuple):
        return expr
    operation, *parts = expr
    u, *rest = [evaluate(part, values) for part in parts]
    if not rest:
        return {"sin": math.sin, "cos": math.cos, "exp": math.exp, "log": math.log}[operation](u)
    arithmetic = {
        "+": lambda v: u + v,
        "-": lambda v: u - v,
        "*": lambda v: u * v,
        "/": lambda v: u / v,
        "**": lambda v: u**v,
    }
    return arithmetic[operation](*rest)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_evaluate", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_evaluate = Check("evaluate", points={"arithmetic": 2, "functions": 2, "names": 1})


@test_evaluate(part="arithmetic")
def test_evaluate_by_hand():
    "Small trees: (x - 1) / 2 at x = 4, and 2 · x ** 3 at x = 2."
    test_evaluate.close("the value of (x - 1) / 2", evaluate(("/", ("-", "x", 1), 2), {"x": 4.0}), 1.5)
    test_evaluate.close("the value of 2 * x ** 3", evaluate(("*", 2, ("**", "x", 3)), {"x": 2.0}), 16.0)


@test_evaluate(part="functions")
def test_evaluate_functions_by_hand():
    "The tree of section 1 at x = 3, y = 0, and what the other functions are at 0 and 1."
    test_evaluate.close("the value", evaluate(("+", ("*", 2, "x"), ("sin", "y")), {"x": 3.0, "y": 0.0}), 6.0)
    for name, where, result in [("cos", 0.0, 1.0), ("exp", 1.0, np.e), ("log", 1.0, 0.0)]:
        test_evaluate.close(f"{name}({where:g})", evaluate((name, "x"), {"x": where}), result)


@test_evaluate(part="names")
def test_evaluate_names():
    "A name longer than one letter, and one that has no value."
    test_evaluate.close("the value of rate + 1", evaluate(("+", "rate", 1), {"rate": 0.5}), 1.5)
    try:
        evaluate(("+", "x", "y"), {"x": 1.0})
    except KeyError:
        return
    test_evaluate.that(False, "x + y has no value as long as y has none: that is to be a KeyError.")


### BEGIN HIDDEN TESTS
from misconceptions import evaluate as test_bank
from oracles import Evaluate as test_right

test_evaluate.misconceptions = test_bank


def test_values(part, about, *expressions, points):
    "Compare the values of some expressions at some points with ours."
    experiment = test_right.values(expressions, points)

    def test():
        test_evaluate.compare(evaluate, test_right.right, experiment)

    test.__doc__ = about
    test_evaluate.hidden(test, part=part)


test_a, test_b, test_c, test_d, *test_points = test_evaluate.rng.uniform(1.1, 1.9, size=10).tolist()
test_points = [dict(zip("xyt", test_points[k : k + 3], strict=True)) for k in (0, 3)]
test_sum, test_difference = ("+", ("*", test_a, "x"), "y"), ("-", ("+", "x", "y"), ("*", test_b, ("+", "t", 5)))
test_values("arithmetic", "A single number, and a single name.", test_a, 3, "y", points=test_points)
test_values(
    "arithmetic", "Each operation, on parts that are expressions.",
    test_sum, test_difference, ("*", test_sum, test_difference), ("/", test_sum, test_difference),
    ("**", test_sum, 3), ("**", test_difference, -2), ("**", test_sum, test_a),
    points=test_points,
)
test_values(
    "arithmetic", "Whole numbers.",
    ("/", "n", 4), ("/", 7, ("-", "n", 8)), ("-", ("**", "n", 2), ("*", 3, "n")), ("**", "n", -1),
    points=[{"n": 5}, {"n": -3}],
)
for test_name in ("sin", "cos", "exp", "log"):
    test_values(
        "functions", f"{test_name} of an expression, and inside one.",
        (test_name, test_sum), ("+", test_c, ("*", (test_name, test_sum), "x")), (test_name, test_d),
        points=test_points,
    )


@test_evaluate.hidden(part="arithmetic")
def test_evaluate_deep():
    "A tree of many levels."
    expr = "x"
    for k in range(12):
        expr = ("-", "y", ("*", 0.5, expr)) if k % 2 else ("/", expr, 2)
    test_evaluate.compare(evaluate, test_right.right, test_right.values([expr], test_points))


@test_evaluate.hidden(part="names")
def test_evaluate_missing():
    "Names without a value, at the root and far inside."
    trees = ["y", ("*", 2, ("+", "x", "y")), ("*", 0, "z")]
    test_evaluate.compare(evaluate, test_right.right, test_right.missing(trees, {"x": test_a}))


@test_evaluate.hidden(part="names")
def test_evaluate_dictionary():
    "The dictionary stays as it was, and may hold names that are not needed."
    expr, values = ("*", ("+", "x", "theta_1"), ("+", "x", "theta_1")), {"x": test_a, "theta_1": test_b, "t": test_c}
    test_evaluate.compare(evaluate, test_right.right, test_right.values([expr], [values]))
    test_evaluate.compare(evaluate, test_right.right, test_right.dictionary(expr, values))


### END HIDDEN TESTS
test_evaluate.score()

# %% [markdown]
r"""
## 3. The derivative of an expression (10 points)

Here are the rules that you know from school, written so that a program can follow them. Write $u'$ for the derivative of
$u$ by $x$.

| expression | its derivative by $x$ | |
|---|---|---|
| a number | $0$ | |
| the name $x$ | $1$ | |
| any other name | $0$ | for $x$ it is a constant |
| $u + v$ | $u' + v'$ | sum rule |
| $u - v$ | $u' - v'$ | |
| $u \cdot v$ | $u' v + u v'$ | product rule |
| $u / v$ | $(u' v - u v') / v^2$ | quotient rule |
| $u^n$ | $n\, u^{n-1}\, u'$ | power rule, with the chain rule in it |
| $\sin u$ | $\cos(u)\; u'$ | chain rule, here and below |
| $\cos u$ | $-\sin(u)\; u'$ | |
| $e^u$ | $e^u\; u'$ | |
| $\ln u$ | $u' / u$ | |

Each line says: take the parts, differentiate them, and *build a new tree* from the parts and their derivatives. That is the
scheme of section 2 with a different answer at each node. Every line from the power rule on ends with $u'$: what goes into
$\sin$ may move at a speed of its own.

**By hand.** The derivative of $x \cdot (x + 3)$ by $x$. Parts: $u$ is `"x"`, so $u'$ is `1`; $v$ is `("+", "x", 3)`,
so $v'$ is `("+", 1, 0)`. The product rule gives

    ("+", ("*", 1, ("+", "x", 3)), ("*", "x", ("+", 1, 0)))           1 * (x + 3) + x * (1 + 0)

At $x = 2$ that is $5 + 2 = 7$, as it should be: $2x + 3$. It is not pretty, and that is fine. Leave the ones and zeros where
they fall; cleaning up is another function's work.

Your derivative is judged by its **values**, never by how it looks: whichever way you write a rule, it is right if it gives
the right number. (No test looks at a point where a base or a denominator is zero.) For $u^n$ that includes negative $u$, so
leave logarithms out of the power rule: at $x = -2$, $x^3$ has a slope and $\ln x$ no value.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "diff", "locked": false, "schema_version": 3, "solution": true, "task": false}
def diff(expr, x):
    r"""Differentiate an expression by a variable.

    .. math:: \frac{d}{dx} f(u, v) = \frac{\partial f}{\partial u}\, u' + \frac{\partial f}{\partial v}\, v'

    Parameters
    ----------
    expr : number, str or tuple
        An expression, as in section 1.
    x : str
        The variable by which to differentiate; all others are constants.

    Returns
    -------
    number, str or tuple
        An expression again, made of the operations of section 1. Its form is yours to choose.

    Notes
    -----
    Decks 000 and 001, "Symbolic Differentiation".

    >>> evaluate(diff(("**", "t", 2), "t"), {"t": 5.0})
    10.0
    """
    ### BEGIN SOLUTION
    if not isinstance(expr, tuple):
        return 1 if expr == x else 0
    operation, u, *rest = expr
    du = diff(u, x)
    if operation == "**":
        n = rest[0]
        return ("*", ("*", n, ("**", u, n - 1)), du)
    if operation in ("sin", "cos", "exp", "log"):
        slopes = {"sin": ("cos", u), "cos": ("*", -1, ("sin", u)), "exp": expr, "log": ("/", 1, u)}
        return ("*", slopes[operation], du)
    v = rest[0]
    dv = diff(v, x)
    rules = {
        "+": ("+", du, dv),
        "-": ("-", du, dv),
        "*": ("+", ("*", du, v), ("*", u, dv)),
        "/": ("/", ("-", ("*", du, v), ("*", u, dv)), ("**", v, 2)),
    }
    return rules[operation]
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_diff", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_diff = Check("diff", points={"sums": 2, "products": 2, "quotients": 2, "powers": 2, "functions": 2})

### BEGIN HIDDEN TESTS
from oracles import Evaluate as test_carried

test_diff.carry(evaluate=test_carried.right)
### END HIDDEN TESTS


def test_slope(expr, by="x", **values):
    "Differentiate, and evaluate the result."
    return evaluate(diff(expr, by), values)


@test_diff(part="sums")
def test_diff_sums_by_hand():
    "x - y + 2: its derivative is 1 by x, -1 by y, and 0 by t."
    expr = ("+", ("-", "x", "y"), 2)
    for by, slope in [("x", 1.0), ("y", -1.0), ("t", 0.0)]:
        test_diff.close(f"the derivative by {by}", test_slope(expr, by, x=3.0, y=5.0, t=7.0), slope)


@test_diff(part="products")
def test_diff_product_by_hand():
    "The example above: x * (x + 3) has the derivative 2x + 3."
    test_diff.close("the derivative at x = 2", test_slope(("*", "x", ("+", "x", 3)), x=2.0), 7.0)


@test_diff(part="quotients")
def test_diff_quotient_by_hand():
    "x / (x + 1) has the derivative 1 / (x + 1) ** 2."
    test_diff.close("the derivative at x = 1", test_slope(("/", "x", ("+", "x", 1)), x=1.0), 0.25)


@test_diff(part="powers")
def test_diff_power_by_hand():
    "x ** 3 has the derivative 3x ** 2, and (x + x) ** 3, which is 8x ** 3, has 24x ** 2."
    for where in (1.0, -2.0):
        test_diff.close(f"the derivative of x ** 3 at x = {where:g}", test_slope(("**", "x", 3), x=where), 3 * where**2)
    test_diff.close("the derivative of (x + x) ** 3 at x = 1", test_slope(("**", ("+", "x", "x"), 3), x=1.0), 24.0)


@test_diff(part="functions")
def test_diff_functions_by_hand():
    "Each function of x + x, where its slope is easy: inside, everything moves twice as fast as x."
    for name, where, slope in [("sin", 0.0, 2.0), ("cos", np.pi / 4, -2.0), ("exp", 0.0, 2.0), ("log", 0.5, 2.0)]:
        test_diff.close(f"the derivative of {name}(x + x)", test_slope((name, ("+", "x", "x")), x=where), slope)


### BEGIN HIDDEN TESTS
from misconceptions import diff as test_bank
from oracles import Diff as test_right

test_diff.misconceptions = test_bank
test_a, test_b, test_c = test_diff.rng.uniform(1.2, 1.8, size=3).tolist()
test_draws = test_diff.rng.uniform(0.5, 1.5, size=(3, 3))
test_points = [dict(zip("xyt", draw, strict=True)) for draw in test_draws.tolist()]
test_names = {name: float(test_diff.rng.uniform(0.5, 1.5)) for name in ("x", "y", "theta")}


def test_rule(part, about, what, *expressions, x="x", points=test_points):
    "Compare the values of derivatives with complex steps."
    experiment = test_right.slopes(what, expressions, x, points)

    def test():
        test_diff.compare(diff, test_right.right, experiment)

    test.__doc__ = about
    test_diff.hidden(test, part=part)


# each part's expressions hold as little as they can of what the other parts are about
test_twice, test_thrice = ("+", "x", "x"), ("+", "x", ("+", "x", "x"))
test_u, test_v, test_w = ("+", test_twice, test_a), ("+", test_b, "x"), ("+", "x", ("+", test_twice, test_c))
test_rule("sums", "Numbers and the variable itself.", "the derivative of a leaf", 3, test_a, "x", 0)
test_rule("sums", "Sums inside differences, and differences inside sums.", "the derivative of a sum",
          test_u, ("-", test_b, "x"), test_w, ("-", test_w, ("-", test_u, test_v)), ("-", "x", test_twice))
test_rule("sums", "Several variables, and one whose name is a word.", "a partial derivative",
          ("-", ("+", "x", "y"), ("+", "theta", ("+", "theta", "theta"))), "y", "theta",
          x="theta", points=[test_names])
test_rule("products", "A number times something, from either side.", "the derivative of a multiple",
          ("*", test_a, "x"), ("*", test_u, test_b), ("*", "x", "x"))
test_rule("products", "Products of sums.", "the derivative of a product", ("*", test_u, test_v), ("*", test_w, test_w))
test_rule("products", "Products of products.", "the derivative of a product of three",
          ("*", ("*", test_u, test_v), test_w), ("*", "x", ("*", test_u, ("*", test_v, test_w))))
test_rule("quotients", "Something over a number, and a number over something.", "the derivative of a quotient",
          ("/", test_u, test_a), ("/", test_b, test_w), ("/", 1, "x"))
test_rule("quotients", "One sum over another.", "the derivative of a quotient",
          ("/", test_u, test_w), ("/", test_u, test_v), ("/", test_v, test_u))
test_rule("quotients", "Quotients of quotients.", "the derivative of a quotient of quotients",
          ("/", ("/", test_u, test_v), test_w), ("/", test_w, ("/", test_v, test_u)))
test_rule("powers", "Whole, negative and fractional exponents, and powers of powers.", "the derivative of a power",
          ("**", "x", 2), ("**", test_twice, 5), ("**", test_thrice, -2), ("**", test_twice, 0.5),
          ("**", test_thrice, test_a), ("**", ("**", test_twice, 3), -1))
test_rule("powers", "The exponents 1 and 0.", "the derivative of a power", ("**", test_twice, 1), ("**", test_thrice, 0))
test_rule("powers", "Powers of something negative.", "the derivative of a power", ("**", "x", 3), ("**", test_twice, 4),
          ("**", "x", -3), points=[{"x": -point["x"]} for point in test_points])
for test_name in ("sin", "cos", "exp", "log"):
    test_rule("functions", f"{test_name} of x, and of sums.", f"the derivative of {test_name}",
              (test_name, "x"), (test_name, test_twice), (test_name, test_thrice))
test_rule("functions", "Functions of functions.", "the derivative of a function of a function",
          ("sin", ("cos", test_twice)), ("exp", ("sin", test_thrice)), ("log", ("exp", test_twice)),
          ("cos", ("log", test_thrice)), ("sin", ("exp", ("sin", test_twice))))

### END HIDDEN TESTS
test_diff.score()

# %% [markdown]
r"""
### Your derivatives, drawn

The next cell differentiates two formulas with your `diff` and draws what comes out. The broad grey line is the central
difference of problem set 1, which knows no rules at all; yours should lie on it.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_derivative", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    def picture_derivative():
        """Draw two formulas and their derivatives."""
        bell = ("exp", ("/", ("**", "x", 2), -2))
        slow = ("+", 1, ("log", ("+", 1, ("**", ("*", 2, "x"), 2))))
        pairs = [
            (("*", ("sin", ("*", 3, "x")), bell), lambda x: np.sin(3 * x) * np.exp(-(x**2) / 2)),
            (("/", ("-", ("*", "x", ("cos", "x")), 1), slow), lambda x: (x * np.cos(x) - 1) / (1 + np.log(1 + 4 * x**2))),
        ]
        axis, h, drawn = np.linspace(-4, 4, 161), 1e-5, []
        for expr, function in pairs:
            slope = diff(expr, "x")
            curves = [np.array([float(evaluate(one, {"x": float(x)})) for x in axis]) for one in (expr, slope)]
            ours = (function(axis + h) - function(axis - h)) / (2 * h)
            if not (np.abs(curves[0] - function(axis)).max() < 1e-6 and np.abs(curves[1] - ours).max() < 1e-6):
                raise ArithmeticError("a value or a derivative is wrong")
            drawn.append((show(expr), curves, ours))
        _, axes = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
        for ax, (title, (values, slopes), ours) in zip(axes, drawn, strict=True):
            ax.plot(axis, ours, color="0.75", linewidth=7, label="its derivative, ours")
            ax.plot(axis, slopes, color="C0", label="its derivative, yours")
            ax.plot(axis, values, color="C1", linestyle="--", label="the formula")
            ax.set(title=title, xlabel="$x$")
            ax.title.set_fontsize("medium")
        axes[0].legend(fontsize="small")
        plt.show()

    picture_derivative()
except Exception:
    print("Here your derivatives will be drawn: write evaluate and diff, run their cells, then run this one again.")

# %% [markdown]
r"""
### How far do these rules reach?

**Exercise (no points).** Our exponents are numbers. What is the derivative of $u^v$ when the exponent is an expression
too, as in $x^x$? Find it with the rules of the table, without a new one.

<details><summary>Answer, when you have yours</summary>

Write it with what we have: $u^v = e^{v \ln u}$. The rules for exp, the product and the logarithm give

$$(u^v)' = e^{v \ln u}\,\bigl(v' \ln u + v\, u'/u\bigr) = u^v\,\bigl(v' \ln u + v\, u'/u\bigr).$$

For $x^x$ that is $x^x (\ln x + 1)$. It needs $u > 0$, even where $v$ happens to be a number: that is why the power rule
has a line of its own.

</details>
"""

# %% [markdown]
r"""
## 4. Cleaning up (6 points)

The rules leave rubbish behind: `x * 0`, `1 * u`, `1 + 0`. `simplify` takes it away. It
obeys these laws, and you need no others:

| | law |
|---|---|
| sums | $u + 0 = 0 + u = u$ and $u - 0 = u$ |
| products | $1 \cdot u = u \cdot 1 = u$ and $0 \cdot u = u \cdot 0 = 0$ |
| quotients | $u / 1 = u$ and $0 / u = 0$ |
| powers | $u^1 = u$ and $u^0 = 1$ |
| numbers | an operation or function whose parts are all numbers is computed: $2 + 3$ becomes $5$, $1/2$ becomes $0.5$ |

In the result there must be **no place left**, at any depth, at which one of these laws applies. Its value must be that of
`expr`, and it must not have more nodes (numbers, names and operations). You may know more laws, such as $u - u = 0$: use
them if you like, nobody asks for them.

**By hand.** In $0 \cdot y + 1 \cdot x$ no law for sums applies: neither part of the sum *is* zero. But the parts
simplify to $0$ and $x$, and then one does: $0 + x = x$. What does this tell you about the order in which to work?

Mind what is *not* on the list: $0 - u$ is not $u$, and $1/u$ is not $u$. Numbers may be floats: `0.0` is as good a zero as `0`.
No test asks for what is not defined, such as $1/0$ or $\ln 0$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "simplify", "locked": false, "schema_version": 3, "solution": true, "task": false}
def simplify(expr):
    """Simplify an expression by the laws of the table above, at every depth.

    Parameters
    ----------
    expr : number, str or tuple
        An expression, as in section 1.

    Returns
    -------
    number, str or tuple
        An expression with the same value, in which none of the laws applies any more.

    Notes
    -----
    Where a factor or a numerator is 0, the rest is taken to have a value: 0 * (1 / x) becomes 0, for x = 0 too.

    >>> simplify(("+", ("*", 0, "y"), ("*", 1, "x")))
    'x'
    """
    ### BEGIN SOLUTION
    if not isinstance(expr, tuple):
        return expr
    operation, *parts = expr
    parts = [simplify(part) for part in parts]
    if not any(isinstance(part, (str, tuple)) for part in parts):
        return evaluate((operation, *parts), {})
    u, v = parts[0], parts[-1]
    if (operation, u) in (("+", 0), ("*", 1)):
        return v
    if (operation, v) in (("+", 0), ("-", 0), ("*", 1), ("/", 1), ("**", 1)):
        return u
    if (operation, u) in (("*", 0), ("/", 0)) or (operation, v) == ("*", 0):
        return 0
    return 1 if (operation, v) == ("**", 0) else (operation, *parts)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_simplify", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_simplify = Check("simplify", points={"sums": 1, "products": 1, "powers": 1, "numbers": 1, "every depth": 2})

### BEGIN HIDDEN TESTS
from oracles import Evaluate as test_carried

test_simplify.carry(evaluate=test_carried.right)
### END HIDDEN TESTS


def test_becomes(expr, expected):
    "Simplify an expression of which only one thing can be left."
    got = simplify(expr)
    test_simplify.that(
        type(got) in (int, float, str, np.float64, np.int64) and got == expected,
        f"simplify gives something else for {expr}.\nexpected {expected!r}\nyours    {got!r}",
    )


@test_simplify(part="sums")
def test_simplify_sums_by_hand():
    "x + 0, 0 + x and x - 0; but 0 - x stays what it is."
    for expr in [("+", "x", 0), ("+", 0, "x"), ("-", "x", 0)]:
        test_becomes(expr, "x")
    test_simplify.close("the value of what 0 - x becomes, at x = 3,", evaluate(simplify(("-", 0, "x")), {"x": 3.0}), -3.0)


@test_simplify(part="products")
def test_simplify_products_by_hand():
    "x * 1, 1 * x and x / 1; x * 0, 0 * x and 0 / x."
    for expr in [("*", "x", 1), ("*", 1, "x"), ("/", "x", 1)]:
        test_becomes(expr, "x")
    for expr in [("*", "x", 0), ("*", 0, "x"), ("/", 0, "x")]:
        test_becomes(expr, 0)


@test_simplify(part="powers")
def test_simplify_powers_by_hand():
    "x ** 1 and x ** 0."
    test_becomes(("**", "x", 1), "x")
    test_becomes(("**", "x", 0), 1)


@test_simplify(part="numbers")
def test_simplify_numbers_by_hand():
    "Numbers on their own: 2 * 3 - 1, and 1 / 4."
    test_becomes(("-", ("*", 2, 3), 1), 5)
    test_becomes(("/", 1, 4), 0.25)


@test_simplify(part="every depth")
def test_simplify_depth_by_hand():
    "0 * y + 1 * x, of which x is left."
    test_becomes(("+", ("*", 0, "y"), ("*", 1, "x")), "x")


### BEGIN HIDDEN TESTS
from misconceptions import simplify as test_bank
from oracles import Simplify as test_right

test_simplify.misconceptions = test_bank
test_a, test_b, test_c = test_simplify.rng.uniform(1.2, 1.8, size=3).tolist()
test_points = [dict(zip("xy", draw, strict=True)) for draw in test_simplify.rng.uniform(0.5, 1.5, size=(3, 2)).tolist()]
test_u, test_v = ("sin", ("*", "x", ("+", "y", test_a))), ("-", ("/", test_b, "x"), ("**", "y", 3))


def test_law(part, about, *expressions):
    "Look at the value, at the places where a law still applies, and at the size."
    experiment = test_right.results(expressions, test_points)

    def test():
        test_simplify.compare(simplify, test_right.right, experiment)

    test.__doc__ = about
    test_simplify.hidden(test, part=part)


test_law("sums", "Adding zero, from either side.", ("+", test_u, 0), ("+", 0, test_v), ("+", 0, "y"))
test_law("sums", "Subtracting zero, and subtracting from zero.", ("-", test_u, 0), ("-", "x", 0), ("-", 0, test_v))
test_law("sums", "Ones that no law concerns.", ("+", 1, test_u), ("+", test_v, 1), ("-", test_u, 1), ("-", 1, "x"))
test_law("products", "Times one, from either side.", ("*", test_u, 1), ("*", 1, test_v), ("*", 1, "x"), ("*", "y", 1))
test_law("products", "Times zero, from either side.", ("*", test_u, 0), ("*", 0, test_v), ("*", 0, "x"), ("*", "y", 0))
test_law("products", "Quotients with a one or a zero.", ("/", test_u, 1), ("/", 1, test_v), ("/", 0, test_u), ("/", "x", 1))
test_law("products", "Factors that no law concerns.", ("*", -1, test_u), ("*", test_v, 2), ("/", test_u, -1), ("/", test_u, 2))
test_law("powers", "The exponents 1 and 0.", ("**", test_u, 1), ("**", test_v, 0), ("**", "x", 1), ("**", "y", 0))
test_law("powers", "Exponents that no law concerns.", ("**", test_u, 2), ("**", "x", -1), ("**", "y", 0.5))
test_law("numbers", "Each operation on numbers.", ("+", test_a, 2), ("-", 2, test_b), ("*", test_b, test_c), ("/", 7, 2),
         ("**", 2, -1), ("**", test_a, test_b), ("-", 0, 3), ("/", 1, test_c))
test_law("numbers", "Each function of a number.", *((name, test_a) for name in ("sin", "cos", "exp", "log")))
test_law("numbers", "Numbers beside names.", ("+", ("*", test_a, 3), "x"), ("**", "y", ("-", 4, 2)),
         ("*", test_u, ("/", ("+", 1, test_b), ("-", test_c, 3))))
test_law("numbers", "Zeros and ones that are floats.", ("+", "y", 0.0), ("-", test_u, 0.0), ("*", test_v, 1.0))
test_law("every depth", "A leaf is what it is.", "x", 2, test_a, ("+", "x", ("*", 0, "x")))
test_law("every depth", "A law that applies only when the parts have been simplified.",
         ("*", ("+", ("*", 0, "x"), 0), test_u), ("+", ("*", 0, test_u), ("*", ("*", 1, 1), test_v)),
         ("*", ("+", "x", 0), ("*", ("*", 1, 1), "y")))
test_law("every depth", "Rubbish inside functions, on either side, and far down.",
         ("cos", ("+", 0, ("*", 1, test_u))), ("exp", ("sin", ("*", "x", ("*", "y", 1)))),
         ("-", ("*", test_u, ("+", "x", 0)), ("*", ("+", "y", 0), test_v)),
         ("/", "y", ("+", 2, ("*", "x", ("+", "x", ("*", 0, "y"))))), ("**", ("+", "x", ("*", "y", 0)), 3))

### END HIDDEN TESTS
test_simplify.score()

# %% [markdown]
r"""
## 5. Counting as it is printed (2 points)

How large is a formula? The first answer: as large as it is when you print it. Every number, every name and every operation is
one **node** of the tree, and what occurs twice counts twice. In `("**", u, n)` the exponent is a node as well.

**By hand.** $(x + 1) \cdot (x + 1)$ has the nodes `*`, `+`, `x`, `1`, `+`, `x`, `1`: seven.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "count_nodes", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_nodes(expr):
    """Count the nodes of an expression as a tree: what occurs twice counts twice.

    Parameters
    ----------
    expr : number, str or tuple
        An expression, as in section 1.

    Returns
    -------
    int

    Examples
    --------
    >>> count_nodes(("+", ("*", 2, "x"), ("sin", "y")))
    6
    """
    ### BEGIN SOLUTION
    if not isinstance(expr, tuple):
        return 1
    return 1 + sum(count_nodes(part) for part in expr[1:])
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_count_nodes", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_count_nodes = Check("count_nodes", points=2)


@test_count_nodes
def test_count_nodes_by_hand():
    "(x + 1) * (x + 1) has seven nodes, sin(x ** 2) has four, and a leaf is one."
    test_count_nodes.close("the count", count_nodes(("*", ("+", "x", 1), ("+", "x", 1))), 7)
    test_count_nodes.close("the count of sin(x ** 2)", count_nodes(("sin", ("**", "x", 2))), 4)
    test_count_nodes.close("the count of a number", count_nodes(0.5), 1)
    test_count_nodes.close("the count of a name", count_nodes("rate"), 1)


### BEGIN HIDDEN TESTS
from misconceptions import count_nodes as test_bank
from oracles import Count as test_right

test_count_nodes.misconceptions = test_bank
test_a, test_b = test_count_nodes.rng.uniform(1, 2, size=2).tolist()


def test_counts(about, *expressions):
    "Compare counts with ours."
    experiment = test_right.counts(expressions)

    def test():
        test_count_nodes.compare(count_nodes, test_right.nodes, experiment)

    test.__doc__ = about
    test_count_nodes.hidden(test)


test_u = ("-", ("*", "rate", test_a), ("exp", ("/", "x", ("+", "x", test_b))))
test_counts("Leaves.", "x", "theta", 7, test_a)
test_counts("Trees with long names, numbers and functions.", test_u, ("**", test_u, 3), ("log", ("cos", test_u)))
test_counts("Equal parts count every time.", ("*", test_u, test_u), ("+", ("sin", test_u), ("sin", test_u)))
test_counts("Trees that lean to the left and to the right.", ("+", ("+", ("+", 1, "x"), 2), "y"), ("+", 1, ("+", "x", ("+", 2, "y"))))
test_counts("A formula put into itself.", *(test_right.logistic(depth) for depth in (1, 2, 3, 7)))

### END HIDDEN TESTS
test_count_nodes.score()

# %% [markdown]
r"""
## 6. Counting as it could be kept (3 points)

The second answer: what occurs twice need not be *kept* twice. In $(x + 1) \cdot (x + 1)$ we could compute $x + 1$ once,
remember it, and use it for both factors. So count each **distinct** subexpression once, the leaves and the whole expression
among them. By hand: $x$, $1$, $x + 1$ and the product: four.

Two subexpressions are the same when they are equal as tuples. So $x \cdot y$ and $y \cdot x$ are two, though their values
agree.

**What the difference can be.** Square $x$ again and again: $u_1 = x \cdot x$, $u_2 = u_1 \cdot u_1$, $u_3 = u_2 \cdot u_2$.

| | $u_1$ | $u_2$ | $u_3$ | $u_k$ | $u_{20}$ |
|---|---|---|---|---|---|
| nodes of the tree | 3 | 7 | 15 | $2^{k+1} - 1$ | 2 097 151 |
| distinct subexpressions | 2 | 3 | 4 | $k + 1$ | 21 |

Both rows describe the same formula. The lower one is the *program* that you would write for it,
`for _ in range(20): u = u * u`; the upper one is that program's formula written out.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "count_distinct", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_distinct(expr):
    """Count the distinct subexpressions of an expression: what occurs twice counts once.

    Parameters
    ----------
    expr : number, str or tuple
        An expression, as in section 1.

    Returns
    -------
    int
        How many there are, the leaves and expr itself among them.

    Examples
    --------
    >>> count_distinct(("*", ("+", "x", 1), ("+", "x", 1)))
    4
    """
    ### BEGIN SOLUTION
    seen, waiting = set(), [expr]
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, tuple):
            waiting += node[1:]
    return len(seen)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_count_distinct", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_count_distinct = Check("count_distinct", points=3)


@test_count_distinct
def test_count_distinct_by_hand():
    "(x + 1) * (x + 1) has four, x * y + y * x has five, and a leaf is one."
    test_count_distinct.close("the count", count_distinct(("*", ("+", "x", 1), ("+", "x", 1))), 4)
    test_count_distinct.close("the count of x * y + y * x", count_distinct(("+", ("*", "x", "y"), ("*", "y", "x"))), 5)
    test_count_distinct.close("the count of a name", count_distinct("rate"), 1)


@test_count_distinct
def test_count_distinct_squares():
    "The squares of the table: 2, 3 and 4."
    u = "x"
    for k in (1, 2, 3):
        u = ("*", u, u)
        test_count_distinct.close(f"the count of the square number {k}", count_distinct(u), k + 1)


### BEGIN HIDDEN TESTS
from misconceptions import count_distinct as test_bank
from oracles import Count as test_right

test_count_distinct.misconceptions = test_bank
test_a, test_b = test_count_distinct.rng.uniform(1, 2, size=2).tolist()


def test_counts(about, *expressions):
    "Compare counts with ours."
    experiment = test_right.counts(expressions)

    def test():
        test_count_distinct.compare(count_distinct, test_right.distinct, experiment)

    test.__doc__ = about
    test_count_distinct.hidden(test)


test_u = ("-", ("*", "rate", test_a), ("exp", ("/", "x", ("+", "x", test_b))))
test_counts("Leaves.", "x", "theta", 7, test_a)
test_counts("Leaves that occur several times, and operations that do.",
            ("+", ("+", "x", "x"), "x"), ("*", ("*", 2, "y"), ("*", "y", 3)), test_u)
test_counts("Equal parts count once, wherever they are.", ("*", test_u, test_u), ("+", ("sin", test_u), ("sin", test_u)),
            ("/", test_u, ("+", ("exp", test_u), ("**", test_u, 2))))
test_counts("The same parts in another order are another expression.",
            ("+", ("*", test_u, "x"), ("*", "x", test_u)), ("*", ("-", "x", "y"), ("-", "y", "x")))
test_counts("The same parts under another operation are another expression.",
            ("*", ("+", "x", "y"), ("-", "x", "y")), ("+", ("sin", test_u), ("cos", test_u)))
test_counts("A formula put into itself.", *(test_right.logistic(depth) for depth in (1, 2, 3, 7)))

### END HIDDEN TESTS
test_count_distinct.score()

# %% [markdown]
r"""
## 7. Expression swell

Now turn all your functions loose on derivatives that grow. On the left, a product of $n$ factors,
$(x + 1)(x + 2) \cdots (x + n)$. Its derivative is a sum of $n$ products with $n - 1$ factors each, so its tree grows like $n^2$.
On the right, the formula $4u(1 - u)$ put into itself $k$ times (a famous little program, the logistic map):

    u = x
    for _ in range(k):
        u = 4 * u * (1 - u)

Three operations for each round; and each round writes the last one's tree down **twice**. Mind the logarithmic axis.

The broad grey lines are ours. Your counts of derivatives may lie somewhat beside them, if you have written a rule in another
way; the growth will be the same.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_swell", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    def picture_swell():
        """Draw how derivatives grow, as trees and with what is equal kept once."""
        factors, product = range(2, 13), [("+", "x", 1)]
        for n in factors:
            product.append(("*", product[-1], ("+", "x", n)))
        rounds, logistic = range(1, 9), ["x"]
        for _ in rounds:
            logistic.append(("*", ("*", 4, logistic[-1]), ("-", 1, logistic[-1])))
        x, slope, z = 0.3, 0.0, 0.3 + 1e-30j
        for one in range(1, 13):
            slope += math.prod(x + other for other in range(1, 13) if other != one)
        for _ in rounds:
            z = 4 * z * (1 - z)

        sizes, ends = [], []
        for family in (product[1:], logistic[1:]):
            raw = [diff(expr, "x") for expr in family]
            short = [simplify(expr) for expr in raw]
            ends += [evaluate(raw[-1], {"x": x}), evaluate(short[-1], {"x": x})]
            sizes.append([[count(expr) for expr in trees] for count, trees in
                          [(count_nodes, family), (count_nodes, raw), (count_nodes, short), (count_distinct, short)]])
        trees = [6 * 2**k - 5 for k in rounds]
        right = np.allclose(ends, [slope] * 2 + [z.imag / 1e-30] * 2) and sizes[1][0] == trees
        right = right and simplify(("+", ("*", 0, "y"), ("*", 1, "x"))) == "x"
        if not right or [count_distinct(expr) for expr in logistic[1:]] != [3 * k + 3 for k in rounds]:
            raise ArithmeticError("a derivative or a count is wrong")
        swollen = [11]
        for tree in trees[:-1]:
            swollen.append(2 * swollen[-1] + 2 * tree + 11)
        ours = [[[2 * n * n + 2 * n - 5 for n in factors], [5 * n - 4 for n in factors]],
                [swollen, [8 * k + 2 - (k == 1) for k in rounds]]]

        _, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
        names = ["the formula", "its derivative, as the rules give it", "its derivative, simplified",
                 "its derivative, distinct subexpressions"]
        for ax, axis, mine, yours in zip(axes, (factors, rounds), ours, sizes, strict=True):
            for line in mine:
                ax.plot(axis, line, color="0.8", linewidth=7)
            for name, counts, style in zip(names, yours, ("C1--", "C3.-", "C0.-", "C2.-"), strict=True):
                ax.plot(axis, counts, style, label=name)
            ax.set(ylabel="nodes")
        axes[0].set(title="A product of n factors", xlabel="factors $n$", ylim=(0, None))
        axes[0].legend(fontsize="small")
        axes[1].set(title="4u(1 − u), put into itself", xlabel="rounds $k$", yscale="log")
        plt.show()

    picture_swell()
except Exception:
    print("Here your formulas will swell: write all five functions, run their cells, then run this one again.")

# %% [markdown]
r"""
### What you see, and what helps

Simplifying makes every tree shorter, by a constant factor. It does not change how the curve *bends*. What does is the lowest
line: with equal subexpressions kept once, the derivative grows by the same amount with each round, as the program does.

The reason is in the product rule, $u'v + uv'$. It needs $u$, $v$, $u'$ and $v'$, and as a tree it writes each of them out.
But $u$ and $v$ are there already, in the formula itself; and $u'$ and $v'$ are needed once each for every distinct $u$ and
$v$. Kept once, every rule adds only a few nodes to what is there. So the derivative of a program of $N$ operations is a program
of at most a few times $N$ operations.

That is what the decks mean by the drawback of symbolic differentiation, "leads to exponential computation time if not
carefully implemented". The careful implementation shares. The library's `diff` does: it differentiates every part once.

**Exercise (no points).** Your `diff` works on trees. Suppose that in a tree of $N$ nodes no branch is longer than $d$ steps.
Can its derivative, as a tree, be exponentially larger than the tree itself? Where, then, does the exponential come from?

<details><summary>Answer, when you have yours</summary>

No. A node's rule writes down a few operations of its own and at most a few copies of its parts. A node at depth $j$ lies inside
$j$ such parts, so it is copied at most a few times $j \le d$ times in all. The derivative has at most a constant times
$N\,d$ nodes: for the product of $n$ factors, $N$ and $d$ both grow like $n$, hence the $n^2$.

The exponential is in $N$. The logistic map after $k$ rounds is a program of $3k$ operations, and a tree of $6 \cdot 2^k - 5$ nodes.
Differentiation did not make that; writing the program out as a tree did. Whoever wants the derivative of a *program* must not
do so.

</details>
"""

# %% [markdown]
r"""
## 8. Swell, or reverse mode? (4 points)

Answer both parts in a few sentences each; a formula or a count where it helps (4 points, marked by hand).

**(a)** Take $u_{20}$ of section 6, the program `for _ in range(20): u = u * u`. A student prints its derivative by $x$ as a formula,
and pastes that into a program. About how much work is one evaluation, compared with one run of the original program? Which
parts of the work are done again and again, and what would a careful implementation do instead? (2 points)

**(b)** Reverse mode, the subject of lecture 3, also applies the sum, product and chain rule to every operation. Why does no
expression swell in it? What does it need to keep instead, and what does symbolic differentiation give you that reverse
mode does not? (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_swell", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r"""
**(a)** The program does 20 multiplications. The product rule gives $u_k' = u_{k-1}'\, u_{k-1} + u_{k-1}\, u_{k-1}'$, so as a tree each
derivative holds the last one twice and the last formula twice. Simplified, that is $k \cdot 2^{k+1} - 1$ nodes: for $k = 20$ some 42
million, half of them operations. One evaluation is about a million times the work of the program, and each further round
doubles it. (1 point; the order of magnitude, $2^{20}$ or more, is enough.) What is done again and again is the value of each $u_j$
and of each $u_j'$, the lower the more often: $u_j$ stands there $2^{20-j}$ times or more. But there are only 20 different $u_j$ and 20 different $u_j'$. A careful implementation computes each of them once, keeps it, and uses it wherever
it occurs: three more operations for each of the 20 rounds. (1 point)

**(b)** Reverse mode never writes a formula down. It applies the rules to *numbers*: each operation of the program is carried out
once and its value kept; then one gradient $\partial L/\partial u$ is computed for each of them, from the loss back, by adding up over the
operations that used $u$. What is used many times is one node of the graph with many consumers, not many copies of a tree, so that the
cost is proportional to that of $f$. It must keep the values of all intermediate results of the forward run, so its memory grows with the
number of operations. (1 point) It gives the derivative at one point only. Symbolic differentiation gives a formula: one can read it,
simplify it, see where it is zero or grows, use it at every point, and differentiate it again; but it needs a formula to begin with,
where reverse mode needs only a program. (1 point; at least one thing that the formula is good for.)
"""

# %% [markdown]
r"""
## Where next

- **Lecture 3** and **Problem set 4** (reverse mode): the same rules, applied to numbers on a graph in which everything is shared.
- **Problem set 3** (forward mode) comes before it: it carries the value and the derivative along together, $u$ and $u'$ side by
  side, which is sharing as well.
- In the library, `course.autodiff.symbolic` holds formulas as objects whose parts are shared from the start. Compare its `diff`
  with yours: the rules are the same, and a dictionary of the derivatives that are known already makes the difference.
"""
