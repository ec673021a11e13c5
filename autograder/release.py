"""Release a problem set: build it, let nbgrader take the answers out, prove that they are out, and publish it."""

from __future__ import annotations

import copy
import logging
import shutil
import tempfile
from pathlib import Path

from autograder.build import build
from autograder.errors import BuildError, GraderError
from autograder.files import contents, replace_folder
from autograder.gradebook import open_gradebook
from autograder.leaks import find_leaks
from autograder.root import CONFIG_NAME, Root

__all__ = ["find_leaks", "find_sources", "rehearse", "release"]

MOVED = "Cannot add or remove cells"  # as nbgrader says it
REMEDY = (
    "; their marks hang on the cells: put back every cell that was there, under its old grade_id, and change only "
    "what is in them (a test that is to count no more: `pass`, for 0 points); what is new belongs into another set"
)


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
        _draft(source, root, Path(scratch))
        released = _generate(root, name, Path(scratch), "release")
        _publish(source, root.folder("source", ".", name))
        published = [root.folder("release", ".", name), *([destination / name] if destination else [])]
        for place in published:
            _publish(released, place)
    return published[-1]


def rehearse(folder: Path, root: Path, destination: Path) -> list[str]:
    """Do all that :func:`release` does before it writes anything; name the published files that it would change.

    Parameters
    ----------
    folder : Path
        The set's sources.
    root : Path
        The course directory, which need not be there yet. Neither it nor its gradebook is touched.
    destination : Path
        Where the copy would be published, in a folder of the set's name.

    Raises
    ------
    BuildError
        As :func:`release` would.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as scratch:
        there = (root / CONFIG_NAME).is_file()
        course = Root.open(root) if there else Root.make(Path(scratch) / "root")
        draft = _draft(build(folder, Path(scratch) / "source"), course, Path(scratch))
        old, new = contents(destination / folder.name), contents(draft)
        return sorted(name for name in old | new if old.get(name) != new.get(name))


def _draft(source: Path, root: Root, scratch: Path) -> Path:
    """Let nbgrader make what students would get, and search it for what they must not; the gradebook is not told."""
    draft = _generate(root, source.name, scratch, "draft", save=False)
    leaks = find_leaks(source, draft)
    if leaks:
        raise BuildError(f"{source.name} is not released, because it would give away: {'; '.join(leaks)}")
    return draft


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
        why = str(said[0] if said else error)
        raise BuildError(f"nbgrader does not release {assignment}: {why}{REMEDY if MOVED in why else ''}") from error
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
