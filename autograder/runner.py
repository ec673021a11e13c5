"""Mark a submission by running its notebook in a Jupyter kernel, as nbgrader does: without a wall around it.

A runner is anything with ``grade(work)``. It must come back, whatever the notebook does, with an output in every cell that
it could not run; the rest of the grader reads outputs and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from autograder.kernels import STAY
from autograder.marking import Graded, Work, mark, write_files
from autograder.outputs import error_output
from autograder.restore import Original
from autograder.sandbox import describe_walls

__all__ = ["KernelRunner", "Runner"]

MAX_RICH_OUTPUT = 5_000_000  # characters of one picture or table


class Runner(Protocol):
    """Marks submissions, one at a time or several in threads."""

    def check(self) -> str:
        """Say in a line what stands between a student's code and this machine; GraderError if it is too little to begin."""
        ...

    def grade(self, work: Work) -> Graded:
        """Mark a submission: run its notebooks' cells, score what they show."""
        ...


@dataclass(frozen=True)
class KernelRunner:
    """Runs a notebook in one Jupyter kernel of its own, as nbgrader does.

    A cell that takes too long is interrupted. A cell that kills the kernel, or cannot be interrupted, is an error, and the
    other cells are run again without it in a new kernel, so that it costs its own marks and no other.

    Parameters
    ----------
    timeout : int
        Seconds that a cell may take.
    max_output : int
        Characters of printed text that are kept of a cell; a picture or a table has a limit of its own, `MAX_RICH_OUTPUT`.
    max_restarts : int
        How many cells may kill their kernel before the rest of the notebook is given up.
    """

    timeout: int = 30
    max_output: int = 100_000
    max_restarts: int = 3

    def check(self) -> str:
        return describe_walls(unsafe=True)

    def grade(self, work: Work) -> Graded:
        return mark(work, self._run)

    def _run(self, notebook: Any, original: Original, work: Work) -> None:
        with tempfile.TemporaryDirectory(prefix="grading-") as scratch:
            write_files(Path(scratch), work.beside)
            self.run(notebook, Path(scratch), work.seed)

    def run(self, notebook: Any, folder: Path, seed: int) -> None:
        """Fill in the outputs of every code cell, in place.

        Parameters
        ----------
        notebook : nbformat.NotebookNode
            The restored submission.
        folder : Path
            The working directory of the cells; theirs to write in.
        seed : int
            Seed of the tests' data, handed to the cells as the environment's ``GRADING_SEED``.
        """
        fatal: dict[int, str] = {}
        while True:
            culprit = self._attempt(notebook, folder, seed, fatal)
            if culprit is None:
                return
            fatal[culprit] = "this cell stopped the kernel, or could not be interrupted when its time was up"
            if len(fatal) > self.max_restarts:
                for index in range(culprit + 1, len(notebook.cells)):
                    fatal[index] = "not run: too many cells before this one stopped the kernel"

    def _attempt(self, notebook: Any, folder: Path, seed: int, fatal: dict[int, str]) -> int | None:
        """Run all cells but the fatal ones in a new kernel; return the index of a cell that was the end of it, or None."""
        from jupyter_core.utils import ensure_event_loop
        from nbclient.exceptions import CellTimeoutError, DeadKernelError

        kernel = _kernel_class()(
            timeout=self.timeout, iopub_timeout=10, extra_arguments=[STAY], fatal=fatal, room=self.max_output
        )
        environment = {**os.environ, "GRADING_SEED": str(seed), "NBGRADER_EXECUTION": "autograde"}
        with tempfile.TemporaryDirectory(prefix="ipython-") as profile:
            environment["IPYTHONDIR"] = profile
            try:
                kernel.run(notebook, folder, environment)
            except (DeadKernelError, CellTimeoutError, RuntimeError):
                if kernel.index is None:
                    raise
                return kernel.index
            finally:
                ensure_event_loop().close()  # this thread's own, made by the kernel's client
        return None


def _kernel_class() -> type:
    """Make the subclass of nbgrader's own Execute; in a function, because its import costs half a second."""
    from nbgrader.preprocessors import Execute

    class Kernel(Execute):
        def __init__(self, *, fatal: dict[int, str], room: int, **traits: Any):
            super().__init__(**traits)
            self.fatal, self.room_per_cell = fatal, room
            self.index: int | None = None

        def run(self, notebook: Any, folder: Path, environment: dict[str, str]) -> None:
            self.index = None
            self.environment = environment
            self.preprocess(notebook, {"metadata": {"path": str(folder)}})

        def setup_kernel(self, **kwargs: Any) -> Any:
            return super().setup_kernel(env=self.environment, stderr=subprocess.DEVNULL, **kwargs)

        def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
            if cell.cell_type != "code":
                return cell, resources
            cell.outputs, cell.execution_count = [], None
            if index in self.fatal:
                cell.outputs = [error_output("StoppedError", self.fatal[index])]
                return cell, resources
            self.index, self.room = index, self.room_per_cell
            result = super().preprocess_cell(cell, resources, index)
            self.index = None
            return result

        def output(self, outs: list, msg: dict, display_id: Any, cell_index: int) -> Any:
            """Keep an output while there is room; a flood of prints must not fill the grader's memory."""
            return super().output(outs, msg, display_id, cell_index) if self._fits(msg["content"]) else None

        def _fits(self, content: dict[str, Any]) -> bool:
            if "text" in content:
                before, self.room = self.room, self.room - len(content["text"])
                if before > 0 > self.room:
                    content["text"] = content["text"][:before] + "\n... the rest of the output was dropped ...\n"
                return before > 0
            if sum(len(str(part)) for part in content.get("data", {}).values()) > MAX_RICH_OUTPUT:
                content["data"] = {"text/plain": "an output too large to keep"}  # not nothing, which would be full marks
            return True

    return Kernel
