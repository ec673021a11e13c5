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
#     number: 5
#     minutes: 75
#     topics: [13, 14]
#     problem_sets: [ps07_gradient_descent, ps08_optimizers]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 5: batches and optimizers

How many examples does a step look at? And what should it remember of the steps before?
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- say what batch, stochastic and mini-batch gradient descent do with the same data, and what an epoch is,
- compute how noisy the gradient of a batch is, and why the noise matters most at the end,
- start a network so that its hidden units can become different, and say when to stop,
- write the rule of the heavy ball and of its nine relations, and take their first steps by hand,
- say for which rates a ball in a ravine stays inside, and when momentum helps or hurts,
- explain what Adam's bias correction corrects, and run an optimizer of your own beside the library's.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Before: [Lecture 4, losses and gradient descent](L04_losses_and_gradient_descent.ipynb).
After: [Lecture 6, schedules and clipping](L06_schedules_and_clipping.ipynb), with
[Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb) (gradient descent) and
[Problem set 8](../exercises/ps08_optimizers/ps08_optimizers.ipynb) (optimizers).

**Notation.** $N$ examples, $b$ of them in a batch; $g$ the gradient of the loss by a weight $w$; $\eta$ the learning rate;
$v$ the velocity; $\lambda$ a curvature; $t = 1, 2, 3, \dots$ counts the steps. What is squared, divided or rooted is so
entry by entry: each weight by itself.
"""

# %% slideshow={"slide_type": "-"}
from itertools import combinations
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np

from course import Linear, NoImprovement, Sequential, SoftmaxCrossEntropy, Standardizer, Tanh
from course import evaluate, fit, initializers, minibatches, spam, training_step, widgets
from course.optimizers import SGD, Adadelta, Adagrad, Adam, AdaMax, AdamW, Momentum, Nadam, Nesterov
from course.optimizers import Optimizer, RMSprop

plt.rcParams.update({"font.size": 14, "lines.linewidth": 2.5, "figure.figsize": (9, 4.2)})
plt.rcParams["figure.constrained_layout.use"] = True
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
np.set_printoptions(precision=4, suppress=True)

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Minutes: batches 25 (the six pairs by hand are worth their five), momentum 20, the adaptive family 20, comparison and quiz
ten. If time is short, leave out "Is noise a friend?" and AdaMax and Nadam. What goes wrong on stage: "momentum" is heard as
the exponential average that half of the room has seen elsewhere. Put the heavy ball on the board first, and the table of
conventions after it.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 13. Batch, stochastic, mini-batch

The loss is a mean over all $N$ examples, and so is its gradient. With a million examples, a single exact step means looking
at a million examples: much work, to go a little way in a direction that will soon be out of date.

But a mean can be *estimated*. Ask fifty people and not the whole town. The answer is a little wrong each time, and right on
average, and you can ask again after every step.

| | examples in a step | steps in a walk through the data | the gradient |
|---|---|---|---|
| **batch** gradient descent | all $N$ | 1 | exact |
| **stochastic** gradient descent | 1 | $N$ | right on average, very noisy |
| **mini-batch** gradient descent | $b$, such as 32 or 64 | $N/b$ | right on average, less noisy |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 003 has these three names, and its *batch* gradient descent uses *all* the examples.
Deck 002 calls any subset a batch, and everything that uses one *stochastic* gradient descent; deck 004 keeps that name for
a single example. Libraries call the plain rule $w \leftarrow w - \eta g$ "SGD" whatever $g$ comes from. In the course
`batch_size` says it: `None` for all examples, a number otherwise; and the class `SGD` is the plain rule.

In symbols, with a random set $B$ of $b$ examples:

$$g_B = \frac1b \sum_{n \in B} \frac{\partial \ell_n}{\partial w}, \qquad E[g_B] = g, \qquad
E\,\lVert g_B - g \rVert^2 = \frac{\sigma^2}{b} \cdot \frac{N - b}{N - 1}$$

where $\sigma^2$ is the mean of $\lVert g_n - g \rVert^2$ over single examples. The last factor is 1 for $b = 1$ and 0 for
$b = N$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: four examples, six pairs

A model with a single weight, $\hat y = w$, with loss $\frac12 (w - y)^2$ and targets $1, 2, 3, 6$. At $w = 0$ the four
gradients are $-1, -2, -3, -6$. Their mean is $g = -3$, and $\sigma^2 = \frac14 (2^2 + 1^2 + 0^2 + 3^2) = 3.5$.

Batches of two, all six of them: $-1.5,\ -2,\ -3.5,\ -2.5,\ -4,\ -4.5$.

- Their mean is $-18/6 = -3$: right on average.
- Their variance is $\frac16 (2.25 + 1 + 0.25 + 0.25 + 1 + 2.25) = \frac76$, and the formula says
  $\frac{3.5}{2} \cdot \frac{4 - 2}{4 - 1} = \frac76$.
"""

# %% slideshow={"slide_type": "-"}
slopes = -np.array([1.0, 2.0, 3.0, 6.0])
for b in (1, 2, 3, 4):
    of_batches = np.array([np.mean(batch) for batch in combinations(slopes, b)])
    formula = slopes.var() / b * (4 - b) / 3
    found = f"mean {of_batches.mean():.2f}, variance {of_batches.var():.4f}"
    print(f"b = {b}: {len(of_batches)} batches, {found}")
    np.testing.assert_allclose([of_batches.mean(), of_batches.var()], [-3, formula], atol=1e-12)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What does a larger batch buy?

