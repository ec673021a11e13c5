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
#     number: 6
#     minutes: 55
#     topics: [15, 16]
#     problem_sets: [ps07_gradient_descent, ps09_regularization]
#   rise:
#     scroll: true
# ---

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
# Lecture 6: schedules and clipping

How should the learning rate change while we train, how do we read what a loss curve says about it, and what keeps one bad
step from ruining everything?
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## What you will be able to do

- write the four usual schedules, and know to the step what each does at its ends,
- say why a rate should fall, how fast is too fast, and what a warm-up is for,
- read a loss curve: too high, too low, noisy, overfitting, exploding, and what to change for each,
- find a good rate with one short run,
- clip a gradient by norm and by value, by hand, and say which of them turns it,
- choose a limit, and say what clipping cannot do.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Before: [Lecture 5, batches and optimizers](L05_batches_and_optimizers.ipynb).
After: [Lecture 7, regularisation](L07_regularisation.ipynb), with
[Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb) (sections 6 to 8: schedules) and
[Problem set 9](../exercises/ps09_regularization/ps09_regularization.ipynb) (section 7: clipping).

**Notation.** $\eta_t$ is the learning rate of step $t = 1, 2, 3, \dots$, counted through all epochs; $\eta$ without an
index is the rate that a schedule starts from or rises to; $c$ is the limit of a clipped gradient.
"""

# %% slideshow={"slide_type": "-"}
import matplotlib.pyplot as plt
import numpy as np

from course import SGD, Adam, Linear, Momentum, Sequential, SoftmaxCrossEntropy, Standardizer, Tanh
from course import HalfSquaredError, evaluate, fit, initializers, minibatches, spam, spirals, training_step
from course import widgets
from course.optimizers import ClipByNorm, ClipByValue
from course.schedules import Constant, CosineDecay, ExponentialDecay, LinearWarmup, StepDecay

plt.rcParams.update({"font.size": 14, "lines.linewidth": 2.5, "figure.figsize": (9, 4.2)})
plt.rcParams["figure.constrained_layout.use"] = True
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
np.set_printoptions(precision=4, suppress=True)

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Minutes: schedules 25, reading the curve 15, clipping 10, quiz 5. The mystery curves are the heart of the hour: leave time
for the class to argue. What goes wrong on stage: off by one. Say early that step 1 is the first, and that $t - 1$ steps are
done before it.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 15. Schedules, and reading the loss curve

Lecture 5 ended with a cloud. In batches, and with a constant rate, the weights do not come to rest at the minimum. They
hover about it with a variance of nearly $\eta s^2 / 2\lambda$, where $s^2$ is the noise of the gradient and $\lambda$ the
curvature.

So two wishes contradict each other:

- a **large** rate covers the way quickly, and is not caught by every small dent;
- a **small** rate makes the cloud small.

But they are wishes for different *times*. Take the large rate first and the small one later: let the rate be a function of
the step, a **schedule**. Decks 000 and 002 provide for it by writing $\eta_t$ in the update; deck 004 names step and
exponential decay, deck 003 warm-up and cosine. None of them gives a formula.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### In symbols

| schedule | rate of step $t$ | what it does |
|---|---|---|
| constant | $\eta_t = \eta$ | |
| step | $\eta_t = \eta\, \gamma^{\lfloor (t-1)/n \rfloor}$ | multiplied by $\gamma$ after every $n$ steps |
| exponential | $\eta_t = \eta\, \gamma^{t-1}$ | loses the same share at every step |
| cosine | $\eta_t = \frac{\eta}{2} \bigl(1 + \cos\frac{\pi \min(t-1,\,T)}{T}\bigr)$ | slowly, fast, slowly |
| warm-up | $\eta_t = \frac{t}{n}\, \eta$ for $t \le n$, then another | rises in equal steps |

Why $t - 1$? Before step $t$, $t - 1$ steps are done. So the first step has the full rate; under a warm-up of $n$ steps it
has $\eta/n$, and step $n$ has all of it. (The cosine may also end above zero: put $\eta - \eta_{\text{end}}$ for $\eta$ and
add $\eta_{\text{end}}$.)
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

$\eta = 0.2$ everywhere; $\gamma = 0.5$ and $n = 3$ for step decay, $\gamma = 0.9$ for exponential decay, $T = 6$ and an end
of 0 for the cosine, four steps of warm-up.

| $t$ | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
|---|---|---|---|---|---|---|---|
| step | 0.2 | 0.2 | 0.2 | 0.1 | 0.1 | 0.1 | 0.05 |
| exponential | 0.2 | 0.18 | 0.162 | 0.1458 | 0.1312 | 0.1181 | 0.1063 |
| cosine | 0.2 | 0.1866 | 0.15 | 0.1 | 0.05 | 0.0134 | 0 |
| warm-up, then this cosine | 0.05 | 0.1 | 0.15 | 0.2 | 0.2 | 0.1866 | 0.15 |

For the cosine: the angles are 0°, 30°, 60°, 90°, 120°, 150°, 180°, and half of $1 + \cos$ is $1, 0.933, 0.75, 0.5, 0.25,
0.067, 0$.
"""

