"""What a session offers to honest code, and how it begins and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from autograder.sandbox import FilesRefused, Sandbox, SandboxError, Walls

from .conftest import PACKAGES, Student, processes_with, soon

HOSTILE = b"raise SystemExit('the submission replaced a module')"


def test_a_session_finds_its_files_in_its_working_directory(join):
    student = join({"notes.txt": b"hello", "data/points.csv": b"1,2"})
    assert student("open('notes.txt').read() + open('data/points.csv').read()") == "'hello1,2'"


def test_a_session_may_write_beside_its_files(student):
    student("open('result.txt', 'w').write('x'); import os; os.makedirs('a/b')")
    assert student("sorted(os.listdir('.'))") == "['a', 'result.txt']"


def test_its_home_and_its_temporary_files_are_its_own(student):
    student("import os, tempfile; open(os.path.expanduser('~/note'), 'w').close(); tempfile.NamedTemporaryFile()")


def test_a_helper_module_beside_the_notebook_can_be_imported(join):
    assert join({"helper.py": b"value = 3"})("__import__('helper').value") == "3"


@pytest.mark.parametrize(
    "name",
    ["numpy.py", "random.py", "json.py", "talker.py", "sitecustomize.py", "usercustomize.py", "ipykernel_launcher.py",
     "x.pth", ".ipython/profile_default/startup/0.py", "autograder/session/student.py", "matplotlibrc", "pyvenv.cfg"],
)  # fmt: skip
def test_a_file_with_a_name_that_python_looks_for_harms_nobody(name, join, bystander):
    student = join({name: HOSTILE})
    assert student("__import__('numpy').arange(3).sum() + __import__('random').randint(3, 3)") in {"6", "np.int64(6)"}
    assert join({}).alive()


def test_threads_and_asyncio_work(student):
    student("import threading; t = threading.Thread(target=lambda: None); t.start(); t.join()")
    student("import asyncio; asyncio.run(asyncio.sleep(0.001)); asyncio.run(asyncio.to_thread(sum, [1]))")


def test_environment_variables_are_the_given_ones_and_none_of_the_graders(sandbox, monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "secret")
    with sandbox.open({}, environment={"NBGRADER_EXECUTION": "autograde"}) as process:
        student = Student(process)
        assert student("__import__('os').environ['NBGRADER_EXECUTION']") == "'autograde'"
        assert "GRADER_TOKEN" not in student("dict(__import__('os').environ)")


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others(join):
    draw = "(__import__('random').random(), __import__('numpy').random.rand(), list({'a', 'b', 'c', 'd'}))"
    first, again, other = (join({}, seed=seed)(draw) for seed in (5, 5, 6))
    assert first == again != other


def test_an_interrupt_is_a_keyboard_interrupt_in_the_main_thread(student):
    student("import threading, time\nthreading.Thread(target=time.sleep, args=(30,), daemon=True).start()")
    student.tell("while True: pass")
    time.sleep(0.3)
    student.process.interrupt()
    assert student.hear()[0] == "KeyboardInterrupt"
    assert student.alive()


def test_the_status_tells_how_a_session_ended(join):
    left, crashed = join(), join()
    left.ask("import os; os._exit(3)")
    crashed.ask("import ctypes; ctypes.string_at(0)")
    assert left.process.wait(5) == 3
    assert crashed.process.wait(5) == -signal.SIGSEGV


def test_waiting_for_a_session_that_goes_on_gives_none(student):
    assert student.process.wait(0.05) is None
    assert student.alive()


def test_killing_and_closing_twice_does_no_harm(sandbox):
    process = sandbox.open({})
    process.kill()
    process.kill()
    process.interrupt()
    process.close()
    process.close()


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"/etc/passwd": b""}, "leads out"),
        ({"../up": b""}, "leads out"),
        ({"a/../../up": b""}, "leads out"),
        ({"": b""}, "leads out"),
        ({"a\0b": b""}, "character"),
        ({"a\nb": b""}, "character"),
        ({"\ud800": b""}, "character"),
        ({"x" * 300: b""}, "too long"),
        ({"d/" * 50 + "x": b""}, "nested too deeply"),
        ({"big.bin": bytes(5 << 20)}, "5242880 bytes, more than 4194304"),
        ({f"{i}.bin": bytes(1 << 20) for i in range(9)}, "all together"),
        ({f"{i}": b"" for i in range(2000)}, "all together"),
        ({"a": b"", "a/b": b""}, "same name"),
        ({"a/b": b"", "a": b""}, "same name"),
    ],
)
def test_files_that_do_not_fit_are_refused_by_name(files, reason, sandbox):
    with pytest.raises(FilesRefused, match=reason):
        sandbox.open(files)


def test_names_that_people_give_are_taken(join):
    names = ["Übung 1 (final)\u202fneu.txt", "a\\b.txt", ".hidden", "données/π.csv"]
    assert join(dict.fromkeys(names, b"x"))("sum(len(f) for _, _, f in __import__('os').walk('.'))") == "4"


def test_a_zygote_that_is_killed_takes_its_sessions_with_it_and_is_followed_by_another(make_sandbox, sandbox):
    mortal = make_sandbox(sandbox.walls.kind)
    place = mortal._place
    with mortal.open({}) as process:
        mortal._zygote.kill()
        assert process.wait(10) == -9
        assert soon(lambda: Student(process).ask("1")[0] == "dead")
    with mortal.open({}) as process:
        assert Student(process).alive()
    mortal.close()
    assert not os.path.exists(place)


def test_closing_a_sandbox_leaves_no_process(sandbox, make_sandbox, tmp_path):
    (tmp_path / "unique").mkdir()
    mine = make_sandbox(sandbox.walls.kind, packages=[PACKAGES / "talker", tmp_path / "unique"], preload=["json"])
    with mine.open({}) as process:
        student = Student(process)
        assert student.alive()
        assert processes_with(str(tmp_path / "unique"))
        mine.close()
        assert soon(lambda: not processes_with(str(tmp_path / "unique")))
        assert student.ask("1")[0] == "dead"
    with pytest.raises(SandboxError, match="closed"):
        mine.open({})


def test_nothing_outlives_a_worker_that_is_killed(sandbox, tmp_path):
    (tmp_path / "unique").mkdir()
    code = f"""
        import time
        from pathlib import Path
        from autograder.sandbox import Sandbox, Walls
        packages = [Path({str(PACKAGES / "talker")!r}), Path({str(tmp_path / "unique")!r})]
        sandbox = Sandbox(packages=packages, preload=["json"], entry="talker:main", walls=Walls({sandbox.walls.kind!r}, ""))
        process = sandbox.open({{}})
        process.socket.sendall(b'"while True: pass"\\n')
        print("ready", flush=True)
        time.sleep(100)
    """
    worker = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"ready\n"
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert soon(lambda: not processes_with(str(tmp_path / "unique")))


def test_a_fork_of_the_worker_can_open_a_session(sandbox):
    sandbox.wait()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with sandbox.open({}) as process:
                status = 0 if Student(process).alive() else 2
        finally:
            os._exit(status)
    assert os.waitpid(pid, 0)[1] == 0
    with sandbox.open({}) as process:
        assert Student(process).alive()


def test_a_zygote_that_cannot_start_says_why(sandbox):
    with (
        Sandbox(preload=["no_such_module"], walls=sandbox.walls) as broken,
        pytest.raises(SandboxError, match="No module named 'no_such_module'"),
    ):
        broken.open({})


def test_a_preloaded_module_that_starts_a_thread_is_refused(sandbox, tmp_path):
    package = tmp_path / "busy"
    package.mkdir()
    start = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    (package / "__init__.py").write_text(start)
    with (
        Sandbox(preload=["busy"], packages=[package], walls=sandbox.walls) as broken,
        pytest.raises(SandboxError, match="starts a thread"),
    ):
        broken.open({})


def test_without_walls_a_session_works_the_same():
    with (
        Sandbox(packages=[PACKAGES / "talker"], preload=["json"], entry="talker:main", unsafe=True) as sandbox,
        sandbox.open({"a.txt": b"hi"}) as process,
    ):
        student = Student(process)
        assert student("open('a.txt').read()") == "'hi'"
        place = student("__import__('os').getcwd()").strip("'")
        process.close()
        assert not os.path.exists(place)
    assert isinstance(sandbox.walls, Walls)
