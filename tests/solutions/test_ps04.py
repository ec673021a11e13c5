"""What is special to problem set 4: a class that others build on, marks by part, and the worked numbers of its text."""

import numpy as np
import pytest


def test_the_set_is_worth_50_points(problems):
    assert problems.points == {
        "test_Node": 2,
        "test_topological_order": 6,
        "test_backward": 8,
        "test_to_mermaid": 3,
        "test_unbroadcast": 4,
        "test_Value": 8,
        "test_elementwise": 4,
        "test_matmul": 4,
        "test_sum_over": 3,
        "test_reshape": 2,
        "test_transpose": 2,
        "written_reverse_mode": 4,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("topological_order", "recursion", 4),
        ("backward", "seed ignored", 7),
        ("backward", "gradients of the last call kept", 6),
        ("backward", "every path on its own", 3),
        ("unbroadcast", "the same array given back", 3),
        ("Value", "sum: broadcasting not undone", 6),
        ("Value", "6 / b computed as b / 6", 5),
        ("Value", "power: factor n left out", 7),
        ("elementwise", "log: divided by its value", 3),
        ("matmul", "factors in the wrong order", 1),
        ("sum_over", "axis not put back", 1),
    ],
)
def test_a_slip_costs_the_part_that_it_spoils(problems, function, misconception, points):
    assert problems.grade({function: problems.wrong(function, misconception)}, only=function)[function].points == points


def test_what_only_reshapes_on_the_way_back_is_no_transpose(problems):
    mark = problems.grade({"transpose": problems.wrong("transpose", "reshaped on the way back")}, only="transpose")
    assert mark["transpose"].points == 0


def test_a_wrong_order_costs_nothing_in_backward_and_wrong_gradients_nothing_in_the_operations(problems):
    answers = {
        "topological_order": problems.wrong("topological_order", "level by level, turned round"),
        "backward": problems.untouched("backward"),
        "unbroadcast": problems.wrong("unbroadcast", "mean in place of sum"),
        "Value": problems.untouched("Value"),
    }
    marks = problems.grade(answers | {"backward": problems.model("backward")})
    assert marks["backward"].full
    assert marks["to_mermaid"].full
    marks = problems.grade(answers)
    assert {name for name, mark in marks.items() if not mark.full} == set(answers)


def test_a_wrong_product_costs_its_own_points_only(problems):
    marks = problems.grade({"Node": problems.untouched("Node")})
    assert {name for name, mark in marks.items() if not mark.full} == {"Node"}


def test_the_worked_example_is_what_the_model_answers_compute(problems, solved):
    x, y = solved["Node"](2, label="x"), solved["Node"](3, label="y")
    p = x.times(y)
    L = p.plus(x)
    solved["backward"](L)
    assert [float(node.grad) for node in (x, y, p, L)] == [4, 2, 1, 1]
    (section,) = (cell.source for cell in problems.notebook.cells if "## 4. Seeing the graph" in cell.source)
    printed = {line.strip() for line in section.splitlines() if line.startswith("    ")}
    assert {line.strip() for line in solved["to_mermaid"](L).splitlines()} == printed


def test_forty_doublings_are_forty_calls_of_rules(solved):
    x = solved["Value"](1.0)
    z = x
    for _ in range(40):
        z = z + z
    solved["backward"](z)
    np.testing.assert_array_equal(x.grad, 2.0**40)


def test_the_remark_on_one_arrow_is_right(problems, solved):
    w = solved["Node"](5.0)
    square = w.times(w)
    solved["backward"](square)
    assert float(w.grad) == 10
    names = {"np": np}
    exec(problems.wrong("backward", "the last share counts alone"), names)
    names["backward"](square)
    assert float(w.grad) == 5
