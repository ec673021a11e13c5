# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.layers, course.autodiff.tape]
#     skip: [picture_training]
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
r"""
# Problem set 6: the multilayer perceptron

**50 points.** You write backpropagation by hand, one layer at a time, and at the end you train a network with it.

**What you will be able to do**

- run a linear layer forward and backward, and say why each product stands in the order it does;
- take the derivative of sigmoid, tanh and ReLU from the value you already have, with no exponential in the backward pass;
- carry the local errors δ from the output down to the first layer, with one rule for the output and one for the rest;
- read a formula in another convention (columns in place of rows) and get the same numbers out of it;
- put the pieces together into an `MLP` that gives its loss and every gradient, and train it.

| you write | points |
|---|---|
| `linear_forward` | 5 |
| `linear_backward` | 10 |
| `activation_backward` | 8 |
| `deltas` | 9 |
| `column_step` | 5 |
| `MLP` | 9 |
| a written answer | 4 |

The lecture behind this set is [Lecture 3](../../lectures/L03_backpropagation.ipynb) (reverse mode, layers as modules). Every check below runs offline in a moment;
more tests of the same ideas run when your notebook is graded.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

np.set_printoptions(precision=4, suppress=True)

# %% [markdown]
r"""
## The idea: a layer is a module with two directions

A network is a chain of layers. On the way **forward** a layer takes its input and its parameters and gives its output.
On the way **back** it is handed one more thing, the gradient of the loss with respect to its output, `g_out`, and it
gives two more: the gradient with respect to its input, `g_in`, and the gradient with respect to its parameters.

    forward     X ──►  layer  ──► Z           kept for the way back: X
    backward  g_in ◄── layer  ◄── g_out       and, on the side, dW and db

A layer's `g_in` is the `g_out` of the layer below it. That is all of backpropagation: no layer needs to know what stands
above or below, and every product of derivatives is computed once and used by all the layers underneath.

**How we write it.** Examples are rows: `X` is (N, D), `W` is (D, M), and a linear layer gives the *pre-activations*
$A = XW + b$, of shape (N, M). An activation function turns them into the *activations* $z = g(a)$. The loss is the mean
over the N examples. A gradient always has the shape of the thing that it is the gradient of.

**What you write** gives back new arrays of floats (float64, as NumPy makes them), even where an argument holds whole
numbers, and leaves the arrays that it is given as they are.
"""

# %% [markdown]
r"""
## A worked example: two layers, by hand

This is the two-layer tanh network of deck 002, with numbers that you can follow with a pencil. Two of them are chosen
so that tanh comes out even: $\tanh(\ln 2) = 0.6$ and $\tanh(-\ln 3) = -0.8$.

One example, $x = (2,\ 1)$, with target $y = -0.5$. The parameters, with $p = \ln 2$ and $q = \ln 3$:

$$W^{(1)} = \begin{pmatrix} p & 0 \\ -2p & -q \end{pmatrix}, \quad b^{(1)} = (p,\ 0), \qquad
W^{(2)} = \begin{pmatrix} 1 \\ 2 \end{pmatrix}, \quad b^{(2)} = 1.$$

**Forward**, keeping everything:

| step | | deck 002 calls it |
|---|---|---|
| input | $x = (2,\ 1)$ | $x_0$ |
| linear | $a^{(1)} = (2p - 2p + p,\ -q) = (\ln 2,\ -\ln 3)$ | $x_1$ |
| tanh | $z^{(1)} = (0.6,\ -0.8)$ | $x_2$ |
| linear | $\hat y = 0.6 \cdot 1 - 0.8 \cdot 2 + 1 = 0$ | $x_3$ |
| loss | $E = \tfrac12 (\hat y - y)^2 = \tfrac12 \cdot 0.5^2 = 0.125$ | $\mathcal L$ |

**Backward**, one line for each arrow:

1. The loss: $\partial E / \partial \hat y = \hat y - y = 0.5$. The output is linear, so this is already
   $\delta^{(2)} = \partial E/\partial a^{(2)} = 0.5$.
2. Second linear layer, its parameters: each weight's gradient is *local error × input to that weight*.
   $\;\partial E/\partial W^{(2)} = (0.6 \cdot 0.5,\ -0.8 \cdot 0.5)^T = (0.3,\ -0.4)^T$ and $\partial E/\partial b^{(2)} = 0.5$.
3. Second linear layer, its input: $\;\partial E/\partial z^{(1)} = (0.5 \cdot 1,\ 0.5 \cdot 2) = (0.5,\ 1)$.
4. tanh: its slope is $1 - z^2 = (0.64,\ 0.36)$, so $\delta^{(1)} = (0.5 \cdot 0.64,\ 1 \cdot 0.36) = (0.32,\ 0.36)$.
5. First linear layer, its parameters, by the same rule as in 2:
   $\;\partial E/\partial W^{(1)} = \begin{pmatrix} 2 \cdot 0.32 & 2 \cdot 0.36 \\ 1 \cdot 0.32 & 1 \cdot 0.36 \end{pmatrix}
   = \begin{pmatrix} 0.64 & 0.72 \\ 0.32 & 0.36 \end{pmatrix}$ and $\partial E/\partial b^{(1)} = (0.32,\ 0.36)$.

Look at what was used twice: $\delta^{(2)}$ in steps 2 and 3, $\delta^{(1)}$ in every entry of step 5. Nothing was computed
a second time. You will meet these numbers again in the checks.
"""

# %% [markdown]
r"""
## 1. The linear layer, forward (5 points)

Every output $m$ of every example $n$ is a weighted sum of that example's inputs, and the bias of that output:

$$A_{nm} = \sum_{d} X_{nd}\, W_{dm} + b_m .$$
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "linear_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_forward(X, W, b):
    r"""Compute a linear layer's output, :math:`A = X W + b`.

    Parameters
    ----------
    X : array (N, D)
        One example in each row.
    W : array (D, M)
        Weights, from input d (row) to output m (column).
    b : array (M,)
        Biases, one for each output; the same for every example.

    Returns
    -------
    array (N, M)

    Examples
    --------
    >>> linear_forward(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]), np.array([0.5]))
    array([[11.5]])
    """
    ### BEGIN SOLUTION
    return X @ W + b
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_linear_forward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

test_linear_forward = Check("linear_forward", points=5)


@test_linear_forward
def test_two_examples_by_hand():
    "Two examples, two inputs, three outputs."
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    b = np.array([10.0, 20.0, 30.0])
    A = test_linear_forward.call(linear_forward, X, W, b)
    test_linear_forward.close("A", A, np.array([[15.0, 22.0, 29.0], [21.0, 24.0, 27.0]]))


