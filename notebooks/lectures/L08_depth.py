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
#     number: 8
#     minutes: 70
#     topics: [18, 19]
#     problem_sets: [ps10_depth]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 8: depth

A gradient reaches the lowest layer through all the others, and each of them multiplies it. Today: what becomes of such
a product, how first weights keep it in bounds, what happens when the layers are steps in time, and how normalisation
takes the matter into its own hands.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- say by one product whether a gradient vanishes or explodes, and correct a sentence that gets it wrong;
- derive the size of the first weights for tanh (Xavier) and for ReLU (He), and see what other sizes do;
- explain why a recurrent network forgets, and what clipping can and cannot do about it;
- compute batch norm and layer norm by hand, and tell which numbers each of them averages;
- name the two modes of batch norm, and the mistakes that come of mixing them up.

Before: [Lecture 7](L07_regularisation.ipynb). After: [Problem set 10](../exercises/ps10_depth/ps10_depth.ipynb), and
then [Lecture 9](L09_what_to_use_when.ipynb).
"""

# %% slideshow={"slide_type": "subslide"}
import matplotlib.pyplot as plt
import numpy as np

from course import SGD, Activation, BatchNorm, ClipByNorm, LastStep, LayerNorm, Linear, Momentum
from course import Recurrent, ReLU, Sequential, Sigmoid, SoftmaxCrossEntropy, Tanh
from course import accuracy, evaluate, fit, moons, widgets
from course.gradient_check import gradient_check
from course.initializers import he_normal, normal, xavier_uniform, zeros

BLUE, RED, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
plt.rcParams.update({"font.size": 15, "lines.linewidth": 3, "figure.figsize": (11, 4.2),
                     "figure.constrained_layout.use": True})
np.set_printoptions(precision=4, suppress=True)

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
70 minutes: the product 15, first weights 15, through time 15, batch and layer norm 20, quiz 5. We take topic 19, the
trouble, before topic 18, one of its cures. If time is short, leave out "The mean of what?" and "How noisy is a batch?".
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 19. Vanishing and exploding gradients

Lecture 3 found the error of a hidden unit from those above it. With one unit in each layer there is a single path, and
the recursion

$$\delta^{(\ell)} = \delta^{(\ell+1)}\; w^{(\ell+1)}\; g'(a^{(\ell)})$$

is a **product**: from the top of a network of $L$ layers down to the first,

$$\delta^{(1)} = \delta^{(L)} \prod_{\ell=1}^{L-1} w^{(\ell+1)}\, g'(a^{(\ell)}).$$

Each layer adds one factor, a weight times a slope. Products of many factors do not stay near 1 by themselves.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: four sigmoids

One unit in each layer, every weight 2, and biases such that each pre-activation is 0 (the input is $0.5$, the biases
are $-1$: $a = 2 \cdot 0.5 - 1 = 0$ and $z = \sigma(0) = 0.5$ again). There, the sigmoid is steepest, with slope
$\tfrac14$.

| | factor | $\delta$ |
|---|---|---|
| layer 4 | $\partial E / \partial z^{(4)} = 1$, times the slope $\tfrac14$ | 0.25 |
| layer 3 | $2 \cdot \tfrac14 = \tfrac12$ | 0.125 |
| layer 2 | $\tfrac12$ | 0.0625 |
| layer 1 | $\tfrac12$ | 0.03125 |

A sigmoid's slope is never above $\tfrac14$, so that a weight below 4 makes its factor smaller than 1.
"""

# %% slideshow={"slide_type": "-"}
parts = []
for _ in range(4):
    layer = Linear(1, 1, rng=np.random.default_rng(0))
    layer.weight[:], layer.bias[:] = 2.0, -1.0
    parts += [layer, Sigmoid()]
chain = Sequential(*parts)
chain.forward(np.array([[0.5]]), training=True)
chain.backward(np.array([[1.0]]))
errors = np.array([float(layer.bias_gradient[0]) for layer in chain if isinstance(layer, Linear)])
print(errors, "  (with one example, the gradient of a bias is δ)")
np.testing.assert_allclose(errors, [0.03125, 0.0625, 0.125, 0.25])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A factor near one is not near enough

| factor | 10 layers | 30 layers | 100 layers |
|---|---|---|---|
| 0.5 | 0.001 | $10^{-9}$ | $10^{-30}$ |
| 0.9 | 0.35 | 0.04 | $3 \cdot 10^{-5}$ |
| 1.1 | 2.6 | 17 | 14,000 |
| 1.5 | 58 | 190,000 | $4 \cdot 10^{17}$ |

