# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.autodiff.dual, course.autodiff.derivatives, course.autodiff.tape, course.autodiff.graph, course.autodiff.symbolic]
#     arithmetic: [Dual]
#     skip: [picture_tangents, picture_map]
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
# Problem set 3: forward mode

**25 points.** It goes with [lecture 2](../../lectures/L02_four_ways_to_differentiate.ipynb) (four ways to differentiate). You build numbers that know their own derivative. Put one
of them into a function that was written for ordinary numbers, and the derivative comes out with the value: no formula to
derive by hand, no step size to choose, no error but rounding.

When you have done it, you will be able to

- calculate with dual numbers, and make Python do it,
- differentiate a function by running it once,
- push a direction through a function of many inputs, and collect a whole Jacobian matrix,
- say what forward mode costs, and when another way is cheaper.

| you write | points |
|---|---|
| `Dual` | 11 |
| `derivative` | 3 |
| `jvp` | 4 |
| `jacobian_forward` | 4 |
| a written answer | 3 |

**How it works.** Write each answer in its cell, then run the cell below it: it checks your work on numbers that you can
follow by hand. More tests of the same ideas run when your notebook is graded. A mistake in one answer costs its own points
only: the checks of the last three need nothing of `Dual` but the constructor, which is given.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import math

import numpy as np

# %% [markdown]
r"""
## 1. A number and its movement

Finite differences (problem set 1) move $x$ by a small $h$ and look how far $f$ goes. Small is the trouble: with too large an
$h$ the curve bends on the way, with too small a one the rounding shows. Forward mode takes an $h$ that is neither, because it
is not a number at all. It is a symbol $\varepsilon$ with one rule,

$$\varepsilon^2 = 0, \qquad \varepsilon \neq 0.$$

A **dual number** is $x + \dot x\,\varepsilon$: the *value* $x$, and the *derivative* $\dot x$, which says how fast the value
moves. Calculate with it as with any sum in brackets, and drop every $\varepsilon^2$. Then the rules of differentiation appear
by themselves. The product of two dual numbers, for instance, is

$$(x + \dot x\,\varepsilon)(y + \dot y\,\varepsilon) = x y + (\dot x\, y + x\, \dot y)\,\varepsilon + \dot x\, \dot y\,\varepsilon^2
= x y + (\dot x\, y + x\, \dot y)\,\varepsilon,$$

and before $\varepsilon$ stands the product rule. Think of a rectangle whose sides grow: its area gains a strip along each
side, and the tiny square in the corner is what $\varepsilon^2 = 0$ leaves out.

| operation | value | derivative |
|---|---|---|
| $x + y$ | $x + y$ | $\dot x + \dot y$ |
| $x - y$ | $x - y$ | $\dot x - \dot y$ |
| $x \cdot y$ | $x y$ | $\dot x\, y + x\, \dot y$ |
| $x / y$ | $x / y$ | $(\dot x\, y - x\, \dot y)\,/\,y^2$ |
| $x^n$, $n$ a plain number | $x^n$ | $n\, x^{n-1}\, \dot x$ |
| $g(x)$, $g$ any function with slope $g'$ | $g(x)$ | $g'(x)\, \dot x$ |

The last line is the **chain rule**. Its factor $\dot x$ is what lets functions be put into one another: whatever came out of
the one before arrives with its derivative, and each function multiplies by its own slope.

| function | slope |
|---|---|
| $\sin x$ | $\cos x$ |
| $\cos x$ | $-\sin x$ |
| $\exp x$ | $\exp x$ |
| $\log x$ (the natural logarithm) | $1/x$ |
| $\tanh x$ | $1 - \tanh^2 x$ |

A **plain number** such as $5$ does not move. It is a dual number whose derivative is $0$.

**By hand.** Take $x = 6 + 1\,\varepsilon$ and $y = 2 + 3\,\varepsilon$.

| | value | derivative |
|---|---|---|
| $x + y$ | $8$ | $1 + 3 = 4$ |
| $x - y$ | $4$ | $1 - 3 = -2$ |
| $5 - y$ | $3$ | $0 - 3 = -3$ |
| $x \cdot y$ | $12$ | $1 \cdot 2 + 6 \cdot 3 = 20$ |
| $x / y$ | $3$ | $(1 \cdot 2 - 6 \cdot 3) / 4 = -4$ |
| $12 / y$ | $6$ | $(0 \cdot 2 - 12 \cdot 3) / 4 = -9$ |
| $y^3$ | $8$ | $3 \cdot 4 \cdot 3 = 36$ |
| $\tanh(\log y)$ | $\frac{2 - 1/2}{2 + 1/2} = 0.6$ | $(1 - 0.36) \cdot \frac{1}{2} \cdot 3 = 0.96$ |
"""

