"""The report on a class, and the table on the terminal: they say what the results say, for every kind of class."""

import io
import itertools
import re
from html.parser import HTMLParser

import pytest
from rich.console import Console

from autograder.report import write_report
from autograder.results import ClassResults, Item, StudentResult
from autograder.table import show_summary, summary_table

ADVICE = "Look at the first step."


def item(name, points, out_of=4.0, reason="", misconception=None, **more):
    advice = ADVICE if misconception else None
    by_hand = points is None
    return Item(
        f"test_{name}", name, points, out_of, by_hand, by_hand, reason or misconception or "", misconception, advice, **more
    )


def a_class():
    return ClassResults(
        "Course",
        "ps08",
        [
            StudentResult("ada", [item("SGD", 4.0), item("Adam", 4.0), item("why", None)]),
            StudentResult(
                "bob", [item("SGD", 4.0), item("Adam", 2.0, misconception="no bias correction"), item("why", None)]
            ),
            StudentResult(
                "cy", [item("SGD", 0.0, reason="took too long"), item("Adam", 0.0, reason="not written"), item("why", 3.0)]
            ),
            StudentResult("di", [item("SGD", 4.0), item("Adam", 0.0, misconception="no bias correction"), item("why", 4.0)]),
            StudentResult("ed", [item("SGD", 0.0), item("Adam", 0.0), item("why", 0.0)], notes=["ed.txt is not a notebook"]),
        ],
    )


class Page(HTMLParser):
    """A page as a list of headings, of tables' rows, and of all that could load something."""

    def __init__(self, text):
        super().__init__()
        self.headings, self.rows, self.tags, self.ids, self.loads = [], [], [], [], []
        self.row = self.cell = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id"]
        self.loads += [value for name, value in attrs if name in ("src", "href", "xlink:href", "data", "action", "srcset")]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        elif tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.cell = True

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = False

    def handle_data(self, data):
        if self.cell:
            self.rows[-1][-1] += data


def report(results, tmp_path):
    write_report(results, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    return text, Page(text)


def test_every_picture_has_its_numbers_in_a_table(tmp_path):
    text, page = report(a_class(), tmp_path)
    assert text.count('<svg role="img" aria-label=') == 3
    assert ["90–100", "1"] in page.rows
    assert ["0–9", "1"] in page.rows
    assert ["Adam", "4", "5", "1", "20 %", "30 %"] in page.rows
    assert ["SGD", "4", "5", "3", "60 %", "60 %"] in page.rows
    assert ["Adam", "no bias correction", "2", ADVICE] in page.rows
    assert ["SGD", "took too long", "1"] in page.rows


def test_exercises_stand_hardest_first(tmp_path):
    _, page = report(a_class(), tmp_path)
    names = [row[0] for row in page.rows if len(row) == 6]
    assert names == ["Exercise", "Adam", "why", "SGD"]


def test_who_needs_help_stands_lowest_first_and_who_waits_is_no_such_case(tmp_path):
    waiting = StudentResult("flo", [item("why", None)])
    results = a_class()
    _, page = report(ClassResults("c", "a", [*results.students, waiting]), tmp_path)
    rows = [row for row in page.rows if len(row) == 4 and " of " in row[1]]
    assert [row[0] for row in rows] == ["ed", "cy"]
    assert ["ed", "ed.txt is not a notebook"] in page.rows
    assert ["why", "3", "12", "ada, bob, flo"] in page.rows


def test_a_share_is_of_the_points_that_are_graded(tmp_path):
    text, _ = report(ClassResults("c", "a", [StudentResult("ada", [item("SGD", 4.0), item("why", None)])]), tmp_path)
    assert "<dt>mean</dt><dd>100 %</dd>" in text


def test_the_page_is_one_file_in_good_order(tmp_path):
    text, page = report(a_class(), tmp_path)
    assert all(link.startswith("#") for link in page.loads)
    assert not {"script", "link", "iframe", "image"} & set(page.tags)
    assert '<html lang="en">' in text
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(page.headings))
    assert len(page.ids) == len(set(page.ids))


def test_the_same_results_give_the_same_bytes_in_whatever_order(tmp_path):
    first, _ = report(a_class(), tmp_path)
    results = a_class()
    second, _ = report(ClassResults(results.course, results.assignment, results.students[::-1]), tmp_path)
    assert first == second


@pytest.mark.parametrize(
    "students",
    [
        [],
        [StudentResult("ada", [])],
        [StudentResult("ada", [item("SGD", 4.0)])],
        [StudentResult("ada", [item("SGD", 0.0, 0.0)])],
        [StudentResult("ada", [item("why", None)])],
        [StudentResult("ada", [item("SGD", 1.0)], late_penalty=3.0)],
    ],
    ids=["empty class", "no items", "one student", "zero points", "all waiting", "penalty above points"],
)
def test_every_class_has_a_report_and_a_table(students, tmp_path):
    text, _ = report(ClassResults("c", "a", students), tmp_path)
    assert "report on the class" in text
    printed(ClassResults("c", "a", students))


def test_what_students_wrote_is_text_in_the_page_and_in_its_pictures(tmp_path):
    hostile = "<script>alert(1)</script> $\\frac{ $ \x1b[31m"
    items = [Item("t", hostile, 0.0, 1.0, False, False, hostile, hostile, hostile)]
    text, page = report(ClassResults(hostile, hostile, [StudentResult(hostile, items, notes=[hostile])]), tmp_path)
    assert "script" not in page.tags
    assert "\x1b" not in text


def test_letters_that_the_font_lacks_are_no_error(tmp_path):
    text, _ = report(ClassResults("c", "a", [StudentResult("李", [item("优化器", 1.0)])]), tmp_path)
    assert "优化器" in text


def printed(results, width=80):
    out = io.StringIO()
    Console(file=out, width=width).print(summary_table(results))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_the_table_has_one_line_for_each_student_and_cuts_only_the_reasons(width):
    lines = printed(a_class(), width).splitlines()
    assert all(len(line) <= width for line in lines)
    (bob,) = [line for line in lines if "bob" in line]
    assert bob.split()[:5] == ["bob", "4", "2", "–", "6"]
    assert "no bias correction" in bob
    assert sum(name in line.split() for line in lines for name in ("ada", "bob", "cy", "di", "ed")) == 5


def test_on_a_narrow_screen_names_give_way_and_no_point_or_heading_is_cut():
    items = [item(title, 3.5) for title in ("Momentum", "Nesterov", "Adagrad", "RMSprop", "Adam", "AdamW", "help or hurt")]
    results = ClassResults("c", "a", [StudentResult("Bartholomew of Someplace", items, late_penalty=0.5)])
    for width in (80, 50):
        out = io.StringIO()
        show_summary(Console(file=out, width=width), results)
        shown, reasons = out.getvalue().split("why marks were lost")
        assert max(map(len, out.getvalue().splitlines())) <= width
        assert "24" in shown.split()
        assert shown.count("3.5") == (7 if width == 80 else 0)
        assert "0.5 taken off for lateness" in " ".join(reasons.split())
        assert all(len(word) > 2 for word in shown.split() if word.endswith("…"))
        assert ("Momentum  Nesterov" in shown) == (width == 80)


def test_the_table_reads_no_markup_and_obeys_no_command():
    hostile = "[bold]x[/bold] [/] \x1b[2J\x07"
    text = printed(ClassResults("c", "a", [StudentResult("ada", [item("SGD", 0.0, reason=hostile)])]), 120)
    assert "[bold]x[/bold] [/]" in text
    assert "\x1b[2J" not in text
    assert "\x07" not in text
