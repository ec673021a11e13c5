"""Whatever bytes a student hands in, there is a notebook to grade: the student's own wherever it can be read."""

import json
import os

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.gradebook import open_gradebook
from autograder.restore import grade_id_of, read_original
from autograder.root import Root
from autograder.submission import find_notebook, read_submission

from .conftest import MODEL

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["cell_type", "source", "metadata", "outputs", "execution_count", "id", "attachments", "odd"]


@pytest.fixture(scope="module")
def original(released):
    root = Root.open(released)
    with open_gradebook(root) as gradebook:
        notebook = gradebook.find_notebook("ps01_toy", "ps01_toy")
        return read_original(notebook, *(root.folder(s, ".", "ps01_toy") / "ps01_toy.ipynb" for s in ("release", "source")))


@pytest.fixture
def read(tmp_path, original):
    """Read a submission of one file: ``read(content)``; whatever it is, the result is a notebook that can be saved."""

    def attempt(content, name="ps01_toy.ipynb"):
        content = content if isinstance(content, bytes | str) else json.dumps(content)
        (tmp_path / name).write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return checked(read_submission(tmp_path, original))

    return attempt


def checked(submission):
    notebook, notes, readable = submission
    nbformat.validate(notebook)
    (nbformat.writes(notebook) + "".join(notes)).encode("utf-8")
    ids = [grade_id_of(cell) for cell in notebook.cells]
    assert all(ids.count(name) == 1 for name in ("setup", "test_square", "test_halve", "written_why"))
    return notebook, " ".join(notes), readable


def sources(notebook):
    return {name: cell.source for cell in notebook.cells if (name := grade_id_of(cell))}


@pytest.mark.parametrize("minor", range(6))
def test_every_minor_version_of_the_present_format_is_read(read, toy, minor):
    data = json.loads(json.dumps(toy(**MODEL) | {"nbformat_minor": minor}))
    if minor < 5:
        for cell in data["cells"]:
            del cell["id"]
    notebook, notes, readable = read(data)
    assert readable
    assert notes == "cell test_square is not as it was released cell test_halve is not as it was released" or not notes
    assert sources(notebook)["square"] == MODEL["square"]


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.filterwarnings("ignore:Cell is missing an id field")
def test_an_old_format_is_brought_to_the_present_one(read, version):
    code = {"cell_type": "code", "language": "python", "outputs": [], "input": "x = 1", "code": "x = 1", "prompt_number": 1}
    sheets = [{"cells": [code | {"metadata": {}}, {"cell_type": "heading", "level": 2, "source": "Hi", "metadata": {}}]}]
    if version < 3:
        sheets[0]["cells"].pop()
    body = {"cells": [code]} if version == 1 else {"worksheets": sheets}
    notebook, _, readable = read({"nbformat": version, "nbformat_minor": 0, "metadata": {"name": "old"}} | body)
    assert readable
    assert "x = 1" in [cell.source for cell in notebook.cells]
    assert version < 3 or "## Hi" in [cell.source for cell in notebook.cells]


