# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.optimizers]
#     skip: [picture_momentum, picture_all]
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
# Problem set 8: optimizers

**40 points.** It goes with [lecture 5](../../lectures/L05_batches_and_optimizers.ipynb) (momentum, Adagrad, RMSprop, Adam) and, for AdamW, [lecture 7](../../lectures/L07_regularisation.ipynb).

When you have done it, you will be able to

- turn the equations of six optimizers into classes that remember what they must from one step to the next,
- say what each of them remembers, and which trouble of gradient descent that cures,
- tell apart the conventions in which momentum is written, and not be caught by a formula that leaves something
  undefined,
- explain why AdamW's weight decay is not an L2 penalty.

**How it works.** Write each class in its cell, then run the cell below it: it checks your work on numbers that you
can follow by hand. More tests of the same ideas run when your notebook is graded. Write each class so that it stands
on its own (do not build `AdamW` upon your `Adam`): a slip in one then costs nothing in the other.
"""

# %% [markdown]
r"""
## 1. A step downhill, and what it forgets

Gradient descent looks at the slope under its feet, takes a step down, and forgets it:

$$w \leftarrow w - \eta\, g, \qquad g = \frac{\partial J}{\partial w}.$$

In a *ravine* (steep walls, a floor that falls gently) this goes badly. Take

$$f(w) = \tfrac12\left(w_0^2 + 25\, w_1^2\right), \qquad g = (w_0,\; 25\, w_1).$$

One step multiplies $w_0$ by $1 - \eta$ and $w_1$ by $1 - 25\,\eta$. The wall sets the limit: for $\eta > 2/25 = 0.08$
the second factor is below $-1$, and the steps leap from wall to wall, higher each time. With $\eta = 0.07$ they stay
inside, but along the floor each step covers only 7 % of what is left. **One rate is too large for the wall and too
small for the floor.**

The optimizers of this set look back. *Momentum* and *Nesterov* remember past gradients, so that steps along the floor
add up while those across it cancel. *Adagrad* and *RMSprop* remember how large the gradients have been, and give
every weight a rate of its own. *Adam* does both.

**The interface** is the same for all. `params` and `grads` are lists of NumPy arrays of floats (float64: compute in
nothing shorter), the gradient of each parameter in its parameter's shape. `step` returns a list of **new** arrays and
leaves the lists and arrays that it is given as they are. What it must remember, it keeps in `self`: an array for each
parameter, zero before the first step. The cell below shows it on gradient descent, which remembers nothing. Read it,
and run it.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np


class GradientDescent:
    r"""Plain gradient descent: :math:`w \leftarrow w - \eta g`."""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def step(self, params, grads):
        return [w - self.learning_rate * g for w, g in zip(params, grads, strict=True)]


def ravine(w):
    """Height of the ravine at w, an array of shape (2,)."""
    return 0.5 * (w[0] ** 2 + 25 * w[1] ** 2)


def ravine_gradient(w):
    """Gradient of the ravine at w, of shape (2,)."""
    return np.array([w[0], 25 * w[1]])


def descend(optimizer, start, steps):
    """Walk down the ravine; return every point of the way, an array of shape (steps + 1, 2)."""
    way = [np.array(start, dtype=float)]
    for _ in range(steps):
        (w,) = optimizer.step([way[-1].copy()], [ravine_gradient(way[-1])])
        way.append(w)
    return np.array(way)


descend(GradientDescent(0.07), start=[-1, 1], steps=3).round(3)

