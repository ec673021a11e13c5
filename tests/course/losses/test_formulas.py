"""Each loss against an independent statement of itself, and what it says of targets that mean nothing."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course import (
    BinaryCrossEntropy,
    BinaryCrossEntropyOfProbabilities,
    HalfSquaredError,
    Huber,
    MeanAbsoluteError,
    MeanSquaredError,
    SoftmaxCrossEntropy,
)
from course.errors import CourseError, DtypeError, RangeError, ShapeError
from course.numerics import one_hot, sigmoid

matrices = hnp.arrays(float, (4, 3), elements=st.floats(-100, 100))


def test_half_squared_error_adds_outputs_and_averages_examples():
    value, gradient = HalfSquaredError()(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [3.0, 6.0]]))
    assert value == (0.5 * (1 + 4) + 0.5 * 4) / 2
    assert gradient.tolist() == [[0.5, 1.0], [0.0, -1.0]]


@given(matrices, matrices)
def test_the_errors_of_numbers_are_means_over_all_entries(y_hat, y):
    errors = [float(a - b) for a, b in zip(y_hat.flat, y.flat, strict=True)]
    assert MeanSquaredError()(y_hat, y)[0] == pytest.approx(math.fsum(e * e for e in errors) / 12)
    assert MeanAbsoluteError()(y_hat, y)[0] == pytest.approx(math.fsum(map(abs, errors)) / 12)
    assert HalfSquaredError()(y_hat, y)[0] == pytest.approx(math.fsum(e * e for e in errors) / 8)


@given(matrices, matrices, st.floats(0.01, 50))
def test_huber_is_squared_within_delta_and_straight_beyond(y_hat, y, delta):
    def h(e):
        return e * e / 2 if abs(e) <= delta else delta * (abs(e) - delta / 2)

    errors = [float(a - b) for a, b in zip(y_hat.flat, y.flat, strict=True)]
    assert Huber(delta)(y_hat, y)[0] == pytest.approx(math.fsum(map(h, errors)) / 12, abs=1e-12)


def test_one_outlier_pulls_the_squared_error_and_not_the_others():
    y_hat, y = np.zeros((4, 1)), np.array([[0.1], [-0.1], [0.1], [1000.0]])
    for loss, share in ((MeanSquaredError(), 0.99), (MeanAbsoluteError(), 0.26), (Huber(0.1), 0.26)):
        pull = np.abs(loss(y_hat, y)[1]).ravel()
        assert (pull[3] > share * pull.sum()) == (share == 0.99)


def test_at_the_kink_of_the_absolute_error_the_gradient_is_zero():
    assert MeanAbsoluteError()(np.ones((2, 1)), np.ones((2, 1)))[1].tolist() == [[0.0], [0.0]]


def test_binary_cross_entropy_is_the_formula_of_the_decks_where_that_is_safe(rng):
    logits, y = rng.standard_normal((5, 2)), rng.integers(0, 2, (5, 2))
    p = 1 / (1 + np.exp(-logits))
    expected = -sum(math.log(p[i] if y[i] else 1 - p[i]) for i in np.ndindex(5, 2)) / 5
    assert BinaryCrossEntropy()(logits, y)[0] == pytest.approx(expected)
    assert BinaryCrossEntropyOfProbabilities()(p, y)[0] == pytest.approx(expected)


@given(hnp.arrays(float, (4, 3), elements=st.floats(-15, 15)), st.integers(0, 2**12 - 1))
def test_probabilities_and_logits_are_two_ways_to_one_loss(logits, bits):
    y = np.array([bits >> k & 1 for k in range(12)]).reshape(4, 3)
    p = sigmoid(logits)
    (value, gradient), (other, by_p) = BinaryCrossEntropy()(logits, y), BinaryCrossEntropyOfProbabilities()(p, y)
    assert value == pytest.approx(other, rel=1e-6)
    np.testing.assert_allclose(gradient, by_p * p * (1 - p), rtol=1e-6, atol=1e-15)


@pytest.mark.parametrize(("dtype", "cost"), [(np.float64, 36.04), (np.float32, 15.94)])
def test_a_sure_and_wrong_probability_costs_as_much_as_its_precision_can_tell(dtype, cost):
    loss, sure = BinaryCrossEntropyOfProbabilities(), np.array([[0.0], [1.0]], dtype)
    assert loss(sure, np.array([[1], [0]]))[0] == pytest.approx(cost, abs=0.01)
    value, gradient = loss(sure, np.array([[0], [1]]))
    assert value == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(gradient, [[0.5], [-0.5]], rtol=1e-6)


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
    assert by_number[0] == pytest.approx(by_row[0], rel=1e-14)
    np.testing.assert_allclose(by_number[1], by_row[1], rtol=1e-14, atol=1e-300)


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
        (SoftmaxCrossEntropy(), np.array([[2, -1, 0], [1, 0, 0]]), RangeError, "of numbers from 0"),
        (BinaryCrossEntropy(), np.array([[0, 1, 2], [0, 0, 0]]), RangeError, r"in \[0, 1\]"),
        (BinaryCrossEntropy(), np.array([[0, 1, -1], [0, 0, 0]]), RangeError, r"in \[0, 1\]"),
        (BinaryCrossEntropy(), np.array([[0, 1, np.nan], [0, 0, 0]]), RangeError, r"in \[0, 1\]"),
    ],
)
def test_targets_that_mean_nothing_are_refused(loss, target, kind, words):
    with pytest.raises(kind, match=words) as error:
        loss(np.zeros((2, 3)), target)
    assert isinstance(error.value, CourseError)


@pytest.mark.parametrize("bad", [-0.1, 1.1, np.nan, 30.0])
def test_what_is_no_probability_is_refused_with_the_way_out(bad):
    with pytest.raises(RangeError, match="BinaryCrossEntropy takes logits"):
        BinaryCrossEntropyOfProbabilities()(np.array([[0.5, bad]]), np.array([[0, 1]]))


@pytest.mark.parametrize("delta", [0, -1, np.nan, np.inf])
def test_hubers_delta_is_above_zero(delta):
    with pytest.raises(RangeError, match="delta must be in"):
        Huber(delta)


def test_logits_in_one_row_are_refused():
    with pytest.raises(ShapeError, match=r"\(N, C\)"):
        SoftmaxCrossEntropy()(np.zeros(3), np.array([0, 1, 2]))


@pytest.mark.parametrize("loss", [HalfSquaredError(), BinaryCrossEntropy()], ids=repr)
def test_a_column_against_a_row_of_numbers_is_refused_with_both_shapes(loss):
    with pytest.raises(ShapeError, match=r"\(4, 1\), got \(4,\)"):
        loss(np.zeros((4, 1)), np.zeros(4))


def test_pytorch_has_the_same_values_and_gradients(rng):
    torch = pytest.importorskip("torch")
    f = torch.nn.functional
    y_hat, numbers = 3 * rng.standard_normal((7, 4)), rng.standard_normal((7, 4))
    binary, classes, soft = rng.integers(0, 2, (7, 4)), rng.integers(0, 4, 7), rng.dirichlet(np.ones(4), 7)
    pairs = [
        (HalfSquaredError(), y_hat, numbers, lambda p, y: f.mse_loss(p, y, reduction="sum") / 14),
        (MeanSquaredError(), y_hat, numbers, f.mse_loss),
        (MeanAbsoluteError(), y_hat, numbers, f.l1_loss),
        (Huber(1.5), y_hat, numbers, lambda p, y: f.huber_loss(p, y, delta=1.5)),
        (BinaryCrossEntropy(), y_hat, binary, lambda p, y: f.binary_cross_entropy_with_logits(p, y.double()) * 4),
        (
            BinaryCrossEntropyOfProbabilities(),
            sigmoid(y_hat),
            binary,
            lambda p, y: f.binary_cross_entropy(p, y.double()) * 4,
        ),
        (SoftmaxCrossEntropy(), y_hat, classes, f.cross_entropy),
        (SoftmaxCrossEntropy(), y_hat, soft, f.cross_entropy),
        (SoftmaxCrossEntropy(), 1000 * np.sign(y_hat), classes, f.cross_entropy),
    ]
    for ours, prediction, target, theirs in pairs:
        p = torch.tensor(prediction, requires_grad=True)
        expected = theirs(p, torch.tensor(target))
        expected.backward()
        value, gradient = ours(prediction, target)
        assert value == pytest.approx(expected.item(), abs=1e-10)
        np.testing.assert_allclose(gradient, p.grad.numpy(), rtol=0, atol=1e-10)
