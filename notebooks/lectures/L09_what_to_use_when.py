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
#     number: 9
#     minutes: 60
#     topics: [21, 22]
#     problem_sets: [ps10_depth]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 9: what to use when

Eight lectures on how to train a network. The last one asks first whether it should be a network at all, and lets
measurements answer. Then it puts the course on one page, *what to try first*, and ends by handing your network to the
tools that everybody uses.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- say how a decision tree decides, and compute by hand where it asks its first question;
- compare two methods on the same data so that the result means something: several seeds, the same splits, the scatter
  beside the mean;
- name what speaks for a network and what for a tree, and which of the usual sayings did not survive a measurement;
- start a new task with a short list of decisions, and find the lecture that a symptom belongs to;
- read a PyTorch program, and know which of its conventions differ from ours.

Before: [Lecture 8](L08_depth.ipynb). After: the last two parts of
[Problem set 10](../exercises/ps10_depth/ps10_depth.ipynb), and networks of your own.
"""

# %% slideshow={"slide_type": "subslide"}
import time

import matplotlib.pyplot as plt
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier, export_text

from course import Adam, AdamW, Linear, ReLU, Sequential, SoftmaxCrossEntropy, Standardizer, Tanh
from course import digits, fit, spam, split, table, widgets
from course.autodiff.tape import Value
from course.gradient_check import gradient_check
from course.initializers import he_normal

BLUE, RED, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
plt.rcParams.update({"font.size": 15, "lines.linewidth": 3, "figure.figsize": (11, 4.2),
                     "figure.constrained_layout.use": True})
np.set_printoptions(precision=4, suppress=True)

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
60 minutes: the tree 8, digits 8, the small table 10, rules and slants with the demo 10, what to try first 12, PyTorch
8, quiz 4. If scikit-learn is missing: `pip install scikit-learn`. PyTorch may be missing; its cell then says so.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 21. A network or a decision tree?

Deck 003 closes with advice.

| reach for a network when | avoid one when |
|---|---|
| the inputs are many, real-valued or noisy | its layers and units are hard to choose |
| the form of the function is unknown | its weights must be inspected and explained |
| nobody needs to interpret it | the data are tabular and small: it would overfit |
| there is plenty of data | |

Beside it stands a table, *neural network vs decision tree*: images against tables, slow against fast, black box against
something that can be explained to people. We shall measure what can be measured of it.

**Ask the class.** Which of these seven statements would you bet on, and which would you like to see first?
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### How a tree decides

A tree asks one question at a time about one feature, *is $x_d \le t$?*, and sends the example left or right, until a
leaf names a class. It is grown from the root: of all features and thresholds, take the question that leaves the two
sides purest; then do the same on each side.

How impure is a set with shares $p_1, \dots, p_C$ of the classes? The *Gini impurity* is the probability that two
examples drawn from it differ:

$$G = 1 - \sum_k p_k^2 , \qquad \text{after a question:} \quad
 \frac{N_\text{left}}{N}\, G_\text{left} + \frac{N_\text{right}}{N}\, G_\text{right} .$$

No gradient, no learning rate, no scale: a threshold does not care about units.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: ten messages

| trust in the sender | 0.1 | 0.2 | 0.3 | 0.35 | 0.4 | 0.45 | 0.6 | 0.7 | 0.8 | 0.9 |
|---|---|---|---|---|---|---|---|---|---|---|
| | spam | spam | spam | ham | spam | spam | ham | ham | spam | ham |

At the root there are 6 spam and 4 ham: $G = 1 - 0.36 - 0.16 = 0.48$. The question *trust ≤ 0.525?* sends 5 spam and 1
ham to the left, 1 spam and 3 ham to the right:

$$\tfrac{6}{10} \bigl(1 - \tfrac{25}{36} - \tfrac{1}{36}\bigr) + \tfrac{4}{10} \bigl(1 - \tfrac{1}{16} - \tfrac{9}{16}\bigr)
= 0.6 \cdot 0.278 + 0.4 \cdot 0.375 = 0.317 .$$

No other threshold leaves less. Try one: at 0.325 it is 0.343.
"""

