# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.regularizers, course.early_stopping, course.optimizers.clipping, course.layers.dropout]
#     skip: [picture_penalties, picture_dropout, picture_early_stopping]
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
# Problem set 9: regularisation

**35 points.** It goes with [lecture 6](../../lectures/L06_schedules_and_clipping.ipynb) (clipping the gradient) and [lecture 7](../../lectures/L07_regularisation.ipynb) (L2, L1, dropout, early stopping).

When you have done it, you will be able to

- put a price on the size of the weights, and say how differently L2 and L1 pull at a large weight and at a small one,
- write dropout in both of its forms, and show that what a layer gives in evaluation is what it gives on average in
  training,
- end a training at the right epoch, with the weights of the best one in your hands,
- keep one bad batch from throwing a network off its course,
- recognise the conventions that are mixed up most often: $\lambda$ or $\lambda/2$, the probability to *keep* or to *drop*.

| you write | points |
|---|---|
| `l2_penalty` | 4 |
| `l1_penalty` | 4 |
| `dropout_forward` | 8 |
| `dropout_backward` | 4 |
| `EarlyStopping` | 7 |
| `clip_gradient_norm` | 5 |
| a written answer | 3 |

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you can
follow by hand. More tests of the same ideas run when your notebook is graded. No function here needs another one, so you may
take them in any order.

**What you write** returns new arrays of floats (float64, NumPy's own), even where an argument holds whole numbers, and leaves
the arrays and lists that it is given as they are.
"""

# %% [markdown]
r"""
## 1. A network that knows its examples by heart

With enough weights, a network can bring its training loss close to zero by learning every example together with its noise.
The **validation loss**, measured on examples that it never trains on, shows it: it falls, reaches its lowest point, and
rises again while the training loss still falls. That is *overfitting*. What holds it back is called *regularisation*, and
this set has three kinds:

- a **penalty** makes large weights expensive (L2 and L1, sections 2 and 3),
- **dropout** keeps units from relying upon each other (sections 4 and 5),
- **early stopping** ends the training at the lowest point (section 6).

**Clipping the gradient**, in section 7, is not against overfitting but against accidents: it bounds how far a single step
can go. Run the next cell, and begin.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
r"""
## 2. The L2 penalty (4 points)

The price of a weight is its square. The objective becomes the loss plus

$$\Omega(w) = \lambda \lVert w \rVert^2 = \lambda \sum_i w_i^2, \qquad\qquad
\frac{\partial \Omega}{\partial w_i} = 2 \lambda\, w_i ,$$

where the sum runs over **every entry of every array** in the list, and $\lambda \geq 0$ is the `strength`. The pull towards
zero is proportional to the weight: strong on large ones, hardly felt by small ones. A step of gradient descent takes the same
fraction $2 \eta \lambda$ from each.

Your function gets a list of weight arrays and gives the penalty, one number for all of them, and its gradient, one array for
each. The optimizer adds the latter to the gradients of the loss. *What* is penalised is up to whoever makes the list. It is
usually the weight matrices without the biases, but do not choose for your caller: every array that is in the list counts, a
vector too.

**By hand.** For $\lambda = 0.25$, a matrix $(3,\ -1)$ and a vector $(2)$: the squares are $9$, $1$ and $4$, so that
$\Omega = 0.25 \cdot 14 = 3.5$. The gradients are $2 \cdot 0.25 \cdot w$, which is $(1.5,\ -0.5)$ and $(1)$.

**Two conventions.** This course follows decks 003 and 004: $\lambda \lVert w \rVert^2$, with gradient $2\lambda w$. Most
libraries, and many books, write $\frac{\lambda}{2} \lVert w \rVert^2$, so that the gradient is $\lambda w$. Neither is wrong,
but the same $\lambda$ pulls twice as hard in the first.

(Deck 003 calls this penalty *weight decay*. In plain gradient descent it is that: every weight decays by a fraction. Under Adam
it is not, and `AdamW` in Problem set 8 (optimizers) shows why.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "l2_penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l2_penalty(weights, strength):
    r"""Compute the L2 penalty :math:`\lambda \lVert w \rVert^2` and its gradient :math:`2 \lambda w`.

    Parameters
    ----------
    weights : list of arrays
        The weights that are penalised, in arrays of any shape. They are left as they are.
    strength : float
        :math:`\lambda \geq 0`.

    Returns
    -------
    value : float
        The penalty of all arrays together.
    gradients : list of arrays
        Its gradient with respect to each array, in that array's shape: new arrays, in the same order.

    Notes
    -----
    Deck 003, "Making training generalize & stay stable"; deck 004, "Regularization".

    >>> value, gradients = l2_penalty([np.array([3.0, -1.0])], strength=0.25)
    >>> float(value), gradients
    (2.5, [array([ 1.5, -0.5])])
    """
    ### BEGIN SOLUTION
    value = strength * sum(np.sum(w**2) for w in weights)
    gradients = [2 * strength * w for w in weights]
    return value, gradients
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_l2_penalty", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_l2_penalty = Check("l2_penalty", points={"value": 2, "gradient": 2})


def test_l2_both(answer, weights, strength):
    "Call an answer with copies; give its two results by name."
    found = answer([w.copy() for w in weights], strength)
    two = isinstance(found, (tuple, list)) and len(found) == 2 and isinstance(found[1], (tuple, list))
    test_l2_penalty.that(two, "l2_penalty returns two things, in this order: the value, and the list of gradients.")
    test_l2_penalty.that(len(found[1]) == len(weights), "l2_penalty returns one gradient for each array in the list.")
    return found


@test_l2_penalty(part="value")
def test_l2_value_by_hand():
    "The value of the example above."
    value, _ = test_l2_both(l2_penalty, [np.array([[3.0, -1.0]]), np.array([2.0])], 0.25)
    test_l2_penalty.close("the value", value, 3.5)


@test_l2_penalty(part="gradient")
def test_l2_gradients_by_hand():
    "The gradients of the example above."
    _, gradients = test_l2_both(l2_penalty, [np.array([[3.0, -1.0]]), np.array([2.0])], 0.25)
    test_l2_penalty.close("the gradient of the matrix", gradients[0], [[1.5, -0.5]])
    test_l2_penalty.close("the gradient of the vector", gradients[1], [1.0])


@test_l2_penalty(part="gradient")
def test_l2_arguments():
    "The arrays that you are given stay as they are, and the gradients are new arrays."
    test_l2_penalty.call(l2_penalty, [np.array([[3.0, -1.0]]), np.array([2.0])], 0.5)


### BEGIN HIDDEN TESTS
from course.gradient_check import numerical_vjp
from misconceptions import l2_penalty as test_bank
from oracles import PENALTIES as test_oracles

test_l2_penalty.misconceptions = test_bank
test_right, test_draw, test_rng = test_oracles.l2, test_oracles.draw, test_l2_penalty.rng


def test_l2_case(about, weights, strength):
    "Compare value and gradients with sums of single entries."

    def value():
        test_l2_penalty.compare(
            l2_penalty, test_right, lambda answer: {"the value": test_l2_both(answer, weights, strength)[0]}
        )

    def gradients():
        def experiment(answer):
            found = test_l2_both(answer, weights, strength)[1]
            return {f"the gradient of array {i}": g for i, g in enumerate(found, start=1)}

        test_l2_penalty.compare(l2_penalty, test_right, experiment)

    for test, part in [(value, "value"), (gradients, "gradient")]:
        test.__doc__ = f"{part}: {about}"
        test_l2_penalty.hidden(test, part=part)


test_l2_case("two matrices and a vector.", test_draw(test_rng, (4, 3), (3,), (3, 2)), test_rng.uniform(0.05, 0.2))
test_l2_case("one array of a single row.", test_draw(test_rng, (1, 5)), test_rng.uniform(2, 3))
test_l2_case(
    "whole numbers, some of them zero, some large.",
    [np.array([[0, 1000, -3], [-1000, 7, 0]]), test_rng.integers(-5, 6, size=4)],
    test_rng.uniform(0.1, 0.4),
)
test_l2_case("a strength of zero.", test_draw(test_rng, (2, 3), (4,)), 0.0)


@test_l2_penalty.hidden(part="gradient")
def test_l2_differences():
    "gradient: the same as central differences of the penalty."
    weights, strength = test_draw(test_rng, (2, 3), (4,)), test_rng.uniform(0.2, 0.8)
    _, gradients = test_l2_both(l2_penalty, weights, strength)
    for w, g in zip(weights, gradients, strict=True):
        expected = numerical_vjp(lambda w: np.array([test_right([w], strength)[0]]), w, np.ones(1))
        test_l2_penalty.close("a gradient", g, expected, rtol=1e-5, atol=1e-7)


@test_l2_penalty.hidden(part="gradient")
def test_l2_leaves():
    "gradient: what your caller holds is the same after the call."
    test_oracles.compare_arguments(test_l2_penalty, l2_penalty, test_right, test_oracles.arguments(test_rng))


### END HIDDEN TESTS
test_l2_penalty.score()

# %% [markdown]
r"""
## 3. The L1 penalty (4 points)

Now the price of a weight is its size:

$$\Omega(w) = \lambda \sum_i |w_i| , \qquad\qquad
\frac{\partial \Omega}{\partial w_i} = \lambda \operatorname{sign}(w_i) = \begin{cases} +\lambda & w_i > 0 \\ 0 & w_i = 0 \\
-\lambda & w_i < 0 . \end{cases}$$

The pull is equally strong on all weights, however small they are. That is why L1 drives those to zero that the loss does not
insist on, while L2 leaves them small. At $w_i = 0$ itself $|w_i|$ has a kink and no derivative; every number from $-\lambda$
to $\lambda$ would do there (a *subgradient*). We take $0$: a weight that has arrived at zero is left alone.

**By hand.** For $\lambda = 0.25$, a matrix $(3,\ -1)$ and a vector $(0,\ 2)$: the sizes sum to $6$, so that
$\Omega = 1.5$. The gradients are $(0.25,\ -0.25)$ and $(0,\ 0.25)$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "l1_penalty", "locked": false, "schema_version": 3, "solution": true, "task": false}
def l1_penalty(weights, strength):
    r"""Compute the L1 penalty :math:`\lambda \sum_i |w_i|` and its gradient :math:`\lambda \operatorname{sign} w`.

    Parameters
    ----------
    weights : list of arrays
        The weights that are penalised, in arrays of any shape. They are left as they are.
    strength : float
        :math:`\lambda \geq 0`.

    Returns
    -------
    value : float
        The penalty of all arrays together.
    gradients : list of arrays
        Its gradient with respect to each array, in that array's shape: new arrays, in the same order. It is 0 where a
        weight is 0.

    Notes
    -----
    Tibshirani (1996), "Regression shrinkage and selection via the lasso".

    >>> value, gradients = l1_penalty([np.array([3.0, -1.0, 0.0])], strength=0.25)
    >>> float(value), gradients
    (1.0, [array([ 0.25, -0.25,  0.  ])])
    """
    ### BEGIN SOLUTION
    value = strength * sum(np.sum(np.abs(w)) for w in weights)
    gradients = [strength * np.sign(w) for w in weights]
    return value, gradients
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_l1_penalty", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_l1_penalty = Check("l1_penalty", points={"value": 2, "gradient": 2})


