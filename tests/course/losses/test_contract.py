"""Losses: one contract for all of them, and each against an independent statement of itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import BinaryCrossEntropy, HalfSquaredError, Loss, SoftmaxCrossEntropy
from course.errors import CourseError, DataError, DtypeError, RangeError, ShapeError
from course.gradient_check import central_difference, relation
from course.numerics import one_hot

TARGETS = {  # targets of each loss for predictions of shape (n, 3)
    HalfSquaredError: lambda rng, n: rng.standard_normal((n, 3)),
    BinaryCrossEntropy: lambda rng, n: rng.integers(0, 2, (n, 3)),
    SoftmaxCrossEntropy: lambda rng, n: rng.integers(0, 3, n),
}
every_loss = pytest.mark.parametrize("kind", TARGETS, ids=lambda kind: kind.__name__)


@every_loss
@pytest.mark.parametrize("n", [1, 4])
def test_the_gradient_is_that_of_the_value(kind, n, rng):
    loss, y_hat, y = kind(), rng.standard_normal((n, 3)), TARGETS[kind](rng, n)
    assert relation(loss(y_hat, y)[1], central_difference(lambda p: loss(p, y)[0], y_hat)) is None


@every_loss
def test_a_loss_is_the_mean_over_its_examples(kind, rng):
    loss, y_hat, y = kind(), rng.standard_normal((4, 3)), TARGETS[kind](rng, 4)
    value, gradient = loss(y_hat, y)
    singles = [loss(y_hat[n : n + 1], y[n : n + 1]) for n in range(4)]
    assert value == pytest.approx(np.mean([v for v, g in singles]))
    np.testing.assert_allclose(gradient, np.concatenate([g for v, g in singles]) / 4)


@every_loss
def test_a_loss_keeps_the_precision_of_the_predictions_and_changes_nothing(kind, rng):
    loss, y_hat, y = kind(), rng.standard_normal((4, 3)).astype(np.float32), TARGETS[kind](rng, 4)
    before = y_hat.copy(), y.copy()
    value, gradient = loss(y_hat, y)
    assert value.dtype == gradient.dtype == np.float32
    assert not np.shares_memory(gradient, y_hat)
    np.testing.assert_array_equal(y_hat, before[0])
    np.testing.assert_array_equal(y, before[1])


@every_loss
def test_no_prediction_is_too_large_or_raises_a_warning(kind, rng):
    y_hat = np.array([[1000.0, -1000.0, 0.0], [-1000.0, -1000.0, 1000.0]])
    value, gradient = kind()(y_hat, TARGETS[kind](rng, 2))
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@every_loss
@given(seed=st.integers(0, 2**32 - 1))
def test_a_loss_is_never_negative(kind, seed):
    rng = np.random.default_rng(seed)
    assert kind()(3 * rng.standard_normal((4, 3)), TARGETS[kind](rng, 4))[0] >= 0


@every_loss
def test_integer_predictions_are_taken_as_numbers(kind, rng):
    y = TARGETS[kind](rng, 4)
    y_hat = rng.integers(-3, 3, (4, 3))
    assert kind()(y_hat, y)[0] == kind()(y_hat.astype(float), y)[0]


@every_loss
@pytest.mark.parametrize("shape", [(4, 1), (4, 2), (3, 3), (5,), (1, 3), (1, 4, 3), ()])
def test_a_target_that_does_not_fit_is_refused_and_never_broadcast(kind, shape):
    with pytest.raises(ShapeError):
        kind()(np.zeros((4, 3)), np.zeros(shape, int))


@pytest.mark.parametrize("loss", [HalfSquaredError(), BinaryCrossEntropy()], ids=repr)
def test_a_column_against_a_row_of_numbers_is_refused_with_both_shapes(loss):
    with pytest.raises(ShapeError, match=r"\(4, 1\), got \(4,\)"):
        loss(np.zeros((4, 1)), np.zeros(4))


@every_loss
def test_an_empty_batch_has_no_mean(kind):
    with pytest.raises(DataError, match="at least one example"):
        kind()(np.zeros((0, 3)), np.zeros((0, 3)))


def test_half_squared_error_adds_outputs_and_averages_examples():
    value, gradient = HalfSquaredError()(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 6.0]]))
    assert value == (0.5 * (1 + 4) + 0.5 * 4) / 2
    assert gradient.tolist() == [[0.5, 1.0], [0.0, -1.0]]


def test_binary_cross_entropy_is_the_formula_of_the_decks_where_that_is_safe(rng):
    logits, y = rng.standard_normal((5, 2)), rng.integers(0, 2, (5, 2))
    p = 1 / (1 + np.exp(-logits))
    expected = -sum(math.log(p[i] if y[i] else 1 - p[i]) for i in np.ndindex(5, 2)) / 5
    assert BinaryCrossEntropy()(logits, y)[0] == pytest.approx(expected)


def test_softmax_cross_entropy_is_the_formula_of_the_decks_where_that_is_safe(rng):
    logits, y = rng.standard_normal((5, 3)), rng.integers(0, 3, 5)
    rows = [[math.exp(a) for a in row] for row in logits]
    expected = -sum(math.log(row[k] / sum(row)) for row, k in zip(rows, y, strict=True)) / 5
    assert SoftmaxCrossEntropy()(logits, y)[0] == pytest.approx(expected)


def test_a_hopeless_logit_costs_its_whole_distance():
    assert SoftmaxCrossEntropy()(np.array([[1000.0, -1000.0]]), np.array([1]))[0] == 2000
    assert BinaryCrossEntropy()(np.array([[-1000.0]]), np.array([[1]]))[0] == 1000


@given(hnp.arrays(float, (4, 3), elements=st.floats(-30, 30)), st.floats(-500, 500))
def test_softmax_cross_entropy_does_not_see_what_is_added_to_all_logits_of_an_example(logits, shift):
    loss, y = SoftmaxCrossEntropy(), np.array([0, 1, 2, 0])
    assert loss(logits, y)[0] == pytest.approx(loss(logits + shift, y)[0], abs=1e-9)
    np.testing.assert_allclose(loss(logits, y)[1].sum(1), 0, atol=1e-12)


def test_class_numbers_and_one_hot_rows_are_the_same_targets(rng):
    logits, y = rng.standard_normal((5, 3)), rng.integers(0, 3, 5)
    by_number, by_row = (SoftmaxCrossEntropy()(logits, target) for target in (y, one_hot(y, 3)))
    assert by_number[0] == by_row[0]
    np.testing.assert_array_equal(by_number[1], by_row[1])


def test_two_classes_by_softmax_are_one_by_sigmoid(rng):
    logits, y = rng.standard_normal((6, 2)), rng.integers(0, 2, 6)
    difference = logits[:, 1:] - logits[:, :1]
    assert SoftmaxCrossEntropy()(logits, y)[0] == pytest.approx(BinaryCrossEntropy()(difference, y[:, None])[0])


@pytest.mark.parametrize(
    ("loss", "target", "kind", "words"),
    [
        (SoftmaxCrossEntropy(), np.array([0, 3]), RangeError, "from 0 to 2, got 0 to 3"),
        (SoftmaxCrossEntropy(), np.array([-1, 0]), RangeError, "got -1 to 0"),
        (SoftmaxCrossEntropy(), np.array([0.0, 1.0]), DtypeError, "must be integers, got float64"),
        (SoftmaxCrossEntropy(), np.ones((2, 3)), RangeError, "must sum to 1"),
        (BinaryCrossEntropy(), np.array([[0, 1, 2], [0, 0, 0]]), RangeError, r"in \[0, 1\]"),
        (BinaryCrossEntropy(), np.array([[0, 1, -1], [0, 0, 0]]), RangeError, r"in \[0, 1\]"),
    ],
)
def test_targets_that_mean_nothing_are_refused(loss, target, kind, words):
    with pytest.raises(kind, match=words) as error:
        loss(np.zeros((2, 3)), target)
    assert isinstance(error.value, CourseError)


def test_logits_in_one_row_are_refused():
    with pytest.raises(ShapeError, match=r"\(N, C\)"):
        SoftmaxCrossEntropy()(np.zeros(3), np.array([0, 1, 2]))


def test_every_loss_of_the_library_stands_in_the_contract():
    assert set(Loss.__subclasses__()) == set(TARGETS)
