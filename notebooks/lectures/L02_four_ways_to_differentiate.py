# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   lecture:
#     number: 2
#     minutes: 65
#     topics: [2, 3, 4, 6]
#     problem_sets: [ps01_finite_differences, ps02_symbolic, ps03_forward_mode]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 2: four ways to differentiate

One function, four ways to its gradient: by trying, by school rules, forward, and backward. We measure what each is worth.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- take a derivative with nothing but function values, and choose the step;
- test somebody's backward pass so that a mistake has no place to hide;
- say why formulas of derivatives explode, and why sharing their parts cures it;
- calculate with dual numbers by hand, and push a direction through a program;
- choose among four ways by what they need, how exact they are, and what they cost in inputs and outputs.

Before: [Lecture 1](L01_recipe.ipynb). After: [Problem set
1](../exercises/ps01_finite_differences/ps01_finite_differences.ipynb) (finite differences), [Problem set
2](../exercises/ps02_symbolic/ps02_symbolic.ipynb) (symbolic), [Problem set
3](../exercises/ps03_forward_mode/ps03_forward_mode.ipynb) (forward mode), and [Lecture 3](L03_backpropagation.ipynb).
"""

# %% slideshow={"slide_type": "skip"}
import time

import matplotlib.pyplot as plt
import numpy as np

from course import Activation, widgets
from course.autodiff import dual, finite_difference, symbolic, tape
from course.autodiff.dual import Dual
from course.autodiff.finite_difference import relative_error
from course.autodiff.symbolic import count_nodes, symbols
from course.gradient_check import gradient_check

plt.rcParams.update({"font.size": 14, "lines.linewidth": 3, "figure.figsize": (8, 4.2)})
np.set_printoptions(precision=6, suppress=True)
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"


def seconds(work, least=0.05):
    """Return the computing time of some work, in seconds: other programs do not count."""
    start, runs = time.process_time(), 0
    while (spent := time.process_time() - start) < least:
        work()
        runs += 1
    return spent / runs


# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Sixty-five minutes: the function 5, differences 20, symbolic 15, forward 15, side by side 10. The same three numbers, 0.9,
0.096 and 0.24, come out of every method. Leave them on the board for the whole hour.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### The function of this hour

Rabbits on an island. $u$ is their number as a share of what the island can feed. Each year they multiply, by a rate of
that year, and are limited by the grass that is left:

$$u_0 = x_0, \qquad u_k = x_k\; u_{k-1}\,(1 - u_{k-1}), \qquad f(x) = u_{n-1} .$$

The inputs are the share at the start and the rates of all years. The output is one number, the share at the end. **How
much does each input matter?** It is a chain of layers in disguise: each year is a layer with one parameter.

**By hand**, with $x = (0.2,\ 2.5,\ 3)$: $\;u_1 = 2.5 \cdot 0.2 \cdot 0.8 = 0.4$, and $f = u_2 = 3 \cdot 0.4 \cdot 0.6 =
0.72$.
"""

# %% slideshow={"slide_type": "subslide"}
def f(x):
    """Return the share of rabbits in the last year: x holds the first share, and a rate for each year."""
    u = x[0]
    for k in range(1, len(x)):
        u = x[k] * u * (1 - u)
    return u


x3 = np.array([0.2, 2.5, 3.0])
np.testing.assert_allclose(f(x3), 0.72)
print("f =", f(x3))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
The right answer, for later. One year changes $u$ by $\dfrac{\partial u_k}{\partial u_{k-1}} = x_k (1 - 2u_{k-1})$ and
$\dfrac{\partial u_k}{\partial x_k} = u_{k-1}(1 - u_{k-1})$, so

