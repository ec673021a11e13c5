# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.layers.normalization, course.initializers]
#     skip: [picture_depth, picture_training, picture_tree]
#     call_seconds: 15
#     cell_seconds: 120
#     total_seconds: 240
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
# Problem set 10: depth

**25 points.** It goes with [lecture 8](../../lectures/L08_depth.ipynb) (vanishing and exploding gradients, initialisation, normalisation) and [lecture 9](../../lectures/L09_what_to_use_when.ipynb)
(a network or a decision tree); the last network needs the cross-entropy of [lecture 4](../../lectures/L04_losses_and_gradient_descent.ipynb).

When you have done it, you will be able to

- measure how a gradient fades or grows on its way down through many layers, and say which product decides it,
- choose the size of the first weights so that it does neither,
- write batch norm with everything that belongs to it: two modes, running statistics, and the way back through mean and
  variance; and layer norm beside it,
- put the pieces of the whole course together and train a network on handwritten digits,
- decide by a measurement, and not by taste, when a decision tree would have been the better choice.

| you write | points |
|---|---|
| `gradient_profile` | 4 |
| `xavier_init` | 2 |
| `he_init` | 2 |
| `batch_norm_forward` | 4 |
| `batch_norm_backward` | 5 |
| `layer_norm` | 2 |
| `train_classifier` | 3 |
| a written answer | 3 |

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you can
follow by hand. More tests of the same ideas run when your notebook is graded. Results are new arrays of floats (float64,
as NumPy makes them), even where an argument holds whole numbers, and the arrays that a function is given stay as they are.

The next cell fetches pieces of the library that you wrote yourself in earlier sets. Take them from there, and import no
other `Linear`. The library's initialisers and normalisation layers are closed while your notebook is graded, for those
you are about to write, and its own `Linear` needs one of them; the one below asks for an `initializer` of yours instead.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from course import layers
from course.datasets import Standardizer, digits, spam, split, table
from course.layers import ReLU, Sequential, Tanh
from course.losses import SoftmaxCrossEntropy
from course.optimizers import Adam, Momentum
from course.training import fit

np.set_printoptions(precision=4, suppress=True)


class Linear(layers.Linear):
    """The library's linear layer, for initialisers of the form that you will write: f(fan_in, fan_out, rng=rng)."""

    def __init__(self, in_features, out_features, *, rng, initializer):
        def weights(shape, *, rng):
            return initializer(*shape, rng=rng)

        super().__init__(in_features, out_features, rng=rng, initializer=weights)


def normal_init(std):
    """Make an initialiser that draws normally distributed weights of one size, however large the layer is."""

    def initializer(fan_in, fan_out, *, rng):
        return rng.normal(0.0, std, (fan_in, fan_out))

    return initializer


Sequential(Linear(64, 10, rng=np.random.default_rng(0), initializer=normal_init(0.1)), Tanh())

# %% [markdown]
r"""
## 1. What depth does to a gradient (4 points)

In a network of $L$ layers, $a^{(\ell)} = z^{(\ell-1)} W^{(\ell)}$ and $z^{(\ell)} = g(a^{(\ell)})$ with $z^{(0)} = X$
(we leave the biases out here), the local errors $\delta^{(\ell)} = \partial J/\partial a^{(\ell)}$ come down from the top:

$$\delta^{(L)} = \frac{\partial J}{\partial z^{(L)}} \cdot g'(a^{(L)}), \qquad
\delta^{(\ell)} = \bigl(\delta^{(\ell+1)}\, W^{(\ell+1)\top}\bigr) \cdot g'(a^{(\ell)}),$$

where the dot multiplies entry by entry. With a single unit in each layer this is nothing but a product,

$$\delta^{(1)} = \frac{\partial J}{\partial z^{(L)}} \;\cdot\; \prod_{\ell=2}^{L} w^{(\ell)} \;\cdot\; \prod_{\ell=1}^{L} g'(a^{(\ell)}).$$

Thirty factors of 0.64 leave about a millionth ($1.5 \cdot 10^{-6}$); thirty factors of 1.5 make 190 000. In the first case
the lowest layers do not learn, in the second the first step throws them out of the picture. With many units the product
is one of matrices, and the length of $\delta$ plays the part of the number: $\lVert\delta\rVert$, the root of the sum of the
squares of **all** its entries, over examples and units.

**By hand.** ReLU, one example, two layers of two units:

$$X = (1,\ 2), \quad W^{(1)} = \begin{pmatrix} 1 & -1 \\ 1 & 0 \end{pmatrix}, \quad
W^{(2)} = \begin{pmatrix} 3 & 4 \\ 7 & 7 \end{pmatrix}, \quad \frac{\partial J}{\partial z^{(2)}} = (3,\ 4).$$

| | | |
|---|---|---|
| forward | $a^{(1)} = (3,\ -1)$, so $z^{(1)} = (3,\ 0)$ | the second unit is off |
| | $a^{(2)} = (9,\ 12) = z^{(2)}$ | both are on |
| back | $\delta^{(2)} = (3,\ 4) \cdot (1,\ 1)$ | length $\sqrt{9 + 16} = 5$ |
| | $\delta^{(2)} W^{(2)\top} = (25,\ 49)$, and $\delta^{(1)} = (25,\ 49) \cdot (1,\ 0) = (25,\ 0)$ | length 25 |

The profile is $(25,\ 5)$, lowest layer first: one layer down, the gradient is five times as large.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "gradient_profile", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_profile(X, weights, kind, g_out):
    r"""Measure the local errors' length in every layer: :math:`\lVert \partial J / \partial a^{(\ell)} \rVert`.

    Parameters
    ----------
    X : array (N, D)
        One example in each row.
    weights : list of L arrays
        :math:`W^{(1)}, \ldots, W^{(L)}`, each of shape (units below, units above). There are no biases.
    kind : {"tanh", "relu"}
        The activation after every layer, the last one too. ReLU's slope at 0 counts as 0.
    g_out : array (N, M_L)
        :math:`\partial J / \partial z^{(L)}`, the gradient by the last activation.

    Returns
    -------
    array (L,)
        The lengths, from the lowest layer to the highest.

    Notes
    -----
    Deck 000, "The Vanishing Gradient Problem"; deck 003, "The recursive structure of δ".

    >>> gradient_profile(np.zeros((1, 1)), [np.array([[2.0]])] * 3, "tanh", np.array([[1.0]]))
    array([4., 2., 1.])
    """
    ### BEGIN SOLUTION
    z, slopes = X, []
    for W in weights:
        a = z @ W
        z = np.tanh(a) if kind == "tanh" else np.maximum(a, 0)
        slopes.append(1 - z**2 if kind == "tanh" else a > 0)
    delta = g_out * slopes[-1]
    lengths = [np.linalg.norm(delta)]
    for W, slope in zip(weights[:0:-1], slopes[-2::-1]):
        delta = (delta @ W.T) * slope
        lengths.append(np.linalg.norm(delta))
    return np.array(lengths[::-1])
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_gradient_profile", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_gradient_profile = Check("gradient_profile", points={"tanh": 2, "relu": 2})


@test_gradient_profile(part="relu")
def test_profile_by_hand():
    "The example above: two layers of ReLU, one unit of the lower one off."
    weights = [np.array([[1.0, -1.0], [1.0, 0.0]]), np.array([[3.0, 4.0], [7.0, 7.0]])]
    given = np.array([[1.0, 2.0]]), weights, "relu", np.array([[3.0, 4.0]])
    got = test_gradient_profile.call(gradient_profile, *given)
    test_gradient_profile.close("the profile", got, np.array([25.0, 5.0]))


@test_gradient_profile(part="tanh")
def test_profile_of_one_tanh():
    "One layer of tanh: where z is 0.6 the slope is 1 - 0.36 = 0.64."
    got = gradient_profile(np.array([[np.log(2.0)]]), [np.array([[1.0]])], "tanh", np.array([[10.0]]))
    test_gradient_profile.close("the profile", got, np.array([6.4]))


@test_gradient_profile(part="tanh")
def test_profile_of_equal_factors():
    "Four layers whose every factor is one half: the gradient halves at each."
    got = gradient_profile(np.zeros((1, 1)), [np.array([[0.5]])] * 4, "tanh", np.array([[8.0]]))
    test_gradient_profile.close("the profile", got, np.array([1.0, 2.0, 4.0, 8.0]))


### BEGIN HIDDEN TESTS
from misconceptions import gradient_profile as test_bank
from oracles import draw_chain as test_chain
from oracles import gradient_profile as test_right
from oracles import held as test_held

test_gradient_profile.misconceptions = test_bank


def test_profile(about, kind, *sizes, integers=False):
    "Compare with complex steps at every unit of every layer."
    X, weights, g_out = test_chain(test_gradient_profile.rng, *sizes)
    X = np.rint(3 * X).astype(int) if integers else X

    def test():
        test_gradient_profile.compare(
            gradient_profile,
            test_right,
            lambda answer: {"the profile": answer(X.copy(), [W.copy() for W in weights], kind, g_out.copy())},
        )

    test.__doc__ = f"{kind}: {about}"
    test_gradient_profile.hidden(test, part=kind)


for test_kind in ("tanh", "relu"):
    test_profile("all widths different, several examples.", test_kind, 5, [3, 6, 4, 7, 2])
    test_profile("all layers equally wide.", test_kind, 4, [4, 4, 4, 4])
    test_profile("a single layer.", test_kind, 3, [2, 5])
    test_profile("inputs that are whole numbers.", test_kind, 4, [3, 5, 4], integers=True)
test_profile("twenty layers that let almost nothing through.", "tanh", 2, [3] * 21, 0.02)
test_profile("layers that blow the gradient up.", "relu", 6, [4] * 7, 1000.0)


@test_gradient_profile.hidden(part="tanh")
def test_profile_differences():
    "tanh: the same as central differences of the forward pass."
    rng = test_gradient_profile.rng
    X, (W1, W2), g_out = test_chain(rng, 3, [2, 4, 3])
    a, h = X @ W1, 1e-5
    slopes = np.zeros(a.shape)
    for i in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[i], down[i] = up[i] + h, down[i] - h
        slopes[i] = np.sum(g_out * (np.tanh(np.tanh(up) @ W2) - np.tanh(np.tanh(down) @ W2))) / (2 * h)
    got = gradient_profile(X.copy(), [W1.copy(), W2.copy()], "tanh", g_out.copy())
    test_gradient_profile.close("the lowest layer's length", got[0], np.sqrt(np.sum(slopes**2)), rtol=1e-5)


@test_gradient_profile.hidden(part="relu")
def test_profile_off():
    "relu: a unit whose pre-activation is exactly zero passes nothing."
    weights = [np.array([[1.0, -1.0], [1.0, -1.0]]), test_gradient_profile.rng.normal(size=(2, 3))]
    X, g_out = np.array([[2.0, -2.0]]), test_gradient_profile.rng.normal(size=(1, 3))
    test_gradient_profile.compare(
        gradient_profile,
        lambda *given: np.zeros(2),
        lambda answer: {"the profile": answer(X.copy(), [W.copy() for W in weights], "relu", g_out.copy())},
    )


@test_gradient_profile.hidden
def test_profile_leaves():
    "What your caller holds stays as it was."
    for kind in ("tanh", "relu"):
        X, (W1, W2), g_out = test_chain(test_gradient_profile.rng, 3, [2, 4, 3])
        experiment = test_held(["X", "W1", "W2", "g_out"], X, [W1, W2], kind, g_out)
        test_gradient_profile.compare(gradient_profile, test_right, experiment)


### END HIDDEN TESTS
test_gradient_profile.score()

# %% [markdown]
r"""
### What the deck says, and what is true

