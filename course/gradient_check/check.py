"""The gradient check: backward against central differences, under a random upstream gradient."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable
from typing import Any

import numpy as np

from course.errors import StateError, require_finite, require_range
from course.gradient_check.functions import Function, objective
from course.gradient_check.modules import Module
from course.gradient_check.probes import Check
from course.gradient_check.report import Report
from course.gradient_check.subjects import Subject


def gradient_check(
    f: Any,
    x: Any,
    backward: Callable | None = None,
    *,
    rng: np.random.Generator,
    gradient: Callable | None = None,
    loss: Callable | None = None,
    target: Any = None,
    directions: int | None = None,
    parameters: Any = None,
    training: bool | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> Report:
    r"""Compare a backward pass with central differences of its forward pass.

    With a random upstream gradient g, backward must return, for the input and for every parameter θ,

    .. math:: \frac{\partial}{\partial \theta_i} \sum_k g_k f_k
        \approx \frac{1}{2h} \sum_k g_k \bigl(f_k(\theta + h e_i) - f_k(\theta - h e_i)\bigr)

    ============================================== ==========================================================
    to check                                       call
    ============================================== ==========================================================
    a layer, a network, a student's class          ``gradient_check(layer, x, rng=rng)``
    a network with its loss                        ``gradient_check(network, X, loss=loss, target=y, rng=rng)``
    a loss alone, or any f(x) -> (value, gradient) ``gradient_check(loss, prediction, target=y, rng=rng)``
    a function and its backward pass               ``gradient_check(f, (x, W), backward, rng=rng)``
    a function of one number and its gradient      ``gradient_check(f, x, gradient=df, rng=rng)``
    ============================================== ==========================================================

    Parameters
    ----------
    f
        A module with ``forward(x)`` and ``backward(g_out)``; or a function.
    x
        The input, in float64. For a function of several arrays: a tuple of them, or a dictionary that names them;
        integers among them, such as labels, stand still.
    backward
        For a function: ``backward(g_out, *inputs)`` returns one gradient, a tuple with one for each input, or a
        dictionary of them.
    rng
        Draws the upstream gradient and the directions, through a generator spawned from it.
    gradient
        For a function that returns one number: ``gradient(*inputs)``, of the same forms.
    loss, target
        For a module: ``loss(forward(x), target)`` returns the objective and its gradient. For a loss: its target.
    directions
        None checks every entry, in two forward passes each. A number k moves all arrays at once along k random
        directions, in 2k passes, however large they are; only when these disagree, each array by itself.
    parameters
        For a module that does not list its parameters: the attribute of each and of its gradient, as in
        ``{"W": "dW", "b": "db"}``; or the attributes alone, when backward returns the gradients after that of x. By
        default every array ``W`` is a parameter that has another one named ``dW``, ``W_gradient`` or the like.
    training
        Passed on to the module's forward, unless it is None.
    rtol, atol
        How closely an entry must agree; atol is relative to the largest gradient where that exceeds one. What
        rounding may do to the differences is allowed on top.

    Returns
    -------
    Report
        True when every gradient is right; as text it says which is wrong, where, and how (see `relation`). Where the
        slopes to the left and to the right of an entry differ, as of ReLU at 0, the gradient is compared a little to
        either side of this kink instead.

    Raises
    ------
    DtypeError
        When an array, or what forward makes of it, is not float64: in float32 the differences are noise.
    DataError
        When the outputs are not finite.
    StateError
        When two forward passes on the same input differ. Generators that f holds, as a dropout layer does, are
        rewound before every pass, so that it draws the same mask each time; other randomness must be frozen first.
        Also when there is nothing to check the differences against.
    ShapeError
        When a function that is given with its gradient returns more than one number.

    Notes
    -----
    Decks 000 and 001: finite differences as a test of backpropagation. Afterwards a module is as it was: parameters,
    gradients, running averages and generators.

    >>> rng = np.random.default_rng(0)
    >>> print(gradient_check(np.tanh, np.ones((2, 3)), lambda g, x: -g * (1 - np.tanh(x) ** 2), rng=rng))
    gradient check failed
      x: the sign is opposite (6 of 6 entries, such as [0, 0], [0, 1], [0, 2])
    """
    if directions is not None:
        require_range("gradient_check", "directions", directions, "[1, inf)", "None checks every entry")
    subject = _subject(f, x, backward, gradient, loss, target, parameters, training)
    rng = rng.spawn(1)[0]  # a module may hold the caller's generator, and rewinding it must not rewind these draws
    with subject.frozen:
        here = subject.first_outputs()
        require_finite("gradient_check", "the output of forward", here)
        if not np.array_equal(here, subject.outputs()):
            raise StateError(
                "gradient_check: forward gives another output each time; draw its randomness from a generator that it "
                "holds as an attribute, or from one made anew in each call"
            )
        check = Check(subject, here, rng, rtol, atol)
        if directions is None:
            return Report(tuple(check.every_entry(name) for name in subject.inputs))
        at_once = check.all_at_once(directions)
        return Report(tuple(at_once or (check.directions(name, directions) for name in subject.inputs)))


def _subject(f, x, backward, gradient, loss, target, parameters, training) -> Subject:
    """See what kind of thing is to be checked."""
    if backward is not None:
        return Function(f, x, backward)
    if hasattr(f, "forward") and gradient is None:
        return Module(f, x, parameters, training, loss, target)
    return objective(f, x, gradient, target)
