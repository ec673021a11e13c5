"""Our grading beside stock nbgrader's: the same class, gradebook and feedback included on both sides, two cores.

``python -m benchmarks.grading 200`` grades 200 submissions of problem set 8 each way; ``python -m benchmarks.grading 20 200
1000 --alone`` grades classes of growing size our way only, to see that neither the cost of a submission nor memory grows.
Stock runs in two halves, before us and after us, so that a machine that slows down slows both.
``python -m benchmarks.grading --latency`` marks right submissions one by one, beside what their cells take without a grader.
"""

from __future__ import annotations

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks.harness import Row

SET = "ps08_optimizers"
BIN = Path(sys.executable).parent
WORK = "{} submissions of problem set 8: grade, gradebook and feedback, wall time"
DROP_IN = "{} submissions of problem set 8: nbgrader autograde with our preprocessor, wall time"
ASK, DROP_IN_ASK, LATENCY_ASK = 10.0, 5.0, 0.3


def rows(size: int = 16) -> list[Row]:
    """Measure a small class; the larger it is, the less our start counts."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        first = make_course(base / "first", size // 2, ours=False)
        graded, returned = autograde(first), generate_feedback(first)
        ours = course(make_course(base / "ours", size))
        drop_in = autograde(make_course(base / "drop-in", size, ours=True))
        second = make_course(base / "second", size - size // 2, ours=False)
        graded, returned = graded + autograde(second), returned + generate_feedback(second)
    return [
        _row(WORK, "stock nbgrader autograde and generate_feedback", ASK, ours, graded + returned, size),
        _row(DROP_IN, "nbgrader autograde without it", DROP_IN_ASK, drop_in, graded, size),
    ]


def _row(work: str, against: str, ask: float, ours: float, peer: float, size: int) -> Row:
    return Row(work.format(size), against, "at least", ask, library=ours / size, peer=peer / size, ratio=peer / ours)


def make_course(path: Path, size: int, *, ours: bool = True) -> Path:
    """Release the set, and hand in for a class: every second student has one known misconception, the others none."""
    from autograder.release import release
    from autograder.root import Root
    from solutions.problem_set import HERE

    root = Root.make(path, "benchmark")
    if not ours:
        config = path / "nbgrader_config.py"
        config.write_text(re.sub(r"^c.Autograde.*$", "", config.read_text(), flags=re.MULTILINE))
    release(HERE / SET, root)
    for number, notebook in zip(range(size), hand_ins(root.folder("release", ".", SET) / f"{SET}.ipynb"), strict=False):
        folder = root.folder("submitted", f"s{number:04}", SET)
        folder.mkdir(parents=True)
        (folder / f"{SET}.ipynb").write_text(notebook)
    return root.path


def hand_ins(released: Path) -> Iterator[str]:
    """Yield notebooks to hand in, without end."""
    import nbformat

    from solutions.problem_set import HERE, ProblemSet, source_of

    problems = ProblemSet(HERE / SET)
    model = {name: problems.model(name) for name in problems.functions}
    wrong = [(name, source_of(bank, entry.answer)) for name, bank in problems.misconceptions.items() for entry in bank]
    while True:
        for name, source in wrong:
            for answers in (model, model | {name: source}):
                notebook = nbformat.read(released, as_version=4)
                for cell in notebook.cells:
                    cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
                yield json.dumps(notebook)


def autograde(path: Path) -> float:
    """Grade with nbgrader's own command; give the seconds that it took."""
    return _timed(path, [BIN / "nbgrader", "autograde", SET])


def generate_feedback(path: Path) -> float:
    """Write the feedback with nbgrader's own command."""
    return _timed(path, [BIN / "nbgrader", "generate_feedback", SET])


def course(path: Path) -> float:
    """Grade and write the feedback with ours."""
    root = "--root", path
    return _timed(path, [BIN / "course", "grade", SET, *root], [BIN / "course", "feedback", SET, *root])


def _timed(path: Path, *commands: list) -> float:
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    if hasattr(os, "sched_setaffinity"):  # the other benchmarks run on one core
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    start = time.monotonic()
    for command in commands:
        done = subprocess.run(command, cwd=path, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command[0].name} {command[1]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.monotonic() - start


def alone(sizes: list[int]) -> None:
    """Print what a submission costs in classes of several sizes, and the most memory that one process took."""
    print("submissions   ms each   ms for each one more   most memory of a process (MB)")
    before = 0, 0.0
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            seconds = course(make_course(Path(folder) / "course", size))
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        more = 1e3 * (seconds - before[1]) / (size - before[0])  # without the start, which a class pays once
        print(f"{size:11} {1e3 * seconds / size:9.0f} {more:22.0f} {memory:31.0f}")
        before = size, seconds


def latency(size: int = 20) -> Row:
    """Measure the median time from one right submission to the next, less the time that its own cells take."""
    from autograder.grading import grade, plan
    from autograder.root import Root
    from solutions.problem_set import HERE, ProblemSet

    problems, own = ProblemSet(HERE / SET), []
    for _ in range(size):
        start = time.perf_counter()
        problems.grade({})
        own.append(time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder:
        root = Root.open(make_course(Path(folder) / "course", 2 * size))
        done = [time.perf_counter()]
        for _ in grade(root, plan(root, SET, students=[f"s{number:04}" for number in range(0, 2 * size, 2)]), workers=1):
            done.append(time.perf_counter())
    each = statistics.median(later - earlier for earlier, later in pairwise(done[1:]))  # the first waits for its worker
    beyond = each - statistics.median(own)
    return Row(
        "a right submission of problem set 8, beyond its own cells", "the time it may take", "at most", 1.0,
        library=beyond, peer=LATENCY_ASK, ratio=beyond / LATENCY_ASK,
    )  # fmt: skip


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:] if argument.isdigit()] or [200]
    if "--latency" in sys.argv:
        print(f"{(row := latency()).work}: {1e3 * row.library:.0f} ms, {row.ratio:.2f} of {row.against}")
    elif "--alone" in sys.argv:
        alone(sizes)
    else:
        for row in (row for size in sizes for row in rows(size)):
            print(f"{row.work}: {60 / row.library:.0f} a minute; {row.against}: {row.ratio:.1f} times as fast")
