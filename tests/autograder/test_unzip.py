"""A zip is unpacked inside its folder only, or refused with the reason; it may have been made by anybody."""

import contextlib
import io
import os
import stat
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import GraderError
from autograder.unzip import MAX_FILE, opened


@pytest.fixture
def unpack(tmp_path):
    """Unpack a zip given as bytes or as members; give its files' contents, and what was left out."""

    def run(content):
        path = tmp_path / "in" / "all.zip"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else packed(content))
        with opened(path) as (folder, left_out):
            files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
            assert not any(p.is_symlink() for p in folder.rglob("*"))
        assert not folder.exists()
        assert os.listdir(tmp_path) == ["in"], "nothing is written outside"
        assert os.listdir(tmp_path / "in") == ["all.zip"]
        return files, left_out

    return run


def packed(members, how=zipfile.ZIP_DEFLATED):
    """Pack members: contents by name, or by ZipInfo."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def refused(unpack, content):
    with pytest.raises(GraderError) as refusal:
        unpack(content)
    assert len(str(refusal.value).splitlines()) == 1
    return str(refusal.value)


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_files_are_unpacked_with_their_time(tmp_path, how):
    info = zipfile.ZipInfo("class/ada.ipynb", (2024, 5, 1, 10, 0, 0))
    (tmp_path / "all.zip").write_bytes(packed({info: b"{}"}, how))
    with opened(tmp_path / "all.zip") as (folder, _):
        assert (folder / "class" / "ada.ipynb").read_bytes() == b"{}"
        newer = zipfile.ZipInfo("x", (2024, 5, 1, 11, 0, 0))
        (tmp_path / "newer.zip").write_bytes(packed({newer: b""}))
        with opened(tmp_path / "newer.zip") as (other, _):
            hour = (other / "x").stat().st_mtime - (folder / "class" / "ada.ipynb").stat().st_mtime
    assert hour == 3600


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "/tmp/out.txt", "..\\out.txt", "C:\\out.txt", "../in/x"])
def test_a_name_that_leads_outside_refuses_the_zip(unpack, name):
    assert "would be unpacked outside its folder" in refused(unpack, {"ada.ipynb": "{}", name: "x"})


def test_a_link_is_left_out_and_what_lies_behind_it_is_not_written(unpack, tmp_path):
    files, left_out = unpack({link("ada"): "/etc", "bob.ipynb": "{}", "ada/passwd": "x", link("eve.ipynb"): "/etc/passwd"})
    assert files == {"bob.ipynb": b"{}", "ada/passwd": b"x"}
    assert left_out == ["ada", "eve.ipynb"]


def declared(content, old, new):
    """Let both headers of a zip's member declare another size."""
    assert content.count(old.to_bytes(4, "little")) >= 2
    return content.replace(old.to_bytes(4, "little"), new.to_bytes(4, "little"))


def test_a_file_that_declares_a_huge_size_is_left_out_unopened(unpack):
    content = declared(packed({"film.mp4": b"x" * 7777}), 7777, MAX_FILE + 1)
    assert unpack(content) == ({}, ["film.mp4"])


def test_a_file_that_unpacks_to_more_than_it_declares_is_refused(unpack):
    assert "cannot" not in refused(unpack, declared(packed({"bomb.ipynb": b"x" * 7_777_777}), 7_777_777, 10))


def test_a_zip_that_would_fill_the_disk_is_refused(unpack):
    content = declared(packed({f"{number}": b"x" * 7777 for number in range(50)}), 7777, MAX_FILE)
    assert "2 GB unpacked" in refused(unpack, content)


def test_an_encrypted_zip_is_refused(unpack):
    content = bytearray(packed({"ada.ipynb": b"{}"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    assert "encrypted" in refused(unpack, bytes(content))


@pytest.mark.parametrize("content", [b"", b"PK", b"Dear professor,", b"Rar!\x1a\x07\x00", b"\x1f\x8b\x08\x00"])
def test_a_file_that_is_no_zip_is_refused(unpack, content):
    assert "is not a zip that can be read" in refused(unpack, content)


@pytest.mark.parametrize(
    "members", [{"a": "1", "a/b": "2"}, {"a/b": "1", "a": "2"}, {"x" * 300: "1"}, {".": "1"}, {"a/..": "1"}]
)
def test_names_that_no_folder_can_hold_refuse_the_zip(unpack, members):
    assert "is not a zip that can be read" in refused(unpack, members)


WHOLE = {how: packed({f"{name}.ipynb": b"some text " * 20 for name in "abc"}, how) for how in (0, 8, 12, 14)}


@pytest.mark.parametrize("how", WHOLE)
def test_a_zip_whose_packed_bytes_are_damaged_is_refused(unpack, how):
    damaged = bytearray(WHOLE[how])
    start = damaged.index(b"a.ipynb") + len("a.ipynb")
    damaged[start : start + 12] = b"\xff" * 12
    assert "is not a zip that can be read" in refused(unpack, bytes(damaged))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.sampled_from(sorted(WHOLE.values())),
    damage=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4),
    length=st.floats(0, 1) | st.just(1.0),
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_damaged_zip_is_refused_or_unpacked_inside_its_folder(unpack, content, damage, length):
    damaged = bytearray(content)
    for place, value in damage:
        damaged[int(place * len(damaged))] = value
    with contextlib.suppress(GraderError):  # and no other error
        unpack(bytes(damaged[: int(length * len(damaged))]))
