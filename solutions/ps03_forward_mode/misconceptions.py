"""Wrong answers that students really write for forward mode, each as the one rule that is wrong in it."""

import math

import numpy as np

from course.misconceptions import Bank

dual = Bank("Dual")
derivative = Bank("derivative")
jvp = Bank("jvp")
jacobian_forward = Bank("jacobian_forward")


class Dual:
    """A right dual number; each wrong one below has a rule of its own."""

    def __init__(self, value, derivative=0.0):
        self.value = value
        self.derivative = derivative

    def new(self, value, derivative):
        return type(self)(value, derivative)

    def as_dual(self, other):
        return other if isinstance(other, Dual) else self.new(other, 0.0)

    def __add__(self, other):
        other = self.as_dual(other)
        return self.new(self.value + other.value, self.derivative + other.derivative)

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        other = self.as_dual(other)
        return self.new(self.value - other.value, self.derivative - other.derivative)

    def __rsub__(self, other):
        return self.as_dual(other) - self

    def __neg__(self):
        return self.new(-self.value, -self.derivative)

    def __mul__(self, other):
        other = self.as_dual(other)
        return self.new(self.value * other.value, self.derivative * other.value + self.value * other.derivative)

    def __rmul__(self, other):
        return self.as_dual(other) * self

    def __truediv__(self, other):
        other = self.as_dual(other)
        return self.new(self.value / other.value, self.quotient(self.value, self.derivative, other.value, other.derivative))

    def quotient(self, u, du, v, dv):
        return (du * v - u * dv) / v**2

    def __rtruediv__(self, other):
        return self.as_dual(other) / self

    def __pow__(self, n):
        return self.new(self.value**n, n * self.value ** (n - 1) * self.derivative)

    def function(self, value, slope):
        return self.new(value, slope * self.derivative)

    def sin(self):
        return self.function(math.sin(self.value), math.cos(self.value))

    def cos(self):
        return self.function(math.cos(self.value), -math.sin(self.value))

    def exp(self):
        return self.function(math.exp(self.value), math.exp(self.value))

    def log(self):
        return self.function(math.log(self.value), 1 / self.value)

    def tanh(self):
        return self.function(math.tanh(self.value), 1 - math.tanh(self.value) ** 2)


# Sums and differences


@dual("a plain number has the derivative 1", "How fast does the number 5 change when x moves?")
class MovingConstants(Dual):
    def as_dual(self, other):
        return other if isinstance(other, Dual) else self.new(other, 1.0)


@dual(
    "number minus dual, the wrong way round", "Which of the two is taken away in 5 - x, and which sign has its derivative?"
)
class ReversedDifference(Dual):
    def __rsub__(self, other):
        return self - other


@dual("number minus dual keeps the derivative", "When x grows, does 5 - x grow with it?")
class KeepsDerivative(Dual):
    def __rsub__(self, other):
        return self.new(other - self.value, self.derivative)


@dual("a difference adds the derivatives", "If x and y both grow equally fast, how fast does x - y grow?")
class AddsDerivatives(Dual):
    def __sub__(self, other):
        other = self.as_dual(other)
        return self.new(self.value - other.value, self.derivative + other.derivative)


@dual("only the left side's derivative in a sum", "In x + y, what does y's movement do to the sum?")
class LeftDerivativeOnly(Dual):
    def __add__(self, other):
        other = self.as_dual(other)
        return self.new(self.value + other.value, self.derivative)

    def __radd__(self, other):
        return self + other


@dual("minus reaches the value only", "If x rises, what does -x do?")
class NegatesValue(Dual):
    def __neg__(self):
        return self.new(-self.value, self.derivative)


@dual("a sum changes its left side", "After z = x + y, x should be what it was: make a new Dual for the result.")
class AddsInPlace(Dual):
    def __add__(self, other):
        other = self.as_dual(other)
        self.value += other.value
        self.derivative += other.derivative
        return self


# Products


