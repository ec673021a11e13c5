"""What can be checked: networks, losses, students' classes, functions; with randomness held still, and left as it was."""

from functools import partial
from itertools import count, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import DataError, DtypeError, RangeError, ShapeError, StateError
from course.gradient_check import gradient_check
from course.layers import BatchNorm, Dropout, Linear, ReLU, Sequential, Tanh
from course.losses import HalfSquaredError, SoftmaxCrossEntropy


def relations(report):
    return {finding.name: finding.relation for finding in report.findings}


@pytest.mark.parametrize("directions", [None, 2])
def test_a_network_is_checked_by_the_names_of_its_parameters_and_left_as_it_was(rng, directions):
    network = Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng), ReLU())
    network.parameters += 0.1 * rng.standard_normal(network.parameters.size)
    network.gradients[:] = 7.0
    before = network.parameters.copy()
    report = gradient_check(network, rng.standard_normal((5, 3)), rng=rng, directions=directions)
    assert report
    assert [f.name for f in report.findings] == ["x", "0.weight", "0.bias", "2.weight", "2.bias"]
    np.testing.assert_array_equal(network.parameters, before)
    assert (network.gradients == 7).all()


@given(st.lists(st.integers(1, 4), min_size=2, max_size=4), st.integers(1, 4), st.integers(0, 2**16))
def test_no_right_network_is_ever_blamed(widths, n, seed):
    rng = np.random.default_rng(seed)
    layers = [layer for a, b in pairwise(widths) for layer in (Linear(a, b, rng=rng), ReLU())]
    network, x = Sequential(*layers, Tanh()), rng.standard_normal((n, widths[0]))
    assert gradient_check(network, x, rng=rng)
    assert gradient_check(network, x, rng=rng, directions=2)


@pytest.mark.parametrize("directions", [None, 2])
def test_a_network_is_checked_with_its_loss(rng, directions):
    network = Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))
    X, y = rng.standard_normal((5, 3)), np.array([0, 1, 1, 0, 1])
    assert gradient_check(network, X, loss=SoftmaxCrossEntropy(), target=y, rng=rng, directions=directions)

    def summed(prediction, target):
        value, gradient = SoftmaxCrossEntropy()(prediction, target)
        return value, gradient * len(prediction)

    report = gradient_check(network, X, loss=summed, target=y, rng=rng, directions=directions)
    assert not report
    assert set(relations(report).values()) == {"it is 5 times too large (a sum over the 5 rows, not a mean?)"}


def test_a_loss_is_checked_by_itself(rng):
    assert gradient_check(HalfSquaredError(), rng.standard_normal((4, 2)), target=rng.standard_normal((4, 2)), rng=rng)
    report = gradient_check(lambda p, y: (((p - y) ** 2).sum(), p - y), np.ones((3, 2)), target=np.zeros((3, 2)), rng=rng)
    assert relations(report) == {"x": "it is 1/2 of the right size"}


def test_a_function_of_one_number_is_checked_with_its_gradient(rng):
    x, W = rng.standard_normal(3), rng.standard_normal((3, 3))
    assert gradient_check(lambda x: (x**3).sum(), x, gradient=lambda x: 3 * x**2, rng=rng)
    assert gradient_check(lambda x, W: x @ W @ x, (x, W), gradient=lambda x, W: ((W + W.T) @ x, np.outer(x, x)), rng=rng)
    half = gradient_check(lambda x, W: x @ W @ x, (x, W), gradient=lambda x, W: {"x": W @ x, "dW": np.outer(x, x)}, rng=rng)
    assert [finding.relation is None for finding in half.findings] == [False, True]
    with pytest.raises(ShapeError, match="must return one number"):
        gradient_check(np.sin, x, gradient=np.cos, rng=rng)


def test_labels_beside_arrays_of_real_numbers_stand_still(rng):
    def pick(x, labels):
        return x[np.arange(len(x)), labels]

    def pick_backward(g, x, labels):
        g_in = np.zeros_like(x)
        g_in[np.arange(len(x)), labels] = g
        return g_in

    report = gradient_check(pick, (rng.standard_normal((4, 3)), np.array([0, 2, 1, 1])), pick_backward, rng=rng)
    assert report
    assert list(relations(report)) == ["x"]


def test_integers_alone_are_taken_for_real_numbers(rng):
    report = gradient_check(lambda x: x**2, np.array([1, 2]), lambda g, x: 2 * g * x, rng=rng)
    assert report
    assert report.findings[0].checked == 2


def test_backward_may_return_something_for_every_input_or_for_those_that_move(rng):
    labels, x = np.array([1, 0]), rng.standard_normal(2)
    for backward in (lambda g, labels, x: (None, g * labels), lambda g, labels, x: g * labels):
        report = gradient_check(lambda labels, x: labels * x, (labels, x), backward, rng=rng)
        assert relations(report) == {"x": None}


