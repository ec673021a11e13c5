"""Networks put together at random: whatever is stacked, frozen or tied, backward is the derivative of forward."""

import copy

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from course import GELU, BatchNorm, Dropout, LayerNorm, Linear, Sequential, Sigmoid, Softmax, Softplus, Tanh, TanhGELU

SMOOTH = [Sigmoid, Tanh, Softplus, GELU, TanhGELU, Softmax]


@st.composite
def networks(draw):
    """Draw a network of smooth layers, nested here and there, with some parameters frozen and some tied."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    width, layers = 3, []
    for _ in range(draw(st.integers(1, 5))):
        out = draw(st.sampled_from([1, 3, 4]))
        block = [Linear(width, out, rng=rng)]
        block += draw(st.sampled_from([[], [BatchNorm(out)], [LayerNorm(out)], [Dropout(0.6, rng=rng)]]))
        block += [draw(st.sampled_from(SMOOTH))()]
        layers += [Sequential(*block)] if draw(st.booleans()) else block
        width = out
    network = Sequential(*layers)
    network.parameters += 0.3 * rng.standard_normal(network.parameters.shape)
    tie_where_it_fits(network, draw)
    names = list(network.named_parameters())
    if chosen := draw(st.lists(st.sampled_from(names), unique=True, max_size=3)):
        network.freeze(*chosen)
    return network, rng


def tie_where_it_fits(network, draw):
    arrays = network.named_parameters()
    pairs = [(a, b, t) for a in arrays for b in arrays for t in (False, True) if b < a and fits(arrays[a], arrays[b], t)]
    if pairs and draw(st.booleans()):
        name, owner, transposed = draw(st.sampled_from(pairs))
        network.tie(name, owner, transposed=transposed)


def fits(array, owner, transposed):
    return array.ndim == owner.ndim == 2 and array.shape == owner.shape[:: -1 if transposed else 1]


def along(network, x, g, direction, step, training):
    """Return Σ g·f after a step of input and parameters along a direction, on a copy."""
    moved = copy.deepcopy(network)
    moved.parameters += step * direction[x.size :]
    return (moved.forward(x + step * direction[: x.size].reshape(x.shape), training=training) * g).sum()


@settings(max_examples=150)
@given(networks(), st.integers(1, 6), st.booleans())
def test_the_gradient_of_any_network_is_its_slope_in_any_direction(made, n, training):
    network, rng = made
    x = rng.standard_normal((n, 3))
    g = rng.standard_normal(copy.deepcopy(network).forward(x).shape)
    direction = rng.standard_normal(x.size + network.parameters.size)
    h = 1e-5
    slope = (along(network, x, g, direction, h, training) - along(network, x, g, direction, -h, training)) / (2 * h)
    worker = copy.deepcopy(network)
    worker.forward(x, training=training)
    claimed = np.concatenate([worker.backward(g).ravel(), worker.gradients]) @ direction
    np.testing.assert_allclose(claimed, slope, rtol=2e-5, atol=2e-6 * (1 + np.abs(g).sum()))


@given(networks(), st.sampled_from([np.float32, np.float64]))
def test_a_random_network_comes_back_from_its_own_state(made, dtype):
    network, rng = made
    twin = copy.deepcopy(network)
    twin.parameters += 1
    twin.load_state(network.named_state())
    x = rng.standard_normal((4, 3)).astype(dtype)
    np.testing.assert_array_equal(twin.forward(x), network.forward(x))
    assert twin.named_parameters().keys() == network.named_parameters().keys()