# %% slideshow={"slide_type": "-"}
t = np.arange(1, 8)
step, exponential = StepDecay(0.2, every=3, factor=0.5), ExponentialDecay(0.2, factor=0.9)
cosine = CosineDecay(0.2, steps=6)
warm = LinearWarmup(4, then=cosine)
for schedule in (step, exponential, cosine, warm):
    print(f"{type(schedule).__name__:17}", schedule(t))
np.testing.assert_allclose(step(t), [0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.05])
np.testing.assert_allclose(exponential(4), 0.1458)
np.testing.assert_allclose(cosine(t), [0.2, 0.1866, 0.15, 0.1, 0.05, 0.0134, 0], atol=1e-4)
np.testing.assert_allclose(warm(t), [0.05, 0.1, 0.15, 0.2, 0.2, 0.1866, 0.15], atol=1e-4)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### How strong is a decay?

Nobody can imagine $\gamma = 0.977$. Two questions help.

**After how many steps is the rate halved?** For $\gamma^k = \frac12$ it takes $k = \ln 2 / (-\ln\gamma)$ steps, nearly
$0.69/(1 - \gamma)$. For $\gamma = 0.9$ these are 6.6 steps, for $\gamma = 0.999$ there are 693.

**Which γ ends where I want?** From $\eta$ to $\eta_{\text{end}}$ in $T$ steps: $\gamma = (\eta_{\text{end}}/\eta)^{1/T}$.
From 0.1 to 0.001 in 200 steps: $\gamma = 0.01^{1/200} = 0.9772$.

A schedule is a function of $t$ and remembers nothing: asked twice, it answers the same. Any function will do. In the
library it takes the place of the number: `SGD(CosineDecay(0.2, steps=600))`, or `SGD(lambda t: 0.2 / t)`.
"""

# %% slideshow={"slide_type": "subslide"}
T, t = 200, np.arange(1, 221)
schedules = {
    "constant": (Constant(0.1), "0.5", "-"),
    "step": (StepDecay(0.1, every=50, factor=0.3), BLUE, "-"),
    "exponential": (ExponentialDecay(0.1, factor=0.01 ** (1 / T)), GREEN, "--"),
    "cosine": (CosineDecay(0.1, steps=T), VERMILLION, "-."),
    "warm-up, cosine": (LinearWarmup(20, then=CosineDecay(0.1, steps=T - 20)), PURPLE, ":"),
}
fig, axes = plt.subplots(1, 2, figsize=(13, 4))
for ax, scale in zip(axes, ("linear", "log"), strict=True):
    for name, (schedule, colour, dashes) in schedules.items():
        ax.plot(t, np.maximum(schedule(t), 1e-4), dashes, color=colour, label=name)
    ax.set(xlabel="step", ylabel="rate", yscale=scale)
axes[1].legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()
np.testing.assert_allclose(schedules["exponential"][0](T + 1), 0.001)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What the fall is worth

The simplest world with noise: $J = \frac12 w^2$, and each gradient is $w$ plus noise of variance 9. Two thousand walkers
start at 5. We look at the mean of $w^2$, the loss but for a factor.

Before you run it: with $\eta = 0.5$ the formula of lecture 5 says that the mean of $w^2$ will stay at
$\frac{\eta s^2}{2 - \eta} = \frac{4.5}{1.5} = 3$. With $\eta = 0.02$ it would go down to 0.09. When?
"""

