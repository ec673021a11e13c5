"""Reverse mode: every rule, once and twice, seeds, sharing, depth, nesting, and what is refused."""

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from benchmarks import tape as benchmark
from course.autodiff import dual, tape
from course.autodiff.derivatives import ONE_ARGUMENT, TWO_ARGUMENTS, sigmoid, softplus
from course.autodiff.finite_difference import central_difference, numerical_jacobian, numerical_vjp
from course.autodiff.tape import Value
from course.errors import CourseError, DtypeError, ShapeError, StateError
from course.numerics import log_softmax

X = np.array([[0.3, -1.2, 0.7], [2.1, 0.4, -0.6]])
W = np.array([[1.0, -0.5], [0.3, 2.0], [-1.1, 0.7]])
BATCH = np.arange(24.0).reshape(2, 4, 3) / 10 - 1

FUNCTIONS = {
    "sum": lambda x: np.sum(x**3),
    "sum over an axis": lambda x: np.sum(x * x, axis=1),
    "sum over axes that stay": lambda x: x.sum(axis=(0, 1), keepdims=True) * x,
    "mean, variance, deviation": lambda x: np.mean(x**2, axis=0) * np.var(x, axis=0) + np.std(x),
    "largest and smallest": lambda x: np.max(x * x, axis=1, keepdims=True) * x + x.min(),
    "matrix times matrix": lambda x: x @ W @ x,
    "constant matrix on the left": lambda x: W @ x,
    "matrix times vector": lambda x: (x @ x[0]) * (x[:, :2] @ W[0]),
    "vector times matrix": lambda x: (x[0] @ W) * (W[0] @ x[:, :2]),
    "vector times vector": lambda x: x[0] @ x[1],
    "stack of matrices": lambda x: BATCH @ x.T @ x + x[0],
    "stack times a vector": lambda x: BATCH @ x[0],
    "vector times a stack": lambda x: x[0] @ (BATCH.transpose(0, 2, 1) * x[1, 0]),
    "dot, inner, outer": lambda x: np.dot(x, W) * np.inner(x, W.T) + np.vdot(x, x) + np.outer(x[0], x[1])[:2, :2],
    "reshape and transpose": lambda x: x.reshape(3, 2) * x.T * np.reshape(x, -1)[0],
    "transpose with axes": lambda x: np.transpose(BATCH * x[0], (2, 0, 1)) ** 2,
    "swapped and moved axes": lambda x: np.swapaxes(x * BATCH[:, :2], 0, 2) + np.moveaxis(x * BATCH[:, :2], 2, 0),
    "axes moved to the end and the middle": lambda x: np.moveaxis(BATCH * x[0], 0, 2) * np.moveaxis(BATCH * x[1], 0, -1),
    "new and dropped axes": lambda x: np.squeeze(np.expand_dims(x, 1), 1) * x[:, None, :],
    "slices": lambda x: x[1:] * x[:-1] * x[..., ::-1],
    "repeated indices": lambda x: x[[0, 0, 1]] ** 2 * x[[0, 1, 1], [2, 2, 0]][:, None],
    "mask": lambda x: x[X > 0] ** 2,
    "one entry": lambda x: x[0, 1] * x[1, 2],
    "concatenation": lambda x: np.concatenate([x, X, x * x], axis=1) ** 2,
    "stacks": lambda x: np.stack([x, x * x], axis=1) * np.vstack([x[0], x])[0] + np.hstack([x[0], x[1]])[0],
    "broadcast": lambda x: np.broadcast_to(x[0], (4, 3)) ** 2 + np.arange(4.0)[:, None] * x[1],
    "broadcasting": lambda x: x[0] * x[:, :1] / (x + 3) - X,
    "constants on the left": lambda x: 2.0 - X / (x + 3) + np.float64(2) ** x + np.power(3.0, x),
    "powers": lambda x: (x * x) ** 1.5 + x**3 + (x * x + 1) ** x,
    "choice": lambda x: (
        np.where(x > 0.1, x * x, -x) + np.maximum(x, 0.2) + np.minimum(x, X[0] + 0.05) + np.clip(x, -0.5, 0.5)
    ),
    "absolute": lambda x: np.abs(x) ** 1.5 + abs(x),
    "running sums": lambda x: np.cumsum(x, axis=1) ** 2 + np.cumsum(x)[0] + np.flip(x, 1),
    "stable functions": lambda x: sigmoid(3 * x) + softplus(x) + np.logaddexp(x, x * x),
    "log-softmax": lambda x: log_softmax(x) * X,
    "iteration": lambda x: sum(row * row[0] for row in x),
}


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_rule_goes_back_as_finite_differences_do_under_a_random_upstream_gradient(f, rng):
    g_out = rng.standard_normal(np.shape(f(X)))
    got = tape.vjp(f, X, g_out)
    assert got.shape == X.shape
    np.testing.assert_allclose(got, numerical_vjp(f, X, g_out), atol=1e-7)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_way_back_of_a_rule_can_itself_be_gone_back(f, rng):
    g_out, v = rng.standard_normal(np.shape(f(X))), rng.standard_normal(X.shape)
    got = tape.hvp(lambda x: np.sum(g_out * f(x)), X, v)
    np.testing.assert_allclose(got, numerical_vjp(lambda x: tape.vjp(f, x, g_out), X, v), atol=2e-6)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_forward_and_reverse_mode_give_one_jacobian(f):
    np.testing.assert_allclose(tape.jacobian(f, X), dual.jacobian(f, X), atol=1e-12)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_the_value_is_what_numpy_computes_and_the_input_is_left_alone(f):
    x = X.copy()
    np.testing.assert_array_equal(np.asarray(f(Value(x)).data), f(X))
    np.testing.assert_array_equal(x, X)


