# ---
# jupyter:
#   autograder:
#     packages: [course]
#     skip: [picture_residuals, picture_margin]
#     forbidden: [course.losses, course.numerics, course.layers, course.sweep, scipy.special, sklearn]
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
# Problem set 5: losses

**45 points.** It goes with [lecture 4](../../lectures/L04_losses_and_gradient_descent.ipynb) (losses and gradient descent).

When you have done it, you will be able to

- write squared error, absolute error and cross-entropy, each with its gradient, and say what each of them is a mean of,
- say how an outlier pulls under each of the first two, and choose between them,
- turn logits into probabilities, and take the logarithm of a sum of exponentials, where a naive formula gives NaN,
- explain why a classifier is trained on logits with cross-entropy, and not on probabilities with squared error,
- recognise which convention a formula is written in, before its factor 2 or its $1/N$ costs you an afternoon.

| you write | points |
|---|---|
| `mse_loss` | 6 |
| `mae_loss` | 4 |
| `sigmoid` | 4 |
| `bce_loss` | 6 |
| `bce_with_logits` | 5 |
| `softmax` | 5 |
| `logsumexp` | 4 |
| `cross_entropy` | 7 |
| a written answer | 4 |

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you
can follow by hand. More tests of the same ideas run when your notebook is graded. You may call a function that you
wrote earlier in this set; should it be wrong, that costs nothing in the later one. NumPy is all you need: where ready
answers live (`course.losses`, `scipy.special`, scikit-learn), the door is closed while your notebook is graded.
"""

# %% [markdown]
r"""
## A number to make small, and a direction

A **loss** says in one number how wrong the predictions of a batch are. Training needs a second thing from it: in which
direction, and how fast, that number changes when the predictions do. So each loss of this set returns two things,

    loss, gradient = some_loss(prediction, target)

the loss $J$ as one number, and $\partial J / \partial \text{prediction}$ as an array **in the shape of the prediction**.
That gradient is what backpropagation starts from.

**How we write it.** Examples are rows, and there are $N$ of them. The loss of a batch is the **mean over the examples**, so
that it means the same for a batch of 10 and of 1000. Its gradient then has the $1/N$ in it too. Logarithms are natural.

**What you are given** are NumPy arrays, of floats or of whole numbers; leave them as they are. **What you give back** are
new arrays of floats (float64, as NumPy makes them) and, for the loss, one number.

**A trap.** NumPy stretches arrays whose shapes differ. Take three predictions of shape (3,) and three targets that came out
of a table as a column, shape (3, 1): their difference has shape (3, 3), every prediction against every target. No error, no
warning, and a loss that looks plausible. A loss must refuse such a pair. The cell below shows the trap, and defines
`require_same_shape`, which you may call: it raises a `ValueError` where two shapes differ.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np


def require_same_shape(prediction, target):
    """Raise a ValueError unless both arrays have the same shape."""
    if prediction.shape != target.shape:
        raise ValueError(f"prediction has shape {prediction.shape}, target has shape {target.shape}: make them equal")


three, column = np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]])
np.mean((three - column) ** 2)  # all three are right, so it should be 0

