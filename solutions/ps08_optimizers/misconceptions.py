"""Wrong answers that students really write for the optimizers, each as the one rule that is wrong in it."""

import numpy as np

from course.misconceptions import Bank

Momentum = Bank("Momentum")
Nesterov = Bank("Nesterov")
Adagrad = Bank("Adagrad")
RMSprop = Bank("RMSprop")
Adam = Bank("Adam")
AdamW = Bank("AdamW")

DEFAULTS = {"momentum": 0.9, "decay": 0.9, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}


class State(dict):
    """What is remembered of one parameter: zero before it is first written."""

    def __missing__(self, name):
        return 0.0


class Optimizer:
    """The loop over the parameters; a subclass states only its rule, from w, g and the state s to the new w."""

    def __init__(self, learning_rate, **rates):
        vars(self).update(DEFAULTS, learning_rate=learning_rate, **rates)
        self.t, self.memory = 0, {}

    def step(self, params, grads):
        self.t += 1
        return [self.rule(w, g, self.remember(i)) for i, (w, g) in enumerate(zip(params, grads, strict=True))]

    def remember(self, i):
        return self.memory.setdefault(i, State())


class InPlace:
    def step(self, params, grads):
        for w, new in zip(params, super().step(params, grads), strict=True):
            w[...] = new
        return params


class Forgetful:
    def remember(self, i):
        return State()


class Shared:
    def remember(self, i):
        return super().remember(0)


# Momentum


class HeavyBall(Optimizer):
    def rule(self, w, g, s):
        s["v"] = self.momentum * s["v"] - self.learning_rate * g
        return w + s["v"]


@Momentum("exponential average", "Your velocity is an average of the gradients; the heavy ball adds them up at full weight.")
class ExponentialAverage(Optimizer):
    def rule(self, w, g, s):
        s["v"] = self.momentum * s["v"] + (1 - self.momentum) * g
        return w - self.learning_rate * s["v"]


@Momentum(
    "deck 002's formula, m an average of gradients",
    "Deck 002 leaves m undefined; here use the heavy ball of deck 003, where rate and sign are part of the velocity.",
)
class DeckTwoAverage(Optimizer):
    def rule(self, w, g, s):
        s["m"] = self.momentum * s["m"] + (1 - self.momentum) * g
        return w - self.learning_rate * g - self.momentum * s["m"]


@Momentum(
    "deck 002's formula, m the last update",
    "With m the last update, deck 002's minus sign pushes the ball back where it came from: this set asks for deck 003's.",
)
class DeckTwoUpdate(Optimizer):
    def rule(self, w, g, s):
        s["m"] = -self.learning_rate * g - self.momentum * s["m"]
        return w + s["m"]


@Momentum("no memory", "Every step is plain gradient descent: what should the second step know of the first?")
class ForgetsVelocity(Forgetful, HeavyBall): ...


@Momentum("uphill", "Put the ball on a slope with a positive gradient: which way does it roll?")
class Uphill(HeavyBall):
    def rule(self, w, g, s):
        return super().rule(w, -g, s)


@Momentum("moves before the velocity is updated", "Look at the very first step: does the first gradient count in it?")
class MovesFirst(HeavyBall):
    def rule(self, w, g, s):
        new = w + s["v"]
        super().rule(w, g, s)
        return new


@Momentum("learning rate twice", "Follow one gradient from the velocity to the weight: how often does the rate meet it?")
class RateTwice(HeavyBall):
    def rule(self, w, g, s):
        return w + self.learning_rate * (super().rule(w, g, s) - w)


@Momentum("one velocity for all parameters", "Each parameter rolls by itself: how many velocities are there?")
class SharedVelocity(Shared, HeavyBall): ...


@Momentum("look ahead", "You take a step of Nesterov's kind: the heavy ball moves by its velocity and by nothing else.")
class LooksAhead(HeavyBall):
    def rule(self, w, g, s):
        super().rule(w, g, s)
        return w + self.momentum * s["v"] - self.learning_rate * g


@Momentum("in place", "The arrays in params belong to your caller: give back new ones.")
class MomentumInPlace(InPlace, HeavyBall): ...


@Momentum("overwrites the list", "Your new arrays go into the caller's own list: put them into a list of your own.")
class OverwritesList(HeavyBall):
    def step(self, params, grads):
        params[:] = super().step(params, grads)
        return params


# Nesterov


class Lookahead(HeavyBall):
    def rule(self, w, g, s):
        super().rule(w, g, s)
        return w + self.momentum * s["v"] - self.learning_rate * g