@test_linear_forward
def test_an_example_of_zeros():
    "An example of zeros comes out as the bias."
    b = np.array([10.0, 20.0, 30.0])
    test_linear_forward.close("A", linear_forward(np.zeros((1, 2)), np.ones((2, 3)), b), np.array([[10.0, 20.0, 30.0]]))


### BEGIN HIDDEN TESTS
from misconceptions import linear_forward as test_bank

test_linear_forward.misconceptions = test_bank


def test_right(X, W, b):
    "Add up one output of one example at a time."
    return np.array([[sum((x[d] * W[d, m] for d in range(len(x))), b[m]) for m in range(len(b))] for x in X])


def test_value(about, N, D, M, integers=False):
    "Compare with the sums written out, on an X of N × D and a W of D × M."
    X, W, b = (test_linear_forward.rng.normal(size=shape) for shape in [(N, D), (D, M), (M,)])
    if integers:
        X = np.rint(5 * X).astype(int)

    def test():
        test_linear_forward.compare(
            linear_forward, test_right, lambda answer: {"A": answer(X.copy(), W.copy(), b.copy())}
        )

    test.__doc__ = about
    test_linear_forward.hidden(test)


test_value("N, D and M all different.", 5, 3, 4)
test_value("As many examples as inputs and outputs.", 3, 3, 3)
test_value("A single example.", 1, 4, 2)
test_value("A single output.", 4, 3, 1)
test_value("Inputs that are whole numbers.", 4, 2, 3, integers=True)


@test_linear_forward.hidden
def test_leaves_its_inputs_alone():
    "What it was given stays as it was."
    X, W, b = (test_linear_forward.rng.normal(size=shape) for shape in [(4, 3), (3, 2), (2,)])
    test_linear_forward.call(linear_forward, X, W, b)


### END HIDDEN TESTS
test_linear_forward.score()

# %% [markdown]
r"""
## 2. The linear layer, backward (10 points)

You are given $G = \partial J/\partial A$ (`g_out`, of shape (N, M)) and what the forward pass used. Ask of each of the
three: *which outputs does it touch, and by how much?*

- Weight $W_{dm}$ touches output $m$ of **every** example $n$, by $X_{nd}$.
- Bias $b_m$ touches output $m$ of every example, by 1.
- Input $X_{nd}$ touches **all** the outputs of its own example, output $m$ by $W_{dm}$.

So each of the three is a sum over what it touches of (gradient there) × (by how much). Write the sums down, then look for
the matrix product that computes them all at once: the shapes leave you little choice.

The mean over the examples is taken in the loss, so its factor $1/N$ is already inside `g_out`: here you only add up.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "linear_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def linear_backward(g_out, X, W):
    r"""Carry the gradient of a loss J back through a linear layer, :math:`A = X W + b`.

    Parameters
    ----------
    g_out : array (N, M)
        :math:`\partial J / \partial A`, from the layer above.
    X : array (N, D)
        The layer's input in the forward pass.
    W : array (D, M)
        Its weights.

    Returns
    -------
    g_in : array (N, D)
        :math:`\partial J / \partial X`, for the layer below.
    dW : array (D, M)
        :math:`\partial J / \partial W`.
    db : array (M,)
        :math:`\partial J / \partial b`.

    Examples
    --------
    >>> g_in, dW, db = linear_backward(np.array([[2.0]]), np.array([[3.0, 5.0]]), np.array([[1.0], [10.0]]))
    >>> g_in, db
    (array([[ 2., 20.]]), array([2.]))
    """
    ### BEGIN SOLUTION
    g_in = g_out @ W.T
    dW = X.T @ g_out
    db = g_out.sum(axis=0)
    return g_in, dW, db
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_linear_backward", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

test_linear_backward = Check("linear_backward", points={"g_in": 4, "dW": 4, "db": 2})


def test_three(answer, *arguments):
    "Call an answer and give its three results by name."
    found = answer(*arguments)
    three = isinstance(found, (tuple, list)) and len(found) == 3
    test_linear_backward.that(three, "linear_backward returns three arrays, in this order: g_in, dW, db.")
    return dict(zip(("g_in", "dW", "db"), found, strict=True))


def test_by_hand():
    "Run the visible example."
    X = np.array([[1.0, 2.0], [3.0, 4.0]])
    W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
    g_out = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, -1.0]])
    return test_three(test_linear_backward.call, linear_backward, g_out, X, W)


@test_linear_backward(part="g_in")
def test_g_in_by_hand():
    "g_in by hand: two examples, two inputs, three outputs."
    test_linear_backward.close("g_in", test_by_hand()["g_in"], np.array([[-1.0, 2.0], [1.0, 3.0]]))


@test_linear_backward(part="dW")
def test_dW_by_hand():
    "dW by hand, on the same numbers."
    test_linear_backward.close("dW", test_by_hand()["dW"], np.array([[1.0, 9.0, -1.0], [2.0, 12.0, 0.0]]))


@test_linear_backward(part="db")
def test_db_by_hand():
    "db by hand, on the same numbers."
    test_linear_backward.close("db", test_by_hand()["db"], np.array([1.0, 3.0, 1.0]))


### BEGIN HIDDEN TESTS
from course.gradient_check import numerical_vjp
from misconceptions import linear_backward as test_bank

test_linear_backward.misconceptions = test_bank


def test_right(g_out, X, W):
    "Add one touched output after the other."
    g_in, dW, db = np.zeros(X.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n, d, m in np.ndindex(*X.shape, W.shape[1]):
        g_in[n, d] += g_out[n, m] * W[d, m]
        dW[d, m] += g_out[n, m] * X[n, d]
    for n, m in np.ndindex(g_out.shape):
        db[m] += g_out[n, m]
    return g_in, dW, db


def test_draw(N, D, M):
    "Draw g_out, X and W."
    return [test_linear_backward.rng.normal(size=shape) for shape in [(N, M), (N, D), (D, M)]]


def test_term(part, about, *sizes):
    "Compare one of the three with the sums written out."
    data = test_draw(*sizes)

    def experiment(answer):
        return {part: test_three(answer, *(array.copy() for array in data))[part]}

    def test():
        test_linear_backward.compare(linear_backward, test_right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_linear_backward.hidden(test, part=part)


def test_differences(part):
    "Compare one of the three with central differences of a forward pass, at every entry."
    g_out, X, W = test_draw(4, 3, 5)
    b = test_linear_backward.rng.normal(size=5)
    forward = {
        "g_in": (lambda X: np.einsum("nd,dm->nm", X, W) + b, X),
        "dW": (lambda W: np.einsum("nd,dm->nm", X, W) + b, W),
        "db": (lambda b: np.einsum("nd,dm->nm", X, W) + b, b),
    }

    def test():
        got = test_three(linear_backward, g_out.copy(), X.copy(), W.copy())[part]
        test_linear_backward.close(part, got, numerical_vjp(*forward[part], g_out), rtol=1e-5, atol=1e-7)

    test.__doc__ = f"{part}: the same as central differences of the forward pass."
    test_linear_backward.hidden(test, part=part)


for test_part in ("g_in", "dW", "db"):
    test_term(test_part, "N, D and M all different.", 5, 3, 4)
    test_term(test_part, "as many examples as inputs and outputs.", 3, 3, 3)
    test_term(test_part, "a single example.", 1, 2, 3)
    test_term(test_part, "a single output.", 4, 3, 1)
    test_differences(test_part)


@test_linear_backward.hidden
def test_leaves_its_inputs_alone():
    "What it was given stays as it was, and the results are new arrays."
    for N in (3, 1):
        test_linear_backward.call(linear_backward, *test_draw(N, 2, 4))


### END HIDDEN TESTS
test_linear_backward.score()

# %% [markdown]
r"""
## 3. Activations, backward: the derivative you already have (8 points)