If it **vanishes**, the lowest layers hardly move, and what the upper ones learn, they learn from features that are
still random. If it **explodes**, one step throws the lowest layers far away. Neither is an error of the gradient: it is
computed right, to the last digit.
"""

# %% slideshow={"slide_type": "-"}
for factor in (0.5, 0.9, 1.1, 1.5):
    print(factor, [f"{factor**depth:.2g}" for depth in (10, 30, 100)])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What the deck says, and what is true

**Remark (a deck disagrees).** Deck 000 says that with "any value slightly less than 1 in Hadamard product" the signal
shrinks to nothing, and with "any value greater than 1" it overflows. Two things are wrong with that.

- Not *any* value decides but the **product** of all of them. A path on which the factors 2 and 0.4 take turns has many
  values greater than 1, and loses a fifth every two layers. One on which 0.8 and 1.5 take turns has many that are less
  than 1, and gains a fifth.
- The Hadamard product holds only the *slopes*. The **weights** stand in the product as well.
"""

# %% slideshow={"slide_type": "-"}
for turns in ([2, 0.4], [0.8, 1.5]):
    product = np.cumprod(np.tile(turns, 20))
    print(f"{turns[0]} and {turns[1]}: after 10 layers {product[9]:.3g}, after 40 layers {product[39]:.3g}")
    np.testing.assert_allclose(product[39], (turns[0] * turns[1]) ** 20)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### With many units: a product of matrices

$\delta^{(\ell)} = \bigl(\delta^{(\ell+1)} W^{(\ell+1)\top}\bigr) \cdot g'(a^{(\ell)})$. Now no single entry tells
anything. **By hand,** with slopes of 1:

$$W = \begin{pmatrix} 0 & 2 \\ 0.1 & 0 \end{pmatrix}, \qquad
(1,\ 1) \;\xrightarrow{\;W^\top\;}\; (2,\ 0.1) \;\xrightarrow{\;W^\top\;}\; (0.2,\ 0.2) .$$

The first layer makes the error longer, from 1.41 to 2.00, the second shorter, to 0.28. Two layers multiply by
$2 \cdot 0.1 = 0.2$: it vanishes, although a weight is 2. In the long run the largest *eigenvalue* decides, here
$\sqrt{0.2} = 0.45$ a layer; in a single layer it can be as much as the largest *singular value*, here 2.
"""

# %% slideshow={"slide_type": "-"}
W, delta = np.array([[0, 2], [0.1, 0]]), np.array([1.0, 1.0])
for layers in range(5):
    print(f"{layers} layers down: δ = {delta}, length {np.linalg.norm(delta):.3f}")
    delta = delta @ W.T
print("eigenvalue", np.abs(np.linalg.eigvals(W)).max().round(3), "  singular value", np.linalg.norm(W, 2))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The mean of what?

**Ask the class.** Every factor is 0.5 or 1.6, by the toss of a coin. Their mean is 1.05. Does a typical gradient vanish
or explode?
"""

# %% slideshow={"slide_type": "-"}
tosses = np.random.default_rng(0).choice([0.5, 1.6], size=(10_000, 60))
products = np.cumprod(tosses, axis=1)
for depth in (10, 30, 60):
    print(f"{depth} layers: half of the paths are below {np.median(products[:, depth - 1]):.2g},"
          f" {np.mean(products[:, depth - 1] < 1):.0%} of them below 1")
print("mean of the logarithms:", (np.log(0.5) + np.log(1.6)) / 2)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** It vanishes. A factor of each kind makes $0.5 \cdot 1.6 = 0.8$. Products follow the mean of the
*logarithms*, here $-0.11$, and not that of the factors. Zero is the border: below it gradients vanish, above it they
explode. That is the deck's sentence put right.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Measured: twenty layers

