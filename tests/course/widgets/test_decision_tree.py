import numpy as np
import pytest

from course.widgets.models.decision_tree import best_question, grow
from course.widgets.models.rivals import DATA, tables


@pytest.mark.parametrize("extra", [False, True])
@pytest.mark.parametrize("data", DATA)
def test_a_tree_of_a_few_questions_is_scikit_learns(data, extra):
    """Deeper ones may differ: scikit-learn draws lots between questions that are equally good."""
    trees = pytest.importorskip("sklearn.tree")
    (X, y), _, plane = tables(data, extra)
    theirs = trees.DecisionTreeClassifier(max_depth=3, random_state=0).fit(X, y)
    assert np.mean(np.isclose(grow(X, y, 3)(plane), theirs.predict_proba(plane)[:, 1])) > 0.99


@pytest.mark.parametrize("data", DATA)
def test_a_deep_tree_is_as_often_right_as_scikit_learns(data):
    trees = pytest.importorskip("sklearn.tree")
    (X, y), (new, right), _ = tables(data, False)
    theirs = trees.DecisionTreeClassifier(max_depth=10, random_state=0).fit(X, y).score(new, right)
    assert np.mean((grow(X, y, 10)(new) > 0.5) == right) == pytest.approx(theirs, abs=0.03)


def test_without_a_limit_every_row_is_learned_by_heart():
    rng = np.random.default_rng(1)
    X, y = rng.standard_normal((200, 3)), rng.integers(0, 2, 200)
    np.testing.assert_array_equal(grow(X, y, 200)(X), y)


def test_rows_that_are_the_same_share_a_leaf():
    X, y = np.array([[1.0, 2.0]] * 4), np.array([0, 1, 1, 1])
    assert best_question(X, y) is None
    np.testing.assert_array_equal(grow(X, y, 5)(X), [0.75] * 4)


def test_equal_values_are_never_parted():
    X, y = np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0, 1, 1, 1])
    assert best_question(X, y) == (0, 0.5)


def test_no_depth_is_the_share_of_all_rows():
    X, y = np.arange(4.0)[:, None], np.array([0, 0, 0, 1])
    np.testing.assert_array_equal(grow(X, y, 0)(X), [0.25] * 4)
