"""A class is graded: every submission ends with the mark it deserves, whatever was handed in."""

import os

import nbformat
import pytest

from autograder.errors import GraderError
from autograder.gradebook import open_gradebook
from autograder.grading import grade, plan
from autograder.results import read_results
from autograder.runner import KernelRunner

from .conftest import MODEL


def points(root, student):
    results = read_results(root, "ps01_toy")
    items = next(s for s in results.students if s.student == student).items
    return {item.grade_id: item.points for item in items}


def grade_all(root, **options):
    done = list(grade(root, plan(root, "ps01", **options), runner=KernelRunner(timeout=4)))
    assert [g.error for g in done] == [None] * len(done)
    return done


def find(notebook, name):
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


@pytest.fixture
def graded_class(root, toy, hand_in):
    """Twelve ways to hand in, graded in one run."""
    hand_in("model", toy(**MODEL))
    hand_in("untouched", toy())
    hand_in("half", toy(square=MODEL["square"]))
    hand_in("partial", toy(halve="def halve(x):\n    return x / 2"))
    hand_in("syntax", toy(**MODEL | {"square": "def square(x) return x"}))
    hand_in("endless", toy(**MODEL | {"square": "def square(x):\n    while True: pass"}))
    hand_in("stubborn", toy(**MODEL | {"square": STUBBORN}))
    hand_in("killer", toy(**MODEL | {"square": "import os\ndef square(x):\n    os._exit(1)"}))
    hand_in("leaver", toy(**MODEL | {"halve": MODEL["halve"] + "\nexit()"}))
    hand_in("flood", toy(**MODEL | {"halve": MODEL["halve"] + "\nfor i in range(200_000): print('x' * 80)"}))
    hand_in("warner", toy(**MODEL | {"square": "def square(x):\n    warnings.warn('a warning')\n    return x * x"}))
    hand_in("negative", toy(**MODEL | {"halve": "class halve:\n    def __init__(s, x): pass\n" + NEGATIVE}))

    hand_in("huge", toy(**MODEL | {"halve": "def halve(x):\n    return 0\nfloat = lambda x: 'x' * 6_000_000"}))

    deleted = toy(**MODEL)
    deleted.cells = [c for c in deleted.cells if "test_square" not in c.id and c.id != "setup"]
    hand_in("deleted", deleted)
    edited = toy(halve=MODEL["halve"], square="def square(x):\n    return 9")
    find(edited, "test_square").source = "pass"
    find(edited, "test_square").metadata.nbgrader.update(grade=False, points=100)
    hand_in("edited", edited)
    copied = toy(**MODEL)
    copied.cells += [nbformat.from_dict(find(copied, name)) for name in ("square", "test_square")]
    hand_in("copied", copied)
    tagged = toy()
    for cell in tagged.cells:
        cell.metadata["tags"] = ["skip-execution"]
    hand_in("tagged", tagged)
    hand_in("renamed", toy(**MODEL), "my homework (1).ipynb")
    hand_in("essay", "Dear professor,", "essay.docx")
    hand_in("text", "Dear professor,")
    hand_in("empty", "")
    grade_all(root)
    return root


STUBBORN = "def square(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
NEGATIVE = "    def __eq__(s, o): return s\n    def __float__(s): return float('nan')"


def test_every_submission_ends_with_the_mark_it_deserves(graded_class):
    full = {"test_square": 4, "test_halve": 2, "written_why": None}
    expected = {
        "model": full,
        "untouched": {"test_square": 0, "test_halve": 0, "written_why": 0},
        "half": {"test_square": 4, "test_halve": 0, "written_why": 0},
        "partial": {"test_square": 0, "test_halve": 1, "written_why": 0},
        "syntax": full | {"test_square": 0},
        "endless": full | {"test_square": 0},
        "stubborn": full | {"test_square": 0},
        "killer": full | {"test_square": 0},
        "leaver": full,
        "flood": full,
        "warner": full,
        "negative": full | {"test_halve": 0},
        "huge": full | {"test_halve": 0},
        "deleted": full,
        "edited": {"test_square": 0, "test_halve": 2, "written_why": 0},
        "copied": full,
        "tagged": {"test_square": 0, "test_halve": 0, "written_why": 0},
        "renamed": full,
        "essay": {"test_square": 0, "test_halve": 0, "written_why": 0},
        "text": {"test_square": 0, "test_halve": 0, "written_why": 0},
        "empty": {"test_square": 0, "test_halve": 0, "written_why": 0},
    }
    assert {student: points(graded_class, student) for student in expected} == expected
    notes = {s.student: " ".join(s.notes) for s in read_results(graded_class, "ps01_toy").students}
    assert "missing" in notes["deleted"]
    assert "not as it was released" in notes["edited"]
    assert "more than once" in notes["copied"]
    assert "empty" in notes["empty"]
    assert "essay.docx" in notes["essay"]
    assert plan(graded_class, "ps01").jobs == [], "what is graded is not graded again"


