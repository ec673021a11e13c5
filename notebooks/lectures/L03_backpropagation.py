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
#     number: 3
#     minutes: 75
#     topics: [5, 7, 8, 9, 10]
#     problem_sets: [ps04_reverse_mode, ps06_mlp]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 3: backpropagation

One pass forward, one pass back, and every weight of a network knows what it did to the loss.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- walk back through a computation graph with a pencil, and say why the order matters;
- say why *all* derivatives of a loss cost only a few times as much as the loss itself;
- treat a layer as a module: three inputs, three outputs, and nothing to know about its neighbours;
- take a two-layer tanh network through one step of training by hand;
- carry the local errors δ from the output to the first layer, unit by unit and as matrices;
- take the slope of sigmoid, tanh and ReLU from a value that you already have.

Before: [Lecture 2](L02_four_ways_to_differentiate.ipynb). After:
[Problem set 4](../exercises/ps04_reverse_mode/ps04_reverse_mode.ipynb) (reverse mode),
[Problem set 6](../exercises/ps06_mlp/ps06_mlp.ipynb) (the multilayer perceptron), and then
[Lecture 4](L04_losses_and_gradient_descent.ipynb).
"""

# %% slideshow={"slide_type": "skip"}
import time

import matplotlib.pyplot as plt
import numpy as np

from course import GELU, HalfSquaredError, Linear, ReLU, Sequential, Sigmoid, Tanh, widgets
from course.autodiff import finite_difference, tape
from course.autodiff.graph import computation_graph, neuronal_graph
from course.autodiff.tape import Value
from course.gradient_check import gradient_check
from course.initializers import he_normal

plt.rcParams.update({"font.size": 14, "lines.linewidth": 3, "figure.figsize": (8, 4.2)})
np.set_printoptions(precision=4, suppress=True)
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
Seventy-five minutes: reverse mode 20, modules 10, the worked network 20, δ 15, shortcuts 10. The worked network is the
heart: do it on the board while the class does it on paper, and use the cells only to confirm. Ask for every number before
you show it.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 5. Reverse mode: one walk back through the graph

A program that computes a loss is a list of small steps: a product here, a sum there. Each step is so simple that everybody
knows its derivative. What we want is the derivative of the *last* number by the *first* ones.

Ask of every number $u$ on the way the same question: **if $u$ grew by a little, how much would $L$ grow?** The answer is
$\partial L/\partial u$. Then

- for $L$ itself the answer is 1;
- for any other $u$, look at who uses it. A little more of $u$ moves each of its users, and each of them moves $L$ by
  an amount that we know already, if we start at the end.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A number small enough to follow

$$p = x\,y, \qquad s = p + x, \qquad L = s\,p, \qquad \text{at } x = 2,\; y = 3 .$$

The **computation graph** has a box for each number and an arrow to each number that is computed from it:

    x ──► p, s
    y ──► p
    p ──► s, L          p = 6
    s ──► L             s = 8
    L                   L = 48

$x$ is used twice, by $p$ and by $s$. So is $p$, by $s$ and by $L$. That is what makes it interesting.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### In symbols (deck 004)

Let $\Gamma(u)$ be the set of those who use $u$, its *consumers*.

$$\underbrace{\frac{\partial L}{\partial L} = 1}_{\text{base case}}, \qquad\qquad
\frac{\partial L}{\partial u} = \sum_{v \in \Gamma(u)} \frac{\partial L}{\partial v}\, \frac{\partial v}{\partial u}
\quad \text{(for each } u \text{, from top to bottom).}$$

- $\partial L/\partial v$ has been found already: $v$ stands above $u$.
- $\partial v/\partial u$ is the derivative of one small step, such as $y$ for $p = x\,y$.
- The sum is over *all* consumers: whoever has two users has two ways to influence $L$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

| turn | consumers | sum | $\partial L/\partial u$ |
|---|---|---|---|
| $L$ | none | base case | $1$ |
| $s$ | $L = s\,p$ | $1 \cdot p$ | $6$ |
| $p$ | $L = s\,p$ and $s = p + x$ | $1 \cdot s + 6 \cdot 1$ | $14$ |
| $x$ | $p = x\,y$ and $s = p + x$ | $14 \cdot y + 6 \cdot 1$ | $48$ |
| $y$ | $p = x\,y$ | $14 \cdot x$ | $28$ |

Check with school calculus: $L = (xy + x)\,xy = x^2y^2 + x^2y$, so $\partial L/\partial x = 2xy^2 + 2xy = 36 + 12 = 48$ and
$\partial L/\partial y = 2x^2y + x^2 = 24 + 4 = 28$.
"""

# %% slideshow={"slide_type": "subslide"}
x, y = 2.0, 3.0
p = x * y  # forward: three lines, top to bottom
s = p + x
L = s * p

dL = 1.0  # and back: the same lines in the opposite order
ds = dL * p
dp = dL * s + ds * 1
dx = dp * y + ds * 1
dy = dp * x

assert (ds, dp, dx, dy) == (6, 14, 48, 28)
print(f"L = {L:g}, dL/dx = {dx:g}, dL/dy = {dy:g}")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
The backward program was written by a *rule*, not by insight: each forward line, read from the last to the first, adds to the
gradient of everything on its right side. A machine can follow that rule. In
[Problem set 4](../exercises/ps04_reverse_mode/ps04_reverse_mode.ipynb) you build the machine; here is the library's.
"""

# %% slideshow={"slide_type": "subslide"}
x, y = Value(2.0, name="x"), Value(3.0, name="y")
p = x * y
p.name = "p"
s = p + x
s.name = "s"
L = s * p
L.name = "L"

L.backward()
assert (p.gradient, x.gradient, y.gradient) == (14, 48, 28)
computation_graph(L)

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Change the formula above and run the cell again: `np.exp`, `np.tanh`, `/` and `**` work as well. The derivative needs no work
of yours. That is the "highly flexible" of decks 000 and 001: a graph of *operators* with one sub-rule for each.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The gradient is handed on from the end. After $L$, may $p$ be dealt with *before* $s$? It is a neighbour
of $L$, after all. Write down what $p$ would pass on to $x$ and $y$ if its turn came second.
"""

