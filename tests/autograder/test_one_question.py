"""A mended test is graded again for the class: that question's marks by machine change, and nothing else does."""

import json
import os
import random
import secrets
import shutil
import signal
import time

import nbformat
import pytest

from autograder.errors import BuildError, GraderError
from autograder.fingerprint import Fingerprint, fingerprint
from autograder.gradebook import open_gradebook
from autograder.grading import grade, plan
from autograder.question import aim
from autograder.release import release
from autograder.restore import grade_id_of
from autograder.root import Root

from .conftest import MODEL, NAME, SETS
from .runs import contents, descendants, finish, see_end, start
from .test_cli import refused, run

OTHER_HALF = "float(halve(7) == 3)", "float(halve(7) == 3.5)"  # ada has 1 of 2 then, and bob 2
OTHER_SQUARE = '"three squared is nine"', '"three squared is nine, and no other number"'
HALF = MODEL | {"halve": "def halve(x):\n    return x / 2"}


def release_again(root, folder, *changes):
    """Release the toy set with some of its text replaced."""
    source = shutil.copytree(SETS / NAME, folder / NAME, dirs_exist_ok=True)
    text = (SETS / NAME / f"{NAME}.py").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (source / f"{NAME}.py").write_text(text)
    return release(source, root)


@pytest.fixture
def mend(root, tmp_path):
    return lambda *changes: release_again(root, tmp_path / "mended", *changes)


@pytest.fixture(scope="module")
def once(released, toy, tmp_path_factory):
    """A course directory in which ada and bob are graded."""
    root = Root.open(shutil.copytree(released, tmp_path_factory.mktemp("once") / "course"))
    for student, answers in {"ada": MODEL, "bob": HALF}.items():
        folder = root.folder("submitted", student, NAME)
        folder.mkdir(parents=True)
        (folder / f"{NAME}.ipynb").write_text(json.dumps(toy(**answers)))
    grade_all(root)
    return root


@pytest.fixture
def root(once, tmp_path):
    return Root.open(shutil.copytree(once.path, tmp_path / "course"))


def grade_all(root, **options):
    todo = plan(root, "ps01", **options)
    done = list(grade(root, todo, workers=1))
    assert [graded.error for graded in done] == [None] * len(todo.jobs)
    return sorted(graded.student for graded in done)


def notebook(root, student):
    return nbformat.read(root.folder("autograded", student, NAME) / f"{NAME}.ipynb", as_version=4)


def write(root, student, changed):
    nbformat.write(changed, root.folder("autograded", student, NAME) / f"{NAME}.ipynb")


def others(root, student):
    """Give all cells of a student's autograded notebook but the mended test."""
    return [cell for cell in notebook(root, student).cells if grade_id_of(cell) != "test_halve"]


def scores(root, student):
    with open_gradebook(root) as book:
        grades = book.find_submission_notebook(NAME, NAME, student).grades
        return {grade.name: grade.auto_score for grade in grades}


def give(root, student, cell, *, both=False, **fields):
    """Change what the gradebook holds of one cell; with ``both`` the stamp's score too, as if a grading had given it."""
    with open_gradebook(root) as book:
        mark = book.find_grade(cell, NAME, NAME, student)
        for name, value in fields.items():
            setattr(mark, name, value)
        book.db.commit()
    if both:
        changed = notebook(root, student)
        changed.metadata["autograder"]["scores"][cell] = fields["auto_score"]
        write(root, student, changed)


def test_a_mended_test_changes_its_own_marks_and_nothing_is_left_to_do(root, mend):
    give(root, "ada", "test_square", both=True, auto_score=1.5)  # which no run would give
    before = {student: others(root, student) for student in ("ada", "bob")}
    mend(OTHER_HALF)
    assert grade_all(root, questions=["halve"]) == ["ada", "bob"]
    assert scores(root, "ada") == {"test_square": 1.5, "test_halve": 1, "written_why": None}
    assert scores(root, "bob") == {"test_square": 4, "test_halve": 2, "written_why": None}
    assert {student: others(root, student) for student in ("ada", "bob")} == before
    mended = next(cell for cell in notebook(root, "bob").cells if grade_id_of(cell) == "test_halve")
    assert OTHER_HALF[1] in mended.source
    assert mended.outputs[-1]["data"]["text/plain"] == "2.0"
    assert notebook(root, "bob").metadata["autograder"]["scores"] == scores(root, "bob")
    assert plan(root, "ps01", questions=["halve"]).jobs == []
    assert plan(root, "ps01").jobs == []