# %% slideshow={"slide_type": "-"}
def walk(schedule, steps=400, walkers=2000):
    rng, w, optimizer, spread = np.random.default_rng(0), np.full(walkers, 5.0), SGD(schedule), []
    for _ in range(steps):
        optimizer.step(w, w + 3 * rng.standard_normal(walkers))
        spread.append(np.mean(w**2))
    return np.array(spread)

# %% slideshow={"slide_type": "subslide"}
entrants = {
    "constant 0.5": (0.5, "0.5", "-"),
    "constant 0.02": (0.02, BLUE, "-"),
    "step": (StepDecay(0.5, every=100, factor=0.2), GREEN, "--"),
    "exponential": (ExponentialDecay(0.5, factor=0.01 ** (1 / 400)), VERMILLION, "-."),
    "cosine": (CosineDecay(0.5, steps=400, final=0.005), PURPLE, ":"),
    "exponential, too fast": (ExponentialDecay(0.5, factor=0.7), "black", ":"),
}
fig, ax = plt.subplots(figsize=(11, 4.2))
for name, (schedule, colour, dashes) in entrants.items():
    spread = walk(schedule)
    ax.semilogy(spread, dashes, color=colour, label=name)
    print(f"{name:22} mean of w² after 20, 100 and 400 steps: {spread[[19, 99, -1]]}")
ax.set(xlabel="step", ylabel="mean of w²")
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### How fast is too fast?

The last curve stops high up, long before the noise of its small rates would hold it there. Its rates add up to

$$\sum_t \eta_t = \eta \sum_t \gamma^{t-1} = \frac{\eta}{1 - \gamma} = \frac{0.5}{0.3} = 1.67 ,$$

and that is all the way it can ever go where slopes are at most 1. On this parabola $\prod (1 - \eta_t) = 0.134$ of the
distance is left, however long you wait: 0.67 of 5. The noise of the first steps is never shed either. *A rate that falls
too fast freezes the network where it happens to be.* A loss curve that goes flat right after a decay may be frozen, not
done.

The classical conditions ask for both: $\sum \eta_t = \infty$, so that any distance can be covered, and $\sum \eta_t^2 <
\infty$, so that the noise dies. $\eta_t = \eta/t$ satisfies them. In practice one knows the number of steps beforehand, and
takes a schedule that ends there.
"""

# %% slideshow={"slide_type": "-"}
rates = ExponentialDecay(0.5, factor=0.7)(np.arange(1, 401))
left = np.prod(1 - rates)
print(f"the rates add up to {rates.sum():.3f}; {left:.3f} of the way is left, {5 * left:.2f} of 5")
np.testing.assert_allclose(rates.sum(), 0.5 / 0.3)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Five schedules, the same network, the same number of steps. I sweep the *highest* rate from left to
right. At the low end, which schedule is best? And which stands the highest rate?
"""

# %% slideshow={"slide_type": "subslide"}
widgets.schedules()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** At the low end the constant rate wins: there is hardly any noise to calm, and a decay only takes away
way. Go up, and the schedules overtake: they have the large rate's progress *and* a quiet end. Further up the constant rate
breaks first. So a schedule does not only lower the last value: it **widens the range of rates that work**, which is worth
more when you do not know the right one. Near the top nearly all break, with a loss about $\ln 2$: a network of ReLUs that
has been thrown so far away gives the same answer to everything. The warm-up gains nothing here; this network's start is
tame.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What a warm-up is for

A rate that falls is against the noise of the end. A warm-up is against the wildness of the *beginning*:

- the weights are random, the gradients long, and the landscape may be steepest just there: $\eta\lambda < 2$ fails first at
  the start;
- momentum and the averages of Adam or RMSprop have seen one or two gradients, and take them for the whole truth. RMSprop's
  first step is $\eta/\sqrt{0.1} = 3.2\,\eta$; a warm-up of four steps makes it $0.8\,\eta$.

