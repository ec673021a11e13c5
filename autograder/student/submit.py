"""Hand in: pack one file with the notebook and its receipt, or give it to nbgrader's exchange as well."""

from __future__ import annotations

import contextlib
import getpass
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.errors import GraderError, InputError
from autograder.files import regular_files
from autograder.receipts import FORMAT, Receipt, pack, sha256
from autograder.student.notebook import Exercise
from autograder.student.standing import Standing

__all__ = ["hand_to_exchange", "make_receipt", "name_of", "save_packed"]

NAME = re.compile(r"[\w@+-][\w.@+'’-]*(?: [\w.@+'’-]+)*")  # as `course collect` takes a student's name
MAX_NAME = 60


def name_of(given: str | None) -> str:
    """Give the student's name: the one that was given, or the one by which the computer, or a JupyterHub, knows them.

    Raises
    ------
    InputError
        If it has characters that no folder should have.
    """
    name = given or os.environ.get("COURSE_NAME") or os.environ.get("JUPYTERHUB_USER") or _login()
    name = " ".join(name.split())
    if not NAME.fullmatch(name) or len(name) > MAX_NAME:
        raise InputError(f"{name!r} is no name for a hand-in: give one of letters, digits, spaces and .-_@+ with --name")
    return name


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no user of that number, as in some containers; no such module, on Windows
        return ""


def make_receipt(exercise: Exercise, name: str, standing: Standing, *, checked: bool) -> Receipt:
    """Write the receipt of a notebook as it was read."""
    return Receipt(
        assignment=exercise.name,
        name=name,
        time=datetime.now(UTC).strftime(FORMAT),
        notebook=f"{exercise.name}.ipynb",
        sha256=sha256(exercise.content),
        points=standing.points,
        out_of=standing.out_of,
        checked=checked,
    )


def save_packed(receipt: Receipt, content: bytes, folder: Path) -> Path:
    """Write the zip into a folder: whole or not at all, and never over another; give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, work = tempfile.mkstemp(dir=folder, prefix=f".{receipt.file_name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pack(receipt, content))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(work, 0o644)
        return next(path for path in _free(folder, receipt.file_name) if _named(Path(work), path))
    finally:
        Path(work).unlink(missing_ok=True)


def _free(folder: Path, stem: str) -> Iterator[Path]:
    yield folder / f"{stem}.zip"
    for number in range(2, 1000):
        yield folder / f"{stem} ({number}).zip"
    raise GraderError(f"{folder} has a thousand hand-ins of one second: move them away, and try again")


def _named(work: Path, path: Path) -> bool:
    """Give a finished file its name, unless that is taken."""
    try:
        os.link(work, path)
    except FileExistsError:
        return False
    except OSError:  # a disk that knows no links
        if path.exists():
            return False
        os.replace(work, path)
    return True


def hand_to_exchange(exercise: Exercise, course: str | None = None) -> str:
    """Hand the notebook's folder to nbgrader's exchange, as ``nbgrader submit`` does; say where it is.

    Parameters
    ----------
    exercise : Exercise
        The notebook. What lies beside it goes along.
    course : str, optional
        The course's id; by default what nbgrader's configuration says.

    Raises
    ------
    GraderError
        If nbgrader or its exchange is not there, or refuses.
    """
    try:
        from nbgrader.apps import NbGrader
        from nbgrader.auth import Authenticator
        from nbgrader.coursedir import CourseDirectory
        from nbgrader.exchange import ExchangeError, ExchangeFactory
    except ImportError as error:
        raise GraderError("there is no nbgrader here, and so no exchange: upload the zip") from error
    config = _configured(NbGrader(log_level=logging.ERROR), exercise, course)
    with _folder_of(exercise):
        said: list[str] = []
        try:
            directory, access = CourseDirectory(config=config), Authenticator(config=config)
            submit = ExchangeFactory(config=config).Submit(coursedir=directory, authenticator=access, config=config)
            _listen(submit, said)
            submit.start()
        except (ExchangeError, OSError) as error:
            raise GraderError(
                f"nbgrader's exchange does not take it: {(said or [str(error)])[-1]}; upload the zip"
            ) from error
    return f"handed to nbgrader's exchange: {directory.course_id}, {exercise.name}, {submit.timestamp}"


def _configured(app: Any, exercise: Exercise, course: str | None) -> Any:
    """Read nbgrader_config.py here and in Jupyter's folders, and say what is handed in."""
    app.initialize([])
    config = app.config
    config.CourseDirectory.assignment_id = exercise.name
    config.Exchange.assignment_dir = "."
    config.Exchange.path_includes_course = False
    if course:
        config.CourseDirectory.course_id = course
    return config


def _listen(submit: Any, said: list[str]) -> None:
    """Keep what nbgrader logs as an error, and let it log nothing on the screen."""
    submit.log = logging.Logger("exchange", logging.ERROR)
    handler = logging.Handler()
    handler.emit = lambda record: said.append(" ".join(record.getMessage().split()))
    submit.log.addHandler(handler)


@contextlib.contextmanager
def _folder_of(exercise: Exercise) -> Iterator[None]:
    """Work where a folder of the assignment's name holds the notebook as it was read, and what lies beside it."""
    before = exercise.path.resolve().parent
    with tempfile.TemporaryDirectory(prefix="submit-") as scratch:
        folder = Path(scratch) / exercise.name
        folder.mkdir()
        for path in regular_files(before) if before.name == exercise.name else []:
            if path.suffix not in {".ipynb", ".zip"}:
                (folder / path.relative_to(before)).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, folder / path.relative_to(before))
        (folder / f"{exercise.name}.ipynb").write_bytes(exercise.content)
        with contextlib.chdir(scratch):
            yield
