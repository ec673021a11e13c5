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
#     number: 4
#     minutes: 75
#     topics: [11, 12, 20]
#     problem_sets: [ps05_losses, ps07_gradient_descent, ps10_depth]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 4: losses and gradient descent

How wrong is the network, in one number? In which direction does that number fall? How far should we go?
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- choose a loss for numbers, for yes or no, and for one class of several, and write down its gradient,
- say what an outlier does under each loss, and why a classifier is trained on logits,
- compute a cross-entropy for logits of ±1,000 without a NaN,
- take steps of gradient descent by hand, and say from one number whether a learning rate crawls, converges or diverges,
- recognise the landscapes that are hard to descend, and say why one learning rate may not suit all directions,
- train deck 003's spam classifier from end to end, and check its first loss and its first gradient by hand.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Before: [Lecture 3, backpropagation](L03_backpropagation.ipynb), which carries a loss's gradient down through a network.
After: [Lecture 5, batches and optimizers](L05_batches_and_optimizers.ipynb), with
[Problem set 5](../exercises/ps05_losses/ps05_losses.ipynb) (losses) and
[Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb) (gradient descent).

**Notation.** Examples are rows and there are $N$ of them; $\hat y$ is the prediction, $y$ the target, $a$ a logit (a score
before any sigmoid or softmax), $p$ a probability, $J$ the loss of a batch, $g = \partial J/\partial w$, $\eta$ the learning
rate. Logarithms are natural.
"""

# %% slideshow={"slide_type": "-"}
import matplotlib.pyplot as plt
import numpy as np

from course import SGD, Linear, Sequential, Standardizer, Tanh, accuracy, spam, training_step, widgets
from course.losses import BinaryCrossEntropy, HalfSquaredError, Huber, MeanAbsoluteError, MeanSquaredError
from course.losses import SoftmaxCrossEntropy

plt.rcParams.update({"font.size": 14, "lines.linewidth": 2.5, "figure.figsize": (9, 4.2)})
plt.rcParams["figure.constrained_layout.use"] = True
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
np.set_printoptions(precision=4, suppress=True)

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Minutes: losses for numbers 15, losses for classes 15, gradient descent 20, landscapes 10, spam 15. If time is short, leave
out "Huber" and "A base case that does not hold". On stage it goes wrong when the decks' sums and the course's means are
mixed up: write $\frac1N$ on the board at the start and leave it there.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 11. Losses: a number to make small, and a direction

A network has made predictions; the targets say what was true. A **loss** is one number that says how bad the predictions
are: zero or small if they are right, larger the worse they are.

Training needs a second thing from it: *for each prediction, how does the loss change if that prediction is raised a
little?* That is the gradient with respect to the prediction, and it is where backpropagation starts. So a loss in this
course gives both:

    value, gradient = loss(prediction, target)

The value says how wrong; the gradient, entry by entry, says who is to blame and in which direction.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### In symbols: the losses of numbers

With $e = \hat y - y$, prediction minus target, and $N$ examples with $M$ outputs each:

| loss | value $J$ | gradient $\partial J/\partial \hat y_{nm}$ |
|---|---|---|
| half squared error | $\frac1N \sum_n \frac12 \lVert \hat y_n - y_n \rVert^2$ | $\frac1N\, e_{nm}$ |
| mean squared error (`mse`) | $\frac{1}{NM} \sum_{n,m} e_{nm}^2$ | $\frac{2}{NM}\, e_{nm}$ |
| mean absolute error (`mae`) | $\frac{1}{NM} \sum_{n,m} \lvert e_{nm} \rvert$ | $\frac{1}{NM}\, \mathrm{sign}(e_{nm})$ |
| Huber: squared near 0, straight beyond 1 | $\frac{1}{NM} \sum_{n,m} h(e_{nm})$ | $\frac{1}{NM}\max(-1, \min(1, e_{nm}))$ |

A loss is always a **mean over the examples**: it then means the same for 10 examples and for 10,000.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

Three walks, predicted to take 3, 5 and 2 minutes. They took 1, 5 and 3, so that $e = (2,\ 0,\ -1)$.

| | value | gradient |
|---|---|---|
| half squared error | $\frac13 \cdot \frac12 (4 + 0 + 1) = \frac56$ | $\frac13 (2,\ 0,\ -1)$ |
| `mse` | $\frac13 (4 + 0 + 1) = \frac53$ | $\frac23 (2,\ 0,\ -1)$ |
| `mae` | $\frac13 (2 + 0 + 1) = 1$ | $\frac13 (1,\ 0,\ -1)$ |
| Huber | $\frac13 (1.5 + 0 + 0.5) = \frac23$ | $\frac13 (1,\ 0,\ -1)$ |

The signs are the same everywhere: the first prediction should come down, the third go up. How hard each is pulled differs.
"""

# %% slideshow={"slide_type": "subslide"}
predicted, took = np.array([[3.0], [5.0], [2.0]]), np.array([[1.0], [5.0], [3.0]])
by_hand = {
    HalfSquaredError(): (5 / 6, np.array([2, 0, -1]) / 3),
    MeanSquaredError(): (5 / 3, 2 * np.array([2, 0, -1]) / 3),
    MeanAbsoluteError(): (1.0, np.array([1, 0, -1]) / 3),
    Huber(): (2 / 3, np.array([1, 0, -1]) / 3),
}
for loss, (expected, expected_gradient) in by_hand.items():
    value, gradient = loss(predicted, took)
    print(f"{loss!r:20} value {value:.4f}   gradient {gradient.ravel()}")
    np.testing.assert_allclose(value, expected)
    np.testing.assert_allclose(gradient.ravel(), expected_gradient)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Which squared error?