# %% slideshow={"slide_type": "subslide"}
trust = np.array([0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.6, 0.7, 0.8, 0.9])
ham = np.array([0, 0, 0, 1, 0, 0, 1, 1, 0, 1])


def gini(labels):
    return 1 - np.sum((np.bincount(labels, minlength=2) / len(labels)) ** 2)


def impurity_after(threshold):
    left, right = ham[trust <= threshold], ham[trust > threshold]
    return (len(left) * gini(left) + len(right) * gini(right)) / len(ham)


print(f"root {gini(ham):.3f}, at 0.525 {impurity_after(0.525):.3f}, at 0.325 {impurity_after(0.325):.3f}")
stump = DecisionTreeClassifier(max_depth=1).fit(trust[:, np.newaxis], ham)
np.testing.assert_allclose([gini(ham), impurity_after(0.525)], [0.48, 0.6 * 10 / 36 + 0.4 * 6 / 16])
np.testing.assert_allclose(stump.tree_.threshold[0], 0.525)

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### How to compare fairly

One split and one seed are an anecdote. We do this:

- **several seeds**: each parts the data anew, and draws new first weights;
- **the same splits for everyone**, so that a hard test part is hard for all; then look at the *differences*, split by
  split;
- the test part is used for nothing but the final count;
- nothing is tuned on it. Here nobody is tuned at all: one hidden layer with AdamW, and scikit-learn's defaults (but 50
  trees, to save time);
- mean **and** scatter are reported, and the time.

A *random forest* is many trees, here 50, each grown on a random draw of the examples and features, which vote. The
deck's "gradient boosting" is many trees, too: each corrects those before it. Neither is one tree any more.
"""

# %% slideshow={"slide_type": "subslide"}
def splits(X, y, rows, seeds):
    """Part the data anew for every seed: `rows` to learn from, all others to be asked about."""
    for seed in seeds:
        train, test = split(X, y, rng=np.random.default_rng(seed), test=1 - rows / len(X), stratify=True)
        scaled = Standardizer(train[0])
        yield seed, (scaled(train[0]), train[1]), (scaled(test[0]), test[1])


# %% slideshow={"slide_type": "-"}
def network(X, y, seed, steps=800):
    rng = np.random.default_rng(seed)
    net = Sequential(Linear(X.shape[1], 64, rng=rng, initializer=he_normal), ReLU(),
                     Linear(64, y.max() + 1, rng=rng))
    epochs = max(1, round(steps * 32 / len(X)))
    fit(net, SoftmaxCrossEntropy(), AdamW(0.003), X, y, epochs=epochs, batch_size=32, rng=rng)
    return lambda X: net.forward(X).argmax(1)


rivals = {"network": network,
          "tree": lambda X, y, seed: DecisionTreeClassifier(random_state=seed).fit(X, y).predict,
          "forest": lambda X, y, seed: RandomForestClassifier(50, random_state=seed).fit(X, y).predict}

# %% slideshow={"slide_type": "subslide"}
def compare(X, y, rows, seeds=5, names=("network", "tree", "forest"), report=True):
    """The share of right answers on unseen rows: for every name, one for each seed."""
    shares, seconds = {name: [] for name in names}, dict.fromkeys(names, 0.0)
    for seed, train, test in splits(X, y, rows, range(seeds)):
        for name in names:
            start = time.perf_counter()
            predict = rivals[name](*train, seed)
            seconds[name] += (time.perf_counter() - start) / seeds
            shares[name].append(np.mean(predict(test[0]) == test[1]))
    for name in names if report else ():
        mean, spread = np.mean(shares[name]), np.std(shares[name], ddof=1)
        print(f"{name:8s} {mean:6.1%} ± {spread:.1%}   {seconds[name]:6.3f} s to train")
    return {name: np.array(found) for name, found in shares.items()}

# %% slideshow={"slide_type": "-"}
def gap(shares, one="network", other="tree"):
    difference = shares[one] - shares[other]
    error = np.std(difference, ddof=1) / np.sqrt(len(difference))
    print(f"{one} minus {other}: {np.mean(difference):+.1%}, give or take {2 * error:.1%}; ahead in",
          f"{np.sum(difference > 0)} of {len(difference)}")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Images: handwritten digits

1,797 images of 8 × 8 pixels; 1,300 to learn from, five seeds.

**Ask the class.** Guess three numbers: the share of right answers of the network, of one tree, of a forest.
"""

