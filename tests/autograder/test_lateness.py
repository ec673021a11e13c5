"""Late penalties: nbgrader's due dates and plugins, and time stamps that are none."""

import pytest
from nbgrader.api import Gradebook

from autograder.errors import GraderError
from autograder.grading import grade, plan
from autograder.results import read_results
from autograder.root import CONFIG_NAME, Root
from autograder.runner import KernelRunner

from .conftest import MODEL

PLUGIN = """
from nbgrader.plugins import BasePlugin

class PerHour(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 3600
"""


def with_plugin(root: Root, module: str = PLUGIN) -> Root:
    """Put a plugin where nbgrader's documentation tells instructors to: beside the configuration that names it."""
    (root.path / "late_rule.py").write_text(module)
    with open(root.path / CONFIG_NAME, "a") as config:
        config.write('c.AssignLatePenalties.plugin_class = "late_rule.PerHour"\n')
    return Root.open(root.path)


def due(root: Root, when: str) -> None:
    with Gradebook(root.db_url, root.course_id) as gradebook:
        gradebook.update_or_create_assignment("ps01_toy", duedate=when)


def graded(root: Root) -> dict:
    assert all(done.error is None for done in grade(root, plan(root, "ps01_toy"), runner=KernelRunner(timeout=20)))
    return {student.student: student for student in read_results(root, "ps01_toy").students}


@pytest.fixture(autouse=True)
def forget_the_plugin():
    import sys

    yield
    sys.modules.pop("late_rule", None)


def test_a_plugin_in_the_course_directory_counts_from_the_due_date_even_where_that_comes_after_the_grading(
    root, toy, hand_in
):
    (hand_in("ada", toy(**MODEL)) / "timestamp.txt").write_text("2026-01-01 14:00:00 UTC")
    root = with_plugin(root)
    before = graded(root)["ada"].points
    for when, hours in (("2026-01-01 12:00:00", 2), ("2026-01-01 13:00:00", 1), ("2026-01-02 12:00:00", 0)):
        due(root, when)
        assert graded(root)["ada"].late_penalty == hours
        assert graded(root)["ada"].points == before - hours


@pytest.mark.parametrize(
    "stamp", [b"yesterday at three", b"\xff\xfe\x00", b"0001-01-01 00:00:00 +9999999999", b"99999999999999"]
)
def test_a_time_stamp_that_is_no_date_costs_nobody_a_mark_and_is_told(root, toy, hand_in, stamp):
    due(root, "2026-01-01 12:00:00")
    (hand_in("ada", toy(**MODEL)) / "timestamp.txt").write_bytes(stamp)
    hand_in("bob", toy(**MODEL))
    results = graded(root)
    assert results["ada"].points == results["bob"].points > 0
    assert any("timestamp.txt" in note for note in results["ada"].notes)


@pytest.mark.parametrize("module", ["import nothing_of_this_name", "PerHour = 3", PLUGIN.replace("/ 3600", "/ 0")])
def test_a_broken_plugin_is_one_line_that_says_what_to_mend(root, toy, hand_in, module):
    (hand_in("ada", toy(**MODEL)) / "timestamp.txt").write_text("2026-01-01 14:00:00 UTC")
    due(root, "2026-01-01 12:00:00")
    with pytest.raises(GraderError, match=r"plugin for late submissions.*mend") as refusal:
        graded(with_plugin(root, module))
    assert "\n" not in str(refusal.value)
