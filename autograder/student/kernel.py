"""Run a student's notebook from its first cell to its last, in a fresh kernel of this very Python."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.kernels import STAY
from autograder.outputs import error_output
from autograder.restore import grade_id_of

__all__ = ["run_notebook"]

GRACE = 5  # seconds in which a cell must heed its interruption
MAX_TEXT = 100_000  # characters of printed text that are kept of a cell
MAX_RESTARTS = 3


def run_notebook(notebook: Any, folder: Path, *, seconds: float, skip: set[str], tell: Callable[[str], None]) -> list[str]:
    """Fill in the outputs of every code cell, in place; give sentences on what was out of the ordinary.

    A cell that takes too long is interrupted. One that ends the kernel, or does not heed, is left out, and the others run
    again without it: so does the grader. The kernel ends with this call, however that ends.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook; it is changed in memory only.
    folder : Path
        Where it lies: its cells' working directory.
    seconds : float
        How long a cell may take.
    skip : set of str
        Cells, by grade_id, that are not run.
    tell : callable
        Called with a word on each code cell before it runs.
    """
    fatal: dict[int, str] = {}
    notes: list[str] = []
    while True:
        culprit, why = asyncio.run(_attempt(notebook, folder, seconds, skip, fatal, tell, notes))
        if culprit is None:
            return list(dict.fromkeys(notes))
        fatal[culprit] = why
        notes.append(f"{_name(notebook.cells[culprit], culprit)}: {why}")
        if len(fatal) > MAX_RESTARTS:
            rest = "not run: too many cells before this one stopped the kernel"
            fatal |= dict.fromkeys(range(culprit + 1, len(notebook.cells)), rest)


async def _attempt(notebook, folder, seconds, skip, fatal, tell, notes) -> tuple[int | None, str]:
    """Run the cells that are neither skipped nor fatal in a new kernel; give the cell that was the end of it, and why."""
    with tempfile.TemporaryDirectory(prefix="ipython-") as profile:
        manager = _manager()
        client = _client_class()(notebook, km=manager, timeout=seconds, interrupt_on_timeout=True, allow_errors=True)
        client.log = manager.log  # which is silent: what goes wrong, the cells' outputs say
        environment = os.environ | {"IPYTHONDIR": profile}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            await manager.start_kernel(cwd=str(folder), env=environment, extra_arguments=[STAY], **quiet)
            await client.async_start_new_kernel_client()
            for index, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                cell.outputs, cell.execution_count = [], None
                tell(_name(cell, index))
                if index in fatal:
                    cell.outputs = [error_output("StoppedError", fatal[index])]
                elif grade_id_of(cell) not in skip:
                    why = await _run_cell(client, cell, index, seconds, notes)
                    if why:
                        return index, why
            return None, ""
        finally:
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)
            if client.kc is not None:
                client.kc.stop_channels()


async def _run_cell(client: Any, cell: Any, index: int, seconds: float, notes: list[str]) -> str:
    """Run one cell; say why it was the end of its kernel, if it was."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    client.room, started = MAX_TEXT, time.monotonic()
    try:
        await asyncio.wait_for(client.async_execute_cell(cell, index), seconds + GRACE)
    except (TimeoutError, CellTimeoutError):
        return f"this cell took longer than {seconds:g} seconds, and could not be interrupted"
    except DeadKernelError:
        if asyncio.current_task().cancelling():  # Ctrl-C, which nbclient takes for a kernel's death
            raise asyncio.CancelledError from None
        return "this cell stopped the kernel"
    stopped = [output for output in cell.outputs if output.output_type == "error" and output.ename == "KeyboardInterrupt"]
    if stopped and time.monotonic() - started >= seconds:
        said = f"this cell took longer than {seconds:g} seconds, and was stopped"
        cell.outputs = [output for output in cell.outputs if output not in stopped] + [
            error_output("CellTimeoutError", said)
        ]
        notes.append(f"{_name(cell, index)}: {said}")
    return ""


def _name(cell: Any, index: int) -> str:
    return grade_id_of(cell) or f"cell {index + 1}"


def _manager() -> Any:
    """Make the manager of a kernel of this Python, whatever kernels are installed and whichever the notebook names."""
    import logging

    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> Any:
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="This Python", language="python")

    return AsyncKernelManager(kernel_spec_manager=ThisPython(), log=logging.Logger("check", logging.CRITICAL + 1))


def _client_class() -> type:
    """Make the client; in a function, because its import costs a good part of a second."""
    from nbclient import NotebookClient

    class Client(NotebookClient):
        room = MAX_TEXT

        def output(self, outs: list, msg: dict, display_id: Any, cell_index: int) -> Any:
            """Keep printed text while there is room: a flood of it must not fill the memory."""
            text = msg["content"].get("text")
            if isinstance(text, str):
                before, self.room = self.room, self.room - len(text)
                if before <= 0:
                    return None
                msg["content"]["text"] = text[:before]
            return super().output(outs, msg, display_id, cell_index)

    return Client