@Nesterov("heavy ball", "This is momentum without the look ahead: which two terms move the shifted parameters?")
class NoLookahead(HeavyBall): ...


@Nesterov("whole velocity and the gradient", "You add the velocity undamped: how far ahead does Nesterov look?")
class UndampedVelocity(HeavyBall):
    def rule(self, w, g, s):
        return super().rule(w, g, s) - self.learning_rate * g


@Nesterov("only the look ahead", "The new gradient enters twice: once inside the velocity, and where else?")
class OnlyLookahead(HeavyBall):
    def rule(self, w, g, s):
        super().rule(w, g, s)
        return w + self.momentum * s["v"]


@Nesterov(
    "the last look ahead is not taken back",
    "The parameters that you are given are shifted already: what must be undone before they are shifted again?",
)
class ShiftsTwice(HeavyBall):
    def rule(self, w, g, s):
        return super().rule(w, g, s) + self.momentum * s["v"]


@Nesterov("exponential average", "Your velocity is an average of gradients; this set's adds them up at full weight.")
class NesterovAverage(Lookahead):
    def rule(self, w, g, s):
        return super().rule(w, (1 - self.momentum) * g, s)


@Nesterov("uphill", "On a slope with a positive gradient, which way should the weight go?")
class NesterovUphill(Lookahead):
    def rule(self, w, g, s):
        return super().rule(w, -g, s)


@Nesterov("no memory", "The velocity starts from zero at every step: where could it live between two steps?")
class NesterovForgets(Forgetful, Lookahead): ...


@Nesterov("one velocity for all parameters", "Each parameter rolls by itself: how many velocities are there?")
class NesterovShared(Shared, Lookahead): ...


@Nesterov("in place", "The arrays in params belong to your caller: give back new ones.")
class NesterovInPlace(InPlace, Lookahead): ...


# Adagrad and RMSprop: the gradient over the root of what has been collected of its square


class Scaled(Optimizer):
    """Collects something of the gradients, and divides the gradient by it."""

    def rule(self, w, g, s):
        s["s"] = self.collect(s["s"], g)
        return w - self.learning_rate * self.scaled(g, s["s"])

    def scaled(self, g, s):
        return g / (np.sqrt(s) + self.eps)


class Summed(Scaled):
    def collect(self, s, g):
        return s + g**2


class Averaged(Scaled):
    def collect(self, s, g):
        return self.decay * s + (1 - self.decay) * g**2


class EpsInside:
    def scaled(self, g, s):
        return g / np.sqrt(s + self.eps)


class NoRoot:
    def scaled(self, g, s):
        return g / (s + self.eps)


class NoEps:
    def scaled(self, g, s):
        return g / np.sqrt(s)


class OldState:
    def rule(self, w, g, s):
        new = w - self.learning_rate * self.scaled(g, s["s"])
        s["s"] = self.collect(s["s"], g)
        return new


class OneScale:
    """One number for a whole array."""

    def collect(self, s, g):
        return super().collect(s, np.linalg.norm(g))


@Adagrad("eps inside the root", "Both places keep the division safe; the docstring puts eps in one of them.")
class AdagradEpsInside(EpsInside, Summed): ...


@Adagrad("no root", "A step should not change when every gradient is doubled: which power of g do you divide by?")
class AdagradNoRoot(NoRoot, Summed): ...


@Adagrad("no eps", "What does your rule make of a gradient that has been zero from the start?")
class AdagradNoEps(NoEps, Summed): ...


@Adagrad("sums gradients instead of squares", "What happens to your sum when the gradient changes its sign?")
class SumsGradients(Scaled):
    def collect(self, s, g):
        return s + g

    def scaled(self, g, s):
        return g / (np.abs(s) + self.eps)


@Adagrad("sums absolute values", "You collect |g|; the root of which sum is asked for?")
class SumsAbsolute(Scaled):
    def collect(self, s, g):
        return s + np.abs(g)

    def scaled(self, g, s):
        return g / (s + self.eps)


@Adagrad("running average, as in RMSprop", "Your collection forgets; does Adagrad ever forget a gradient?")
class AdagradAverages(Averaged): ...


@Adagrad("mean instead of sum", "Under a steady gradient Adagrad's steps grow shorter: do yours?")
class AdagradMean(Summed):
    def scaled(self, g, s):
        return super().scaled(g, s / self.t)


