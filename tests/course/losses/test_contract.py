"""One contract for every loss, found by itself, and planted bugs that the contract must catch."""

import numpy as np
import pytest

from course import (
    BinaryCrossEntropy,
    BinaryCrossEntropyOfProbabilities,
    HalfSquaredError,
    Huber,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    SoftmaxCrossEntropy,
)
from course.numerics import one_hot
from tests.course.losses import contract
from tests.course.losses.contract import CONTRACT, Case


def numbers(rng, n):
    return rng.standard_normal((n, 3))


def zeros_and_ones(rng, n):
    return rng.integers(0, 2, (n, 3))


def classes(rng, n):
    return rng.integers(0, 3, n)


def probabilities(rng, n):
    return rng.uniform(0.05, 0.95, (n, 3))


CASES = {
    HalfSquaredError: [Case(HalfSquaredError, numbers)],
    MeanSquaredError: [Case(MeanSquaredError, numbers)],
    MeanAbsoluteError: [Case(MeanAbsoluteError, numbers)],
    Huber: [Case(Huber, numbers), Case(lambda: Huber(0.3), numbers)],
    BinaryCrossEntropy: [Case(BinaryCrossEntropy, zeros_and_ones), Case(BinaryCrossEntropy, probabilities)],
    BinaryCrossEntropyOfProbabilities: [
        Case(BinaryCrossEntropyOfProbabilities, zeros_and_ones, probabilities, ((0, 1, 0.5), (1, 0, 1e-300))),
        Case(BinaryCrossEntropyOfProbabilities, probabilities, probabilities, ((0, 1, 0.5), (1, 0, 1e-300))),
    ],
    SoftmaxCrossEntropy: [
        Case(SoftmaxCrossEntropy, classes),
        Case(SoftmaxCrossEntropy, lambda rng, n: one_hot(classes(rng, n), 3)),
        Case(SoftmaxCrossEntropy, lambda rng, n: rng.dirichlet(np.ones(3), n)),
    ],
}


def subclasses(kind):
    for sub in kind.__subclasses__():
        if sub.__module__.startswith("course."):
            yield sub
        yield from subclasses(sub)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{kind.__name__}{k}") for kind, cases in CASES.items() for k, case in enumerate(cases)],
)
@pytest.mark.parametrize("promise", CONTRACT, ids=lambda promise: promise.__name__)
def test_every_loss(case, promise, rng):
    promise(case, rng)


def test_every_loss_of_the_library_stands_in_the_contract():
    assert set(subclasses(Loss)) == set(CASES)


def test_what_a_subclass_has_to_state_is_missing_in_the_base():
    with pytest.raises(NotImplementedError):
        Loss()(np.zeros((1, 1)), np.zeros((1, 1)))


BUGS: list = []
Half, Mean = HalfSquaredError, MeanSquaredError  # under these names no linter takes their children for exceptions


def planted(promise, targets=numbers):
    """Mark a class as one with a bug, and name the promise that it breaks."""

    def mark(kind):
        BUGS.append(pytest.param(Case(kind, targets), getattr(contract, promise), id=kind.__name__))
        return kind

    return mark


GRADIENT, MEAN, ALONE = (
    "has_the_gradient_of_its_value",
    "is_the_mean_over_its_examples",
    "changes_nothing_and_hands_out_nothing_that_it_was_given",
)


@planted(GRADIENT)
class GradientOfTheSum(Half):
    def rule(self, prediction, target, n):
        value, gradient = super().rule(prediction, target, n)
        return value, n * gradient


@planted(GRADIENT)
class OppositeSign(Half):
    def rule(self, prediction, target, n):
        value, gradient = super().rule(prediction, target, n)
        return value, -gradient


@planted(GRADIENT)
class FactorTwoForgotten(Mean):
    def rule(self, prediction, target, n):
        value, gradient = super().rule(prediction, target, n)
        return value, gradient / 2


@planted(MEAN)
class SumOverTheBatch(Half):
    def rule(self, prediction, target, n):
        value, gradient = super().rule(prediction, target, n)
        return n * value, n * gradient


@planted(MEAN)
class LastExampleForgotten(Half):
    def rule(self, prediction, target, n):
        error = (prediction - target) * (np.arange(n) < max(n - 1, 1))[:, None]
        return 0.5 * np.vdot(error, error) / n, error / n


@planted("keeps_float32", classes)
class TargetsInFloat64(SoftmaxCrossEntropy):
    def _one_hot(self, logits, labels):
        return one_hot(labels, logits.shape[1])


@planted("keeps_float32")
class ScalarInFloat64(Half):
    def rule(self, prediction, target, n):
        error = prediction - target
        gradient = (error * np.float64(1 / n)).astype(prediction.dtype)
        return 0.5 * np.vdot(error, gradient), gradient


@planted(ALONE)
class ErrorInPlaceOfThePrediction(Half):
    def rule(self, prediction, target, n):
        prediction -= target
        return 0.5 * np.vdot(prediction, prediction) / n, prediction / n


@planted(ALONE)
class GradientInPlaceOfTheTarget(Half):
    def rule(self, prediction, target, n):
        np.subtract(prediction, target, out=target)
        target /= n
        return 0.5 * n * np.vdot(target, target), target


@planted("is_finite_and_silent_however_large_the_predictions", classes)
class LogarithmOfTheSoftmax(SoftmaxCrossEntropy):
    def rule(self, logits, target, n):
        e = np.exp(logits)
        p = e / e.sum(1, keepdims=True)
        return -np.vdot(target, np.log(p)) / n, (p - target) / n


@planted("is_finite_and_silent_however_large_the_predictions", zeros_and_ones)
class LogarithmOfTheSigmoid(BinaryCrossEntropy):
    def rule(self, logits, target, n):
        p = 1 / (1 + np.exp(-logits))
        return -(target * np.log(p) + (1 - target) * np.log(1 - p)).sum() / n, (p - target) / n


@planted("is_never_negative", classes)
class LogarithmWithoutItsSign(SoftmaxCrossEntropy):
    def rule(self, logits, target, n):
        value, gradient = super().rule(logits, target, n)
        return -value, -gradient


@planted("refuses_targets_of_another_shape")
class Broadcasting(Half):
    def align(self, prediction, target):
        return np.asarray(target, prediction.dtype)


@planted("refuses_an_empty_batch")
class MeanOfNothing(Half):
    def __call__(self, prediction, target):
        return self.rule(prediction, self.align(prediction, target), max(len(prediction), 1))


@planted("takes_arrays_of_every_layout")
class OrderOfTheMemory(Half):
    def rule(self, prediction, target, n):
        error = prediction.ravel(order="K") - target.ravel(order="C")
        return 0.5 * np.vdot(error, error) / n, (error / n).reshape(prediction.shape)


@planted("takes_integers_and_lists_as_numbers")
class IntegersKept(Half):
    def __call__(self, prediction, target):
        return self.rule(prediction, np.asarray(target, np.asarray(prediction).dtype), len(prediction))


@pytest.mark.parametrize(("case", "promise"), BUGS)
def test_the_contract_catches(case, promise, rng):
    with pytest.raises((AssertionError, pytest.fail.Exception, RuntimeWarning, TypeError, ValueError)):
        promise(case, rng)
