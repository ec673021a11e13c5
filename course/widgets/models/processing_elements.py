"""A network of four units, small enough to follow every number through it, forward and backward."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.layers import Linear, ReLU, Sequential, Sigmoid, Tanh
from course.losses import HalfSquaredError

ACTIVATIONS = {"sigmoid": Sigmoid, "tanh": Tanh, "ReLU": ReLU}
TARGETS = {"spam [1, 0]": (1.0, 0.0), "ham [0, 1]": (0.0, 1.0)}
WEIGHTS = np.array([[0.5, -0.4], [1.0, 0.8]]), np.array([[0.9, -0.3], [-0.5, 0.7]])  # rows: from unit, columns: to unit


@lru_cache
def network(activation: str) -> Sequential:
    """Return two inputs, two hidden units and two outputs, all with one activation and without biases."""
    kind, rng = ACTIVATIONS[activation], np.random.default_rng(0)
    layers = Linear(2, 2, rng=rng), kind(), Linear(2, 2, rng=rng), kind()
    chain = Sequential(*layers)
    for layer, weight in zip(layers[::2], WEIGHTS, strict=True):
        layer.weight = weight
    return chain


def propagate(x: tuple[float, float], target: tuple[float, float], activation: str) -> dict[str, np.ndarray]:
    r"""Run one example forward and back through the network, and keep all that passes a unit.

    .. math:: a_j = \sum_i z_i W_{ij}, \quad z_j = g(a_j), \quad E = \tfrac12 \lVert z - y \rVert^2, \qquad
        \delta_k = (z_k - y_k)\, g'(a_k), \quad
        \delta_j = \Bigl(\sum_k \delta_k W_{jk}\Bigr) g'(a_j), \quad \frac{\partial E}{\partial W_{ij}} = \delta_j z_i

    Parameters
    ----------
    x, target
        The two inputs, and the two numbers that the outputs should be.
    activation
        One of `ACTIVATIONS`.

    Returns
    -------
    dict
        ``a1``, ``z1``, ``delta1`` of the hidden units and ``a2``, ``z2``, ``delta2`` of the outputs, shape (2,);
        ``slope1``, ``slope2``: g′(a), shape (2,); ``back``: the weighted sums of δ that reach the hidden units, shape
        (2,); ``error``: E by z², shape (2,); ``loss``: E; ``gradient1``, ``gradient2``: by the weights, shape (2, 2).

    Notes
    -----
    Deck 003, "Back-propagation: efficient gradients" and "The recursive structure of δ"; δ is ∂E/∂a.

    >>> found = propagate((1.0, 1.0), (1.0, 0.0), "tanh")
    >>> found["a1"], (found["delta2"] / found["slope2"] == found["error"]).all()
    (array([1.5, 0.4]), np.True_)
    """
    chain = network(activation)
    first, hidden, second, output = chain.layers
    a1 = first.forward(np.array([x], float))
    z1 = hidden.forward(a1)
    a2 = second.forward(z1)
    z2 = output.forward(a2)
    loss, error = HalfSquaredError()(z2, np.array([target], float))
    delta2 = output.backward(error)
    back = second.backward(delta2)
    delta1 = hidden.backward(back)
    first.backward(delta1)
    rows = {"a1": a1, "z1": z1, "a2": a2, "z2": z2, "error": error, "delta2": delta2, "back": back, "delta1": delta1}
    rows |= {"slope1": hidden.slope(a1, z1), "slope2": output.slope(a2, z2)}
    return {name: row[0].astype(float) for name, row in rows.items()} | {
        "loss": float(loss),
        "gradient1": first.weight_gradient.copy(),
        "gradient2": second.weight_gradient.copy(),
    }
