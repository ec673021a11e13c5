# ---
# jupyter:
#   autograder:
#     packages: [course]
#     forbidden: [course.autodiff.finite_difference, course.gradient_check]
#     skip: [picture_v, picture_upstream]
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
# Problem set 1: finite differences

**30 points.** It goes with [lecture 2](../../lectures/L02_four_ways_to_differentiate.ipynb) (four ways to differentiate).

When you have done it, you will be able to

- find the slope of any function that you can call, without knowing its formula,
- say why a smaller step makes the result better, and a still smaller one makes it worse, and choose a good one,
- find the gradient with respect to a whole array of inputs, and say what that costs,
- test a backward pass with it, so that a mistake has no place to hide.

The last point is why this set comes first: with the functions that you write here, you can check every gradient that
you derive in the sets that follow.

**How it works.** Write each function in its cell, then run the cell below it: it checks your work on numbers that you
can follow by hand. More tests of the same ideas run when your notebook is graded. Where a function of yours uses an
earlier one, a mistake in the earlier one does not cost you points twice. (The modules `course.autodiff.finite_difference`
and `course.gradient_check` hold the course's own versions; they cannot be used where your notebook is graded.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np


def cube(x):
    """The example of the first two sections; its slope is 3 x**2."""
    return x**3


cube(2.0)

# %% [markdown]
r"""
## 1. A slope from two values (3 points)

The derivative is the slope of a function at a point. Its definition says how to get it from values alone: move a
little to the right, see how much the function changes, and divide by how far you went.

$$\frac{df(x)}{dx} = \lim_{h \to 0} \frac{f(x + h) - f(x)}{h}.$$

A computer takes no limits. The **forward difference** leaves the limit out and uses one small step $h > 0$:

$$f'(x) \approx \frac{f(x + h) - f(x)}{h}.$$

It asks for little: no formula, no derivative of any part of it, only that we can *call* $f$. It costs two evaluations.

(Decks 000 and 001 call the step $\epsilon$. We write $h$, and keep *eps* for the precision of the computer's numbers,
which has its part in section 3.)

**By hand.** Take $f(x) = x^3$ at $x = 2$. The slope is $3 \cdot 2^2 = 12$.

| step | $f(2 + h) - f(2)$ | divided by $h$ | error |
|---|---|---|---|
| $h = 1$ | $27 - 8 = 19$ | $19$ | $7$ |
| $h = 0.5$ | $15.625 - 8 = 7.625$ | $15.25$ | $3.25$ |

With half the step, the error is about half as large.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "forward_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def forward_difference(f, x, h):
    r"""Approximate the slope of f at x from x and one point to the right of it.

    .. math:: f'(x) \approx \frac{f(x + h) - f(x)}{h}

    Parameters
    ----------
    f : callable
        Takes a number, returns a number.
    x : float
        Where the slope is wanted.
    h : float
        The step, above 0.

    Returns
    -------
    float
        The slope, with an error that shrinks as h does.

    Notes
    -----
    Decks 000 and 001, "The Finite Difference Method".

    >>> forward_difference(cube, 2.0, 1.0)
    19.0
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x)) / h
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_forward_difference", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_forward_difference = Check("forward_difference", points=3)


@test_forward_difference
def test_forward_by_hand():
    "The table above: x³ at x = 2, with the steps 1 and 0.5."
    for h, slope in [(1.0, 19.0), (0.5, 15.25)]:
        test_forward_difference.close(f"the slope with h = {h}", forward_difference(lambda x: x**3, 2.0, h), slope)


@test_forward_difference
def test_forward_line():
    "A straight line, 7 − 3x, falls by 3 with every step, wherever you are."
    for x in (-4.0, 5.0):
        got = forward_difference(lambda x: 7 - 3 * x, x, 0.25)
        test_forward_difference.close(f"the slope at x = {x}", got, -3.0)


### BEGIN HIDDEN TESTS
from misconceptions import forward_difference as test_bank
from oracles import Cubic as test_Cubic
from oracles import Exponential as test_Exponential
from oracles import Sine as test_Sine
from oracles import forward_difference as test_right
from oracles import number as test_difference

test_forward_difference.misconceptions = test_bank


def test_number(about, make, lowest, highest):
    "Compare with a closed form of the difference, at a few places and with large steps."
    f, rng = make(test_forward_difference.rng), test_forward_difference.rng
    points = [(rng.uniform(lowest, highest), rng.uniform(0.2, 0.5)) for _ in range(3)]

    def test():
        for x, h in points:
            test_forward_difference.compare(forward_difference, test_right, test_difference(f, x, h))

    test.__doc__ = about
    test_forward_difference.hidden(test)


test_number("A polynomial of degree three.", test_Cubic, -2, 2)
test_number("An exponential function.", test_Exponential, -2, 2)
test_number("A sine, left of zero.", test_Sine, -3, -1)


@test_forward_difference.hidden
def test_forward_small():
    "With a small step, close to the true slope."
    f, x = test_Sine(test_forward_difference.rng), test_forward_difference.rng.uniform(-2, 2)
    test_forward_difference.close("the slope", forward_difference(f, x, 1e-7), f.slope(x), rtol=1e-4, atol=1e-4)


### END HIDDEN TESTS
test_forward_difference.score()

