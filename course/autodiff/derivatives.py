"""The table of derivatives, written once for all ways that use it.

Its entries are NumPy expressions, so that they work on whatever the arguments are: numbers and arrays on the tape, dual
numbers inside dual numbers, formulas when a formula is differentiated, and values on the tape when a derivative is
differentiated again.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course import numerics

PLAIN = np.ndarray, float, int, np.generic, complex  # what carries no derivative


def power_slope(x: Any, y: Any) -> Any:
    r"""Return :math:`y\,x^{y-1}`, and 0 for an exponent that is plainly 0, so that 0 does not meet 1/0 at x = 0.

    >>> power_slope(0.0, 0)
    0.0
    """
    return 0 * x if isinstance(y, int | float) and y == 0 else y * x ** (y - 1)


def sigmoid(x: Any) -> Any:
    r"""Logistic function, :math:`\sigma(x) = 1/(1 + e^{-x})`, of an array or of anything that is differentiated here.

    >>> float(sigmoid(0.0))
    0.5
    """
    return numerics.sigmoid(x) if isinstance(x, PLAIN) else x.apply(sigmoid, x)


def softplus(x: Any) -> Any:
    r"""Smooth ramp, :math:`\log(1 + e^x)`, of an array or of anything that is differentiated here.

    >>> float(softplus(1000.0))
    1000.0
    """
    return numerics.softplus(x) if isinstance(x, PLAIN) else x.apply(softplus, x)


ONE_ARGUMENT: dict[Callable, tuple] = {  # z = f(x): dz/dx
    np.positive: (1,),
    np.negative: (-1,),
    np.exp: (lambda x, z: z,),
    np.log: (lambda x, z: 1 / x,),
    np.expm1: (lambda x, z: z + 1,),
    np.log1p: (lambda x, z: 1 / (1 + x),),
    np.sqrt: (lambda x, z: 0.5 / z,),
    np.square: (lambda x, z: 2 * x,),
    np.reciprocal: (lambda x, z: -z * z,),
    np.sin: (lambda x, z: np.cos(x),),
    np.cos: (lambda x, z: -np.sin(x),),
    np.tan: (lambda x, z: 1 + z * z,),
    np.arctan: (lambda x, z: 1 / (1 + x * x),),
    np.sinh: (lambda x, z: np.cosh(x),),
    np.cosh: (lambda x, z: np.sinh(x),),
    np.tanh: (lambda x, z: 1 - z * z,),
    np.abs: (lambda x, z: np.sign(x),),
    np.sign: (lambda x, z: 0 * x,),
    sigmoid: (lambda x, z: z * (1 - z),),
    softplus: (lambda x, z: sigmoid(x),),
}

TWO_ARGUMENTS: dict[Callable, tuple] = {  # z = f(x, y): dz/dx and dz/dy
    np.add: (1, 1),
    np.subtract: (1, -1),
    np.multiply: (lambda x, y, z: y, lambda x, y, z: x),
    np.divide: (lambda x, y, z: 1 / y, lambda x, y, z: -z / y),
    np.power: (lambda x, y, z: power_slope(x, y), lambda x, y, z: z * np.log(x)),
    np.logaddexp: (lambda x, y, z: np.exp(x - z), lambda x, y, z: np.exp(y - z)),
    np.maximum: (lambda x, y, z: x > y, lambda x, y, z: x <= y),  # at a tie the second has it all: ReLU'(0) = 0
    np.minimum: (lambda x, y, z: x < y, lambda x, y, z: x >= y),
}

PARTIALS = ONE_ARGUMENT | TWO_ARGUMENTS
