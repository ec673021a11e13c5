"""Right answers without a state to update: each new weight is a sum over all gradients so far; and what is tried on them.

The hidden tests compare a student's optimizer with these. An experiment is drawn from ``rng`` first, as a function of
the answer to be tried, so that it can be run on known wrong answers too.
"""

import copy

import numpy as np

from course.observing import observe


def fading(past, factor):
    """Add up the past, the newest at full weight and every older one ``factor`` times its successor."""
    return sum(factor**age * g for age, g in enumerate(reversed(past)))


def fading_mean(past, factor):
    """Average the past with the same weights; they sum to one, which is what bias correction is for."""
    return fading(past, factor) / fading([1.0] * len(past), factor)


class Oracle:
    """An optimizer that keeps every gradient; a subclass says where a weight goes, given all of its gradients."""

    ranges = {"learning_rate": (0.05, 0.2)}
    defaults = {}
    start = 4  # steps after which the start has faded from every average, where there are any

    def __init__(self, learning_rate, **rates):
        vars(self).update(self.defaults, learning_rate=learning_rate, **rates)
        self.past = []

    def step(self, params, grads):
        self.past.append(copy.deepcopy(grads))
        return [self.new(w, [grads[i] for grads in self.past]) for i, w in enumerate(params)]

    @classmethod
    def rates(cls, rng):
        return {name: rng.uniform(*ends) for name, ends in cls.ranges.items()}

    @classmethod
    def steps(cls, rng):
        """Four steps of a matrix W and a vector b, whose shapes would broadcast; one gradient is zero throughout."""
        rates, (params, gradients) = cls.rates(rng), draw(rng, 4)
        return lambda answer: watch(answer(**rates), params, gradients)

    @classmethod
    def default_rates(cls, rng):
        """Three steps with nothing given but the learning rate; some gradients are so small that eps counts."""
        rate, (params, gradients) = rng.uniform(0.05, 0.2), draw(rng, 3)
        for W, _ in gradients:
            W[0] *= 1e-8
        return lambda answer: watch(answer(rate), params, gradients)

    @classmethod
    def two_in_turn(cls, rng):
        """The last steps of the second of two optimizers that take turns."""
        rates, (params, gradients), (_, others) = cls.rates(rng), draw(rng, cls.start + 3), draw(rng, cls.start + 3)

        def experiment(answer):
            first, second = answer(**rates), answer(**rates)

            def meanwhile(t):
                first.step(copy.deepcopy(params), copy.deepcopy(others[t]))

            return watch(second, params, gradients, last=3, meanwhile=meanwhile)

        return experiment

    @classmethod
    def late(cls, rng):
        """The last of many steps, when the start has faded from every average."""
        rates, (params, gradients) = cls.rates(rng), draw(rng, cls.start + 3)
        return lambda answer: watch(answer(**rates), params, gradients, last=3)

    @classmethod
    def arguments(cls, rng):
        """What params and grads hold after a call, and what the arrays hold that were in params before it."""
        rates, (params, gradients) = cls.rates(rng), draw(rng, 1)

        def experiment(answer):
            seen = observe(answer(**rates).step, params, gradients[0])
            held = {"list params": seen.arguments[0], "arrays": seen.arrays[:2], "grads": seen.arguments[1]}
            return {f"what your caller's {k} holds after the step ({n})": v
                    for k, values in held.items() for n, v in zip("Wb", values, strict=True)}

        return experiment


def draw(rng, steps):
    """Draw parameters and one gradient a step, of very different sizes; one entry's gradient is always zero."""
    shapes = (4, 3), (3,)
    params = [rng.normal(size=shape) for shape in shapes]
    sizes = [np.exp(rng.normal(size=shape)) for shape in shapes]
    gradients = [[size * rng.normal(size=size.shape) for size in sizes] for _ in range(steps)]
    for _, b in gradients:
        b[1] = 0.0
    return params, gradients


def watch(optimizer, params, gradients, last=None, meanwhile=lambda t: None):
    """Follow an optimizer: the weights after every step or, with ``last``, how far each of the last steps goes."""
    seen = {}
    for t, grads in enumerate(gradients):
        meanwhile(t)
        new = optimizer.step(copy.deepcopy(params), copy.deepcopy(grads))
        if last is None:
            seen |= {f"{name} after step {t + 1}": w for name, w in zip("Wb", new, strict=True)}
        elif t >= len(gradients) - last:
            moved = zip("Wb", new, params, strict=True)
            seen |= {f"a late step of {name} ({len(gradients) - t} before the end)": w - old for name, w, old in moved}
        params = new
    return copy.deepcopy(seen)


class Momentum(Oracle):
    ranges = Oracle.ranges | {"momentum": (0.5, 0.8)}
    defaults = {"momentum": 0.9}

    def new(self, w, past):
        return w - self.learning_rate * fading(past, self.momentum)


class Nesterov(Momentum):
    def new(self, w, past):
        """Undo the shift; take the paper's step (Sutskever et al. 2013, eqs. 3 and 4); shift again."""
        before = -self.learning_rate * fading(past[:-1], self.momentum)
        velocity = self.momentum * before - self.learning_rate * past[-1]
        theta = w - self.momentum * before + velocity
        return theta + self.momentum * velocity


class Adagrad(Oracle):
    ranges = Oracle.ranges | {"eps": (0.1, 0.3)}
    defaults = {"eps": 1e-8}

    def new(self, w, past):
        return w - self.learning_rate * past[-1] / (np.linalg.norm(np.stack(past), axis=0) + self.eps)


class RMSprop(Adagrad):
    ranges = Adagrad.ranges | {"decay": (0.6, 0.75)}
    defaults = {"eps": 1e-8, "decay": 0.9}

    def new(self, w, past):
        mean_square = (1 - self.decay) * fading([g * g for g in past], self.decay)
        return w - self.learning_rate * past[-1] / (mean_square**0.5 + self.eps)


class Adam(Adagrad):
    ranges = Adagrad.ranges | {"beta1": (0.2, 0.3), "beta2": (0.35, 0.45)}
    defaults = {"eps": 1e-8, "beta1": 0.9, "beta2": 0.999}
    start = 30

    def new(self, w, past):
        mean_square = fading_mean([g * g for g in past], self.beta2)
        return w - self.learning_rate * fading_mean(past, self.beta1) / (mean_square**0.5 + self.eps)


class AdamW(Adam):
    ranges = Adam.ranges | {"weight_decay": (0.2, 0.5)}
    defaults = Adam.defaults | {"weight_decay": 0.01}

    def new(self, w, past):
        return w + super().new(0 * w, past) - self.learning_rate * self.weight_decay * w
