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
#     number: 7
#     minutes: 60
#     topics: [17]
#     problem_sets: [ps08_optimizers, ps09_regularization]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 7: regularisation

So far we have made the training loss small. Today we ask what that is worth on examples that the network has never
seen, and what can be done when it is worth little.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- see from two curves that a network overfits, and say when it began;
- put a price on weights with L2 and with L1, and predict what each does to a large and to a small weight;
- explain why weight decay and an L2 penalty are one thing under plain gradient descent and two things under Adam;
- explain dropout as an ensemble of subnetworks, and not be caught by its two conventions;
- end a training at the right time, and say why the validation loss of that time is a flattering number.

Before: [Lecture 6](L06_schedules_and_clipping.ipynb). After:
[Problem set 9](../exercises/ps09_regularization/ps09_regularization.ipynb), the AdamW of
[Problem set 8](../exercises/ps08_optimizers/ps08_optimizers.ipynb), and then [Lecture 8](L08_depth.ipynb).
"""

# %% slideshow={"slide_type": "subslide"}
from itertools import product

import matplotlib.pyplot as plt
import numpy as np

from course import L1, L2, SGD, Adam, AdamW, Dropout, EarlyStopping, Linear, ReLU, Sequential
from course import Softmax, SoftmaxCrossEntropy, Standardizer, accuracy, evaluate, fit, moons, widgets

BLUE, RED, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
plt.rcParams.update({"font.size": 15, "lines.linewidth": 3, "figure.figsize": (11, 4.2),
                     "figure.constrained_layout.use": True})
np.set_printoptions(precision=4, suppress=True)

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
60 minutes: overfitting 6, L2 and L1 15, decay against Adam 12, dropout 15, early stopping 8, together and quiz 4.
If time is short, leave out "Dropout is a penalty in disguise" and "Early stopping is a penalty, too".
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 17. Regularisation: learning less in order to know more

A network with many weights can bring its training loss close to zero in two ways. It can find what the examples have in
common, or it can learn every example by heart, noise included. The training loss does not tell the two apart. The
**validation loss** does: the same loss on examples that are never trained on.

**Overfitting** is when the training loss still falls and the validation loss rises.

**Regularisation** is whatever makes the second curve better, at the price of the first one.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Overfitting, seen

Two half moons with much noise: 40 examples to learn from, 400 to look at after every epoch, and 2,000 that we keep for
the very end. The network has two hidden layers of 64 units.

**Ask the class.** How many parameters does this network have, and how many for each example?
"""

# %% slideshow={"slide_type": "-"}
def draw_moons(seed, n=40):
    rng = np.random.default_rng(seed)
    return [moons(rows, rng=rng, noise=0.35) for rows in (n, 400, 2000)]


def network(rng, keep_prob=1.0, width=64):
    return Sequential(
        Linear(2, width, rng=rng), ReLU(), Dropout(keep_prob, rng=rng),
        Linear(width, width, rng=rng), ReLU(), Dropout(keep_prob, rng=rng),
        Linear(width, 2, rng=rng))


train, validation, test = draw_moons(seed=1)
print(network(np.random.default_rng(0)).parameters.size, "parameters for", len(train[0]), "examples")

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(101)
plain = network(rng)
seen = fit(plain, SoftmaxCrossEntropy(), Adam(0.003), *train, epochs=200, batch_size=20, rng=rng,
           validation=validation)

best = int(np.argmin(seen.validation_loss)) + 1
epochs = np.arange(1, len(seen) + 1)
fig, ax = plt.subplots()
ax.plot(epochs, seen.train_loss, color=BLUE, label="training loss")
ax.plot(epochs, seen.validation_loss, color=RED, linestyle="--", label="validation loss")
ax.axvline(best, color="0.5", linestyle=":", label=f"lowest in epoch {best}")
ax.set(xlabel="epoch", ylabel="cross-entropy", title="40 examples, 4,482 parameters", ylim=(0, None))
ax.legend();

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Both losses fall together at first. Then they part: the network begins to spend its weights on single
points. At the end its training loss is near zero, and it is not only wrong on the validation points that lie among
those of the other class but *sure* of it, which cross-entropy punishes without mercy: the loss of a wrong answer given
with probability $q$ is $-\log(1 - q)$.