# %% [markdown]
r"""
## 2. Momentum (5 points)

A ball does not stop at every step to look at the slope. It has a velocity $v$; the slope only changes it, and
friction wears it down by a factor $\beta$:

$$v \leftarrow \beta\, v - \eta\, g, \qquad\qquad w \leftarrow w + v.$$

This is the **heavy ball**, the form of deck 003 and the one that this course uses. Put the first equation into itself
a few times, and you see what the ball remembers:

$$v_t = -\eta\left(g_t + \beta\, g_{t-1} + \beta^2 g_{t-2} + \dots\right).$$

Every gradient of the past is in it, the older the fainter. Where all gradients are equal to $g$, the sum grows to
$-\eta g\,/\,(1-\beta)$: with $\beta = 0.9$ the ball becomes ten times as fast as gradient descent.

**By hand.** With $\eta = 0.1$ and $\beta = 0.5$, from $w = 1$, for the gradients $4$, $4$ and $-2$:

| step | $g$ | $v \leftarrow \beta v - \eta g$ | $w \leftarrow w + v$ |
|---|---|---|---|
| 1 | $4$ | $0.5 \cdot 0 - 0.4 = -0.4$ | $0.6$ |
| 2 | $4$ | $0.5 \cdot (-0.4) - 0.4 = -0.6$ | $0.0$ |
| 3 | $-2$ | $0.5 \cdot (-0.6) + 0.2 = -0.1$ | $-0.1$ |

In the third step the slope has turned, and the ball still rolls on.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Momentum", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Momentum:
    r"""Gradient descent with heavy-ball momentum.

    .. math:: v \leftarrow \beta v - \eta g, \qquad w \leftarrow w + v

    Parameters
    ----------
    learning_rate : float
        :math:`\eta > 0`.
    momentum : float
        :math:`\beta`, from 0 (gradient descent) to below 1.

    Notes
    -----
    Deck 003, "Beyond plain SGD"; Sutskever, Martens, Dahl and Hinton (2013), "On the importance of initialization and
    momentum in deep learning", equations 1 and 2.

    >>> ball = Momentum(learning_rate=0.1, momentum=0.5)
    >>> ball.step([np.array([1.0])], [np.array([4.0])])
    [array([0.6])]
    """

    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None  # before the first step; then a list with one array for each parameter

    def step(self, params, grads):
        """Take one step.

        Parameters
        ----------
        params, grads : list of numpy.ndarray
            The parameters and their gradients, in equal shapes. They are left as they are.

        Returns
        -------
        list of numpy.ndarray
            The new parameters.
        """
        ### BEGIN SOLUTION
        if self.velocities is None:
            self.velocities = [np.zeros_like(w) for w in params]
        self.velocities = [
            self.momentum * v - self.learning_rate * g for v, g in zip(self.velocities, grads, strict=True)
        ]
        return [w + v for w, v in zip(params, self.velocities, strict=True)]
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Momentum", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_Momentum = Check("Momentum", points={"rule": 4, "arguments": 1})


@test_Momentum
def test_Momentum_by_hand():
    "The table above: learning rate 0.1, momentum 0.5, gradients 4, 4 and -2."
    ball, params = Momentum(learning_rate=0.1, momentum=0.5), [np.array([1.0])]
    for t, (g, w) in enumerate([(4.0, 0.6), (4.0, 0.0), (-2.0, -0.1)], start=1):
        params = ball.step(params, [np.array([g])])
        test_Momentum.close(f"the list of parameters after step {t}", params, [[w]])


@test_Momentum
def test_Momentum_two_parameters():
    "A matrix and a vector in one list: each has a velocity in its own shape."
    ball, params = Momentum(learning_rate=1.0, momentum=0.5), [np.zeros((2, 3)), np.zeros(3)]
    for _ in range(2):
        params = ball.step(params, [np.full((2, 3), 2.0), np.full(3, -4.0)])
    test_Momentum.close("the matrix after two steps", params[0], np.full((2, 3), -5.0))
    test_Momentum.close("the vector after two steps", params[1], np.full(3, 10.0))


@test_Momentum(part="arguments")
def test_Momentum_arguments():
    "The arrays that you are given stay as they are."
    test_Momentum.call(Momentum(learning_rate=0.1).step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)])


### BEGIN HIDDEN TESTS
from misconceptions import Momentum as test_bank
from oracles import Momentum as test_right

test_Momentum.misconceptions = test_bank


@test_Momentum.hidden
def test_Momentum_steps():
    "Four steps with gradients that change, a matrix and a vector side by side."
    test_Momentum.compare(Momentum, test_right, test_right.steps(test_Momentum.rng))


@test_Momentum.hidden
def test_Momentum_defaults():
    "Nothing given but the learning rate."
    test_Momentum.compare(Momentum, test_right, test_right.default_rates(test_Momentum.rng))


@test_Momentum.hidden
def test_Momentum_in_turn():
    "Two optimizers that take turns and know nothing of each other."
    test_Momentum.compare(Momentum, test_right, test_right.two_in_turn(test_Momentum.rng))


@test_Momentum.hidden
def test_Momentum_without_momentum():
    "With momentum 0 the ball is gradient descent."
    start, gradients = test_Momentum.rng.normal(size=(4, 3)), test_Momentum.rng.normal(size=(3, 4, 3))
    ball, params = Momentum(learning_rate=0.1, momentum=0.0), [start.copy()]
    for g in gradients:
        params = ball.step(params, [g.copy()])
    test_Momentum.close("the matrix", params[0], start - 0.1 * gradients.sum(axis=0))


@test_Momentum.hidden(part="arguments")
def test_Momentum_leaves():
    "What the caller holds is the same after the step."
    test_Momentum.compare(Momentum, test_right, test_right.arguments(test_Momentum.rng))


### END HIDDEN TESTS
test_Momentum.score()

# %% [markdown]
r"""
### Your momentum in the ravine

The next cell lets your ball roll from the same start and with the same rate as gradient descent. The broad grey line
is ours, worked out without a velocity. Your line should lie on it.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_momentum", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    def draw_ravine(ax, title):
        a, b = np.meshgrid(np.linspace(-10.5, 4, 120), np.linspace(-2.3, 2.3, 80))
        ax.contour(a, b, ravine(np.array([a, b])), levels=[0.3, 2, 6, 14, 28, 48], colors="0.85", linewidths=1)
        ax.plot(0, 0, "+", color="0.3", markersize=10)
        ax.set(title=title, xlabel="$w_0$, along the floor", ylabel="$w_1$, across")

    def roll(rate, beta, start, steps):  # the heavy ball from its last two places (Polyak 1964)
        way = [np.array(start, dtype=float)] * 2
        for _ in range(steps):
            way.append(way[-1] - rate * ravine_gradient(way[-1]) + beta * (way[-1] - way[-2]))
        return np.array(way[1:])

    rolling = {"start": [-10, 1.8], "steps": 22}
    ways = descend(GradientDescent(0.07), **rolling), descend(Momentum(0.07, momentum=0.7), **rolling)
    assert np.isfinite(ways).all()
    fig, axes = plt.subplots(1, 2, figsize=(11, 3.4), sharey=True, layout="constrained")
    draw_ravine(axes[0], "gradient descent")
    axes[0].plot(*ways[0].T, "o-", color="C1", markersize=4)
    draw_ravine(axes[1], "your momentum")
    axes[1].plot(*roll(0.07, 0.7, **rolling).T, "-", color="0.7", linewidth=7, label="ours")
    axes[1].plot(*ways[1].T, "o-", color="C0", markersize=4, label="yours")
    axes[1].legend()
    plt.show()
except Exception:
    plt.close("all")
    print("Here your ball will roll down the ravine: write Momentum, run its cell, then run this one again.")

# %% [markdown]
r"""
### Three conventions, one name

Books and decks write "momentum" in different ways. In an exercise, in a paper and in a library's settings you must
know which one you have in front of you:

| who | the formula | under a constant gradient $g$ |
|---|---|---|
| **this course**, deck 003: heavy ball | $v \leftarrow \beta v - \eta g,\quad w \leftarrow w + v$ | the steps grow to $-\eta g / (1 - \beta)$ |
| many texts: exponential average | $v \leftarrow \beta v + (1 - \beta) g,\quad w \leftarrow w - \eta v$ | the steps grow to $-\eta g$ |
| PyTorch and others: rate outside | $v \leftarrow \beta v + g,\quad w \leftarrow w - \eta v$ | the same as the heavy ball, as long as $\eta$ stays the same |
| deck 002, as printed | $\theta \leftarrow \theta - \eta \nabla f - \alpha\, m$ | depends on what $m$ is, and the deck does not say |

(Deck 003 calls its velocity an exponentially weighted moving average; without the factor $1 - \beta$ its weights sum
to $1/(1-\beta)$, not to one.)

**Exercise (no points).** Take $\eta = 0.1$, $\beta = \alpha = 0.5$ and $g = 4$ twice, from $w = 1$. Where is $w$
after two steps in the second convention, and in the fourth if $m$ is the last change of $\theta$? What must $m$ be in
deck 002's formula, so that it is the heavy ball?

<details><summary>Answer, when you have yours</summary>

Exponential average: $v = 2$, $w = 0.8$; then $v = 3$, $w = 0.5$. The heavy ball is at $0$ by then.

Deck 002 with $m$ the last change: the first step goes to $0.6$, so that $m = -0.4$; the second to
$0.6 - 0.4 - 0.5 \cdot (-0.4) = 0.4$. The minus sign pushes *against* the last step, though the deck says "in
direction of previous update". It is the heavy ball if $m$ is the last change with its sign turned,
$m^t = \theta^{t-1} - \theta^{t}$.

</details>
"""

