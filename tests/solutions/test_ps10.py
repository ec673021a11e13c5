"""What is special to problem set 10: its parts, its worked numbers, and a network whose initialisers are unwritten."""

import numpy as np
import pytest

X = np.array([[0.0, 5.0], [0.0, 1.0], [0.0, 1.0], [4.0, 1.0]])  # the batch of the text


def test_the_set_is_worth_25_points(problems):
    assert problems.points == {
        "test_gradient_profile": 4,
        "test_xavier_init": 2,
        "test_he_init": 2,
        "test_batch_norm_forward": 4,
        "test_batch_norm_backward": 5,
        "test_layer_norm": 2,
        "test_train_classifier": 3,
        "written_network_or_tree": 3,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("gradient_profile", "ReLU counted as on at zero", 2),
        ("gradient_profile", "slope of the pre-activation", 2),
        ("batch_norm_forward", "momentum the other way round", 3),
        ("batch_norm_forward", "biased running variance", 3),
        ("batch_norm_forward", "batch statistics in evaluation", 3),
        ("batch_norm_forward", "updated in evaluation", 3),
        ("batch_norm_forward", "unbiased variance in the batch", 2),
        ("batch_norm_forward", "running statistics changed in place", 3),
        ("batch_norm_backward", "g_out changed in place", 2),
        ("batch_norm_backward", "mean and variance as constants", 2),
        ("batch_norm_backward", "always zero", 2),
        ("batch_norm_backward", "dgamma without x_hat", 4),
        ("batch_norm_backward", "dbeta averaged", 4),
        ("train_classifier", "rng ignored", 2),
        ("train_classifier", "too little training", 0),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_is_named(problems, function, misconception, points):
    mark = problems.grade({function: problems.wrong(function, misconception)}, only=function)[function]
    assert (mark.points, mark.misconception) == (points, misconception)


def test_the_worked_numbers_of_batch_norm_are_what_the_model_answers_compute(solved):
    gamma, beta = np.array([10.0, 2.0]), np.array([1.0, 0.0])
    out, mean, variance = solved["batch_norm_forward"](X, gamma, beta, np.zeros(2), np.ones(2), True, 0.75, 1.0)
    np.testing.assert_allclose(out, [[-4, 3], [-4, -1], [-4, -1], [16, -1]])
    np.testing.assert_allclose([mean, variance], [[0.25, 0.5], [1.75, 1.75]])
    g_out = np.array([[4.0], [0.0], [0.0], [0.0]])
    g_in, dgamma, dbeta = solved["batch_norm_backward"](g_out, X[:, :1], np.array([2.0]), 1.0)
    np.testing.assert_allclose(g_in[:, 0], [2.75, -1.25, -1.25, -0.25])
    np.testing.assert_allclose([dgamma[0], dbeta[0]], [-2, 4])


def test_under_a_gradient_of_ones_batch_norm_passes_nothing_down(solved):
    g_in, _, _ = solved["batch_norm_backward"](np.ones((4, 2)), X, np.array([2.0, 3.0]))
    np.testing.assert_allclose(g_in, np.zeros((4, 2)), atol=1e-12)


def test_the_factors_of_the_text_are_what_chains_of_single_units_do(solved):
    def lowest(*factors):
        return solved["gradient_profile"](np.ones((1, 1)), [np.full((1, 1), f) for f in factors], "relu", np.ones((1, 1)))[0]

    assert lowest(1.0, *[0.64] * 30) == pytest.approx(1.5e-6, rel=0.03)
    assert lowest(1.0, *[1.5] * 30) == pytest.approx(190_000, rel=0.03)
    assert lowest(1.0, 3, 0.5, 0.5) == pytest.approx(0.75)
    assert lowest(1.0, 0.9, 0.9, 1.5) == pytest.approx(1.215)


def test_a_network_on_initialisers_that_nobody_has_written_keeps_its_marks(problems):
    unwritten = {name: problems.untouched(name) for name in ("xavier_init", "he_init")}
    assert problems.grade(unwritten, only="train_classifier")["train_classifier"].full


def test_a_network_on_weights_far_too_large_is_judged_on_right_ones(problems):
    huge = "def he_init(fan_in, fan_out, *, rng):\n    return rng.normal(0, 1e6, (fan_in, fan_out))"
    assert problems.grade({"he_init": huge}, only="train_classifier")["train_classifier"].full


def test_the_set_ups_linear_layer_asks_for_an_initialiser_since_the_librarys_are_closed(solved):
    with pytest.raises(TypeError, match="initializer"):
        solved["Linear"](2, 3, rng=np.random.default_rng(0))