$$\frac{\partial f}{\partial x_0} = \underbrace{2.5 \cdot 0.6}_{1.5} \cdot \underbrace{3 \cdot 0.2}_{0.6} = 0.9, \qquad
\frac{\partial f}{\partial x_1} = 0.16 \cdot 0.6 = 0.096, \qquad
\frac{\partial f}{\partial x_2} = 0.24 .$$
"""

# %% slideshow={"slide_type": "skip"}
right = np.array([0.9, 0.096, 0.24])

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 2. Finite differences: move a little, and look

The definition of the derivative is a recipe already: move the input by $h$, see by how much the output moves, divide. The
limit $h \to 0$ is left out, and $h$ is just small (decks 000 and 001 call it ε).

$$\text{forward: } \frac{f(x + h) - f(x)}{h}, \qquad\qquad
\text{centred: } \frac{f(x + h) - f(x - h)}{2h} .$$

With several inputs, one moves at a time. $d_i$ is the one-hot vector of input $i$:

$$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\, d_i) - f(x - h\, d_i)}{2h} .$$

It asks for one thing only: that we can **call** $f$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

The rate of the first year, $x_1 = 2.5$, with the large step $h = 0.5$. The other inputs stay.

| $x_1$ | $u_1 = 0.16\, x_1$ | $f = 3\, u_1 (1 - u_1)$ |
|---|---|---|
| $2$ | $0.32$ | $0.6528$ |
| $2.5$ | $0.4$ | $0.72$ |
| $3$ | $0.48$ | $0.7488$ |

Forward: $(0.7488 - 0.72)/0.5 = 0.0576$. Centred: $(0.7488 - 0.6528)/1 = 0.096$. Right is $0.096$.

The centred one is exact here, because along $x_1$ our $f$ is a parabola. The forward one is off by $-0.0384$. We can say
where that comes from.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The first error: truncation

Taylor's expansion, $f(x \pm h) = f \pm h f' + \frac{h^2}{2} f'' \pm \frac{h^3}{6} f''' + \dots$, put into the two schemes:

$$\text{forward: } f' + \underbrace{\tfrac h2 f''}_{\text{error}} + \dots, \qquad\qquad
\text{centred: } f' + \underbrace{\tfrac{h^2}{6} f'''}_{\text{error}} + \dots$$

In the centred scheme the terms with $h^2 f''$ cancel: for the same number of evaluations the error is of second order.

In the example, $f'' = -2 \cdot 3 \cdot 0.16^2 = -0.1536$, and $\frac{0.5}{2} \cdot (-0.1536) = -0.0384$: the error from
above, to the last digit.
"""

# %% slideshow={"slide_type": "fragment"}
forward = finite_difference.forward_difference(f, x3, h=0.5)
centred = finite_difference.central_difference(f, x3, h=0.5)
print("forward", forward, "  centred", centred, "  right", right)
np.testing.assert_allclose([forward[1], centred[1]], [0.0576, 0.096])
np.testing.assert_allclose(forward[1] - right[1], 0.5 / 2 * -0.1536)

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Along $x_2$ our $f$ is a straight line, and both are exact. Along $x_0$ it is a polynomial of degree four, and at $h =
0.5$ both are useless. Make $h$ smaller and watch.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** In the limit $h \to 0$ both schemes are exact. So we take $h$ as small as the computer allows,
$10^{-16}$ say. How many digits of the derivative will be right: all, most, few, none?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.finite_differences()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Move $h$ from right to left. The error falls: along one power of $h$ for the forward scheme, along two
for the centred one. Then it turns, and *rises*, jagged, until nothing is right any more. There is a best $h$, and it is
not small at all: about $10^{-8}$ for the forward scheme, $10^{-5}$ for the centred one. Add 1000 to the function, which
changes no derivative, and the bottom of the V comes up by three digits.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Take the vote before you move anything; "all" usually wins. Stop at the bottom of the V and let them read the digits. Then
choose the complex step in the same picture: no V. Ask why; the answer is on the next slides.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The second error: rounding

A computer keeps 16 digits. Each value of $f$ is wrong by about $\text{eps} \cdot |f|$ with $\text{eps} = 2.2 \cdot
10^{-16}$. For a tiny $h$ the values $f(x + h)$ and $f(x)$ agree in nearly all digits. The subtraction removes what they
have in common and leaves what was rounded. The division by $h$ makes it large:

$$\text{rounding error} \approx \frac{\text{eps}\, |f|}{h} .$$

One error grows with $h$, the other with $1/h$:

| | truncation | rounding | what is left at the best $h$ |
|---|---|---|---|
| forward | $\sim h$ | $\sim \text{eps}/h$ | half of the digits |
| centred | $\sim h^2$ | $\sim \text{eps}/h$ | two thirds of the digits |