# %% slideshow={"slide_type": "-"}
on_digits = compare(*digits(), rows=1300)
gap(on_digits)
gap(on_digits, "network", "forest")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** The network is right in about 97 of 100, the single tree in about 85, and no split has it otherwise.
For images the deck's advice holds against *a tree*. But a forest, with no choice made, is as good as the network here.
What a single pixel says is little; a network adds up many with weights, a forest lets many trees look at different
ones.

How sure are we? The scatter of five splits gives the "give or take" (two standard errors of the mean difference). It is
on the small side: the test parts overlap, so that the five are not independent.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Does it know that it sees images?

**Ask the class.** We shuffle the 64 pixels, all images in the same way. To us they become noise. What will it do to the
network, and to the tree?
"""

# %% slideshow={"slide_type": "-"}
X, y = digits()
shuffle = np.random.default_rng(0).permutation(64)
fig, axes = plt.subplots(1, 8, figsize=(11, 1.7))
for ax, image in zip(axes, [*X[:4], *X[:4, shuffle]]):
    ax.imshow(image.reshape(8, 8), cmap="gray_r")
    ax.axis("off")
print("shuffled:")
compare(X[:, shuffle], y, rows=1300, seeds=3, names=("network", "tree"));

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Nothing happens. A linear layer has a weight for each pixel and no idea which ones are neighbours;
nor has a tree. Neither uses that these *are* images. Networks that do, with weights shared from place to place
(convolutions), are why networks win on large images, by more than here. They are not part of this course, but their
gradients are those of Lecture 3, with the rule that what is used twice gets the *sum* of both.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### A small table

569 tumours, 30 measured features, benign or malignant. We let everyone learn from 60 of them: *tabular and small*, the
deck's case against networks.

**Ask the class.** Who wins, and by how much?
"""

# %% slideshow={"slide_type": "-"}
on_tumours = compare(*table("breast cancer"), rows=60, seeds=10)
gap(on_tumours)
gap(on_tumours, "network", "forest")

# %% slideshow={"slide_type": "subslide"}
sizes = (20, 60, 180, 400)
curves = [compare(*table("breast cancer"), rows=rows, seeds=3, report=False) for rows in sizes]
fig, ax = plt.subplots()
for name, color, style in (("network", BLUE, "o-"), ("tree", RED, "s--"), ("forest", GREEN, "^:")):
    means = np.array([found[name].mean() for found in curves])
    spread = np.array([found[name].std(ddof=1) for found in curves])
    ax.errorbar(sizes, means, spread, fmt=style, color=color, markersize=9, capsize=6, label=name)
ax.set(xscale="log", xlabel="rows to learn from", ylabel="right on unseen rows", ylim=(0.8, 1),
       xticks=sizes, xticklabels=sizes)
ax.minorticks_off()
ax.legend(loc="lower right");

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** The network, with 2,114 parameters and 60 rows, is *ahead* of the single tree, and of the forest as
well. The reason is in the data: the 30 features are measurements that grow and shrink together, and a weighted sum of
them, which is what a network starts from, suits them.

**Remark (a deck disagrees).** "Tabular and small" is no law about accuracy; deck 003 is right to call it a *risk*. What
does hold, on this table as on any: the tree takes a small part of the time, needs no common scale, no architecture and
no rate; each choice that is not there cannot be made badly.

**Remark.** The deck's column is headed *decision tree*, and its first entry says that "gradient boosting usually wins
here". Those are two things. One tree can be explained to people, and hundreds of trees are as black a box as a network.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What can be explained