**Remark (a deck disagrees).** Deck 002's table has $\frac1n \sum (y - \hat y)^2$, whose gradient carries a 2. Its worked
example starts from $\partial \mathcal L/\partial x_3 = x_3 - y$, without the 2, so there the loss must be
$\frac12 (x_3 - y)^2$. Deck 003 writes $\frac12 \sum_i \lVert \hat y^{(i)} - y^{(i)} \rVert^2$.

None of them is wrong. But a factor in the loss is a factor in the gradient, and a factor in the gradient is a factor in the
learning rate: $\eta = 0.1$ with `mse` takes the same steps as $\eta = 0.2$ with the half squared error (for $M = 1$).
This course says "half squared error" for the one and `mse` for the other, and never just "the squared error".
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Mean or sum?

**Remark (a deck disagrees).** Decks 000, 003 and 004 *add up* the losses of the examples; deck 002 does both, a sum in its
objective and $\frac1n$ in its table of losses. Here it is a mean.

With a sum, showing every example twice doubles the gradient, and thereby the step, though nothing new was learned. With a
mean, nothing changes. The best weights are the same in both cases; the right learning rate is not.
"""

# %% slideshow={"slide_type": "-"}
twice = np.vstack([predicted, predicted]), np.vstack([took, took])
for name, (prediction, target) in {"3 examples": (predicted, took), "the same, twice": twice}.items():
    _, gradient = HalfSquaredError()(prediction, target)
    pull_of_mean = gradient.sum()  # what a bias added to every prediction would get
    print(f"{name:16} slope for a common bias: mean {pull_of_mean:.3f}, sum {pull_of_mean * len(target):.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One outlier

Five times you waited for the bus: 2, 3, 4, 5 minutes, and once, when it had broken down, 36. Which *one* number $c$ predicts
all five best? At the best $c$ the pulls cancel, that is, the gradients add up to zero.

- Squared error: $\sum (c - y_n) = 0$, so $c$ is the **mean**, $50/5 = 10$. It is above four of the five waits.
- Absolute error: $\sum \mathrm{sign}(c - y_n) = 0$, as many above as below, so $c$ is the **median**, 4. Had the bus come
  after 360 minutes, it would still be 4.
- Huber with $\delta = 1$: the far ones pull with 1, the near ones with their error. At $c = 4$: $1 + 1 + 0 - 1 - 1 = 0$.
"""

# %% slideshow={"slide_type": "subslide"}
waits = np.array([2.0, 3.0, 4.0, 5.0, 36.0])  # change the last one
constants = np.linspace(0, 15, 1501)
fig, ax = plt.subplots()
looks = {MeanSquaredError(): (BLUE, "-"), MeanAbsoluteError(): (VERMILLION, "--"), Huber(): (GREEN, ":")}
for loss, (colour, dashes) in looks.items():
    values = np.array([loss(np.full(5, c), waits)[0] for c in constants])
    best = constants[values.argmin()]
    ax.plot(constants, values / values.min(), dashes, color=colour, label=f"{loss!r}: best at {best:.2f}")
    print(f"{loss!r:20} best constant {best:.2f}")
ax.set(xlabel="the constant c", ylabel="loss / lowest loss", ylim=(0.98, 1.6))
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** One point of twelve is an outlier, and I drag it further and further down. Three lines are fitted: by
squared error, by absolute error, by Huber's loss. Which of them follows it, and how far? Hands up for each.
"""

# %% slideshow={"slide_type": "subslide"}
widgets.losses()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Drag the outlier. Under the squared error its pull is proportional to its error: twice as far, twice as
strong, and the line tilts after it without end. Under the absolute error the pull has the same size from the first
centimetre to the last, and the line stays with the many. Huber's line gives way a little and then no more; move δ from
small to large, and it turns from the one into the other. Then switch from the residual to the logit: for a prediction that
is sure and wrong, the cross-entropy pulls with nearly its full strength of 1, while half the squared error of the
probability has all but let go.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### "Not differentiable"

Deck 002 says of the absolute error that it is robust but *not differentiable*. That is so at a single point, $e = 0$, where
any slope between $-1$ and $1$ would do; the library gives 0. In practice something else is felt more: the slope does not
shrink on the way to the target, so that steps of a constant rate do not shrink either.

By hand: $J = \lvert w \rvert$ from $w = 0.25$ with $\eta = 0.1$ goes $0.25,\ 0.15,\ 0.05,\ -0.05,\ 0.05,\ -0.05, \dots$ It
never arrives. With $J = \frac12 w^2$ each step is a tenth of what is left: $0.25,\ 0.225,\ 0.2025, \dots$ It arrives, in
the limit.
"""

# %% slideshow={"slide_type": "-"}
for name, slope in {"absolute": np.sign, "half squared": lambda w: w}.items():
    w, optimizer, way = np.array([0.25]), SGD(0.1), [0.25]
    for _ in range(6):
        optimizer.step(w, slope(w))
        way.append(float(w[0]))
    print(f"{name:14}", np.array(way))

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Yes or no: how surprised are you?

The network says that a message is spam with probability $p$. Then you learn the truth. Your surprise is $-\log$ of the
probability that you had given to what really happened.

