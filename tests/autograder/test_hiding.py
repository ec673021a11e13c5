"""Students see no line of a hidden test: not in the cell, not in an error, not in a warning that quotes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.hiding import has_hidden_tests, student_view, without_hidden_tests

BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
LINES = st.lists(st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"])), max_size=4)


def failed(name, message, source=f"assert a\n{BEGIN}\nassert secret == 41\n{END}"):
    cell = new_code_cell(source)
    cell.outputs = [new_output("error", ename=name, evalue=message, traceback=[f"assert secret == 41\n{name}: {message}"])]
    student_view(cell)
    return cell


@given(
    open_lines=LINES,
    regions=st.lists(LINES, min_size=1, max_size=3),
    closed=st.booleans(),
    indent=st.sampled_from(["", "    "]),
)
def test_no_line_of_a_hidden_region_survives_and_every_other_line_does(open_lines, regions, closed, indent):
    lines = []
    for number, region in enumerate(regions):
        lines += [f"seen {number} {line}" for line in open_lines]
        lines += [indent + BEGIN, *(f"hidden {number} {line}" for line in region), indent + END]
    tail = ["seen at the end"] if closed else []
    source = "\n".join((lines if closed else lines[:-1]) + tail)
    shown = without_hidden_tests(source)
    assert "hidden" not in shown.lower()
    seen = [f"seen {number} {line}" for number in range(len(regions)) for line in open_lines] + tail
    assert shown == "\n".join(seen).rstrip()


def test_a_cell_without_hidden_tests_stays_as_it_is():
    source = "assert a  # the tests you see"
    assert without_hidden_tests(source) == source
    cell = failed("ValueError", "first\nsecond", source)
    assert cell.source == source
    assert cell.outputs[0].evalue == "first\nsecond"
    assert not has_hidden_tests(source)
    assert has_hidden_tests(f"{BEGIN}\n1")


def test_text_about_hidden_tests_in_a_markdown_cell_stays():
    cell = new_markdown_cell(f"We write {BEGIN} above what students do not see.")
    student_view(cell)
    assert BEGIN in cell.source


@pytest.mark.parametrize(
    ("name", "message", "shown"),
    [
        ("AssertionError", "", "AssertionError in a hidden test"),
        ("AssertionError", "look at the sign", "AssertionError: look at the sign"),
        ("AssertionError", "\nNot equal to tolerance\n DESIRED: [41, 42]", "AssertionError in a hidden test"),
        ("ValueError", "bad shape\nexpected 41", "ValueError: bad shape"),
    ],
)
def test_of_an_error_in_a_hidden_test_only_its_name_and_its_first_line_are_shown(name, message, shown):
    (output,) = failed(name, message).outputs
    assert output.traceback == [shown]
    assert "41" not in str(output)


def test_a_warning_does_not_quote_the_hidden_line_that_caused_it():
    cell = new_code_cell(f"helper()\n{BEGIN}\nassert secret(41) == 1 / 3\n{END}")
    said = "/tmp/1.py:3: RuntimeWarning: overflow\n  assert secret(41) == 1 / 3\n"
    cell.outputs = [
        new_output("stream", name="stderr", text=said),
        new_output("stream", name="stdout", text="helper()\n1\n"),
    ]
    student_view(cell)
    assert cell.outputs[0].text == "/tmp/1.py:3: RuntimeWarning: overflow\n"
    assert cell.outputs[1].text == "helper()\n1\n"


def test_a_mark_scheme_is_for_graders_only():
    from nbformat.v4 import new_markdown_cell

    cell = new_markdown_cell("Why?\n=== BEGIN MARK SCHEME ===\nsecret\n=== END MARK SCHEME ===\nThink.")
    student_view(cell)
    assert cell.source == "Why?\nThink."
