"""Feedback in a zip: each page reaches the student whose it is, by the platform's own names, and no other."""

import csv
import io
import json
import os
import shutil
import zipfile

import pytest

from autograder.errors import GraderError, InputError
from autograder.gradebook import open_gradebook
from autograder.lms import pack_feedback
from autograder.lms.addresses import canvas_prefixes, moodle_folders
from autograder.lms.roster import Person
from autograder.root import Root

from .conftest import NAME
from .importers import canvas_reupload, moodle_feedback
from .test_cli import refused, run

CLASS = {
    "ada": ("Ada", "Lovelace", "ada@example.org", "101"),
    "bob": ("Bob", "O'Neil", "bob@example.org", "102"),
    "zoë": ("Zoë", "Åström", "zoe@example.org", ""),
    "Ada": ("", "", "", ""),
    "idle": ("Idle", "Jones", "idle@example.org", "107"),
}


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """A course directory in which four of five students have an autograded notebook."""
    root = Root.open(shutil.copytree(released, tmp_path_factory.mktemp("returns") / "course"))
    with open_gradebook(root) as book:
        for student, (first, last, email, number) in CLASS.items():
            book.add_student(student, first_name=first, last_name=last, email=email, lms_user_id=number)
            if student != "idle":
                with book.db.no_autoflush:
                    book.update_or_create_submission(NAME, student)
                folder = root.folder("autograded", student, NAME)
                folder.mkdir(parents=True)
                shutil.copy2(root.folder("release", ".", NAME) / f"{NAME}.ipynb", folder)
        book.db.commit()
    return root