# %% slideshow={"slide_type": "subslide"}
widgets.computation_graph()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Step forward: values appear from left to right, each after those that it is made of. Step backward:
gradients appear from right to left, and a box waits until *every* arrow that leaves it has reported: p waits for s and
for q, and adds up what they say. Had $p$ not waited for $s$ in our own example, it would have passed on 8 in place of 14,
and $x$ would get $8 \cdot 3 + 6 = 30$ in place of 48. "Top to bottom" is not a matter of taste: a sum must be complete
before it is used. Any order that respects the arrows will do. Choose the other expressions: in the third, $x$ itself has
three arrows.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Step the demo yourself and stop before each gradient: "who has reported, who is still missing?" What goes wrong on stage:
people confuse the value in the box with the gradient. Say both aloud: "its value is 6, its gradient is 14".
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What does it cost?

Each step of the forward pass is visited once on the way back, and its share of the work is about as large as the step
itself. So the whole gradient costs **a small multiple of the function**, whatever the number of inputs is.

Finite differences (Lecture 2) need two runs of the function for each input. Let us measure both: a small network with
$P$ weights, for growing $P$.
"""

# %% slideshow={"slide_type": "subslide"}
def loss_of(W, X):
    """Compute half the squared length of the outputs of one tanh layer, a mean over the examples."""
    return 0.5 * np.sum(np.tanh(X @ W) ** 2) / len(X)


rng = np.random.default_rng(3)
sizes, ratios = np.array([8, 16, 32, 64, 128, 256]), []
for D in sizes:
    X, W = rng.standard_normal((256, D)), rng.standard_normal((D, D)) / np.sqrt(D)
    both = tape.value_and_grad(loss_of)
    ratios.append(seconds(lambda: both(W, X)) / seconds(lambda: loss_of(W, X)))

print("weights      ", *(f"{D * D:8,}" for D in sizes))
print("reverse mode ", *(f"{r:8.1f}" for r in ratios), "  times the cost of the loss (measured)")
print("central diff.", *(f"{2 * D * D:8,}" for D in sizes), "  times (two runs for each weight)")

# %% slideshow={"slide_type": "subslide"}
plt.loglog(sizes**2, ratios, "o-", color=BLUE)
plt.loglog(sizes**2, 2 * sizes**2, "s--", color=VERMILLION)
plt.text(sizes[0] ** 2, 20, "reverse mode, measured", color=BLUE)
plt.text(sizes[0] ** 2, 3e4, "central differences", color=VERMILLION)
plt.xlabel("number of weights")
plt.ylabel("cost, in runs of the loss")
plt.show()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
One line is nearly flat, the other is not. That flat line is the reason why networks with millions of weights can be trained.

**The price is memory.** The way back uses the values of the way forward, in the opposite order ($p = 6$ and $s = 8$
above). So all of them must be kept until the way back has been there. Forward mode can forget; reverse mode must
remember.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Two pictures of the same network

Decks 000 and 001 look at a network in two ways.

| | neuronal graph | computation graph |
|---|---|---|
| a box is | a processing element: sum of inputs times weights, then activation | one operator: +, ×, tanh … |
| an arrow is | a weight | "is used by" |
| the rule on the way back | one rule for all boxes, topic 9 | a sub-rule for each operator |
| good for | reading a layered network | anything that a program can compute |

The first is simple and limited, the second is general. Both give the same numbers.
"""

# %% slideshow={"slide_type": "subslide"}
W1, W2 = np.array([[0.5, -1.0], [1.0, 0.25]]), np.array([[2.0], [-1.0]])
neuronal_graph([W1, W2])