def test_l1_both(answer, weights, strength):
    "Call an answer with copies; give its two results by name."
    found = answer([w.copy() for w in weights], strength)
    two = isinstance(found, (tuple, list)) and len(found) == 2 and isinstance(found[1], (tuple, list))
    test_l1_penalty.that(two, "l1_penalty returns two things, in this order: the value, and the list of gradients.")
    test_l1_penalty.that(len(found[1]) == len(weights), "l1_penalty returns one gradient for each array in the list.")
    return found


@test_l1_penalty(part="value")
def test_l1_value_by_hand():
    "The value of the example above."
    value, _ = test_l1_both(l1_penalty, [np.array([[3.0, -1.0]]), np.array([0.0, 2.0])], 0.25)
    test_l1_penalty.close("the value", value, 1.5)


@test_l1_penalty(part="gradient")
def test_l1_gradients_by_hand():
    "The gradients of the example above."
    _, gradients = test_l1_both(l1_penalty, [np.array([[3.0, -1.0]]), np.array([0.0, 2.0])], 0.25)
    test_l1_penalty.close("the gradient of the matrix", gradients[0], [[0.25, -0.25]])
    test_l1_penalty.close("the gradient of the vector", gradients[1], [0.0, 0.25])


@test_l1_penalty(part="gradient")
def test_l1_arguments():
    "The arrays that you are given stay as they are, and the gradients are new arrays."
    test_l1_penalty.call(l1_penalty, [np.array([[3.0, -1.0]]), np.array([2.0])], 1.0)


### BEGIN HIDDEN TESTS
from course.gradient_check import numerical_vjp
from misconceptions import l1_penalty as test_bank
from oracles import PENALTIES as test_oracles

test_l1_penalty.misconceptions = test_bank
test_right, test_draw, test_rng = test_oracles.l1, test_oracles.draw, test_l1_penalty.rng


def test_l1_case(about, weights, strength):
    "Compare value and gradients with sums of single entries."

    def value():
        test_l1_penalty.compare(
            l1_penalty, test_right, lambda answer: {"the value": test_l1_both(answer, weights, strength)[0]}
        )

    def gradients():
        def experiment(answer):
            found = test_l1_both(answer, weights, strength)[1]
            return {f"the gradient of array {i}": g for i, g in enumerate(found, start=1)}

        test_l1_penalty.compare(l1_penalty, test_right, experiment)

    for test, part in [(value, "value"), (gradients, "gradient")]:
        test.__doc__ = f"{part}: {about}"
        test_l1_penalty.hidden(test, part=part)


test_l1_case("two matrices and a vector.", test_draw(test_rng, (4, 3), (3,), (3, 2)), test_rng.uniform(0.05, 0.2))
test_l1_case("negative weights in a single row.", [-np.abs(w) for w in test_draw(test_rng, (1, 5))], test_rng.uniform(2, 3))
test_l1_case(
    "whole numbers, some of them zero, some large.",
    [np.array([[0, 1000, -3], [-1000, 7, 0]]), test_rng.integers(-5, 6, size=4)],
    test_rng.uniform(0.1, 0.4),
)
test_l1_case("weights that are zero, or very small.", [np.array([[0.0, 1e-9], [-1e-9, -0.0]]), np.zeros(2)], 0.7)
test_l1_case("a strength of zero.", test_draw(test_rng, (2, 3), (4,)), 0.0)


@test_l1_penalty.hidden(part="gradient")
def test_l1_differences():
    "gradient: the same as central differences of the penalty, away from zero."
    weights, strength = test_draw(test_rng, (2, 3), (4,)), test_rng.uniform(0.2, 0.8)
    _, gradients = test_l1_both(l1_penalty, weights, strength)
    for w, g in zip(weights, gradients, strict=True):
        expected = numerical_vjp(lambda w: np.array([test_right([w], strength)[0]]), w, np.ones(1))
        test_l1_penalty.close("a gradient", g, expected, rtol=1e-5, atol=1e-7)