def test_marks_and_comments_given_by_hand_stay_for_that_question_too(root, mend):
    give(root, "bob", "written_why", manual_score=2.5, needs_manual_grade=False)
    give(root, "bob", "test_square", manual_score=3.0, needs_manual_grade=False)
    give(root, "bob", "test_halve", manual_score=0.5, extra_credit=0.25, needs_manual_grade=False)
    with open_gradebook(root) as book:
        book.find_comment("halve", NAME, NAME, "bob").manual_comment = "A float is no integer."
        book.db.commit()
    mend(OTHER_HALF)
    grade_all(root, questions=["halve"], students=["bob"])
    with open_gradebook(root) as book:
        marks = {g.name: g for g in book.find_submission_notebook(NAME, NAME, "bob").grades}
        assert {name: mark.manual_score for name, mark in marks.items()} == {
            "written_why": 2.5,
            "test_square": 3.0,
            "test_halve": 0.5,
        }
        assert (marks["test_halve"].auto_score, marks["test_halve"].extra_credit) == (2, 0.25)
        flagged = {name for name, mark in marks.items() if mark.needs_manual_grade}
        assert flagged == {"test_halve"}, "that one deserves another look, the others do not"
        assert book.find_comment("halve", NAME, NAME, "bob").manual_comment == "A float is no integer."
    assert scores(root, "ada")["test_halve"] == 2, "ada was not asked for"


def test_where_another_test_has_changed_too_it_is_named_and_left_for_the_next_whole_grading(root, mend):
    mend(OTHER_HALF, OTHER_SQUARE)
    assert plan(root, "ps01", questions=["halve"]).changed_too == {"test_square"}
    said = run("grade", "ps01", "--question", "halve", "--workers", 1, "--root", root.path, status=0).stdout
    assert "changed too, and not graded again: test_square; `course grade ps01_toy` grades all questions" in said
    assert OTHER_SQUARE[1] not in str(others(root, "ada"))
    assert plan(root, "ps01", questions=["halve"]).jobs == []
    assert grade_all(root) == ["ada", "bob"]
    assert OTHER_SQUARE[1] in str(others(root, "ada"))
    assert scores(root, "bob")["test_halve"] == 2


def test_one_question_after_another_ends_with_nothing_left_to_do(root, mend):
    mend(OTHER_HALF, OTHER_SQUARE)
    grade_all(root, questions=["halve"])
    grade_all(root, questions=["square"])
    assert plan(root, "ps01").jobs == []


def test_a_test_that_is_as_it_was_again_is_graded_again(root, mend):
    mend(OTHER_HALF)
    grade_all(root, questions=["halve"])
    mend()
    assert [job.student for job in plan(root, "ps01").jobs] == ["ada", "bob"]
    grade_all(root, questions=["halve"])
    assert scores(root, "ada")["test_halve"] == 2


def test_what_is_not_graded_or_has_changed_is_left_alone_and_named(root, mend, toy, hand_in):
    hand_in("bob", toy(**MODEL))
    hand_in("eve", toy(**MODEL))
    mend(OTHER_HALF)
    done = run("grade", "ps01", "--question", "halve", "--workers", 1, "--root", root.path, status=1)
    assert "bob is left alone: the submission has changed since it was graded" in done.stdout
    assert "eve is left alone: the submission is not graded yet" in done.stdout
    assert done.stderr.splitlines()[-1] == "course: left alone: 2; run `course grade ps01_toy`, which grades them whole"
    assert scores(root, "ada")["test_halve"] == 1
    assert scores(root, "bob")["test_halve"] == 1, "as it was"
    assert not root.folder("autograded", "eve", NAME).exists()
    assert grade_all(root) == ["bob", "eve"]