| you had given it | 0.99 | 0.9 | 0.5 | 0.1 | 0.01 | 0.001 |
|---|---|---|---|---|---|---|
| surprise $-\log p$ | 0.01 | 0.11 | 0.69 | 2.30 | 4.61 | 6.91 |

Sure and right costs nothing. A coin toss costs $\log 2 \approx 0.69$. Sure and wrong costs without bound: ten times as sure
is another 2.30. The mean surprise over all examples is the **cross-entropy**.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### In symbols: binary cross-entropy

With $y = 1$ for yes and $y = 0$ for no, one of the two terms is always zero:

$$J = -\frac1N \sum_n \bigl[\, y_n \log p_n + (1 - y_n) \log(1 - p_n) \,\bigr],
\qquad p_n = \sigma(a_n) = \frac{1}{1 + e^{-a_n}} .$$

By hand, $p = (0.8,\ 0.4)$ and $y = (1,\ 0)$: what happened had been given $0.8$ and $0.6$, so
$J = -\frac12 (\log 0.8 + \log 0.6) = \frac12 (0.2231 + 0.5108) = 0.3670$.

By the *logit*, the gradient is simply $(p_n - y_n)/N$: here $\frac12 (-0.2,\ 0.4)$.

**Remark (a deck disagrees).** Deck 004 prints the formula without the square brackets, so that the minus sign seems to
belong to the first term only: being wrong about a *no* would then be rewarded. Deck 002 has the brackets, and the mean;
deck 004 has the sum.
"""

# %% slideshow={"slide_type": "subslide"}
p, y = np.array([[0.8], [0.4]]), np.array([[1.0], [0.0]])
logits = np.log(p / (1 - p))  # the inverse of the sigmoid
value, gradient = BinaryCrossEntropy()(logits, y)
print(f"loss {value:.4f}, gradient by the logits {gradient.ravel()}")
np.testing.assert_allclose(value, -(np.log(0.8) + np.log(0.6)) / 2)
np.testing.assert_allclose(gradient.ravel(), [-0.1, 0.2])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One class of several: softmax and cross-entropy

With $C$ classes the network gives $C$ logits. **Softmax** makes them a distribution, and the loss is the surprise about the
true class. With one-hot targets $y_n$:

$$p_{nk} = \frac{e^{a_{nk}}}{\sum_j e^{a_{nj}}}, \qquad J = -\frac1N \sum_n \sum_k y_{nk} \log p_{nk}, \qquad
\frac{\partial J}{\partial a_{nk}} = \frac{p_{nk} - y_{nk}}{N} .$$

By hand: $a = (\log 6,\ \log 3,\ 0)$. The exponentials are $6, 3, 1$ with sum $10$, so $p = (0.6,\ 0.3,\ 0.1)$. The second
class was true: $J = -\log 0.3 = 1.2040$, and the gradient is $(0.6,\ 0.3 - 1,\ 0.1) = (0.6,\ -0.7,\ 0.1)$. It sums to zero:
what the true class is to gain, the others are to lose, each according to its share.
"""

# %% slideshow={"slide_type": "subslide"}
logits, target = np.log([[6.0, 3.0, 1.0]]), np.array([[0.0, 1.0, 0.0]])
loss = SoftmaxCrossEntropy()
value, gradient = loss(logits, target)
print(f"loss {value:.4f}, gradient {gradient[0]}")
np.testing.assert_allclose(value, -np.log(0.3))
np.testing.assert_allclose(gradient[0], [0.6, -0.7, 0.1])

h = 1e-6  # and the same by finite differences, one logit at a time
for k in range(3):
    step = h * np.eye(3)[[k]]
    slope = (loss(logits + step, target)[0] - loss(logits - step, target)[0]) / (2 * h)
    np.testing.assert_allclose(slope, gradient[0, k], atol=1e-8)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Where prediction minus target comes from

Take one example whose true class is $c$. Put softmax into the logarithm *before* you compute anything:

$$J = -\log \frac{e^{a_c}}{\sum_j e^{a_j}} = \log \sum_j e^{a_j} - a_c .$$

The derivative of the first term by $a_k$ is $e^{a_k} / \sum_j e^{a_j} = p_k$; that of the second is $-1$ for $k = c$ and $0$
otherwise. Together: $p_k - y_k$.

Three outputs, three losses, one gradient:

| the network predicts | last step | loss | $\partial J/\partial a$ |
|---|---|---|---|
| numbers | none | half squared error | $(\hat y - y)/N$ |
| yes or no | sigmoid | binary cross-entropy | $(p - y)/N$ |
| one of $C$ classes | softmax | softmax cross-entropy | $(p - y)/N$ |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A base case that does not hold

**Remark (a deck disagrees).** Deck 003 starts its recursion at the output with $\delta_k = \frac{\partial E}{\partial
z_k}\, g'(a_k)$, and its network ends in a softmax. The formula is for an activation that acts on each unit alone. Softmax
does not: raise one logit and *all* probabilities change, so the base case is a sum over all outputs, $\delta_k = \sum_j
\frac{\partial E}{\partial z_j} \frac{\partial z_j}{\partial a_k}$, which comes to $p_k - y_k$.

