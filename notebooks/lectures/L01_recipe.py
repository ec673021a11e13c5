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
#     number: 1
#     minutes: 50
#     topics: [1, 20]
#     problem_sets: [ps07_gradient_descent]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 1: the recipe

Data, a function with knobs, a number that says how wrong it is, and small steps downhill.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- state the four lines of the recipe that trains every network of this course;
- take two steps of gradient descent with a pencil, and say what each number was for;
- tell a decision function, a loss and an objective apart, and exchange each without touching the others;
- turn a classification task into numbers: two features, one-hot targets, softmax;
- train a spam classifier, and say what its hidden layer is good for.

Before: nothing but derivatives from school, and a little NumPy. After: [Problem set
7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb) takes up the recipe when Lectures 4 to 6 have filled it
in; next is [Lecture 2](L02_four_ways_to_differentiate.ipynb), where the gradients come from.
"""

# %% slideshow={"slide_type": "skip"}
import matplotlib.pyplot as plt
import numpy as np

from course import (
    SGD, HalfSquaredError, Linear, MeanAbsoluteError, Sequential, SoftmaxCrossEntropy, Standardizer, Tanh,
    accuracy, fit, spam, split, training_step, widgets,
)
from course.autodiff.graph import neuronal_graph
from course.numerics import log_softmax

plt.rcParams.update({"font.size": 14, "lines.linewidth": 3, "figure.figsize": (8, 4.2)})
np.set_printoptions(precision=4, suppress=True)
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Fifty minutes: the recipe 20, the spam classifier 20, the live training 10. Do not explain backpropagation today. The
gradient is a black box that says which way is uphill; Lectures 2 and 3 open it. Have the training demo open in a second
tab before you begin.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 1. The recipe

Nobody writes down rules for what spam looks like. We show examples to a function that has many knobs, measure how wrong
it is, and turn every knob a little in the direction that makes it less wrong. Then again, and again.

That is the whole idea. What follows in this course are answers to the questions that it leaves open: *which* function,
*what* is wrong, which *direction*, *how far*, *how often*, and *when to stop*.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Four lines (decks 000 and 001)

1. **Data.** Examples with the right answers, $\{(x_n, y_n)\}_{n=1}^N$.
2. **Choose**
   - a **decision function**, $\hat y = f_\theta(x)$, with parameters θ (the knobs);
   - a **loss**, $\ell(\hat y, y) \in \mathbb R$: how bad is it to say $\hat y$ when $y$ is right?
3. **Objective.** Find the θ for which the loss is smallest on average over the examples,
   $$\theta^* = \arg\min_\theta J(\theta), \qquad J(\theta) = \frac1N \sum_{n=1}^N \ell\bigl(f_\theta(x_n), y_n\bigr).$$
4. **Train.** Take small steps opposite the gradient,
   $$\theta \leftarrow \theta - \eta\, \nabla J(\theta).$$

η, the **learning rate**, says how small.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Why the gradient?

$\nabla J$ holds one number for each parameter: by how much the objective would grow if this parameter alone grew by a
little.

- Where that number is positive, the parameter should become smaller. Where it is negative, larger. Hence the **minus**.
- Where it is large, this parameter matters much here, and it moves far. Where it is zero, it stays.

The gradient knows the slope *at this point* and nothing else. It does not know how far away the minimum is. That is why
the steps are small, and why there are many.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A number small enough to follow

**Data:** two examples, $(x, y) = (1, 4)$ and $(3, 2)$. **Decision function:** a line through the origin, $\hat y = w x$,
with one parameter. **Loss:** half the squared error. **Objective:**

$$J(w) = \tfrac12 \bigl[ \tfrac12 (w - 4)^2 + \tfrac12 (3w - 2)^2 \bigr], \qquad
\frac{dJ}{dw} = \tfrac12 \bigl[ (w - 4) \cdot 1 + (3w - 2) \cdot 3 \bigr] = 5w - 5 .$$

**Train** from $w = 0$ with $\eta = 0.1$:

| step | $w$ | $J$ | gradient | next $w$ |
|---|---|---|---|---|
| 1 | $0$ | $5$ | $-5$ | $0 + 0.5$ |
| 2 | $0.5$ | $3.125$ | $-2.5$ | $0.5 + 0.25$ |
| 3 | $0.75$ | $2.65625$ | $-1.25$ | $0.75 + 0.125$ |

Each step goes half of the way that is left to $w^* = 1$. There the loss is 2.5, not 0: no line through the origin meets
both points.
"""

