"""Right answers written differently: other algebra, other ways to keep the state, entry by entry, all in one vector."""

import numpy as np

from course.misconceptions import Bank

Momentum = Bank("Momentum")
Nesterov = Bank("Nesterov")
Adagrad = Bank("Adagrad")
RMSprop = Bank("RMSprop")
Adam = Bank("Adam")
AdamW = Bank("AdamW")

DEFAULTS = {"momentum": 0.9, "decay": 0.9, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}


class Dictionary:
    """The state in a dict by parameter, filled when it is first asked for."""

    def __init__(self, learning_rate, **rates):
        vars(self).update(DEFAULTS, rate=learning_rate, **rates)
        self.t, self.state = 0, {}

    def step(self, params, grads):
        self.t += 1
        return [self.rule(w, g, self.state.setdefault(i, {})) for i, (w, g) in enumerate(zip(params, grads, strict=True))]


class OneVector(Dictionary):
    """All parameters in one long vector."""

    def step(self, params, grads):
        w, g = (np.concatenate([a.ravel() for a in arrays]) for arrays in (params, grads))
        (new,) = super().step([w], [g])
        pieces = np.split(new, np.cumsum([a.size for a in params])[:-1])
        return [piece.reshape(a.shape) for piece, a in zip(pieces, params, strict=True)]


class EntryByEntry(Dictionary):
    """Plain numbers in loops."""

    def step(self, params, grads):
        self.t += 1
        new = [w.copy() for w in params]
        for k, g in enumerate(grads):
            for i in np.ndindex(g.shape):
                new[k][i] = self.rule(float(params[k][i]), float(g[i]), self.state.setdefault((k, i), {}))
        return new


@Momentum("rate outside the velocity")
class RateOutside(Dictionary):
    def rule(self, w, g, s):
        s["v"] = self.momentum * s.get("v", 0) + g
        return w - self.rate * s["v"]


@Momentum("from the last two weights, as Polyak wrote it")
class TwoWeights(OneVector):
    def rule(self, w, g, s):
        last, s["last"] = s.get("last", w), w
        return w - self.rate * g + self.momentum * (w - last)


@Momentum("entry by entry")
class MomentumLoops(EntryByEntry):
    def rule(self, w, g, s):
        s["v"] = self.momentum * s.get("v", 0.0) - self.rate * g
        return w + s["v"]


@Momentum("velocities updated in place")
class VelocitiesInPlace:
    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate, self.momentum, self.v = learning_rate, momentum, []

    def step(self, params, grads):
        self.v = self.v or [np.zeros(w.shape) for w in params]
        new = []
        for i in range(len(params)):
            self.v[i] *= self.momentum
            self.v[i] -= self.learning_rate * grads[i]
            new.append(np.add(params[i], self.v[i]))
        return new


@Nesterov("rate outside the velocity")
class NesterovRateOutside(Dictionary):
    def rule(self, w, g, s):
        s["v"] = self.momentum * s.get("v", 0) + g
        return w - self.rate * (g + self.momentum * s["v"])


@Nesterov("unshift, step, shift")
class Unshifts(OneVector):
    def rule(self, w, g, s):
        v = s.get("v", 0)
        theta = w - self.momentum * v
        s["v"] = self.momentum * v - self.rate * g
        return theta + s["v"] + self.momentum * s["v"]


@Nesterov("from the old velocity, entry by entry")
class FromOldVelocity(EntryByEntry):
    def rule(self, w, g, s):
        v = s.get("v", 0.0)
        s["v"] = self.momentum * v - self.rate * g
        return w + self.momentum**2 * v - (1 + self.momentum) * self.rate * g


@Adagrad("every gradient kept")
class KeepsAll(Dictionary):
    def rule(self, w, g, s):
        s.setdefault("all", []).append(g)
        return w - self.rate * g / (np.sqrt(np.einsum("t...,t...->...", s["all"], s["all"])) + self.eps)


