"""Whoever handed in, however the files are named and laid out: each file goes to its student."""

import os
import shutil
import unicodedata

import pytest

from autograder.errors import GraderError
from autograder.hand_ins import find_hand_ins

from .conftest import NOON, book, lay, submitted

LAYOUTS = {
    "nbgrader's layout": ["ada/ps01_toy/ps01_toy.ipynb", "bob/ps01_toy/ps01_toy.ipynb", "bob/ps02/ps02.ipynb"],
    "nbgrader's layout of one student": ["ada/ps01_toy/ps01_toy.ipynb"],
    "a folder for each student": ["ada/ps01_toy.ipynb", "bob/my homework.ipynb"],
    "a folder of one student": ["ada/ps01_toy.ipynb"],
    "a folder of one student with a draft": ["ada/ps01_toy.ipynb", "ada/draft.ipynb"],
    "a renamed file in a folder of one student": ["ada/my homework.ipynb"],
    "notebooks in a folder below": ["ada/week 1/ps01_toy.ipynb", "bob/a/b/homework.ipynb"],
    "files named by student": ["ada.ipynb", "bob.ipynb"],
    "names with the assignment": ["ada_ps01_toy.ipynb", "bob-ps01.ipynb"],
    "names with a copy's number": ["ada-ps01 (1).ipynb", "bob PS01_toy-Copy2.ipynb"],
    "one file": ["ada_ps01.ipynb"],
    "what a computer adds": [
        "ada.ipynb",
        "bob.ipynb",
        "._ada.ipynb",
        ".DS_Store",
        "__MACOSX/._ada.ipynb",
        ".ipynb_checkpoints/ada.ipynb",
    ],
    "what it adds in a folder": [
        "ada/mine.ipynb",
        "ada/._mine.ipynb",
        "ada/__MACOSX/x.ipynb",
        "ada/.ipynb_checkpoints/m.ipynb",
    ],
}


@pytest.mark.parametrize("wrapper", ["", "Submissions (3)/", "a/b/"])
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_ends_in_nbgraders(root, take, tmp_path, layout, packed, wrapper):
    origin = lay(tmp_path / "x", {wrapper + name: book(name.replace("bob", "B")) for name in LAYOUTS[layout]})
    if packed:
        origin = shutil.make_archive(tmp_path / "all", "zip", origin)
        origin = tmp_path / "all.zip"
    students = {"ada", "bob"} if any("bob" in name for name in LAYOUTS[layout]) else {"ada"}
    done = take(origin)
    assert {student: status for student, (status, _) in done.items()} == dict.fromkeys(students, "new")
    for student in students:
        own = next(name for name in LAYOUTS[layout] if name.startswith(student))
        assert submitted(root, student)["ps01_toy.ipynb"] == book(own.replace("bob", "B"))
        assert not any(name.startswith(("._", "__MACOSX", ".ipynb_checkpoints")) for name in submitted(root, student))


def test_a_pattern_finds_the_student_in_a_learning_platforms_names(root, take):
    files = {"Ada Lovelace_4711_assignsubmission_file_x.ipynb": book(), "index.html": "<p>"}
    done = take(files, r"^(?P<student>[^_]+)_\d+_")
    assert done["Ada Lovelace"][0] == "new"
    assert done["index.html"] == ("refused", "no student is named in its name")


@pytest.mark.parametrize(("pattern", "why"), [("(", "no regular expression"), (r"(\w+)", "needs a group")])
def test_a_pattern_that_finds_nobody_is_refused(take, pattern, why):
    with pytest.raises(GraderError, match=why):
        take({"ada.ipynb": book()}, pattern)


def test_of_two_files_of_one_student_the_newest_counts_and_the_other_is_named(root, take):
    assert take({"ada (1).ipynb": book("old"), "ada_ps01.ipynb": book("new"), "ada.pdf": "x", "eve.docx": "y"}) == {
        "ada": ("new", "the newest file counts, not ada (1).ipynb"),
        "eve": ("new", "no ps01_toy.ipynb in it: there is eve.docx"),
    }
    assert submitted(root, "ada") == {"ada.pdf": "x", "ps01_toy.ipynb": book("new")}
    assert submitted(root, "eve") == {"eve.docx": "y"}


def test_in_a_students_folder_the_newest_copy_counts_and_other_notebooks_stay(root, take):
    done = take(
        {
            "ada/ps01_toy.ipynb": book("old"),
            "ada/ps01_toy (1).ipynb": book("new"),
            "ada/draft.ipynb": book("d"),
            "bob.ipynb": book(),
        }
    )
    assert done["ada"] == ("new", "the newest file counts, not ps01_toy.ipynb")
    assert submitted(root, "ada") == {"draft.ipynb": book("d"), "ps01_toy.ipynb": book("new")}