Deck 000 says of the chain of multiplications that with "any value slightly less than 1" the signal shrinks to nothing,
and with "any value greater than 1" it overflows.

**Exercise (no points).** A path through three layers has the factors $3$, $\tfrac12$ and $\tfrac12$; another has $0.9$,
$0.9$ and $1.5$. Both keep repeating, layer after layer. What becomes of a gradient on each? Correct the deck's sentence.

<details><summary>Answer, when you have yours</summary>

Three layers of the first path multiply by $0.75$: the gradient vanishes, although one factor is greater than 1. Three of
the second multiply by $1.215$: it explodes, although two factors are slightly less than 1. What counts is the **product**
of the factors along the path, or if you like the mean of their logarithms: below zero the gradient vanishes, above it
explodes. (With many units, the sum over all paths counts.)

</details>
"""

# %% [markdown]
r"""
## 2. Where to start: Xavier and He (2 + 2 points)

The slopes are given by the activation. The other half of the product, the weights, is ours to choose, at least at the
start. How large should they be?

A pre-activation is a sum over the $D$ inputs of a layer, $a_m = \sum_d z_d\, w_{dm}$. If the weights are drawn
independently, with mean zero, its variance is $D \cdot \operatorname{Var}(w) \cdot \overline{z^2}$: to keep the size of the
activations, the variance should be $1/D$. On the way back an error is a sum over the layer's $M$ outputs, and the same
thought asks for $1/M$. Both cannot hold unless $D = M$. *Xavier's* initialisation settles in between,

$$\operatorname{Var}(w) = \frac{2}{D + M},$$

drawn from a **uniform** distribution between $-r$ and $r$. Such a distribution has variance $r^2/3$; work out $r$ from it.
It suits tanh, whose slope near zero is 1.

ReLU switches off half of its units and so passes half of the mean square. *He's* initialisation makes up for it,

$$\operatorname{Var}(w) = \frac{2}{D},$$

drawn from a **normal** distribution.

The names in use: `fan_in` is $D$, the number of inputs of the layer, and `fan_out` is $M$, the number of its outputs. The
weights stand in a matrix of shape (fan_in, fan_out), as everywhere in this course.

**By hand.** With fan_in 4 and fan_out 2, Xavier's variance is $2/6 = 1/3$, so that $r = 1$. With fan_in 8, He's variance
is $1/4$: a standard deviation of $\tfrac12$, whatever the fan_out.