A tree of depth 2, grown on 400 messages of our spam. Then the same knowledge in the first layer of a small network.
Which would you rather defend before a customer?
"""

# %% slideshow={"slide_type": "-"}
X, y = spam(400, rng=np.random.default_rng(0))
small = DecisionTreeClassifier(max_depth=2, random_state=0).fit(X, y)
print(export_text(small, feature_names=["length", "trust"], class_names=["spam", "ham"], decimals=2))

rng = np.random.default_rng(0)
net = Sequential(Linear(2, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))
scaled = Standardizer(X)(X)
fit(net, SoftmaxCrossEntropy(), Adam(0.02), scaled, y, epochs=30, batch_size=32, rng=rng)
print("right of its own messages: tree", np.mean(small.predict(X) == y),
      " network", np.mean(net.forward(scaled).argmax(1) == y))
print(net[0].weight)

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### The shape of the truth

"Target function: arbitrary" for a network, "nested if/else rules" for a tree, says the deck. So let the truth *be*
nested rules: class 1 where $x_1 > 0.1$ and $x_2 > -0.2$, or where $x_1 \le 0.1$ and ($x_2 > 0.4$ or $x_1 < -0.6$). Four
more columns are noise. Then turn the two true columns by 45°: the same shapes, the same noise, but now every edge is
slanted.

**Ask the class.** To whom does the turn make a difference?
"""

# %% slideshow={"slide_type": "-"}
def rules(n, rng, angle=0.0):
    x1, x2 = rng.uniform(-1, 1, (2, n))
    y = np.where(x1 > 0.1, x2 > -0.2, (x2 > 0.4) | (x1 < -0.6)).astype(int)
    c, s = np.cos(angle), np.sin(angle)
    return np.column_stack([c * x1 - s * x2, s * x1 + c * x2, rng.normal(size=(n, 4))]), y


for name, angle in (("straight", 0.0), ("turned by 45°", np.pi / 4)):
    print(name)
    gap(compare(*rules(2000, np.random.default_rng(0), angle), rows=200, seeds=8, names=("network", "tree")))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** On the straight rules the tree is well ahead of the network, which has to bend smooth functions into
