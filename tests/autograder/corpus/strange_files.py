"""Submissions with strange files: links, pipes, folders, odd names and far too much, written as in ``malformed.py``."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
from pathlib import Path

from .malformed import FILE, WHOLE, malformed
from .reading import NAME


@malformed(shows="more than 50 MB")
def huge(folder, notebook, places):
    """a notebook of sixty megabytes"""
    with open(folder / FILE, "wb") as file:
        file.truncate(60_000_000)


@malformed(error="MB of files")
def huge_together(folder, notebook, places):
    """a right notebook, beside data of a gigabyte"""
    with open(folder / "data.bin", "wb") as file:
        file.truncate(1_000_000_000)
    return notebook


@malformed(**WHOLE, shows="was left out")
def many_files(folder, notebook, places):
    """a right notebook, beside more than a thousand files and folders nested thirty deep"""
    for number in range(1100):
        (folder / f"file{number}.txt").write_text("x")
    Path(folder, *["d"] * 30).mkdir(parents=True)
    Path(folder, *["d"] * 30, "file.txt").write_text("x")
    return notebook


@malformed(shows="no ps02_four.ipynb")
def link_to_the_source(folder, notebook, places):
    """a link to the instructor's notebook"""
    (folder / FILE).symlink_to(Path(places["course"]) / "source" / NAME / FILE)


@malformed()
def link_to_a_peer(folder, notebook, places):
    """a link to a peer's submission, and one to the whole course"""
    (folder / FILE).symlink_to(places["peer"])
    (folder / "course").symlink_to(places["course"])


@malformed(**WHOLE)
def links_beside(folder, notebook, places):
    """a right notebook, beside links to secrets, to nothing and to itself"""
    for name, target in {
        "a.txt": f"{places['home']}/secret.txt",
        "b": places["course"],
        "c": "nowhere",
        "d": "d",
        "e": ".",
    }.items():
        (folder / name).symlink_to(target)
    return notebook


@malformed(shows="no ps02_four.ipynb")
def fifo(folder, notebook, places):
    """a pipe under the notebook's name, at which a reader would wait for ever"""
    os.mkfifo(folder / FILE)


@malformed(**WHOLE)
def fifos_beside(folder, notebook, places):
    """a right notebook, beside pipes, a socket and, where the system lets us make one, a device"""
    os.mkfifo(folder / "data.csv")
    os.mkfifo(folder / "timestamp.txt")
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket"))
    with contextlib.suppress(OSError):
        os.mknod(folder / "zero", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    return notebook


@malformed(shows="no ps02_four.ipynb")
def folder_for_a_notebook(folder, notebook, places):
    """a folder under the notebook's name"""
    (folder / FILE).mkdir()
    (folder / FILE / "x.ipynb").write_text(json.dumps(notebook))


@malformed(**WHOLE)
def folder_for_a_time(folder, notebook, places):
    """a right notebook, with a folder where nbgrader keeps the time"""
    (folder / "timestamp.txt").mkdir()
    return notebook


@malformed(**WHOLE)
def odd_time(folder, notebook, places):
    """a right notebook, handed in at no time that there is"""
    (folder / "timestamp.txt").write_bytes(b"\xff\x00 the 35th of May")
    return notebook


@malformed(**WHOLE, shows="was taken for")
def another_name(folder, notebook, places):
    """a right notebook under the name that a browser gave its copy"""
    (folder / "ps02 four (1) - Copy.IPYNB").write_text(json.dumps(notebook))


@malformed()
def two_names(folder, notebook, places):
    """two notebooks under other names: nobody knows which is meant"""
    for name in ("mine.ipynb", "mine (1).ipynb"):
        (folder / name).write_text(json.dumps(notebook))


@malformed(**WHOLE, shows="was left out")
def odd_names(folder, notebook, places):
    """a right notebook, beside files whose names are no text, have line ends, or are as long as can be"""
    for name in (
        b"\xff\xfe.txt",
        b"a\nb.txt",
        b"-rf",
        b"x" * 250,
        "caf\u00e9.txt".encode(),
        b"$(touch loot)",
        b"con.ipynb.txt",
    ):
        (Path(os.fsdecode(os.fsencode(folder) + b"/" + name))).write_text("x")
    return notebook
