"""What importing the library and `course --help` cost beside `import numpy`, in CPU time of a fresh interpreter."""

import resource
import subprocess
import sys

from benchmarks.harness import Row, compare

NAMES = "Adam, Linear, Sequential, SoftmaxCrossEntropy, Tanh, fit"  # what a small training needs
NUMPY = "import numpy"
WORK = {
    "import numpy, course": Row("import course, NumPy included", NUMPY, "at most", 1.3),
    f"from course import {NAMES}": Row("what a small training needs of it, NumPy included", NUMPY, "at most", 1.6),
    "from autograder.cli import main; main()": Row("course --help", NUMPY, "at most", 2.0),
}


def cpu_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, "--help"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(rounds: int = 15) -> list[Row]:
    """Measure in turn, and take the start of Python itself off all sides."""
    times = [[cpu_seconds(code) for code in ("pass", NUMPY, *WORK)] for _ in range(rounds)]
    numpy, *others = ([line[k] - line[0] for line in times] for k in range(1, len(WORK) + 2))
    return [compare(row, library, numpy) for row, library in zip(WORK.values(), others, strict=True)]
