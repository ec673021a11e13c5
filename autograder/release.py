"""Release a problem set: build it, let nbgrader take the answers out, prove that they are out, and publish it."""

from __future__ import annotations

import copy
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from autograder.build import build
from autograder.errors import BuildError, GraderError
from autograder.files import replace_folder
from autograder.gradebook import open_gradebook
from autograder.root import Root

__all__ = ["find_leaks", "find_sources", "release"]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME")


def find_sources(solutions: Path, names: tuple[str, ...] = ()) -> list[Path]:
    """Find the folders of problem sets by name, or by a beginning that only one has; all of them if no name is given.

    Raises
    ------
    GraderError
        If a name fits no set, or several.
    """
    if not solutions.is_dir():
        raise GraderError(f"there is no folder {solutions}: say with --solutions where the problem sets' sources are")
    there = sorted(path for path in solutions.iterdir() if (path / f"{path.name}.py").is_file())
    for name in names:
        known = ", ".join(path.name for path in there) or "none"
        if not _named(there, name):
            raise GraderError(f"{name!r} is no problem set in {solutions}: there is {known}")
        if len(_named(there, name)) > 1:
            raise GraderError(f"{name!r} could be several problem sets in {solutions}: there is {known}")
    return [path for name in names for path in _named(there, name)] or there


def _named(folders: list[Path], name: str) -> list[Path]:
    exact = [path for path in folders if path.name == name]
    return exact or [path for path in folders if path.name.startswith(name)]


def release(folder: Path, root: Root, destination: Path | None = None) -> Path:
    """Release the set in ``folder``; return the folder that students get.

    Parameters
    ----------
    folder : Path
        The set's sources.
    root : Root
        The course directory, whose gradebook learns of the assignment.
    destination : Path, optional
        Where a copy is published, in a folder of the set's name.

    Raises
    ------
    BuildError
        If the sources break a rule, nbgrader refuses them, or something secret is in what students would get.
    """
    name = folder.name
    with tempfile.TemporaryDirectory(dir=root.path, prefix=".release.") as scratch:
        source = build(folder, Path(scratch) / "source")
        leaks = find_leaks(source, _generate(root, name, Path(scratch), "draft", save=False))
        if leaks:
            raise BuildError(f"{name} is not released, because it would give away: {'; '.join(leaks)}")
        released = _generate(root, name, Path(scratch), "release")
        _publish(source, root.folder("source", ".", name))
        published = [root.folder("release", ".", name), *([destination / name] if destination else [])]
        for place in published:
            _publish(released, place)
    return published[-1]


def _publish(made: Path, place: Path) -> None:
    with replace_folder(place) as target:
        shutil.copytree(made, target, dirs_exist_ok=True)


def _generate(root: Root, assignment: str, scratch: Path, to: str, *, save: bool = True) -> Path:
    """Run nbgrader's generate_assignment inside ``scratch``, from ``source`` to ``to``; save its cells in the gradebook."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    config = copy.deepcopy(root.config)
    config.CourseDirectory.merge({"root": str(scratch), "source_directory": "source", "release_directory": to})
    config.CourseDirectory.merge({"db_url": root.db_url, "assignment_id": assignment})
    config.SaveCells.enabled = save
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config, no_database=not save)
    if save:
        with open_gradebook(root):
            pass
    said: list[str] = []
    handler = _Listener(said)
    converter.log.addHandler(handler)
    try:
        converter.start()
    except (NbGraderException, SystemExit) as error:
        raise BuildError(f"nbgrader does not release {assignment}: {said[0] if said else error}") from error
    finally:
        converter.log.removeHandler(handler)
    return scratch / to / assignment


class _Listener(logging.Handler):
    """Keeps the last line of each error that nbgrader logs, that of a traceback first, for it has the reason."""

    def __init__(self, said: list[str]):
        super().__init__(logging.ERROR)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage().strip()
        self.said.insert(0 if message.startswith("Traceback") else len(self.said), message.splitlines()[-1])


def find_leaks(source: Path, released: Path) -> list[str]:
    """List the lines of answers and hidden tests that stand in released files, and the markers around them."""
    secrets: set[str] = set().union(*(_secret_lines(path) for path in source.glob("*.ipynb")))
    leaks = []
    for path in sorted(path for path in released.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        shown = _plain(path, text)
        found = [marker for marker in MARKERS if marker in text] + [line for line in sorted(secrets) if line in shown]
        leaks += [f"{secret!r} in {path.relative_to(released)}" for secret in found]
    return leaks


def _secret_lines(path: Path) -> set[str]:
    """Collect the lines of answers and hidden tests that are long enough to be told from others.

    A line that students are given as code elsewhere, in a function to complete or a test they see, is no secret.
    """
    import nbformat

    secret, given = set(), []
    for cell in nbformat.read(path, as_version=4).cells:
        solution = bool(cell.metadata.get("nbgrader", {}).get("solution"))
        hidden = solution and "BEGIN SOLUTION" not in cell.source
        for line in cell.source.splitlines():
            if any(marker in line for marker in MARKERS):
                hidden = "BEGIN" in line
            elif hidden and len(line.strip()) > 15:
                secret.add(line.strip())
            elif not hidden and cell.cell_type == "code":
                given.append(line)
    said = "\n".join(given)
    return {line for line in secret if line not in said}


def _plain(path: Path, text: str) -> str:
    """Give a file's text as a person reads it: of a notebook, all that its cells say and show."""
    if path.suffix != ".ipynb":
        return text
    try:
        return "\n".join(_texts(json.loads(text)))
    except ValueError:
        return text


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a JSON value, a list of lines as one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(part, str) for part in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for part in value if isinstance(value, list) else value.values():
            yield from _texts(part)
