"""Run every benchmark, or those that are named, print the table, and write it to build/benchmarks.json.

    python -m benchmarks                    # all of them
    python -m benchmarks tape sweep         # these two

Every module of this package that has `rows` is a benchmark: it returns a list of `harness.Row`.
"""

import json
import os
import pkgutil
import platform
import sys
import traceback
from importlib import import_module, metadata
from pathlib import Path

import benchmarks
from benchmarks.harness import Row, table

OUTPUT = Path("build/benchmarks.json")
PEERS = "torch", "jax", "scikit-learn", "autograd", "micrograd"
# As the table is read; whatever else there is follows.
FIRST = "training_step", "large_step", "tape", "hips_autograd", "gradient_check", "sweep"


def names() -> list[str]:
    """List the benchmarks, in the order of the table."""
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    found = [name for name in found if name not in {"harness", "__main__"}]
    return sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def run(chosen: list[str]) -> tuple[list[Row], dict[str, str]]:
    """Return all rows, and what went wrong in modules that crashed: the others' rows are kept."""
    rows, crashed = [], {}
    for name in chosen:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            rows += import_module(f"benchmarks.{name}").rows()
        except Exception as error:
            traceback.print_exc()
            crashed[name] = f"{type(error).__name__}: {error}"
        write(rows, crashed)
    return rows, crashed


def write(rows: list[Row], crashed: dict[str, str]) -> None:
    OUTPUT.parent.mkdir(exist_ok=True)
    found = {name: version(name) for name in ("numpy", *PEERS)}
    machine = {"python": platform.python_version(), "machine": platform.machine(), "versions": found}
    figures = {"rows": [row.record() for row in rows], "crashed": crashed}
    OUTPUT.write_text(json.dumps(machine | figures, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def stay_on_one_core() -> None:
    """Leave one core to every side: JAX and PyTorch make as many threads as they see cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def main() -> int:
    chosen = sys.argv[1:] or names()
    if unknown := [name for name in chosen if name not in names()]:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    stay_on_one_core()
    rows, crashed = run(chosen)
    print(table(rows))
    print("CPU time, one thread on one core; medians of rounds in which both sides ran in turn")
    if missing := sorted({row.missing or row.against for row in rows if row.ratio is None}):
        print(f"not installed, and so not measured: {', '.join(missing)}; `make peers` installs every peer")
    for name, error in crashed.items():
        print(f"{name} CRASHED, and its rows are lost: {error}")
    print(f"written to {OUTPUT}")
    return int(bool(crashed) or any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
