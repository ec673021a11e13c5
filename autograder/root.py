"""A course's directory on the instructor's machine: nbgrader's own layout, with nbgrader's own configuration file in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.files import write_whole

__all__ = ["CONFIG_NAME", "Root"]

CONFIG_NAME = "nbgrader_config.py"

CONFIG = """\
# nbgrader's configuration of this course directory. `course release` wrote it once; it is yours to change.
c = get_config()

c.CourseDirectory.course_id = {course_id!r}

# A graded cell that a student deleted is put back, and graded.
c.OverwriteCells.add_missing_cells = True

# nbgrader's own autograde, and formgrader's button, run notebooks in the sandbox.
from autograder.preprocessors import AUTOGRADE, SANITIZE

c.Autograde.autograde_preprocessors = AUTOGRADE
c.Autograde.sanitize_preprocessors = SANITIZE

# Feedback shows no hidden test, also when nbgrader's own command or formgrader makes it.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.preprocessors.HideHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
"""


@dataclass(frozen=True)
class Root:
    """An nbgrader course directory: ``source``, ``release``, ``submitted``, ``autograded``, ``feedback``, the gradebook."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> Root:
        """Take an existing course directory.

        Raises
        ------
        GraderError
            If there is none at ``path``.
        """
        if not (path / CONFIG_NAME).is_file():
            raise GraderError(f"{path} is no course directory (no {CONFIG_NAME} in it): run `course release`, or say --root")
        return cls(path.resolve())

    @classmethod
    def make(cls, path: Path, course_id: str = "course") -> Root:
        """Take the course directory at ``path``, or make one there."""
        if not (path / CONFIG_NAME).is_file():
            write_whole(path / CONFIG_NAME, CONFIG.format(course_id=course_id))
        return cls(path.resolve())

    @cached_property
    def config(self) -> Any:
        """nbgrader's configuration, read from this directory."""
        from traitlets.config import PyFileConfigLoader

        try:
            config = PyFileConfigLoader(CONFIG_NAME, path=str(self.path)).load_config()
        except Exception as error:  # it is a program, and may fail in any way
            raise GraderError(f"{self.path / CONFIG_NAME} is broken ({type(error).__name__}: {error}): mend it") from error
        config.CourseDirectory.root = str(self.path)
        return config

    @cached_property
    def coursedir(self) -> Any:
        """nbgrader's own view of this directory: every path below comes from it."""
        from nbgrader.coursedir import CourseDirectory
        from traitlets import TraitError

        try:
            return CourseDirectory(config=self.config)
        except TraitError as error:
            raise GraderError(f"{self.path / CONFIG_NAME} has a value that cannot be: {error}".replace("\n", " ")) from error

    @property
    def course_id(self) -> str:
        return self.coursedir.course_id or "default_course"

    @property
    def db_url(self) -> str:
        return self.coursedir.db_url

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Give the folder of one step (``source``, ``submitted``, …) for a student (``"."`` for the instructor's own)."""
        return Path(self.coursedir.format_path(getattr(self.coursedir, f"{step}_directory"), student, assignment))

    def students(self, step: str, assignment: str) -> list[str]:
        """List the students who have a folder for this assignment in a step, in alphabetical order."""
        pattern = self.folder(step, "*", assignment)
        depth = pattern.parts.index("*")
        base = Path(*pattern.parts[:depth])
        return sorted(path.parts[depth] for path in base.glob(str(Path(*pattern.parts[depth:]))) if path.is_dir())
