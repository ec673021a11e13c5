"""nbgrader's gradebook: opened with care, and written in one transaction for each student."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.errors import EntryRefusedError, GraderError, NotRecordedError
from autograder.root import Root

__all__ = ["find_assignment", "one_transaction", "open_gradebook"]

LOCK = 0x6E6267  # the number of the advisory lock under which a PostgreSQL gradebook is made


@contextlib.contextmanager
def open_gradebook(root: Root) -> Iterator[Any]:
    """Open the directory's gradebook, made if there is none.

    Raises
    ------
    GraderError
        If the file is no gradebook, belongs to another course, or cannot be written.
    """
    from nbgrader.api import InvalidEntry, MissingEntry
    from sqlalchemy.exc import DatabaseError, SQLAlchemyError

    logging.getLogger("tornado.application").disabled = True  # where nbgrader repeats the traceback of what it raises
    name = root.db_url
    try:
        name = _shown(root)
        _refuse_another_course(root)
        gradebook = _open(root)
    except (SQLAlchemyError, InvalidEntry) as error:
        raise GraderError(f"the gradebook {name} cannot be used: {_reason(error)}") from error
    except ModuleNotFoundError as error:
        raise GraderError(
            f"the gradebook {name} needs the Python package {error.name!r}: install it, or for PostgreSQL our extra "
            "'department' and name it postgresql+psycopg://… in CourseDirectory.db_url"
        ) from error
    try:
        with gradebook:
            yield gradebook
    except MissingEntry as error:
        raise GraderError(f"the gradebook {name} has changed meanwhile: {error}; run the command again") from error
    except (DatabaseError, InvalidEntry) as error:
        raise GraderError(f"the gradebook {name} cannot be written: {_reason(error)}") from error


@contextlib.contextmanager
def one_transaction(gradebook: Any) -> Iterator[None]:
    """Make all that nbgrader writes inside one transaction, though each of its calls commits: all of it lands, or none.

    Raises
    ------
    NotRecordedError
        When the gradebook takes nothing at the moment, for another program holds it, its disk is full, its server is away.
    EntryRefusedError
        When it would never take this.
    """
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError

    session = gradebook.db
    session.commit = session.flush
    try:
        try:
            yield
        finally:
            del session.commit
        session.commit()
    except BaseException as error:
        session.rollback()
        cause = error.__context__ if isinstance(error, InvalidEntry) else error  # nbgrader hides what the database said
        if isinstance(cause, (OperationalError, InterfaceError)):
            raise NotRecordedError(f"the gradebook {gradebook.engine.url} cannot be written: {_reason(cause)}") from error
        if isinstance(cause, (DataError, IntegrityError)):
            raise EntryRefusedError(f"the gradebook refuses the entry: {_said(cause)}") from error
        raise


def _open(root: Root) -> Any:
    """Open a gradebook; one command at a time makes one where there is none."""
    from nbgrader.api import Gradebook
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url

    url = make_url(root.db_url)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        _make(Path(url.database), root.course_id)
    with contextlib.ExitStack() as stack:
        stack.enter_context(_alembic_on_path())
        if url.get_backend_name() == "postgresql":
            engine = create_engine(url)
            stack.callback(engine.dispose)
            connection = stack.enter_context(engine.connect())
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
        return Gradebook(root.db_url, root.course_id)


def _make(path: Path, course_id: str) -> None:
    """Make an SQLite gradebook: whole, or not at all, for nbgrader's own making may stop half way."""
    from nbgrader.api import Gradebook

    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".gradebook.") as scratch, _alembic_on_path():
        Gradebook(f"sqlite:///{scratch}/new.db", course_id).close()
        try:
            os.link(f"{scratch}/new.db", path)
        except FileExistsError:
            return  # another command was faster, and its gradebook may have marks in it
        except OSError:
            os.replace(f"{scratch}/new.db", path)  # a disk without links


@contextlib.contextmanager
def _alembic_on_path() -> Iterator[None]:
    """Let nbgrader find the program ``alembic`` that was installed with it, also where nobody activated the environment."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def find_assignment(gradebook: Any, name: str) -> Any:
    """Find an assignment by its name or by a beginning that only one name has.

    Raises
    ------
    GraderError
        If there is none, or more than one; the message lists what there is.
    """
    known = {assignment.name: assignment for assignment in gradebook.assignments}
    found = [known[name]] if name in known else [known[full] for full in sorted(known) if full.startswith(name)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(sorted(known)) or "none yet; run `course release` or `nbgrader generate_assignment` first"
    problem = "could be several assignments" if found else "is no assignment"
    raise GraderError(f"{name!r} {problem} of this course: there is {there}")


def _refuse_another_course(root: Root) -> None:
    from sqlalchemy import create_engine, inspect, text
    from sqlalchemy.exc import DatabaseError

    engine = create_engine(root.db_url)
    try:
        tables = set(inspect(engine).get_table_names())
        if not tables:
            return
        if not {"assignment", "course"} <= tables:
            raise GraderError(f"{_shown(root)} is no nbgrader gradebook: move it away, or set CourseDirectory.db_url")
        with engine.connect() as connection:
            owners = set(connection.execute(text("SELECT course_id FROM assignment UNION SELECT id FROM course")).scalars())
    except DatabaseError as error:
        raise GraderError(f"{_shown(root)} cannot be read as a gradebook: {_reason(error)}") from error
    finally:
        engine.dispose()
    owners -= {None, "default_course"}  # which nbgrader's own commands leave in every gradebook
    if owners - {root.course_id}:
        raise GraderError(
            f"{_shown(root)} is the gradebook of another course ({', '.join(sorted(owners))}, not {root.course_id}): "
            "move it away, or set CourseDirectory.course_id in nbgrader_config.py"
        )


def _shown(root: Root) -> str:
    """Name a gradebook without its password."""
    from sqlalchemy.engine import make_url

    return make_url(root.db_url).render_as_string(hide_password=True)


def _said(error: Any) -> str:
    """Give what the database said, in a line."""
    said = str(getattr(error, "orig", error)).splitlines()[0]
    return re.sub(r"^\(.*?\) ", "", said).replace("readonly", "read-only")


def _reason(error: Any) -> str:
    """Say what the database said, and what to do about it."""
    said = _said(error)
    if "connection" in said:
        return f"{said}; see that its server runs and lets you in, then try again"
    return f"{said}; see that its disk is writable and has room, and that no other program holds it, then try again"
