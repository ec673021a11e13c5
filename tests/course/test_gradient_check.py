"""The gradient check: it finds what is wrong, says where and how, and blames nothing that is right."""

from itertools import count

import numpy as np
import pytest

from course.gradient_check import gradient_check


def affine(x, W, b):
    return x @ W + b


def affine_backward(g, x, W, b):
    return g @ W.T, x.T @ g, g.sum(0)


TERM = "one term is missing or wrong"
ROWS_OFF = "every row has the right direction, but a wrong scale of its own"
LAST_TWICE = np.array([[1], [1], [1], [2]])


@pytest.fixture
def inputs(rng):
    return rng.standard_normal((4, 3)), rng.standard_normal((3, 2)), rng.standard_normal(2)


def relations(report):
    return {finding.name: finding.relation for finding in report.findings}


@pytest.mark.parametrize("directions", [None, 3])
def test_a_right_backward_pass_passes_at_every_index_and_in_every_direction(inputs, rng, directions):
    report = gradient_check(affine, inputs, affine_backward, rng=rng, directions=directions)
    assert report
    assert report.error < 1e-8
    assert [finding.name for finding in report.findings] == ["x", "W", "b"]


@pytest.mark.parametrize(
    ("name", "bug", "words"),
    [
        ("x", lambda gx, gW, gb: (-gx, gW, gb), "the sign is opposite"),
        ("W", lambda gx, gW, gb: (gx, 2 * gW, gb), "it is 2 times too large"),
        ("W", lambda gx, gW, gb: (gx, gW / 4, gb), "it is 1/4 of the right size (a mean over the 4 rows, not a sum?)"),
        ("b", lambda gx, gW, gb: (gx, gW, 4 * gb), "it is 4 times too large (a sum over the 4 rows, not a mean?)"),
        ("W", lambda gx, gW, gb: (gx, gW * np.pi, gb), "the right direction, but wrong in scale"),
        ("W", lambda gx, gW, gb: (gx, gW.T, gb), "it is the transpose"),
        ("W", lambda gx, gW, gb: (gx, gW * [[1], [1], [0]], gb), "right except in the last row, which is all zeros"),
        ("x", lambda gx, gW, gb: (gx * LAST_TWICE, gW, gb), "right except in the last row, where it is 2 times too large"),
        ("x", lambda gx, gW, gb: (gx[::-1], gW, gb), "the rows are right, but in reverse order"),
        ("x", lambda gx, gW, gb: (gx[[1, 2, 0, 3]], gW, gb), "the rows are right, but in another order"),
        ("x", lambda gx, gW, gb: (0 * gx + gx.sum(0), gW, gb), "every row is the sum of the right rows"),
        ("b", lambda gx, gW, gb: (gx, gW, 0 * gb), "all zeros"),
        ("b", lambda gx, gW, gb: (gx, gW, None), "it is None instead of an array"),
        ("b", lambda gx, gW, gb: (gx, gW, gW), "the shape is (3, 2) instead of (2,)"),
        ("b", lambda gx, gW, gb: (gx, gW, gb[None]), "the shape is (1, 2) instead of (2,), though the values are right"),
        ("x", lambda gx, gW, gb: ([[1], [1, 2]], gW, gb), "it is ragged: its rows have different lengths"),
        ("b", lambda gx, gW, gb: (gx, gW), "it is None instead of an array"),
        ("x", lambda gx, gW, gb: (gx * np.nan, gW, gb), "it contains NaN"),
    ],
)
def test_a_planted_bug_is_found_where_it_is_and_named_and_nothing_else_is_blamed(inputs, rng, name, bug, words):
    report = gradient_check(affine, inputs, lambda g, *a: bug(*affine_backward(g, *a)), rng=rng)
    assert not report
    assert {k: v for k, v in relations(report).items() if v} == {name: words}
    assert f"{name}: {words}" in str(report)


@pytest.mark.parametrize(
    ("name", "wrong", "words"),
    [
        ("b", lambda g, x, W: g, "the shape is (4, 2) instead of (2,): the sum over axis 0 is missing"),
        ("b", lambda g, x, W: g.sum(), "the shape is () instead of (2,): it is the sum of the right one over axis 0"),
        ("W", lambda g, x, W: x.T @ np.ones_like(g), "it does not depend on the upstream gradient"),
        ("W", lambda g, x, W: x[:-1].T @ g[:-1], "the last row of the upstream gradient is left out"),
        ("W", lambda g, x, W: x[1:].T @ g[1:], "the first row of the upstream gradient is left out"),
        ("W", lambda g, x, W: x.T @ g + 0.3 * W, f"{TERM}: a multiple of W itself"),
    ],
)
def test_a_wrong_way_back_through_a_linear_layer_is_named(inputs, rng, name, wrong, words):
    def backward(g, x, W, b):
        right = dict(zip(("x", "W", "b"), affine_backward(g, x, W, b), strict=True))
        return right | {name: wrong(g, x, W)}

    assert {k: v for k, v in relations(gradient_check(affine, inputs, backward, rng=rng)).items() if v} == {name: words}


