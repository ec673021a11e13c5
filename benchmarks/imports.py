"""What `import course` costs beyond `import numpy`, in CPU time of a fresh interpreter."""

import resource
import subprocess
import sys

from benchmarks.harness import Row, compare

ROW = Row("import course", "import numpy", "at most", 1.3)


def cpu_seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rows(rounds: int = 15) -> list[Row]:
    """Measure in turn, and take the start of Python itself off both sides."""
    times = [[cpu_seconds(code) for code in ("pass", "import course", "import numpy")] for _ in range(rounds)]
    library, peer = ([line[k] - line[0] for line in times] for k in (1, 2))
    return [compare(ROW, library, peer)]
