"""A step of its own size for every parameter, from the squares of its past gradients."""

import numpy as np

from course.optimizers.base import Number, Optimizer, Rate, quotient


class Adagrad(Optimizer):
    r"""Divides by the root of the sum of all squared gradients: much travelled directions slow down.

    .. math:: s \leftarrow s + g^2, \qquad w \leftarrow w - \eta \frac{g}{\sqrt s + \epsilon}

    The first step has size η, and under a constant gradient step t has size :math:`\eta / \sqrt t`: it slows down on
    its own, and never recovers.

    Parameters
    ----------
    learning_rate
        As in `Optimizer`.
    eps
        ε > 0: keeps the division finite where no gradient has come yet.

    Notes
    -----
    Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online learning and stochastic optimization; deck
    004, "Learning Rate Schedule", names it. Implementations differ in the start of s, here zero, and in ε: PyTorch
    takes 1e-10 outside the root; Keras starts from s = 0.1 and puts 1e-7 inside.

    >>> w = np.array([1.0, 1.0])
    >>> Adagrad(0.1).step(w, np.array([1000.0, -0.001]))
    >>> w.round(4)
    array([0.9, 1.1])
    """

    state = ("squares",)

    def __init__(self, learning_rate: Rate, eps: Number = 1e-8):
        super().__init__(learning_rate)
        self.take("(0, inf)", eps=eps)

    def rule(self, w, g, eta, t, squares):
        squares += g * g
        w -= quotient(eta, g, squares, self.eps)


class RMSprop(Optimizer):
    r"""Divides by the root of a running mean of squared gradients: Adagrad that forgets.

    .. math:: s \leftarrow \rho s + (1 - \rho) g^2, \qquad w \leftarrow w - \eta \frac{g}{\sqrt s + \epsilon}

    The mean starts from zero and is not corrected, so the first step is too long: :math:`\eta / \sqrt{1 - \rho}`, about
    3.2 η. Under a constant gradient the steps shrink from there to η.

    Parameters
    ----------
    learning_rate
        As in `Optimizer`.
    decay
        ρ in [0, 1): how slowly the mean forgets.
    eps
        ε > 0: keeps the division finite.

    Notes
    -----
    Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6e, a lecture and no paper: so nobody's ε
    is the right one. It stands outside the root here and in PyTorch (where ρ is 0.99 unless given), inside it in Keras
    and in Optax: where gradients are small, η means something else there.

    >>> w = np.array([1.0])
    >>> RMSprop(0.1, decay=0.75).step(w, np.array([2.0]))
    >>> w.round(4)
    array([0.8])
    """

    state = ("squares",)

    def __init__(self, learning_rate: Rate, decay: Number = 0.9, eps: Number = 1e-8):
        super().__init__(learning_rate)
        self.take("[0, 1)", decay=decay)
        self.take("(0, inf)", eps=eps)

    def rule(self, w, g, eta, t, squares):
        squares += (1 - self.decay) * (g * g - squares)
        w -= quotient(eta, g, squares, self.eps)


class Adadelta(Optimizer):
    r"""Makes its own learning rate: the size of recent changes over the size of recent gradients.

    .. math:: s \leftarrow \rho s + (1 - \rho) g^2, \quad
        \Delta = \frac{\sqrt{d + \epsilon}}{\sqrt{s + \epsilon}}\, g, \quad
        d \leftarrow \rho d + (1 - \rho) \Delta^2, \quad
        w \leftarrow w - \eta \Delta

    The changes have the unit of the parameters, whatever the unit of the loss. They start from
    :math:`\sqrt\epsilon`, so ε decides how long the start takes: it is no mere guard against zero.

    Parameters
    ----------
    learning_rate
        As in `Optimizer`; 1 is the method as published, which has none.
    decay
        ρ in [0, 1): how slowly both means forget.
    eps
        ε > 0, inside both roots.

    Notes
    -----
    Zeiler (2012), Adadelta: an adaptive learning rate method. PyTorch has these defaults; Keras takes ρ = 0.95, ε = 1e-7
    and η = 0.001, which is a thousand times slower than the paper.

    >>> w = np.array([1.0])
    >>> Adadelta(eps=0.01, decay=0.0).step(w, np.array([2.0]))  # 2 · √0.01 / √4.01
    >>> w.round(4)
    array([0.9001])
    """

    state = ("squares", "changes")

    def __init__(self, learning_rate: Rate = 1.0, decay: Number = 0.9, eps: Number = 1e-6):
        super().__init__(learning_rate)
        self.take("[0, 1)", decay=decay)
        self.take("(0, inf)", eps=eps)

    def rule(self, w, g, eta, t, squares, changes):
        squares += (1 - self.decay) * (g * g - squares)
        change = g * np.sqrt((changes + self.eps) / (squares + self.eps))
        changes += (1 - self.decay) * (change * change - changes)
        w -= eta * change