Note what the picture is not: an accuracy. The share of right answers hardly falls while the validation loss nearly
doubles. The next cell prints both.
"""

# %% slideshow={"slide_type": "-"}
for name, examples in (("training", train), ("validation", validation), ("test", test)):
    found = evaluate(plain, SoftmaxCrossEntropy(), *examples, [accuracy])
    print(f"{name:10s}  loss {found['loss']:6.3f}   accuracy {found['accuracy']:.3f}")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### L2: the price of a weight is its square

To fit one stray point, a network has to bend sharply, and sharp bends take large weights. So we make weights expensive.
The objective is no longer the loss alone but

$$L(w) + \Omega(w), \qquad \Omega(w) = \lambda \lVert w \rVert^2 = \lambda \sum_i w_i^2, \qquad
\frac{\partial \Omega}{\partial w_i} = 2\lambda\, w_i .$$

The strength $\lambda \ge 0$ is ours to choose, by the validation loss. The pull towards zero is proportional to the
weight.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: a weight between two forces

Near its minimum a loss is a parabola. Let a weight's loss be $\tfrac12 h\,(w - w^\circ)^2$: without a penalty the
weight would end at $w^\circ$, and $h$ says how much the loss cares. With L2 the two gradients must cancel:

$$h\,(w - w^\circ) + 2\lambda w = 0 \quad\Longrightarrow\quad w = \frac{h}{h + 2\lambda}\; w^\circ .$$

With $\lambda = 0.25$ and $w^\circ = 1$:

| the loss cares | $h$ | the weight ends at |
|---|---|---|
| much | 4.5 | $4.5 / 5 = 0.9$ |
| somewhat | 0.5 | $0.5 / 1 = 0.5$ |
| little | 0.125 | $0.125 / 0.625 = 0.2$ |

L2 does not shrink all weights alike. It takes most from those that **the loss does not insist on**.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The same in code

The library's `L2` has `value` and `gradient`. Any optimizer will do; here it is gradient descent. Change `strength`, or
put an `h` of your own into the list.
"""

# %% slideshow={"slide_type": "-"}
def settle(penalty, h, target, *, rate=0.05, steps=3000):
    """Follow weights down the gradient of the loss h/2 (w - target)² plus a penalty."""
    w, sgd = np.zeros(len(h)), SGD(rate)
    for _ in range(steps):
        sgd.step(w, h * (w - target) + penalty.gradient(w))
    return w


h = np.array([4.5, 0.5, 0.125])
w = settle(L2(0.25), h, target=np.ones(3))
print(w)
np.testing.assert_allclose(w, [0.9, 0.5, 0.2], atol=1e-6)
np.testing.assert_allclose(L2(0.25).value(w), 0.25 * (0.81 + 0.25 + 0.04))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Decks 003 and 004 write $\lambda \lVert w \rVert^2$, as we do, with gradient
$2\lambda w$. Most libraries write $\tfrac{\lambda}{2} \lVert w \rVert^2$, with gradient $\lambda w$: the same number is
half as strong there.

**Remark (a deck disagrees).** Decks 000, 003 and 004 *sum* the loss over the examples, and we take its mean. The
penalty does not grow with the data, so a $\lambda$ beside a sum is $N$ times weaker than beside a mean:

$$\sum_n \ell_n + \lambda \lVert w \rVert^2 = N \Bigl( \frac1N \sum_n \ell_n + \frac{\lambda}{N} \lVert w \rVert^2 \Bigr).$$

A $\lambda$ copied from a paper means nothing until you know both conventions. With a sum over $N = 40$ examples and
$\tfrac{\lambda}{2}$, a strength of 0.8 is our $\lambda = 0.8 / 2 / 40 = 0.01$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Weights, not biases

**Remark (a deck disagrees).** Deck 004 first speaks of "all parameters" and then of "every weight". That is not the
same: are biases penalised? Here they are not, unless one asks for it, `L2(0.25, biases=True)`.