@Adagrad("divides before it adds", "Look at the very first step: by what do you divide?")
class AdagradOldState(OldState, Summed): ...


@Adagrad("one sum for a whole array", "Every single weight has a learning rate of its own: what shape has your sum?")
class AdagradOneScale(OneScale, Summed): ...


@Adagrad("no memory", "Every step divides by its own gradient only: where could the sum live between two steps?")
class AdagradForgets(Forgetful, Summed): ...


@Adagrad("in place", "The arrays in params belong to your caller: give back new ones.")
class AdagradInPlace(InPlace, Summed): ...


@RMSprop("eps inside the root", "Both places keep the division safe; the docstring puts eps in one of them.")
class RMSpropEpsInside(EpsInside, Averaged): ...


@RMSprop("no root", "The name says it: root, mean, square. Which of the three is missing?")
class RMSpropNoRoot(NoRoot, Averaged): ...


@RMSprop("no eps", "What does your rule make of a gradient that has been zero from the start?")
class RMSpropNoEps(NoEps, Averaged): ...


@RMSprop("the new square at full weight", "The weights of an average sum to one: do yours?")
class FullWeight(Scaled):
    def collect(self, s, g):
        return self.decay * s + g**2


@RMSprop("decay and 1 - decay swapped", "With a decay of 0.9, how much of the old average should stay?")
class SwappedDecay(Scaled):
    def collect(self, s, g):
        return (1 - self.decay) * s + self.decay * g**2


@RMSprop("sum, as in Adagrad", "Your collection never forgets; which average is asked for?")
class RMSpropSums(Summed): ...


@RMSprop("averages gradients instead of squares", "What happens to your average when the gradient changes its sign?")
class AveragesGradients(Scaled):
    def collect(self, s, g):
        return self.decay * s + (1 - self.decay) * g

    def scaled(self, g, s):
        return g / (np.abs(s) + self.eps)


@RMSprop("bias correction, as in Adam", "You correct for the start from zero: does RMSprop?")
class Corrected(Averaged):
    def scaled(self, g, s):
        return super().scaled(g, s / (1 - self.decay**self.t))


@RMSprop("divides before it averages", "Look at the very first step: by what do you divide?")
class RMSpropOldState(OldState, Averaged): ...


@RMSprop("one average for a whole array", "Every single weight has a learning rate of its own: what shape has your average?")
class RMSpropOneScale(OneScale, Averaged): ...


@RMSprop("no memory", "The average starts from zero at every step: where could it live between two steps?")
class RMSpropForgets(Forgetful, Averaged): ...


@RMSprop("in place", "The arrays in params belong to your caller: give back new ones.")
class RMSpropInPlace(InPlace, Averaged): ...


# Adam and AdamW


class AdamRule(Optimizer):
    def rule(self, w, g, s):
        m, v = self.corrected(*self.averages(g, s), self.age())
        return w - self.learning_rate * self.direction(m, v)

    def averages(self, g, s):
        s["m"] = self.beta1 * s["m"] + (1 - self.beta1) * g
        s["v"] = self.beta2 * s["v"] + (1 - self.beta2) * g**2
        return s["m"], s["v"]

    def age(self):
        return self.t

    def corrected(self, m, v, t):
        return m / (1 - self.beta1**t), v / (1 - self.beta2**t)

    def direction(self, m, v):
        return m / (np.sqrt(v) + self.eps)


class Uncorrected(AdamRule):
    def corrected(self, m, v, t):
        return m, v


@Adam("no bias correction", "Look at the first step: how large are m and v then, and what should they estimate?")
class NoBiasCorrection(Uncorrected): ...


@Adam("steps counted from zero", "Which t does the first step have, and what is 1 - beta to that power?")
class CountsFromZero(AdamRule):
    def age(self):
        return self.t - 1


@Adam("steps counted once per parameter", "Print t while you update a matrix and a vector: is it the number of steps?")
class CountsParameters(AdamRule):
    calls = 0

    def age(self):
        self.calls += 1
        return self.calls


@Adam("bias correction without the power t", "Does the start from zero matter as much in step 100 as in step 1?")
class CorrectsForever(AdamRule):
    def corrected(self, m, v, t):
        return super().corrected(m, v, 1)


@Adam("corrected averages kept", "Which of the two goes on into the next step: the average, or its corrected copy?")
class KeepsCorrected(AdamRule):
    def rule(self, w, g, s):
        s["m"], s["v"] = self.corrected(*self.averages(g, s), self.age())
        return w - self.learning_rate * self.direction(s["m"], s["v"])