@pytest.mark.parametrize("function", ONE_ARGUMENT, ids=lambda f: f.__name__)
def test_every_function_of_the_table_goes_back_once_and_twice(function):
    x = np.array([0.2, 0.9, 1.4])
    np.testing.assert_allclose(tape.vjp(function, x, x), numerical_vjp(function, x, x), atol=1e-8)
    second = tape.hessian(lambda x: np.sum(function(x) * x), x)
    expected = numerical_jacobian(lambda x: function(x) + x * tape.vjp(function, x, np.ones(3)), x)
    np.testing.assert_allclose(second, expected, atol=1e-7)


@pytest.mark.parametrize("function", TWO_ARGUMENTS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("shapes", [((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2, 3)), ((2, 3), ())])
def test_every_function_of_two_arguments_goes_back_to_both_through_broadcasting(function, shapes, rng):
    x, y = (rng.uniform(0.2, 2, shape) for shape in shapes)
    g_out = rng.standard_normal((2, 3))
    got = tape.grad(lambda x, y: np.sum(g_out * function(x, y)), wrt=(0, 1))(x, y)
    np.testing.assert_allclose(got[0], numerical_vjp(lambda x: function(x, y), x, g_out), atol=1e-7)
    np.testing.assert_allclose(got[1], numerical_vjp(lambda y: function(x, y), y, g_out), atol=1e-7)


@given(hnp.arrays(float, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3), elements=st.floats(-3, 3)))
def test_gradients_have_the_shape_of_the_input_whatever_it_is(x):
    gradient = tape.grad(lambda x: np.sum(np.tanh(x) * x))(x)
    assert np.shape(gradient) == x.shape
    np.testing.assert_allclose(gradient, np.tanh(x) + x / np.cosh(x) ** 2, atol=1e-12)


def test_arrays_that_are_not_contiguous_are_as_good_as_others():
    x = np.asfortranarray(X)[:, ::-1]
    np.testing.assert_allclose(tape.grad(lambda x: np.sum((x @ W) ** 2))(x), 2 * x @ W @ W.T)