Below: a network whose first weights are too large (normal, with standard deviation 2), at a rate that is high for such a
start. Eight random starts, the same 300 steps, with and without warm-up.
"""

# %% slideshow={"slide_type": "subslide"}
points, arms = spirals(300, rng=np.random.default_rng(2))
loss, large = SoftmaxCrossEntropy(), initializers.normal(2.0)


def last_loss(schedule, seed):
    rng = np.random.default_rng(seed)
    sizes = [(2, 16), (16, 16), (16, 2)]
    one, two, three = (Linear(*size, rng=rng, initializer=large) for size in sizes)
    network = Sequential(one, Tanh(), two, Tanh(), three)
    optimizer = Momentum(schedule)
    return fit(network, loss, optimizer, points, arms, epochs=30, batch_size=30, rng=rng).train_loss[-1]


plain = np.array([last_loss(CosineDecay(0.3, steps=300), seed) for seed in range(8)])
warm = np.array([last_loss(LinearWarmup(60, then=CosineDecay(0.3, steps=240)), seed) for seed in range(8)])
print("cosine:              ", plain.round(3), "median", np.median(plain).round(3))
print("warm-up, then cosine:", warm.round(3), "median", np.median(warm).round(3))

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Nearly every start gains, and the worst ones gain most. But a warm-up is no magic, and 60 steps of 300 are a price; where
the start is tame, as in the demo above, it gains nothing. Large networks with Adam are where it became the custom, with one
step in a hundred or fewer spent on it.

**Remark (conventions).** Libraries count differently, and the numbers of a recipe mean what its library makes of them.

- Some count from a rate of 0, so that the first step is none at all.
- PyTorch's cosine climbs again after $T$; here it stays at the end.
- Some write exponential decay as $e^{-kt}$, or per epoch and not per step.
- Where η stands outside the velocity (PyTorch), a new rate acts on the *whole* velocity at once; in the course's heavy
  ball, on new gradients only.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: a rate that drops under a rolling ball

$g = 1$ for a long time, $\beta = 0.9$, $\eta = 0.1$. The heavy ball has the velocity $v = -0.1/(1 - 0.9) = -1$. Now η drops
to 0.01.

- **Heavy ball** (the course): $v \leftarrow 0.9 \cdot (-1) - 0.01 = -0.91$. It needs some ten steps to slow down.
- **Rate outside** (PyTorch): the buffer is $u = 10$, and stays $0.9 \cdot 10 + 1 = 10$; the step is $0.01 \cdot 10 = 0.1$,
  at once.

Before the drop the two were the same to the last digit.
"""

# %% slideshow={"slide_type": "-"}
w, ball = np.array([0.0]), Momentum(lambda t: 0.1 if t <= 200 else 0.01, momentum=0.9)
u, steps = 0.0, []
for t in range(1, 204):
    before, u = w[0], 0.9 * u + 1
    ball.step(w, np.array([1.0]))
    steps.append((float(w[0] - before), -(0.1 if t <= 200 else 0.01) * u))
print("heavy ball, rate outside:", *np.round(steps[198:], 4).tolist(), sep="\n")
np.testing.assert_allclose(steps[200], (-0.91, -0.1), rtol=1e-6)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### On the spam classifier

Fifty epochs in batches of 10: 2,000 steps. The same start and the same batches for all. The last column is what counts: the
loss of all 400 messages at the end, without the noise of single batches.
"""

# %% slideshow={"slide_type": "-"}
def spam_data(n, rng):
    X, y = spam(n, rng=rng)
    X[:, 0] = np.log(X[:, 0])
    return Standardizer(X)(X), y


def spam_network(hidden=8):
    rng = np.random.default_rng(0)
    return Sequential(Linear(2, hidden, rng=rng), Tanh(), Linear(hidden, 2, rng=rng))


X, y = spam_data(400, np.random.default_rng(1))

# %% slideshow={"slide_type": "subslide"}
T = 2000
entrants = {
    "constant 0.03": 0.03,
    "constant 1": 1.0,
    "constant 3": 3.0,
    "step from 1": StepDecay(1.0, every=500, factor=0.2),
    "exponential from 1": ExponentialDecay(1.0, factor=0.001 ** (1 / T)),
    "cosine from 1": CosineDecay(1.0, steps=T),
    "cosine from 3": CosineDecay(3.0, steps=T),
    "exponential, too fast": ExponentialDecay(1.0, factor=0.97),
}
for name, rate in entrants.items():
    network = spam_network()
    history = fit(network, loss, SGD(rate), X, y, epochs=50, batch_size=10, rng=np.random.default_rng(0))
    final = evaluate(network, loss, X, y)["loss"]
    print(f"{name:22} epoch 1: {history.train_loss[0]:.3f}   at the end: {final:.4f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Look at the rate 3. Constant, it is the worst of all: the steps are too long to settle. At the head of a cosine it is the
*best*: the way was covered at full speed, and then the noise was taken out. The last line froze early.

**Remark (a deck disagrees).** Deck 004 lists Adagrad and Adam under "Learning Rate Schedule". An adaptive method sets the
rates of the weights *relative to each other*; the schedule sets the level of all of them with time. Adam under a constant η
hovers at a distance of about η from the minimum, like any other. It needs the schedule as much.
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
### Reading the loss curve

"Observe training losses to understand the effect of different learning rates", says deck 004. The loss curve is the fever
chart of a training, and usually the first thing that an expert asks to see. What to look for:

| what you see | likely cause | what to try |
|---|---|---|
| falls evenly and slowly, still falling at the end | rate too low | three or ten times the rate |
| falls at first, then leaps up and down, or stays high | rate too high | a third or a tenth; a schedule |
| falls, and then is noisy about a level | the cloud of lecture 5 | let the rate fall; larger batches |
| stands at $\ln C$ from the start | nothing is learned | look for dead units, zero weights, shuffled labels |
| grows without bound, then NaN | exploding | lower rate, warm-up, clipping |
| training falls, validation rises | overfitting | lecture 7 |
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Five habits

1. Draw the loss on a **logarithmic** axis: a steady pace is then a straight line, and what happens below 0.1 can be seen.
2. Draw **training and validation** together. One alone cannot show overfitting.
3. Know two levels beforehand: $\ln C$ for guessing, and what a simple model reaches.
4. Mind *when* it was measured. The training loss of an epoch is a mean over its batches, each before its own step; the
   validation loss comes after the last one. So the validation curve may start *below* the training curve, without any
   magic.
5. Change one thing at a time, and keep the seed.
"""