def test_a_changed_set_up_is_more_than_a_question(root, mend):
    mend(OTHER_HALF, ("LIMIT = 10", "LIMIT = 11"))
    todo = plan(root, "ps01", questions=["halve"])
    assert (todo.jobs, sorted(todo.left_alone)) == ([], ["ada", "bob"])


@pytest.mark.parametrize("name", ["halve", "test_halve", "HALVE"])
def test_a_question_is_named_by_its_function_or_its_test(root, name):
    assert plan(root, "ps01", questions=[name]).questions == {(NAME, "test_halve")}
    assert len(plan(root, "ps01", questions=[name, "square"]).questions) == 2


@pytest.mark.parametrize("name", ["third", "written_why", "setup", ""])
def test_a_name_that_is_no_question_gets_a_line_with_those_that_there_are(root, name):
    line = refused("grade", "ps01", "--question", name, "--root", root.path)
    assert line == f"course: {name!r} is no question that tests mark: there is square, halve"


def test_a_question_draws_from_the_seed_of_its_submission_and_another_seed_stands_beside_it(root):
    seed = notebook(root, "ada").metadata["autograder"]["seed"]
    grade_all(root, questions=["halve"], force=True)
    stamp = notebook(root, "ada").metadata["autograder"]
    assert (stamp["seed"], "seeds" in stamp) == (seed, False)
    asked = ("--question", "halve", "--student", "ada", "--seed", 5, "--workers", 1, "--root", root.path)
    assert "seed of ada" not in run("grade", "ps01", *asked, status=0).stdout
    stamp = notebook(root, "ada").metadata["autograder"]
    assert (stamp["seed"], stamp["seeds"]) == (seed, {"test_halve": 5})
    assert "seeds" not in notebook(root, "bob").metadata["autograder"]
    assert plan(root, "ps01").jobs == []
    grade_all(root, questions=["square"], force=True)
    assert notebook(root, "ada").metadata["autograder"]["seeds"] == {"test_halve": 5}


def test_a_late_penalty_follows_the_new_marks(root, mend):
    rule = "from nbgrader.plugins import BasePlugin\n\nclass Half(BasePlugin):\n"
    rule += "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n        return score / 2\n"
    (root.path / "half_rule.py").write_text(rule)
    config = root.path / "nbgrader_config.py"
    config.write_text(config.read_text() + "\nc.AssignLatePenalties.plugin_class = 'half_rule.Half'\n")
    (root.folder("submitted", "bob", NAME) / "timestamp.txt").write_text("2027-01-16 12:00 UTC")
    with open_gradebook(root) as book:
        book.update_or_create_assignment(NAME, duedate="2027-01-15 12:00 UTC")
    root = Root.open(root.path)
    grade_all(root)
    assert penalty(root) == 2.5
    mend(OTHER_HALF)
    grade_all(root, questions=["halve"])
    assert penalty(root) == 3


def penalty(root):
    with open_gradebook(root) as book:
        return book.find_submission(NAME, "bob").late_submission_penalty


def test_a_dry_run_and_json_name_the_question_and_what_is_left(root, mend, toy, hand_in):
    hand_in("eve", toy(**MODEL))
    mend(OTHER_HALF)
    asked = ("grade", "ps01", "--question", "halve", "--workers", 1, "--root", root.path)
    before = contents(root), notebook(root, "ada")
    told = json.loads(run(*asked, "--dry-run", "--json", status=0).stdout)
    beside = {"questions": ["test_halve"], "left_alone": {"eve": "is not graded yet"}, "changed_too": []}
    assert told == {"dry_run": True, "assignment": NAME, "to_grade": ["ada", "bob"]} | beside
    said = run(*asked, "--dry-run", status=0).stdout
    assert said.startswith("would grade test_halve of 2 of 3 submissions of ps01_toy: ada, bob\neve is left alone")
    assert (contents(root), notebook(root, "ada")) == before
    told = json.loads(run(*asked, "--json", status=1).stdout)
    assert told["graded"] == ["ada", "bob"]
    assert {name: told[name] for name in beside} == beside
    assert "questions" not in json.loads(run("grade", "ps01", "--dry-run", "--json", "--root", root.path, status=0).stdout)


