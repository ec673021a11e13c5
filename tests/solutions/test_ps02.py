"""What is special to problem set 2: what a mistake costs, derivatives of any form, and the counts that the text promises."""

import pytest

LIST_FOR_TUPLE = """
def diff(expr, x):
    if not isinstance(expr, tuple):
        return 1 if expr == x else 0
    return [expr[0], diff(expr[1], x), diff(expr[2], x)]
"""
NUMBER_FOR_EXPRESSION = """
def diff(expr, x):
    return lambda point: 1.0
"""
GROWS = """
def simplify(expr):
    return ("+", expr, ("-", expr, expr)) if isinstance(expr, str) else _right(expr)
"""


def squares(rounds):
    u = "x"
    for _ in range(rounds):
        u = ("*", u, u)
    return u


def logistic(rounds):
    u = "x"
    for _ in range(rounds):
        u = ("*", ("*", 4, u), ("-", 1, u))
    return u


def test_the_set_is_worth_thirty_points_four_of_them_for_the_written_answer(problems):
    assert problems.points == {
        "test_evaluate": 5,
        "test_diff": 10,
        "test_simplify": 6,
        "test_count_nodes": 2,
        "test_count_distinct": 3,
        "written_swell": 4,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("evaluate", "parts exchanged", 3),
        ("evaluate", "angles in degrees", 3),
        ("evaluate", "writes into values", 4),
        ("diff", "every variable is x", 8),
        ("diff", "difference taken for a sum", 8),
        ("diff", "half of the product rule", 8),
        ("diff", "quotient rule with its sign turned", 8),
        ("diff", "power rule through the logarithm", 8),
        ("diff", "no chain rule at all", 6),
        ("diff", "numbers keep their value", 4),
        ("simplify", "0 - u becomes u", 5),
        ("simplify", "u ** 0 becomes 0", 5),
        ("simplify", "numbers not computed", 5),
        ("simplify", "functions left alone", 4),
        ("simplify", "the whole before its parts", 3),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    assert problems.grade({function: problems.wrong(function, misconception)})[function].points == points


def test_an_evaluate_that_nobody_has_written_costs_nothing_in_diff_and_simplify(problems):
    marks = problems.grade({"evaluate": problems.untouched("evaluate")})
    assert marks["evaluate"].points == 0
    assert all(mark.full for function, mark in marks.items() if function != "evaluate")


@pytest.mark.parametrize("answer", [LIST_FOR_TUPLE, NUMBER_FOR_EXPRESSION])
def test_what_is_no_expression_earns_nothing_and_is_told_so(problems, answer):
    mark = problems.grade({"diff": answer})["diff"]
    assert mark.points == 0
    assert "no expression" in str(mark.verdict)


def test_an_expression_that_only_grows_is_not_simplified(problems):
    right = f"{problems.model('simplify')}\n\n_right = simplify\n{GROWS}"
    assert problems.grade({"simplify": right})["simplify"].points < 6


@pytest.mark.parametrize("rounds", [1, 2, 3, 10])
def test_the_squares_have_the_counts_of_the_table_and_of_the_written_answer(solved, rounds):
    u, slope = squares(rounds), solved["simplify"](solved["diff"](squares(rounds), "x"))
    assert solved["count_nodes"](u) == 2 ** (rounds + 1) - 1
    assert solved["count_distinct"](u) == rounds + 1
    assert solved["count_nodes"](slope) == rounds * 2 ** (rounds + 1) - 1


def test_the_logistic_map_is_a_tree_that_doubles_with_three_new_operations_a_round(solved):
    for rounds in range(1, 7):
        assert solved["count_nodes"](logistic(rounds)) == 6 * 2**rounds - 5
        assert solved["count_distinct"](logistic(rounds)) == 3 * rounds + 3


def test_the_example_of_the_text_is_what_the_model_answer_gives(solved):
    expected = ("+", ("*", 1, ("+", "x", 3)), ("*", "x", ("+", 1, 0)))
    assert solved["diff"](("*", "x", ("+", "x", 3)), "x") == expected
    assert solved["show"](expected) == "1 * (x + 3) + x * (1 + 0)"
