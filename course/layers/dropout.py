"""Dropout: another part of the network at every step."""

from __future__ import annotations  # naming np.random in a signature must not import it

import math
from typing import ClassVar

import numpy as np

from course.errors import DtypeError, require_range
from course.layers.base import Layer


class Dropout(Layer):
    r"""Drop entries at random in training, so that no unit can rely on any other.

    .. math:: \text{inverted: } z = \begin{cases} x m / p & \text{in training} \\ x & \text{afterwards} \end{cases}
        \qquad \text{classic: } z = \begin{cases} x m & \text{in training} \\ x p & \text{afterwards} \end{cases}

    with m one with probability p, zero otherwise, drawn anew for every entry and every forward pass. In both forms the
    expectation in training is what the layer returns afterwards.

    Parameters
    ----------
    keep_prob
        p, the probability to keep an entry, in (0, 1].
    rng
        Draws the masks.
    classic
        Scale afterwards and not in training.

    Raises
    ------
    RangeError
        When keep_prob is out of its range: at 0 nothing would be left to scale.

    Notes
    -----
    Deck 004, "Regularization", teaches the classic form, with p the probability to keep; in PyTorch and Keras the
    argument is the probability to drop. Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov (2014), Dropout.

    >>> layer, x = Dropout(0.5, rng=np.random.default_rng(0)), np.ones((1, 5))
    >>> layer.forward(x, training=True), layer.forward(x)
    (array([[2., 0., 0., 0., 0.]]), array([[1., 1., 1., 1., 1.]]))
    """

    keeps: ClassVar = ("factor",)

    def __init__(self, keep_prob: float, *, rng: np.random.Generator, classic: bool = False):
        require_range("Dropout", "keep_prob", keep_prob, "(0, 1]")
        if not isinstance(rng, np.random.Generator):
            raise DtypeError(f"Dropout: rng must be a numpy.random.Generator, got {rng!r}; use np.random.default_rng(seed)")
        self.keep_prob, self.rng, self.classic = float(keep_prob), rng, bool(classic)

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        x_in = self.accept(x_in)
        scale_in_training, scale_afterwards = (1.0, self.keep_prob) if self.classic else (1 / self.keep_prob, 1.0)
        if training:
            self.factor = draw(x_in.shape, self.keep_prob, rng=self.rng).astype(x_in.dtype)
            self.factor *= scale_in_training
        else:
            self.factor = np.full(x_in.shape, scale_afterwards, x_in.dtype)
        return x_in * self.factor

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        return self.accept_gradient(g_out, self.factor) * self.factor

    backward = backward_to_input

    def __repr__(self) -> str:
        return f"Dropout({self.keep_prob}{', classic=True' if self.classic else ''})"


def draw(shape: tuple[int, ...], probability: float, *, rng: np.random.Generator) -> np.ndarray:
    r"""Draw an array of booleans, each True with exactly this probability, from one random byte an entry.

    A byte below :math:`\lfloor 256 p \rfloor` says True, one above says False; the one byte in 256 that is equal says
    nothing, and a second draw decides. That is several times faster than a random number for every entry.

    Parameters
    ----------
    shape
        Of the result.
    probability
        p in [0, 1].
    rng
        Draws the bytes.

    >>> draw((2, 4), 0.5, rng=np.random.default_rng(1)).astype(int)
    array([[0, 0, 1, 1],
           [0, 0, 1, 0]])
    """
    below, rest = divmod(256 * probability, 1)
    n = math.prod(shape)
    entries = rng.integers(2**64 - 1, size=-(-n // 8), dtype=np.uint64, endpoint=True).view(np.uint8)[:n]
    drawn = entries < int(below)
    if rest:
        undecided = np.flatnonzero(entries == int(below))
        drawn[undecided] = rng.random(undecided.size) < rest
    return drawn.reshape(shape)
