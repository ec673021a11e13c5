"""A class of attackers, beginners and broken files is graded: no mark is forged, nobody gets out, nobody else is hurt.

The submissions are data, in ``corpus/``; ``corpus/reading.py`` says how to add one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.collect import collect
from autograder.engine import SandboxRunner
from autograder.errors import GraderError
from autograder.feedback import write_feedback
from autograder.grading import grade, plan
from autograder.root import Root
from autograder.sandbox import SandboxUnavailable
from autograder.sandbox.walls import find_walls
from tests.autograder.corpus import classroom, strange_files  # noqa: F401 - which adds to MALFORMED
from tests.autograder.corpus.archives import ARCHIVES, pack
from tests.autograder.corpus.edits import EDITS
from tests.autograder.corpus.malformed import MALFORMED
from tests.autograder.corpus.reading import FULL, NAME, Case, read_cases

HOSTILE, BUGGY = [*read_cases("hostile"), *EDITS], read_cases("buggy")
BETWEEN = 12  # hostile submissions before the next honest one


def _class() -> dict[str, Case]:
    """Name the students so that they are graded in an order in which honest ones stand between the others."""
    cases: list[Case] = []
    for number, case in enumerate([*HOSTILE, *BUGGY, *MALFORMED]):
        if number % BETWEEN == 0:
            cases.append(Case("honest", f"honest_{number // BETWEEN}", "is right, and does no harm", FULL))
        cases.append(case)
    return {f"{place:03d}-{case.name.replace('_', '-')}": case for place, case in enumerate(cases, 1)}


CLASS = _class()
try:
    find_walls()
except SandboxUnavailable as error:
    pytestmark = pytest.mark.skip(reason=str(error))


@dataclass
class Graded:
    """What became of the class, and of what is around it."""

    root: Root
    scores: dict[str, dict[str, Any]]
    errors: dict[str, str]
    before: dict[str, str]
    after: dict[str, str]
    left: list[str]
    heard: list[str]
    running: set[int]

    def notebook(self, student: str) -> str:
        path = self.root.folder("autograded", student, NAME) / f"{NAME}.ipynb"
        return path.read_text(encoding="utf-8") if path.is_file() else ""


@pytest.fixture(scope="module")
def graded():
    """The class, graded once by two workers."""
    place = Path(tempfile.mkdtemp(prefix="corpus-"))
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    try:
        with pytest.MonkeyPatch.context() as patch:
            root, places = classroom.make_course(place)
            for name, value in {"HOME": places["home"], "TMPDIR": f"{place}/temporary", "XDG_CACHE_HOME": cache}.items():
                patch.setenv(name, value)
            patch.setattr(tempfile, "tempdir", None)
            yield _grade(place, root, places)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _grade(place: Path, root: Root, places: dict[str, str]) -> Graded:
    with classroom.Listeners(place / "home") as listeners:
        for student, case in CLASS.items():
            classroom.hand_in(root, student, case, places | {"port": str(listeners.port)})
        _open_to_all(place)
        classroom.keep_orphans()
        running, before = classroom.descendants(), classroom.listing(place)
        done = list(grade(root, plan(root, NAME), workers=2, runner=SandboxRunner()))
        after, left = classroom.listing(place), classroom.loot()
        return Graded(
            root,
            classroom.scores(root),
            {each.student: each.error for each in done if each.error},
            before,
            after,
            left,
            listeners.heard(),
            classroom.descendants() - running,
        )


def _open_to_all(place: Path) -> None:
    """Let anybody read and write: the walls keep a student out, not the modes."""
    for where, folders, names in os.walk(place):
        for path in [where, *(os.path.join(where, name) for name in [*folders, *names])]:
            if not os.path.islink(path):
                os.chmod(path, os.stat(path).st_mode | (0o777 if os.path.isdir(path) else 0o666))


def parametrized(cases: list[Case]):
    """Run a test for each of these submissions; what is still open is expected to fail, and to be told when it does not."""
    marked = [
        pytest.param(student, id=case.name, marks=[pytest.mark.xfail(reason=case.open)] if case.open else [])
        for student, case in CLASS.items()
        if case in cases
    ]
    return pytest.mark.parametrize("student", marked)


def test_the_corpus_is_as_large_as_was_asked_for():
    assert (len(HOSTILE) >= 60, len(BUGGY) >= 25, len(MALFORMED) >= 20) == (True, True, True)
    assert len({case.name for case in CLASS.values()}) == len(CLASS), "each has a name of its own"


@parametrized(HOSTILE)
def test_a_hostile_submission_earns_what_its_honest_cells_earn_and_no_more(graded, student):
    check(graded, student)


@parametrized(BUGGY)
def test_a_buggy_submission_earns_what_its_healthy_cells_earn(graded, student):
    check(graded, student)


@parametrized(MALFORMED)
def test_a_malformed_submission_ends_with_a_mark_or_a_reason(graded, student):
    check(graded, student)


@parametrized([case for case in CLASS.values() if case.kind == "honest"])
def test_an_honest_submission_between_them_keeps_full_marks(graded, student):
    check(graded, student)


def check(graded: Graded, student: str) -> None:
    case = CLASS[student]
    if case.error:
        assert case.error in graded.errors[student]
        return
    assert student not in graded.errors
    assert graded.scores[student] == case.earns, case.does
    assert case.shows in graded.notebook(student)


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_harmful_zip_is_refused_with_the_reason_and_unpacks_nothing_outside(tmp_path, name):
    root, origin, reason = Root.make(tmp_path / "course"), pack(name, tmp_path), ARCHIVES[name][1]
    if reason.startswith("["):
        became = {each.status: each.note for each in collect(root, NAME, [NAME], origin)}
        assert reason.strip("[]") in became["refused"]
        assert "new" in became, "what is right in it is collected"
    else:
        with pytest.raises(GraderError, match=reason):
            list(collect(root, NAME, [NAME], origin))
    files = [path for path in tmp_path.rglob("*") if path.is_file() and "submitted" not in path.parts]
    assert {path.name for path in files} == {"nbgrader_config.py", origin.name}
    assert not any(path.is_symlink() for path in tmp_path.rglob("*"))
    assert classroom.loot() == []


def test_nobody_reads_a_secret(graded):
    for student in CLASS:
        text = graded.notebook(student)
        assert [secret for secret in classroom.SECRETS if secret in text] == [], student


def test_nobody_sees_a_hidden_test_or_the_seed_of_its_data(graded):
    for student in CLASS:
        notebook = json.loads(graded.notebook(student) or '{"cells": []}')
        for cell in notebook["cells"]:
            if not cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_"):
                assert classroom.HIDDEN not in json.dumps(cell), student
                shown = json.dumps(cell.get("outputs", []))
                assert not re.search(rf"\b{notebook['metadata']['autograder']['seed']}\b", shown), student


def test_nothing_outside_is_changed_or_left_behind(graded):
    written = ("course/autograded", "course/gradebook.db", "course/journal")  # by the grader itself
    changed = {path for path, _ in graded.before.items() ^ graded.after.items() if not path.startswith(written)}
    assert changed == set()
    assert graded.left == []
    kinds = {stat.S_IFMT(path.lstat().st_mode) for path in (graded.root.path / "autograded").rglob("*")}
    assert kinds == {stat.S_IFREG, stat.S_IFDIR}, "no link, pipe or device is copied"


def test_nothing_is_sent_to_anybody(graded):
    assert graded.heard == []


def test_nothing_is_left_running(graded):
    assert graded.running == set()


def test_everybody_is_graded_and_nobody_is_graded_twice(graded):
    assert set(graded.scores) | set(graded.errors) == set(CLASS) | {"000-peer"}
    assert {job.student for job in plan(graded.root, NAME).jobs} == set(graded.errors)


def test_a_page_of_feedback_runs_nothing_and_tells_no_secret(graded):
    active = [student for student in CLASS if re.search(r"alert\(|\\u001b|\\u202e", graded.notebook(student))]
    assert len(active) > 5
    for path in write_feedback(graded.root, NAME, active):
        page = path.read_text(encoding="utf-8").partition("<body")[2]
        assert not re.search(r"<(script|style|iframe|object|embed|form|meta|svg|base)\b", page, re.IGNORECASE), path
        assert not re.search(r"<[^>]*\s(on\w+|href=.?javascript|src=.?http)\s*[=:]", page, re.IGNORECASE), path
        assert [secret for secret in (*classroom.SECRETS, classroom.HIDDEN) if secret in page] == [], path