# %% [markdown]
r"""
## 2. A slope from both sides (3 points)

Put $x$ in the **middle** of the two points, one step to each side of it:

$$f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}.$$

This is the *central* (or centred) difference. It costs two evaluations as well, and is much better. Taylor's
expansion says why:

$$f(x \pm h) = f(x) \pm h f'(x) + \frac{h^2}{2} f''(x) \pm \frac{h^3}{6} f'''(x) + \dots$$

In $f(x + h) - f(x)$ the term with $h^2$ stays. In $f(x + h) - f(x - h)$ it stands on both sides with the same sign,
and goes. What is left over, divided by the distance of the points, is the error of cutting off the series, the
**truncation error**:

$$\text{forward: } \frac h2 f''(x) + \dots, \qquad\qquad \text{central: } \frac{h^2}{6} f'''(x) + \dots$$

**By hand.** Once more $f(x) = x^3$ at $x = 2$, with the slope $12$.

| step | $f(2 + h) - f(2 - h)$ | divided by $2h$ | error |
|---|---|---|---|
| $h = 1$ | $27 - 1 = 26$ | $13$ | $1$ |
| $h = 0.5$ | $15.625 - 3.375 = 12.25$ | $12.25$ | $0.25$ |

With half the step, the error is a *quarter*. For this function it is exactly $h^2$, as the formula says: $f''' = 6$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "central_difference", "locked": false, "schema_version": 3, "solution": true, "task": false}
def central_difference(f, x, h):
    r"""Approximate the slope of f at x from one point on each side of it.

    .. math:: f'(x) \approx \frac{f(x + h) - f(x - h)}{2h}

    Parameters
    ----------
    f : callable
        Takes a number, returns a number.
    x : float
        Where the slope is wanted.
    h : float
        The step from x to each of the points, above 0.

    Returns
    -------
    float
        The slope, with an error that shrinks as the square of h does.

    Notes
    -----
    Decks 000 and 001, "The Finite Difference Method".

    >>> central_difference(cube, 2.0, 1.0)
    13.0
    """
    ### BEGIN SOLUTION
    return (f(x + h) - f(x - h)) / (2 * h)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_central_difference", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_central_difference = Check("central_difference", points=3)

### BEGIN HIDDEN TESTS
from oracles import carried_forward as test_carried_forward

test_central_difference.carry(forward_difference=test_carried_forward)
### END HIDDEN TESTS


@test_central_difference
def test_central_by_hand():
    "The table above: x³ at x = 2, with the steps 1 and 0.5."
    for h, slope in [(1.0, 13.0), (0.5, 12.25)]:
        test_central_difference.close(f"the slope with h = {h}", central_difference(lambda x: x**3, 2.0, h), slope)


@test_central_difference
def test_central_parabola():
    "On a parabola, x² − 4x, it is exact for every step: at x = 3 the slope is 2."
    for h in (0.25, 2.0):
        got = central_difference(lambda x: x**2 - 4 * x, 3.0, h)
        test_central_difference.close(f"the slope with h = {h}", got, 2.0)


### BEGIN HIDDEN TESTS
from misconceptions import central_difference as test_bank
from oracles import Cubic as test_Cubic
from oracles import Exponential as test_Exponential
from oracles import Sine as test_Sine
from oracles import central_difference as test_right
from oracles import number as test_difference

test_central_difference.misconceptions = test_bank


def test_number(about, make, lowest, highest):
    "Compare with a closed form of the difference, at a few places and with large steps."
    f, rng = make(test_central_difference.rng), test_central_difference.rng
    points = [(rng.uniform(lowest, highest), rng.uniform(0.2, 0.5)) for _ in range(3)]

    def test():
        for x, h in points:
            test_central_difference.compare(central_difference, test_right, test_difference(f, x, h))

    test.__doc__ = about
    test_central_difference.hidden(test)


test_number("A polynomial of degree three.", test_Cubic, -2, 2)
test_number("An exponential function.", test_Exponential, -2, 2)
test_number("A sine, left of zero.", test_Sine, -3, -1)


@test_central_difference.hidden
def test_central_small():
    "With a small step, close to the true slope."
    f, x = test_Sine(test_central_difference.rng), test_central_difference.rng.uniform(-2, 2)
    test_central_difference.close("the slope", central_difference(f, x, 1e-5), f.slope(x), rtol=1e-7, atol=1e-7)


### END HIDDEN TESTS
test_central_difference.score()

# %% [markdown]
r"""
## 3. How small is small enough? (3 points)

If a smaller step is better, why not take $h = 10^{-15}$? Because the computer keeps only about 16 digits of every
number. `np.finfo(float).eps`, about $2.2 \cdot 10^{-16}$, is the distance from 1 to the next number that it knows.
Each value of $f$ is rounded by about *eps* times its size. Where $h$ is tiny, $f(x + h)$ and $f(x)$ agree in nearly all
of their digits; the subtraction leaves the few that differ, and those are the rounded ones. Divided by the small $h$,
the **rounding error** becomes large, about $\text{eps} / h$. (At $h = 10^{-17}$, $1 + h$ *is* $1$, and the difference
is $0$.)

So there are two errors, and the step sets them against each other. For a function whose values and derivatives are
about as large as 1, at an $x$ of about 1, and leaving out factors such as ½:

| | truncation | rounding | equal when |
|---|---|---|---|
| forward | $h$ | $\text{eps}/h$ | $h = \text{eps}/h$ |
| central | $h^2$ | $\text{eps}/h$ | $h^2 = \text{eps}/h$ |

A larger step makes the first error larger, a smaller step the second: **the best step is where they are equal.** Solve
each line for $h$.

The scale counts as well. At $x = 1000$ a step of the same *relative* size is a thousand times as long. Near zero that
would leave no step at all. The usual choice is to multiply the step by

$$\max(1, |x|).$$

**By hand.** On a machine with $\text{eps} = 10^{-12}$, forward differences at $x = 1$ are best with $h = 10^{-6}$: both
errors are $10^{-6}$, so that half of the twelve digits are right. Central differences are best with $h = 10^{-4}$: both
errors are $10^{-8}$, two thirds of the digits. At $x = -50$ the two steps are $5 \cdot 10^{-5}$ and
$5 \cdot 10^{-3}$.

On yours, $\text{eps} = 2^{-52}$, and the forward step at $x = 1$ is $2^{-26} \approx 1.5 \cdot 10^{-8}$. (Decks 000 and
001 ask for an "appropriately chosen epsilon". This is how to choose it.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "best_step", "locked": false, "schema_version": 3, "solution": true, "task": false}
def best_step(x, scheme):
    r"""Return the step at which truncation error and rounding error are equal.

    Parameters
    ----------
    x : float or array
        Where to differentiate.
    scheme : str
        ``"forward"``, with the truncation error h, or ``"central"``, with :math:`h^2`.

    Returns
    -------
    float or array
        For each number in x a step of its own, above 0: the step for numbers of size 1, times
        :math:`\max(1, |x|)`.

    >>> print(f"{best_step(1.0, 'forward'):.1e}")
    1.5e-08
    """
    ### BEGIN SOLUTION
    eps = np.finfo(float).eps
    step = eps ** (1 / 2) if scheme == "forward" else eps ** (1 / 3)
    return step * np.maximum(1, np.abs(x))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_best_step", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_best_step = Check("best_step", points={"step": 2, "scale": 1})