# %% [markdown]
r"""
## 3. Nesterov's look ahead (6 points)

The ball is going to move by $\beta v$ whatever the slope says. So why not look at the slope *there*? Nesterov's
momentum does:

$$v \leftarrow \beta\, v - \eta\, \nabla f(\theta + \beta v), \qquad\qquad \theta \leftarrow \theta + v.$$

Our `step` cannot ask for a gradient at another place: it is given `grads` at `params`, and that is all. The way out,
which libraries take too, is to let the parameters that we hold be the **shifted** ones, $w = \theta + \beta v$. Then
the gradient that we are given is the right one, $g = \nabla f(w)$, and a step does three things: take the old shift
back ($w - \beta v_\text{old}$), move by the new velocity ($+\, v$), and shift again ($+\, \beta v$). Since
$v = \beta v_\text{old} - \eta g$, this is in short

$$v \leftarrow \beta\, v - \eta\, g, \qquad\qquad w \leftarrow w + \beta\, v - \eta\, g,$$

with the *new* $v$ in the second equation. At the start $v = 0$, so that $w$ and $\theta$ are the same.

**By hand.** With $\eta = 0.1$ and $\beta = 0.5$, from $w = 1$, for the gradients $4$ and $4$: $v = -0.4$ and
$w = 1 - 0.2 - 0.4 = 0.4$; then $v = -0.6$ and $w = 0.4 - 0.3 - 0.4 = -0.3$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Nesterov", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Nesterov:
    r"""Nesterov's momentum, written for the shifted parameters, at which the gradient is taken.

    .. math:: v \leftarrow \beta v - \eta g, \qquad w \leftarrow w + \beta v - \eta g

    Parameters
    ----------
    learning_rate : float
        :math:`\eta > 0`.
    momentum : float
        :math:`\beta`, from 0 (gradient descent) to below 1.

    Notes
    -----
    Sutskever, Martens, Dahl and Hinton (2013), equations 3 and 4, with :math:`w = \theta + \beta v`; Bengio,
    Boulanger-Lewandowski and Pascanu (2013), "Advances in optimizing recurrent networks", take the same substitution.

    >>> ball = Nesterov(learning_rate=0.1, momentum=0.5)
    >>> ball.step([np.array([1.0])], [np.array([4.0])])
    [array([0.4])]
    """

    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None  # before the first step; then a list with one array for each parameter

    def step(self, params, grads):
        """Take one step from the (shifted) params with their gradients grads; return the list of new ones."""
        ### BEGIN SOLUTION
        if self.velocities is None:
            self.velocities = [np.zeros_like(w) for w in params]
        self.velocities = [
            self.momentum * v - self.learning_rate * g for v, g in zip(self.velocities, grads, strict=True)
        ]
        return [
            w + self.momentum * v - self.learning_rate * g
            for w, v, g in zip(params, self.velocities, grads, strict=True)
        ]
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Nesterov", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_Nesterov = Check("Nesterov", points={"rule": 5, "arguments": 1})

### BEGIN HIDDEN TESTS
from oracles import Momentum as test_carried

test_Nesterov.carry(Momentum=test_carried)
### END HIDDEN TESTS


@test_Nesterov
def test_Nesterov_by_hand():
    "The example above: learning rate 0.1, momentum 0.5, gradients 4 and 4."
    ball, params = Nesterov(learning_rate=0.1, momentum=0.5), [np.array([1.0])]
    for t, w in enumerate([0.4, -0.3], start=1):
        params = ball.step(params, [np.array([4.0])])
        test_Nesterov.close(f"the list of parameters after step {t}", params, [[w]])


@test_Nesterov
def test_Nesterov_two_parameters():
    "A matrix and a vector in one list: each has a velocity in its own shape."
    ball, params = Nesterov(learning_rate=1.0, momentum=0.5), [np.zeros((2, 3)), np.zeros(3)]
    params = ball.step(params, [np.full((2, 3), 2.0), np.full(3, -4.0)])
    test_Nesterov.close("the matrix after one step", params[0], np.full((2, 3), -3.0))
    test_Nesterov.close("the vector after one step", params[1], np.full(3, 6.0))


@test_Nesterov(part="arguments")
def test_Nesterov_arguments():
    "The arrays that you are given stay as they are."
    test_Nesterov.call(Nesterov(learning_rate=0.1).step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)])


### BEGIN HIDDEN TESTS
from misconceptions import Nesterov as test_bank
from oracles import Nesterov as test_right

test_Nesterov.misconceptions = test_bank


@test_Nesterov.hidden
def test_Nesterov_steps():
    "Four steps with gradients that change, a matrix and a vector side by side."
    test_Nesterov.compare(Nesterov, test_right, test_right.steps(test_Nesterov.rng))


@test_Nesterov.hidden
def test_Nesterov_defaults():
    "Nothing given but the learning rate."
    test_Nesterov.compare(Nesterov, test_right, test_right.default_rates(test_Nesterov.rng))


@test_Nesterov.hidden
def test_Nesterov_in_turn():
    "Two optimizers that take turns and know nothing of each other."
    test_Nesterov.compare(Nesterov, test_right, test_right.two_in_turn(test_Nesterov.rng))


@test_Nesterov.hidden
def test_Nesterov_looks_ahead():
    "On a bowl, your parameters are where the paper's form takes its gradient."
    theta, velocity = test_Nesterov.rng.normal(size=5), np.zeros(5)
    curvature, slope = test_Nesterov.rng.uniform(1, 5, size=5), test_Nesterov.rng.normal(size=5)
    ball, params = Nesterov(learning_rate=0.1, momentum=0.7), [theta.copy()]
    for _ in range(6):
        params = ball.step(params, [curvature * params[0] - slope])
        velocity = 0.7 * velocity - 0.1 * (curvature * (theta + 0.7 * velocity) - slope)
        theta = theta + velocity
        test_Nesterov.close("the vector of parameters", params[0], theta + 0.7 * velocity)


@test_Nesterov.hidden(part="arguments")
def test_Nesterov_leaves():
    "What the caller holds is the same after the step."
    test_Nesterov.compare(Nesterov, test_right, test_right.arguments(test_Nesterov.rng))


### END HIDDEN TESTS
test_Nesterov.score()

# %% [markdown]
r"""
## 4. Adagrad: a rate for every weight (5 points)