def test_single_precision_stays_single_all_the_way():
    x = X.astype(np.float32)

    def f(x):
        hidden = np.maximum(np.tanh(x @ W.astype(np.float32)) * 2 + 1, 0)
        return np.mean(np.concatenate([hidden, hidden]) ** 2 / 3) + np.max(x)

    value, gradient = tape.value_and_grad(f)(x)
    assert value.dtype == gradient.dtype == np.float32
    assert tape.hvp(f, x, x).dtype == np.float32


def test_the_gradient_of_a_shared_value_is_the_sum_over_its_consumers():
    x = Value(3.0)
    y = x * x
    z = y * x + y + 5 * y
    z.backward()
    assert y.gradient == 3 + 1 + 5
    assert x.gradient == 3 * 9 + 12 * 3


def test_sharing_costs_nothing_forty_doublings_are_forty_operations():
    x = Value(1.0)
    y = x
    for _ in range(40):
        y = y + y
    y.backward()
    assert len(tape.topological_order(y)) == 41
    assert x.gradient == 2.0**40


def test_a_hundred_thousand_operations_need_no_recursion_and_leave_nothing_behind():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y * 1.00001
    y.backward()
    assert x.gradient == pytest.approx(1.00001**100_000)
    before = len(gc.get_objects())
    del y
    assert len(gc.get_objects()) < before - 100_000


def test_second_derivatives_of_nine_thousand_operations_need_no_recursion():
    def f(x):
        for _ in range(3_000):
            x = x + 1e-4 * np.sin(x)
        return x

    assert tape.grad(tape.grad(f))(0.5) == pytest.approx(float(central_difference(tape.grad(f), 0.5)), rel=1e-6)


def test_the_order_lists_inputs_before_consumers_each_once():
    x, w = Value(1.0), Value(2.0)
    y = x * w + x
    order = tape.topological_order(y * y)
    assert {id(v) for v in order[:2]} == {id(x), id(w)}
    assert len(order) == 5
    place = {id(v): k for k, v in enumerate(order)}
    assert all(place[id(u)] < place[id(v)] for v in order for u in v.inputs if isinstance(u, Value))


def test_at_a_tie_the_second_argument_takes_all_and_equal_largest_entries_share():
    assert tape.grad(lambda x: np.maximum(x, 0.0))(0.0) == 0
    assert tape.grad(lambda x: np.maximum(0.0, x))(0.0) == 1
    np.testing.assert_allclose(tape.grad(np.max)(np.array([1.0, 3.0, 3.0])), [0, 0.5, 0.5])


def test_a_seed_weighs_the_outputs():
    x = Value(X)
    z = x @ W
    z.backward(seed=np.ones((2, 2)))
    np.testing.assert_allclose(x.gradient, np.ones((2, 2)) @ W.T)
    z.backward(seed=[[1, 0], [0, 0]])
    np.testing.assert_allclose(x.gradient, [W[:, 0], [0, 0, 0]])


def test_a_backward_pass_overwrites_and_does_not_add():
    x = Value(2.0)
    y = x * x
    y.backward()
    y.backward()
    assert x.gradient == 4
    (3 * x).backward()
    assert x.gradient == 3


def test_second_derivatives_by_hand():
    x = Value(2.0)
    y = x * x * x
    y.backward(record=True)
    first = x.gradient
    assert isinstance(first, Value)
    first.backward(record=True)
    second = x.gradient
    second.backward()
    assert (first.data, second.data, x.gradient) == (12, 12, 6)


@given(st.floats(-2, 2), st.floats(-2, 2))
def test_an_inner_gradient_does_not_take_the_outer_variable_for_its_own(x, y):
    assert tape.grad(lambda x: x * tape.grad(lambda t: x * t * t)(y))(x) == pytest.approx(4 * x * y, abs=1e-12)
    assert tape.grad(lambda x: x * tape.grad(lambda t: x + t)(1.0))(x) == 1