# %% [markdown]
r"""
## 2. The class `Dual` (11 points)

Python lets a class say what its objects do with `+`, `-` and the like. `x + y` calls `x.__add__(y)`. In `5 + x` the left side
is a plain number that knows nothing of your class; so Python asks the right side, and calls `x.__radd__(5)`: the `r` says that
`self` stands on the right. Mind the order there: in `5 - x`, which is `x.__rsub__(5)`, `self` is what is **taken away**.

| you write | for | points |
|---|---|---|
| `__add__`, `__sub__`, `__rsub__`, `__neg__` | `x + y`, `x - y`, `5 - x`, `-x` | 2 |
| `__mul__`, `__rmul__` | `x * y`, `5 * x` | 2 |
| `__truediv__`, `__rtruediv__` | `x / y`, `5 / x` | 2 |
| `__pow__` | `x ** n` | 2 |
| `sin`, `cos`, `exp`, `log`, `tanh` | `x.sin()` and so on | 3 |

The constructor and `__radd__` are given. What you take care of:

- The other side of `+`, `-`, `*` and `/` is a `Dual` **or a plain number**. `as_dual` is the place to deal with that once.
- Every result is a **new** `Dual`. The two sides are left as they are, since they may be used again.
- In `x ** n` the exponent is a plain number, whole or not, positive or negative. Where $n$ is whole, $x$ may be negative, and
  where it is 1 or more, $x$ may be 0.
- Values and derivatives may be whole numbers, and results need not be: `Dual(7, 1) / 2` has the value 3.5.

The parts are checked and marked apart, so you need not write all of them before you run the check.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Dual", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Dual:
    r"""A dual number, :math:`x + \dot x\,\varepsilon` with :math:`\varepsilon^2 = 0`: a value and how fast it moves.

    .. math:: f(x + \dot x\,\varepsilon) = f(x) + f'(x)\,\dot x\,\varepsilon

    Parameters
    ----------
    value : number
        :math:`x`.
    derivative : number
        :math:`\dot x`; 0 for what does not move.

    Notes
    -----
    Decks 000 and 001, "Automatic Differentiation - Forward Mode".

    >>> x, y = Dual(6, 1), Dual(2, 3)
    >>> x * y
    Dual(12, 20)
    """

    def __init__(self, value, derivative=0.0):
        self.value = value
        self.derivative = derivative

    def __repr__(self):
        return f"Dual({self.value}, {self.derivative})"

    def as_dual(self, other):
        """Return other if it is a Dual; if it is a plain number, return the Dual that stands for it."""
        ### BEGIN SOLUTION
        return other if isinstance(other, Dual) else Dual(other, 0.0)
        ### END SOLUTION

    def __add__(self, other):
        """Return self + other."""
        ### BEGIN SOLUTION
        other = self.as_dual(other)
        return Dual(self.value + other.value, self.derivative + other.derivative)
        ### END SOLUTION

    def __radd__(self, other):
        """Return other + self, where other is a plain number: the order makes no difference here."""
        return self + other

    def __sub__(self, other):
        """Return self - other."""
        ### BEGIN SOLUTION
        other = self.as_dual(other)
        return Dual(self.value - other.value, self.derivative - other.derivative)
        ### END SOLUTION

    def __rsub__(self, other):
        """Return other - self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self.as_dual(other) - self
        ### END SOLUTION

    def __neg__(self):
        """Return -self."""
        ### BEGIN SOLUTION
        return Dual(-self.value, -self.derivative)
        ### END SOLUTION

    def __mul__(self, other):
        """Return self · other."""
        ### BEGIN SOLUTION
        other = self.as_dual(other)
        return Dual(self.value * other.value, self.derivative * other.value + self.value * other.derivative)
        ### END SOLUTION

    def __rmul__(self, other):
        """Return other · self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __truediv__(self, other):
        """Return self / other."""
        ### BEGIN SOLUTION
        other = self.as_dual(other)
        slope = self.derivative * other.value - self.value * other.derivative
        return Dual(self.value / other.value, slope / other.value**2)
        ### END SOLUTION

    def __rtruediv__(self, other):
        """Return other / self, where other is a plain number."""
        ### BEGIN SOLUTION
        return self.as_dual(other) / self
        ### END SOLUTION

    def __pow__(self, n):
        """Return self to the power of n, a plain number."""
        ### BEGIN SOLUTION
        return Dual(self.value**n, n * self.value ** (n - 1) * self.derivative)
        ### END SOLUTION

    def sin(self):
        """Return the sine of self."""
        ### BEGIN SOLUTION
        return Dual(math.sin(self.value), math.cos(self.value) * self.derivative)
        ### END SOLUTION

    def cos(self):
        """Return the cosine of self."""
        ### BEGIN SOLUTION
        return Dual(math.cos(self.value), -math.sin(self.value) * self.derivative)
        ### END SOLUTION

    def exp(self):
        """Return e to the power of self."""
        ### BEGIN SOLUTION
        return Dual(math.exp(self.value), math.exp(self.value) * self.derivative)
        ### END SOLUTION

    def log(self):
        """Return the natural logarithm of self, whose value is positive."""
        ### BEGIN SOLUTION
        return Dual(math.log(self.value), self.derivative / self.value)
        ### END SOLUTION

    def tanh(self):
        """Return the hyperbolic tangent of self."""
        ### BEGIN SOLUTION
        z = math.tanh(self.value)
        return Dual(z, (1 - z**2) * self.derivative)
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Dual", "locked": true, "points": 11, "schema_version": 3, "solution": false, "task": false}
import math
import numpy as np
from course.checks import Check

test_Dual = Check("Dual", points={"sums": 2, "products": 2, "quotients": 2, "powers": 2, "functions": 3})


def test_parts(what, found, value, slope):
    "Compare both parts of a dual number."
    test_Dual.that(hasattr(found, "derivative"), f"{what} is no Dual: return a new one.")
    test_Dual.close(f"the value of {what}", found.value, value)
    test_Dual.close(f"the derivative of {what}", found.derivative, slope)


@test_Dual(part="sums")
def test_sums_by_hand():
    "The table above, x = 6 + 1ε and y = 2 + 3ε: sums and differences."
    x, y = Dual(6, 1), Dual(2, 3)
    test_parts("x + y", x + y, 8, 4)
    test_parts("x - y", x - y, 4, -2)
    test_parts("-y", -y, -2, -3)
    test_parts("y + 5", y + 5, 7, 3)
    test_parts("5 - y", 5 - y, 3, -3)
    test_parts("y - 5", y - 5, -3, 3)


@test_Dual(part="products")
def test_products_by_hand():
    "The same numbers: products."
    x, y = Dual(6, 1), Dual(2, 3)
    test_parts("x * y", x * y, 12, 20)
    test_parts("x * 5", x * 5, 30, 5)
    test_parts("5 * y", 5 * y, 10, 15)


@test_Dual(part="quotients")
def test_quotients_by_hand():
    "The same numbers: quotients, and 7 / 2."
    x, y = Dual(6, 1), Dual(2, 3)
    test_parts("x / y", x / y, 3, -4)
    test_parts("12 / y", 12 / y, 6, -9)
    test_parts("Dual(7, 1) / 2", Dual(7, 1) / 2, 3.5, 0.5)


@test_Dual(part="powers")
def test_powers_by_hand():
    "The same numbers: powers."
    y = Dual(2, 3)
    test_parts("y ** 3", y**3, 8, 36)
    test_parts("y ** -1", y**-1, 0.5, -0.75)
    test_parts("Dual(9, 6) ** 0.5", Dual(9, 6) ** 0.5, 3, 1)
    test_parts("Dual(-3, 1) ** 2", Dual(-3, 1) ** 2, 9, -6)


@test_Dual(part="functions")
def test_functions_by_hand():
    "Functions where they are easy to follow: at 0, at a right angle, and tanh of log 2."
    test_parts("sin of 0 + 2ε", Dual(0.0, 2.0).sin(), 0, 2)
    test_parts("cos of π/2 + 2ε", Dual(math.pi / 2, 2.0).cos(), 0, -2)
    test_parts("exp of 0 + 2ε", Dual(0.0, 2.0).exp(), 1, 2)
    test_parts("log of 2 + 3ε", Dual(2.0, 3.0).log(), math.log(2), 1.5)
    test_parts("tanh of log 2 + 1.5ε", Dual(math.log(2), 1.5).tanh(), 0.6, 0.96)


@test_Dual(part="sums")
def test_operands_stay():
    "After z = x + y, the numbers x and y are what they were."
    x, y = Dual(6, 1), Dual(2, 3)
    test_parts("x + y", x + y, 8, 4)
    test_parts("x itself, afterwards,", x, 6, 1)
    test_parts("y itself, afterwards,", y, 2, 3)


### BEGIN HIDDEN TESTS
from misconceptions import dual as test_bank
from oracles import Dual as test_right
from oracles import sums as test_sums
from oracles import doublings as test_doublings
from oracles import products as test_products
from oracles import quotients as test_quotients
from oracles import whole_quotients as test_whole_quotients
from oracles import powers as test_powers
from oracles import powers_of_zero as test_powers_of_zero
from oracles import functions as test_functions
from oracles import far_out as test_far_out

test_Dual.misconceptions = test_bank


def test_on(part, about, experiment):
    "Compare what is seen of one part."

    def test():
        test_Dual.compare(Dual, test_right, experiment)

    test.__doc__ = about
    test_Dual.hidden(test, part=part)


test_on("sums", "Sums and differences, with plain numbers on either side.", test_sums(test_Dual.rng))
test_on("sums", "Many sums one after the other.", test_doublings(test_Dual.rng))
test_on("products", "Products, with plain numbers on either side.", test_products(test_Dual.rng))
test_on("quotients", "Quotients, with plain numbers on either side.", test_quotients(test_Dual.rng))
test_on("quotients", "Quotients of whole numbers.", test_whole_quotients(test_Dual.rng))
test_on("powers", "Powers: positive, negative, and not whole.", test_powers(test_Dual.rng))
test_on("powers", "Powers at zero.", test_powers_of_zero(test_Dual.rng))
test_on("functions", "Functions, also one inside another.", test_functions(test_Dual.rng))
test_on("functions", "Functions far from zero.", test_far_out(test_Dual.rng))
### END HIDDEN TESTS
test_Dual.score()

# %% [markdown]
r"""
**Exercise (no points).** Your `**` takes a plain number for an exponent. What is $2^x$ in terms of `exp` and $\log 2$, what is
its derivative, and how would you write $x^y$ where both move?

