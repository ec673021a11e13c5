"""What a student's code may not do to anybody else, tried."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace

import pytest

from .attacks import ATTACKS
from .conftest import MIB, Student, soon

TEMPORARY = "/tmp", "/dev/shm"


@pytest.fixture
def outside(tmp_path):
    """A folder of somebody else's, with a secret in it, that stays as it was."""
    tmp_path.chmod(0o777)  # the walls keep a student out, not the modes
    secret = tmp_path / "gradebook.db"
    secret.write_text("every mark")
    secret.chmod(0o666)
    yield tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]
    assert secret.read_text() == "every mark"
    assert secret.stat().st_mode & 0o777 == 0o666


@pytest.fixture
def quota(sandbox):
    """Landlock alone limits the size of a file, but not that of all."""
    if sandbox.walls.kind == "landlock":
        pytest.skip("Landlock alone has no limit on all files together")


def refused(student, outside, code: str) -> bool:
    source = code.replace("SECRET", str(outside / "gradebook.db")).replace("FOLDER", str(outside))
    error, _ = student.ask(f"import os\n{source}")
    return error is not None


@pytest.mark.parametrize("name", ATTACKS)
def test_a_student_cannot(name, join, outside, bystander):
    assert refused(join(), outside, ATTACKS[name])


def test_a_child_of_a_student_that_forks_in_a_loop_is_never_born(student, bystander):
    for _ in range(50):
        assert student.ask("import os; os.fork()")[0] == "PermissionError"
    assert student.alive()


def test_too_many_threads_are_refused_and_end_with_the_session(student, bystander):
    error, text = student.ask(
        "import threading, time\n"
        "for _ in range(500): threading.Thread(target=time.sleep, args=(100,), daemon=True).start()"
    )
    assert (error, text) == ("RuntimeError", "can't start new thread")
    assert student("threading.active_count() < 20") == "True"
    student.process.kill()
    assert student.process.wait(5) == -9


def test_memory_beyond_the_limit_is_a_memory_error(student, bystander):
    assert student.ask("x = bytearray(500 << 20)")[0] == "MemoryError"
    assert student.alive()


def test_memory_taken_in_small_pieces_ends_in_a_memory_error_too(student, bystander):
    assert student.ask("x = []\nwhile True: x.append(bytes(1 << 20))")[0] in {"MemoryError", "dead"}


def test_a_file_beyond_the_limit_is_refused(student, bystander):
    assert student.ask("open('a', 'wb').write(bytes(5 << 20))")[0] == "OSError"
    assert student.alive()


@pytest.mark.usefixtures("quota")
def test_files_beyond_the_limit_of_all_together_are_refused(student, bystander):
    full = "for i in range(100): open(f'{i}', 'wb').write(bytes(1 << 20))"
    assert "No space left" in student.ask(full)[1]
    assert student.alive()


@pytest.mark.usefixtures("quota")
def test_a_million_files_are_refused(student, bystander):
    assert "No space left" in student.ask("for i in range(10**6): open(f'{i}', 'w').close()")[1]


@pytest.mark.usefixtures("quota")
def test_folders_nested_without_end_are_refused_and_go_with_the_session(student, bystander):
    assert student.ask("import os\nfor i in range(10**6):\n os.mkdir('d')\n os.chdir('d')")[0] == "OSError"


def test_a_loop_beyond_the_limit_on_cpu_time_is_killed(make_sandbox, sandbox, bystander):
    hurried = make_sandbox(sandbox.walls.kind, limits=replace(sandbox.limits, cpu_seconds=1))
    stubborn = "import signal; signal.signal(signal.SIGXCPU, lambda *_: None)\nwhile True: pass"
    with hurried.open({}) as process:
        assert Student(process).ask(stubborn)[0] == "dead"
        assert process.wait(5) == -9


def test_a_session_that_blocks_every_signal_is_killed_all_the_same(student, bystander):
    student("import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))")
    student.tell("while True: pass")
    student.process.kill()
    assert student.process.wait(5) == -9


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.closerange(0, 1000)",
        "import os; [os.dup2(os.open('x', os.O_CREAT | os.O_RDWR), fd) for fd in range(4, 20)]",
        "import ctypes; ctypes.string_at(0)",
        "import os; os.abort()",
        "import os; os._exit(3)",
        "import faulthandler; faulthandler._sigsegv()",
        "import sys; sys.setrecursionlimit(10**6); x = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
        "import threading; threading.Thread(target=lambda: [0 for _ in iter(int, 1)]).start(); import os; os._exit(0)",
    ],
)
def test_a_session_that_destroys_itself_harms_no_other(code, student, bystander):
    student.ask(code, seconds=10)
    student.process.kill()
    assert student.process.wait(5) is not None


def test_a_session_holds_no_descriptor_but_its_socket(student):
    student("import os\ndef is_open(fd):\n try: return bool(os.fstat(fd))\n except OSError: return False")
    assert student("sum(is_open(fd) for fd in range(3, 1000))") == "1"
    assert student("{os.fstat(fd).st_rdev for fd in range(3)} == {os.stat('/dev/null').st_rdev}") == "True"


def test_a_descriptor_that_a_session_sends_does_not_arrive(student, bystander):
    before = len(os.listdir("/proc/self/fd"))
    student.tell(
        "import os, socket, stat\n"
        "def is_open(fd):\n try: return bool(os.fstat(fd))\n except OSError: return False\n"
        "number = next(fd for fd in range(3, 99) if is_open(fd) and stat.S_ISSOCK(os.fstat(fd).st_mode))\n"
        "channel = socket.socket(fileno=os.dup(number))\n"
        "socket.send_fds(channel, [b'[null, \"sent\"]\\n'], [os.open('/dev/zero', os.O_RDONLY)])"
    )
    assert student.hear()[1] == "sent"
    assert len(os.listdir("/proc/self/fd")) == before


def test_two_sessions_share_no_files_and_no_abstract_sockets(join):
    one, other = join({"mine.txt": b"1"}), join({})
    assert other("import os; os.listdir('.')") or other("os.listdir('.')") == "[]"
    assert one("open('mine.txt').read()") == "'1'"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(b"\0somebody-else")
        listening.listen()
        assert one.ask("import socket; socket.socket(socket.AF_UNIX).connect(b'\\0somebody-else')")[0] == "PermissionError"


def test_nothing_of_a_session_is_left_on_the_disk(sandbox, outside):
    before = {place: set(os.listdir(place)) for place in TEMPORARY}
    with sandbox.open({"data.csv": b"1"}) as process:
        student = Student(process)
        student("import tempfile, os\nkeep = tempfile.mkdtemp(); os.makedirs('a/b/c'); open('a/b/c/d', 'w').write('x')")
        student.ask("os.chmod('a/b/c', 0)")
    after = {place: set(os.listdir(place)) for place in TEMPORARY}
    assert all(not any(name.startswith("session-") for name in after[place] - before[place]) for place in TEMPORARY)


def test_a_timer_that_a_session_sets_hits_only_itself(student, bystander):
    student("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.setitimer(signal.ITIMER_REAL, 0.05)")
    time.sleep(0.2)
    student.process.kill()
    assert student.process.wait(5) is not None


def test_memory_of_many_sessions_is_given_back(sandbox):
    with sandbox.open({}) as process:
        Student(process)("x = bytearray(100 << 20)")
    assert soon(lambda: _free() > 100 * MIB)


def _free() -> int:
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
