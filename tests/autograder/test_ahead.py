"""While nbgrader's command writes a submission down, the next is marked; a guess at it that is wrong changes no mark."""

import json
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import ahead
from autograder.gradebook import open_gradebook
from autograder.grading import plan
from autograder.preprocessors import AUTOGRADE, SANITIZE

from .conftest import MODEL, NAME

NBGRADERS_OWN = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
RIGHT, WRONG = "def square(x):\n    return x * x", "def square(x):\n    return x + x"


@pytest.fixture
def work(root, toy, hand_in):
    """Make a student's work of what is handed in."""

    def make(notebook, **files):
        folder = hand_in("student", notebook)
        for name, content in files.items():
            (folder / name).write_text(content)
        (job,) = plan(root, NAME, force=True).jobs
        return job.load()

    return make


def test_work_is_alike_whatever_its_seed(work, toy):
    assert work(toy(**MODEL)).seed != work(toy(**MODEL)).seed
    assert ahead.alike(work(toy(**MODEL)), work(toy(**MODEL)))


def test_work_is_alike_when_only_the_instructors_cells_differ_since_they_are_put_back(work, toy):
    vandalised = toy(**MODEL)
    for cell in vandalised.cells:
        if cell.metadata.get("nbgrader", {}).get("locked"):
            cell.source = "pass"
    assert ahead.alike(work(toy(**MODEL)), work(vandalised))


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[-1].metadata.update(nbgrader={}),
        lambda cells: cells.append(cells[0] | {"source": "one more"}),
        lambda cells: cells.reverse(),
    ],
    ids=["role", "cell", "order"],
)
def test_work_is_not_alike_when_its_own_cells_differ(work, toy, change):
    other = toy(**MODEL)
    own = [cell for cell in other.cells if not cell.metadata.get("nbgrader", {}).get("locked")]
    change(own)
    other.cells = [cell for cell in other.cells if cell.metadata.get("nbgrader", {}).get("locked")] + own
    assert not ahead.alike(work(toy(**MODEL)), work(other))


def test_work_is_not_alike_when_an_answer_a_file_the_student_or_a_test_differs(work, toy):
    one = work(toy(**MODEL))
    assert not ahead.alike(one, work(toy(**MODEL | {"square": WRONG})))
    assert not ahead.alike(one, replace(one, student="another"))
    assert not ahead.alike(one, replace(one, originals=[replace(one.originals[0], roles=one.originals[0].roles[:-1])]))
    assert not ahead.alike(one, work("no notebook"))
    raw = work(" " * 50_000_001 + json.dumps(toy(**MODEL)))
    assert not ahead.alike(raw, raw), "a notebook that is too large is no notebook"
    assert not ahead.alike(one, work(toy(**MODEL), **{"mine.csv": "1, 2"}))


@pytest.fixture
def nbgrader(root):
    """Run nbgrader's own command on the class, with our preprocessors; give its log and each student's score."""

    def run(force=False, exclude="", fails=False):
        config = Config({"Autograde": {"autograde_preprocessors": AUTOGRADE, "sanitize_preprocessors": SANITIZE}})
        api = NbGraderAPI(CourseDirectory(root=str(root.path), student_id_exclude=exclude, config=config), config=config)
        done = api.autograde(NAME, "*", force=force)
        assert done["success"] == (not fails), done
        with open_gradebook(root) as gradebook:
            return done["log"], {s.student_id: s.score for s in gradebook.find_assignment(NAME).submissions}

    return run


@NBGRADERS_OWN
def test_nbgraders_command_takes_what_was_marked_ahead(nbgrader, toy, hand_in, monkeypatch):
    for number, square in enumerate([RIGHT, WRONG, RIGHT, WRONG]):
        hand_in(f"s{number}", toy(square=square))
    begun, taken = [], []
    start = ahead.SandboxRunner.start
    monkeypatch.setattr(ahead.SandboxRunner, "start", lambda self, work: begun.append(work.student) or start(self, work))
    alike = ahead.alike
    monkeypatch.setattr(ahead, "alike", lambda *works: taken.append(alike(*works)) or taken[-1])

    _, first = nbgrader()
    assert (begun, taken) == (["s0", "s1", "s2", "s3"], [True] * 3), "each is marked once"
    assert first["s0"] == first["s2"] > first["s1"] == first["s3"]

    hand_in("s9", toy(square=RIGHT))
    hand_in("s10", toy(square=WRONG))
    begun.clear()
    _, later = nbgrader()
    assert begun == ["s10", "s9"], "what is graded already is not marked again"
    assert later == first | {"s9": first["s0"], "s10": first["s1"]}

    begun.clear()
    assert nbgrader(force=True, exclude="s1,s3")[1] == later
    assert begun == ["s0", "s10", "s2", "s9"], "unless the instructor asks for it"


@NBGRADERS_OWN
def test_a_wrong_guess_and_a_dead_worker_change_no_mark(nbgrader, toy, hand_in, monkeypatch):
    hand_ins = {"s0": RIGHT, "s1": WRONG, "s2": RIGHT, "s3": WRONG}
    for student, square in hand_ins.items():
        hand_in(student, toy(square=square))
    following = ahead._following

    def mistaken(work, *rest):
        guess = following(work, *rest)
        if guess and guess.student == "s1":
            return replace(guess, submission=work.submission)
        return guess

    monkeypatch.setattr(ahead, "_following", mistaken)
    start = ahead.SandboxRunner.start

    def fatal(self, work):
        marking = start(self, work)
        if work.student == "s2":
            marking._worker.process.kill()
        return marking

    monkeypatch.setattr(ahead.SandboxRunner, "start", fatal)
    _, found = nbgrader()
    assert found["s0"] == found["s2"] > found["s1"] == found["s3"]


@NBGRADERS_OWN
def test_a_student_who_hands_in_too_much_costs_the_one_before_nothing(nbgrader, toy, hand_in):
    hand_in("s0", toy(square=RIGHT))
    folder = hand_in("s1", toy(square=RIGHT))
    hand_in("s2", toy(square=RIGHT))
    with open(folder / "data.bin", "wb") as file:
        file.truncate(200_000_000)
    log, found = nbgrader(fails=True)
    assert "for student 's1'" in log
    assert "more than 100 MB" in log
    assert found["s0"] == found["s2"] > 0


@NBGRADERS_OWN
def test_a_copied_cell_ends_nbgraders_command_for_nobody(nbgrader, toy, hand_in):
    copied = toy(square=RIGHT)
    answer = next(cell for cell in copied.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "square")
    copied.cells.append(new_code_cell(RIGHT, metadata=answer.metadata, id="copied"))
    for student, notebook in {"s0": toy(square=RIGHT), "s1": copied, "s2": toy(square=RIGHT)}.items():
        hand_in(student, notebook)
    _, found = nbgrader()
    assert found["s0"] == found["s2"] > 0
    assert "s1" in found