def test_outputs_that_the_next_call_overwrites_are_kept(rng):
    buffer = np.empty(4)

    def f(x):
        buffer[:] = np.tanh(x)
        return buffer

    assert gradient_check(f, rng.standard_normal(4), lambda g, x: g * (1 - np.tanh(x) ** 2), rng=rng)


class InPlace(ReLU):
    def forward(self, x_in, *, training=False):
        self.a = x_in.copy()
        self.z = np.maximum(x_in, 0, out=x_in)
        return self.z


def test_a_forward_pass_that_overwrites_its_input_can_be_checked(rng):
    x = rng.standard_normal((4, 3))
    assert gradient_check(InPlace(), x, rng=rng)
    assert gradient_check(Sequential(InPlace(), Linear(3, 2, rng=rng)), x, rng=rng)
    chain = Chain(Doubling(rng.standard_normal((3, 3))), Doubling(rng.standard_normal((3, 2))))
    assert gradient_check(chain, x, rng=rng)


class Doubling:
    """Doubles what it is given in place before it multiplies it by W."""

    def __init__(self, W):
        self.W = W

    def forward(self, x):
        x *= 2
        self.x = x
        return x @ self.W

    def backward(self, g):
        self.dW = self.x.T @ g
        return 2 * g @ self.W.T


class Chain:
    """Two layers, one after the other, as a student may write it."""

    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        return self.layers[1].forward(self.layers[0].forward(x))

    def backward(self, g):
        return self.layers[0].backward(self.layers[1].backward(g))

    def named_parameters(self):
        return {f"{k}.W": layer.W for k, layer in enumerate(self.layers)}

    def named_gradients(self):
        return {f"{k}.W": layer.dW for k, layer in enumerate(self.layers)}


class Boxed:
    """Keeps its weight where nobody looks, and fails after some passes."""

    def __init__(self, passes):
        self.box, self.passes = SimpleNamespace(W=np.ones(3)), iter(range(passes))

    def named_parameters(self):
        return {"W": self.box.W}

    def forward(self, x):
        if next(self.passes, None) is None:
            raise FloatingPointError
        return x * self.box.W

    def backward(self, g):
        return g * self.box.W


@pytest.mark.parametrize("passes", range(4, 14))
def test_whatever_a_forward_pass_raises_the_parameters_are_as_they_were(rng, passes):
    boxed = Boxed(passes)
    with pytest.raises(FloatingPointError):
        gradient_check(boxed, rng.standard_normal(3), rng=rng)
    assert (boxed.box.W == 1).all()


class Mine:
    """A student's layer, whose dW may be anything."""

    def __init__(self, rng, wrong=lambda dW: dW):
        self.W, self.b, self.wrong = rng.standard_normal((3, 2)), [0.5, 1.5], wrong

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, g):
        self.dW, self.db = self.wrong(self.x.T @ g), g.sum(0)
        return g @ self.W.T


class Returning(Mine):
    def backward(self, g):
        return super().backward(g), self.dW, self.db


@pytest.mark.parametrize("parameters", [None, {"W": "dW"}])
def test_a_class_without_a_list_of_parameters_can_be_checked(rng, parameters):
    mine, x = Mine(rng, np.negative), rng.standard_normal((4, 3))
    report = gradient_check(mine, x, rng=rng, parameters=parameters)
    assert relations(report) == {"x": None, "W": "the sign is opposite"}
    assert set(vars(mine)) == {"W", "b", "wrong"}, "what the passes left behind is taken away again"


def test_gradients_may_be_returned_in_place_of_kept(rng):
    x = rng.standard_normal((4, 3))
    mine = Returning(rng, lambda dW: 2 * dW)
    report = gradient_check(mine, x, rng=rng, parameters=["W", "b"])
    assert relations(report) == {"x": None, "W": "it is 2 times too large", "b": None}
    assert mine.b == [0.5, 1.5], "a list is moved as an array and put back"


def test_dropout_draws_the_same_mask_each_time_and_its_generator_is_put_back(rng):
    network = Sequential(Linear(3, 8, rng=rng), Dropout(0.5, rng=rng), Tanh(), Dropout(0.8, rng=rng), Linear(8, 2, rng=rng))
    x, state = rng.standard_normal((5, 3)), rng.bit_generator.state
    for directions in (None, 3):
        assert gradient_check(network, x, rng=rng, training=True, directions=directions)
        assert rng.bit_generator.state == state


def test_a_dropout_layer_that_forgets_its_mask_on_the_way_back_is_caught(rng):
    class Forgets(Dropout):
        def backward_to_input(self, g_out):
            return g_out / self.keep_prob

        backward = backward_to_input

    report = gradient_check(Forgets(0.5, rng=rng), rng.standard_normal((6, 4)), rng=rng, training=True)
    assert "that must be zero, and right elsewhere" in report.findings[0].relation


