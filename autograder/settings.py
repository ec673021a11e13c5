"""What an assignment asks of the engine: the table ``autograder`` in the metadata of its source notebook.

In a percent source it stands in the header::

    # autograder:
    #   packages: [course]
    #   forbidden: [course.optimizers]
    #   arithmetic: [Value]
    #   skip: [picture_of_a_descent]
    #   cell_seconds: 60
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from autograder.errors import GraderError

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """The settings of one notebook.

    Attributes
    ----------
    packages : tuple of str
        Packages beside the installed ones that students' code may import, such as the course's own.
    forbidden : tuple of str
        Modules that it may not import, for they hold what students are to write.
    arithmetic : tuple of str
        Classes that students write and whose objects the tests add, multiply and so on.
    skip : tuple of str
        Locked cells, by grade_id, that only show something to the student: they are not run when the notebook is graded.
    call_seconds, cell_seconds, total_seconds : float
        How long a call of a student's function, a cell, and the whole notebook may take.
    """

    packages: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    arithmetic: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    call_seconds: float = 5.0
    cell_seconds: float = 30.0
    total_seconds: float = 120.0

    @classmethod
    def read(cls, table: Mapping[str, Any]) -> Settings:
        """Read the table of a notebook's metadata.

        Raises
        ------
        GraderError
            If it has a key that means nothing, or a value of another kind than its key's.
        """
        known = {field.name: field.default for field in fields(cls)}
        values = {}
        for key, value in dict(table).items():
            if key not in known:
                raise GraderError(f"the notebook's metadata has autograder.{key}; known are {', '.join(known)}")
            if isinstance(known[key], tuple):
                if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
                    raise GraderError(f"autograder.{key} in the notebook's metadata must be a list of names, got {value!r}")
                values[key] = tuple(value)
            elif isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0:
                values[key] = float(value)
            else:
                raise GraderError(f"autograder.{key} in the notebook's metadata must be a positive number, got {value!r}")
        return cls(**values)

    def folders(self) -> list[Path]:
        """Find the folders of the packages.

        Raises
        ------
        GraderError
            If one is not installed here.
        """
        found = []
        for name in self.packages:
            spec = importlib.util.find_spec(name)
            if spec is None or not spec.submodule_search_locations:
                raise GraderError(f"the assignment's package {name!r} is not installed here: install it and run again")
            found.append(Path(next(iter(spec.submodule_search_locations))))
        return found