def test_a_changed_submission_is_graded_again_and_a_mark_given_by_hand_stays(root, toy, hand_in):
    hand_in("ada", toy(written_why="It just does."))
    hand_in("bob", toy())
    grade_all(root)
    with open_gradebook(root) as gradebook:
        mark = gradebook.find_grade("written_why", "ps01_toy", "ps01_toy", "ada")
        mark.manual_score, mark.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    hand_in("ada", toy(**MODEL | {"written_why": "It just does."}))
    assert [graded.student for graded in grade_all(root)] == ["ada"]
    assert points(root, "ada") == {"test_square": 4, "test_halve": 2, "written_why": 2.5}


def test_an_unknown_assignment_or_student_is_refused_with_what_there_is(root, toy, hand_in):
    with pytest.raises(GraderError, match="there is ps01_toy"):
        plan(root, "ps99")
    with pytest.raises(GraderError, match="course collect"):
        plan(root, "ps01")
    hand_in("ada", toy())
    with pytest.raises(GraderError, match="by eve"):
        plan(root, "ps01", students=["eve"])


def test_a_crash_between_gradebook_and_notebook_leaves_a_submission_to_be_graded_again(root, toy, hand_in):
    hand_in("ada", toy(**MODEL))
    grade_all(root)
    (root.folder("autograded", "ada", "ps01_toy") / "ps01_toy.ipynb").unlink()
    assert [job.student for job in plan(root, "ps01").jobs] == ["ada"]
    grade_all(root)
    with open_gradebook(root) as gradebook:
        gradebook.find_grade("test_square", "ps01_toy", "ps01_toy", "ada").auto_score = 0
        gradebook.db.commit()
    assert [job.student for job in plan(root, "ps01").jobs] == ["ada"], "the gradebook must hold the notebook's scores"


def test_what_lies_beside_the_notebook_is_copied_if_it_is_a_file_and_never_followed(root, toy, hand_in, tmp_path):
    (tmp_path / "secret.txt").write_text("the instructor's")
    answer = (
        "import pathlib\ndef halve(x):\n    return x // 2 if pathlib.Path('data/mine.txt').read_text() == 'mine' else None"
    )
    folder = hand_in("ada", toy(**MODEL | {"halve": answer}))
    (folder / "data").mkdir()
    (folder / "data" / "mine.txt").write_text("mine")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "folder").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "data.csv").mkdir()
    (folder / "data.csv" / "x.txt").write_text("a folder where the instructor has a file")
    grade_all(root)
    assert points(root, "ada") == {"test_square": 4, "test_halve": 2, "written_why": None}
    autograded = root.folder("autograded", "ada", "ps01_toy")
    assert (autograded / "data" / "mine.txt").is_file()
    assert not (autograded / "link.txt").exists()
    assert not (autograded / "folder").exists()
    assert plan(root, "ps01").jobs == []


def test_no_result_shown_and_a_forged_verdict_cost_nobody_else_anything(root, toy, hand_in):
    bogus = "from IPython.display import display\n" + MODEL["square"]
    bogus += "\ndisplay({'application/vnd.autograder.verdict+json': {'misconception': 'x', 'name': [1]}}, raw=True)"
    hand_in("ada", toy(**MODEL | {"square": bogus.replace("return", "display(None); return")}))
    hand_in("bob", toy())
    grade_all(root)
    assert points(root, "ada")["test_square"] == 4
    (root.folder("autograded", "bob", "ps01_toy") / "ps01_toy.ipynb").write_text("broken")
    assert points(root, "bob")["test_square"] == 0
    assert [job.student for job in plan(root, "ps01").jobs] == ["bob"]


def test_a_corrected_file_of_the_instructors_is_a_reason_to_grade_again(root, toy, hand_in):
    hand_in("ada", toy(**MODEL))
    grade_all(root)
    (root.folder("source", ".", "ps01_toy") / "data.csv").write_text("3,4\n")
    assert [job.student for job in plan(root, "ps01").jobs] == ["ada"]