def test_a_kill_between_gradebook_and_notebook_leaves_the_question_to_be_graded_again(root, mend):
    mend(OTHER_HALF)
    before = notebook(root, "bob")
    grade_all(root, questions=["halve"])
    quiet = contents(root), notebook(root, "bob").cells
    write(root, "bob", before)
    assert grade_all(root, questions=["halve"]) == ["bob"]
    assert (contents(root), notebook(root, "bob").cells) == quiet


@pytest.mark.slow
def test_runs_killed_at_twelve_moments_end_like_a_quiet_one(root, mend, tmp_path):
    mend(OTHER_HALF)
    quiet = Root.open(shutil.copytree(root.path, tmp_path / "quiet"))
    began = time.monotonic()
    finish(quiet, "--question", "halve")
    length, seed = time.monotonic() - began, secrets.randbits(32)
    moments = random.Random(seed)
    for again in [(), ("--again",)] * 6:
        process = start(root, "--question", "halve", *again)
        time.sleep(moments.uniform(0.3, 1) * length)
        started = descendants(process)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        see_end(started)
    finish(root, "--question", "halve")
    assert contents(root) == contents(quiet), f"seed {seed}"
    for student in ("ada", "bob"):
        assert notebook(root, student).cells == notebook(quiet, student).cells, f"seed {seed}"
    assert plan(root, "ps01").jobs == []
    assert not list((root.path / "journal" / NAME).glob("*"))


def test_of_two_notebooks_one_may_have_been_written_before_a_kill(tmp_path):
    now = Fingerprint("r", {"one": {"a": "new", "b": "1"}, "two": {"a": "new", "b": "new"}})
    old = {"one": {"tests": {"a": "old", "b": "1"}}, "two": {"tests": {"a": "old", "b": "old"}}}
    questions = frozenset({("one", "a"), ("two", "a")})
    target = aim(now, old, questions)
    assert target.tests == {"one": {"a": "new", "b": "1"}, "two": {"a": "new", "b": "old"}}
    assert aim(now, old | {"one": target.stamps["one"]}, questions) == target
    assert target.whole != now.whole


def test_cells_that_come_or_go_after_hand_ins_are_refused_with_what_to_do(root, mend):
    before = contents(root)
    with pytest.raises(BuildError, match="put back every cell that was there, under its old grade_id") as refusal:
        mend(('"grade_id": "test_halve"', '"grade_id": "test_halving"'))
    assert len(str(refusal.value).splitlines()) == 1
    assert contents(root) == before
    cell = (SETS / NAME / f"{NAME}.py").read_text().partition("test_points = ")[2].partition("\n\n# %%")[0]
    mend((f"test_points = {cell}", "pass"), ('"points": 2', '"points": 0'))  # as the refusal advises
    grade_all(root, questions=["halve"])
    assert scores(root, "ada")["test_halve"] == 0
    assert plan(root, "ps01").jobs == []
    with open_gradebook(root) as book:
        assert book.find_submission(NAME, "ada").max_score == 7


def test_every_cell_of_the_instructors_is_in_the_hashes_once(root, mend):
    """A change of any cell changes either its own hash, or that of the rest."""

    def prints():
        (job, _) = plan(root, "ps01", force=True).jobs
        return fingerprint(job.folder, job.files, job.originals)

    first = prints()
    mend(OTHER_HALF)
    second = prints()
    assert (first.rest, first.tests[NAME]["test_square"]) == (second.rest, second.tests[NAME]["test_square"])
    assert first.tests[NAME]["test_halve"] != second.tests[NAME]["test_halve"]
    assert set(first.tests[NAME]) == {"test_square", "test_halve"}
    mend(("Why does `halve`", "Why did `halve`"), ("LIMIT = 10", "LIMIT = 12"))
    assert prints().rest != first.rest
    assert prints().tests == first.tests


def test_a_question_of_an_assignment_that_nobody_has_handed_in_is_refused(released, tmp_path):
    root = Root.open(shutil.copytree(released, tmp_path / "empty"))
    with pytest.raises(GraderError, match="nobody has submitted"):
        plan(root, "ps01", questions=["halve"])
