"""Do exercises separate strong from weak, and how long did grading take: the report's numbers, by an independent count."""

import json
import math
import random
import statistics

import numpy as np
import pytest

from autograder.discrimination import FEWEST, LOW, discriminations
from autograder.results import ClassResults, Item, StudentResult
from autograder.timing import time_to_grade

from .test_report import Page, report

TITLES = ("easy", "hard", "backwards", "same")


def student(number, points, out_of=2.0):
    items = [Item(f"t{title}", title, p, out_of, False, False, "") for title, p in zip(TITLES, points, strict=True)]
    return StudentResult(f"s{number:03}", items)


def a_class(count, seed=1):
    """A class in which the better students do worse in one exercise, and all have the same in another."""
    rng = random.Random(seed)
    skills = [rng.random() for _ in range(count)]
    points = [[2.0 * (skill > 0.3), 2.0 * (skill > 0.6), 2.0 * (skill < 0.5), 1.0] for skill in skills]
    return ClassResults("c", "a", [student(number, each) for number, each in enumerate(points)])


def point_biserial(passed, rest):
    """The textbook's: (M1 - M0) / s times the root of p q."""
    right = [r for ok, r in zip(passed, rest, strict=True) if ok]
    wrong = [r for ok, r in zip(passed, rest, strict=True) if not ok]
    p = len(right) / len(rest)
    return (statistics.fmean(right) - statistics.fmean(wrong)) / statistics.pstdev(rest) * math.sqrt(p * (1 - p))


@pytest.mark.parametrize("title", ["easy", "hard", "backwards"])
def test_of_an_item_with_all_or_nothing_it_is_the_point_biserial_correlation_with_the_rest(title):
    results = a_class(60)
    (found,) = [item for item in discriminations(results) if item.title == title]
    points = [{item.title: item.points for item in each.items} for each in results.students]
    rest = [sum(p for name, p in each.items() if name != title) / 6 for each in points]
    assert found.r == pytest.approx(point_biserial([each[title] == 2.0 for each in points], rest), abs=1e-9)
    assert found.count == 60
    assert found.low < found.r < found.high


def test_partial_marks_give_pearsons():
    rng = random.Random(3)
    results = ClassResults("c", "a", [student(n, [rng.random() * 2 for _ in TITLES]) for n in range(40)])
    points = np.array([[item.points for item in each.items] for each in results.students])
    for found in discriminations(results):
        place = TITLES.index(found.title)
        rest = np.delete(points, place, axis=1).sum(axis=1)
        assert found.r == pytest.approx(np.corrcoef(points[:, place], rest)[0, 1], abs=1e-9)


def test_the_lowest_stands_first_and_low_ones_are_flagged():
    found = discriminations(a_class(60))
    assert found[0].title == "backwards"
    assert found[0].remark == "negative"
    assert [item.flagged for item in found] == [item.r is not None and item.r < LOW for item in found]
    assert found[-1].title == "same"
    assert found[-1].remark == "everybody has the same"


def test_a_few_students_get_no_number_and_a_small_class_a_caution(tmp_path):
    assert all(item.r is None and item.remark == "too few students" for item in discriminations(a_class(FEWEST - 1)))
    assert "Caution" in report(a_class(20), tmp_path)[0]
    assert "Caution" not in report(a_class(40), tmp_path)[0]
    assert "Caution" not in report(a_class(5), tmp_path)[0]  # where there are no numbers, there is none to be wary of


def test_an_item_that_waits_for_a_person_counts_neither_here_nor_there():
    results = a_class(30)
    waiting = StudentResult("w", [Item(f"t{title}", title, None, 2.0, True, True, "") for title in TITLES])
    more = ClassResults("c", "a", [*results.students, waiting])
    assert discriminations(more) == discriminations(results)


def test_penalties_for_lateness_do_not_count():
    results = a_class(30)
    late = [StudentResult(each.student, each.items, late_penalty=1.0) for each in results.students]
    assert discriminations(ClassResults("c", "a", late)) == discriminations(results)


def test_the_interval_covers_the_truth_nineteen_times_in_twenty():
    rng = np.random.default_rng(5)
    covered = 0
    for _ in range(400):
        x = rng.normal(size=30)
        y = 0.5 * x + math.sqrt(0.75) * rng.normal(size=30)
        pairs = [StudentResult(str(n), [_item("a", u), _item("b", v)]) for n, (u, v) in enumerate(zip(x, y, strict=True))]
        found = discriminations(ClassResults("c", "a", pairs))[0]
        covered += found.low <= 0.5 <= found.high
    assert 360 <= covered <= 395


def _item(title, points):
    return Item(title, title, float(points), 1.0, False, False, "")


def test_the_report_has_a_picture_and_a_table_of_it(tmp_path):
    text, page = report(a_class(60), tmp_path)
    rows = [row for row in page.rows if len(row) == 5]
    assert [row[0] for row in rows] == ["Exercise", *(item.title for item in discriminations(a_class(60)))]
    assert rows[1][2].startswith("−0.")
    assert "Below 0.2: backwards" in text
    assert isinstance(page, Page)
    assert text.count("<caption>") == text.count("<table")
    assert text.count("<figure>") == text.count('<svg role="img" aria-label=')


def stamped(folder, name, stamp):
    path = folder / f"{name}.ipynb"
    path.write_text(stamp if isinstance(stamp, str) else json.dumps({"metadata": {"autograder": stamp}}))
    return StudentResult(name, [], autograded=[path])


def test_time_to_grade_is_read_from_the_stamps(tmp_path):
    students = [stamped(tmp_path, f"s{n:02}", {"seconds": float(n)}) for n in range(1, 11)]
    found = time_to_grade(students)
    assert (found.count, found.total, found.median, found.most) == (10, 55.0, 5.5, 9.0)
    assert found.slowest[:2] == [("s10", 10.0), ("s09", 9.0)]
    text, page = report(ClassResults("c", "a", students), tmp_path)
    assert ["s10", "10 s"] in page.rows
    assert "<dd>5.5 s</dd>" in text


@pytest.mark.parametrize("stamp", ["", "[]", {}, {"seconds": "long"}, {"seconds": -1}, {"seconds": None}])
def test_a_notebook_that_does_not_say_is_left_out(stamp, tmp_path):
    assert time_to_grade([stamped(tmp_path, "ada", stamp), StudentResult("bob", [], autograded=[tmp_path / "none"])]) is None