Take a network that is a single bias $b$, and targets that are all 100. With a penalty of $\lambda = 0.5$ on the bias it
would settle where $(b - 100) + 2 \cdot 0.5 \cdot b = 0$, at $b = 50$. It is as simple as before, and wrong by 50. A
bias moves the output; it does not bend it.
"""

# %% slideshow={"slide_type": "-"}
np.testing.assert_allclose(settle(L2(0.5), np.ones(1), target=100.0), 50)

small = Linear(2, 3, rng=np.random.default_rng(0))
print("weight or not:", small.weight_mask)
small.parameters[:] = 2.0
print("spared:  ", L2(0.25).penalty(small), "  penalised as well:", L2(0.25, biases=True).penalty(small))
np.testing.assert_allclose([L2(0.25).penalty(small), L2(0.25, biases=True).penalty(small)], [6, 9])

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### L1: the price of a weight is its size

$$\Omega(w) = \lambda \sum_i |w_i|, \qquad \frac{\partial \Omega}{\partial w_i} = \lambda \operatorname{sign} w_i .$$

The pull is $\lambda$, however small the weight. Against a parabola of curvature $h$, a positive weight settles where
$h\,(w - w^\circ) + \lambda = 0$, that is $\lambda/h$ nearer to zero than the loss alone would have it. And if that is
on the other side of zero, it stays **at** zero:

$$w = \operatorname{sign}(w^\circ)\; \max\bigl(0,\; |w^\circ| - \lambda/h\bigr).$$

L2 *scales* weights. L1 *subtracts* from them, and switches some of them off: it chooses which inputs to use.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand, side by side

$h = 1$ and $\lambda = 0.25$ for both:

| $w^\circ$ | with L2, $w^\circ/1.5$ | with L1, $w^\circ - 0.25$ or $0$ |
|---|---|---|
| 3 | 2 | 2.75 |
| 0.6 | 0.4 | 0.35 |
| 0.15 | 0.1 | **0** |

A large weight fears L2 more, a small one L1. Gradient descent cannot come to rest on the kink at zero: it steps over
it and back, by $\eta\lambda$ each time. So the code below asks only for "zero to within a step or two".
"""

# %% slideshow={"slide_type": "-"}
target = np.array([3.0, 0.6, 0.15])
two = settle(L2(0.25), np.ones(3), target)
one = settle(L1(0.25), np.ones(3), target, rate=0.01)
print("L2:", two, "\nL1:", one)
np.testing.assert_allclose(two, [2, 0.4, 0.1], atol=1e-6)
np.testing.assert_allclose(one, [2.75, 0.35, 0], atol=2 * 0.01 * 0.25)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Forty weights are fitted to 30 points, and only a few of them are needed. The strength grows from
left to right. Which penalty will have more weights at zero, and which predicts better? Does that depend on how the
points came about?
"""

# %% slideshow={"slide_type": "-"}
widgets.penalties()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Move the strength up. Under L2 all weights become smaller and none arrives at zero. Under L1 they go
out one after the other (to within 0.001), while the large ones lose a constant amount: the soft threshold of the
formula above. Where the points came from *few large weights*, L1 predicts several times better. Now choose *many small
weights*: there is nothing to switch off, and L1 has lost its advantage. A penalty is a guess about the truth.

Too much of either, and the validation loss rises again: the model *underfits*. The best strength is usually a broad
place, so that powers of ten, or of three, are near enough to try.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Let them vote before moving the slider. Common answer: "L1 shrinks more". Point to a large weight and ask again.
If somebody asks for both at once: `ElasticNet(l1, l2)` in `course.regularizers`.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Weight decay: the same thing, at first

Put the L2 penalty into a step of plain gradient descent:

$$w \leftarrow w - \eta\,(g + 2\lambda w) = (1 - 2\eta\lambda)\, w - \eta\, g .$$

Before the step, each weight loses the fraction $2\eta\lambda$ of itself: it **decays**. So one may leave the objective
alone and write the decay into the step. That is *decoupled* weight decay, and the letter $\lambda$ has another meaning
in it:

$$w \leftarrow w - \eta\lambda\, w - \eta\, g .$$
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**By hand.** $w = 2$, $g = 3$, $\eta = 0.1$. A penalty with $\lambda = 0.5$: $2 - 0.1 \cdot (3 + 2) = 1.5$. A decay with
$\lambda = 1$: $2 - 0.1 \cdot 2 - 0.1 \cdot 3 = 1.5$. For plain gradient descent, a decay of $2\lambda$ is a penalty of
$\lambda$.
"""

# %% slideshow={"slide_type": "-"}
w = np.array([2.0])
SGD(0.1).step(w, 3.0 + L2(0.5).gradient(w))
decayed = 2.0 - 0.1 * 1.0 * 2.0 - 0.1 * 3.0
print(w, decayed)
np.testing.assert_allclose([w[0], decayed], 1.5)