Momentum still has one rate for all. Adagrad looks at each single weight: where gradients have been large, it takes
smaller steps. It collects the squares of all gradients so far and divides by the root of the sum,

$$G \leftarrow G + g^2, \qquad\qquad w \leftarrow w - \eta\, \frac{g}{\sqrt{G} + \varepsilon},$$

where $g^2$, the root and the fraction are taken entry by entry. The small $\varepsilon$ keeps a weight whose gradient
has always been zero from $0/0$. It stands **outside** the root here and in all of this set; some libraries put it
inside, which is not the same: $\sqrt{10^{-8}}$ is $10^{-4}$.

In the ravine this is a great help: the wall's gradient, 25 times as large, is divided by a root 25 times as large.
The first step is $\eta$ in each direction. The price is that $G$ never forgets. Under a constant gradient the steps
are $\eta$, $\eta/\sqrt2$, $\eta/\sqrt3$ …: in a long training they die away.

**By hand.** With $\eta = 1$, from $w = 5$, for the gradients $3$ and $4$: $G = 9$ and $w = 5 - 3/3 = 4$; then
$G = 25$ and $w = 4 - 4/5 = 3.2$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Adagrad", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Adagrad:
    r"""Adagrad: each entry's step is divided by the root of the sum of its squared gradients so far.

    .. math:: G \leftarrow G + g^2, \qquad w \leftarrow w - \eta \frac{g}{\sqrt{G} + \varepsilon}

    Parameters
    ----------
    learning_rate : float
        :math:`\eta > 0`.
    eps : float
        :math:`\varepsilon > 0`, added to the root.

    Notes
    -----
    Duchi, Hazan and Singer (2011), "Adaptive subgradient methods for online learning and stochastic optimization",
    with a diagonal matrix and no regularizer; their :math:`\delta` is our :math:`\varepsilon`.

    >>> adagrad = Adagrad(learning_rate=1.0)
    >>> adagrad.step([np.array([5.0])], [np.array([3.0])])[0].round(3)
    array([4.])
    """

    def __init__(self, learning_rate, eps=1e-8):
        self.learning_rate = learning_rate
        self.eps = eps
        # What must be known at the next step? Start it here; put None or 0 if you fill it in step.
        ### BEGIN SOLUTION
        self.sums = None
        ### END SOLUTION

    def step(self, params, grads):
        """Take one step from params with their gradients grads; return the list of new parameters, as new arrays."""
        ### BEGIN SOLUTION
        if self.sums is None:
            self.sums = [np.zeros_like(w) for w in params]
        self.sums = [s + g**2 for s, g in zip(self.sums, grads, strict=True)]
        return [
            w - self.learning_rate * g / (np.sqrt(s) + self.eps)
            for w, g, s in zip(params, grads, self.sums, strict=True)
        ]
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Adagrad", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_Adagrad = Check("Adagrad", points={"rule": 4, "arguments": 1})


@test_Adagrad
def test_Adagrad_by_hand():
    "The example above: learning rate 1, gradients 3 and 4."
    adagrad, params = Adagrad(learning_rate=1.0), [np.array([5.0])]
    for t, (g, w) in enumerate([(3.0, 4.0), (4.0, 3.2)], start=1):
        params = adagrad.step(params, [np.array([g])])
        test_Adagrad.close(f"the list of parameters after step {t}", params, [[w]])


@test_Adagrad
def test_Adagrad_eps():
    "With eps = 1 and the gradients 3 and 0: one step is 3 / (3 + 1), the other 0."
    params = Adagrad(learning_rate=1.0, eps=1.0).step([np.array([5.0, 5.0])], [np.array([3.0, 0.0])])
    test_Adagrad.close("the list of parameters after one step", params, [[4.25, 5.0]])


@test_Adagrad(part="arguments")
def test_Adagrad_arguments():
    "The arrays that you are given stay as they are."
    test_Adagrad.call(Adagrad(learning_rate=0.1).step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)])


### BEGIN HIDDEN TESTS
from misconceptions import Adagrad as test_bank
from oracles import Adagrad as test_right

test_Adagrad.misconceptions = test_bank


@test_Adagrad.hidden
def test_Adagrad_steps():
    "Four steps with gradients that change, a matrix and a vector side by side."
    test_Adagrad.compare(Adagrad, test_right, test_right.steps(test_Adagrad.rng))


@test_Adagrad.hidden
def test_Adagrad_defaults():
    "Nothing given but the learning rate."
    test_Adagrad.compare(Adagrad, test_right, test_right.default_rates(test_Adagrad.rng))


@test_Adagrad.hidden
def test_Adagrad_in_turn():
    "Two optimizers that take turns and know nothing of each other."
    test_Adagrad.compare(Adagrad, test_right, test_right.two_in_turn(test_Adagrad.rng))


@test_Adagrad.hidden
def test_Adagrad_slows_down():
    "Under a constant gradient of any size, step t is as long as the learning rate over the root of t."
    gradient = test_Adagrad.rng.uniform(1, 1000, size=(2, 5))
    adagrad, old = Adagrad(learning_rate=0.2, eps=1e-12), np.zeros((2, 5))
    for t in range(1, 6):
        (new,) = adagrad.step([old.copy()], [gradient.copy()])
        test_Adagrad.close("the step", old - new, np.full((2, 5), 0.2 / t**0.5))
        old = new


@test_Adagrad.hidden(part="arguments")
def test_Adagrad_leaves():
    "What the caller holds is the same after the step."
    test_Adagrad.compare(Adagrad, test_right, test_right.arguments(test_Adagrad.rng))


