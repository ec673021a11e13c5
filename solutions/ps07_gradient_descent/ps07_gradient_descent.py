# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.training, course.schedules, course.optimizers, course.sweep]
#     skip: [picture_schedules, picture_training]
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
# Problem set 7: gradient descent

**40 points.** It goes with [Lecture 1](../../lectures/L01_recipe.ipynb) (the recipe), [Lecture 4](../../lectures/L04_losses_and_gradient_descent.ipynb) (gradient descent and its learning rate), [Lecture 5](../../lectures/L05_batches_and_optimizers.ipynb) (batches,
and when to stop) and [Lecture 6](../../lectures/L06_schedules_and_clipping.ipynb) (schedules).

When you have done it, you will be able to

- write the loop that trains every neural network: batch, loss, gradient, step, and over again,
- go through a set of examples in random batches, so that each one counts exactly once an epoch,
- measure a loss and an accuracy in batches without letting a short batch count too much,
- say precisely when a training has converged,
- let the learning rate follow a schedule, and know to the step what the schedule does at its ends,
- read from a loss curve whether the rate or the batch is too large or too small.

| you write | points |
|---|---|
| `sgd_step` | 3 |
| `iterate_minibatches` | 7 |
| `evaluate` | 5 |
| `has_converged` | 4 |
| `step_decay` | 3 |
| `exponential_decay` | 2 |
| `warmup_cosine` | 5 |
| `train` | 7 |
| a written answer | 4 |

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you can
follow by hand. More tests of the same ideas run when your notebook is graded. `train` at the end uses what you wrote
before; a slip in an earlier function does not cost you marks there a second time.

