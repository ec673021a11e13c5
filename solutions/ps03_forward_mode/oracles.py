"""Dual numbers by the complex step, and what is tried on a student's numbers and functions.

An infinitely small ε is replaced by a very small i: f(x + i h ẋ) has the imaginary part h f'(x) ẋ, exact to rounding, since
h² is lost beside 1 (Squire and Trapp 1998). No rule of differentiation is written down here.

A function that a test gives to ``derivative``, ``jvp`` or ``jacobian_forward`` is made by :func:`lifted`: it reads value and
derivative of what it is given, and makes its results with the constructor alone. So it needs none of a student's arithmetic.
"""

import cmath
import math

import numpy as np

from course.gradient_check import central_difference
from course.observing import observe

H = 1e-30


class Dual:
    """A complex number that looks like a dual one."""

    def __init__(self, value, derivative=0.0):
        self.z = complex(value, H * derivative)

    @property
    def value(self):
        return self.z.real

    @property
    def derivative(self):
        return self.z.imag / H


def complex_operator(function):
    def apply(*operands):
        z = function(*(x.z if isinstance(x, Dual) else x for x in operands))
        return Dual(z.real, z.imag / H)

    return apply


for name, rule in {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "truediv": lambda a, b: a / b,
}.items():
    setattr(Dual, f"__{name}__", complex_operator(rule))
    setattr(Dual, f"__r{name}__", complex_operator(lambda b, a, rule=rule: rule(a, b)))
Dual.__neg__ = complex_operator(lambda a: -a)
Dual.__pow__ = complex_operator(lambda a, n: a**n)
for name in ("sin", "cos", "exp", "log", "tanh"):
    setattr(Dual, name, complex_operator(getattr(cmath, name)))


# What is tried on the class: one experiment for each part of it


def number(rng):
    """Draw a number that is far from zero, of either sign."""
    return float(rng.uniform(0.5, 3) * rng.choice([-1, 1]))


def parts_of(results):
    """Take apart what operations gave."""
    parts = "value", "derivative"
    return {f"the {part} of {what}": getattr(found, part) for what, found in results.items() for part in parts}


def trial(formulas, *operands):
    """Make an experiment: apply formulas to dual numbers, and look at the numbers themselves afterwards."""

    def experiment(kind):
        given = [kind(*operand) for operand in operands]
        seen = parts_of({what: formula(*given) for what, formula in formulas.items()})
        return seen | parts_of({f"number {i} itself, after it was used": x for i, x in enumerate(given, start=1)})

    return experiment


def draw(rng):
    """Draw two dual numbers and a plain one."""
    return (number(rng), number(rng)), (number(rng), number(rng)), number(rng)


def sums(rng):
    a, b, c = draw(rng)
    return trial(
        {
            "x + y": lambda x, y: x + y,
            "x - y": lambda x, y: x - y,
            "-x": lambda x, y: -x,
            "x + c, c a plain number": lambda x, y: x + c,
            "c + x, c a plain number": lambda x, y: c + x,
            "x - c, c a plain number": lambda x, y: x - c,
            "c - x, c a plain number": lambda x, y: c - x,
            "x + x": lambda x, y: x + x,
            "x - x": lambda x, y: x - x,
        },
        a,
        b,
    )


def doublings(rng):
    """Forty doublings, and three numbers added one after the other to a number that is used again."""
    a, b, _ = draw(rng)

    def doubled(x, y):
        for _ in range(40):
            x = x + x
        return x

    def collected(x, y):
        total = 0
        for one in (x, y, x):
            total = total + one
        return total - y

    return trial({"x doubled forty times": doubled, "a sum of several": collected}, a, b)


def products(rng):
    a, b, c = draw(rng)
    return trial(
        {
            "x · y": lambda x, y: x * y,
            "y · x": lambda x, y: y * x,
            "x · x": lambda x, y: x * x,
            "x · c, c a plain number": lambda x, y: x * c,
            "c · x, c a plain number": lambda x, y: c * x,
            "a product of several": lambda x, y: x * y * x * (3 * y),
        },
        a,
        b,
    )


def quotients(rng):
    a, b, c = draw(rng)
    return trial(
        {
            "x / y": lambda x, y: x / y,
            "y / x": lambda x, y: y / x,
            "x / x": lambda x, y: x / x,
            "x / c, c a plain number": lambda x, y: x / c,
            "c / x, c a plain number": lambda x, y: c / x,
            "a quotient of several": lambda x, y: x / y / (2 / x),
        },
        a,
        b,
    )


