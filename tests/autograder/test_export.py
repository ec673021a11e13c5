"""Marks in a table: nobody is missing, nothing is lost, and no spreadsheet program runs what a student wrote."""

import csv

import pytest

from autograder.export import safe, write_marks
from autograder.results import ClassResults, Item, StudentResult


def item(name, points, out_of=4.0, reason="", **more):
    return Item(f"test_{name}", name, points, out_of, points is None, points is None, reason, **more)


def written(results, tmp_path):
    path = tmp_path / "marks" / "marks.csv"
    write_marks(results, path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_student_has_a_line_with_every_mark(tmp_path):
    ada = StudentResult("ada", [item("Adam", 4.0), item("why", None, 3.0)])
    bob = StudentResult("bob", [item("Adam", 1 / 3, reason="no bias correction"), item("why", 3.0, 3.0)], late_penalty=0.25)
    first, second = written(ClassResults("course", "ps08", [bob, ada]), tmp_path)
    assert first == {
        "student": "ada",
        "Adam (of 4)": "4",
        "why (of 3)": "",
        "late penalty": "0",
        "total": "4",
        "out of": "7",
        "waiting for hand grading": "3",
        "why marks were lost": "",
    }
    assert second["Adam (of 4)"] == "0.3333"
    assert second["total"] == "3.0833"
    assert second["why marks were lost"] == "Adam: no bias correction"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n+", "＝", "\x1b[0m="])
def test_no_text_begins_a_formula(start, tmp_path):
    hostile = f'{start}HYPERLINK("http://example.org"; "x")'
    results = ClassResults("c", "a", [StudentResult(hostile, [Item("t", hostile, 0.0, 1.0, False, False, hostile)])])
    (row,) = written(results, tmp_path)
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r", "\n", " ", "＝")) for text in [*row, *row.values()])
    assert ";" not in (tmp_path / "marks" / "marks.csv").read_text(encoding="utf-8")


def test_a_reason_of_many_lines_stays_in_its_cell():
    assert safe("first\nsecond\r\n=third") == "first second =third"


def test_lines_end_in_a_newline_and_letters_are_utf_8(tmp_path):
    write_marks(ClassResults("c", "a", [StudentResult("Zoë", [item("größe", 1.0)])]), tmp_path / "m.csv")
    content = (tmp_path / "m.csv").read_bytes()
    assert b"\r" not in content
    assert content.startswith("student,größe (of 4),".encode())
    assert content.decode("utf-8").splitlines()[1].startswith("Zoë,1,")


def test_an_empty_class_is_a_line_of_headers(tmp_path):
    write_marks(ClassResults("c", "a", []), tmp_path / "m.csv")
    assert (tmp_path / "m.csv").read_text() == (
        "student,late penalty,total,out of,waiting for hand grading,why marks were lost\n"
    )


def test_a_student_without_an_item_has_an_empty_cell(tmp_path):
    students = [StudentResult("ada", [item("Adam", 4.0)]), StudentResult("bob", [])]
    assert written(ClassResults("c", "a", students), tmp_path)[1]["Adam (of 4)"] == ""


def test_equal_names_in_two_notebooks_have_a_column_each(tmp_path):
    items = [item("Adam", 1.0, notebook="first"), item("Adam", 2.0, notebook="second")]
    (row,) = written(ClassResults("c", "a", [StudentResult("ada", items)]), tmp_path)
    assert row["Adam [first test_Adam] (of 4)"] == "1"
    assert row["Adam [second test_Adam] (of 4)"] == "2"