The best $h$ is where the two are equal. Solve for it in Problem set 1.
"""

# %% slideshow={"slide_type": "subslide"}
steps = np.logspace(-15, -1, 57)
for scheme, colour, mark in (("forward", VERMILLION, "o"), ("central", BLUE, "s"), ("complex", GREEN, "^")):
    errors = finite_difference.error_by_step(f, x3, right, steps, scheme=scheme)
    plt.loglog(steps, np.maximum(errors, 1e-17), mark, color=colour, label=scheme, markersize=6)
    best = steps[np.argmin(errors)]
    print(f"{scheme:8} smallest error {errors.min():.0e}, at h = {best:.0e}")
plt.xlabel("step h")
plt.ylabel("largest error of the gradient")
plt.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
The third, the *complex step*, moves along the imaginary axis: $f'(x) \approx \operatorname{Im} f(x + \mathrm i h)/h$.
Nothing is subtracted, so nothing cancels, and $h$ may be $10^{-20}$. In return $f$ must be a formula that makes sense for
complex numbers: no `abs`, no `max`. Remember it: forward mode does the same with a better symbol than i.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What they are good for: testing

Half of the digits, and two runs of $f$ for each input. Nobody trains a network with that. But finite differences use
*nothing but the forward pass*, so they cannot repeat a mistake of the backward pass. On a small example they are the
judge.

A layer has many outputs. Its backward pass takes an upstream gradient $g$ and returns $\sum_k g_k\, \partial f_k/\partial
x_i$. So we difference the one number $\sum_k g_k f_k(x)$.

**Ask the class.** Here is a tanh whose author forgot something. We test it with $g$ = all ones, as many do. Will the test
see it?
"""

# %% slideshow={"slide_type": "subslide"}
class Careless(Activation):
    """A hyperbolic tangent whose way back is wrong."""

    def value(self, a):
        return np.tanh(a)

    def backward(self, g_out):
        return 1 - self.z**2  # something is missing


rng = np.random.default_rng(1)
layer, a = Careless(), rng.standard_normal((3, 2))
for name, g in (("ones", np.ones((3, 2))), ("random", rng.standard_normal((3, 2)))):
    layer.forward(a)
    error = relative_error(layer.backward(g), finite_difference.numerical_vjp(np.tanh, a, g))
    print(f"upstream gradient {name:6}: relative error {error:.1e}")

print(gradient_check(layer, a, rng=rng))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** With ones the mistake is invisible: $1 \cdot (1 - z^2)$ and $1 - z^2$ are the same. A random upstream
gradient sees it at once. The library's `gradient_check` draws one, and tries to say what is wrong.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Decks 000 and 001 say of finite differences: "slow for high dimensional inputs / outputs".
Count. How many calls of $f : \mathbb R^A \to \mathbb R^B$ does the whole Jacobian take?

<details><summary>Answer</summary>

$2A$ by centred differences, $A + 1$ by forward ones, whatever $B$ is: one call gives *all* outputs. It is the inputs that
make it slow. (A call is dearer when there are more outputs, but that is so for every method.)

</details>
"""

# %% slideshow={"slide_type": "fragment"}
calls = 0


def counted(x):
    global calls
    calls += 1
    return np.tanh(x @ weights)


for inputs, outputs in ((3, 1), (3, 1000), (1000, 3)):
    calls, weights = 0, rng.standard_normal((inputs, outputs))
    finite_difference.numerical_jacobian(counted, rng.standard_normal(inputs))
    print(f"{inputs:5} inputs, {outputs:5} outputs: {calls:5} calls")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 3. Symbolic differentiation: the rules from school

You know the rules: sum, product, quotient, power, chain. Each takes the formula apart and says how to build the
derivative from the parts and *their* derivatives:

$$(u + v)' = u' + v', \qquad (u\,v)' = u'\,v + u\,v', \qquad g(u)' = g'(u)\; u' .$$

A formula is a tree, and each rule is one line of a program that walks the tree. Mathematica, Maple and Wolfram Alpha work
in this way. The result is a **formula**: one can read it, simplify it, see where it is zero, differentiate it again.
"""

# %% slideshow={"slide_type": "subslide"}
x0, x1, x2 = symbols("x0 x1 x2")
formula = f((x0, x1, x2))  # the same function, called with symbols
print("f           ", formula)