# %% [markdown] slideshow={"slide_type": "-"}
r"""
**Remark (a deck disagrees).** Deck 003 calls the penalty $\lambda \lVert W \rVert^2$ *weight decay*, one slide after
it praised AdamW for its *decoupled* weight decay. If the two were one thing, there would be nothing to decouple.
They are one thing for plain gradient descent only. Already with momentum they differ a little, for a penalty's pull
gathers in the velocity and a decoupled decay does not. Under Adam they differ a lot.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Under Adam

Adam divides each weight's gradient by its usual size. With the penalty inside the gradient,

$$w \leftarrow w - \eta\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}, \qquad
\hat m,\, \hat v \;\text{ of }\; g + 2\lambda w ,$$

the pull is divided as well. Let a weight's loss gradient jump about zero, $+s, -s, +s, \dots$: the loss wants nothing,
and only the penalty should move it. Where $s$ is much larger than $2\lambda w$, the pull comes to about
$\eta \cdot 2\lambda w / s$: the larger the gradients, the weaker. Where $s$ is much smaller, numerator and root are
both the penalty's own, and the weight walks at full speed $\eta$, whatever $\lambda$ is.

**AdamW** takes the decay out of the fraction: $\eta\lambda w$ from every weight, whatever its gradients.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Three weights start at 1, with gradients that jump by $s = 100$, $1$ and $0.01$. The penalty is such
that gradient descent would take 18 % from each in 200 steps. What will Adam take from each? What AdamW?
"""

# %% slideshow={"slide_type": "-"}
def jump(optimizer, penalty, steps=200):
    """Three weights whose gradients change sign at every step: a pair of each, one up first and one down."""
    s = np.array([[100.0, 1.0, 0.01], [-100.0, -1.0, -0.01]])
    w = np.ones((2, 3))
    for t in range(steps):
        optimizer.step(w, (-1) ** t * s + penalty.gradient(w))
    return w.mean(0)


rate, strength = 0.01, 0.05
print("gradient descent + L2:", jump(SGD(rate), L2(strength)))
print("Adam + L2:            ", jump(Adam(rate), L2(strength)))
print("AdamW:                ", jump(AdamW(rate, weight_decay=2 * strength), L2(0.0)))
print("a pure decay:         ", (1 - 2 * rate * strength) ** 200)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Gradient descent and AdamW take the same share from all three. Adam with the penalty leaves the first
weight where it was, and drives the last one to zero. So an L2 penalty under Adam restrains most the weights whose
gradients are *small*, which are not those that overfit. (Why it must be so is worked out with two weights in Problem
set 8, section 7.)

Three practical consequences:

- with Adam, use AdamW for decay, and leave the penalty to gradient descent;
- its $\lambda$ is not the penalty's: in long trainings usual values are 0.01 to 0.1, where a penalty's are $10^{-5}$ to
  $10^{-2}$;
- the decay of a whole training is about $e^{-\lambda \sum_t \eta_t}$: whoever changes $\eta$, or the number of steps,
  changes it.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Measured on the moons

The same network and data, 150 epochs each. The last column is the length of all weights together. (The decays look
large because this training is short: 300 steps of $\eta = 0.01$, so that $\sum_t \eta_t$ is 3.)
"""

# %% slideshow={"slide_type": "-"}
def after_training(make_optimizer, regularizer=None, seed=1):
    train, _, test = draw_moons(seed)
    rng = np.random.default_rng(100 + seed)
    net = network(rng)
    fit(net, SoftmaxCrossEntropy(), make_optimizer(net), *train, epochs=150, batch_size=20, rng=rng,
        regularizer=regularizer)
    test_loss = evaluate(net, SoftmaxCrossEntropy(), *test)["loss"]
    return test_loss, np.linalg.norm(net.parameters * net.weight_mask)


for strength in (0.0, 0.001, 0.01, 0.1):
    loss, length = after_training(lambda net: Adam(0.01), L2(strength))
    print(f"Adam + L2({strength:5g})   test loss {loss:.2f}   length {length:4.1f}")
for decay in (0.1, 1.0, 3.0, 10.0):
    loss, length = after_training(lambda net, decay=decay: AdamW(0.01, weight_decay=decay * net.weight_mask))
    print(f"AdamW({decay:5g})       test loss {loss:.2f}   length {length:4.1f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Each has a strength that makes the test loss several times smaller, and each has strengths that do
nothing or too much. At their best they are close to each other: on a small network, where all gradients are of a
similar size, which one you take matters less than that you choose its strength by a validation set. On large networks,
where gradients of different layers differ by orders of magnitude, the decoupled form is the one that is easier to tune,
and the standard (deck 003).
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Dropout: never the same network twice

In training, each unit is kept with probability $p$ (`keep_prob`) and otherwise set to zero; anew for every unit, every
example and every step. A unit that may find its neighbours missing must be of use by itself.

When the network is used, nothing is dropped. Then more arrives at the next layer than it was trained with, and a scale
has to make up for that. With $m$ a mask of ones and zeros, $E[m] = p$:

| | in training | afterwards |
|---|---|---|
| **inverted** (our default) | $z = m\,x / p$ | $z = x$ |
| **classic** (`classic=True`) | $z = m\,x$ | $z = p\,x$ |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

$x = (4,\ 8)$, $p = 0.8$. There are four masks. Inverted dropout gives

| mask | probability | in training |
|---|---|---|
| $(1, 1)$ | $0.8 \cdot 0.8 = 0.64$ | $(5,\ 10)$ |
| $(1, 0)$ | $0.8 \cdot 0.2 = 0.16$ | $(5,\ 0)$ |
| $(0, 1)$ | $0.16$ | $(0,\ 10)$ |
| $(0, 0)$ | $0.04$ | $(0,\ 0)$ |

The mean of the first entry is $(0.64 + 0.16) \cdot 5 = 4$, of the second $(0.64 + 0.16) \cdot 10 = 8$: just $x$, which
is what comes out afterwards. Classic dropout has the mean $(3.2,\ 6.4)$, and afterwards gives $0.8\,x$, the same.
"""