# %% slideshow={"slide_type": "subslide"}
x, y = np.array([1.0, 3.0]), np.array([4.0, 2.0])  # line 1: data


def J(w):  # lines 2 and 3: decision function, loss, objective
    return np.mean((w * x - y) ** 2 / 2)


def gradient(w):
    return np.mean((w * x - y) * x)


w, eta, path = 0.0, 0.1, []
for step in range(3):  # line 4: train
    path.append((w, J(w), gradient(w)))
    w = w - eta * gradient(w)
    print(*(f"{number:9.5f}" for number in path[-1]), f"  next w {w:.4f}")

assert path == [(0.0, 5.0, -5.0), (0.5, 3.125, -2.5), (0.75, 2.65625, -1.25)]

# %% slideshow={"slide_type": "subslide"}
axis = np.linspace(-0.5, 2.5, 100)
plt.plot(axis, [J(w) for w in axis], color=BLUE)
plt.plot([w for w, _, _ in path], [value for _, value, _ in path], "o--", color=VERMILLION, markersize=10)
for step, (w, value, slope) in enumerate(path, 1):
    plt.annotate(f"step {step}", (w, value), xytext=(8, 8), textcoords="offset points", color=VERMILLION)
plt.xlabel("parameter w")
plt.ylabel("objective J")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** With $\eta = 0.1$ every step halves the distance. Then $\eta = 0.2$ should be better still. What
happens exactly? And at $\eta = 0.3$, at $0.5$? Decide first, then change `eta` in the cell below.
"""

# %% slideshow={"slide_type": "-"}
eta = 0.1

w = 0.0
for step in range(8):
    w = w - eta * gradient(w)
    print(f"{w:8.4f}", end=" ")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** One step takes $w - 1$ to $(1 - 5\eta)(w - 1)$. For $\eta = 0.2$ the factor is 0: there in one step.
For 0.3 it is −0.5: the steps jump across and still arrive. For 0.5 it is −1.5: each step ends farther away. The 5 is the
curvature of *this* objective; in [Lecture 4](L04_losses_and_gradient_descent.ipynb) a slider sweeps the whole range.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Let them vote on 0.2 with hands: "better", "worse", "arrives at once". The last is rare and right. Four minutes. If
somebody asks why one does not always solve $5w - 5 = 0$: because for a network nobody can.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Stochastic gradient descent: one example at a time

Line 4 of the decks does not use all examples for a step. It takes the gradient of *one* example's loss:

$$\theta^{(t+1)} = \theta^{(t)} - \eta_t\, \nabla \ell\bigl(f_\theta(x_i), y_i\bigr).$$

A step costs an N-th, and its direction is only right on average. **By hand** from $w = 0$ with $\eta = 0.1$: example 1 says
$(0 - 4) \cdot 1 = -4$, so $w = 0.4$; example 2 says $(3 \cdot 0.4 - 2) \cdot 3 = -2.4$, so $w = 0.64$.

At the *same* $w = 0$ the two would have said $-4$ and $(0 - 2) \cdot 3 = -6$, whose mean is $-5$: the gradient of the
objective.
"""

# %% slideshow={"slide_type": "fragment"}
w = 0.0
for i in (0, 1):
    w = w - 0.1 * (w * x[i] - y[i]) * x[i]
    print(f"after example {i + 1}: w = {w:.2f}")
np.testing.assert_allclose(w, 0.64)
np.testing.assert_allclose(np.mean([(0 * x[i] - y[i]) * x[i] for i in (0, 1)]), gradient(0.0))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Between one example and all of them lie the **mini-batches** that everybody uses: [Lecture
5](L05_batches_and_optimizers.ipynb). The little index $t$ at η says that the rate may change on the way: [Lecture
6](L06_schedules_and_clipping.ipynb).
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Decks 000, 001 and 004 write the objective as a *sum* over the examples; deck 002 mixes
sums and means. This course takes the mean. The best θ is the same: dividing by N moves no minimum. But the gradient is N
times as long for a sum, and so is the step. A learning rate that is right for one convention is wrong for the other.
"""

# %% slideshow={"slide_type": "-"}
many_x, many_y = np.tile(x, 20), np.tile(y, 20)  # the same two examples, twenty times over
for name, total in (("mean", np.mean), ("sum", np.sum)):
    w, seen = 0.0, []
    for step in range(4):
        w = w - 0.1 * total((w * many_x - many_y) * many_x)
        seen.append(f"{w:10.4g}")
    print(f"{name:5}", *seen)

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
With the mean, twenty copies of the same data are the same task, and the path is that of before. With the sum over these 40
examples each step is forty times as long, and the training explodes.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The four choices, and where they are taught

| the recipe says | today | other choices | lecture |
|---|---|---|---|
| data | two points, then spam | batches of it | 5 |
| decision function | a line, then a network | depth, activations, normalisation | 3, 8 |
| loss | half squared error, then cross-entropy | absolute error, Huber | 4 |
| objective | the mean | a penalty beside it | 7 |
| gradient | a formula of ours | four ways to get it | 2, 3 |
| step | $\theta - \eta \nabla J$ | momentum, Adam, schedules, clipping | 5, 6 |

Each can be exchanged without touching the others. That is what makes it a recipe.
"""

