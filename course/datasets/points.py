"""Points in the plane with a class each: small enough to draw, and out of a straight line's reach."""

from __future__ import annotations  # naming np.random in a signature must not import it

import numpy as np

from course.errors import require_range

Pair = tuple[np.ndarray, np.ndarray]


def moons(n: int, *, rng: np.random.Generator, noise: float = 0.1) -> Pair:
    r"""Two half circles that reach into each other.

    .. math:: (\cos t, \sin t) \;\text{for class 0}, \qquad (1 - \cos t,\; \tfrac12 - \sin t) \;\text{for class 1},
        \qquad t \in [0, \pi]

    Parameters
    ----------
    n
        The number of points, at least one; the classes differ by at most one in size.
    rng
        Draws the angles t, uniformly, and the noise.
    noise
        The standard deviation of the noise on each coordinate, not negative.

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
    y : numpy.ndarray, shape (n,)
        The class of each point, 0 or 1, in random order.

    Raises
    ------
    RangeError
        When no point is asked for, or the noise is negative.

    >>> X, y = moons(5, rng=np.random.default_rng(0), noise=0)
    >>> np.hypot(*X[y == 0].T).round(12)
    array([1., 1., 1.])
    """
    y = _classes("moons", n, 2, rng)
    t = rng.uniform(0, np.pi, n)
    x1 = np.where(y == 0, np.cos(t), 1 - np.cos(t))
    x2 = np.where(y == 0, np.sin(t), 0.5 - np.sin(t))
    return _blurred("moons", x1, x2, noise, rng), y


def circles(n: int, *, rng: np.random.Generator, inner: float = 0.5, noise: float = 0.05) -> Pair:
    r"""Two circles about the origin: class 0 has radius 1, class 1 a smaller one.

    Parameters
    ----------
    n, rng, noise
        As in `moons`.
    inner
        The radius of class 1, in (0, 1).

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
    y : numpy.ndarray, shape (n,)
        0 outside and 1 inside, in random order.

    Raises
    ------
    RangeError
        When a number is out of its range.

    >>> X, y = circles(4, rng=np.random.default_rng(0), noise=0)
    >>> np.hypot(*X[y == 1].T).round(12)
    array([0.5, 0.5])
    """
    require_range("circles", "inner", inner, "(0, 1)")
    y = _classes("circles", n, 2, rng)
    angle = rng.uniform(0, 2 * np.pi, n)
    radius = np.where(y == 0, 1.0, inner)
    return _blurred("circles", radius * np.cos(angle), radius * np.sin(angle), noise, rng), y


def spirals(n: int, *, rng: np.random.Generator, classes: int = 2, turns: float = 1.0, noise: float = 0.05) -> Pair:
    r"""Points on spiral arms that wind about the origin, one arm for each class.

    .. math:: x = r\,(\cos\varphi, \sin\varphi) + \text{noise}, \qquad \varphi = 2\pi\,(r \cdot \text{turns} + k / C)

    Parameters
    ----------
    n, noise
        As in `moons`.
    rng
        Draws the radii r, uniform in [0.1, 1], and the noise.
    classes
        The number C of arms, at least one.
    turns
        How often an arm goes round.

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
    y : numpy.ndarray, shape (n,)
        The arm k of each point, from 0 to C - 1, in random order.

    Raises
    ------
    RangeError
        When a number is out of its range.

    >>> X, y = spirals(7, rng=np.random.default_rng(0), classes=3)
    >>> np.bincount(y)
    array([3, 2, 2])
    """
    require_range("spirals", "classes", classes, "[1, inf)")
    y = _classes("spirals", n, classes, rng)
    radius = rng.uniform(0.1, 1.0, n)
    angle = 2 * np.pi * (radius * turns + y / classes)
    return _blurred("spirals", radius * np.cos(angle), radius * np.sin(angle), noise, rng), y


def xor(n: int, *, rng: np.random.Generator, noise: float = 0.2) -> Pair:
    r"""The corners of a square, :math:`(\pm 1, \pm 1)`; the class is 1 where the two signs differ.

    No straight line parts the classes, which is why a network needs a hidden layer.

    Parameters
    ----------
    n
        The number of points, at least one; the corners differ by at most one in size. Four points without noise are
        the truth table.
    rng, noise
        As in `moons`.

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
    y : numpy.ndarray, shape (n,)
        The class of each point's corner, 0 or 1, in random order.

    Raises
    ------
    RangeError
        When no point is asked for, or the noise is negative.

    >>> X, y = xor(4, rng=np.random.default_rng(0), noise=0)
    >>> sorted(map(tuple, X[y == 1].tolist()))
    [(-1.0, 1.0), (1.0, -1.0)]
    """
    corner = _classes("xor", n, 4, rng)
    first, second = corner // 2, corner % 2
    return _blurred("xor", 2.0 * first - 1, 2.0 * second - 1, noise, rng), first ^ second


def _classes(owner: str, n: int, classes: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the order of n classes, of which none is rarer than another by more than one."""
    require_range(owner, "n", n, "[1, inf)")
    return rng.permutation(np.arange(n) % classes)


def _blurred(owner: str, x1: np.ndarray, x2: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    """Put two coordinates side by side and move every point a little."""
    require_range(owner, "noise", noise, "[0, inf)")
    return np.column_stack([x1, x2]) + rng.normal(0.0, noise, (len(x1), 2))