# %% slideshow={"slide_type": "-"}
x, p = np.array([4.0, 8.0]), 0.8
masks = np.array(list(product([1, 0], repeat=2)))
chances = np.prod(np.where(masks == 1, p, 1 - p), axis=1)
print("by hand:", chances @ (masks * x / p), chances @ (masks * x))

many = np.tile(x, (100_000, 1))
for classic in (False, True):
    layer = Dropout(p, rng=np.random.default_rng(0), classic=classic)
    print(f"classic={classic!s:5}  training, on average {layer.forward(many, training=True).mean(0)}",
          f" afterwards {layer.forward(x[np.newaxis])[0]}")
    np.testing.assert_allclose(layer.forward(many, training=True).mean(0), layer.forward(many)[0], rtol=0.01)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 004 teaches the classic form, where $p$ is the probability to *keep*. Today's
libraries are inverted, and the number that they take is the probability to *drop*: PyTorch's `Dropout(p=0.2)` is our
`Dropout(0.8)`. The two cannot be told from the result where $p = 0.5$, which is the value in most examples.

**Remark.** Both forms agree on average, and a network trained with one of them can be used with the other once its next
layer's weights have been scaled. Problem set 9 has that exercise.

**The bug that everybody makes once:** to measure a network while it still drops units. In this library `forward(x)`
drops nothing, and `forward(x, training=True)` does; in PyTorch `net.eval()` must be called, and is easily forgotten.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Dropout as an ensemble

Deck 004: dropout trains an ensemble of subnetworks, made by removing units other than the outputs. With $K$ units that
may be missing there are $2^K$ of them, all sharing one set of weights. Each step trains those that it draws.

An ensemble predicts by the mean of its members. Can one pass through the whole network replace $2^K$ passes? With six
hidden units we can afford all 64, and look.
"""

# %% slideshow={"slide_type": "-"}
rng, p = np.random.default_rng(3), 0.7
X, y = moons(400, rng=rng, noise=0.15)
scaled = Standardizer(X)
whole = Sequential(Linear(2, 6, rng=rng), ReLU(), Dropout(p, rng=rng), Linear(6, 2, rng=rng))
fit(whole, SoftmaxCrossEntropy(), Adam(0.02), scaled(X), y, epochs=60, batch_size=20, rng=rng)

X, y = moons(1000, rng=rng, noise=0.15)
hidden = whole[1].forward(whole[0].forward(scaled(X)))
masks = np.array(list(product([0, 1], repeat=6)))
chances = np.prod(np.where(masks == 1, p, 1 - p), axis=1)
members = np.array([whole[3].forward(hidden * mask / p) for mask in masks])      # (64, examples, 2)
logits = whole.forward(scaled(X))
np.testing.assert_allclose(np.tensordot(chances, members, 1), logits, atol=1e-12)
print("The mean of the logits of 64 subnetworks is what one pass through the whole network gives.")

# %% slideshow={"slide_type": "subslide"}
shares = np.array([accuracy(member, y) for member in members])
order = np.argsort(shares)
fig, ax = plt.subplots()
ax.bar(range(64), shares[order], color=[BLUE if masks[k].sum() > 3 else "0.75" for k in order])
ax.axhline(accuracy(logits, y), color=RED, linestyle="--", label="the whole network, one pass")
ax.plot([], [], "s", color=BLUE, label="subnetwork with 4 or more units")
ax.plot([], [], "s", color="0.75", label="with 3 or fewer")
ax.set(xlabel="subnetworks, from worst to best", ylabel="accuracy on test data", ylim=(0.4, 1), xticks=[])
ax.legend(loc="lower right");

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Many members are poor, and the whole is about as good as the best of them. For the logits of this
network the single pass is exactly the ensemble's mean. For the *probabilities* it is exactly another mean, the
geometric one, brought to sum one:

$$\operatorname{softmax}\Bigl( \sum_m P(m)\, a_m \Bigr) \;\propto\; \prod_m \operatorname{softmax}(a_m)^{P(m)} ,$$

because a softmax turns sums of logits into products of probabilities. All this holds with dropout before the *last*
layer. With two layers of dropout it is an approximation. Problem set 9 asks why.
"""

