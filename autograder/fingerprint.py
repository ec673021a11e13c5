"""What a submission's marks depend on, in hashes: one for each test cell, and one for all the rest.

They stand in the stamp of an autograded notebook, so that a later run finds out whether anything has changed, and what.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.files import digest, regular_files
from autograder.marking import STAMP
from autograder.restore import Original
from autograder.root import Root

__all__ = ["Fingerprint", "fingerprint", "read_stamps"]


@dataclass(frozen=True)
class Fingerprint:
    """Hashes of what the marks depend on, but the seed.

    Attributes
    ----------
    rest : str
        Of the files handed in, the instructor's cells that are no tests, and the files that go with them.
    tests : dict of str to dict of str to str
        For each notebook, of each test cell by grade_id.
    """

    rest: str
    tests: dict[str, dict[str, str]]

    @property
    def whole(self) -> str:
        """The hash of all of it."""
        return digest(also=repr((self.rest, [(name, sorted(tests.items())) for name, tests in sorted(self.tests.items())])))

    @property
    def stamps(self) -> dict[str, dict[str, Any]]:
        """What goes into each notebook's stamp."""
        return {name: {"rest": self.rest, "tests": tests} for name, tests in self.tests.items()}


def fingerprint(folder: Path, instructors: Path, originals: list[Original]) -> Fingerprint:
    """Hash the files in a submission's folder, the instructor's notebooks, and the instructor's files."""
    theirs = regular_files(folder)
    ours = [path for path in regular_files(instructors) if path.suffix != ".ipynb"]
    names = [str(path.relative_to(folder)) for path in theirs] + [str(path.relative_to(instructors)) for path in ours]
    rest = digest(*theirs, *ours, also=repr((names, [_lasting(original) for original in originals])))
    return Fingerprint(rest, {o.name: {r.grade_id: digest(also=repr(r)) for r in o.roles if r.tests} for o in originals})


def _lasting(original: Original) -> tuple:
    """Describe a notebook without its tests in words that are the same in every run: a set's order is not."""
    script = original.script
    roles = [role.grade_id if role.tests else role for role in original.roles]
    return original.name, original.kernelspec, roles, script.setup, sorted(script.names), script.settings


def read_stamps(root: Root, assignment: str, student: str, originals: list[Original]) -> dict[str, dict[str, Any]] | None:
    """Read the stamps of a student's autograded notebooks, by name; None where one is missing or cannot be read."""
    folder = root.folder("autograded", student, assignment)
    try:
        return {o.name: dict(json.loads((folder / f"{o.name}.ipynb").read_bytes())["metadata"][STAMP]) for o in originals}
    except (OSError, KeyError, TypeError, ValueError):
        return None
