"""Layers: one contract for all of them, and what is particular to each."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import Activation, Layer, Linear, ReLU, Sequential, Sigmoid, Tanh
from course.errors import CourseError, DtypeError, RangeError, ShapeError, StateError
from course.gradient_check import gradient_check
from course.initializers import he_normal, he_uniform, xavier_normal, xavier_uniform


def chain(rng, dtype):
    return Sequential(Linear(3, 4, rng=rng, dtype=dtype), Tanh(), Linear(4, 2, rng=rng, dtype=dtype))


def nested(rng, dtype):
    return Sequential(ReLU(), Sequential(Linear(3, 4, rng=rng, dtype=dtype), Sigmoid()), chain_from(4, rng, dtype))


def chain_from(n, rng, dtype):
    return Sequential(Linear(n, 2, rng=rng, dtype=dtype))


LAYERS = {  # every layer takes three features here; a new layer is covered once it stands in this table
    "linear": lambda rng, dtype: Linear(3, 2, rng=rng, dtype=dtype),
    "sigmoid": lambda rng, dtype: Sigmoid(),
    "tanh": lambda rng, dtype: Tanh(),
    "relu": lambda rng, dtype: ReLU(),
    "sequential": chain,
    "nested": nested,
    "empty": lambda rng, dtype: Sequential(),
}
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)


@every_layer
def test_the_backward_pass_is_the_derivative_of_the_forward_pass(make, rng):
    layer = make(rng, np.float64)
    if layer.parameters.size:
        layer.parameters += 0.1 * rng.standard_normal(layer.parameters.shape)
    for n in (1, 5):
        report = gradient_check(layer, rng.standard_normal((n, 3)), rng=rng)
        assert report, report


@every_layer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_layer_keeps_its_precision(make, dtype, rng):
    layer = make(rng, dtype)
    x_out = layer.forward(rng.standard_normal((4, 3)).astype(dtype), training=True)
    g_in = layer.backward(rng.standard_normal(x_out.shape).astype(dtype))
    arrays = [x_out, g_in, *layer.named_parameters().values(), *layer.named_gradients().values()]
    assert {a.dtype for a in arrays} == {np.dtype(dtype)}


@every_layer
def test_memory_layout_does_not_matter_and_nothing_that_is_passed_in_changes(make, rng):
    layer = make(rng, np.float64)
    wide = rng.standard_normal((8, 6))
    x, g = wide[::2, ::2], np.asfortranarray(rng.standard_normal(layer.forward(np.ones((4, 3))).shape))
    before = wide.copy(), g.copy()
    x_out, g_in = layer.forward(x), layer.backward(g)
    np.testing.assert_array_equal(x_out, layer.forward(np.ascontiguousarray(x)))
    np.testing.assert_array_equal(g_in, layer.backward(np.ascontiguousarray(g)))
    np.testing.assert_array_equal(wide, before[0])
    np.testing.assert_array_equal(g, before[1])


@every_layer
def test_a_second_backward_pass_overwrites_the_first(make, rng):
    layer = make(rng, np.float64)
    g = rng.standard_normal(layer.forward(rng.standard_normal((4, 3))).shape)
    layer.backward(7 * g)
    layer.backward(g)
    once = layer.gradients.copy()
    layer.backward(g)
    np.testing.assert_array_equal(layer.gradients, once)


@every_layer
def test_the_two_halves_of_the_backward_pass_are_the_whole(make, rng):
    layer = make(rng, np.float64)
    g = rng.standard_normal(layer.forward(rng.standard_normal((4, 3))).shape)
    g_in, gradients = layer.backward(g), layer.gradients.copy()
    layer.gradients[...] = np.nan
    layer.backward_to_parameters(g)
    np.testing.assert_array_equal(layer.gradients, gradients)
    np.testing.assert_array_equal(layer.backward_to_input(g), g_in)


@every_layer
def test_every_named_parameter_is_a_view_of_the_flat_buffer_in_its_order(make, rng):
    layer = make(rng, np.float64)
    for flat, named in (layer.parameters, layer.named_parameters()), (layer.gradients, layer.named_gradients()):
        flat[...] = np.arange(flat.size)
        pieces = [a.ravel() for a in named.values()]
        np.testing.assert_array_equal(np.concatenate([[], *pieces]), flat)
        assert all(np.shares_memory(a, flat) for a in named.values())


@every_layer
@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_copy_is_whole_and_lives_in_buffers_of_its_own(make, duplicate, rng):
    layer, x = make(rng, np.float64), rng.standard_normal((4, 3))
    x_out = layer.forward(x)
    twin = duplicate(layer)
    twin.parameters += 1
    np.testing.assert_array_equal(layer.forward(x), x_out)
    twin.parameters -= 1
    np.testing.assert_allclose(twin.forward(x), x_out)
    twin.backward(np.ones_like(x_out))
    assert all(np.shares_memory(a, twin.gradients) for a in twin.named_gradients().values())


@every_layer
def test_an_empty_batch_passes_through(make, rng):
    layer = make(rng, np.float64)
    x_out = layer.forward(np.empty((0, 3)))
    assert layer.backward(x_out).shape == (0, 3)
    assert not layer.gradients.any()


@pytest.mark.parametrize("make", [make for name, make in LAYERS.items() if name != "empty"])
def test_backward_before_forward_says_so(make, rng):
    with pytest.raises(StateError, match="call forward first"):
        make(rng, np.float64).backward(np.ones((4, 2)))


@every_layer
def test_an_upstream_gradient_of_another_shape_is_refused(make, rng):
    layer = make(rng, np.float64)
    x_out = layer.forward(np.ones((4, 3)))
    if len(layer.keeps) or layer.parameters.size:
        for shape in ((4, 1), (1, x_out.shape[1]), (4,), (5, x_out.shape[1])):
            with pytest.raises(ShapeError, match="g_out must have"):
                layer.backward(np.ones(shape))


def test_a_linear_layer_is_a_double_loop_over_examples_and_outputs(rng):
    layer, x = Linear(3, 2, rng=rng), rng.standard_normal((4, 3))
    layer.bias = [0.5, -1.0]
    for n in range(4):
        for j in range(2):
            expected = sum(x[n, i] * layer.weight[i, j] for i in range(3)) + layer.bias[j]
            assert layer.forward(x)[n, j] == pytest.approx(expected)


def test_the_two_layer_tanh_network_of_deck_002_step_by_step(rng):
    x0, y = rng.standard_normal((1, 3)), rng.standard_normal((1, 2))
    network = Sequential(Linear(3, 4, rng=rng), Tanh(), Linear(4, 2, rng=rng))
    W0, W1 = network[0].weight.copy(), network[2].weight.copy()
    x1 = x0 @ W0
    x2 = np.tanh(x1)
    x3 = x2 @ W1
    g3 = x3 - y
    g2 = g3 @ W1.T
    g1 = g2 * (1 - np.tanh(x1) ** 2)
    np.testing.assert_allclose(network.forward(x0), x3)
    np.testing.assert_allclose(network.backward(g3), g1 @ W0.T)
    np.testing.assert_allclose(network[2].weight_gradient, x2.T @ g3)
    np.testing.assert_allclose(network[0].weight_gradient, x0.T @ g1)
    np.testing.assert_allclose(network[0].bias_gradient, g1[0])


def test_an_assigned_weight_is_copied_into_the_buffer_and_stays_trained(rng):
    network = chain(rng, np.float64)
    network[0].weight = np.arange(12.0).reshape(3, 4)
    assert network.parameters[:12].tolist() == list(range(12))
    network.parameters += 1
    assert network[0].weight[0, 0] == 1


def test_an_assigned_weight_must_have_the_shape_of_the_old_one(rng):
    with pytest.raises(ShapeError, match=r"Linear: weight must have shape \(3, 2\), got \(2, 3\)"):
        Linear(3, 2, rng=rng).weight = np.ones((2, 3))


def test_the_weight_mask_marks_weights_and_spares_biases(rng):
    network = chain(rng, np.float32)
    network.parameters[...] = network.weight_mask
    assert network[0].weight.all()
    assert network[2].weight.all()
    assert not network[0].bias.any()
    assert network.weight_mask.dtype == np.float32


@pytest.mark.parametrize("shape", [(5, 4), (3,), (2, 5, 3), ()])
def test_a_linear_layer_refuses_an_input_of_another_shape_and_says_what_it_was_made_for(shape, rng):
    with pytest.raises(ShapeError) as error:
        Linear(3, 2, rng=rng).forward(np.ones(shape))
    assert str(error.value) == (f"Linear: x must have shape (N, 3), got {shape}; the layer was made with in_features=3")


def test_float64_data_do_not_leak_into_a_float32_network(rng):
    network = chain(rng, np.float32)
    assert network.forward(rng.standard_normal((4, 3))).dtype == np.float32
    network.backward_to_parameters(rng.standard_normal((4, 2)))
    assert network.gradients.dtype == np.float32
    assert network.gradients.any()


def test_impossible_layers_are_refused(rng):
    with pytest.raises(RangeError, match="at least one"):
        Linear(0, 2, rng=rng)
    with pytest.raises(DtypeError, match="float32 or float64"):
        Linear(3, 2, rng=rng, dtype=np.int64)
    with pytest.raises(DtypeError, match="float32 and float64"):
        Sequential(Linear(3, 2, rng=rng, dtype=np.float32), Linear(2, 2, rng=rng))
    shared = Tanh()
    with pytest.raises(CourseError, match="twice"):
        Sequential(shared, Linear(3, 3, rng=rng), shared)


def test_a_chain_can_be_read(rng):
    assert repr(chain(rng, np.float64)) == "Sequential(Linear(3, 4), Tanh(), Linear(4, 2))"
    assert list(chain(rng, np.float64).named_parameters()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert next(iter(nested(rng, np.float64).named_gradients())) == "1.0.weight"


@pytest.mark.parametrize("layer", [Sigmoid(), Tanh(), ReLU()], ids=repr)
@given(a=st.floats(-1e6, 1e6))
def test_activations_are_finite_monotone_and_silent_everywhere(layer, a):
    a = np.array([a, np.nextafter(a, np.inf), 1e9])
    z = layer.forward(a)
    assert np.isfinite(z).all()
    assert (np.diff(z) >= 0).all()
    assert (layer.backward(np.ones(3)) >= 0).all()


def test_the_sigmoid_keeps_its_digits_in_the_tails():
    np.testing.assert_allclose(Sigmoid().forward(np.array([-700.0, -40.0])), np.exp([-700.0, -40.0]), rtol=1e-14)


@pytest.mark.parametrize(("layer", "steepest"), [(Sigmoid(), 0.25), (Tanh(), 1.0)])
def test_the_slope_is_steepest_at_zero_as_deck_003_has_it(layer, steepest):
    a = np.linspace(-3, 3, 7)
    slope = layer.slope(a, layer.value(a))
    assert slope.max() == slope[3] == steepest


def test_the_slope_of_relu_at_zero_is_zero():
    layer = ReLU()
    layer.forward(np.array([-1.0, 0.0, 1.0]))
    assert layer.backward(np.full(3, 5.0)).tolist() == [0, 0, 5]


@pytest.mark.parametrize(
    ("initializer", "variance"),
    [(xavier_uniform, 2 / 700), (xavier_normal, 2 / 700), (he_uniform, 2 / 300), (he_normal, 2 / 300)],
)
def test_initial_weights_have_the_variance_that_their_paper_asks_for(initializer, variance, rng):
    weight = initializer((300, 400), rng=rng)
    assert weight.var() == pytest.approx(variance, rel=0.02)  # 120,000 draws: 0.4 % is one standard deviation
    assert abs(weight.mean()) < 5 * np.sqrt(variance / weight.size)


def test_he_keeps_the_size_of_a_signal_through_twenty_relu_layers(rng):
    layers = [layer for _ in range(20) for layer in (Linear(256, 256, rng=rng, initializer=he_normal), ReLU())]
    x = rng.standard_normal((64, 256))
    assert 0.3 < np.sqrt((Sequential(*layers).forward(x) ** 2).mean()) < 3


def planted(method):
    """Make a layer that is right but for one method."""
    return type("Planted", (Tanh,), {method.__name__: method})


@pytest.mark.parametrize(
    "bug",
    [
        pytest.param(lambda self, a, z: 1 - a * a, id="slope in a where z is meant"),
        pytest.param(lambda self, a, z: z - 1, id="sign"),
        pytest.param(lambda self, a, z: 1 + 0 * z, id="slope left out"),
    ],
)
def test_the_contract_catches_a_planted_bug(bug, rng):
    bug.__name__ = "slope"
    with pytest.raises(AssertionError):
        test_the_backward_pass_is_the_derivative_of_the_forward_pass(lambda rng, dtype: planted(bug)(), rng)


def test_what_a_subclass_has_to_state_is_missing_in_the_base():
    for call in (
        lambda: Layer().forward(np.ones(1)),
        lambda: Layer().backward(np.ones(1)),
        lambda: Activation().forward(np.ones(1)),
        lambda: Activation().slope(0, 0),
    ):
        with pytest.raises(NotImplementedError):
            call()
