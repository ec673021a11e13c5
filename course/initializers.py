"""Where the weights start: random, and scaled so that signals keep their size through many layers.

Each function draws a weight matrix of shape (D, M), D inputs by M outputs, in float64.
"""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable

import numpy as np

from course.errors import require_range

Shape = tuple[int, int]


def xavier_uniform(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    r"""Uniform in :math:`\pm\sqrt{6 / (D + M)}`, for tanh and sigmoid.

    Its variance, 2/(D + M), is the compromise between 1/D, which keeps the size of the activations, and 1/M, which
    keeps that of the gradients. Glorot and Bengio (2010), equation 16.

    >>> xavier_uniform((3, 3), rng=np.random.default_rng(0)).shape
    (3, 3)
    """
    limit = np.sqrt(6 / sum(shape))
    return rng.uniform(-limit, limit, shape)


def xavier_normal(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    r"""Normal with variance :math:`2 / (D + M)`: the variance of `xavier_uniform`.

    >>> xavier_normal((3, 2), rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    return rng.normal(0.0, np.sqrt(2 / sum(shape)), shape)


def he_uniform(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    r"""Uniform in :math:`\pm\sqrt{6 / D}`, for ReLU: the variance of `he_normal`.

    >>> he_uniform((3, 2), rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    limit = np.sqrt(6 / shape[0])
    return rng.uniform(-limit, limit, shape)


def he_normal(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    r"""Normal with variance :math:`2 / D`, for ReLU, which passes half of what it gets.

    He, Zhang, Ren and Sun (2015), Delving deep into rectifiers, on the forward pass.

    >>> he_normal((3, 2), rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    return rng.normal(0.0, np.sqrt(2 / shape[0]), shape)


def normal(std: float) -> Callable[..., np.ndarray]:
    r"""Make an initializer: normal with a standard deviation of one's own choice.

    With a fixed deviation, wide layers make signals explode and narrow ones make them vanish; this is here to see it.

    Parameters
    ----------
    std
        The standard deviation, at least 0.

    Raises
    ------
    RangeError
        When it is negative.

    >>> normal(0.01)((3, 2), rng=np.random.default_rng(0)).shape
    (3, 2)
    """
    require_range("normal", "std", std, "[0, inf)")
    return lambda shape, *, rng: rng.normal(0.0, std, shape)


def zeros(shape: Shape, *, rng: np.random.Generator) -> np.ndarray:
    r"""Draw nothing: all zeros, from which the units of a hidden layer can never become different from each other.

    >>> zeros((1, 2), rng=np.random.default_rng(0))
    array([[0., 0.]])
    """
    return np.zeros(shape)