raw = symbolic.diff(formula, x0)
print("\nby the rules", raw)
print("\nsimplified  ", symbolic.simplify(raw))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
It is right: put the numbers in. But look at its length, and look for parts that occur more than once.
"""

# %% slideshow={"slide_type": "-"}
values = {x0: 0.2, x1: 2.5, x2: 3.0}
gradient = [symbolic.evaluate(symbolic.diff(formula, x), values) for x in (x0, x1, x2)]
np.testing.assert_allclose(gradient, right)
print(np.array(gradient))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Expression swell

One more year turns $u$ into $x\,u\,(1 - u)$. Written out, $u$ stands there **twice**. The product rule then gives

$$\bigl(x\, u\, (1 - u)\bigr)' = x\,\bigl(\;\boldsymbol{u'}\,(1 - u) \;-\; u\,\boldsymbol{u'}\;\bigr),$$

with $u'$ twice and $u$ twice.

**Ask the class.** The formula for two years fits on a line. How long is the derivative by $x_0$ after 10 years? After 20?
Guess the number of symbols and signs before you run the next cell.
"""

# %% slideshow={"slide_type": "subslide"}
def by_first(n):
    """Return the formula for n inputs, and its derivative by the first one."""
    names = symbols(" ".join(f"x{k}" for k in range(n)))
    return f(names), symbolic.diff(f(names), names[0])


print("years    as printed: f,  its derivative      each part once: f,  its derivative")
for n in (2, 3, 5, 9, 13, 17, 21):
    F, dF = by_first(n)
    print(f"{n - 1:5} {count_nodes(F):17,} {count_nodes(dF):16,} "
          f"{count_nodes(F, shared=True):22} {count_nodes(dF, shared=True):16}")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** As it is printed, the formula more than doubles with every year. After 20 years its derivative would
fill more than a hundred books. Counted with each *different* part once, it grows by a fixed amount a year. It is the same
formula: only the bookkeeping differs.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Why sharing cures it

The function itself was never long: a program of one line a year. It computed $u_1$ **once**, gave it a name, and used the
name twice. The tree has no names, so it writes $u_1$ out at each use. Keep the names, and the derivative is a short
program as well:
"""

# %% slideshow={"slide_type": "-"}
print(symbolic.steps(symbolic.simplify(raw)))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Each line computes something once, for all that need it. When we do this with *numbers* in place of formulas, line by line
as the program runs, it is called **automatic differentiation**. There are two directions in which to go.
"""

# %% slideshow={"slide_type": "subslide"}
years = np.arange(1, 21)
printed, shared = [], []
for n in years + 1:
    _, dF = by_first(n)
    printed.append(count_nodes(dF))
    shared.append(count_nodes(dF, shared=True))
plt.semilogy(years, printed, "o-", color=VERMILLION)
plt.semilogy(years, shared, "s--", color=BLUE)
plt.text(3, 1e6, "as printed", color=VERMILLION)
plt.text(12, 300, "each part once", color=BLUE)
plt.xlabel("years")
plt.ylabel("parts of the derivative")
plt.xticks([1, 5, 10, 15, 20])
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark.** Decks 000 and 001 say that symbolic differentiation "leads to exponential computation time if not carefully
implemented". The careful implementation is the one that shares. The library's formulas share from the start; in [Problem
set 2](../exercises/ps02_symbolic/ps02_symbolic.ipynb) yours are plain trees, and you see the swell with your own eyes.

**A question.** It needs a mathematical expression for $f$. What if $f$ is a program with a `while` loop, which runs until
two numbers agree?

<details><summary>Answer</summary>

There is no formula to differentiate: how many steps there are depends on the numbers. Automatic differentiation does not
mind, because it follows the run and not the formula. We try it in topic 4.

</details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 4. Forward mode: numbers that know how they move

Take the complex step's idea, with a symbol that is better than i. Let ε be something with

$$\varepsilon^2 = 0, \qquad \varepsilon \ne 0,$$

and calculate with **dual numbers** $x + \dot x\,\varepsilon$: a value, and how fast it moves. Multiply two of them:

$$(x + \dot x\,\varepsilon)(y + \dot y\,\varepsilon)
= x y + (\dot x\, y + x\, \dot y)\,\varepsilon + \underbrace{\dot x\, \dot y\, \varepsilon^2}_{0} .$$

Before ε stands the product rule, and nobody put it there. In the same way
$g(x + \dot x\,\varepsilon) = g(x) + g'(x)\,\dot x\,\varepsilon$ is the chain rule.

There is no step to choose: nothing is cut off, nothing cancels.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

Who moves? We decide with the **seed**: $x_0$ at speed 1, the rates not at all.