### END HIDDEN TESTS
test_Adagrad.score()

# %% [markdown]
r"""
## 5. RMSprop: forget slowly (6 points)

RMSprop cures Adagrad of never forgetting: an average in place of the sum, in which old squares fade by a factor
$\rho$ a step (`decay`),

$$s \leftarrow \rho\, s + (1 - \rho)\, g^2, \qquad\qquad w \leftarrow w - \eta\, \frac{g}{\sqrt{s} + \varepsilon}.$$

The root of the mean of the squares gives it its name. Here the weights do sum to one, apart from the start, where
$s = 0$ counts as a gradient that nobody has seen. RMSprop leaves it at that: for $\rho = 0.9$ its first step is
$\eta / \sqrt{0.1} \approx 3.2\,\eta$.

**By hand.** With $\eta = 0.1$ and $\rho = 0.75$, from $w = 1$, for the gradients $2$ and $1$: $s = 0.25 \cdot 4 = 1$
and $w = 1 - 0.1 \cdot 2/1 = 0.8$; then $s = 0.75 + 0.25 = 1$ and $w = 0.8 - 0.1 \cdot 1/1 = 0.7$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "RMSprop", "locked": false, "schema_version": 3, "solution": true, "task": false}
class RMSprop:
    r"""RMSprop: each entry's step is divided by the root of a running mean of its squared gradients.

    .. math:: s \leftarrow \rho s + (1 - \rho) g^2, \qquad w \leftarrow w - \eta \frac{g}{\sqrt{s} + \varepsilon}

    Parameters
    ----------
    learning_rate : float
        :math:`\eta > 0`.
    decay : float
        :math:`\rho`, the part of the mean that stays in each step, from 0 to below 1.
    eps : float
        :math:`\varepsilon > 0`, added to the root.

    Notes
    -----
    Tieleman and Hinton (2012), "Neural Networks for Machine Learning", lecture 6e: decay 0.9, no eps.

    >>> rmsprop = RMSprop(learning_rate=0.1, decay=0.75)
    >>> rmsprop.step([np.array([1.0])], [np.array([2.0])])[0].round(3)
    array([0.8])
    """

    def __init__(self, learning_rate, decay=0.9, eps=1e-8):
        self.learning_rate = learning_rate
        self.decay = decay
        self.eps = eps
        # What must be known at the next step? Start it here; put None or 0 if you fill it in step.
        ### BEGIN SOLUTION
        self.means = None
        ### END SOLUTION

    def step(self, params, grads):
        """Take one step from params with their gradients grads; return the list of new parameters, as new arrays."""
        ### BEGIN SOLUTION
        if self.means is None:
            self.means = [np.zeros_like(w) for w in params]
        self.means = [self.decay * s + (1 - self.decay) * g**2 for s, g in zip(self.means, grads, strict=True)]
        return [
            w - self.learning_rate * g / (np.sqrt(s) + self.eps)
            for w, g, s in zip(params, grads, self.means, strict=True)
        ]
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_RMSprop", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_RMSprop = Check("RMSprop", points={"rule": 5, "arguments": 1})

### BEGIN HIDDEN TESTS
from oracles import Adagrad as test_carried

test_RMSprop.carry(Adagrad=test_carried)
### END HIDDEN TESTS


@test_RMSprop
def test_RMSprop_by_hand():
    "The example above: learning rate 0.1, decay 0.75, gradients 2 and 1."
    rmsprop, params = RMSprop(learning_rate=0.1, decay=0.75), [np.array([1.0])]
    for t, (g, w) in enumerate([(2.0, 0.8), (1.0, 0.7)], start=1):
        params = rmsprop.step(params, [np.array([g])])
        test_RMSprop.close(f"the list of parameters after step {t}", params, [[w]])


@test_RMSprop
def test_RMSprop_eps():
    "With decay 0.75, eps = 1 and the gradients 2 and 0: one step is 0.1 · 2 / (1 + 1), the other 0."
    params = RMSprop(learning_rate=0.1, decay=0.75, eps=1.0).step([np.array([1.0, 1.0])], [np.array([2.0, 0.0])])
    test_RMSprop.close("the list of parameters after one step", params, [[0.9, 1.0]])


@test_RMSprop(part="arguments")
def test_RMSprop_arguments():
    "The arrays that you are given stay as they are."
    test_RMSprop.call(RMSprop(learning_rate=0.1).step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)])


### BEGIN HIDDEN TESTS
from misconceptions import RMSprop as test_bank
from oracles import RMSprop as test_right

test_RMSprop.misconceptions = test_bank


@test_RMSprop.hidden
def test_RMSprop_steps():
    "Four steps with gradients that change, a matrix and a vector side by side."
    test_RMSprop.compare(RMSprop, test_right, test_right.steps(test_RMSprop.rng))


@test_RMSprop.hidden
def test_RMSprop_defaults():
    "Nothing given but the learning rate."
    test_RMSprop.compare(RMSprop, test_right, test_right.default_rates(test_RMSprop.rng))


@test_RMSprop.hidden
def test_RMSprop_in_turn():
    "Two optimizers that take turns and know nothing of each other."
    test_RMSprop.compare(RMSprop, test_right, test_right.two_in_turn(test_RMSprop.rng))


@test_RMSprop.hidden
def test_RMSprop_units():
    "Gradients in another unit, a thousand times as large, lead to the same steps."
    gradients = test_RMSprop.rng.normal(size=(4, 3, 2))
    ways = []
    for unit in (1, 1000):
        rmsprop, params = RMSprop(learning_rate=0.1, eps=1e-12), [np.ones((3, 2))]
        for g in gradients:
            params = rmsprop.step(params, [unit * g])
        ways.append(params[0])
    test_RMSprop.close("the matrix", ways[1], ways[0])
    test_RMSprop.that(np.ptp(ways[0]) > 0, "RMSprop takes the same step in every entry.")


@test_RMSprop.hidden(part="arguments")
def test_RMSprop_leaves():
    "What the caller holds is the same after the step."
    test_RMSprop.compare(RMSprop, test_right, test_right.arguments(test_RMSprop.rng))


### END HIDDEN TESTS
test_RMSprop.score()

# %% [markdown]
r"""
## 6. Adam (8 points)