<details><summary>Answer, when you have yours</summary>

$2^x = e^{x \log 2}$, hence `(x * math.log(2)).exp()`, with the derivative $2^x \log 2 \cdot \dot x$. In the same way
$x^y = e^{y \log x}$, which is `(y * x.log()).exp()` for $x > 0$; its derivative
$x^y\,(\dot y \log x + y\, \dot x / x)$ comes out without your ever deriving it. As `__rpow__`, the first would make
`2 ** x` work.

</details>
"""

# %% [markdown]
r"""
## 3. The derivative of a function (3 points)

Let $f$ be a function of one number, written with the operations of section 2. Put $x + 1\,\varepsilon$ into it: $x$ moves
exactly as fast as itself. What comes out is

$$f(x + 1\,\varepsilon) = f(x) + f'(x)\,\varepsilon .$$

The $1$ is called the **seed**. Run $f$ once, and read the derivative off.

**By hand.** $f(x) = x^3$ at $x = 2$: out of $2 + 1\,\varepsilon$ comes $8 + 3 \cdot 2^2 \cdot 1\,\varepsilon$. So $f'(2) = 12$.

One case needs care. `lambda x: 3` is a function too. It returns a plain number and no `Dual`, and its derivative is 0.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "derivative", "locked": false, "schema_version": 3, "solution": true, "task": false}
def derivative(f, x):
    r"""Differentiate a function of one number: return :math:`f'(x)`.

    Parameters
    ----------
    f : callable
        Takes one ``Dual``; returns a ``Dual``, or a plain number where it does not depend on x.
    x : number
        Where to differentiate.

    Returns
    -------
    number
        :math:`f'(x)`, from one run of f.

    Notes
    -----
    Decks 000 and 001, "Automatic Differentiation - Forward Mode".

    >>> derivative(lambda x: Dual(x.value**3, 12.0 * x.derivative), 2.0)
    12.0
    """
    ### BEGIN SOLUTION
    y = f(Dual(x, 1.0))
    return y.derivative if isinstance(y, Dual) else 0.0
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_derivative", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_derivative = Check("derivative", points={"slope": 2, "constants": 1})