# %% slideshow={"slide_type": "-"}
softmax = Softmax().forward
geometric = np.exp(np.tensordot(chances, np.log(softmax(members)), 1))
geometric /= geometric.sum(1, keepdims=True)
np.testing.assert_allclose(geometric, softmax(logits), atol=1e-12)
arithmetic = np.tensordot(chances, softmax(members), 1)
print("largest gap to the arithmetic mean:", np.abs(arithmetic - softmax(logits)).max().round(3))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Dropout is a penalty in disguise

Drop the *inputs* of a linear model, $\hat y = \sum_d w_d\, m_d x_d / p$, and average half the squared error over all
masks. The mean of $\hat y$ is $w \cdot x$, and each term adds its variance, $w_d^2 x_d^2 (1-p)/p$:

$$E\,\tfrac12(\hat y - y)^2 = \tfrac12 (w \cdot x - y)^2 + \tfrac12\, \frac{1-p}{p} \sum_d x_d^2\, w_d^2 .$$

That is an L2 penalty, with a strength for each weight: as strong as its input is large. The smaller $p$, the stronger.

**By hand.** $x = (1, 2)$, $w = (3, 1)$, $y = 5$, $p = 0.5$: the error is $0$, and the penalty
$\tfrac12 \cdot 1 \cdot (9 + 4) = 6.5$.
"""

# %% slideshow={"slide_type": "-"}
x, w, y0, p = np.array([1.0, 2.0]), np.array([3.0, 1.0]), 5.0, 0.5
masks = np.array(list(product([0, 1], repeat=2)))
chances = np.prod(np.where(masks == 1, p, 1 - p), axis=1)
average = chances @ (((masks * x / p) @ w - y0) ** 2 / 2)
formula = (x @ w - y0) ** 2 / 2 + (1 - p) / p * np.sum(x**2 * w**2) / 2
print("average over the masks", average, "  by the formula", formula)
np.testing.assert_allclose([average, formula], 6.5)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** We sweep the probability to keep a unit from very low to 1. Where will the training loss be lowest,
and where the validation loss? And which of the two will lie higher at a small $p$?
"""

# %% slideshow={"slide_type": "-"}
widgets.dropout()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** At $p = 1$ the training loss is lowest and the validation loss highest: overfitting. Move $p$ down,
and the gap closes; the best of this sweep lies near 0.6, in a broad valley. At a small $p$ the training loss lies
*above* the validation loss, which surprises everybody once: in training the losses are those of crippled subnetworks,
in validation that of the whole. Still further down too little gets through, and both rise. The middle panel draws some
members, their mean, and the whole network, which lies near that mean: near, not on it, for something nonlinear follows
the dropout.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Usual values: keep 0.5 in wide hidden layers, 0.8 to 0.9 on inputs and in narrow layers, 1 at outputs. Dropout needs
wider layers and more epochs. Somebody will ask about dropout together with batch norm: the variance differs between
training and use, so they disturb each other; one of them is usually enough.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Early stopping: the best epoch is rarely the last

The cheapest of all. Watch the validation loss after every epoch, keep a copy of the weights whenever it is the lowest
so far, and give up after a number of epochs in a row without a new lowest one: the **patience**.

$$E_t < E_\text{best} - \text{min\_delta} \;\Rightarrow\; \text{improvement: keep a copy, wait from 0 again}; \qquad
\text{else wait one more.}$$

Waiting costs epochs; impatience costs the better epochs behind the next bump. What one gets back are the **best**
weights, not the last ones.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

| epoch | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 |
|---|---|---|---|---|---|---|---|---|---|
| validation loss | 0.9 | 0.6 | **0.5** | 0.55 | 0.52 | **0.48** | 0.6 | 0.61 | 0.7 |
| waited | 0 | 0 | 0 | 1 | 2 | 0 | 1 | 2 | 3 |