**Randomness** comes from `rng`, the generator that you are given, and from nowhere else: whoever passes a generator in the
same state gets the same weights.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "xavier_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def xavier_init(fan_in, fan_out, *, rng):
    r"""Draw a layer's first weights uniformly, with mean 0 and variance :math:`2 / (D + M)`.

    Parameters
    ----------
    fan_in, fan_out : int
        The layer's number of inputs D and of outputs M.
    rng : numpy.random.Generator
        Source of all randomness.

    Returns
    -------
    array (fan_in, fan_out)

    Notes
    -----
    Glorot and Bengio (2010), "Understanding the difficulty of training deep feedforward neural networks".

    >>> xavier_init(3, 2, rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    ### BEGIN SOLUTION
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, (fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_xavier_init", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_xavier_init = Check("xavier_init", points=2)


@test_xavier_init
def test_xavier_by_hand():
    "With fan_in 4 and fan_out 2: four rows, two columns, nothing beyond 1."
    W = xavier_init(4, 2, rng=test_xavier_init.rng)
    test_xavier_init.close("the shape", np.shape(W), (4, 2))
    largest = np.abs(W).max()
    test_xavier_init.that(largest <= 1, f"No weight should be larger than 1 here; one of yours is {largest:.3f}.")


@test_xavier_init
def test_xavier_spread():
    "With fan_in 400 and fan_out 200: weights up to 0.1, with variance 2/600."
    W = xavier_init(400, 200, rng=test_xavier_init.rng)
    test_xavier_init.close("the largest weight (to 3 %)", np.abs(W).max(), 0.1, rtol=0.03)
    test_xavier_init.close("the variance of the weights (to 3 %)", np.var(W), 2 / 600, rtol=0.03)


### BEGIN HIDDEN TESTS
from misconceptions import xavier_init as test_bank
from oracles import form as test_form
from oracles import randomness as test_randomness
from oracles import shapes as test_shapes
from oracles import spread as test_spread
from oracles import xavier_init as test_right

test_xavier_init.misconceptions = test_bank


@test_xavier_init.hidden
def test_xavier_shapes():
    "Inputs are rows, outputs are columns."
    test_xavier_init.compare(xavier_init, test_right, test_shapes(test_xavier_init.rng))


@test_xavier_init.hidden
def test_xavier_variance():
    "The size of the weights, in layers with many more inputs than outputs and the other way round."
    test_xavier_init.compare(xavier_init, test_right, test_spread(test_xavier_init.rng, lambda D, M: 2 / (D + M)))


@test_xavier_init.hidden
def test_xavier_uniform():
    "The kind of distribution."
    test_xavier_init.compare(xavier_init, test_right, test_form(test_xavier_init.rng))


@test_xavier_init.hidden
def test_xavier_rng():
    "All randomness comes from rng."
    test_xavier_init.compare(xavier_init, test_right, test_randomness(test_xavier_init.rng))


### END HIDDEN TESTS
test_xavier_init.score()

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "he_init", "locked": false, "schema_version": 3, "solution": true, "task": false}
def he_init(fan_in, fan_out, *, rng):
    r"""Draw a layer's first weights normally distributed, with mean 0 and variance :math:`2 / D`, for ReLU.

    Parameters
    ----------
    fan_in, fan_out : int
        The layer's number of inputs D and of outputs M.
    rng : numpy.random.Generator
        Source of all randomness.

    Returns
    -------
    array (fan_in, fan_out)

    Notes
    -----
    He, Zhang, Ren and Sun (2015), "Delving deep into rectifiers".

    >>> he_init(3, 2, rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    ### BEGIN SOLUTION
    return rng.normal(0.0, np.sqrt(2 / fan_in), (fan_in, fan_out))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_he_init", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_he_init = Check("he_init", points=2)


@test_he_init
def test_he_by_hand():
    "With fan_in 8 the standard deviation is 0.5, whatever the fan_out."
    W = he_init(8, 10_000, rng=test_he_init.rng)
    test_he_init.close("the shape", np.shape(W), (8, 10_000))
    test_he_init.close("the standard deviation (to 3 %)", np.std(W), 0.5, rtol=0.03)


### BEGIN HIDDEN TESTS
from misconceptions import he_init as test_bank
from oracles import form as test_form
from oracles import he_init as test_right
from oracles import randomness as test_randomness
from oracles import shapes as test_shapes
from oracles import spread as test_spread

test_he_init.misconceptions = test_bank


@test_he_init.hidden
def test_he_shapes():
    "Inputs are rows, outputs are columns."
    test_he_init.compare(he_init, test_right, test_shapes(test_he_init.rng))


@test_he_init.hidden
def test_he_variance():
    "The size of the weights, in layers with many more inputs than outputs and the other way round."
    test_he_init.compare(he_init, test_right, test_spread(test_he_init.rng, lambda D, M: 2 / D))


@test_he_init.hidden
def test_he_normal():
    "The kind of distribution."
    test_he_init.compare(he_init, test_right, test_form(test_he_init.rng))


@test_he_init.hidden
def test_he_rng():
    "All randomness comes from rng."
    test_he_init.compare(he_init, test_right, test_randomness(test_he_init.rng))


### END HIDDEN TESTS
test_he_init.score()

# %% [markdown]
r"""
### Thirty layers, measured

The next cell sends random examples through thirty layers of 64 units and draws your `gradient_profile`, for tanh and for
ReLU, with weights of four sizes: a standard deviation of 0.05 and of 0.35 whatever the layer, and your two
initialisers. The broad grey lines below are ours, measured with the library's layers on the same weights.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_depth", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    def measured_by_layers(X, weights, activation, g_out):
        """Go back through the library's layers one by one, and look at the gradient below every activation."""
        chain = []
        for W in weights:
            linear = layers.Linear(*W.shape, rng=None, initializer=lambda shape, *, rng, W=W: W)
            chain.append((linear, activation()))
        for linear, bend in chain:
            X = bend.forward(linear.forward(X))
        lengths = []
        for linear, bend in reversed(chain):
            delta = bend.backward_to_input(g_out)
            lengths.insert(0, np.linalg.norm(delta))
            g_out = linear.backward_to_input(delta)
        return lengths

    starts = {
        "std 0.05": normal_init(0.05),
        "std 0.35": normal_init(0.35),
        "your Xavier": xavier_init,
        "your He": he_init,
    }
    rng = np.random.default_rng(10)
    examples, from_above = rng.normal(size=(50, 64)), rng.normal(size=(50, 64))
    profiles, ours = {}, {}
    for kind, activation in [("tanh", Tanh), ("relu", ReLU)]:
        for name, start in starts.items():
            drawn = [start(64, 64, rng=rng) for _ in range(30)]
            profiles[kind, name] = np.asarray(gradient_profile(examples, drawn, kind, from_above), dtype=float)
            ours[kind, name] = measured_by_layers(examples, drawn, activation, from_above)
            np.testing.assert_allclose(profiles[kind, name], ours[kind, name], rtol=1e-6, strict=True)
    for kind, name in [("tanh", "your Xavier"), ("relu", "your He")]:
        assert 0.01 < profiles[kind, name][0] / profiles[kind, name][-1] < 100
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), sharey=True, layout="constrained")
    for ax, kind in zip(axes, ["tanh", "relu"]):
        for color, name in zip(["C0", "C3", "C2", "C1"], starts):
            ax.semilogy(range(1, 31), ours[kind, name], "-", color="0.85", linewidth=7)
            ax.semilogy(range(1, 31), profiles[kind, name], "o-", color=color, markersize=3, label=name)
        ax.set(title=kind, xlabel="layer, from the lowest to the highest", ylim=(1e-15, 1e13))
    axes[0].set_ylabel(r"length of the gradient, $\Vert\delta\Vert$")
    axes[0].legend(loc="upper right")
    plt.show()
except Exception:
    plt.close("all")
    print("Your gradients will be drawn here: write gradient_profile, xavier_init and he_init, then run this cell again.")

# %% [markdown]
r"""
Read the picture from right to left, as the gradient runs. Weights too small: it vanishes, under either activation.
Weights too large: under ReLU it explodes; under tanh it grows more slowly, since large pre-activations make the slopes
small, which work against the weights. The right start holds the line over thirty layers: Xavier for tanh, He for ReLU,
where Xavier loses the factor ½ (in the mean square) at every layer. That is a good start; nothing promises that it stays
so while the weights learn. This is what the next sections are about.
"""