# %% slideshow={"slide_type": "subslide"}
def train(decision_function, loss, steps=200, learning_rate=0.05):
    """Follow the recipe on a noisy curve, whatever the choices are."""
    rng = np.random.default_rng(1)
    X = rng.uniform(-2, 2, (60, 1))
    Y = np.sin(2 * X) + 0.1 * rng.standard_normal((60, 1))
    optimizer = SGD(learning_rate)
    for _ in range(steps):
        value = training_step(decision_function, loss, optimizer, X, Y)
    return value


rng = np.random.default_rng(0)
line = Linear(1, 1, rng=rng)
network = Sequential(Linear(1, 16, rng=rng), Tanh(), Linear(16, 1, rng=rng))
print("a line, squared error      ", train(line, HalfSquaredError()).round(4))
print("a network, squared error   ", train(network, HalfSquaredError(), 4000, 0.1).round(4))
print("a network, absolute error  ", train(network, MeanAbsoluteError(), 2000, 0.02).round(4))

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
`train` does not know what it trains. `training_step` is the fourth line: forward, loss, gradient, step. (The losses of
the last two rows cannot be compared: they are measured in different units. Why?)

<details><summary>Answer</summary>

One is half a *squared* error, the other an absolute one. An error of 0.1 costs 0.005 in the first and 0.1 in the second.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What the recipe does not say

- It minimises the loss on the examples that it was given. We want to be right on examples that **nobody has seen**. So
  part of the data is kept aside to measure that, and is never trained on. ([Lecture 7](L07_regularisation.ipynb) is about
  the difference.)
- It says "small steps", and not how small.
- It finds *a* valley, and not always the deepest one. In practice that is less of a trouble than it sounds.
- It takes for granted that somebody computes $\nabla J$. For a network with a million parameters that is not a detail: it is
  the subject of Lectures [2](L02_four_ways_to_differentiate.ipynb) and [3](L03_backpropagation.ipynb).
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 20. The spam classifier: two features, two classes

Now the recipe on a task that one can draw (deck 003). Each message is two numbers,

- its **length**, in characters, and
- the **trust** in its sender, from 0 (never seen) to 1 (a friend),

and the answer is *spam* or *ham*. Spam in our data is of middling length, from senders of little trust. Ham is a short
note or a long letter, mostly from people we know. The two overlap: no classifier can be always right.

This is the first half. The second half, what exactly cross-entropy does with it, is in
[Lecture 4](L04_losses_and_gradient_descent.ipynb).
"""

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(20)
X, y = spam(600, rng=rng, one_hot=True)
(X_train, y_train), (X_test, y_test) = split(X, y, rng=rng, test=1 / 3, stratify=True)

print("length  trust   target")
for message, target in zip(X_train[:5], y_train[:5]):
    print(f"{message[0]:6.0f}  {message[1]:5.2f}   {target}", "spam" if target[0] else "ham")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**One-hot targets.** A class is not a number: ham is not "one more" than spam. So the answer is a row with a 1 in the
place of the right class, spam $[1, 0]$ and ham $[0, 1]$. With ten classes it would be a row of ten.
"""

# %% slideshow={"slide_type": "subslide"}
def draw(X, y):
    """Draw messages: what they are is told by colour and by marker."""
    for k, (name, colour, marker) in enumerate((("spam", VERMILLION, "^"), ("ham", BLUE, "o"))):
        rows = y[:, k] == 1
        plt.scatter(*X[rows].T, s=36, marker=marker, color=colour, alpha=0.7, label=name)
    plt.legend(loc="upper right")


draw(X_train, y_train)
plt.xlabel("length in characters")
plt.ylabel("trust in the sender")
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Put the features on one scale

