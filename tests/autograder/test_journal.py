"""A result that was reached is recorded, whatever keeps the gradebook from taking it at once."""

import sqlite3
import threading
from datetime import datetime

import pytest

from autograder import clerk
from autograder.errors import GraderError
from autograder.grading import grade, plan
from autograder.journal import Journal
from autograder.marking import Graded, Marked, Work

from .conftest import NAME


class Counting:
    """Marks every notebook with full marks for `square`, counts how often it is asked, and does something at first."""

    def __init__(self, first=lambda: None):
        self.asked, self.first = [], first

    def grade(self, work):
        if not self.asked:
            self.first()
        self.asked.append(work.student)
        scores = {"test_square": (4.0, False), "test_halve": (0.0, False), "written_why": (None, True)}
        return Graded(work.student, {NAME: Marked('{"cells": []}', scores, {"written_why": False})}, datetime(2023, 11, 14))


@pytest.fixture
def other(root):
    """Another program that has the gradebook open; it holds it after ``hold()``, until its ``rollback()``."""
    connection = sqlite3.connect(root.path / "gradebook.db", check_same_thread=False)
    yield connection
    connection.close()


@pytest.fixture
def hold(other):
    return lambda: other.execute("BEGIN IMMEDIATE")


def marks(root):
    with sqlite3.connect(root.path / "gradebook.db") as db:
        return sorted(row[0] for row in db.execute("SELECT auto_score FROM grade WHERE auto_score IS NOT NULL"))


def test_a_result_comes_back_from_the_journal_as_it_went_in(root):
    journal, work = Journal(root, "ps"), Work("ada/..", "abc", {}, {}, [], 0)
    graded = Counting().grade(work)
    journal.write(work, graded)
    assert journal.read(work) == graded
    assert journal.read(Work("ada/..", "another submission", {}, {}, [], 0)) is None
    assert journal.read(Work("bob", "abc", {}, {}, [], 0)) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"digest": "abc", "notebooks": 3}', '{"digest": "abc"}'])
def test_a_broken_entry_of_the_journal_is_as_good_as_none(root, content):
    journal, work = Journal(root, "ps"), Work("ada", "abc", {}, {}, [], 0)
    journal.write(work, Graded("ada"))
    next(journal.folder.iterdir()).write_text(content)
    assert journal.read(work) is None


def test_a_gradebook_that_is_held_for_a_while_gets_its_marks_when_it_is_let_go(root, toy, hand_in, other, hold):
    for student in ("ada", "bob"):
        hand_in(student, toy())
    todo, runner = plan(root, NAME), Counting(first=hold)
    letting_go = threading.Timer(8, other.rollback)
    letting_go.start()
    assert [done.error for done in grade(root, todo, runner=runner)] == [None, None]
    letting_go.join()
    assert marks(root) == [0, 0, 4, 4]
    assert not list((root.path / "journal" / NAME).iterdir())


def test_while_the_gradebook_stays_held_nothing_is_lost_and_the_next_run_marks_nothing_twice(
    root, toy, hand_in, other, hold, monkeypatch
):
    monkeypatch.setattr(clerk, "PATIENCE", 0)
    for student in ("ada", "bob"):
        hand_in(student, toy())
    todo, runner = plan(root, NAME), Counting(first=hold)
    with pytest.raises(GraderError, match="2 results wait"):
        list(grade(root, todo, runner=runner))
    other.rollback()
    assert [done.error for done in grade(root, plan(root, NAME), runner=runner)] == [None, None]
    assert sorted(runner.asked) == ["ada", "bob"]
    assert marks(root) == [0, 0, 4, 4]


def test_a_result_in_the_journal_is_no_result_of_a_submission_that_has_changed(root, toy, hand_in, other, hold, monkeypatch):
    monkeypatch.setattr(clerk, "PATIENCE", 0)
    hand_in("ada", toy())
    runner = Counting(first=hold)
    with pytest.raises(GraderError):
        list(grade(root, plan(root, NAME), runner=runner))
    other.rollback()
    hand_in("ada", toy(square="def square(x):\n    return 3"))
    list(grade(root, plan(root, NAME), runner=runner))
    assert runner.asked == ["ada", "ada"]


def test_what_is_asked_for_again_is_not_taken_from_the_journal(root, toy, hand_in, other, hold, monkeypatch):
    monkeypatch.setattr(clerk, "PATIENCE", 0)
    hand_in("ada", toy())
    runner = Counting(first=hold)
    with pytest.raises(GraderError):
        list(grade(root, plan(root, NAME), runner=runner))
    other.rollback()
    list(grade(root, plan(root, NAME, force=True), runner=runner))
    assert runner.asked == ["ada", "ada"]