def test_files_of_one_time_are_ordered_by_their_number_as_copies(root, take, tmp_path):
    origin = lay(tmp_path / "x", {"ada (10).ipynb": book("10"), "ada (9).ipynb": book("9"), "ada.ipynb": book("0")})
    for path in origin.iterdir():
        os.utime(path, (NOON, NOON))
    take(origin)
    assert submitted(root, "ada") == {"ps01_toy.ipynb": book("10")}


def test_an_assignment_of_several_notebooks_keeps_each(root, take):
    done = take(
        {"ada/one.ipynb": book("1"), "ada/two.ipynb": book("2"), "bob_two.ipynb": book("b"), "bob_one.ipynb": book()},
        None,
        ["one", "two"],
    )
    assert done == {"ada": ("new", ""), "bob": ("new", "")}
    assert submitted(root, "ada") == {"one.ipynb": book("1"), "two.ipynb": book("2")}
    assert submitted(root, "bob")["two.ipynb"] == book("b")
    assert "no two.ipynb in it" in take({"eve/one.ipynb": book("1"), "x/one.ipynb": book()}, None, ["one", "two"])["eve"][1]


def test_a_name_that_only_ends_like_the_assignment_is_left_whole(take):
    assert set(take({"maps01.ipynb": book(), "bob.ipynb": book()})) == {"maps01", "bob"}


def test_a_name_from_a_pattern_leaves_no_folder(root, take):
    done = take({"a..b.ipynb": book(), "b.ipynb": book()}, r"(?P<student>\.\.|b$)")
    assert done[".."][0] == "refused"
    assert sorted(os.listdir(root.path / "submitted")) == ["b"]


def test_a_name_with_accents_is_one_name_however_a_computer_spells_it(root, take):
    apart = unicodedata.normalize("NFD", "José Ångström")
    assert set(take({f"{apart}.ipynb": book(), "李雷.ipynb": book()})) == {"José Ångström", "李雷"}
    assert take({"José Ångström.ipynb": book()})["José Ångström"] == (
        "unchanged",
        f"the newest file counts, not {apart}.ipynb",
    )


def test_empty_folders_and_names_that_no_folder_should_have_are_refused_and_named(root, take, tmp_path):
    odd = [
        "..x/a.ipynb",
        ".hidden/a.ipynb",
        "a;b/a.ipynb",
        " lead/a.ipynb",
        "new\nline/a.ipynb",
        "ps01_toy.ipynb",
        ".ada.ipynb",
    ]
    origin = lay(tmp_path / "x", dict.fromkeys([*odd, "Ada Lovelace/a.ipynb", "z@x.org+1.ipynb"], book()))
    (origin / "empty").mkdir()
    (origin / os.fsdecode(b"gr\xf6\xdfe.ipynb")).write_text(book())
    done = take(origin)
    assert {name for name, (status, _) in done.items() if status == "new"} == {"Ada Lovelace", "z@x.org+1"}
    refused = {name for name, (status, _) in done.items() if status == "refused"}
    assert refused == {"..x", ".hidden", "a;b", " lead", "new\nline", "ps01_toy.ipynb", ".ada", "empty", "gr??e"}
    assert sorted(os.listdir(root.path / "submitted")) == ["Ada Lovelace", "z@x.org+1"]


def test_a_pattern_finds_the_student_in_the_name_of_a_folder_too(tmp_path):
    folder = tmp_path / "Jane O'Neil_123_assignsubmission_file"
    folder.mkdir()
    (folder / "ps01.ipynb").write_text("{}")
    (tmp_path / "Bo Li_124_assignsubmission_file").mkdir()
    (tmp_path / "Bo Li_124_assignsubmission_file" / "ps01.ipynb").write_text("{}")
    found = find_hand_ins(tmp_path, "ps01_toy", ["ps01_toy"], r"^(?P<student>.+?)_\d+_assignsubmission")
    assert sorted(found.files) == ["Bo Li", "Jane O'Neil"]


def test_what_tells_of_the_folder_is_nobodys_hand_in(tmp_path):
    for name in ("README.md", "timestamp.txt", "ada.ipynb"):
        (tmp_path / name).write_text("{}")
    found = find_hand_ins(tmp_path, "ps01_toy", ["ps01_toy"])
    assert list(found.files) == ["ada"]
    assert sorted(found.strays) == ["README.md", "timestamp.txt"]