def test_cells_with_equal_broken_or_missing_ids_are_all_kept(read, toy):
    data = json.loads(json.dumps(toy(**MODEL)))
    for cell, odd in zip(data["cells"], ["a", "a", "no id of ours!", 7, None, "", "x" * 99], strict=False):
        cell["id"] = odd
    notebook, _, readable = read(data)
    assert readable
    assert len(notebook.cells) == len(data["cells"])
    assert sources(notebook)["halve"] == MODEL["halve"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_other_encodings_of_unicode_and_a_byte_order_mark_are_read(read, toy, encoding):
    text = json.dumps(toy(**MODEL | {"written_why": "Weil größer."}), ensure_ascii=False)
    notebook, _, readable = read(text.encode(encoding))
    assert readable
    assert sources(notebook)["written_why"] == "Weil größer."


def test_lines_that_end_as_on_windows_are_no_edit(read, toy):
    notebook = toy(square=MODEL["square"])
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    found, notes, _ = read(notebook)
    assert not notes
    plain, _, _ = read(toy(square=MODEL["square"]))
    assert [cell.source for cell in found.cells] == [cell.source for cell in plain.cells]


def test_bytes_that_are_no_unicode_cost_their_own_characters_only(read, toy):
    answers = MODEL | {"halve": MODEL["halve"] + "  # größer"}
    notebook, _, readable = read(json.dumps(toy(**answers), ensure_ascii=False).encode("latin-1"))
    assert readable
    assert sources(notebook)["halve"].startswith(MODEL["halve"])
    assert sources(notebook)["square"] == MODEL["square"]


def test_half_a_character_does_not_keep_the_notebook_from_being_saved(read, toy):
    notebook, _, readable = read(json.dumps(toy(**MODEL | {"square": "# \ud83d\n" + MODEL["square"]})))
    assert readable
    assert sources(notebook)["square"] == "# ?\n" + MODEL["square"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "the file is empty"),
        (" \n\t", "the file is empty"),
        ("Dear professor,", "it is not JSON"),
        ('{"cells": [', "it is not JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it is not JSON"),
        ("[]", "it has no cells"),
        ("7", "it has no cells"),
        ('"cells"', "it has no cells"),
        ("null", "it has no cells"),
        ("{}", "it has no cells"),
        ('{"nbformat": 4}', "it has no cells"),
        ('{"nbformat": 4, "cells": {}}', "it has no cells"),
        ('{"nbformat": "four", "cells": 4}', "it has no cells"),
        ('{"nbformat": 3, "worksheets": 4}', "its content is broken"),
        ('{"nbformat": 3, "worksheets": [[]]}', "its content is broken"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"nbformat": 4, "cells": [], "metadata": ' + '{"a":' * 100_000, "it is nested too deeply"),
    ],
)
def test_a_file_that_is_no_notebook_scores_nothing_and_says_why(read, content, why):
    notebook, notes, readable = read(content)
    assert not readable
    assert why in notes
    assert all(cell.outputs[0].output_type == "error" for cell in notebook.cells if cell.cell_type == "code")
    assert why in notebook.cells[0].source


def test_a_file_of_sixty_megabytes_is_not_read(tmp_path, original):
    with open(tmp_path / "ps01_toy.ipynb", "wb") as file:
        file.truncate(60_000_000)
    _, notes, readable = checked(read_submission(tmp_path, original))
    assert not readable
    assert "more than 50 MB" in notes


def test_one_broken_cell_costs_that_cell_and_no_other(read, toy):
    data = json.loads(json.dumps(toy(**MODEL)))
    broken = [None, 7, "cell", [], {}, {"cell_type": ["code"], "source": "1"}, {"cell_type": "code", "source": {"a": 1}}]
    broken += [{"cell_type": "code", "source": ["x", 1]}, {"cell_type": "spreadsheet", "source": "1"}]
    bare = {"cell_type": "code", "source": ["a = 1\n", "b = 2"]}
    notebook, notes, readable = read(data | {"cells": [*broken, bare, *data["cells"]], "metadata": ["junk"]})
    assert readable
    assert f"{len(broken)} of the cells cannot be read" in notes
    assert notebook.cells[0].source == "a = 1\nb = 2"
    assert sources(notebook)["square"] == MODEL["square"]


def test_deeply_nested_metadata_costs_nothing(read, toy):
    data = json.loads(json.dumps(toy(**MODEL)))
    data["cells"][0]["metadata"] = json.loads('{"a":' * 600 + "1" + "}" * 600)
    notebook, _, readable = read(data)
    assert readable
    assert sources(notebook)["square"] == MODEL["square"]


def test_a_picture_pasted_into_an_answer_stays_and_junk_beside_it_does_not(read, toy):
    data = json.loads(json.dumps(toy(written_why="![see](attachment:a.png)")))
    data["cells"][-1]["attachments"] = {"a.png": {"image/png": "aGk="}, "b.png": "junk", "c.png": {"image/png": {"x": 1}}}
    notebook, _, _ = read(data)
    assert notebook.cells[-1].attachments == {"a.png": {"image/png": "aGk="}}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(vandalism=st.lists(st.tuples(st.integers(0, 20), st.sampled_from(KEYS), JSON), max_size=6), top=JSON)
def test_any_junk_in_any_field_leaves_a_notebook_that_can_be_graded_and_saved(read, toy, vandalism, top):
    data = json.loads(json.dumps(toy(**MODEL)))
    for place, key, value in vandalism:
        data["cells"][place % len(data["cells"])][key] = value
    read(data | {"metadata": top})
    read(top)
    read(data | {"cells": top})
    read(data | {"nbformat": top})


def test_a_link_is_not_followed_and_a_pipe_is_not_opened(tmp_path, original, toy):
    outside = tmp_path / "peer.ipynb"
    outside.write_text(json.dumps(toy(**MODEL)))
    folder = tmp_path / "ada"
    folder.mkdir()
    (folder / "ps01_toy.ipynb").symlink_to(outside)
    os.mkfifo(folder / "homework.ipynb")
    (folder / "folder.ipynb").mkdir()
    assert find_notebook(folder, "ps01_toy") is None
    _, notes, readable = checked(read_submission(folder, original))
    assert not readable
    assert "homework.ipynb" in notes


def test_the_only_notebook_under_another_name_is_taken_and_hidden_files_do_not_count(read, tmp_path, toy):
    (tmp_path / "._homework.IPYNB").write_bytes(b"\x00\x05\x16\x07")
    notebook, notes, readable = read(toy(**MODEL), "homework.IPYNB")
    assert readable
    assert "homework.IPYNB was taken for ps01_toy.ipynb" in notes
    assert sources(notebook)["square"] == MODEL["square"]


def test_of_several_notebooks_none_of_which_has_the_name_none_is_guessed(read, tmp_path, toy):
    (tmp_path / "scratch.ipynb").write_text(json.dumps(toy()))
    _, notes, readable = read(toy(**MODEL), "homework.ipynb")
    assert not readable
    assert "homework.ipynb, scratch.ipynb" in notes


def test_a_file_whose_name_is_no_unicode_can_be_spoken_of(tmp_path, original):
    (tmp_path / os.fsdecode(b"gr\xf6\xdfe.docx")).write_text("Dear professor,")
    _, notes, readable = checked(read_submission(tmp_path, original))
    assert not readable
    assert "gr??e.docx" in notes


def test_of_two_notebooks_none_is_taken_for_the_other(tmp_path):
    (tmp_path / "part1.ipynb").write_text("{}")
    assert find_notebook(tmp_path, "part2", only=False) is None
    assert find_notebook(tmp_path, "part2") == tmp_path / "part1.ipynb"
    assert find_notebook(tmp_path, "part1", only=False) == tmp_path / "part1.ipynb"