With a patience of 2 the training ends after epoch 5 with the weights of epoch 3. With a patience of 3 it reaches epoch
6, which is better, and ends after epoch 9.
"""

# %% slideshow={"slide_type": "-"}
losses = [0.9, 0.6, 0.5, 0.55, 0.52, 0.48, 0.6, 0.61, 0.7]
for patience in (2, 3):
    stop, net = EarlyStopping(patience=patience), Linear(1, 1, rng=np.random.default_rng(0))
    for epoch, loss in enumerate(losses, start=1):
        net.weight[:] = epoch                               # so that we see whose weights we get
        if stop.watch(epoch, net, loss):
            break
    print(f"patience {patience}: ended after epoch {epoch}, with the weights of epoch {net.weight[0, 0]:g}")
    assert (epoch, stop.best_epoch) == {2: (5, 3), 3: (9, 6)}[patience]

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 003 stops when the validation loss "turns up", deck 004 when it "has stopped
improving". On a curve that becomes flat and stays flat the first rule never stops, and the second does. And on a noisy
curve "turns up", taken at its word, is a patience of 1: it would have stopped after epoch 4 above. The course follows
deck 004, with the patience and `min_delta` to say what *stopped* and *improving* mean.

In a training it is a callback:
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(101)
stopped = network(rng)
history = fit(stopped, SoftmaxCrossEntropy(), Adam(0.003), *train, epochs=200, batch_size=20, rng=rng,
              validation=validation, callbacks=[EarlyStopping(patience=20)])
print(history)
for name, net in (("200 epochs", plain), ("stopped", stopped)):
    print(f"{name:10s}  test loss {evaluate(net, SoftmaxCrossEntropy(), *test)['loss']:.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The validation curve below has bumps. With a patience of 1, where would the training end? How large
must the patience be to get over the first bump, and what does that cost?
"""

# %% slideshow={"slide_type": "-"}
widgets.early_stopping()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Move the patience up from 1. The place where the training *ends* moves to the right with every stop;
the epoch whose weights are *kept* stays where it is, and then leaps, each time a bump is overcome: from epoch 9 to 21
to 53. From some patience on it leaps no more, and more patience only costs time. A patience of 10 to 20 % of the epochs
that you expect is a fair first choice. Then choose batches of 5: the curve is noisier, and impatience dearer.