Adam puts both together: a running mean $m$ of the gradients, for the direction, over the root of a running mean $v$
of their squares, for the size. (Mind the letter: Adam's $v$ is no velocity.)

$$m \leftarrow \beta_1 m + (1 - \beta_1)\, g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2$$

Both start from zero, and at first they are much too small: after one step $m = 0.1\, g$ only. How much too small?
After $t$ steps the weights of the gradients seen so far sum to $1 - \beta^t$, not to one. Dividing by that is the
**bias correction**:

$$\hat m = \frac{m}{1 - \beta_1^t}, \qquad \hat v = \frac{v}{1 - \beta_2^t}, \qquad
w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon}.$$

The first step has $t = 1$. The corrected means serve this one step; $m$ and $v$ themselves go on uncorrected.

**By hand.** With $\eta = 0.9$, $\beta_1 = 0.8$ and $\beta_2 = 0.5$, from $w = 1$, for the gradients $5$ and $-1$:

| $t$ | $g$ | $m$ | $v$ | $\hat m$ | $\hat v$ | $w$ |
|---|---|---|---|---|---|---|
| 1 | $5$ | $1$ | $12.5$ | $1 / 0.2 = 5$ | $12.5 / 0.5 = 25$ | $1 - 0.9 \cdot 5/5 = 0.1$ |
| 2 | $-1$ | $0.8 - 0.2 = 0.6$ | $6.25 + 0.5 = 6.75$ | $0.6 / 0.36 = 5/3$ | $6.75 / 0.75 = 9$ | $0.1 - 0.9 \cdot \frac{5/3}{3} = -0.4$ |

Look at the first line again: $\hat m = g$ and $\hat v = g^2$, so that the first step is $\eta$, **whatever the
gradient's size**.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "Adam", "locked": false, "schema_version": 3, "solution": true, "task": false}
class Adam:
    r"""Adam: a running mean of the gradients over the root of one of their squares, both corrected for their start.

    .. math::
        m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \qquad
        w \leftarrow w - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \varepsilon}

    Parameters
    ----------
    learning_rate : float
        :math:`\eta > 0`: about the length of a step in each entry.
    beta1, beta2 : float
        The parts of m and v that stay in each step, from 0 to below 1.
    eps : float
        :math:`\varepsilon > 0`, added to the root.

    Notes
    -----
    Kingma and Ba (2015), "Adam: a method for stochastic optimization", algorithm 1, whose defaults these are; deck 003.

    >>> adam = Adam(learning_rate=0.3)
    >>> adam.step([np.array([1.0])], [np.array([2000.0])])[0].round(3)
    array([0.7])
    """

    def __init__(self, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
        self.learning_rate = learning_rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        # What must be known at the next step? Start it here; put None or 0 if you fill it in step.
        ### BEGIN SOLUTION
        self.t = 0
        self.means = self.squares = None
        ### END SOLUTION

    def step(self, params, grads):
        """Take one step from params with their gradients grads; return the list of new parameters, as new arrays."""
        ### BEGIN SOLUTION
        if self.t == 0:
            self.means = [np.zeros_like(w) for w in params]
            self.squares = [np.zeros_like(w) for w in params]
        self.t += 1
        self.means = [self.beta1 * m + (1 - self.beta1) * g for m, g in zip(self.means, grads, strict=True)]
        self.squares = [self.beta2 * v + (1 - self.beta2) * g**2 for v, g in zip(self.squares, grads, strict=True)]
        new = []
        for w, m, v in zip(params, self.means, self.squares, strict=True):
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            new.append(w - self.learning_rate * m_hat / (np.sqrt(v_hat) + self.eps))
        return new
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_Adam", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_Adam = Check("Adam", points={"step": 4, "bias correction": 3, "arguments": 1})

### BEGIN HIDDEN TESTS
from oracles import Momentum as test_carried_Momentum
from oracles import RMSprop as test_carried_RMSprop

test_Adam.carry(Momentum=test_carried_Momentum, RMSprop=test_carried_RMSprop)
### END HIDDEN TESTS


@test_Adam(part="bias correction")
def test_Adam_by_hand():
    "The table above: learning rate 0.9, beta1 0.8, beta2 0.5, gradients 5 and -1."
    adam, params = Adam(learning_rate=0.9, beta1=0.8, beta2=0.5), [np.array([1.0])]
    for t, (g, w) in enumerate([(5.0, 0.1), (-1.0, -0.4)], start=1):
        params = adam.step(params, [np.array([g])])
        test_Adam.close(f"the list of parameters after step {t}", params, [[w]])


@test_Adam(part="bias correction")
def test_Adam_two_parameters():
    "The first step of a matrix and of a vector: the learning rate in every entry."
    params = Adam(learning_rate=0.3).step([np.zeros((2, 3)), np.zeros(3)], [np.full((2, 3), 50.0), np.full(3, -0.02)])
    test_Adam.close("the matrix after the first step", params[0], np.full((2, 3), -0.3))
    test_Adam.close("the vector after the first step", params[1], np.full(3, 0.3))


@test_Adam
def test_Adam_late():
    "After 80 steps with gradient 2, m is 2 and v is 4, corrected or not: with eps = 2 a step is 0.3 · 2 / (2 + 2)."
    adam, params = Adam(learning_rate=0.3, beta1=0.5, beta2=0.75, eps=2.0), [np.array([1.0, 1.0])]
    for _ in range(80):
        params = adam.step(params, [np.array([2.0, 0.0])])
    old = params[0].copy()
    (new,) = adam.step(params, [np.array([2.0, 0.0])])
    test_Adam.close("the change of the two entries", new - old, [-0.15, 0.0])


@test_Adam(part="arguments")
def test_Adam_arguments():
    "The arrays that you are given stay as they are."
    test_Adam.call(Adam(learning_rate=0.1).step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)])


### BEGIN HIDDEN TESTS
from misconceptions import Adam as test_bank
from oracles import Adam as test_right

test_Adam.misconceptions = test_bank


@test_Adam.hidden(part="bias correction")
def test_Adam_steps():
    "Four steps with gradients that change, a matrix and a vector side by side."
    test_Adam.compare(Adam, test_right, test_right.steps(test_Adam.rng))


@test_Adam.hidden(part="bias correction")
def test_Adam_defaults():
    "Nothing given but the learning rate."
    test_Adam.compare(Adam, test_right, test_right.default_rates(test_Adam.rng))