@dual("product of the derivatives", "Try your rule on x · x at x = 3: is the slope of the parabola there 1?")
class ProductOfDerivatives(Dual):
    def __mul__(self, other):
        other = self.as_dual(other)
        return self.new(self.value * other.value, self.derivative * other.derivative)


@dual("product rule without its second term", "Both sides of a rectangle grow: how many strips are added to its area?")
class OneTerm(Dual):
    def __mul__(self, other):
        other = self.as_dual(other)
        return self.new(self.value * other.value, self.derivative * other.value)


@dual(
    "product rule with each value at its own derivative", "When y grows by a little, how long is the strip that x · y gains?"
)
class OwnValues(Dual):
    def __mul__(self, other):
        other = self.as_dual(other)
        return self.new(self.value * other.value, self.value * self.derivative + other.value * other.derivative)


@dual("a product changes its left side", "After z = x * y, x should be what it was: make a new Dual for the result.")
class MultipliesInPlace(Dual):
    def __mul__(self, other):
        other = self.as_dual(other)
        self.derivative = self.derivative * other.value + self.value * other.derivative
        self.value = self.value * other.value
        return self

    def __rmul__(self, other):
        return self * other


# Quotients


@dual("plus in the quotient rule", "If only the denominator grows, does the quotient grow?")
class PlusInQuotient(Dual):
    def quotient(self, u, du, v, dv):
        return (du * v + u * dv) / v**2


@dual("quotient rule turned round", "If only the numerator grows, which sign has the derivative of x / y?")
class TurnedQuotient(Dual):
    def quotient(self, u, du, v, dv):
        return (u * dv - du * v) / v**2


@dual("denominator not squared", "Divide x by the plain number 2: what does your rule give for the derivative?")
class DenominatorNotSquared(Dual):
    def quotient(self, u, du, v, dv):
        return (du * v - u * dv) / v


@dual("quotient of the derivatives", "Divide x by a plain number, whose derivative is 0: what does your rule make of that?")
class QuotientOfDerivatives(Dual):
    def quotient(self, u, du, v, dv):
        return du / dv if dv else 0.0


@dual("the denominator as a constant", "If only the denominator grows, does x / y stay as it is?")
class ConstantDenominator(Dual):
    def quotient(self, u, du, v, dv):
        return du / v


@dual("number divided by dual, the wrong way round", "In 12 / x, which of the two is the denominator?")
class ReversedQuotient(Dual):
    def __rtruediv__(self, other):
        return self / other


@dual("minus forgotten in number / dual", "When x grows, does 12 / x grow?")
class RisingReciprocal(Dual):
    def __rtruediv__(self, other):
        return self.new(other / self.value, other * self.derivative / self.value**2)


