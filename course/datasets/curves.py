"""Curves to fit: one input, one output, and noise on what was measured."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable
from typing import Any

import numpy as np

from course.errors import RangeError, require_range, require_shape

CURVES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "line": lambda x: 0.5 * x,
    "parabola": lambda x: x**2 / 4 - 1,
    "sine": lambda x: np.sin(2 * x),
    "step": np.sign,
    "kink": lambda x: np.abs(x) - 1,
    "bump": lambda x: 2 * np.exp(-2 * x**2) - 1,
    "chirp": lambda x: np.sin(x**2),
}


def curve(
    n: int,
    *,
    rng: np.random.Generator,
    of: str | Callable[[np.ndarray], Any] = "sine",
    noise: float = 0.1,
    reach: float = 3.0,
) -> tuple[np.ndarray, np.ndarray]:
    r"""Measure a function at random places: :math:`y = f(x) + \text{noise}`.

    Parameters
    ----------
    n
        The number of measurements, at least one.
    rng
        Draws the places x, uniform in [-reach, reach] and in rising order, and the noise.
    of
        The function f: a name from `CURVES`, whose values lie about -1 to 2, or a function of an array of shape (n, 1).
    noise
        The standard deviation of the noise on y, not negative.
    reach
        How far from zero the places lie, above 0.

    Returns
    -------
    X, y : numpy.ndarray, shape (n, 1)

    Raises
    ------
    RangeError
        When a number is out of its range, or no curve has the name.
    ShapeError
        When the function gives anything but a value for each place.

    >>> X, y = curve(3, rng=np.random.default_rng(0), of="parabola", noise=0)
    >>> bool(np.allclose(y, X**2 / 4 - 1))
    True
    """
    require_range("curve", "n", n, "[1, inf)")
    require_range("curve", "noise", noise, "[0, inf)")
    require_range("curve", "reach", reach, "(0, inf)")
    if isinstance(of, str) and of not in CURVES:
        raise RangeError(f"curve: of must be a function or one of {', '.join(CURVES)}, got {of!r}")
    f = CURVES[of] if isinstance(of, str) else of
    X = np.sort(rng.uniform(-reach, reach, (n, 1)), axis=0)
    y = np.asarray(f(X), np.float64)
    require_shape("curve", "of(X)", y, (n, 1), "the function must give a value for every row of X")
    return X, y + rng.normal(0.0, noise, (n, 1))
