"""What of the instructor's notebook runs beside the tests, and which names are the student's."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.script import bound_names, imported_names, read_script


def book(*cells):
    """Make a notebook of (kind, grade_id, source)."""
    roles = {"answer": {"solution": True}, "test": {"grade": True}, "setup": {"locked": True}, "plain": None}
    made = []
    for kind, name, source in cells:
        role = roles[kind]
        made.append(new_code_cell(source, metadata={} if role is None else {"nbgrader": {"grade_id": name, **role}}))
    return new_notebook(cells=made)


def test_the_student_defines_what_the_answers_define():
    script = read_script(book(("setup", "s", "import numpy as np"), ("answer", "a", "def f(x): return np.sin(x)\nk = 2")))
    assert script.names == {"f", "k"}


def test_an_answer_of_which_nothing_is_left_defines_what_the_tests_use_and_nobody_else_defines():
    tests = "import math\nlimit = 3\ndef helper(y):\n    return [g(z, limit) for z in y]\nassert math.isclose(f(1), abs(-1))"
    assert read_script(book(("answer", "a", "# YOUR CODE HERE"), ("test", "t", tests))).names == {"f", "g"}


def test_each_test_cell_has_the_set_up_cells_that_come_before_it():
    script = read_script(
        book(("setup", "s", "a = 1"), ("plain", "", "b = 2"), ("test", "t", ""), ("plain", "", "c = 3"), ("test", "v", ""))
    )
    assert script.setup == {"t": ("a = 1", "b = 2"), "v": ("c = 3",)}


@pytest.mark.parametrize(
    ("source", "runs"),
    [
        ("draw(f(3))", False),
        ("[f(n) for n in range(3)]", False),
        ("class A:\n    value = f(3)", False),
        ("def later():\n    return f(3)", True),
        ("later = lambda: [f(n) for n in range(3)]", True),
        ("try:\n    way = f(3)\nexcept Exception:\n    print('not yet')", False),
        ("needed = f(3)", True),
        ("%matplotlib inline\nimport numpy as np", True),
        ("this is no Python", True),
    ],
)
def test_a_set_up_cell_that_uses_an_answer_as_it_runs_is_left_to_the_student_unless_a_test_needs_it(source, runs):
    script = read_script(book(("answer", "a", "def f(x): return x"), ("setup", "s", source), ("test", "t", "needed, f")))
    assert script.setup["t"] == ((source,) if runs else ())


def test_names_bound_in_functions_and_comprehensions_are_not_the_notebooks():
    source = "%time x = 1\nimport a.b, c as d\ndef f(p):\n    q = p\nfor i in [j for j in x]: pass\nclass K: m = 1"
    assert bound_names(source) == {"a", "d", "f", "i", "K"}


def test_nbgraders_quickstart_course_has_its_three_functions(tmp_path):
    nbgrader = Path(sys.executable).parent / "nbgrader"
    subprocess.run([nbgrader, "quickstart", "course"], cwd=tmp_path, check=True, capture_output=True)
    notebook = nbformat.read(tmp_path / "course" / "source" / "ps1" / "problem1.ipynb", as_version=4)
    script = read_script(notebook)
    assert script.names == {"squares", "sum_of_squares", "pyramidal_number"}
    assert set(script.setup.values()) == {()}


def test_what_a_cell_imports_is_named_whole():
    cell = (
        "%matplotlib inline\nimport a.b as c, d\nfrom e.f import g, h\ndef later():\n    from i import j\nfrom . import k\n"
    )
    assert imported_names(cell) == {"a.b", "d", "e.f.g", "e.f.h", "i.j"}
    assert imported_names("import a; this is no Python") == set()