@test_best_step(part="step")
def test_best_step_at_one():
    "At x = 1, in units of 10⁻⁸: about 1.49 for forward and 606 for central differences."
    for scheme, step in [("forward", 1.49), ("central", 605.5)]:
        test_best_step.close(f"the step for {scheme}, times 10⁸", 1e8 * best_step(1.0, scheme), step, rtol=0.02)


@test_best_step(part="scale")
def test_best_step_scale():
    "At x = −50, 50 times the step at x = 1; at 0 and 0.5 the same step as there."
    for scheme in ("forward", "central"):
        for x, times in [(-50.0, 50.0), (0.0, 1.0), (0.5, 1.0)]:
            ratio = best_step(x, scheme) / best_step(1.0, scheme)
            test_best_step.close(f"the step for {scheme} at x = {x}, in steps at x = 1,", ratio, times)


@test_best_step(part="scale")
def test_best_step_array():
    "For an array, a step for each of its numbers."
    steps = best_step(np.array([[1.0, 8.0], [0.0, -3.0]]), "central")
    test_best_step.that(np.shape(steps) == (2, 2), f"the steps have the shape {np.shape(steps)}, and x has (2, 2).")
    test_best_step.close("the array of steps, in steps at x = 1,", steps / best_step(1.0, "central"), [[1.0, 8.0], [1.0, 3.0]])


### BEGIN HIDDEN TESTS
from misconceptions import best_step as test_bank
from oracles import best_step as test_right

test_best_step.misconceptions = test_bank


@test_best_step.hidden(part="step")
def test_best_step_power():
    "At numbers of size one."
    x = float(test_best_step.rng.choice([-1.0, 1.0]))
    test_best_step.compare(
        best_step,
        test_right,
        lambda answer: {f"the step for {scheme}": 1e8 * abs(answer(x, scheme)) for scheme in ("forward", "central")},
        rtol=0.02,
    )


@test_best_step.hidden(part="scale")
def test_best_step_sizes():
    "At small and large numbers of both signs, side by side."
    rng = test_best_step.rng
    small, large = rng.uniform(-1, 1, 4), np.concatenate([rng.uniform(1.1, 2, 2), rng.uniform(2, 1e3, 3)])
    x = rng.permutation(np.concatenate([small, large, -large / 1.05, [0.0]]))

    def experiment(answer):
        steps = {scheme: answer(x.copy(), scheme) / answer(1.0, scheme) for scheme in ("forward", "central")}
        return {f"the array of steps for {scheme}, in steps at x = 1,": ratios for scheme, ratios in steps.items()}

    test_best_step.compare(best_step, test_right, experiment)


@test_best_step.hidden(part="scale")
def test_best_step_matrix():
    "The shape of x, and x left as it is."
    x = 10 * test_best_step.rng.normal(size=(2, 3))
    steps = test_best_step.call(best_step, x, "central")
    test_best_step.that(np.shape(steps) == (2, 3), "the steps do not have the shape of x.")


### END HIDDEN TESTS
test_best_step.score()

# %% [markdown]
r"""
### The V of the two errors

The next cell takes the slope of $e^x$ at $x = 1$ with your two schemes, for steps of every size, and draws how wrong
they are. Both axes are logarithmic. The broad grey lines are ours, from formulas: truncation plus rounding. Your dots
should lie on their right legs, where the truncation counts, and scatter below the left ones, where chance decides how
much of the rounding you meet. The dotted lines are your `best_step`: they should stand near the bottom of each V.

Read the slopes of the legs off the picture. Where do you find the $h$, the $h^2$ and the $\text{eps}/h$ of the table?
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_v", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    steps, e, eps = np.logspace(-15.5, 0, 63), np.e, np.finfo(float).eps
    truncations = {"forward": e * (np.expm1(steps) / steps - 1), "central": e * (np.sinh(steps) / steps - 1)}
    fig, ax = plt.subplots(figsize=(8, 4.4), layout="constrained")
    for scheme, yours, colour in [("forward", forward_difference, "C0"), ("central", central_difference, "C1")]:
        errors = np.array([yours(np.exp, 1.0, h) for h in steps]) - e
        series = {"forward": steps / 2, "central": steps**2 / 6}[scheme] * e  # the closed form cancels at small steps
        truncation = np.where(steps < 1e-3, series, truncations[scheme])
        assert (np.abs(errors - truncation) <= 0.01 * truncation + 4 * e * eps / steps).all()
        step = float(best_step(1.0, scheme))
        assert np.isclose(np.log10(step), {"forward": -7.8, "central": -5.2}[scheme], atol=0.1)
        (ours,) = ax.loglog(steps, truncation + e * eps / steps, color="0.8", linewidth=8, zorder=1)
        ax.loglog(steps, np.abs(errors) + 1e-17, "o", color=colour, markersize=4, label=f"your {scheme} difference")
        ax.axvline(step, color=colour, linestyle=":", label=f"your best step, {step:.1e}")
    ours.set_label("ours")
    ax.set(xlabel="step $h$", ylabel="error of the slope", title="$e^x$ at $x = 1$", ylim=(1e-13, 30))
    ax.legend(fontsize="small", loc="lower left")
    plt.show()
except Exception:
    plt.close("all")
    print("Here the errors of your two schemes will form a V: write the three functions above, then run this cell again.")

# %% [markdown]
r"""
### A kink

All this needs a function that is smooth between the two points. ReLU, $\max(0, x)$, has a kink at 0.

**Exercise (no points).** What do your two functions give for ReLU at $x = 0$, with $h = 0.1$? And at $x = 0.02$? Think
first, then try.

<details><summary>Answer, when you have yours</summary>

At $0$ the forward difference gives $(0.1 - 0)/0.1 = 1$, the slope on the right, and the central one
$(0.1 - 0)/0.2 = 0.5$, the mean of both sides. At $0.02$ the slope is $1$, and forward finds it. Central steps over the
kink to $-0.08$ and gives $(0.12 - 0)/0.2 = 0.6$, which is the slope of neither side.

</details>
"""

# %% [markdown]
r"""
## 4. Equal enough? (5 points)