def whole_quotients(rng):
    """Numbers written without a point: 7 / 2 is 3.5."""
    a, b, c = ((int(2 * rng.integers(2, 6) + 1), int(rng.integers(1, 4))) for _ in range(3))
    return trial(
        {
            "x / y, of whole numbers": lambda x, y: x / y,
            "x / 2": lambda x, y: x / 2,
            "c / x, of whole numbers": lambda x, y: c[0] / x,
        },
        a,
        b,
    )


def powers(rng):
    a, b, _ = draw(rng)
    n = float(rng.uniform(0.3, 2.7))
    positive = (abs(b[0]), abs(b[1]))
    return trial(
        {
            **{f"x to the power {k}": lambda x, y, k=k: x**k for k in (1, 2, 3, 5, -1, -2)},
            "x to the power 0.5": lambda x, y: y**0.5,
            "x to a power that is no whole number": lambda x, y: y**n,
            "a power of a power": lambda x, y: (x**2) ** 3,
        },
        a,
        positive,
    )


def powers_of_zero(rng):
    slope = number(rng)
    return trial({f"x to the power {k} at x = 0": lambda x, k=k: x**k for k in (1, 2, 3)}, (0.0, slope))


def functions(rng):
    a, b, _ = draw(rng)
    positive = (abs(b[0]), b[1])
    formulas = {f"{name} x": lambda x, y, name=name: getattr(x, name)() for name in ("sin", "cos", "exp", "tanh")}
    formulas["log x"] = lambda x, y: y.log()
    formulas["sin of cos x"] = lambda x, y: x.cos().sin()
    formulas["tanh of exp x"] = lambda x, y: x.exp().tanh()
    return trial(formulas, a, positive)


def far_out(rng):
    """Where tanh is flat to rounding, and exp is very small or large; all numbers whole."""
    size, slope = int(rng.integers(20, 40)), int(rng.integers(2, 5))
    formulas = {
        f"{name} of a {how} number": lambda x, y, name=name, i=i: getattr((x, y)[i], name)()
        for name in ("tanh", "exp")
        for i, how in enumerate(("large", "large negative"))
    }
    formulas["log of a large number"] = lambda x, y: x.log()
    return trial(formulas, (size, slope), (-size, slope))


# Functions to differentiate, and what is tried on those that differentiate them


def lifted(numbers, kind):
    """Make a function of dual numbers of one of complex numbers, by the complex step; it counts how often it is run."""

    def step(x):
        return complex(getattr(x, "value", x), H * getattr(x, "derivative", 0.0))

    def dual(z):
        return kind(z.real, z.imag / H) if isinstance(z, complex) else z

    def f(x):
        f.runs += 1
        z = numbers([step(one) for one in x] if isinstance(x, (list, tuple)) else step(x))
        return [dual(one) for one in z] if isinstance(z, list) else dual(z)

    f.numbers, f.runs = numbers, 0
    return f


def plain(result):
    """Give a result, or what is to be said of one that is a dual number."""
    return "a whole dual number" if hasattr(result, "derivative") else result


def derivative(f, x):
    """Differentiate by the complex step, past all dual numbers."""
    return complex(f.numbers(complex(x, H))).imag / H


def jvp(f, x, v):
    """Differentiate along a direction by the complex step."""
    z = f.numbers([complex(a, H * b) for a, b in zip(x, v, strict=True)])
    return np.asarray(z, dtype=complex).imag / H


def jacobian_forward(f, x):
    """Difference f at every entry of x."""
    return np.stack(
        [
            central_difference(lambda x, k=k: complex(f.numbers(list(x))[k]).real, np.array(x, dtype=float))
            for k in range(len(f.numbers(list(map(float, x)))))
        ]
    )


def curves(rng):
    """Draw functions of one number, and where to differentiate them."""
    a, b, c = (number(rng) for _ in range(3))
    return {
        "a polynomial": (lambda z: a * z**3 + b * z, c),
        "a function of several parts": (lambda z: cmath.exp(a * z / 3) * cmath.sin(b * z) / (1 + z * z), c),
        "the same function elsewhere": (lambda z: cmath.exp(a * z / 3) * cmath.sin(b * z) / (1 + z * z), -c / 2),
        "a function that steps would miss": (lambda z: cmath.sin(1e6 * a * z), 1e3 * c),
        "a square, far from zero": (lambda z: z * z, 1e9 * c),
        "a function at a whole number": (lambda z: a * cmath.tanh(z / 2), int(rng.integers(1, 4))),
        "a function of another slope, at zero": (lambda z: b * z + a, 0),
    }


def slopes(rng, kind_for):
    """Differentiate curves."""
    drawn = curves(rng)

    def experiment(answer):
        kind = kind_for(answer)
        return {f"the derivative of {what}": plain(answer(lifted(f, kind), x)) for what, (f, x) in drawn.items()}

    return experiment