Lengths go into the thousands, trust ends at 1. A step that is right for the weight of one is a thousandfold wrong for the
weight of the other. So every feature is **standardised**, with the mean μ and the standard deviation σ *of the training
part*:

$$x' = \frac{x - \mu}{\sigma}.$$

**By hand.** With $\mu = (500, 0.5)$ and $\sigma = (500, 0.25)$, a message of 250 characters and trust 0.25 becomes
$\bigl(\frac{-250}{500},\ \frac{-0.25}{0.25}\bigr) = (-0.5,\ -1)$: half a deviation shorter than average, one deviation
less trusted.

The test part is standardised with the *training part's* μ and σ. Its own would be information that we are not supposed to
have.
"""

# %% slideshow={"slide_type": "fragment"}
standardize = Standardizer(X_train)
print("μ", standardize.mean.round(2), "  σ", standardize.scale.round(2))
Z_train, Z_test = standardize(X_train), standardize(X_test)
print("after: mean", Z_train.mean(0).round(6), "deviation", Z_train.std(0).round(6))

by_hand = (np.array([250, 0.25]) - [500, 0.5]) / [500, 0.25]
assert by_hand.tolist() == [-0.5, -1.0]

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The decision function: a network with two outputs

$$a^{(1)} = x\, W^{(1)} + b^{(1)}, \qquad z^{(1)} = \tanh a^{(1)}, \qquad a^{(2)} = z^{(1)} W^{(2)} + b^{(2)} .$$

Two inputs, a hidden layer of units that each draw a soft line through the plane, and two outputs, one for each class. The
outputs $a^{(2)}$ are called **logits**: scores, any numbers. The larger one wins.
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(4)
small = Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 2, rng=rng))
neuronal_graph(small, x=np.array([-0.5, -1.0]))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The demo draws such a network, with two hidden units. How many numbers are there to learn? (Count the
arrows; biases are left out of this picture.) How many of them act on the first output only?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.neuronal_graph()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** Step forward only, today. Each unit adds up its inputs times the weights on the arrows, and bends the
sum. There are eight weights. The four of the hidden layer act on both outputs, and only two act on the first output
alone. The way back through the same picture is [Lecture 3](L03_backpropagation.ipynb).
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Softmax: from scores to probabilities

$$p_k = \frac{e^{a_k}}{\sum_j e^{a_j}}, \qquad \text{all positive, and } \sum_k p_k = 1 .$$

**By hand.** Logits $(\ln 3,\ 0)$: the exponentials are 3 and 1, so $p = (\tfrac34, \tfrac14)$. Logits $(0, 0)$: $p =
(\tfrac12,
\tfrac12)$, the network shrugs. Add 100 to both logits: nothing changes, since only the difference counts.

**The loss** looks at one number: the probability that was given to what is *right*. It is $-\ln$ of it (cross-entropy):

| probability of the right class | 1 | ¾ | ½ | ¼ | 0.01 |
|---|---|---|---|---|---|
| loss | 0 | 0.29 | 0.69 | 1.39 | 4.61 |

Sure and wrong is expensive. Guessing costs $\ln 2 \approx 0.69$.
"""

# %% slideshow={"slide_type": "fragment"}
for logits in ([np.log(3), 0.0], [0.0, 0.0], [100 + np.log(3), 100.0]):
    value, gradient_by_logits = SoftmaxCrossEntropy()(np.array([logits]), np.array([[1.0, 0.0]]))
    print("p =", np.exp(log_softmax(np.array(logits))), f"  loss if it is spam: {value:.4f}")

np.testing.assert_allclose(np.exp(log_softmax(np.array([np.log(3), 0.0]))), [0.75, 0.25])
np.testing.assert_allclose(SoftmaxCrossEntropy()(np.zeros((1, 2)), np.array([[1.0, 0.0]]))[0], np.log(2))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Remark (a deck disagrees).** Deck 003 says that the network predicts $[a^{(2)}_1, a^{(2)}_2]$, and on the same slide
that softmax puts out a probability; its forward pass then has $z^{(2)} = g(a^{(2)})$. In this course $a^{(2)}$ are the
logits, and softmax is *part of the loss*. The network that is trained ends in a linear layer. [Lecture
4](L04_losses_and_gradient_descent.ipynb) shows why: for logits of a thousand, softmax first and logarithm second gives
$\ln 0$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The recipe, applied