corners, and cannot tell the four columns of noise from the others until the data have told it. Turn the rules, and the
tree loses its lead, since it has to build stairs out of a slant. To the network the turn is nothing: its first layer
can turn it back.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** In the demo: which of the two needs fewer rows for the rules, which for a slanted line? And what will
eight columns of noise do to each?
"""

# %% slideshow={"slide_type": "-"}
widgets.network_or_tree()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Two boundaries for the same rows, and the accuracy against their number. With *if/else rules* the
tree's boundary is made of the right pieces, and from some tens of rows on it is ahead; with a *slanted line* it builds
stairs, and the network draws the line. Add the columns of noise: the network loses more, for each column has weights,
while a tree leaves aside a column that no question needs. Make the tree deep on few rows: it learns them by heart (the
share of its *own* rows that it gets right is in the summary). Overfitting is no privilege of networks.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The deck's table, after measuring

| the deck says | what we saw |
|---|---|
| images: network | yes against one tree; a forest did as well on small images |
| tabular and small: tree | not in itself: it depends on the shape of the truth |
| trees work with very little data | so did a network with one hidden layer |
| rules: tree | clearly ahead, and a turn by 45° took the lead away |
| a tree is fast | in training: several times on the digits, fifty times on the table |
| a tree has few choices | yes; a forest's defaults were hard to beat |
| a tree can be explained | one shallow tree can; a forest cannot |

The honest summary: **try both, on your data, with several seeds.** It takes an afternoon, and the tree's part a minute.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### What to try first: before any network

1. **Write down the loss of a guess.** For $C$ equally likely classes $\log C$; for numbers the loss of predicting their
   mean. Whatever does not beat it has learned nothing.
2. **Part the data in three**, before looking at it: training, validation, test. Scale with numbers of the training part
   only.
3. **Take the cheap methods first:** a linear model, then a forest. They take minutes, and say how hard the task is.
4. **Then decide.** A table with rules in it, few rows, people who ask why: stay there. Images, sound, text, many weak
   inputs, much data: a network.
5. **Look at the mistakes**, one by one, before you change anything. Often the data are wrong.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What to try first: the network

| decision | first choice | lecture |
|---|---|---|
| loss | cross-entropy of *logits*; half squared error, absolute with outliers | [4](L04_losses_and_gradient_descent.ipynb) |
| layers | one or two hidden layers of 64, ReLU | [3](L03_backpropagation.ipynb) |
| first weights | He for ReLU, Xavier for tanh | [8](L08_depth.ipynb) |
| optimizer | AdamW, $\eta = 0.001$ to $0.003$; or momentum 0.9 and a few rates | [5](L05_batches_and_optimizers.ipynb) |
| batch | 32 | [5](L05_batches_and_optimizers.ipynb) |
| schedule | none; for long trainings warm-up and cosine | [6](L06_schedules_and_clipping.ipynb) |
| clipping | by norm, for recurrent networks from the start | [6](L06_schedules_and_clipping.ipynb) |
| against overfitting | early stopping; then weight decay; then dropout | [7](L07_regularisation.ipynb) |
| normalisation | from about ten layers on, or when first weights do not settle it | [8](L08_depth.ipynb) |

Of all of these the **learning rate** matters most. Try it in powers of three before you touch anything else.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What to try first: is it right at all?

Three tests that take a minute, in this order: the gradient against differences
([Lecture 2](L02_four_ways_to_differentiate.ipynb)), the first loss against the guess, and whether the network can learn
ten examples by heart. If one fails, there is a mistake in the program, and no learning rate will cure it.
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
X, y = digits()
net = Sequential(Linear(64, 32, rng=rng, initializer=he_normal), Tanh(), Linear(32, 10, rng=rng))

print(gradient_check(net, X[:5], loss=SoftmaxCrossEntropy(), target=y[:5], rng=rng, directions=3))
first, _ = SoftmaxCrossEntropy()(net.forward(X), y)
print(f"first loss {first:.2f}, of a guess {np.log(10):.2f}")
history = fit(net, SoftmaxCrossEntropy(), Adam(0.01), X[:10], y[:10], epochs=200, batch_size=None, rng=rng)
print(f"ten examples by heart: loss {history.train_loss[-1]:.4f}")
assert first < 2 * np.log(10)
assert history.train_loss[-1] < 0.01

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What to try first: symptoms

| what you see | look at | lecture |
|---|---|---|
| the loss becomes NaN or leaps up | the learning rate; then clipping; logs of probabilities in place of logits | 4, 6 |
| it stays at $\log C$ | scale of the inputs; first weights; vanishing gradients; labels shuffled against inputs | 4, 8 |
| it falls very slowly and smoothly | a larger rate; momentum | 4, 5 |
| it falls, then swings | a smaller rate; a schedule | 5, 6 |
| training falls, validation rises | early stopping, decay, dropout, more data | 7 |
| both stay high | a larger network; train longer; less regularisation | 7 |
| good in training, strange in use | mode of dropout and batch norm; scaling of new data | 7, 8 |
| too good to be true | the test data leaked into the training | 7 |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** The last demo has all the knobs of the course. Set the spirals, and a learning rate of 1. Which row
of the table do you see, and which single knob do you move first?
"""

# %% slideshow={"slide_type": "-"}
widgets.training()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Play, watch the two losses, name the symptom, and change *one* thing at a time. With a rate of 1 the
losses leap far above $\log 2$; 0.1 is better, and Adam with 0.01, ReLU and a width of 32 winds up the spirals in ten
epochs. Three more that are worth the time:

- moons, four layers of sigmoid, plain SGD: it stays at $\log 2$. The gradient vanishes.
- spirals, one hidden layer of two units: both losses stay high. The network is too small.
- moons with noise 0.4, ReLU, Adam, 0.01, width 32: the training loss falls and the validation loss rises. Then set
  $\lambda = 0.01$.

"Share" gives a code cell that reproduces what you see.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Let a student drive and the class advise. If it gets chaotic: reset; spirals, ReLU, Adam, 0.01, width 32 and two hidden
layers work well.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 22. What the tools do