# %% slideshow={"slide_type": "subslide"}
x1, x2 = Value(1.0, name="x1"), Value(2.0, name="x2")
z1 = np.tanh(0.5 * x1 + 1.0 * x2)
z2 = np.tanh(-1.0 * x1 + 0.25 * x2)
output = 2.0 * z1 - 1.0 * z2
output.backward()
computation_graph(output)

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Five boxes in the first picture; in the second, one for every product, sum and tanh. Libraries work on the second. People
think in the first. (Decks 000 and 001 name Theano, TensorFlow and PyTorch as tools of the second kind. Theano is no
longer developed.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 004 writes on one slide $\partial L/\partial w = \partial L/\partial u \cdot \partial
u/\partial w$, "where $u$ is the node which uses $w$", and on the next the sum over all of $\Gamma(u)$. The first is a
special case: one consumer. In a plain layered network each weight sits on one connection, so it is enough. Our $x$ above
has two consumers; with one of them alone, its gradient would be 42 or 6, and both are wrong. Weights that are used again,
as in a recurrent network at every point in time ([Lecture 8](L08_depth.ipynb)), need the sum.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 7. Layers as modules: three inputs, three outputs

A network is a **chain** of layers, and a layer is a module with two directions (deck 002):

         x_in ──►┌───────┐──► x_out        forward:   x_out = f(x_in, θ)
                 │   θ   │
         g_in ◄──└───────┘◄── g_out        backward:  g_in  and  ∂J/∂θ
                     │
                     ▼
                   ∂J/∂θ

While training, three things come in: $x_\text{in}$, the parameters $\theta$, and $g_\text{out} = \partial J/\partial
x_\text{out}$. Three go out: $x_\text{out}$, $g_\text{in} = \partial J/\partial x_\text{in}$, and $\partial
J/\partial\theta$.

A layer's $g_\text{in}$ is the $g_\text{out}$ of the layer below. **No layer needs to know who its neighbours are.**
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### In symbols

$$x_l = f_l(x_{l-1}, \theta_l), \qquad
\underbrace{\frac{\partial J}{\partial x_{l-1}}}_{g_\text{in}} =
\underbrace{\frac{\partial J}{\partial x_l}}_{g_\text{out}} \frac{\partial f_l}{\partial x_{l-1}}, \qquad
\frac{\partial J}{\partial \theta_l} = \frac{\partial J}{\partial x_l}\, \frac{\partial f_l}{\partial \theta_l} .$$

To build a new kind of layer you need three functions: $f_l$ and its two derivatives. Nothing else.

**By hand.** The smallest layer with a parameter multiplies all its inputs by one number, $x_\text{out} = \theta\,
x_\text{in}$. With $\theta = 3$, $x_\text{in} = (2, -1)$ and $g_\text{out} = (10, 1)$:

$$x_\text{out} = (6, -3), \qquad g_\text{in} = g_\text{out}\, \theta = (30, 3), \qquad
\frac{\partial J}{\partial \theta} = \sum_k g_{\text{out},k}\, x_{\text{in},k} = 20 - 1 = 19 .$$

One θ has two consumers here, hence the sum.
"""

# %% slideshow={"slide_type": "subslide"}
class Gain:
    """Multiply every input by one number, which is learned."""

    def __init__(self, theta):
        self.theta = np.array(theta, dtype=float)

    def forward(self, x_in):
        self.x_in = x_in  # kept for the way back
        return self.theta * x_in

    def backward(self, g_out):
        self.theta_gradient = np.sum(g_out * self.x_in)
        return g_out * self.theta


# %% slideshow={"slide_type": "fragment"}
gain = Gain(3.0)
assert gain.forward(np.array([2.0, -1.0])).tolist() == [6, -3]
assert gain.backward(np.array([10.0, 1.0])).tolist() == [30, 3]
assert gain.theta_gradient == 19
print(gradient_check(gain, rng.standard_normal((4, 3)), rng=rng))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Change the layer, for instance to $x_\text{out} = \theta\, x_\text{in}^2$, and forget something on purpose. The check, which
uses nothing but the forward pass (central differences, Lecture 2), says what is wrong.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The trick: shared products

Write out the chain rule for a chain of four layers, as deck 002 does:

$$\begin{aligned}
\frac{\partial J}{\partial \theta_4} &= \frac{\partial J}{\partial x_4}\;\frac{\partial x_4}{\partial \theta_4} \\
\frac{\partial J}{\partial \theta_3} &= \boxed{\frac{\partial J}{\partial x_4}\frac{\partial x_4}{\partial x_3}}\;
    \frac{\partial x_3}{\partial \theta_3} \\
\frac{\partial J}{\partial \theta_2} &= \boxed{\frac{\partial J}{\partial x_4}\frac{\partial x_4}{\partial x_3}}\,
    \frac{\partial x_3}{\partial x_2}\;\frac{\partial x_2}{\partial \theta_2} \\
\frac{\partial J}{\partial \theta_1} &= \boxed{\frac{\partial J}{\partial x_4}\frac{\partial x_4}{\partial x_3}}\,
    \frac{\partial x_3}{\partial x_2}\frac{\partial x_2}{\partial x_1}\;\frac{\partial x_1}{\partial \theta_1}
\end{aligned}$$

Every line begins with what the line above it has found. Compute it once, hand it down: **dynamic programming**. The thing
that is handed down is $g$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** A chain of 40 layers. One program starts every line of the chain rule afresh at the loss; another hands
$g$ down. Guess how many times longer the first one takes. And with 80 layers?
"""

# %% slideshow={"slide_type": "subslide"}
def afresh(g, slopes):
    """Start at the loss again for every layer."""
    for layer in range(len(slopes)):
        product = g
        for J in slopes[:layer]:
            product = product @ J


def handed_down(g, slopes):
    """Keep what the layer above has found."""
    for J in slopes:
        g = g @ J


for depth in (10, 20, 40, 80):
    slopes = rng.standard_normal((depth, 50, 50)) / 7
    g = rng.standard_normal(50)
    slow, quick = (1e3 * seconds(lambda: way(g, slopes)) for way in (afresh, handed_down))
    print(f"{depth:3} layers: {slow:6.2f} ms afresh, {quick:.2f} ms handed down, {slow / quick:5.1f} times")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Twice the depth doubles the quotient. Handing down costs one product for each layer. Starting afresh
costs the layer on top one, the next two, and so on; how many is that together? (Problem set 6 asks.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Why from the loss down, and not from the input up?

A product of matrices can be bracketed as one likes. Brackets decide the cost:

$$\bigl((g\, J_3)\, J_2\bigr)\, J_1 \qquad\text{or}\qquad g\, \bigl(J_3\, (J_2\, J_1)\bigr).$$

On the left there is a *row* at every moment: a row of 100 times a matrix of 100 × 100 is 10,000 multiplications. On the
right a matrix meets a matrix: 1,000,000. The loss is *one* number, so the row is short, and reverse mode starts there.
If there were one input and many outputs, the other end would be the thin one: that is forward mode.
"""

# %% slideshow={"slide_type": "subslide"}
J3, J2, J1 = rng.standard_normal((3, 300, 300))
g = rng.standard_normal(300)
from_the_loss = seconds(lambda: ((g @ J3) @ J2) @ J1)
from_the_input = seconds(lambda: g @ (J3 @ (J2 @ J1)))
np.testing.assert_allclose(((g @ J3) @ J2) @ J1, g @ (J3 @ (J2 @ J1)))
print(f"the same numbers, and {from_the_input / from_the_loss:.0f} times the time")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 8. The linear layer, and two layers step by step

Almost all parameters of a network sit in linear layers. Examples are rows: $X$ is (N, D), $W$ is (D, M), $b$ is (M,).

$$A = X W + b, \qquad A_{nm} = \sum_d X_{nd}\, W_{dm} + b_m .$$

For the way back, ask of each number: **whom does it touch, and by how much?**

| number | touches | by | so its gradient is |
|---|---|---|---|
| $X_{nd}$ | all outputs $m$ of example $n$ | $W_{dm}$ | $\sum_m G_{nm} W_{dm}$ |
| $W_{dm}$ | output $m$ of all examples $n$ | $X_{nd}$ | $\sum_n X_{nd}\, G_{nm}$ |
| $b_m$ | output $m$ of all examples | 1 | $\sum_n G_{nm}$ |

with $G = g_\text{out} = \partial J/\partial A$. Each line is the rule of topic 5: a sum over consumers.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The same, as products of matrices

$$g_\text{in} = g_\text{out}\, W^\top, \qquad
\frac{\partial J}{\partial W} = x_\text{in}^\top\, g_\text{out}, \qquad
\frac{\partial J}{\partial b} = \sum_n g_{\text{out},n} .$$

You need not learn these by heart. A gradient has the shape of what it is the gradient of, and the shapes leave one way:

| | shape | made of | |
|---|---|---|---|
| $g_\text{in}$ | (N, D) | $g_\text{out}$ (N, M) and $W$ (D, M) | $W$ is turned, and stands on the right |
| $\partial J/\partial W$ | (D, M) | $x_\text{in}$ (N, D) and $g_\text{out}$ (N, M) | $x_\text{in}$ is turned, and on the left |

The sum over the examples happens inside the second product. The factor 1/N of the mean is already in $g_\text{out}$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 002 writes examples as columns, $x_\text{out} = W x_\text{in}$ with $W$ of shape (M,
D), and gradients as rows. Translate before you copy:

| | deck 002 (columns) | this course (rows) |
|---|---|---|
| forward | $W x_\text{in}$ | $x_\text{in} W$ |
| to the input | $g_\text{out} W$ | $g_\text{out} W^\top$ |
| to the weights | $x_\text{in}\, g_\text{out}$, (D, M), its $W$ is (M, D) | $x_\text{in}^\top g_\text{out}$, of $W$'s shape |
| update, as printed | $W + \eta\, (\partial J/\partial W)^\top$ | $W - \eta\, \partial J/\partial W$ |

The transpose in its update mends the layout. The plus is an error, whichever layout one uses: the gradient points uphill. We
try it out in a moment.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The worked example: two layers, tanh between them

Deck 002 gives the steps in letters. Here they are with numbers, chosen so that tanh comes out even: $\tanh(\tfrac12 \ln
3) = 0.5$ and $\tanh(\ln 2) = 0.6$. Write $r = \tfrac12 \ln 3$ and $p = \ln 2$. No biases, as in the deck.

$$x = (1,\ 2), \quad y = (0,\ -1.2), \qquad
W^{(1)} = \begin{pmatrix} -r & p \\ r & -p \end{pmatrix}, \qquad
W^{(2)} = \begin{pmatrix} 2 & 4 \\ 1 & 5 \end{pmatrix}.$$

    x ──►( W1 )──► a ──►( tanh )──► z ──►( W2 )──► ŷ ──►( half squared error )──► E

Deck 002 calls these $x_0, x_1, x_2, x_3$ and $\mathcal L$, and the weights $W_0$ and $W_1$.

Take a pencil. Everything that follows can be done without a machine.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Write the five boxes on the board with room above (values) and below (gradients). Fill the upper row with the class, then
the lower row from right to left. Three minutes for each of the steps below; let somebody else say the next number each
time.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Forward, step by step.** Keep every number: each will be used again.

| step | | deck 002 |
|---|---|---|
| linear | $a = (-r + 2r,\; p - 2p) = (r,\ -p)$ | $x_1$ |
| tanh | $z = (0.5,\ -0.6)$ | $x_2$ |
| linear | $\hat y = (0.5 \cdot 2 - 0.6 \cdot 1,\;\; 0.5 \cdot 4 - 0.6 \cdot 5) = (0.4,\ -1)$ | $x_3$ |
| loss | $E = \tfrac12 (0.4^2 + 0.2^2) = 0.1$ | $\mathcal L$ |
"""

# %% slideshow={"slide_type": "fragment"}
r, p = np.log(3) / 2, np.log(2)
x, y = np.array([[1.0, 2.0]]), np.array([[0.0, -1.2]])
W1, W2 = np.array([[-r, p], [r, -p]]), np.array([[2.0, 4.0], [1.0, 5.0]])

a = x @ W1
z = np.tanh(a)
prediction = z @ W2
E = 0.5 * np.sum((prediction - y) ** 2)

np.testing.assert_allclose(a, [[r, -p]])
np.testing.assert_allclose(z, [[0.5, -0.6]])
np.testing.assert_allclose(prediction, [[0.4, -1.0]])
np.testing.assert_allclose(E, 0.1)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Back, step 1: the loss.** $\;\dfrac{\partial E}{\partial \hat y} = \hat y - y = (0.4 - 0,\; -1 + 1.2) = (0.4,\ 0.2)$.

**Step 2: the second linear layer, its weights.** *Input to the weight × gradient at its output*, for all four weights at
once:

$$\frac{\partial E}{\partial W^{(2)}} = z^\top \frac{\partial E}{\partial \hat y}
= \begin{pmatrix} 0.5 \\ -0.6 \end{pmatrix} (0.4,\ 0.2) = \begin{pmatrix} 0.2 & 0.1 \\ -0.24 & -0.12 \end{pmatrix}.$$

**Step 3: the second linear layer, its input.** Each $z_j$ touches both outputs:

$$\frac{\partial E}{\partial z} = \frac{\partial E}{\partial \hat y}\, W^{(2)\top}
= (0.4 \cdot 2 + 0.2 \cdot 4,\;\; 0.4 \cdot 1 + 0.2 \cdot 5) = (1.6,\ 1.4).$$
"""

# %% slideshow={"slide_type": "fragment"}
g_prediction = prediction - y
g_W2 = z.T @ g_prediction
g_z = g_prediction @ W2.T

np.testing.assert_allclose(g_prediction, [[0.4, 0.2]])
np.testing.assert_allclose(g_W2, [[0.2, 0.1], [-0.24, -0.12]])
np.testing.assert_allclose(g_z, [[1.6, 1.4]])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Step 4: tanh.** Each entry is multiplied by its own slope, $1 - z^2 = (1 - 0.25,\; 1 - 0.36) = (0.75,\ 0.64)$:

$$\frac{\partial E}{\partial a} = (1.6 \cdot 0.75,\;\; 1.4 \cdot 0.64) = (1.2,\ 0.896).$$

**Step 5: the first linear layer, its weights.** The same rule as in step 2, one layer further down:

$$\frac{\partial E}{\partial W^{(1)}} = x^\top \frac{\partial E}{\partial a}
= \begin{pmatrix} 1 \\ 2 \end{pmatrix} (1.2,\ 0.896) = \begin{pmatrix} 1.2 & 0.896 \\ 2.4 & 1.792 \end{pmatrix}.$$

The gradient by $x$ itself would be one more product. Nobody needs it here: $x$ is data and is not going to change.
"""

# %% slideshow={"slide_type": "fragment"}
g_a = g_z * (1 - z**2)
g_W1 = x.T @ g_a

np.testing.assert_allclose(g_a, [[1.2, 0.896]])
np.testing.assert_allclose(g_W1, [[1.2, 0.896], [2.4, 1.792]])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Step 6: the update.** $W \leftarrow W - \eta\, \partial E/\partial W$ for both matrices, with $\eta = 0.002$:

$$W^{(2)}_{11}: 2 - 0.002 \cdot 0.2 = 1.9996, \qquad W^{(1)}_{22}: -p - 0.002 \cdot 1.792 \approx -0.6967, \;\dots$$

How much should the loss fall? For a short step, by $\eta$ times the sum of all squared gradients. Here that is
$0.002 \cdot (0.2^2 + 0.1^2 + \dots + 1.792^2) = 0.002 \cdot 11.34 \approx 0.0227$.

**Ask the class.** With $\eta = 0.002$ the loss should fall from 0.1 to about 0.077. And with $\eta = 0.02$? By ten times
as much?
"""

# %% slideshow={"slide_type": "subslide"}
def loss_after(eta):
    """Return the loss of the worked example after one step."""
    new_W1, new_W2 = W1 - eta * g_W1, W2 - eta * g_W2
    return 0.5 * np.sum((np.tanh(x @ new_W1) @ new_W2 - y) ** 2)


squares = np.sum(g_W1**2) + np.sum(g_W2**2)
np.testing.assert_allclose(squares, 11.3361, atol=1e-4)
for eta in (0.002, 0.02, -0.002):
    print(f"η = {eta:6}: predicted {E - eta * squares:8.4f}, happened {loss_after(eta):7.4f}")
assert loss_after(0.002) < E < loss_after(-0.002)

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** A short step does what the gradient promised, nearly. A step ten times as long cannot: the loss would have
to be negative. It overshoots, and ends *higher* than it began. (How long is too long?
[Lecture 4](L04_losses_and_gradient_descent.ipynb).) The last line is deck 002's update with its plus sign: the loss rises by
about as much as it should have fallen.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The same network, from the library

`Sequential` is the chain of topic 7, and its `backward` is our steps 2 to 5. The loss hands in step 1.
"""

# %% slideshow={"slide_type": "-"}
network = Sequential(Linear(2, 2, rng=rng), Tanh(), Linear(2, 2, rng=rng))
network[0].weight, network[2].weight = W1, W2  # the biases are zero

loss, g = HalfSquaredError()(network.forward(x), y)
network.backward(g)

np.testing.assert_allclose(loss, 0.1)
np.testing.assert_allclose(network[0].weight_gradient, g_W1)
np.testing.assert_allclose(network[2].weight_gradient, g_W2)
print(gradient_check(network, x, loss=HalfSquaredError(), target=y, rng=rng))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**A batch is no new idea.** With N examples, $X$ has N rows, and the same five lines run unchanged: each product works on
all rows at once, and $X^\top G$ adds the examples up. Only the loss knows about the mean: its gradient starts with the
factor 1/N.
"""

# %% slideshow={"slide_type": "-"}
X, Y = rng.standard_normal((3, 2)), rng.standard_normal((3, 2))
one_by_one = []
for n in range(3):
    loss, g = HalfSquaredError()(network.forward(X[n : n + 1]), Y[n : n + 1])
    network.backward(g)
    one_by_one.append(network.gradients.copy())

loss, g = HalfSquaredError()(network.forward(X), Y)
network.backward(g)
np.testing.assert_allclose(network.gradients, np.mean(one_by_one, axis=0))
print("the batch's gradient is the mean of the examples' gradients")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 002's table of losses has the squared error $\frac1n \sum (y - \hat y)^2$, whose
gradient is $\frac2n (\hat y - y)$. Its worked example starts with $\partial \mathcal L/\partial x_3 = x_3 - y$, which
belongs to *half* the squared error of one example. Both are sensible; they differ by a factor that the learning rate can
absorb. This course uses the half, and the mean over the examples.

**A question.** Decks 000, 003 and 004 *add* the losses of the examples. What happens to the length of a step when the
batch is doubled, in their convention and in ours?

<details><summary>Answer</summary>

In theirs the gradient doubles, and the step with it, unless η is halved. In ours it stays about the same.

</details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 9. The recursion of δ

Now the same story as deck 003 tells it: not by layers but by **units**. A unit $j$ of layer $\ell$ has a pre-activation
$a^{(\ell)}_j$ and an activation $z^{(\ell)}_j = g(a^{(\ell)}_j)$. Its **local error** is

$$\delta^{(\ell)}_j = \frac{\partial E}{\partial a^{(\ell)}_j} :$$

how much the loss would grow if this unit's *pre-activation* were a little larger. It is the unit's share of the blame.

Who can blame a hidden unit? Only the units that listen to it. Each of them passes its own blame back, in proportion to
the weight between them. And a unit that is saturated, whose slope is nearly zero, could not have changed anything: it is
let off.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### In symbols

$$
\delta^{(\ell)}_j =
\begin{cases}
\dfrac{\partial E}{\partial z^{(\ell)}_j}\; g'\bigl(a^{(\ell)}_j\bigr) & \text{output unit (base case)} \\[1em]
\Bigl(\sum_k \delta^{(\ell+1)}_k\, W^{(\ell+1)}_{jk}\Bigr)\; g'\bigl(a^{(\ell)}_j\bigr) & \text{hidden unit (recursive case)}
\end{cases}
$$

$$\frac{\partial E}{\partial W^{(\ell)}_{ij}} = \delta^{(\ell)}_j\; z^{(\ell-1)}_i, \qquad
\frac{\partial E}{\partial b^{(\ell)}_j} = \delta^{(\ell)}_j .$$

In words: **gradient = local error × input to that weight.** A bias is a weight whose input is always 1.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The worked example, in this language

The output is linear, so its slope is 1, and the base case is the error itself: $\delta^{(2)} = (0.4,\ 0.2)$.

The two hidden units, with the slopes 0.75 and 0.64:

$$\delta^{(1)}_1 = (0.4 \cdot 2 + 0.2 \cdot 4) \cdot 0.75 = 1.6 \cdot 0.75 = 1.2, \qquad
\delta^{(1)}_2 = (0.4 \cdot 1 + 0.2 \cdot 5) \cdot 0.64 = 1.4 \cdot 0.64 = 0.896 .$$

One weight, from input 2 (whose value is 2) to hidden unit 1: $\;1.2 \cdot 2 = 2.4$, as in step 5.

These are the numbers from before. Steps 3 and 4 *were* the recursion.
"""

# %% slideshow={"slide_type": "subslide"}
delta2 = g_prediction[0]  # base case: a linear output has slope 1
slope1 = 1 - z[0] ** 2

unit = 0  # the first hidden unit (Python counts from 0): try the other one
blame = sum(delta2[k] * W2[unit, k] for k in range(2))
delta1 = blame * slope1[unit]
print(f"unit {unit}: blame {blame:.3g}, slope {slope1[unit]:.3g}, δ = {delta1:.4g}")
for i in range(2):
    print(f"  weight from input {i}: δ times input = {delta1 * x[0, i]:.4g}")

np.testing.assert_allclose(delta1, g_a[0, unit])
np.testing.assert_allclose([delta1 * x[0, i] for i in range(2)], g_W1[:, unit])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The demo is a network for spam, with length and trust as inputs. A hidden unit has no target. How can
it know its error? And what becomes of the δ of h₁ when both inputs are pushed to 2, so that it is nearly saturated?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.neuronal_graph()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Step back from the output: each δ is the sum of the δ above it, times the weights on the arrows, times the
unit's own slope. (Here the output units have an activation too, as in deck 003, so the base case has a slope as well.) Then
the arrows get their gradients: δ at the head times value at the tail. Push a unit into saturation, and its δ goes to zero
whatever the outputs blame it for: all weights *into* it stop learning. That is the beginning of the vanishing gradient.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Stop at the first hidden δ and let the class compute it with the numbers on screen before the next step. Common slip:
multiplying by the slope of the unit *above*. The slope belongs to the unit whose δ is being computed.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### From the neuron to the matrix

Stack the units of a layer into a row, the examples into N rows. The sum over $k$ becomes a product, and "times the slope"
works entry by entry ($\odot$):

| neuron | matrix | shape |
|---|---|---|
| $\delta_k = \frac{\partial E}{\partial z_k}\, g'(a_k)$ | $\Delta^{(L)} = \frac{\partial J}{\partial Z} \odot g'(A^{(L)})$ | (N, M) |
| $\delta_j = \bigl(\sum_k \delta_k W_{jk}\bigr)\, g'(a_j)$ | $\Delta^{(\ell)} = (\Delta^{(\ell+1)} W^\top) \odot g'(A^{(\ell)})$ | (N, M) |
| $\frac{\partial E}{\partial W_{ij}} = \delta_j z_i$ | $\frac{\partial J}{\partial W} = Z^{(\ell-1)\top} \Delta^{(\ell)}$ | (D, M) |
| $\frac{\partial E}{\partial b_j} = \delta_j$ | $\frac{\partial J}{\partial b} = \sum_n \Delta^{(\ell)}_n$ | (M,) |

(In the second line $W = W^{(\ell+1)}$ leads from the layer to the one above; in the third, $W = W^{(\ell)}$ leads into it.)

This is the linear layer of topic 8 and an activation layer, taken together. The matrix form is the module form.
"""

# %% slideshow={"slide_type": "subslide"}
deep = Sequential(Linear(3, 5, rng=rng), Tanh(), Linear(5, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))
X, Y = rng.standard_normal((6, 3)), rng.standard_normal((6, 2))
loss, g = HalfSquaredError()(deep.forward(X), Y)
deep.backward(g)

# The last step of the recursion, from the layer above to layer 2 of 3: neuron by neuron.
W3, Z2 = deep[4].weight, deep[3].z
Delta3 = g
Delta2 = np.zeros((6, 4))
for n in range(6):
    for j in range(4):
        Delta2[n, j] = sum(Delta3[n, k] * W3[j, k] for k in range(2)) * (1 - Z2[n, j] ** 2)

Z1 = deep[1].z
gradient = sum(np.outer(Z1[n], Delta2[n]) for n in range(6))
np.testing.assert_allclose(gradient, deep[2].weight_gradient)
print("neuron by neuron and layer by layer: the same gradient, of shape", gradient.shape)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 003 defines $\delta_j = \partial E/\partial a_j$ for a unit, and on its slide
"Backprop in matrix form" $\delta_\ell = \partial E/\partial z^{(\ell)}$: the same letter, *before* the slope is
multiplied in. Its gradient of the weights then has the slope in it explicitly. Both recursions are right, but what they
hand down differs. In the worked example:

| | δ is ∂E/∂a (this course) | δ is ∂E/∂z (deck 003's matrix form) |
|---|---|---|
| hidden layer | $(1.2,\ 0.896)$ | $(1.6,\ 1.4)$ |
| gradient of $W^{(1)}$ | $x^\top \delta$ | $x^\top (\delta \odot g'(a))$ |

Mix the two, and a slope is missing, or there twice. Also, the slide's product $\delta_\ell \cdot \frac{\partial
g}{\partial x} \cdot W_\ell$ hides which factor works entry by entry and which one needs a transpose. Go by the shapes.
"""

# %% slideshow={"slide_type": "fragment"}
np.testing.assert_allclose(x.T @ (g_z * slope1), g_W1)
wrong = x.T @ g_z  # ∂E/∂z taken for δ: a slope is missing
print("right\n", g_W1, "\nwith a slope missing\n", wrong, sep="")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 10. Derivative shortcuts

The way back needs $g'(a)$ for every unit. The forward pass has computed $z = g(a)$ already. For the usual activations the
slope can be written **in terms of $z$ alone** (deck 003), so that no exponential is computed twice:

$$g(a) = \frac{1}{1 + e^{-a}}: \qquad
g'(a) = \frac{e^{-a}}{(1 + e^{-a})^2}
= \underbrace{\frac{1}{1 + e^{-a}}}_{z} \cdot \underbrace{\frac{e^{-a}}{1 + e^{-a}}}_{1 - z} = z\,(1 - z).$$

| activation | $z$ | slope | largest slope |
|---|---|---|---|
| sigmoid | $1/(1 + e^{-a})$ | $z\,(1 - z)$ | ¼, at $a = 0$ |
| tanh | $\tanh a$ | $1 - z^2$ | 1, at $a = 0$ |
| ReLU | $\max(0, a)$ | 1 where $z > 0$, else 0 | 1, everywhere on the right |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**By hand.** A sigmoid unit put out $z = 0.9$: its slope is $0.9 \cdot 0.1 = 0.09$. A tanh unit put out $z = -0.6$: its
slope is $1 - 0.36 = 0.64$. A ReLU unit put out $z = 3$: its slope is 1. In none of these did you need to know $a$.
"""

# %% slideshow={"slide_type": "-"}
a = np.linspace(-5, 5, 201)
for layer, colour, dash in ((Sigmoid(), BLUE, "-"), (Tanh(), VERMILLION, "--"), (ReLU(), GREEN, ":")):
    z = layer.forward(a)
    plt.plot(a, layer.slope(a, z), dash, color=colour, label=f"slope of {type(layer).__name__}")
plt.xlabel("pre-activation a")
plt.ylabel("slope")
plt.legend()
plt.show()

np.testing.assert_allclose(Sigmoid().slope(None, np.array(0.9)), 0.09)
np.testing.assert_allclose(Tanh().slope(None, np.array(-0.6)), 0.64)
assert ReLU().slope(None, np.array(3.0)) == 1

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** How much faster is $z\,(1 - z)$ than computing the slope of a sigmoid from $a$? Twice? Ten times? And
does the shortcut change the *result*?
"""

# %% slideshow={"slide_type": "-"}
def slope_from_a(a):
    """Compute the slope of the sigmoid without the value that is there already."""
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


a = rng.standard_normal((256, 1024))
z = Sigmoid().forward(a)
np.testing.assert_allclose(slope_from_a(a), z * (1 - z))
from_a, from_z = seconds(lambda: slope_from_a(a)), seconds(lambda: z * (1 - z))
print(f"from a: {1e3 * from_a:.2f} ms, from z: {1e3 * from_z:.2f} ms, {from_a / from_z:.0f} times")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** The same numbers for a fraction of the time: two products against two exponentials and a division. It
is also safer: for $a = -1000$ the formula in $a$ overflows and gives NaN, while $z\,(1 - z)$ is 0.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Why ReLU helps depth

On its way down, δ is multiplied by one slope for each layer. Take a chain with one unit in each layer and all weights 1.
Give the sigmoid its best slope, ¼, and tanh a usual one:

| layers | sigmoid, $(1/4)^L$ | tanh at $z = 0.6$, $0.64^L$ | ReLU, where it is on |
|---|---|---|---|
| 2 | 0.0625 | 0.41 | 1 |
| 4 | 0.0039 | 0.168 | 1 |
| 10 | 0.00000095 | 0.0115 | 1 |

Ten sigmoids leave a millionth of the gradient. ReLU's slope is exactly 1 wherever the unit is on. Where it is off, it is
exactly 0, and nothing comes through at all.
"""

# %% slideshow={"slide_type": "subslide"}
def first_to_last(activation, depth, width=64):
    """Return how long the biases' gradient, the sum of δ, is in the first layer, compared with the last."""
    rng = np.random.default_rng(10)
    layers = []
    for _ in range(depth):
        layers += [Linear(width, width, rng=rng, initializer=he_normal), activation()]
    network = Sequential(*layers)
    z = network.forward(rng.standard_normal((32, width)))
    network.backward(rng.standard_normal(z.shape))
    size = [np.linalg.norm(layer.bias_gradient) for layer in layers[::2]]
    return size[0] / size[-1]


for activation in (Sigmoid, Tanh, ReLU):
    sizes = [f"{depth} layers: {first_to_last(activation, depth):8.2g}" for depth in (5, 10, 20)]
    print(f"{activation.__name__:8}", *sizes)
assert first_to_last(Sigmoid, 20) < 1e-6 < first_to_last(ReLU, 20)

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** With sigmoids the gradient of the first layer is lost within a few layers. With ReLU it arrives about
as long as it set out. With tanh too, here: the slopes are only half of the product, the weights are the other half, and
these are large enough to make up for tanh's slopes. Why not simply give a sigmoid larger weights? They drive it into
saturation, where its slope is smaller still. More of this in [Lecture 8](L08_depth.ipynb).
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Two small print remarks

**ReLU at zero.** At $a = 0$ ReLU has a kink and no derivative. The course takes 0 there, so that the rule "1 where $z >
0$" is the whole rule. With numbers from a continuous distribution it hardly ever matters.

**Not every activation has a shortcut.** It needs the slope to be a function of $z$, and that fails when the same $z$
comes from two different $a$ with different slopes. GELU dips below zero and comes back, so it must keep $a$:
"""

# %% slideshow={"slide_type": "-"}
gelu = GELU()
a = np.array([-0.25, -1.5])
z = gelu.forward(a)
print("a", a, "  z", z, "  slope", gelu.slope(a, z))
assert abs(z[0] - z[1]) < 1e-3 < abs(np.diff(gelu.slope(a, z)))

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

**1.** $L = u \cdot u$ at $u = 5$. What is $\partial L/\partial u$ by the sum over consumers?

<details><summary>Answer</summary>

$u$ is used twice by the same product: $1 \cdot 5 + 1 \cdot 5 = 10$.

</details>

**2.** A network has ten times as many weights as another one, and its loss takes ten times as long. How much longer does one
backward pass take? How much longer do central differences?

<details><summary>Answer</summary>

Ten times; and a hundred times: ten times as many runs, each ten times as long.

</details>

**3.** $x_\text{in}$ is (32, 20) and $g_\text{out}$ is (32, 7). What are the shapes of $W$, $\partial J/\partial W$ and
$g_\text{in}$?

<details><summary>Answer</summary>

(20, 7), (20, 7) and (32, 20).

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**4.** A hidden unit has $z = \tanh a = 0.8$. The units above it have $\delta = (1, -2)$, and the weights to them are $(3,
1)$. What is its δ?

<details><summary>Answer</summary>

$(1 \cdot 3 - 2 \cdot 1) \cdot (1 - 0.64) = 1 \cdot 0.36 = 0.36$.

</details>

**5.** The input to a weight is 0 for this example. What is the weight's gradient, however wrong the output is?

<details><summary>Answer</summary>

Zero: local error × input. This weight had no part in it.

</details>

**6.** Why must the forward pass keep $z$ for every layer?

<details><summary>Answer</summary>

The gradient of the weights above needs it as the input, and the slope of the layer is computed from it.

</details>
"""

# %% slideshow={"slide_type": "skip"}
u = Value(5.0)
(u * u).backward()
assert u.gradient == 10
np.testing.assert_allclose((1 * 3 - 2 * 1) * (1 - 0.8**2), 0.36)

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- The gradient of $L$ by $u$ is a sum over those who use $u$; start with 1 at $L$, and let nobody hand on an unfinished sum.
- All derivatives of one number cost a small multiple of that number, and the memory of the whole forward pass.
- A layer gets $x_\text{in}, \theta, g_\text{out}$ and gives $x_\text{out}, g_\text{in}, \partial J/\partial\theta$.
  Products are handed down, never computed twice.
- δ of a hidden unit is the weighted sum of the δ above it, times its own slope. Gradient = local error × input.
- The slope comes from $z$: $z(1 - z)$, $1 - z^2$, and 0 or 1.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 4](../exercises/ps04_reverse_mode/ps04_reverse_mode.ipynb): build the engine of topic 5, and train a
  network with it.
- [Problem set 6](../exercises/ps06_mlp/ps06_mlp.ipynb): the linear layer, the slopes, δ and a whole network, by hand.
- [Lecture 4](L04_losses_and_gradient_descent.ipynb): other losses change one line, the base case; and how long a step may
  be.
- [Lecture 8](L08_depth.ipynb): what becomes of the product of slopes and weights in deep networks.
- To read: `course.autodiff.tape.propagation` (the sum over consumers in code), `course.layers.linear`.

Drawn from decks 000 and 001 (reverse mode, the two graphs), 002 (modules, linear layer, the worked network), 003 (δ,
shortcuts) and 004 (the algorithm).
"""
