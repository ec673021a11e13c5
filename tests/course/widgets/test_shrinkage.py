"""L1 and L2 in their demo: the closed form, the conditions at the minimum, and the library's own training."""

import numpy as np
import pytest

from course import L1, L2, CosineDecay, HalfSquaredError, Linear, Momentum, fit
from course.widgets.models import shrinkage
from course.widgets.models.shrinkage import FEATURES, POINTS, TRUTHS, features, path, problem

STRENGTHS = (0.003, 0.03, 0.3)


def gradient(weights, points):
    phi = features(points["x"])
    return phi.T @ (phi @ weights - points["y"]) / POINTS


@pytest.mark.parametrize("truth", TRUTHS)
def test_l2_comes_to_the_closed_form_of_ridge_regression(truth):
    points, found = problem(truth), path(truth, "L2", STRENGTHS)
    phi = features(points["x"])
    for strength, weights in zip(STRENGTHS, found["weights"], strict=True):
        exact = np.linalg.solve(phi.T @ phi / POINTS + 2 * strength * np.eye(FEATURES), phi.T @ points["y"] / POINTS)
        np.testing.assert_allclose(weights, exact, atol=1e-3)


@pytest.mark.parametrize("truth", TRUTHS)
def test_l1_holds_weights_at_zero_where_the_loss_pulls_less_than_the_strength_and_balances_it_elsewhere(truth):
    points, found = problem(truth), path(truth, "L1", STRENGTHS)
    for strength, weights in zip(STRENGTHS[1:], found["weights"][1:], strict=True):
        pull, zero = gradient(weights, points), np.abs(weights) < 1e-3
        assert (np.abs(pull[zero]) < strength * 1.02).all()
        np.testing.assert_allclose(pull[~zero], -strength * np.sign(weights[~zero]), atol=0.02 * strength)


@pytest.mark.parametrize(("name", "kind"), [("L1", L1), ("L2", L2)])
def test_all_strengths_at_once_equal_the_training_loop_one_by_one(name, kind, monkeypatch):
    monkeypatch.setattr(shrinkage, "STEPS", 60)
    points, found = problem(TRUTHS[0]), path.__wrapped__(TRUTHS[0], name, STRENGTHS)
    for strength, weights in zip(STRENGTHS, found["weights"], strict=True):
        linear = Linear(FEATURES, 1, rng=np.random.default_rng(0))
        linear.weight = np.zeros((FEATURES, 1))
        linear.freeze("bias")
        fit(
            linear, HalfSquaredError(), Momentum(CosineDecay(0.1, steps=60), 0.9), features(points["x"]),
            points["y"][:, None], epochs=60, batch_size=None, rng=np.random.default_rng(0), regularizer=kind(strength),
        )  # fmt: skip
        np.testing.assert_allclose(weights, linear.weight[:, 0], atol=1e-8)


def test_the_stronger_l1_is_the_more_weights_are_zero_and_l2_has_none():
    zeros = path(TRUTHS[0], "L1", STRENGTHS)["zeros"]
    assert (np.diff(zeros) > 0).all()
    assert path(TRUTHS[0], "L2", STRENGTHS)["zeros"].max() <= 1


def test_beyond_the_largest_pull_of_the_loss_l1_leaves_nothing():
    most = np.abs(gradient(np.zeros(FEATURES), problem(TRUTHS[0]))).max()
    assert path(TRUTHS[0], "L1", (1.2 * most,))["zeros"].tolist() == [FEATURES]


def test_l1_is_better_where_the_truth_is_sparse_and_l2_where_it_is_not():
    strengths = tuple(np.geomspace(1e-3, 1, 13))
    l1, l2 = ([path(truth, name, strengths)["validation_loss"].min() for truth in TRUTHS] for name in ("L1", "L2"))
    assert l1[0] < 0.5 * l2[0]
    assert l2[1] < l1[1]