Soon you will hold two gradients side by side, one from backpropagation and one from differences. They will never be
equal to the last digit. Is a difference of $0.001$ small? Between gradients of size $1000$ it is nothing; between
gradients of size $0.002$ it is a mistake. So the difference of two numbers is measured against the *larger* of them:

$$\frac{|a - b|}{\max(|a|, |b|)}.$$

For two arrays, each entry is measured by itself, and the **worst** entry counts: a mistake in one small entry is a
mistake, however large and right its neighbours are.

Three things to take care of:

- **0 against 0.** Two zeros are equal: their error is 0. (A weight behind a unit that is switched off has the gradient
  0.) NumPy's 0 / 0 is NaN, and a NaN would swallow the worst of the others.
- **No floor.** Many texts add a small number below the line, to be safe. Then two tiny gradients always look
  equal. $10^{-10}$ and $2 \cdot 10^{-10}$ are far apart: their relative error is $0.5$.
- **Two shapes.** A gradient of shape (3,) and one of shape (3, 1) are not the same, but `a - b` does not mind: NumPy
  makes a (3, 3) of it. Raise a `ValueError` where the shapes differ.

The order does not matter: `relative_error(a, b)` and `relative_error(b, a)` are the same. The result lies between 0, for
equal arrays, and 2, when some pair is opposite, such as 1 and −1.

**By hand.** For $a = (4,\ -1,\ 0)$ and $b = (5,\ -1,\ 0)$ the errors are $1/5$, $0/1$ and, by agreement, $0$. The
result is $0.2$. For $a = (0,\ 3)$ and $b = (2,\ 3)$ it is $2/2 = 1$.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "relative_error", "locked": false, "schema_version": 3, "solution": true, "task": false}
def relative_error(a, b):
    r"""Return the largest relative error between the entries of two arrays.

    .. math:: \max_i \frac{|a_i - b_i|}{\max(|a_i|, |b_i|)}, \qquad \text{where 0 against 0 counts as 0}

    Parameters
    ----------
    a, b : array
        Two arrays of floats, of one shape. They are left as they are.

    Returns
    -------
    float
        From 0, where they agree, to 2, where some entry has the opposite sign.

    Raises
    ------
    ValueError
        When the shapes differ.

    >>> relative_error(np.array([4.0, -1.0, 0.0]), np.array([5.0, -1.0, 0.0]))
    0.2
    """
    ### BEGIN SOLUTION
    if a.shape != b.shape:
        raise ValueError(f"relative_error: a and b must have one shape, got {a.shape} and {b.shape}")
    size = np.maximum(np.abs(a), np.abs(b))
    size[size == 0] = 1  # both are 0, and so is their difference
    return float(np.max(np.abs(a - b) / size))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_relative_error", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_relative_error = Check("relative_error", points={"error": 3, "zeros": 1, "shapes": 1})


@test_relative_error(part="error")
def test_relative_by_hand():
    "Three pairs: 4 and 5, −1 and −1, 2 and 1; then 1 and −1. The worst pair counts, in either order."
    a, b = np.array([4.0, -1.0, 2.0]), np.array([5.0, -1.0, 1.0])
    test_relative_error.close("relative_error(a, b)", test_relative_error.call(relative_error, a, b), 0.5)
    test_relative_error.close("relative_error(b, a)", test_relative_error.call(relative_error, b, a), 0.5)
    test_relative_error.close("the error of 1 and −1", relative_error(np.array([1.0]), np.array([-1.0])), 2.0)


@test_relative_error(part="error")
def test_relative_tiny():
    "No floor: 10⁻¹⁰ and 2·10⁻¹⁰ are as far apart as 1 and 2."
    test_relative_error.close("the error", relative_error(np.array([1e-10, 1.0]), np.array([2e-10, 1.0])), 0.5)


@test_relative_error(part="zeros")
def test_relative_zeros():
    "0 against 0 counts as 0, beside other pairs and alone; 0 against 2 counts as 1."
    for a, b, error in [([4.0, 0.0], [5.0, 0.0], 0.2), ([0.0, 0.0], [0.0, 0.0], 0.0), ([0.0, 3.0], [2.0, 3.0], 1.0)]:
        test_relative_error.close(f"the error of {a} and {b}", relative_error(np.array(a), np.array(b)), error)


@test_relative_error(part="shapes")
def test_relative_shapes():
    "(3,) against (3,) is compared; (3,) against (3, 1) raises a ValueError, though all the numbers are equal."
    test_relative_error.that(relative_error(np.full(3, 4.0), np.full(3, 5.0)) > 0, "relative_error finds no error in 4 and 5.")
    try:
        got = relative_error(np.ones(3), np.ones((3, 1)))
    except ValueError:
        return
    test_relative_error.that(False, f"relative_error gives {got} for the shapes (3,) and (3, 1): raise a ValueError.")


### BEGIN HIDDEN TESTS
from misconceptions import relative_error as test_bank
from oracles import refusal as test_refusal
from oracles import relative_error as test_right

test_relative_error.misconceptions = test_bank


def test_pair(part, about, a, b):
    "Compare the errors of two arrays, both ways round, with errors found pair by pair."

    def experiment(answer):
        return {"the error": answer(a.copy(), b.copy()), "the error, b before a,": answer(b.copy(), a.copy())}

    def test():
        test_relative_error.compare(relative_error, test_right, experiment)

    test.__doc__ = about
    test_relative_error.hidden(test, part=part)


def test_apart(a, errors):
    "Make a b that lies above a in every entry, by these relative errors."
    return a + np.abs(a) * errors / (1 - errors * (a > 0))


test_rng = test_relative_error.rng
test_a = test_rng.uniform(0.5, 2, size=(3, 4)) * test_rng.choice([-1, 1], size=(3, 4))
test_errors = test_rng.uniform(0.01, 0.3, size=(3, 4))
test_scales = 10.0 ** test_rng.integers(-3, 5, size=(3, 4))

test_pair("error", "Numbers of both signs.", *test_rng.normal(size=(2, 3, 4)))
test_pair("error", "One array above the other in every entry.", test_a, test_apart(test_a, test_errors))
test_pair("error", "Large and small entries side by side.", test_a * test_scales, test_apart(test_a * test_scales, test_errors))
test_pair("error", "Tiny numbers.", 2e-8 * test_a, test_apart(2e-8 * test_a, test_errors))
test_pair("error", "A single row.", test_a[:1] * 1000, test_apart(test_a[:1], test_errors[:1]) * 999)

