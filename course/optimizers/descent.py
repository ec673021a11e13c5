"""Gradient descent, and the two that remember where they were going."""

import numpy as np  # noqa: F401 - for the examples

from course.optimizers.base import Number, Optimizer, Rate


class SGD(Optimizer):
    r"""Gradient descent: :math:`w \leftarrow w - \eta g`. It is stochastic when g comes from a part of the data.

    On a quadratic with curvature λ it converges exactly when :math:`0 < \eta\lambda < 2`.

    Parameters
    ----------
    learning_rate
        As in `Optimizer`.

    Notes
    -----
    Deck 003, "Loss function and gradient descent"; deck 002 prints W + η (∂J/∂W)ᵀ, with the wrong sign.

    >>> w = np.array([1.0, 2.0])
    >>> SGD(0.5).step(w, np.array([1.0, -1.0]))
    >>> w
    array([0.5, 2.5])
    """

    def rule(self, w, g, eta, t):
        w -= eta * g


class Momentum(Optimizer):
    r"""Heavy-ball momentum: :math:`v \leftarrow \beta v - \eta g,\; w \leftarrow w + v`.

    Under a constant gradient the steps grow to :math:`-\eta g / (1 - \beta)`. On a quadratic with curvature λ it
    converges exactly when :math:`0 < \eta\lambda < 2 + 2\beta` (for 0 ≤ β < 1).

    Parameters
    ----------
    learning_rate
        As in `Optimizer`.
    momentum
        β in [0, 1): how much of the velocity is left after a step; 0 is plain gradient descent.

    Notes
    -----
    Deck 003, "Beyond plain SGD". Three things go by this name. Many texts average instead, v ← βv + (1−β)g, which
    makes η mean something else. PyTorch keeps η out of the velocity, v ← βv + g and w ← w − ηv: the same steps while
    η stays the same, but there a new η acts on the whole velocity at once, and here on new gradients only.

    >>> w, momentum = np.array([1.0]), Momentum(0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     momentum.step(w, np.array([1.0]))
    >>> w.round(4)
    array([0.75])
    """

    state = ("velocity",)

    def __init__(self, learning_rate: Rate, momentum: Number = 0.9):
        super().__init__(learning_rate)
        self.take("[0, 1)", momentum=momentum)

    def rule(self, w, g, eta, t, velocity):
        velocity *= self.momentum
        velocity -= eta * g
        w += velocity


class Nesterov(Momentum):
    r"""Nesterov's momentum: the gradient is taken where the velocity is about to lead.

    .. math:: v \leftarrow \beta v - \eta \nabla f(\theta + \beta v), \qquad \theta \leftarrow \theta + v

    The parameters that are held are :math:`w = \theta + \beta v`, so that the gradient g at w is the one wanted. In
    terms of w a step is :math:`v \leftarrow \beta v - \eta g,\; w \leftarrow w + \beta v - \eta g`, with the new v. On
    a quadratic with curvature λ it converges exactly when :math:`0 < \eta\lambda < (2 + 2\beta) / (1 + 2\beta)`.

    Parameters
    ----------
    learning_rate
        As in `Optimizer`.
    momentum
        β in [0, 1); 0 is plain gradient descent.

    Notes
    -----
    Sutskever, Martens, Dahl and Hinton (2013), On the importance of initialization and momentum in deep learning, hold
    θ, and ask for a gradient elsewhere; libraries hold w, as here, and call it the parameters. The two differ by βv,
    which fades as training comes to rest. With η outside the velocity, as in PyTorch, it is the same while η stays the
    same.

    >>> w, nesterov = np.array([1.0]), Nesterov(0.1, momentum=0.5)
    >>> nesterov.step(w, np.array([4.0]))
    >>> w.round(4)
    array([0.4])
    """

    def rule(self, w, g, eta, t, velocity):
        push = eta * g
        velocity *= self.momentum
        velocity -= push
        w -= push
        w += self.momentum * velocity
