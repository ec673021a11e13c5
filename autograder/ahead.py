"""Mark what nbgrader's own command will ask for next, while it writes down what it has.

nbgrader takes one submission after the other, and as long for its own part of each as we take for marking it. What it will
hand us of the next one is guessed from what was handed in: nbgrader puts the instructor's cells and files back into that,
and so do we. A guess that proves wrong is thrown away.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from autograder.engine import Marking, SandboxRunner
from autograder.marking import Graded, Work
from autograder.submission import read_files, read_notebook

__all__ = ["alike", "mark"]

_guesses: WeakKeyDictionary[Any, dict[str, Marking]] = WeakKeyDictionary()  # of a command, by notebook


def mark(work: Work, assignment: str, command: Any) -> Graded:
    """Mark a submission, and begin to mark the next one.

    Parameters
    ----------
    work : Work
        A notebook of the assignment, as nbgrader has put it in order.
    assignment : str
    command : nbgrader.converters.Autograde or None
        What asks for it, if that is known.
    """
    guesses = _guesses.setdefault(command, {}) if command else {}
    guess = guesses.pop(name := work.originals[0].name, None)
    graded = guess.result() if guess and guess.work.student == work.student else None
    if graded is None or not alike(guess.work, work):
        graded = SandboxRunner().grade(work)
    if command:
        with contextlib.suppress(Exception):  # whatever is wrong with the next one costs this one nothing
            if following := _following(work, assignment, command):
                guesses[name] = SandboxRunner().start(following)
    return graded


def alike(one: Work, other: Work) -> bool:
    """Tell whether two pieces of work are the same but for their seeds: the same cells run beside the same files."""
    same = (one.student, one.originals, one.beside) == (other.student, other.originals, other.beside)
    return same and all(
        (cells := _cells(one, original)) is not None and cells == _cells(other, original) for original in one.originals
    )


def _cells(work: Work, original: Any) -> list[tuple] | None:
    """List what the cells of the restored notebook are made of; None if it is none."""
    try:
        notebook, _ = read_notebook(work.submission.get(f"{original.name}.ipynb", b""), original)
    except ValueError:
        return None
    return [(cell.cell_type, cell.source, cell.metadata, cell.get("attachments")) for cell in notebook.cells]


def _following(work: Work, assignment: str, command: Any) -> Work | None:
    """Put together the same notebook of the next student that the command has to grade, as it was handed in."""
    coursedir, behind = command.coursedir, False
    left_out = coursedir.student_id_exclude.split(",")
    pattern = coursedir.format_path(coursedir.submitted_directory, "(?P<student>.*)", re.escape(assignment), escape=True)
    for folder in sorted(command.assignments):  # in which order nbgrader takes them
        student = found["student"] if (found := re.fullmatch(pattern, folder)) else ""
        done = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
        if behind and student and student not in left_out and (command.force or not done.exists()):
            return replace(work, student=student, submission=read_files(Path(folder)), seed=secrets.randbits(63))
        behind = behind or student == work.student
    return None