# %% [markdown]
r"""
## 3. Batch norm, forward (4 points)

An initialiser sets the size of the activations once. *Batch norm* sets it again in every step: each feature (a column of
$X$, of shape (N, D)) is brought to mean zero and variance one **over the examples of the batch**, and then the network may
choose scale and shift anew, by two parameters for each feature:

$$\mu_d = \frac1N \sum_n x_{nd}, \qquad \sigma_d^2 = \frac1N \sum_n (x_{nd} - \mu_d)^2, \qquad
\hat x_{nd} = \frac{x_{nd} - \mu_d}{\sqrt{\sigma_d^2 + \varepsilon}}, \qquad
x^\text{out}_{nd} = \gamma_d\, \hat x_{nd} + \beta_d .$$

The small $\varepsilon$ stands under the root, so that a feature that never changes is not divided by zero. (Take the mean
away *before* you square. The shortcut $\overline{x^2} - \mu^2$ loses its digits where the mean is large.)

**Two modes.** All this is for training. Afterwards a single example may come alone, and its answer must not depend on who
comes with it. So in training batch norm keeps *running statistics*, and in evaluation it takes $\bar\mu$ and
$\bar\sigma^2$ in the place of $\mu$ and $\sigma^2$ and changes nothing. After each batch of training,

$$\bar\mu \leftarrow m\,\bar\mu + (1 - m)\,\mu, \qquad
\bar\sigma^2 \leftarrow m\,\bar\sigma^2 + (1 - m)\,\frac{N}{N-1}\,\sigma^2 .$$

Two conventions to note. The momentum $m$ is the share of the *old* value that stays, 0.9 unless said otherwise
(PyTorch's `momentum` is the share of the new one, so that its 0.1 is our 0.9). And the running variance collects the
*unbiased* variance, an estimate for all data, while the batch itself is normalised by the biased one, with $1/N$. A batch
of one example says nothing about a variance: it leaves **both** running statistics as they are (and comes out as $\beta$).

**By hand.** Four examples, two features, with $\varepsilon = 1$, $\gamma = (10,\ 2)$, $\beta = (1,\ 0)$, $m = 0.75$, and
running statistics that start at $\bar\mu = (0,\ 0)$, $\bar\sigma^2 = (1,\ 1)$. The columns are $(0, 0, 0, 4)$ and
$(5, 1, 1, 1)$:

| | first feature | second feature |
|---|---|---|
| $\mu$ | 1 | 2 |
| $\sigma^2$ | $(1 + 1 + 1 + 9)/4 = 3$ | $(9 + 1 + 1 + 1)/4 = 3$ |
| $\sqrt{\sigma^2 + \varepsilon}$ | 2 | 2 |
| $\hat x$ | $-0.5,\ -0.5,\ -0.5,\ 1.5$ | $1.5,\ -0.5,\ -0.5,\ -0.5$ |
| $x^\text{out}$ | $-4,\ -4,\ -4,\ 16$ | $3,\ -1,\ -1,\ -1$ |
| new $\bar\mu$ | $0 + 0.25 \cdot 1 = 0.25$ | $0 + 0.25 \cdot 2 = 0.5$ |
| new $\bar\sigma^2$ | $0.75 \cdot 1 + 0.25 \cdot 4 = 1.75$ | 1.75 |

(The unbiased variance is $12/3 = 4$.) In evaluation, with $\bar\mu = (1,\ 2)$, $\bar\sigma^2 = (3,\ 8)$ and the same
$\varepsilon$, $\gamma$, $\beta$, the example $(5,\ 8)$ gives $\hat x = (4/2,\ 6/3) = (2,\ 2)$ and $x^\text{out} = (21,\ 4)$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "batch_norm_forward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_norm_forward(X, gamma, beta, running_mean, running_variance, training, momentum=0.9, eps=1e-5):
    r"""Normalise every feature: over the batch in training, by the running statistics in evaluation.

    Parameters
    ----------
    X : array (N, D)
        One example in each row.
    gamma, beta : array (D,)
        Scale and shift of each feature.
    running_mean, running_variance : array (D,)
        What has been collected so far. They are left as they are; the new ones are returned.
    training : bool
        True in training, False in evaluation.
    momentum : float
        m, the share of the old running statistics that stays, from 0 to below 1.
    eps : float
        :math:`\varepsilon > 0`, added to the variance.

    Returns
    -------
    X_out : array (N, D)
    running_mean, running_variance : array (D,)
        The new ones after a batch of training; otherwise what was given.

    Notes
    -----
    Ioffe and Szegedy (2015), "Batch normalization"; deck 003, "Making training generalize & stay stable".

    >>> one, zero = np.ones(1), np.zeros(1)
    >>> X_out, mean, variance = batch_norm_forward(np.array([[1.0], [3.0]]), one, zero, zero, one, True)
    >>> X_out.ravel().round(3), mean, variance
    (array([-1.,  1.]), array([0.2]), array([1.1]))
    """
    ### BEGIN SOLUTION
    mean, variance = running_mean, running_variance
    if training:
        N, mean, variance = len(X), X.mean(axis=0), X.var(axis=0)
        if N > 1:
            running_mean = momentum * running_mean + (1 - momentum) * mean
            running_variance = momentum * running_variance + (1 - momentum) * variance * N / (N - 1)
    X_hat = (X - mean) / np.sqrt(variance + eps)
    return gamma * X_hat + beta, running_mean, running_variance
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_batch_norm_forward", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_batch_norm_forward = Check("batch_norm_forward", points={"training": 2, "running statistics": 1, "evaluation": 1})


def test_results(answer, *arguments):
    "Call an answer and give its three results by name."
    found = answer(*arguments)
    three = isinstance(found, (tuple, list)) and len(found) == 3
    test_batch_norm_forward.that(three, "batch_norm_forward returns three: X_out, running_mean, running_variance.")
    return dict(zip(("X_out", "running_mean", "running_variance"), found, strict=True))


def test_by_hand():
    "Run the batch of the table above."
    X = np.array([[0.0, 5.0], [0.0, 1.0], [0.0, 1.0], [4.0, 1.0]])
    gamma, beta = np.array([10.0, 2.0]), np.array([1.0, 0.0])
    return test_results(batch_norm_forward, X, gamma, beta, np.zeros(2), np.ones(2), True, 0.75, 1.0)


@test_batch_norm_forward(part="training")
def test_training_by_hand():
    "The batch of the table above."
    expected = np.array([[-4.0, 3.0], [-4.0, -1.0], [-4.0, -1.0], [16.0, -1.0]])
    test_batch_norm_forward.close("X_out", test_by_hand()["X_out"], expected)


@test_batch_norm_forward(part="running statistics")
def test_running_by_hand():
    "What is kept of that batch, with momentum 0.75."
    test_batch_norm_forward.close("running_mean", test_by_hand()["running_mean"], np.array([0.25, 0.5]))
    test_batch_norm_forward.close("running_variance", test_by_hand()["running_variance"], np.array([1.75, 1.75]))


@test_batch_norm_forward(part="running statistics")
def test_running_of_one():
    "A batch of one example leaves the running statistics as they are."
    given = np.array([[7.0, 8.0]]), np.ones(2), np.zeros(2), np.array([1.0, 2.0]), np.array([3.0, 4.0]), True
    got = test_results(batch_norm_forward, *given)
    test_batch_norm_forward.close("running_mean", got["running_mean"], np.array([1.0, 2.0]))
    test_batch_norm_forward.close("running_variance", got["running_variance"], np.array([3.0, 4.0]))


@test_batch_norm_forward(part="evaluation")
def test_evaluation_by_hand():
    "The example (5, 8) in evaluation."
    X, gamma, beta = np.array([[5.0, 8.0]]), np.array([10.0, 2.0]), np.array([1.0, 0.0])
    mean, variance = np.array([1.0, 2.0]), np.array([3.0, 8.0])
    got = test_results(batch_norm_forward, X, gamma, beta, mean, variance, False, 0.75, 1.0)
    test_batch_norm_forward.close("X_out", got["X_out"], np.array([[21.0, 4.0]]))
    test_batch_norm_forward.close("running_mean", got["running_mean"], np.array([1.0, 2.0]))
    test_batch_norm_forward.close("running_variance", got["running_variance"], np.array([3.0, 8.0]))


### BEGIN HIDDEN TESTS
from misconceptions import batch_norm_forward as test_bank
from oracles import batch_norm_forward as test_right
from oracles import draw_batch as test_draw
from oracles import draw_running as test_draw_running
from oracles import held as test_held

test_batch_norm_forward.misconceptions = test_bank
test_NAMES = ("X", "gamma", "beta", "running_mean", "running_variance")


def test_training(about, N, D, change=lambda X: X, rates=lambda rng: (rng.uniform(0.2, 0.4), rng.uniform(0.1, 1))):
    "Compare the output of a batch in training."
    rng = test_batch_norm_forward.rng
    (X, gamma, beta), running, rates = test_draw(rng, N, D), test_draw_running(rng, D), rates(rng)
    given = change(X), gamma, beta, *running, True

    def experiment(answer):
        return {"X_out in training": test_results(answer, *(np.copy(g) for g in given[:-1]), True, *rates)["X_out"]}

    def test():
        test_batch_norm_forward.compare(batch_norm_forward, test_right, experiment)

    test.__doc__ = f"In training: {about}"
    test_batch_norm_forward.hidden(test, part="training")


def test_nothing_given(rng):
    "Leave momentum and eps at their defaults."
    return ()


test_training("more examples than features.", 7, 3)
test_training("as many examples as features.", 4, 4)
test_training("more features than examples.", 2, 5)
test_training("features so quiet that eps counts, nothing given but what must be.", 6, 3, lambda X: 2e-3 * X, test_nothing_given)
test_training("a feature that never changes.", 5, 3, lambda X: np.where([True, False, True], X, 3.0), test_nothing_given)
test_training("features far from zero.", 6, 3, lambda X: X + 1e6)
test_training("features that are whole numbers.", 6, 3, lambda X: np.rint(3 * X).astype(int))
test_training("a single example.", 1, 4)


@test_batch_norm_forward.hidden(part="running statistics")
def test_running_over_batches():
    "The running statistics after several batches of different length, one of them with a single example."
    rng = test_batch_norm_forward.rng
    batches = [test_draw(rng, N, 3) for N in (5, 2, 1, 9)]
    start, momentum = test_draw_running(rng, 3), rng.uniform(0.2, 0.4)

    def experiment(answer):
        running, seen = [start[0].copy(), start[1].copy()], {}
        for t, (X, gamma, beta) in enumerate(batches, start=1):
            kept = [array.copy() for array in running]
            got = test_results(answer, X.copy(), gamma.copy(), beta.copy(), *kept, True, momentum)
            running = [np.array(got["running_mean"]), np.array(got["running_variance"])]
            seen |= {f"running_mean after batch {t}": running[0], f"running_variance after batch {t}": running[1]}
        return seen

    test_batch_norm_forward.compare(batch_norm_forward, test_right, experiment)


@test_batch_norm_forward.hidden(part="running statistics")
def test_running_default():
    "The running statistics with nothing given but what must be."
    rng = test_batch_norm_forward.rng
    given = *test_draw(rng, 4, 3), *test_draw_running(rng, 3)

    def experiment(answer):
        got = test_results(answer, *(g.copy() for g in given), True)
        return {name: got[name] for name in ("running_mean", "running_variance")}

    test_batch_norm_forward.compare(batch_norm_forward, test_right, experiment)


@test_batch_norm_forward.hidden(part="evaluation")
def test_evaluation():
    "In evaluation: whoever comes together, and nothing is kept of them."
    rng = test_batch_norm_forward.rng
    for N, rates in [(6, (0.3, 0.5)), (3, ()), (1, (0.6, 0.25))]:
        given = *test_draw(rng, N, 3), *test_draw_running(rng, 3)
        given[-1][0] = 1e-4

        def experiment(answer, given=given, rates=rates):
            found = test_results(answer, *(g.copy() for g in given), False, *rates)
            return {f"{name} in evaluation": array for name, array in found.items()}

        test_batch_norm_forward.compare(batch_norm_forward, test_right, experiment)


def test_leaves(part, names):
    "See what the caller's arrays of these names hold after a call."
    rng = test_batch_norm_forward.rng
    given = *test_draw(rng, 5, 3), *test_draw_running(rng, 3)
    experiments = [test_held(test_NAMES, *given, training) for training in (True, False)]

    def test():
        for experiment in experiments:

            def those(answer, experiment=experiment):
                return {what: array for what, array in experiment(answer).items() if what.split()[3] in names}

            test_batch_norm_forward.compare(batch_norm_forward, test_right, those)

    test.__doc__ = f"What your caller's {', '.join(names)} hold stays as it was."
    test_batch_norm_forward.hidden(test, part=part)


test_leaves("training", ("X", "gamma", "beta"))
test_leaves("running statistics", ("running_mean", "running_variance"))


@test_batch_norm_forward.hidden(part="training")
def test_training_invariance():
    "Other units of measurement change nothing but the part of eps."
    rng = test_batch_norm_forward.rng
    X, gamma, beta = test_draw(rng, 8, 3)
    running = test_draw_running(rng, 3)
    got = test_results(batch_norm_forward, 1000 * X - 500, gamma, beta, *running, True, 0.9, 1e-12)["X_out"]
    test_batch_norm_forward.close("X_out", got, test_right(X, gamma, beta, *running, True, 0.9, 1e-18)[0])


### END HIDDEN TESTS
test_batch_norm_forward.score()

# %% [markdown]
r"""
## 4. Batch norm, backward (5 points)

