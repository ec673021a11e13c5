"""Marks for Canvas, Moodle and Gradescope: what each would record of our table is what the gradebook says, and no more."""

import csv
import json
import shutil
from datetime import datetime, timedelta

import pytest

from autograder.errors import InputError
from autograder.gradebook import open_gradebook
from autograder.lms import TOOLS, export_marks
from autograder.lms.canvas import canvas
from autograder.lms.moodle import moodle
from autograder.lms.roster import ClassMarks, Person, Standing
from autograder.results import Item, StudentResult
from autograder.root import Root

from .conftest import NAME
from .importers import RefusedError, canvas_import, gradescope_read, moodle_import, rows_of, spreadsheet_safe
from .test_cli import refused, run

DUE = datetime(2026, 3, 1, 12)
CLASS = {  # first name, last name, email, lms_user_id
    "ada": ("Ada", 'Lovelace, "Countess"', "ada@example.org", "101"),
    "bob": ("Bob", "O'Neil", "bob@example.org", "102"),
    "zoë": ("Zoë", "Åström-李", "zoe@example.org", "103"),
    "eve": ('=HYPERLINK("http://example.org")', "+1", "eve@example.org", "104"),
    "nobody": (None, None, None, None),
    "-dash": ("Dash", "", "=cmd@example.org", ""),
    "idle": ("Idle", "Jones", "idle@example.org", "107"),
}
SCORES = {"ada": (4, 3), "bob": (1 / 3, 3), "zoë": (4, None), "eve": (0, 0), "nobody": (2, 1), "-dash": (1, 1)}  # of 4 and 3


@pytest.fixture(scope="module")
def graded(released, tmp_path_factory):
    """A course directory in which six of seven students are graded: bob is late, and a part of zoë's waits."""
    root = Root.open(shutil.copytree(released, tmp_path_factory.mktemp("graded") / "course"))
    with open_gradebook(root) as book:
        book.update_or_create_assignment(NAME, duedate=DUE)
        for student, (first, last, email, number) in CLASS.items():
            book.add_student(student, first_name=first, last_name=last, email=email, lms_user_id=number)
        for student, (square, written) in SCORES.items():
            late = timedelta(hours=26, minutes=3, seconds=4) if student == "bob" else timedelta(0)
            with book.db.no_autoflush:
                book.update_or_create_submission(NAME, student, timestamp=DUE + late)
            _give(book, student, {"test_square": square, "test_halve": 2.0, "written_why": written})
        book.find_submission_notebook("ps01_toy", NAME, "bob").late_submission_penalty = 0.5
        book.db.commit()
    return root


def _give(book, student, scores):
    for cell, score in scores.items():
        grade = book.find_grade(cell, "ps01_toy", NAME, student)
        grade.auto_score, grade.needs_manual_grade = score, score is None


def table(root, tool, **choices):
    exported = export_marks(root, "ps01", tool, **choices)
    content = exported.path.read_bytes()
    assert spreadsheet_safe(content)
    return content, exported


PEOPLE = {
    "101": {"login": "ada", "name": 'Ada Lovelace, "Countess"', "sortable": 'Lovelace, "Countess", Ada'},
    "102": {"login": "bob", "name": "Bob O'Neil", "sortable": "O'Neil, Bob"},
    "103": {"login": "zoë", "name": "Zoë Åström-李", "sortable": "Åström-李, Zoë"},
    "104": {"login": "eve", "name": '=HYPERLINK("http://example.org") +1', "sortable": "x"},
    "105": {"login": "nobody", "name": "Nobody Known", "sortable": "Known, Nobody"},
    "106": {"login": "-dash", "name": "Dash", "sortable": "Dash"},
    "107": {"login": "idle", "name": "Idle Jones", "sortable": "Jones, Idle"},
}


def test_canvas_records_every_mark_under_the_right_student(graded):
    content, exported = table(graded, "canvas", column="Toys (4711)")
    found = canvas_import(content, PEOPLE, {"4711": "Toys", "12": "Other"})
    assert (found["assignments"], found["new"], found["unknown"]) == (["4711"], [], [])
    grades = {number: grade["4711"] for number, grade in found["grades"].items()}
    expected = {"101": "9", "102": "4.8333", "103": "", "104": "2", "105": "5", "106": "4", "107": ""}
    assert grades == expected
    assert exported.students == len(CLASS)


def test_canvas_is_told_the_points_of_the_assignment(graded):
    content, _ = table(graded, "canvas")
    found = canvas_import(content, PEOPLE, {"7": NAME})
    with open_gradebook(graded) as book:
        assert float(found["points"]["7"]) == book.find_assignment(NAME).max_score


def test_canvas_would_make_a_new_assignment_of_a_name_it_does_not_know(graded):
    content, _ = table(graded, "canvas")
    assert canvas_import(content, PEOPLE, {})["new"] == [NAME]