**A flattering number.** The lowest of many noisy validation losses was chosen *because* it is low. Report the loss on a
third part of the data, the **test set**, used once. (The same holds for every $\lambda$, $p$ and width that you choose
by the validation set.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Early stopping is a penalty, too

Gradient descent from $w = 0$ on $\tfrac12 h (w - w^\circ)^2$ has come this far after $t$ steps (Lecture 4):

$$w_t = \bigl(1 - (1 - \eta h)^t\bigr)\, w^\circ \qquad \text{and L2 gives} \qquad w = \frac{h}{h + 2\lambda}\, w^\circ .$$

Both keep the directions in which the loss is steep, and hold back the flat ones. For small $\eta h t$ the first is
$\eta h t$, and for small $h$ the second is $h/2\lambda$: they agree when $2\lambda = 1/(\eta t)$. Few steps are a
strong penalty.
"""

# %% slideshow={"slide_type": "-"}
h, rate, steps = np.geomspace(0.01, 10, 200), 0.1, 50
fig, ax = plt.subplots(figsize=(11, 3.6))
ax.semilogx(h, 1 - (1 - rate * h) ** steps, color=BLUE, label=f"stopped after {steps} steps")
ax.semilogx(h, h / (h + 1 / (rate * steps)), color=RED, linestyle="--", label="L2 with 2λ = 1/(ηt)")
ax.set(xlabel="curvature h of the loss", ylabel="share of $w^\\circ$")
ax.legend();

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### All of them, measured

The moons again: four draws of data, weights and order for each. A number is a mean, with the standard deviation over
the four draws. (The strengths were chosen by the validation loss of four other draws.)
"""

# %% slideshow={"slide_type": "-"}
def measure(seed, keep_prob=1.0, decay=0.0, **options):
    train, validation, test = draw_moons(seed)
    rng = np.random.default_rng(200 + seed)
    net = network(rng, keep_prob)
    optimizer = AdamW(0.01, weight_decay=decay * net.weight_mask)
    fit(net, SoftmaxCrossEntropy(), optimizer, *train, epochs=150, batch_size=20, rng=rng,
        validation=validation, **options)
    return list(evaluate(net, SoftmaxCrossEntropy(), *test, [accuracy]).values())


# %% slideshow={"slide_type": "subslide"}
ways = {"nothing": lambda: {},
        "L2": lambda: {"regularizer": L2(0.01)},
        "L1": lambda: {"regularizer": L1(0.003)},
        "weight decay": lambda: {"decay": 3.0},
        "dropout": lambda: {"keep_prob": 0.2},
        "early stopping": lambda: {"callbacks": [EarlyStopping(patience=20)]}}
for name, options in ways.items():
    found = np.array([measure(seed, **options()) for seed in range(10, 14)])
    (loss, share), (d_loss, d_share) = found.mean(0), found.std(0)
    print(f"{name:15s} test loss {loss:.2f} ± {d_loss:.2f}    accuracy {share:.3f} ± {d_share:.3f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** The losses differ by a factor of several, the accuracies by less than they scatter. What
regularisation cures here is first of all *false certainty*: the boundary runs nearly where it did, but the network no
longer swears to it. Whether that matters depends on what the probabilities are used for.

Other things regularise without the name. More data, above all. Noise on the inputs, or images shifted a little. A
smaller network. And the noise of small batches, which deck 002 calls an "implicit regularizer"
([Lecture 5](L05_batches_and_optimizers.ipynb)).
"""

# %% slideshow={"slide_type": "-"}
for n in (40, 160, 640):
    (X, y), _, held_out = draw_moons(11, n)
    rng = np.random.default_rng(211)
    net = network(rng)
    fit(net, SoftmaxCrossEntropy(), Adam(0.01), X, y, epochs=6000 // n, batch_size=20, rng=rng)
    found = evaluate(net, SoftmaxCrossEntropy(), *held_out)
    print(f"{n:4d} examples, as many steps, nothing else:  test loss {found['loss']:.2f}")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

1. With plain gradient descent, $\eta = 0.1$ and a penalty $\lambda\lVert w\rVert^2$ with $\lambda = 0.5$: which share
   of a weight goes in a step in which the loss has no gradient?

   <details><summary>Answer</summary>

   $2\eta\lambda = 0.1$: one tenth. (With $\tfrac{\lambda}{2}\lVert w\rVert^2$ it would be one twentieth.)

   </details>

2. A layer has the line `Dropout(p=0.1)` in PyTorch. What is it here?

   <details><summary>Answer</summary>

   `Dropout(0.9)`: ours is the probability to keep, PyTorch's the probability to drop. Both are inverted.

   </details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
3. The training loss lies above the validation loss during a whole training with dropout. Is something wrong?

   <details><summary>Answer</summary>

   No. The training loss is measured on subnetworks with units missing, the validation loss on the whole network.

   </details>

4. You double the learning rate of AdamW and keep its $\lambda$. What happens to the decay?

   <details><summary>Answer</summary>

   A step takes $\eta\lambda w$, so it doubles, too. To keep it, halve $\lambda$.

   </details>

5. Which penalty would you take to find out which five of 200 inputs matter?

   <details><summary>Answer</summary>

   L1: it subtracts, and sets to zero what the loss does not insist on. L2 makes all small and none zero.

   </details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- Two curves decide: the training loss falls, the validation loss turns. Between them lies what was learned by heart.
- L2 scales weights, most where the loss does not insist; L1 subtracts, down to zero. Ask which convention a $\lambda$
  belongs to.
- Weight decay is an L2 penalty for plain gradient descent only. With Adam, take AdamW.
- Dropout trains an ensemble that shares its weights, and one pass through the whole stands for its mean.
- Early stopping costs nothing but a validation set. Report the test loss.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 9](../exercises/ps09_regularization/ps09_regularization.ipynb): you write L2, L1, dropout both ways,
  early stopping and clipping. [Problem set 8](../exercises/ps08_optimizers/ps08_optimizers.ipynb) has AdamW.
- [Lecture 8](L08_depth.ipynb): what depth does to gradients, and what normalisation does about it. Lecture 5 has the
  noise of small batches, [Lecture 6](L06_schedules_and_clipping.ipynb) clipping.
- In the library: `course.regularizers`, `course.layers.Dropout`, `course.early_stopping`, `course.optimizers.AdamW`.
- Decks: 003 ("Making training generalize & stay stable", "Beyond plain SGD"), 004 ("Regularization", "Dropout"), and
  002 for the noise of small batches. Papers: Srivastava and others (2014), Dropout; Loshchilov and Hutter (2019),
  Decoupled weight decay regularization; Tibshirani (1996), the lasso.
"""