@Adam("eps inside the root", "Both places keep the division safe; the docstring puts eps in one of them.")
class AdamEpsInside(AdamRule):
    def direction(self, m, v):
        return m / np.sqrt(v + self.eps)


@Adam("no root", "A step should have about the size of the learning rate, whatever the gradient's unit: does yours?")
class AdamNoRoot(AdamRule):
    def direction(self, m, v):
        return m / (v + self.eps)


@Adam("betas swapped", "Which of the two averages should remember longer?")
class BetasSwapped(AdamRule):
    def __init__(self, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, **rates):
        super().__init__(learning_rate, beta1=beta2, beta2=beta1, eps=eps, **rates)


@Adam("gradients at full weight in m", "m is an average, as v is: do its weights sum to one?")
class MomentumInAdam(AdamRule):
    def averages(self, g, s):
        _, v = super().averages(g, s)
        s["n"] = self.beta1 * s["n"] + g
        return s["n"], v


@Adam("squares m instead of g", "v averages the squares of something: of the averages, or of the gradients?")
class SquaresAverage(AdamRule):
    def averages(self, g, s):
        m, _ = super().averages(g, s)
        s["u"] = self.beta2 * s["u"] + (1 - self.beta2) * m**2
        return m, s["u"]


@Adam("no first average", "You scale the gradient itself, as RMSprop does: what is m for?")
class NoFirstAverage(AdamRule):
    def averages(self, g, s):
        return g * (1 - self.beta1**self.t), super().averages(g, s)[1]


@Adam("one memory for all parameters", "Each parameter has averages of its own: where do you keep them apart?")
class AdamShared(Shared, AdamRule): ...


@Adam("no memory", "Both averages start from zero at every step: where could they live between two steps?")
class AdamForgets(Forgetful, AdamRule): ...


@Adam("in place", "The arrays in params belong to your caller: give back new ones.")
class AdamInPlace(InPlace, AdamRule): ...


class Decoupled(AdamRule):
    def rule(self, w, g, s):
        return super().rule(w, g, s) - self.learning_rate * self.weight_decay * w


@AdamW("no decay: plain Adam", "Let the gradient be zero: what should still happen to the weights?")
class NoDecay(AdamRule): ...


@AdamW("L2 penalty in the gradient", "Your decay passes through both averages: from what should it be decoupled?")
class PenaltyInGradient(AdamRule):
    def rule(self, w, g, s):
        return super().rule(w, g + 2 * self.weight_decay * w, s)


@AdamW(
    "L2 penalty in the gradient, λ/2 convention",
    "Your decay passes through both averages: from what should it be decoupled?",
)
class HalfPenaltyInGradient(AdamRule):
    def rule(self, w, g, s):
        return super().rule(w, g + self.weight_decay * w, s)


@AdamW("decay divided by the root", "The decay stands inside Adam's fraction: who else is divided there?")
class DecayDivided(AdamRule):
    def rule(self, w, g, s):
        m, v = self.corrected(*self.averages(g, s), self.age())
        return w - self.learning_rate * self.direction(m + self.weight_decay * w, v)


@AdamW("decay without the learning rate", "When a schedule lowers the learning rate, should the decay stay as strong?")
class DecayWithoutRate(AdamRule):
    def rule(self, w, g, s):
        return super().rule(w, g, s) - self.weight_decay * w


@AdamW("decay of the new weights", "Which weights decay: those before Adam's step, or those after it?")
class DecaysNew(AdamRule):
    def rule(self, w, g, s):
        return (1 - self.learning_rate * self.weight_decay) * super().rule(w, g, s)


@AdamW("factor 2 of the penalty's gradient", "The 2 belongs to the derivative of λ‖w‖²: is a derivative taken here?")
class TwiceTheDecay(AdamRule):
    def rule(self, w, g, s):
        return super().rule(w, g, s) - 2 * self.learning_rate * self.weight_decay * w


@AdamW("weights grow", "Let the gradient be zero: do your weights come nearer to zero?")
class Grows(AdamRule):
    def rule(self, w, g, s):
        return super().rule(w, g, s) + self.learning_rate * self.weight_decay * w


@AdamW("no bias correction", "Look at the first step: how large are m and v then, and what should they estimate?")
class DecoupledUncorrected(Uncorrected, Decoupled): ...


@AdamW("in place", "The arrays in params belong to your caller: give back new ones.")
class AdamWInPlace(InPlace, Decoupled): ...