The same in real networks. Each has 20 hidden layers of 50 units; we send a batch through, come back, and look at the
length of the gradient of each layer's weights. Nothing is trained yet.
"""

# %% slideshow={"slide_type": "-"}
def deep(activation, initializer, *, depth=20, width=50, inputs=50, norm=None, seed=1):
    """A stack of linear layers and activations, with a normalisation between the two if one is given."""
    rng, parts = np.random.default_rng(seed), []
    for k in range(depth):
        parts.append(Linear(width if k else inputs, width, rng=rng, initializer=initializer))
        parts += [norm(width)] if norm else []
        parts.append(activation())
    return Sequential(*parts, Linear(width, 2, rng=rng))


def lengths(net, X, y):
    """The length of the gradient of every weight matrix, from the lowest layer to the highest."""
    _, gradient = SoftmaxCrossEntropy()(net.forward(X, training=True), y)
    net.backward(gradient)
    return [np.linalg.norm(g) for name, g in net.named_gradients().items() if name.endswith("weight")]

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(0)
X, y = rng.normal(size=(64, 50)), rng.integers(0, 2, 64)
cases = [("sigmoid, Xavier", Sigmoid, xavier_uniform, RED, ":"),
         ("ReLU, std 0.1", ReLU, normal(0.1), PINK, "-."),
         ("tanh, Xavier", Tanh, xavier_uniform, BLUE, "-"),
         ("ReLU, He", ReLU, he_normal, GREEN, "--"),
         ("ReLU, std 0.3", ReLU, normal(0.3), "black", (0, (1, 3)))]
fig, ax = plt.subplots()
for name, activation, initializer, color, dashes in cases:
    profile = lengths(deep(activation, initializer), X, y)
    ax.semilogy(range(1, 22), profile, color=color, linestyle=dashes, label=name)
ax.set(xlabel="layer (1 is the lowest)", ylabel="length of the gradient", xticks=range(1, 22, 4))
ax.legend(loc="upper left", bbox_to_anchor=(1, 1));

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** On a logarithmic axis a constant factor is a straight line. The sigmoids lose a factor of more than
four a layer: twelve orders of magnitude from top to bottom. Tanh and ReLU with the right first weights are nearly
level. ReLU with weights that are too small or too large is level as well, but at the wrong height: there every layer
scales the *activations* by the same factor as it scales the errors, and a weight's gradient is the product of the two.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** In the demo, a gradient of length 1 enters at the top and is followed down, $\partial J/\partial x$
at each layer. Twenty layers of sigmoids: how much of it arrives? And with ReLU and He's weights? Which of depth,
activation and first weights matters most?
"""

# %% slideshow={"slide_type": "-"}
widgets.vanishing_gradients()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Add layers: a level curve stays level, and a sloping one goes on to slope; the middle panel has the
factor of each layer, and what the theory of the next slides says. With sigmoids it lies just below $\tfrac14$, and
$10^{-13}$ arrives. Under ReLU, change the initialiser: "small normal" lets the gradient fall away, "large normal" lets
it shoot up, He's keeps it. Take sigmoids again, and no usual initialiser saves them: the slope is at most $\tfrac14$,
and weights large enough to make up for that saturate it.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Ask for a prediction of the slope of the sigmoid's line before you show it: 1/4 times the weights' factor. A common
mistake is to look at the height of a curve and not at its slope. Someone asks about skip connections: they put a 1 into
each factor, (1 + ...), which is why very deep networks have them; not part of this course.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Where to start: Xavier and He

The slopes come with the activation. The weights are ours to choose, at the start. A pre-activation is a sum over the
$D$ inputs of its layer, $a_m = \sum_d z_d w_{dm}$. With independent weights of mean zero,

$$\overline{a^2} = D \cdot \operatorname{Var}(w) \cdot \overline{z^2} .$$

So each layer multiplies the mean square by $D \operatorname{Var}(w)$. On the way back an error is a sum over the $M$
outputs, and is multiplied by $M \operatorname{Var}(w)$. Level on both ways would ask for $\operatorname{Var}(w) = 1/D$
*and* $1/M$:

$$\textbf{Xavier: } \operatorname{Var}(w) = \frac{2}{D + M} \text{ for tanh}, \qquad
\textbf{He: } \operatorname{Var}(w) = \frac{2}{D} \text{ for ReLU, which passes half of the mean square.}$$
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: ten linear layers of 200 units

| standard deviation of the weights | $D \operatorname{Var}(w)$ | mean square after 10 layers | its root |
|---|---|---|---|
| 0.05 | $200 \cdot 0.0025 = 0.5$ | $0.5^{10} = 1/1024$ | $1/32 = 0.031$ |
| $1/\sqrt{200} = 0.0707$ | $1$ | $1$ | $1$ |
| 0.1 | $2$ | $1024$ | $32$ |

Twice the deviation, from 0.05 to 0.1, and the output is a thousand times as large. The size of the first weights is no
detail.
"""

# %% slideshow={"slide_type": "-"}
X200 = np.random.default_rng(0).normal(size=(100, 200))
for std, expected in ((0.05, 1 / 32), (200**-0.5, 1), (0.1, 32)):
    rng = np.random.default_rng(1)
    linear = Sequential(*[Linear(200, 200, rng=rng, initializer=normal(std)) for _ in range(10)])
    root = np.sqrt(np.mean(linear.forward(X200) ** 2))
    print(f"std {std:.4f}: by hand {expected:7.3f}, measured {root:7.3f}")
    np.testing.assert_allclose(root, expected, rtol=0.25)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The half that ReLU passes

Of a pre-activation that is as often positive as negative, $\max(0, a)$ keeps the positive half of the mean square. So
$\overline{z^2}$ is multiplied by $\tfrac12 D \operatorname{Var}(w)$, and He's $2/D$ makes that 1. With Xavier, which is
$1/D$ for square layers, ReLU loses a half a layer: a thousandth after ten.
"""

