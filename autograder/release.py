"""Release a problem set: build it, let nbgrader take the answers out, prove that they are out, and publish it."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from autograder.build import build
from autograder.errors import BuildError, GraderError
from autograder.files import replace_folder
from autograder.gradebook import open_gradebook
from autograder.root import Root

__all__ = ["find_leaks", "find_sources", "release"]

MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "BEGIN MARK SCHEME")


def find_sources(solutions: Path, names: tuple[str, ...] = ()) -> list[Path]:
    """Find the folders of problem sets whose names begin with one of ``names``; all of them if there is none.

    Raises
    ------
    GraderError
        If a name fits no set.
    """
    if not solutions.is_dir():
        raise GraderError(f"there is no folder {solutions}: say with --solutions where the problem sets' sources are")
    there = sorted(path for path in solutions.iterdir() if (path / f"{path.name}.py").is_file())
    for name in names:
        if not any(path.name.startswith(name) for path in there):
            known = ", ".join(path.name for path in there) or "none"
            raise GraderError(f"{name!r} is no problem set in {solutions}: there is {known}")
    return [path for path in there if not names or path.name.startswith(names)]


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
    source = build(folder, root.folder("source", ".", folder.name).parent)
    released = _generate(root, folder.name)
    leaks = find_leaks(source, released)
    if leaks:
        shutil.rmtree(released)
        raise BuildError(f"{folder.name} is not released, because it would give away: {'; '.join(leaks)}")
    if destination is None:
        return released
    with replace_folder(destination / folder.name) as target:
        shutil.copytree(released, target, dirs_exist_ok=True)
    return destination / folder.name


def _generate(root: Root, assignment: str) -> Path:
    """Run nbgrader's generate_assignment."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.converters.base import NbGraderException
    from nbgrader.coursedir import CourseDirectory

    with open_gradebook(root):
        pass
    coursedir = CourseDirectory(config=root.config)
    coursedir.assignment_id = assignment
    converter = GenerateAssignment(coursedir=coursedir, config=root.config)
    converter.force = True
    said: list[str] = []
    handler = _Listener(said)
    converter.log.addHandler(handler)
    try:
        converter.start()
    except (NbGraderException, SystemExit) as error:
        raise BuildError(f"nbgrader does not release {assignment}: {said[-1] if said else error}") from error
    finally:
        converter.log.removeHandler(handler)
    return root.folder("release", ".", assignment)


class _Listener(logging.Handler):
    """Keeps the first line of each error that nbgrader logs."""

    def __init__(self, said: list[str]):
        super().__init__(logging.ERROR)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage().strip().splitlines()[-1])


def find_leaks(source: Path, released: Path) -> list[str]:
    """List the lines of answers and hidden tests that stand in released files, and the markers around them."""
    secrets = set()
    public = []
    for path in released.rglob("*"):
        if path.is_file():
            public.append((path.relative_to(released), path.read_text(encoding="utf-8", errors="replace")))
    for path in source.glob("*.ipynb"):
        secrets |= _secret_lines(path)
    leaks = [f"{marker!r} in {name}" for name, text in public for marker in MARKERS if marker in text]
    for name, text in public:
        leaks += [f"{line!r} in {name}" for line in sorted(secrets) if line in _plain(name, text)]
    return leaks


def _secret_lines(path: Path) -> set[str]:
    """Collect the lines of answers and hidden tests that stand nowhere else and are long enough to be told from others."""
    import nbformat

    secret, open_text = set(), []
    for cell in nbformat.read(path, as_version=4).cells:
        hidden = bool(cell.metadata.get("nbgrader", {}).get("solution")) and "BEGIN SOLUTION" not in cell.source
        for line in cell.source.splitlines():
            if "### BEGIN" in line:
                hidden = True
            elif "### END" in line:
                hidden = False
            elif hidden and len(line.strip()) > 15:
                secret.add(line.strip())
            elif not hidden:
                open_text.append(line)
    said = "\n".join(open_text)
    return {line for line in secret if line not in said}


def _plain(name: Path, text: str) -> str:
    """Give a file's text as a person reads it: of a notebook, the sources and outputs of its cells."""
    if name.suffix != ".ipynb":
        return text
    import nbformat

    notebook = nbformat.reads(text, as_version=4)
    return "\n".join(cell.source + str(cell.get("outputs", "")) for cell in notebook.cells)
