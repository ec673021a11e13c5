"""A percent source becomes an nbgrader source notebook, and one that would grade wrongly is refused."""

import ast
import shutil

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.build import build, module_part, read_source
from autograder.errors import BuildError

from .conftest import SETS

TOY = (SETS / "ps01_toy" / "ps01_toy.py").read_text()
TEST = '"grade_id": "test_halve", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}\n'
LAST = "float(test_points)\n"


@pytest.fixture
def source(tmp_path):
    """Write a set's source: ``source(text, module=text)``."""

    def write(text=TOY, **modules):
        folder = tmp_path / "ps01_toy"
        shutil.copytree(SETS / "ps01_toy", folder, dirs_exist_ok=True)
        for name, content in {"ps01_toy": text, **modules}.items():
            (folder / f"{name}.py").write_text(content, encoding="utf-8")
        return folder

    return write


def changed(old, new):
    assert TOY.count(old) == 1
    return TOY.replace(old, new)


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def test_a_source_becomes_a_notebook_with_its_files_beside_it(source, tmp_path):
    target = build(source(), tmp_path / "source")
    assert sorted(path.name for path in target.iterdir()) == ["data.csv", "ps01_toy.ipynb"]
    notebook = nbformat.read(target / "ps01_toy.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", *["code"] * 5, "markdown", "markdown"]
    assert notebook.cells[0].source == "# A toy set\nSmall functions of the integers, for testing the grader."
    assert cell_of(notebook, "test_square").metadata.nbgrader.points == 4
    ids = [cell.id for cell in notebook.cells]
    assert ids == ["text-00", "setup", "square", "test_square", "halve", "test_halve", "text-06", "written_why"]
    assert set(notebook.metadata) == {"kernelspec"}


@pytest.mark.parametrize("name", ["ps01_toy.ipynb", "examples/one.ipynb"])
def test_a_notebook_among_the_files_which_nbgrader_would_grade_or_drop_is_refused(source, tmp_path, name):
    stray = source() / "files" / name
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("{}")
    with pytest.raises(BuildError, match=f"would hand files/{name} to nobody"):
        build(tmp_path / "ps01_toy", tmp_path / "source")


def test_a_folder_without_a_source_is_refused(tmp_path):
    with pytest.raises(BuildError, match=r"has no ps09\.py"):
        read_source(tmp_path / "ps09")


HALVE = '{"cell_type": "code", "grade": false, "grade_id": "halve"'
SETUP = '"schema_version": 3, "solution": false, "task": false}\nimport warnings'
MARKERS = ("    ### BEGIN SOLUTION\n    return x // 2\n", "    ### END SOLUTION\n")
REFUSED = {
    "grade_id 'square' stands on 2 cells": {'"grade_id": "halve"': '"grade_id": "square"'},
    "cell 'setup' lacks the nbgrader fields schema_version, task": {SETUP: '"solution": false}\nimport warnings'},
    "cell '.' lacks the nbgrader fields grade_id": {'"grade_id": "halve", ': ""},
    "'test_halve' has schema_version 2, not 3": {TEST: TEST.replace("3", "2")},
    "'written_why' says cell_type 'code' and is 'markdown'": {'{"cell_type": "markdown"': '{"cell_type": "code"'},
    "'test_halve' is graded and has no points": {'"points": 2, ': ""},
    "'written_why' is graded and has no points": {'"points": 3': '"points": -3'},
    "'test_square' is graded and has no points": {'"points": 4': '"points": "4"'},
    "'setup' is graded and has no points": {'false, "grade_id": "setup"': 'true, "points": Infinity, "grade_id": "setup"'},
    "'halve' has points and is not graded": {'"grade_id": "halve"': '"points": 1, "grade_id": "halve"'},
    "'halve' has a BEGIN SOLUTION without its END SOLUTION": {"".join(MARKERS): MARKERS[0]},
    "'halve' has a BEGIN SOLUTION without": {"".join(MARKERS): MARKERS[1] + MARKERS[0]},
    "'test_halve' has a BEGIN HIDDEN TESTS without its END HIDDEN TESTS": {"### END HIDDEN TESTS\nfloat": "float"},
    "'test_halve' binds points": {LAST: "points = 3\n" + LAST},
    "'test_halve' binds error": {LAST: "try:\n    pass\nexcept ValueError as error:\n    pass\n" + LAST},
    "'test_halve' binds square": {LAST: "from operator import pos as square\n" + LAST},
    "'test_halve' binds halve": {LAST: "del halve\n" + LAST},
    "'test_halve' binds helper, i, last": {LAST: "def helper(): ...\nfor i in range(2): (last := i)\n" + LAST},
    r"'test_halve' binds \*": {LAST: "from operator import *\n" + LAST},
    "'test_halve' ends with an expression that is no call": {LAST: "test_points\n"},
    "'test_halve' does not parse": {LAST: "%time float(test_points)\n"},
    "without nbgrader metadata holds an answer": {"Why does `halve`": "### BEGIN SOLUTION\nWhy does `halve`"},
    "no cell earns points": {"true": "false"},
    "has metadata that cannot be read": {'"grade_id": "halve", ': '"grade_id": "halve, '},
    "cell 3 has metadata that cannot be read": {f"# %% nbgrader={HALVE}": f"# %%nbgrader={HALVE}"},
    "has nbgrader metadata that is no dict": {"# %% [markdown]\nr": '# %% [markdown] nbgrader="x"\nr'},
    "a grade_id of other characters": {'"grade_id": "halve"': '"grade_id": "text-01"'},
    "'test_square' imports misconceptions": {"from misconceptions import square as": "import misconceptions as"},
    "has no 'cube' that can be read": {"import square as test_bank": "import cube as test_bank"},
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_source_that_would_grade_wrongly_is_refused(source, why):
    text = TOY
    for old, new in REFUSED[why].items():
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(BuildError, match=why) as refusal:
        read_source(source(text))
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    "line",
    [
        "test_all = [value for value in (1, 2) if value]",
        "import math",
        "from math import sqrt as test_root",
        "(lambda inner: inner)(1)",
        "def test_it():\n    inside = 1",
        "with open('data.csv') as test_file:\n    pass",
    ],
)
def test_names_that_hide_nothing_of_a_students_are_allowed_in_a_test_cell(source, line):
    assert line in cell_of(read_source(source(changed(LAST, f"{line}\n{LAST}"))), "test_halve").source