def test_forward_mode_inside_reverse_mode_gives_second_derivatives():
    got = tape.grad(lambda x: dual.derivative(lambda t: np.sin(t) * t, x))(0.7)
    assert got == pytest.approx(2 * np.cos(0.7) - 0.7 * np.sin(0.7))


def test_a_hessian_vector_product_is_the_hessian_times_the_vector(rng):
    def f(x):
        return np.sum(np.exp(x @ W)) * np.sum(x**3)

    v = rng.standard_normal(X.shape)
    hessian = tape.hessian(f, X)
    np.testing.assert_allclose(tape.hvp(f, X, v), np.tensordot(hessian, v, 2))
    np.testing.assert_allclose(hessian, hessian.transpose(2, 3, 0, 1))


def test_constants_get_no_gradient_and_cost_no_way_back():
    x, c = Value(X), X.copy()
    y = np.sum(x * c + c)
    y.backward()
    np.testing.assert_array_equal(x.gradient, c)
    negative = Value(-2.0)
    power = negative**3.0  # the slope by the exponent would be a logarithm of -2
    power.backward()
    assert negative.gradient == 12


def test_nothing_is_recorded_inside_no_grad_not_even_after_an_error_inside():
    x = Value(2.0)
    with tape.no_grad():
        y = np.tanh(x) * x
    assert (y.inputs, y.rule) == ((), None)
    with tape.no_grad():
        with tape.no_grad():
            pass
        assert (x * x).inputs == ()
    with pytest.raises(ZeroDivisionError), tape.no_grad():
        x / 0.0
    assert (x * x).inputs == (x, x)


def test_arguments_may_be_lists_and_dictionaries_of_arrays():
    def f(parameters, x):
        return np.sum((x @ parameters["W"] + parameters["bias"][0]) ** 2)

    gradient = tape.grad(f)({"W": W, "bias": [np.ones(2)], "unused": np.ones(3)}, X)
    np.testing.assert_allclose(gradient["W"], 2 * X.T @ (X @ W + 1))
    np.testing.assert_allclose(gradient["bias"][0], 2 * (X @ W + 1).sum(0))
    np.testing.assert_array_equal(gradient["unused"], np.zeros(3))


def test_gradients_that_are_handed_out_share_no_memory():
    g_out = np.ones(3)
    a, b = tape.grad(lambda x, y: np.sum(x + y), wrt=(0, 1))(np.ones(3), np.ones(3))
    c = tape.vjp(lambda x: x, np.ones(3), g_out)
    a += 1
    c += 1
    assert b.tolist() == g_out.tolist() == [1, 1, 1]


def test_a_recorded_value_cannot_be_changed_behind_the_back_of_the_tape():
    array = np.ones(3)
    x = Value(array)
    y = np.sum(x * x)
    array[:] = 7
    with pytest.raises(ValueError, match="read-only"):
        x.data[0] = 7
    with pytest.raises(CourseError, match="cannot be changed in place"):
        x[0] = 7
    before = x
    x += 1
    y.backward()
    np.testing.assert_array_equal(before.gradient, 2 * np.ones(3))


def test_what_is_compared_is_the_plain_value():
    x = Value(X)
    np.testing.assert_array_equal(x > 0, X > 0)
    np.testing.assert_array_equal(np.less(X, x), np.zeros_like(X, bool))
    assert len(x) == 2
    assert (x.shape, x.ndim, x.size, x.dtype) == ((2, 3), 2, 6, float)


@pytest.mark.parametrize(
    ("seed", "got"),
    [(None, "none"), (np.ones(2), r"shape \(2,\)"), (1.0, r"shape \(\)"), (np.ones((1, 3)), r"shape \(1, 3\)")],
)
def test_a_seed_of_another_shape_is_refused(seed, got):
    with pytest.raises(ShapeError, match=rf"must have the shape of the output, \(2, 3\), got {got}"):
        Value(X).backward(seed)