@test_l1_penalty.hidden(part="gradient")
def test_l1_leaves():
    "gradient: what your caller holds is the same after the call."
    test_oracles.compare_arguments(test_l1_penalty, l1_penalty, test_right, test_oracles.arguments(test_rng))


### END HIDDEN TESTS
test_l1_penalty.score()

# %% [markdown]
r"""
### Your penalties at work

With no loss at all, only the penalty pulls: the next cell lets five weights go down the gradients that your functions give.
The broad grey lines are ours, worked out without them. Under L2 all weights lose the same fraction a step and none ever
arrives. Under L1 all walk at the same speed. The one that starts at 1 arrives at exactly 0, and stays there because its
gradient is 0. The others step over it, and leap about it for ever, by one step each: plain gradient descent cannot do better
with a slope that has a jump.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_penalties", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    start, strength, rate, steps = [1.52, 1.0, 0.52, -0.27, -1.02], 0.5, 0.125, 30

    def shrink(penalty):
        way = [np.array(start)]
        for _ in range(steps):
            _, (g,) = penalty([way[-1].copy()], strength)
            way.append(way[-1] - rate * g)
        return np.array(way)

    l2_way, l1_way = [np.array(start)], [np.array(start)]
    for _ in range(steps):
        l2_way.append(l2_way[-1] * (1 - 2 * rate * strength))
        l1_way.append(l1_way[-1] - rate * strength * ((l1_way[-1] > 0) * 1.0 - (l1_way[-1] < 0)))
    fig, axes = plt.subplots(1, 2, figsize=(11, 3.6), sharey=True, layout="constrained")
    for ax, title, penalty, ours in [
        (axes[0], "your L2: every weight loses the same fraction", l2_penalty, l2_way),
        (axes[1], "your L1: every weight walks at the same speed", l1_penalty, l1_way),
    ]:
        yours = shrink(penalty)
        assert np.abs(yours - ours).max() < 1e-9
        ax.axhline(0, color="0.85", linewidth=1)
        ax.plot(ours, "-", color="0.75", linewidth=6)
        ax.plot(yours, "-", linewidth=1.5)
        ax.set(title=title, xlabel="step")
    axes[0].set_ylabel("weight")
    plt.show()
except Exception:
    plt.close("all")
    print("Here weights will shrink under your penalties: write l2_penalty and l1_penalty, then run this cell again.")

# %% [markdown]
r"""
## 4. Dropout, forward (8 points)

In training, each entry of a layer's output is **kept** with probability $p$ (`keep_prob`) and set to zero otherwise. A new
mask $m$ of ones and zeros is drawn at every call, and every entry decides for itself: other units are missing in each
example, and in the next step others again. So no unit can rely on any other being there. (Deck 004 puts it like this:
dropout trains an ensemble, a different subnetwork at every step.)

In evaluation nothing is dropped, for a prediction should not depend on chance. But then more arrives at the next layer than
it is used to: all of $x$, where in training it was a part $p$ of it on average. A scale makes up for that, and there are two
places to put it:

| | in training | in evaluation |
|---|---|---|
| **inverted** (the course's default, and that of today's libraries) | $z = m\, x / p$ | $z = x$ |
| **classic** (deck 004, and the paper) | $z = m\, x$ | $z = p\, x$ |

Each entry of $m$ is 1 with probability $p$, so that its expectation is $p$. Put it in: in both rows, **what comes out in
evaluation is what comes out in training on average.**

**By hand.** $x = (1,\ 2,\ 3,\ 4)$ and $p = 0.5$, and the mask happens to be $m = (1,\ 0,\ 1,\ 1)$. Inverted dropout gives
$(2,\ 0,\ 6,\ 8)$ in training and $(1,\ 2,\ 3,\ 4)$ in evaluation; classic dropout gives $(1,\ 0,\ 3,\ 4)$ in training and
$(0.5,\ 1,\ 1.5,\ 2)$ in evaluation.

**Random numbers** come from `rng`, a `numpy.random.Generator`, and from nowhere else: given a generator in the same state,
your function gives the same mask. How you use it is up to you. (What is the probability that `rng.random()`, a number between
0 and 1, is below 0.8?)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "dropout_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_forward(x, keep_prob, *, rng, training=True, classic=False):
    r"""Drop entries at random in training; drop nothing in evaluation.

    .. math:: \text{inverted: } z = \begin{cases} m x / p & \text{in training} \\ x & \text{in evaluation} \end{cases}
        \qquad \text{classic: } z = \begin{cases} m x & \text{in training} \\ p x & \text{in evaluation} \end{cases}

    Parameters
    ----------
    x : array (N, M)
        A layer's output, one example in each row. It is left as it is.
    keep_prob : float
        :math:`p`, the probability to keep an entry, above 0 and at most 1.
    rng : numpy.random.Generator
        Where the random numbers come from.
    training : bool
        Whether this is a step of training or an evaluation.
    classic : bool
        Whether to scale in evaluation (classic) or in training (inverted).

    Returns
    -------
    out : array (N, M)
        :math:`z`, always a new array: in evaluation too.
    mask : array (N, M) of bool, or None
        In training, True where an entry is kept and False where it is dropped: ``dropout_backward`` needs it. In
        evaluation there is no way back, and None takes its place.

    Notes
    -----
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), "Dropout: a simple way to prevent neural networks
    from overfitting"; deck 004, "Regularization". Both have the classic form.

    >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
    >>> out, mask = dropout_forward(x, 0.5, rng=np.random.default_rng(0), training=False, classic=True)
    >>> out
    array([[0.5, 1. , 1.5, 2. ]])
    """
    ### BEGIN SOLUTION
    if not training:
        return x * (keep_prob if classic else 1.0), None
    mask = rng.random(x.shape) < keep_prob
    return x * mask / (1.0 if classic else keep_prob), mask
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_dropout_forward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_dropout_forward = Check("dropout_forward", points={"mask": 3, "training": 2, "evaluation": 2, "arguments": 1})


def test_forward_both(x, keep_prob, **named):
    "Call with a copy of x and a fresh generator; give out and mask."
    found = dropout_forward(x.copy(), keep_prob, rng=np.random.default_rng(test_dropout_forward.rng.integers(2**32)), **named)
    two = isinstance(found, (tuple, list)) and len(found) == 2
    test_dropout_forward.that(two, "dropout_forward returns two things, in this order: out, mask.")
    return found


@test_dropout_forward(part="mask")
def test_forward_mask():
    "The mask of 100 examples with 100 units: about 80 of 100 entries are kept."
    _, mask = test_forward_both(np.ones((100, 100)), 0.8)
    test_dropout_forward.that(np.shape(mask) == (100, 100), "mask should have the shape of x: an entry for each entry of x.")
    test_dropout_forward.that(np.isin(mask, (0, 1)).all(), "mask should hold nothing but True and False.")
    share = np.mean(mask)
    test_dropout_forward.that(abs(share - 0.8) < 0.031, f"with keep_prob 0.8, your mask keeps a share of {share:.2f}.")


@test_dropout_forward(part="training")
def test_forward_training():
    "The numbers above, with your mask: inverted doubles what it keeps, classic leaves it as it is."
    x = np.array([[1.0, 2.0, 3.0, 4.0]] * 3)
    for name, classic, factor in [("inverted", False, 2.0), ("classic", True, 1.0)]:
        out, mask = test_forward_both(x, 0.5, classic=classic)
        kept = np.broadcast_to(np.asarray(mask) != 0, x.shape)
        test_dropout_forward.close(f"out of {name} dropout, where mask is {kept.astype(int).tolist()},", out, np.where(kept, factor * x, 0))


