"""Adam and its relations: a running average of the gradient, over the running size of the gradient."""

import numpy as np

from course.optimizers.base import Number, Optimizer, Rate, quotient


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
    Kingma and Ba (2015), Adam, algorithm 1; deck 003, "Beyond plain SGD". The state holds plain sums,
    :math:`g_t + \beta g_{t-1} + \beta^2 g_{t-2} + \dots`: a corrected average is such a sum divided by the sum of its
    weights, :math:`1 + \beta + \dots + \beta^{t-1} = (1 - \beta^t) / (1 - \beta)`. Keras adds its ε (1e-7) before the
    correction of v, so that it is larger in the first steps.

    >>> w = np.array([1.0, 1.0])
    >>> Adam(0.1).step(w, np.array([1000.0, -0.001]))
    >>> w.round(4)
    array([0.9, 1.1])
    """

    state = ("gradients", "squares")

    def __init__(self, learning_rate: Rate = 0.001, beta1: Number = 0.9, beta2: Number = 0.999, eps: Number = 1e-8):
        super().__init__(learning_rate)
        self.take("[0, 1)", beta1=beta1, beta2=beta2)
        self.take("(0, inf)", eps=eps)

    def rule(self, w, g, eta, t, gradients, squares):
        gradients *= self.beta1
        gradients += g
        squares *= self.beta2
        squares += g * g
        weights = (1 - self.beta1**t) / (1 - self.beta1)
        root = ((1 - self.beta2**t) / (1 - self.beta2)) ** 0.5
        w -= quotient(eta * root / weights, gradients, squares, self.eps * root)


class AdamW(Adam):
    r"""Adam with decoupled weight decay: every step also shrinks the weights, by the same share whatever their gradient.

    .. math:: w \leftarrow w - \eta \lambda w - \eta \frac{\hat m}{\sqrt{\hat v} + \epsilon}

    An L2 penalty under Adam goes into m and v instead, where dividing by √v̂ undoes it: weights with large gradients are
    hardly held back.

    Parameters
    ----------
    learning_rate, beta1, beta2, eps
        As in `Adam`.
    weight_decay
        λ ≥ 0: a number for all parameters; or an array, such as ``0.01 * network.weight_mask``, which spares the biases.

    Notes
    -----
    Loshchilov and Hutter (2019), Decoupled weight decay regularization, algorithm 2; deck 003, "Beyond plain SGD". Theirs
    multiplies λ by the schedule only. Here, in PyTorch and in Keras it is multiplied by the rate η, so changing η changes
    the decay as well. Keras has λ = 0.004 where PyTorch and this class have 0.01.

    >>> w = np.array([1.0, 1.0])
    >>> AdamW(0.1, weight_decay=0.5).step(w, np.array([1000.0, 0.0]))
    >>> w.round(4)
    array([0.85, 0.95])
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta1: Number = 0.9,
        beta2: Number = 0.999,
        eps: Number = 1e-8,
        weight_decay: Number = 0.01,
    ):
        super().__init__(learning_rate, beta1, beta2, eps)
        self.take("[0, inf)", weight_decay=weight_decay)

    def rule(self, w, g, eta, t, gradients, squares):
        w *= 1 - eta * self.weight_decay
        super().rule(w, g, eta, t, gradients, squares)


