"""A submission's files on their way into the sandbox: which names and sizes are taken, and how they are laid down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.sandbox.errors import FilesRefused
from autograder.sandbox.limits import Limits

__all__ = ["check_files", "lay_down"]

MAX_NAME, MAX_DEPTH = 255, 20
PAGE = 4096  # what a file takes at least


def check_files(files: Mapping[str, bytes], limits: Limits) -> None:
    """Refuse files that do not fit, or whose names lead out of the folder that they are meant for.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by relative name, with ``/`` between folders.
    limits : Limits
        Their number and sizes.

    Raises
    ------
    FilesRefused
        With the name of the file and the reason.
    """
    for name, content in files.items():
        if (reason := _wrong_name(name)) is not None:
            raise FilesRefused(f"the file {name!r} is refused: {reason}")
        if len(content) > limits.file_size:
            raise FilesRefused(f"the file {name!r} is refused: it has {len(content)} bytes, more than {limits.file_size}")
    folders = {str(parent) for name in files for parent in PurePosixPath(name).parents}
    if both := sorted(folders & set(files)):
        raise FilesRefused(f"the file {both[0]!r} is refused: a folder has the same name")
    if (count := len(files) + len(folders)) > limits.scratch_files:
        raise FilesRefused(f"the files are refused: there are {count} of them, more than {limits.scratch_files}")
    if (total := sum(-(-len(content) // PAGE) * PAGE for content in files.values())) > limits.scratch:
        raise FilesRefused(f"the files are refused: together they have {total} bytes, more than {limits.scratch}")


def lay_down(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write files, whose names were checked, into an empty folder."""
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _wrong_name(name: str) -> str | None:
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "its name must be relative and stay within the submission's folder"
    if not name.isprintable() or "\\" in name:
        return "its name has a character that not every computer can write"
    if len(parts) > MAX_DEPTH or any(len(part.encode()) > MAX_NAME for part in parts):
        return "its name is too long, or its folders are nested too deeply"
    return None