@Adagrad("the root kept, by Pythagoras")
class KeepsRoot(OneVector):
    def rule(self, w, g, s):
        s["root"] = np.hypot(s.get("root", 0), g)
        return w - self.rate / (s["root"] + self.eps) * g


@Adagrad("entry by entry")
class AdagradLoops(EntryByEntry):
    def rule(self, w, g, s):
        s["sum"] = s.get("sum", 0.0) + g * g
        return w - self.rate * g / (s["sum"] ** 0.5 + self.eps)


@RMSprop("moves the average towards the new square")
class MovesAverage(OneVector):
    def rule(self, w, g, s):
        old = s.get("s", 0)
        s["s"] = old + (1 - self.decay) * (np.square(g) - old)
        return w - self.rate * g / (np.sqrt(s["s"]) + self.eps)


@RMSprop("the root kept, by Pythagoras")
class KeepsRootMean(Dictionary):
    def rule(self, w, g, s):
        s["rms"] = np.hypot(self.decay**0.5 * s.get("rms", 0), (1 - self.decay) ** 0.5 * g)
        return w - np.divide(self.rate * g, s["rms"] + self.eps)


@RMSprop("entry by entry")
class RMSpropLoops(EntryByEntry):
    def rule(self, w, g, s):
        s["s"] = self.decay * s.get("s", 0.0) + (1 - self.decay) * g * g
        return w - self.rate * g / (s["s"] ** 0.5 + self.eps)


def efficient_step(self, g, s):
    """Give Adam's step with both corrections folded into the rate and eps (Kingma and Ba 2015, end of section 2)."""
    s["m"] = self.beta1 * s.get("m", 0) + (1 - self.beta1) * g
    s["v"] = self.beta2 * s.get("v", 0) + (1 - self.beta2) * g * g
    root = (1 - self.beta2**self.t) ** 0.5
    return self.rate * root / (1 - self.beta1**self.t) * s["m"] / (s["v"] ** 0.5 + self.eps * root)


def weighted_step(self, g, s):
    """Give Adam's step with averages that are divided by the sum of their weights."""
    for name, beta, value in (("m", self.beta1, g), ("v", self.beta2, g**2)):
        total, weight = s.get(name, (0, 0))
        s[name] = beta * total + value, beta * weight + 1
    (m, m_weight), (v, v_weight) = s["m"], s["v"]
    return self.rate * (m / m_weight) / (np.sqrt(v / v_weight) + self.eps)


def growing_step(self, g, s):
    """Give Adam's step with averages that are corrected from the start: the newest value's share falls from one."""
    for name, beta, value in (("m", self.beta1, g), ("v", self.beta2, g**2)):
        share = (1 - beta) / (1 - beta**self.t)
        s[name] = (1 - share) * s.get(name, 0) + share * value
    return self.rate * s["m"] / (np.sqrt(s["v"]) + self.eps)


@Adam("bias correction folded into the rate")
class Folded(Dictionary):
    def rule(self, w, g, s):
        return w - efficient_step(self, g, s)


@Adam("sums divided by the sum of their weights, in one vector")
class Weighted(OneVector):
    def rule(self, w, g, s):
        return w - weighted_step(self, g, s)


@Adam("averages corrected as they grow, entry by entry")
class Growing(EntryByEntry):
    def rule(self, w, g, s):
        return w - growing_step(self, g, s)


@AdamW("decay first, bias correction folded into the rate")
class DecayFirst(OneVector):
    def rule(self, w, g, s):
        return (1 - self.rate * self.weight_decay) * w - efficient_step(self, g, s)


@AdamW("decay last, of the old weights")
class DecayLast(EntryByEntry):
    def rule(self, w, g, s):
        new = w - growing_step(self, g, s)
        return new - self.rate * self.weight_decay * w


@AdamW("around an Adam of its own")
class AroundAdam:
    def __init__(self, learning_rate, weight_decay=0.01, **rates):
        self.shrink = 1 - learning_rate * weight_decay
        self.adam = Weighted(learning_rate, **rates)

    def step(self, params, grads):
        return self.adam.step([self.shrink * w for w in params], grads)