The size of the noise is the root of the variance, about $\sigma/\sqrt b$. So a batch that is **100 times as large costs 100
times as much, and is 10 times less noisy.** That is a bad bargain, as long as the noise is not what holds you back.

Does the formula hold for a network? Below, the gradient of the spam classifier (lecture 4), all 42 parameters, from many
random batches.
"""

# %% slideshow={"slide_type": "subslide"}
def spam_data(n, rng):
    """Messages of deck 003, with the logarithm of the length, both features on one scale."""
    X, y = spam(n, rng=rng)
    X[:, 0] = np.log(X[:, 0])
    return Standardizer(X)(X), y


def spam_network(seed=0, hidden=8, **named):
    rng = np.random.default_rng(seed)
    return Sequential(Linear(2, hidden, rng=rng, **named), Tanh(), Linear(hidden, 2, rng=rng))


def gradient(network, x, t):
    _, g = loss(network.forward(x, training=True), t)
    network.backward_to_parameters(g)
    return network.gradients.copy()


loss, (X, y) = SoftmaxCrossEntropy(), spam_data(400, np.random.default_rng(1))

# %% slideshow={"slide_type": "subslide"}
network, rng = spam_network(), np.random.default_rng(0)
exact = gradient(network, X, y)
single = np.array([gradient(network, X[[n]], y[[n]]) for n in range(400)])
variance = np.mean(np.sum((single - exact) ** 2, axis=1))
sizes, noise = [1, 4, 16, 64, 256], []
for b in sizes:
    draws = [rng.choice(400, b, replace=False) for _ in range(300)]
    errors = np.array([gradient(network, X[rows], y[rows]) - exact for rows in draws])
    noise.append(np.sqrt(np.mean(np.sum(errors**2, axis=1))))
formula = np.sqrt([variance / b * (400 - b) / 399 for b in sizes])
np.testing.assert_allclose(noise, formula, rtol=0.2)
fig, ax = plt.subplots()
ax.loglog(sizes, formula, "--", color=BLUE, label="formula")
ax.loglog(sizes, noise, "o", color=VERMILLION, markersize=10, label="measured")
ax.axhline(np.linalg.norm(exact), color="0.5", label="length of the exact gradient")
ax.set(xlabel="batch size", ylabel="size of the noise")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Epochs

One walk through all examples is an **epoch**. Draw a new random order, cut it into batches, and take one step for each; the
last batch holds what is left over. Every example counts exactly once.

An epoch costs about the same for every batch size. What differs is how many *steps* it buys: $\lceil N/b \rceil$.

**Remark (a deck disagrees).** Deck 004 draws a fresh random batch at every step and never speaks of epochs. That is right
on average as well, but some examples then come several times before others come at all. [Problem set
7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb) asks how many are missed.
"""

# %% slideshow={"slide_type": "-"}
numbers = np.arange(10.0).reshape(10, 1)
for epoch in (1, 2):
    batches = [x.ravel().astype(int).tolist() for x, _ in minibatches(numbers, numbers, 4, rng=rng)]
    print(f"epoch {epoch}: {batches}")
    assert sorted(sum(batches, [])) == list(range(10))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: what one epoch buys

The line of lecture 4, $\hat y = wx + b$, with the points $(-1, 1)$ and $(1, 3)$, from $(w, b) = (0, 0)$ with $\eta =
\frac12$. The best line is $(1, 2)$.

- **Batch.** One step, with the mean of both gradients: to $(0.5,\ 1)$. Half of the way.
- **Stochastic.** First the point $(-1, 1)$: error $-1$, gradient $(1,\ -1)$, so to $(-0.5,\ 0.5)$. In $w$ that is *away*
  from the goal. Then the point $(1, 3)$: the line says $0$, error $-3$, gradient $(-3,\ -3)$, so to $(1,\ 2)$. All of the
  way.

That the second one arrives exactly is luck: the line fits both points, and the two inputs are at right angles. But the
point stands: for the same work there were two steps, and the second already knew what the first had done.
"""

# %% slideshow={"slide_type": "-"}
points, w_and_b, optimizer = [((-1.0, 1.0), 1.0), ((1.0, 1.0), 3.0)], np.zeros(2), SGD(0.5)
for inputs, target in points:  # the second input is 1, for the bias
    inputs = np.array(inputs)
    optimizer.step(w_and_b, (inputs @ w_and_b - target) * inputs)
    print("w, b =", w_and_b)
np.testing.assert_allclose(w_and_b, [1, 2])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The same on the spam classifier

Twenty epochs each, with the same start and the same rate. The work of an epoch is the same; the clock says otherwise for
small batches, because each step has a fixed cost besides, in Python as on a graphics card. That is why one takes 32 or 64,
and not 1.
"""

