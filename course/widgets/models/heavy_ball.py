"""The heavy ball on a quadratic, by the eigenvalues of its step: how fast it converges, and where it does not."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np


def spectral_radius(learning_rate: Any, momentum: Any, curvature: Any) -> np.ndarray:
    r"""Return by what one step shrinks the error in the long run, in a direction of curvature λ.

    .. math:: \begin{pmatrix} w_{t+1} \\ w_t \end{pmatrix} =
        \begin{pmatrix} 1 + \beta - \eta\lambda & -\beta \\ 1 & 0 \end{pmatrix}
        \begin{pmatrix} w_t \\ w_{t-1} \end{pmatrix}

    The eigenvalues solve z² − sz + β = 0 with s = 1 + β − ηλ. Where s² < 4β both have the size √β; elsewhere the larger
    one is (|s| + √(s² − 4β)) / 2. For 0 ≤ β < 1 it is below 1 exactly when 0 < ηλ < 2 + 2β.

    Parameters
    ----------
    learning_rate, momentum, curvature
        η > 0, β in [0, 1) and λ: numbers, or arrays that broadcast.

    Notes
    -----
    Polyak (1964), Some methods of speeding up the convergence of iteration methods; the heavy ball is that of deck 003.

    >>> spectral_radius(0.5, 0.0, 1.0), spectral_radius(3.0, 0.5, 1.0), spectral_radius(1.0, 0.81, 1.0)
    (np.float64(0.5), np.float64(1.0), np.float64(0.9))
    """
    s = 1 + np.asarray(momentum) - learning_rate * np.asarray(curvature)
    inside = s * s - 4 * np.asarray(momentum)
    return np.where(inside < 0, np.sqrt(momentum), (np.abs(s) + np.sqrt(np.maximum(inside, 0))) / 2)[()]


def worst_radius(learning_rate: Any, momentum: Any, curvatures: tuple[float, ...]) -> np.ndarray:
    """Return the spectral radius of the slowest direction.

    >>> worst_radius(0.1, 0.0, (1.0, 5.0))
    np.float64(0.9)
    """
    return np.max([spectral_radius(learning_rate, momentum, each) for each in curvatures], axis=0)


def best(curvatures: tuple[float, float]) -> dict[str, float]:
    r"""Return the settings whose radius is the smallest.

    .. math:: \eta = \left( \frac{2}{\sqrt\mu + \sqrt\lambda} \right)^2, \qquad
        \beta = \left( \frac{\sqrt\lambda - \sqrt\mu}{\sqrt\lambda + \sqrt\mu} \right)^2

    for curvatures from μ to λ, where the radius is √β (Polyak, 1964).

    >>> best((1.0, 9.0))
    {'learning_rate': 0.25, 'momentum': 0.25, 'radius': 0.5}
    """
    low, high = (float(np.sqrt(each)) for each in curvatures)
    momentum = ((high - low) / (high + low)) ** 2
    return {"learning_rate": (2 / (low + high)) ** 2, "momentum": momentum, "radius": momentum**0.5}


def steps_for_a_digit(radius: Any) -> np.ndarray:
    """Return after how many steps the error is a tenth; infinity where it does not shrink.

    >>> [float(steps_for_a_digit(radius).round(1)) for radius in (0.1, 0.9, 1.5)]
    [1.0, 21.9, inf]
    """
    shrinks = np.asarray(radius) < 1 - 1e-12
    return np.where(shrinks, -np.log(10) / np.log(np.where(shrinks, np.maximum(radius, 1e-12), 0.5)), np.inf)[()]


@lru_cache(maxsize=128)
def plane(
    curvatures: tuple[float, float], learning_rates: tuple[float, float], momenta: tuple[float, float], points: int = 48
) -> dict[str, np.ndarray]:
    """Return the speed over the plane of learning rates and momenta, and the boundary ηλ = 2 + 2β.

    Parameters
    ----------
    curvatures
        The smaller and the larger one.
    learning_rates, momenta
        From where to where.
    points
        Of the grid, each way.

    Returns
    -------
    dict
        ``radius``, shape (points, points), momenta upward; ``colours``: the logarithm of the steps for a digit, from 0
        for one step to 0.85 for 500 and more, and 1 where it diverges; ``boundary_rate`` and ``boundary_momentum``, shape
        (41,).

    >>> p = plane((1.0, 10.0), (0.0, 1.0), (0.0, 0.95))
    >>> bool(np.all((p["colours"] == 1) == (p["radius"] > 1 + 1e-9)))
    True
    """
    eta, beta = np.linspace(*learning_rates, points)[None, :], np.linspace(*momenta, points)[:, None]
    radius = worst_radius(eta, beta, curvatures)
    digits = np.log10(steps_for_a_digit(radius))
    momentum = np.linspace(0, 1, 41)
    return {
        "radius": radius,
        "colours": np.where(radius > 1 + 1e-9, 1.0, 0.85 * np.clip(digits / np.log10(500), 0, 1)),
        "boundary_rate": (2 + 2 * momentum) / max(curvatures),
        "boundary_momentum": momentum,
    }