# %% slideshow={"slide_type": "-"}
for name, initializer in (("Xavier", xavier_uniform), ("He", he_normal)):
    net = deep(ReLU, initializer, depth=10, width=200, inputs=200)
    z, squares = X200, []
    for layer in net.layers[:-1]:
        z = layer.forward(z)
        squares += [np.mean(z**2)] if isinstance(layer, ReLU) else []
    print(f"{name:6s} mean square after layers 1, 2, 3, 10:", np.array(squares)[[0, 1, 2, 9]])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Why not zero, then?

**Ask the class.** Why do we not start with all weights at zero, or all alike? What is the gradient of two hidden units
that are equal?
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
alike = Sequential(Linear(3, 4, rng=rng, initializer=zeros), Tanh(), Linear(4, 2, rng=rng, initializer=zeros))
alike[0].weight[:], alike[2].weight[:] = 0.5, [[0.3, -0.3]]
Xs, ys = rng.normal(size=(30, 3)), rng.integers(0, 2, 30)
fit(alike, SoftmaxCrossEntropy(), SGD(0.5), Xs, ys, epochs=50, batch_size=10, rng=rng)
print(alike[0].weight)
assert np.ptp(alike[0].weight, axis=1).max() < 1e-12

# %% [markdown] slideshow={"slide_type": "-"}
r"""
**What it shows.** The four columns are the four hidden units. They started alike, got the same gradients, and after 150
steps they are still one unit, four times over. Chance at the start is what makes units different. (Biases may start at
zero.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What it costs

Ten hidden layers of 20 units on the two moons, 40 epochs. The losses, and a guess for comparison, $\log 2 = 0.69$.
"""

# %% slideshow={"slide_type": "-"}
def train_deep(activation, initializer, norm=None, seed=3):
    rng = np.random.default_rng(seed)
    X, y = moons(300, rng=rng, noise=0.15)
    net = deep(activation, initializer, depth=10, width=20, inputs=2, norm=norm, seed=seed)
    return fit(net, SoftmaxCrossEntropy(), Momentum(0.01), X, y, epochs=40, batch_size=32, rng=rng).train_loss


fig, ax = plt.subplots()
for name, activation, initializer, color, dashes in cases[:4]:
    ax.plot(range(1, 41), train_deep(activation, initializer), color=color, linestyle=dashes, label=name)
ax.axhline(np.log(2), color="0.6", linewidth=1)
ax.set(xlabel="epoch", ylabel="training loss", ylim=(0, 0.8))
ax.legend();

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Two networks learn, and two do not learn at all: the same depth, data and optimizer. One of the two
that fail is made of ReLUs.

**Remark.** Deck 003 says that ReLU's "constant gradient is a big reason it beats sigmoid in deep nets". It is: a slope
of 1 does not shrink a product, one of at most $\tfrac14$ must. But the slope is only half of each factor, and it is 0
for half of the units. A ReLU network with small first weights is as dead as one of sigmoids. And a unit that is off for
*every* example has the gradient 0 for good: a *dead* unit.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Through time

A recurrent network reads a sequence step by step, and keeps a state:

$$a_t = x_t W + h_{t-1} U + b, \qquad h_t = g(a_t).$$

Unrolled in time it is a network as deep as the sequence is long, with one difference: every layer has **the same** $U$.
So the product is a power. From the last step back to step $t$, an error passes $T - t$ times through $U^\top$ and the
slopes.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
If $U$ is $c$ times a rotation and $g$ is the identity, a step multiplies the length of the error by exactly $c$:

$$\lVert s_t \rVert = c^{\,T-t}\, \lVert s_T \rVert, \qquad s_t = \frac{\partial J}{\partial h_t} .$$

