"""What is released is what students may see, the same at every build, and nothing at all when something is wrong."""

import json
import shutil
import sqlite3

import nbformat
import pytest

from autograder.build import build
from autograder.errors import BuildError, GraderError
from autograder.gradebook import open_gradebook
from autograder.release import find_leaks, find_sources, release
from autograder.restore import grade_id_of
from autograder.root import Root

from .conftest import SETS

TOY = (SETS / "ps01_toy" / "ps01_toy.py").read_text()
ANSWER = "return x * x  # the model's own words"
HIDDEN = "for test_x in (-2, 0, LIMIT):"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "ps01_toy"
    shutil.copytree(SETS / "ps01_toy", folder)
    return folder


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def cells_of(root):
    with open_gradebook(root) as gradebook:
        return {cell.name: cell.source for cell in gradebook.find_notebook("ps01_toy", "ps01_toy").source_cells}


def rewrite(source, old, new):
    path = source / "ps01_toy.py"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_second_build_in_another_directory_is_the_same_to_the_byte(released, root, tmp_path):
    for step in ("source", "release"):
        shutil.rmtree(root.path / step)
    published = release(SETS / "ps01_toy", root, tmp_path / "exercises")
    assert published == tmp_path / "exercises" / "ps01_toy"
    assert content(published) == content(released / "release" / "ps01_toy")
    assert content(root.path / "source") == content(released / "source")
    assert not list(root.path.glob(".*")), "nothing else is left in the course directory"