An activation works on each entry alone, so backward is one multiplication for each entry: $g_{in} = g_{out} \cdot g'(a)$.
The shortcuts of deck 003 give the slope $g'(a)$ from the **activation** $z = g(a)$ that the forward pass kept:

| activation | $z$ | slope, from $z$ alone |
|---|---|---|
| sigmoid | $1/(1 + e^{-a})$ | $z\,(1 - z)$ |
| tanh | $\tanh a$ | $1 - z^2$ |
| ReLU | $\max(0, a)$ | 1 where $z > 0$, otherwise 0 |

By hand: sigmoid gave $z = 0.2$. Its slope is $0.2 \cdot 0.8 = 0.16$; an upstream gradient of 10 becomes 1.6. You never
needed to know $a$.

The slope of a sigmoid is at most ¼, so ten of them in a row shrink a gradient about a millionfold or more. ReLU's is
exactly 1 wherever a unit is on. Lecture 8 comes back to that.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "activation_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def activation_backward(g_out, z, kind):
    r"""Carry a gradient back through an activation function, :math:`z = g(a)`, from the activation that was kept.

    Parameters
    ----------
    g_out : array (N, M)
        :math:`\partial J / \partial z`, from the layer above.
    z : array (N, M)
        The activation: the function's value, not its argument.
    kind : {"sigmoid", "tanh", "relu"}
        Which function it was. The slope of ReLU where z = 0 counts as 0.

    Returns
    -------
    array (N, M)
        :math:`\partial J / \partial a`.

    Examples
    --------
    >>> activation_backward(np.array([[10.0]]), np.array([[0.2]]), "sigmoid")
    array([[1.6]])
    """
    ### BEGIN SOLUTION
    if kind == "sigmoid":
        return g_out * z * (1 - z)
    if kind == "tanh":
        return g_out * (1 - z**2)
    return g_out * (z > 0)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_activation_backward", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

test_activation_backward = Check("activation_backward", points={"sigmoid": 3, "tanh": 3, "relu": 2})


@test_activation_backward(part="sigmoid")
def test_sigmoid_by_hand():
    "Sigmoid by hand."
    g_out, z = np.array([[4.0, 10.0, -1.0]]), np.array([[0.5, 0.2, 0.9]])
    got = test_activation_backward.call(activation_backward, g_out, z, "sigmoid")
    test_activation_backward.close("g_in", got, np.array([[1.0, 1.6, -0.09]]))


@test_activation_backward(part="tanh")
def test_tanh_by_hand():
    "tanh by hand, with the numbers of the worked example."
    g_out, z = np.array([[2.0, 0.5, 1.0]]), np.array([[0.0, 0.6, -0.8]])
    got = test_activation_backward.call(activation_backward, g_out, z, "tanh")
    test_activation_backward.close("g_in", got, np.array([[2.0, 0.32, 0.36]]))


@test_activation_backward(part="relu")
def test_relu_by_hand():
    "ReLU by hand: a unit that is off passes nothing."
    g_out, z = np.array([[7.0, -2.0, 4.0]]), np.array([[0.0, 3.0, 0.5]])
    got = test_activation_backward.call(activation_backward, g_out, z, "relu")
    test_activation_backward.close("g_in", got, np.array([[0.0, -2.0, 4.0]]))


### BEGIN HIDDEN TESTS
from course.gradient_check import numerical_vjp
from misconceptions import activation_backward as test_bank

test_activation_backward.misconceptions = test_bank


def test_right(g_out, z, kind):
    "Go back to a, and differentiate there with other formulas."
    if kind == "sigmoid":
        return g_out / (4 * np.cosh((np.log(z) - np.log(1 - z)) / 2) ** 2)
    if kind == "tanh":
        return g_out / np.cosh(np.arctanh(z)) ** 2
    return np.where(np.sign(z) == 1, g_out, 0.0)


test_function = {
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
    "relu": lambda a: np.maximum(a, 0),
}


def test_kind(kind):
    "Test one of the three activations."
    rng = test_activation_backward.rng
    a, g_out = rng.normal(size=(4, 7)), rng.normal(size=(4, 7))
    a[2, :3] = [0.7, -0.4, 0.2]  # whatever the draw, some units are on and some are off
    z = test_function[kind](a)

    def against_the_formula():
        def experiment(answer):
            given = g_out.copy(), z.copy()
            got = answer(*given, kind)
            after = dict(zip(("g_out", "z"), given, strict=True))
            return {"g_in": got} | {f"what {k} holds after your function has run": v for k, v in after.items()}

        test_activation_backward.compare(activation_backward, test_right, experiment)
        test_activation_backward.call(activation_backward, g_out, z, kind)

    def against_differences():
        got = activation_backward(g_out.copy(), z.copy(), kind)
        expected = numerical_vjp(test_function[kind], a, g_out)
        test_activation_backward.close("g_in", got, expected, rtol=1e-5, atol=1e-6)

    def saturated():
        ends = np.array([[0.0, 1.0], [1.0, 0.0]]) if kind == "sigmoid" else np.array([[-1.0, 1.0], [1.0, -1.0]])
        ends = np.zeros((2, 2)) if kind == "relu" else ends
        test_activation_backward.compare(
            activation_backward,
            lambda g_out, z, kind: np.zeros((2, 2)),
            lambda answer: {"g_in": answer(g_out[:2, :2].copy(), ends.copy(), kind)},
        )

    for test, about in [
        (against_the_formula, "the right numbers, in a new array."),
        (against_differences, "the same as central differences of the forward pass."),
        (saturated, "a unit at the end of its range passes nothing."),
    ]:
        test.__doc__ = f"{kind}: {about}"
        test_activation_backward.hidden(test, part=kind)


