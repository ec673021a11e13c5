"""Schedules: the learning rate as a function of the step t = 1, 2, 3, …, for an optimizer in place of a number."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course.errors import RangeError, require_range

Rate = float | np.ndarray


class Schedule:
    r"""A learning rate for every step: ``schedule(t)``, with t = 1 at the first one.

    A subclass states in `rate` what it is after `age` = t - 1 steps. Like an optimizer's, every rate may be an array, one
    for each of several networks.

    Parameters
    ----------
    learning_rate
        :math:`\eta > 0`: the rate of the first step.

    Raises
    ------
    RangeError
        When a rate, a factor or a number of steps is out of its range, or when t is below 1.
    """

    def __init__(self, learning_rate: Rate):
        self.learning_rate = self.take("learning_rate", learning_rate, "(0, inf)")

    def take(self, name: str, value: Any, interval: str) -> Any:
        """Return a number, or an array of them, that lies in the interval."""
        for bound in (np.min(value), np.max(value)):
            require_range(type(self).__name__, name, bound, interval)
        return np.asarray(value) if np.ndim(value) else value

    def __call__(self, t: Any) -> Any:
        """Return the learning rate of step t; for an array of steps an array of rates, to draw it."""
        if not isinstance(t, (int, float)):
            rates = [self(step) for step in np.ravel(t).tolist()]
            return np.reshape(rates, np.shape(t) + np.shape(rates[0])) if rates else np.zeros(np.shape(t))
        if not t >= 1:
            raise RangeError(f"{self!r}: steps are counted from 1, got t = {t}")
        return self.rate(t - 1)

    def rate(self, age: int) -> Rate:
        """Return the learning rate after as many steps."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value}' for name, value in vars(self).items())})"


class Constant(Schedule):
    r"""The same rate at every step, :math:`\eta_t = \eta`.

    Parameters
    ----------
    learning_rate
        As in `Schedule`.

    >>> Constant(0.1)(np.array([1, 100]))
    array([0.1, 0.1])
    """

    def rate(self, age):
        return self.learning_rate


class StepDecay(Schedule):
    r"""A rate that falls at intervals, :math:`\eta_t = \eta\, \gamma^{\lfloor (t-1)/n \rfloor}`.

    Parameters
    ----------
    learning_rate
        As in `Schedule`.
    every
        n ≥ 1: how many steps one level lasts.
    factor
        γ in (0, 1]: what is left of the rate from one level to the next.

    Notes
    -----
    Deck 004, "Learning Rate Schedule".

    >>> StepDecay(0.1, every=2, factor=0.5)(np.array([1, 2, 3, 4, 5]))
    array([0.1  , 0.1  , 0.05 , 0.05 , 0.025])
    """

    def __init__(self, learning_rate: Rate, *, every: int, factor: Rate = 0.1):
        super().__init__(learning_rate)
        self.every = self.take("every", every, "[1, inf)")
        self.factor = self.take("factor", factor, "(0, 1]")

    def rate(self, age):
        return self.learning_rate * self.factor ** (age // self.every)


class ExponentialDecay(Schedule):
    r"""A rate that falls by the same share at every step, :math:`\eta_t = \eta\, \gamma^{t-1}`.

    Parameters
    ----------
    learning_rate
        As in `Schedule`.
    factor
        γ in (0, 1]: what a step leaves of the rate. The rate is halved every :math:`\log 2 / (1 - \gamma)` steps, nearly.

    Notes
    -----
    Deck 004, "Learning Rate Schedule". Some libraries write :math:`e^{-kt}` or stretch the decay over a number of steps.

    >>> ExponentialDecay(0.1, factor=0.5)(np.array([1, 2, 3]))
    array([0.1  , 0.05 , 0.025])
    """

    def __init__(self, learning_rate: Rate, *, factor: Rate):
        super().__init__(learning_rate)
        self.factor = self.take("factor", factor, "(0, 1]")

    def rate(self, age):
        return self.learning_rate * self.factor**age


class CosineDecay(Schedule):
    r"""A rate that falls along half a cosine: slowly, then fast, then slowly.

    .. math:: \eta_t = \eta_\text{end} + \frac{\eta - \eta_\text{end}}{2}
        \Bigl(1 + \cos\frac{\pi \min(t - 1, T)}{T}\Bigr)

    Parameters
    ----------
    learning_rate
        As in `Schedule`.
    steps
        T ≥ 1: after so many steps the rate is the final one, and stays there.
    final
        :math:`\eta_\text{end}`, from 0 to the first rate.

    Notes
    -----
    Loshchilov and Hutter (2017), SGDR: stochastic gradient descent with warm restarts, of which this is one period; deck
    003, "Making training generalize & stay stable". Beyond T PyTorch's CosineAnnealingLR climbs up again.

    >>> CosineDecay(0.1, steps=4)(np.array([1, 2, 3, 4, 5, 6])).round(4)
    array([0.1   , 0.0854, 0.05  , 0.0146, 0.    , 0.    ])
    """

    def __init__(self, learning_rate: Rate, *, steps: int, final: Rate = 0.0):
        super().__init__(learning_rate)
        self.steps = self.take("steps", steps, "[1, inf)")
        self.final = self.take("final", final, "[0, inf)")
        if np.max(final - np.asarray(learning_rate)) > 0:
            raise RangeError(f"CosineDecay: final must be at most the learning rate, {learning_rate}, got {final}")

    def rate(self, age):
        share = (1 + math.cos(math.pi * min(age, self.steps) / self.steps)) / 2
        return self.final + (self.learning_rate - self.final) * share


class LinearWarmup(Schedule):
    r"""A rate that rises in equal steps to where another schedule starts, and then follows it.

    .. math:: \eta_t = \frac{t}{n}\, \eta'_1 \quad (t \le n), \qquad \eta_t = \eta'_{t-n} \quad (t > n)

    Parameters
    ----------
    steps
        n ≥ 1: the number of steps on the way up. The full rate is reached at step n.
    then
        The schedule :math:`\eta'`: another of these, any function of the step, or a number.

    Notes
    -----
    Goyal and others (2017), Accurate, large minibatch SGD; deck 003, "Making training generalize & stay stable". Some
    libraries count from a rate of 0, which makes the first step none at all.

    >>> LinearWarmup(2, then=StepDecay(0.1, every=1, factor=0.5))(np.array([1, 2, 3, 4]))
    array([0.05, 0.1 , 0.1 , 0.05])
    """

    def __init__(self, steps: int, then: Callable[[Any], Any] | Rate):
        self.steps = self.take("steps", steps, "[1, inf)")
        self.then = then if callable(then) else Constant(then)

    def rate(self, age):
        t = age + 1
        return t / self.steps * self.then(1) if t <= self.steps else self.then(t - self.steps)
