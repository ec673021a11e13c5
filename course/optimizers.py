"""Optimizers: how a gradient becomes a step. Each subclass is one rule; the base class does the rest."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from course.errors import DtypeError, ShapeError, require_range

PIECE = 16_384  # entries: small enough that a rule's intermediate results stay in the processor's cache

Rate = float | np.ndarray | Callable[[int], float]


class Optimizer:
    r"""Changes parameters in place, a step at a time: ``optimizer.step(parameters, gradients)``.

    A subclass names its buffers in `state` and states in `rule` how they and the parameters change. A rule is
    elementwise, so the base class may apply it to a large array piece by piece.

    Parameters
    ----------
    learning_rate
        :math:`\eta > 0`: a number; or a schedule, a function of the step t = 1, 2, 3, …; or an array that broadcasts
        against the parameters, one rate for each of several networks. It may be changed between steps.

    Attributes
    ----------
    t : int
        The number of steps taken.
    buffers : dict of str to numpy.ndarray
        The state by name, each of the parameters' shape; zero before the first step.

    Raises
    ------
    RangeError
        When a hyperparameter is out of its range.
    DtypeError, ShapeError
        When the parameters are no float array that can be changed in place, when their shape is not that of earlier
        steps, or when the gradients have another shape.
    """

    state: ClassVar[tuple[str, ...]] = ()

    def __init__(self, learning_rate: Rate):
        if not callable(learning_rate):
            require_range(type(self).__name__, "learning_rate", np.min(learning_rate), "(0, inf)")
        self.learning_rate = learning_rate
        self.t = 0
        self.buffers: dict[str, np.ndarray] = {}
        self._at: Any = (None, None)
        self._pieces: list[tuple] = []

    def step(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Take one step: the parameters change in place, the gradients do not."""
        if parameters is not self._at[0] or gradients is not self._at[1]:
            self._bind(parameters, gradients)
        self.t = t = self.t + 1
        eta = self.learning_rate
        if type(eta) is not float:  # a float64 from a schedule must not drag float32 parameters along
            eta = np.asarray(eta(t) if callable(eta) else eta, parameters.dtype)
        for w, g, state in self._pieces:
            self.rule(w, g, eta, t, *state)

    def rule(self, w: np.ndarray, g: np.ndarray, eta: Any, t: int, *state: np.ndarray) -> None:
        """Change w and the state in place, given the gradient g, the learning rate η and the number t of the step."""
        raise NotImplementedError

    def _bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        """Cut parameters, gradients and state into pieces that belong together."""
        if not isinstance(parameters, np.ndarray) or parameters.dtype.kind != "f":
            kind = getattr(parameters, "dtype", type(parameters).__name__)
            raise DtypeError(f"{self!r}: parameters must be an array of floats, changed in place, got {kind}")
        if np.shape(gradients) != parameters.shape:
            raise ShapeError(f"{self!r}: gradients must have shape {parameters.shape}, got {np.shape(gradients)}")
        gradients = np.asarray(gradients)
        buffers = self.buffers or {name: np.zeros_like(parameters) for name in self.state}
        if any(buffer.shape != parameters.shape for buffer in buffers.values()):
            raise ShapeError(
                f"{self!r}: parameters must keep the shape of the steps before, got {parameters.shape}; "
                "make a new optimizer for another network"
            )
        self.buffers, self._at = buffers, (parameters, gradients)
        flat = parameters.ndim == 1 and parameters.size > PIECE
        cuts = [slice(k, k + PIECE) for k in range(0, parameters.size, PIECE)] if flat else [...]
        self._pieces = [(parameters[cut], gradients[cut], [buffer[cut] for buffer in buffers.values()]) for cut in cuts]

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_at": (None, None), "_pieces": []}  # a copy belongs to no parameters yet

    def __repr__(self) -> str:
        return type(self).__name__


class SGD(Optimizer):
    r"""Gradient descent: :math:`w \leftarrow w - \eta g`. It is stochastic when g comes from a part of the data.

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
    Deck 003, "Beyond plain SGD". Many texts average instead, v ← βv + (1−β)g, which makes η mean something else.

    >>> w, momentum = np.array([1.0]), Momentum(0.1, momentum=0.5)
    >>> for _ in range(2):
    ...     momentum.step(w, np.array([1.0]))
    >>> w.round(4)
    array([0.75])
    """

    state = ("velocity",)

    def __init__(self, learning_rate: Rate, momentum: float = 0.9):
        super().__init__(learning_rate)
        require_range("Momentum", "momentum", momentum, "[0, 1)")
        self.momentum = momentum

    def rule(self, w, g, eta, t, velocity):
        velocity *= self.momentum
        velocity -= eta * g
        w += velocity


class Adam(Optimizer):
    r"""A step of its own size for every parameter, from running averages of the gradient and of its square.

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad v \leftarrow \beta_2 v + (1 - \beta_2) g^2, \qquad
        w \leftarrow w - \eta \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    The two divisors make up for the zeros that the averages start from. The first step therefore has size η,
    whatever the gradient, and so has every step under a constant gradient.

    Parameters
    ----------
    learning_rate
        As in `Optimizer`; the paper's default is 0.001.
    beta1, beta2
        How slowly the averages forget, in [0, 1).
    eps
        Keeps the division finite, above 0. It stands outside the root, as in the paper.

    Notes
    -----
    Kingma and Ba (2015), Adam, algorithm 1; deck 003, "Beyond plain SGD".

    >>> w = np.array([1.0, 1.0])
    >>> Adam(0.1).step(w, np.array([1000.0, -0.001]))
    >>> w.round(4)
    array([0.9, 1.1])
    """

    state = ("m", "v")

    def __init__(self, learning_rate: Rate = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8):
        super().__init__(learning_rate)
        require_range("Adam", "beta1", beta1, "[0, 1)")
        require_range("Adam", "beta2", beta2, "[0, 1)")
        require_range("Adam", "eps", eps, "(0, inf)")
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def rule(self, w, g, eta, t, m, v):
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        m_hat = m / (1 - self.beta1**t)
        v_hat = v / (1 - self.beta2**t)
        w -= eta * m_hat / (np.sqrt(v_hat) + self.eps)
