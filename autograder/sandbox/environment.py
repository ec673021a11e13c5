"""What Python needs of this machine to run NumPy and Matplotlib; a sandbox shows this, the packages, and nothing else."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

__all__ = ["FONTS", "NOBODY", "PACKAGES", "PLACE", "font_list", "interpreter_links", "python_paths", "variables"]

PACKAGES = "/packages"  # where the packages lie inside bubblewrap
PLACE = "/session"  # where a session's files lie
NOBODY = 65534  # the user and group that root's zygote becomes
FONTS = "matplotlib"  # the folder below it in which a zygote finds the list of fonts

SYSTEM = (
    "/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64", "/lib32", "/usr/local/lib", "/usr/local/lib64",
    "/etc/ld.so.cache", "/etc/fonts", "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/zoneinfo", "/etc/localtime",
)  # fmt: skip
SITES = ("site-packages", "dist-packages")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def python_paths() -> list[str]:
    """List the files and folders of the interpreter, its packages and the system's libraries and fonts that exist.

    Of a prefix only the libraries are taken: an environment may have been made in the course directory itself.
    """
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    libraries = [os.path.join(p, name) for p in sorted(prefixes) for name in ("lib", "lib64", "pyvenv.cfg")]
    sites = [path for path in sys.path if os.path.basename(path) in SITES]
    binary = interpreter_links()[-1][0]
    return [path for path in dict.fromkeys([*SYSTEM, *libraries, *sites, binary]) if os.path.exists(path)]


def interpreter_links() -> list[tuple[str, str | None]]:
    """Follow the interpreter's symbolic links: each with its target, and the binary last, with None."""
    chain, path = [], sys.executable
    while os.path.islink(path):
        target = os.readlink(path)
        chain.append((path, target))
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))
    return [*chain, (path, None)]


@lru_cache(maxsize=1)
def font_list() -> Path | None:
    """Find Matplotlib's list of this machine's fonts; where it was never made, let Matplotlib make it, as it takes long."""
    if (found := _newest_font_list()) is None and importlib.util.find_spec("matplotlib") is not None:
        subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], capture_output=True, check=False)
        found = _newest_font_list()
    return found


def _newest_font_list() -> Path | None:
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for folder in (os.environ.get("MPLCONFIGDIR"), os.path.join(cache, "matplotlib")):
        found = sorted(Path(folder).glob("fontlist-v*.json"), key=lambda path: path.stat().st_mtime) if folder else []
        if found:
            return found[-1]
    return None


def variables(keep: Sequence[str] = ("LD_LIBRARY_PATH",)) -> dict[str, str]:
    """Make the environment variables of a zygote: none of the instructor's but those that the interpreter may need.

    The hash seed is fixed, so that sets of strings have the same order when a grading is repeated. Two arenas are enough
    for malloc: by default it reserves more address space for each thread than a session has.
    """
    fixed = {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "2", **dict.fromkeys(THREADS, "1")}
    return fixed | {name: os.environ[name] for name in keep if name in os.environ}