# %% slideshow={"slide_type": "subslide"}
fig, axes = plt.subplots(1, 2, figsize=(12, 4.2))
rng = np.random.default_rng(0)
looks = {0.003: (BLUE, "-", "too low"), 0.5: (GREEN, "--", "good"), 8.0: (VERMILLION, ":", "too high")}
for rate, (colour, dashes, name) in looks.items():
    network = spam_network()
    history = fit(network, loss, SGD(rate), X, y, epochs=40, batch_size=16, rng=np.random.default_rng(0))
    axes[0].semilogy(history.train_loss, dashes, color=colour, label=f"{rate}: {name}")
network, few, held = spam_network(hidden=32), (X[:40], y[:40]), (X[40:], y[40:])
history = fit(network, loss, Adam(0.01), *few, epochs=400, batch_size=10, rng=rng, validation=held)
axes[1].semilogy(history.train_loss, color=BLUE, label="training")
axes[1].semilogy(history.validation_loss, "--", color=VERMILLION, label="validation")
axes[0].axhline(np.log(2), color="0.5", linewidth=1)
for ax in axes:
    ax.set(xlabel="epoch", ylabel="loss")
    ax.legend(loc="best")
plt.show()
print("lowest validation loss in epoch", int(np.argmin(history.validation_loss)) + 1)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**Ask the class.** Four trainings went wrong, each in its own way, and I do not tell which is which: rate too high, rate too
low, overfitting, exploding gradients. Talk to your neighbour for a minute. For each curve: the cause, and the *one* change
that you would make.
"""

# %% slideshow={"slide_type": "subslide"}
widgets.mystery_curves()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**What it shows.** Reveal them one at a time, and let the class defend its vote. *Too low* is the even, patient fall. *Too
high* leaps up and down, yet often learns something. *Overfitting* shows only in the second curve. *Exploding* looks well at
first, then shoots up, and nothing is learned afterwards; the summary names the largest gradient it has met. The right
picture then has the same training with its one remedy. Too high and too low differ by the rate alone; another rate would
not have cured the third.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One short run to find a rate

Let the rate *grow* by the same factor at every step, from far too small to far too large, and write down the loss of each
batch. Nothing happens at first; then the loss falls; then it rises steeply. A good highest rate lies where it falls
fastest, some way below the rise.

A schedule is just a function of the step, so that this takes a line.
"""

# %% slideshow={"slide_type": "-"}
def grow(t):
    return 1e-3 * 1.06**t


network, optimizer, rng, seen = spam_network(), SGD(grow), np.random.default_rng(0), []
while optimizer.t < 180:
    for x, target in minibatches(X, y, 32, rng=rng):
        seen.append(float(training_step(network, loss, optimizer, x, target)))