test_masked = test_a * (test_rng.uniform(size=(3, 4)) < 0.5)
test_masked[0, 0], test_masked[1, 1] = 0.0, 1.0
test_pair("zeros", "Zeros in the same places.", test_masked, test_apart(test_masked, test_errors))
test_pair("zeros", "Nothing but zeros.", np.zeros((2, 3)), np.zeros((2, 3)))
test_pair("zeros", "A zero against another number.", test_masked, test_masked + 0.1 * np.eye(3, 4))


@test_relative_error.hidden(part="shapes")
def test_relative_refuses():
    "Two shapes that NumPy would broadcast, and two of equal size."
    a = test_relative_error.rng.normal(size=(3, 2))
    for one, other in [(a, a[:1]), (a, a.reshape(2, 3)), (a[:, 0], a[:, :1]), (a[0, :1], a)]:
        test_relative_error.compare(relative_error, test_right, test_refusal(one, other))


@test_relative_error.hidden(part="error")
def test_relative_leaves():
    "The arrays stay as they are."
    a, b = test_relative_error.rng.normal(size=(2, 3, 2))
    a[0, 0] = b[1, 1] = 0.0
    test_relative_error.call(relative_error, a, b)


### END HIDDEN TESTS
test_relative_error.score()

# %% [markdown]
r"""
## 5. The gradient (7 points)

The loss of a network depends on many numbers, and the gradient holds a slope for each of them: how the loss changes
when *that one* moves and all others stay where they are. Decks 000 and 001 write it with a one-hot $d_i$, which is 1
at entry $i$ and 0 elsewhere:

$$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\, d_i) - f(x - h\, d_i)}{2h}.$$

Whether $x$ is a vector, a matrix or has three axes makes no difference: $i$ runs over all its entries (`np.ndindex`
gives their indices), $f$ gets arrays of the shape of $x$, and the gradient has that shape too.

- **It costs two evaluations of $f$ for each entry of $x$,** and no more. For three entries that is six.
- **The array $x$ belongs to whoever calls you.** When you are done, it is what it was, *to the last bit*. Work on copies,
  or put the old value back. Adding what you took away is not the same: $(0.1 + h - 2h) + h$ is not $0.1$ but, for
  $h = 10^{-5}$, a neighbour of it.
- **$x$ may hold whole numbers.** An array of whole numbers stays one when you write into it: $3 + 0.5$ becomes $3$, and
  the step is gone. Compute with floats whatever $x$ holds.

**By hand.** $f(x) = x_0^2 + 3 x_0 x_1$ at $x = (2,\ 1)$, with $h = 1$:

| entry | $f(x + h\,d_i)$ | $f(x - h\,d_i)$ | divided by 2 |
|---|---|---|---|
| $x_0$ | $f(3, 1) = 9 + 9 = 18$ | $f(1, 1) = 1 + 3 = 4$ | $7$ |
| $x_1$ | $f(2, 2) = 4 + 12 = 16$ | $f(2, 0) = 4 + 0 = 4$ | $6$ |

The true gradient is $(2x_0 + 3x_1,\ 3x_0) = (7,\ 6)$. There is no error, though the step is large: along each axis, $f$ is
a parabola.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "numerical_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_gradient(f, x, h=1e-5):
    r"""Approximate the gradient of f at x by central differences, one entry at a time.

    .. math:: \frac{\partial f}{\partial x_i} \approx \frac{f(x + h d_i) - f(x - h d_i)}{2h}

    Parameters
    ----------
    f : callable
        Takes an array of x's shape, returns a number.
    x : array
        Where the gradient is wanted: any shape, floats or whole numbers. After the call it is what it was before.
    h : float
        The step, above 0.

    Returns
    -------
    array
        The gradient, in x's shape, of floats.

    Notes
    -----
    Decks 000 and 001, "The Finite Difference Method"; f is evaluated twice for each entry of x.

    >>> numerical_gradient(lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([2.0, 1.0]), h=1.0)
    array([7., 6.])
    """
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    gradient = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_numerical_gradient", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_numerical_gradient = Check(
    "numerical_gradient", points={"gradient": 4, "whole numbers": 1, "arguments": 1, "cost": 1}
)

### BEGIN HIDDEN TESTS
from oracles import carried_forward as test_carried_forward
from oracles import carried_central as test_carried_central

test_numerical_gradient.carry(
    forward_difference=test_carried_forward, central_difference=test_carried_central
)
### END HIDDEN TESTS


@test_numerical_gradient
def test_gradient_default():
    "The example above, with the h that you get when you give none: (7, 6) to three digits."
    got = numerical_gradient(lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([2.0, 1.0]))
    test_numerical_gradient.close("the gradient", got, [7.0, 6.0], rtol=1e-3)


@test_numerical_gradient(part="gradient")
def test_gradient_by_hand():
    "The example above, with h = 1."
    got = numerical_gradient(lambda x: x[0] ** 2 + 3 * x[0] * x[1], np.array([2.0, 1.0]), 1.0)
    test_numerical_gradient.close("the gradient", got, [7.0, 6.0])


@test_numerical_gradient(part="gradient")
def test_gradient_matrix():
    "A matrix: the sum of all cubes, plus the last entry of row 0 times the first of row 1, with h = 0.5."
    X = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, -2.0]])
    got = numerical_gradient(lambda X: np.sum(X**3) + X[0, 2] * X[1, 0], X, 0.5)
    test_numerical_gradient.close("the gradient", got, [[3.25, 12.25, 27.25], [3.25, 3.25, 12.25]])


@test_numerical_gradient(part="whole numbers")
def test_gradient_integers():
    "Whole numbers: half the product of 3 and 1 has the slopes 0.5 and 1.5."
    got = numerical_gradient(lambda x: 0.5 * x[0] * x[1], np.array([3, 1]), 0.25)
    test_numerical_gradient.close("the gradient", got, [0.5, 1.5])


@test_numerical_gradient(part="arguments")
def test_gradient_arguments():
    "After the call, x is what it was, to the last bit."
    test_numerical_gradient.call(numerical_gradient, lambda x: np.sum(x**2), np.array([0.1, 0.2, 0.7]), 1e-5)


@test_numerical_gradient(part="cost")
def test_gradient_cost():
    "For three entries, six evaluations."
    calls = []
    numerical_gradient(lambda x: calls.append(1) or np.sum(x**2), np.array([1.0, 2.0, 3.0]), 0.5)
    test_numerical_gradient.that(len(calls) == 6, f"numerical_gradient evaluates f {len(calls)} times in place of 6.")


### BEGIN HIDDEN TESTS
from misconceptions import numerical_gradient as test_bank
from oracles import Landscape as test_Landscape
from oracles import arguments as test_arguments
from oracles import carried_gradient as test_carried_gradient
from oracles import evaluations as test_evaluations
from oracles import gradient as test_result
from oracles import numerical_gradient as test_right

test_numerical_gradient.misconceptions = test_bank


def test_shape(about, shape, *h, scale=1.0):
    "Compare with a closed form of the central differences, on an x of this shape."
    f, x = test_Landscape(test_numerical_gradient.rng, *shape), test_numerical_gradient.rng.normal(size=shape)

    def test():
        test_numerical_gradient.compare(numerical_gradient, test_right, test_result(f, scale * x, *h), atol=1e-7 * scale)

    test.__doc__ = about
    test_numerical_gradient.hidden(test, part="gradient")


test_shape("A vector.", (5,), 0.3)
test_shape("A matrix.", (3, 4), 0.2)
test_shape("As many rows as columns.", (3, 3), 0.4)
test_shape("A single row.", (1, 4), 0.25)
test_shape("Three axes.", (2, 3, 2), 0.3)
test_shape("Numbers in the hundreds.", (2, 3), 0.5, scale=300.0)
test_shape("The step that you get when you give none.", (2, 3))


def test_integers(about, *shape):
    "Compare with a closed form, on whole numbers."
    f, x = test_Landscape(test_numerical_gradient.rng, *shape), test_numerical_gradient.rng.integers(-4, 5, shape)

    def test():
        test_numerical_gradient.compare(numerical_gradient, test_right, test_result(f, x, 0.3))

    test.__doc__ = about
    test_numerical_gradient.hidden(test, part="whole numbers")


test_integers("Whole numbers of both signs.", 5)
test_integers("Two whole numbers.", 2)


@test_numerical_gradient.hidden(part="arguments")
def test_gradient_leaves():
    "What the caller holds is the same after the call, whatever the step."
    for h in (0.1, 1e-5):
        f, x = test_Landscape(test_numerical_gradient.rng, 6), test_numerical_gradient.rng.normal(size=6)
        test_numerical_gradient.compare(numerical_gradient, test_right, test_arguments(f, x, h))
        test_numerical_gradient.call(numerical_gradient, f, x, h)


@test_numerical_gradient.hidden(part="cost")
def test_gradient_evaluations():
    "Two evaluations for each entry."
    for size in (1, 5):
        f, x = test_Landscape(test_numerical_gradient.rng, size), test_numerical_gradient.rng.normal(size=size)
        test_numerical_gradient.compare(numerical_gradient, test_carried_gradient, test_evaluations(f, x, 0.1))


### END HIDDEN TESTS
test_numerical_gradient.score()

# %% [markdown]
r"""
## 6. Testing a backward pass (5 points)

