"""Functions whose differences are known in closed form, for every step, and what is tried on an answer with them.

The sums that students write are nowhere in here: a hidden test compares a student's difference with a formula for it. An
experiment is a function of the answer to be tried, so that it can be run on known wrong answers too.
"""

import numpy as np

from course.observing import observe


class Exponential:
    r"""A multiple of exp, of one number: :math:`e^{x+h} - e^x = e^x (e^h - 1)`."""

    def __init__(self, rng):
        self.size = rng.uniform(1, 3)

    def __call__(self, x):
        return self.size * np.exp(x)

    def slope(self, x):
        return self.size * np.exp(x)

    def forward(self, x, h):
        return self.size * np.exp(x) * np.expm1(h) / h

    def central(self, x, h):
        return self.size * np.exp(x) * np.sinh(h) / h


class Sine:
    r"""A sine of one number: :math:`\sin u - \sin v = 2 \cos\frac{u+v}2 \sin\frac{u-v}2`."""

    def __init__(self, rng):
        self.pace = rng.uniform(1, 3)

    def __call__(self, x):
        return np.sin(self.pace * x)

    def slope(self, x):
        return self.pace * np.cos(self.pace * x)

    def forward(self, x, h):
        return 2 * np.cos(self.pace * (x + h / 2)) * np.sin(self.pace * h / 2) / h

    def central(self, x, h):
        return np.cos(self.pace * x) * np.sin(self.pace * h) / h


class Cubic:
    """A polynomial of one number; its differences are polynomials in h."""

    def __init__(self, rng):
        self.a, self.b, self.c, self.d = rng.uniform(1, 2, size=4) * rng.choice([-1, 1], size=4)

    def __call__(self, x):
        return self.a * x**3 + self.b * x**2 + self.c * x + self.d

    def slope(self, x):
        return 3 * self.a * x**2 + 2 * self.b * x + self.c

    def forward(self, x, h):
        return self.slope(x) + (3 * self.a * x + self.b) * h + self.a * h**2

    def central(self, x, h):
        return self.slope(x) + self.a * h**2


class Landscape:
    r"""One number from an array: :math:`\sum_i b_i x_i^3 + (\sum_i w_i x_i)^2`, in which every entry meets every other."""

    def __init__(self, rng, *shape):
        self.b, self.w = rng.uniform(1, 2, size=(2, *shape))

    def __call__(self, x):
        return float((self.b * x**3).sum() + (self.w * x).sum() ** 2)

    def central(self, x, h):
        return self.b * (3 * x**2 + h**2) + 2 * (self.w * x).sum() * self.w


class Waves:
    r"""An array from an array: :math:`f_k = \sin u_k` with :math:`u_k = \sum_i x_i A_{ik}`."""

    def __init__(self, rng, shape, outputs):
        self.A, self.axes = rng.uniform(-1, 1, size=(*shape, *outputs)), len(shape)

    def __call__(self, x):
        return np.sin(np.tensordot(x, self.A, axes=self.axes))

    def vjp(self, x, g_out, h):
        sums = np.tensordot(x, self.A, axes=self.axes)
        return np.tensordot(np.sin(h * self.A) / h, g_out * np.cos(sums), axes=g_out.ndim)


class Counted:
    """A function that counts how often it is evaluated."""

    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, x):
        self.calls += 1
        return self.function(x)


# Right answers, each from the formula of the function that it is given.


def forward_difference(f, x, h):
    return f.forward(x, h)


def central_difference(f, x, h):
    return f.central(x, h)


def numerical_gradient(f, x, h=1e-5):
    return f.central(x, h)


def numerical_vjp(f, x, g_out, h=1e-5):
    return f.vjp(x, g_out, h)


def relative_error(a, b):
    """Sort the cases: where two numbers are equal, they do not differ; elsewhere one of them is not zero."""
    if np.shape(a) != np.shape(b):
        raise ValueError
    pairs = zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True)
    return max(0.0 if p == q else abs(p - q) / sorted([abs(p), abs(q)])[1] for p, q in pairs)


def best_step(x, scheme):
    """Halve an interval, on a logarithmic scale, until the step is found at which truncation and rounding are equal."""
    order, eps = {"forward": 1, "central": 2}[scheme], np.spacing(1.0)
    short, long = np.full(np.shape(x), -20.0), np.zeros(np.shape(x))
    for _ in range(60):
        middle = (short + long) / 2
        rounding_wins = eps / 10.0**middle > 10.0 ** (order * middle)
        short, long = np.where(rounding_wins, middle, short), np.where(rounding_wins, long, middle)
    return 10.0**middle * np.where(np.abs(x) < 1, 1, np.abs(x))


# Right versions that a later function may use on any function at all; they step on a grid of their own making.


def carried_forward(f, x, h):
    return np.subtract(f(x + h), f(x)) / h


def carried_central(f, x, h):
    return np.subtract(f(x + h), f(x - h)) / (h + h)


def carried_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    units = np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([carried_central(lambda t, unit=unit: f(x + t * unit), 0.0, h) for unit in units]).reshape(x.shape)


def carried_vjp(f, x, g_out, h=1e-5):
    return carried_gradient(lambda moved: np.vdot(f(moved), g_out), x, h)


# What is tried.


def number(f, x, h):
    """One difference of a function of one number."""
    return lambda answer: {"the difference": answer(f, x, h)}


def gradient(f, x, *more):
    """What comes out for an array; ``more`` is what follows x in the call."""
    return lambda answer: {"the gradient": answer(f, x.copy(), *copies(more))}


def evaluations(f, x, *more):
    """How often the answer evaluates f."""

    def experiment(answer):
        counted = Counted(f)
        answer(counted, x.copy(), *copies(more))
        return {"the number of evaluations of f": counted.calls}

    return experiment


def arguments(f, *given):
    """How many entries of the arrays that the caller holds are, to the last bit, no longer what they were."""

    def experiment(answer):
        seen = observe(answer, f, *given)
        pairs = zip(("x", "g_out"), given, seen.arguments[1:], strict=False)
        changed = {name: np.count_nonzero(before != after) for name, before, after in pairs if np.ndim(before)}
        return {f"what {name} holds after the call": n for name, n in changed.items()}

    return experiment


def copies(values):
    return [value.copy() if isinstance(value, np.ndarray) else value for value in values]


def refusal(a, b):
    """Whether two arrays of different shapes are refused."""

    def experiment(answer):
        try:
            answer(a.copy(), b.copy())
        except ValueError:
            return {"what comes of two different shapes": 0.0}
        return {"what comes of two different shapes": 1.0}

    return experiment