| line | here |
|---|---|
| data | 400 messages to train on, 200 kept aside, standardised |
| decision function | 2 → 8 → 2 with tanh: $2 \cdot 8 + 8 + 8 \cdot 2 + 2 = 42$ parameters |
| loss | cross-entropy of the softmax |
| objective | its mean over the training messages |
| step | $\theta \leftarrow \theta - 0.3\, \nabla J$, on 20 messages at a time, 60 times through the data |
"""

# %% slideshow={"slide_type": "fragment"}
def classifier(hidden, seed=1):
    """Make a network of two inputs and two logits; without a hidden layer, a straight line."""
    rng = np.random.default_rng(seed)
    if hidden == 0:
        return Linear(2, 2, rng=rng)
    return Sequential(Linear(2, hidden, rng=rng), Tanh(), Linear(hidden, 2, rng=rng))


def learn(network, Z, y, learning_rate=0.3, epochs=60):
    """Train by the recipe, and return the history."""
    choices = {"epochs": epochs, "batch_size": 20, "rng": np.random.default_rng(2)}
    return fit(network, SoftmaxCrossEntropy(), SGD(learning_rate), Z, y, **choices)


network = classifier(8)
assert network.parameters.size == 42

# %% slideshow={"slide_type": "subslide"}
before = accuracy(network.forward(Z_test), y_test)
history = learn(network, Z_train, y_train)
after = accuracy(network.forward(Z_test), y_test)

plt.plot(history.train_loss, color=BLUE)
plt.axhline(np.log(2), color="black", linestyle=":", linewidth=2)
plt.text(20, np.log(2) + 0.01, "guessing: ln 2")
plt.ylim(0, 0.8)
plt.xlabel("epoch")
plt.ylabel("training loss")
plt.show()
print(f"right on unseen messages: {before:.0%} before training, {after:.0%} after")

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
An *epoch* is one walk through all training messages, here 20 steps. Say the word and move on. If the accuracy before
training surprises somebody: random weights give random lines, and anything between 20 % and 80 % can come out.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Is the hidden layer needed? Without it the two logits are linear in the features, and the boundary
between spam and ham is a straight line. Look at the picture of the data: how many messages could the best straight line
get right?
"""

# %% slideshow={"slide_type": "subslide"}
for hidden in (0, 1, 2, 3, 8, 32):
    model = classifier(hidden)
    learn(model, Z_train, y_train)
    learned, unseen = accuracy(model.forward(Z_train), y_train), accuracy(model.forward(Z_test), y_test)
    print(f"{hidden:3} hidden units, {model.parameters.size:3} parameters: "
          f"{learned:.1%} of the training, {unseen:.1%} of the unseen messages")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** The line gets about four in five. It must be wrong somewhere, because ham lies on *both* sides of spam,
short and long. Two hidden units, two lines put together, are enough to go round it. More units bring
little here: what is left is the overlap, and no boundary helps against that.
"""

# %% slideshow={"slide_type": "subslide"}
def draw_boundary(model, title):
    """Colour the plane by what the model says, and draw the messages on it."""
    lengths, trusts = np.meshgrid(np.linspace(1, 2500, 120), np.linspace(0, 1, 120))
    logits = model.forward(standardize(np.column_stack([lengths.ravel(), trusts.ravel()])))
    score = (logits[:, 1] - logits[:, 0]).reshape(120, 120)
    plt.contourf(lengths, trusts, score, [-99, 0, 99], colors=[VERMILLION, BLUE], alpha=0.2)
    draw(X_test, y_test)
    plt.xlim(0, 2500)
    plt.title(title, fontsize=14)


plt.figure(figsize=(11, 4.2))
straight = classifier(0)
learn(straight, Z_train, y_train)
for place, (model, title) in enumerate(((straight, "no hidden layer"), (network, "8 hidden units")), 1):
    plt.subplot(1, 2, place)
    draw_boundary(model, title)
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What does standardising buy?

**Ask the class.** The same network, the same learning rate, the same number of steps, but the features as they are:
length in characters. What will the accuracy be?
"""

# %% slideshow={"slide_type": "-"}
for name, train_part, test_part in (("standardised", Z_train, Z_test), ("as they are", X_train, X_test)):
    model = classifier(8)
    history = learn(model, train_part, y_train)
    share = accuracy(model.forward(test_part), y_test)
    print(f"{name:12}: loss {history.train_loss[-1]:.3f}, right on unseen messages {share:.0%}")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** With lengths of hundreds every tanh is at ±1, and at the same one for *every* message: the layer has lost