def zipped(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return path


def pages(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


CANVAS = [
    "lovelaceada_101_9001_ps01.ipynb",
    "oneilbob_LATE_102_9002_ps01_20260301.ipynb",
    "oneilbob_LATE_102_9003_notes.txt",
    "zoë_103_9004_ps01.ipynb",
    "stranger_999_9005_ps01.ipynb",
    "anon_x1Y2z_9006_ps01.ipynb",
    "__MACOSX/._lovelaceada_101_9001_ps01.ipynb",
]
OWNERS = {"9001": "101", "9002": "102", "9003": "102", "9004": "103", "9005": "999"}


def test_canvas_puts_each_page_beside_the_file_it_answers_to(graded, tmp_path):
    packed = pack_feedback(graded, "ps01", "canvas", like=zipped(tmp_path / "submissions.zip", CANVAS))
    content = packed.path.read_bytes()
    comments, ignored = canvas_reupload(content, OWNERS)
    assert not ignored
    assert set(comments) == {"101", "102", "103"}
    text = pages(content)
    for number, student in {"101": "ada", "102": "bob", "103": "zoë"}.items():
        (name,) = comments[number]
        assert f"feedback for {student}<" in text[name]
        assert name.endswith("-feedback.html")
    assert packed.students == ["ada", "bob", "zoë"]
    assert any("left out" in note and note.endswith(": Ada") for note in packed.notes)
    assert any("stranger_999" in note and "anon_x1Y2z" in note for note in packed.notes)


MOODLE = [
    "Ada Lovelace_501_assignsubmission_file/ps01.ipynb",
    "Ada Lovelace_501_assignsubmission_onlinetext/onlinetext.html",
    "Bob O'Neil_502_assignsubmission_file_/ps01.ipynb",
    "Zoë Åström_503_assignsubmission_file_ps01.ipynb",
    "Some Body_599_assignsubmission_file/ps01.ipynb",
]


def test_moodle_puts_each_page_to_its_participant(graded, tmp_path):
    packed = pack_feedback(graded, "ps01", "moodle", like=zipped(tmp_path / "moodle.zip", MOODLE))
    content = packed.path.read_bytes()
    files, ignored = moodle_feedback(content, {"501", "502", "503", "599"})
    assert not ignored
    assert files == {number: [f"/{NAME}-feedback.html"] for number in ("501", "502", "503")}
    for name, text in pages(content).items():
        student = {"501": "ada", "502": "bob", "503": "zoë"}[name.split("_")[1]]
        assert f"feedback for {student}<" in text


def test_moodles_grading_worksheet_does_where_nobody_downloaded_submissions(graded, tmp_path):
    rows = [["Identifier", "Full name", "Email address", "Status", "Grade"]]
    rows += [["Participant 7", "A. Lovelace", "ada@example.org", "", ""], ["Participant 8", "Bob O'Neil", "", "", ""]]
    rows += [["Participant 9", "Else, Some_body/..", "else@example.org", "", ""]]
    with (tmp_path / "grades.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    packed = pack_feedback(graded, "ps01", "moodle", like=tmp_path / "grades.csv")
    files, ignored = moodle_feedback(packed.path.read_bytes(), {"7", "8", "9"})
    assert set(files) == {"7", "8"}
    assert not ignored
    assert packed.students == ["ada", "bob"]


def test_a_plain_zip_has_a_folder_for_each_student_that_every_system_can_unpack(graded):
    packed = pack_feedback(graded, "ps01", "plain")
    text = pages(packed.path.read_bytes())
    folders = [name.split("/")[0] for name in text]
    assert len({folder.casefold() for folder in folders}) == 4
    assert sorted(packed.students) == sorted(["ada", "bob", "zoë", "Ada"])
    assert not packed.notes


def test_two_people_who_look_like_one_student_get_nothing(tmp_path):
    people = [Person("ada", "Ada", "Lovelace"), Person("bob", "Bob", "O'Neil")]
    names = ["Ada Lovelace_1_assignsubmission_file/a", "Ada Lovelace_2_assignsubmission_file/a"]
    found, strangers = moodle_folders(zipped(tmp_path / "m.zip", [*names, "Bob O'Neil_3_assignsubmission_file/a"]), people)
    assert found == {"bob": "Bob O'Neil_3_assignsubmission_file"}
    assert len(strangers) == 2
    names = ["ada_1_11_a.ipynb", "ada_2_12_a.ipynb", "bob_3_13_a.ipynb"]
    assert canvas_prefixes(zipped(tmp_path / "c.zip", names), people)[0] == {"bob": "bob_3_13_"}


def test_one_name_of_two_students_decides_nothing(tmp_path):
    people = [Person("a", "Ada", "Lovelace"), Person("b", "Ada", "Lovelace"), Person("c", "Cy", "D")]
    origin = zipped(tmp_path / "m.zip", ["Ada Lovelace_1_assignsubmission_file/a", "Cy D_2_assignsubmission_file/a"])
    assert moodle_folders(origin, people)[0] == {"c": "Cy D_2_assignsubmission_file"}


def test_a_known_number_goes_before_the_name(tmp_path):
    people = [Person("lovelaceada", lms_user_id="77"), Person("x", lms_user_id="101")]
    found, _ = canvas_prefixes(zipped(tmp_path / "c.zip", ["lovelaceada_101_1_a.ipynb"]), people)
    assert found == {"x": "lovelaceada_101_1_"}


@pytest.mark.parametrize("place", ["canvas", "moodle"])
def test_names_are_never_guessed(graded, tmp_path, place):
    with pytest.raises(InputError, match="--like"):
        pack_feedback(graded, "ps01", place)
    with pytest.raises(InputError, match="has no file that"):
        pack_feedback(graded, "ps01", place, like=zipped(tmp_path / "other.zip", ["ada.ipynb"]))
    (tmp_path / "broken.zip").write_text("no zip")
    with pytest.raises(InputError, match="is not a zip"):
        pack_feedback(graded, "ps01", place, like=tmp_path / "broken.zip")


def test_the_same_pages_give_the_same_bytes_and_a_dry_run_none(graded, tmp_path):
    first = pack_feedback(graded, "ps01", "plain", tmp_path / "a.zip")
    again = pack_feedback(graded, "ps01", "plain", tmp_path / "b.zip")
    assert first.path.read_bytes() == again.path.read_bytes()
    dry = pack_feedback(graded, "ps01", "plain", tmp_path / "c.zip", dry=True)
    assert dry.students == first.students
    assert not dry.path.exists()


def test_a_write_that_fails_leaves_the_old_zip_whole(graded, tmp_path, monkeypatch):
    path = pack_feedback(graded, "ps01", "plain", tmp_path / "a.zip").path
    before = path.read_bytes()

    def full(source, target, replace=os.replace):
        if target == path:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr("autograder.files.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        pack_feedback(graded, "ps01", "plain", path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.zip"]


def test_only_the_students_asked_for_are_packed(graded, tmp_path):
    assert pack_feedback(graded, "ps01", "plain", tmp_path / "a.zip", students=["bob"]).students == ["bob"]
    with pytest.raises(GraderError, match="idle"):
        pack_feedback(graded, "ps01", "plain", tmp_path / "b.zip", students=["idle"])


PLATFORMS = {"canvas": CANVAS, "moodle": MOODLE}


@pytest.mark.parametrize("place", PLATFORMS)
def test_the_command_packs_the_zip_and_names_who_is_left_out(graded, tmp_path, place):
    like = zipped(tmp_path / "submissions.zip", PLATFORMS[place])
    expected = pack_feedback(graded, "ps01", place, tmp_path / "expected.zip", like=like)
    path = tmp_path / "feedback.zip"
    asked = ("feedback", "ps01", "--zip", place, "--like", like, "--to", path, "--root", graded.path)
    *notes, last = run(*asked, status=0).stdout.splitlines()
    assert path.read_bytes() == expected.path.read_bytes()
    assert notes == [f"  {note}" for note in expected.notes]
    assert any("left out" in note for note in notes)
    assert any("fits nobody" in note for note in notes)
    assert last == f"packed the feedback for 3 students in {path}"


def test_the_command_tells_a_script_and_a_dry_run_writes_no_page_and_no_zip(graded, tmp_path):
    root = Root.open(shutil.copytree(graded.path, tmp_path / "course"))
    shutil.rmtree(root.path / "feedback", ignore_errors=True)
    path = root.path / "feedback" / f"{NAME}-plain.zip"
    asked = ("feedback", "ps01", "--zip", "plain", "--student", "bob", "--student", "ada", "--json", "--root", root.path)
    answer = {"assignment": NAME, "students": ["ada", "bob"], "notes": [], "path": str(path)}
    assert json.loads(run(*asked, "--dry-run", status=0).stdout) == {"dry_run": True} | answer
    assert not (root.path / "feedback").exists()
    assert json.loads(run(*asked, status=0).stdout) == {"dry_run": False} | answer
    assert set(pages(path.read_bytes())) == {f"{folder}/{NAME}-feedback.html" for folder in ("ada-2", "bob")}  # Ada has ada


def worksheet(path, *rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Identifier", "Full name", "Email address"], *rows])
    return path


def test_the_command_takes_moodles_worksheet(graded, tmp_path):
    like = worksheet(tmp_path / "grades.csv", ["Participant 7", "A. L.", "ada@example.org"])
    path = tmp_path / "out.zip"
    run("feedback", "ps01", "--zip", "moodle", "--like", like, "--to", path, "--root", graded.path, status=0)
    assert set(moodle_feedback(path.read_bytes(), {"7"})[0]) == {"7"}


def no_worksheet(folder):
    (folder / "grades.csv").write_bytes(b"\xff\xfe\x00broken\r\n")
    return folder / "grades.csv"


def other_columns(folder):
    (folder / "grades.csv").write_text("name,points\nada,3\n")
    return folder / "grades.csv"


def another_class(folder):
    return worksheet(folder / "grades.csv", ["Participant 7", "Some Body", "some@example.org"])


def no_zip(folder):
    (folder / "submissions.zip").write_text("no zip")
    return folder / "submissions.zip"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (no_worksheet, "cannot be read as Moodle's grading worksheet"),
        (other_columns, "has no file that Moodle has named after one of our students"),
        (another_class, "but 1 of students whom the gradebook does not know"),
        (no_zip, "is not a zip that can be read"),
    ],
)
def test_a_file_that_does_not_say_who_is_who_is_refused_in_one_line_and_nothing_is_written(graded, tmp_path, make, why):
    asked = ("feedback", "ps01", "--zip", "moodle", "--like", make(tmp_path), "--to", tmp_path / "out.zip")
    assert why in refused(*asked, "--root", graded.path)
    assert run(*asked, "--root", graded.path).returncode == 2
    assert not (tmp_path / "out.zip").exists()


def test_the_command_asks_for_what_the_platform_gave_and_for_a_student_who_is_graded(graded, tmp_path):
    assert "--like" in refused("feedback", "ps01", "--zip", "canvas", "--root", graded.path)
    at = ("--to", tmp_path / "out.zip", "--root", graded.path)
    assert "idle" in refused("feedback", "ps01", "--zip", "plain", "--student", "idle", *at)
    assert run("feedback", "ps01", "--zip", "plain", "--student", "idle", *at).returncode == 1
    for options in (
        ["--to", tmp_path / "out.zip"],
        ["--like", tmp_path],
        ["--zip", "canvas", "--like", tmp_path / "nowhere"],
    ):
        done = run("feedback", "ps01", *options, "--root", graded.path, status=2)
        assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert not list(tmp_path.iterdir())
