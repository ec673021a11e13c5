"""One contract for every optimizer, found by itself, and planted bugs that the contract must catch."""

import numpy as np
import pytest

from course import Adam, Momentum, Optimizer
from tests.course.optimizers import contract
from tests.course.optimizers.contract import CONTRACT
from tests.course.optimizers.equations import EQUATIONS


def subclasses(kind):
    for sub in kind.__subclasses__():
        if sub.__module__.startswith("course."):
            yield sub
        yield from subclasses(sub)


every_optimizer = pytest.mark.parametrize("kind", list(subclasses(Optimizer)), ids=lambda kind: kind.__name__)


@every_optimizer
@pytest.mark.parametrize("promise", CONTRACT, ids=lambda promise: promise.__name__)
def test_every_optimizer(kind, promise, rng):
    promise(kind, kind, rng)


def test_every_optimizer_of_the_library_has_its_equations_stated():
    assert set(subclasses(Optimizer)) == set(EQUATIONS)


def test_what_a_subclass_has_to_state_is_missing_in_the_base():
    with pytest.raises(NotImplementedError):
        Optimizer(0.1).step(np.zeros(1), np.zeros(1))


def planted(promise, like=Adam):
    """Mark a class as one with a bug, and name the promise that it breaks."""

    def mark(kind):
        BUGS.append((kind, like, getattr(contract, promise)))
        return kind

    return mark


BUGS: list = []
EQUATION = "follows_its_equations_on_three_parameters_in_turn"
IN_PLACE = "changes_parameters_in_place_and_leaves_gradients_as_they_are"
RESUME = "goes_on_from_a_saved_state_to_the_same_bits"


@planted(EQUATION, Momentum)
class StateSharedBetweenParameters(Momentum):
    shared = {}

    def _bind(self, parameters, gradients):
        self.buffers = self.shared.get(parameters.shape, {})
        super()._bind(parameters, gradients)
        self.shared[parameters.shape] = self.buffers


@planted(EQUATION, Momentum)
class OneVelocityForAllEntries(Momentum):
    def rule(self, w, g, eta, t, velocity):
        velocity[...] = self.momentum * velocity.mean() - eta * g
        w += velocity


@planted(IN_PLACE)
class GradientUsedAsScratch(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        super().rule(w, g, eta, t, gradients, squares)
        g *= eta


@planted(IN_PLACE)
class GradientKeptAsState(Momentum):
    def step(self, parameters, gradients):
        super().step(parameters, gradients)
        self.buffers["velocity"] = gradients


@planted(IN_PLACE)
class ParametersReplaced(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        w = w - eta * g


@planted("keeps_float32")
class LeakOfFloat64(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        super().rule(w, np.float64(1.0) * g, eta, t, gradients, squares)


@planted("keeps_float32")
class StateInFloat64(Adam):
    def _bind(self, parameters, gradients):
        self.buffers = self.buffers or {name: np.zeros(parameters.shape) for name in self.state}
        super()._bind(parameters, gradients)


@planted("treats_a_large_array_as_it_treats_small_ones")
class LastPieceForgotten(Adam):
    def _bind(self, parameters, gradients):
        super()._bind(parameters, gradients)
        if len(self._pieces) > 1:
            self._pieces.pop()


@planted("treats_a_large_array_as_it_treats_small_ones")
class OneStateForAllPieces(Adam):
    def _bind(self, parameters, gradients):
        super()._bind(parameters, gradients)
        first = self._pieces[0][2]
        self._pieces = [(w, g, [b[: len(w)] for b in first]) for w, g, _ in self._pieces]


@planted("treats_a_large_array_as_it_treats_small_ones")
class NormOfThePiece(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        super().rule(w, g / max(1, np.abs(g).max()), eta, t, gradients, squares)


@planted("asks_a_schedule_once_a_step_and_counts_from_one")
class StepsCountedFromZero(Adam):
    def step(self, parameters, gradients):
        self.t -= not self.t
        super().step(parameters, gradients)


@planted("takes_another_rate_from_one_step_to_the_next")
class RateOfTheFirstStep(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        self.first = getattr(self, "first", eta)
        super().rule(w, g, self.first, t, gradients, squares)


@planted("lets_a_copy_go_on_alone")
class CopyThatKnowsTheOldArrays(Adam):
    def __getstate__(self):
        return vars(self)


@planted(RESUME)
class HalfOfTheStateSaved(Adam):
    def named_state(self):
        return super().named_state() | {"squares": np.zeros(4)}


@planted(RESUME)
class NumberOfStepsNotSaved(Adam):
    def load_state(self, arrays):
        super().load_state(arrays)
        self.t = 1


@planted(RESUME)
class StateHandedOutAsItIs(Adam):
    def named_state(self):
        return {"t": np.array(self.t)} | self.buffers


@planted(RESUME)
class MemoryOutsideTheState(Adam):
    seen = 0

    def rule(self, w, g, eta, t, gradients, squares):
        self.seen += 1
        super().rule(w, g, eta / self.seen, t, gradients, squares)


@planted("stays_where_there_has_been_no_gradient")
class NothingOverNothing(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        squares += g * g
        w -= eta * g / np.sqrt(squares)


@planted("takes_arrays_of_every_layout")
class FlattenedIntoACopy(Adam):
    def step(self, parameters, gradients):
        super().step(parameters.reshape(-1), gradients.reshape(-1))


@planted(EQUATION)
class NoCorrection(Adam):
    def rule(self, w, g, eta, t, gradients, squares):
        super().rule(w, g, eta, 10**9, gradients, squares)


@planted("refuses_another_network_when_it_remembers_one")
class AnyNetworkWillDo(Adam):
    def _require_same(self, *about):
        pass


@pytest.mark.parametrize(("kind", "like", "promise"), BUGS, ids=[kind.__name__ for kind, *_ in BUGS])
def test_the_contract_catches(kind, like, promise, rng):
    with pytest.raises((AssertionError, pytest.fail.Exception, ArithmeticError, RuntimeWarning, TypeError, ValueError)):
        promise(kind, like, rng)