for test_name in ("sigmoid", "tanh", "relu"):
    test_kind(test_name)


@test_activation_backward.hidden(part="relu")
def test_whole_numbers():
    "relu: activations that are whole numbers, with a gradient that is not."
    z, g_out = np.array([[0, 2, 5], [1, 0, 3]]), test_activation_backward.rng.normal(size=(2, 3))
    test_activation_backward.compare(
        activation_backward, test_right, lambda answer: {"g_in": answer(g_out.copy(), z.copy(), "relu")}
    )


### END HIDDEN TESTS
test_activation_backward.score()

# %% [markdown]
r"""
## 4. The recursion of the local errors (9 points)

Deck 003 tells the same story for a whole network at once. Define a unit's **local error** as
$\delta^{(\ell)}_j = \partial E/\partial a^{(\ell)}_j$: how much the loss changes when that unit's *pre-activation* does. Then

$$
\delta^{(\ell)}_j =
\begin{cases}
\dfrac{\partial E}{\partial z^{(\ell)}_j}\; g'\bigl(a^{(\ell)}_j\bigr) & \text{output unit (base case)} \\[1em]
\Bigl(\sum_k \delta^{(\ell+1)}_k\, W^{(\ell+1)}_{jk}\Bigr)\; g'\bigl(a^{(\ell)}_j\bigr) & \text{hidden unit (recursive case)}
\end{cases}
$$

In words: an output unit gets its error from the loss; a hidden unit collects the errors of the units that it feeds, each
weighted by the connection, and scales the sum by its own slope.

The worked example in this language, with slopes $(0.64,\ 0.36)$ in the hidden layer and 1 at the linear output:
$\delta^{(2)} = 0.5 \cdot 1 = 0.5$, and $\delta^{(1)} = (0.5 \cdot 1 \cdot 0.64,\; 0.5 \cdot 2 \cdot 0.36) = (0.32,\ 0.36)$.

*Where the deck disagrees with itself.* Its matrix form writes δ for $\partial E/\partial z$, before the slope is
multiplied in. Both recursions are right, but they hand different arrays from layer to layer. Here δ is always
$\partial E/\partial a$.

*Counting.* `weights[0]` is $W^{(1)}$ and `slopes[0]` holds $g'(a^{(1)})$; the last entry of each list belongs to the output.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "deltas", "locked": false, "schema_version": 3, "solution": true, "task": false}
def deltas(dE_dz, weights, slopes):
    r"""Compute the local errors :math:`\delta^{(\ell)} = \partial E / \partial a^{(\ell)}` of every layer.

    Parameters
    ----------
    dE_dz : array (N, M_L)
        :math:`\partial E / \partial z^{(L)}`, the gradient with respect to the network's output.
    weights : list of L arrays
        :math:`W^{(1)}, \ldots, W^{(L)}`; the l-th has shape (M_{l-1}, M_l), and M_0 = D.
    slopes : list of L arrays
        :math:`g'(a^{(1)}), \ldots, g'(a^{(L)})`; the l-th has shape (N, M_l).

    Returns
    -------
    list of L arrays
        :math:`\delta^{(1)}, \ldots, \delta^{(L)}`, in this order; the l-th has shape (N, M_l).

    Examples
    --------
    >>> deltas(np.array([[3.0]]), [np.array([[7.0]])], [np.array([[0.5]])])
    [array([[1.5]])]
    """
    ### BEGIN SOLUTION
    found = [dE_dz * slopes[-1]]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1]):
        found.append((found[-1] @ W.T) * slope)
    return found[::-1]
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_deltas", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

test_deltas = Check("deltas", points={"base case": 3, "recursive case": 6})


def test_one_for_each_layer(answer, dE_dz, weights, slopes):
    "Call an answer, and see that it gives one array for each layer."
    found = answer(dE_dz, weights, slopes)
    whole = isinstance(found, (list, tuple)) and len(found) == len(slopes)
    test_deltas.that(whole, "deltas returns a list with one array for each layer, the output's included.")
    return found


@test_deltas(part="base case")
def test_output_by_hand():
    "One layer only: the base case."
    given = np.array([[2.0, -1.0]]), [np.ones((3, 2))], [np.array([[0.25, 0.5]])]
    found = test_one_for_each_layer(lambda *given: test_deltas.call(deltas, *given), *given)
    test_deltas.close("δ of the output", found[0], np.array([[0.5, -0.5]]))


@test_deltas(part="recursive case")
def test_worked_example():
    "The worked example: two layers, with a linear output."
    weights = [np.array([[1.0, 0.0], [-2.0, -1.0]]), np.array([[1.0], [2.0]])]
    given = np.array([[0.5]]), weights, [np.array([[0.64, 0.36]]), np.array([[1.0]])]
    found = test_one_for_each_layer(lambda *given: test_deltas.call(deltas, *given), *given)
    test_deltas.close("δ of layer 1", found[0], np.array([[0.32, 0.36]]))


### BEGIN HIDDEN TESTS
from course.gradient_check import central_difference
from misconceptions import deltas as test_bank

test_deltas.misconceptions = test_bank


def test_right(dE_dz, weights, slopes):
    "Ask every unit of every example for its own error, as the neuron view does."

    def error(n, layer, j):
        if layer == len(slopes) - 1:
            return dE_dz[n, j] * slopes[layer][n, j]
        above = range(weights[layer + 1].shape[1])
        return slopes[layer][n, j] * sum(weights[layer + 1][j, k] * error(n, layer + 1, k) for k in above)

    return [
        np.array([[error(n, layer, j) for j in range(slope.shape[1])] for n in range(len(slope))])
        for layer, slope in enumerate(slopes)
    ]


def test_draw(N, *widths, linear=False):
    "Draw a network of these widths, input first; a linear output has slopes of one."
    rng = test_deltas.rng
    weights = [rng.normal(size=shape) for shape in zip(widths[:-1], widths[1:], strict=True)]
    slopes = [rng.uniform(0.1, 0.9, size=(N, width)) for width in widths[1:]]
    if linear:
        slopes[-1][:] = 1.0
    return rng.normal(size=(N, widths[-1])), weights, slopes


def test_copy(dE_dz, weights, slopes):
    "Copy one draw."
    return dE_dz.copy(), [W.copy() for W in weights], [slope.copy() for slope in slopes]


def test_case(part, about, *sizes):
    "Compare with the neuron view: the output's error for the base case, the others for the recursive case."
    data = test_draw(*sizes, linear=part == "recursive case")

    def experiment(answer):
        found = test_one_for_each_layer(answer, *test_copy(*data))
        if part == "base case":
            return {"δ of the output": found[-1]}
        return {f"δ of hidden layer {layer}": delta for layer, delta in enumerate(found[:-1], 1)}

    def test():
        test_deltas.compare(deltas, test_right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_deltas.hidden(test, part=part)


test_case("base case", "a single layer.", 4, 3, 2)
test_case("base case", "at the end of a deep network.", 5, 3, 4, 6, 2)
test_case("recursive case", "two layers.", 5, 3, 4, 2)
test_case("recursive case", "four layers, all of different width.", 2, 6, 3, 5, 4, 2)
test_case("recursive case", "all layers of the same width.", 3, 3, 3, 3, 3)
test_case("recursive case", "a single output and a single example.", 1, 2, 3, 1)


def test_differences(part, about, output, slope):
    "Move every pre-activation of a real network a little, and see what the loss does."
    _, weights, _ = test_draw(3, 2, 5, 4, 2)
    rng = test_deltas.rng
    a = [rng.normal(size=(3, 5))]
    for W in weights[1:]:
        a.append(np.tanh(a[-1]) @ W)
    c = rng.normal(size=a[-1].shape)

    def loss(moved, layer):
        for W in weights[layer + 1 :]:
            moved = np.tanh(moved) @ W
        return np.sum(c * output(moved) ** 3)

    def test():
        slopes = [1 - np.tanh(a_layer) ** 2 for a_layer in a[:-1]] + [slope(a[-1])]
        found = test_one_for_each_layer(deltas, *test_copy(3 * c * output(a[-1]) ** 2, weights, slopes))
        for layer in [2] if part == "base case" else [0, 1]:
            expected = central_difference(lambda moved, layer=layer: loss(moved, layer), a[layer])
            test_deltas.close(f"δ of layer {layer + 1}", found[layer], expected, rtol=1e-5, atol=1e-6)

    test.__doc__ = f"{part}: the same as central differences, {about}."
    test_deltas.hidden(test, part=part)


test_differences("base case", "with tanh at the output", np.tanh, lambda a: 1 - np.tanh(a) ** 2)
test_differences("recursive case", "with a linear output", lambda a: a, np.ones_like)


@test_deltas.hidden
def test_leaves_its_inputs_alone():
    "What it was given stays as it was, and the results are new arrays."
    data = test_draw(3, 2, 4, 5)

    def experiment(answer):
        given = test_copy(*data)
        answer(*given)
        return {
            "what dE_dz holds after your function has run": given[0],
            "what the weights hold after your function has run": np.concatenate([W.ravel() for W in given[1]]),
            "what the slopes hold after your function has run": np.concatenate([slope.ravel() for slope in given[2]]),
        }

    test_deltas.compare(deltas, test_right, experiment)
    test_deltas.call(deltas, *data)


### END HIDDEN TESTS
test_deltas.score()

# %% [markdown]
r"""
## 5. The same layer in columns (5 points)