What does the formula as printed give? For the true class $-\frac{1}{p_c} \cdot p_c (1 - p_c) = p_c - 1$, which is right.
For every other class $\partial E/\partial z_k = 0$, hence $\delta_k = 0$, which is wrong: it should be $p_k$.
"""

# %% slideshow={"slide_type": "-"}
p = np.array([0.6, 0.3, 0.1])
by_p = -target[0] / p  # the derivative of -log p_c
as_printed = by_p * p * (1 - p) + 0.0
jacobian = np.diag(p) - np.outer(p, p)  # of the softmax, all outputs by all logits
print("as printed ", as_printed)
print("with a sum ", jacobian @ by_p)
np.testing.assert_allclose(jacobian @ by_p, p - target[0])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Stability: the same formula, another program

Floats end near $10^{308}$, and $e^{710}$ is beyond that. Below about $10^{-324}$ they are zero, and $\log 0 = -\infty$. So
for logits of $\pm 1000$ the formula *as it stands* gives `inf / inf = nan`, or an infinite loss.

Two steps of algebra cure it:

1. subtract the largest logit from all: no probability changes, and the largest exponential is $e^0 = 1$;
2. never form $p$ on the way to $\log p$: compute $\log p_k = a_k - \log \sum_j e^{a_j}$.

By hand: $a = (1000,\ 998)$ becomes $(0,\ -2)$. The loss for class 0 is $\log(1 + e^{-2}) = 0.1269$, for class 1 it is
$2.1269$.
"""

# %% slideshow={"slide_type": "subslide"}
def naive(a, c):
    """The formula as decks 002 and 004 print it: the logarithm of a probability."""
    with np.errstate(all="ignore"):
        return 0.0 - np.log(np.exp(a) / np.exp(a).sum())[c]


for a in ([2.0, 0.0], [1000.0, 998.0], [0.0, -800.0], [-1000.0, -1000.0]):
    for c in (0, 1):
        stable, _ = SoftmaxCrossEntropy()(np.array([a]), np.array([c]))
        print(f"{a!s:18} true class {c}:  naive {naive(np.array(a), c):8.4f}   stable {abs(stable):9.4f}")
by_hand, _ = SoftmaxCrossEntropy()(np.array([[1000.0, 998.0]]), np.array([0]))
np.testing.assert_allclose(by_hand, np.log(1 + np.exp(-2)))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Decks 002 and 004 write the cross-entropy as the logarithm of a *probability* that the
network returns. As mathematics that is the same. As a program it is not: the course's networks end in **logits**, and the
loss does the rest. If you meet a network that ends in a softmax layer *and* a loss that takes logits, softmax is applied
twice, and nobody complains: the network just learns badly.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** A network grows surer and surer, from a logit of 1 to one of 1,000. I draw each formula twice, as it
stands and rewritten. At which logit does the naive curve end? (Think of 710.) And which of the two signs is the dangerous
one?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.loss_stability()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** For small logits the two curves are one. Far out the naive one ends: with NaN where an exponential
overflowed, with infinity where a probability was rounded to zero. The stable one goes on as a straight line, because for a
sure and wrong answer $\log(1 + e^{a}) \approx a$. Look at its slope, too: it is $p - y$, between −1 and 1, however far out
you are. In float32 it all happens much earlier, at 88. One NaN in one example is enough to make every weight NaN at the
next step.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 12. Gradient descent and the learning rate

You stand on a hillside in fog. You cannot see the valley; you feel the slope under your feet. So you take a step in the
direction in which the ground falls most steeply, feel again, and step again.

In symbols, for a small step $\Delta$: $J(w + \Delta) \approx J(w) + g \cdot \Delta$. Among all steps of the same length the
product is smallest when $\Delta$ points against $g$. So every weight takes

$$w \leftarrow w - \eta\, \frac{\partial J}{\partial w}, \qquad \eta > 0 .$$

The gradient has the shape of its weight; nothing is transposed. "Steepest" holds for *small* steps. How small, is what this
section is about.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 002 boxes the update as $W \leftarrow W + \eta\,(\partial J/\partial W)^{\mathsf T}$. The
transpose belongs to its layout, in which a derivative by $W$ has the shape of $W^{\mathsf T}$. The plus sign is a slip: it
climbs. (The same deck has the minus sign where it introduces gradient descent.)

By hand, $J(w) = (w - 3)^2$ from $w = 0$ with $\eta = 0.25$. The gradient is $2(w - 3)$:

| step | $w$ | $J$ | $g$ | $w - \eta g$ | with the boxed sign |
|---|---|---|---|---|---|
| 1 | $0$ | $9$ | $-6$ | $1.5$ | $0 - 1.5 = -1.5$ |
| 2 | $1.5$ | $2.25$ | $-3$ | $2.25$ | $-1.5 - 2.25 = -3.75$ |
| 3 | $2.25$ | $0.5625$ | $-1.5$ | $2.625$ | $-3.75 - 3.375 = -7.125$ |
"""

# %% slideshow={"slide_type": "subslide"}
down, up, optimizer = np.array([0.0]), 0.0, SGD(learning_rate=0.25)
for step in range(1, 4):
    optimizer.step(down, 2 * (down - 3))
    up += 0.25 * 2 * (up - 3)
    print(f"after step {step}: down {down[0]:.4f}, with the boxed sign {up:.4f}")
np.testing.assert_allclose([down[0], up], [2.625, -7.125])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Deck 004's four pictures, with numbers

"Pick a point; compute the gradient; take a small step against it; repeat." Fit a line $\hat y = w x + b$ to the points
$(-1, 1)$ and $(1, 3)$ with the half squared error. The best line is $w = 1,\ b = 2$.

Start at $(w, b) = (0, 0)$, with $\eta = \frac12$. The errors are $(-1,\ -3)$, and $\frac{\partial J}{\partial w} =
\frac12\bigl(-1 \cdot (-1) + (-3) \cdot 1\bigr) = -1$, $\frac{\partial J}{\partial b} = \frac12(-1 - 3) = -2$. The step
leads to $(0.5,\ 1)$: half of the way. The next one covers half of the rest, $(0.75,\ 1.5)$, and so on.
"""