def constants(rng, kind_for):
    """Differentiate a function that returns a plain number, with one that does not beside it."""
    a, c = number(rng), number(rng)

    def experiment(answer):
        kind = kind_for(answer)
        flat, steep = (plain(answer(lifted(f, kind), c)) for f in (lambda z: a, lambda z: a * z))
        return {"the derivative of a constant function": flat, "the derivative of one that is none": steep}

    return experiment


def maps(rng):
    """Draw functions of several numbers: more outputs than inputs, fewer, and as many; none of them symmetric."""
    a, b, c = (number(rng) for _ in range(3))

    def wide(x):
        return [x[0] * x[1] + a * x[2] ** 2 + x[3], cmath.sin(x[0]) + b * x[3] - x[1] * x[2]]

    def tall(x):
        return [x[0] * x[1], cmath.exp(x[0] / 3), a * x[1] + b * x[0], x[0] / (2 + x[1] * x[1]), c * x[1] ** 3]

    def square(x):
        return [a * x[0] + x[1] * x[2], b * x[0] ** 2, cmath.tanh(x[2]) + c * x[0] * x[1]]

    return [
        ("four inputs and two outputs", wide, 4),
        ("two inputs and five outputs", tall, 2),
        ("three inputs and three outputs", square, 3),
    ]


def several(rng, size):
    return [number(rng) for _ in range(size)]


def directions(rng, kind_for):
    """Jacobian-vector products of several functions along random directions, also of one with a single output."""
    drawn = [(what, f, several(rng, n), several(rng, n)) for what, f, n in maps(rng)]
    _, f, n = maps(rng)[0]
    drawn.append(("a function with a single output, no list", lambda x: f(x)[1], several(rng, n), several(rng, n)))
    drawn.append(("one input", lambda x: [x[0] ** 2, 3 * x[0]], several(rng, 1), several(rng, 1)))

    def experiment(answer):
        kind = kind_for(answer)
        return {f"the product for {what}": answer(lifted(f, kind), list(x), list(v)) for what, f, x, v in drawn}

    return experiment


def arrays_and_constants(rng, kind_for):
    """A point and a direction given as arrays, of whole numbers too; some outputs are plain numbers."""
    x, v, a = rng.integers(1, 5, size=3), rng.normal(size=3), number(rng)

    def f(z):
        return [z[0] * z[2], a, z[1] / 2]

    def experiment(answer):
        return {"the product where one output is constant": answer(lifted(f, kind_for(answer)), x.copy(), v.copy())}

    return experiment


def runs(rng, kind_for, *, allowed, direction):
    """How often a function of many inputs is run, where as often as ``allowed`` counts as once; and what comes of it."""
    size = 7
    weights, x, v = rng.normal(size=(3, size)), several(rng, size), several(rng, size)

    def f(z):
        return [sum(w * one * one for w, one in zip(row, z, strict=True)) for row in weights]

    def experiment(answer):
        counted = lifted(f, kind_for(answer))
        return {
            "the result for seven inputs": answer(counted, list(x), list(v)) if direction else answer(counted, list(x)),
            "the number of runs of f": 1 if counted.runs <= allowed else counted.runs,
        }

    return experiment


def left_alone(rng, kind_for, *, direction):
    """What the lists x and v hold after a call; and the numbers that come of it, in whatever order."""
    _, f, n = maps(rng)[0]
    given = [several(rng, n), several(rng, n)][: 1 + direction]

    def experiment(answer):
        seen = observe(answer, lifted(f, kind_for(answer)), *given)
        held = {
            f"your caller's {name} after the call": [one if isinstance(one, (int, float)) else math.nan for one in after]
            for name, after in zip("xv", seen.arguments[1:], strict=False)
        }
        return held | {"the numbers of the result, in order of size,": np.sort(np.ravel(seen.result))}

    return experiment


def matrices(rng, kind_for):
    """Jacobians of several functions at random points."""
    drawn = [(what, f, several(rng, n)) for what, f, n in maps(rng)]
    drawn.append(("one input", lambda x: [x[0] ** 2, 3 * x[0]], several(rng, 1)))
    drawn.append(("one output, in a list", lambda x: [x[0] ** 2 * x[1]], several(rng, 2)))

    def experiment(answer):
        kind = kind_for(answer)
        return {f"the Jacobian of {what}": answer(lifted(f, kind), list(x)) for what, f, x in drawn}

    return experiment


def constant_rows(rng, kind_for):
    """A point given as an array of whole numbers; one output is a plain number."""
    x, a = rng.integers(1, 5, size=3), number(rng)

    def f(z):
        return [z[0] * z[2], a, z[1] / 2, z[0] + 0 * z[1]]

    def experiment(answer):
        return {"the Jacobian where one output is constant": answer(lifted(f, kind_for(answer)), x.copy())}

    return experiment