@test_Adam.hidden
def test_Adam_late():
    "Long after the start, when the bias correction has faded."
    test_Adam.compare(Adam, test_right, test_right.late(test_Adam.rng))


@test_Adam.hidden
def test_Adam_in_turn():
    "Two optimizers that take turns and know nothing of each other."
    test_Adam.compare(Adam, test_right, test_right.two_in_turn(test_Adam.rng))


@test_Adam.hidden(part="bias correction")
def test_Adam_constant():
    "Under a constant gradient of any size, every step is as long as the learning rate."
    gradient = test_Adam.rng.uniform(1, 1000, size=(2, 5)) * test_Adam.rng.choice([-1, 1], size=(2, 5))
    adam, old = Adam(learning_rate=0.2, eps=1e-12), np.zeros((2, 5))
    for _ in range(5):
        (new,) = adam.step([old.copy()], [gradient.copy()])
        test_Adam.close("the step", new - old, -0.2 * np.sign(gradient))
        old = new


@test_Adam.hidden(part="arguments")
def test_Adam_leaves():
    "What the caller holds is the same after the step."
    test_Adam.compare(Adam, test_right, test_right.arguments(test_Adam.rng))


### END HIDDEN TESTS
test_Adam.score()

# %% [markdown]
r"""
## 7. AdamW: decay that is decoupled (6 points)

Large weights are to be drawn towards zero. The old way is an L2 penalty: add $\lambda \lVert w \rVert^2$ to the
objective, hence $2 \lambda w$ to every gradient. In gradient descent, that takes the same fraction $2\eta\lambda$
from every weight in every step.

In Adam it does not, for Adam divides by the root of $\hat v$. Take two weights, both $w = 1$, with gradients of size
$100$ and of size $0.01$, and $2 \lambda w = 0.001$. The penalty's part of the step is about $\eta \cdot 0.001 / 100$
for the first and $\eta \cdot 0.001 / 0.01$ for the second: ten thousand times as much, because of the *loss's*
gradients. AdamW takes the decay out of the gradient and out of the fraction, and lets it act on the weight itself:

$$w \leftarrow w - \eta\, \frac{\hat m}{\sqrt{\hat v} + \varepsilon} - \eta\, \lambda\, w,$$

where $\hat m$ and $\hat v$ know nothing of $\lambda$, and both $w$ on the right are the weight before the step. There
is no 2: the decay is no derivative of anything.

**By hand.** Adam's example again, with $\lambda = 0.1$, so that $\eta \lambda = 0.09$. Adam's own steps do not
change, $-0.9$ and $-0.5$: $w = 1 - 0.9 - 0.09 \cdot 1 = 0.01$, then $w = 0.01 - 0.5 - 0.09 \cdot 0.01 = -0.4909$.

(The paper multiplies the decay by a schedule $\eta_t$ and not by Adam's rate $\alpha$. Libraries, and this course,
let the one learning rate stand before both.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "AdamW", "locked": false, "schema_version": 3, "solution": true, "task": false}
class AdamW:
    r"""Adam with decoupled weight decay.

    .. math:: w \leftarrow w - \eta \frac{\hat m}{\sqrt{\hat v} + \varepsilon} - \eta \lambda w

    with :math:`\hat m` and :math:`\hat v` as in Adam.

    Parameters
    ----------
    learning_rate : float
        :math:`\eta > 0`.
    beta1, beta2 : float
        The parts of m and v that stay in each step, from 0 to below 1.
    eps : float
        :math:`\varepsilon > 0`, added to the root.
    weight_decay : float
        :math:`\lambda \geq 0`; with 0 this is Adam.

    Notes
    -----
    Loshchilov and Hutter (2019), "Decoupled weight decay regularization", algorithm 2, with one learning rate in the
    place of both their :math:`\alpha` and their schedule multiplier :math:`\eta_t`.

    >>> adamw = AdamW(learning_rate=0.3, weight_decay=0.1)
    >>> adamw.step([np.array([1.0])], [np.array([2.0])])[0].round(3)
    array([0.67])
    """

    def __init__(self, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.learning_rate = learning_rate
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        # What must be known at the next step? Start it here; put None or 0 if you fill it in step.
        ### BEGIN SOLUTION
        self.t = 0
        self.means = self.squares = None
        ### END SOLUTION

    def step(self, params, grads):
        """Take one step from params with their gradients grads; return the list of new parameters, as new arrays."""
        ### BEGIN SOLUTION
        if self.t == 0:
            self.means = [np.zeros_like(w) for w in params]
            self.squares = [np.zeros_like(w) for w in params]
        self.t += 1
        self.means = [self.beta1 * m + (1 - self.beta1) * g for m, g in zip(self.means, grads, strict=True)]
        self.squares = [self.beta2 * v + (1 - self.beta2) * g**2 for v, g in zip(self.squares, grads, strict=True)]
        new = []
        for w, m, v in zip(params, self.means, self.squares, strict=True):
            m_hat = m / (1 - self.beta1**self.t)
            v_hat = v / (1 - self.beta2**self.t)
            new.append(w - self.learning_rate * (m_hat / (np.sqrt(v_hat) + self.eps) + self.weight_decay * w))
        return new
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_AdamW", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_AdamW = Check("AdamW", points={"rule": 5, "arguments": 1})

### BEGIN HIDDEN TESTS
from oracles import Adam as test_carried

test_AdamW.carry(Adam=test_carried)
### END HIDDEN TESTS


@test_AdamW
def test_AdamW_by_hand():
    "The example above: learning rate 0.9, beta1 0.8, beta2 0.5, weight decay 0.1, gradients 5 and -1."
    adamw, params = AdamW(learning_rate=0.9, beta1=0.8, beta2=0.5, weight_decay=0.1), [np.array([1.0])]
    for t, (g, w) in enumerate([(5.0, 0.01), (-1.0, -0.4909)], start=1):
        params = adamw.step(params, [np.array([g])])
        test_AdamW.close(f"the list of parameters after step {t}", params, [[w]])


@test_AdamW
def test_AdamW_zero_gradient():
    "Without any gradient only the decay is left: 10 becomes 9, then 8.1."
    adamw, params = AdamW(learning_rate=0.5, weight_decay=0.2), [np.array([10.0])]
    for t, w in enumerate([9.0, 8.1], start=1):
        params = adamw.step(params, [np.array([0.0])])
        test_AdamW.close(f"the list of parameters after step {t}", params, [[w]])


@test_AdamW(part="arguments")
def test_AdamW_arguments():
    "The arrays that you are given stay as they are."
    test_AdamW.call(AdamW(learning_rate=0.1).step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)])


### BEGIN HIDDEN TESTS
from misconceptions import AdamW as test_bank
from oracles import AdamW as test_right

test_AdamW.misconceptions = test_bank


@test_AdamW.hidden
def test_AdamW_steps():
    "Four steps with gradients that change, a matrix and a vector side by side."
    test_AdamW.compare(AdamW, test_right, test_right.steps(test_AdamW.rng))


@test_AdamW.hidden
def test_AdamW_defaults():
    "Nothing given but the learning rate."
    test_AdamW.compare(AdamW, test_right, test_right.default_rates(test_AdamW.rng))


@test_AdamW.hidden
def test_AdamW_in_turn():
    "Two optimizers that take turns and know nothing of each other."
    test_AdamW.compare(AdamW, test_right, test_right.two_in_turn(test_AdamW.rng))


@test_AdamW.hidden
def test_AdamW_shrinks():
    "Without any gradient, every weight loses the same fraction in every step."
    weights = test_AdamW.rng.normal(size=(3, 4))
    adamw, params = AdamW(learning_rate=0.2, weight_decay=0.5), [weights.copy()]
    for t in range(1, 5):
        params = adamw.step(params, [np.zeros((3, 4))])
        test_AdamW.close("the matrix", params[0], 0.9**t * weights)


@test_AdamW.hidden(part="arguments")
def test_AdamW_leaves():
    "What the caller holds is the same after the step."
    test_AdamW.compare(AdamW, test_right, test_right.arguments(test_AdamW.rng))


### END HIDDEN TESTS
test_AdamW.score()

# %% [markdown]
r"""
## 8. All of them in the ravine