def test_cube_at_two(x):
    "x³ near x = 2, where its slope is 12. (Written with numbers, so that this check needs no operator of yours.)"
    return Dual(8.0 + 12.0 * (x.value - 2.0), 12.0 * x.derivative)


@test_derivative(part="slope")
def test_derivative_by_hand():
    "The example above: x³ at x = 2."
    test_derivative.close("the derivative", derivative(test_cube_at_two, 2.0), 12.0)


@test_derivative(part="constants")
def test_derivative_of_a_constant():
    "A function that returns 3, whatever x is."
    test_derivative.close("the derivative of lambda x: 3", derivative(lambda x: 3, 2.0), 0.0)


### BEGIN HIDDEN TESTS
from misconceptions import derivative as test_bank
from oracles import Dual as test_oracle_Dual
from oracles import derivative as test_right
from oracles import slopes as test_slopes
from oracles import constants as test_constants

test_derivative.misconceptions = test_bank


def test_kind(answer):
    "Give the dual numbers that an answer works with."
    return Dual if answer is derivative else test_oracle_Dual


@test_derivative.hidden(part="slope")
def test_derivative_of_curves():
    "Functions of several parts, at points far apart."
    test_derivative.compare(derivative, test_right, test_slopes(test_derivative.rng, test_kind))


@test_derivative.hidden(part="constants")
def test_derivative_of_constants():
    "A function that returns a plain number."
    test_derivative.compare(derivative, test_right, test_constants(test_derivative.rng, test_kind))


### END HIDDEN TESTS
test_derivative.score()

# %% [markdown]
r"""
### Your tangents

Now both at work. In a cell of your own, try `derivative(lambda x: x * x.sin() + 2, 1.0)`. By hand, the derivative is
$\sin x + x \cos x$, and at $1$ this is about $1.3818$.

The next cell writes a longer function with your operators, and draws its tangent at seven points with the slope that your
`derivative` gives. The broad grey lines are ours, differentiated by hand. Yours should lie on them.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_tangents", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    def hills(x):
        return 2 + x * x.sin() / 2 - 3 * (-(x**2)).exp() + (x / 2).tanh()

    def slope_by_hand(x):
        return (np.sin(x) + x * np.cos(x)) / 2 + 6 * x * np.exp(-(x**2)) + (1 - np.tanh(x / 2) ** 2) / 2

    at = np.linspace(-4.2, 4.2, 7)
    heights = np.array([hills(Dual(float(x))).value for x in at], dtype=float)
    yours = np.array([derivative(hills, float(x)) for x in at], dtype=float)
    assert np.allclose(yours, slope_by_hand(at))
    curve = np.linspace(-5, 5, 300)
    fig, ax = plt.subplots(figsize=(9, 4), layout="constrained")
    ax.plot(curve, [hills(Dual(float(x))).value for x in curve], color="0.3", linewidth=1.2, label="$f$")
    for x, y, ours, slope in zip(at, heights, slope_by_hand(at), yours, strict=True):
        dx = np.array([-0.7, 0.7]) / np.hypot(1, slope)
        ax.plot(x + dx, y + ours * dx, color="0.8", linewidth=7, label="ours" if x == at[0] else None)
        ax.plot(x + dx, y + slope * dx, "C0", linewidth=1.8, label="yours" if x == at[0] else None)
        ax.plot(x, y, "o", color="C0", markersize=4)
    ax.set(xlabel="$x$", ylabel="$f(x)$", aspect="equal", title="$f$ and its tangents, each slope from one run of $f$")
    ax.legend()
    plt.show()
except Exception:
    plt.close("all")
    print("Here your tangents will lie on a curve: write Dual and derivative, run their cells, then run this one again.")

# %% [markdown]
r"""
### Two movements, one symbol

