"""What every layer promises, clause by clause: kept in test_contract.py, and on trial in test_planted_bugs.py."""

import copy
import pickle
import zlib

import numpy as np
import pytest

from course.errors import DtypeError, ShapeError, StateError

CLAUSES = {}


def clause(f):
    CLAUSES[f.__name__] = f
    return f


def fresh(make, dtype=np.float64, seed=0):
    """Make a layer whose parameters and running averages are no longer the tidy ones that it starts with."""
    rng = np.random.default_rng(seed)
    layer = make(rng, dtype)
    for array in layer.named_state().values():
        array[...] += rng.uniform(0.1, 0.4, array.shape).astype(dtype)
    return layer


def run(layer, x, g, training=True):
    """Go forward and back on a copy of the layer; return it, what came out, and the gradients."""
    layer = copy.deepcopy(layer)
    x_out = layer.forward(x, training=training)
    g_in = layer.backward(g(x_out.shape) if callable(g) else g)
    return layer, x_out, {"x": g_in, **layer.named_gradients()}


def numeric_gradient(outputs, array, g, h=1e-6):
    """Differentiate Σ g·outputs() by an array that outputs depends on, one entry at a time."""
    gradient = np.empty(array.shape)
    for i in np.ndindex(array.shape):
        start = array[i]
        array[i] = start + h
        above = outputs().copy()
        array[i] = start - h
        gradient[i] = ((above - outputs()) * g).sum() / (2 * h)
        array[i] = start
    return gradient


@clause
def gradients(make, shape, rng):
    for n, training in (1, False), (5, False), (1, True), (5, True):
        layer, x = fresh(make), rng.standard_normal((n, *shape))
        g = rng.standard_normal(copy.deepcopy(layer).forward(x).shape)
        _, _, claimed = run(layer, x, g, training)
        moved = {"x": x, **layer.named_parameters()}
        assert claimed.keys() == moved.keys()
        for name, array in moved.items():
            # A fresh copy for each pass: it draws the same masks, and has seen no batch before.
            expected = numeric_gradient(lambda: copy.deepcopy(layer).forward(x, training=training), array, g)  # noqa: B023
            np.testing.assert_allclose(claimed[name], expected, rtol=1e-6, atol=1e-7, err_msg=name)


@clause
def overwriting(make, shape, rng):
    layer, x = fresh(make), rng.standard_normal((4, *shape))
    g = rng.standard_normal(layer.forward(x, training=True).shape)
    once, flat = layer.backward(g).copy(), layer.gradients.copy()
    layer.backward(7 * g)
    np.testing.assert_array_equal(layer.backward(g), once)
    np.testing.assert_array_equal(layer.gradients, flat)


@clause
def halves(make, shape, rng):
    layer, x = fresh(make), rng.standard_normal((4, *shape))
    g = rng.standard_normal(layer.forward(x, training=True).shape)
    g_in, flat = layer.backward(g), layer.gradients.copy()
    layer.gradients[...] = np.nan
    layer.backward_to_parameters(g)
    np.testing.assert_array_equal(layer.gradients, flat)
    np.testing.assert_array_equal(layer.backward_to_input(g), g_in)


@clause
def precision(make, shape, rng):
    for dtype in (np.float32, np.float64):
        for training in (False, True):
            x, g = (lambda s, dtype=dtype: rng.standard_normal(s).astype(dtype)), rng.standard_normal
            layer, x_out, arrays = run(fresh(make, dtype), x((4, *shape)), g, training)  # a float64 gradient leaks nowhere
            found = [x_out, layer.parameters, layer.gradients, *arrays.values(), *layer.named_state().values()]
            assert {a.dtype for a in found} == {np.dtype(dtype)} or not layer.parameters.size
            assert {x_out.dtype, arrays["x"].dtype} <= {np.dtype(dtype)} or not layer.layers


@clause
def batches(make, shape, rng):
    for n, training in (0, False), (0, True), (1, False), (1, True):
        layer, x_out, arrays = run(fresh(make), rng.standard_normal((n, *shape)), rng.standard_normal, training)
        assert len(x_out) == n
        assert arrays["x"].shape == (n, *shape)
        assert all(np.isfinite(a).all() for a in (x_out, *arrays.values(), *layer.named_state().values()))
        assert n or not layer.gradients.any()


@clause
def layout(make, shape, rng):
    layer, wide = fresh(make), rng.standard_normal((8, *(2 * d for d in shape)))
    x = wide[tuple([slice(None, None, -2)] * wide.ndim)]
    g = rng.standard_normal(copy.deepcopy(layer).forward(x).shape)
    _, x_out, expected = run(layer, np.ascontiguousarray(x), g)
    for same in x, np.asfortranarray(x):
        _, got_out, got = run(layer, same, np.asfortranarray(g))
        np.testing.assert_allclose(got_out, x_out, rtol=1e-12, atol=1e-14)
        for name, array in expected.items():
            np.testing.assert_allclose(got[name], array, rtol=1e-12, atol=1e-13, err_msg=name)