@test_dropout_forward(part="evaluation")
def test_forward_evaluation():
    "The numbers above in evaluation: inverted leaves them, classic takes half of each."
    x = np.array([[1.0, 2.0, 3.0, 4.0]])
    out, _ = test_forward_both(x, 0.5, training=False)
    test_dropout_forward.close("out of inverted dropout", out, [[1.0, 2.0, 3.0, 4.0]])
    out, _ = test_forward_both(x, 0.5, training=False, classic=True)
    test_dropout_forward.close("out of classic dropout", out, [[0.5, 1.0, 1.5, 2.0]])


@test_dropout_forward(part="training")
def test_forward_everything_kept():
    "With keep_prob 1 nothing is dropped, and nothing is scaled."
    x = np.array([[1.0, -2.0], [0.0, 4.0]])
    for classic in (False, True):
        test_dropout_forward.close("out", test_forward_both(x, 1.0, classic=classic)[0], x)


@test_dropout_forward(part="arguments")
def test_forward_arguments():
    "The array that you are given stays as it is, and out is a new one: in training and in evaluation."
    for training in (True, False):
        test_dropout_forward.call(
            dropout_forward, np.ones((3, 4)), 0.5, rng=np.random.default_rng(1), training=training
        )


### BEGIN HIDDEN TESTS
from misconceptions import dropout_forward as test_bank
from oracles import DROPOUT as test_oracles

test_dropout_forward.misconceptions = test_bank
test_rng = test_dropout_forward.rng


test_forward_says = {
    "mask": "your mask does not keep every entry by itself with probability keep_prob, or holds something else than True and False.",
    "draws": "the mask should depend on rng and on nothing else: the same state gives the same mask, another one another.",
}


def test_forward_case(part, about, experiment, say=None):
    "Compare with a right dropout what all right ones have in common."

    def test():
        answers = dropout_forward, test_oracles.forward, experiment
        if part == "arguments":
            test_oracles.compare_arguments(test_dropout_forward, *answers)
        elif say:
            test_oracles.compare_in_words(test_dropout_forward, test_forward_says[say], *answers)
        else:
            test_dropout_forward.compare(*answers)

    test.__doc__ = f"{part}: {about}"
    test_dropout_forward.hidden(test, part=part)


def test_forward_kind(name, **kind):
    "Test inverted or classic dropout."
    test_forward_case("mask", f"every entry decides for itself ({name}).", test_oracles.masks(test_rng, **kind), "mask")
    test_forward_case("mask", f"the random numbers come from rng ({name}).", test_oracles.draws(test_rng, **kind), "draws")
    for what, integers in [("numbers of both signs", False), ("whole numbers", True)]:
        experiment = test_oracles.scaling(test_rng, integers=integers, **kind)
        test_forward_case("training", f"the scale of what is kept, of {what} ({name}).", experiment)
    for when, training in [("training", True), ("evaluation", False)]:
        experiment = test_oracles.forward_arguments(test_rng, training=training, **kind)
        test_forward_case("arguments", f"x stays as it is and out is new, in {when} ({name}).", experiment)


test_forward_kind("inverted")
test_forward_kind("classic", classic=True)
test_forward_case("evaluation", "numbers of both signs.", test_oracles.evaluation(test_rng))
test_forward_case("evaluation", "whole numbers.", test_oracles.evaluation(test_rng, integers=True))
test_forward_case("training", "everything kept.", test_oracles.everything_kept(test_rng))


@test_dropout_forward.hidden(part="arguments")
def test_forward_does_something():
    "arguments: something comes out."
    out, _ = test_forward_both(test_rng.normal(size=(20, 20)), 0.8)
    test_dropout_forward.that(np.any(out), "dropout_forward gives nothing but zeros.")


def test_forward_mean(classic):
    "Compare what comes out of 4,000 units on average with what evaluation must give."
    x, keep_prob = test_rng.uniform(1, 2, size=(1, 4000)), test_rng.uniform(0.5, 0.7)
    expected = keep_prob if classic else 1.0

    def in_training():
        out, _ = test_forward_both(x, keep_prob, classic=classic)
        most = 1.0 if classic else 1 / keep_prob
        near = abs(np.mean(out / x) - expected) <= most * test_oracles.slack(4000)
        test_dropout_forward.that(near, "on average, training does not give what evaluation is to give.")

    def in_evaluation():
        out, _ = test_forward_both(x, keep_prob, classic=classic, training=False)
        test_dropout_forward.close("what evaluation gives", out, expected * x)

    for test, part in [(in_training, "training"), (in_evaluation, "evaluation")]:
        test.__doc__ = f"{part}: evaluation gives the mean of training ({'classic' if classic else 'inverted'})."
        test_dropout_forward.hidden(test, part=part)


test_forward_mean(classic=False)
test_forward_mean(classic=True)

### END HIDDEN TESTS
test_dropout_forward.score()

