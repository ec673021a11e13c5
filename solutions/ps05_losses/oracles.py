"""Independent right answers: the textbook's formulas in decimal numbers of 60 digits, in which no exponential overflows.

Nothing here is rearranged to be stable, and no derivative is written down: a gradient is the central differences of the
loss, at every entry, with a step so small that they are right to more digits than a float has. Each right answer also
knows the experiments in which it is compared.
"""

import copy
from decimal import Decimal, localcontext

import numpy as np

from course.checks import CheckFailed
from course.observing import observe

DIGITS = 60
STEP = Decimal("1e-20")

exact = np.frompyfunc(lambda number: Decimal(float(number)), 1, 1)
exp = np.frompyfunc(Decimal.exp, 1, 1)
log = np.frompyfunc(Decimal.ln, 1, 1)


class Right:
    """A formula of one array in decimals, which takes and gives floats."""

    def __init__(self, textbook):
        self.textbook = textbook

    def __call__(self, a):
        with localcontext() as context:
            context.prec = DIGITS
            return np.array(self.textbook(exact(a)), dtype=float)

    def held(self, *arguments):
        """Look at what the caller's arrays hold after a call."""

        def experiment(answer):
            after = observe(answer, *arguments).arrays
            return {f"what your caller's {k} array holds afterwards": a for k, a in zip(("first", "second"), after)}

        return experiment


class RightLoss(Right):
    """A loss in decimals with its gradient by central differences."""

    def __call__(self, x, target):
        self.refuse(x, target)
        with localcontext() as context:
            context.prec = DIGITS
            x = exact(x)
            gradient = np.zeros(x.shape)
            for i in np.ndindex(x.shape):
                up, down, h = x.copy(), x.copy(), abs(x[i]) * STEP or STEP
                up[i], down[i] = x[i] + h, x[i] - h
                gradient[i] = (self.textbook(up, target) - self.textbook(down, target)) / (2 * h)
            return float(self.textbook(x, target)), gradient

    def refuse(self, x, target):
        if np.shape(x) != np.shape(target):
            raise ValueError("prediction and target differ in shape")

    def only(self, part, *arguments):
        """Look at the loss alone, or at the gradient alone."""

        def experiment(answer):
            found = answer(*copy.deepcopy(arguments))
            if not (isinstance(found, (tuple, list)) and len(found) == 2):
                raise CheckFailed("Return two things, in this order: the loss and the gradient.")
            return {f"the {part}": found[part == "gradient"]}

        return experiment

    def both(self, *arguments):
        """Look at the loss and at the gradient."""

        def experiment(answer):
            return self.only("loss", *arguments)(answer) | self.only("gradient", *arguments)(answer)

        return experiment

    def refusal(self, *arguments):
        """See whether an answer raises a ValueError."""

        def experiment(answer):
            try:
                answer(*copy.deepcopy(arguments))
            except ValueError:
                return {}
            raise CheckFailed("What does not fit goes through without a word: raise a ValueError, as the text asks.")

        return experiment

    def classes(self, rng, n):
        """Draw n classes 0 and 1, at least one of each where there are two."""
        return rng.permutation(np.arange(n) % 2)


@Right
def sigmoid(a):
    return 1 / (1 + exp(-a))


@Right
def softmax(logits):
    return [exp(row) / sum(exp(row)) for row in logits]


@Right
def logsumexp(logits):
    return [log(sum(exp(row))) for row in logits]


@RightLoss
def mse_loss(prediction, target):
    return sum((prediction - exact(target)).ravel() ** 2) / prediction.size


@RightLoss
def mae_loss(prediction, target):
    return sum(abs(prediction - exact(target)).ravel()) / prediction.size


@RightLoss
def bce_loss(p, y):
    return -sum((exact(y) * log(p) + (1 - exact(y)) * log(1 - p)).ravel()) / len(p)


@RightLoss
def bce_with_logits(logits, y):
    return sum((log(1 + exp(logits)) - exact(y) * logits).ravel()) / len(logits)


class OfClasses(RightLoss):
    """A loss whose targets are class numbers."""

    def refuse(self, x, target):
        if np.shape(target) != (len(x),) or not set(target.tolist()) <= set(range(x.shape[1])):
            raise ValueError("not one class for each example")


@OfClasses
def cross_entropy(logits, y):
    return -sum(log(exp(row[k]) / sum(exp(row))) for row, k in zip(logits, y, strict=True)) / len(logits)
