"""Files that are either whole or not there: what a crash, a kill or a full disk must never leave half written."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

__all__ = ["JUNK", "contents", "copy_files", "digest", "regular_files", "replace_folder", "write_whole"]

JUNK = ("__MACOSX", "._", ".DS_Store", ".ipynb_checkpoints")  # what computers put beside what people write


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file in one step: a reader, or a rerun after a crash, sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def replace_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder to fill; when that went well, put it in the place of ``path``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield work
        work.chmod(0o755)
        if path.exists():
            old = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.old."))
            os.replace(path, old / path.name)
            os.replace(work, path)
            shutil.rmtree(old)
        else:
            os.replace(work, path)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def digest(*paths: Path, also: str = "") -> str:
    """Hash the content of files, in the given order, and a text."""
    total = hashlib.sha256(also.encode())
    for path in paths:
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def regular_files(base: Path) -> list[Path]:
    """List the regular files below a folder; a link is neither followed nor taken."""
    files = []
    for where, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if not name.startswith(JUNK))
        files += [Path(where) / name for name in sorted(names) if not name.startswith(JUNK)]
    return [path for path in files if path.is_file() and not path.is_symlink()]


def contents(folder: Path) -> dict[str, bytes]:
    """Read the regular files below a folder, by relative name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in regular_files(folder)}


def copy_files(origin: Path, target: Path) -> None:
    """Copy the regular files below ``origin`` that are no notebooks; whatever bears one's name in ``target`` gives way."""
    for path in regular_files(origin):
        if path.suffix == ".ipynb":
            continue
        copy = target / path.relative_to(origin)
        for parent in reversed(copy.relative_to(target).parents):
            if (target / parent).is_file() or (target / parent).is_symlink():
                (target / parent).unlink()
        if copy.is_dir():
            shutil.rmtree(copy)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copyfile(path, copy)