You are given $G = \partial J/\partial X^\text{out}$ (`g_out`), in training mode. The parameters are quickly done: $\gamma_d$
multiplies $\hat x_{nd}$ in every example, and $\beta_d$ is added in every example.

The input is the interesting part, for $x_{nd}$ reaches the output on **three ways**: by itself, by the mean, and by the
variance. Through the last two, *one* example changes the output of *all* of them. Fix one feature and write
$\hat g_n = \gamma\, g_n$ for the gradient with respect to $\hat x_n$, and $s = \sqrt{\sigma^2 + \varepsilon}$. The three
links of the chain are

| way | what $x_n$ changes there | what that does to the loss |
|---|---|---|
| by itself | $\hat x_n$, by $1/s$ | $\hat g_n$ |
| by the mean | $\mu$, by $1/N$ | $\displaystyle\frac{\partial J}{\partial \mu} = -\frac1s \sum_k \hat g_k$ |
| by the variance | $\sigma^2$, by $\displaystyle\frac{2 (x_n - \mu)}{N}$ | $\displaystyle\frac{\partial J}{\partial \sigma^2} = -\frac{1}{2 s^3} \sum_k \hat g_k\, (x_k - \mu)$ |

The gradient is the sum of the three. (A change of $\mu$ moves $\sigma^2$ too, but only by
$-\tfrac2N \sum_k (x_k - \mu) = 0$.) You may write it as it stands; if you put it together and use $\hat x$, it becomes
one line with two means in it.

**By hand.** The first feature from above, $x = (0, 0, 0, 4)$, with $\varepsilon = 1$, so that $s = 2$ and
$\hat x = (-0.5, -0.5, -0.5, 1.5)$; let $\gamma = 2$ and $g = (4, 0, 0, 0)$. Then $\hat g = (8, 0, 0, 0)$, and

- $d\gamma = \sum_n g_n \hat x_n = 4 \cdot (-0.5) = -2$ and $d\beta = \sum_n g_n = 4$;
- by itself: $\hat g / 2 = (4,\ 0,\ 0,\ 0)$;
- by the mean: $\partial J/\partial\mu = -\tfrac12 \cdot 8 = -4$, times $\tfrac14$: $-1$ for every example;
- by the variance: $\partial J/\partial\sigma^2 = -\tfrac{1}{16} \cdot 8 \cdot (-1) = 0.5$, times $\tfrac24 (x_n - \mu)$:
  $(-0.25,\ -0.25,\ -0.25,\ 0.75)$.

Together: $(2.75,\ -1.25,\ -1.25,\ -0.25)$. The entries add up to zero, and they always do: if all examples move by the
same amount, so does the mean, and nothing changes.

*A trap for testers.* If `g_out` is all ones, the right answer for the input is zero, at every entry, whatever $X$ is. A
gradient check with an upstream gradient of ones would praise a backward pass that returns nothing but zeros. Check with a
random one.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "batch_norm_backward", "locked": false, "schema_version": 3, "solution": true, "task": false}
def batch_norm_backward(g_out, X, gamma, eps=1e-5):
    r"""Carry the gradient of a loss J back through batch norm in training mode.

    Parameters
    ----------
    g_out : array (N, D)
        :math:`\partial J / \partial X^\text{out}`, from the layer above.
    X : array (N, D)
        The batch that went in.
    gamma : array (D,)
        The scale of each feature.
    eps : float
        :math:`\varepsilon > 0`, as in the forward pass.

    Returns
    -------
    g_in : array (N, D)
        :math:`\partial J / \partial X`.
    dgamma, dbeta : array (D,)
        :math:`\partial J / \partial \gamma` and :math:`\partial J / \partial \beta`.

    Notes
    -----
    Ioffe and Szegedy (2015), "Batch normalization".

    >>> g_out, X = np.array([[1.0], [2.0], [6.0]]), np.array([[0.0], [0.0], [3.0]])
    >>> g_in, dgamma, dbeta = batch_norm_backward(g_out, X, np.ones(1), eps=2.0)
    >>> g_in.ravel(), dgamma, dbeta
    (array([-0.625, -0.125,  0.75 ]), array([4.5]), array([9.]))
    """
    ### BEGIN SOLUTION
    root = np.sqrt(X.var(axis=0) + eps)
    X_hat = (X - X.mean(axis=0)) / root
    g_hat = gamma * g_out
    g_in = (g_hat - g_hat.mean(axis=0) - X_hat * (g_hat * X_hat).mean(axis=0)) / root
    return g_in, (g_out * X_hat).sum(axis=0), g_out.sum(axis=0)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_batch_norm_backward", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_batch_norm_backward = Check("batch_norm_backward", points={"g_in": 3, "dgamma": 1, "dbeta": 1})


def test_three(answer, *arguments):
    "Call an answer and give its three results by name."
    found = answer(*arguments)
    three = isinstance(found, (tuple, list)) and len(found) == 3
    test_batch_norm_backward.that(three, "batch_norm_backward returns three arrays: g_in, dgamma, dbeta.")
    return dict(zip(("g_in", "dgamma", "dbeta"), found, strict=True))


def test_by_hand(part):
    "Run the example above, with its second feature beside it."
    X = np.array([[0.0, 5.0], [0.0, 1.0], [0.0, 1.0], [4.0, 1.0]])
    g_out = np.array([[4.0, 0.0], [0.0, 0.0], [0.0, 8.0], [0.0, 0.0]])
    return test_three(batch_norm_backward, g_out, X, np.array([2.0, 1.0]), 1.0)[part]


@test_batch_norm_backward(part="g_in")
def test_g_in_by_hand():
    "g_in by hand: the example above, and a second feature beside it."
    expected = np.array([[2.75, -0.25], [-1.25, -1.25], [-1.25, 2.75], [-0.25, -1.25]])
    test_batch_norm_backward.close("g_in", test_by_hand("g_in"), expected)


@test_batch_norm_backward(part="dgamma")
def test_dgamma_by_hand():
    "dgamma by hand, on the same numbers."
    test_batch_norm_backward.close("dgamma", test_by_hand("dgamma"), np.array([-2.0, -4.0]))


@test_batch_norm_backward(part="dbeta")
def test_dbeta_by_hand():
    "dbeta by hand, on the same numbers."
    test_batch_norm_backward.close("dbeta", test_by_hand("dbeta"), np.array([4.0, 8.0]))


### BEGIN HIDDEN TESTS
from course.gradient_check import numerical_vjp as test_vjp
from misconceptions import batch_norm_backward as test_bank
from oracles import batch_norm_backward as test_right
from oracles import batch_norm_forward as test_forward
from oracles import draw_batch as test_draw
from oracles import held as test_held

test_batch_norm_backward.misconceptions = test_bank


def test_term(part, about, N, D, change=lambda X: X, eps=True):
    "Compare one of the three with complex steps, at every entry."
    rng = test_batch_norm_backward.rng
    X, gamma, _ = test_draw(rng, N, D)
    data = rng.normal(size=(N, D)) + rng.uniform(1, 2, D), change(X), gamma
    rates = (rng.uniform(0.2, 1),) if eps else ()

    def experiment(answer):
        return {part: test_three(answer, *(array.copy() for array in data), *rates)[part]}

    def test():
        test_batch_norm_backward.compare(batch_norm_backward, test_right, experiment)

    test.__doc__ = f"{part}: {about}"
    test_batch_norm_backward.hidden(test, part=part)


def test_differences(part):
    "Compare one of the three with central differences of a forward pass, at every entry."
    rng = test_batch_norm_backward.rng
    X, gamma, beta = test_draw(rng, 6, 3)
    g_out = rng.normal(size=(6, 3))
    stays = np.zeros(3), np.ones(3), True, 0.9, 0.3
    forward = {
        "g_in": (lambda X: test_forward(X, gamma, beta, *stays)[0], X),
        "dgamma": (lambda gamma: test_forward(X, gamma, beta, *stays)[0], gamma),
        "dbeta": (lambda beta: test_forward(X, gamma, beta, *stays)[0], beta),
    }

    def test():
        got = test_three(batch_norm_backward, g_out.copy(), X.copy(), gamma.copy(), 0.3)[part]
        test_batch_norm_backward.close(part, got, test_vjp(*forward[part], g_out), rtol=1e-5, atol=1e-6)

    test.__doc__ = f"{part}: the same as central differences of the forward pass, for a random gradient from above."
    test_batch_norm_backward.hidden(test, part=part)