# %% slideshow={"slide_type": "-"}
x, t = np.array([[-1.0], [1.0]]), np.array([[1.0], [3.0]])
line = Linear(1, 1, rng=np.random.default_rng(0))
line.weight = [[0.0]]  # a start that we can follow; the deck picks it at random
optimizer = SGD(0.5)
for step in range(1, 5):
    loss_before = training_step(line, HalfSquaredError(), optimizer, x, t)
    print(f"step {step}: loss {loss_before:.4f}, then w = {line.weight[0, 0]:.4f}, b = {line.bias[0]:.4f}")
np.testing.assert_allclose(line.parameters, [1 - 0.5**4, 2 - 2 * 0.5**4])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One number tells it all

On a parabola $J = \frac{\lambda}{2} w^2$ the gradient is $\lambda w$, so a step multiplies the distance from the minimum by

$$1 - \eta\lambda .$$

| $\eta\lambda$ | factor | what you see |
|---|---|---|
| close to 0 | just below 1 | crawls |
| between 0 and 1 | between 0 and 1 | converges on one side |
| 1 | 0 | arrives in one step |
| between 1 and 2 | between −1 and 0 | leaps from side to side, and converges |
| 2 | −1 | leaps for ever |
| above 2 | below −1 | diverges |

The curvature $\lambda$ decides what "small" means: **the boundary is $\eta = 2/\lambda$**. In the example above, $\lambda =
2$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** A ball on a parabola, thirty steps, and the rate grows from left to right. Where will it be fastest? And
what comes *after* the fastest: does it get slower again first, or does it fly away at once?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.learning_rate()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Move η slowly with λ = 1. Up to η = 1 it gets faster: the factor $1 - \eta\lambda$ goes to zero, and at η
= 1/λ one step is enough. Beyond, it leaps across and gets slower again, as far as 2/λ, where it leaps for ever. Only then
does it diverge, and fast. Now double λ: every place on the axis moves to half its η. The rate by itself means nothing; only
ηλ counts. On the logarithmic loss curve each of these runs is a straight line, with slope $2 \log \lvert 1 - \eta\lambda
\rvert$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### How much is a step worth?

On the parabola one can say exactly what a step does to the loss:

$$J(w - \eta g) = J(w) - \eta \left(1 - \tfrac{\eta\lambda}{2}\right) g^2 .$$

For a small $\eta$ the loss falls by $\eta g^2$, as the slope promises. The bracket is what the curvature takes back. It is
zero at $\eta\lambda = 2$: there the step leads to the same height on the other side.

By hand, with $J = (w - 3)^2$ again ($\lambda = 2$, $\eta = 0.25$, $g = -6$): $9 - 0.25 \cdot 0.75 \cdot 36 = 2.25$. Compare
with the table.

On any other landscape the same holds as a bound, with the largest curvature near the step in the place of λ. That is why
one talks of curvature even where nothing is a parabola.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Two directions, one rate

A loss of two weights, with curvature $\lambda_1 = 1$ along and $\lambda_2 = 25$ across. One $\eta$ must serve both factors,
$1 - \eta$ and $1 - 25\eta$. The best compromise makes them equally large:

$$\eta = \frac{2}{\lambda_1 + \lambda_2} = \frac{2}{26},
\qquad \text{factor } \pm\frac{\kappa - 1}{\kappa + 1} = \frac{24}{26} = 0.923,
\qquad \kappa = \frac{\lambda_2}{\lambda_1} .$$

Now it takes $\log 10 / (-\log 0.923) \approx 29$ steps to gain one decimal digit. The **condition number** $\kappa$ says
how bad a landscape is: the number of steps grows in proportion to it.
"""

# %% slideshow={"slide_type": "subslide"}
for kappa in (1, 4, 25, 100, 10_000):
    curvature, rate = np.array([1.0, kappa]), 2 / (1 + kappa)
    factor = (kappa - 1) / (kappa + 1)
    w, optimizer, steps = np.array([1.0, 1.0]), SGD(rate), 0
    while np.abs(w).max() > 0.1:  # until one digit is gained
        optimizer.step(w, curvature * w)
        steps += 1
    print(f"condition number {kappa:6}: best rate {rate:.5f}, factor {factor:.5f}, {steps} steps a digit")
    assert steps == (1 if kappa == 1 else int(np.ceil(np.log(0.1) / np.log(factor))))

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Which will be hard to optimise?

Deck 002 shows a few landscapes and asks only this. Here is what can be in the way:

| landscape | what is hard about it |
|---|---|
| a round bowl | nothing |
| a ravine | one rate for a steep wall and a flat floor: $\kappa$ is large |
| a saddle | the gradient is zero, and it is no minimum; a ball that starts on the ridge stays there for long |
| a plateau | the gradient is nearly zero far away from anything good |
| a cliff | one huge gradient throws you away from where you were |
| several valleys | the start decides in which of them you end |
| a kink | the slope does not shrink near the minimum |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: a saddle

$J = \frac12 (x^2 - y^2)$ has gradient $(x,\ -y)$. With $\eta = 0.1$ each step multiplies $x$ by $0.9$ and $y$ by $1.1$.

From $(1,\ 0.001)$, after $t$ steps: $x = 0.9^t$ and $y = 0.001 \cdot 1.1^t$. After 30 steps $x = 0.042$ and $y = 0.017$:
the point lies almost still, the gradient has length 0.046, and it looks like the end. After 100 steps $y = 13.8$.

From $(1,\ 0)$ exactly, $y$ stays zero for ever. Nobody starts there by accident, which is one more reason for a random
start.
"""