# %% [markdown]
r"""
## 5. Dropout, backward (4 points)

The forward pass of training multiplied every entry by a number, $m/p$ or $m$, that has nothing to do with $x$. So the
backward pass multiplies the gradient by **the same numbers**: an entry that was dropped had no influence on the loss and gets
the gradient zero, and what was scaled on the way forward is scaled on the way back. No new mask is drawn: the gradient must
travel through the very subnetwork that made the prediction.

$$\text{inverted: } \frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} \cdot \frac{m}{p}, \qquad\qquad
\text{classic: } \frac{\partial J}{\partial x} = \frac{\partial J}{\partial z} \cdot m .$$

**By hand.** With the mask $m = (1,\ 0,\ 1,\ 1)$ of section 4, $p = 0.5$ and the upstream gradient $(1,\ 10,\ -2,\ 3)$: inverted
gives $(2,\ 0,\ -4,\ 6)$, and classic $(1,\ 0,\ -2,\ 3)$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "dropout_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dropout_backward(g_out, mask, keep_prob, *, classic=False):
    r"""Carry a gradient back through dropout, as it was in the training step.

    Parameters
    ----------
    g_out : array (N, M)
        :math:`\partial J / \partial z`, from the layer above. It is left as it is.
    mask : array (N, M) of bool
        The mask of the forward pass: True where an entry was kept.
    keep_prob : float
        :math:`p`, as in the forward pass.
    classic : bool
        Whether the forward pass was that of classic or of inverted dropout.

    Returns
    -------
    array (N, M)
        :math:`\partial J / \partial x`, a new array.

    Examples
    --------
    >>> dropout_backward(np.array([[1.0, 10.0]]), np.array([[True, False]]), keep_prob=0.5)
    array([[2., 0.]])
    """
    ### BEGIN SOLUTION
    return g_out * mask / (1.0 if classic else keep_prob)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_dropout_backward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_dropout_backward = Check("dropout_backward", points={"inverted": 2, "classic": 1, "arguments": 1})


def test_backward_by_hand(classic):
    "Run the example of the text."
    g_out, mask = np.array([[1.0, 10.0, -2.0, 3.0]]), np.array([[True, False, True, True]])
    return dropout_backward(g_out, mask, 0.5, classic=classic)


@test_dropout_backward(part="inverted")
def test_backward_inverted_by_hand():
    "The example above, inverted."
    test_dropout_backward.close("g_in", test_backward_by_hand(classic=False), [[2.0, 0.0, -4.0, 6.0]])


@test_dropout_backward(part="classic")
def test_backward_classic_by_hand():
    "The example above, classic."
    test_dropout_backward.close("g_in", test_backward_by_hand(classic=True), [[1.0, 0.0, -2.0, 3.0]])


@test_dropout_backward(part="arguments")
def test_backward_arguments():
    "The arrays that you are given stay as they are."
    given = np.array([[1.0, 10.0], [-2.0, 3.0]]), np.array([[True, False], [True, True]])
    g_in = test_dropout_backward.call(dropout_backward, *given, 0.5)
    test_dropout_backward.that(np.shape(g_in) == (2, 2), "g_in should have the shape of g_out.")
    test_dropout_backward.that(np.any(g_in), "g_in is zero everywhere.")


### BEGIN HIDDEN TESTS
from course.gradient_check import numerical_vjp
from misconceptions import dropout_backward as test_bank
from oracles import DROPOUT as test_oracles

test_dropout_backward.misconceptions = test_bank
test_right = test_oracles.backward


def test_backward_case(part, about, experiment):
    "Compare with a right backward pass."

    def test():
        answers = dropout_backward, test_right, experiment
        if part == "arguments":
            test_oracles.compare_arguments(test_dropout_backward, *answers)
        else:
            test_dropout_backward.compare(*answers)

    test.__doc__ = f"{part}: {about}"
    test_dropout_backward.hidden(test, part=part)


def test_backward_kind(part, **kind):
    "Test one kind against differences of a forward pass, and by what passes."
    rng = test_dropout_backward.rng
    keep_prob, x, g_out = rng.uniform(0.4, 0.8), rng.normal(size=(5, 7)), rng.normal(size=(5, 7))
    x[:, 2], g_out[:, 4], mask = 0, 0, rng.random((5, 7)) < keep_prob

    def forward(x):
        return np.where(mask, x if kind else np.divide(x, keep_prob), 0.0)

    def differences():
        got = dropout_backward(g_out.copy(), mask.copy(), keep_prob, **kind)
        test_dropout_backward.close("g_in", got, numerical_vjp(forward, x, g_out), rtol=1e-5, atol=1e-7)

    def one_row():
        one = dropout_backward(g_out[:1].copy(), np.ones((1, 7), dtype=bool), keep_prob, **kind)
        test_dropout_backward.close("g_in where everything was kept", one, test_right(g_out[:1], np.ones((1, 7)), keep_prob, **kind))
        none = dropout_backward(g_out[:1].copy(), np.zeros((1, 7), dtype=bool), keep_prob, **kind)
        test_dropout_backward.close("g_in where everything was dropped", none, np.zeros((1, 7)))

    for test, about in [
        (differences, "the same as central differences of the forward pass."),
        (one_row, "a single example, with everything kept and with everything dropped."),
    ]:
        test.__doc__ = f"{part}: {about}"
        test_dropout_backward.hidden(test, part=part)
    test_backward_case(part, "what passes is what was kept.", test_oracles.passing(rng, **kind))
    test_backward_case(part, "gradients that are whole numbers.", test_oracles.passing(rng, integers=True, **kind))
    test_backward_case("arguments", f"what your caller holds stays as it is ({part}).", test_oracles.backward_arguments(rng, **kind))


test_backward_kind("inverted")
test_backward_kind("classic", classic=True)

### END HIDDEN TESTS
test_dropout_backward.score()

# %% [markdown]
r"""
### Your dropout, on average

The next cell sends the same ten numbers through your dropout 2,000 times. The dots are the mean of what your training gives,
with a few single passes behind them in a light colour; the dark ticks are your evaluation, and the broad grey bars are ours.
On each side dots, ticks and bars should meet, though every single pass lies above its bar, or at zero.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_dropout", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    units, keep_prob = np.arange(10), 0.6
    x = np.array([[0.6, 1.1, 0.3, 1.5, 0.9, 1.8, 0.5, 1.3, 0.2, 1.0]])
    fig, axes = plt.subplots(1, 2, figsize=(11, 3.6), sharey=True, layout="constrained")
    for ax, classic, title in [(axes[0], False, "inverted dropout"), (axes[1], True, "classic dropout")]:
        ours = keep_prob * x[0] if classic else x[0]
        passes, _ = dropout_forward(np.repeat(x, 2000, axis=0), keep_prob, rng=np.random.default_rng(9), classic=classic)
        after, _ = dropout_forward(x, keep_prob, rng=np.random.default_rng(9), classic=classic, training=False)
        assert passes.shape == (2000, 10)
        assert np.abs(after - ours).max() < 1e-9
        assert np.abs(passes.mean(axis=0) - ours).max() < 0.15
        ax.bar(units, ours, color="0.85", width=0.8, label="ours")
        ax.plot(np.repeat(units, 8), passes[:8].T.ravel(), ".", color="C1", alpha=0.25, label="single passes of your training")
        ax.plot(units, after[0], "_", color="0.2", markersize=22, label="your evaluation")
        ax.plot(units, passes.mean(axis=0), "o", color="C0", label="mean of your training")
        ax.set(title=f"{title}, keep_prob {keep_prob}", xlabel="unit", xticks=units, ylim=(-0.1, 3.2))
    axes[0].set_ylabel("activation")
    axes[1].legend(fontsize="small")
    plt.show()
except Exception:
    plt.close("all")
    print("Here training will meet evaluation: write dropout_forward, run its cell, then run this one again.")

# %% [markdown]
r"""
### To keep or to drop?

In deck 004 and in this course, $p$ is the probability to **keep** a unit. In most libraries the number that you pass is the
probability to **drop** one: PyTorch's `Dropout(p=0.2)` and Keras's `Dropout(0.2)` drop one unit in five. And both of them
are inverted, while the deck's is classic.

**Exercise (no points).** A paper trains with classic dropout and $p = 0.8$ (to keep). You load its weights into a library whose
dropout is inverted, and which does nothing in evaluation. (1) Which number does the library's dropout want? (2) The
predictions are wrong, though the weights are right. By which factor are the inputs of the layer after the dropout too large
or too small, and what can you do to that layer's weights, once, to put it right?

<details><summary>Answer, when you have yours</summary>

(1) 0.2: it wants the probability to drop.

(2) The weights were learned with inputs $m\,x$, which are $0.8\,x$ on average, and the library's evaluation sends $x$: too
large by $1/0.8 = 1.25$. Multiply the next layer's weights (not its biases) by 0.8, once. That is how the classic
form is often described, too: "scale the weights at test time". To scale the outputs, as deck 004 says, comes to the same.

</details>
"""

