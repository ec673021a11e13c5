"""The command `course`: what goes wrong is one line that says what to do, and help is there at once."""

import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import MODEL, SETS

COURSE = Path(sys.executable).parent / "course"


def run(*arguments, cwd=None, status=None):
    done = subprocess.run([COURSE, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    if status is not None:
        assert done.returncode == status, done.stdout + done.stderr
    return done


def refused(*arguments, cwd=None) -> str:
    done = run(*arguments, cwd=cwd)
    assert done.returncode not in {0, -6, -11}, done.stdout
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("course: ")
    return lines[0]


def test_the_whole_way_from_release_to_report(root, toy, hand_in, tmp_path):
    run("release", "ps01", "--solutions", SETS, "--root", root.path, "--to", tmp_path / "out", status=0)
    assert (tmp_path / "out" / "ps01_toy" / "ps01_toy.ipynb").is_file()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    import nbformat

    for student, notebook in {"ada": toy(**MODEL), "bob": toy()}.items():
        nbformat.write(notebook, inbox / f"{student}_ps01.ipynb")
    assert "2 new" in run("collect", "ps01", inbox, "--root", root.path, status=0).stdout
    assert "2 unchanged" in run("collect", "ps01", inbox, "--root", root.path, status=0).stdout
    assert "ada" in run("grade", "ps01", "--root", root.path, status=0).stdout
    run("feedback", "ps01", "--root", root.path, status=0)
    run("export", "ps01", "--root", root.path, "--to", tmp_path / "marks.csv", status=0)
    run("report", "ps01", "--root", root.path, "--to", tmp_path / "report.html", status=0)
    assert len(list(root.path.glob("feedback/*/ps01_toy/ps01_toy.html"))) == 2
    assert (tmp_path / "marks.csv").read_text().count("\n") == 3
    assert "<html" in (tmp_path / "report.html").read_text()


def test_bad_input_gets_one_line_that_says_what_to_do(root, tmp_path):
    at = ("--root", root.path)
    assert "there is ps01_toy" in refused("grade", "ps77", *at)
    assert "course collect" in refused("grade", "ps01", *at)
    assert "run `course grade" in refused("feedback", "ps01", *at)
    assert "run `course release`" in refused("grade", "ps01", "--root", tmp_path / "nowhere")
    assert "there is nothing at" in refused("collect", "ps01", tmp_path / "missing", *at)
    assert "there is ps01_toy" in refused("release", "ps99", "--solutions", SETS, *at)
    assert "say with --solutions" in refused("release", "ps01", "--solutions", tmp_path / "no", *at)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no file" in refused("collect", "ps01", empty, *at)
    (tmp_path / "not.zip").write_text("not a zip")
    assert "not a zip" in refused("collect", "ps01", tmp_path / "not.zip", *at)


def test_a_gradebook_that_is_not_ours_is_refused_and_left_alone(root):
    config = root.path / "nbgrader_config.py"
    config.write_text(config.read_text().replace("'course'", "'another'"))
    before = (root.path / "gradebook.db").read_bytes()
    assert "another course" in refused("grade", "ps01", "--root", root.path)
    assert (root.path / "gradebook.db").read_bytes() == before
    (root.path / "gradebook.db").write_text("Dear gradebook,")
    assert "cannot be read as a gradebook" in refused("report", "ps01", "--root", root.path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount")
def test_a_read_only_disk_is_named(root, toy, hand_in):
    hand_in("ada", toy(**MODEL))
    mounted = subprocess.run(["mount", "--bind", root.path, root.path], capture_output=True, check=False).returncode == 0
    if not mounted:
        pytest.skip("this machine lets nobody mount")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", root.path], check=True, capture_output=True)
        for command in (["grade", "ps01"], ["release", "ps01", "--solutions", SETS]):
            assert "read-only" in refused(*command, "--root", root.path).lower()
    finally:
        subprocess.run(["umount", root.path], check=True)


@pytest.mark.skipif(shutil.which("mount") is None, reason="needs mount")
def test_a_full_disk_is_named_and_the_run_goes_on_when_there_is_room(root, toy, hand_in, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        hand_in("ada", toy(**MODEL))
        shutil.copytree(root.path, disk / "course")
        with open(disk / "filler", "wb") as filler:
            filler.write(b"0" * (shutil.disk_usage(disk).free - 4096))
        line = refused("grade", "ps01", "--root", disk / "course")
        assert "no space" in line.lower() or "full" in line.lower()
        (disk / "filler").unlink()
        assert "ada" in run("grade", "ps01", "--root", disk / "course", status=0).stdout
    finally:
        subprocess.run(["umount", disk], check=True)


COMMANDS = "start check submit release collect grade feedback export report similarity".split()


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_loads_nothing_heavy(command):
    code = "import sys, atexit; from autograder.cli import main\n"
    code += "atexit.register(lambda: print(*sorted({name.partition('.')[0] for name in sys.modules})))\nmain()"
    done = subprocess.run([sys.executable, "-c", code, *command, "--help"], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "click" in loaded
    assert not loaded & {"numpy", "nbgrader", "nbformat", "sqlalchemy", "matplotlib", "rich", "jinja2", "IPython", "course"}


def test_every_command_shows_an_example():
    for command in COMMANDS:
        said = " ".join(run(command, "--help", status=0).stdout.split())
        assert f"Example: course {command}" in said
        assert "--json" in said


def test_every_help_answers_within_a_third_of_a_second_of_cpu_beyond_starting_python():
    def cpu(code, *arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code, *arguments, "--help"], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    start = min(cpu("pass") for _ in range(3))
    for command in COMMANDS:
        assert min(cpu("from autograder.cli import main; main()", command) for _ in range(3)) - start < 0.3, command


def test_a_command_starts_without_a_grammar_that_takes_longer_to_compile_than_all_else_to_load(root):
    code = (
        "import atexit, sys; from autograder.cli import main\n"
        "atexit.register(lambda: print(*(name in sys.modules for name in ('nbgrader', 'nbformat', 'lark'))))\n"
        f"sys.argv[1:] = ['grade', 'ps01', '--root', {str(root.path)!r}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "nobody has submitted" in done.stderr
    assert done.stdout == "True True False\n"