def test_students_get_stubs_the_tests_they_may_see_and_the_files(released):
    folder = released / "release" / "ps01_toy"
    assert sorted(content(folder)) == ["data.csv", "ps01_toy.ipynb"]
    notebook = nbformat.read(folder / "ps01_toy.ipynb", as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    cells = {grade_id_of(cell): cell for cell in notebook.cells}
    assert cells["square"].source.endswith("# YOUR CODE HERE\n    raise NotImplementedError()")
    assert cells["test_square"].source == 'assert square(3) == 9, "three squared is nine"'
    assert cells["written_why"].source == "YOUR ANSWER HERE"
    assert [c.metadata.nbgrader.points for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")] == [4, 2, 3]
    assert all(not cell.outputs and cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")
    assert find_leaks(released / "source" / "ps01_toy", folder) == []


def test_the_gradebook_knows_the_hidden_tests(released):
    assert HIDDEN in cells_of(Root.open(released))["test_square"]


def in_a_markdown_cell(source):
    rewrite(source, "Why does `halve` round down?", f"Why? Think of `{ANSWER}`.")
    return repr(ANSWER)


def written_answer_in_a_markdown_cell(source):
    rewrite(source, "# A toy set", "# A toy set\nBecause floor division does.")
    return "'Because floor division does.' in ps01_toy.ipynb"


def hidden_test_in_a_file(source):
    (source / "files" / "hints.txt").write_text(f"tests:\n    {HIDDEN}\n")
    return f"{HIDDEN!r} in hints.txt"


def helper_of_a_hidden_test_in_a_file(source):
    shutil.copy(source / "misconceptions.py", source / "files" / "mistakes.py")
    return "in mistakes.py"


def marker_in_a_file(source):
    (source / "files" / "old.py").write_text("### BEGIN SOLUTION\n")
    return "'BEGIN SOLUTION' in old.py"


LEAKS = [
    in_a_markdown_cell,
    written_answer_in_a_markdown_cell,
    hidden_test_in_a_file,
    helper_of_a_hidden_test_in_a_file,
    marker_in_a_file,
]


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__)
def test_a_set_that_gives_something_away_is_not_released_and_the_former_release_stays(root, source, tmp_path, leak):
    published = release(source, root, tmp_path / "exercises")
    before, gradebook = content(published) | content(root.folder("release", ".", "ps01_toy")), cells_of(root)
    found = leak(source)
    rewrite(source, "LIMIT = 10", "LIMIT = 11")
    with pytest.raises(BuildError, match="would give away") as refusal:
        release(source, root, tmp_path / "exercises")
    assert found in str(refusal.value)
    assert content(published) | content(root.folder("release", ".", "ps01_toy")) == before
    assert cells_of(root) == gradebook, "the gradebook still knows the cells of the former release"


@pytest.mark.parametrize("kind", ["text", "text/plain", "traceback"])
def test_an_output_that_shows_an_answer_is_a_leak_however_it_is_written(source, tmp_path, kind):
    odd = "return x * x if 'it\\'s' else \"\\t\""
    rewrite(source, ANSWER, odd)
    lines = ["def square(x):\n", f"    {odd}\n"]
    output = {"text": lines} if kind == "text" else {"traceback": lines} if kind == "traceback" else {"data": {kind: lines}}
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "one.ipynb").write_text(json.dumps({"cells": [{"source": "??square", "outputs": [output]}]}))
    assert find_leaks(build(source, tmp_path / "source"), tmp_path / "given") == [f"{odd!r} in one.ipynb"]


def test_a_line_that_students_are_given_as_code_is_no_secret(root, source):
    given = 'assert square(3) == 9, "three squared is nine"'
    rewrite(source, HIDDEN, f"{given}\n{HIDDEN}")
    release(source, root)


BROKEN = {
    "stands on 2 cells": ('"grade_id": "halve"', '"grade_id": "square"'),
    "nbgrader does not release ps01_toy: .*non-solution cell": (
        "LIMIT = 10",
        "### BEGIN SOLUTION\nLIMIT = 10\n### END SOLUTION",
    ),
    "nbgrader does not release ps01_toy: .*mark scheme": (
        "Why does",
        "### BEGIN MARK SCHEME\n### END MARK SCHEME\nWhy does",
    ),
    "nbgrader does not release ps01_toy: .*language 'cobol'": ("language: python", "language: cobol"),
}


@pytest.mark.parametrize("why", BROKEN)
def test_a_source_that_is_refused_leaves_the_former_release_and_says_why_in_one_line(root, source, why):
    before, gradebook = content(root.path / "release") | content(root.path / "source"), cells_of(root)
    rewrite(source, *BROKEN[why])
    with pytest.raises(BuildError, match=why) as refusal:
        release(source, root)
    assert len(str(refusal.value).splitlines()) == 1
    assert content(root.path / "release") | content(root.path / "source") == before
    assert cells_of(root) == gradebook


def test_a_gradebook_that_cannot_be_written_leaves_the_former_release(root, source):
    config = root.path / "nbgrader_config.py"
    impatient = f"c.CourseDirectory.db_url = 'sqlite:///{root.path}/gradebook.db?timeout=0.1'\n"
    config.write_text(config.read_text() + impatient)
    before = content(root.path / "release")
    rewrite(source, "LIMIT = 10", "LIMIT = 11")
    with sqlite3.connect(root.path / "gradebook.db") as lock:
        lock.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GraderError, match="gradebook"):
            release(source, Root.open(root.path))
    lock.close()
    assert content(root.path / "release") == before


def test_a_set_is_released_again_when_its_source_has_changed(root, source):
    rewrite(source, "LIMIT = 10", "LIMIT = 11")
    (source / "files" / "data.csv").unlink()
    published = release(source, root)
    assert sorted(content(published)) == ["ps01_toy.ipynb"], "a file that is no longer there is gone"
    assert "LIMIT = 11" in cells_of(root)["setup"]


def test_sets_are_found_by_the_beginning_of_their_name(tmp_path):
    assert [path.name for path in find_sources(SETS, ("ps01",))] == ["ps01_toy"]
    assert [path.name for path in find_sources(SETS)] == ["ps01_toy", "ps02_four"]
    with pytest.raises(GraderError, match=r"'ps' could be several problem sets in .+: there is ps01_toy, ps02_four"):
        find_sources(SETS, ("ps",))
    with pytest.raises(GraderError, match=r"'ps03' is no problem set in .+: there is ps01_toy"):
        find_sources(SETS, ("ps01", "ps03"))
    with pytest.raises(GraderError, match="there is no folder"):
        find_sources(tmp_path / "nowhere")
