"""Zips that harm whoever unpacks them: what is in each, by name or as ZipInfo, and the reason for which it is refused.

Where the reason stands in brackets, the file is refused and the rest of the zip is collected.
"""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

__all__ = ["ARCHIVES", "pack"]

RIGHT = {"ada.ipynb": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'}


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (kind | 0o777) << 16
    return info


ARCHIVES = {
    "climbs_out": ({"../../loot.txt": "x"}, "outside its folder"),
    "from_the_root": ({"/tmp/loot-of-the-corpus": "x"}, "outside its folder"),
    "by_windows_names": ({"..\\..\\loot.txt": "x", "C:\\loot.txt": "x"}, "outside its folder"),
    "climbs_late": ({"ada/../bob/../../../loot.txt": "x"}, "outside its folder"),
    "link": ({**RIGHT, special("bob.ipynb", stat.S_IFLNK): "/etc/passwd"}, "[no regular file]"),
    "link_and_a_file_behind_it": (
        {special("a", stat.S_IFLNK): "/tmp", "a/loot-of-the-corpus": "x", **RIGHT},
        "[no regular file]",
    ),
    "pipe_and_device": (
        {**RIGHT, special("p.ipynb", stat.S_IFIFO): "", special("d.ipynb", stat.S_IFCHR): ""},
        "[no regular file]",
    ),
    "bomb": ({**RIGHT, "bob.ipynb": b"\0" * 60_000_000}, "[too large]"),
    "many_small_files": ({f"{number}.txt": "" for number in range(20_001)}, "too large"),
}


def pack(name: str, folder: Path) -> Path:
    """Write one of the zips into a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in ARCHIVES[name][0].items():
            archive.writestr(member, content)
    path = folder / f"{name}.zip"
    path.write_bytes(buffer.getvalue())
    return path
