"""Test cells run in their own names first, and behind them in the student's, wherever Python looks a name up."""

import pytest

from autograder.session.names import Names
from autograder.session.shell import Shell

SQUARES = """
def squares(n):
    if n < 1: raise ValueError("n must be greater than or equal to 1")
    return [i ** 2 for i in range(1, n + 1)]
def sum_of_squares(n): return sum(squares(n))
limit = 10
def sum_(x): return -1
"""
DECLARED = ["squares", "sum_of_squares", "limit", "missing", "max"]


@pytest.fixture
def names(student):
    return Names(student(SQUARES), DECLARED)


def run(names, source):
    exec(compile(source, "<test>", "exec"), names)


@pytest.mark.parametrize(
    "source",
    [
        "assert squares(2) == [1, 4]",
        "def test(): return squares(2)\nassert test() == [1, 4]",
        "assert [squares(n) for n in (1,)] == [[1]]\nassert list(squares(n) for n in (1,)) == [[1]]",
        "assert (lambda: limit)() == 10",
        "class T:\n    held = limit\n    lengths = [len(squares(n)) for n in (1, 2)]\n    def f(self): return limit\n"
        "assert (T.held, T.lengths, T().f()) == (10, [1, 2], 10)",
        "assert eval('limit') == globals()['limit'] == globals().get('limit') == 10",
        "assert 'limit' in globals() and 'missing' not in globals() and 'other' not in globals()",
        "import math\nassert math.pi > 3\nassert len(str(max([1, 2]))) == 1",
        "class Point: x: int = limit\nassert Point.x == 10",
    ],
)
def test_a_students_name_is_found_where_python_looks_names_up(names, source):
    run(names, source)


def test_a_students_name_goes_before_pythons_own_and_a_tests_before_both(names):
    assert names["max"]([1, 2]) == 2
    names.session.run("def max(values): return 'mine'", 5)
    run(names, "assert max([1, 2]) == 'mine'")
    names.session.run("def test_it(): return 'theirs'", 5)
    run(names, "def test_it(): return 'ours'\nassert test_it() == 'ours'")


def test_a_name_that_the_student_has_and_the_model_answer_has_not_is_unknown(names):
    with pytest.raises(NameError):
        run(names, "sum_(1)")


@pytest.mark.parametrize("source", ["missing", "def f(): missing\nf()", "class A: missing", "del missing"])
def test_a_name_that_the_student_did_not_define_is_pythons_own_error(names, source):
    with pytest.raises(NameError, match="name 'missing' is not defined") as error:
        run(names, source)
    assert error.value.name == "missing"


QUICKSTART = """
orig_squares = squares
del squares
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use squares")
finally:
    squares = orig_squares
"""


def test_a_test_may_take_a_students_name_away_and_give_it_back(names):
    run(names, QUICKSTART)
    assert names.session.run("assert type(squares).__name__ == 'function'", 5)["ok"]
    assert names["sum_of_squares"](2) == 5


def test_a_test_may_put_a_right_answer_in_the_place_of_a_students(names):
    before = {name: names[name] for name in ("squares",) if name in names}
    names.update(squares=lambda n: [100])
    assert names["sum_of_squares"](2) == 100
    names.pop("squares", None)
    with pytest.raises(NameError):
        names["sum_of_squares"](2)
    names.update(before)
    assert names["sum_of_squares"](2) == 5


def test_names_of_the_tests_stay_on_the_tests_side(names):
    run(names, "mine = 3\nglobal_list = [mine]\ndel mine")
    assert "global_list" in names
    assert not names.session.run("global_list", 5)["ok"]
    assert names.setdefault("mine", 4) == names.pop("mine") == 4
    assert names.pop("mine", None) is None
    with pytest.raises(KeyError):
        names["mine"]


def test_a_students_name_is_asked_for_at_each_use(names):
    run(names, "assert limit == 10")
    names.session.run("limit = 11", 5)
    run(names, "assert limit == 11\nlimit = 12")
    assert names.session.run("assert limit == 12", 5)["ok"]


def test_it_serves_as_the_namespace_of_an_ipython_shell(names):
    shell = Shell(names)
    assert shell.run(QUICKSTART)["ok"]
    assert shell.run("def test_it():\n    return squares(2)\ntest_it()")["outputs"][-1]["data"]["text/plain"] == "[1, 4]"
    assert shell.run("class T:\n    x = squares(1)\nimport math\nfrom os import path\nmath.pi, path, len(T.x)")["ok"]
    outputs = shell.run("missing(1)")["outputs"]
    assert (outputs[-1]["ename"], outputs[-1]["evalue"]) == ("NameError", "name 'missing' is not defined")