for test_part in ("g_in", "dgamma", "dbeta"):
    test_term(test_part, "more examples than features.", 7, 3)
    test_term(test_part, "as many examples as features.", 4, 4)
    test_term(test_part, "more features than examples.", 2, 5)
    test_term(test_part, "a single example.", 1, 3)
    test_term(test_part, "features so quiet that eps counts, and eps not given.", 6, 3, lambda X: 2e-3 * X, eps=False)
    test_term(test_part, "features far from zero.", 6, 2, lambda X: X + 1e6)
    test_term(test_part, "features that are whole numbers.", 6, 3, lambda X: np.rint(3 * X).astype(int))
    test_differences(test_part)


@test_batch_norm_backward.hidden(part="g_in")
def test_g_in_invariance():
    "g_in: moving all examples together changes nothing, nor does a gradient that is the same for all."
    rng = test_batch_norm_backward.rng
    X, gamma, _ = test_draw(rng, 6, 3)
    g_out = rng.normal(size=(6, 3))
    got = test_three(batch_norm_backward, g_out.copy(), X.copy(), gamma.copy())["g_in"]
    test_batch_norm_backward.close("the sum of g_in over the examples", np.sum(got, axis=0), np.zeros(3), atol=1e-8)
    moved = test_three(batch_norm_backward, g_out + rng.normal(size=3), X.copy(), gamma.copy())["g_in"]
    test_batch_norm_backward.close("g_in", moved, test_right(g_out, X, gamma)[0])


@test_batch_norm_backward.hidden(part="g_in")
def test_backward_leaves():
    "What your caller holds stays as it was, and the results are new arrays."
    rng = test_batch_norm_backward.rng
    for N in (5, 1):
        X, gamma, _ = test_draw(rng, N, 3)
        given = rng.normal(size=(N, 3)), X, gamma
        test_batch_norm_backward.compare(batch_norm_backward, test_right, test_held(["g_out", "X", "gamma"], *given))
        test_batch_norm_backward.call(batch_norm_backward, *given)


### END HIDDEN TESTS
test_batch_norm_backward.score()

# %% [markdown]
r"""
## 5. Layer norm (2 points)

*Layer norm* uses the same formula along the other axis: each **example** is brought to mean zero and variance one over its
own D features,

$$\mu_n = \frac1D \sum_d x_{nd}, \qquad \sigma_n^2 = \frac1D \sum_d (x_{nd} - \mu_n)^2, \qquad
x^\text{out}_{nd} = \gamma_d\, \frac{x_{nd} - \mu_n}{\sqrt{\sigma_n^2 + \varepsilon}} + \beta_d .$$

Scale and shift still belong to the *features*. No example depends on another: there are no running statistics, and
training and evaluation are the same. That is why sequences are normalised in this way: there, X has the shape (N, T, D),
every one of the T steps is normalised by itself, and the features are still the **last** axis. Your function takes both.

**By hand.** With $\varepsilon = 1$, the example $(0, 0, 0, 4)$ becomes $(-0.5, -0.5, -0.5, 1.5)$, as before; with
$\gamma = (1, 2, 3, 4)$ and $\beta = (0, 0, 1, 1)$ it comes out as $(-0.5,\ -1,\ -0.5,\ 7)$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "layer_norm", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layer_norm(X, gamma, beta, eps=1e-5):
    r"""Normalise every example over its features, the last axis.

    Parameters
    ----------
    X : array (N, D) or (N, T, D)
        Examples, or sequences of T steps.
    gamma, beta : array (D,)
        Scale and shift of each feature.
    eps : float
        :math:`\varepsilon > 0`, added to the variance.

    Returns
    -------
    array, of the shape of X

    Notes
    -----
    Ba, Kiros and Hinton (2016), "Layer normalization"; deck 003, "Making training generalize & stay stable".

    >>> layer_norm(np.array([[1.0, 3.0], [10.0, 30.0]]), np.ones(2), np.zeros(2)).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """
    ### BEGIN SOLUTION
    mean = X.mean(axis=-1, keepdims=True)
    variance = X.var(axis=-1, keepdims=True)
    return gamma * (X - mean) / np.sqrt(variance + eps) + beta
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_layer_norm", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_layer_norm = Check("layer_norm", points=2)


@test_layer_norm
def test_layer_norm_by_hand():
    "The example above, and another below it that only stands elsewhere."
    X, gamma, beta = np.array([[0.0, 0, 0, 4], [7, 7, 7, 11]]), np.array([1.0, 2, 3, 4]), np.array([0.0, 0, 1, 1])
    got = test_layer_norm.call(layer_norm, X, gamma, beta, 1.0)
    test_layer_norm.close("X_out", got, np.array([[-0.5, -1.0, -0.5, 7.0], [-0.5, -1.0, -0.5, 7.0]]))


@test_layer_norm
def test_layer_norm_sequence():
    "A sequence of three steps: every step is normalised by itself."
    X = np.array([[[0.0, 0, 0, 4], [5, 1, 1, 1], [2, 2, 2, 2]]])
    expected = np.array([[[-0.5, -0.5, -0.5, 1.5], [1.5, -0.5, -0.5, -0.5], [0, 0, 0, 0]]])
    test_layer_norm.close("X_out", layer_norm(X, np.ones(4), np.zeros(4), 1.0), expected)


### BEGIN HIDDEN TESTS
from misconceptions import layer_norm as test_bank
from oracles import draw_batch as test_draw
from oracles import held as test_held
from oracles import layer_norm as test_right

test_layer_norm.misconceptions = test_bank


def test_value(about, shape, change=lambda X: X, eps=True):
    "Compare with one example after the other."
    rng = test_layer_norm.rng
    X, gamma, beta = test_draw(rng, int(np.prod(shape[:-1])), shape[-1])
    given = change(X.reshape(shape)), gamma, beta
    rates = (rng.uniform(0.2, 1),) if eps else ()

    def test():
        test_layer_norm.compare(
            layer_norm, test_right, lambda answer: {"X_out": answer(*(array.copy() for array in given), *rates)}
        )

    test.__doc__ = about
    test_layer_norm.hidden(test)


test_value("More examples than features.", (7, 3))
test_value("As many examples as features.", (4, 4))
test_value("A single example.", (1, 5))
test_value("Sequences.", (2, 5, 3))
test_value("Sequences with as many steps as features, and as many of them.", (3, 3, 3))
test_value("Examples so quiet that eps counts, and eps not given.", (6, 3), lambda X: 2e-3 * X, eps=False)
test_value("An example whose features are all the same.", (3, 4), lambda X: np.where([[True], [False], [True]], X, 3.0), False)
test_value("Examples far from zero.", (5, 3), lambda X: X + 1e6)
test_value("Features that are whole numbers.", (5, 3), lambda X: np.rint(3 * X).astype(int))


@test_layer_norm.hidden
def test_layer_norm_alone():
    "An example gives the same alone and in company."
    X, gamma, beta = test_draw(test_layer_norm.rng, 5, 4)
    got = layer_norm(np.vstack([X, 1000 * X]), gamma, beta)
    test_layer_norm.close("X_out", got[:5], test_right(X, gamma, beta))


@test_layer_norm.hidden
def test_layer_norm_leaves():
    "What your caller holds stays as it was, and the result is a new array."
    given = test_draw(test_layer_norm.rng, 5, 3)
    test_layer_norm.compare(layer_norm, test_right, test_held(["X", "gamma", "beta"], *given))
    test_layer_norm.call(layer_norm, *given)


### END HIDDEN TESTS
test_layer_norm.score()

# %% [markdown]
r"""
## 6. Your own network (3 points)

Everything is there: layers, a loss, optimizers, a loop, and your initialisers. Put them together and learn to read
handwritten digits: 1797 images of 8 × 8 pixels, the digits 0 to 9.

Write `train_classifier(X, y, rng=rng)`. It trains a network with **at least one hidden layer** and gives back two things:
a function `predict`, and the list of the mean training loss of each epoch. How many layers and units, which activation,
which optimizer and which rate, how many epochs: your choice, so play with it. Some rules, and the checks know them:

- **It is not only for digits.** The number of features and of classes is what X and y say. (The classes are
  0, 1, …, C − 1, and all of them occur in y.)
- **Features may come in any units.** Bring them to one scale first, by the mean and deviation of the *training* data, and
  bring what is to be predicted to the same scale by the *same* numbers. Some pixels never change: do not divide by zero.
  (`Standardizer` does all that.)
- **All randomness comes from `rng`:** the first weights and the order of the examples.
- **`predict` answers for each example by itself:** a class number, whoever comes with it.
- X and y stay as they are.

Deck 003's task has the same form: the spam classifier of lectures 1 and 4 has two features and two classes, and softmax
cross-entropy as its loss.

