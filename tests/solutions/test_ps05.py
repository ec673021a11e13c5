"""What is special to problem set 5, the losses: its parts, its worked numbers, and mistakes that are carried forward."""

import numpy as np
import pytest

THROUGH_EARLIER_FUNCTIONS = """
def cross_entropy(logits, y):
    if y.shape != (len(logits),) or y.min() < 0 or y.max() >= logits.shape[1]:
        raise ValueError("labels")
    one_hot = np.eye(logits.shape[1])[y]
    return np.mean(logsumexp(logits) - (one_hot * logits).sum(axis=1)), (softmax(logits) - one_hot) / len(y)
"""


def test_the_set_is_worth_45_points(problems):
    assert problems.points == {
        "test_mse_loss": 6,
        "test_mae_loss": 4,
        "test_sigmoid": 4,
        "test_bce_loss": 6,
        "test_bce_with_logits": 5,
        "test_softmax": 5,
        "test_logsumexp": 4,
        "test_cross_entropy": 7,
        "written_which_loss": 4,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("mse_loss", "half squared error", 1),
        ("mse_loss", "gradient without the factor 2", 3),
        ("mse_loss", "root of the mean square", 4),
        ("mse_loss", "stretches shapes that differ", 5),
        ("mse_loss", "changes the prediction in place", 5),
        ("mae_loss", "pulled up at a hit", 2),
        ("sigmoid", "NaN for large logits", 3),
        ("sigmoid", "small probabilities rounded away", 3),
        ("bce_loss", "NaN where a prediction is sure", 5),
        ("bce_loss", "probabilities cut off", 5),
        ("bce_loss", "logarithm to base 2", 3),
        ("bce_with_logits", "through the probability", 4),
        ("bce_with_logits", "truth minus prediction", 2),
        ("softmax", "one shift for all rows", 4),
        ("logsumexp", "one shift for all rows", 3),
        ("cross_entropy", "logarithm of a rounded probability", 6),
        ("cross_entropy", "mean over the classes too", 1),
        ("cross_entropy", "truth not subtracted", 3),
        ("cross_entropy", "classes counted from the end", 6),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    mark = problems.grade({function: problems.wrong(function, misconception)}, only=function)[function]
    assert (mark.points, mark.misconception) == (points, misconception)


def test_functions_that_nobody_has_written_yet_cost_nothing_in_those_that_call_them(problems):
    unwritten = {name: problems.untouched(name) for name in ("sigmoid", "softmax", "logsumexp")}
    marks = problems.grade(unwritten | {"cross_entropy": THROUGH_EARLIER_FUNCTIONS})
    assert marks["bce_with_logits"].full
    assert marks["cross_entropy"].full
    assert not any(marks[name].points for name in unwritten)


def test_a_wrong_cross_entropy_is_recognised_even_where_its_softmax_is_wrong_too(problems):
    own = THROUGH_EARLIER_FUNCTIONS.replace("(softmax(logits) - one_hot) / len(y)", "softmax(logits) - one_hot")
    earlier = problems.wrong("softmax", "over the examples")
    mark = problems.grade({"softmax": earlier, "cross_entropy": own})["cross_entropy"]
    assert (mark.points, mark.misconception) == (3, "mean in the loss only")


@pytest.mark.parametrize(
    ("picture", "function", "misconception"),
    [
        ("picture_residuals", "mse_loss", "half squared error"),
        ("picture_residuals", "mae_loss", "sign of the gradient"),
        ("picture_residuals", "mae_loss", "mean in the loss only"),
        ("picture_margin", "bce_with_logits", "mean in the loss only"),
        ("picture_margin", "cross_entropy", "truth minus prediction"),
        ("picture_margin", "softmax", "over the examples"),
    ],
)
def test_a_wrong_loss_draws_nothing_and_says_so_in_one_friendly_line(problems, capsys, picture, function, misconception):
    names = problems.names({function: problems.wrong(function, misconception)})
    exec(problems.pictures[picture], names)
    printed = capsys.readouterr().out
    assert printed.startswith("Here your")
    assert printed.count("\n") == 1


def test_the_exercise_on_conventions_takes_the_same_step_with_half_the_rate(solved):
    prediction, target = np.array([3.0, 1.0, 4.0, 1.0]), np.array([5.0, 9.0, 2.0, 6.0])
    np.testing.assert_allclose(0.1 * solved["mse_loss"](prediction, target)[1], 0.05 * (prediction - target))


def test_a_softmax_of_two_logits_is_the_sigmoid_of_their_difference(solved):
    logits = np.array([[1.0, 3.0], [-2.0, 0.5], [7.0, -700.0]])
    np.testing.assert_allclose(solved["softmax"](logits)[:, 1], solved["sigmoid"](logits[:, 1] - logits[:, 0]))


def test_the_numbers_that_the_text_gives_in_passing_are_right(solved):
    sigmoid, bce_loss, truth = solved["sigmoid"], solved["bce_loss"], np.array([1])
    assert sigmoid(np.array([-100.0])) == pytest.approx(3.7e-44, rel=0.01)
    assert bce_loss(np.array([1e-30]), truth)[0] == pytest.approx(69.1, abs=0.05)
    assert bce_loss(np.array([1e-7]), truth)[0] == pytest.approx(16.1, abs=0.05)
    p = sigmoid(np.array([-10.0]))
    assert p == pytest.approx(4.5e-5, rel=0.02)
    assert 2 * (p - 1) * p * (1 - p) == pytest.approx(-9e-5, rel=0.02)


def test_the_best_single_price_is_the_mean_for_the_square_and_the_median_for_the_absolute_value(solved):
    prices = np.array([2, 2.5, 3, 3.5, 4, 4.5, 12])
    for loss, best in [("mse_loss", 4.5), ("mae_loss", 3.5)]:
        assert solved[loss](np.full(7, best), prices)[1].sum() == pytest.approx(0)