# %% [markdown]
r"""
# Predicting numbers

## 1. Mean squared error (6 points)

The error of an entry is $\hat y - y$, prediction minus target. Square it, so that too high and too low count alike, and
take the mean over **all** entries. With $N$ examples and $M$ outputs each,

$$J = \frac{1}{NM} \sum_{n,m} (\hat y_{nm} - y_{nm})^2, \qquad
\frac{\partial J}{\partial \hat y_{nm}} = \frac{2}{NM}\,(\hat y_{nm} - y_{nm}).$$

The 2 comes down from the square. The sign says: where the prediction is too high, raising it makes things worse.

**By hand.** Two examples, two outputs:

$$\hat y = \begin{pmatrix} 1 & 2 \\ 4 & 1 \end{pmatrix}, \quad y = \begin{pmatrix} 0 & 2 \\ 1 & 3 \end{pmatrix}, \quad
\hat y - y = \begin{pmatrix} 1 & 0 \\ 3 & -2 \end{pmatrix}, \qquad
J = \frac{1 + 0 + 9 + 4}{4} = 3.5, \quad
\frac{\partial J}{\partial \hat y} = \frac24 \begin{pmatrix} 1 & 0 \\ 3 & -2 \end{pmatrix}
= \begin{pmatrix} 0.5 & 0 \\ 1.5 & -1 \end{pmatrix}.$$
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "mse_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mse_loss(prediction, target):
    r"""Compute the mean squared error over all entries, and its gradient.

    .. math:: J = \frac{1}{NM} \sum_{n,m} (\hat y_{nm} - y_{nm})^2

    Parameters
    ----------
    prediction : array (N, M) or (N,)
        :math:`\hat y`.
    target : array of the same shape
        :math:`y`.

    Returns
    -------
    loss : float
        :math:`J`.
    gradient : array of the same shape
        :math:`\partial J / \partial \hat y`.

    Raises
    ------
    ValueError
        When prediction and target differ in shape.

    Notes
    -----
    Deck 002, "Loss function", for one output.

    Examples
    --------
    >>> loss, gradient = mse_loss(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    >>> print(loss, gradient)
    2.0 [2. 0.]
    """
    ### BEGIN SOLUTION
    require_same_shape(prediction, target)
    error = prediction - target
    return np.mean(error**2), 2 * error / error.size
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_mse_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_mse_loss = Check("mse_loss", points={"loss": 2, "gradient": 3, "arguments": 1})


@test_mse_loss(part="loss")
def test_mse_loss_by_hand():
    "The loss of the example above."
    loss, _ = mse_loss(np.array([[1.0, 2.0], [4.0, 1.0]]), np.array([[0.0, 2.0], [1.0, 3.0]]))
    test_mse_loss.close("the loss", loss, 3.5)


@test_mse_loss(part="gradient")
def test_mse_loss_gradient_by_hand():
    "The gradient of the example above."
    _, gradient = mse_loss(np.array([[1.0, 2.0], [4.0, 1.0]]), np.array([[0.0, 2.0], [1.0, 3.0]]))
    test_mse_loss.close("the gradient", gradient, [[0.5, 0.0], [1.5, -1.0]])


@test_mse_loss(part="arguments")
def test_mse_loss_refuses():
    "A prediction of shape (3,) with a target of shape (3, 1) is refused."
    try:
        mse_loss(np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]]))
    except ValueError:
        return
    test_mse_loss.that(False, "mse_loss takes (3,) against (3, 1) without a word: raise a ValueError.")


@test_mse_loss(part="arguments")
def test_mse_loss_leaves():
    "The arrays that you are given stay as they are."
    _, gradient = test_mse_loss.call(mse_loss, np.array([3.0, 1.0, 4.0]), np.array([1.0, 1.0, 5.0]))
    test_mse_loss.that(np.size(gradient) == 3 and np.any(gradient), "mse_loss gives no gradient to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import mse_loss as test_bank
from oracles import mse_loss as test_right

test_mse_loss.misconceptions = test_bank


def test_case(about, prediction, target):
    "Compare the loss and the gradient with the right ones, each for its part."
    for part in ("loss", "gradient"):

        def test(part=part):
            test_mse_loss.compare(mse_loss, test_right, test_right.only(part, prediction, target))

        test.__doc__ = f"The {part}: {about}"
        test_mse_loss.hidden(test, part=part)


def test_draw(*shape):
    "Draw predictions and targets."
    return 3 * test_mse_loss.rng.normal(size=shape), test_mse_loss.rng.normal(size=shape)


test_case("several examples with several outputs.", *test_draw(5, 3))
test_case("one number for each example.", *test_draw(6))
test_case("a column.", *test_draw(4, 1))
test_case("a single example with several outputs.", *test_draw(1, 3))
test_case("whole numbers.", *(np.rint(a).astype(int) + np.arange(8).reshape(4, 2) for a in test_draw(4, 2)))
test_case("predictions that are whole numbers, targets that are not.", np.arange(6), test_draw(6)[1])


@test_mse_loss.hidden(part="arguments")
def test_mse_loss_refuses():
    "Other shapes are refused, however they would fit."
    x, y = test_draw(4)
    for one, other in [(x, y[:, None]), (x[:, None], y), (x[None], y), (x, y[:1])]:
        test_mse_loss.compare(mse_loss, test_right, test_right.refusal(one, other))


@test_mse_loss.hidden(part="arguments")
def test_mse_loss_leaves():
    "What the caller holds is the same afterwards."
    test_mse_loss.compare(mse_loss, test_right, test_right.held(*test_draw(4, 3)))
    test_mse_loss.call(mse_loss, *test_draw(4, 3))


### END HIDDEN TESTS
test_mse_loss.score()

# %% [markdown]
r"""
### Whose squared error?

"The squared error" is at least four things. They differ by a factor, and a factor in the gradient is a factor in the
learning rate. For one output ($M = 1$):

| who | loss | gradient by $\hat y_n$ |
|---|---|---|
| **this course**, `mse`; deck 002's table | $\frac1N \sum_n (\hat y_n - y_n)^2$ | $\frac2N (\hat y_n - y_n)$ |
| this course, "half squared error" (problem set 6) | $\frac1N \sum_n \frac12 (\hat y_n - y_n)^2$ | $\frac1N (\hat y_n - y_n)$ |
| deck 003 | $\frac12 \sum_n (\hat y_n - y_n)^2$ | $\hat y_n - y_n$ |
| deck 002's worked example, $\partial \mathcal L/\partial x_3 = x_3 - y$ | so it must be $\frac12 (x_3 - y)^2$ | $x_3 - y$ |

Deck 002 thus contradicts its own table: the worked example's gradient lacks the 2.

**Exercise (no points).** You train well on batches of $N = 4$ with this course's `mse` and $\eta = 0.1$. Which learning
rate takes the same steps with deck 003's loss? And if you then double the batch: whose learning rate must change?

<details><summary>Answer, when you have yours</summary>

The step is $\eta$ times the gradient: $0.1 \cdot \frac24 (\hat y - y) = 0.05\,(\hat y - y)$, so deck 003's loss needs
$\eta = 0.05$. With $N = 8$ the mean's steps stay as long as they were (about: other examples, other mean), while the sum
adds up twice as many terms: deck 003's $\eta$ must be halved once more. That is why the course takes means.

</details>
"""

# %% [markdown]
r"""
## 2. Mean absolute error (4 points)

Squares make large errors huge. The mean absolute error takes them as they are:

$$J = \frac{1}{NM} \sum_{n,m} \lvert \hat y_{nm} - y_{nm} \rvert, \qquad
\frac{\partial J}{\partial \hat y_{nm}} = \frac{1}{NM} \cdot
\begin{cases} +1 & \hat y_{nm} > y_{nm} \\ \phantom{+}0 & \hat y_{nm} = y_{nm} \\ -1 & \hat y_{nm} < y_{nm} \end{cases}$$

Every wrong entry pulls with the same force, an outlier no harder than any other. At $\hat y = y$ the absolute value has a
kink and no derivative (deck 002's "not differentiable"). Any slope between $-1$ and $1$ could stand there; we take **0**,
so that a prediction that hits its target is left in peace.

**By hand.** The numbers of section 1: $J = (1 + 0 + 3 + 2)/4 = 1.5$, and the gradient is
$\begin{pmatrix} 0.25 & 0 \\ 0.25 & -0.25 \end{pmatrix}$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "mae_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mae_loss(prediction, target):
    r"""Compute the mean absolute error over all entries, and its gradient.

    .. math:: J = \frac{1}{NM} \sum_{n,m} |\hat y_{nm} - y_{nm}|

    Parameters
    ----------
    prediction : array (N, M) or (N,)
        :math:`\hat y`.
    target : array of the same shape
        :math:`y`.

    Returns
    -------
    loss : float
        :math:`J`.
    gradient : array of the same shape
        :math:`\partial J / \partial \hat y`; 0 where the prediction equals the target.

    Raises
    ------
    ValueError
        When prediction and target differ in shape.

    Notes
    -----
    Deck 002, "Loss function", for one output.

    Examples
    --------
    >>> loss, gradient = mae_loss(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    >>> print(loss, gradient)
    1.0 [0.5 0. ]
    """
    ### BEGIN SOLUTION
    require_same_shape(prediction, target)
    error = prediction - target
    return np.mean(np.abs(error)), np.sign(error) / error.size
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_mae_loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_mae_loss = Check("mae_loss", points={"loss": 1, "gradient": 2, "arguments": 1})


@test_mae_loss(part="loss")
def test_mae_loss_by_hand():
    "The loss of the example above."
    loss, _ = mae_loss(np.array([[1.0, 2.0], [4.0, 1.0]]), np.array([[0.0, 2.0], [1.0, 3.0]]))
    test_mae_loss.close("the loss", loss, 1.5)


@test_mae_loss(part="gradient")
def test_mae_loss_gradient_by_hand():
    "The gradient of the example above."
    _, gradient = mae_loss(np.array([[1.0, 2.0], [4.0, 1.0]]), np.array([[0.0, 2.0], [1.0, 3.0]]))
    test_mae_loss.close("the gradient", gradient, [[0.25, 0.0], [0.25, -0.25]])


@test_mae_loss(part="arguments")
def test_mae_loss_refuses():
    "A prediction of shape (3,) with a target of shape (3, 1) is refused."
    try:
        mae_loss(np.array([1.0, 2.0, 3.0]), np.array([[1.0], [2.0], [3.0]]))
    except ValueError:
        return
    test_mae_loss.that(False, "mae_loss takes (3,) against (3, 1) without a word: raise a ValueError.")


@test_mae_loss(part="arguments")
def test_mae_loss_leaves():
    "The arrays that you are given stay as they are."
    _, gradient = test_mae_loss.call(mae_loss, np.array([3.0, 1.0, 4.0]), np.array([1.0, 1.0, 5.0]))
    test_mae_loss.that(np.size(gradient) == 3 and np.any(gradient), "mae_loss gives no gradient to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import mae_loss as test_bank
from oracles import mae_loss as test_right

test_mae_loss.misconceptions = test_bank


def test_case(about, prediction, target):
    "Compare the loss and the gradient with the right ones, each for its part."
    for part in ("loss", "gradient"):

        def test(part=part):
            test_mae_loss.compare(mae_loss, test_right, test_right.only(part, prediction, target))

        test.__doc__ = f"The {part}: {about}"
        test_mae_loss.hidden(test, part=part)


def test_draw(*shape):
    "Draw predictions and targets; none of the errors is near zero."
    target, rng = test_mae_loss.rng.normal(size=shape), test_mae_loss.rng
    return target + rng.uniform(0.3, 4, size=shape) * rng.choice([-1, 1], size=shape), target


test_case("several examples with several outputs.", *test_draw(5, 3))
test_case("one number for each example.", *test_draw(6))
test_case("a column.", *test_draw(4, 1))
test_case("a single example with several outputs.", *test_draw(1, 3))
test_case("whole numbers.", np.arange(8).reshape(4, 2), np.array([[3, 1], [0, -4], [4, 9], [8, 2]]))
test_prediction, test_target = test_draw(5, 2)
test_hits = np.array([[True, False], [False, False], [False, True], [True, True], [False, False]])
test_case("some predictions hit their targets.", np.where(test_hits, test_target, test_prediction), test_target)


@test_mae_loss.hidden(part="arguments")
def test_mae_loss_refuses():
    "Other shapes are refused, however they would fit."
    x, y = test_draw(4)
    for one, other in [(x, y[:, None]), (x[:, None], y), (x[None], y), (x, y[:1])]:
        test_mae_loss.compare(mae_loss, test_right, test_right.refusal(one, other))


@test_mae_loss.hidden(part="arguments")
def test_mae_loss_leaves():
    "What the caller holds is the same afterwards."
    test_mae_loss.compare(mae_loss, test_right, test_right.held(*test_draw(4, 3)))
    test_mae_loss.call(mae_loss, *test_draw(4, 3))


### END HIDDEN TESTS
test_mae_loss.score()

# %% [markdown]
r"""
### One outlier

The next cell draws your two losses, and your two gradients, for one prediction and its error. The broad grey lines are
ours. On the right, seven houses have the prices 2, 2.5, 3, 3.5, 4, 4.5 and, by a slip of the keyboard, 12. Which *one*
number predicts all of them best? Squared error says the mean, 4.5, above five of the six honest prices and level with the
sixth. Absolute error says the median, 3.5, and would say the same had the slip been 120.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_residuals", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    errors, prices = np.arange(-60, 61) / 20, np.array([2, 2.5, 3, 3.5, 4, 4.5, 12])
    guesses = np.linspace(1.5, 7, 111)
    ours = {"squared": errors**2, "absolute": np.maximum(errors, -errors)}
    yours = {"squared": mse_loss, "absolute": mae_loss}
    fig, axes = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for k, name in enumerate(yours):
        found = [yours[name](np.array([e, e]), np.zeros(2)) for e in errors]  # the same example twice: then a mean shows
        losses, slopes = np.array([loss for loss, _ in found]), np.array([np.sum(gradient) for _, gradient in found])
        our_slopes = 2 * errors if name == "squared" else (errors > 0) * 1.0 - (errors < 0)
        for line, our_line in [(losses, ours[name]), (slopes, our_slopes)]:
            assert line.shape == errors.shape
            assert np.allclose(line, our_line, atol=1e-6)
        for ax, line, our_line in [(axes[0], losses, ours[name]), (axes[1], slopes, our_slopes)]:
            ax.plot(errors, our_line, color="0.8", linewidth=7)
            ax.plot(errors, line, color=f"C{k}", label=name)
        fit = np.array([yours[name](np.full(7, guess), prices)[0] for guess in guesses])
        assert fit.shape == guesses.shape
        best = guesses[fit.argmin()]
        axes[2].plot(guesses, fit / fit.min(), color=f"C{k}", label=f"{name}: best at {best:.1f}")
        axes[2].plot(best, 1, "o", color=f"C{k}")
    axes[2].plot(prices[:-1], np.full(6, 0.93), "k|", markersize=12)
    axes[2].text(7, 0.93, "the seventh: 12 \N{RIGHTWARDS ARROW}", ha="right", va="center", fontsize="small")
    axes[0].set(title="your losses (grey: ours)", xlabel=r"error $\hat y - y$", ylabel="loss")
    axes[1].set(title="your gradients: the pull of one example", xlabel=r"error $\hat y - y$", ylabel="gradient")
    axes[2].set(title="one number for seven prices", xlabel="the number", ylabel="loss / smallest loss", ylim=(0.85, 2))
    for ax in axes:
        ax.legend(fontsize="small")
    plt.show()
except Exception:
    plt.close("all")
    print("Here your losses will meet an outlier: write mse_loss and mae_loss, run their cells, then run this one again.")

# %% [markdown]
r"""
# Two classes

## 3. From a logit to a probability: the sigmoid (4 points)

Is a message spam? A network ends in one number $a$ for each message, from $-\infty$ to $\infty$: the **logit**. The sigmoid
turns it into a probability,

$$\sigma(a) = \frac{1}{1 + e^{-a}} = \frac{e^{a}}{1 + e^{a}}.$$

The two forms are the same mathematics and not the same program. Floats end near $10^{308}$, and $e^{710}$ is beyond that:
NumPy gives `inf`. One form makes `1 / inf` of it, which is 0; the other makes `inf / inf`, which is NaN, and one NaN in a
loss is the end of a training run. For each form, ask which sign of $a$ it can bear.

Two things are asked beyond the formula. It gives no NaN for **any** $a$, also at $\pm 1000$. And small probabilities keep
their digits, because a loss takes their logarithm: $\sigma(-100)$ is $3.7 \cdot 10^{-44}$, not 0. (So the argument must
not be cut off at some $\pm 20$, and nothing may be rounded away beside a 1.) An overflow that NumPy only *warns* about
costs no mark.

**By hand.** $\sigma(0) = \frac12$. For $a = \ln 3$: $e^{-a} = \frac13$, so that $\sigma = 1/(1 + \frac13) = 0.75$; and
$\sigma(-\ln 3) = 1/(1 + 3) = 0.25$. The two add up to one: $\sigma(-a) = 1 - \sigma(a)$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "sigmoid", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sigmoid(a):
    r"""Compute the logistic function, :math:`\sigma(a) = 1/(1 + e^{-a})`, of every entry.

    Parameters
    ----------
    a : array of any shape
        Logits, any real numbers.

    Returns
    -------
    array of the same shape
        Probabilities, from 0 to 1.

    Notes
    -----
    Deck 003, "The sigmoid derivative trick".

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    ### BEGIN SOLUTION
    return np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a)))  # numerator and denominator times e^a where a is negative
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_sigmoid", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_sigmoid = Check("sigmoid", points={"value": 2, "extremes": 1, "arguments": 1})


@test_sigmoid(part="value")
def test_sigmoid_by_hand():
    "The numbers of the example above."
    a = np.array([[0.0, np.log(3.0), -np.log(3.0)]])
    test_sigmoid.close("the array of probabilities", sigmoid(a), [[0.5, 0.75, 0.25]])


@test_sigmoid(part="extremes")
def test_sigmoid_extremes():
    "Logits that are very large, on either side."
    test_sigmoid.close("the array of probabilities", sigmoid(np.array([1000.0, 0.0, -1000.0])), [1.0, 0.5, 0.0])
    test_sigmoid.close("the logarithm of sigmoid(-100)", np.log(sigmoid(np.array([-100.0]))), [-100.0])


@test_sigmoid(part="arguments")
def test_sigmoid_leaves():
    "The array that you are given stays as it is."
    p = test_sigmoid.call(sigmoid, np.array([[0.5, -1.0, 2.0], [-3.0, 0.0, 4.0]]))
    test_sigmoid.that(np.shape(p) == (2, 3) and np.any(p), "sigmoid gives no probabilities to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import sigmoid as test_bank
from oracles import sigmoid as test_right

test_sigmoid.misconceptions = test_bank


def test_case(about, a):
    "Compare the probabilities with the right ones."

    def test():
        test_sigmoid.compare(sigmoid, test_right, lambda answer: {"the array of probabilities": answer(a.copy())})

    test.__doc__ = about
    test_sigmoid.hidden(test, part="value")


test_case("A matrix of logits.", 2 * test_sigmoid.rng.normal(size=(4, 3)))
test_case("A vector of logits.", 2 * test_sigmoid.rng.normal(size=5))
test_case("Logits that are whole numbers.", test_sigmoid.rng.permutation(np.arange(-4, 5)))


@test_sigmoid.hidden(part="extremes")
def test_sigmoid_extremes():
    "No logit is too large."
    a = test_sigmoid.rng.permutation([-1e6, -1000.0, -750.0, 750.0, 1000.0, 1e6])
    test_sigmoid.compare(sigmoid, test_right, lambda answer: {"the array of probabilities": answer(a.copy())})


@test_sigmoid.hidden(part="extremes")
def test_sigmoid_tails():
    "Small probabilities keep their digits: their logarithms are right."
    a = -test_sigmoid.rng.uniform([8, 30, 100], [16, 60, 300], size=(2, 3))
    test_sigmoid.compare(
        sigmoid, test_right, lambda answer: {"the logarithm of a small probability": np.log(answer(a.copy()))}
    )


@test_sigmoid.hidden(part="arguments")
def test_sigmoid_leaves():
    "What the caller holds is the same afterwards."
    a = test_sigmoid.rng.normal(size=(3, 4))
    test_sigmoid.compare(sigmoid, test_right, test_right.held(a))
    test_sigmoid.call(sigmoid, a)


### END HIDDEN TESTS
test_sigmoid.score()

# %% [markdown]
r"""
## 4. Binary cross-entropy, from probabilities (6 points)

Let $p_n$ be the probability that the network gives to *spam*, and $y_n$ the truth: 1 for spam, 0 for ham. How surprised is
someone who believed $p$ and then learns $y$? By $-\log$ of the probability that they gave to what happened: $p$ if $y = 1$,
and $1 - p$ if $y = 0$. Deck 002 writes both in one line, of which one term is always zero:

$$J = -\frac1N \sum_n \bigl[\, y_n \log p_n + (1 - y_n) \log(1 - p_n) \,\bigr], \qquad
\frac{\partial J}{\partial p_n} = \frac1N \left( \frac{1 - y_n}{1 - p_n} - \frac{y_n}{p_n} \right).$$

(Deck 004 has the same without the $1/N$.)

**At the ends.** What if $p$ is exactly 0 or 1? Here is what is asked:

- Sure and right ($p = 0$ and $y = 0$, or $p = 1$ and $y = 1$): the example costs **0**. A term whose factor $y$ or
  $1 - y$ is zero *counts as zero*, in the loss and in the gradient, whatever stands beside the factor:
  $0 \cdot \log 0 = 0$ and $0/0 = 0$. NumPy says NaN to both, unless you see to it. What is left of the gradient is the
  other term: $+1/N$ at $p = y = 0$, $-1/N$ at $p = y = 1$.
- Sure and wrong ($p = 0$ and $y = 1$, or the reverse): someone called the truth impossible. The loss is **infinite**, and
  the gradient of that example is $-\infty$ (or $+\infty$). That is honest: NumPy's `-inf` and its warning are welcome
  here.
- So do not push $p$ away from the ends, and add nothing inside the logarithm: at $p = 10^{-30}$ the loss is $69.1$, and a
  bound of $10^{-7}$ would call it $16.1$. Section 5 has the better cure.

**By hand.** $p = (0.5,\ 0.75,\ 0.125)$ and $y = (1,\ 0,\ 1)$. What happened had been given $0.5$, $0.25$ and $0.125$:
that is $\ln 2$, $2 \ln 2$ and $3 \ln 2$, so that $J = 6 \ln 2 / 3 = 2 \ln 2 \approx 1.3863$. The gradient is
$\frac13 (-\frac{1}{0.5},\ +\frac{1}{0.25},\ -\frac{1}{0.125}) = (-\frac23,\ \frac43,\ -\frac83)$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "bce_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bce_loss(p, y):
    r"""Compute the binary cross-entropy of probabilities, and its gradient.

    .. math:: J = -\frac1N \sum_n [\, y_n \log p_n + (1 - y_n) \log(1 - p_n) \,]

    Parameters
    ----------
    p : array (N,) or (N, 1)
        Probabilities of class 1, from 0 to 1, both ends included.
    y : array of the same shape
        The true classes, 0 or 1, as whole numbers or floats.

    Returns
    -------
    loss : float
        :math:`J`; a term with the factor 0 counts as 0. Infinite where a prediction is sure and wrong.
    gradient : array of the same shape
        :math:`\partial J / \partial p`, likewise.

    Raises
    ------
    ValueError
        When p and y differ in shape.

    Notes
    -----
    Deck 002, "Loss function"; deck 004, which sums.

    Examples
    --------
    >>> loss, gradient = bce_loss(np.array([0.5, 0.0]), np.array([1, 0]))
    >>> print(round(float(loss), 4), gradient)
    0.3466 [-1.   0.5]
    """
    ### BEGIN SOLUTION
    require_same_shape(p, y)
    of_the_truth = np.where(y == 1, p, 1 - p)
    return -np.mean(np.log(of_the_truth)), np.where(y == 1, -1, 1) / of_the_truth / len(p)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_bce_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_bce_loss = Check("bce_loss", points={"loss": 2, "gradient": 2, "ends": 1, "arguments": 1})


@test_bce_loss(part="loss")
def test_bce_loss_by_hand():
    "The loss of the example above."
    loss, _ = bce_loss(np.array([0.5, 0.75, 0.125]), np.array([1, 0, 1]))
    test_bce_loss.close("the loss", loss, 2 * np.log(2.0))


@test_bce_loss(part="gradient")
def test_bce_loss_gradient_by_hand():
    "The gradient of the example above."
    _, gradient = bce_loss(np.array([0.5, 0.75, 0.125]), np.array([1, 0, 1]))
    test_bce_loss.close("the gradient", gradient, [-2 / 3, 4 / 3, -8 / 3])


@test_bce_loss(part="ends")
def test_bce_loss_ends():
    "Sure and right, twice, beside an even guess."
    loss, gradient = bce_loss(np.array([0.0, 1.0, 0.5]), np.array([0, 1, 1]))
    test_bce_loss.close("the loss", loss, np.log(2.0) / 3)
    test_bce_loss.close("the gradient", gradient, [1 / 3, -1 / 3, -2 / 3])


@test_bce_loss(part="arguments")
def test_bce_loss_refuses():
    "Probabilities of shape (3, 1) with classes of shape (3,) are refused."
    try:
        bce_loss(np.array([[0.5], [0.75], [0.125]]), np.array([1, 0, 1]))
    except ValueError:
        return
    test_bce_loss.that(False, "bce_loss takes (3, 1) against (3,) without a word: raise a ValueError.")


@test_bce_loss(part="arguments")
def test_bce_loss_leaves():
    "The arrays that you are given stay as they are."
    _, gradient = test_bce_loss.call(bce_loss, np.array([0.5, 0.75, 0.125]), np.array([1, 0, 1]))
    test_bce_loss.that(np.size(gradient) == 3 and np.any(gradient), "bce_loss gives no gradient to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import bce_loss as test_bank
from oracles import bce_loss as test_right
from course.numerics import sigmoid as test_carried_sigmoid

test_bce_loss.misconceptions = test_bank
test_bce_loss.carry(sigmoid=test_carried_sigmoid)


def test_case(about, p, y):
    "Compare the loss and the gradient with the right ones, each for its part."
    for part in ("loss", "gradient"):

        def test(part=part):
            test_bce_loss.compare(bce_loss, test_right, test_right.only(part, p, y))

        test.__doc__ = f"The {part}: {about}"
        test_bce_loss.hidden(test, part=part)


def test_draw(n, column=False):
    "Draw probabilities and classes."
    p, y = test_bce_loss.rng.uniform(0.03, 0.97, size=n), test_right.classes(test_bce_loss.rng, n)
    return (p[:, None], y[:, None]) if column else (p, y)


test_case("one probability for each example.", *test_draw(7))
test_case("a column.", *test_draw(6, column=True))
test_case("classes written as floats.", *(a.astype(float) for a in test_draw(5)))
test_case("a single example.", *test_draw(1))


@test_bce_loss.hidden(part="ends")
def test_bce_loss_sure_and_right():
    "Sure and right."
    q, order = test_bce_loss.rng.uniform(0.2, 0.8), test_bce_loss.rng.permutation(4)
    p, y = np.array([0.0, 1.0, q, 0.0])[order], np.array([0, 1, 1, 0])[order]
    gradient = np.array([1, -1, -1 / q, 1])[order] / 4
    test_bce_loss.compare(bce_loss, lambda p, y: (-np.log(q) / 4, gradient), test_right.both(p, y))


@test_bce_loss.hidden(part="ends")
def test_bce_loss_sure_and_wrong():
    "Sure and wrong."
    p, y = np.array([0.0, 1.0, 0.5]), np.array([1, 0, 1])
    gradient = np.array([-np.inf, np.inf, -2 / 3])
    test_bce_loss.compare(bce_loss, lambda p, y: (np.inf, gradient), test_right.both(p, y))


@test_bce_loss.hidden(part="ends")
def test_bce_loss_unlikely():
    "What happened had a very small probability."
    p = 10.0 ** -test_bce_loss.rng.uniform(12, 60, size=4)
    test_bce_loss.compare(bce_loss, test_right, test_right.both(p, np.ones(4, dtype=int)))


@test_bce_loss.hidden(part="arguments")
def test_bce_loss_refuses():
    "Other shapes are refused, however they would fit."
    p, y = test_draw(4)
    for one, other in [(p[:, None], y), (p, y[:, None]), (p, y[:1])]:
        test_bce_loss.compare(bce_loss, test_right, test_right.refusal(one, other))


@test_bce_loss.hidden(part="arguments")
def test_bce_loss_leaves():
    "What the caller holds is the same afterwards."
    p, y = test_draw(5)
    test_bce_loss.compare(bce_loss, test_right, test_right.held(p, y.astype(float)))
    test_bce_loss.call(bce_loss, p, y)
    ends = np.array([0.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0])
    test_bce_loss.compare(bce_loss, lambda p, y: None, test_right.held(*ends))


### END HIDDEN TESTS
test_bce_loss.score()

# %% [markdown]
r"""
## 5. Binary cross-entropy, from logits (5 points)

A sigmoid below, a logarithm above: between them the number is squeezed into $[0, 1]$ and much of it is lost. At
$a = -1000$ the probability rounds to 0, and if the message *was* spam, the loss is infinite and the gradient useless. Put
$p = \sigma(a)$ into the loss *before* you compute, and sigmoid and logarithm cancel:

$$-y \log \sigma(a) - (1 - y) \log(1 - \sigma(a)) = \log(1 + e^{a}) - a\,y,
\qquad J = \frac1N \sum_n \bigl[\log(1 + e^{a_n}) - a_n y_n\bigr].$$

The gradient is the shortest of the whole course. By the chain rule, the steep $1/p$ of section 4 meets the flat slope
$p\,(1 - p)$ of the sigmoid, and what is left is prediction minus truth:

$$\frac{\partial J}{\partial a_n} = \frac{\sigma(a_n) - y_n}{N}.$$

One more thing to see to: at $a = 1000$, $e^a$ overflows, though $\log(1 + e^{1000})$ is only $1000$. Take the large part
out of the logarithm, $\log(1 + e^{a}) = a + \log(e^{-a} + 1)$, and ask once more which sign of $a$ each side can bear.
Loss and gradient are to be right for **any** logit, also at $\pm 1000$.

**By hand.** $a = (0,\ \ln 3,\ -\ln 7)$ gives $p = (0.5,\ 0.75,\ 0.125)$, and with $y = (1,\ 0,\ 1)$ this is section 4's
example: $J = 2 \ln 2$. The gradient is $\frac13 (0.5 - 1,\ 0.75 - 0,\ 0.125 - 1) = (-\frac16,\ \frac14,\ -\frac{7}{24})$.
And at the extremes: $a = 1000$ costs 0 with $y = 1$, and 1000 with $y = 0$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "bce_with_logits", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bce_with_logits(logits, y):
    r"""Compute the binary cross-entropy of logits, and its gradient.

    .. math:: J = \frac1N \sum_n [\, \log(1 + e^{a_n}) - a_n y_n \,]

    Parameters
    ----------
    logits : array (N,) or (N, 1)
        :math:`a`, any real numbers.
    y : array of the same shape
        The true classes, 0 or 1, as whole numbers or floats.

    Returns
    -------
    loss : float
        :math:`J`.
    gradient : array of the same shape
        :math:`\partial J / \partial a`.

    Raises
    ------
    ValueError
        When logits and y differ in shape.

    Notes
    -----
    Decks 002 and 004, which write it in p.

    Examples
    --------
    >>> loss, gradient = bce_with_logits(np.array([1000.0, -1000.0]), np.array([0, 0]))
    >>> print(loss, gradient)
    500.0 [0.5 0. ]
    """
    ### BEGIN SOLUTION
    require_same_shape(logits, y)
    softplus = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    return np.mean(softplus - logits * y), (sigmoid(logits) - y) / len(logits)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_bce_with_logits", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_bce_with_logits = Check("bce_with_logits", points={"loss": 1, "gradient": 2, "extremes": 1, "arguments": 1})

### BEGIN HIDDEN TESTS
from course.numerics import sigmoid as test_carried_sigmoid


def test_carried_bce_loss(p, y):
    "The right bce_loss, for those who call theirs."
    if p.shape != y.shape:
        raise ValueError("shapes differ")
    of_the_truth = np.abs(p + y - 1)
    return -np.log(of_the_truth).mean(), np.sign(0.5 - y) / of_the_truth / len(p)


test_bce_with_logits.carry(sigmoid=test_carried_sigmoid, bce_loss=test_carried_bce_loss)
### END HIDDEN TESTS


@test_bce_with_logits(part="loss")
def test_bce_with_logits_by_hand():
    "The loss of the example above."
    loss, _ = bce_with_logits(np.array([0.0, np.log(3.0), -np.log(7.0)]), np.array([1, 0, 1]))
    test_bce_with_logits.close("the loss", loss, 2 * np.log(2.0))


@test_bce_with_logits(part="gradient")
def test_bce_with_logits_gradient_by_hand():
    "The gradient of the example above."
    _, gradient = bce_with_logits(np.array([0.0, np.log(3.0), -np.log(7.0)]), np.array([1, 0, 1]))
    test_bce_with_logits.close("the gradient", gradient, [-1 / 6, 1 / 4, -7 / 24])


@test_bce_with_logits(part="extremes")
def test_bce_with_logits_extremes():
    "Logits of 1000, right and wrong, and of -1000, wrong."
    loss, gradient = bce_with_logits(np.array([1000.0, 1000.0, -1000.0]), np.array([1, 0, 1]))
    test_bce_with_logits.close("the loss", loss, 2000 / 3)
    test_bce_with_logits.close("the gradient", gradient, [0.0, 1 / 3, -1 / 3])


@test_bce_with_logits(part="arguments")
def test_bce_with_logits_refuses():
    "Logits of shape (3, 1) with classes of shape (3,) are refused."
    try:
        bce_with_logits(np.array([[0.0], [1.0], [-2.0]]), np.array([1, 0, 1]))
    except ValueError:
        return
    test_bce_with_logits.that(False, "bce_with_logits takes (3, 1) against (3,) without a word: raise a ValueError.")


@test_bce_with_logits(part="arguments")
def test_bce_with_logits_leaves():
    "The arrays that you are given stay as they are."
    _, gradient = test_bce_with_logits.call(bce_with_logits, np.array([0.0, 1.0, -2.0]), np.array([1, 0, 1]))
    there = np.size(gradient) == 3 and np.any(gradient)
    test_bce_with_logits.that(there, "bce_with_logits gives no gradient to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import bce_with_logits as test_bank
from oracles import bce_with_logits as test_right

test_bce_with_logits.misconceptions = test_bank


def test_case(about, logits, y):
    "Compare the loss and the gradient with the right ones, each for its part."
    for part in ("loss", "gradient"):

        def test(part=part):
            test_bce_with_logits.compare(bce_with_logits, test_right, test_right.only(part, logits, y))

        test.__doc__ = f"The {part}: {about}"
        test_bce_with_logits.hidden(test, part=part)


def test_draw(n, column=False):
    "Draw logits and classes."
    logits, y = 2 * test_bce_with_logits.rng.normal(size=n), test_right.classes(test_bce_with_logits.rng, n)
    return (logits[:, None], y[:, None]) if column else (logits, y)


test_case("one logit for each example.", *test_draw(7))
test_case("a column.", *test_draw(6, column=True))
test_case("classes written as floats.", *(a.astype(float) for a in test_draw(5)))
test_case("logits that are whole numbers.", np.arange(-3, 4), test_draw(7)[1])
test_case("a single example.", *test_draw(1))


@test_bce_with_logits.hidden(part="extremes")
def test_bce_with_logits_extremes():
    "No logit is too large, right or wrong."
    sizes = test_bce_with_logits.rng.uniform([40, 700, 900], [80, 800, 1000])
    cases = {"surely class 1, and so it was": (1, 1), "surely class 0, and so it was": (-1, 0)}
    cases |= {"surely class 1, and wrong": (1, 0), "surely class 0, and wrong": (-1, 1)}

    def experiment(answer):
        seen = {case: test_right.both(sign * sizes, np.full(3, y))(answer) for case, (sign, y) in cases.items()}
        return {f"{what} ({case})": value for case, found in seen.items() for what, value in found.items()}

    test_bce_with_logits.compare(bce_with_logits, test_right, experiment)


@test_bce_with_logits.hidden(part="arguments")
def test_bce_with_logits_refuses():
    "Other shapes are refused, however they would fit."
    logits, y = test_draw(4)
    for pair in [(logits[:, None], y), (logits, y[:, None]), (logits, y[:1])]:
        test_bce_with_logits.compare(bce_with_logits, test_right, test_right.refusal(*pair))


@test_bce_with_logits.hidden(part="arguments")
def test_bce_with_logits_leaves():
    "What the caller holds is the same afterwards."
    logits, y = test_draw(5)
    test_bce_with_logits.compare(bce_with_logits, test_right, test_right.held(logits, y.astype(float)))
    test_bce_with_logits.call(bce_with_logits, logits, y)


### END HIDDEN TESTS
test_bce_with_logits.score()

# %% [markdown]
r"""
# Many classes

## 6. Softmax (5 points)

With $C$ classes the network gives $C$ logits for each example, an array of shape $(N, C)$. **Softmax** makes each row a
distribution: all entries positive, and their sum one.

$$p_{nk} = \frac{e^{a_{nk}}}{\sum_{j} e^{a_{nj}}}.$$

The sum runs over the classes of **one** example, which is the last axis. (With as many examples as classes a sum over the
wrong axis has the right shape, so do not test your code on a square array only.)

Here too $e^{1000}$ overflows. The way out is an invariance: add the same number to all logits of a row, and numerator and
denominator are multiplied by the same factor, so that no probability changes. Choose the number, row by row, so that the
largest exponent becomes 0. Then nothing overflows, and no sum is zero.

**By hand.** $a = (0,\ \ln 2,\ \ln 5)$: the exponentials are $1, 2, 5$, their sum is $8$, and
$p = (\frac18,\ \frac14,\ \frac58)$. $a = (\ln 3,\ 0,\ 0)$: $3, 1, 1$, and $p = (0.6,\ 0.2,\ 0.2)$. And
$a = (1000,\ 1000,\ 1000)$ is no different from $(0, 0, 0)$: a third each.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "softmax", "locked": false, "schema_version": 3, "solution": true, "task": false}
def softmax(logits):
    r"""Turn each row of logits into probabilities, :math:`p_{nk} = e^{a_{nk}} / \sum_j e^{a_{nj}}`.

    Parameters
    ----------
    logits : array (N, C)
        :math:`a`, any real numbers; one example in each row.

    Returns
    -------
    array (N, C)
        Probabilities; each row sums to one.

    Notes
    -----
    Deck 003, "The training problem".

    Examples
    --------
    >>> softmax(np.array([[7.0, 7.0], [-1000.0, 1000.0]]))
    array([[0.5, 0.5],
           [0. , 1. ]])
    """
    ### BEGIN SOLUTION
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_softmax", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_softmax = Check("softmax", points={"value": 3, "extremes": 1, "arguments": 1})

### BEGIN HIDDEN TESTS
from course.numerics import sigmoid as test_carried_sigmoid

test_softmax.carry(sigmoid=test_carried_sigmoid)
### END HIDDEN TESTS


@test_softmax(part="value")
def test_softmax_by_hand():
    "The two rows of the example above."
    logits = np.log(np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 1.0]]))
    test_softmax.close("the array of probabilities", softmax(logits), [[1 / 8, 1 / 4, 5 / 8], [0.6, 0.2, 0.2]])