def test_canvas_cells_of_absent_and_waiting_students_are_as_asked(graded):
    content, _ = table(graded, "canvas", absent="excused", partial=True)
    grades = canvas_import(content, PEOPLE, {"7": NAME})["grades"]
    assert (grades["107"]["7"], grades["103"]["7"]) == ("EX", "6")
    content, _ = table(graded, "canvas", absent="zero")
    assert canvas_import(content, PEOPLE, {"7": NAME})["grades"]["107"]["7"] == "0"


def test_an_sis_id_that_is_no_number_stands_in_its_own_column():
    person = Person("ada", "Ada", "L", "", "S-0042")
    content = canvas(ClassMarks("ps", 1.0, [Standing(person)])).rows[2]
    assert content[1:4] == ["", "S-0042", "ada"]


@pytest.mark.parametrize("head", ["Final Score", "Unposted Current Grade", "Override Score (Fall)"])
def test_a_head_that_canvas_leaves_out_is_refused(head):
    with pytest.raises(InputError, match="one of its own sums"):
        canvas(ClassMarks("ps", 1.0, []), column=head)


@pytest.mark.parametrize(
    ("identify", "field", "expected"),
    [
        ("email", "email", {"101", "102", "103", "104", "107"}),
        ("idnumber", "idnumber", {"101", "102", "103", "104", "107"}),
        ("username", "username", {"101", "102", "103", "104", "105", "107"}),
    ],
)
def test_moodle_finds_everybody_who_is_in_the_file_and_the_others_are_named(graded, identify, field, expected):
    users = {
        number: {"email": CLASS[each["login"]][2], "idnumber": CLASS[each["login"]][3], "username": each["login"]}
        for number, each in PEOPLE.items()
    }
    content, exported = table(graded, "moodle", identify=identify)
    head = {"email": "Email address", "idnumber": "ID number", "username": "Username"}[identify]
    grades = moodle_import(content, users, head, field, [NAME])
    assert set(grades) == expected
    assert grades["102"][NAME] == 4.8333
    assert grades["103"][NAME] is None
    assert grades["107"][NAME] is None
    left_out = {PEOPLE[number]["login"] for number in set(PEOPLE) - expected}
    (note,) = [note for note in exported.notes if note.startswith("left out")]
    assert all(student in note for student in left_out)


def test_moodle_takes_a_column_for_each_exercise(graded):
    content, _ = table(graded, "moodle", items=True, column="Toys")
    users = {number: {"email": CLASS[each["login"]][2]} for number, each in PEOPLE.items()}
    items = [name for name in rows_of(content)[0] if name.startswith("Toys")]
    grades = moodle_import(content, users, "Email address", "email", items)
    assert len(items) == 4
    assert sorted(grades["101"].values()) == [2, 3, 4, 9]


def test_moodle_refuses_what_the_validator_says_it_refuses():
    users = {"1": {"email": "ada@example.org"}}
    for content in (b"Email address,x\r\nADA@example.org,1\r\n", b"Email address,x\r\nada@example.org,101\r\n"):
        with pytest.raises(RefusedError):
            moodle_import(content, users, "Email address", "email", ["x"])


def test_a_sum_above_what_moodle_takes_is_told():
    assert "Unlimited grades" in moodle(ClassMarks("ps", 120.0, [])).notes[0]


def test_gradescope_tables_tell_state_time_and_lateness(graded):
    content, exported = table(graded, "gradescope")
    found = gradescope_read(content)
    states = {key: each["Status"] for key, each in found.items()}
    assert states == dict.fromkeys(["101", "102", "104", "nobody", ""], "Graded") | {"103": "Ungraded", "107": "Missing"}
    assert any("neither SID nor email" in note and "-dash" in note for note in exported.notes)
    assert found["102"]["Total Score"] == "4.8333"
    assert found["102"]["Lateness (H:M:S)"] == "26:03:04"
    assert found["102"]["Submission Time"] == "2026-03-02 14:03:04 +0000"
    assert found["103"]["Total Score"] == ""
    assert found["107"]["Total Score"] == ""


@pytest.mark.parametrize("tool", TOOLS)
def test_names_with_commas_quotes_and_letters_of_any_script_arrive_whole(graded, tool):
    content, _ = table(graded, tool)
    text = " | ".join(cell for row in rows_of(content) for cell in row)
    assert 'Lovelace, "Countess"' in text
    assert "Åström-李" in text
    assert "=HYPERLINK" in text  # as text: `table` has seen that no cell begins with it


@pytest.mark.parametrize("tool", TOOLS)
def test_the_same_gradebook_gives_the_same_bytes_and_a_dry_run_none(graded, tool):
    first, exported = table(graded, tool)
    assert table(graded, tool)[0] == first
    exported.path.unlink()
    again = export_marks(graded, "ps01", tool, dry=True)
    assert again == exported
    assert not exported.path.exists()