**By hand:** $c = 0.5$ over 10 steps: $1/1024$. And $c = 2$: $1024$.
"""

# %% slideshow={"slide_type": "subslide"}
class Identity(Activation):
    """z = a, with slope 1: to see the matrices alone."""

    def value(self, a):
        return a

    def slope(self, a, z):
        return np.ones_like(a)

# %% slideshow={"slide_type": "-"}
def reach(c, steps, activation, *, states=8, seed=0):
    """The length of the state's gradient at every step, when the loss looks at the last one only."""
    rng = np.random.default_rng(seed)
    layer = Recurrent(1, states, rng=rng, activation=activation)
    layer.recurrent_weight = c * np.linalg.qr(rng.normal(size=(states, states)))[0]
    h = layer.forward(rng.normal(size=(16, steps, 1)))
    g = np.zeros_like(h)
    g[:, -1] = rng.normal(size=(16, states))
    layer.backward(g)
    return layer.gradient_norms() / layer.gradient_norms()[-1]

# %% slideshow={"slide_type": "subslide"}
np.testing.assert_allclose(reach(0.5, 11, Identity())[0], 1 / 1024)
np.testing.assert_allclose(reach(2.0, 11, Identity())[0], 1024)

fig, axes = plt.subplots(1, 2, sharey=True)
for ax, activation, title in ((axes[0], Identity(), "the matrices alone"), (axes[1], Tanh(), "with tanh")):
    for c, color, dashes in ((0.7, BLUE, "--"), (1.0, GREEN, "-"), (1.3, RED, "-.")):
        ax.semilogy(range(1, 41), reach(c, 40, activation), color=color, linestyle=dashes, label=f"c = {c}")
    ax.set(title=title, xlabel="step t", ylim=(1e-10, 1e6))
axes[0].set_ylabel(r"$\|s_t\|$, last step = 1")
axes[0].legend();

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** On the left straight lines: powers of $c$. On the right the slopes of tanh, which are below 1
wherever the state is not 0, pull every line down. With $c = 1$ the gradient now vanishes slowly. With $c = 1.3$, states
become large, tanh saturates, its slopes fall, and the explosion stops of itself. Here, too, the product of *all*
factors decides.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The loss looks at the last step only, and $\rho$ is the size of $U$'s largest eigenvalue. At
$\rho = 0.9$, after how many steps back is a tenth of the gradient left? Where does it explode, and where with tanh?
"""

# %% slideshow={"slide_type": "-"}
widgets.through_time()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Without an activation, move $\rho$ across 1: the gradient 59 steps back is $\rho^{59}$, and goes
through many orders of magnitude within a short way of the slider. ($0.9^k$ is a tenth after 22 steps; with tanh it is
one after 17.) Now tanh: it explodes much later, for the state grows and its slopes fall. Last, a Gaussian matrix in
place of the orthogonal one: its eigenvalues fill the circle, and the curve bends. There is no comfortable middle that
lasts: the longer the sequence, the narrower it becomes. That is deck 000's point: learning what depends on a remote
input "becomes near impossible" (Bengio and others, 1994).
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A memory test

The first input is $+1$ or $-1$; after that comes noise. At the end the network shall say what the first one was. Plain
gradient descent, gradients clipped to length 1, 16 states; $U$ starts as $c$ times a rotation. Guessing gives 0.5.
"""

# %% slideshow={"slide_type": "-"}
def remember(c, steps, seed=0):
    rng = np.random.default_rng(seed)

    def sequences(n):
        X, first = 0.5 * rng.normal(size=(n, steps, 1)), rng.integers(0, 2, n)
        X[:, 0, 0] = 2 * first - 1
        return X, first

    cell = Recurrent(1, 16, rng=rng)
    cell.recurrent_weight = c * np.linalg.qr(rng.normal(size=(16, 16)))[0]
    net = Sequential(cell, LastStep(), Linear(16, 2, rng=rng))
    fit(net, SoftmaxCrossEntropy(), SGD(0.1), *sequences(200), epochs=30, batch_size=50, rng=rng,
        clip=ClipByNorm(1.0))
    return evaluate(net, SoftmaxCrossEntropy(), *sequences(1000), [accuracy])["accuracy"]


for c in (0.7, 1.0):
    print(f"c = {c}:", ", ".join(f"{steps} steps {remember(c, steps):.2f}" for steps in (5, 10, 20, 40)))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** With $c = 0.7$ all is well over 10 steps, and nothing is learned over 20: $0.7^{20} = 0.0008$, and
the slopes of tanh come on top. With $c = 1$ it remembers over 40. Same network, same data, same optimizer.

**What clipping does about it** ([Lecture 6](L06_schedules_and_clipping.ipynb)). A gradient that has exploded still has
a direction, and clipping makes a step of reasonable length of it. One that has vanished has lost its information beside
that of the last few steps; to make it longer would make those longer, too. Clipping tames explosions. Against vanishing
help first weights, other architectures, such as gated cells and attention (where deck 003 goes on), and normalisation.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
If asked: Adam makes the test easier, because it makes small gradients large again as long as *all* of them are small.
Try it: replace SGD(0.1) by Adam(0.003). It pushes the border out, and does not remove it.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 18. Batch norm and layer norm