smooth = np.convolve(seen, np.ones(9) / 9, mode="valid")
fig, ax = plt.subplots()
ax.loglog([grow(t) for t in range(1, len(seen) + 1)], seen, ".", color="0.6", label="each batch")
ax.loglog([grow(t) for t in range(5, len(seen) - 3)], smooth, color=BLUE, label="mean of nine")
ax.set(xlabel="learning rate, growing from step to step", ylabel="loss")
ax.legend()
plt.show()
print(f"lowest mean at a rate of {grow(5 + int(smooth.argmin())):.2f}; a third of it is a good guess")

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## 16. Clipping the gradient

A landscape may have a **cliff**: flat, and then suddenly steep. Or one batch holds an example that is far off. Then one
gradient is a thousand times as long as the others, and a single step throws the weights far away from everything they had
learned.

The remedy is simple: put a limit on the gradient before the step is taken. There are two ways.

**By norm.** Take all gradients of the network as one long vector. If it is longer than $c$, shorten it, and keep its
direction:

$$g \leftarrow g \cdot \min\Bigl(1,\ \frac{c}{\lVert g \rVert}\Bigr),
\qquad \lVert g \rVert = \sqrt{\textstyle\sum_i g_i^2} .$$

**By value.** Cut every entry off at $\pm c$, each by itself: $\;g_i \leftarrow \max(-c, \min(c, g_i))$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand

$g = (3,\ -4,\ 12)$, so $\lVert g \rVert = \sqrt{9 + 16 + 144} = 13$.

- **By norm, $c = 6.5$**: too long by a factor of 2, so $(1.5,\ -2,\ 6)$. The direction is the same.
- **By value, $c = 5$**: $(3,\ -4,\ 5)$. The direction is another: the cosine of the angle is
  $\frac{9 + 16 + 60}{13 \cdot \sqrt{50}} = 0.925$, an angle of 22°.
- **By norm, $c = 20$**: short enough, and untouched.

By norm, there is *one* norm for the whole network. Were each layer shortened by its own, the layers would be weighted anew,
and the direction would change as well.

**Remark (where the decks stop).** Deck 003 names only the norm. PyTorch divides by $\lVert g \rVert + 10^{-6}$, so that
what it has clipped is a little shorter than $c$.
"""

# %% slideshow={"slide_type": "-"}
def angle(a, b):
    return np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b)))


g = np.array([3.0, -4.0, 12.0])
for clip in (ClipByNorm(6.5), ClipByValue(5.0), ClipByNorm(20.0)):
    clipped = g.copy()
    measured = clip(clipped)  # in place; it returns what was measured before
    print(f"{clip!r:16} measured {measured:4.1f}, gives {clipped}, turned by {angle(g, clipped):.1f} degrees")
    expected = {6.5: [1.5, -2, 6], 5.0: [3, -4, 5], 20.0: g}[clip.limit]
    np.testing.assert_allclose(clipped, expected)

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Where it stands in the loop

After the backward pass, with the share of a penalty already in it, and **before** the optimizer's step:

1. `value, gradient = loss(network.forward(x, training=True), y)`
2. `network.backward_to_parameters(gradient)`
3. `clip(network.gradients)`
4. `optimizer.step(network.parameters, network.gradients)`

In `fit` it is one argument: `fit(…, clip=ClipByNorm(1.0))`. With plain gradient descent no step is then longer than $\eta
c$; with the heavy ball no velocity is longer than $\eta c/(1 - \beta)$.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### By hand: a cliff

Multiply by the same weight twenty times, as a recurrent network does along a sequence: the output is $w^{20}$, the target
is 1, and $J = \frac12 (w^{20} - 1)^2$ with gradient $(w^{20} - 1) \cdot 20\, w^{19}$. The minimum is at $w = 1$.

| $w$ | $w^{20}$ | $w^{19}$ | gradient |
|---|---|---|---|
| 0.8 | 0.0115 | 0.0144 | −0.285 |
| 1.0 | 1 | 1 | 0 |
| 1.2 | 38.3 | 31.9 | 23,857 |

From $w = 1.2$ a step with $\eta = 0.001$ leads to $1.2 - 23.9 = -22.7$, and the next one out of all numbers. Clipped to $c
= 10$, each step on the cliff is 0.01 long, and about twenty of them bring it home. (Lecture 8 asks where such products come
from.)
"""

# %% slideshow={"slide_type": "subslide"}
def cliff_gradient(w):
    return (w**20 - 1) * 20 * w**19