@test_softmax(part="extremes")
def test_softmax_extremes():
    "Rows of very large logits, on either side."
    logits = np.array([[1000.0, 1000.0], [-1000.0, -1000.0], [1000.0, -1000.0]])
    test_softmax.close("the array of probabilities", softmax(logits), [[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]])


@test_softmax(part="arguments")
def test_softmax_leaves():
    "The array that you are given stays as it is."
    p = test_softmax.call(softmax, np.array([[1.0, -1.0, 2.0], [0.0, 3.0, 4.0]]))
    test_softmax.that(np.shape(p) == (2, 3) and np.any(p), "softmax gives no probabilities to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import softmax as test_bank
from oracles import softmax as test_right

test_softmax.misconceptions = test_bank


def test_case(about, logits, part="value"):
    "Compare the probabilities with the right ones."

    def test():
        test_softmax.compare(softmax, test_right, lambda answer: {"the array of probabilities": answer(logits.copy())})

    test.__doc__ = about
    test_softmax.hidden(test, part=part)


def test_draw(N, C):
    "Draw logits."
    return 2 * test_softmax.rng.normal(size=(N, C))


test_case("More examples than classes.", test_draw(5, 3))
test_case("More classes than examples.", test_draw(2, 4))
test_case("As many examples as classes.", test_draw(4, 4))
test_case("A single example.", test_draw(1, 5))
test_case("Logits that are whole numbers.", test_softmax.rng.permuted(np.arange(12).reshape(4, 3) % 5, axis=1))
test_case("Rows of very large logits.", 1000 * np.sign(test_draw(4, 1)) + test_draw(4, 3), part="extremes")
test_case("Rows that are far apart.", np.array([[-1000], [0], [1000], [500]]) + test_draw(4, 3), part="extremes")


@test_softmax.hidden(part="extremes")
def test_softmax_tails():
    "Small probabilities keep their digits: their logarithms are right."
    logits = np.array([[0.0], [-30.0], [-300.0]]) * [0, 0, 1, 1] + test_draw(3, 4)
    test_softmax.compare(
        softmax, test_right, lambda answer: {"the logarithm of a small probability": np.log(answer(logits.copy()))}
    )


@test_softmax.hidden(part="value")
def test_softmax_distribution():
    "Each row sums to one, and stays the same when all of its logits move together."
    logits, shift = test_draw(6, 4), test_softmax.rng.normal(size=(6, 1))
    test_softmax.close("the sum of each row", np.sum(softmax(logits.copy()), axis=-1), np.ones(6))
    test_softmax.close("the array of probabilities after a shift", softmax(logits + shift), test_right(logits))


@test_softmax.hidden(part="arguments")
def test_softmax_leaves():
    "What the caller holds is the same afterwards."
    logits = test_draw(3, 4)
    test_softmax.compare(softmax, test_right, test_right.held(logits))
    test_softmax.call(softmax, logits)


### END HIDDEN TESTS
test_softmax.score()

# %% [markdown]
r"""
### Two classes are a special case

**Exercise (no points).** For $C = 2$, divide numerator and denominator of $p_1$ (classes are counted from 0) by
$e^{a_1}$. Which function of which number is it? Deck 003's spam classifier has two outputs and a softmax; section 4's had
one output and a sigmoid. Does the second output buy anything?

<details><summary>Answer, when you have yours</summary>

$p_1 = e^{a_1} / (e^{a_0} + e^{a_1}) = 1 / (1 + e^{-(a_1 - a_0)}) = \sigma(a_1 - a_0)$. Only the difference of the two
logits counts, so one output could learn it alone; the second describes nothing new. It does no harm either, and the same
code then works for any $C$.

</details>

## 7. The logarithm of a sum of exponentials (4 points)

Cross-entropy takes the logarithm of softmax, $\log p_{nk} = a_{nk} - \log \sum_j e^{a_{nj}}$. To round $p$ to a float
first would be a waste: a probability below about $10^{-324}$ is 0, and its logarithm $-\infty$. The second term is worth
a function of its own,

$$\operatorname{logsumexp}(a)_n = \log \sum_{j} e^{a_{nj}},$$

one number for each row, a little above the row's largest logit (by at most $\log C$). Shift the row as in softmax; but
this time the shift does change the result, so think about what you owe afterwards.

**By hand.** $(0,\ \ln 2,\ \ln 5)$ gives $\ln 8$, and $(\ln 3,\ 0,\ 0)$ gives $\ln 5$. $(1000,\ 1000)$ gives
$\ln(2\, e^{1000}) = 1000 + \ln 2$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "logsumexp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def logsumexp(logits):
    r"""Compute :math:`\log \sum_j e^{a_{nj}}` of each row.

    Parameters
    ----------
    logits : array (N, C)
        :math:`a`, any real numbers; one example in each row.

    Returns
    -------
    array (N,)

    Examples
    --------
    >>> logsumexp(np.array([[1000.0, 0.0], [-1000.0, -2000.0]]))
    array([ 1000., -1000.])
    """
    ### BEGIN SOLUTION
    largest = logits.max(axis=1)
    return largest + np.log(np.exp(logits - largest[:, None]).sum(axis=1))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_logsumexp", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_logsumexp = Check("logsumexp", points={"value": 2, "extremes": 1, "arguments": 1})

### BEGIN HIDDEN TESTS
from course.numerics import log_softmax as test_log_softmax

test_logsumexp.carry(softmax=lambda logits: np.exp(test_log_softmax(logits)))
### END HIDDEN TESTS


@test_logsumexp(part="value")
def test_logsumexp_by_hand():
    "The two rows of the example above."
    logits = np.log(np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 1.0]]))
    test_logsumexp.close("the array of logarithms", logsumexp(logits), [np.log(8.0), np.log(5.0)])


@test_logsumexp(part="extremes")
def test_logsumexp_extremes():
    "Rows of very large logits, on either side."
    logits = np.array([[1000.0, 1000.0], [-1000.0, -1000.0], [1000.0, -1000.0]])
    expected = [1000 + np.log(2.0), -1000 + np.log(2.0), 1000.0]
    test_logsumexp.close("the array of logarithms", logsumexp(logits), expected, rtol=1e-12)


@test_logsumexp(part="arguments")
def test_logsumexp_leaves():
    "The array that you are given stays as it is."
    result = test_logsumexp.call(logsumexp, np.array([[1.0, -1.0, 2.0], [0.0, 3.0, 4.0]]))
    test_logsumexp.that(np.size(result) > 0 and np.any(result), "logsumexp gives no logarithms to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import logsumexp as test_bank
from oracles import logsumexp as test_right

test_logsumexp.misconceptions = test_bank


def test_case(about, logits, part="value"):
    "Compare the logarithms with the right ones."

    def test():
        test_logsumexp.compare(
            logsumexp, test_right, lambda answer: {"the array of logarithms": answer(logits.copy())}, rtol=1e-9
        )

    test.__doc__ = about
    test_logsumexp.hidden(test, part=part)


def test_draw(N, C):
    "Draw logits."
    return 2 * test_logsumexp.rng.normal(size=(N, C))


test_case("More examples than classes.", test_draw(5, 3))
test_case("More classes than examples.", test_draw(2, 4))
test_case("As many examples as classes.", test_draw(4, 4))
test_case("A single example.", test_draw(1, 5))
test_case("Logits that are whole numbers.", test_logsumexp.rng.permuted(np.arange(12).reshape(4, 3) % 5, axis=1))
test_case("Rows of very large logits.", 1000 * np.sign(test_draw(4, 1)) + test_draw(4, 3), part="extremes")
test_case("Rows that are far apart.", np.array([[-1000], [0], [1000], [500]]) + test_draw(4, 3), part="extremes")


@test_logsumexp.hidden(part="value")
def test_logsumexp_shift():
    "When all logits of a row move together, so does the result."
    logits, shift = test_draw(6, 4), test_logsumexp.rng.normal(size=6)
    test_logsumexp.close("the array after a shift", logsumexp(logits + shift[:, None]), test_right(logits) + shift)


@test_logsumexp.hidden(part="arguments")
def test_logsumexp_leaves():
    "What the caller holds is the same afterwards."
    logits = test_draw(3, 4)
    test_logsumexp.compare(logsumexp, test_right, test_right.held(logits))
    test_logsumexp.call(logsumexp, logits)


### END HIDDEN TESTS
test_logsumexp.score()

# %% [markdown]
r"""
## 8. Cross-entropy (7 points)

Deck 003 writes the truth as **one-hot** rows, spam as $[1, 0]$ and ham as $[0, 1]$, and the loss as
$-\sum_n \sum_k y_{nk} \log \hat y_{nk}$. All but one of the terms of each row are zero. So it is enough to know *where*
the one stands: the class $y_n$, a whole number from $0$ to $C - 1$. (In deck 003's order spam is 0 and ham is 1; in
section 4 spam was 1. Such a number is a name and not a quantity, but everybody must mean the same by it.) With the mean
in place of deck 003's sum, and with softmax put in,

$$J = -\frac1N \sum_n \log p_{n, y_n} = \frac1N \sum_n \bigl[ \operatorname{logsumexp}(a_n) - a_{n, y_n} \bigr].$$

The mean is over the examples only. The classes of an example are parts of *one* event, and nothing is divided by $C$.

The gradient is, once more, prediction minus truth: $\operatorname{logsumexp}$ has the softmax for its gradient, and
$a_{n, y_n}$ is one single logit. With $[k = y_n]$ for "1 if $k$ is the true class, otherwise 0", which is the one-hot
row,

$$\frac{\partial J}{\partial a_{nk}} = \frac{p_{nk} - [k = y_n]}{N}.$$

Each row of it sums to zero: what the true class gains, the others lose.

**What to refuse**, with a `ValueError`: labels that are not of shape $(N,)$, such as a column $(N, 1)$ or one-hot rows,
and a class that does not exist. (Python counts $-1$ from the end, so that a label $-1$, which in many data sets means
"unknown", would be taken for the last class without a word.)

**By hand.** Section 6's rows, with the classes $y = (2,\ 1)$. The true classes have $p = \frac58$ and $0.2$, so that
$J = \frac12 (\ln\frac85 + \ln 5) = \frac12 \ln 8 \approx 1.0397$, and the gradient is

$$\frac12 \begin{pmatrix} \frac18 & \frac14 & \frac58 - 1 \\ 0.6 & 0.2 - 1 & 0.2 \end{pmatrix}
= \begin{pmatrix} 0.0625 & 0.125 & -0.1875 \\ 0.3 & -0.4 & 0.1 \end{pmatrix}.$$
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "cross_entropy", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cross_entropy(logits, y):
    r"""Compute the cross-entropy of the softmax of logits, and its gradient.

    .. math:: J = \frac1N \sum_n \Bigl[ \log \sum_j e^{a_{nj}} - a_{n, y_n} \Bigr]

    Parameters
    ----------
    logits : array (N, C)
        :math:`a`, any real numbers; one example in each row.
    y : array of whole numbers, (N,)
        The true class of each example, from 0 to C - 1.

    Returns
    -------
    loss : float
        :math:`J`.
    gradient : array (N, C)
        :math:`\partial J / \partial a`.

    Raises
    ------
    ValueError
        When y has another shape than (N,), or holds a class that does not exist.

    Notes
    -----
    Deck 003, "Loss function and gradient descent", which sums over the examples.

    Examples
    --------
    >>> loss, gradient = cross_entropy(np.array([[0.0, 0.0], [0.0, 1000.0]]), np.array([0, 1]))
    >>> print(round(float(loss), 4), gradient.tolist())
    0.3466 [[-0.25, 0.25], [0.0, 0.0]]
    """
    ### BEGIN SOLUTION
    N, C = logits.shape
    if y.shape != (N,) or y.min() < 0 or y.max() >= C:
        raise ValueError("y must hold one class of those that exist for each example")
    true = np.arange(N), y
    gradient = softmax(logits)
    gradient[true] -= 1
    return np.mean(logsumexp(logits) - logits[true]), gradient / N
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_cross_entropy", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_cross_entropy = Check("cross_entropy", points={"loss": 2, "gradient": 3, "extremes": 1, "arguments": 1})

### BEGIN HIDDEN TESTS
from course.numerics import log_softmax as test_log_softmax

test_cross_entropy.carry(
    softmax=lambda logits: np.exp(test_log_softmax(logits)),
    logsumexp=lambda logits: (logits - test_log_softmax(logits))[:, 0],
)
### END HIDDEN TESTS


@test_cross_entropy(part="loss")
def test_cross_entropy_by_hand():
    "The loss of the example above."
    loss, _ = cross_entropy(np.log(np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 1.0]])), np.array([2, 1]))
    test_cross_entropy.close("the loss", loss, np.log(8.0) / 2)