@clause
def arguments(make, shape, rng):
    layer, x = fresh(make), rng.standard_normal((4, *shape))
    g, parameters = rng.standard_normal(copy.deepcopy(layer).forward(x).shape), layer.parameters.copy()
    before = x.copy(), g.copy()
    for training in (False, True):
        layer.forward(x, training=training)
        layer.backward(g)
        np.testing.assert_array_equal(x, before[0])
        np.testing.assert_array_equal(g, before[1])
        np.testing.assert_array_equal(layer.parameters, parameters)


@clause
def evaluation(make, shape, rng):
    layer, x = fresh(make), rng.standard_normal((4, *shape))
    state = copy.deepcopy(layer.named_state())
    x_out = layer.forward(x)
    np.testing.assert_array_equal(layer.forward(x), x_out)
    for n in range(4):
        np.testing.assert_allclose(layer.forward(x[n : n + 1]), x_out[n : n + 1], rtol=1e-12, err_msg="the batch matters")
    for name, array in layer.named_state().items():
        np.testing.assert_array_equal(array, state[name], err_msg=name)


@clause
def copies(make, shape, rng):
    layer, x = fresh(make), rng.standard_normal((4, *shape))
    layer.forward(x, training=True)
    twins = [copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))]
    expected = [layer.forward(x, training=training) for training in (False, True)]
    after = copy.deepcopy(layer.named_state())
    for twin in twins:
        got = [twin.forward(x, training=training) for training in (False, True)]
        np.testing.assert_allclose(got, expected, rtol=1e-14, atol=1e-15)
        windows(lambda rng, dtype, twin=twin: twin, shape, rng)
        for array in twin.named_state().values():
            array[...] += 1
    for name, array in layer.named_state().items():
        np.testing.assert_array_equal(array, after[name], err_msg=name)


@clause
def storage(make, shape, rng, tmp_path):
    saved, other, x = fresh(make), fresh(make, seed=1), rng.standard_normal((4, *shape))
    for layer in (saved, other):
        layer.forward(rng.standard_normal((4, *shape)), training=True)
    saved.save(tmp_path / "net.npz")
    other.load(tmp_path / "net.npz")
    np.testing.assert_array_equal(other.forward(x), saved.forward(x))


@clause
def order(make, shape, rng):
    layer = fresh(make)
    if getattr(layer, "layers", True):
        with pytest.raises(StateError, match="call forward first"):
            layer.backward(np.ones((4, 2)))


@clause
def shapes(make, shape, rng):
    layer = fresh(make)
    good = layer.forward(np.ones((4, *shape)), training=True).shape
    for bad in ((1, *good[1:]), (5, *good[1:]), (*good[:-1], 1), (*good[:-1], good[-1] + 1), good[1:], (*good, 1)):
        if getattr(layer, "layers", True):
            with pytest.raises(ShapeError, match="g_out must have shape"):
                layer.backward(np.ones(bad))


@clause
def lists(make, shape, rng):
    layer, x = fresh(make), rng.integers(-3, 4, (4, *shape))
    g = rng.integers(-3, 4, copy.deepcopy(layer).forward(x.astype(float)).shape)
    _, expected_out, expected = run(layer, x.astype(float), g.astype(float))
    if getattr(layer, "layers", True):
        for x_in, g_out in (x.tolist(), g.tolist()), (x, g):
            _, x_out, got = run(layer, x_in, g_out)
            np.testing.assert_allclose(x_out, expected_out, rtol=1e-14)
            for name, array in expected.items():
                np.testing.assert_allclose(got[name], array, rtol=1e-13, atol=1e-14, err_msg=name)
        with pytest.raises(DtypeError, match="must hold numbers"):
            layer.forward(np.full((4, *shape), "spam"))


@clause
def windows(make, shape, rng):
    layer = make(rng, np.float64)
    for flat, named in (layer.parameters, layer.named_parameters()), (layer.gradients, layer.named_gradients()):
        flat[...] = np.arange(flat.size)
        np.testing.assert_array_equal(np.concatenate([[], *(a.ravel() for a in named.values())]), flat)
        assert all(np.shares_memory(a, flat) for a in named.values())
    assert layer.weight_mask.shape == layer.parameters.shape


@clause
def freezing(make, shape, rng):
    layer, x = fresh(make), rng.standard_normal((4, *shape))
    _, x_out, expected = run(layer, x, np.ones)
    before = layer.named_parameters().keys()
    layer.freeze()
    assert not layer.parameters.size
    frozen, frozen_out, got = run(layer, x, np.ones)
    frozen.backward_to_parameters(np.ones(x_out.shape))
    np.testing.assert_array_equal(frozen_out, x_out)
    np.testing.assert_array_equal(got["x"], expected["x"])
    layer.unfreeze()
    _, _, again = run(layer, x, np.ones)
    assert set(before) <= set(layer.named_parameters())
    for name, array in expected.items():
        np.testing.assert_array_equal(again[name], array, err_msg=name)


def check(name, make, shape, tmp_path):
    """Run one clause, with data of its own that are the same in every run."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    CLAUSES[name](make, shape, rng, *([tmp_path] if name == "storage" else []))