Deck 002, like many texts, writes examples as **columns**: $X$ is (D, N), $W$ is (M, D), and a layer is $A = W X$, of shape
(M, N). It is worth doing once with care, because you will meet it again. (No bias here.)

Two things on the slide deserve a second look. It boxes the update

$$W^{k+1} \leftarrow W^k + \eta \left(\frac{\partial J}{\partial W}\right)^{\!T}.$$

- **The layout.** The slide's $\partial J/\partial W = x_{in}\, g_{out}$ is a column times a row, so it has shape (D, M), and
  needs the transpose before it fits on $W$. We ask that a gradient have the shape of what it is the gradient of:
  (M, D) for this $W$. Then nothing is left to transpose.
- **The sign.** The gradient points uphill. Which way do you want to go?

By hand, with one example: $x = (1,\ 2)^T$, $g_{out} = (1,\ 0,\ 2)^T$. Weight $W_{md}$ touches output $m$, by $x_d$, so
$\partial J/\partial W_{md} = g_m x_d$:

$$\frac{\partial J}{\partial W} = \begin{pmatrix} 1 & 2 \\ 0 & 0 \\ 2 & 4 \end{pmatrix}, \quad \text{of shape (3, 2), as } W .$$

The check uses the numbers of section 2, turned on their side.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "column_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def column_step(g_out, X, W, learning_rate):
    r"""Take one step of gradient descent on a linear layer in the column convention, :math:`A = W X`.

    Parameters
    ----------
    g_out : array (M, N)
        :math:`\partial J / \partial A`, one example in each column.
    X : array (D, N)
        The layer's input, one example in each column.
    W : array (M, D)
        Its weights, from input d (column) to output m (row).
    learning_rate : float
        The step size η.

    Returns
    -------
    dW : array (M, D)
        :math:`\partial J / \partial W`, in W's shape.
    W_new : array (M, D)
        The weights after one step that lowers J, in a new array.

    Examples
    --------
    >>> column_step(np.array([[2.0]]), np.array([[3.0]]), np.array([[1.0]]), 0.1)
    (array([[6.]]), array([[0.4]]))
    """
    ### BEGIN SOLUTION
    dW = g_out @ X.T
    return dW, W - learning_rate * dW
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_column_step", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

test_column_step = Check("column_step", points={"dW": 3, "W_new": 2})

### BEGIN HIDDEN TESTS
test_column_step.carry(
    linear_backward=lambda g_out, X, W: (g_out @ W.T, X.T @ g_out, g_out.sum(axis=0)),
)
### END HIDDEN TESTS


def test_two(answer, *arguments):
    "Call an answer and give its two results by name."
    found = answer(*arguments)
    two = isinstance(found, (tuple, list)) and len(found) == 2
    test_column_step.that(two, "column_step returns two arrays, in this order: dW, W_new.")
    return dict(zip(("dW", "W_new"), found, strict=True))


def test_by_hand():
    "Run the visible example."
    X = np.array([[1.0, 3.0], [2.0, 4.0]])
    W = np.array([[1.0, 2.0], [0.0, 1.0], [-1.0, 0.0]])
    g_out = np.array([[1.0, 0.0], [0.0, 3.0], [2.0, -1.0]])
    return test_two(test_column_step.call, column_step, g_out, X, W, 0.1)


@test_column_step(part="dW")
def test_gradient_by_hand():
    "The gradient by hand: two examples, side by side."
    test_column_step.close("dW", test_by_hand()["dW"], np.array([[1.0, 2.0], [9.0, 12.0], [-1.0, 0.0]]))