Decks 000 and 001 name tools that work on the graph of operators: Theano, TensorFlow, PyTorch. What they do is what you
have done: record the operations of a forward pass, then go through them backwards and add up over the consumers
([Lecture 3](L03_backpropagation.ipynb)). They add more operations, graphics cards, and years of polishing.

**Remark.** The decks' list has aged: development of Theano was ended in 2017, and its ideas live on in others (JAX,
which also has the forward mode of Lecture 2, is one that they do not name). The mathematics has not aged.

We take one network, with the same weights and the same messages, and ask for its gradients in four ways: our layers,
our tape, central differences, and PyTorch.
"""

# %% slideshow={"slide_type": "subslide"}
rng = np.random.default_rng(7)
X, y = spam(50, rng=rng)
X = Standardizer(X)(X)
net = Sequential(Linear(2, 5, rng=rng), Tanh(), Linear(5, 2, rng=rng))

loss, g = SoftmaxCrossEntropy()(net.forward(X), y)
net.backward(g)
ours = {name: gradient.copy() for name, gradient in net.named_gradients().items()}
print(f"loss {loss:.12f}")
for name, gradient in ours.items():
    print(name, gradient.shape, gradient.ravel()[:3])

# %% slideshow={"slide_type": "subslide"}
W1, b1, W2, b2 = (Value(parameter) for parameter in net.named_parameters().values())
logits = np.tanh(X @ W1 + b1) @ W2 + b2
recorded = np.mean(np.log(np.sum(np.exp(logits), axis=1)) - np.sum(logits * np.eye(2)[y], axis=1))
recorded.backward()

print(f"the tape's loss {float(recorded.data):.12f}")
for name, value in zip(ours, (W1, b1, W2, b2)):
    np.testing.assert_allclose(value.gradient, ours[name], rtol=1e-10, atol=1e-15)
    print(f"{name:9s} layers against tape: at most {np.abs(value.gradient - ours[name]).max():.1e} apart")
print(gradient_check(net, X, loss=SoftmaxCrossEntropy(), target=y, rng=rng))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### A dictionary

| here | in PyTorch |
|---|---|
| `Linear`: `weight` of shape (D, M), $XW + b$ | `nn.Linear`: shape (M, D), $X W^\top + b$ |
| gradients are overwritten | they are **added up**: `optimizer.zero_grad()` before each backward |
| `forward(x, training=True)` | a state of the module: `net.train()`, `net.eval()` |
| float64 | float32, unless one says otherwise |
| `SoftmaxCrossEntropy` of logits, mean | `nn.CrossEntropyLoss`, the same |
| `Dropout(0.8)` keeps 0.8 | `nn.Dropout(0.2)` drops 0.2 |
| `BatchNorm(momentum=0.9)` | `momentum=0.1` |
| $v \leftarrow \beta v - \eta g,\; w \leftarrow w + v$ | $v \leftarrow \beta v + g,\; w \leftarrow w - \eta v$ |
| penalty $\lambda \lVert w \rVert^2$, biases spared | `SGD(weight_decay=2λ)`, biases too |
| `AdamW(weight_decay=λ)`: $\eta\lambda w$ | the same, on every parameter |

(The two forms of momentum are the same while $\eta$ is constant.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### The same network in PyTorch

The same weights go in, the same gradients come out. Then both take 100 steps of Adam, and are compared again. Where
PyTorch is not installed, the cell says so, and nothing else happens; `pip install torch` installs it.
"""

# %% slideshow={"slide_type": "subslide"}
try:
    import torch
except ImportError:
    torch = None
    print("PyTorch is not installed here, so this comparison is skipped. Nothing else here needs it.")


def same_in_torch(net):
    """The network in PyTorch, in float64, with copies of our weights."""
    parts = []
    for layer in net.layers:
        if isinstance(layer, Linear):
            parts.append(torch.nn.Linear(layer.in_features, layer.out_features))
            parts[-1].weight.data = torch.tensor(layer.weight.T.copy())        # (M, D), not (D, M)
            parts[-1].bias.data = torch.tensor(layer.bias.copy())
        else:
            parts.append(torch.nn.Tanh())
    return torch.nn.Sequential(*parts)

