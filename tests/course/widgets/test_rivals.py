import numpy as np
import pytest

from course.widgets.demos.network_or_tree import network_or_tree
from course.widgets.models.rivals import DATA, GRID, ROWS, networks, tables, trees


@pytest.mark.parametrize("data", DATA)
def test_with_all_rows_both_do_far_better_than_by_chance(data):
    for found in (networks(data, False), trees(data, False, 8)):
        assert found["accuracy"][-1] > 0.85
        assert found["field"].shape == (len(ROWS), GRID, GRID)
        assert (found["field"] >= 0).all()
        assert (found["field"] <= 1).all()


def lead_of_the_tree(data, extra, depth):
    """By how much the tree is right more often, with 80 rows and more."""
    return (trees(data, extra, depth)["accuracy"] - networks(data, extra)["accuracy"])[3:].mean()


def test_a_slanted_line_is_the_networks_however_deep_the_tree():
    assert max(lead_of_the_tree("slanted line", False, depth) for depth in range(1, 11)) < 0


def test_rules_among_columns_of_noise_are_the_trees():
    assert lead_of_the_tree("if/else rules", True, 4) > 0.05


def test_beyond_the_depth_of_the_rules_a_tree_learns_their_wrong_labels():
    shallow, deep = (trees("if/else rules", False, depth) for depth in (3, 10))
    assert deep["train_accuracy"][-1] > shallow["train_accuracy"][-1]
    assert deep["accuracy"][-1] < shallow["accuracy"][-1]


def test_columns_of_noise_cost_the_network_more_than_a_shallow_tree():
    def cost(learn):
        return (learn(False)["accuracy"] - learn(True)["accuracy"])[3:].mean()

    assert cost(lambda extra: networks("moons", extra)) > cost(lambda extra: trees("moons", extra, 3))


def test_a_tree_of_depth_one_parts_the_plane_by_one_straight_line_along_an_axis():
    field = trees("slanted line", False, 1)["field"][-1]
    assert len(np.unique(field)) == 2
    assert (field == field[:1]).all() or (field == field[:, :1]).all()


def test_a_deep_tree_learns_a_few_rows_by_heart():
    found = trees("if/else rules", False, 10)
    assert found["train_accuracy"][2] == 1
    assert found["accuracy"][2] < 1


def test_fewer_rows_are_the_first_of_more():
    (X, y), (test, _), _ = tables("moons", False)
    assert X.shape == (ROWS[-1], 2)
    assert y.shape == (ROWS[-1],)
    assert not {tuple(row) for row in X} & {tuple(row) for row in test}


def test_a_number_of_rows_between_two_stops_is_taken_to_the_nearest():
    frame = network_or_tree().frame(rows=35)
    assert "From 40 rows" in frame.summary