the data. Its slope there is 0, so a unit does not notice when its weights change; the gradient by these weights is 0, and
nothing is learned. The recipe is the same. The data were not ready for it.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A message of your own
"""

# %% slideshow={"slide_type": "-"}
length, trust = 300, 0.1

logits = network.forward(standardize(np.array([[length, trust]])))
p = np.exp(log_softmax(logits))[0]
print(f"{length} characters from a sender of trust {trust}: spam with probability {p[0]:.1%}, ham {p[1]:.1%}")

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
Try a letter of 2,000 characters from the same sender. Then one of 20,000: there is no message of that kind in the data,
and the network is sure all the same. A probability that comes out of softmax is an opinion, and not a measure of how much
the network has seen.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The demo trains such a network before your eyes. Before it starts: where will the first boundary lie?
Which will the network find first, the short notes or the long letters? And with `hidden layers` at 0, can it ever get
round the spam?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.training()

# %% [markdown] slideshow={"slide_type": "fragment"}
r"""
**What it shows.** On the left is the decision function, in the middle the objective: each frame is a few rounds of line
4. (The demo takes the logarithm of the length, so that short, middling and long lie evenly.) Set *hidden layers* to 0 and
the boundary stays straight, however long you wait. Raise the learning rate until the loss jumps about, then until it is
no number any more. Press *share* to get a code cell that comes to what is on the screen. The sliders that we have not
spoken of each have their lecture: momentum and batch size 5, keep probability and L2 7, depth 8.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Five minutes. Play with the defaults once, reset, hidden layers 0, play. Then width 1, 2, 3. Leave the other sliders
alone, or you will give all nine lectures today. If it diverges, reset begins anew.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

**1.** Which of these is a parameter, which is a choice of yours: $W^{(1)}$, η, the number of hidden units, $b^{(2)}$, the
loss?

<details><summary>Answer</summary>

$W^{(1)}$ and $b^{(2)}$ are parameters: the training finds them. The other three are choices (*hyperparameters*, for the
numbers among them).

</details>

**2.** $w = 2$, the gradient is $-3$, $\eta = 0.5$. What is $w$ after the step?

<details><summary>Answer</summary>

$2 - 0.5 \cdot (-3) = 3.5$.

</details>

**3.** You double the data by writing every example twice. What happens to $J$ and to its gradient in this course's
convention? And with a sum?

<details><summary>Answer</summary>

With the mean, nothing. With the sum, both double.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**4.** Logits $(0, \ln 4)$ for a message that is spam. What is the probability of spam, and what is the loss?

<details><summary>Answer</summary>

$1/(1 + 4) = 0.2$, and $-\ln 0.2 \approx 1.61$.

</details>

**5.** A spam filter with two outputs, untrained, has a loss of about 0.69. With ten classes, what would you expect?

<details><summary>Answer</summary>

$\ln 10 \approx 2.3$: a tenth for each class. It is a good first check of any new network.

</details>

**6.** Why may the test part not be used to compute μ and σ?

<details><summary>Answer</summary>

It stands for messages that have not been written yet. Whatever is taken from it makes the measurement look better than
the truth.

</details>
"""

# %% slideshow={"slide_type": "skip"}
np.testing.assert_allclose(2 - 0.5 * (-3), 3.5)
np.testing.assert_allclose(np.exp(log_softmax(np.array([0.0, np.log(4)])))[0], 0.2)

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- Data, decision function and loss, objective, small steps opposite the gradient: four lines, and all of training.
- The choices are independent: exchange one, and the loop stays as it is.
- The loss is a mean over the examples, so that the learning rate does not depend on how many there are.
- Classes are one-hot rows, outputs are logits, softmax makes them probabilities, and the loss is $-\ln$ of the right one.
- A hidden layer bends the boundary. Standardised features are half the success.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Lecture 2](L02_four_ways_to_differentiate.ipynb): four ways to get a gradient. [Lecture 3](L03_backpropagation.ipynb):
  the one that trains networks.
- [Lecture 4](L04_losses_and_gradient_descent.ipynb): the second half of the spam classifier, and how long a step may be.
- [Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb): you write the loop: batches, steps,
  evaluation, the end.
- To read: `course.training.loop`, whose `training_step` is line 4, and `course.datasets.spam`.

Drawn from decks 000 and 001 (the recipe), 003 (the spam classifier) and 004 (the objective, stochastic gradient descent).
"""
