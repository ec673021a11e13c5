"""A plain recurrent network unrolled in time, and what is left of a gradient on its way back through it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course.layers import Activation, Recurrent, ReLU, Tanh

STATES, STEPS, EXAMPLES = 32, 60, 16


class Identity(Activation):
    """No bend at all: z = a, with z' = 1."""

    def value(self, a):
        return a

    def slope(self, a, z):
        return np.ones_like(a)


ACTIVATIONS: dict[str, type[Activation]] = {"none": Identity, "tanh": Tanh, "ReLU": ReLU}
MATRICES = ("orthogonal", "symmetric", "Gaussian")


@lru_cache(maxsize=8)
def matrix(kind: str, states: int = STATES) -> np.ndarray:
    """Return a recurrent matrix of spectral radius one, shape (H, H).

    All eigenvalues of an orthogonal one lie on the unit circle, those of a symmetric one on the real axis, those of a
    Gaussian one all over the unit disc, and its eigenvectors are not at right angles.

    >>> [float(abs(np.linalg.eigvals(matrix(kind))).max().round(12)) for kind in MATRICES]
    [1.0, 1.0, 1.0]
    """
    drawn = np.random.default_rng(0).standard_normal((states, states))
    if kind == "orthogonal":
        return np.linalg.qr(drawn)[0]
    U = drawn + drawn.T if kind == "symmetric" else drawn
    return U / abs(np.linalg.eigvals(U)).max()


@lru_cache(maxsize=8)
def eigenvalues(kind: str) -> np.ndarray:
    """Return the eigenvalues of `matrix`, complex numbers."""
    return np.linalg.eigvals(matrix(kind))


def back_through_time(radius: float, kind: str, activation: str, scale: float) -> dict[str, np.ndarray]:
    r"""Run a sequence forward, and a gradient of length one per example from its last step back.

    .. math:: s_T = u, \qquad s_t = \bigl(s_{t+1} \odot g'(a_{t+1})\bigr) U^\top, \qquad U = \rho\, U_1

    Without an activation and with an orthogonal :math:`U_1` the norm after k steps is :math:`\rho^k`.

    Parameters
    ----------
    radius, kind
        ρ ≥ 0, the spectral radius of U, and the `matrix` that it stretches.
    activation
        A name from `ACTIVATIONS`.
    scale
        The standard deviation of what a_t gets from the input.

    Returns
    -------
    dict
        ``gradient``, shape (T,): the root mean square over the examples of ‖s_t‖, from the last step (k = 0) back;
        ``line``, shape (T,): ρ to the power of k; ``state``, shape (T,): the root mean square of an entry of h_t, from
        the first step on.

    Notes
    -----
    Deck 000, "The Vanishing Gradient Problem"; Pascanu, Mikolov and Bengio (2013), On the difficulty of training
    recurrent neural networks.

    >>> back_through_time(0.5, "orthogonal", "none", 1.0)["gradient"][:4].round(6)
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    layer = _layer(activation)
    layer.recurrent_weight = radius * matrix(kind)
    x, upstream = _ends()
    h = layer.forward(scale * x)
    layer.backward_to_input(upstream)
    k = np.arange(STEPS)
    return {
        "gradient": layer.gradient_norms()[::-1] / np.sqrt(EXAMPLES),
        "line": float(radius) ** k,
        "state": np.sqrt((h * h).mean((0, 2))),
    }


def _layer(activation: str) -> Recurrent:
    """Make a layer whose every state has an input of its own."""
    layer = Recurrent(STATES, STATES, rng=np.random.default_rng(1), activation=ACTIVATIONS[activation]())
    layer.input_weight = np.eye(STATES)
    return layer


@lru_cache(maxsize=1)
def _ends() -> tuple[np.ndarray, np.ndarray]:
    """Draw the sequences, and the gradient at their last step: a random direction for each."""
    rng = np.random.default_rng(2)
    upstream = np.zeros((EXAMPLES, STEPS, STATES))
    upstream[:, -1] = rng.standard_normal((EXAMPLES, STATES))
    upstream[:, -1] /= np.linalg.norm(upstream[:, -1], axis=1, keepdims=True)
    return rng.standard_normal(upstream.shape), upstream
