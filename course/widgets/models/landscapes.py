"""Landscapes over the square from −2 to 2, each with its slope: easy ones, hard ones, and two that are famous.

All have their lowest value 0, and lie so that the start (−1.2, 1) shows what each of them is about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

BOX = (-2.0, 2.0)
START = (-1.2, 1.0)


@dataclass(frozen=True)
class Landscape:
    """A loss of two parameters.

    Attributes
    ----------
    name
        What it is called on the screen.
    value, gradient
        Functions of x and y, numbers or arrays of one shape: the loss, and its two derivatives.
    minimum
        Where a lowest place lies.
    curvatures
        The eigenvalues of the Hessian there, the smaller one first.
    """

    name: str
    value: Callable[[Any, Any], Any]
    gradient: Callable[[Any, Any], tuple[Any, Any]]
    minimum: tuple[float, float]
    curvatures: tuple[float, float]


@lru_cache(maxsize=256)
def ravine(curvature: float, along: float = 1.0) -> Landscape:
    r"""Return :math:`\tfrac12 (\mu x^2 + \kappa y^2)`, with κ = `curvature` across and μ = `along` the floor.

    >>> ravine(20.0).gradient(1.0, 1.0)
    (1.0, 20.0)
    """
    return Landscape(
        "ravine",
        lambda x, y: (along * x * x + curvature * y * y) / 2,
        lambda x, y: (along * x, curvature * y),
        (0.0, 0.0),
        (min(along, curvature), max(along, curvature)),
    )


def plateau(width: float = 0.45) -> Landscape:
    r"""Return :math:`1 - e^{-r^2 / 2s^2}`, a pit in a plain: away from it there is no slope to follow.

    >>> plateau().value(0.0, 0.0), plateau().value(2.0, 2.0) > 0.999
    (np.float64(0.0), np.True_)
    """
    sharp = 1 / width**2

    def hole(x, y):
        return np.exp(-sharp / 2 * (x * x + y * y))

    def gradient(x, y):
        slope = sharp * hole(x, y)
        return slope * x, slope * y

    return Landscape("plateau", lambda x, y: 1 - hole(x, y), gradient, (0.0, 0.0), (sharp, sharp))


def saddle(across: float = 16.0, along: float = 0.5) -> Landscape:
    r"""Return :math:`\tfrac12 c v^2 + \tfrac14 a (u^2 - 1)^2`: a saddle at the origin between two valleys at u = ±1.

    u and v are turned so that the ridge u = 0, which leads to the saddle, passes the start closely.

    >>> saddle().value(0.0, 0.0), np.abs(saddle().gradient(0.0, 0.0)).max() == 0
    (0.125, np.True_)
    """
    length = float(np.hypot(1, 1.25))
    nx, ny = 1 / length, 1.25 / length  # the direction of u; that of v is (−ny, nx)

    def value(x, y):
        u, v = nx * x + ny * y, nx * y - ny * x
        bend = u * u - 1
        return across * v * v / 2 + along * bend * bend / 4

    def gradient(x, y):
        u, v = nx * x + ny * y, nx * y - ny * x
        by_u, by_v = along * u * (u * u - 1), across * v
        return nx * by_u - ny * by_v, ny * by_u + nx * by_v

    return Landscape("saddle", value, gradient, (nx, ny), (2 * along, across))


def many_minima(depth: float = 0.25, frequency: float = 4.0) -> Landscape:
    r"""Return :math:`\tfrac14 (x^2 + y^2) + A (2 - \cos kx - \cos ky)`: a bowl with an egg box in it.

    >>> float(many_minima().value(0.0, 0.0))
    0.0
    """

    def value(x, y):
        return (x * x + y * y) / 4 + depth * (2 - np.cos(frequency * x) - np.cos(frequency * y))

    def gradient(x, y):
        push = depth * frequency
        return x / 2 + push * np.sin(frequency * x), y / 2 + push * np.sin(frequency * y)

    curvature = 0.5 + depth * frequency**2
    return Landscape("many minima", value, gradient, (0.0, 0.0), (curvature, curvature))


def cliff(slope: float = 0.5, height: float = 20.0, steepness: float = 100.0) -> Landscape:
    r"""Return :math:`-s x + \tfrac{H}{k} \log(1 + e^{k(x - 1)}) + \tfrac12 y^2` less its minimum.

    It is a gentle way down to the foot of a wall. The slope in x is :math:`-s + H \sigma(k(x - 1))`, which the wall turns
    from −s to H − s within a step.

    >>> x = cliff().minimum[0]
    >>> bool(abs(cliff().gradient(x, 0.0)[0]) < 1e-12), bool(cliff().gradient(1.2, 0.0)[0] > 15)
    (True, True)
    """
    share = slope / height
    foot = 1 + np.log(share / (1 - share)) / steepness

    def raw(x, y):
        return -slope * x + height / steepness * np.logaddexp(0, steepness * (x - 1)) + y * y / 2

    def gradient(x, y):
        return -slope + height / 2 * (1 + np.tanh(steepness / 2 * (x - 1))), y * 1.0

    floor, curvature = raw(foot, 0.0), height * steepness * share * (1 - share)
    return Landscape("cliff", lambda x, y: raw(x, y) - floor, gradient, (float(foot), 0.0), (1.0, curvature))


def rosenbrock(steepness: float = 10.0, scale: float = 0.2) -> Landscape:
    r"""Return :math:`\tfrac15 \left( (1 - x)^2 + b (y - x^2)^2 \right)`, b = 10: a flat valley that bends.

    Notes
    -----
    Rosenbrock (1960), An automatic method for finding the greatest or least value of a function, has b = 100, which asks
    for ten times as many steps as a lecture has patience for. The factor makes the larger curvature at (1, 1) about 20, as
    in the ravine.

    >>> rosenbrock().value(1.0, 1.0), rosenbrock().value(-1.0, 1.0)
    (0.0, 0.8)
    """

    def value(x, y):
        off = y - x * x
        return scale * ((1 - x) * (1 - x) + steepness * off * off)

    def gradient(x, y):
        off = y - x * x
        return scale * (-2 * (1 - x) - 4 * steepness * x * off), scale * 2 * steepness * off

    hessian = scale * np.array([[2 + 8 * steepness, -4 * steepness], [-4 * steepness, 2 * steepness]])
    low, high = np.linalg.eigvalsh(hessian)
    return Landscape("Rosenbrock", value, gradient, (1.0, 1.0), (float(low), float(high)))


def beale(scale: float = 0.4) -> Landscape:
    r"""Return :math:`\tfrac25 \sum_{i=1}^3 \left( c_i - X (1 - y^i) \right)^2`, X = x + 2, c = 1.5, 2.25, 2.625.

    Notes
    -----
    Beale's function as in Moré, Garbow and Hillstrom (1981), Testing unconstrained optimization software, problem 5;
    here moved by 2, so that its minimum (3, ½) is at (1, ½), and scaled, so that its larger curvature there is about 20.

    >>> beale().value(1.0, 0.5), beale().value(0.0, 0.0).__round__(2)
    (0.0, 0.28)
    """

    def terms(x, y):
        big, squared = x + 2, y * y
        a, b, c = 1 - y, 1 - squared, 1 - squared * y
        return big, (a, b, c), (1.5 - big * a, 2.25 - big * b, 2.625 - big * c)

    def value(x, y):
        _, _, (p, q, r) = terms(x, y)
        return scale * (p * p + q * q + r * r)

    def gradient(x, y):
        big, (a, b, c), (p, q, r) = terms(x, y)
        return -2 * scale * (a * p + b * q + c * r), 2 * scale * big * (p + 2 * y * q + 3 * y * y * r)

    jacobian = np.array([[0.5, -3.0], [0.75, -3.0], [0.875, -2.25]])  # of the three terms, at the minimum
    low, high = np.linalg.eigvalsh(2 * scale * jacobian.T @ jacobian)
    return Landscape("Beale", value, gradient, (1.0, 0.5), (float(low), float(high)))


@lru_cache(maxsize=64)
def heights(landscape: Landscape, points: int = 48) -> np.ndarray:
    """Return the landscape's colours on a grid over the square, shape (points, points): 0 at the floor, 1 at the top.

    They are spread by a logarithm, so that a valley's floor can be told from its sides.

    >>> heights(ravine(20.0)).shape
    (48, 48)
    """
    along = np.linspace(*BOX, points)
    values = landscape.value(along[None, :], along[:, None])
    spread = np.log1p(values / max(np.quantile(values, 0.1), 1e-3))
    return spread / spread.max()