First weights set the size of the activations once. After a few steps nobody guarantees anything. **Normalisation** sets
it in every forward pass: bring a set of numbers to mean 0 and variance 1, then let the network choose both anew.

$$\hat x = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad x_\text{out} = \gamma\, \hat x + \beta .$$

$\gamma$ and $\beta$ are parameters, one pair for each feature; with $\gamma = \sqrt{\sigma^2 + \varepsilon}$ and
$\beta = \mu$ the layer would undo itself. The one question is: *which* numbers share a $\mu$ and a $\sigma$?

| | a mean over | so each | in training and after |
|---|---|---|---|
| **batch norm** | the examples of the batch | feature (column) is brought to 0 and 1 | differ |
| **layer norm** | the features of one example | example (row) is brought to 0 and 1 | are the same |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

The four numbers $1, 3, 5, 7$ with $\varepsilon = 4$ (large, so that the roots come out even), $\gamma = 3$,
$\beta = 2$:

| | |
|---|---|
| mean | $\mu = 4$ |
| variance | $\sigma^2 = (9 + 1 + 1 + 9)/4 = 5$, and $\sqrt{5 + 4} = 3$ |
| normalised | $\hat x = (-1,\ -\tfrac13,\ \tfrac13,\ 1)$ |
| out | $3 \hat x + 2 = (-1,\ 1,\ 3,\ 5)$ |

If they are one feature of four examples, a column, this was batch norm. If they are the four features of one example, a
row, it was layer norm.
"""

# %% slideshow={"slide_type": "-"}
numbers = np.array([1.0, 3.0, 5.0, 7.0])
batch, layer = BatchNorm(1, eps=4.0), LayerNorm(4, eps=4.0)
for norm in (batch, layer):
    norm.scale[:], norm.shift[:] = 3.0, 2.0
column = batch.forward(numbers[:, np.newaxis], training=True)
row = layer.forward(numbers[np.newaxis, :])
print(column.T, row)
np.testing.assert_allclose(column[:, 0], [-1, 1, 3, 5])
np.testing.assert_allclose(row[0], [-1, 1, 3, 5])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Two modes of batch norm

Afterwards an example may come alone, and what it gets must not depend on its company. So in training, batch norm
collects **running statistics** and uses them later:

$$\bar\mu \leftarrow m\,\bar\mu + (1 - m)\,\mu, \qquad
\bar\sigma^2 \leftarrow m\,\bar\sigma^2 + (1 - m)\,\tfrac{N}{N-1}\,\sigma^2 .$$

**By hand**, for the batch above, with $m = 0.9$ and a start at 0 and 1: $\bar\mu = 0.1 \cdot 4 = 0.4$ and
$\bar\sigma^2 = 0.9 + 0.1 \cdot \tfrac43 \cdot 5 = 1.567$. After one batch they are still far from 4 and 6.67. Each ten
batches bring them nearer by a factor of three.
"""

# %% slideshow={"slide_type": "-"}
print(batch.running_mean, batch.running_variance)
np.testing.assert_allclose([batch.running_mean[0], batch.running_variance[0]], [0.4, 0.9 + 0.1 * 20 / 3])

norm = BatchNorm(1)
for _ in range(50):
    norm.forward(numbers[:, np.newaxis], training=True)