np.testing.assert_allclose(cliff_gradient(np.array([0.8, 1.0, 1.2])), [-0.285, 0, 23857], atol=0.5, rtol=1e-3)
for clip in (None, ClipByNorm(10.0), ClipByNorm(300.0)):
    w, optimizer, way = np.array([1.2]), SGD(0.001), []
    for _ in range(200):
        g = cliff_gradient(w)
        if clip:
            clip(g)
        optimizer.step(w, g)
        way.append(float(w[0]))
        if abs(w[0]) > 1e6:
            break
    print(f"{clip!s:14} first {np.round(way[:4], 3)} … last {way[-1]:.4g}, after {len(way)} steps")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### One typing error

A line through 200 points, $y = 2x + 1$ with a little noise. One target was typed as 1,000. In every epoch one batch holds
it. Before you run the cell: what will it do to the line, with the half squared error and without clipping? And is there
another cure, from lecture 4?
"""

# %% slideshow={"slide_type": "-"}
rng = np.random.default_rng(0)
x = rng.normal(size=(200, 1))
targets = 2 * x + 1 + 0.3 * rng.normal(size=(200, 1))
targets[17] = 1000.0
for clip in (None, ClipByNorm(5.0), ClipByNorm(1.0), ClipByValue(1.0)):
    line, norms = Linear(1, 1, rng=np.random.default_rng(0)), []

    def watched(gradients, clip=clip, norms=norms):
        norms.append(np.linalg.norm(gradients))
        if clip:
            clip(gradients)

    fit(line, HalfSquaredError(), SGD(0.1), x, targets, epochs=10, batch_size=10,
        rng=np.random.default_rng(0), clip=watched)
    slope, intercept = line.parameters
    print(f"{clip!s:14} slope {slope:5.2f}, intercept {intercept:5.2f}, longest gradient {max(norms):4.0f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
With the limit the typing error pulls as hard as any other batch, and no harder. That is what the absolute error and Huber's
loss do *example by example*; clipping does it *batch by batch*, with any loss.

### The price

A clipped gradient is no longer right on average. By hand: nine batches have the slope $-1$, and one has $+30$. Their mean
is $(-9 + 30)/10 = +2.1$: downhill is to the left. Clipped to $c = 1$ it is $(-9 + 1)/10 = -0.8$, and the weight goes to the
*right*. If the one batch was an accident, that is what we wanted. If it was the rare case that matters, it has been
outvoted. So a limit should be touched now and then, not at every step.
"""

# %% slideshow={"slide_type": "-"}
slopes = np.array([-1.0] * 9 + [30.0])
clipped = slopes.copy()
ClipByValue(1.0)(clipped)  # of single numbers, by value and by norm are the same
print(f"mean {slopes.mean():.1f}, mean of the clipped {clipped.mean():.1f}")
np.testing.assert_allclose([slopes.mean(), clipped.mean()], [2.1, -0.8])

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### Which limit?

Look before you choose. The clip returns the norm that it found, so that a limit that never acts is a measuring instrument.
Write the norms down for a few epochs of a healthy run, and set $c$ where one step in ten or in a hundred is longer.
"""

# %% slideshow={"slide_type": "-"}
measure, norms = ClipByNorm(1e9), []
fit(
    spam_network(), loss, SGD(0.5), X, y, epochs=30, batch_size=10, rng=np.random.default_rng(0),
    clip=lambda gradients: norms.append(measure(gradients)),
)
for share in (50, 90, 99, 100):
    print(f"{share:3} % of the {len(norms)} gradients are no longer than {np.percentile(norms, share):.2f}")
fig, ax = plt.subplots(figsize=(9, 3.2))
ax.hist(norms, bins=40, color=BLUE)
ax.axvline(np.percentile(norms, 99), color=VERMILLION, linestyle="--", label="99 % are shorter")
ax.set(xlabel="norm of a batch's gradient", ylabel="steps")
ax.legend()
plt.show()

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
### What clipping cannot do

- **It does not cure NaN.** The norm of a gradient with a NaN in it is NaN, and there is no direction to keep. The library
  leaves such a gradient as it is and returns the norm, so that you can notice. Find out where the NaN comes from (lecture
  4: a naive loss).
- **It does not cure a rate that is too high.** It hides it: every step is clipped, and all have the length $\eta c$.
- **Under Adam it does less.** A gradient ten times as long *all the time* changes nothing there, clipped or not. A single
  long one still enters $m$ and $v$, and there the limit helps.
"""