# %% slideshow={"slide_type": "-"}
w, optimizer = np.array([1.0, 0.001]), SGD(0.1)
for step in range(1, 101):
    optimizer.step(w, np.array([w[0], -w[1]]))
    if step in (10, 30, 60, 100):
        print(f"step {step:3}: x = {w[0]:.5f}, y = {w[1]:9.4f}, length of the gradient {np.hypot(*w):.4f}")
np.testing.assert_allclose(w, [0.9**100, 0.001 * 1.1**100])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** One ball, one learning rate, six landscapes: a bowl, a ravine, a plateau, a saddle, many pits, a cliff.
On which will gradient descent have arrived within 200 steps? Vote on each before the steps move; the count for all of them
comes last.
"""

# %% slideshow={"slide_type": "subslide"}
widgets.landscapes()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** In the bowl the path is straight. In the ravine it jumps across and creeps along: the direction of
steepest descent is nearly at right angles to where the minimum lies. At the saddle it slows down, and leaves in the other
direction. On the plateau it takes long to find any slope. Among the pits it stays in the first one: drag the start a
little, and another pit gets it. At the cliff, a rate that was right a moment ago is far too large. Now change the rate and
look at the counts: no single rate is good for all six.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### And the landscape of a real network?

It is not convex, and one can see why without any picture. Take a network with a hidden layer of $H$ units. Swap two hidden
units together with their weights, in and out: it computes the same function, with other parameters. So every minimum has at
least $H!$ twins ($8! = 40{,}320$), and with tanh another factor $2^H$, from turning signs.

If the loss were convex, half-way between two minima it would be no higher than at their ends. Try it: train a network, swap
its units, and walk along the straight line from one to its twin.
"""

# %% slideshow={"slide_type": "subslide"}
def spam_data(n, rng):
    """Messages of deck 003, with the logarithm of the length, both features on one scale."""
    X, y = spam(n, rng=rng)
    X[:, 0] = np.log(X[:, 0])
    return Standardizer(X)(X), y


def spam_network(hidden, rng):
    return Sequential(Linear(2, hidden, rng=rng), Tanh(), Linear(hidden, 2, rng=rng))


rng = np.random.default_rng(1)
X, y = spam_data(400, rng)
network, loss, optimizer = spam_network(4, np.random.default_rng(0)), SoftmaxCrossEntropy(), SGD(1.0)
for _ in range(400):
    training_step(network, loss, optimizer, X, y)

# %% slideshow={"slide_type": "subslide"}
here = network.parameters.copy()
swapped, (first, _, last) = [1, 0, 3, 2], network.layers
first.weight, first.bias, last.weight = first.weight[:, swapped], first.bias[swapped], last.weight[swapped]
there = network.parameters.copy()

shares, heights = np.linspace(-0.2, 1.2, 71), []
for share in shares:
    network.parameters[:] = (1 - share) * here + share * there
    heights.append(float(loss(network.forward(X), y)[0]))
fig, ax = plt.subplots()
ax.plot(shares, heights, color=BLUE)
twins = np.interp([0, 1], shares, heights)
ax.plot([0, 1], twins, "o", color=VERMILLION, markersize=10, label="a minimum and its twin")
ax.set(xlabel="share of the way", ylabel="loss")
ax.legend()
plt.show()
middle = np.interp(0.5, shares, heights)
print(f"at the ends {twins.round(4)}, half-way {middle:.4f}")
assert middle > twins.max()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** In the middle is a trained network; we walk away from it along two random directions of its weights. With
more hidden layers, will the basin around it be wider or narrower? And what will its decision boundary look like up on the
slope?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.loss_slice()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Near the trained network the slice is smooth, and often longer in one direction than in the other: a
valley with a condition number. Add layers: the basin gets narrower and its walls higher, so that a step of the same length
is more dangerous. Walk out, and the boundary in the right picture loses its shape. Change the pair of directions, and the
picture changes: two directions out of hundreds hide more than they show. A minimum in a slice need not be one in full.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 20. The spam classifier

Deck 003's task: two features of a message, the **length** and the **trust** in its sender. Two classes, spam and ham. A
network with two layers of weights gives two outputs, and softmax makes them probabilities.

- Spam has the one-hot target $[1, 0]$, ham has $[0, 1]$. As class numbers: spam is 0, ham is 1.
- In the binary cross-entropy above, *spam* was $y = 1$. Both are in use. A class number is a name, not a quantity; two
  people who share data must mean the same by it.

The whole recipe of lecture 1, with the parts that we have now:

data → network → softmax cross-entropy → gradient → step
"""

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(1)
messages, targets = spam(400, rng=rng, one_hot=True)
for (length, trust), target in zip(messages[:4], targets[:4], strict=True):
    print(f"length {length:6.0f}, trust {trust:.2f}: target {target}, {'spam' if target[0] else 'ham'}")

is_spam = targets[:, 0] == 1
fig, ax = plt.subplots()
ax.scatter(*messages[is_spam].T, marker="^", color=VERMILLION, label="spam")
ax.scatter(*messages[~is_spam].T, marker="o", facecolors="none", edgecolors=BLUE, label="ham")
ax.set(xscale="log", xlabel="length in characters", ylabel="trust in the sender")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### First, the scales

Lengths go up to thousands, trust up to 1. Take a single logit and no hidden layer. At the start, where $p = \frac12$, the
curvature of the binary cross-entropy is $\frac{1}{4N} X^{\mathsf T} X$, with a column of ones in $X$ for the bias. Its
condition number is what section 12 warned of.

Dividing by the standard deviation, after taking off the mean, brings all directions to about the same curvature. It is the
cheapest optimizer there is. Taking the logarithm of the length helps besides: letters are *times* as long, not so many
characters longer.
"""