@test_cross_entropy(part="gradient")
def test_cross_entropy_gradient_by_hand():
    "The gradient of the example above."
    _, gradient = cross_entropy(np.log(np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 1.0]])), np.array([2, 1]))
    test_cross_entropy.close("the gradient", gradient, [[0.0625, 0.125, -0.1875], [0.3, -0.4, 0.1]])


@test_cross_entropy(part="extremes")
def test_cross_entropy_extremes():
    "Logits of 1000 and -1000: one row sure and right, one sure and wrong."
    loss, gradient = cross_entropy(np.array([[1000.0, -1000.0, 0.0], [1000.0, 0.0, -1000.0]]), np.array([0, 1]))
    test_cross_entropy.close("the loss", loss, 500.0)
    test_cross_entropy.close("the gradient", gradient, [[0.0, 0.0, 0.0], [0.5, -0.5, 0.0]])


@test_cross_entropy(part="arguments")
def test_cross_entropy_refuses():
    "Labels as a column, as one-hot rows, and with a class -1 are refused."
    for what, y in {"a column": [[2], [1]], "one-hot rows": [[0, 0, 1], [0, 1, 0]], "the class -1": [2, -1]}.items():
        try:
            cross_entropy(np.log(np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 1.0]])), np.array(y))
        except ValueError:
            continue
        test_cross_entropy.that(False, f"cross_entropy takes {what} for labels without a word: raise a ValueError.")