# %% slideshow={"slide_type": "-"}
for batch_size in (None, 64, 16, 4, 1):
    network, optimizer = spam_network(), SGD(0.3)
    begin = perf_counter()
    fit(network, loss, optimizer, X, y, epochs=20, batch_size=batch_size, rng=np.random.default_rng(0))
    seconds = perf_counter() - begin
    final = evaluate(network, loss, X, y)["loss"]
    print(f"batch size {batch_size or 'all':>3}: {optimizer.t:5} steps, {seconds:5.2f} s, loss {final:.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** A line is fitted to 64 points, in batches of one, of a few, or of all. After four epochs, which path is
the straightest, and which has come farthest? And does the answer change when the runs are given the same *time*?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.batch_size()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** With all 64 in a batch the path is smooth, and after four epochs, which are four steps, it has hardly
begun. Make the batch smaller: the directions spread (the middle picture counts how many batches point downhill at all), the
same epochs cover more of the way, and near the minimum the path does not settle. Its cloud grows with the learning rate.
Then compare at equal time: each step has a fixed cost, so a batch of one now takes fewer steps than its examples would
suggest, and the best batch size lies in between.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Why the noise matters at the end

Far away the gradient is long, and the noise small beside it. At the minimum the mean gradient is zero, but those of the
single examples are not: a step there is nothing but noise. How far is $w$ thrown?

On a parabola with curvature $\lambda$, and noise of variance $s^2$ in the gradient, a step is $w \leftarrow (1 -
\eta\lambda) w - \eta \xi$. The variance of $w$ comes to rest where it reproduces itself, $V = (1 - \eta\lambda)^2 V +
\eta^2 s^2$:

$$V = \frac{\eta\, s^2}{\lambda\,(2 - \eta\lambda)} \approx \frac{\eta s^2}{2\lambda} .$$

By hand: $\lambda = 1$, $s^2 = 3$, $\eta = 0.5$ gives $V = 1.5/1.5 = 1$. So **half the rate, or twice the batch, halves the
cloud.** Lecture 6 lets the rate fall for this reason.
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
for rate in (0.5, 0.25, 0.05):
    w, optimizer = np.zeros(20_000), SGD(rate)  # twenty thousand walkers, side by side
    for _ in range(150):
        optimizer.step(w, w + np.sqrt(3) * rng.standard_normal(w.size))
    V = rate * 3 / (2 - rate)
    print(f"η = {rate:4}: variance of w {w.var():.4f}, formula {V:.4f}")
    np.testing.assert_allclose(w.var(), V, rtol=0.05)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Is noise a friend?

Deck 003 says that noise helps to escape from local minima; deck 002 adds that it regularises by the way, and that updates
with much variance are unstable. All three are so, depending on how much. Below: two valleys, $J(w) = \frac14 w^4 - \frac12
w^2 + 0.2\,w$, of which the left one is deeper. Two thousand walkers start in the right one.
"""

# %% slideshow={"slide_type": "-"}
for noise_size in (0, 0.5, 1, 2, 4):
    rng, w, optimizer = np.random.default_rng(0), np.ones(2000), SGD(0.1)
    for _ in range(500):
        optimizer.step(w, w**3 - w + 0.2 + noise_size * rng.standard_normal(w.size))
    print(f"noise {noise_size:3}: {np.mean(w < 0):4.0%} are on the deeper side, spread {w.std():.2f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Without noise nobody leaves the shallow valley. With some, most find the deeper one and stay there. With much, they are
everywhere, and the answer is hardly better than a coin.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The algorithm of deck 004, line by line

> Randomly initialise θ. Do until **stopping criterion**: pick a batch, compute the gradient of its loss, update. Return θ.

**Why randomly?** Two hidden units that start with the same weights get the same gradient, take the same step, and stay the
same for ever: the network has in truth one hidden unit. If all weights start at zero, it is worse: the hidden units receive
$W^{(2)} \delta = 0$ and give out $z = 0$, so no weight moves at all. Only the output biases learn.

A random start breaks the tie. *How large* the random numbers should be is a question of depth: lecture 8.
"""

# %% slideshow={"slide_type": "-"}
def halves(shape, *, rng):
    return np.full(shape, 0.5)


starts = {"zeros": initializers.zeros, "all 0.5": halves, "random": initializers.xavier_uniform}
for name, initializer in starts.items():
    rng = np.random.default_rng(0)
    first = Linear(2, 4, rng=rng, initializer=initializer)
    last = Linear(4, 2, rng=rng, initializer=initializer)
    network = Sequential(first, Tanh(), last)
    last.weight = last.weight * [[1, -1]]  # the two classes may differ
    fit(network, loss, SGD(1.0), X, y, epochs=200, batch_size=None, rng=rng)
    units = len(np.unique(first.weight.round(6), axis=1).T)
    print(f"{name:8} loss {loss(network.forward(X), y)[0]:.3f}, different hidden units: {units}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**When to stop?** The deck leaves it open. What people use:

| criterion | library | mind |
|---|---|---|
| a number of epochs | `epochs=…` | simple, and a guess |
| the loss is small enough | `LossBelow(0.2)` | may never happen |
| the gradient is nearly zero | `GradientBelow(1e-3)` | for full batches only: with small ones it never is |
| no improvement for some epochs | `NoImprovement(patience=5)` | one bad epoch is an accident, five are a sign |
| the *validation* loss no longer falls | `EarlyStopping` | lecture 7: it stops before harm is done |
"""

# %% slideshow={"slide_type": "-"}
network = spam_network()
history = fit(
    network, loss, SGD(0.5), X, y, epochs=500, batch_size=32, rng=np.random.default_rng(0),
    callbacks=[NoImprovement(patience=5, by=1e-3)],
)
print(history)

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 14. Momentum and its descendants

Lecture 4 ended in a ravine: steep walls, a floor that falls gently, and one learning rate that must serve both. Plain
gradient descent looks at the slope under its feet, takes its step, and forgets.

A **heavy ball** does not forget. It has a velocity; the slope only changes it, and friction wears it down. Along the floor
all slopes agree, and the ball gathers speed. From wall to wall they contradict each other, and cancel.

$$v \leftarrow \beta v - \eta g, \qquad w \leftarrow w + v, \qquad 0 \le \beta < 1 .$$

Put the first rule into itself, and you see what the ball remembers: $v_t = -\eta\,(g_t + \beta g_{t-1} + \beta^2 g_{t-2} +
\dots)$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: a constant slope

$g = 1$ at every step, $\eta = 0.1$, $\beta = 0.9$, from $w = 0$.

| step | $v \leftarrow 0.9\,v - 0.1$ | $w \leftarrow w + v$ | plain gradient descent |
|---|---|---|---|
| 1 | $-0.1$ | $-0.1$ | $-0.1$ |
| 2 | $-0.19$ | $-0.29$ | $-0.2$ |
| 3 | $-0.271$ | $-0.561$ | $-0.3$ |
| … | | | |
| limit | $-0.1/(1 - 0.9) = -1$ | ten times as fast | |

The speed stops growing where friction takes as much as the slope gives: $v = \beta v - \eta g$, so $v = -\eta g/(1 -
\beta)$. It takes about $1/(1 - \beta)$ steps to get there.
"""

# %% slideshow={"slide_type": "subslide"}
w, ball, places = np.array([0.0]), Momentum(0.1, momentum=0.9), []
for _ in range(60):
    ball.step(w, np.array([1.0]))
    places.append(float(w[0]))
print("first places:", np.round(places[:3], 4), " speed after 60 steps:", round(places[-2] - places[-1], 3))
np.testing.assert_allclose(places[:3], [-0.1, -0.29, -0.561])

for beta in (0.0, 0.5, 0.9, 0.99):  # and a slope that turns round at every step, as from wall to wall
    steps = {"constant": 0.0, "alternating": 0.0}
    for name, sign in {"constant": 1.0, "alternating": -1.0}.items():
        w, ball = np.array([0.0]), Momentum(0.1, momentum=beta)
        for t in range(1001):
            before = w[0]
            ball.step(w, np.array([sign**t]))
        steps[name] = abs(w[0] - before)
    print(f"β = {beta:4}: " + ", ".join(f"step {length:.4f} if {name}" for name, length in steps.items()))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Conventions

| who | rule | under a constant $g$ |
|---|---|---|
| **this course**, deck 003 | $v \leftarrow \beta v - \eta g,\; w \leftarrow w + v$ | $-\eta g/(1-\beta)$ |
| many texts | $m \leftarrow \beta m + (1-\beta) g,\; w \leftarrow w - \eta m$ | $-\eta g$ |
| PyTorch | $u \leftarrow \beta u + g,\; w \leftarrow w - \eta u$ | $-\eta g/(1-\beta)$ |
| deck 002, as printed | $\theta \leftarrow \theta - \eta \nabla f - \alpha m$ | what is $m$? |

With $\beta = 0.9$ the same $\eta$ means ten times as much in the first row as in the second.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 002 does not define $m$. If it is the last change of θ, the minus sign pushes *against*
the last step, though the words say "in direction of previous update": under a constant slope the steps then shrink to
$\eta g/(1 + \alpha)$. Deck 003 prints the heavy ball and calls the velocity an exponentially weighted average; its weights
$1, \beta, \beta^2, \dots$ sum to $1/(1-\beta)$, so that it is a *sum*, not an average.
"""

# %% slideshow={"slide_type": "-"}
eta, beta, g = 0.1, 0.9, 1.0
heavy = average = outside = printed = 0.0
for _ in range(300):
    heavy = beta * heavy - eta * g  # each is the change of w
    average = beta * average - eta * (1 - beta) * g
    outside = beta * outside + g
    printed = -eta * g - beta * printed
print(f"heavy ball {heavy:.3f}, average {average:.3f}, PyTorch {-eta * outside:.3f}, deck 002 {printed:.4f}")
np.testing.assert_allclose([heavy, average, -eta * outside, printed], [-1, -0.1, -1, -0.1 / 1.9])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### When does the ball stay in the ravine?

On a parabola the places obey $w_{t+1} = (1 + \beta - \eta\lambda)\, w_t - \beta\, w_{t-1}$. Try $w_t = z^t$:

$$z^2 - (1 + \beta - \eta\lambda)\, z + \beta = 0 .$$

The ball comes to rest if both roots are smaller than 1 in size. That fails first at $z = -1$, leaping from side to side.
Put $-1$ in: $2 + 2\beta - \eta\lambda = 0$, so **the boundary is $\eta\lambda = 2 + 2\beta$**. With $\beta = 0.9$ it is
3.8, nearly twice that of plain gradient descent.

Better still: the product of the roots is $\beta$. Where they are a complex pair, both have size $\sqrt\beta$, *whatever the
curvature*: for $(1 - \sqrt\beta)^2 < \eta\lambda < (1 + \sqrt\beta)^2$ every direction shrinks at the same pace.
"""

# %% slideshow={"slide_type": "-"}
beta = 0.9
for product in (0.001, 0.01, 0.5, 2.0, 3.79, 3.81):
    size = np.abs(np.roots([1, -(1 + beta - product), beta])).max()
    w, ball = np.array([1.0]), Momentum(product, momentum=beta)  # curvature 1
    for _ in range(200):
        ball.step(w, w.copy())
    print(f"ηλ = {product:5}: larger root {size:.4f}, after 200 steps |w| = {abs(w[0]):.1e}")
print(f"√β = {np.sqrt(beta):.4f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: the best ball for a ravine

Curvatures 1 along and 25 across, so $\kappa = 25$. Both ends of the interval should be met at once: $\eta \cdot 1 = (1 -
\sqrt\beta)^2$ and $\eta \cdot 25 = (1 + \sqrt\beta)^2$. Divide, take the root: $5 = \frac{1 + \sqrt\beta}{1 - \sqrt\beta}$,
so $\sqrt\beta = \frac23$, $\beta = \frac49$ and $\eta = \frac19$.

| | factor of a step | steps for one digit |
|---|---|---|
| gradient descent at its best, $\eta = 2/26$ | $\frac{\kappa - 1}{\kappa + 1} = \frac{24}{26} = 0.923$ | 29 |
| heavy ball at its best | $\sqrt\beta = \frac{\sqrt\kappa - 1}{\sqrt\kappa + 1} = \frac46 = 0.667$ | 6 |

Momentum replaces the condition number by its **square root**.
"""

# %% slideshow={"slide_type": "subslide"}
curvature = np.array([1.0, 25.0])


def descend(optimizer, steps, start=(-10.0, 1.8)):
    """Walk down the ravine ½(w₀² + 25 w₁²); return every place, an array of shape (steps + 1, 2)."""
    places = [np.array(start)]
    for _ in range(steps):
        w = places[-1].copy()
        optimizer.step(w, curvature * w)
        places.append(w)
    return np.array(places)


def height(places):
    return 0.5 * (places**2 @ curvature)


best = {"gradient descent": SGD(2 / 26), "heavy ball": Momentum(1 / 9, momentum=4 / 9)}
for name, optimizer in best.items():
    heights = height(descend(optimizer, 120))
    print(f"{name:17} steps to a height of 1e-6: {np.argmax(heights < 1e-6)}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Two sliders, momentum and learning rate. With $\beta = 0$, at which rate does the ball leave the ravine?
And when I raise $\beta$ to 0.9: will it leave earlier or later? Vote before I move anything; a heavier ball sounds more
dangerous.
"""

# %% slideshow={"slide_type": "subslide"}
widgets.ravine()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** With β = 0 the boundary is 2/λ of the steepest direction. Raise β and it moves *out*, to $(2 +
2\beta)/\lambda$, the dashed line on the map: across the ravine the velocity points the other way from the slope, and
brakes. The fastest place is well inside, where both directions shrink by $\sqrt\beta$. Raise β further, and the ball runs
past the minimum and swings: for β = 0.99 the pace is 0.995. Then try the other landscapes with a small rate, without and
with momentum: in the bent valleys of Rosenbrock and Beale, where plain gradient descent creeps, the ball gets along.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Help or hurt

"Can help or hurt", says deck 002, "strength is a hyperparameter". Here is the strength against the height, in the ravine
and at one fixed rate. [Problem set 8](../exercises/ps08_optimizers/ps08_optimizers.ipynb) asks you for the reasons.
"""

# %% slideshow={"slide_type": "-"}
fig, ax = plt.subplots()
looks = {0.0: (BLUE, "-"), 0.5: (GREEN, "--"), 0.9: (VERMILLION, "-."), 0.99: (PURPLE, ":")}
for beta, (colour, dashes) in looks.items():
    heights = height(descend(Momentum(0.07, momentum=beta), 150))
    ax.semilogy(heights, dashes, color=colour, label=f"β = {beta:g}")
    print(f"β = {beta:4}: height {heights[20]:9.2e} after 20 steps, {heights[150]:9.2e} after 150")
ax.set(xlabel="step", ylabel="height", ylim=(1e-9, 1e3))
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Nesterov: look where you are going

The ball is going to move by $\beta v$ whatever the slope says. So look at the slope *there*:

$$v \leftarrow \beta v - \eta \nabla f(\theta + \beta v), \qquad \theta \leftarrow \theta + v .$$

An optimizer gets the gradient at the parameters that it holds. So one holds the shifted ones, $w = \theta + \beta v$, and
then the rule is $v \leftarrow \beta v - \eta g$, $w \leftarrow w + \beta v - \eta g$ with the new $v$.

By hand, with $g = 1$, $\eta = 0.1$ and $\beta = 0.9$: first $v = -0.1$ and $w = 0 - 0.09 - 0.1 = -0.19$; then $v = -0.19$
and $w = -0.19 - 0.171 - 0.1 = -0.461$.

It brakes earlier than the heavy ball, and swings less. The price is a boundary closer by:
$\eta\lambda < \frac{2 + 2\beta}{1 + 2\beta}$, which is 1.36 for $\beta = 0.9$ where the heavy ball has 3.8.
"""

# %% slideshow={"slide_type": "-"}
w, nesterov, places = np.array([0.0]), Nesterov(0.1, momentum=0.9), []
for _ in range(2):
    nesterov.step(w, np.array([1.0]))
    places.append(float(w[0]))
np.testing.assert_allclose(places, [-0.19, -0.461])
for product in (1.35, 1.37):
    w, nesterov = np.array([1.0]), Nesterov(product, momentum=0.9)
    for _ in range(1000):
        nesterov.step(w, w.copy())
    print(f"ηλ = {product}: after 1000 steps |w| = {abs(w[0]):.1e}")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### A rate for every weight

Momentum remembers *directions*. The other family remembers *sizes*: a weight whose gradients have been large takes small
steps, and one whose gradients are small, or seldom come at all, takes large ones. Each is $\eta g$ divided by a memory of
$\lvert g \rvert$:

- **Adagrad** adds up all squares, $s \leftarrow s + g^2$. It never forgets, so its steps die away like $1/\sqrt t$.
- **RMSprop** forgets: $s \leftarrow \rho s + (1 - \rho) g^2$, an average of the recent squares.
- **Adadelta** replaces η, too: by the size of its own recent changes.
- **Adam** divides a running mean of the gradients, as in momentum, by the root of a running mean of their squares.

In the ravine this is a cure by division: the wall's gradient is 25 times as large, and so is its memory. The first step is
the same in both directions.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### All rules side by side: those with a velocity

| | it keeps | the rule |
|---|---|---|
| SGD | nothing | $w \leftarrow w - \eta g$ |
| Momentum | $v$ | $v \leftarrow \beta v - \eta g, \quad w \leftarrow w + v$ |
| Nesterov | $v$ | $v \leftarrow \beta v - \eta g, \quad w \leftarrow w + \beta v - \eta g$ |

### Those with a memory of sizes

| | it keeps | the rule |
|---|---|---|
| Adagrad | $s$ | $s \leftarrow s + g^2, \quad w \leftarrow w - \eta\, g/(\sqrt s + \varepsilon)$ |
| RMSprop | $s$ | $s \leftarrow \rho s + (1 - \rho) g^2, \quad w \leftarrow w - \eta\, g/(\sqrt s + \varepsilon)$ |
| Adadelta | $s, d$ | $s$ as in RMSprop, $w \leftarrow w - \eta\Delta$ |

with $\Delta = g\,\sqrt{d + \varepsilon}/\sqrt{s + \varepsilon}$, and then $d \leftarrow \rho d + (1 - \rho)\Delta^2$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### And those with both

All have $m \leftarrow \beta_1 m + (1 - \beta_1) g$, and start from zero.

| | it keeps | the rule |
|---|---|---|
| Adam | $m, v$ | $v \leftarrow \beta_2 v + (1 - \beta_2) g^2,\; w \leftarrow w - \eta\hat m/(\sqrt{\hat v} + \varepsilon)$ |
| AdamW | $m, v$ | $w \leftarrow w - \eta\lambda w$ besides: decay that does not go through $\hat v$ |
| AdaMax | $m, u$ | $u \leftarrow \max(\beta_2 u, \lvert g \rvert), \quad w \leftarrow w - \eta\, \hat m/u$ |
| Nadam | $m, v$ | as Adam, with Nesterov's look ahead in $\hat m$ |

with $\hat m = m/(1 - \beta_1^t)$ and $\hat v = v/(1 - \beta_2^t)$. (Mind the letter: Adam's $v$ is no velocity.)

The λ of AdamW is not that of an L2 penalty: $\lambda\lVert w\rVert^2$ has the gradient $2\lambda w$, and there is no 2
here. Lecture 7 measures the difference.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 003 prints Adam's update and neither $\hat m$ nor $\hat v$; without them the formula
cannot be computed. Deck 004 names Adagrad and Adam under "Learning Rate Schedule". They are something else: a schedule says
how the rate of *all* weights changes with time, an adaptive method how the rates of *different* weights compare. One can
have both, and usually does.

### Where the papers disagree

ε keeps $0/0$ away. In this course it stands *outside* the root in Adagrad, RMSprop and Adam, and *inside* in Adadelta, as
published. Some libraries put it inside everywhere: $\sqrt{10^{-8}}$ is $10^{-4}$, which is something else where gradients
are small.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: the first two steps of each

$g = 4$ twice, $\eta = 0.1$, $\beta = \beta_1 = \rho = 0.9$. How long are the steps? (Adadelta's $\varepsilon$ is $10^{-6}$.)

| | step 1 | step 2 |
|---|---|---|
| SGD | $0.1 \cdot 4 = 0.4$ | $0.4$ |
| Momentum | $0.4$ | $0.9 \cdot 0.4 + 0.4 = 0.76$ |
| Nesterov | $0.9 \cdot 0.4 + 0.4 = 0.76$ | $0.9 \cdot 0.76 + 0.4 = 1.084$ |
| Adagrad | $0.1 \cdot 4/\sqrt{16} = 0.1$ | $0.1 \cdot 4/\sqrt{32} = 0.0707$ |
| RMSprop | $0.1 \cdot 4/\sqrt{1.6} = 0.3162$ | $0.1 \cdot 4/\sqrt{3.04} = 0.2294$ |
| Adadelta, $\eta = 1$ | $4\sqrt{10^{-6}}/\sqrt{1.6} = 0.0032$ | $4\sqrt{2 \cdot 10^{-6}}/\sqrt{3.04} = 0.0032$ |
| Adam, AdaMax | $0.1 \cdot 4/4 = 0.1$ | $0.1$ |
"""

# %% slideshow={"slide_type": "subslide"}
entrants = {
    "SGD": (SGD(0.1), 0.4, 0.4), "Momentum": (Momentum(0.1), 0.4, 0.76),
    "Nesterov": (Nesterov(0.1), 0.76, 1.084), "Adagrad": (Adagrad(0.1), 0.1, 0.1 / np.sqrt(2)),
    "RMSprop": (RMSprop(0.1), 0.4 / np.sqrt(1.6), 0.4 / np.sqrt(3.04)),
    "Adadelta": (Adadelta(), 0.004 / np.sqrt(1.6), 0.004 * np.sqrt(2 / 3.04)),
    "Adam": (Adam(0.1), 0.1, 0.1), "AdaMax": (AdaMax(0.1), 0.1, 0.1),
    "Nadam": (Nadam(0.1), None, None), "AdamW": (AdamW(0.1, weight_decay=0.01), None, None),
}
print("steps for the gradients   4        4       -4")
for name, (optimizer, *expected) in entrants.items():
    w, steps = np.array([1.0]), []
    for g in (4.0, 4.0, -4.0):
        before = w.copy()
        optimizer.step(w, np.array([g]))
        steps.append(float(before[0] - w[0]))
    print(f"{name:20}" + "".join(f"{step:9.4f}" for step in steps))
    if expected[0]:
        np.testing.assert_allclose(steps[:2], expected, rtol=1e-4)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Read the third column: the slope has turned round. SGD turns at once, and so does Adagrad. The heavy ball rolls on, more
slowly; Nesterov has turned already. Adam goes on, too, for its mean of the gradients is still positive, but only a little.

And read the first column again with a gradient of 4,000 in mind. Which rows would change? SGD, Momentum and Nesterov by a
factor of 1,000; the others hardly at all.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Adam's bias correction

$m$ and $v$ are averages that start from zero, as though gradients of zero had come before the first. After $t$ steps the
weights of the gradients that really came add up to $1 - \beta^t$, not to 1. Dividing by that is all the correction does.

By hand: $g = 2$ twice, $\beta_1 = 0.9$, $\beta_2 = 0.999$.

| $t$ | $m$ | $v$ | step without | $\hat m$ | $\hat v$ | step with |
|---|---|---|---|---|---|---|
| 1 | $0.2$ | $0.004$ | $0.2\,\eta/\sqrt{0.004} = 3.16\,\eta$ | $0.2/0.1 = 2$ | $0.004/0.001 = 4$ | $\eta$ |
| 2 | $0.38$ | $0.007996$ | $0.38\,\eta/\sqrt{0.007996} = 4.25\,\eta$ | $0.38/0.19 = 2$ | $4$ | $\eta$ |

$m$ is too small, which would only be slow. But $v$ is too small *for much longer* and stands below: without the correction
the steps are too **long**.
"""

# %% slideshow={"slide_type": "subslide"}
t = np.arange(1, 3001)
fig, ax = plt.subplots()
for beta2, colour, dashes in [(0.999, VERMILLION, "-"), (0.99, BLUE, "--"), (0.9, GREEN, ":")]:
    without = (1 - 0.9**t) / np.sqrt(1 - beta2**t)
    ax.semilogx(t, without, dashes, color=colour, label=f"β₂ = {beta2}")
    print(f"β₂ = {beta2:5}: without correction up to {without.max():.2f} η, at t = {t[without.argmax()]}")
np.testing.assert_allclose(((1 - 0.9**t) / np.sqrt(1 - 0.999**t))[:2], [3.1623, 4.2496], rtol=1e-4)
ax.axhline(1, color="0.5", label="with correction")
ax.set(xlabel="step t, constant gradient", ylabel="step / η")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What Adam does not see, and what it cannot do

**It does not see the scale of the loss.** Multiply the loss by 1,000: $\hat m$ and $\sqrt{\hat v}$ both grow a
thousandfold, and the step is the same. That is why one $\eta = 0.001$ serves so many networks.

**It cannot hurry.** Under a constant gradient every step has length η, so a weight that must travel 10 needs about
$10/\eta$ steps. And it cannot come to rest by itself: near the minimum, where the gradient is noise, a step is still a good
part of η. Hence the schedules of lecture 6.
"""

# %% slideshow={"slide_type": "-"}
for name, make in {"SGD": lambda: SGD(1e-4), "Adam": lambda: Adam(0.1)}.items():
    ends = []
    for scale in (1.0, 1000.0):
        w, optimizer = np.array([-10.0, 1.8]), make()
        for _ in range(50):
            optimizer.step(w, scale * curvature * w)
        ends.append(w)
    print(f"{name:5} after 50 steps: loss as it is {ends[0]}, loss times 1000 {ends[1]}")
np.testing.assert_allclose(*ends, rtol=1e-6)  # Adam's two runs

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Ten optimizers (choose "all ten"), one landscape, one start. Which two will go straight for the minimum
of a ravine? Which will be fast at first, and stuck later? Write down a first and a last before I press anything.
"""

# %% slideshow={"slide_type": "subslide"}
widgets.optimizers()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** In the ravine gradient descent jumps across and creeps along, momentum swings and overtakes, and the
adaptive ones cut the corner: their first step has the same size in both directions. Change the landscape, and the ranking
changes: Adagrad, at the front in a ravine that lies along the axes, falls behind in Rosenbrock's bent valley, where Adam
and momentum lead; on the plateau plain gradient descent hardly moves. RMSprop hovers about the minimum at its η. Now
multiply all rates by 5, and divide them by 5: who forgives it? No optimizer is best; adaptive ones rescale each *weight*,
and so help most where the ravine lies along the axes.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Your own optimizer

An optimizer of the library is one rule: it gets the weights and the gradient and changes the weights in place. The base
class keeps the buffers and counts the steps. Here is one that looks at the *sign* of the gradient and at nothing else.
Change the rule and run both cells again.
"""

# %% slideshow={"slide_type": "-"}
class SignDescent(Optimizer):
    """Every weight takes a step of the same length, whichever way its gradient points."""

    state = ()  # names of buffers, if the rule needs any: each is an array of zeros at the start

    def rule(self, w, g, eta, t):
        w -= eta * np.sign(g)


print(descend(SignDescent(0.5), 8))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Sign descent joins the others; it is called "yours". Which of them will it resemble, and what will it do
at the end?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.optimizers(mine=SignDescent(0.07))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Sign descent goes along the diagonal at a constant pace, as Adam does in its first steps: for $\beta_1 =
\beta_2 = 0$ Adam *is* sign descent, $g/\lvert g \rvert$. At the end it leaps about the minimum by η for ever. (Unless the
start lies a whole number of steps away: try 0.05.) Adam's averages are what calms that down: where the sign changes all the
time, $\hat m$ is small and $\sqrt{\hat v}$ is not.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### On a network

The spam classifier again, thirty epochs in batches of 32. Each optimizer has a rate chosen by hand. On so small a network
they end close together, once the rate is right. What differs more is how *wide* the range of good rates is: change a rate
by a factor of ten either way, and see who forgives it.
"""

# %% slideshow={"slide_type": "-"}
choices = {
    "SGD": SGD(0.3), "Momentum": Momentum(0.05), "Nesterov": Nesterov(0.05), "Adagrad": Adagrad(0.3),
    "RMSprop": RMSprop(0.02), "Adadelta": Adadelta(), "Adam": Adam(0.02), "AdaMax": AdaMax(0.02),
    "Nadam": Nadam(0.02), "AdamW": AdamW(0.02),
}
for name, optimizer in choices.items():
    network = spam_network()
    history = fit(network, loss, optimizer, X, y, epochs=30, batch_size=32, rng=np.random.default_rng(0))
    first, last = history.train_loss[0], history.train_loss[-1]
    print(f"{name:10} loss in epoch 1: {first:.3f}, in epoch 30: {last:.3f}")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

**1.** 1,000 examples, `batch_size=300`. How many steps has an epoch, and how large is the last batch?

<details><summary>Answer</summary>

Four steps; the last batch holds 100.

</details>

**2.** By which factor is the gradient noisier in batches of 16 than in batches of 64 (of very many examples)?

<details><summary>Answer</summary>

$\sqrt{64/16} = 2$.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**3.** The heavy ball with $\beta = 0.5$: how fast does it become under a constant gradient, compared with plain gradient
descent? Where is its boundary for $\eta\lambda$?

<details><summary>Answer</summary>

Twice as fast, $1/(1 - 0.5)$. The boundary is $2 + 2 \cdot 0.5 = 3$.

</details>

**4.** Adagrad with $\eta = 1$ sees the gradients 3 and 4. How long are its two steps?

<details><summary>Answer</summary>

$3/\sqrt 9 = 1$ and $4/\sqrt{25} = 0.8$.

</details>

**5.** Adam's first step for $g = 0.001$, with $\eta = 0.1$ and the usual constants?

<details><summary>Answer</summary>

$0.1$, whatever the size of $g$, as long as it is much larger than $\varepsilon = 10^{-8}$.

</details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- A batch estimates the gradient: right on average, with noise $\sigma/\sqrt b$. More steps for the same work; a cloud at
  the end.
- Start at random, or hidden units stay alike. Say beforehand when you will stop.
- The heavy ball adds up what agrees and cancels what does not: $v \leftarrow \beta v - \eta g$, $w \leftarrow w + v$. It
  stays inside for $\eta\lambda < 2 + 2\beta$.
- Adaptive methods divide by the remembered size of the gradient: a rate for every weight. Adam does both, and its
  correction repairs the start.
- A formula called "momentum" may be one of several. Ask what it does under a constant gradient.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb): batches, stopping, and the loop that uses
  them.
- [Problem set 8](../exercises/ps08_optimizers/ps08_optimizers.ipynb): you write six of these optimizers, and say when
  momentum hurts.
- [Lecture 6](L06_schedules_and_clipping.ipynb) lets the rate fall, so that the cloud shrinks; [Lecture
  7](L07_regularisation.ipynb) sets AdamW against an L2 penalty; [Lecture 8](L08_depth.ipynb) says how large the random
  start should be.

Drawn from decks 002 (stochastic gradient descent, momentum), 003 (three flavours of gradient descent, momentum, Adam and
AdamW) and 004 (the two algorithms, adaptive methods). The rules and constants of Adadelta, AdaMax and Nadam are those of
their papers, named in the library's docstrings.
"""
