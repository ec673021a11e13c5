"""Hand in the whole corpus as one class, and keep watch over everything that none of it may touch."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import socket
import stat
from pathlib import Path
from typing import Any

from IPython.core.profiledir import ProfileDir

from autograder.gradebook import open_gradebook
from autograder.release import release
from autograder.root import Root

from .reading import ANSWERS, NAME, Case

__all__ = [
    "LOOT",
    "SECRETS",
    "Listeners",
    "descendants",
    "hand_in",
    "keep_orphans",
    "listing",
    "loot",
    "make_course",
    "scores",
]

SET = Path(__file__).parent.parent / "sets" / NAME
LOOT = "loot-of-the-corpus"
SECRETS = [f"canary-in-{place}" for place in ("the-model-answer", "the-gradebook", "a-peers-notebook", "the-home")]
HIDDEN = "canary-in-a-hidden-test"
PLACES = "/tmp", "/dev/shm", "/var/tmp"  # where anybody may write


def make_course(place: Path) -> tuple[Root, dict[str, str]]:
    """Make a course with secrets in it, a home and a temporary folder; give the course, and where the secrets are.

    All of it may be read and written by anybody: the walls keep a student out, not the modes.
    """
    home = place / "home"
    for name in (".ssh", ".ipython"):
        (home / name).mkdir(parents=True)
    (place / "temporary").mkdir()
    for name in ("secret.txt", ".ssh/id_ed25519", ".bashrc"):
        (home / name).write_text(SECRETS[3])
    ProfileDir.create_profile_dir_by_name(
        str(home / ".ipython"), "default"
    )  # or IPython itself would, in the tests' process
    root = Root.make(place / "course")
    release(SET, root)
    with open_gradebook(root) as gradebook:
        gradebook.update_or_create_student("000-peer", last_name=SECRETS[1])
        gradebook.db.commit()
    peer = root.folder("submitted", "000-peer", NAME) / f"{NAME}.ipynb"
    hand_in(root, "000-peer", Case("honest", "peer", "", {}, last=f"print('{SECRETS[2]}')"), {})
    return root, {"course": str(root.path), "peer": str(peer), "home": str(home), "loot": LOOT}


def hand_in(root: Root, student: str, case: Case, places: dict[str, str]) -> None:
    """Put a submission of the corpus into a student's folder."""
    folder = root.folder("submitted", student, NAME)
    folder.mkdir(parents=True)
    notebook = json.loads((root.folder("release", ".", NAME) / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    answers = ANSWERS | case.answers
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = answers.get(name, cell["source"])
    for source, index in ((case.first, 0), (case.last, len(notebook["cells"]) + 1)):
        if source:
            cell = {
                "cell_type": "code",
                "source": source,
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "id": f"x{index}",
            }
            notebook["cells"].insert(index, cell)
    if case.edit:
        case.edit(notebook)
    if case.lay:
        case.lay(folder, notebook, places)
        return
    (folder / f"{NAME}.ipynb").write_text(_filled(json.dumps(notebook), places), encoding="utf-8")
    for name, content in case.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(_filled(content, places), encoding="utf-8")


def _filled(text: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        text = text.replace(f"<{name}>", value)
    return text


class Listeners(contextlib.ExitStack):
    """Sockets that wait for what somebody sends from inside.

    Attributes
    ----------
    port : int
    """

    def __init__(self, home: Path):
        super().__init__()
        stream, packets = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
        abstract, named = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.sockets = [self.enter_context(sock) for sock in (stream, packets, abstract, named)]
        stream.bind(("127.0.0.1", 0))
        self.port = stream.getsockname()[1]
        packets.bind(("127.0.0.1", self.port))
        abstract.bind(f"\0{LOOT}")
        named.bind(str(home / "listening"))
        for sock in (stream, abstract, named):
            sock.listen()
        for sock in self.sockets:
            sock.setblocking(False)

    def heard(self) -> list[str]:
        """Tell what came."""
        said = []
        for sock in self.sockets:
            with contextlib.suppress(BlockingIOError):
                said.append(str(sock.recv(100) if sock.type == socket.SOCK_DGRAM else sock.accept()))
        return said


def listing(folder: Path) -> dict[str, str]:
    """Give a hash of every file below a folder, by path; of what is no regular file its kind."""
    found = {}
    for where, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = Path(where, name)
            regular = path.is_file() and not path.is_symlink() and path.stat().st_size < 50_000_000
            content = (
                hashlib.sha256(path.read_bytes()).hexdigest()
                if regular
                else f"of kind {stat.S_IFMT(path.lstat().st_mode):o}"
            )
            found[str(path.relative_to(folder))] = content
    return found


def loot() -> list[str]:
    """List what was left where anybody may write."""
    return [f"{place}/{name}" for place in PLACES if os.path.isdir(place) for name in os.listdir(place) if LOOT in name]


def keep_orphans() -> None:
    """Have every process that loses its parent below us become our child, so that none goes out of sight."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def descendants() -> set[int]:
    """List the processes that this one has started, and those that they have started."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(name)] = int(fields[1])
    found, new = set(), {os.getpid()}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new and pid not in found}
        found |= new
    return found


def scores(root: Root) -> dict[str, dict[str, Any]]:
    """Give the machine's marks in the gradebook, by student and short name of the answer."""
    with open_gradebook(root) as gradebook:
        return {
            submission.student_id: {
                g.name.removeprefix("test_"): g.auto_score for n in submission.notebooks for g in n.grades
            }
            for submission in gradebook.assignment_submissions(NAME)
        }