# %% slideshow={"slide_type": "subslide"}
if torch:
    twin, inputs, classes = same_in_torch(net), torch.tensor(X), torch.tensor(y)
    torch_loss = torch.nn.CrossEntropyLoss()(twin(inputs), classes)
    torch_loss.backward()
    print(f"PyTorch {torch.__version__}: loss {torch_loss.item():.12f}, ours {loss:.12f}")
    for (name, gradient), theirs in zip(ours.items(), twin.parameters()):
        found = theirs.grad.numpy().T
        np.testing.assert_allclose(found, gradient, rtol=1e-10, atol=1e-15)
        print(f"{name:9s} largest difference of the gradients {np.abs(found - gradient).max():.1e}")

# %% slideshow={"slide_type": "subslide"}
if torch:
    adam, torch_adam = Adam(0.01), torch.optim.Adam(twin.parameters(), lr=0.01)
    for _ in range(100):
        loss, g = SoftmaxCrossEntropy()(net.forward(X, training=True), y)
        net.backward(g)
        adam.step(net.parameters, net.gradients)

        torch_adam.zero_grad()                                                 # leave it out, and see
        torch_loss = torch.nn.CrossEntropyLoss()(twin(inputs), classes)
        torch_loss.backward()
        torch_adam.step()
    print(f"after 100 steps of Adam: ours {loss:.12f}, PyTorch {torch_loss.item():.12f}")
    for (name, weight), theirs in zip(net.named_parameters().items(), twin.parameters()):
        np.testing.assert_allclose(theirs.detach().numpy().T, weight, rtol=1e-7, atol=1e-9)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Loss and gradients agree to the last digits that float64 has, with differences of about $10^{-17}$,
and after 100 steps the weights still do to eight digits and more. There is no magic in the tool, and no mistake in what
you wrote: `loss.backward()` is the sum over the consumers, from the loss down, that you computed by hand in Lecture 3.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

1. At a node of a tree there are 8 spam and 2 ham. What is the Gini impurity?

   <details><summary>Answer</summary>

   $1 - 0.64 - 0.04 = 0.32$.

   </details>

2. A network is ahead of a forest by 0.8 points on one split. What do you do before you report it?

   <details><summary>Answer</summary>

   Repeat it on several splits and seeds, look at the differences split by split, and report them with their scatter.

   </details>

3. Someone multiplies one column of the table by 1,000. Whom does it disturb: the tree, the network, or neither?

   <details><summary>Answer</summary>

   Not the tree: its threshold moves along. The network yes, unless the data are brought to one scale first.

   </details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
4. The first loss of a new network with ten classes is 9.7. What do you conclude?

   <details><summary>Answer</summary>

   A guess costs $\log 10 = 2.3$. It is sure and wrong: first weights too large, or inputs that were not scaled.

   </details>

5. You leave out `zero_grad()` in PyTorch. What do you train with?

   <details><summary>Answer</summary>

   With the sum of all gradients since the start: they are added up, where ours are overwritten.

   </details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- Trees ask about one feature at a time; networks weigh them all. The shape of the truth decides, more than the size of
  the table.
- Compare on the same splits, with several seeds, and show the scatter. Start with the cheap methods.
- A network has a dozen decisions; the page *what to try first* makes them for you. The learning rate comes first.
- The tools do what you have done. You can read them, check them, and notice when they are asked the wrong question.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 10](../exercises/ps10_depth/ps10_depth.ipynb), sections 6 and 7: your own network reads digits, and is
  measured beside a tree on data of its own. It is the last one.
- Back to where it began: [Lecture 1](L01_recipe.ipynb) has the recipe in five lines. Read it again; every word has
  become a lecture.
- Beyond this course: convolutions for images, and attention for sequences, where deck 003 goes on. Both are layers,
  with a forward and a backward, and [Lecture 3](L03_backpropagation.ipynb) holds for them as well.
- Decks: 003 ("When to use (or not use) a neural network", "Neural network vs decision tree"), 000 and 001 ("Reverse
  Mode Differentiation", for the tools). Breiman (2001), Random forests.
"""