for company in ([1.0, 3.0, 5.0], [100.0, 200.0, 300.0]):
    together = np.array([[7.0], *[[x] for x in company]])
    print(f"7 in the company of {company}: in evaluation {norm.forward(together)[0, 0]:.2f},",
          f"in training {norm.forward(together, training=True)[0, 0]:.2f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Mistakes of the two modes.** To evaluate in training mode: predictions depend on who else is in the batch. To train in
evaluation mode: nothing is normalised by what is there. To evaluate after a handful of batches: the running statistics
are still those of the start. And a batch of one example has no variance: every feature equals its mean, and comes out
as $\beta$.

**Remark.** Conventions again. Our momentum $m = 0.9$ is the share of the old value that stays, as in the optimizers and
in Keras. PyTorch's `momentum=0.1` is the share of the new one: the same thing. And the batch is normalised with $1/N$
while the running variance collects $1/(N-1)$, in PyTorch and here; Keras takes $1/N$ for both.

**Remark (a deck disagrees).** Deck 003 lists normalisation among its goals as a way to "fight overfitting". On its
slide it stands elsewhere, under "stay stable". The slide is right: what it is for is the size of activations and
gradients. That the company in each batch is drawn by lot adds some noise, which regularises a little, as dropout does;
layer norm has no such noise.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### How noisy is a batch?

One example, in the company of others drawn anew 500 times. How far does its normalised value move?
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
for n in (2, 8, 32, 128):
    companies = rng.normal(size=(500, n, 1))
    companies[:, 0] = 1.0
    values = [BatchNorm(1).forward(company, training=True)[0, 0] for company in companies]
    print(f"batches of {n:3d}: {np.mean(values):.2f} ± {np.std(values):.2f}")

# %% [markdown] slideshow={"slide_type": "-"}
r"""
**What it shows.** With 128 examples it is 1, give or take a tenth. With two examples it is always $+1$ or $-1$: all
that is left is which of the two is larger. Small batches and batch norm do not go together; layer norm does not care.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The way back

$\mu$ and $\sigma$ depend on $x$, so a gradient goes back through them as well. With $\hat g = \gamma\, g_\text{out}$
and a bar for the same mean that $\mu$ is,

$$g_\text{in} = \frac{\hat g - \overline{\hat g} - \hat x\; \overline{\hat g\, \hat x}}{\sqrt{\sigma^2 + \varepsilon}} .$$

Two things are taken out of the gradient: its mean, for a shift of all $x$ changes nothing, and its share along
$\hat x$, for a stretch of all $x$ changes (almost) nothing. Problem set 10 derives it, in three ways from $x$ to the
output. Here we check it, against central differences with a *random* upstream gradient; with ones it would be 0
everywhere, and prove nothing.
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
X5 = rng.normal(size=(6, 3)) + [0, 10, -5]
print(gradient_check(BatchNorm(3), X5, rng=rng, training=True))
print(gradient_check(LayerNorm(3), X5, rng=rng))
norm = BatchNorm(3)
norm.forward(X5, training=True)
print("with ones:", np.abs(norm.backward(np.ones((6, 3)))).max())

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What it does to the weights below

Multiply the weights before a batch norm by 10: $\mu$ and $\sigma$ become 10 times as large, and the output stays as it
is. So the loss does not depend on the weights' size, and its gradient becomes 10 times **smaller**. Weights that have
grown are moved less: it steadies itself.

And a bias before it is taken out again with the mean: its gradient is 0, the layer's $\beta$ does its work.
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
pair = Sequential(Linear(4, 3, rng=rng), BatchNorm(3, eps=1e-12))
X4, g = rng.normal(size=(20, 4)), rng.normal(size=(20, 3))
found = []
for factor in (1, 10):
    pair[0].weight *= factor
    out = pair.forward(X4, training=True)
    pair.backward(g)
    found.append((out, pair[0].weight_gradient.copy()))
np.testing.assert_allclose(found[1][0], found[0][0], atol=1e-9)
np.testing.assert_allclose(found[1][1], found[0][1] / 10, atol=1e-9)
print("the bias's gradient:", np.abs(pair[0].bias_gradient).max().round(12))

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Ask what an L2 penalty (Lecture 7) on weights before a batch norm can do: it cannot make the function simpler, since
their size does not matter. It makes them smaller and so their steps larger: it works as a learning rate.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Depth, with and without

The twenty layers again, of ReLUs that start too small (standard deviation 0.1), with a normalisation between `Linear`
and `ReLU`.
"""

# %% slideshow={"slide_type": "-"}
fig, ax = plt.subplots()
for name, norm, color, dashes in (("none", None, PINK, "-."), ("batch norm", BatchNorm, BLUE, "-"),
                                  ("layer norm", LayerNorm, GREEN, "--")):
    profile = lengths(deep(ReLU, normal(0.1), norm=norm), X, y)
    ax.semilogy(range(1, 22), profile, color=color, linestyle=dashes, label=name)
ax.set(xlabel="layer (1 is the lowest)", ylabel="length of the gradient", xticks=range(1, 22, 4))
ax.legend(loc="upper left", bbox_to_anchor=(1, 1));

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Without it, the gradient is far too small from top to bottom. Layer norm makes it level, as if the
first weights had been right. Batch norm lifts it, too, but look closely: it *rises* towards the lowest layers, here by
about a quarter a layer. It is no guarantee of a level gradient, and in a network of hundreds of layers it explodes at
the start.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Now the activations themselves, as histograms of layers 1, 4 and 8, without and with a normalisation.
What becomes of tanh in layer 8 when the weights are a quarter of Xavier's? Four times? And what after the switch to
evaluation, when no batch has been seen in training yet?
"""

# %% slideshow={"slide_type": "-"}
widgets.normalization()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Without normalisation, small weights draw the histograms together layer by layer until layer 8 is a
needle at zero: all examples look alike. Large ones drive tanh to its ends, $-1$ and $+1$, where the slope is nothing.
With it, layer 8 looks nearly like layer 1, wherever the slider for the weights stands: the size has been divided out,
as the formula says. Then switch to evaluation, and turn the batches seen in training down to none: the running
statistics are still 0 and 1, and batch norm does nothing. Layer norm has nothing to switch.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What training makes of it

Ten layers on the moons, as before: the mean loss of the last epoch, with first weights that do not suit and with ones
that do.
"""

# %% slideshow={"slide_type": "-"}
print(f"{'':22s}{'none':>12s}{'batch norm':>12s}{'layer norm':>12s}")
for name, activation, initializer in (("sigmoid, Xavier", Sigmoid, xavier_uniform),
                                      ("ReLU, std 0.1", ReLU, normal(0.1)),
                                      ("tanh, std 0.05", Tanh, normal(0.05)),
                                      ("ReLU, He", ReLU, he_normal)):
    row = [train_deep(activation, initializer, norm)[-1] for norm in (None, BatchNorm, LayerNorm)]
    print(f"{name:22s}" + "".join(f"{loss:12.3f}" for loss in row))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Where the first weights do not suit, batch norm turns a network that learns nothing into one that
learns. Where He's weights were right from the start (the last row), this small network needs neither.

Layer norm seems to help little. But remember what a normalisation does to the weights below: where they are a third as
large, their gradients are three times as large, so each weight moves nine times as far for its size. The *learning
rate* is too large now. Change it to 0.001 in `train_deep`, and the two rows of small weights learn with layer norm,
too. (Not the sigmoids, whose examples all look alike after ten layers: an average over the features of one example does
not hold different examples apart, and one over the examples does.)

**Which one?** Batch norm between `Linear` and activation, for images and batches of 32 or more. Layer norm for
sequences, where an input of shape (N, T, D) is normalised over D at every step, for small batches, and where training
and use must not differ.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

1. On a path, factors 3 and 0.3 take turns. Does the gradient vanish or explode, and what would deck 000 say?

   <details><summary>Answer</summary>

   It vanishes: two layers multiply by 0.9. The deck's sentence says both at once, since some values are above 1 and
   some below.

   </details>

2. A ReLU layer has 400 inputs and 100 outputs. Which standard deviation would He choose? And Xavier, for tanh?

   <details><summary>Answer</summary>

   He: $\sqrt{2/400} = 0.071$. Xavier: $\sqrt{2/500} = 0.063$.

   </details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
3. Your recurrent network's loss jumps up every few hundred steps, then recovers. What do you try first?

   <details><summary>Answer</summary>

   Clipping the gradient by its norm: single gradients explode. It would not help if the network failed to remember.

   </details>

4. In X of shape (N, D) = (32, 10): how many means does batch norm compute, and how many layer norm?

   <details><summary>Answer</summary>

   Batch norm 10, one for each feature; layer norm 32, one for each example.

   </details>

5. A network with batch norm is accurate in training, and poor when images come one at a time. Where do you look?

   <details><summary>Answer</summary>

   At the mode: it is still in training mode and normalises each image by itself. Or the running statistics are not
   those of the data.

   </details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- A gradient at depth is a product of weights and slopes. The mean of the logarithms decides: below zero it vanishes,
  above it explodes.
- First weights set the product: variance $2/(D+M)$ for tanh, $2/D$ for ReLU, and never all alike.
- Through time the same matrix comes again at every step: a power. Clipping tames the explosion and not the vanishing.
- Batch norm averages over examples and has two modes; layer norm averages over features and has one.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 10](../exercises/ps10_depth/ps10_depth.ipynb): you measure gradients layer by layer, write both
  initialisers, batch norm forward and back, layer norm, and then a network of your own.
- [Lecture 9](L09_what_to_use_when.ipynb): when a network is the right tool at all.
  [Lecture 6](L06_schedules_and_clipping.ipynb) has clipping, [Lecture 3](L03_backpropagation.ipynb) the recursion of
  $\delta$.
- In the library: `course.initializers`, `course.layers.BatchNorm`, `LayerNorm` and `Recurrent`.
- Decks: 000 ("The Vanishing Gradient Problem"), 003 ("Making training generalize & stay stable", "The sigmoid
  derivative trick"). Papers: Glorot and Bengio (2010); He and others (2015); Ioffe and Szegedy (2015), Batch
  normalization; Ba, Kiros and Hinton (2016), Layer normalization; Pascanu, Mikolov and Bengio (2013) on recurrent
  networks.
"""