**Exercise (no points).** For $g(x) = x \cdot \frac{\mathrm d}{\mathrm d y}(x + y)$, work out $g'(1)$ by hand. Then run

    derivative(lambda x: x * derivative(lambda y: x + y, 1.0), 1.0)

in a cell of your own. What went wrong, and where?

<details><summary>Answer, when you have yours</summary>

The derivative of $x + y$ with respect to $y$ is 1, so $g(x) = x$ and $g'(1) = 1$. The program says 2. While it works out the
inner derivative, $x$ is already $1 + 1\,\varepsilon$, and $y$ becomes $1 + 1\,\varepsilon$ as well: with the **same** symbol.
Their sum has the derivative 2, but one half of that belongs to the outer question. This is called *perturbation confusion*.

The cure is a symbol for each question, $\varepsilon_1, \varepsilon_2, \dots$: every call of `derivative` takes a new one, and
a number that moves along another symbol counts as constant. The library does it with a number in each `Dual` that it calls
`tag`.

Where the outer variable is only the point at which the inner derivative is taken, there is nothing to confuse:
`derivative(lambda x: derivative(lambda y: y**3, x), 2.0)` gives $6 \cdot 2 = 12$, the second derivative of $x^3$ at 2. The
inner numbers are then dual numbers whose values are dual numbers.

</details>
"""

# %% [markdown]
r"""
## 4. A direction: the Jacobian-vector product (4 points)

Most functions in this course have many inputs and several outputs: $f : \mathbb R^N \to \mathbb R^M$. All first derivatives
together are its **Jacobian**, a matrix with a row for each output and a column for each input,

$$J_{ki} = \frac{\partial f_k}{\partial x_i}, \qquad J \text{ of shape } (M, N).$$

A dual number's derivative need not be 1. Let every input move at once, input $i$ at the speed $v_i$:

$$f_k(x_0 + v_0\,\varepsilon,\; \dots,\; x_{N-1} + v_{N-1}\,\varepsilon) = f_k(x) + \Big(\sum_i \frac{\partial f_k}{\partial x_i}\, v_i\Big)\,\varepsilon .$$

In one run of $f$, the derivatives that come out are $J v$, the **Jacobian-vector product**: how fast each output moves when
the inputs move along $v$. The matrix $J$ itself is never made.

**By hand.** $f(x_0, x_1) = (x_0 x_1,\; x_0^2,\; x_0 + 4 x_1)$ at $x = (3, 2)$, along $v = (1, 10)$:

$$J = \begin{pmatrix} x_1 & x_0 \\ 2 x_0 & 0 \\ 1 & 4 \end{pmatrix} = \begin{pmatrix} 2 & 3 \\ 6 & 0 \\ 1 & 4 \end{pmatrix}, \qquad
J v = \begin{pmatrix} 2 + 30 \\ 6 \\ 1 + 40 \end{pmatrix} = \begin{pmatrix} 32 \\ 6 \\ 41 \end{pmatrix}.$$

$f$ takes a **list** of `Dual`s, and returns a list or, if it has a single output, one `Dual` without a list. As before, an
output that does not depend on $x$ may be a plain number. Run $f$ **once**, however many inputs there are.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "jvp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jvp(f, x, v):
    r"""Return the Jacobian-vector product :math:`J v`, the derivative of f along a direction, from one run of f.

    Parameters
    ----------
    f : callable
        Takes a list of N ``Dual`` numbers; returns a list of M, or a single one. Plain numbers may be among them.
    x : list or numpy.ndarray of N numbers
        Where to differentiate. It is left as it is.
    v : list or numpy.ndarray of N numbers
        How fast each input moves. It is left as it is.

    Returns
    -------
    numpy.ndarray or number
        :math:`\sum_i v_i\, \partial f_k / \partial x_i` for every output k, of shape (M,); one number if f returns no list.

    Notes
    -----
    Decks 000 and 001, "Automatic Differentiation - Forward Mode".

    >>> jvp(lambda x: Dual(0.0, 2 * x[0].derivative + 3 * x[1].derivative), [3, 2], [1, 10])
    32
    """
    ### BEGIN SOLUTION
    def slope(y):
        return y.derivative if isinstance(y, Dual) else 0.0

    outputs = f([Dual(a, b) for a, b in zip(x, v, strict=True)])
    return np.array([slope(y) for y in outputs]) if isinstance(outputs, (list, tuple)) else slope(outputs)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_jvp", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_jvp = Check("jvp", points={"product": 2, "constants": 1, "arguments": 1})