def test_batch_normalization_in_training_is_checked_and_its_running_averages_are_put_back(rng):
    network = Sequential(Linear(3, 4, rng=rng), BatchNorm(4), Tanh())
    before = {name: array.copy() for name, array in network.named_state().items()}
    assert gradient_check(network, rng.standard_normal((6, 3)), rng=rng, training=True)
    assert gradient_check(network, rng.standard_normal((6, 3)), rng=rng)
    for name, array in network.named_state().items():
        np.testing.assert_array_equal(array, before[name])


def test_randomness_in_a_closure_behind_a_method_or_in_a_partial_function_is_found(rng):
    layer, x = Dropout(0.5, rng=rng), np.ones((4, 3))
    own = np.random.default_rng(1)
    for f in (lambda x: x * rng.random(), partial(layer.forward, training=True), Noisy(rng).forward):
        assert not gradient_check(f, x, lambda g, x: -g, rng=own)


class Noisy:
    """Multiplies by a number drawn anew each time, and keeps what it was given."""

    def __init__(self, rng):
        self.rng, self.seen = rng, []

    def forward(self, x):
        self.seen.append(x)
        self.factor = self.rng.random()
        return self.factor * x

    def backward(self, g):
        return self.factor * g


def test_a_generator_that_is_shared_with_the_module_draws_other_directions_each_time(rng):
    noisy, x = Noisy(rng), np.zeros(3)
    seen = noisy.seen
    assert gradient_check(noisy, x, rng=rng, directions=4)
    moved = [there for there in seen if there.any()]
    assert len(np.unique(np.abs(moved).round(12), axis=0)) == 4


def test_two_checks_with_one_generator_draw_different_upstream_gradients(rng):
    seen = []
    for _ in range(2):
        gradient_check(np.sin, np.ones(3), lambda g, x: seen.append(g.copy()) or g * np.cos(x), rng=rng)
    assert not np.array_equal(*seen)
    assert all((np.abs(g) >= 0.5).all() for g in seen), "no output goes unchecked"


class Residual:
    """Has layers, but is no chain: what enters is added to what the last layer gives, and a weight is used twice."""

    def __init__(self, rng, both):
        self.layers, self.both = [Linear(3, 3, rng=rng), Linear(3, 3, rng=rng)], both

    def forward(self, x):
        self.layers[0].weight = self.layers[1].weight
        self.x, self.h = x, self.layers[0].forward(x)
        return self.layers[1].forward(self.h)

    def backward(self, g):
        g = self.layers[1].backward(g)
        dW = self.layers[1].weight_gradient.copy()
        g_in = self.layers[0].backward(g)
        self.gradients = {"1.weight": dW + self.both * self.layers[0].weight_gradient}
        return g_in

    def named_parameters(self):
        return {"1.weight": self.layers[1].weight}

    def named_gradients(self):
        return self.gradients


def test_the_short_way_through_a_chain_is_not_taken_where_there_is_no_chain(rng):
    x = rng.standard_normal((4, 3))
    assert gradient_check(Residual(rng, both=True), x, rng=rng)
    assert not gradient_check(Residual(rng, both=False), x, rng=rng)


def test_lower_precision_is_refused_with_the_remedy_wherever_it_comes_from(rng):
    with pytest.raises(DtypeError, match="weight must be float64, got float32"):
        gradient_check(Linear(2, 2, rng=rng, dtype=np.float32), np.ones((1, 2)), rng=rng)
    with pytest.raises(DtypeError, match="x must be float64, got float32"):
        gradient_check(np.sin, np.ones(2, np.float32), lambda g, x: g, rng=rng)
    with pytest.raises(DtypeError, match="forward must return float64, got float32 from inputs in float64"):
        gradient_check(np.float32, np.ones(2), lambda g, x: g, rng=rng)


def test_what_cannot_be_checked_is_refused(rng):
    numbers = count()
    with pytest.raises(StateError, match="another output each time"):
        gradient_check(lambda x: x * next(numbers), np.ones(2), lambda g, x: g, rng=rng)
    with pytest.raises(DataError, match="finite"):
        gradient_check(lambda x: x + np.inf, np.ones(2), lambda g, x: g * np.nan, rng=rng)
    with pytest.raises(DtypeError, match="NoneType"):
        gradient_check(lambda x: None, np.ones(2), lambda g, x: g, rng=rng)
    with pytest.raises(StateError, match="needs a backward pass"):
        gradient_check(np.sin, np.ones(2), rng=rng)
    with pytest.raises(RangeError, match="directions"):
        gradient_check(np.sin, np.ones(2), lambda g, x: g, rng=rng, directions=0)
