"""A run that is killed, at any moment, and run again ends like one that was not; and nothing of it stays behind."""

import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from autograder.engine import SandboxRunner
from autograder.grading import grade, plan

from .conftest import MODEL
from .runs import alive, contents, descendants, done, finish, quiet_copy, see_end, start, until, workers

HALF = {"halve": "def halve(x):\n    return x / 2", "written_why": "Dunno."}
ENDLESS = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"


@pytest.fixture
def class_of_five(toy, hand_in, root):
    for number, student in enumerate(["ada", "bob", "cai", "dea", "eli"]):
        hand_in(student, toy(**MODEL) if number % 2 else toy(**HALF))
    return root


@pytest.fixture
def two_endless(toy, hand_in, root):
    for student in ("ada", "bob"):
        hand_in(student, toy(**MODEL | {"square": ENDLESS}))
    return root


def kill_later(root, after, *options):
    """Start a run, kill it so long after it has begun to mark; give all that it had started."""
    process = start(root, *options)
    assert process.stdout.readline().startswith("sandbox: ")
    time.sleep(after)
    started = descendants(process)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    return started


def test_a_run_killed_between_two_submissions_ends_with_the_same_gradebook(class_of_five, tmp_path):
    process = start(class_of_five)
    until(lambda: done(class_of_five) >= 1 or process.poll() is not None)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    quiet = quiet_copy(class_of_five, tmp_path / "quiet")
    finish(class_of_five)
    assert contents(class_of_five) == quiet


@pytest.mark.slow
def test_runs_killed_at_twenty_moments_end_with_the_same_gradebook_and_leave_no_process(class_of_five, tmp_path):
    began = time.monotonic()
    quiet = quiet_copy(class_of_five, tmp_path / "quiet")
    length, seed = time.monotonic() - began, secrets.randbits(32)
    moments = random.Random(seed)
    for _ in range(20):
        see_end(kill_later(class_of_five, moments.uniform(0, length), "--again"))
    finish(class_of_five)
    assert contents(class_of_five) == quiet, f"seed {seed}"
    assert not list((class_of_five.path / "journal" / "ps01_toy").glob("*"))


def test_a_kill_leaves_no_process_behind(two_endless):
    process = start(two_endless)
    until(lambda: len(_sessions(process)) >= 2)
    started = descendants(process)
    assert len(started) >= 8, "two workers, each with an examiner, a zygote and a session"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    see_end(started)


def test_ctrl_c_stops_at_once_whatever_runs_and_leaves_no_process_behind(two_endless):
    process = start(two_endless)
    until(lambda: len(_sessions(process)) >= 2)
    started = descendants(process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    said, _ = process.communicate(timeout=20)  # of the thirty seconds that a cell may take
    assert process.returncode == 130
    assert said.strip().splitlines()[-1].startswith("course: stopped; what was finished is kept")
    assert "Traceback" not in said
    see_end(started)


def _sessions(process):
    """Give the processes in which a student's code has run for half a second: nothing else of a run is so busy."""
    everything = descendants(process)
    return [p for p in everything if alive(p) and _is_inner(p, everything) and _seconds(p) > 0.5]


def _is_inner(folder, everything):
    """Tell whether a process has a process namespace in one of another."""
    try:
        line = next(line for line in (folder / "status").read_text().splitlines() if line.startswith("NSpid:"))
    except (OSError, StopIteration):
        return False
    return len(line.split()) > 3


def _seconds(folder):
    try:
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_is_followed_by_another_and_no_mark_is_lost(class_of_five, toy, hand_in):
    for student in ("ada", "bob"):
        hand_in(student, toy(**MODEL | {"square": "import time\ntime.sleep(3)\n" + MODEL["square"]}))
    process = start(class_of_five, "--seed", "1")
    until(lambda: _busy(process) >= 2)
    victim = workers(process)[0]
    before = set(descendants(process))
    os.kill(victim, signal.SIGKILL)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said
    see_end(before)
    marks, _ = contents(class_of_five)
    assert [mark[2] for mark in marks if mark[0] == "ada"] == [2.0, 4.0, None]
    assert len({mark[0] for mark in marks}) == 5
    assert plan(class_of_five, "ps01").jobs == []


def _busy(process):
    """Count the workers that have an examiner at work: a fork of theirs, with the same command line."""
    found = [each for each in descendants(process) if b"autograder.worker" in _command(each)]
    return len(found) - len(workers(process))


def _command(folder):
    try:
        return (folder / "cmdline").read_bytes()
    except OSError:
        return b""


def test_what_a_submission_is_known_by_is_the_same_in_every_run():
    code = (
        "from pathlib import Path; from autograder.fingerprint import fingerprint\n"
        "from autograder.restore import Original, Script\n"
        "names = frozenset(f'name{k}' for k in range(20))\n"
        "print(fingerprint(Path('/nowhere'), Path('/nowhere'), [Original('ps', {}, [], Script({}, names, {}))]).whole)"
    )
    seeds = [os.environ | {"PYTHONHASHSEED": seed} for seed in "12"]
    first, second = (subprocess.check_output([sys.executable, "-c", code], env=environment) for environment in seeds)
    assert first == second != b""


class Deadly(SandboxRunner):
    """While it marks `ada`, every worker of this process is killed."""

    def grade(self, work):
        over = threading.Event()
        killer = threading.Thread(target=_kill_workers, args=(over,))
        if work.student == "ada":
            killer.start()
        try:
            return super().grade(work)
        finally:
            over.set()
            if work.student == "ada":
                killer.join()


def _kill_workers(over):
    while not over.wait(0.2):
        for number in workers(SimpleNamespace(pid=os.getpid())):
            os.kill(number, signal.SIGKILL)


def test_a_submission_that_kills_its_worker_twice_is_an_error_of_that_student_only(root, toy, hand_in):
    for student in ("ada", "bob"):
        hand_in(student, toy(**MODEL))
    outcomes = {graded.student: graded.error for graded in grade(root, plan(root, "ps01"), workers=1, runner=Deadly())}
    assert outcomes["ada"].startswith("its worker died twice")
    assert outcomes["bob"] is None
    assert [job.student for job in plan(root, "ps01").jobs] == ["ada"], "ada has no mark, and is graded by the next run"
