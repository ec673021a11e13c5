"""Right answers written differently: other algebra, matrices in place of rules, NumPy's functions, lists, loops."""

import math

import numpy as np

from course.misconceptions import Bank

Dual = Bank("Dual")
derivative = Bank("derivative")
jvp = Bank("jvp")
jacobian_forward = Bank("jacobian_forward")


@Dual("everything from sum, product, reciprocal and chain rule")
class FewRules:
    def __init__(self, value, derivative=0.0):
        self.value = value
        self.derivative = derivative

    def chain(self, value, slope):
        return FewRules(value, slope * self.derivative)

    def __add__(self, other):
        if isinstance(other, FewRules):
            return FewRules(self.value + other.value, self.derivative + other.derivative)
        return FewRules(self.value + other, self.derivative)

    def __mul__(self, other):
        if isinstance(other, FewRules):
            return FewRules(self.value * other.value, self.value * other.derivative + other.value * self.derivative)
        return self.chain(self.value * other, other)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return (-self) + other

    def __truediv__(self, other):
        return self * other**-1.0

    def __rtruediv__(self, other):
        return other * self**-1.0

    def __pow__(self, n):
        return self.chain(self.value**n, n * self.value ** (n - 1))

    def sin(self):
        return self.chain(math.sin(self.value), math.cos(self.value))

    def cos(self):
        return self.chain(math.cos(self.value), -math.sin(self.value))

    def exp(self):
        e = math.exp(self.value)
        return self.chain(e, e)

    def log(self):
        return self.chain(math.log(self.value), 1 / self.value)

    def tanh(self):
        return self.chain(math.tanh(self.value), 1 / math.cosh(self.value) ** 2)


@Dual("matrices [[x, x'], [0, x]], for which ε² = 0 holds by itself")
class Matrices:
    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = value, derivative

    def matrix(self, x):
        x = x if isinstance(x, Matrices) else Matrices(x)
        return np.array([[x.value, x.derivative], [0, x.value]], dtype=float)

    def dual(self, matrix):
        return Matrices(matrix[0, 0], matrix[0, 1])

    def __add__(self, other):
        return self.dual(self.matrix(self) + self.matrix(other))

    def __radd__(self, other):
        return self.dual(self.matrix(other) + self.matrix(self))

    def __sub__(self, other):
        return self.dual(self.matrix(self) - self.matrix(other))

    def __rsub__(self, other):
        return self.dual(self.matrix(other) - self.matrix(self))

    def __mul__(self, other):
        return self.dual(self.matrix(self) @ self.matrix(other))

    def __rmul__(self, other):
        return self.dual(self.matrix(other) @ self.matrix(self))

    def __truediv__(self, other):
        return self.dual(self.matrix(self) @ np.linalg.inv(self.matrix(other)))

    def __rtruediv__(self, other):
        return self.dual(self.matrix(other) @ np.linalg.inv(self.matrix(self)))

    def __neg__(self):
        return self.dual(-self.matrix(self))

    def __pow__(self, n):
        if n == int(n):
            return self.dual(np.linalg.matrix_power(self.matrix(self), int(n)))
        return (n * self.log()).exp()

    def sin(self):
        return Matrices(np.sin(self.value), np.cos(self.value) * self.derivative)

    def cos(self):
        return Matrices(np.cos(self.value), -np.sin(self.value) * self.derivative)

    def exp(self):
        return Matrices(np.exp(self.value), np.exp(self.value) * self.derivative)

    def log(self):
        return Matrices(np.log(self.value), self.derivative / self.value)

    def tanh(self):
        z = np.tanh(self.value)
        return Matrices(z, self.derivative * (1 - z) * (1 + z))