| | value | moves by |
|---|---|---|
| $u_0 = x_0$ | $0.2$ | $1$ |
| $1 - u_0$ | $0.8$ | $-1$ |
| $u_0 (1 - u_0)$ | $0.16$ | $1 \cdot 0.8 + 0.2 \cdot (-1) = 0.6$ |
| $u_1 = 2.5\, u_0 (1 - u_0)$ | $0.4$ | $2.5 \cdot 0.6 = 1.5$ |
| $1 - u_1$ | $0.6$ | $-1.5$ |
| $u_1 (1 - u_1)$ | $0.24$ | $1.5 \cdot 0.6 + 0.4 \cdot (-1.5) = 0.3$ |
| $u_2 = 3\, u_1 (1 - u_1)$ | $0.72$ | $3 \cdot 0.3 = \mathbf{0.9}$ |

Value and derivative go through the program side by side, from the first line to the last. That is why it is called
*forward* mode.
"""

# %% slideshow={"slide_type": "fragment"}
out = f([Dual(0.2, 1.0), 2.5, 3.0])
print(out)
np.testing.assert_allclose([out.value, out.tangent], [0.72, 0.9])

for k in range(3):  # one input at a time
    seed = np.eye(3)[k]
    print(f"seed {seed}: {dual.jvp(f, x3, seed):.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A direction: the Jacobian-vector product

Several inputs may move at once, input $i$ at speed $v_i$. What comes out is

$$\sum_i \frac{\partial f}{\partial x_i} v_i = J v$$

for one run. **By hand**, along $v = (1, 10, 1)$: $\;0.9 \cdot 1 + 0.096 \cdot 10 + 0.24 \cdot 1 = 2.1$.

- One run gives one *direction*, for **all outputs** at once.
- A single input $x_j$ is the direction with a 1 in place $j$: column $j$ of the Jacobian.
- The whole gradient of $n$ inputs takes $n$ runs.
"""

# %% slideshow={"slide_type": "fragment"}
along = dual.jvp(f, x3, np.array([1.0, 10.0, 1.0]))
np.testing.assert_allclose(along, 2.1)

jacobian = dual.jacobian(f, x3)
np.testing.assert_allclose(jacobian, right)
print("along v:", along, "  all three, by three runs:", jacobian)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### It differentiates programs

No formula is needed, only operations that dual numbers know. Here is Heron's way to a square root: a loop that runs until
two numbers agree.

**Ask the class.** The loop's test compares numbers, and has no derivative. Will the derivative of the *result* be right?
"""

# %% slideshow={"slide_type": "fragment"}
def root(x):
    """Return the square root of x by Heron's method."""
    s, before, rounds = x, 2 * x, 0
    while abs(before - s) > 1e-12:
        s, before, rounds = (s + x / s) / 2, s, rounds + 1
    print(f"  {rounds} rounds")
    return s


for x in (2.0, 100.0):
    slope = dual.derivative(root, x)
    print(f"slope of the root of {x:g}: {slope:.12f}, right is 1/(2√x) = {0.5 / np.sqrt(x):.12f}")
    np.testing.assert_allclose(slope, 0.5 / np.sqrt(x))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Yes. The test decides *which* operations run; the derivative follows those that did. It is the