**What you write** returns new arrays of floats (float64, NumPy's own) where it computes, even if an argument holds whole
numbers, and leaves the arrays and lists that it is given as they are.
"""

# %% [markdown]
r"""
## 1. The recipe, and its last line

Decks 000 and 001 give a recipe for machine learning: (1) take training data; (2) choose a decision function and a loss;
(3) define the objective; (4) train with gradient descent, small steps against the gradient. This set is about the fourth
line. The first three come to you in one function,

    loss, grads = loss_and_gradients(params, X, y)

which takes a list of parameter arrays and some examples (rows of `X`, entries or rows of `y`), and gives the **mean** loss of
these examples and a list of gradients, each in its parameter's shape. What network is inside, your code need not know: it
works for a line and for a network of a hundred layers.

The next cell has such a function, for a straight line $\hat y = w x + b$. You will train it at the end.
Run the cell.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

np.set_printoptions(precision=4, suppress=True)


def line_loss(params, X, y):
    """Half the mean squared error of a straight line, and its gradients.

    Parameters
    ----------
    params : list of two arrays (1,)
        Slope w and intercept b.
    X : array (N, 1)
    y : array (N,)

    Returns
    -------
    loss : float
    grads : list of two arrays (1,)
    """
    w, b = params
    error = w * X[:, 0] + b - y
    return 0.5 * float(np.mean(error**2)), [np.array([np.mean(error * X[:, 0])]), np.array([np.mean(error)])]


line_loss([np.array([0.0]), np.array([0.0])], X=np.array([[1.0], [1.0]]), y=np.array([2.0, 4.0]))

# %% [markdown]
r"""
## 2. One step (3 points)

The gradient points where the loss rises fastest. So every parameter takes a step the other way, and the **learning rate**
$\eta > 0$ says how long it is:

$$w \leftarrow w - \eta\, \frac{\partial J}{\partial w} .$$

**By hand.** A matrix $W = (1,\ -2)$ with gradient $(10,\ 20)$, and a vector $b = (3)$ with gradient $(5)$. With $\eta = 0.1$:
$W \leftarrow (1 - 1,\ -2 - 2) = (0,\ -4)$ and $b \leftarrow 3 - 0.5 = 2.5$.

(Deck 002 boxes its update as $W + \eta\, (\partial J/\partial W)^T$. In this course a gradient has its parameter's shape, so
that nothing is transposed, and the sign is a minus: as in `column_step` of Problem set 6 (the multilayer perceptron).)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "sgd_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def sgd_step(params, grads, learning_rate):
    r"""Take one step of gradient descent, :math:`w \leftarrow w - \eta g`, with every parameter.

    Parameters
    ----------
    params, grads : list of arrays
        The parameters, of any shapes, and their gradients, each in its parameter's shape. They are left as they are.
    learning_rate : float
        :math:`\eta > 0`.

    Returns
    -------
    list of arrays
        The new parameters: new arrays, in the same order.

    Notes
    -----
    Deck 003, "Loss function and gradient descent".

    >>> sgd_step([np.array([1.0, -2.0])], [np.array([10.0, 20.0])], learning_rate=0.1)
    [array([ 0., -4.])]
    """
    ### BEGIN SOLUTION
    return [w - learning_rate * g for w, g in zip(params, grads)]
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_sgd_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_sgd_step = Check("sgd_step", points={"rule": 2, "arguments": 1})


def test_step_list(answer, params, grads, rate):
    "Call an answer with copies; give its list, if it is one."
    found = answer([w.copy() for w in params], [g.copy() for g in grads], rate)
    whole = isinstance(found, (list, tuple)) and len(found) == len(params)
    test_sgd_step.that(whole, "sgd_step returns a list with one new array for each parameter.")
    return found


@test_sgd_step
def test_step_by_hand():
    "The example above: a matrix and a vector, with learning rate 0.1."
    W, b = np.array([[1.0, -2.0]]), np.array([3.0])
    new = test_step_list(sgd_step, [W, b], [np.array([[10.0, 20.0]]), np.array([5.0])], 0.1)
    test_sgd_step.close("the new matrix", new[0], [[0.0, -4.0]])
    test_sgd_step.close("the new vector", new[1], [2.5])


@test_sgd_step(part="arguments")
def test_step_arguments():
    "arguments: what you are given stays as it is, and what you return is new."
    test_sgd_step.call(sgd_step, [np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)], 0.1)


### BEGIN HIDDEN TESTS
from misconceptions import sgd_step as test_bank
from oracles import STEP as test_oracles

test_sgd_step.misconceptions = test_bank
test_rng = test_sgd_step.rng


def test_step_case(about, *shapes, rate, integers=False, part=None):
    "Compare with the step of one entry at a time."
    params, grads = (test_oracles.draw(test_rng, *shapes, integers=integers) for _ in range(2))

    def experiment(answer):
        return {f"array {i}": w for i, w in enumerate(test_step_list(answer, params, grads, rate), start=1)}

    def test():
        test_sgd_step.compare(sgd_step, test_oracles.right, experiment)

    test.__doc__ = about
    test_sgd_step.hidden(test, part=part)


test_step_case("Two matrices and a vector.", (4, 3), (3,), (3, 2), rate=test_rng.uniform(0.05, 0.2))
test_step_case("A single parameter of a single row.", (1, 5), rate=test_rng.uniform(2, 3))
test_step_case("arguments: whole numbers.", (3, 2), (2,), rate=test_rng.uniform(0.1, 0.4), integers=True, part="arguments")


@test_sgd_step.hidden(part="arguments")
def test_step_leaves():
    "arguments: what your caller holds is the same after the step."
    test_sgd_step.compare(sgd_step, test_oracles.right, test_oracles.arguments(test_rng))


### END HIDDEN TESTS
test_sgd_step.score()

# %% [markdown]
r"""
### Too small, too large

Take the simplest valley there is, $J(w) = \frac{a}{2} w^2$ with $a > 0$. Its gradient is $a w$, so that a step gives
$w \leftarrow (1 - \eta a)\, w$: **every step multiplies the distance from the minimum by the same factor**, $1 - \eta a$. All
that can happen with a learning rate can be read from that factor.

**Exercise (no points).** Let $a = 4$. For which $\eta$ do you arrive in a single step? For which do you come closer with every
step, on the same side? For which do you leap from side to side and still arrive? From where on does the loss grow? And
which $\eta$ is the largest that is safe, when the loss has a second direction in which $a = 100$?

<details><summary>Answer, when you have yours</summary>

The factor is $1 - 4\eta$. It is zero for $\eta = 1/4$: one step. For $\eta < 1/4$ it lies between 0 and 1: closer with every
step, on the same side, and slowly if $\eta$ is small. For $1/4 < \eta < 1/2$ it lies between $-1$ and 0: the steps leap across
and still shrink. At $\eta = 1/2$ it is $-1$, and $w$ leaps back and forth for ever; beyond, the loss grows without bound.

With $a = 100$ beside it, $\eta$ must stay below $2/100$, and then the first direction still has more than 92 % of its distance
left after every step. One rate must serve the steepest direction, and the flattest one pays for it: this is what Problem set 8 (optimizers) cures.

</details>
"""

# %% [markdown]
r"""
## 3. Batches (7 points)

How many examples does a step look at?

- **Batch** gradient descent takes all $N$: the exact gradient of the objective, and one step for a walk through all the data.
- **Stochastic** gradient descent takes one: $N$ steps for the same walk, each in a noisy direction.
- **Mini-batch** gradient descent takes $b$ of them, 32 or 64, say: the noise of an average over $b$.

All three are one function with another `batch_size`. One walk through all examples is an **epoch**:

1. Draw a **random order** of the $N$ examples, a new one for every epoch.
2. Cut it into pieces of `batch_size`. The **last piece holds what is left**: no example is dropped, and none comes twice.
3. Each piece is a batch: the rows of `X`, and beside them **the entries of `y` that belong to them**.

**By hand.** Five examples with `batch_size=2`. Say the order drawn is $3, 0, 4, 1, 2$. Then the batches are the examples $(3, 0)$,
$(4, 1)$ and $(2)$, each with its targets. If `batch_size` is larger than $N$, there is one batch, of all examples.

**Random numbers** come from `rng`, a `numpy.random.Generator`, and from nowhere else: a generator in the same state gives the
same order, and the next call with the same generator another one. How you use it is up to you.

Return a list of pairs: whoever uses it writes `for x, t in iterate_minibatches(…)`. Each batch is a **copy**, so that whoever
changes it does not change the data. (A library would hand out one batch at a time, with Python's `yield`, to save memory. Should
you know generators and like them: write one as a helper, and return `list(…)` of it.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "iterate_minibatches", "locked": false, "schema_version": 3, "solution": true, "task": false}
def iterate_minibatches(X, y, batch_size, *, rng):
    """Go through all examples once, in random order, a batch at a time.

    Parameters
    ----------
    X : array (N, D)
        One example in each row, N ≥ 1.
    y : array (N,) or (N, M)
        The target of each example. X and y are left as they are.
    batch_size : int
        Examples in a batch, at least 1; the last batch holds what is left.
    rng : numpy.random.Generator
        Draws the order.

    Returns
    -------
    list of pairs (x, t)
        Rows of X, and the targets that belong to them: new arrays.

    Notes
    -----
    Deck 003, "Three flavors of gradient descent".

    >>> X, y = np.arange(10.0).reshape(5, 2), np.arange(5)
    >>> [len(x) for x, t in iterate_minibatches(X, y, 2, rng=np.random.default_rng(0))]
    [2, 2, 1]
    """
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        batches.append((X[rows], y[rows]))
    return batches
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_iterate_minibatches", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_iterate_minibatches = Check("iterate_minibatches", points={"batches": 4, "order": 2, "arguments": 1})


def test_pairs(X, y, batch_size, seed=7):
    "Call with a generator in some state; give the list of batches, if they are pairs."
    epoch = iterate_minibatches(X.copy(), y.copy(), batch_size, rng=np.random.default_rng(seed))
    test_iterate_minibatches.that(epoch is not None, "iterate_minibatches returned None: is a return missing?")
    epoch = list(epoch)
    pairs = all(len(batch) == 2 for batch in epoch)
    test_iterate_minibatches.that(pairs, "Each batch is a pair: some rows of X, and their targets.")
    return epoch


def test_five():
    "Run the visible example."
    X, y = np.array([[0.0, 0.5], [1.0, 1.5], [2.0, 2.5], [3.0, 3.5], [4.0, 4.5]]), np.array([0, -10, -20, -30, -40])
    return test_pairs(X, y, 2)


@test_iterate_minibatches(part="batches")
def test_sizes_by_hand():
    "batches: five examples, two at a time: two whole batches, and what is left."
    test_iterate_minibatches.close("the list of batch sizes", [len(x) for x, _ in test_five()], [2, 2, 1])


@test_iterate_minibatches(part="batches")
def test_each_once_by_hand():
    "batches: each of the five comes exactly once, with its own target."
    rows = np.concatenate([np.column_stack([x, np.asarray(t)]) for x, t in test_five()])
    sorted_rows = rows[np.argsort(rows[:, 0], kind="stable")]
    expected = [[k, k + 0.5, -10 * k] for k in range(5)]
    test_iterate_minibatches.close("X with y beside it, sorted,", sorted_rows, np.array(expected))


@test_iterate_minibatches(part="order")
def test_order_by_hand():
    "order: rng decides it, and nothing else."
    X, y = np.arange(30.0).reshape(30, 1), np.arange(30)
    first, again, other = (np.concatenate([x[:, 0] for x, _ in test_pairs(X, y, 4, seed=s)]).tolist() for s in (1, 1, 2))
    test_iterate_minibatches.that(first == again, "A generator in the same state should give the same order again.")
    test_iterate_minibatches.that(first != other, "A generator in another state should give another order: yours is the same.")
    test_iterate_minibatches.that(first != sorted(first), "Your examples come in the order of the data.")


@test_iterate_minibatches(part="arguments")
def test_batches_arguments():
    "arguments: X and y stay as they are, and every batch is new."
    X, y = np.arange(12.0).reshape(6, 2), np.arange(6.0)
    for size in (4, 6):
        epoch = test_iterate_minibatches.call(
            lambda X, y, size: iterate_minibatches(X, y, size, rng=np.random.default_rng(7)), X, y, size
        )
        listed = isinstance(epoch, (list, tuple))
        test_iterate_minibatches.that(listed, "iterate_minibatches returns a list of pairs (collect a generator with list).")


### BEGIN HIDDEN TESTS
from misconceptions import iterate_minibatches as test_bank
from oracles import BATCHES as test_oracles

test_iterate_minibatches.misconceptions = test_bank
test_rng = test_iterate_minibatches.rng


def test_batches_case(part, about, experiment):
    "Compare with examples that are drawn out of a hat, one after the other."

    def test():
        test_iterate_minibatches.compare(iterate_minibatches, test_oracles.right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_iterate_minibatches.hidden(test, part=part)


test_batches_case("batches", "a last batch that is short.", test_oracles.sizes(test_rng, 13, 4))
test_batches_case("batches", "no example left over.", test_oracles.sizes(test_rng, 12, 4))
test_batches_case("batches", "one example at a time.", test_oracles.sizes(test_rng, 5, 1))
test_batches_case("batches", "all at once, and more than there are.", test_oracles.sizes(test_rng, 7, 10))
test_batches_case("batches", "a single example.", test_oracles.sizes(test_rng, 1, 3))
test_batches_case("batches", "every example once an epoch, with its own target.", test_oracles.whole_epochs(test_rng))
test_batches_case("order", "a new order each epoch, drawn from rng.", test_oracles.orders(test_rng))
test_batches_case("order", "examples meet in every combination.", test_oracles.company(test_rng))
test_batches_case("arguments", "what your caller holds stays as it is.", test_oracles.arguments(test_rng))


@test_iterate_minibatches.hidden(part="batches")
def test_targets_of_two_columns():
    "batches: targets that are rows themselves."
    X, y = test_rng.normal(size=(7, 3)), test_rng.normal(size=(7, 2))
    epoch = test_pairs(X, y, 3, seed=test_rng.integers(2**32))
    found = np.concatenate([np.column_stack([x, t]) for x, t in epoch])
    expected = np.column_stack([X, y])
    test_iterate_minibatches.that(found.shape == expected.shape, "Some of the targets' columns are missing.")
    order = [rows[np.argsort(rows[:, 0])] for rows in (found, expected)]
    test_iterate_minibatches.close("X with y beside it", *order)


### END HIDDEN TESTS
test_iterate_minibatches.score()

# %% [markdown]
r"""
### An epoch, or a lottery?

Deck 004 writes mini-batch gradient descent without epochs: in every step, "randomly sample a batch of training examples".

**Exercise (no points).** With $N = 1000$ and batches of $b = 10$, you take $N/b = 100$ steps in the deck's way, each with 10
different examples drawn from all the 1000. How probable is it that a given example is never looked at? How is that in an epoch
of yours? And the gradient: is it right on average in both?

<details><summary>Answer, when you have yours</summary>

One step misses the example with probability $1 - b/N = 0.99$, and all hundred of them with $0.99^{100} \approx 0.366$, nearly
$1/e$. More than a third of the examples are not seen, while others come two or three times. In an epoch it is zero, by
construction. On average over the draws, the gradient of a random batch is that of all examples in both; the epoch only takes care
that the draws of one walk complement each other.

</details>

### Mean or sum?

Decks 000, 003 and 004 add the losses of the examples up; this course takes their mean. For a sum, the gradient of a batch is $b$
times as long, and so is the step. Whoever doubles the batch then doubles the step without a word, and the short last batch
takes a short one. With the mean, $\eta$ has the same meaning for every batch size.
"""

# %% [markdown]
r"""
## 4. Evaluation (5 points)

How good is the network on a set of examples? The set may be too large to go through at once, so it is done in batches, this
time in the order of the data, and nothing is learned. The mean over all $N$ examples is

$$\frac1N \sum_{n=1}^N \ell_n = \frac1N \sum_{\text{batches}} b_k\, \bar\ell_k ,$$

where $\bar\ell_k$ is the mean loss of batch $k$, and $b_k$ its number of examples. It is not the mean of the $\bar\ell_k$: the last
batch may be short, and its examples must not count for more than the others. The **accuracy** is the share of the examples whose
largest logit is that of the right class. (A *logit* is the score that a network gives to a class, before the softmax.)

**By hand.** Three examples with losses $1, 2, 6$, and `batch_size=2`. The batches have mean losses $1.5$ and $6$, so that the loss is
$(2 \cdot 1.5 + 1 \cdot 6)/3 = 3$, not $(1.5 + 6)/2 = 3.75$. If the first and the third are classified rightly, the accuracy is
$2/3$, not $(\frac12 + 1)/2 = 3/4$.

You are given two functions: `predict(x)` gives the logits of some examples, an array with a row for each example and a column
for each class; `loss(logits, t)` gives the **mean** loss of these examples, a number. No call gets more than `batch_size`
examples, and all batches but the last get exactly that many.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "evaluate", "locked": false, "schema_version": 3, "solution": true, "task": false}
def evaluate(predict, loss, X, y, batch_size):
    r"""Measure loss and accuracy on a set of examples, in batches.

    Parameters
    ----------
    predict : function
        From examples (b, D) to logits (b, C).
    loss : function
        From logits (b, C) and classes (b,) to the mean loss of these b examples.
    X : array (N, D)
        N ≥ 1 examples.
    y : array (N,) of int
        Their classes, from 0 to C - 1.
    batch_size : int
        Examples in a batch, at least 1; the last batch holds what is left.

    Returns
    -------
    loss : float
        The mean loss over all N examples.
    accuracy : float
        The share of them, from 0 to 1, whose largest logit is that of their class.

    Notes
    -----
    Use the sizes of the batches: they need not all be the same.

    >>> one_minus = lambda logits, t: float(np.mean(1 - logits[np.arange(len(t)), t]))
    >>> logits = np.array([[0.0, -1.0], [0.0, -1.0], [-5.0, -9.0]])
    >>> mean_loss, accuracy = evaluate(lambda x: x, one_minus, logits, np.array([0, 1, 0]), batch_size=2)
    >>> round(float(mean_loss), 3), round(float(accuracy), 3)
    (3.0, 0.667)
    """
    ### BEGIN SOLUTION
    total, right = 0.0, 0
    for start in range(0, len(X), batch_size):
        x, t = X[start : start + batch_size], y[start : start + batch_size]
        logits = predict(x)
        total += len(x) * loss(logits, t)
        right += np.sum(logits.argmax(axis=1) == t)
    return total / len(X), right / len(X)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_evaluate", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_evaluate = Check("evaluate", points={"loss": 2, "accuracy": 2, "batches": 1})


def test_measure(answer, *arguments):
    "Call an answer; give its two results, if there are two."
    found = answer(*arguments)
    two = isinstance(found, (tuple, list)) and len(found) == 2
    test_evaluate.that(two, "evaluate returns two numbers, in this order: the loss and the accuracy.")
    return found


def test_three():
    "Run the visible example; note how many rows predict is given."
    logits, rows = np.array([[0.0, -1.0], [0.0, -1.0], [-5.0, -9.0]]), []

    def predict(x):
        rows.append(len(x))
        return np.array(x)

    def loss(logits, t):
        return float(np.mean([1 - row[int(k)] for row, k in zip(logits, t, strict=True)]))

    return *test_measure(evaluate, predict, loss, logits, np.array([0, 1, 0]), 2), rows


@test_evaluate(part="loss")
def test_loss_by_hand():
    "loss: three examples in batches of two, with losses 1, 2 and 6."
    test_evaluate.close("the loss", test_three()[0], 3.0)


@test_evaluate(part="accuracy")
def test_accuracy_by_hand():
    "accuracy: the first and the third are right."
    test_evaluate.close("the accuracy", test_three()[1], 2 / 3)


@test_evaluate(part="batches")
def test_rows_by_hand():
    "batches: the most examples that predict is given at once."
    loss, _, rows = test_three()
    test_evaluate.close("the largest number of rows", max(rows, default=0), 2)
    test_evaluate.that(loss > 0, f"The loss of these examples is positive; yours is {loss}.")


### BEGIN HIDDEN TESTS
from misconceptions import evaluate as test_bank
from oracles import EVALUATION as test_oracles

test_evaluate.misconceptions = test_bank
test_rng = test_evaluate.rng
test_names = {
    "loss": ["the loss"],
    "accuracy": ["the accuracy"],
    "batches": ["the most rows that predict gets at once", "the sign of the loss"],
}


def test_evaluate_part(part, about, experiment):
    "Compare one of the results."

    def test():
        test_evaluate.compare(evaluate, test_oracles.right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_evaluate.hidden(test, part=part)


def test_evaluate_case(about, *sizes, classes=3):
    "Compare each result with that of one example at a time."
    experiment = test_oracles.measure(test_rng, *sizes, classes)
    for part, names in test_names.items():
        test_evaluate_part(part, about, test_oracles.only(names, experiment))


test_evaluate_case("a last batch that is short.", 17, 4)
test_evaluate_case("no example left over.", 12, 4, classes=4)
test_evaluate_case("as many examples in a batch as classes.", 13, 3)
test_evaluate_case("one example at a time.", 7, 1, classes=2)
test_evaluate_case("all of them at once, and more than there are.", 11, 20, classes=5)


@test_evaluate.hidden(part="batches")
def test_evaluate_leaves():
    "batches: what your caller holds stays as it is."
    test_evaluate.compare(evaluate, test_oracles.right, test_oracles.arguments(test_rng))


### END HIDDEN TESTS
test_evaluate.score()

# %% [markdown]
r"""
## 5. When to stop (4 points)

"Do until stopping criterion", says deck 004, and does not say which. Here is a simple one. The **improvement** of an epoch is
how much lower its loss is than that of the epoch before,

$$\Delta_k = E_{k-1} - E_k ,$$

negative where the loss has risen. The epoch is *slow* if $\Delta_k$ is **smaller than** the `tolerance`. A training has converged
when **each of its last `patience` epochs was slow**. One slow epoch may be an accident; a few in a row are a sign.

The first epoch has no improvement, as nothing came before it. So no training has converged before it has `patience` + 1 losses.

**By hand.** `tolerance=0.5`, `patience=2`:

| epoch | loss | improvement | slow? | converged after it? |
|---|---|---|---|---|
| 1 | 8 | – | – | no |
| 2 | 5 | 3 | no | no |
| 3 | 4.75 | 0.25 | yes | no |
| 4 | 4 | 0.75 | no | no |
| 5 | 3.5 | 0.5 | no, equal to the tolerance | no |
| 6 | 3.25 | 0.25 | yes | no |
| 7 | 3.125 | 0.125 | yes | **yes** |

(This looks at the *training* loss and asks whether there is anything left to gain. Early stopping, in Problem set 9
(regularisation), looks at the *validation* loss and asks whether training has begun to do harm.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "has_converged", "locked": false, "schema_version": 3, "solution": true, "task": false}
def has_converged(losses, tolerance, patience):
    r"""Tell whether each of the last epochs has improved the loss by less than the tolerance.

    Parameters
    ----------
    losses : list of float
        The losses of the epochs so far, the newest last; it may be empty. It is left as it is.
    tolerance : float
        The improvement :math:`E_{k-1} - E_k` below which an epoch is slow, in the unit of the loss.
    patience : int
        How many slow epochs in a row it takes, at least 1.

    Returns
    -------
    bool

    Notes
    -----
    Deck 004, "Mini-batch Gradient Descent (GD)": "do until stopping criterion".

    >>> [bool(has_converged(losses, 0.5, patience=2)) for losses in ([8.0, 5.0, 4.75], [8.0, 5.0, 4.75, 4.5])]
    [False, True]
    """
    ### BEGIN SOLUTION
    if len(losses) <= patience:
        return False
    recent = losses[-patience - 1 :]
    return all(before - after < tolerance for before, after in zip(recent, recent[1:]))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_has_converged", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_has_converged = Check("has_converged", points=4)


@test_has_converged
def test_converged_by_hand():
    "The table above: tolerance 0.5, patience 2."
    losses = [8.0, 5.0, 4.75, 4.0, 3.5, 3.25, 3.125]
    for epoch in range(1, 8):
        said = has_converged(losses[:epoch], 0.5, 2)
        test_has_converged.that(said is not None, "has_converged returned None: is a return missing?")
        test_has_converged.that(
            isinstance(said, (bool, np.bool_)), f"has_converged returns True or False, not {said!r}."
        )
        test_has_converged.that(
            bool(said) == (epoch == 7), f"has_converged returned {said} after epoch {epoch} of the table."
        )


### BEGIN HIDDEN TESTS
from misconceptions import has_converged as test_bank
from oracles import STOPPING as test_oracles

test_has_converged.misconceptions = test_bank
test_rng = test_has_converged.rng


def test_story(name):
    "Compare what is said after each epoch of a training."
    experiment = test_oracles.tell(test_rng, name)

    def test():
        test_has_converged.compare(has_converged, test_oracles.right, experiment)

    test.__doc__ = f"{name[0].upper()}{name[1:]}."
    test_has_converged.hidden(test)


for test_name in test_oracles.stories:
    test_story(test_name)


@test_has_converged.hidden
def test_no_epoch_yet():
    "Before the first epoch, and with a tolerance that nothing is below."
    test_has_converged.that(
        not has_converged([], 0.5, 1), "A training that has not begun has not converged."
    )
    test_has_converged.that(
        not has_converged([3.0, 3.0, 4.0, 5.0], -np.inf, 1), "No improvement is smaller than minus infinity."
    )


@test_has_converged.hidden
def test_converged_leaves():
    "The list of losses stays as it is."
    test_has_converged.compare(has_converged, test_oracles.right, test_oracles.leaves(test_rng))


### END HIDDEN TESTS
test_has_converged.score()

# %% [markdown]
r"""
## 6. Schedules: a rate that falls by steps (3 points)

Near the minimum, the noise of the batches throws the parameters about by as much as the rate lets it. So one starts with a large
rate, which covers the way, and lets it fall, which calms the noise. A **schedule** gives the learning rate as a function of the
step $t = 1, 2, 3, \dots$, counted from 1 at the very first step of the training and on through all epochs.

It is a function of $t$ and of nothing else: asked twice for the rate of step 7, it gives the same answer twice, whatever was
asked before.

**Step decay** keeps the rate for $n$ steps (`every`), multiplies it by $\gamma$ (`factor`), keeps that for $n$ steps, and so on:

$$\eta_t = \eta\, \gamma^{\lfloor (t-1)/n \rfloor} ,$$

where $\lfloor x \rfloor$ is the largest whole number that is not above $x$. Why $t - 1$? Because before step $t$, $t - 1$
steps are done, and the rate falls each time that $n$ more are done.

**By hand.** $\eta = 0.8$, $n = 2$, $\gamma = 0.5$:

| $t$ | 1 | 2 | 3 | 4 | 5 |
|---|---|---|---|---|---|
| $\lfloor (t-1)/2 \rfloor$ | 0 | 0 | 1 | 1 | 2 |
| $\eta_t$ | 0.8 | 0.8 | 0.4 | 0.4 | 0.2 |
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "step_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def step_decay(t, learning_rate, every, factor):
    r"""Give the rate of step t, :math:`\eta_t = \eta\, \gamma^{\lfloor (t-1)/n \rfloor}`.

    Parameters
    ----------
    t : int
        The step, from 1.
    learning_rate : float
        :math:`\eta`, the rate of the first step.
    every : int
        n ≥ 1, how many steps one level lasts.
    factor : float
        :math:`\gamma` between 0 and 1, what is left of the rate from one level to the next.

    Returns
    -------
    float

    Notes
    -----
    Deck 004, "Learning Rate Schedule".

    >>> [step_decay(t, learning_rate=0.8, every=2, factor=0.5) for t in (1, 2, 3, 4, 5)]
    [0.8, 0.8, 0.4, 0.4, 0.2]
    """
    ### BEGIN SOLUTION
    return learning_rate * factor ** ((t - 1) // every)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_step_decay", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_step_decay = Check("step_decay", points=3)


@test_step_decay
def test_step_decay_by_hand():
    "The table above: learning rate 0.8, halved every two steps."
    for t, rate in enumerate([0.8, 0.8, 0.4, 0.4, 0.2], start=1):
        test_step_decay.close(f"the rate of step {t}", step_decay(t, 0.8, 2, 0.5), rate)


### BEGIN HIDDEN TESTS
from misconceptions import step_decay as test_bank
from oracles import SCHEDULES as test_oracles

test_step_decay.misconceptions = test_bank
test_rng = test_step_decay.rng


def test_step_decay_case(about, ts, *arguments):
    "Compare rates with those of a walk from the first step."
    experiment = test_oracles.rates(test_rng, ts, *arguments)

    def test():
        test_step_decay.compare(step_decay, test_oracles.step, experiment)

    test.__doc__ = about
    test_step_decay.hidden(test)


test_step_decay_case("Levels of four steps.", list(range(1, 14)), test_rng.uniform(0.1, 2), 4, test_rng.uniform(0.4, 0.9))
test_step_decay_case("A new level at every step.", [1, 2, 3, 4], test_rng.uniform(0.1, 2), 1, test_rng.uniform(0.2, 0.4))
test_step_decay_case("Late in a long training.", [200, 201, 400, 401, 1000], 1, 100, test_rng.uniform(0.6, 0.9))
test_step_decay_case("A factor of 1 keeps the rate.", [1, 5, 9], test_rng.uniform(0.1, 2), 3, 1)

### END HIDDEN TESTS
test_step_decay.score()

# %% [markdown]
r"""
## 7. A rate that falls at every step (2 points)

**Exponential decay** takes the same share from the rate at every step:

$$\eta_t = \eta\, \gamma^{t-1} .$$

The first step has the full rate.

**By hand.** $\eta = 0.8$, $\gamma = 0.5$: the rates are $0.8,\ 0.4,\ 0.2,\ 0.1$. In earnest $\gamma$ is close to 1: with
$\gamma = 0.999$ the rate is halved about every 693 steps, since $0.999^{693} \approx \frac12$.

(Deck 004 names this schedule and gives no formula. Some libraries write $\eta\, e^{-kt}$, which is the same curve with
$\gamma = e^{-k}$, or stretch one factor over a number of steps. Look before you copy a number from somewhere.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "exponential_decay", "locked": false, "schema_version": 3, "solution": true, "task": false}
def exponential_decay(t, learning_rate, factor):
    r"""Give the rate of step t, :math:`\eta_t = \eta\, \gamma^{t-1}`.

    Parameters
    ----------
    t : int
        The step, from 1.
    learning_rate : float
        :math:`\eta`, the rate of the first step.
    factor : float
        :math:`\gamma` between 0 and 1, what a step leaves of the rate.

    Returns
    -------
    float

    Notes
    -----
    Deck 004, "Learning Rate Schedule".

    >>> [exponential_decay(t, learning_rate=0.8, factor=0.5) for t in (1, 2, 3)]
    [0.8, 0.4, 0.2]
    """
    ### BEGIN SOLUTION
    return learning_rate * factor ** (t - 1)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_exponential_decay", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_exponential_decay = Check("exponential_decay", points=2)


@test_exponential_decay
def test_exponential_by_hand():
    "The example above: learning rate 0.8, halved at every step."
    for t, rate in enumerate([0.8, 0.4, 0.2, 0.1], start=1):
        test_exponential_decay.close(f"the rate of step {t}", exponential_decay(t, 0.8, 0.5), rate)


### BEGIN HIDDEN TESTS
from misconceptions import exponential_decay as test_bank
from oracles import SCHEDULES as test_oracles

test_exponential_decay.misconceptions = test_bank
test_rng = test_exponential_decay.rng


def test_exponential_case(about, ts, *arguments):
    "Compare rates with the product of all the factors before them."
    experiment = test_oracles.rates(test_rng, ts, *arguments)

    def test():
        test_exponential_decay.compare(exponential_decay, test_oracles.exponential, experiment)

    test.__doc__ = about
    test_exponential_decay.hidden(test)


test_exponential_case("The first steps.", list(range(1, 9)), test_rng.uniform(0.1, 2), test_rng.uniform(0.4, 0.8))
test_exponential_case("Late in a long training.", [100, 101, 500], 1, test_rng.uniform(0.98, 0.99))
test_exponential_case("A factor of 1 keeps the rate.", [1, 5, 9], test_rng.uniform(0.1, 2), 1)

### END HIDDEN TESTS
test_exponential_decay.score()

# %% [markdown]
r"""
## 8. Warm-up, then half a cosine (5 points)

The schedule of today's large networks (deck 003: "ramp η up, then anneal it down"). At the start the parameters are random and
the gradients are wild, so the rate rises for the first $n$ steps (`warmup`), in equal steps:

$$\eta_t = \frac{t}{n}\, \eta \qquad (t \le n).$$

So the first step has the rate $\eta/n$, not zero: a step of rate zero would be wasted. Step $n$ has the full rate. Then the rate
falls along half a cosine, slowly, then fast, then slowly, for $T$ steps (`steps`), to its `final` value:

$$\eta_t = \eta_\text{end} + \frac{\eta - \eta_\text{end}}{2} \left( 1 + \cos \frac{\pi \min(t - n - 1,\ T)}{T} \right)
\qquad (t > n).$$

What is in the cosine starts at $0$ with step $n + 1$, and arrives at $\pi$ with step $n + 1 + T$; from there on, the minimum
keeps it at $\pi$ and the rate at $\eta_\text{end}$. The bracket, $1 + \cos$, runs from 2 to 0: half of it runs from 1 to 0.

**By hand.** $\eta = 0.8$, $n = 2$, $T = 3$, $\eta_\text{end} = 0$. The cosines of $0$, $\pi/3$, $2\pi/3$ and $\pi$ are $1$,
$\frac12$, $-\frac12$ and $-1$:

| $t$ | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
|---|---|---|---|---|---|---|---|
| | ½ η | η | ½ (1 + 1) η | ½ (1 + ½) η | ½ (1 − ½) η | ½ (1 − 1) η | as step 6 |
| $\eta_t$ | 0.4 | 0.8 | 0.8 | 0.6 | 0.2 | 0 | 0 |

With $\eta_\text{end} = 0.4$, the last five would be $0.8,\ 0.7,\ 0.5,\ 0.4,\ 0.4$, and the first two as they are.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "warmup_cosine", "locked": false, "schema_version": 3, "solution": true, "task": false}
def warmup_cosine(t, learning_rate, warmup, steps, final=0.0):
    r"""Give the rate of step t: a linear warm-up, then half a cosine.

    .. math:: \eta_t = \frac{t}{n} \eta \quad (t \le n), \qquad
        \eta_t = \eta_\text{end} + \frac{\eta - \eta_\text{end}}{2}
        \Bigl(1 + \cos\frac{\pi \min(t - n - 1, T)}{T}\Bigr) \quad (t > n)

    Parameters
    ----------
    t : int
        The step, from 1.
    learning_rate : float
        :math:`\eta`, the full rate.
    warmup : int
        n ≥ 1, the number of steps on the way up.
    steps : int
        T ≥ 1, the number of steps on the way down.
    final : float
        :math:`\eta_\text{end}`, from 0 to the full rate: where the rate stays at the end.

    Returns
    -------
    float

    Notes
    -----
    Deck 003, "Making training generalize & stay stable". The cosine is from Loshchilov and Hutter (2017), "SGDR: stochastic
    gradient descent with warm restarts"; the warm-up from Goyal and others (2017), "Accurate, large minibatch SGD".

    >>> [round(float(warmup_cosine(t, 0.8, warmup=2, steps=3)), 4) for t in range(1, 8)]
    [0.4, 0.8, 0.8, 0.6, 0.2, 0.0, 0.0]
    """
    ### BEGIN SOLUTION
    if t <= warmup:
        return t / warmup * learning_rate
    share = (1 + np.cos(np.pi * min(t - warmup - 1, steps) / steps)) / 2
    return final + (learning_rate - final) * share
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_warmup_cosine", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_warmup_cosine = Check("warmup_cosine", points={"up": 2, "down": 3})


def test_warmup_steps(ts, rates, **named):
    "Compare the rates of some steps of the table."
    for t, rate in zip(ts, rates, strict=True):
        test_warmup_cosine.close(f"the rate of step {t}", warmup_cosine(t, 0.8, 2, 3, **named), rate)


@test_warmup_cosine(part="up")
def test_up_by_hand():
    "up: the first two steps of the table."
    test_warmup_steps([1, 2], [0.4, 0.8])


@test_warmup_cosine(part="down")
def test_down_by_hand():
    "down: the other steps of the table."
    test_warmup_steps([3, 4, 5, 6, 7], [0.8, 0.6, 0.2, 0.0, 0.0])


@test_warmup_cosine(part="down")
def test_final_by_hand():
    "down: the same with a final rate of 0.4."
    test_warmup_steps([3, 4, 5, 6, 7], [0.8, 0.7, 0.5, 0.4, 0.4], final=0.4)


### BEGIN HIDDEN TESTS
from misconceptions import warmup_cosine as test_bank
from oracles import SCHEDULES as test_oracles

test_warmup_cosine.misconceptions = test_bank
test_rng = test_warmup_cosine.rng


def test_warmup_case(part, about, ts, *arguments):
    "Compare rates with a climb in equal steps, or with a point that goes round half a circle."
    experiment = test_oracles.rates(test_rng, ts, *arguments)

    def test():
        test_warmup_cosine.compare(warmup_cosine, test_oracles.warmup, experiment)

    test.__doc__ = f"{part}: {about}"
    test_warmup_cosine.hidden(test, part=part)


def test_warmup_both(about, warmup, steps, *final):
    "Compare every step up, and every step down and some beyond."
    arguments = test_rng.uniform(1, 2), warmup, steps, *final
    up, down = list(range(1, warmup + 1)), list(range(warmup + 1, warmup + steps + 2))
    test_warmup_case("up", about, up, *arguments)
    test_warmup_case("down", about, [*down, down[-1] + 1, down[-1] + steps, down[-1] + 3 * steps], *arguments)


test_warmup_both("five steps up and seven down.", 5, 7)
test_warmup_both("down to a final rate that is not zero.", 3, 8, test_rng.uniform(0.2, 0.6))
test_warmup_both("a warm-up of a single step.", 1, 4, test_rng.uniform(0.2, 0.6))
test_warmup_both("a way down of a single step.", 6, 1)
test_warmup_case("up", "a rate that is a whole number.", [1, 2, 3], 1, 3, 5)
test_warmup_case("down", "a rate that is a whole number.", [4, 5, 6, 7, 8, 9], 1, 3, 5)

### END HIDDEN TESTS
test_warmup_cosine.score()

# %% [markdown]
r"""
### Your schedules

The next cell draws what your three functions give for 100 steps. The broad grey lines are ours, and yours should lie on them.
On the right the same rates stand on a logarithmic scale: there, exponential decay is a straight line, and step decay a
staircase with equal steps.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_schedules", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    ts = np.arange(1, 101)
    down = np.clip((ts - 21) / 70, 0, 1)
    schedules = {
        "step_decay": (lambda t: step_decay(t, 1.0, 25, 0.5), np.repeat([1.0, 0.5, 0.25, 0.125], 25)),
        "exponential_decay": (lambda t: exponential_decay(t, 1.0, 0.97), np.exp(np.log(0.97) * (ts - 1))),
        "warmup_cosine": (
            lambda t: warmup_cosine(t, 1.0, 20, 70, 0.05),
            np.where(ts <= 20, ts / 20, 0.05 + 0.95 * np.cos(np.pi / 2 * down) ** 2),
        ),
    }
    fig, axes = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
    for k, (name, (schedule, ours)) in enumerate(schedules.items()):
        yours = np.array([schedule(int(t)) for t in ts], dtype=float)
        assert np.abs(yours - ours).max() < 1e-9
        for ax in axes:
            ax.plot(ts, ours, "-", color="0.8", linewidth=7)
            ax.plot(ts, yours, ".-", color=f"C{k}", linewidth=1, markersize=4, label=f"your {name}")
    axes[0].set(title="the learning rate", xlabel="step t", ylabel="rate")
    axes[1].set(title="the same, on a logarithmic scale", xlabel="step t", yscale="log")
    axes[0].legend(fontsize="small")
    plt.show()
except Exception:
    plt.close("all")
    print("Here your three schedules will be drawn beside ours: write them, run their cells, then run this one again.")

# %% [markdown]
r"""
## 9. All together: the training loop (7 points)

Now the recipe's last line, in full:

> Start from the given parameters, with $t = 0$. Then, for at most `epochs` epochs:
>
> 1. Go through all examples in batches, in a new random order. **For each batch**: count $t$ up by one; compute loss and
>    gradients of this batch, at the parameters of this moment; take one step, with the rate `schedule(t)`.
> 2. Put the epoch's loss at the end of the history. It is the **mean over all examples**, each in the loss of its batch **as the
>    batch saw it**, before its own step.
> 3. Stop if the history has converged.
>
> Return the parameters after the last step, and the history.

The loss of point 2 costs nothing: `loss_and_gradients` gives it together with the gradients. It is the expensive part of a
training, so **call it once for each batch and nowhere else**. (As in section 4, a short batch must not count for more.)

**By hand.** The line of the set-up cell has two parameters. To keep it short, take a model with a single one, $\hat y = w$, and two
examples with targets 2 and 4. Half the mean squared error is $\frac14 \left( (w-2)^2 + (w-4)^2 \right)$ for both together; its
gradient is $w - 3$. With $\eta = 0.5$ at every step, and all examples in each batch, from $w = 0$:

| epoch | loss, before the step | gradient | $w$ after the step | improvement |
|---|---|---|---|---|
| 1 | $\frac14 (4 + 16) = 5$ | $-3$ | $1.5$ | – |
| 2 | $\frac14 (0.25 + 6.25) = 1.625$ | $-1.5$ | $2.25$ | $3.375$ |
| 3 | $\frac14 (0.0625 + 3.0625) = 0.78125$ | $-0.75$ | $2.625$ | $0.84375$ |

With `tolerance=1` and `patience=1`, training ends after the third epoch, with $w = 2.625$ and the history
$[5,\ 1.625,\ 0.78125]$.

With `batch_size=1`, the loss of a single example is $\frac12 (w - y)^2$ and its gradient $w - y$. One epoch takes two
steps. If target 2 comes first, then $w = 0$ sees loss $2$ and goes to $1$; that sees target 4 with loss $4.5$ and goes to $2.5$. The
history is $[(2 + 4.5)/2] = [3.25]$. If target 4 comes first, then $w$ goes to $2$ with loss $8$, and stays there with loss
$0$: the history is $[4]$. Which of the two happens, the random order decides.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "train", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train(
    params, loss_and_gradients, X, y, *, schedule, batch_size, epochs, rng, tolerance=-np.inf, patience=2
):
    r"""Train by gradient descent: batch, stochastic or mini-batch, as batch_size says.

    Parameters
    ----------
    params : list of arrays
        Where to start. They are left as they are, and so are X and y.
    loss_and_gradients : function
        From (params, x, t) to the mean loss of these examples, and the list of its gradients. Called once for each batch.
    X : array (N, D)
        Examples.
    y : array (N,) or (N, M)
        Their targets.
    schedule : function
        From the step t = 1, 2, 3, … to its learning rate.
    batch_size : int
        Examples in a batch, at least 1.
    epochs : int
        After how many epochs to end at the latest, at least 1.
    rng : numpy.random.Generator
        Draws the order of the examples, a new one for each epoch.
    tolerance, patience : float and int
        End after an epoch when :func:`has_converged`. With the default no training ends early, as no improvement is
        smaller than minus infinity.

    Returns
    -------
    params : list of arrays
        The parameters after the last step: new arrays.
    history : list of float
        The mean loss over the examples of each epoch, each as its batch saw it before the step.

    Notes
    -----
    Decks 000 and 001, "A Recipe for Machine Learning"; deck 004, "Mini-batch GD Algorithm".

    >>> def to_the_mean(params, x, t):
    ...     return float(np.mean((params[0] - t) ** 2) / 2), [np.array([np.mean(params[0] - t)])]
    >>> params, history = train([np.array([0.0])], to_the_mean, np.zeros((2, 1)), np.array([2.0, 4.0]),
    ...                         schedule=lambda t: 0.5, batch_size=2, epochs=2, rng=np.random.default_rng(0))
    >>> params, [float(loss) for loss in history]
    ([array([2.25])], [5.0, 1.625])
    """
    ### BEGIN SOLUTION
    t, history = 0, []
    for _ in range(epochs):
        total = 0.0
        for x, target in iterate_minibatches(X, y, batch_size, rng=rng):
            t += 1
            loss, grads = loss_and_gradients(params, x, target)
            params = sgd_step(params, grads, schedule(t))
            total += len(x) * loss
        history.append(total / len(X))
        if has_converged(history, tolerance, patience):
            break
    return params, history
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_train", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_train = Check("train", points={"steps": 3, "history": 1, "stopping": 2, "arguments": 1})

### BEGIN HIDDEN TESTS
from oracles import BATCHES as test_carried_batches
from oracles import STEP as test_carried_step
from oracles import STOPPING as test_carried_stopping

test_train.carry(
    iterate_minibatches=test_carried_batches.right,
    sgd_step=test_carried_step.right,
    has_converged=test_carried_stopping.right,
)
### END HIDDEN TESTS


def test_run(answer, *arguments, **named):
    "Call an answer; give its two results, if they are a list of arrays and a history."
    found = answer(*arguments, **named)
    two = isinstance(found, (tuple, list)) and len(found) == 2 and isinstance(found[0], (tuple, list))
    two = two and isinstance(found[1], (tuple, list, np.ndarray))
    test_train.that(two, "train returns two lists, in this order: the parameters, and the history.")
    test_train.that(len(found[0]) == len(arguments[0]), "train returns one array for each parameter.")
    return found


def test_two_targets(**named):
    "Train the visible example: targets 2 and 4, and a single parameter."

    def loss_and_gradients(params, x, t):
        return float(np.mean((params[0] - t) ** 2) / 2), [np.array([np.mean(params[0] - t)])]

    data = [np.array([0.0])], loss_and_gradients, np.zeros((2, 1)), np.array([2.0, 4.0])
    return test_run(train, *data, schedule=lambda t: 0.5, rng=np.random.default_rng(3), **named)


@test_train(part="steps")
def test_train_by_hand():
    "steps: three epochs with all examples in each batch."
    (w,), _ = test_two_targets(batch_size=2, epochs=3)
    test_train.close("w", w, [2.625])


@test_train(part="history")
def test_history_by_hand():
    "history: the losses of these three epochs."
    _, history = test_two_targets(batch_size=2, epochs=3)
    test_train.close("the history", history, [5.0, 1.625, 0.78125])


@test_train(part="stopping")
def test_stopping_by_hand():
    "stopping: tolerance 1 and patience 1 end it after the third of ten epochs."
    (w,), history = test_two_targets(batch_size=2, epochs=10, tolerance=1.0, patience=1)
    test_train.close("the number of epochs in the history", len(history), 3)
    test_train.close("w", w, [2.625])


@test_train(part="steps")
def test_stochastic_by_hand():
    "steps: one epoch with one example at a time, in either order."
    (w,), _ = test_two_targets(batch_size=1, epochs=1)
    first = np.shape(w) == (1,) and abs(w[0] - 2.5) < abs(w[0] - 2.0)
    test_train.close("w", w, [2.5] if first else [2.0])


@test_train(part="arguments")
def test_train_arguments():
    "arguments: the arrays that you are given stay as they are."
    X, y = np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3.0, 5.0])
    named = {"schedule": lambda t: 0.1, "batch_size": 2, "epochs": 2, "rng": np.random.default_rng(3)}
    start = [np.array([1.0]), np.array([2.0])]
    found = test_train.call(lambda params, X, y: train(params, line_loss, X, y, **named), start, X, y)
    test_train.that(isinstance(found, (tuple, list)) and len(found) == 2, "train returns the parameters and the history.")


### BEGIN HIDDEN TESTS
from misconceptions import train as test_bank
from oracles import TRAINING as test_oracles

test_train.misconceptions = test_bank
test_rng = test_train.rng
test_results = {"steps": ["W after training", "b after training"], "history": ["history"]}


def test_train_case(part, about, experiment):
    "Compare with a ledger of all steps."

    def test():
        test_train.compare(train, test_oracles.right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_train.hidden(test, part=part)


def test_train_both(about, experiment):
    "Compare the parameters, and the history, of one training."
    for part, names in test_results.items():
        test_train_case(part, about, test_oracles.only(names, experiment))


test_train_both("all examples in each batch, and a rate that changes.", test_oracles.full_batches(test_rng, 4))
test_train_both("a single epoch.", test_oracles.full_batches(test_rng, 1))
test_train_both("batches, and a last one that is short.", test_oracles.on_a_plane(test_rng, 11, 4, 3))
test_train_both("one example at a time.", test_oracles.on_a_plane(test_rng, 5, 1, 2))

test_watched = test_oracles.watched(test_rng)
test_train_case("steps", "each step follows its own batch.", test_oracles.only(test_oracles.step_names, test_watched))
test_train_case("history", "each example as its batch saw it.", test_oracles.only(test_oracles.history_names, test_watched))

for test_name in test_oracles.stories:
    test_train_case("stopping", f"{test_name}.", test_oracles.scripted(test_rng, test_name))
test_train_case(
    "stopping", "the epochs run out before it converges.", test_oracles.scripted(test_rng, next(iter(test_oracles.stories)), 3)
)
test_train_case("arguments", "whole numbers.", test_oracles.whole_numbers(test_rng))
test_train_case("arguments", "what your caller holds stays as it is.", test_oracles.arguments(test_rng))

### END HIDDEN TESTS
test_train.score()

# %% [markdown]
r"""
### Your training, with three batch sizes

The next cell fits a line to 64 noisy points, with your `train`. On the left is the way of the two parameters over the hills of the
loss. On the right is how far the loss of all examples lies above the lowest possible (on a logarithmic scale): faint after each
step, strong on average over each epoch. The broad grey lines are ours, for batch gradient descent, worked out from its matrix.
Compare what the same number of epochs buys:

- with **all 64** examples in a batch the way is smooth, but each epoch is a single step;
- with **8**, the same epochs have eight times as many steps. They cover the way quickly, and then hover;
- with **1**, the way is there at once, and hovers widely: the rate is too large to come to rest;
- with **1 and your `warmup_cosine`**, the rate falls, the noise falls with it, and the curve goes on down.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    noise = np.random.default_rng(7)
    X_line = noise.normal(0.5, 1.0, size=(64, 1))
    y_line = 1.5 * X_line[:, 0] - 0.5 + 0.8 * noise.normal(size=64)
    columns = np.column_stack([X_line[:, 0], np.ones(64)])
    best = np.linalg.lstsq(columns, y_line, rcond=None)[0]

    def way(schedule, batch_size, epochs=30):
        points, seen, losses, steps = [], [], [], epochs * 64 // batch_size

        def noting(params, x, t):
            loss, grads = line_loss(params, x, t)
            points.append(np.concatenate(params))
            seen.extend(x[:, 0])
            losses.append(loss)
            return loss, grads

        start, rng, asked = [np.array([-1.0]), np.array([2.0])], np.random.default_rng(7), []
        named = {"schedule": lambda t: (asked.append(t), schedule(t))[1], "batch_size": batch_size, "epochs": epochs, "rng": rng}
        params, history = train(start, noting, X_line, y_line, **named)
        assert sorted(set(asked)) == list(range(1, steps + 1))
        assert np.allclose(history, np.reshape(losses, (epochs, -1)).mean(axis=1))
        assert seen[:64] != seen[64:128]
        assert start[0] == -1
        return np.array([*points, np.concatenate(params)])

    def excess(way):
        return np.mean((columns @ (way - best).T) ** 2, axis=0) / 2

    ours, hessian = [np.array([-1.0, 2.0])], columns.T @ columns / 64
    for _ in range(30):
        ours.append(ours[-1] - 0.15 * hessian @ (ours[-1] - best))
    ways = {
        "all 64": way(lambda t: 0.15, 64),
        "8": way(lambda t: 0.15, 8),
        "1": way(lambda t: 0.15, 1),
        "1, warmup_cosine": way(lambda t: warmup_cosine(t, 0.15, 64, 64 * 29), 1),
    }
    assert np.abs(ways["all 64"] - np.array(ours)).max() < 1e-9
    assert all(excess(way)[-20:].mean() < 0.2 for way in ways.values())
    fig, axes = plt.subplots(1, 2, figsize=(12, 4), layout="constrained", width_ratios=[2, 3])
    a, b = np.meshgrid(np.linspace(-1.3, 3, 90), np.linspace(-1.9, 2.2, 90))
    hills = excess(np.column_stack([a.ravel(), b.ravel()])).reshape(a.shape)
    axes[0].contour(a, b, hills, levels=[0.05, 0.2, 0.5, 1, 2, 3.5, 5.5, 8], colors="0.85", linewidths=1)
    axes[0].plot(*np.array(ours).T, "-", color="0.75", linewidth=7)
    axes[1].semilogy(range(31), excess(np.array(ours)), "-", color="0.75", linewidth=7, label="ours, all 64")
    for k, (name, yours) in enumerate(ways.items()):
        color, last = f"C{[2, 0, 1, 3][k]}", len(yours) if k < 2 else 200
        axes[0].plot(*yours[:last].T, ".-", color=color, linewidth=0.9, markersize=3, zorder=4 - k)
        epochs, heights = np.arange(len(yours)) / (len(yours) - 1) * 30, excess(yours) + 1e-9
        means = heights[:-1].reshape(30, -1).mean(axis=1)
        if k:
            axes[1].semilogy(epochs, heights, color=color, linewidth=0.7, alpha=0.3)
            epochs, heights = np.arange(30) + 0.5, means
        axes[1].semilogy(epochs, heights, color=color, linewidth=1.8, label=f"yours, {name}")
    axes[0].plot(*best, "k+", markersize=11, zorder=9)
    axes[0].set(title="the way of your training", xlabel="slope $w$", ylabel="intercept $b$")
    axes[1].set(title="the loss of all examples, above the lowest", xlabel="epoch", ylim=(1e-6, 20))
    axes[1].legend(title="batch size", fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    plt.show()
except Exception:
    plt.close("all")
    print("Here your training will find its way: write train and what it uses, run their cells, then run this one again.")

# %% [markdown]
r"""
## 10. In your own words (4 points)

Answer both parts in a few sentences each (marked by hand).

**(a)** Three people train the same network on the same data with mini-batches, and show you their training losses, epoch by epoch.
*A*: falls by the same small amount in every epoch, as straight as a ruler, and is still high at the end. *B*: 0.7, 0.9, 4, 60, then
NaN. *C*: falls quickly, then goes up and down about the same level for a long time. Say for each what is the probable cause, and
what you would change. (2 points)

**(b)** There are $N = 10\,000$ examples. Compare an epoch of batch gradient descent with one in batches of $b = 100$: how many
steps does each take, and how does the work of a single step compare? By about which factor is the gradient of a batch of 100 less
noisy than that of a single example? Why is that noise a trouble at the end of the training more than at its start, and what
does a schedule do about it? (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_loss_curves", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r"""
**(a)** *A*: the learning rate is too small. Every step goes in a good direction and hardly moves; take a rate that is several
times as large (3 or 10), as long as the loss still falls. *B*: the rate is too large. The steps leap over the valley and higher up
on the other side each time, until the numbers overflow; divide the rate by 3 or 10 (or warm up, if only the first steps are too
wild). (1 point for both, with cause and change) *C*: the training has come as close as the noise of its batches lets it at this
rate. The steps still throw the parameters about by something that grows with the rate and shrinks with the batch. Let the rate
fall from here on (a schedule), or take larger batches; if the loss does not fall then either, it has converged. (1 point)

**(b)** Batch gradient descent takes 1 step an epoch, batches of 100 take $10\,000/100 = 100$ steps. A step costs about a
hundredth, since the work grows with the number of examples: an epoch costs about the same in both, and buys a hundred times as
many steps. The mean of 100 independent examples has a standard deviation smaller by $\sqrt{100} = 10$. (1 point) At the
start the gradient is long, and the noise small beside it: the noisy step still goes downhill. Near the minimum the mean gradient
goes to zero while the differences between the examples stay, so that a step is nearly all noise, of length about $\eta$ times
the noise. With constant $\eta$ the parameters hover. A schedule lets $\eta$ fall when it is no longer needed to cover the way,
and the hovering shrinks with it. (1 point)
"""

# %% [markdown]
r"""
## Where next

- Lecture 5 shows batches live: the noise of the gradient as you change the batch size. Lecture 6 lets you bend a schedule while a
  network trains.
- In the library, `course.training.fit` is your `train` with a network in it, `course.training.minibatches` your batches, and
  `course.schedules` has your schedules as classes. Read `fit`: you will know it.
- Problem set 8 (optimizers) replaces `sgd_step` by steps that remember, and Problem set 9 (regularisation) asks when to stop
  *before* the training has converged.
"""
