"""Hand-ins are taken in however they come, and nothing that a student handed in is lost."""

import os

import pytest
from nbgrader.utils import parse_utc

from autograder import collect as module
from autograder.errors import GraderError
from autograder.unzip import MAX_FILE

from .conftest import NAME, NOON, book, lay, submitted


def test_the_same_again_is_unchanged_and_what_a_change_replaces_is_archived(root, take):
    for text, status in [
        ("1", "new"),
        ("1", "unchanged"),
        ("2", "changed"),
        ("2", "unchanged"),
        ("3", "changed"),
        ("1", "changed"),
    ]:
        assert take({"ada/ps01_toy.ipynb": book(text), "ada/data.csv": text, "b/ps01_toy.ipynb": book()})["ada"][0] == status
    archive = root.path / "archive" / NAME / "ada"
    kept = {path.name: (path / "ps01_toy.ipynb").read_text() for path in archive.iterdir()}
    assert kept == {"1": book("1"), "2": book("2"), "3": book("3")}
    assert all((path / "data.csv").is_file() for path in archive.iterdir())
    assert submitted(root, "ada") == {"data.csv": "1", "ps01_toy.ipynb": book("1")}
    assert os.listdir(root.path / "submitted" / "ada") == [NAME], "nothing is left beside it"


class Killed(BaseException):
    pass


@pytest.mark.parametrize("dead", [False, True], ids=["an error", "a kill"])
def test_what_breaks_between_archive_and_rename_loses_nothing(root, take, monkeypatch, dead):
    take({"ada.ipynb": book("1")})
    real, calls = os.replace, []

    def failing(old, new):
        calls.append(new)
        if str(new) == str(root.folder("submitted", "ada", NAME)) and (dead or calls.count(new) == 1):
            raise Killed
        real(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(module.os, "replace", failing)
        with pytest.raises(Killed):
            take({"ada.ipynb": book("2")})
    old = root.path / "archive" / NAME / "ada" / "1" if dead else root.folder("submitted", "ada", NAME)
    assert (old / "ps01_toy.ipynb").read_text() == book("1")
    assert take({"ada.ipynb": book("2")})["ada"][0] == ("new" if dead else "changed")
    assert submitted(root, "ada") == {"ps01_toy.ipynb": book("2")}
    assert (root.path / "archive" / NAME / "ada" / "1" / "ps01_toy.ipynb").read_text() == book("1")


def test_the_time_of_the_newest_file_is_the_time_of_the_submission(root, take):
    take(
        {
            "ada/ps01_toy.ipynb": book(),
            "ada/data.csv": "1",
            "ada/timestamp.txt": "1999-01-01 00:00:00 UTC",
            "bob.ipynb": book(),
        }
    )
    assert root.coursedir.get_existing_timestamp(str(root.folder("submitted", "ada", NAME))).timestamp() == NOON + 60


@pytest.mark.parametrize(
    ("written", "read"),
    [("2024-05-01 10:00:00 UTC", "2024-05-01 10:00:00"), ("yesterday", None), ("", None), ("9" * 40, None)],
)
def test_nbgraders_own_time_stamp_stays_and_one_that_it_cannot_read_does_not(root, take, written, read):
    take({"ada/ps01_toy/timestamp.txt": written, "ada/ps01_toy/ps01_toy.ipynb": book()})
    found = root.coursedir.get_existing_timestamp(str(root.folder("submitted", "ada", NAME)))
    assert found == parse_utc(read) if read else found.timestamp() == NOON + 60


def test_a_folder_in_the_place_of_the_time_stamp_is_kept_aside(root, take):
    take({"ada/ps01_toy.ipynb": book(), "ada/timestamp.txt/a.txt": "x", "bob.ipynb": book()})
    assert submitted(root, "ada")["timestamp.txt.folder/a.txt"] == "x"


def test_links_and_pipes_are_neither_followed_nor_opened_and_are_named(root, take, tmp_path):
    secret = lay(tmp_path / "secret", {"ps01_toy.ipynb": book("secret"), "ps01_toy/ps01_toy.ipynb": book("secret")})
    origin = lay(tmp_path / "x", {"ada/ps01_toy.ipynb": book("mine"), "bob/homework.ipynb": book()})
    (origin / "eve").symlink_to(secret)
    (origin / "mallory.ipynb").symlink_to(secret / "ps01_toy.ipynb")
    (origin / "ada" / "data").symlink_to(secret)
    (origin / "bob" / "ps01_toy.ipynb").symlink_to(secret / "ps01_toy.ipynb")
    os.mkfifo(origin / "ada" / "pipe.ipynb")
    os.mkfifo(origin / "oscar.ipynb")
    done = take(origin)
    refused = ("refused", "a link, a pipe or a device is not opened")
    assert [done[name] for name in ("eve", "mallory.ipynb", "oscar.ipynb")] == [refused] * 3
    assert submitted(root, "ada") == {"ps01_toy.ipynb": book("mine")}
    assert submitted(root, "bob") == {"ps01_toy.ipynb": book()}
    (origin / "trent").mkdir()
    (origin / "trent" / NAME).symlink_to(secret)
    assert take(origin)["trent"] == refused


def test_a_file_that_is_too_large_is_left_out_and_named(root, take, tmp_path):
    origin = lay(tmp_path / "x", {"ada/ps01_toy.ipynb": book(), "ada/film.mp4": "", "bob/ps01_toy.ipynb": ""})
    for name in ("ada/film.mp4", "bob/ps01_toy.ipynb"):
        os.truncate(origin / name, MAX_FILE + 1)
    done = take(origin)
    assert done["ada"] == ("new", "left out, too large or not to be read: film.mp4")
    assert "left out, too large or not to be read: ps01_toy.ipynb; no ps01_toy.ipynb in it" in done["bob"][1]
    assert submitted(root, "ada") == {"ps01_toy.ipynb": book()}


def test_nothing_to_collect_is_told_in_one_line(take, tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(GraderError, match="holds no file to collect"):
        take(tmp_path / "x")
    with pytest.raises(GraderError, match="there is nothing at"):
        take(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(GraderError, match="there is nothing at"):
        take(tmp_path / "pipe")