# %% [markdown]
r"""
## 6. Early stopping (7 points)

The simplest of all: when the validation loss no longer falls, end the training, and take the weights of the epoch that was
best. Written out, there are four decisions in that sentence.

- **What is an improvement?** A loss that is below the best one so far by *more than* `min_delta`: $\;E < E_\text{best} -
  \text{min\_delta}$. A loss that is equal to the bar is no improvement, nor is NaN, which is below nothing. The first epoch
  always improves, since nothing came before it ($E_\text{best} = \infty$).
- **What is remembered?** At an improvement, and only then: its loss becomes the best one, and a **copy** of its weights is
  kept. A copy, because training goes on in the same arrays (look at `replay`, in the cell below).
- **How long to wait?** An improvement sets a counter to 0, any other epoch adds 1 to it. When the counter reaches `patience`,
  it is time to stop. (Validation losses are noisy. The first rise is rarely the end.)
- **What is the result?** Not the last weights but the best ones.

**By hand.** `patience=2`, `min_delta=0.5`:

| epoch | loss | bar $E_\text{best} - 0.5$ before it | improves? | best loss | counter | `update` returns |
|---|---|---|---|---|---|---|
| 1 | 5 | ∞ | yes | 5 | 0 | False |
| 2 | 3 | 4.5 | yes | 3 | 0 | False |
| 3 | 2.75 | 2.5 | no, too little | 3 | 1 | False |
| 4 | 2.25 | 2.5 | yes | 2.25 | 0 | False |
| 5 | 4 | 1.75 | no | 2.25 | 1 | False |
| 6 | 1.75 | 1.75 | no, equal to the bar | 2.25 | 2 | **True** |

Mind epochs 3 and 4: the bar stays at 2.5, because epoch 3 did not improve. So two small steps together can be an improvement.
After epoch 6 the training is over, with the weights of epoch 4.

(The weights are a list of arrays, as in Problem set 8 (optimizers). `update` is called once after every epoch; after it has
returned True, nobody calls it again.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "EarlyStopping", "locked": false, "schema_version": 3, "solution": true, "task": false}
class EarlyStopping:
    r"""Says when to end a training, and remembers the best weights.

    Parameters
    ----------
    patience : int
        After how many epochs in a row without an improvement to stop, at least 1.
    min_delta : float
        By more than how much a loss must be below the best one to be an improvement, from 0, in the unit of the loss.

    Attributes
    ----------
    best_loss : float
        The loss of the last epoch that improved; infinite before the first.
    best_weights : list of arrays, or None
        A copy of that epoch's weights; None before the first.

    Notes
    -----
    Deck 003, "Making training generalize & stay stable"; deck 004, "Regularization".

    >>> stopper = EarlyStopping(patience=2)
    >>> [bool(stopper.update(loss, [np.array([loss])])) for loss in (5.0, 3.0, 4.0, 3.5)]
    [False, False, False, True]
    >>> stopper.best_weights
    [array([3.])]
    """

    def __init__(self, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        # What must be known at the next epoch? Start it here, with best_loss and best_weights.
        ### BEGIN SOLUTION
        self.best_loss = np.inf
        self.best_weights = None
        self.waited = 0
        ### END SOLUTION

    def update(self, loss, weights):
        """Look at an epoch that has ended.

        Parameters
        ----------
        loss : float
            Its validation loss.
        weights : list of arrays
            The weights after it. The training will change them; ``update`` does not.

        Returns
        -------
        bool
            Whether the training should end now.
        """
        ### BEGIN SOLUTION
        if loss < self.best_loss - self.min_delta:
            self.best_loss = loss
            self.best_weights = [w.copy() for w in weights]
            self.waited = 0
        else:
            self.waited += 1
        return self.waited >= self.patience
        ### END SOLUTION

    # This is written for you, and shows how a training uses your update. Leave it as it is: the checks need it.
    def replay(self, losses, history, in_place=True):
        """Play a training whose validation losses and weights are known beforehand, for as long as update lets it go on.

        Parameters
        ----------
        losses : list of float
            The validation loss after each epoch.
        history : list of lists of arrays
            The weights after each epoch.
        in_place : bool
            Whether the training writes new weights into its arrays, or puts new arrays into its list.

        Returns
        -------
        epoch : int
            After which epoch the training ended, counted from 1; 0 if update never ended it.
        best_loss, best_weights
            What you remember then.
        """
        weights, stopped = [w.copy() for w in history[0]], 0
        for epoch, (loss, now) in enumerate(zip(losses, history), start=1):
            for i, new in enumerate(now):
                if in_place:
                    weights[i][...] = new
                else:
                    weights[i] = new.copy()
            if self.update(loss, weights):
                stopped = epoch
                break
        for w in weights:
            w[...] = 0  # the training's own arrays are needed for something else now
        return stopped, self.best_loss, self.best_weights


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_EarlyStopping", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_EarlyStopping = Check("EarlyStopping", points={"stopping": 4, "weights": 3})


@test_EarlyStopping(part="stopping")
def test_stopping_by_hand():
    "The table above: patience 2, min_delta 0.5."
    stopper = EarlyStopping(patience=2, min_delta=0.5)
    for epoch, loss in enumerate([5.0, 3.0, 2.75, 2.25, 4.0, 1.75], start=1):
        said = bool(stopper.update(loss, [np.array([1.0 * epoch])]))
        test_EarlyStopping.that(said == (epoch == 6), f"update returned {said} after epoch {epoch} of the table.")


@test_EarlyStopping(part="weights")
def test_weights_by_hand():
    "The table again, in a training that writes its weights into the same array at every epoch."
    history = [[np.array([1.0, 10.0]) * epoch] for epoch in range(1, 9)]
    losses = [5.0, 3.0, 2.75, 2.25, 4.0, 1.75, 2.0, 0.0]
    _, best_loss, best_weights = EarlyStopping(patience=2, min_delta=0.5).replay(losses, history)
    test_EarlyStopping.close("best_loss", best_loss, 2.25)
    test_EarlyStopping.close("the list best_weights", best_weights, [[4.0, 40.0]])


### BEGIN HIDDEN TESTS
from misconceptions import EarlyStopping as test_bank
from oracles import STOPPING as test_oracles

test_EarlyStopping.misconceptions = test_bank
test_right, test_rng = test_oracles.stopper, test_EarlyStopping.rng


def test_kept(best_loss, best_weights, where):
    "Name what is kept."
    whole = isinstance(best_weights, (list, tuple)) and len(best_weights) == 2
    W, b = best_weights if whole else (None, None)
    return {f"best_loss {where}": best_loss, f"W in best_weights {where}": W, f"b in best_weights {where}": b}


def test_training(about, name, *, min_delta, nan_at=None):
    "Compare when the training ends, and what is kept."
    settings, losses, history = test_oracles.draw(test_rng, name, min_delta=min_delta)
    if nan_at is not None:
        losses[nan_at] = float("nan")

    def stopping():
        def experiment(answer):
            return {"the epoch after which you stop": test_oracles.train(answer(**settings), losses, history)}

        test_EarlyStopping.compare(EarlyStopping, test_right, experiment)

    def weights():
        def experiment(answer):
            stopper = answer(**settings)
            test_oracles.train(stopper, losses, history)
            seen = test_kept(stopper.best_loss, stopper.best_weights, "at the end of the training")
            for how, where in [(True, "writes into its arrays"), (False, "makes new arrays")]:
                _, *kept = answer(**settings).replay(losses, history, in_place=how)
                seen |= test_kept(*kept, f"where the training {where}")
            return seen

        test_EarlyStopping.compare(EarlyStopping, test_right, experiment)

    for test, part in [(stopping, "stopping"), (weights, "weights")]:
        test.__doc__ = f"{part}: {about}"
        test_EarlyStopping.hidden(test, part=part)


test_training("some patience, and it pays.", "waits", min_delta=False)
test_training("the loss falls, then rises.", "rises", min_delta=False)
test_training("improvements that are too small.", "creeps", min_delta=True)
test_training("an improvement of exactly min_delta.", "touches the bar", min_delta=True)
test_training("a patience of one epoch.", "brief", min_delta=False)
test_training("a loss that is NaN for one epoch.", "rises", min_delta=False, nan_at=3)


@test_EarlyStopping.hidden
def test_stopping_in_turn():
    "Two trainings that take turns and know nothing of each other."
    trainings = [test_oracles.draw(test_rng, "rises", min_delta=delta) for delta in (False, True)]

    def experiment(answer):
        stoppers, seen = [answer(**settings) for settings, _, _ in trainings], {}
        for epoch in range(4):
            for i, (_, losses, history) in enumerate(trainings, start=1):
                stoppers[i - 1].update(losses[epoch], history[epoch])
                seen[f"best_loss of training {i} after epoch {epoch + 1}"] = stoppers[i - 1].best_loss
        return seen

    test_EarlyStopping.compare(EarlyStopping, test_right, experiment)


@test_EarlyStopping.hidden
def test_stopping_leaves():
    "The weights that update is given stay as they are."
    test_oracles.compare_arguments(test_EarlyStopping, EarlyStopping, test_right, test_oracles.arguments(test_rng))


### END HIDDEN TESTS
test_EarlyStopping.score()

# %% [markdown]
r"""
### Your early stopping in a training