@Dual("NumPy's numbers, unknown operands left to the other side, tanh from exp")
class LeavesToOthers:
    def __init__(self, value, derivative=0.0):
        self.value, self.derivative = np.float64(value), np.float64(derivative)

    def parts(self, other):
        return (other.value, other.derivative) if hasattr(other, "derivative") else (other, 0)

    def __add__(self, other):
        value, slope = self.parts(other)
        return LeavesToOthers(self.value + value, self.derivative + slope)

    def __radd__(self, other):
        return LeavesToOthers(other + self.value, self.derivative)

    def __sub__(self, other):
        value, slope = self.parts(other)
        return LeavesToOthers(self.value - value, self.derivative - slope)

    def __rsub__(self, other):
        return LeavesToOthers(other - self.value, -self.derivative)

    def __neg__(self):
        return 0 - self

    def __mul__(self, other):
        value, slope = self.parts(other)
        return LeavesToOthers(self.value * value, self.derivative * value + self.value * slope)

    def __rmul__(self, other):
        return LeavesToOthers(other * self.value, other * self.derivative)

    def __truediv__(self, other):
        value, slope = self.parts(other)
        quotient = self.value / value
        return LeavesToOthers(quotient, (self.derivative - quotient * slope) / value)

    def __rtruediv__(self, other):
        quotient = other / self.value
        return LeavesToOthers(quotient, -quotient * self.derivative / self.value)

    def __pow__(self, n):
        return LeavesToOthers(self.value ** float(n), n * self.value ** (n - 1.0) * self.derivative)

    def sin(self):
        return LeavesToOthers(np.sin(self.value), self.derivative * np.sin(self.value + np.pi / 2))

    def cos(self):
        return (self + np.pi / 2).sin()

    def exp(self):
        return LeavesToOthers(np.exp(self.value), self.derivative * np.exp(self.value))

    def log(self):
        return LeavesToOthers(np.log(self.value), self.derivative / self.value)

    def tanh(self):
        return 1 - 2 / ((2 * self).exp() + 1)


@derivative("looks whether the result is a Dual")
def looks(f, x):
    y = f(Dual(x, 1.0))
    if isinstance(y, Dual):
        return y.derivative
    return 0.0


@derivative("zero where nothing else is found")
def looks_up(f, x):
    return getattr(f(Dual(float(x), 1)), "derivative", 0)


@derivative("tries, in NumPy's numbers")
def tries(f, x):
    try:
        return np.float64(f(Dual(np.float64(x), np.float64(1))).derivative)
    except AttributeError:
        return np.zeros(())


@derivative("adds a dual zero")
def adds_zero(f, x):
    return (Dual(0.0, 0.0) + f(Dual(x, 1.0))).derivative


@jvp("a list comprehension, a list returned")
def list_returned(f, x, v):
    y = f([Dual(a, b) for a, b in zip(x, v, strict=True)])
    if not isinstance(y, list):
        return y.derivative if isinstance(y, Dual) else 0.0
    return [one.derivative if isinstance(one, Dual) else 0.0 for one in y]


@jvp("an array filled in a loop")
def filled(f, x, v):
    duals = []
    for i in range(len(x)):
        duals.append(Dual(float(x[i]), float(v[i])))
    outputs = f(duals)
    if isinstance(outputs, Dual):
        return outputs.derivative
    product = np.zeros(len(outputs))
    for k, output in enumerate(outputs):
        if isinstance(output, Dual):
            product[k] = output.derivative
    return product


@jvp("one list for all results, unpacked at the end")
def unpacked(f, x, v):
    y = f(list(map(Dual, np.array(x), np.array(v))))
    single = not isinstance(y, (list, tuple))
    product = np.array([getattr(one, "derivative", 0) for one in ([y] if single else y)], dtype=float)
    return product[0] if single else product


@jacobian_forward("columns from jvp")
def from_jvp(f, x):
    return np.stack([jvp(f, x, e) for e in np.eye(len(x))], axis=1)


@jacobian_forward("transposed at the end")
def transposed_at_the_end(f, x):
    rows = []
    for i in range(len(x)):
        outputs = f([Dual(a, 1.0 if j == i else 0.0) for j, a in enumerate(x)])
        rows.append([y.derivative if isinstance(y, Dual) else 0.0 for y in outputs])
    return np.array(rows).T


@jacobian_forward("an array filled column by column, after a run that counts the outputs")
def filled_columns(f, x):
    outputs = len(f([Dual(a, 0.0) for a in x]))
    J = np.zeros((outputs, len(x)))
    for i in range(len(x)):
        duals = [Dual(a, 0.0) for a in x]
        duals[i].derivative = 1.0
        for k, y in enumerate(f(duals)):
            J[k, i] = getattr(y, "derivative", 0.0)
    return J


@jacobian_forward("lists of lists, by zip")
def lists(f, x):
    runs = [f([Dual(a, int(i == j)) for j, a in enumerate(x)]) for i in range(len(x))]
    return [[getattr(y, "derivative", 0.0) for y in row] for row in zip(*runs, strict=True)]
