"""Where the weights start: random, and scaled so that signals keep their size through many layers.

Each function draws a weight matrix of shape (D, M), D inputs by M outputs, in float64.
"""

from __future__ import annotations  # naming np.random in a signature must not import it

import numpy as np

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