@test_cross_entropy(part="arguments")
def test_cross_entropy_leaves():
    "The arrays that you are given stay as they are."
    _, gradient = test_cross_entropy.call(cross_entropy, np.array([[1.0, 2.0, 5.0], [3.0, 1.0, 1.0]]), np.array([2, 1]))
    there = np.size(gradient) == 6 and np.any(gradient)
    test_cross_entropy.that(there, "cross_entropy gives no gradient to look at yet.")


### BEGIN HIDDEN TESTS
from misconceptions import cross_entropy as test_bank
from oracles import cross_entropy as test_right

test_cross_entropy.misconceptions = test_bank


def test_case(about, logits, y):
    "Compare the loss and the gradient with the right ones, each for its part."
    for part in ("loss", "gradient"):

        def test(part=part):
            test_cross_entropy.compare(cross_entropy, test_right, test_right.only(part, logits, y))

        test.__doc__ = f"The {part}: {about}"
        test_cross_entropy.hidden(test, part=part)


def test_draw(N, C):
    "Draw logits and classes."
    return 2 * test_cross_entropy.rng.normal(size=(N, C)), test_cross_entropy.rng.permutation(np.arange(N) % C)


test_case("more examples than classes.", *test_draw(6, 3))
test_case("more classes than examples.", *test_draw(2, 4))
test_case("as many examples as classes.", *test_draw(4, 4))
test_case("two classes.", *test_draw(5, 2))
test_case("a single example.", test_draw(1, 4)[0], np.array([2]))
test_case("logits that are whole numbers.", np.arange(12).reshape(4, 3) ** 2 % 7, test_draw(4, 3)[1])