def test_three_outputs(x):
    "The example's f near x = (3, 2), by its Jacobian there: so this check needs no operator of yours."
    a, b = x
    return [
        Dual(6.0, 2.0 * a.derivative + 3.0 * b.derivative),
        Dual(9.0, 6.0 * a.derivative),
        Dual(11.0, 1.0 * a.derivative + 4.0 * b.derivative),
    ]


@test_jvp(part="product")
def test_jvp_by_hand():
    "The example above, along v = (1, 10)."
    test_jvp.close("the product", jvp(test_three_outputs, [3.0, 2.0], [1.0, 10.0]), [32.0, 6.0, 41.0])


@test_jvp(part="product")
def test_jvp_of_a_single_output():
    "Only the first output, returned without a list: the product is one number."
    test_jvp.close("the product", jvp(lambda x: test_three_outputs(x)[0], [3.0, 2.0], [1.0, 10.0]), 32.0)


@test_jvp(part="constants")
def test_jvp_with_a_constant_output():
    "Two outputs, of which the second is the number 7."
    test_jvp.close("the product", jvp(lambda x: [test_three_outputs(x)[1], 7], [3.0, 2.0], [1.0, 10.0]), [6.0, 0.0])


@test_jvp(part="arguments")
def test_jvp_arguments():
    "The arrays that you are given stay as they are."
    got = test_jvp.call(jvp, test_three_outputs, np.array([3.0, 2.0]), np.array([1.0, 10.0]))
    test_jvp.close("the number of entries", np.size(got), 3)


### BEGIN HIDDEN TESTS
from misconceptions import jvp as test_bank
from oracles import Dual as test_oracle_Dual
from oracles import jvp as test_right
from oracles import directions as test_directions
from oracles import arrays_and_constants as test_arrays_and_constants
from oracles import runs as test_runs
from oracles import left_alone as test_left_alone

test_jvp.misconceptions = test_bank


def test_kind(answer):
    "Give the dual numbers that an answer works with."
    return Dual if answer is jvp else test_oracle_Dual


def test_carried_derivative(f, x):
    "Differentiate rightly, with the student's numbers."
    y = f(Dual(x, 1.0))
    return getattr(y, "derivative", 0.0)


test_jvp.carry(derivative=test_carried_derivative)


@test_jvp.hidden(part="product")
def test_jvp_of_maps():
    "Functions with few inputs and many outputs, and the other way round."
    test_jvp.compare(jvp, test_right, test_directions(test_jvp.rng, test_kind))


@test_jvp.hidden(part="constants")
def test_jvp_at_arrays():
    "A point given as an array of whole numbers; an output that does not move."
    test_jvp.compare(jvp, test_right, test_arrays_and_constants(test_jvp.rng, test_kind))


@test_jvp.hidden(part="product")
def test_jvp_runs():
    "Many inputs: the number of runs of f does not grow with them."
    test_jvp.compare(jvp, test_right, test_runs(test_jvp.rng, test_kind, allowed=2, direction=True))


@test_jvp.hidden(part="arguments")
def test_jvp_leaves():
    "What the caller holds is the same after the call."
    test_jvp.compare(jvp, test_right, test_left_alone(test_jvp.rng, test_kind, direction=True))


### END HIDDEN TESTS
test_jvp.score()

