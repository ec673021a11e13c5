"""Run one submission on two sides of a wall: the student's cells in a session, the instructor's tests here.

What decides on a mark happens here, in a process that the student's code never enters; what comes through the wall is data.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder.errors import GraderError
from autograder.files import digest
from autograder.marking import Work, write_files
from autograder.outputs import MAX_CELL, MAX_NOTEBOOK, accept, error_output
from autograder.pupil import Pupil
from autograder.restore import Original
from autograder.sandbox import Sandbox, fitting_files
from autograder.script import uses_at_once
from autograder.session.errors import SessionError
from autograder.session.names import Names
from autograder.session.session import Session
from autograder.session.shell import Shell
from autograder.settings import Settings

__all__ = ["Examiner"]


SKIPPED = accept([{"output_type": "stream", "name": "stdout", "text": "(not run again when the notebook was graded)\n"}], 0)


class Examiner:
    """Fills in the outputs of a restored notebook's cells; made for one submission, in a process of its own.

    Parameters
    ----------
    sandbox : Sandbox
        Where sessions come from.
    limits : mapping of str to float
        Settings that go before the notebook's own.
    """

    def __init__(self, sandbox: Sandbox, limits: Mapping[str, float]):
        self.sandbox, self.limits = sandbox, limits

    def run(self, notebook: Any, original: Original, work: Work) -> list[str]:
        """Run every code cell, in place; whatever a cell does, the others are run. Say which files were left out."""
        settings = replace(Settings.read(original.script.settings), **self.limits)
        pupil = Pupil(lambda: self._open(settings, work), settings.cell_seconds, settings.total_seconds)
        shell = Shell(Names(pupil, original.script.names))
        tests = {role.grade_id for role in original.roles if role.metadata["grade"] and not role.metadata["solution"]}
        skipped = {role.grade_id for role in original.roles if role.locked and role.grade_id in settings.skip}
        room = MAX_NOTEBOOK
        with _place(work):
            for cell in notebook.cells:
                if cell.cell_type != "code":
                    continue
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if name in tests:
                    reply = self._test(shell, pupil, original, name, cell, settings)
                else:
                    reply = (SKIPPED, None) if name in skipped else _run(pupil, cell, min(room, MAX_CELL))
                    room -= len(str(reply[0]))
                cell.outputs, cell.execution_count = reply
        pupil.end()
        return fitting_files(work.beside, self.sandbox.limits)[1]

    def _open(self, settings: Settings, work: Work) -> Session:
        theirs = int(digest(also=f"session {work.seed}")[:8], 16)  # from which nobody finds the seed of the tests
        process = self.sandbox.open(fitting_files(work.beside, self.sandbox.limits)[0], hide=settings.forbidden, seed=theirs)

        def end() -> int | None:
            process.kill()
            status = process.wait()
            process.close()
            return status

        limits = replace(self.sandbox.limits, call_seconds=settings.call_seconds)
        return Session(process.socket, limits, arithmetic=settings.arithmetic, interrupt=process.interrupt, end=end)

    def _test(
        self, shell: Shell, pupil: Pupil, original: Original, name: str, cell: Any, settings: Settings
    ) -> tuple[list[Any], int]:
        """Run a test cell here, after the instructor's set-up cells that belong before it."""
        reply = None  # and remains so if the alarm rings at the shell's own work
        with suppress(TimeoutError), _alarm(settings.cell_seconds, pupil) as rung:
            for source in original.script.setup.get(name, ()):
                reply = shell.run(source)
                if not reply["ok"] and not uses_at_once(source) & original.script.names:
                    raise GraderError(_broken(original, source, reply))
                reply = None
            reply = shell.run(cell.source)
        if rung:
            pupil.go_on()
        if reply is None or (rung and reply["ok"]):
            return [error_output("TimeoutError", _too_long(settings.cell_seconds))], shell.count
        return accept(reply["outputs"], reply["count"], trusted=True), reply["count"]


def _too_long(seconds: float) -> str:
    return f"this test took longer than {seconds:g} seconds"


def _broken(original: Original, source: str, reply: dict[str, Any]) -> str:
    """Say which of the instructor's cells fails, and how."""
    named = [f"{role.grade_id!r}, " for role in original.roles if role.source == source]
    line = next((line for line in source.splitlines() if line.strip()), "")
    errors = [f"{o['ename']}: {o['evalue']}" for o in reply["outputs"] if o["output_type"] == "error"]
    how = (": ".join(["", *errors]).splitlines() or [""])[0]
    return f"the instructor's set-up cell {''.join(named[:1])}{line[:60]!r} of {original.name} fails beside the tests{how}"


def _run(pupil: Pupil, cell: Any, room: int) -> tuple[list[Any], int | None]:
    """Run a cell of the student's on the other side of the wall."""
    try:
        reply = pupil.run(cell.source)
    except SessionError as error:
        return [error_output("StoppedError", str(error))], None
    return accept(reply["outputs"], reply["count"], room=room), reply["count"]


@contextmanager
def _place(work: Work) -> Iterator[None]:
    """Give the tests the instructor's files and the seed."""
    import numpy as np

    random.seed(work.seed)
    np.random.seed(work.seed % 2**32)  # noqa: NPY002 - for tests that draw from the global generator
    os.environ.update(GRADING_SEED=str(work.seed), NBGRADER_EXECUTION="autograde")
    before = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="examiner-") as scratch:
        write_files(Path(scratch), work.files)
        os.chdir(scratch)
        try:
            yield
        finally:
            os.chdir(before)


@contextmanager
def _alarm(seconds: float, pupil: Pupil) -> Iterator[list[bool]]:
    """Raise TimeoutError in a test cell that takes too long, again and again until it ends; it hears nothing more."""
    rung: list[bool] = []

    def ring(number: int, frame: Any) -> None:
        rung.append(True)
        pupil.pause(_too_long(seconds))
        raise TimeoutError(_too_long(seconds))

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield rung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
