"""Whatever a student does to the cells, the instructor's are there once, as they were, and the answers stay."""

from collections import Counter

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.corpus.words import generate_corpus_id as random_cell_id
from nbformat.v4 import new_code_cell

from autograder.gradebook import open_gradebook
from autograder.restore import grade_id_of, read_original, restore
from autograder.root import Root

IDS = ["setup", "square", "test_square", "halve", "test_halve", "written_why"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(IDS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["grade_id", "grade", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["grade_id", "points", "grade", "locked", "solution", "task", "cell_type", "schema_version", "checksum"]
)
PLACE = st.integers(0, 40)
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("delete"), PLACE),
        st.tuples(st.just("copy"), PLACE, PLACE),
        st.tuples(st.just("move"), PLACE, PLACE),
        st.tuples(st.just("write"), PLACE, st.text(max_size=20)),
        st.tuples(st.just("retype"), PLACE, st.sampled_from(["code", "markdown", "raw"])),
        st.tuples(st.just("relabel"), PLACE, st.sampled_from(IDS)),
        st.tuples(st.just("field"), PLACE, FIELDS, JUNK),
        st.tuples(st.just("nbgrader"), PLACE, JUNK),
        st.tuples(st.just("tags"), PLACE, st.sampled_from([["skip-execution"], ["raises-exception"], [], ["x"] * 3])),
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def original(released):
    root = Root.open(released)
    with open_gradebook(root) as gradebook:
        notebook = gradebook.find_notebook("ps01_toy", "ps01_toy")
        return read_original(notebook, *(root.folder(s, ".", "ps01_toy") / "ps01_toy.ipynb" for s in ("release", "source")))


def vandalise(notebook, edit):
    """Do one thing that a student can do to a notebook."""
    what, place, *rest = edit
    cells = notebook.cells
    if not cells:
        return
    cell = cells[place % len(cells)]
    meta = cell.metadata.get("nbgrader")
    if what == "delete":
        cells.remove(cell)
    elif what in {"copy", "move"}:
        moved = nbformat.from_dict(cell | {"id": random_cell_id()}) if what == "copy" else cells.pop(place % len(cells))
        cells.insert(rest[0] % (len(cells) + 1), moved)
    elif what == "write":
        cell.source = rest[0]
    elif what == "retype":
        cell.cell_type = rest[0]
        for key in ("outputs", "execution_count"):
            cell.pop(key, None)
        if rest[0] == "code":
            cell.update(outputs=[], execution_count=None)
    elif what == "relabel":
        cell.metadata["nbgrader"] = nbformat.from_dict({"grade_id": rest[0]})
    elif what == "nbgrader":
        cell.metadata["nbgrader"] = nbformat.from_dict(rest[0])
    elif what == "tags":
        cell.metadata["tags"] = rest[0]
    elif isinstance(meta, dict):
        meta[rest[0]] = nbformat.from_dict(rest[1])


def answers(notebook, original):
    """Collect the texts of the cells that are the student's own."""
    locked = {role.grade_id for role in original.roles if role.locked}
    return Counter(cell.source for cell in notebook.cells if grade_id_of(cell) not in locked)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS)
def test_after_any_vandalism_the_instructors_cells_are_there_once_and_the_students_keep_their_text(original, toy, edits):
    notebook = toy(square="def square(x):\n    return x * x")
    for edit in edits:
        vandalise(notebook, edit)
    mine = answers(notebook, original)
    last = {name: cell.source for cell in notebook.cells if (name := grade_id_of(cell)) in IDS}
    restore(notebook, original)

    by_id = {}
    for cell in notebook.cells:
        assert "tags" not in cell.metadata
        if "nbgrader" in cell.metadata:
            by_id.setdefault(grade_id_of(cell), []).append(cell)
    assert set(by_id) <= set(IDS)
    for role in original.roles:
        found = by_id.get(role.grade_id, [])
        assert len(found) == 1 or not (found or role.locked or role.graded)
        for cell in found:
            assert (cell.cell_type, cell.metadata.nbgrader) == (role.cell_type, role.metadata)
            wanted = role.source if role.locked else last.get(role.grade_id, role.source)
            assert cell.source == wanted
    assert mine <= answers(notebook, original), "a student's text is lost"
    nbformat.validate(notebook)


def test_the_released_notebook_needs_no_repair_but_gets_its_hidden_tests(original, toy):
    notebook = toy()
    assert restore(notebook, original) == []
    assert "BEGIN HIDDEN TESTS" in next(cell.source for cell in notebook.cells if grade_id_of(cell) == "test_square")
    again = nbformat.from_dict(notebook)
    assert restore(again, original) == [
        "cell test_square is not as it was released",
        "cell test_halve is not as it was released",
    ]
    assert again == notebook, "to restore twice is to restore once"


def test_cells_that_are_missing_come_back_in_the_order_of_the_release(original, toy):
    notebook = toy()
    notebook.cells = []
    notes = restore(notebook, original)
    assert [grade_id_of(cell) for cell in notebook.cells] == ["setup", "test_square", "test_halve", "written_why"]
    assert notes == [f"cell {name} was missing" for name in ("setup", "test_square", "test_halve", "written_why")]


def test_a_cell_that_is_missing_comes_back_behind_the_one_that_it_followed(original, toy):
    notebook = toy()
    order = [grade_id_of(cell) for cell in notebook.cells]
    notebook.cells = [cell for cell in notebook.cells if grade_id_of(cell) != "test_square"]
    restore(notebook, original)
    assert [grade_id_of(cell) for cell in notebook.cells] == order


def test_the_kernel_is_the_instructors(original, toy):
    notebook = toy()
    notebook.metadata = nbformat.from_dict({"kernelspec": {"name": "bash", "display_name": "Mine"}})
    restore(notebook, original)
    assert notebook.metadata.kernelspec.name == "python3"


def test_a_picture_pasted_into_a_cell_that_was_code_leaves_a_valid_notebook(original, toy):
    notebook = toy()
    cell = next(cell for cell in notebook.cells if grade_id_of(cell) == "test_square")
    cell.cell_type = "markdown"
    for key in ("outputs", "execution_count"):
        del cell[key]
    cell.attachments = {"a.png": {"image/png": "aGk="}}
    assert "cell test_square had become a markdown cell" in restore(notebook, original)
    nbformat.validate(notebook)


def test_a_label_that_no_cell_of_the_instructor_bears_is_taken_off(original, toy):
    notebook = toy()
    notebook.cells.append(new_code_cell("1", metadata={"nbgrader": {"grade_id": "bonus", "grade": True, "points": 9}}))
    restore(notebook, original)
    assert "nbgrader" not in notebook.cells[-1].metadata


def test_cells_that_were_moved_are_in_the_order_of_the_release_again(original, toy):
    """Or a test could be run before another that it follows, and lend what that one asks for."""
    notebook = toy(square="def square(x): return 9")
    order = [grade_id_of(cell) for cell in notebook.cells]
    own = new_code_cell("x = 1")
    notebook.cells = [own, *reversed(notebook.cells)]
    assert "cells were moved: they are in their first order again" in restore(notebook, original)
    assert notebook.cells[0] is own
    assert [grade_id_of(cell) for cell in notebook.cells if grade_id_of(cell)] == [name for name in order if name]