class AdaMax(Optimizer):
    r"""Adam with the largest recent gradient in place of the root of the mean square.

    .. math:: m \leftarrow \beta_1 m + (1 - \beta_1) g, \qquad u \leftarrow \max(\beta_2 u, |g| + \epsilon), \qquad
        w \leftarrow w - \frac{\eta}{1 - \beta_1^t} \frac{m}{u}

    The maximum needs no correction, being of the right size from the first step on. No step is longer than
    :math:`\eta \frac{1 - \beta_1}{1 - \beta_1^t} \sum_{k<t} (\beta_1/\beta_2)^k`, which is η up to one part in a hundred.

    Parameters
    ----------
    learning_rate, beta1, beta2
        As in `Adam`; the paper's learning rate is 0.002.
    eps
        ε > 0: makes 0 / 0 a step of 0.

    Notes
    -----
    Kingma and Ba (2015), Adam, algorithm 2, which has no ε. It stands inside the maximum in PyTorch and here; Keras adds
    it to u.

    >>> w = np.array([1.0, 1.0])
    >>> AdaMax(0.1).step(w, np.array([1000.0, 0.0]))
    >>> w.round(4)
    array([0.9, 1. ])
    """

    state = ("m", "u")

    def __init__(self, learning_rate: Rate = 0.002, beta1: Number = 0.9, beta2: Number = 0.999, eps: Number = 1e-8):
        super().__init__(learning_rate)
        self.take("[0, 1)", beta1=beta1, beta2=beta2)
        self.take("(0, inf)", eps=eps)

    def rule(self, w, g, eta, t, m, u):
        m += (1 - self.beta1) * (g - m)
        u *= self.beta2
        np.maximum(u, np.abs(g) + self.eps, out=u)
        w -= eta / (1 - self.beta1**t) * m / u


class Nadam(Adam):
    r"""Adam with Nesterov's look ahead: the momentum of the next step is applied in this one.

    .. math:: \mu_t = \beta_1 \bigl(1 - \tfrac12 0.96^{t\psi}\bigr), \qquad
        \hat m = \frac{\mu_{t+1}}{1 - \mu_1 \cdots \mu_{t+1}} m + \frac{1 - \mu_t}{1 - \mu_1 \cdots \mu_t} g, \qquad
        w \leftarrow w - \eta \frac{\hat m}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}

    with m and v as in Adam. The momentum μ starts at about half of β₁ and rises to it.

    Parameters
    ----------
    learning_rate, beta1, beta2, eps
        As in `Adam`.
    momentum_decay
        ψ ≥ 0: how fast μ rises; at 0 it stays at β₁ / 2.

    Notes
    -----
    Dozat (2016), Incorporating Nesterov momentum into Adam. Several things go by this name. PyTorch has the schedule with
    ψ = 0.004, as here; Keras has ψ = 1, so that μ is nearly β₁ after a hundred steps and not after many thousand; Optax
    has none, μ is β₁ from the start. The average m fades by β₁ though the corrections are those of μ, so the first step
    is not quite of size η: with these defaults it is 1.056 η.

    >>> w = np.array([1.0])
    >>> Nadam(0.1).step(w, np.array([1000.0]))
    >>> w.round(4)
    array([0.8944])
    """

    state = ("m", "v")

    def __init__(
        self,
        learning_rate: Rate = 0.002,
        beta1: Number = 0.9,
        beta2: Number = 0.999,
        eps: Number = 1e-8,
        momentum_decay: Number = 0.004,
    ):
        super().__init__(learning_rate, beta1, beta2, eps)
        self.take("[0, inf)", momentum_decay=momentum_decay)
        self._product: tuple[int, Number] = (0, 1.0)

    def rule(self, w, g, eta, t, m, v):
        m += (1 - self.beta1) * (g - m)
        v += (1 - self.beta2) * (g * g - v)
        now, ahead, so_far = self.mu(t), self.mu(t + 1), self.product(t)
        m_hat = ahead / (1 - so_far * ahead) * m + (1 - now) / (1 - so_far) * g
        w -= quotient(eta, m_hat, v / (1 - self.beta2**t), self.eps)

    def mu(self, t: int) -> Number:
        """Return the momentum of step t."""
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.momentum_decay))

    def product(self, t: int) -> Number:
        """Return μ₁ ⋯ μ_t: from that of the step before, or from the start, which gives the same bits."""
        done, product = self._product if self._product[0] <= t else (0, 1.0)
        for step in range(done + 1, t + 1):
            product = product * self.mu(step)
        self._product = t, product
        return product
