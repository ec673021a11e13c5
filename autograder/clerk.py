"""The one writer: results into the journal, into nbgrader's gradebook, and as autograded notebooks into their folders."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from autograder.claims import Claims
from autograder.errors import EntryRefusedError, GraderError, NotRecordedError
from autograder.files import copy_files, write_whole
from autograder.gradebook import one_transaction
from autograder.journal import Journal
from autograder.lateness import load_rule, record_lateness
from autograder.marking import Graded, Work
from autograder.recording import record
from autograder.root import Root

__all__ = ["Clerk"]

PATIENCE = 60  # seconds to wait for another program to let go of the gradebook


class Clerk:
    """Records the results of one assignment.

    While another program holds the gradebook, results stay in the journal; :meth:`record_held` records them at the end.

    Parameters
    ----------
    root : Root
        The course directory.
    assignment : str
        Full name of the assignment.
    gradebook : nbgrader.api.Gradebook
        The open gradebook.
    """

    def __init__(self, root: Root, assignment: str, gradebook: Any):
        self.root, self.assignment, self.gradebook = root, assignment, gradebook
        self.journal, self.rule = Journal(root, assignment), load_rule(root)
        self.claims = Claims(self.journal.folder.parent / f"{assignment}.claims")
        self.held: list[Graded] = []

    def settle(self, work: Work, graded: Graded) -> bool:
        """Journal a result and record it; tell whether that is the end of it: the gradebook has it, or it has no mark.

        Raises
        ------
        GraderError
            If the journal cannot be written.
        """
        if graded.error:
            self.claims.drop(graded.student)
            return True
        try:
            self.journal.write(work, graded)
        except OSError as error:
            raise GraderError(
                f"cannot write {self.journal.folder}: {error.strerror or error}; what was recorded until then is kept: "
                "see that the disk is writable and has room, and run the command again to go on"
            ) from error
        if not self.held:
            try:
                self._save(graded)
                return True
            except NotRecordedError:
                pass  # another program holds the gradebook
        self.held.append(graded)
        return False

    def record_held(self) -> Iterator[Graded]:
        """Record what could not be recorded so far.

        Raises
        ------
        NotRecordedError
            When the gradebook still cannot be written.
        """
        deadline = time.monotonic() + PATIENCE
        while self.held:
            try:
                self._save(self.held[0])
            except NotRecordedError as error:
                if time.monotonic() > deadline:
                    waiting = f"{len(self.held)} results wait in {self.journal.folder}, and the next run records them"
                    raise NotRecordedError(f"{error}; {waiting}") from error
                time.sleep(1)
            else:
                yield self.held.pop(0)

    def count_lateness(self) -> None:
        """Let a due date, an extension or a mark by hand that came after the grading count in every penalty.

        A student whom another grader has taken is left to it.
        """
        with one_transaction(self.gradebook):
            for submission in self.gradebook.assignment_submissions(self.assignment):
                if self.claims.take(submission.student_id):  # until this grader ends
                    record_lateness(submission, self.rule)

    def close(self) -> None:
        """Let other graders have what this one has not done."""
        self.claims.close()

    def _save(self, graded: Graded) -> None:
        """Put a result into the gradebook, then into its folder; what the gradebook would never take is an error."""
        try:
            with one_transaction(self.gradebook):
                record(self.gradebook, self.assignment, graded, self.rule)
        except EntryRefusedError as error:
            graded.error = str(error)
        else:
            self._lay_down(graded)
        self.journal.forget(graded.student)
        self.claims.drop(graded.student)

    def _lay_down(self, graded: Graded) -> None:
        target = self.root.folder("autograded", graded.student, self.assignment)
        submitted = self.root.folder("submitted", graded.student, self.assignment)
        copy_files(submitted, target)  # nbgrader puts them there too; the time stamp is among them
        for name, notebook in graded.notebooks.items():
            write_whole(target / f"{name}.ipynb", notebook.text)
