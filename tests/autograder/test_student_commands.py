"""A student's way: what `course start` shows, what `course check` finds, and what neither changes."""

import json
import signal
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .runs import COURSE, command_of, descendants, see_end, until

CHECK = """
from course.checks import Check

test_{name} = Check("{name}", points={points})


@test_{name}
def test_by_hand():
    "By hand."
    test_{name}.close("the result", {name}(3.0), 9.0)


test_{name}.score()
"""


def role(name, **more):
    whole = {"grade_id": name, "grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
    return {"nbgrader": whole | {"cell_type": "code"} | more}


def pair(name, answer, points=3):
    test = CHECK.format(name=name, points=points).strip()
    return [
        new_code_cell(answer, metadata=role(name, solution=True)),
        new_code_cell(test, metadata=role(f"test_{name}", grade=True, locked=True, points=points)),
    ]


def checked(*pairs):
    """Make a notebook whose checks are the course's own."""
    title = new_markdown_cell("# Problem set 3: powers\n\n**6 points.** Two of them.")
    return new_notebook(cells=[title, *(cell for two in pairs for cell in two)])


def plain(answer="def square(x):\n    return x * x"):
    """Make a notebook of a course that has no checks but assertions."""
    test = new_code_cell("assert square(3) == 9", metadata=role("test_square", grade=True, locked=True, points=4))
    written = new_markdown_cell("YOUR ANSWER HERE", metadata=role("written_why", grade=True, solution=True, points=3))
    return new_notebook(cells=[new_code_cell(answer, metadata=role("square", solution=True)), test, written])


WHOLE = "def square(x):\n    return x * x"
CUBE = "def square_too(x):\n    return x * x * x"


@pytest.fixture
def place(tmp_path):
    """Lay a student's notebooks down, each in a folder of its name; give the folder."""

    def put(**notebooks):
        for name, notebook in notebooks.items():
            folder = tmp_path / "mine" / name
            folder.mkdir(parents=True, exist_ok=True)
            text = notebook if isinstance(notebook, str) else nbformat.writes(notebook)
            (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
        return tmp_path / "mine"

    return put


def course(*arguments, cwd, status=0):
    done = subprocess.run([COURSE, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def checked_as_json(folder, *arguments, status):
    return json.loads(course("check", *arguments, "--json", cwd=folder, status=status).stdout)


def test_a_check_says_what_is_wrong_in_the_words_of_the_verdict_and_changes_no_byte(place):
    folder = place(ps03_powers=checked(pair("square", WHOLE), pair("square_too", CUBE)))
    path = folder / "ps03_powers" / "ps03_powers.ipynb"
    before = path.read_bytes(), path.stat().st_mtime_ns
    said = course("check", "ps03", cwd=folder, status=1)
    assert "square_too" in said.stdout
    assert "3 of 6 points in the checks that you see" in said.stdout
    told = checked_as_json(folder, "ps03", status=1)
    square, too = told["functions"]
    assert (square["points"], square["wrong"]) == (3, "")
    assert too["points"] == 0
    assert too["wrong"] in said.stdout
    assert too["wrong"].startswith("the result is wrong")
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [p.name for p in (folder / "ps03_powers").iterdir()] == [path.name], "nothing is left beside it"


def test_all_right_is_status_0_and_a_written_answer_waits_for_a_person(place):
    told = checked_as_json(place(ps01_plain=plain()), "ps01_plain/ps01_plain.ipynb", status=0)
    assert told["all_right"]
    assert [(item["points"], item["wrong"]) for item in told["functions"]] == [(4, ""), (None, "not answered yet")]
    assert told["waiting"] == 3


def test_a_hanging_cell_and_one_that_ends_the_kernel_cost_their_own_points_only(place):
    dies = "import os\n\n\ndef cube(x):\n    os._exit(1)"
    folder = place(ps03_powers=checked(pair("slow", "while True:\n    pass"), pair("cube", dies), pair("square", WHOLE)))
    told = checked_as_json(folder, "ps03", "--timeout", 2, status=1)
    assert [item["points"] for item in told["functions"]] == [0, 0, 3]
    assert "slow: this cell took longer than 2 seconds, and was stopped" in told["notes"]
    assert "test_cube: this cell stopped the kernel" in told["notes"]
    assert [item["wrong"] for item in told["functions"][:2]] == [
        "its cell took too long",
        "this cell stopped the kernel",
    ]


def test_ctrl_c_leaves_no_kernel_behind(place):
    folder = place(ps01_plain=plain("open('begun', 'w').close()\nwhile True:\n    pass"))
    running = subprocess.Popen([COURSE, "check", "ps01"], cwd=folder, stderr=subprocess.PIPE, text=True)
    until((folder / "ps01_plain" / "begun").exists)
    kernels = [each for each in descendants(running) if "ipykernel" in command_of(each)]
    assert kernels
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130
    assert said.strip().startswith("course: stopped")
    assert len(said.strip().splitlines()) == 1, said
    see_end(set(kernels))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"cells": [', "breaks off or is broken at line 1"),
        ("", "the file is empty"),
        ("[]", "is no notebook"),
        (nbformat.writes(checked(pair("square", WHOLE))).replace('"markdown"', '"odd"'), "a cell that is none"),
        (nbformat.writes(new_notebook(cells=[new_code_cell("1")])), "no cell that earns points"),
        (nbformat.writes(checked(pair("square", WHOLE))).replace("set 3", "set 7"), "not the notebook of ps03_powers"),
    ],
    ids=["half written", "empty", "no notebook", "no cell", "no exercise", "another set"],
)
def test_bad_input_is_status_2_and_one_clear_line(place, text, why):
    folder = place(ps03_powers=text)
    for command in (["check", "ps03"], ["submit", "ps03"]):
        said = course(*command, cwd=folder, status=2)
        assert why in said.stderr
        assert len(said.stderr.strip().splitlines()) == 1
        assert said.stdout == ""
    assert not list(folder.glob("*.zip"))


def test_a_name_that_fits_nothing_or_two_notebooks_is_status_2(place):
    folder = place(ps01_plain=plain(), ps01_other=plain())
    assert "there is ps01_other, ps01_plain" in course("check", "ps09", cwd=folder, status=2).stderr
    assert "ps01 could be" in course("check", "ps01", cwd=folder, status=2).stderr
    assert "no notebook" in course("check", "ps01", "nowhere.ipynb", cwd=folder, status=2).stderr
    (folder / "empty").mkdir()
    assert "no exercise in" in course("start", "empty", cwd=folder, status=2).stderr


def test_start_reads_points_from_the_saved_outputs_and_tells_what_changed_since(place):
    pairs = pair("square", WHOLE), pair("square_too", CUBE)
    notebook = checked(*pairs)
    folder = place(ps03_powers=notebook, ps04_more=checked(pair("square", WHOLE)))
    assert json.loads(course("start", "--json", cwd=folder).stdout)["points"] == 0
    ran = run_in_place(folder / "ps03_powers" / "ps03_powers.ipynb")
    found, other = json.loads(course("start", "--json", cwd=folder).stdout)["sets"]
    assert (found["points"], found["out_of"], found["done"], found["items"]) == (3, 6, 1, 2)
    assert (found["state"], found["changed"]) == ("as last run", [])
    assert found["next"].startswith("square_too: the result is wrong")
    assert other["state"] == "not run yet"
    ran.cells[1].source += "  # mended"
    place(ps03_powers=ran)
    found = json.loads(course("start", "--json", cwd=folder).stdout)["sets"][0]
    assert (found["state"], found["changed"]) == ("changed since it was run", ["square"])


def test_where_nothing_tells_whether_a_notebook_changed_start_says_as_last_saved(place):
    folder = place(ps01_plain=plain())
    ran = run_in_place(folder / "ps01_plain" / "ps01_plain.ipynb")
    assert json.loads(course("start", "--json", cwd=folder).stdout)["sets"][0]["state"] == "as last saved"
    answer = next(cell for cell in ran.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "square")
    answer.execution_count = 99  # the answer ran once more, its test did not
    place(ps01_plain=ran)
    assert json.loads(course("start", "--json", cwd=folder).stdout)["sets"][0]["changed"] == ["square"]


def run_in_place(path):
    """Run a notebook and save it with its outputs, as JupyterLab would."""
    from autograder.student.kernel import run_notebook

    notebook = nbformat.read(path, as_version=4)
    run_notebook(notebook, path.parent, seconds=30, skip=set(), tell=lambda name: None)
    nbformat.write(notebook, path)
    return notebook


def test_the_page_asks_nothing_of_any_host_and_names_what_is_next(place, tmp_path):
    folder = place(**{"ps01_plain": plain(), "ps02_<b>": plain(), "ps03_broken": '{"nbgrader": ['})
    course("start", folder.name, "--html", cwd=tmp_path)
    text = (tmp_path / "progress.html").read_text()
    assert "Open <code>mine/ps01_plain/ps01_plain.ipynb</code>" in text
    assert "default-src 'none'" in text
    assert "<b>" not in text
    assert "is not a whole notebook" in text
    assert "http" not in text.replace("http-equiv", "")


def test_progress_in_a_cell_has_the_words_of_the_verdicts():
    code = "from course.checks import Check\nimport course\nprint(course.progress())\n"
    code += "def f(x):\n    return x\n" + CHECK.format(name="f", points=2) + "print(course.progress())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.startswith("No check has run here yet")
    assert "0 of 2 points in the checks that have run here" in said
    assert "  wrong  f  0 of 2    the result is wrong" in said


def test_an_import_that_the_grader_forbids_is_told(place):
    notebook = checked(pair("square", "from course.optimizers import Adam\n\n\n" + WHOLE), pair("square_too", CUBE))
    notebook.metadata["autograder"] = {"forbidden": ["course.optimizers"]}
    told = checked_as_json(place(ps03_powers=notebook), "ps03", status=1)
    assert told["notes"][0].startswith("course.optimizers is imported: where the notebook is graded")


def test_a_students_commands_need_neither_a_gradebook_nor_what_only_linux_has(place):
    hidden = "fcntl resource pwd grp termios nbgrader sqlalchemy bleach jupytext matplotlib".split()
    code = f"import sys; sys.modules.update(dict.fromkeys({hidden})); from autograder.cli import main; main()"
    folder = place(ps01_plain=plain())
    for command in (["start", "--html"], ["check", "ps01"], ["submit", "ps01", "--no-check", "--name", "ada"]):
        call = [sys.executable, "-c", code, *command, "--json"]
        assert json.loads(subprocess.run(call, cwd=folder, capture_output=True, text=True, check=True).stdout)