The next cell fits a polynomial of degree 15 to 22 noisy points by gradient descent, and lets your `EarlyStopping` watch. To
show what it spares us, the training then goes on without it. On the left are both losses, with the epoch where you stop
and the one whose weights you keep; the grey marks are ours. On the right are the points, with your curve and the one at the
very end.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_early_stopping", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    noise = np.random.default_rng(18)

    def powers(x):
        return np.polynomial.legendre.legvander(x, 15)

    x_train, x_validation = np.sort(noise.uniform(-1, 1, 22)), noise.uniform(-1, 1, 60)
    y_train, y_validation = (np.sin(4 * x) + 0.35 * noise.normal(size=x.shape) for x in (x_train, x_validation))
    weights, stopper, stopped = [np.zeros(16)], EarlyStopping(patience=150, min_delta=1e-4), None
    losses = []
    for epoch in range(1, 4001):
        error = powers(x_train) @ weights[0] - y_train
        weights[0] -= 0.1 * powers(x_train).T @ error / len(error)
        losses.append([np.mean((powers(x) @ weights[0] - y) ** 2) / 2 for x, y in [(x_train, y_train), (x_validation, y_validation)]])
        if stopped is None and stopper.update(losses[-1][1], weights):
            stopped = epoch
    train, validation = np.transpose(losses)
    bar, best = np.inf, 0
    for epoch, loss in enumerate(validation, start=1):
        bar, best = (loss, epoch) if bar - loss > 1e-4 else (bar, best)
        if epoch - best == 150:
            break
    assert stopped == epoch
    assert stopper.best_loss == bar
    assert abs(np.mean((powers(x_validation) @ stopper.best_weights[0] - y_validation) ** 2) / 2 - bar) < 1e-9
    curve = np.linspace(-1, 1, 200)
    yours = powers(curve) @ stopper.best_weights[0]
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    axes[0].loglog(range(1, 4001), train, color="C0", label="training loss")
    axes[0].loglog(range(1, 4001), validation, color="C1", label="validation loss")
    axes[0].plot([best, epoch], [bar, validation[epoch - 1]], "o", color="0.75", markersize=14, label="ours")
    axes[0].plot(validation.tolist().index(stopper.best_loss) + 1, stopper.best_loss, "k*", markersize=9, label="your best weights")
    axes[0].plot(stopped, validation[stopped - 1], "kx", markersize=8, label="where you stop")
    axes[0].set(title="a training, watched by your EarlyStopping", xlabel="epoch", ylabel="half the mean squared error")
    axes[0].legend(fontsize="small")
    axes[1].plot(x_train, y_train, "o", color="0.3", label="training examples")
    axes[1].plot(curve, powers(curve) @ weights[0], color="C3", linewidth=1, label="after 4,000 epochs")
    axes[1].plot(curve, yours, color="C2", linewidth=2.5, label="with your best weights")
    axes[1].plot(curve, np.sin(4 * curve), "--", color="0.6", label="what the points come from")
    axes[1].set(title="what the weights make of it", xlabel="$x$", ylim=(-2.2, 2.2))
    axes[1].legend(fontsize="small")
    plt.show()
except Exception:
    plt.close("all")
    print("Here your early stopping will watch a training: write EarlyStopping, run its cell, then run this one again.")

