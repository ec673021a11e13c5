"""What `import course` and `course --help` cost beside `import numpy`, in CPU time of a fresh interpreter."""

import resource
import subprocess
import sys

from benchmarks.harness import Row, compare

LIBRARY = Row("import course", "import numpy", "at most", 1.3)
HELP = Row("course --help", "import numpy", "at most", 2.0)
CODES = "pass", "import numpy", "import course", "from autograder.cli import main; main()"


def cpu_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, "--help"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(rounds: int = 15) -> list[Row]:
    """Measure in turn, and take the start of Python itself off both sides."""
    times = [[cpu_seconds(code) for code in CODES] for _ in range(rounds)]
    numpy, library, command = ([line[k] - line[0] for line in times] for k in (1, 2, 3))
    return [compare(LIBRARY, library, numpy), compare(HELP, command, numpy)]
