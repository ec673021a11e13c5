"""A submission's files on their way into the sandbox: which names and sizes are taken, and how they are laid down."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.sandbox.limits import Limits

__all__ = ["fitting_files", "lay_down", "remove_tree"]

MAX_NAME, MAX_DEPTH = 255, 20
PAGE = 4096  # what a file takes at least


def fitting_files(files: Mapping[str, bytes], limits: Limits) -> tuple[dict[str, bytes], list[str]]:
    """Divide files into those that fit into a session and those that do not.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by relative name, with ``/`` between folders.
    limits : Limits
        Their number and sizes.

    Returns
    -------
    kept : dict
        What fits, as far as there is room for all together.
    reasons : list of str
        For each of the others its name, and why it was left out.
    """
    kept, reasons, folders, room = {}, [], set(), limits.scratch
    for name, content in files.items():
        parents = {str(parent) for parent in PurePosixPath(name).parents}
        size = -(-len(content) // PAGE) * PAGE
        reason = _wrong_name(name)
        if reason is None and len(content) > limits.file_size:
            reason = f"it has {len(content)} bytes, more than {limits.file_size}"
        if reason is None and (name in folders or not parents.isdisjoint(kept)):
            reason = "a file and a folder cannot have the same name"
        if reason is None and (size > room or len(kept) + len(folders | parents) >= limits.scratch_files):
            reason = f"all together may have {limits.scratch} bytes and be {limits.scratch_files} files and folders"
        if reason is None:
            kept[name], room = content, room - size
            folders |= parents
        else:
            reasons.append(f"the file {name!r} was left out: {reason}")
    return kept, reasons


def lay_down(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write files, whose names were checked, into an empty folder."""
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def remove_tree(path: str) -> None:
    """Remove a folder, however deep it is and whatever its modes are."""
    subprocess.run(["sh", "-c", 'chmod -R u+rwx "$1"; rm -rf -- "$1"', "sh", path], stderr=subprocess.DEVNULL, check=False)


def _wrong_name(name: str) -> str | None:
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "its name leads out of the submission's folder"
    if any(character < " " or "\ud800" <= character <= "\udfff" for character in name):
        return "its name has a character that no file's name should have"
    if len(parts) > MAX_DEPTH or any(len(part.encode()) > MAX_NAME for part in parts):
        return "its name is too long, or its folders are nested too deeply"
    return None