# %% [markdown]
r"""
## 7. Clipping the gradient (5 points)

One unusual batch, one steep place in the landscape, and a single huge gradient throws the weights far away from everything
that they had learned. So we put a limit $c$ on the gradient's length before the step is taken. Think of all gradients of the
network as **one long vector** $g$, over all parameters:

$$\lVert g \rVert = \sqrt{\sum_i g_i^2}, \qquad\qquad
g \leftarrow \begin{cases} g & \lVert g \rVert \leq c \\ g \cdot c\, /\, \lVert g \rVert & \lVert g \rVert > c . \end{cases}$$

A gradient that is short enough stays exactly as it is. One that is too long becomes exactly $c$ long, and **keeps its
direction**, because every entry of every array is multiplied by the same number. That is why there is one norm for all:
if each array were shortened by its own norm, or each entry cut off at $c$ (*clipping by value*), the step would point
elsewhere.

**By hand.** A matrix $(2,\ -4)$ and a vector $(4)$, with $c = 3$: $\lVert g \rVert = \sqrt{4 + 16 + 16} = 6$. It is too long
by a factor of 2, and becomes $(1,\ -2)$ and $(2)$. With $c = 10$ it would stay as it is.

Your function also returns the norm that the gradient had *before* it was clipped, which is worth a look during a training.
Take care of a gradient that is zero everywhere: its norm is 0, it stays zero, and no NaN may come of it.

(PyTorch divides by $\lVert g \rVert + 10^{-6}$, against a division by zero. What it has clipped is a little shorter than the
limit. Here nothing is added.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "clip_gradient_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def clip_gradient_norm(grads, max_norm):
    r"""Shorten gradients that are too long together, and keep their direction.

    .. math:: g \leftarrow g \cdot \min\bigl(1,\; c / \lVert g \rVert\bigr)

    Parameters
    ----------
    grads : list of arrays
        The gradient of each parameter. The list and its arrays are left as they are.
    max_norm : float
        :math:`c > 0`, the limit for the norm of all of them together.

    Returns
    -------
    clipped : list of arrays
        The gradients after clipping: new arrays, in the same order, also where nothing had to be clipped.
    norm : float
        The norm of all gradients together before clipping.

    Notes
    -----
    Pascanu, Mikolov and Bengio (2013), "On the difficulty of training recurrent neural networks"; deck 003, "Making
    training generalize & stay stable".

    >>> clipped, norm = clip_gradient_norm([np.array([3.0]), np.array([4.0])], max_norm=2.5)
    >>> clipped, float(norm)
    ([array([1.5]), array([2.])], 5.0)
    """
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    scale = max_norm / norm if norm > max_norm else 1.0
    return [g * scale for g in grads], norm
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_clip_gradient_norm", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_clip_gradient_norm = Check("clip_gradient_norm", points={"norm": 1, "clipping": 3, "arguments": 1})


def test_clip_both(answer, grads, max_norm):
    "Call an answer with copies; give the clipped arrays and the norm."
    found = answer([g.copy() for g in grads], max_norm)
    two = isinstance(found, (tuple, list)) and len(found) == 2 and isinstance(found[0], (tuple, list))
    whole = two and len(found[0]) == len(grads)
    test_clip_gradient_norm.that(whole, "clip_gradient_norm returns two things: the list of clipped arrays, and the norm.")
    return found


@test_clip_gradient_norm(part="norm")
def test_clip_norm_by_hand():
    "The norm in the example above, clipped or not."
    for max_norm in (3.0, 10.0):
        _, norm = test_clip_both(clip_gradient_norm, [np.array([[2.0, -4.0]]), np.array([4.0])], max_norm)
        test_clip_gradient_norm.close(f"the norm, with max_norm {max_norm}", norm, 6.0)


@test_clip_gradient_norm(part="clipping")
def test_clip_by_hand():
    "The example above: halved with max_norm 3, unchanged with max_norm 10."
    for max_norm, factor in [(3.0, 0.5), (10.0, 1.0)]:
        clipped, _ = test_clip_both(clip_gradient_norm, [np.array([[2.0, -4.0]]), np.array([4.0])], max_norm)
        test_clip_gradient_norm.close(f"the matrix, with max_norm {max_norm}", clipped[0], factor * np.array([[2.0, -4.0]]))
        test_clip_gradient_norm.close(f"the vector, with max_norm {max_norm}", clipped[1], factor * np.array([4.0]))


@test_clip_gradient_norm(part="clipping")
def test_clip_zero():
    "A gradient of zero stays zero."
    clipped, _ = test_clip_both(clip_gradient_norm, [np.zeros((1, 2)), np.zeros(3)], 3.0)
    test_clip_gradient_norm.close("the matrix", clipped[0], np.zeros((1, 2)))
    test_clip_gradient_norm.close("the vector", clipped[1], np.zeros(3))


@test_clip_gradient_norm(part="arguments")
def test_clip_arguments():
    "The list and the arrays that you are given stay as they are, and you return new ones: clipped or not."
    for max_norm in (1.0, 100.0):
        found = test_clip_gradient_norm.call(clip_gradient_norm, [np.ones((2, 3)), np.ones(2)], max_norm)
        test_clip_gradient_norm.that(np.any(found[0][0]), "clip_gradient_norm gives nothing but zeros.")


### BEGIN HIDDEN TESTS
from misconceptions import clip_gradient_norm as test_bank
from oracles import CLIPPING as test_oracles

test_clip_gradient_norm.misconceptions = test_bank
test_right, test_draw, test_rng = test_oracles.clip, test_oracles.draw, test_clip_gradient_norm.rng


def test_clip_case(about, grads, share):
    "Compare with a right answer; the limit is a share of the norm."
    norm = test_right(grads, np.inf)[1]
    limit = share * norm if norm else 1.0

    def clipping():
        def experiment(answer):
            clipped, _ = test_clip_both(answer, grads, limit)
            return {f"array {i} after clipping": g / (norm or 1.0) for i, g in enumerate(clipped, start=1)}

        test_clip_gradient_norm.compare(clip_gradient_norm, test_right, experiment)

    def the_norm():
        def experiment(answer):
            return {"the norm": test_clip_both(answer, grads, limit)[1] / (norm or 1.0)}

        test_clip_gradient_norm.compare(clip_gradient_norm, test_right, experiment)

    for test, part in [(clipping, "clipping"), (the_norm, "norm")]:
        test.__doc__ = f"{part}: {about}"
        test_clip_gradient_norm.hidden(test, part=part)


test_clip_case("too long.", test_draw(test_rng), 0.4)
test_clip_case("only just too long.", test_draw(test_rng), 0.95)
test_clip_case("just short enough.", test_draw(test_rng), 1.05)
test_clip_case("very short.", test_draw(test_rng), 20.0)
test_clip_case("zero everywhere.", [np.zeros((2, 3)), np.zeros(2)], 1.0)
test_clip_case("a gradient that has exploded.", test_draw(test_rng, 1000.0), 1e-3)
test_clip_case("a tiny gradient, with a limit that is tinier.", test_draw(test_rng, 1e-6), 0.3)
test_clip_case("whole numbers.", [np.array([[30, -40, 0]]), np.array([120, 5])], 0.3)
test_clip_case("one array only.", test_draw(test_rng)[:1], 0.7)


@test_clip_gradient_norm.hidden(part="clipping")
def test_clip_length():
    "clipping: what was too long is exactly as long as the limit, in the same direction."
    grads = test_draw(test_rng, 50.0)
    clipped, _ = test_clip_both(clip_gradient_norm, grads, 2.0)
    new, old = (np.concatenate([np.ravel(g) for g in arrays]) for arrays in (clipped, grads))
    test_clip_gradient_norm.close("the length", np.linalg.norm(new), 2.0)
    test_clip_gradient_norm.close("the direction", new / 2.0, old / np.linalg.norm(old))


@test_clip_gradient_norm.hidden(part="arguments")
def test_clip_leaves():
    "arguments: what your caller holds is the same after the call, clipped or not."
    test_oracles.compare_arguments(test_clip_gradient_norm, clip_gradient_norm, test_right, test_oracles.arguments(test_rng))


### END HIDDEN TESTS
test_clip_gradient_norm.score()

# %% [markdown]
r"""
## 8. In your own words (3 points)

Answer each in a few sentences (marked by hand).

1. A weight is at $0.01$, and the loss does not care about it at all. Follow it under L2 and under L1, from one step of gradient
   descent to the next. Which of the two makes networks with many weights at zero, and why? (1 point)
2. A layer with 100 units has dropout with $p = 0.5$. How many different subnetworks can a training step meet? In evaluation
   we run the whole network once, in place of averaging all their predictions. For a layer after which everything is linear,
   why is that the same, and why only about the same where a ReLU follows? (1 point)
3. Someone reports the validation loss of the epoch that early stopping chose as the loss to be expected on new data. Why is it
   likely to be too low, and what should they do? (1 point)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_regularization", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
r"""
1. Under L2 the pull is $2\lambda w$: it fades as the weight does. Every step takes the same fraction, $w \leftarrow (1 -
   2\eta\lambda) w$, so that the weight becomes smaller and smaller but is never zero. Under L1 the pull is $\lambda$,
   whatever the size of the weight: after about $0.01 / (\eta\lambda)$ steps it is at zero, or steps about it by less than
   $\eta\lambda$. A weight stays away from zero only if the loss pulls at it harder than $\lambda$. So L1 makes networks
   with many zeros. (One point for the pull that fades and the pull that does not.)

2. Every unit is there or not: $2^{100}$, about $10^{30}$ of them. Where everything after the dropout is linear,
   expectation and network may change places: the mean of the predictions is the prediction for the mean of the masked
   activations, $E[m x / p] = x$, which is what the whole network computes. A ReLU is not linear: the mean of $\max(0, a)$
   over all masks is not $\max(0, \cdot)$ of the mean of $a$. So one pass only approximates the mean over the ensemble
   (and does so well, in practice). (Half a point for the number, half for linearity.)

3. It is the lowest of many noisy numbers, and was chosen because it is the lowest: its epoch fitted these validation
   examples well partly by luck. The validation set has become a part of the training, if a small one. They should measure
   once, on a third set, the test set, that was used neither to train nor to choose. (One point for the choice as the
   reason, together with the test set.)
"""

# %% [markdown]
r"""
## Where next

- Lecture 6 clips a gradient by norm and by value and shows the difference in direction; lecture 7 measures L2 against weight
  decay under Adam (Problem set 8 (optimizers) has the reason), and lets you move $\lambda$, `keep_prob` and the patience
  while a network trains.
- In the library, `course.regularizers` has `L1`, `L2` and both together, `course.layers` has `Dropout`,
  `course.early_stopping` the same `EarlyStopping` as a callback, and `course.optimizers` has `ClipByNorm`: compare them with
  what you wrote.
- Next is Problem set 10 (depth): normalisation, initial weights, and why gradients vanish and explode.
"""