# %% [markdown]
r"""
## 5. The whole Jacobian, one input at a time (4 points)

What is $J v$ for a direction that is 1 in place $i$ and 0 elsewhere? In $\sum_j J_{kj} v_j$ only the term with $j = i$ is left:
the product is **column $i$ of the Jacobian**, what input $i$ does to every output. So $N$ runs of $f$, each with another input
as the only one that moves, give the whole matrix.

**By hand.** In the example of section 4, $v = (1, 0)$ gives $(2, 6, 1)$ and $v = (0, 1)$ gives $(3, 0, 4)$. Side by side, as
columns, they are

$$J = \begin{pmatrix} 2 & 3 \\ 6 & 0 \\ 1 & 4 \end{pmatrix}.$$

Here $f$ always returns a list, be it of a single output; plain numbers may be among the outputs. Run $f$ once for each input
(one more run, to count the outputs, is all right). You may use your `jvp`.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "jacobian_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def jacobian_forward(f, x):
    r"""Return the Jacobian :math:`J_{ki} = \partial f_k / \partial x_i`, column by column.

    Parameters
    ----------
    f : callable
        Takes a list of N ``Dual`` numbers; returns a list of M. Plain numbers may be among them.
    x : list or numpy.ndarray of N numbers
        Where to differentiate. It is left as it is.

    Returns
    -------
    numpy.ndarray
        Of shape (M, N): a row for each output, a column for each input.

    Notes
    -----
    Decks 000 and 001, "Automatic Differentiation - Forward Mode": all outputs with respect to one input at a time.

    >>> jacobian_forward(lambda x: [Dual(0.0, 2 * x[0].derivative + 3 * x[1].derivative)], [3, 2])
    array([[2., 3.]])
    """
    ### BEGIN SOLUTION
    columns = [jvp(f, x, direction) for direction in np.eye(len(x))]
    return np.stack(columns, axis=1)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_jacobian_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_jacobian_forward = Check("jacobian_forward", points={"matrix": 2, "constants": 1, "arguments": 1})


def test_three_outputs(x):
    "The example's f near x = (3, 2), by its Jacobian there: so this check needs no operator of yours."
    a, b = x
    return [
        Dual(6.0, 2.0 * a.derivative + 3.0 * b.derivative),
        Dual(9.0, 6.0 * a.derivative),
        Dual(11.0, 1.0 * a.derivative + 4.0 * b.derivative),
    ]


### BEGIN HIDDEN TESTS
def test_carried_jvp(f, x, v):
    "Multiply rightly by the Jacobian, with the student's numbers."
    y = f([Dual(float(a), float(b)) for a, b in zip(x, v, strict=True)])
    return np.array([getattr(one, "derivative", 0.0) for one in y]) if isinstance(y, (list, tuple)) else y.derivative


def test_carried_derivative(f, x):
    "Differentiate rightly, with the student's numbers."
    return getattr(f(Dual(x, 1.0)), "derivative", 0.0)


test_jacobian_forward.carry(jvp=test_carried_jvp, derivative=test_carried_derivative)
### END HIDDEN TESTS


@test_jacobian_forward(part="matrix")
def test_jacobian_by_hand():
    "The example above: two inputs, three outputs."
    expected = [[2.0, 3.0], [6.0, 0.0], [1.0, 4.0]]
    test_jacobian_forward.close("the Jacobian", jacobian_forward(test_three_outputs, [3.0, 2.0]), expected)


@test_jacobian_forward(part="matrix")
def test_jacobian_of_a_single_output():
    "A list with the first output alone: a Jacobian of one row."
    single = jacobian_forward(lambda x: test_three_outputs(x)[:1], [3.0, 2.0])
    test_jacobian_forward.close("the Jacobian of a single output", single, [[2.0, 3.0]])


@test_jacobian_forward(part="constants")
def test_jacobian_with_a_constant_output():
    "Two outputs, of which the first is the number 7."
    constant = jacobian_forward(lambda x: [7, test_three_outputs(x)[2]], [3.0, 2.0])
    test_jacobian_forward.close("the Jacobian with a constant output", constant, [[0.0, 0.0], [1.0, 4.0]])


@test_jacobian_forward(part="arguments")
def test_jacobian_arguments():
    "The array that you are given stays as it is."
    got = test_jacobian_forward.call(jacobian_forward, test_three_outputs, np.array([3.0, 2.0]))
    test_jacobian_forward.close("the number of entries", np.size(got), 6)


### BEGIN HIDDEN TESTS
from misconceptions import jacobian_forward as test_bank
from oracles import Dual as test_oracle_Dual
from oracles import jacobian_forward as test_right
from oracles import matrices as test_matrices
from oracles import constant_rows as test_constant_rows
from oracles import runs as test_runs
from oracles import left_alone as test_left_alone

test_jacobian_forward.misconceptions = test_bank


def test_kind(answer):
    "Give the dual numbers that an answer works with."
    return Dual if answer is jacobian_forward else test_oracle_Dual


@test_jacobian_forward.hidden(part="matrix")
def test_jacobian_of_maps():
    "Functions with few inputs and many outputs, and the other way round."
    test_jacobian_forward.compare(jacobian_forward, test_right, test_matrices(test_jacobian_forward.rng, test_kind))


@test_jacobian_forward.hidden(part="constants")
def test_jacobian_at_arrays():
    "A point given as an array of whole numbers; an output that does not move."
    test_jacobian_forward.compare(jacobian_forward, test_right, test_constant_rows(test_jacobian_forward.rng, test_kind))


@test_jacobian_forward.hidden(part="matrix")
def test_jacobian_runs():
    "Many inputs: one run of f for each."
    trial = test_runs(test_jacobian_forward.rng, test_kind, allowed=8, direction=False)
    test_jacobian_forward.compare(jacobian_forward, test_right, trial)


@test_jacobian_forward.hidden(part="arguments")
def test_jacobian_leaves():
    "What the caller holds is the same after the call."
    trial = test_left_alone(test_jacobian_forward.rng, test_kind, direction=False)
    test_jacobian_forward.compare(jacobian_forward, test_right, trial)


### END HIDDEN TESTS
test_jacobian_forward.score()

# %% [markdown]
r"""
### Your Jacobian on a map