def softmax(x):
    e = np.exp(x)
    return e / e.sum(1, keepdims=True)


def normalize(x):
    return (x - x.mean(0)) / x.std(0)


def normalize_backward_without_the_mean(g, x):
    z = normalize(x)
    return (g - z * (g * z).mean(0)) / x.std(0)


@pytest.mark.parametrize(
    ("f", "backward", "words"),
    [
        (softmax, lambda g, x: g * softmax(x), f"{TERM}: in each row a multiple of the output"),
        (normalize, normalize_backward_without_the_mean, f"{TERM}: the same number for all of a column"),
        (normalize, lambda g, x: (g - g.mean(0)) / x.std(0), f"{TERM}: in each column a multiple of the output"),
        (lambda x: x + np.tanh(x), lambda g, x: g * (1 - np.tanh(x) ** 2), f"{TERM}: a multiple of the upstream gradient"),
        (np.tanh, lambda g, x: g, "it is the upstream gradient, handed on unchanged"),
        (np.exp, lambda g, x: g * np.exp(x) / x.sum(1, keepdims=True), ROWS_OFF),
    ],
)
def test_a_missing_term_is_named(rng, f, backward, words):
    assert gradient_check(f, rng.standard_normal((5, 4)), backward, rng=rng).findings[0].relation == words


class Adds:
    """Adds its gradient to what stands there, as PyTorch does."""

    def __init__(self, rng):
        self.W, self.dW = rng.standard_normal((3, 2)), np.zeros((3, 2))

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, g):
        self.dW += self.x.T @ g
        return g @ self.W.T


def test_a_gradient_that_is_added_to_what_stood_there_is_named(rng):
    layer, x = Adds(rng), rng.standard_normal((4, 3))
    assert gradient_check(layer, x, rng=rng), "the gradient starts at zero"
    assert not layer.dW.any(), "and is put back to zero"
    layer.dW[:] = rng.standard_normal((3, 2))
    words = "it is added to what stood there before, in place of taking its place"
    assert relations(gradient_check(layer, x, rng=rng)) == {"x": None, "W": words}


@pytest.mark.parametrize("factor", [-1.0, 0.25, 0.0, np.pi])
def test_random_directions_catch_what_every_index_catches(inputs, rng, factor):
    def wrong(g, *arrays):
        gx, gW, gb = affine_backward(g, *arrays)
        return gx, factor * gW, gb

    report = gradient_check(affine, inputs, wrong, rng=rng, directions=4)
    assert [f.relation is None for f in report.findings] == [True, False, True]


def test_random_directions_find_a_wrong_gradient_that_is_tiny_beside_the_others(rng):
    def f(x, w):
        return 1e5 * x.sum() + 1e-3 * w.sum()

    x, w = rng.standard_normal((2, 3)), rng.standard_normal(3)
    report = gradient_check(f, (x, w), lambda g, x, w: (1e5 * g + 0 * x, 1.1e-3 * g + 0 * w), rng=rng, directions=2)
    assert [finding.relation is None for finding in report.findings] == [True, False]


def test_a_reshape_where_a_transpose_belongs_is_caught(rng):
    report = gradient_check(np.transpose, rng.standard_normal((2, 3)), lambda g, x: g.reshape(x.shape), rng=rng)
    assert report.findings[0].relation == "the values are right, but in another order"


def test_the_report_says_at_which_indices(rng):
    report = gradient_check(np.sin, np.ones(3), lambda g, x: g * np.cos(x) * [1, 1, 1.3], rng=rng)
    assert report.findings[0].wrong == ((2,),)
    assert str(report).endswith("x: right except in the last entry (1 of 3 entries, such as [2])")


def relu(x):
    return np.maximum(x, 0)


def relu_backward(g, x):
    return g * (x > 0)


def largest(x):
    return x.max()


def largest_backward(g, x):
    return g * (np.arange(x.size) == x.argmax()).reshape(x.shape)