def test_a_task_may_have_points(source):
    meta = TOY[TOY.rindex('"grade": true') : TOY.rindex("}")]
    task = (
        meta.replace('"task": false', '"task": true')
        .replace("true", "false", 1)
        .replace('"solution": true', '"solution": false')
    )
    cell = cell_of(read_source(source(TOY.replace(meta, task))), "written_why")
    assert cell.metadata.nbgrader.task
    assert cell.metadata.nbgrader.points == 3


def inlined(folder):
    """Run the hidden test's import as the notebook will, far from the module; give the name that it binds."""
    lines = cell_of(read_source(folder), "test_square").source.splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if "BEGIN HIDDEN" in line)
    tree = ast.parse("".join(lines[start:]))
    space = {"square": lambda x: x * x, "LIMIT": 10}
    exec(compile(ast.Module(tree.body[:3], []), "cell", "exec"), space)
    return space["test_bank"]


def test_a_module_beside_the_source_works_inside_the_hidden_test(source):
    ((name, wrong),) = inlined(source())
    assert name == "doubles"
    assert wrong(3) == 6


TEXT = st.text(
    st.sampled_from("'\"\\\n\t nxu{}é∂🙂\x0c\x1c\u2028%#") | st.characters(exclude_categories=["Cs"]), max_size=30
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=TEXT, quote=st.sampled_from(['"""', "'''", "f'''", 'r"""']))
def test_any_text_in_a_module_survives_being_put_into_the_hidden_test(source, value, quote):
    literals = [repr(value), ascii(value), f"f{value!r}".replace("{", "{{").replace("}", "}}")]
    body = value.replace("\\", "\\\\").replace(quote[-1], "\\" + quote[-1]).replace("\0", "")
    body = body.replace("{", "{{").replace("}", "}}") if quote[0] == "f" else body
    literals.append(quote + body + quote[-3:])
    module = "square = [" + ",\n".join(literals) + f"]\n\n# {value!r}\n"
    wanted = {}
    exec(compile(module, "module", "exec"), wanted)
    assert inlined(source(misconceptions=module)) == wanted["square"]


def test_of_a_module_a_bank_takes_what_is_not_another_banks():
    module = '''"""Wrong answers."""
from functools import lru_cache, partial
A = Bank("A")
B: Bank = Bank("B")
RATE = 3

@lru_cache(maxsize=None)
def helper(): return RATE

@A("one")
def one(): ...

@B("two")
@partial(print)
def two(): ...

class Base: ...
'''
    kept = module_part(module, "A")
    assert [line for line in kept.splitlines() if line] == [
        "from functools import lru_cache, partial", 'A = Bank("A")', "RATE = 3", "@lru_cache(maxsize=None)",
        "def helper(): return RATE", '@A("one")', "def one(): ...", "class Base: ...",
    ]  # fmt: skip
    assert '@B("two")\n@partial(print)\ndef two' in module_part(module, "B")
    assert "@A" not in module_part(module, "B")


@pytest.mark.parametrize(
    ("module", "why"),
    [
        ("square = [", "misconceptions.py beside ps01_toy.py has no 'square' that can be read"),
        ("other = []", "nothing at its top level is called square"),
        ("import ps01_toy\nsquare = []", "misconceptions.py beside ps01_toy.py imports ps01_toy"),
    ],
)
def test_a_module_that_would_break_in_the_notebook_is_refused(source, module, why):
    with pytest.raises(BuildError, match=why) as refusal:
        read_source(source(misconceptions=module))
    assert len(str(refusal.value).splitlines()) == 1
