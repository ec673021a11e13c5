"""One submission on its way to a mark: what is there of it, whether it is done, and what is to be run."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.files import contents
from autograder.fingerprint import Fingerprint, fingerprint, read_stamps
from autograder.marking import Graded, Work
from autograder.question import Questions, aim, keep_others, why_not
from autograder.recording import recorded_scores
from autograder.restore import Original
from autograder.root import Root
from autograder.submission import read_files

__all__ = ["Job"]


@dataclass(frozen=True)
class Job:
    """A submission that is to be graded: whose it is, what it is held against, and what of it is graded.

    Attributes
    ----------
    root : Root
        The course directory.
    assignment, student : str
    originals : list of Original
        The instructor's notebooks.
    questions : Questions
        The test cells that alone are graded; all if there is none.
    seed : int, optional
        Seed of the tests' data, if it is to be a certain one.
    """

    root: Root
    assignment: str
    student: str
    originals: list[Original]
    questions: Questions
    seed: int | None

    @property
    def folder(self) -> Path:
        """Where what was handed in is."""
        return self.root.folder("submitted", self.student, self.assignment)

    @property
    def files(self) -> Path:
        """Where the instructor's notebooks and files are."""
        return self.root.folder("source", ".", self.assignment)

    @property
    def present(self) -> Fingerprint:
        """What the marks depend on, as it is."""
        return fingerprint(self.folder, self.files, self.originals)

    def stamps(self) -> dict[str, dict[str, Any]] | None:
        """Read the stamps of the autograded notebooks, if they are there."""
        return read_stamps(self.root, self.assignment, self.student, self.originals)

    def recorded(self, gradebook: Any) -> dict[str, dict[str, float | None] | None]:
        """Give the machine's scores that the gradebook holds, for each notebook."""
        return {o.name: recorded_scores(gradebook, self.assignment, self.student, o.name) for o in self.originals}

    def why_not(self, gradebook: Any) -> str:
        """Say why the questions cannot be graded alone; nothing if they can."""
        return why_not(self.present, self.stamps(), self.recorded(gradebook), self.questions) if self.questions else ""

    def is_done(self, gradebook: Any) -> bool:
        """Tell whether this very submission has its marks in the gradebook and its autograded notebooks in place."""
        stamps = self.stamps()
        if stamps is None:
            return False
        whole = (aim(self.present, stamps, self.questions) if self.questions else self.present).whole
        recorded = self.recorded(gradebook)
        return all(s.get("submission") == whole and s.get("scores") == recorded[name] for name, s in stamps.items())

    def load(self) -> Work:
        """Read the files.

        Raises
        ------
        GraderError
            If there is too much of them.
        """
        theirs = read_files(self.folder)
        ours = {name: content for name, content in contents(self.files).items() if not name.endswith(".ipynb")}
        known, seed = self.present, self.seed
        if self.questions:
            stamps = self.stamps()
            known = aim(known, stamps, self.questions)
            seed = next(iter(stamps.values()))["seed"] if seed is None else seed
        seed = secrets.randbits(63) if seed is None else seed
        return Work(self.student, known.whole, theirs, ours, self.originals, seed, known.stamps)

    def taken(self, graded: Graded) -> Graded:
        """Take of a result what is to be recorded: all of it, or of the questions only."""
        if not self.questions or graded.error:
            return graded
        return keep_others(graded, self.root.folder("autograded", self.student, self.assignment), self.questions)
