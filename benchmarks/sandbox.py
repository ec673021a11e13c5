"""What a sandboxed session costs beside the bare start of an interpreter, in time on the clock."""

import subprocess
import sys
import time

from autograder.sandbox import Sandbox
from benchmarks.harness import Row, compare

SESSION = Row("a session behind its walls, with NumPy, IPython and Matplotlib", "python -I -c pass", "at most", 1.0)


def seconds(action) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def start_python() -> None:
    subprocess.run([sys.executable, "-I", "-c", "pass"], check=True)


def rows(rounds: int = 40) -> list[Row]:
    """Open a session and start an interpreter in turn; ending the session is not waited for by a grader, nor counted."""
    with Sandbox() as sandbox:
        sandbox.wait()
        ours, theirs = [], []
        for _ in range(rounds):
            opened = []
            ours.append(seconds(lambda opened=opened: opened.append(sandbox.open({"data.csv": b"1,2\n" * 1000}))))
            opened[0].close()
            theirs.append(seconds(start_python))
    return [compare(SESSION, ours, theirs)]