A layer of a network gives not one number but an array, $f(x)$. In training, its backward pass is handed the **upstream
gradient** $g$ (`g_out`): for each output, how much the loss changes with it, $g_k = \partial J / \partial f_k$. It has
the shape of $f(x)$, and the backward pass must return $\partial J / \partial x$. Each input touches all outputs, and
each of those touches the loss:

$$\frac{\partial J}{\partial x_i} = \sum_k g_k\, \frac{\partial f_k}{\partial x_i}.$$

This is called a *vector-Jacobian product* (VJP). You can find it with nothing but values of $f$: by central
differences, one input at a time. As $g$ does not depend on $x$, the right side is the gradient of *one number* that you
can compute from $f(x)$ and $g$. Which one?

One evaluation of $f$ gives all outputs at once. So the cost is what it was: two evaluations for each entry of $x$,
however many outputs there are. And as before, `x` may hold whole numbers, and `x` and `g_out` are left as they are.

**By hand.** $f(x) = (x_0 x_1,\ \ x_0 + x_1,\ \ x_1^2)$ at $x = (2,\ 3)$, with $g = (1,\ 10,\ -1)$ and $h = 1$:

| entry | $f(x + h\,d_i)$ | $f(x - h\,d_i)$ | difference, divided by 2 | times $g$, added up |
|---|---|---|---|---|
| $x_0$ | $(9, 6, 9)$ | $(3, 4, 9)$ | $(3, 1, 0)$ | $3 + 10 - 0 = 13$ |
| $x_1$ | $(8, 6, 16)$ | $(4, 4, 4)$ | $(2, 1, 6)$ | $2 + 10 - 6 = 6$ |
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "numerical_vjp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def numerical_vjp(f, x, g_out, h=1e-5):
    r"""Approximate by central differences what the backward pass of f must return for the upstream gradient g_out.

    .. math:: \frac{\partial J}{\partial x_i} = \sum_k g_k \frac{\partial f_k}{\partial x_i}

    Parameters
    ----------
    f : callable
        Takes an array of x's shape, returns an array of g_out's shape, which may be another one.
    x : array
        Where the gradient is wanted: any shape, floats or whole numbers. After the call it is what it was before.
    g_out : array
        The upstream gradient, in the shape of f(x). It is left as it is.
    h : float
        The step, above 0.

    Returns
    -------
    array
        The gradient, in x's shape, of floats.

    Notes
    -----
    Decks 000 and 001, "The Finite Difference Method"; f is evaluated twice for each entry of x.

    >>> f = lambda x: np.array([x[0] * x[1], x[0] + x[1], x[1] ** 2])
    >>> numerical_vjp(f, np.array([2.0, 3.0]), np.array([1.0, 10.0, -1.0]), h=1.0)
    array([13.,  6.])
    """
    ### BEGIN SOLUTION
    return numerical_gradient(lambda moved: np.sum(f(moved) * g_out), x, h)
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_numerical_vjp", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
import numpy as np
from course.checks import Check

test_numerical_vjp = Check("numerical_vjp", points={"gradient": 3, "arguments": 1, "cost": 1})