Your network passes if it reads at least 90 % of the digits right that it has never seen. That is not much to ask of a
network with one hidden layer: ours is right on 97 %, after a fraction of a second. Stay below five seconds for a training;
the grader waits fifteen. What you may take from the set-up cell, in use:

    net = Sequential(Linear(64, 10, rng=rng, initializer=he_init))      # only one layer yet
    seen = fit(net, SoftmaxCrossEntropy(), Adam(0.01), X, y, epochs=5, batch_size=32, rng=rng)
    seen.train_loss      # a list, one number for each epoch
    net.forward(X)       # the scores (logits), of shape (N, 10)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "train_classifier", "locked": false, "schema_version": 3, "solution": true, "task": false}
def train_classifier(X, y, *, rng):
    r"""Train a network to tell classes apart.

    Parameters
    ----------
    X : array (N, D)
        Examples to learn from, one in each row, each feature in a unit of its own.
    y : array (N,) of integers
        Their classes, 0 to C - 1; each of them occurs.
    rng : numpy.random.Generator
        Source of all randomness.

    Returns
    -------
    predict : function
        ``predict(X_new)`` takes an array (M, D) and gives an array (M,) of class numbers.
    losses : list of float
        The mean training loss of every epoch.

    Examples
    --------
    >>> X, y = np.array([[0.0, 1000.0], [1.0, 1000.0]] * 100), np.array([0, 1] * 100)
    >>> predict, losses = train_classifier(X, y, rng=np.random.default_rng(0))
    >>> predict(np.array([[0.1, 1000.0], [0.9, 1000.0]])), losses[-1] < losses[0]
    (array([0, 1]), True)
    """
    ### BEGIN SOLUTION
    standardize, classes = Standardizer(X), int(y.max()) + 1
    network = Sequential(
        Linear(X.shape[1], 64, rng=rng, initializer=he_init),
        ReLU(),
        Linear(64, classes, rng=rng, initializer=xavier_init),
    )
    history = fit(network, SoftmaxCrossEntropy(), Momentum(0.05), standardize(X), y, epochs=25, batch_size=32, rng=rng)

    def predict(X_new):
        return network.forward(standardize(X_new)).argmax(axis=1)

    return predict, history.train_loss
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_train_classifier", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check
from course.datasets import digits as test_digits
from course.datasets import split as test_split
from course.datasets import table as test_small_table

test_train_classifier = Check("train_classifier", points={"digits": 2, "any data": 1})

### BEGIN HIDDEN TESTS
from oracles import he_init as test_carried_he
from oracles import xavier_init as test_carried_xavier

test_train_classifier.carry(he_init=test_carried_he, xavier_init=test_carried_xavier)
### END HIDDEN TESTS


def test_two(found):
    "See that there are a function and a list of losses."
    two = isinstance(found, (tuple, list)) and len(found) == 2 and callable(found[0])
    test_train_classifier.that(two, "train_classifier returns two things: the function predict, and the list of losses.")
    return found[0], np.asarray(found[1], dtype=float)


def test_share(predict, X, y):
    "Give the share of the classes that are right."
    found = np.asarray(predict(X.copy()))
    numbers = found.shape == y.shape and found.dtype.kind in "iuf"
    test_train_classifier.that(numbers, "predict gives one class number for each example, in an array of shape (M,).")
    return np.mean(found == y)


@test_train_classifier(part="digits")
def test_digits_it_has_never_seen():
    "Three quarters of the digits to learn from, one quarter that nobody has seen."
    (X, y), (X_test, y_test) = test_split(*test_digits(), rng=np.random.default_rng(10))
    predict, losses = test_two(train_classifier(X, y, rng=np.random.default_rng(11)))
    falls = losses.ndim == 1 and len(losses) > 1 and losses[-1] < 0.9 * losses[0]
    share = test_share(predict, X_test, y_test)
    test_train_classifier.that(share >= 0.9, f"It reads {share:.1%} right; 90 % are needed.")
    test_train_classifier.that(falls, "The losses should be a list with one number for each epoch, and fall.")


@test_train_classifier(part="any data")
def test_wines():
    "The same function on a table: 13 measurements of wines, in units of their own, from three growers."
    (X, y), (X_test, y_test) = test_split(*test_small_table("wine"), rng=np.random.default_rng(10))
    predict, _ = test_two(train_classifier(X, y, rng=np.random.default_rng(11)))
    share = test_share(predict, X_test, y_test)
    test_train_classifier.that(share >= 0.8, f"It gets {share:.1%} of the wines right; 80 % are needed.")


### BEGIN HIDDEN TESTS
from misconceptions import train_classifier as test_bank
from oracles import draw_digits as test_draw_digits
from oracles import draw_table as test_draw_table
from oracles import held as test_held
from oracles import in_other_units as test_in_other_units

test_train_classifier.misconceptions = test_bank
test_data = test_draw_digits(test_train_classifier.rng)
test_table = test_draw_table(test_train_classifier.rng)
test_units = test_in_other_units(test_train_classifier.rng, test_data)
test_seed = int(test_train_classifier.rng.integers(2**32))
test_trained = {}


def test_train(answer, seed=test_seed, data=test_data):
    "Train on the digits, or on other data; do not do again what has been done before."
    key = id(answer), seed, id(data), globals().get("he_init") is test_carried_he
    if key not in test_trained:
        try:
            found = answer(data[0][0].copy(), data[0][1].copy(), rng=np.random.default_rng(seed))
        except ValueError:  # in whatever words: data of another shape do not fit
            found = None
        test_trained[key] = answer, found
    found = test_trained[key][1]
    test_train_classifier.that(found is not None, "train_classifier cannot take these data: what does it take for granted?")
    return test_two(found)


def test_nobody():
    "Stand for the right answer, of which there is nothing to see."


def test_idea(about, part, seen):
    "Look at one side of a trained network. An experiment says what is wrong, or else it has nothing to say."

    def experiment(answer):
        if answer is not test_nobody:
            seen(answer)
        return {}

    def test():
        test_train_classifier.compare(train_classifier, test_nobody, experiment)

    test.__doc__ = about
    test_train_classifier.hidden(test, part=part)


def test_right_for_most(answer):
    share = test_share(test_train(answer)[0], *test_data[1])
    test_train_classifier.that(share >= 0.9, "It reads too few of the digits right that it has never seen.")


def test_losses(answer):
    losses = test_train(answer)[1]
    falls = losses.ndim == 1 and len(losses) > 1 and losses[-1] < 0.9 * losses[0]
    test_train_classifier.that(falls, "The losses should be a list with one number for each epoch, and fall.")


def test_form(answer):
    found = np.asarray(test_train(answer)[0](test_data[1][0].copy()))
    message = "predict gives one class number for each example, in an array of shape (M,)."
    test_train_classifier.that(found.shape == test_data[1][1].shape, message)


def test_alone(answer):
    predict, X = test_train(answer)[0], test_data[1][0][:30]
    together, alone = np.asarray(predict(X.copy())), [np.asarray(predict(x[np.newaxis].copy())) for x in X]
    pairs = list(zip(together[:, np.newaxis], alone, strict=False))
    same = [one.shape == found.shape and np.allclose(one, found, rtol=1e-6) for one, found in pairs]
    message = "predict should give the same answer for an image alone as in company."
    test_train_classifier.that(np.mean(same) > 0.9, message)  # where two classes tie, rounding may decide


def test_again(answer):
    first = test_train(answer)[1]
    test_trained.clear()
    again = test_train(answer)[1]
    same = first.shape == again.shape and np.allclose(first, again, rtol=1e-4)
    test_train_classifier.that(same, "The same state of rng should give the same training.")


def test_other_seed(answer):
    first, other = test_train(answer)[1], test_train(answer, test_seed + 1)[1]
    same = first.shape == other.shape and np.allclose(first, other, rtol=1e-9, equal_nan=True)
    test_train_classifier.that(not same, "Another state of rng should give another training.")


def test_other_table(answer):
    share = test_share(test_train(answer, data=test_table)[0], *test_table[1])
    test_train_classifier.that(share >= 0.9, "It does not learn from a table with other features and classes.")


def test_other_units(answer):
    share = test_share(test_train(answer, data=test_units)[0], *test_units[1])
    test_train_classifier.that(share >= 0.9, "It does not learn where the features come in different units.")


test_idea("It reads digits that it has never seen.", "digits", test_right_for_most)
test_idea("Its losses fall.", "digits", test_losses)
test_idea("It gives a class number for each image.", "digits", test_form)
test_idea("It answers for each image by itself.", "any data", test_alone)
test_idea("Another generator gives another training.", "any data", test_other_seed)
test_idea("The same generator gives the same training.", "any data", test_again)
test_idea("It learns from a table, with other features and classes.", "any data", test_other_table)
test_idea("It learns where every feature has a unit of its own.", "any data", test_other_units)


