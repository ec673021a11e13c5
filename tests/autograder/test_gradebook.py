"""The gradebook is opened with care and written whole; what is wrong with it is told in one line."""

import sqlite3

import pytest

from autograder.errors import GraderError
from autograder.gradebook import find_assignment, one_transaction, open_gradebook
from autograder.root import Root


def students(root):
    with open_gradebook(root) as gradebook:
        return sorted(student.id for student in gradebook.students)


def configured(root, line):
    path = root.path / "nbgrader_config.py"
    path.write_text(path.read_text() + line + "\n")
    return Root.open(root.path)


def refusal(root):
    """Open the gradebook; give the one line that says why that cannot be done."""
    with pytest.raises(GraderError) as refused, open_gradebook(root) as gradebook:
        gradebook.add_student("ada")
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


@pytest.fixture
def impatient(root):
    """A course directory that waits for a locked gradebook for a tenth of a second only."""
    return configured(root, f"c.CourseDirectory.db_url = 'sqlite:///{root.path}/gradebook.db?timeout=0.1'")


@pytest.fixture
def locked(root):
    connection = sqlite3.connect(root.path / "gradebook.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_a_transaction_that_ends_well_is_written(root):
    with open_gradebook(root) as gradebook, one_transaction(gradebook):
        gradebook.add_student("ada")
        gradebook.add_student("bob")
    assert students(root) == ["ada", "bob"]


def hand_in_half(gradebook, error):
    with one_transaction(gradebook):
        gradebook.add_student("ada")
        with gradebook.db.no_autoflush:
            gradebook.update_or_create_submission("ps01_toy", "ada")
        assert gradebook.find_submission("ps01_toy", "ada")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_transaction_that_is_broken_off_leaves_no_row_though_each_call_commits(root, error):
    with open_gradebook(root) as gradebook:
        with pytest.raises(error):
            hand_in_half(gradebook, error)
        assert students(root) == []
        gradebook.add_student("bob")
    assert students(root) == ["bob"], "afterwards each call commits again"


def test_another_process_sees_nothing_of_a_transaction_before_its_end(root):
    with open_gradebook(root) as gradebook, one_transaction(gradebook):
        gradebook.add_student("ada")
        assert students(root) == []


def test_a_transaction_that_could_not_be_written_may_be_tried_again(impatient, locked):
    with open_gradebook(impatient) as gradebook:
        with pytest.raises(Exception, match="locked"), one_transaction(gradebook):
            gradebook.add_student("ada")
        locked.execute("ROLLBACK")
        with one_transaction(gradebook):
            gradebook.add_student("ada")
    assert students(impatient) == ["ada"]


def test_a_gradebook_whose_final_commit_fails_may_be_written_again(impatient):
    reader = sqlite3.connect(impatient.path / "gradebook.db", isolation_level=None)
    with open_gradebook(impatient) as gradebook:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM student").fetchall()  # a reader lets others write, but not commit
        with pytest.raises(Exception, match="locked"), one_transaction(gradebook):
            gradebook.add_student("ada")
        reader.execute("ROLLBACK")
        with one_transaction(gradebook):
            gradebook.add_student("bob")
    reader.close()
    assert students(impatient) == ["bob"]


def test_a_gradebook_may_be_open_twice(root):
    with open_gradebook(root) as first, open_gradebook(root) as second:
        first.add_student("ada")
        assert [student.id for student in second.students] == ["ada"]
        second.add_student("bob")
        assert len(first.students) == 2


def test_a_locked_gradebook_is_told_in_one_line(impatient, locked):
    assert "cannot be written: database is locked" in refusal(impatient)
    locked.execute("ROLLBACK")
    assert students(impatient) == []


def test_the_gradebook_of_another_course_is_refused_and_left_alone(root):
    before = (root.path / "gradebook.db").read_bytes()
    other = configured(root, "c.CourseDirectory.course_id = 'biology'")
    assert "is the gradebook of another course (course, not biology)" in refusal(other)
    assert (root.path / "gradebook.db").read_bytes() == before


@pytest.mark.parametrize("content", [b"marks: ada 3, bob 4\n" * 300, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_refused_and_left_alone(root, content):
    path = root.path / "gradebook.db"
    path.write_bytes(content)
    assert "cannot be" in refusal(root)
    assert path.read_bytes() == content


def test_a_database_that_is_no_gradebook_is_refused_and_left_alone(root):
    path = root.path / "gradebook.db"
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    database.close()
    assert "is no nbgrader gradebook: move it away" in refusal(root)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    database.close()


def test_a_folder_in_the_place_of_the_gradebook_is_refused(root):
    (root.path / "gradebook.db").unlink()
    (root.path / "gradebook.db").mkdir()
    assert "cannot be" in refusal(root)


def test_a_configuration_that_is_no_python_is_told_in_one_line(root):
    broken = configured(root, "c.CourseDirectory.course_id = ")
    with pytest.raises(GraderError, match=r"nbgrader_config\.py is broken \(SyntaxError") as refused:
        broken.config  # noqa: B018
    assert len(str(refused.value).splitlines()) == 1


def test_an_assignment_is_found_by_its_name_or_the_beginning_that_only_it_has(root):
    with open_gradebook(root) as gradebook:
        for name in ("ps02_loss", "ps02_loss_again", "ps03"):
            gradebook.add_assignment(name)
        assert find_assignment(gradebook, "ps01").name == "ps01_toy"
        assert find_assignment(gradebook, "ps02_loss").name == "ps02_loss"
        with pytest.raises(GraderError, match=r"'ps02' could be several .+ ps01_toy, ps02_loss, ps02_loss_again, ps03"):
            find_assignment(gradebook, "ps02")
        with pytest.raises(GraderError, match="'exam' is no assignment"):
            find_assignment(gradebook, "exam")