# %% slideshow={"slide_type": "-"}
broken = np.array([np.nan, 1.0])
print("norm", ClipByNorm(1.0)(broken), "gradient", broken)

steps = {}
for name, clip in {"unclipped": None, "clipped": ClipByNorm(1.0)}.items():
    w, adam, steps[name] = np.array([0.0]), Adam(0.1), []
    for t in range(1, 61):
        g, before = np.array([1000.0 if t == 5 else 1.0]), w[0]
        if clip:
            clip(g)
        adam.step(w, g)
        steps[name].append(float(before - w[0]))
    print(f"{name:10} Adam's steps 4 to 8: {np.round(steps[name][3:8], 4)}, step 60: {steps[name][-1]:.4f}")

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
Adam's surprise: the one long gradient does not make a long step, it makes all *later* ones short. It sits in $\hat v$ with
a memory of a thousand steps, and in $\hat m$ with a memory of ten. When $\hat m$ has forgotten it and $\hat v$ has not, the
network stands nearly still. Clipped, nothing of this happens.
"""

# %% [markdown] slideshow={"slide_type": "notes"}
r"""
Clipping: let them vote on "norm or value" for a recurrent network before the slide "By hand". The usual confusion is
between clipping the gradient and clipping the *weights*. If time is short, drop "The price" and keep "What clipping cannot
do".
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## A two-minute quiz

**1.** Step decay with $\eta = 1$, $\gamma = 0.1$, $n = 100$. What are the rates of the steps 100, 101 and 250?

<details><summary>Answer</summary>

1, 0.1 and 0.01: $\lfloor 99/100 \rfloor = 0$, $\lfloor 100/100 \rfloor = 1$, $\lfloor 249/100 \rfloor = 2$.

</details>

**2.** Exponential decay from 0.1 with $\gamma = 0.5$. How far can a weight travel in all, if its gradient is never larger
than 1?

<details><summary>Answer</summary>

$\eta/(1 - \gamma) = 0.2$.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**3.** The loss is 0.69 after the first epoch and after the fiftieth, for two classes. What do you suspect, and what not?

<details><summary>Answer</summary>

$\ln 2$: the network gives one half to everything. Dead units, weights that start at zero, labels that do not belong to
their inputs, or a first step so long that everything saturated. A rate that is merely a little too low would show *some*
fall.

</details>
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
**4.** $g = (6, 8)$ and $c = 5$. Clip by norm and by value.

<details><summary>Answer</summary>

The norm is 10: $(3, 4)$ by norm. By value $(5, 5)$, which points elsewhere.

</details>

**5.** Every one of your steps is clipped. What does that tell you?

<details><summary>Answer</summary>

The length of the gradient no longer matters: all steps are $\eta c$ long, and the limit has become the learning rate. It is
too low, or the training is not healthy.

</details>
"""

# %% [markdown] slideshow={"slide_type": "slide"}
r"""
## What to take home

- Large rate for the way, small rate for the rest: a schedule has both, and widens the range of rates that work.
- Count from 1; the sum of all rates is how far you can go. A rate that falls too fast freezes the network.
- A warm-up is for a wild start, a decay for a noisy end.
- Read the loss on a logarithmic axis, training and validation together, beside $\ln C$; change one thing at a time.
- Clip by norm, between backward and step: it keeps the direction and bounds the step by $\eta c$. Watch the norm that it
  returns.
"""

# %% [markdown] slideshow={"slide_type": "subslide"}
r"""
## Where this goes on

- [Problem set 7](../exercises/ps07_gradient_descent/ps07_gradient_descent.ipynb): you write the schedules, and read three
  loss curves.
- [Problem set 9](../exercises/ps09_regularization/ps09_regularization.ipynb): you write clipping by norm, with the case of
  a zero gradient.
- [Lecture 7](L07_regularisation.ipynb) takes up the curve that falls while the other rises; [Lecture 8](L08_depth.ipynb)
  asks why gradients explode and vanish; [Lecture 5](L05_batches_and_optimizers.ipynb) has the noise that schedules calm.

Drawn from decks 000 and 002 ($\eta_t$ in the update), 003 (warm-up and cosine decay, gradient clipping) and 004 (schedules,
and the advice to observe the training losses).
"""