def test_mistakes_are_told_clearly():
    with pytest.raises(ShapeError, match=r"f must return one number, got shape \(2, 3\); use vjp or jacobian"):
        tape.grad(np.tanh)(X)
    with pytest.raises(StateError, match="must be a Value, got float64, which is not on the tape"):
        tape.backward(np.float64(1.0))
    with pytest.raises(DtypeError, match="must be real numbers, got str"):
        Value("x")
    with pytest.raises(CourseError, match="Value: sort has no derivative rule here"):
        np.sort(Value(X))
    with pytest.raises(CourseError, match="Value: floor has no derivative rule"):
        np.floor(Value(X))
    with pytest.raises(CourseError, match="cannot become a plain array"):
        np.array([Value(1.0), Value(2.0)])
    with pytest.raises(TypeError):
        Value(1.0) + "x"


def half_squared_error(p, y):
    return 0.5 * np.vdot(p - y, p - y) / len(p), (p - y) / len(p)


def test_the_fused_operations_equal_what_they_are_made_of(rng):
    b, y = rng.standard_normal(2), rng.standard_normal((2, 2))

    def fused(x, W, b):
        return tape.loss(half_squared_error, np.tanh(tape.linear(x, W, b)), y)

    def plain(x, W, b):
        return 0.5 * np.sum((np.tanh(x @ W + b) - y) ** 2) / 2

    (value, gradients), (expected, others) = (tape.value_and_grad(f, wrt=(0, 1, 2))(X, W, b) for f in (fused, plain))
    assert value == pytest.approx(expected)
    for got, want in zip(gradients, others, strict=True):
        np.testing.assert_allclose(got, want)
    scaled = tape.grad(lambda x: 3 * fused(x, W, b))(X)
    np.testing.assert_allclose(scaled, 3 * gradients[0])


def test_a_fused_linear_operation_can_be_differentiated_twice(rng):
    b = rng.standard_normal(2)
    got = tape.hessian(lambda W: np.sum(np.tanh(tape.linear(X, W, b)) ** 2), W)
    np.testing.assert_allclose(got, tape.hessian(lambda W: np.sum(np.tanh(X @ W + b) ** 2), W))


def test_a_fused_operation_refuses_what_does_not_fit():
    with pytest.raises(
        ShapeError, match=r"must have shapes \(N, D\), \(D, M\) and \(M,\), got \(2, 3\), \(3, 2\) and \(3,\)"
    ):
        tape.linear(Value(X), W, np.ones(3))
    with pytest.raises(ShapeError, match="linear: x, weight and bias"):
        tape.linear(Value(X.T), W, np.ones(2))
    with pytest.raises(StateError, match="write the loss with NumPy to differentiate it twice"):
        tape.hessian(lambda x: tape.loss(half_squared_error, x, X), X)


def test_the_benchmark_compares_what_finds_the_same_gradients():
    benchmark.agree_with_numpy(benchmark.library(), benchmark.by_hand())


def test_pytorch_finds_the_same_gradients(rng):
    torch = pytest.importorskip("torch")
    arrays = [rng.standard_normal(shape) for shape in [(5, 2), (2, 4), (4,), (4, 3), (3,)]]
    labels = rng.integers(0, 3, 5)

    def ours(x, W1, b1, W2, b2):
        logits = np.maximum(np.tanh(x @ W1 + b1), 0.1) @ W2 + b2
        return -np.mean(log_softmax(logits)[np.arange(5), labels]) + np.var(W1) + np.sum(np.cumsum(b1) ** 2)

    theirs = [torch.tensor(a, requires_grad=True) for a in arrays]
    x, W1, b1, W2, b2 = theirs
    logits = torch.clamp(torch.tanh(x @ W1 + b1), min=0.1) @ W2 + b2
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
    (loss + W1.var(unbiased=False) + (b1.cumsum(0) ** 2).sum()).backward()
    for got, want in zip(tape.grad(ours, wrt=(0, 1, 2, 3, 4))(*arrays), theirs, strict=True):
        np.testing.assert_allclose(got, want.grad.numpy(), rtol=1e-10, atol=1e-12)
