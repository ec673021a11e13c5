"""What is special to problem set 9: how its marks are split, conventions that are named, and tests of what chance does."""

import numpy as np
import pytest

POINTS = {
    "test_l2_penalty": 4,
    "test_l1_penalty": 4,
    "test_dropout_forward": 8,
    "test_dropout_backward": 4,
    "test_EarlyStopping": 7,
    "test_clip_gradient_norm": 5,
    "written_regularization": 3,
}
SLIGHTLY_TOO_FEW = """
def dropout_forward(x, keep_prob, *, rng, training=True, classic=False):
    if not training:
        return x * (keep_prob if classic else 1.0), None
    mask = rng.random(x.shape) < (keep_prob - 0.05 if keep_prob < 1 else 1)
    return x * mask / (1.0 if classic else keep_prob), mask
"""
NOTHING_COMES_OUT = """
def dropout_forward(x, keep_prob, *, rng, training=True, classic=False):
    return 0.0 * x, rng.random(x.shape) < 0
"""
MEMORY_IN_THE_CLASS = """
    losses = []

    def update(self, loss, weights):
        self.losses.append(loss)
        improved = [i for i, e in enumerate(self.losses) if e < min([np.inf, *self.losses[:i]]) - self.min_delta]
        if improved[-1] == len(self.losses) - 1:
            self.best_loss, self.best_weights = loss, [w.copy() for w in weights]
        return len(self.losses) - 1 - improved[-1] >= self.patience
"""


def test_the_set_is_worth_35_points_three_of_them_for_the_written_answer(problems):
    assert problems.points == POINTS


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("l2_penalty", "λ/2, as most libraries have it", 0),
        ("l2_penalty", "gradient λw", 2),
        ("l2_penalty", "np.linalg.norm with 2, of a matrix", 2),
        ("l1_penalty", "slope 1 at zero", 2),
        ("l1_penalty", "weights changed in place", 2),
        ("dropout_forward", "keep_prob for the probability to drop, as libraries have it", 1),
        ("dropout_forward", "classic: divided in evaluation", 6),
        ("dropout_forward", "drops in evaluation too", 6),
        ("dropout_forward", "one mask for all examples", 5),
        ("dropout_forward", "evaluation hands out x itself", 7),
        ("dropout_backward", "scaled for both kinds", 3),
        ("dropout_backward", "g_out changed in place", 3),
        ("EarlyStopping", "one epoch too late", 3),
        ("EarlyStopping", "copies the list but not the arrays", 4),
        ("EarlyStopping", "keeps the last weights", 4),
        ("clip_gradient_norm", "the norm after clipping", 4),
        ("clip_gradient_norm", "each array by its own norm", 2),
        ("clip_gradient_norm", "hands out what it was given", 4),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    assert problems.grade({function: problems.wrong(function, misconception)}, only=function)[function].points == points


@pytest.mark.parametrize(
    ("function", "convention"),
    [
        ("l2_penalty", "λ/2, as most libraries have it"),
        ("dropout_forward", "keep_prob for the probability to drop, as libraries have it"),
    ],
)
def test_the_message_names_the_convention(problems, function, convention):
    verdict = problems.grade({function: problems.wrong(function, convention)}, only=function)[function].verdict
    assert f"This behaves like: {convention}." in str(verdict)


def test_every_function_keeps_its_marks_when_no_other_is_written(problems):
    for function in problems.functions:
        others = {name: problems.untouched(name) for name in problems.functions if name != function}
        assert problems.grade(others, only=function)[function].full


def test_a_keep_probability_that_is_off_by_a_twentieth_is_noticed_under_any_seed(problems):
    for seed in range(20):
        marks = problems.grade({"dropout_forward": SLIGHTLY_TOO_FEW}, seed=seed, only="dropout_forward")
        assert marks["dropout_forward"].points <= 5


def test_dropout_that_gives_nothing_but_zeros_earns_nothing(problems):
    assert problems.grade({"dropout_forward": NOTHING_COMES_OUT}, only="dropout_forward")["dropout_forward"].points == 0


def test_a_memory_that_all_stoppers_share_costs_marks(problems):
    shared = problems.model("EarlyStopping").rstrip() + "\n" + MEMORY_IN_THE_CLASS
    assert problems.grade({"EarlyStopping": shared}, only="EarlyStopping")["EarlyStopping"].points == 0


def test_the_answer_of_the_exercise_on_libraries_is_right(problems):
    forward, x = problems.names({})["dropout_forward"], np.array([[1.0, -2.0, 3.0]])
    W, b = np.array([[2.0], [1.0], [-3.0]]), np.array([5.0])
    learned, _ = forward(x, 0.8, rng=np.random.default_rng(0), training=False, classic=True)
    library, _ = forward(x, 1 - 0.2, rng=np.random.default_rng(0), training=False)
    np.testing.assert_allclose(library / learned, np.full((1, 3), 1.25))
    np.testing.assert_allclose(library @ (0.8 * W) + b, learned @ W + b)
