"""What the notebook of every problem set holds besides its tests: examples that are true, and pictures that are friendly."""

import contextlib
import doctest
import io
import textwrap
import warnings
from unittest import mock

import pytest

from solutions.problem_set import find_sets

SETS = find_sets()
IDS = [problems.folder.name for problems in SETS]


def drawn(source, names):
    """Run a cell that draws; give what it printed, and how many figures and other things it showed."""
    pyplot, printed = pytest.importorskip("matplotlib.pyplot"), io.StringIO()
    pyplot.switch_backend("agg")
    pyplot.close("all")
    with (
        contextlib.redirect_stdout(printed),
        mock.patch.object(pyplot, "show"),
        mock.patch("IPython.display.display") as display,
        mock.patch("IPython.get_ipython"),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        exec(source, names)
    figures = len(pyplot.get_fignums()) + display.call_count
    pyplot.close("all")
    return printed.getvalue(), figures


@pytest.mark.parametrize("problems", SETS, ids=IDS)
def test_the_examples_in_the_docstrings_hold(problems):
    runner, parser, names = doctest.DocTestRunner(), doctest.DocTestParser(), problems.names({})
    for function in problems.functions:
        example = parser.get_doctest(textwrap.dedent(names[function].__doc__), names, function, None, None)
        assert example.examples, f"{function} shows no example"
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("problems", SETS, ids=IDS)
def test_a_picture_is_one_friendly_line_until_the_functions_are_written_and_a_drawing_after(problems):
    assert problems.pictures, "the student's own code draws nothing"
    untouched = problems.names({name: problems.untouched(name) for name in problems.functions})
    solved = problems.names({})
    for name, source in problems.pictures.items():
        printed, shown = drawn(source, untouched)
        assert (printed.count("\n"), shown) == (1, 0), f"{name}: {printed}"
        printed, shown = drawn(source, solved)
        assert printed == "", name
        assert shown >= 1, name


@pytest.mark.parametrize("problems", SETS, ids=IDS)
def test_students_can_neither_use_nor_read_the_modules_that_hold_what_they_are_to_write(problems):
    assert problems.notebook.metadata.autograder.get("forbidden")
