"""A packed hand-in, from `course submit` to `course collect`: its hash, its time, and none of a student's versions lost."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.collect import collect
from autograder.errors import InputError
from autograder.receipts import RECEIPT, Receipt, pack, read_pack, sha256
from autograder.student.notebook import Exercise, doubts, read_notebook
from autograder.student.standing import standing_of
from autograder.student.submit import make_receipt, name_of, save_packed

from .conftest import MODEL, NAME, NOON, book, lay, submitted
from .test_cli import run


def receipt(text, name="ada", time="2025-01-15T12:00:00Z", assignment=NAME, **more):
    content = text.encode()
    whole = {"notebook": f"{NAME}.ipynb", "sha256": sha256(content), "points": 1.0, "out_of": 9.0, "checked": True}
    return Receipt(assignment=assignment, name=name, time=time, **(whole | more))


def packed(folder, text, **more):
    """Pack a hand-in into a folder, with a name of its student and time; give the path."""
    made = receipt(text, **more)
    return save_packed(made, text.encode(), folder)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def times_of(root, student):
    return (root.folder("submitted", student, NAME) / "timestamp.txt").read_text().strip()


def test_a_folder_of_packed_hand_ins_is_collected_by_their_receipts(root, take, inbox):
    packed(inbox, book("a"))
    packed(inbox, book("b"), name="Ben Li", assignment="ps01", time="2025-01-15T12:34:56Z")
    assert take(inbox) == {"ada": ("new", ""), "Ben Li": ("new", "")}
    assert submitted(root, "Ben Li")[f"{NAME}.ipynb"] == book("b")
    assert times_of(root, "Ben Li").startswith("2025-01-15 12:34:56")
    assert take(inbox) == {"ada": ("unchanged", ""), "Ben Li": ("unchanged", "")}


@pytest.mark.parametrize(
    "way", ["alone", "zip of zips", "in folders", "in a folder around", "in nbgrader's layout", "unpacked in a folder"]
)
def test_they_are_found_wherever_a_platform_puts_them(root, take, inbox, tmp_path, way):
    path = packed(inbox, book("a"))
    origin = inbox
    if way == "alone":
        origin = path
    elif way == "zip of zips":
        origin = Path(shutil.make_archive(str(tmp_path / "all"), "zip", inbox))
    elif way == "in a folder around":
        (inbox / "Submissions (3)").mkdir()
        path.rename(inbox / "Submissions (3)" / path.name)
    elif way in {"in folders", "in nbgrader's layout"}:
        for name in ("ada", "ben"):
            folder = inbox / name / (NAME if "layout" in way else "")
            folder.mkdir(parents=True)
            shutil.copy2(path, folder)
        path.unlink()
    else:
        (inbox / "ada").mkdir()
        shutil.unpack_archive(path, inbox / "ada")
        path.unlink()
    done = take(origin)
    assert done["ada"] == ("new", "")
    assert submitted(root, "ada")[f"{NAME}.ipynb"] == book("a")


def test_nbgraders_time_stamp_beside_a_packed_one_goes_along_with_it(root, take, inbox):
    path = packed(inbox, book("a"))
    folder = lay(inbox / "ada" / NAME, {"timestamp.txt": "2025-02-01 10:00:00 UTC", "data.csv": "1"})
    path.rename(folder / path.name)
    assert take(inbox) == {"ada": ("new", "")}
    assert sorted(submitted(root, "ada")) == ["data.csv", f"{NAME}.ipynb", RECEIPT]
    assert times_of(root, "ada") == "2025-02-01 10:00:00 UTC"


def test_of_several_the_latest_counts_and_the_earlier_ones_are_kept_and_named(root, take, inbox):
    texts = {"2025-01-15T12:00:00Z": "one", "2025-01-16T12:00:00Z": "two", "2025-01-14T12:00:00Z": "none"}
    for time, text in texts.items():
        packed(inbox, book(text), time=time)
    status, note = take(inbox)["ada"]
    assert status == "new"
    assert "the latest counts, ps01_ada_20250116T120000Z.zip" in note
    assert "kept in the archive: ps01_ada_20250114T120000Z.zip, ps01_ada_20250115T120000Z.zip" in note
    assert submitted(root, "ada")[f"{NAME}.ipynb"] == book("two")

    def archived():
        files = sorted((root.path / "archive" / NAME / "ada").glob(f"*/{NAME}.ipynb"))
        return [path.read_text() for path in files]

    assert archived() == [book("none"), book("one")]
    assert take(inbox)["ada"][0] == "unchanged"
    assert archived() == [book("none"), book("one")], "nothing is kept twice"


def test_one_that_comes_after_a_later_one_does_not_replace_it(root, take, inbox, tmp_path):
    packed(inbox, book("late"), time="2025-01-16T12:00:00Z")
    take(inbox)
    status, note = take(packed(tmp_path / "more", book("early")))["ada"]
    assert (status, note) == ("archived", "a later one is there, and stays; this one is kept in the archive")
    assert submitted(root, "ada")[f"{NAME}.ipynb"] == book("late")
    assert (root.path / "archive" / NAME / "ada" / "1" / f"{NAME}.ipynb").read_text() == book("early")


def test_a_notebook_that_is_not_its_receipts_is_taken_and_told_with_the_files_own_time(root, take, inbox):
    made = receipt(book("a"))
    path = inbox / "x.zip"
    path.write_bytes(pack(made, book("b").encode()))
    os.utime(path, (NOON, NOON))
    status, note = take(inbox)["ada"]
    assert (status, note) == (
        "new",
        "the notebook is not the one of its receipt (another SHA-256): the file's own time counts",
    )
    assert times_of(root, "ada").startswith("2023-11-14")
    (inbox / "ben").mkdir()
    (inbox / "ben" / f"{NAME}.ipynb").write_text(book("b"))
    (inbox / "ben" / RECEIPT).write_text(made.text())
    assert "not the one of its receipt" in take(inbox)["ben"][1]


def test_half_an_upload_another_set_and_a_forged_receipt_are_refused_and_an_earlier_whole_one_counts(root, take, inbox):
    whole = packed(inbox, book("whole"))
    (inbox / "ps01_ada_20250117T120000Z.zip").write_bytes(whole.read_bytes()[:-40])
    packed(inbox, book("x"), name="eve", assignment="ps02_other")
    (inbox / "forged.zip").write_bytes(pack(receipt(book("x"), name="mallory", notebook="../x.ipynb"), b""))
    (inbox / "when.zip").write_bytes(pack(receipt(book("x"), name="oscar", points=float("nan")), b""))
    done = take(inbox)
    assert done["ada"][0] == "new"
    assert "ps01_ada_20250117T120000Z.zip is not taken: the zip is not whole" in done["ada"][1]
    assert "its receipt is of ps02_other" in done["eve"][1]
    assert {name: status for name, (status, _) in done.items() if status == "refused"}.keys() == {"eve", "forged", "when"}
    assert sorted(os.listdir(root.path / "submitted")) == ["ada"]


def test_a_receipt_from_the_future_does_not_win(root, take, inbox):
    os.utime(packed(inbox, book("a"), time="2100-01-01T00:00:00Z"), (NOON, NOON))
    assert "yet to come" in take(inbox)["ada"][1]
    assert times_of(root, "ada").startswith("2023-11-14")


def test_who_is_late_is_told_by_how_much(root, inbox):
    from datetime import datetime

    packed(inbox, book("a"))
    packed(inbox, book("a"), name="ben", time="2025-01-13T12:00:00Z")
    due = datetime(2025, 1, 14, 10, 30)
    done = {each.student: each.note for each in collect(root, NAME, [NAME], inbox, due=due, dry=True)}
    assert done == {"ada": "late by 1 day, 1 h", "ben": ""}


def test_from_submit_to_grade_as_a_student_and_an_instructor_do_it(root, toy, tmp_path):
    mine = tmp_path / "mine" / NAME
    mine.mkdir(parents=True)
    nbformat.write(toy(**MODEL), mine / f"{NAME}.ipynb")
    said = run("submit", "ps01", "--name", "Ada Lovelace", "--to", tmp_path / "out", cwd=mine.parent, status=0)
    assert '"sha256"' in said.stdout
    (path,) = (tmp_path / "out").iterdir()
    assert read_pack(path)[1] == (mine / f"{NAME}.ipynb").read_bytes()
    assert json.loads(zipfile.ZipFile(path).read(RECEIPT))["points"] == 5
    assert "1 new" in run("collect", "ps01", path, "--root", root.path, status=0).stdout
    told = json.loads(run("grade", "ps01", "--root", root.path, "--json", status=0).stdout)
    assert told["graded"] == ["Ada Lovelace"]
    assert told["students"][0]["points"] == 6


def exercise(toy, tmp_path, **answers):
    path = tmp_path / f"{NAME}.ipynb"
    nbformat.write(toy(**answers), path)
    return read_notebook(path)


def test_no_submission_is_overwritten_and_none_is_half_there(toy, tmp_path, monkeypatch):
    mine = exercise(toy, tmp_path)
    made = make_receipt(mine, "ada", standing_of(mine), checked=False)
    first, second = (save_packed(made, mine.content, tmp_path / "out") for _ in range(2))
    assert second.name == f"{first.stem} (2).zip"
    monkeypatch.setattr(os, "link", lambda *paths: (_ for _ in ()).throw(OSError("a disk without links")))
    assert save_packed(made, mine.content, tmp_path / "out").name == f"{first.stem} (3).zip"
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(OSError("no space left")))
    with pytest.raises(OSError, match="no space left"):
        save_packed(made, mine.content, tmp_path / "out")
    assert len(os.listdir(tmp_path / "out")) == 3


def test_a_name_must_be_one_that_collect_takes(monkeypatch):
    assert name_of("  Ada   Lovelace ") == "Ada Lovelace"
    monkeypatch.setenv("COURSE_NAME", "ben")
    assert name_of(None) == "ben"
    for name in ("../x", "a/b", ".a", "x" * 61):
        with pytest.raises(InputError, match="is no name"):
            name_of(name)


def test_cells_that_are_gone_or_doubled_are_told(toy, tmp_path):
    whole = exercise(toy, tmp_path)
    assert doubts(whole) == []
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in whole.notebook.cells}
    whole.notebook.cells.remove(cells["test_halve"])
    whole.notebook.cells.append(cells["square"])
    said = doubts(Exercise(whole.path, whole.content, whole.notebook))
    assert said[0].startswith("the cell square is there more than once")
    assert said[1].startswith("the cell test_halve is gone")


def test_where_nbgraders_exchange_is_configured_it_gets_the_notebook(toy, tmp_path):
    mine, exchange = tmp_path / "mine", tmp_path / "exchange"
    for folder in (mine / NAME, exchange / "c1" / "inbound", exchange / "c1" / "outbound" / NAME):
        folder.mkdir(parents=True)
    nbformat.write(toy(**MODEL), mine / NAME / f"{NAME}.ipynb")
    config = f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'c1'\n"
    (mine / "nbgrader_config.py").write_text(config + f"c.Exchange.cache = {str(tmp_path / 'cache')!r}\n")
    said = run("submit", "ps01", "--no-check", "--exchange", "--name", "ada", cwd=mine, status=0)
    assert "handed to nbgrader's exchange: c1, ps01_toy" in said.stdout
    (inbound,) = (exchange / "c1" / "inbound").iterdir()
    assert (inbound / f"{NAME}.ipynb").read_bytes() == (mine / NAME / f"{NAME}.ipynb").read_bytes()
    shutil.rmtree(exchange)
    failed = run("submit", "ps01", "--no-check", "--exchange", "--name", "ada", cwd=mine, status=1)
    assert "upload the zip" in failed.stderr.strip().splitlines()[-1]
    assert len(list(mine.glob("*.zip"))) == 2, "the zip is there in any case"