### BEGIN HIDDEN TESTS
from oracles import carried_forward as test_carried_forward
from oracles import carried_central as test_carried_central
from oracles import carried_gradient as test_carried_gradient

test_numerical_vjp.carry(
    forward_difference=test_carried_forward,
    central_difference=test_carried_central,
    numerical_gradient=test_carried_gradient,
)
### END HIDDEN TESTS


def test_three(x):
    "The three outputs of the example above."
    return np.array([x[0] * x[1], x[0] + x[1], x[1] ** 2])


@test_numerical_vjp
def test_vjp_default():
    "The example above, with the h that you get when you give none: (13, 6) to three digits."
    got = numerical_vjp(test_three, np.array([2.0, 3.0]), np.array([1.0, 10.0, -1.0]))
    test_numerical_vjp.close("the gradient", got, [13.0, 6.0], rtol=1e-3)


@test_numerical_vjp(part="gradient")
def test_vjp_by_hand():
    "The example above, with h = 1."
    got = numerical_vjp(test_three, np.array([2.0, 3.0]), np.array([1.0, 10.0, -1.0]), 1.0)
    test_numerical_vjp.close("the gradient", got, [13.0, 6.0])


@test_numerical_vjp(part="gradient")
def test_vjp_transpose():
    "The transpose of a matrix: its backward pass transposes the upstream gradient."
    X, g_out = np.zeros((2, 3)), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    got = numerical_vjp(lambda X: X.T.copy(), X, g_out, 0.5)
    test_numerical_vjp.close("the gradient", got, [[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]])


@test_numerical_vjp(part="arguments")
def test_vjp_arguments():
    "After the call, x and g_out are what they were; and x may hold whole numbers: 10 · 0.1 · x² at 3 has the slope 6."
    x, g_out = np.array([0.1, 0.2, 0.7]), np.array([1.0, -2.0, 3.0])
    test_numerical_vjp.call(numerical_vjp, lambda x: x**2, x, g_out, 1e-5)
    got = numerical_vjp(lambda x: 0.1 * x**2, np.array([3, -2]), np.array([10.0, 1.0]), 0.5)
    test_numerical_vjp.close("the gradient for whole numbers", got, [6.0, -0.4])


@test_numerical_vjp(part="cost")
def test_vjp_cost():
    "For two inputs and three outputs, four evaluations."
    calls = []
    numerical_vjp(lambda x: calls.append(1) or test_three(x), np.array([2.0, 3.0]), np.array([1.0, 10.0, -1.0]))
    test_numerical_vjp.that(len(calls) == 4, f"numerical_vjp evaluates f {len(calls)} times in place of 4.")


### BEGIN HIDDEN TESTS
from misconceptions import numerical_vjp as test_bank
from oracles import Waves as test_Waves
from oracles import arguments as test_arguments
from oracles import carried_vjp as test_carried_vjp
from oracles import evaluations as test_evaluations
from oracles import gradient as test_result
from oracles import numerical_vjp as test_right

test_numerical_vjp.misconceptions = test_bank


def test_shapes(part, about, shape, outputs, *h, integers=False):
    "Compare with a closed form, for an x and outputs of these shapes and a random upstream gradient."
    rng = test_numerical_vjp.rng
    f, g_out = test_Waves(rng, shape, outputs), rng.normal(size=outputs)
    x = rng.integers(-4, 5, shape) if integers else rng.normal(size=shape)

    def test():
        test_numerical_vjp.compare(numerical_vjp, test_right, test_result(f, x, g_out, *h), atol=1e-7)

    test.__doc__ = about
    test_numerical_vjp.hidden(test, part=part)


test_shapes("gradient", "More outputs than inputs.", (3,), (5,), 0.3)
test_shapes("gradient", "As many outputs as inputs.", (4,), (4,), 0.4)
test_shapes("gradient", "A matrix of inputs, a matrix of outputs.", (2, 3), (4, 2), 0.3)
test_shapes("gradient", "Inputs and outputs in the same shape, with more than one axis.", (3, 2), (3, 2), 0.5)
test_shapes("gradient", "A single output.", (2, 3), (1,), 0.4)
test_shapes("gradient", "The step that you get when you give none.", (2, 3), (4,))
test_shapes("arguments", "Whole numbers.", (2, 2), (3,), 0.3, integers=True)


@test_numerical_vjp.hidden(part="arguments")
def test_vjp_leaves():
    "What the caller holds is the same after the call, whatever the step."
    for h in (0.1, 1e-5):
        f, (x, g_out) = test_Waves(test_numerical_vjp.rng, (5,), (5,)), test_numerical_vjp.rng.normal(size=(2, 5))
        test_numerical_vjp.compare(numerical_vjp, test_right, test_arguments(f, x, g_out, h))
        test_numerical_vjp.call(numerical_vjp, f, x, g_out, h)


@test_numerical_vjp.hidden(part="cost")
def test_vjp_evaluations():
    "Two evaluations for each input, however many outputs there are."
    rng = test_numerical_vjp.rng
    for shape, outputs in [((3,), (5,)), ((2, 3), (2, 2))]:
        f, x, g_out = test_Waves(rng, shape, outputs), rng.normal(size=shape), rng.normal(size=outputs)
        test_numerical_vjp.compare(numerical_vjp, test_carried_vjp, test_evaluations(f, x, g_out, 0.1))


### END HIDDEN TESTS
test_numerical_vjp.score()

