"""What is laid for the site before it is built: quick, without the site."""

import doctest
import importlib

import nbformat
import pytest

import course
from docs.site import api
from docs.site.docstrings import tidy
from docs.site.pages import for_readers, pictures

formula = pytest.importorskip("docs.site.mathml").formula


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


@pytest.mark.parametrize("name", ["docstrings", "mathml"])
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(f"docs.site.{name}")).failed == 0


def test_every_public_name_stands_on_a_page_of_the_library():
    listed = {name for room in api.ROOMS for name in api.names(importlib.import_module(f"course.{room}"))}
    assert set(course.__all__) <= listed


@pytest.mark.parametrize(
    "tex",
    [r"\begin{aligned} a &= b \\ c &= \boxed{d} \end{aligned}", r"\bigl\lVert x \bigr\rVert", r"\arg\min_w J(w)",
     r"\begin{cases} 1 & a > 0 \\[1em] 0 & \text{else} \end{cases}", r"\text{min\_delta}"],
)  # fmt: skip
def test_a_formula_leaves_no_tex_behind(tex):
    mathml = formula(tex, "block")
    assert "\\" not in mathml
    assert "&amp;" not in mathml
    assert "1em<" not in mathml


def test_a_page_has_one_title_and_says_where_its_notebook_is():
    cells = [nbformat.v4.new_markdown_cell(text) for text in ("# Losses", "## One", "# Many classes", "## Two")]
    sources = [cell.source for cell in for_readers(notebook(*cells), "ps.ipynb").cells]
    assert sources[0].startswith("# Losses\n")
    assert 'href="ps.ipynb"' in sources[0]
    assert sources[1:] == ["### One", "## Many classes", "### Two"]


def test_what_is_meant_for_the_lecturer_is_marked():
    note = nbformat.v4.new_markdown_cell("Wait for an answer.", metadata={"slideshow": {"slide_type": "notes"}})
    page = for_readers(notebook(nbformat.v4.new_markdown_cell("# A"), note), "a.ipynb")
    assert "For the lecturer" in page.cells[1].source


def test_a_picture_has_the_words_that_the_kernel_gave():
    output = nbformat.v4.new_output("display_data", {"image/png": "aGVsbG8=", "text/plain": "Which is best?. This one."})
    words = pictures(notebook(nbformat.v4.new_code_cell("", outputs=[output])))
    assert list(words.values()) == ["Which is best? This one."]


def test_examples_and_stars_of_a_docstring_are_kept():
    lines = tidy(["Shape (n, *S).", "", "Parameters", "----------", "x", "", ">>> f(*x)", "1"])
    assert lines[0] == r"Shape (n, \*S)."
    assert lines[-4:] == ["Examples", "--------", ">>> f(*x)", "1"]