@dual("whole-number division", "What does Python make of 7 // 2, and of 7 / 2?")
class WholeQuotient(Dual):
    def __truediv__(self, other):
        other = self.as_dual(other)
        slope = self.derivative * other.value - self.value * other.derivative
        return self.new(self.value // other.value, slope / other.value**2)


# Powers


@dual("power without the derivative of x", "x may move faster or slower than 1: where is that in your power rule?")
class PowerWithoutChain(Dual):
    def __pow__(self, n):
        return self.new(self.value**n, n * self.value ** (n - 1))


@dual("exponent not lowered", "What is the slope of x squared at x = 3?")
class ExponentKept(Dual):
    def __pow__(self, n):
        return self.new(self.value**n, n * self.value**n * self.derivative)


@dual("power without the factor n", "What is the slope of x squared at x = 3, and what does your rule give?")
class NoFactor(Dual):
    def __pow__(self, n):
        return self.new(self.value**n, self.value ** (n - 1) * self.derivative)


@dual(
    "power takes the derivative to the power too",
    "Work out (x²)' from x · x: does the derivative of x appear in it squared?",
)
class PowerOfBoth(Dual):
    def __pow__(self, n):
        return self.new(self.value**n, n * (self.value * self.derivative) ** (n - 1) * self.derivative)


@dual("only powers that can be multiplied out", "What do x ** 0.5 and x ** -1 mean? A loop cannot make those.")
class MultipliedOut(Dual):
    def __pow__(self, n):
        result = self.new(1.0, 0.0)
        for _ in range(int(n)):
            result = result * self
        return result


@dual("powers by way of the logarithm", "What does your rule give for x ** 2 where x is negative, or zero?")
class PowerByLogarithm(Dual):
    def __pow__(self, n):
        return (n * self.log()).exp()


# Functions


@dual(
    "functions without the chain rule",
    "x may itself be a function: by what does the slope of sin, exp or tanh get multiplied?",
)
class FunctionsWithoutChain(Dual):
    def function(self, value, slope):
        return self.new(value, slope)


@dual("functions of both parts", "You put the derivative into the function as well: what does its chain rule say instead?")
class FunctionsOfBoth(Dual):
    def sin(self):
        return self.new(math.sin(self.value), math.sin(self.derivative))

    def cos(self):
        return self.new(math.cos(self.value), math.cos(self.derivative))

    def exp(self):
        return self.new(math.exp(self.value), math.exp(self.derivative))

    def log(self):
        return self.new(math.log(self.value), math.log(abs(self.derivative)))

    def tanh(self):
        return self.new(math.tanh(self.value), math.tanh(self.derivative))


@dual("cosine without its minus sign", "Just right of 0, does the cosine rise or fall?")
class RisingCosine(Dual):
    def cos(self):
        return self.function(math.cos(self.value), math.sin(self.value))


@dual("the power rule for exp", "exp is no power of x: which function is its own slope?")
class PowerRuleForExp(Dual):
    def exp(self):
        return self.function(math.exp(self.value), self.value * math.exp(self.value - 1))


@dual("slope of log: the logarithm again", "exp is its own slope, log is not: how steep is log at 1, and at 100?")
class LogAsSlope(Dual):
    def log(self):
        return self.function(math.log(self.value), math.log(self.value))


@dual("logarithm to the base 10", "Which logarithm undoes exp?")
class LogOfTen(Dual):
    def log(self):
        return self.function(math.log10(self.value), 1 / (self.value * math.log(10)))


@dual("slope of tanh without the square", "How steep is tanh far to the left, where it is nearly -1?")
class TanhNotSquared(Dual):
    def tanh(self):
        return self.function(math.tanh(self.value), 1 - math.tanh(self.value))


@dual("slope of tanh from x in place of tanh x", "In 1 - z², is z what goes into tanh, or what comes out?")
class TanhOfInput(Dual):
    def tanh(self):
        return self.function(math.tanh(self.value), 1 - self.value**2)


@dual("the sigmoid's slope for tanh", "z(1 - z) belongs to another curve: how steep is tanh at 0?")
class SigmoidSlope(Dual):
    def tanh(self):
        z = math.tanh(self.value)
        return self.function(z, z * (1 - z))


# Functions that differentiate


def slope_of(y):
    """Read the derivative of a result that may be a plain number."""
    return getattr(y, "derivative", 0.0)


def value_of(y):
    return getattr(y, "value", y)


@derivative("the input does not move", "Which derivative does x itself have with respect to x?")
def seeded_with_zero(f, x):
    return slope_of(f(Dual(x, 0.0)))


@derivative("seeded with x", "How fast does x change when x changes? That does not depend on where it is.")
def seeded_with_x(f, x):
    return slope_of(f(Dual(x, x)))


@derivative("value and derivative swapped", "In Dual(value, derivative), which of the two is x?")
def swapped(f, x):
    return slope_of(f(Dual(1.0, x)))


@derivative("returns the value", "The dual number that comes out has two parts: which of them is asked for?")
def returns_value(f, x):
    return value_of(f(Dual(x, 1.0)))


@derivative("returns the whole dual number", "The dual number that comes out has two parts: which of them is asked for?")
def returns_dual(f, x):
    return f(Dual(x, 1.0))


@derivative("cannot differentiate a constant", "What does f give you when it is lambda x: 3, and how fast does that change?")
def no_constants(f, x):
    y = f(Dual(x, 1.0))
    if not hasattr(y, "derivative"):
        raise AttributeError("derivative")
    return y.derivative


@derivative(
    "a constant has the derivative of x", "What does f give you when it is lambda x: 3, and how fast does that change?"
)
def constants_move(f, x):
    return getattr(f(Dual(x, 1.0)), "derivative", 1.0)


@derivative(
    "finite differences", "Your answer takes steps of a finite size; a dual number carries the derivative without any."
)
def finite_differences(f, x, h=1e-5):
    return (value_of(f(Dual(x + h, 0.0))) - value_of(f(Dual(x - h, 0.0)))) / (2 * h)


def directional(f, x, v):
    """Push x with derivatives v through f; give the derivatives of what comes out."""
    y = f([Dual(a, b) for a, b in zip(x, v, strict=True)])
    return np.array([slope_of(one) for one in y]) if isinstance(y, list) else slope_of(y)


def columns(f, x):
    """List what each input alone does to the outputs."""
    return [directional(f, x, row) for row in np.eye(len(x)).tolist()]


@jvp("all ones in place of v", "Where does your answer use the direction v?")
def ignores_direction(f, x, v):
    return directional(f, x, np.ones(len(x)))


@jvp("v scaled to length one", "If you walk twice as fast in the same direction, what happens to the product?")
def unit_direction(f, x, v):
    return directional(f, x, np.asarray(v) / np.linalg.norm(v))


@jvp("x and v swapped", "In Dual(value, derivative), which part says where you are, and which how you move?")
def swapped_direction(f, x, v):
    return directional(f, v, x)


@jvp("x moved along v", "Where is the derivative to be taken: at x, or at x + v?")
def moved(f, x, v):
    return directional(f, np.add(x, v), v)


@jvp("the values of f", "Each output has two parts: which of them is asked for?")
def values(f, x, v):
    y = f([Dual(a, b) for a, b in zip(x, v, strict=True)])
    return np.array([value_of(one) for one in y]) if isinstance(y, list) else value_of(y)


@jvp("summed over the outputs", "Each output has a rate of change of its own: how many numbers should come out?")
def summed(f, x, v):
    return np.sum(directional(f, x, v))


@jvp("only the first output", "Each output has a rate of change of its own: how many numbers should come out?")
def first_only(f, x, v):
    return np.ravel(directional(f, x, v))[0]


@jvp("a single output in a list", "What shape should the answer have when f returns one Dual, without a list around it?")
def always_a_list(f, x, v):
    return np.atleast_1d(directional(f, x, v))


@jvp("columns of the Jacobian, not added up", "All inputs move at once: how much does each output change in all?")
def scaled_columns(f, x, v):
    return np.stack([b * column for b, column in zip(v, columns(f, x), strict=True)], axis=-1)


@jvp("one run of f for each input", "Dual numbers can all move at once, each as fast as v says: how often must f be run?")
def many_runs(f, x, v):
    return sum(b * column for b, column in zip(v, columns(f, x), strict=True))


@jvp("finite differences", "Your answer takes steps of a finite size; dual numbers carry the derivative without any.")
def differences_along(f, x, v):
    def values_at(h):
        y = f([Dual(a + h * b, 0.0) for a, b in zip(x, v, strict=True)])
        return np.array([value_of(one) for one in y]) if isinstance(y, list) else value_of(y)

    return (values_at(1e-5) - values_at(-1e-5)) / 2e-5


@jvp("cannot have a constant output", "An output may be a plain number: how fast does that change?")
def no_constant_outputs(f, x, v):
    y = f([Dual(a, b) for a, b in zip(x, v, strict=True)])
    for one in y if isinstance(y, list) else [y]:
        if not hasattr(one, "derivative"):
            raise AttributeError("derivative")
    return np.array([one.derivative for one in y]) if isinstance(y, list) else y.derivative


@jvp("leaves Duals in your caller's list", "The list x belongs to your caller: put the Duals into a list of your own.")
def overwrites_list(f, x, v):
    for i in range(len(x) if isinstance(x, list) else 0):
        x[i] = Dual(x[i], v[i])
    return directional(f, [value_of(one) for one in x], v)


@jacobian_forward(
    "all inputs moved at once", "If all inputs move together, can you tell what each of them does to an output?"
)
def all_at_once(f, x):
    return directional(f, x, np.ones(len(x)))


@jacobian_forward("all inputs moved at once, in every column", "Which inputs stand still while you look at input i?")
def ones_everywhere(f, x):
    return np.stack([directional(f, x, np.ones(len(x)))] * len(x), axis=-1)


@jacobian_forward("seeds never taken back", "Which derivative has input 0 while you look at input 1?")
def seeds_pile_up(f, x):
    return np.stack([directional(f, x, np.tri(len(x))[i]) for i in range(len(x))], axis=-1)


@jacobian_forward("transposed", "Which index of J counts the outputs, and which the inputs?")
def transposed(f, x):
    return np.stack(columns(f, x))


@jacobian_forward(
    "columns filled into rows", "The numbers are right and lie in wrong places: which index does each run of f fill?"
)
def refilled(f, x):
    found = np.stack(columns(f, x))
    return found.reshape(found.shape[::-1])


@jacobian_forward("only the diagonal", "Can an output depend on an input with another number?")
def diagonal(f, x):
    found = np.stack(columns(f, x), axis=-1)
    return found * np.eye(*found.shape)


@jacobian_forward(
    "summed over the outputs", "J has an entry for every output and every input: what does your sum do to that?"
)
def gradient_of_sum(f, x):
    return np.sum(columns(f, x), axis=1)


@jacobian_forward("seeded with x", "An input's derivative with respect to itself does not depend on where it is.")
def seeded_with_inputs(f, x):
    return np.stack(columns(f, x), axis=-1) * np.asarray(x)


@jacobian_forward(
    "finite differences", "Your answer runs f with numbers that do not move; let one input at a time carry a derivative."
)
def differences(f, x, h=1e-5):
    def values_at(x):
        return np.array([value_of(one) for one in f([Dual(a, 0.0) for a in x])])

    rows = h * np.eye(len(x))
    return np.stack([(values_at(np.add(x, row)) - values_at(np.subtract(x, row))) / (2 * h) for row in rows], axis=-1)


@jacobian_forward("one run of f for each entry", "What does a single run of f tell you about the other outputs?")
def entry_by_entry(f, x):
    outputs = len(directional(f, x, np.zeros(len(x))))
    rows = np.eye(len(x))
    return np.array([[directional(f, x, row)[k] for row in rows] for k in range(outputs)])


@jacobian_forward("cannot have a constant output", "An output may be a plain number: which row of J does it have?")
def no_constant_rows(f, x):
    runs = [f([Dual(a, b) for a, b in zip(x, row, strict=True)]) for row in np.eye(len(x)).tolist()]
    for one in (one for y in runs for one in y):
        if not hasattr(one, "derivative"):
            raise AttributeError("derivative")
    return np.array([[one.derivative for one in y] for y in runs]).T


@jacobian_forward(
    "leaves Duals in your caller's list", "The list x belongs to your caller: put the Duals into a list of your own."
)
def overwrites_inputs(f, x):
    found = np.stack(columns(f, x), axis=-1)
    if isinstance(x, list):
        x[:] = [Dual(a, 0.0) for a in x]
    return found


@jacobian_forward("whole numbers cut off", "What happens to 0.5 in an array that was made of whole numbers?")
def cut_off(f, x):
    found = np.stack(columns(f, x), axis=-1)
    return found.astype(np.asarray(x).dtype)