A function from the plane to the plane bends a square grid. Close to a point, though, it is nearly linear, and the Jacobian is
that linear map: its first column is the arrow into which a small step to the right is turned, its second the one into which a
step up is turned. The next cell draws your columns at nine points of a bent grid; the broad grey arrows are ours. Each should
touch the grid line that it starts on.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_map", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    def bend(x):
        return [x[0] + x[1] ** 2 / 4, x[1] * (x[0] / 3).exp() - x[0].sin() / 2]

    def bend_by_hand(a, b):
        return np.array([a + b**2 / 4, b * np.exp(a / 3) - np.sin(a) / 2])

    def jacobian_by_hand(a, b):
        return np.array([[1, b / 2], [b * np.exp(a / 3) / 3 - np.cos(a) / 2, np.exp(a / 3)]])

    points = [(float(a), float(b)) for a in (-1, 0, 1) for b in (-1, 0, 1)]
    yours = [np.array(jacobian_forward(bend, list(point)), dtype=float) for point in points]
    ours = [jacobian_by_hand(*point) for point in points]
    assert np.shape(yours) == np.shape(ours)
    assert np.allclose(yours, ours)
    fig, axes = plt.subplots(1, 2, figsize=(11, 4.6), layout="constrained")
    along, lines = np.linspace(-1.5, 1.5, 60), np.linspace(-1.5, 1.5, 13)
    for line in lines:
        for a, b in ((along, 0 * along + line), (0 * along + line, along)):
            axes[0].plot(a, b, color="0.85", linewidth=0.8)
            axes[1].plot(*bend_by_hand(a, b), color="0.85", linewidth=0.8)
    for point, mine, known in zip(points, yours, ours, strict=True):
        there = bend_by_hand(*point)
        for i, colour in enumerate(("C0", "C1")):
            step = 0.45 * np.eye(2)[i]
            arrow = {"arrowstyle": "->", "color": colour, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
            axes[0].annotate("", np.add(point, step), point, arrowprops=arrow)
            axes[1].plot(*np.transpose([there, there + known @ step]), color="0.8", linewidth=7)
            axes[1].annotate("", there + 0.45 * mine[:, i], there, arrowprops=arrow)
    axes[0].set(title="steps along $x_0$ and along $x_1$", xlabel="$x_0$", ylabel="$x_1$", aspect="equal")
    axes[1].set(title="what $f$ makes of them: the columns of your $J$", xlabel="$f_0$", ylabel="$f_1$", aspect="equal")
    plt.show()
except Exception:
    plt.close("all")
    print("Here your Jacobian will lie on a bent grid: write all four answers, run their cells, then run this one again.")

# %% [markdown]
r"""
### What the decks say of forward mode

Decks 000 and 001 say that forward mode "computes partial derivatives of all outputs $f(\mathbf x)_i$ with respect to one input
$x_j$", and is "slow for high dimensional inputs (e.g. vector-valued $\mathbf x$)".

**Exercise (no points).** You have a function with 1,000 inputs. For which question about it is forward mode *not* slow, after
all? And why must $\dot x$ stand in the power rule if in `derivative` the seed is always 1?

<details><summary>Answer, when you have yours</summary>

For the question "how do the outputs move along this **one** direction $v$?", whichever direction it is: `jvp` answers it in a
single run, as it would for one input. "One input $x_j$" is the special case in which $v$ has a single 1. Only the *whole*
Jacobian takes 1,000 runs.

The seed is 1 at the start only. In `(x.sin()) ** 2` the power rule meets a number that moves at the speed $\cos x$.

</details>
"""

# %% [markdown]
r"""
## 6. What it costs (3 points)

Let $f$ have $N$ inputs and $M$ outputs, and count in runs of $f$. (A run with dual numbers does a few times the arithmetic of
an ordinary one, whatever $N$ and $M$ are. So does one backward sweep of reverse mode, the subject of lecture 3 and problem set
4; it gives the derivatives of **one output** with respect to **all inputs**.) Answer in your own words (3 points, marked by
hand):

1. How many runs or sweeps does the whole Jacobian take by forward mode, by one-sided and by centred finite differences, and by
   reverse mode? (1 point)
2. A network has 1,000,000 weights and one loss. A simulation has one input, time, and 1,000 outputs. Which way do you choose
   for the derivatives of each, and why? (1 point)
3. Forward mode and finite differences need about equally many runs. Name one advantage of each over the other. (1 point)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_cost", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
r"""
1. Forward mode takes $N$ runs, one for each input (column), whatever $M$ is. One-sided differences take $N + 1$, since the
   value at $x$ itself serves all of them; centred ones take $2N$. Reverse mode runs $f$ once and then takes $M$ sweeps, one
   for each output (row), whatever $N$ is.

2. The network: reverse mode, one sweep for all 1,000,000 derivatives, at a cost of a few evaluations of the loss; forward mode
   and finite differences would take a million runs for a single step of training. The simulation: forward mode, a single run
   with the seed 1 gives the derivatives of all 1,000 outputs; reverse mode would take 1,000 sweeps, and the memory to
   remember the run.

3. Forward mode is exact but for rounding, and has no step size to choose; differences are caught between truncation (step too
   large) and rounding (too small). Differences need nothing but the ability to call $f$, so they work where the function is a
   closed box, or uses an operation that has no rule for dual numbers; that is why they serve to test the other ways.

(Marking of 1: all four counts for the point; half for two or three. Of 2: half a point for each choice with its reason. Of 3:
half a point for each advantage.)
"""

# %% [markdown]
r"""
## Where next

- Lecture 2 shows finite differences, symbolic differentiation and forward mode side by side, on functions that you can change.
- In the library, `course.autodiff.dual` has a `Dual` whose values may be whole arrays, with the tags of section 3's exercise.
  Compare it with yours when your work is handed in.
- Next is problem set 4, reverse mode: the same rules, applied from the end to the start, so that one sweep serves every input.
"""
