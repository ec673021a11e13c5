"""Marking on other machines: with a real scheduler and real workers, whatever dies in the middle."""

import contextlib
import gc
import json
import signal
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from autograder.cluster import Cluster
from autograder.crew import Crew
from autograder.engine import SandboxRunner
from autograder.errors import GraderError
from autograder.marking import Graded, Work
from autograder.root import Root

from . import postgresql
from .conftest import MODEL
from .runs import BIN, contents, descendants, done, ended_at_last, finish, quiet_copy, see_end, start, until

distributed = pytest.importorskip("distributed", reason="distributed is missing: pip install -e '.[department]'")

@pytest.fixture
def slow_class(root, toy, hand_in):
    """Six submissions that take a second each, three of them right."""
    for number, student in enumerate(["ada", "bob", "cai", "dea", "eli", "fay"]):
        wrong = {"halve": "def halve(x):\n    return x / 2"} if number % 2 else {}
        hand_in(student, toy(**MODEL | wrong | {"square": f"import time\ntime.sleep(1)\n{MODEL['square']}"}))
    return root


@contextlib.contextmanager
def cluster(folder, workers=2):
    """Start a scheduler and its workers on loopback; give the address, the scheduler and the workers."""
    note = folder / "scheduler.json"
    options = ["--no-dashboard", "--scheduler-file", note]
    with ended_at_last([BIN / "dask", "scheduler", "--host", "127.0.0.1", "--port", 0, *options]) as (scheduler,):
        until(note.exists)
        worker = [BIN / "dask", "worker", "--nthreads", 1, "--no-nanny", "--local-directory", folder, *options]
        with ended_at_last(*[worker] * workers) as started:
            yield json.loads(note.read_text())["address"], scheduler, started


@contextlib.contextmanager
def gradebook(kind, root):
    """Give the course directory with a gradebook of this kind in the place of its own."""
    if kind == "SQLite":
        yield root
        return
    from autograder.release import release

    from .conftest import SETS

    with postgresql.running() as server:
        config = root.path / "nbgrader_config.py"
        config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {server.url('cluster')!r}\n")
        release(SETS / "ps01_toy", Root.open(root.path))
        yield Root.open(root.path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["SQLite", "PostgreSQL"])
def test_a_worker_killed_in_the_middle_costs_no_mark_and_doubles_none(slow_class, tmp_path, kind):
    quiet = quiet_copy(slow_class, tmp_path / "quiet")
    with gradebook(kind, slow_class) as root, cluster(tmp_path) as (address, _, (victim, other)):
        run = start(root, "--cluster", address)
        until(lambda: done(root) >= 1)
        children = descendants(victim)
        assert children, "it was marking"
        victim.send_signal(signal.SIGKILL)
        said, _ = run.communicate(timeout=300)
        assert run.returncode == 0, said
        assert contents(root) == quiet
        assert "at a time on tcp://127.0.0.1" in said
        assert "sandbox: " in said
        see_end(children)
        assert other.poll() is None


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_one_line_and_the_next_run_goes_on(slow_class, tmp_path):
    quiet = quiet_copy(slow_class, tmp_path / "quiet")
    with cluster(tmp_path) as (address, scheduler, _):
        run = start(slow_class, "--cluster", address)
        until(lambda: done(slow_class) >= 2)
        scheduler.send_signal(signal.SIGKILL)
        said, _ = run.communicate(timeout=300)
    assert run.returncode == 1
    lines = [line for line in said.splitlines() if "grading ps01_toy" not in line and line.strip()]
    assert [line[:40] for line in lines[1:]] == ["course: the cluster has gone away (its s"], said
    assert done(slow_class) < 6
    assert "another run" not in finish(slow_class)
    assert contents(slow_class) == quiet


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "tcp://127.0.0.1", "smoke://127.0.0.1:1", ""])
def test_an_address_where_no_scheduler_is_is_named_with_what_to_start(address):
    with pytest.raises(GraderError, match=r"no scheduler answers at .*start one with `dask scheduler`") as refused:
        Cluster(address, patience=0.5)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.slow
def test_a_cluster_without_workers_or_with_workers_that_cannot_build_walls_is_refused(tmp_path):
    with cluster(tmp_path, workers=0) as (address, _, _), pytest.raises(GraderError, match="no worker: start `dask worker"):
        Cluster(address, patience=1)
    (tmp_path / "scheduler.json").unlink()

    def refuse():  # in here, it goes to the workers by value
        raise GraderError("no walls at all")

    with cluster(tmp_path, workers=1) as (address, _, _), Cluster(address) as joined:
        assert joined.size() == 1
        with pytest.raises(GraderError, match="cannot mark: no walls at all"):
            joined.check(SimpleNamespace(check=refuse))
        assert joined.check(SandboxRunner())[0].startswith("sandbox: ")


class Job(SimpleNamespace):
    student, seed = "ada", 0

    def load(self):
        return Work("ada", "", {}, {}, [], 0)


class Slow:
    """A runner that counts how many submissions wait for it or are with it."""

    def __init__(self):
        self.go = threading.Semaphore(0)

    def check(self):
        return "no walls"

    def grade(self, work):
        self.go.acquire()
        return Graded(work.student)


class Counted(ThreadPoolExecutor):
    def __init__(self):
        super().__init__(max_workers=2)
        self.futures = []

    def submit(self, *arguments):
        future = super().submit(*arguments)
        self.futures.append(weakref.ref(future))
        return future


def test_no_more_is_in_flight_than_twice_what_is_marked_at_a_time_and_what_is_through_is_forgotten():
    runner, seen, size = Slow(), [], [2]
    with Counted() as pool:
        results = Crew(pool, runner, lambda: size[0], lambda work: None).mark(Job() for _ in range(20))
        runner.go.release()
        next(results)
        assert len(pool.futures) == 5, "four, and one for the first that came back"
        for number in range(1, 18):
            runner.go.release()
            next(results)
            gc.collect()
            seen.append(sum(future() is not None for future in pool.futures))
            size[0] = 3 if number > 8 else 2  # a machine more
        assert max(seen[:8]) == 5, "four in flight, and the one that is being recorded"
        assert max(seen) == 7
        runner.go.release(2)
        list(results)
    assert len(pool.futures) == 20