@pytest.mark.parametrize("directions", [None, 5])
@pytest.mark.parametrize(
    ("f", "backward", "x"),
    [
        (relu, relu_backward, [0.0, 1e-7, 4e-6, 1.0, -1.0]),
        (relu, lambda g, x: g * (x >= 0), [0.0, 0.0, 0.0]),
        (np.abs, lambda g, x: g * np.where(x >= 0, 1, -1), [0.0, 1.0, -1e-7]),
        (largest, largest_backward, [2.0, 1.0, 2.0]),
        (lambda x: 3 * relu(x) - relu(-x), lambda g, x: g * (3.0 * (x > 0) + (x < 0)), [0.0, 1.0]),
    ],
)
def test_a_kink_is_no_error(rng, f, backward, x, directions):
    assert gradient_check(f, np.array(x), backward, rng=rng, directions=directions)


def test_kinks_are_reported(rng):
    report = gradient_check(relu, np.array([0.0, 1e-7, 4e-6, 1.0, -1.0]), relu_backward, rng=rng)
    assert report.findings[0].kinks == ((0,), (1,))
    assert str(report).endswith("x: right (5 entries; 2 at a kink, judged on both sides of it)")


@pytest.mark.parametrize("directions", [None, 5])
@pytest.mark.parametrize(
    ("f", "wrong", "x"),
    [
        (relu, lambda g, x: g, [0.0, 1.0, 2.0]),
        (relu, lambda g, x: -g * (x > 0), [0.0, 0.0, 0.0]),
        (relu, lambda g, x: g * (x < 0), [0.0]),
        (np.abs, lambda g, x: -g * np.where(x >= 0, 1, -1), [0.0, 0.0]),
        (np.abs, lambda g, x: g, [0.0]),
        (largest, lambda g, x: 2 * largest_backward(g, x), [1.0, 1.0]),
    ],
)
def test_a_kink_hides_no_error(rng, f, wrong, x, directions):
    assert not gradient_check(f, np.array(x), wrong, rng=rng, directions=directions)


def test_a_bug_beside_a_kink_is_still_found(rng):
    report = gradient_check(relu, np.array([0.0, 1.0, -1.0]), lambda g, x: g * (x > -2), rng=rng)
    assert (2,) in report.findings[0].wrong
    assert report.findings[0].kinks == ((0,),)


def test_where_nothing_can_be_judged_nothing_has_passed(rng):
    corner = np.array(0.3)

    def backward(g, x):
        corner[...] = x  # wherever it is looked at, there the function has its corner
        return g

    report = gradient_check(lambda x: np.abs(x - corner), np.array(0.3), backward, rng=rng)
    assert report.findings[0].relation is None
    assert report.findings[0].unjudged == ((),)
    assert not report
    assert "check it at another x" in str(report)
    assert "1 of them left out" in str(report)


@pytest.mark.parametrize("directions", [None, 3])
def test_the_step_grows_with_x(rng, directions):
    x = rng.uniform(1e8, 1e9, 3)
    report = gradient_check(lambda x: x * x, x, lambda g, x: 2 * g * x, rng=rng, directions=directions)
    assert report
    assert report.error < 1e-8 * 2 * x.max(), "rounding takes no more digits than it must"


def test_a_wrong_gradient_where_the_right_one_is_zero_is_no_kink(rng):
    report = gradient_check(lambda x: 0 * x, np.ones(3), lambda g, x: g, rng=rng)
    assert not report
    assert not report.findings[0].kinks


@pytest.mark.parametrize("scale", [1e-3, 1.0, 300.0, 2e4])
def test_a_function_that_bends_sharply_passes(rng, scale):
    x = rng.uniform(0.1, 1, 6) / max(1, scale)
    assert gradient_check(lambda x: np.exp(scale * x), x, lambda g, x: g * scale * np.exp(scale * x), rng=rng)


def test_a_large_output_whose_rounding_drowns_the_slope_is_no_error(rng):
    assert gradient_check(lambda x: x + 1e9, rng.standard_normal(4), lambda g, x: g, rng=rng)


def test_a_check_costs_two_forward_passes_an_entry_or_a_direction(inputs, rng):
    calls = count()

    def f(*arrays):
        next(calls)
        return affine(*arrays)

    gradient_check(f, inputs, affine_backward, rng=rng)
    assert next(calls) == 2 * sum(a.size for a in inputs) + 2
    calls = count()
    gradient_check(f, inputs, affine_backward, rng=rng, directions=3)
    assert next(calls) == 2 * 3 + 2