The last picture sets your optimizers off together. On the left is their way, on the right their height above the
bottom (on a logarithmic scale). The rates are chosen by hand, one for each: try others in a cell of your own.

Watch RMSprop. It glides down without a swing, and then leaps up from the bottom: the gradients across the ravine have
been so small for so long that $\eta / \sqrt{s}$ has grown beyond what the wall bears. With a constant rate it never
quite comes to rest; a learning rate schedule (lecture 6) is the cure. AdamW's weight decay draws towards $w = 0$,
which happens to be the bottom of this ravine.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_all", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    racers = {
        "gradient descent": GradientDescent(0.07),
        "momentum": Momentum(0.07, momentum=0.7),
        "Nesterov": Nesterov(0.05, momentum=0.7),
        "Adagrad": Adagrad(2.0),
        "RMSprop": RMSprop(0.3),
        "Adam": Adam(0.5, beta2=0.99),
        "AdamW": AdamW(0.5, beta2=0.99, weight_decay=0.1),
    }
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    draw_ravine(axes[0], "the way")
    for name, racer in racers.items():
        way = descend(racer, start=[-10, 1.8], steps=80)
        assert np.isfinite(way).all()
        axes[0].plot(*way.T, "-", linewidth=1.2)
        axes[1].semilogy(ravine(way.T) + 1e-12, label=name)
    axes[1].set(title="the height", xlabel="step", ylabel="$f(w)$", ylim=(1e-8, 3e2))
    axes[1].legend(fontsize="small", loc="lower left")
    plt.show()
except Exception:
    plt.close("all")
    print("Here your optimizers will race down the ravine: write all six, run their cells, then run this one again.")

# %% [markdown]
r"""
## 9. Help or hurt? (4 points)

Deck 002 says of momentum that it "can help or hurt". Explain, in your own words and with the sum
$v_t = -\eta\,(g_t + \beta g_{t-1} + \beta^2 g_{t-2} + \dots)$ of section 2 (4 points, marked by hand):

1. Along the floor of a ravine the gradient hardly changes. How long do the steps become, compared with gradient
   descent, for $\beta = 0.9$? (1 point)
2. Across the ravine the gradient changes its sign in every step: $g, -g, g, \dots$ What does the sum come to, and
   what does that mean for the ball? (1 point)
3. Describe a situation in which momentum hurts, how you would notice it in the loss curve, and what you would change.
   (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_help_or_hurt", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r"""
1. All terms are equal, so that the sum is $g\,(1 + \beta + \beta^2 + \dots) = g / (1 - \beta)$. For $\beta = 0.9$ the
   steps grow to ten times those of gradient descent. It takes about $1/(1-\beta) = 10$ steps to get there.

2. The signs alternate: $g\,(1 - \beta + \beta^2 - \dots) = g / (1 + \beta)$, for $\beta = 0.9$ about half of $g$.
   Across the ravine the steps cancel to about one half of gradient descent's, while those along it are ten times as
   long; so one can take a larger learning rate, too, before the ball climbs the walls.

3. The ball arrives at the minimum with a velocity that was built up far away, runs past it and up the other side, and
   comes back: with a large $\beta$ it swings for about $1/(1-\beta)$ steps or longer. The loss curve falls, then
   rises and falls in waves in place of going down steadily. The same happens where the gradient suddenly points
   elsewhere (a bend in the valley, other data): the velocity still obeys the old gradients. With small, noisy batches
   it adds up the noise as well. Cures: a smaller $\beta$, a smaller learning rate, or Nesterov's look ahead, which
   brakes earlier.

(Marking of 3: one point for a situation with its reason, such as old velocity that overshoots or noise that adds up;
one for its sign in the loss curve together with a cure.)
"""

# %% [markdown]
r"""
## Where next

- Lecture 5 shows these optimizers live on landscapes that you can bend, with Adadelta, AdaMax and Nadam besides;
  lecture 6 lets the learning rate follow a schedule, and lecture 7 measures weight decay against L2.
- In the library, `course.optimizers` has `Momentum` and `Adam`. They work in place, on all parameters of a network at
  once: compare them with what you wrote.
- Next is problem set 9, regularisation: L1 and L2 penalties, dropout, early stopping, and clipping the gradient.
"""
