"""The contract on trial: layers that are right but for one planted bug, which the right clause must catch."""

import numpy as np
import pytest

from course import layers as nn
from tests.course.layers.contract import CLAUSES, check

BUGS = []


def bug(make, *, caught_by, shape=(3,)):
    """Enter a broken layer on the list, with the clauses that must fail; the others must pass."""

    def enter(kind):
        BUGS.append(pytest.param(lambda rng, t: make(kind, rng, t), shape, set(caught_by.split()), id=kind.__name__))
        return kind

    return enter


def linear(kind, rng, t):
    return kind(3, 3, rng=rng, dtype=t)


def plain(kind, rng, t):
    return kind()


def norm(kind, rng, t):
    return kind(3, dtype=t)


def drop(kind, rng, t):
    return kind(0.5, rng=rng)


@bug(plain, caught_by="gradients")
class SlopeInAWhereZIsMeant(nn.Tanh):
    def slope(self, a, z):
        return 1 - a * a


@bug(linear, caught_by="gradients")
class WeightGradientTransposed(nn.Linear):
    def _fill_gradients(self, g_out):
        g_out = super()._fill_gradients(g_out)
        self.weight_gradient = self.weight_gradient.T.copy()
        return g_out


@bug(linear, caught_by="gradients")
class BiasGradientAveraged(nn.Linear):
    def _fill_gradients(self, g_out):
        g_out = super()._fill_gradients(g_out)
        self.bias_gradient /= max(len(self.x_in), 1)
        return g_out


@bug(norm, caught_by="gradients")
class MeanTakenForAConstant(nn.LayerNorm):
    def backward_to_input(self, g_out):
        return self.accept_gradient(g_out, self.x_hat) * self.scale * self.inverse


@bug(plain, caught_by="gradients")
class SoftmaxWithTheSlopeOfASigmoid(nn.Softmax):
    def backward_to_input(self, g_out):
        return self.accept_gradient(g_out, self.z) * self.z * (1 - self.z)

    backward = backward_to_input


@bug(linear, caught_by="overwriting halves")
class GradientsAddedUp(nn.Linear):
    def _fill_gradients(self, g_out):
        before = self.gradients.copy()
        g_out = super()._fill_gradients(g_out)
        self.gradients += before
        return g_out


@bug(drop, caught_by="overwriting halves gradients")
class AnotherMaskOnTheWayBack(nn.Dropout):
    def backward_to_input(self, g_out):
        g_out = self.accept_gradient(g_out, self.factor)
        return g_out * (self.rng.random(g_out.shape) < 0.5) * 2

    backward = backward_to_input


@bug(linear, caught_by="halves")
class HalfOfTheBackwardPassForgotten(nn.Linear):
    def backward_to_parameters(self, g_out):
        pass


@bug(plain, caught_by="precision")
class Float64LeaksIn(nn.Tanh):
    def value(self, a):
        return np.tanh(a) * np.ones(1)


@bug(norm, caught_by="batches")
class MeanOfNothing(nn.BatchNorm):
    def mean(self, x):
        return x.mean(0)


@bug(norm, caught_by="batches gradients")
class UnbiasedVarianceOfOneExample(nn.BatchNorm):
    def mean(self, x):
        return super().mean(x) * (len(x) / (len(x) - 1) if len(x) else 1)


@bug(plain, caught_by="layout")
class ReadInTheOrderOfMemory(nn.Tanh):
    def value(self, a):
        return np.tanh(a.ravel("K")).reshape(a.shape)


@bug(plain, caught_by="arguments gradients evaluation copies storage freezing")
class InputChangedInPlace(nn.Sigmoid):
    def value(self, a):
        a *= 2
        return super().value(a)


@bug(norm, caught_by="evaluation")
class StatisticsOfTheBatchInEvaluation(nn.BatchNorm):
    def forward(self, x_in, *, training=False):
        return nn.Normalization.forward(self, x_in)


@bug(norm, caught_by="evaluation")
class AveragesThatRunInEvaluation(nn.BatchNorm):
    def forward(self, x_in, *, training=False):
        x_out = super().forward(x_in, training=training)
        if not training:
            self.running_mean *= 0.9
        return x_out


@bug(drop, caught_by="evaluation storage")
class DropoutThatNeverEnds(nn.Dropout):
    def forward(self, x_in, *, training=False):
        return super().forward(x_in, training=True)


@bug(linear, caught_by="copies")
class CopyThatSharesItsBuffers(nn.Linear):
    def __deepcopy__(self, memo):
        return self


@bug(norm, caught_by="storage")
class AveragesThatAreNotSaved(nn.BatchNorm):
    def named_state(self):
        return self.named_parameters()


@bug(plain, caught_by="order")
class ReadyBeforeForward(nn.Tanh):
    keeps = ()
    a = z = np.zeros((4, 2))


@bug(plain, caught_by="shapes precision")
class GradientBroadcast(nn.Sigmoid):
    def backward_to_input(self, g_out):
        return g_out * self.slope(self.a, self.z)

    backward = backward_to_input


@bug(plain, caught_by="lists")
class ArraysOnly(nn.Tanh):
    def forward(self, x_in, *, training=False):
        self.a, self.z = x_in, np.tanh(x_in.copy())
        return self.z


@bug(linear, caught_by="windows copies halves")
class ParameterBesideTheBuffer(nn.Linear):
    def bind(self, parameters, gradients):
        super().bind(parameters, gradients)
        self._bias, self._bias_gradient = self._bias.copy(), self._bias_gradient.copy()


@bug(linear, caught_by="freezing")
class FreezingForgets(nn.Linear):
    def freeze(self, *names):
        super().freeze(*names)
        self.weight[...] = 0


@pytest.mark.parametrize(("make", "shape", "caught_by"), BUGS)
def test_a_planted_bug_is_caught_by_the_right_clauses_and_no_other(make, shape, caught_by, tmp_path):
    failed = set()
    for name in CLAUSES:
        try:
            check(name, make, shape, tmp_path)
        except BaseException:  # pytest's own failures are no Exceptions
            failed.add(name)
    assert failed == caught_by


def test_every_clause_catches_some_planted_bug():
    assert set().union(*(param.values[2] for param in BUGS)) == set(CLAUSES)


def test_the_layers_that_carry_the_bugs_keep_the_contract_without_them(tmp_path):
    for make in (lambda rng, t: linear(nn.Linear, rng, t), lambda rng, t: norm(nn.BatchNorm, rng, t)):
        for name in CLAUSES:
            check(name, make, (3,), tmp_path)