# %% [markdown]
r"""
### Ones, or something random?

Now test some backward passes with it. The next cell puts four of them beside your `numerical_vjp`, and draws your
`relative_error` between the two: once with an upstream gradient of **ones**, once with a **random** one. Only the first
is right.

| layer | forward | its backward pass |
|---|---|---|
| A | $\tanh$ | $g \cdot (1 - \tanh^2 x)$ |
| B | $\tanh$ | $1 - \tanh^2 x$: forgets $g$ |
| C | the transpose of a matrix | numbers of $g$ in their old order, brought into the shape of $x$ |
| D | the rows of a matrix in opposite order | $g$ as it came |

Which mistakes do the ones find?

(A false alarm to know about: where the true derivative is 0, differences leave some rounding, such as $10^{-11}$. Against
an exact 0 from the backward pass that is a relative error of 1, and nothing is wrong. So when the error is large, look at
the two numbers before you look for a mistake.)
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "picture_upstream", "locked": true, "schema_version": 3, "solution": false, "task": false}
try:
    import matplotlib.pyplot as plt

    rng = np.random.default_rng(1)
    x = rng.uniform(0.2, 1.5, size=(3, 4)) * rng.choice([-1, 1], size=(3, 4))
    layers = {
        "A": (np.tanh, lambda g: g * (1 - np.tanh(x) ** 2)),
        "B": (np.tanh, lambda g: 1 - np.tanh(x) ** 2),
        "C": (lambda x: x.T.copy(), lambda g: g.reshape(3, 4)),
        "D": (lambda x: x[::-1].copy(), lambda g: g.copy()),
    }
    errors = {"ones": [], "random": []}
    for f, backward in layers.values():
        for kind, g_out in [("ones", np.ones(f(x).shape)), ("random", rng.normal(size=f(x).shape))]:
            errors[kind].append(relative_error(backward(g_out), numerical_vjp(f, x, g_out)))
    found = np.array([errors["ones"], errors["random"]]) > 1e-4
    assert (found == [[False] * 4, [False, True, True, True]]).all()
    fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    places = np.arange(4)
    ax.axhspan(1e-12, 1e-6, color="0.9", zorder=0, label="equal, as far as\ndifferences can tell")
    ax.bar(places - 0.2, np.array(errors["ones"]) + 1e-12, 0.36, color="C0", label="ones")
    ax.bar(places + 0.2, np.array(errors["random"]) + 1e-12, 0.36, color="C1", label="random")
    ax.set(yscale="log", ylim=(1e-12, 10), ylabel="your relative error", title="four backward passes under test")
    ax.set_xticks(places, ["A (right)", "B (forgets g)", "C (reshapes)", "D (old order)"])
    ax.legend(title="upstream gradient", loc="upper left", bbox_to_anchor=(1, 1))
    plt.show()
except Exception:
    plt.close("all")
    print("Here you will see which mistakes your check finds: write relative_error and numerical_vjp, then run this cell again.")

# %% [markdown]
r"""
### Slow in what?

The decks say of finite differences: "Slow for high dimensional inputs / outputs".

**Exercise (no points).** Count the evaluations that it takes to find all the derivatives $\partial f_k / \partial x_i$ of
a function with $A$ inputs and $B$ outputs by central differences. Does the number depend on $A$? On $B$?

<details><summary>Answer, when you have yours</summary>

$2A$, whatever $B$ is: moving one input shows how *all* outputs change. So it is the inputs that make it slow. More
outputs make a single evaluation of $f$ dearer, as they do for every method, and there are $A \cdot B$ numbers to keep;
but they ask for no further evaluation. Reverse mode is the other way round: one pass for each *output*, however many
inputs there are. A network in training has a million inputs (its weights) and one output (its loss).

</details>
"""

# %% [markdown]
r"""
## 7. In your own words (4 points)

Answer both in a few sentences, with a calculation where it helps (marked by hand).

**(a)** A network has a million weights, and one evaluation of its loss takes 10 milliseconds. Backpropagation finds the
whole gradient in about the time of four evaluations. How long do central differences take for it, and how long does
backpropagation? What are finite differences good for, all the same? Name one thing that they need less of than
backpropagation does. (2 points)

**(b)** Look at the picture of section 6. Why does a check with an upstream gradient of ones pass layer B, and why layer
C? And now a check that *fails*: a ReLU layer has the input $x = 3 \cdot 10^{-6}$ among others, its backward pass is right,
and the check with $h = 10^{-5}$ complains. What number do central differences give for that entry (upstream gradient 1),
what does the backward pass give, and what would you do? (2 points)
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_differences", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
r"""
**(a)** Central differences take two evaluations for each weight: $2 \cdot 10^6 \cdot 10\,\text{ms} = 20\,000\,\text{s}$, more
than five and a half hours for a single gradient. Backpropagation takes about $40\,\text{ms}$. (1 point) They are good for
*testing* an implementation of backpropagation, on a small network with a few dozen weights: there they are fast enough,
and an error in the backward pass cannot hide in them, because they use nothing but the forward pass. That is also what
they need less of: only that $f$ can be called; no formula, no source code, no derivative of any part. (1 point)

**(b)** *B:* with $g = 1$, $g \cdot (1 - \tanh^2 x)$ and $1 - \tanh^2 x$ are the same, so that nobody sees whether $g$ was
used. *C:* an array of ones is made of equal numbers; in whichever order they are put back, the result is ones again.
With random numbers, every place has its own, and a wrong order or a missing factor shows. (1 point)

*ReLU:* $x + h = 1.3 \cdot 10^{-5}$ and $x - h = -7 \cdot 10^{-6}$, where ReLU is $0$. So the difference is
$1.3 \cdot 10^{-5} / (2 \cdot 10^{-5}) = 0.65$, while the backward pass gives the slope $1$, and is right: the two points
lie on both sides of the kink. Draw the inputs so that none is within $h$ of a kink, leave that entry out, or take a
smaller step for it. (1 point: the numbers and a cure)
"""

# %% [markdown]
r"""
## Where next

Finite differences are the first of the four ways to differentiate that lecture 2 compares. You will write all of them:

| | exact? | what a gradient of one output by $D$ inputs costs | what it needs | you write it in |
|---|---|---|---|---|
| finite differences | to half or two thirds of the digits | $2D$ evaluations (central) | to call $f$ | this set |
| symbolic | yes | grows fast, unless what is equal is shared | a formula | Problem set 2 (symbolic differentiation) |
| forward mode | yes | $D$ passes, each a little dearer than $f$ | the program of $f$ | Problem set 3 (forward mode) |
| reverse mode | yes | one pass there and one back | the program of $f$, and memory | Problem set 4 (reverse mode) |

("Exact" means: but for the rounding of each operation.)

- In the library, `course.autodiff.finite_difference` has these functions with a step for every entry, and a *complex
  step*, which subtracts nothing and so has no V. `course.gradient_check` does what section 6 does, and tries to say what
  is wrong.
- Keep your `numerical_vjp` and `relative_error` at hand. Lectures 3 and 4 derive one backward pass after the other, and
  now you can test each of them yourself.
"""