@test_column_step(part="W_new")
def test_update_by_hand():
    "The weights after the step, by hand."
    test_column_step.close("W_new", test_by_hand()["W_new"], np.array([[0.9, 1.8], [-0.9, -0.2], [-0.9, 0.0]]))


### BEGIN HIDDEN TESTS
from course.gradient_check import central_difference
from misconceptions import column_step as test_bank

test_column_step.misconceptions = test_bank


def test_right(g_out, X, W, learning_rate):
    "Add up the outer products of all examples."
    dW = sum(np.outer(g, x) for g, x in zip(g_out.T, X.T, strict=True))
    return dW, W + dW * -learning_rate


def test_draw(N, D, M):
    "Draw g_out, X, W and a learning rate."
    rng = test_column_step.rng
    return [rng.normal(size=shape) for shape in [(M, N), (D, N), (M, D)]] + [rng.uniform(0.05, 0.5)]


def test_term(part, about, *sizes):
    "Compare one of the two with the outer products."
    *arrays, rate = test_draw(*sizes)

    def experiment(answer):
        return {part: test_two(answer, *(array.copy() for array in arrays), rate)[part]}

    def test():
        test_column_step.compare(column_step, test_right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_column_step.hidden(test, part=part)


for test_part in ("dW", "W_new"):
    test_term(test_part, "N, D and M all different.", 5, 3, 4)
    test_term(test_part, "as many examples as inputs and outputs.", 3, 3, 3)
    test_term(test_part, "a single example.", 1, 3, 2)


@test_column_step.hidden(part="dW")
def test_differences():
    "dW: the same as central differences of a squared error."
    _, X, W, rate = test_draw(5, 2, 3)
    Y = test_column_step.rng.normal(size=(3, 5))
    expected = central_difference(lambda W: 0.5 * np.sum((np.einsum("md,dn->mn", W, X) - Y) ** 2), W)
    got = test_two(column_step, W @ X - Y, X.copy(), W.copy(), rate)["dW"]
    test_column_step.close("dW", got, expected, rtol=1e-5, atol=1e-6)


@test_column_step.hidden
def test_leaves_its_inputs_alone():
    "What it was given stays as it was, and the results are new arrays."
    *arrays, rate = test_draw(4, 2, 3)

    def experiment(answer):
        given = [array.copy() for array in arrays]
        answer(*given, rate)
        after = dict(zip(("g_out", "X", "W"), given, strict=True))
        return {f"what {name} holds after your function has run": array for name, array in after.items()}

    test_column_step.compare(column_step, test_right, experiment)
    test_column_step.call(column_step, *arrays, rate)


### END HIDDEN TESTS
test_column_step.score()

# %% [markdown]
r"""
## 6. The whole network (9 points)

Now put the pieces together: any number of layers, **tanh in the hidden layers, a linear output**, and the half squared
error as loss, averaged over the N examples (not over the outputs):

$$J = \frac1N \sum_{n=1}^{N} \tfrac12 \bigl\lVert \hat y_n - y_n \bigr\rVert^2 .$$

*Forward:* from layer to layer, keeping what the way back needs. *Backward:* start with $\partial J/\partial \hat y$, and hand
it down; each linear layer gives you its `dW` and `db` in passing. You may use the functions you wrote above. (If one of
them has a mistake, it does not cost you points here a second time.)

By hand: the network of the worked example, on a batch of two, $x_1 = (2, 1)$ with $y_1 = -0.5$ and $x_2 = (0, 0)$ with
$y_2 = 0.6$. The second example gives $a^{(1)} = b^{(1)}$, so $z^{(1)} = (0.6,\ 0)$ and $\hat y = 0.6 + 1 = 1.6$. Then

$$J = \tfrac12 \bigl(\tfrac12 \cdot 0.5^2 + \tfrac12 \cdot 1^2\bigr) = 0.3125, \qquad
\frac{\partial J}{\partial \hat y} = \tfrac12 \begin{pmatrix} 0.5 \\ 1 \end{pmatrix} = \begin{pmatrix} 0.25 \\ 0.5 \end{pmatrix} .$$

From here on, go down as before. Try it with a pencil before you run the check.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "MLP", "locked": false, "schema_version": 3, "solution": true, "task": false}
class MLP:
    r"""A multilayer perceptron: tanh hidden layers, a linear output, half squared error.

    Parameters
    ----------
    weights : list of L arrays
        :math:`W^{(1)}, \ldots, W^{(L)}`; the l-th has shape (M_{l-1}, M_l), and M_0 = D. L may be 1: no hidden layer.
    biases : list of L arrays
        :math:`b^{(1)}, \ldots, b^{(L)}`; the l-th has shape (M_l,).

    Examples
    --------
    >>> net = MLP([np.array([[2.0]])], [np.array([1.0])])
    >>> net.predict(np.array([[3.0]]))
    array([[7.]])
    >>> net.loss_and_gradients(np.array([[3.0]]), np.array([[5.0]]))
    (2.0, [array([[6.]])], [array([2.])])
    """

    def __init__(self, weights, biases):
        self.weights = [np.array(W, dtype=float) for W in weights]
        self.biases = [np.array(b, dtype=float) for b in biases]

    def predict(self, X):
        r"""Return the outputs :math:`\hat y`, of shape (N, M_L), for the examples in the rows of X (N, D)."""
        ### BEGIN SOLUTION
        return self._forward(X)[-1]

    def _forward(self, X):
        """Return the input of every layer, and the output of the last."""
        zs = [X]
        for W, b in zip(self.weights[:-1], self.biases[:-1]):
            zs.append(np.tanh(linear_forward(zs[-1], W, b)))
        return [*zs, linear_forward(zs[-1], self.weights[-1], self.biases[-1])]
        ### END SOLUTION

    def loss_and_gradients(self, X, Y):
        r"""Run forward and backward on one batch; leave the network as it is.

        Parameters
        ----------
        X : array (N, D)
        Y : array (N, M_L)
            Targets.

        Returns
        -------
        loss : float
            :math:`J = \frac1N \sum_n \frac12 \lVert \hat y_n - y_n \rVert^2`.
        dWs : list of L arrays
            :math:`\partial J / \partial W^{(1)}, \ldots, \partial J / \partial W^{(L)}`, each in its weight's shape.
        dbs : list of L arrays
            :math:`\partial J / \partial b^{(1)}, \ldots, \partial J / \partial b^{(L)}`, each in its bias's shape.
        """
        ### BEGIN SOLUTION
        zs = self._forward(X)
        error = zs[-1] - Y
        g, dWs, dbs = error / len(X), [], []
        for layer in reversed(range(len(self.weights))):
            if layer < len(self.weights) - 1:
                g = activation_backward(g, zs[layer + 1], "tanh")
            g, dW, db = linear_backward(g, zs[layer], self.weights[layer])
            dWs.insert(0, dW)
            dbs.insert(0, db)
        return float(0.5 * np.sum(error**2) / len(X)), dWs, dbs
        ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_MLP", "locked": true, "points": 9, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course.checks import Check

test_MLP = Check("MLP", points={"predict": 2, "loss": 2, "dW": 3, "db": 2})

### BEGIN HIDDEN TESTS
def test_carried_deltas(dE_dz, weights, slopes):
    "The right deltas."
    found = [dE_dz * slopes[-1]]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
        found.insert(0, (found[0] @ W.T) * slope)
    return found


test_MLP.carry(
    linear_forward=lambda X, W, b: X @ W + b,
    linear_backward=lambda g_out, X, W: (g_out @ W.T, X.T @ g_out, g_out.sum(axis=0)),
    activation_backward=lambda g_out, z, kind: (
        g_out * {"sigmoid": z * (1 - z), "tanh": 1 - z**2, "relu": (z > 0) * 1.0}[kind]
    ),
    deltas=test_carried_deltas,
)
### END HIDDEN TESTS


def test_batch(net, X, Y, layers):
    "Run one batch; give the loss, the dWs and the dbs by name."
    found = net.loss_and_gradients(X, Y)
    three = isinstance(found, (tuple, list)) and len(found) == 3
    test_MLP.that(three, "loss_and_gradients returns three things: the loss, the list of dW, the list of db.")
    loss, dWs, dbs = found
    for name, gradients in {"dW": dWs, "db": dbs}.items():
        whole = isinstance(gradients, (tuple, list)) and len(gradients) == layers
        test_MLP.that(whole, f"loss_and_gradients gives a list with one {name} for each layer, on every call.")
    return {"loss": loss, "dW": dWs, "db": dbs}


def test_worked_example():
    "Make the network of the worked example."
    p, q = np.log(2.0), np.log(3.0)
    weights = [np.array([[p, 0.0], [-2 * p, -q]]), np.array([[1.0], [2.0]])]
    return MLP(weights, [np.array([p, 0.0]), np.array([1.0])])


def test_two_examples():
    "Run the worked example's batch of two."
    return test_batch(test_worked_example(), np.array([[2.0, 1.0], [0.0, 0.0]]), np.array([[-0.5], [0.6]]), 2)


@test_MLP(part="predict")
def test_predict_by_hand():
    "predict, on the batch of two worked out above."
    got = test_worked_example().predict(np.array([[2.0, 1.0], [0.0, 0.0]]))
    test_MLP.close("predict(X)", got, np.array([[0.0], [1.6]]))


@test_MLP(part="loss")
def test_loss_by_hand():
    "The loss of that batch."
    test_MLP.close("the loss", test_two_examples()["loss"], 0.3125)


@test_MLP(part="dW")
def test_weights_by_hand():
    "The gradients of the weights, layer by layer."
    expected = [np.array([[0.32, 0.36], [0.16, 0.18]]), np.array([[0.45], [-0.2]])]
    for layer, (got, right) in enumerate(zip(test_two_examples()["dW"], expected, strict=True), 1):
        test_MLP.close(f"dW of layer {layer}", got, right)


@test_MLP(part="db")
def test_biases_by_hand():
    "The gradients of the biases, layer by layer."
    expected = [np.array([0.48, 1.18]), np.array([0.75])]
    for layer, (got, right) in enumerate(zip(test_two_examples()["db"], expected, strict=True), 1):
        test_MLP.close(f"db of layer {layer}", got, right)


### BEGIN HIDDEN TESTS
from misconceptions import MLP as test_bank

test_MLP.misconceptions = test_bank


class test_Right:
    "A network with its sums written out; its gradients by complex steps, Im J(w + ih) / h, exact to rounding."

    def __init__(self, weights, biases):
        self.parameters = [*weights, *biases]

    def outputs(self, parameters, X):
        half = len(parameters) // 2
        for layer, (W, b) in enumerate(zip(parameters[:half], parameters[half:], strict=True), 1):
            a = b + sum(X[:, d, np.newaxis] * W[d] for d in range(len(W)))
            X = a if layer == half else np.tanh(a)
        return X

    def loss(self, parameters, X, Y):
        return sum(sum(row**2) / 2 for row in self.outputs(parameters, X) - Y) / X.shape[0]

    def predict(self, X):
        return self.outputs(self.parameters, X)

    def loss_and_gradients(self, X, Y):
        gradients = [np.zeros(parameter.shape) for parameter in self.parameters]
        for k, gradient in enumerate(gradients):
            for i in np.ndindex(gradient.shape):
                moved = [parameter.astype(complex) for parameter in self.parameters]
                moved[k][i] += 1e-30j
                gradient[i] = self.loss(moved, X, Y).imag / 1e-30
        half = len(gradients) // 2
        return self.loss(self.parameters, X, Y), gradients[:half], gradients[half:]


def test_draw(*widths):
    "Draw the weights and biases of a network of these widths, input first."
    shapes = list(zip(widths[:-1], widths[1:], strict=True))
    weights = [test_MLP.rng.normal(size=shape) for shape in shapes]
    return weights, [test_MLP.rng.normal(size=shape[1]) for shape in shapes]


def test_part(part, about, N, *widths):
    "Compare one part with the network above, on two batches one after the other."
    weights, biases = test_draw(*widths)
    rng = test_MLP.rng
    batches = {
        size: (rng.normal(size=(size, widths[0])), rng.normal(size=(size, widths[-1]))) for size in (N, N + 2)
    }

    def experiment(answer):
        net, seen = answer([W.copy() for W in weights], [b.copy() for b in biases]), {}
        for when, (X, Y) in zip(("", " in a second call"), batches.values(), strict=True):
            if part == "predict":
                seen[f"predict(X){when}"] = net.predict(X.copy())
                continue
            found = test_batch(net, X.copy(), Y.copy(), len(weights))[part]
            named = {"the loss": found} if part == "loss" else {}
            if part != "loss":
                named = {f"{part} of layer {layer}": gradient for layer, gradient in enumerate(found, 1)}
            seen |= {name + when: value for name, value in named.items()}
        return seen

    def test():
        test_MLP.compare(MLP, test_Right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_MLP.hidden(test, part=part)


for test_name in ("predict", "loss", "dW", "db"):
    test_part(test_name, "two hidden layers, all widths different, several outputs.", 6, 3, 5, 4, 2)
    test_part(test_name, "one hidden layer, one output.", 4, 2, 3, 1)
    test_part(test_name, "no hidden layer.", 5, 3, 2)
    test_part(test_name, "all layers as wide as the batch is long.", 3, 3, 3, 3)


@test_MLP.hidden
def test_leaves_its_inputs_alone():
    "What it was given stays as it was, and the results are new arrays."
    weights, biases = test_draw(3, 4, 2)
    X, Y = test_MLP.rng.normal(size=(5, 3)), test_MLP.rng.normal(size=(5, 2))
    test_MLP.call(lambda *given: MLP(*given[:2]).loss_and_gradients(*given[2:]), weights, biases, X, Y)
    test_MLP.call(lambda *given: MLP(*given[:2]).predict(*given[2:]), weights, biases, X)


### END HIDDEN TESTS
test_MLP.score()

# %% [markdown]
r"""
## Your network learns

When `MLP` is right, the next cell trains it, by nothing but `W ← W − η dW`, on 160 messages of two features: how long they
are, and how much you trust their sender. Spam has target 1 and ham −1; the network says *spam* where its output is above
0. No straight line separates the two. Watch the line at 0 bend into place while the loss falls.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def picture_training(steps=1200, frames=8, learning_rate=0.2):
    """Train the student's MLP by plain gradient descent, and draw it on the way."""
    import matplotlib.pyplot as plt
    from IPython import get_ipython
    from IPython.display import display

    rng = np.random.default_rng(6)
    X = rng.uniform(-2, 2, size=(160, 2))
    Y = np.where(X[:, 1:] < 0.9 * np.sin(2 * X[:, :1]) + 0.2 * rng.normal(size=(160, 1)), 1.0, -1.0)
    shapes = [(2, 12), (12, 1)]
    weights = [rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes]
    biases = [np.zeros(shape[1]) for shape in shapes]

    axis = np.linspace(-2, 2, 60)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    plt.close(fig)
    view, losses = None, []
    for step in range(1, steps + 1):
        loss, dWs, dbs = MLP(weights, biases).loss_and_gradients(X, Y)
        losses.append(float(loss))
        if not losses[-1] <= 1.05 * losses[0]:
            raise ArithmeticError("the loss rises")
        weights = [W - learning_rate * dW for W, dW in zip(weights, dWs, strict=True)]
        biases = [b - learning_rate * db for b, db in zip(biases, dbs, strict=True)]
        if step % (steps // frames) == 0:
            net = MLP(weights, biases)
            correct = np.mean(np.sign(net.predict(X)) == Y)
            left.clear()
            left.plot(losses, color="tab:blue")
            left.set(xlabel="step", ylabel="loss", title="The loss of your network", xlim=(0, steps), ylim=(0, None))
            right.clear()
            output = net.predict(grid).reshape(60, 60)
            right.contourf(axis, axis, output, [-99, 0, 99], colors=["tab:blue", "tab:orange"], alpha=0.2)
            right.contour(axis, axis, output, [0], colors="black")
            for target, name, marker, color in [(1, "spam", "^", "tab:orange"), (-1, "ham", "o", "tab:blue")]:
                right.scatter(*X[Y[:, 0] == target].T, s=18, marker=marker, color=color, label=name)
            right.set(xlabel="length (standardised)", ylabel="trust in the sender (standardised)")
            right.set_title(f"Step {step}: {correct:.0%} of the messages right")
            right.legend(loc="upper left", bbox_to_anchor=(1, 1))
            if view:
                view.update(fig)
            elif get_ipython():
                view = display(fig, display_id=True)
    if losses[-1] > 0.5 * losses[0]:
        raise ArithmeticError("the loss hardly falls")


try:
    picture_training()
except Exception:
    print("Your network's training appears here as soon as MLP passes its checks.")

# %% [markdown]
r"""
## 7. In your own words (4 points)

Answer both parts in a few sentences each; a formula where it helps. No code is needed, though you may experiment.

**(a)** A network has L layers. Someone computes $\partial J/\partial W^{(1)}$ with the chain rule, then starts again from
the loss for $\partial J/\partial W^{(2)}$, and so on to $\partial J/\partial W^{(L)}$. About how many layer-by-layer products
is that, compared with the recursion of δ? What exactly is shared, and what must the forward pass keep in memory so that
it can be? (2 points)

**(b)** Someone starts the training of your `MLP`, with one hidden layer, from weights and biases that are all zero. Which of
the four gradients are zero at the first step, and why? Can the hidden layer ever learn anything? (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_backpropagation", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r"""
**(a)** Started afresh, the gradient of layer ℓ needs the products of all the layers above it: L − ℓ of them. The total is
0 + 1 + … + (L − 1) = L(L − 1)/2, which grows like L². The recursion needs one product for each layer, L − 1 in all.
(1 point) What is shared is the product of everything from the loss down to layer ℓ, which is $\delta^{(\ell)}$: it is used
for $\partial J/\partial W^{(\ell)}$, for $\partial J/\partial b^{(\ell)}$, and as the start of every layer below. The price is
memory: the forward pass must keep every layer's input $z^{(\ell-1)}$ (needed for dW and, by the shortcuts, for the slope),
so memory grows with the depth and with the batch. (1 point)

**(b)** With all weights zero, $a^{(1)} = 0$ and $z^{(1)} = \tanh 0 = 0$, and the output is 0. So
$\partial J/\partial W^{(2)} = z^{(1)T} \delta^{(2)} = 0$ because its input is zero; $\delta^{(1)} = (\delta^{(2)} W^{(2)T}) \cdot g' = 0$
because nothing comes through zero weights, hence $\partial J/\partial W^{(1)} = 0$ and $\partial J/\partial b^{(1)} = 0$. Only
$\partial J/\partial b^{(2)} = \sum_n \delta^{(2)}_n$, the mean error, is not zero (unless the targets average to zero).
(1 point) So the first step moves $b^{(2)}$ alone. After it, $W^{(2)}$ and $z^{(1)}$ are still zero, and so are the same three
gradients again, at every step: the network learns the mean of the targets and nothing else. That is why weights start
at small random values, which also makes the hidden units different from each other. (1 point)
"""

# %% [markdown]
r"""
## Where next

You have written what every deep-learning library does for each layer: forward, keep, backward. The course's own layers
(`course.layers`) have the same shape as yours; read `Linear` there next, it will look familiar.

- **Lecture 4** (losses): the same network with cross-entropy in place of squared error changes one line, the base case.
- **Lecture 5** and **Problem set 7** (gradient descent): batches, learning rates and when to stop.
- **Problem set 8** (optimizers): what to do with a gradient besides subtracting it.
"""