# %% slideshow={"slide_type": "-"}
def condition(features):
    A = np.column_stack([features, np.ones(len(features))])
    curvatures = np.linalg.eigvalsh(A.T @ A / len(A) / 4)
    return curvatures[-1] / curvatures[0], 2 / curvatures[-1]


logged = np.column_stack([np.log(messages[:, 0]), messages[:, 1]])
choices = {
    "as they come": messages,
    "standardised": Standardizer(messages)(messages),
    "log, standardised": Standardizer(logged)(logged),
}
for name, features in choices.items():
    kappa, boundary = condition(features)
    print(f"{name:18} condition number {kappa:14,.1f}    largest rate {boundary:.2g}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One message by hand: forward

A message with $x = (1, -1)$, longer than most and from a sender of little trust. It is spam: $y = [1, 0]$. Two hidden tanh
units, no biases, and weights chosen so that tanh comes out even ($\tanh \ln 2 = 0.6$, $\tanh \ln 3 = 0.8$):

$$W^{(1)} = \begin{pmatrix} \ln 2 & 0 \\ 0 & \ln 3 \end{pmatrix}, \qquad
W^{(2)} = \begin{pmatrix} \ln 3 & 0 \\ -\frac12 \ln 3 & 0 \end{pmatrix}.$$

- $a^{(1)} = x W^{(1)} = (\ln 2,\ -\ln 3)$ and $z^{(1)} = (0.6,\ -0.8)$
- $a^{(2)} = z^{(1)} W^{(2)} = (0.6 \ln 3 + 0.4 \ln 3,\ 0) = (\ln 3,\ 0)$
- $p = (\frac34,\ \frac14)$: spam, with 75 %. The loss is $-\ln 0.75 = 0.2877$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One message by hand: backward

- $\delta^{(2)} = p - y = (-\frac14,\ \frac14)$
- $\dfrac{\partial J}{\partial W^{(2)}} = z^{(1)\mathsf T} \delta^{(2)} = \begin{pmatrix} -0.15 & 0.15 \\ 0.2 & -0.2
  \end{pmatrix}$
- down to the hidden units: $W^{(2)} \delta^{(2)} = (-\frac14 \ln 3,\ \frac18 \ln 3) = (-0.2747,\ 0.1373)$; times the slopes
  $1 - z^2 = (0.64,\ 0.36)$: $\delta^{(1)} = (-0.1758,\ 0.0494)$
- $\dfrac{\partial J}{\partial W^{(1)}} = x^{\mathsf T} \delta^{(1)} = \begin{pmatrix} -0.1758 & 0.0494 \\ 0.1758 & -0.0494
  \end{pmatrix}$

Local error times input, in both layers. A step with $\eta = 1$ subtracts these from the weights, and the biases go from
zero to $-\delta$.
"""

# %% slideshow={"slide_type": "subslide"}
x, y_one = np.array([[1.0, -1.0]]), np.array([[1.0, 0.0]])
tiny, loss = spam_network(2, np.random.default_rng(0)), SoftmaxCrossEntropy()
hidden, _, output = tiny.layers
hidden.weight = [[np.log(2), 0], [0, np.log(3)]]
output.weight = [[np.log(3), 0], [-np.log(3) / 2, 0]]
before = training_step(tiny, loss, SGD(1.0), x, y_one)
after, _ = loss(tiny.forward(x), y_one)
print(f"loss before {before:.4f}, after one step {after:.4f}")
print(hidden.weight_gradient, "gradient of W1", output.weight_gradient, "gradient of W2", sep="\n")
np.testing.assert_allclose(before, -np.log(0.75))
np.testing.assert_allclose(output.weight_gradient, [[-0.15, 0.15], [0.2, -0.2]])
down = np.log(3) * np.array([-0.25, 0.125]) * [0.64, 0.36]
np.testing.assert_allclose(hidden.weight_gradient, [down, -down])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### All messages, and three rates

The loop below is the whole of training. Before it runs, predict its first loss. A network that knows nothing gives each of
$C$ classes about $1/C$, so the loss should start **near $\ln C$**: here $\ln 2 = 0.693$. If yours starts at 5, the logits
are too large or the labels are off; look for the mistake before you train.
"""

# %% slideshow={"slide_type": "subslide"}
train_X, held_X, train_y, held_y = X[:300], X[300:], y[:300], y[300:]
fig, ax = plt.subplots(figsize=(11, 4.2))
for rate, colour, dashes in [(0.03, BLUE, "-"), (1.0, GREEN, "--"), (30.0, VERMILLION, ":")]:
    network, optimizer, losses = spam_network(8, np.random.default_rng(0)), SGD(rate), []
    for _ in range(400):
        losses.append(float(training_step(network, loss, optimizer, train_X, train_y)))
    held = accuracy(network.forward(held_X), held_y)
    ax.plot(losses, dashes, color=colour, label=f"η = {rate:g}: {held:.0%} right")
    print(f"η = {rate:5g}: first loss {losses[0]:.3f}, last {losses[-1]:.3f}, new messages right {held:.0%}")
ax.axhline(np.log(2), color="0.5", linewidth=1)
ax.set(xlabel="step", ylabel="loss", ylim=(0, 2))
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What it has learned

The border is where both classes get one half. Spam is of *middling* length and little trust; ham is a short note or a long
letter. No straight line does that, and the hidden layer bends it. The classes overlap, so that no classifier gets
everything right: the lowest possible loss is above zero.
"""

# %% slideshow={"slide_type": "-"}
network, optimizer = spam_network(8, np.random.default_rng(0)), SGD(1.0)
for _ in range(1000):
    training_step(network, loss, optimizer, train_X, train_y)
across, up = np.meshgrid(np.linspace(-2.5, 2.5, 80), np.linspace(-2.5, 2.5, 80))
a = network.forward(np.column_stack([across.ravel(), up.ravel()]))
chance = 1 / (1 + np.exp(a[:, 1] - a[:, 0]))  # softmax of two logits is the sigmoid of their difference
fig, ax = plt.subplots(figsize=(7, 5))
shades = ax.contourf(across, up, chance.reshape(across.shape), levels=np.linspace(0, 1, 11), cmap="cividis")
ax.contour(across, up, chance.reshape(across.shape), levels=[0.5], colors="white", linewidths=3)
ax.scatter(*held_X[held_y == 0].T, marker="^", color=VERMILLION, edgecolors="white", s=60, label="spam")
ax.scatter(*held_X[held_y == 1].T, marker="o", color=BLUE, edgecolors="white", s=60, label="ham")
ax.set(xlabel="log length, standardised", ylabel="trust, standardised", xlim=(-2.5, 2.5), ylim=(-2.5, 2.5))
fig.colorbar(shades, label="probability of spam", ticks=[0, 0.5, 1])
ax.legend(loc="lower left")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** A network in training, on the spam data. I start with a learning rate that is too small. You tell me when
to raise it, and to what. Who sees first that it has become too large: the border, or the loss curve? And what will the
border be with no hidden layer at all?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.training()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** The border first turns, then bends: the large differences are learned before the fine ones, since their
gradients are longer. Without a hidden layer it stays a straight line. With a rate that is too small nothing is wrong, only
slow. Too large, the border flickers while the loss jumps up and down, and may still get lower on the whole. Much too large,
and the units saturate: the border stays in a bad place. Lecture 6 reads such curves in earnest.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Spam: 15 minutes. Let them compute $\delta^{(2)}$ before you show it. The class that is fast may ask why $\delta^{(1)}$ uses
the *old* $W^{(2)}$: all gradients are taken at one point, and only then does everything move. If the live demo takes long
to load, the figure with three rates says most of it.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

**1.** Targets 0, 0, 0 and 8. Which constant is best under `mse`, which under `mae`?

<details><summary>Answer</summary>

The mean, 2, and the median, 0.

</details>

**2.** A network gives the three classes logits $(5, 5, 5)$. What is the cross-entropy? What is the gradient by the true
class's logit?

<details><summary>Answer</summary>

$\ln 3 = 1.0986$, and $\frac13 - 1 = -\frac23$. That all logits are 5 and not 0 makes no difference.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**3.** The loss is $2w^2$. For which $\eta$ does gradient descent converge, and for which does it arrive in one step?

<details><summary>Answer</summary>

$\lambda$ is the second derivative, 4. It converges for $0 < \eta < \frac12$ and arrives at once for $\eta = \frac14$.

</details>

**4.** You multiply the loss by 10. What must happen to the learning rate, so that the steps stay as they were?

<details><summary>Answer</summary>

The gradient is ten times as long, so $\eta$ must be a tenth.

</details>

**5.** The gradient is zero. Are you done?

<details><summary>Answer</summary>

Not necessarily: it is zero at a saddle, at a maximum, and on a plateau as well.

</details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- A loss gives a number and a gradient. It is a mean over the examples; a factor in it is a factor in the learning rate.
- Squared error listens to outliers, absolute error to the majority. For classes, take cross-entropy **of logits**.
- With the loss that fits the output, the gradient by the last pre-activation is prediction minus target, over $N$.
- $w \leftarrow w - \eta g$ converges where $\eta\lambda < 2$ in *every* direction: the steepest one sets the limit, the
  flattest one pays for it.
- Standardise the inputs, and expect the first loss near $\ln C$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 5](../exercises/ps05_losses/ps05_losses.ipynb): you write the losses of section 11, with their gradients, for
  any logit.
- [Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb): the step, and the loop around it.
- [Problem set 6](../exercises/ps06_mlp/ps06_mlp.ipynb) trains a spam filter with the half squared error, and
  [Problem set 10](../exercises/ps10_depth/ps10_depth.ipynb) one with cross-entropy on 60 messages.
- [Lecture 5](L05_batches_and_optimizers.ipynb) takes the gradient of a few examples only, and gives each weight a rate of
  its own; [Lecture 6](L06_schedules_and_clipping.ipynb) lets the rate change with time. [Lecture
  7](L07_regularisation.ipynb) asks what the loss of *new* messages does meanwhile.

Drawn from decks 002 (losses, gradient descent, "Which will be hard to optimize?"), 003 (the spam classifier, cross-entropy,
the two remarks on $\eta$) and 004 (the objective, binary cross-entropy, "Loss Optimization").
"""