@test_cross_entropy.hidden(part="extremes")
def test_cross_entropy_extremes():
    "No logit is too large, right or wrong, and the rows may be far apart."
    logits, y = test_draw(4, 3)
    for size in (50, 1000):
        far = np.array([[size], [-size], [0], [size]]) + np.array([0, size, -size]) + logits
        test_cross_entropy.compare(cross_entropy, test_right, test_right.both(far, y))


@test_cross_entropy.hidden(part="gradient")
def test_cross_entropy_balance():
    "Each row of the gradient sums to zero, and the true class alone has a negative entry."
    logits, y = test_draw(5, 4)
    gradient = np.array(cross_entropy(logits.copy(), y.copy())[1])
    test_cross_entropy.close("the sum of each row of the gradient", gradient.sum(axis=-1), np.zeros(5))
    test_cross_entropy.close("the sign of the gradient", np.sign(gradient), 1.0 - 2 * np.eye(4)[y])


@test_cross_entropy.hidden(part="arguments")
def test_cross_entropy_refuses():
    "Labels in another shape are refused."
    (logits, y), (square, diagonal) = test_draw(4, 3), test_draw(3, 3)
    for one, other in [(logits, y[:, None]), (logits, np.eye(3, dtype=int)[y]), (logits, y[:1]), (square, diagonal[None])]:
        test_cross_entropy.compare(cross_entropy, test_right, test_right.refusal(one, other))


