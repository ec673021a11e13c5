"""How large a gradient is in every layer of a deep network, measured, and as the theory of wide networks has it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from course.initializers import he_normal, he_uniform, normal, xavier_normal, xavier_uniform
from course.layers import Activation, LeakyReLU, Linear, ReLU, Sigmoid, Tanh

ACTIVATIONS: dict[str, type[Activation]] = {"sigmoid": Sigmoid, "tanh": Tanh, "ReLU": ReLU, "leaky ReLU": LeakyReLU}
INITIALIZERS: dict[str, tuple[Callable, Callable[[int], float]]] = {  # each with the variance that it has at this width
    "small normal": (normal(0.02), lambda width: 0.02**2),
    "large normal": (normal(0.5), lambda width: 0.5**2),
    "Xavier uniform": (xavier_uniform, lambda width: 1 / width),
    "Xavier normal": (xavier_normal, lambda width: 1 / width),
    "He uniform": (he_uniform, lambda width: 2 / width),
    "He normal": (he_normal, lambda width: 2 / width),
}
EXAMPLES = 32
DEEPEST = 50
_NODES = (np.arange(1200) + 0.5) / 75 - 8  # evenly spaced from -8 to 8, and none at the kink of a rectifier
_WEIGHTS = np.exp(-(_NODES**2) / 2) / np.exp(-(_NODES**2) / 2).sum()


def measure(depth: int, width: int, activation: str, initializer: str) -> dict[str, np.ndarray]:
    r"""Send a gradient of length one per example back through a random network, and measure it in every layer.

    .. math:: \delta_l = g_l \odot \phi'(a_l), \qquad g_{l-1} = \delta_l W_l^\top

    Parameters
    ----------
    depth, width
        The number L of layers, at most `DEEPEST`, each of as many units as the input has.
    activation, initializer
        Names from `ACTIVATIONS` and `INITIALIZERS`.

    Returns
    -------
    dict
        ``gradient``, shape (L + 1,): the root mean square over the examples of ‖∂J/∂x_l‖, from the input l = 0 to the
        output, where it is 1. ``slope``, shape (L,): the root mean square of φ'(a_l). ``signal``, shape (L + 1,): the
        root mean square of an entry of x_l.

    Notes
    -----
    Deck 000, "The Vanishing Gradient Problem".

    >>> measure(20, 64, "sigmoid", "Xavier normal")["gradient"][0] < 1e-10
    np.True_
    """
    x, gradient = _ends(width)
    pairs = [(linear, ACTIVATIONS[activation]()) for linear in _linear(width, initializer)[:depth]]
    z, gradients = x, [gradient]
    for linear, phi in pairs:
        z = phi.forward(linear.forward(z))
    for linear, phi in reversed(pairs):
        gradients.append(linear.backward_to_input(phi.backward_to_input(gradients[-1])))
    slopes = [_rms(phi.slope(phi.a, phi.z)) for _, phi in pairs]
    signals = [_rms(x), *(_rms(phi.z) for _, phi in pairs)]
    norms = [_rms(each) * np.sqrt(width) for each in reversed(gradients)]
    return {"gradient": np.array(norms), "slope": np.array(slopes), "signal": np.array(signals)}


def predict(depth: int, width: int, activation: str, initializer: str) -> dict[str, np.ndarray]:
    r"""Follow signal and gradient through a random network so wide that every pre-activation is normal.

    .. math:: q_l = \sigma_w^2\, \mathbb{E}\,\phi(\sqrt{q_{l-1}}\, z)^2, \qquad
        \frac{\lVert g_{l-1} \rVert}{\lVert g_l \rVert} = \sqrt{\chi_l}, \qquad
        \chi_l = \sigma_w^2\, \mathbb{E}\,\phi'(\sqrt{q_l}\, z)^2

    with z standard normal, :math:`\sigma_w^2` the width times the variance of a weight, and :math:`q_1 = \sigma_w^2`.

    Parameters
    ----------
    depth, width, activation, initializer
        As in `measure`.

    Returns
    -------
    dict
        ``factor``, shape (L,): √χ_l. ``gradient``, shape (L + 1,): their product from the output down to layer l.

    Notes
    -----
    Schoenholz, Gilmer, Ganguli and Sohl-Dickstein (2017), Deep information propagation, with biases of zero.

    >>> predict(3, 64, "ReLU", "He normal")["factor"].round(6)
    array([1., 1., 1.])
    """
    factor = _factors(width * INITIALIZERS[initializer][1](width), activation)[:depth]
    return {"factor": factor, "gradient": np.append(np.cumprod(factor[::-1])[::-1], 1.0)}


@lru_cache(maxsize=64)
def _factors(gain: float, activation: str) -> np.ndarray:
    """Return √χ of all layers; the integrals are sums over evenly spaced nodes."""
    phi, q, factors = ACTIVATIONS[activation](), gain, []
    for _ in range(DEEPEST):
        a = np.sqrt(q) * _NODES
        z = phi.value(a)
        factors.append(np.sqrt(gain * _WEIGHTS.dot(phi.slope(a, z) ** 2.0)))
        q = gain * _WEIGHTS.dot(z * z)
    return np.array(factors)


@lru_cache(maxsize=8)
def _linear(width: int, initializer: str) -> list[Linear]:
    """Draw the linear layers of the deepest network: one of fewer layers has the first of them."""
    rng = np.random.default_rng(0)
    return [Linear(width, width, rng=rng, initializer=INITIALIZERS[initializer][0]) for _ in range(DEEPEST)]


@lru_cache(maxsize=8)
def _ends(width: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw what comes in, and the gradient at the output: a random direction for each example."""
    rng = np.random.default_rng(1)
    x, gradient = rng.standard_normal((2, EXAMPLES, width))
    return x, gradient / np.linalg.norm(gradient, axis=1, keepdims=True)


def _rms(array: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(array, dtype=float))))
