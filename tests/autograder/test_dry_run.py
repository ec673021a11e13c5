"""`--dry-run` tells what would be done and changes no byte; `--json` prints one answer for a script, and nothing else."""

import json

import nbformat
import pytest

from autograder.grading import grade, plan
from autograder.runner import KernelRunner

from .conftest import MODEL, NAME, SETS
from .runs import Marker
from .test_cli import run


def everything(*folders):
    """Give every file below some folders, with its bytes and time."""
    files = [path for folder in folders for path in sorted(folder.rglob("*"))]
    return {path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None) for path in files}


@pytest.fixture
def course(root, tmp_path):
    """Run a command on the test's course directory; give what it printed, read as JSON if it was asked for."""

    def call(command, *arguments, status=0):
        said = run(command, *arguments, "--root", root.path, status=status).stdout
        return json.loads(said) if "--json" in arguments else said

    return call


def test_no_dry_run_changes_a_byte_and_each_tells_what_would_be_done(root, toy, hand_in, course, tmp_path):
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    for student in ("ada", "ben"):
        nbformat.write(toy(**MODEL), inbox / f"{student}.ipynb")
    hand_in("ben", toy())
    hand_in("carl", toy(**MODEL))
    list(grade(root, plan(root, "ps01", students=["carl"]), runner=Marker()))
    before = everything(tmp_path)
    told = course("release", "ps01", "--solutions", SETS, "--to", out, "--dry-run", "--json")
    assert told["released"][0]["changes"] == ["data.csv", f"{NAME}.ipynb"]
    told = course("collect", "ps01", inbox, "--dry-run", "--json")
    assert {each["student"]: each["status"] for each in told["hand_ins"]} == {"ada": "new", "ben": "changed"}
    assert told["counts"] == {"new": 1, "changed": 1}
    assert course("grade", "ps01", "--dry-run", "--json")["to_grade"] == ["ben"]
    assert "would grade 1 of 2 submissions of ps01_toy: ben" in course("grade", "ps01", "--dry-run")
    assert len(course("feedback", "ps01", "--dry-run", "--json")["pages"]) == 1
    assert "would write the marks of 1 students" in course("export", "ps01", "--dry-run")
    assert everything(tmp_path) == before


def test_a_release_that_changes_nothing_says_so_and_needs_no_course_directory(tmp_path):
    arguments = ["release", "ps01", "--solutions", SETS, "--to", tmp_path / "out", "--root", tmp_path / "course"]
    dry = run(*arguments, "--dry-run", status=0).stdout
    assert f"data.csv, {NAME}.ipynb would change there" in dry
    assert list(tmp_path.iterdir()) == []
    run(*arguments, status=0)
    assert "nothing would change there" in run(*arguments, "--dry-run", status=0).stdout


def test_with_json_stdout_is_one_answer_and_all_else_is_on_stderr(root, toy, hand_in, course):
    hand_in("ada", toy(**MODEL))
    told = course("grade", "ps01", "--unsafe", "--workers", 1, "--json")
    assert (told["graded"], told["failed"]) == (["ada"], {})
    assert told["students"][0]["points"] == 6
    assert told["students"][0]["waiting"] == 3
    assert course("grade", "ps01", "--json")["graded"] == []
    assert course("feedback", "ps01", "--json")["pages"][0].endswith(f"ada/{NAME}/{NAME}.html")
    assert course("export", "ps01", "--json")["students"] == 1
    assert course("report", "ps01", "--json")["path"].endswith("ps01_toy.html")
    assert KernelRunner().check() not in str(told)