@test_cross_entropy.hidden(part="arguments")
def test_cross_entropy_unknown():
    "Classes that do not exist are refused."
    logits, y = test_draw(5, 3)
    for unknown in (-1, -3, 3):
        labels = np.where(np.arange(5) == 2, unknown, y)
        test_cross_entropy.compare(cross_entropy, test_right, test_right.refusal(logits, labels))


@test_cross_entropy.hidden(part="arguments")
def test_cross_entropy_leaves():
    "What the caller holds is the same afterwards."
    logits, y = test_draw(5, 3)
    test_cross_entropy.compare(cross_entropy, test_right, test_right.held(logits, y))
    test_cross_entropy.call(cross_entropy, logits, y)


### END HIDDEN TESTS
test_cross_entropy.score()

# %% [markdown]
r"""
### Spam, and why the squared error will not do

The left and the middle picture look at one message that **is** spam ($y = 1$), for every logit from "surely not" to
"surely". Your `bce_with_logits` is beside the squared error of the probability, $(\sigma(a) - 1)^2$, drawn with your
`sigmoid`. See what is left of each gradient on the far left, where the network is sure and wrong.

The right picture is deck 003's spam classifier in its simplest form: no hidden layer, just logits $XW$ with $X$ made of
length, length squared, trust and a 1. Your `cross_entropy` trains it, and your `softmax` says how likely spam is. Its
border is the black line; the broad grey one below is ours, trained with finite differences.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_margin", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt
    from course.datasets import HAM, SPAM, spam

    def features(length, trust):
        u = (np.log(length) - 5.7) / 1.2
        return np.stack([u, u**2, 4 * trust - 2, np.ones_like(u)], axis=-1)

    def our_gradient(W, X, y, h=1e-5):
        def loss(W):
            a = X @ W
            return np.mean(np.log(np.exp(a).sum(axis=1)) - a[np.arange(len(y)), y])

        steps = [h * np.eye(W.size)[k].reshape(W.shape) for k in range(W.size)]
        return np.reshape([(loss(W + step) - loss(W - step)) / (2 * h) for step in steps], W.shape)

    logits = np.linspace(-8, 8, 161)
    found = [bce_with_logits(np.array([a, a]), np.array([1, 1])) for a in logits]
    yours = np.array([loss for loss, _ in found]), np.array([np.sum(gradient) for _, gradient in found])
    p = sigmoid(logits)
    ours = np.log(1 + np.exp(-logits))
    for your, our in [(p, np.exp(-ours)), (yours[0], ours), (yours[1], np.exp(-ours) - 1)]:
        assert your.shape == logits.shape
        assert np.allclose(your, our)

    messages, y = spam(300, rng=np.random.default_rng(5))
    X = features(*messages.T)
    W, our_W, losses = np.zeros((4, 2)), np.zeros((4, 2)), []
    for _ in range(150):
        loss, gradient = cross_entropy(X @ W, y)
        losses.append(float(loss))
        W = W - 0.5 * X.T @ gradient
        our_W = our_W - 0.5 * our_gradient(our_W, X, y)
    assert np.allclose(W, our_W, atol=1e-3)

    lengths, trusts = np.meshgrid(np.geomspace(15, 5000, 90), np.linspace(0, 1, 60))
    grid = features(lengths, trusts)
    chance = softmax((grid @ W).reshape(-1, 2))[:, SPAM].reshape(lengths.shape)
    our_margin = grid @ (our_W[:, SPAM] - our_W[:, HAM])
    assert np.allclose(chance, 1 / (1 + np.exp(-our_margin)), atol=1e-3)

    fig, axes = plt.subplots(1, 3, figsize=(13, 3.9), layout="constrained")
    squared = (p - 1) ** 2, 2 * (p - 1) * p * (1 - p)
    for ax, your, our, square in zip(axes, yours, (ours, np.gradient(ours, logits)), squared, strict=False):
        ax.plot(logits, our, color="0.8", linewidth=7)
        ax.plot(logits, your, label="your cross-entropy")
        ax.plot(logits, square, label="squared error of the probability")
        ax.set(xlabel="logit of a message that is spam")
        ax.legend(fontsize="small")
    axes[0].set(title="the loss (grey: ours)", ylabel="loss")
    axes[1].set(title="its gradient", ylabel="gradient by the logit", ylim=(-1.1, 0.35))
    shades = axes[2].contourf(lengths, trusts, chance, levels=np.linspace(0, 1, 11), cmap="RdBu_r", alpha=0.6)
    axes[2].contour(lengths, trusts, our_margin, levels=[0], colors="0.6", linewidths=7)
    axes[2].contour(lengths, trusts, chance, levels=[0.5], colors="black")
    for kind, name, marker, color in [(SPAM, "spam", "^", "C3"), (HAM, "ham", "o", "C0")]:
        axes[2].scatter(*messages[y == kind].T, s=12, marker=marker, color=color, label=name)
    axes[2].set(title=f"your spam filter: loss {losses[0]:.2f} to {losses[-1]:.2f}", xscale="log")
    axes[2].set(xlabel="length (characters)", ylabel="trust in the sender", xlim=(15, 5000), ylim=(0, 1))
    axes[2].legend(fontsize="small", loc="lower left")
    fig.colorbar(shades, label="your probability of spam", ticks=[0, 0.5, 1])
    plt.show()
except Exception:
    plt.close("all")
    print("Here your losses will train a spam filter: write the functions above, run their cells, then run this one again.")

# %% [markdown]
r"""
## 9. Which loss, and why (4 points)

