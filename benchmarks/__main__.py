"""Run every benchmark, print the table, and write it to build/benchmarks.json."""

import json
import platform
import sys
from pathlib import Path

import numpy as np

from benchmarks import imports, training_step
from benchmarks.harness import table

OUTPUT = Path("build/benchmarks.json")


def main() -> int:
    rows = []
    for module in (training_step, imports):
        print(f"{module.__name__} …", file=sys.stderr)
        rows += module.rows()
    print(table(rows))
    print("CPU time, one thread, medians of rounds in which both sides ran in turn")
    OUTPUT.parent.mkdir(exist_ok=True)
    versions = {"python": platform.python_version(), "numpy": np.__version__, "machine": platform.machine()}
    OUTPUT.write_text(json.dumps(versions | {"rows": [row.record() for row in rows]}, indent=2) + "\n")
    print(f"written to {OUTPUT}")
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