@pytest.mark.parametrize("tool", TOOLS)
def test_who_waits_for_a_person_is_named(graded, tool):
    _, exported = table(graded, tool)
    assert any("zoë" in note and "yet to grade" in note for note in exported.notes)
    _, exported = table(graded, tool, partial=True)
    assert not any("yet to grade" in note for note in exported.notes)


def test_choices_that_a_tool_does_not_have_are_refused(graded):
    with pytest.raises(InputError, match="gradescope has no column"):
        export_marks(graded, "ps01", "gradescope", column="x")
    with pytest.raises(InputError, match="only Canvas"):
        export_marks(graded, "ps01", "moodle", absent="excused")
    with pytest.raises(InputError, match="headed"):
        export_marks(graded, "ps01", "canvas", column="=1+1")


def test_a_penalty_above_the_points_is_no_negative_mark():
    result = StudentResult("ada", [Item("t", "t", 1.0, 4.0, False, False, "")], late_penalty=3.0)
    rows = canvas(ClassMarks("ps", 4.0, [Standing(Person("ada"), result)])).rows
    assert rows[2][-1] == "0"


def test_a_table_is_rfc_4180(graded):
    content, _ = table(graded, "moodle")
    assert content.count(b"\r\n") == content.count(b"\n") == len(rows_of(content))
    csv.Sniffer().sniff(content.decode().splitlines()[0], delimiters=",")


OPTIONS = {  # of the command, and the same of the function
    "canvas": (["--column", "Toys (4711)", "--absent", "excused"], {"column": "Toys (4711)", "absent": "excused"}),
    "moodle": (
        ["--identify", "username", "--items", "--absent", "zero"],
        {"identify": "username", "items": True, "absent": "zero"},
    ),
    "gradescope": (["--partial"], {"partial": True}),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_command_writes_the_table_that_its_options_ask_for_and_says_where(graded, tool, tmp_path):
    options, choices = OPTIONS[tool]
    told = export_marks(graded, "ps01", tool, tmp_path / "expected.csv", **choices)
    path = tmp_path / "marks.csv"
    said = run("export", "ps01", "--for", tool, *options, "--to", path, "--root", graded.path, status=0).stdout
    assert path.read_bytes() == told.path.read_bytes()
    *notes, last = said.splitlines()
    assert notes == [f"  {note}" for note in told.notes]
    assert last == f"wrote the marks of {told.students} students for {tool} to {path}"


@pytest.mark.parametrize("tool", TOOLS)
def test_the_command_writes_into_the_course_directory_and_tells_a_script(graded, tool):
    told = export_marks(graded, "ps01", tool)
    expected = told.path.read_bytes()
    told.path.unlink()
    asked = ("export", "ps01", "--for", tool, "--json", "--root", graded.path)
    answer = {"assignment": NAME, "students": told.students, "path": str(told.path), "notes": told.notes}
    assert json.loads(run(*asked, "--dry-run", status=0).stdout) == {"dry_run": True} | answer
    assert not told.path.exists()
    assert json.loads(run(*asked, status=0).stdout) == {"dry_run": False} | answer
    assert told.path.read_bytes() == expected


def test_a_dry_run_of_a_platforms_table_leaves_the_old_one_as_it_is(graded, tmp_path):
    path = tmp_path / "marks.csv"
    path.write_text("mine")
    asked = ("export", "ps01", "--for", "moodle", "--to", path, "--root", graded.path)
    last = run(*asked, "--dry-run", status=0).stdout.splitlines()[-1]
    assert last.startswith("would write the marks of")
    assert path.read_text() == "mine"
    run(*asked, status=0)
    assert path.read_text() != "mine"


REFUSED = {
    "only Canvas has a cell for excused students": ["--for", "moodle", "--absent", "excused"],
    "a table for gradescope has no column": ["--for", "gradescope", "--column", "x"],
    "a table for canvas has no identify": ["--for", "canvas", "--identify", "email"],
    "one of its own sums": ["--for", "canvas", "--column", "Final Score"],
}


@pytest.mark.parametrize("why", REFUSED)
def test_the_command_refuses_what_a_platform_does_not_have_in_one_line_and_writes_nothing(graded, why, tmp_path):
    asked = ("export", "ps01", *REFUSED[why], "--to", tmp_path / "marks.csv", "--root", graded.path)
    assert why in refused(*asked)
    assert run(*asked).returncode == 2
    assert not list(tmp_path.iterdir())


def test_an_assignment_that_nobody_knows_is_refused_for_a_platform_too(graded):
    assert "there is ps01_toy" in refused("export", "ps77", "--for", "canvas", "--root", graded.path)


@pytest.mark.parametrize("options", [["--column", "x"], ["--items", "--partial"], ["--for", "blackboard"]])
def test_options_of_no_platform_are_an_error_of_usage(graded, options):
    done = run("export", "ps01", *options, "--dry-run", "--root", graded.path, status=2)
    assert done.stderr.splitlines()[-1].startswith("Error: ")
    assert done.stdout == ""