Answer both parts in your own words (4 points, marked by hand); a formula or a number where it helps.

**(a)** A message is spam ($y = 1$), and the network says $a = -10$, so that $p = \sigma(-10) \approx 4.5 \cdot 10^{-5}$.
Give the gradient with respect to $a$, once of the cross-entropy and once of $(\sigma(a) - 1)^2$. What does a training run
do with this message under each of them, and where in your second formula does the trouble come from? (2 points)

**(b)** A table of house prices has a few typing errors in it that are a hundred times too large. Which of `mse` and `mae`
would you train with, and what do your gradients say about it? Name one thing that you give up by your choice. (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_which_loss", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r""" **(a)** Cross-entropy: $\sigma(a) - y = 4.5 \cdot 10^{-5} - 1 \approx -1$. Squared error: the chain rule gives
$2\,(\sigma(a) - 1)\,\sigma(a)\,(1 - \sigma(a)) \approx 2 \cdot (-1) \cdot 4.5 \cdot 10^{-5} \cdot 1 \approx -9 \cdot 10^{-5}$.
(1 point for both numbers, or for the two formulas with a right comparison.) Under cross-entropy the message pulls with
nearly the largest force there is, and is soon put right. Under the squared error it pulls ten thousand times more weakly,
less than a message about which the network merely wavers, and hardly anything is learned from it. The trouble is the
factor $\sigma(a)(1 - \sigma(a))$, the slope of the sigmoid, which vanishes at both ends; in the cross-entropy, the $1/p$
of the logarithm cancels it. (1 point)

**(b)** `mae`. (The gradient of `mse` is proportional to the error, so that one price which is wrong by a factor of a
hundred pulls as hard as a great many honest ones, and the predictions move towards it. In `mae` each example pulls with
$\pm 1/N$, however far away it is: the best constant is the median and not the mean.) (1 point for the choice with its
reason from the gradients.) What one gives up, any one of: the gradient does not shrink as the prediction comes close, so
that with a constant learning rate the steps do not settle; there is no derivative at the target itself; errors that are
large and *honest* count for no more than small ones; the prediction aims at the median, which for skewed prices is not
the mean. (1 point)

(An answer that takes `mse`, but first removes or clips the outliers, and says why, is worth as much.)
"""

# %% [markdown]
r"""
## Where next

- In the library, `course.losses` has these losses as objects, with `HalfSquaredError` and `Huber` besides: squared near
  zero, absolute beyond. Its binary cross-entropy of probabilities keeps them about $10^{-16}$ away from the ends, where
  yours is infinite: a choice between honesty and a run that goes on. Its cross-entropies add up over the outputs of an
  example, and take the mean over the examples.
- Problem set 6 (the multilayer perceptron) hands a loss's gradient down through the layers. With softmax and
  cross-entropy at the top, the base case of its recursion is what you wrote in section 8: prediction minus truth, over
  $N$.
- Problem set 7 (gradient descent) takes the steps.
"""
