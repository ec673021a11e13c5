"""A gradebook on PostgreSQL: the same marks, also when two graders write at once or the server goes away for a while."""

import shutil
import subprocess
import sys
import threading

import pytest

from autograder.errors import GraderError
from autograder.gradebook import one_transaction, open_gradebook
from autograder.grading import grade, plan
from autograder.release import release
from autograder.results import read_results
from autograder.root import Root

from . import postgresql
from .conftest import MODEL, NAME, SETS
from .runs import Marker, contents, done, finish, start

STUDENTS = [f"student{number:02d}" for number in range(12)]

# One of two graders: it marks without running anything, and says whom it has marked.
GRADER = """
import sys
from pathlib import Path
from autograder.grading import grade, plan
from autograder.root import Root
from tests.autograder.runs import Marker

root, again = Root.open(Path(sys.argv[1])), sys.argv[2] == "again"
todo = plan(root, "ps01", force=again)
print("ready", flush=True)
sys.stdin.readline()
print(*(graded.student for graded in grade(root, todo, runner=Marker(0.3)) if not graded.error))
"""


@pytest.fixture(scope="module")
def server():
    with postgresql.running() as running:
        yield running


def place(root, url):
    """Let a course directory have its gradebook elsewhere."""
    config = root.path / "nbgrader_config.py"
    lines = [line for line in config.read_text().splitlines(True) if "db_url" not in line]
    config.write_text("".join([*lines, f"c.CourseDirectory.db_url = {url!r}\n"]))
    return Root.open(root.path)


@pytest.fixture(scope="module")
def template(server, released, tmp_path_factory):
    """A database in which the toy set is released."""
    shutil.copytree(released, folder := tmp_path_factory.mktemp("template") / "course")
    release(SETS / "ps01_toy", place(Root.open(folder), server.url("template")))
    return "template"


@pytest.fixture
def on_postgresql(server, template, root, request):
    """Put the course's gradebook on the server, the toy set released in it."""
    (root.path / "gradebook.db").unlink()
    return place(root, server.url(f"gradebook{abs(hash(request.node.name))}", like=template))


@pytest.fixture
def whole_class(on_postgresql, toy, hand_in):
    for student in STUDENTS:
        hand_in(student, toy(**MODEL))
    return on_postgresql


def two_graders(root, *options):
    """Run two graders at once, each begun when both have planned; give whom each has marked."""
    command, pipes = [sys.executable, "-c", GRADER, root.path], dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    both = [subprocess.Popen([*command, option], text=True, **pipes) for option in options]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    outcomes = []
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in both:
        said, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        outcomes.append(said.split())
    return outcomes


def test_two_graders_at_once_share_the_class_and_lose_and_double_no_mark(whole_class):
    first, second = two_graders(whole_class, "new", "new")
    assert sorted(first + second) == STUDENTS, "each student by one of them"
    assert first, "both had work"
    assert second, "both had work"
    marks, rows = contents(whole_class)
    assert rows["submitted_assignment"] == rows["student"] == len(STUDENTS)
    assert rows["grade"] == len(marks) == 3 * len(STUDENTS)
    assert [mark[2] for mark in marks if mark[1] == "test_square"] == [4.0] * len(STUDENTS)
    assert plan(whole_class, "ps01").jobs == []
    assert not list((whole_class.path / "journal" / NAME).iterdir())


@pytest.mark.slow
def test_two_graders_at_once_that_grade_everything_again_leave_what_one_would(whole_class):
    list(grade(whole_class, plan(whole_class, "ps01"), runner=Marker()))
    before = contents(whole_class)
    assert [len(marked) for marked in two_graders(whole_class, "again", "again")] == [12, 12]
    assert contents(whole_class) == before
    assert plan(whole_class, "ps01").jobs == []


def test_a_server_that_goes_away_for_a_while_costs_no_mark(whole_class, server):
    todo = plan(whole_class, "ps01")
    away = threading.Event()

    class Stopping(Marker):
        def grade(self, work):
            if work.student == STUDENTS[4]:
                server.stop()
                threading.Timer(2, lambda: (server.start(), away.set())).start()
            return super().grade(work)

    try:
        outcomes = list(grade(whole_class, todo, runner=Stopping(), workers=1))
    finally:
        assert away.wait(60)
    assert sorted(graded.student for graded in outcomes) == STUDENTS
    assert [graded.error for graded in outcomes] == [None] * len(STUDENTS)
    assert len(contents(whole_class)[0]) == 3 * len(STUDENTS)
    assert plan(whole_class, "ps01").jobs == []


def test_what_the_gradebook_would_never_take_is_an_error_of_that_student_only(whole_class, toy, hand_in):
    long = "x" * 130  # PostgreSQL keeps 128 characters of a name; SQLite any number
    hand_in(long, toy())
    outcomes = {graded.student: graded.error for graded in grade(whole_class, plan(whole_class, "ps01"), runner=Marker())}
    assert "too long" in outcomes.pop(long)
    assert set(outcomes.values()) == {None}
    results = read_results(whole_class, "ps01")
    assert [student.student for student in results.students] == STUDENTS
    assert [job.student for job in plan(whole_class, "ps01").jobs] == [long]


def add_and_break_off(gradebook):
    with one_transaction(gradebook):
        gradebook.add_student("ada")
        raise KeyboardInterrupt


def test_a_transaction_that_is_broken_off_leaves_no_row(on_postgresql):
    with open_gradebook(on_postgresql) as gradebook:
        with pytest.raises(KeyboardInterrupt):
            add_and_break_off(gradebook)
        assert gradebook.students == []


@pytest.mark.slow
def test_a_gradebook_that_many_make_at_once_is_made_once(server, root):
    root, outcomes = place(root, server.url("made_at_once")), []

    def make():
        with open_gradebook(Root.open(root.path)) as gradebook:
            outcomes.append(gradebook.course_id)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["course"] * 3


def test_what_is_wrong_with_the_server_is_one_line_without_its_password(server, root):
    def refusal(url):
        with pytest.raises(GraderError) as refused, open_gradebook(place(root, url)):
            pass
        assert len(str(refused.value).splitlines()) == 1
        assert "secret" not in str(refused.value)
        return str(refused.value)

    assert "see that its server runs" in refusal("postgresql+psycopg://grader:secret@/gradebook?host=/nowhere")
    assert "does not exist" in refusal(f"postgresql+psycopg://grader:secret@/no_such?host={server.folder}")
    assert "our extra 'department'" in refusal("postgresql+asyncpg://grader:secret@/gradebook")
    assert "cannot be used" in refusal("no address at all")


@pytest.mark.slow
def test_two_commands_at_once_give_the_marks_of_a_quiet_run(whole_class, toy, hand_in, tmp_path, released):
    for student in STUDENTS[::2]:
        hand_in(student, toy(halve="def halve(x):\n    return x / 2"))
    shutil.copytree(whole_class.path, tmp_path / "copy")
    shutil.copy(released / "gradebook.db", tmp_path / "copy")
    alone = place(Root.open(tmp_path / "copy"), f"sqlite:///{tmp_path}/copy/gradebook.db")
    finish(alone)
    quiet = contents(alone)
    both = [start(whole_class, "--workers", 1) for _ in range(2)]
    said = [process.communicate(timeout=600)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert contents(whole_class) == quiet
    assert done(whole_class) == len(STUDENTS)
    assert any("another run graded" in each for each in said)