derivative of the run, and as long as the neighbours of $x$ would take the same way, it is that of the function. (At a
kink, where they would not, no method is right.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark.** Decks 000 and 001: forward mode gives the "derivatives of all outputs with respect to one input", and is "slow
for high dimensional inputs". That is so for the *whole* Jacobian.

**A question.** A network has a million weights. Somebody wants to know how the loss changes along *one* direction in
weight space, such as the direction of the last step. Which way would you take?

<details><summary>Answer</summary>

Forward mode, with that direction as the seed: one run. (A centred difference along the direction would do as well, with
fewer right digits.) "One input" is the special case of a direction with a single 1.

</details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 6. Side by side: accuracy, cost, and what each needs

The fourth way is **reverse mode**: run the program forward, keep everything, then walk back from the output and collect
what each input did to it. How that walk goes is [Lecture 3](L03_backpropagation.ipynb). Today it is a black box,
`tape.grad`, that we put beside the others.

Decks 000 and 001 compare the four in words. We measure them, **on the same function**: rabbits over more years, with
rates around 3.
"""

# %% slideshow={"slide_type": "subslide"}
def island(n):
    """Make n inputs: the first share, and rates between 2.6 and 3.4."""
    return np.append(0.3, np.random.default_rng(2).uniform(2.6, 3.4, n - 1))


def by_formulas(x):
    """Return the gradient by n formulas, made and evaluated with every part once."""
    names = symbols(" ".join(f"x{k}" for k in range(len(x))))
    formula, values = f(names), dict(zip(names, x))
    return np.array([symbolic.evaluate(symbolic.diff(formula, name), values) for name in names])


ways = {
    "forward differences": lambda x: finite_difference.forward_difference(f, x),
    "centred differences": lambda x: finite_difference.central_difference(f, x),
    "symbolic, shared": by_formulas,
    "forward mode": lambda x: dual.jacobian(f, x),
    "reverse mode": lambda x: tape.grad(f)(x),
}
for name, way in ways.items():
    np.testing.assert_allclose(way(x3), right, rtol=1e-6)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Accuracy

**Ask the class.** Which of the five will agree to all 16 digits, and which will not? By how many digits?
"""

# %% slideshow={"slide_type": "-"}
x = island(12)
exact = finite_difference.complex_step(f, x)  # the judge: a fifth way, right to the last digits

for name, way in ways.items():
    error = relative_error(way(x), exact)
    print(f"{name:20} relative error {error:.0e}, about {-np.log10(error):4.1f} digits")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Differences lose about half of the digits. (This is the *worst* of the twelve entries: a small derivative
beside a large $f$ has the most to lose from rounding.) The other three are exact but for rounding in the last digits. They
all apply the same rules, and differ only in the *order* of the multiplications.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Cost in inputs

**Ask the class.** The number of inputs doubles, and one run of $f$ takes twice as long. By how much does the cost of each
*gradient* grow?
"""

# %% slideshow={"slide_type": "-"}
sizes = [8, 16, 32, 64, 128, 256]
cost = {name: [] for name in ways}
for n in sizes:
    x = island(n)
    for name, way in ways.items():
        if n == 8 or cost[name][-1] < 100:  # what took long is not asked again
            cost[name].append(1e3 * seconds(lambda: way(x)))

print(f"{'time in ms, inputs':20}", *(f"{n:7}" for n in sizes))
for name, times in cost.items():
    growth = f"{(times[-1] / times[2]) ** (1 / (len(times) - 3)):.1f} times with each doubling"
    print(f"{name:20}", *(f"{t:7.2f}" for t in times), "      -" * (len(sizes) - len(times)), " ", growth)

# %% slideshow={"slide_type": "subslide"}
looks = zip(("o--", "s--", "D:", "^-.", "v-"), (VERMILLION, PURPLE, "black", GREEN, BLUE))
for (name, times), (look, colour) in zip(cost.items(), looks):
    plt.loglog(sizes[: len(times)], times, look, color=colour, label=name, linewidth=2.5)
plt.xlabel("number of inputs n")
plt.ylabel("time of a gradient in ms")
plt.xticks(sizes, sizes)
plt.minorticks_off()
plt.legend(fontsize=12)
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Look at the slopes, not at the heights. (How much a dual number or a formula costs in Python is a
matter of this library.) Twice the inputs: the first four take about four times as long, since there are twice as many
runs and each is twice as long. Reverse mode takes twice as long, like $f$ itself. It starts out dear, and wins as soon as
there are many inputs. A network has millions.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Cost in outputs

$F : \mathbb R^A \to \mathbb R^B$ has $A \cdot B$ derivatives. Forward mode gets them by columns, one input at a time.
Reverse mode gets them by rows, one output at a time. So the shape of the Jacobian decides:
"""

# %% slideshow={"slide_type": "-"}
print("  inputs  outputs |  centred diff.   forward mode   reverse mode")
for A, B in ((1, 400), (20, 20), (400, 1)):
    M = np.random.default_rng(3).standard_normal((A, B)) / np.sqrt(A)

    def F(x, M=M):
        return np.tanh(x @ M)

    x = np.random.default_rng(4).standard_normal(A)
    three = (finite_difference.numerical_jacobian, dual.jacobian, tape.jacobian)
    times = [1e3 * seconds(lambda: way(F, x)) for way in three]
    print(f"{A:8} {B:8} |", *(f"{runs:4} runs {t:5.1f} ms" for runs, t in zip((2 * A, A, B), times)))
    np.testing.assert_allclose(dual.jacobian(F, x), tape.jacobian(F, x))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** One input, many outputs: forward mode. Many inputs, one output: reverse mode. **A loss is one number**,
and it depends on all weights. That settles the matter for training, and is why the rest of this course uses reverse mode.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The comparison (decks 000 and 001, with what we measured)

| | finite differences | symbolic | forward mode | reverse mode |
|---|---|---|---|---|
| needs | to call $f$ | a formula for $f$ | a program for $f$ | a program for $f$ |
| digits, at best | half, or two thirds | all | all | all |
| cost of the Jacobian | $A + 1$ or $2A$ runs | up to exponential; shared, as forward mode | $A$ runs | $B$ runs |
| memory | none | the formulas | none | the whole run |
| choose it | to test the others | to understand a formula | few inputs, or one direction | to train |
| you build it in | Problem set 1 | Problem set 2 | Problem set 3 | Problem set 4 |

A "run" of forward or reverse mode costs a few runs of $f$.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
If time is short, skip the cost in outputs and show the table. The sentence to leave them with: a loss is one number. If
somebody asks for second derivatives: forward over reverse, `tape.hvp` in the library.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

**1.** $f(x) = x^3$ at $x = 1$, centred difference with $h = 0.1$. What comes out, and what is the error?

<details><summary>Answer</summary>

$(1.331 - 0.729)/0.2 = 3.01$. The error is $0.01 = h^2$, as $\frac{h^2}{6} f'''$ with $f''' = 6$ says.

</details>

**2.** Somebody takes $h = 10^{-17}$ at $x = 1$ for a forward difference. What comes out?

<details><summary>Answer</summary>

0. In 16 digits $1 + 10^{-17}$ *is* 1, so that the two values are the same.

</details>

**3.** $(3 + 2\varepsilon)^2 = {?}$ And what does it say about $x^2$?

<details><summary>Answer</summary>

$9 + 12\varepsilon$: at $x = 3$ the slope is 6, and $x$ moves at speed 2.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**4.** Why does a gradient check with an upstream gradient of ones prove little?

<details><summary>Answer</summary>

It cannot see whether the upstream gradient was used, nor in which order its entries were put back.

</details>

**5.** A simulation has one input, time, and 10,000 outputs. Which way gives all its derivatives, in how many runs?

<details><summary>Answer</summary>

Forward mode, in one. Reverse mode would need 10,000.

</details>

**6.** $u_{k+1} = u_k \cdot u_k$, thirty times. How many parts has the printed formula, about, and how many has it when
each stands once?

<details><summary>Answer</summary>

About $2^{31}$, two thousand millions; and 31.

</details>
"""

# %% slideshow={"slide_type": "skip"}
np.testing.assert_allclose((1.1**3 - 0.9**3) / 0.2, 3.01)
assert finite_difference.forward_difference(lambda x: x**3, 1.0, h=1e-17) == 0
square = Dual(3.0, 2.0) * Dual(3.0, 2.0)
assert (square.value, square.tangent) == (9, 12)
u = symbols("u")
for _ in range(30):
    u = u * u
assert (count_nodes(u), count_nodes(u, shared=True)) == (2**31 - 1, 31)

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- Finite differences need only calls of $f$. Too large a step cuts off the series, too small a one shows the rounding.
- They are the judge of every backward pass, with a *random* upstream gradient.
- Formulas swell when they are written out as trees; with their parts shared they do not, and then they are programs.
- Forward mode carries value and movement side by side: exact, one direction a run, all outputs.
- Reverse mode: exact, one output a run, all inputs. A loss is one output.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 1](../exercises/ps01_finite_differences/ps01_finite_differences.ipynb): both schemes, the best step, and
  the check that serves you in all other sets.
- [Problem set 2](../exercises/ps02_symbolic/ps02_symbolic.ipynb): the rules from school as a program, and its swell.
- [Problem set 3](../exercises/ps03_forward_mode/ps03_forward_mode.ipynb): dual numbers of your own.
- [Lecture 3](L03_backpropagation.ipynb) opens the black box of reverse mode.
- To read: `course.autodiff.derivatives`, the one table of rules that all three exact ways use.

Drawn from decks 000 and 001 ("Approaches to Differentiation", "The Finite Difference Method").
"""
