"""A bare clone to follow a guide in: the repository's files and nothing that was built, with an environment of its own.

The environment is made in a second: it borrows the packages that are installed here, and has programs of its own, so that
`course` and `make` work on the clone's files. What ``make`` would install is what ``make test`` has installed before.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
JUPYTER = '{"ServerApp": {"allow_root": true, "open_browser": false, "port": 0}, "ExtensionApp": {"open_browser": false}}'


def make_clone(place: Path) -> Path:
    """Copy the repository as `git clone` would give it after a commit, and make its environment."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    _make_environment(place)
    return place


def _make_environment(place: Path) -> None:
    venv = place / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    packages = next(venv.glob("lib/python*/site-packages"))
    ours = sysconfig.get_path("purelib")
    (packages / "clone.pth").write_text(f"{place}\nimport site; site.addsitedir({ours!r})\n", encoding="utf-8")
    for program in BIN.iterdir():
        text = program.read_bytes() if program.is_file() and not program.is_symlink() else b""
        if text.startswith(b"#!") and not (venv / "bin" / program.name).exists():
            (venv / "bin" / program.name).write_bytes(text.replace(bytes(BIN), bytes(venv / "bin")))
            (venv / "bin" / program.name).chmod(0o755)
    for folder in ("etc", "share"):
        (venv / folder).symlink_to(BIN.parent / folder)
    (venv / ".ready").touch()


def environment(place: Path) -> dict[str, str]:
    """Give the variables of a person's shell who has just logged in: a home of their own, and none of these tests'."""
    home = place.parent / "home"
    (home / ".jupyter").mkdir(parents=True, exist_ok=True)
    (home / ".jupyter" / "jupyter_server_config.json").write_text(JUPYTER, encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    kept["PATH"] = ":".join(part for part in kept["PATH"].split(":") if part != str(BIN))
    return kept | {"HOME": str(home), "OMP_NUM_THREADS": "1", "COLUMNS": "120", "MPLBACKEND": "agg"}
