"""Every optimizer's equations, stated once more for a single number, and by other algebra where there is one.

Each function yields where the parameter is after each step, from where it starts, the gradients and the rates.
"""

import itertools
import math

from course import SGD, Adadelta, Adagrad, Adam, AdaMax, AdamW, Momentum, Nadam, Nesterov, RMSprop


def sgd(w, gradients, etas):
    for k in range(1, len(gradients) + 1):
        yield w - sum(eta * g for eta, g in zip(etas[:k], gradients[:k], strict=True))


def momentum(w, gradients, etas, beta=0.9):  # from the last two places (Polyak 1964)
    last = w
    for g, eta in zip(gradients, etas, strict=True):
        w, last = w - eta * g + beta * (w - last), w
        yield w


def nesterov(w, gradients, etas, beta=0.9):  # by the places θ, which the optimizer does not hold
    theta, v = w, 0.0
    for g, eta in zip(gradients, etas, strict=True):
        v = beta * v - eta * g
        theta = theta + v
        yield theta + beta * v


def adagrad(w, gradients, etas, eps=1e-8):
    for k, (g, eta) in enumerate(zip(gradients, etas, strict=True), 1):
        w -= eta * g / (math.hypot(*gradients[:k]) + eps)
        yield w


def faded(values, rho):
    """The running average of the values, by the weights of each."""
    return sum((1 - rho) * rho**age * value for age, value in enumerate(reversed(values)))


def rmsprop(w, gradients, etas, rho=0.9, eps=1e-8):
    for k, (g, eta) in enumerate(zip(gradients, etas, strict=True), 1):
        w -= eta * g / (math.sqrt(faded([h * h for h in gradients[:k]], rho)) + eps)
        yield w


def adadelta(w, gradients, etas, rho=0.9, eps=1e-6):
    changes = []
    for k, (g, eta) in enumerate(zip(gradients, etas, strict=True), 1):
        rms_g = math.sqrt(faded([h * h for h in gradients[:k]], rho) + eps)
        rms_change = math.sqrt(faded([d * d for d in changes], rho) + eps)
        changes.append(rms_change / rms_g * g)
        w -= eta * changes[-1]
        yield w


def adam(w, gradients, etas, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0):
    m = v = 0.0
    for t, (g, eta) in enumerate(zip(gradients, etas, strict=True), 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - eta * decay * w - eta * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
        yield w


def adamw(w, gradients, etas):
    return adam(w, gradients, etas, decay=0.01)


def adamax(w, gradients, etas, beta1=0.9, beta2=0.999, eps=1e-8):
    for t, eta in enumerate(etas, 1):
        u = max(beta2 ** (t - i) * (abs(g) + eps) for i, g in enumerate(gradients[:t], 1))
        w -= eta * faded(gradients[:t], beta1) / (1 - beta1**t) / u
        yield w


def nadam(w, gradients, etas, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004):
    mu = [beta1 * (1 - 0.96 ** (t * psi) / 2) for t in range(1, len(gradients) + 2)]
    for t, (g, eta) in enumerate(zip(gradients, etas, strict=True), 1):
        m, v = faded(gradients[:t], beta1), faded([h * h for h in gradients[:t]], beta2)
        m_hat = mu[t] * m / (1 - math.prod(mu[: t + 1])) + (1 - mu[t - 1]) * g / (1 - math.prod(mu[:t]))
        w -= eta * m_hat / (math.sqrt(v / (1 - beta2**t)) + eps)
        yield w


EQUATIONS = {
    SGD: sgd,
    Momentum: momentum,
    Nesterov: nesterov,
    Adagrad: adagrad,
    RMSprop: rmsprop,
    Adadelta: adadelta,
    Adam: adam,
    AdamW: adamw,
    AdaMax: adamax,
    Nadam: nadam,
}


def last(kind, w, gradients, etas):
    """Where the parameter is in the end."""
    return list(itertools.chain([w], EQUATIONS[kind](w, gradients, etas)))[-1]
