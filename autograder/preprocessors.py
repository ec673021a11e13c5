"""Our rules as nbgrader preprocessors, for nbgrader's own commands and formgrader's buttons.

In any course's ``nbgrader_config.py``, for grading in the sandbox::

    from autograder.preprocessors import AUTOGRADE, SANITIZE
    c.Autograde.autograde_preprocessors = AUTOGRADE
    c.Autograde.sanitize_preprocessors = SANITIZE
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.ahead import mark
from autograder.errors import GraderError
from autograder.files import contents
from autograder.hiding import student_view
from autograder.marking import Work
from autograder.scoring import score_cell
from autograder.submission import read_files

__all__ = ["AUTOGRADE", "SANITIZE", "DropEmptyRoles", "HideHiddenTests", "SandboxExecute"]

SANITIZE = [  # nbgrader's own list, and DropEmptyRoles
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.DeduplicateIds",
    "autograder.preprocessors.DropEmptyRoles",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

AUTOGRADE = [  # nbgrader's own list, with the sandbox in the place of its first, Execute
    "autograder.preprocessors.SandboxExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]


class DropEmptyRoles(NbGraderPreprocessor):
    """For ``c.Autograde.sanitize_preprocessors``: takes away what nbgrader leaves of a copied cell's role.

    That is an empty dict, which nbgrader itself then takes for a notebook of an old version, and ends the whole command.
    """

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        if cell.metadata.get("nbgrader") == {}:
            del cell.metadata["nbgrader"]
        return cell, resources


class HideHiddenTests(NbGraderPreprocessor):
    """For ``c.GenerateFeedback.preprocessors``: nbgrader's own feedback, without the hidden tests."""

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        student_view(cell)
        return cell, resources


class SandboxExecute(NbGraderPreprocessor):
    """For ``c.Autograde.autograde_preprocessors``, in the place of nbgrader's Execute: runs the notebook in the sandbox.

    The outputs of its test cells are such that nbgrader reads from them the score that we give.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Fill in the outputs of all cells.

        Raises
        ------
        GraderError
            If the notebook could not be marked; nbgrader then keeps nothing of it.
        """
        import nbformat

        work = self._work(nb, resources)
        graded = mark(work, resources["nbgrader"]["assignment"], self._command())
        if graded.error:
            raise GraderError(f"{work.student} could not be graded: {graded.error}")
        (marked,) = graded.notebooks.values()
        run = nbformat.reads(marked.text, as_version=4)
        nb.cells, nb.nbformat_minor = run.cells, run.nbformat_minor
        for cell in nb.cells:
            meta = cell.metadata.get("nbgrader", {})
            if cell.cell_type == "code" and meta.get("grade") and not meta.get("solution"):
                _say(cell, score_cell(cell)[0])
        return nb, resources

    def _work(self, nb: Any, resources: Any) -> Work:
        """Put together what was handed in, as nbgrader has sanitized it, and what it is held against."""
        import nbformat
        from nbgrader.api import Gradebook
        from nbgrader.coursedir import CourseDirectory

        from autograder.grading import read_originals

        facts, coursedir = resources["nbgrader"], CourseDirectory(config=self.config)
        source, release = (
            Path(coursedir.format_path(folder, ".", facts["assignment"]))
            for folder in (coursedir.source_directory, coursedir.release_directory)
        )
        with Gradebook(facts["db_url"], coursedir.course_id) as gradebook:
            entry = gradebook.find_notebook(facts["notebook"], facts["assignment"])
            (original,) = read_originals([entry], release, source)
        beside = read_files(Path(resources["metadata"]["path"]))
        submission = {name: content for name, content in beside.items() if not name.endswith(".ipynb")}
        submission[f"{original.name}.ipynb"] = nbformat.writes(nb).encode()
        ours = {name: content for name, content in contents(source).items() if not name.endswith(".ipynb")}
        return Work(facts["student"], "", submission, ours, [original], secrets.randbits(63))

    def _command(self) -> Any:
        """Give nbgrader's Autograde, which has made the exporter that has made this; None in other hands."""
        from nbgrader.converters import Autograde

        maker = getattr(self.parent, "parent", None)
        return maker if isinstance(maker, Autograde) else None


def _say(cell: Any, points: float | None) -> None:
    """Let a test cell's outputs say its score as nbgrader reads it: a number first, and nothing on stderr."""
    from nbformat.v4 import new_output

    number = new_output("execute_result", {"text/plain": repr(points)}, execution_count=cell.execution_count)
    rest = [
        output
        for output in cell.outputs
        if output.output_type != "execute_result" and not (output.output_type == "stream" and output.name == "stderr")
    ]
    cell.outputs = rest if any(output.output_type == "error" for output in rest) else [*rest, number]
