"""Who is in the class and what each has: the gradebook's students, with or without a submission of the assignment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograder.gradebook import find_assignment, open_gradebook
from autograder.results import StudentResult, read_results
from autograder.root import Root

__all__ = ["ClassMarks", "Person", "Standing", "read_marks"]


@dataclass(frozen=True)
class Person:
    """A student as nbgrader's gradebook knows one; what nobody entered there is empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def full_name(self) -> str:
        """The name as it is spoken; the id where the gradebook has no name."""
        return " ".join(filter(None, [self.first_name, self.last_name])) or self.id

    @property
    def sortable_name(self) -> str:
        """``"Lovelace, Ada"``; the id where the gradebook has no name."""
        return ", ".join(filter(None, [self.last_name, self.first_name])) or self.id

    @property
    def address(self) -> str:
        """The email address, which may be the id itself."""
        return self.email or (self.id if "@" in self.id else "")


@dataclass(frozen=True)
class Standing:
    """One student and the mark.

    Attributes
    ----------
    person : Person
    result : StudentResult or None
        None where nothing was handed in, or nothing graded of it.
    submission_id : str
        The gradebook's own.
    submitted : datetime or None
        When it was handed in, in UTC.
    seconds_late : float
    """

    person: Person
    result: StudentResult | None = None
    submission_id: str = ""
    submitted: datetime | None = None
    seconds_late: float = 0.0

    @property
    def points(self) -> float:
        """What was earned so far less the penalty for lateness, never below zero."""
        return max(self.result.points, 0.0) if self.result else 0.0

    @property
    def complete(self) -> bool:
        """Whether the mark is final: something is graded, and nothing of it waits for a person."""
        return bool(self.result and self.result.items) and not any(item.points is None for item in self.result.items)


@dataclass(frozen=True)
class ClassMarks:
    """The marks of a class: everybody whom the gradebook knows, in alphabetical order of their ids."""

    assignment: str
    out_of: float
    standings: list[Standing]


def read_marks(root: Root, assignment: str) -> ClassMarks:
    """Read who is in the class and what each has.

    Raises
    ------
    GraderError
        If the assignment is unknown.
    """
    results = read_results(root, assignment)
    graded = {student.student: student for student in results.students}
    with open_gradebook(root) as gradebook:
        entry = find_assignment(gradebook, results.assignment)
        submissions = {submission.student_id: submission for submission in entry.submissions}
        students = sorted(gradebook.students, key=lambda student: student.id)
        standings = [_standing(s, graded.get(s.id), submissions.get(s.id)) for s in students]
        return ClassMarks(results.assignment, float(entry.max_score), standings)


def _standing(student: Any, result: StudentResult | None, submission: Any) -> Standing:
    names = (student.first_name, student.last_name, student.email, student.lms_user_id)
    person = Person(student.id, *((name or "").strip() for name in names))
    if submission is None:
        return Standing(person)
    return Standing(person, result, submission.id, submission.timestamp, float(submission.total_seconds_late))