@test_train_classifier.hidden(part="any data")
def test_training_leaves():
    "What your caller holds stays as it was."
    experiment = test_held(["X", "y"], *test_table[0], rng=np.random.default_rng(test_seed))
    test_train_classifier.compare(train_classifier, lambda X, y, rng: None, experiment)


### END HIDDEN TESTS
test_train_classifier.score()

# %% [markdown]
r"""
### Your network reads

When `train_classifier` is right, the next cell trains it on three quarters of the digits. On the left are the losses
that you return; on the right are images that it has never seen, with what it reads in them. The red ones it gets wrong.
Would you have known?
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    (X_train, y_train), (X_test, y_test) = split(*digits(), rng=np.random.default_rng(1))
    predict, losses = train_classifier(X_train, y_train, rng=np.random.default_rng(2))
    read = np.asarray(predict(X_test))
    assert read.shape == y_test.shape
    assert np.mean(read == y_test) >= 0.9
    assert losses[-1] < losses[0]
    wrong, right = np.flatnonzero(read != y_test)[:10], np.flatnonzero(read == y_test)
    shown = [*wrong, *right[: 40 - len(wrong)]]
    fig = plt.figure(figsize=(11, 3.8), layout="constrained")
    curve, gallery = fig.subfigures(1, 2, width_ratios=[1, 1.3])
    ax = curve.subplots()
    ax.semilogy(range(1, len(losses) + 1), losses, "o-", markersize=3)
    ax.set(xlabel="epoch", ylabel="mean training loss", title="The losses of your network")
    for image, cell in zip(shown, gallery.subplots(4, 10).ravel()):
        cell.imshow(X_test[image].reshape(8, 8), cmap="gray_r")
        cell.set_title(int(read[image]), color="C0" if read[image] == y_test[image] else "C3", fontsize=10, pad=2)
        cell.axis("off")
    gallery.suptitle(f"{np.mean(read == y_test):.1%} of {len(y_test)} unseen digits are read right", fontsize=12)
    plt.show()
except Exception:
    plt.close("all")
    print("Your network will read digits here: write train_classifier, then run this cell again.")

# %% [markdown]
r"""
## 7. A network or a decision tree? (3 points)

Deck 003 ends with a table: a network for images, audio and text; a tree for small, tabular data, since it gets by with
little, runs fast and can be read by people. You need not believe that. The next cell measures it, with your network
beside scikit-learn's `DecisionTreeClassifier`, which has not been tuned at all. There are three tasks:

- the **digits**: 1347 images of 64 pixels to learn from;
- the **spam** of deck 003, in a small table: 60 messages to learn from, with two features, length and trust;
- the **wines**: 133 to learn from, with 13 chemical analyses, three growers.

Each is parted anew ten times (the digits five times). A point is the share right on the unseen part in one of them, a
stroke is their mean. The middle shows the seconds of one training. On the right is a tree itself, for one draw of the
spam, as far as its second question.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_tree", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import time

    import matplotlib.pyplot as plt
    from sklearn.tree import DecisionTreeClassifier, plot_tree

    def grow(X, y, *, rng):
        """Grow a decision tree; give its predictions and the tree."""
        tree = DecisionTreeClassifier(random_state=int(rng.integers(2**31))).fit(X, y)
        return tree.predict, tree

    def measure(learn, X, y, *, rng, test=0.25):
        """Learn from one part; give the share right on the other part, the seconds of the training, and what was learned."""
        (X_train, y_train), (X_test, y_test) = split(X, y, rng=rng, test=test)
        start = time.perf_counter()
        predict, learned = learn(X_train, y_train, rng=rng)
        seconds = time.perf_counter() - start
        return np.mean(np.asarray(predict(X_test)) == y_test), seconds, learned

    def spam_with_many_unseen(rng):
        return *spam(660, rng=rng), 600 / 660

    tasks = {
        "digits": (5, lambda rng: (*digits(), 0.25)),
        "spam, 60 messages": (10, spam_with_many_unseen),
        "wines": (10, lambda rng: (*table("wine"), 0.25)),
    }
    fig, axes = plt.subplots(1, 3, figsize=(13, 4.2), width_ratios=[1.2, 1, 1.4], layout="constrained")
    for row, (task, (times, draw)) in enumerate(tasks.items()):
        for learn, color, name, shift in [(train_classifier, "C0", "your network", 0.12), (grow, "C1", "tree", -0.12)]:
            found = []
            for seed in range(times):
                X, y, test = draw(np.random.default_rng(seed))
                found.append(measure(learn, X, y, rng=np.random.default_rng(100 + seed), test=test))
            shares, seconds = [one[0] for one in found], [one[1] for one in found]
            assert task != "digits" or learn is grow or np.mean(shares) >= 0.9
            axes[0].plot(shares, np.full(times, row + shift), "o", color=color, alpha=0.4)
            axes[0].plot(np.mean(shares), row + shift, "|", color=color, markersize=22, markeredgewidth=3)
            axes[1].barh(row + shift, np.median(seconds), height=0.22, color=color, label=None if row else name)
            if learn is grow and task.startswith("spam"):
                names = {"feature_names": ["length", "trust"], "class_names": ["spam", "ham"]}
                plot_tree(found[0][2], max_depth=1, ax=axes[2], filled=True, impurity=False, fontsize=8, **names)
    axes[0].set(title="share right on unseen examples", yticks=range(len(tasks)), yticklabels=tasks, ylim=(2.6, -0.6))
    axes[1].set(title="seconds of one training", xscale="log", xlim=(1e-4, None), yticks=[], ylim=(2.6, -0.6))
    axes[1].legend(loc="center right")
    axes[2].set_title("the top of a tree for the spam")
    plt.show()
except Exception:
    plt.close("all")
    print("Your network will be measured beside a tree here: write train_classifier, then run this cell again.")

# %% [markdown]
r"""
Answer in a few sentences each, with the numbers of *your* picture (3 points, marked by hand):

1. What did you measure on the digits, and why does a network suit images? Think of what a tree asks at one node, and of
   what happens to that pixel when the digit is written a little further to the right. (1 point)
2. Compare the two small tables with the deck's claim. Where does your measurement support it, where not, and how sure can
   you be, given how far the points scatter? (1 point)
3. A clinic wants to decide from a table of 80 patients whom to call back. What would you recommend, and what besides the
   share of right answers speaks for it? Name one change of the situation that would change your mind. (1 point)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_network_or_tree", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
r"""
1. The network reads about 97 % of the unseen digits right, the tree about 85 %, and the points of the two do not overlap.
   A tree asks about one pixel at a time, with a threshold: shift the digit by one pixel, and the answer at that node is
   another one, though the picture means the same. A unit of a network adds up all pixels with weights, so that many weak
   signs count together and no single pixel decides; hidden units can stand for strokes that several digits share. The
   inputs are many, real-valued and noisy, there is a fair number of examples, and nobody can write down the rule: the
   deck's conditions for a network. (1 point; numbers from the student's own picture, and one reason that concerns images)

2. On the 60 messages both are right on nine in ten or so. The means lie within a per cent of each other, while the points
   spread over several, so that this measurement names no winner; with other epochs or rates, the network can well fall
   behind. On the wines, a small table too, the network is better by several per cent: "tabular and small" is no law about
   accuracy. What the deck says of effort holds: the tree is trained about ten times faster, without a common scale and
   without any choice of layers and rates. (The deck has gradient boosting in mind, many trees together, not a single
   one.) (1 point; it must speak of the scatter; other numbers are right if they are the student's own)

3. The tree, kept shallow, or a model as simple: with 80 patients the shares will be too close to tell apart, so other
   things decide. Doctors can read the questions, check them against what they know and explain a decision to a patient;
   it needs no scaling and hardly any choices, of which each is a chance to overfit 80 examples. Changes of mind: the data
   become images, signals or texts; there are thousands of patients and the network is measurably better on unseen ones;
   nobody needs to inspect the decision. (1 point; half for a recommendation without a reason beside accuracy. A network
   is accepted if it is well argued, with how it would be checked on so few data.)
"""

# %% [markdown]
r"""
## Where next

This was the last problem set. You have written every piece of what trains a network: derivatives in four ways, losses,
layers, optimizers, regularisation, and now what keeps deep ones in balance.

- Read `BatchNorm`, `LayerNorm` and `course.initializers` in the library. `BatchNorm` is your two functions in one class,
  with the running statistics in its state; the deeper your networks become, the more you will want it: put one between
  `Linear` and `ReLU`, thirty layers high, and draw the picture of section 2 again.
- **Lecture 8** unrolls a recurrent network in time, where the product of slopes meets the same matrix at every step;
  clipping (**Problem set 9**) tames the explosion there, not the vanishing.
- **Lecture 9** asks the question of section 7 once more, with other data; and it shows that the same network in PyTorch
  has the same gradients, digit for digit, as those that you computed by hand.
"""
