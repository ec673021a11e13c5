"""The guides hold: what they tell people to type works in a bare clone, from first to last, and prints what they say."""

import re
import shutil

import nbformat
import pytest

from autograder.cli import course
from solutions.problem_set import HERE, ProblemSet

from .clone import ROOT, make_clone
from .guides import agrees, steps
from .shell import follow

GUIDES = ["README.md", "docs/student.md", "docs/lecturer.md", "docs/instructor.md", "docs/new_problem_set.md"]
LEFT_OUT = {  # and why
    "make test": "runs this test",
    "python -m venv .venv": "needs the network; `make` does the same, and every run of the tests begins with it",
    'python -m pip install -e ".[lab]"': "needs the network, as above",
}
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def hand_in_a_zip(clone):
    """A class hands in, for the README."""
    name = "ps08_optimizers.ipynb"
    (clone / "class").mkdir()
    shutil.copy(clone / "notebooks" / "exercises" / "ps08_optimizers" / name, clone / "class" / "ada.ipynb")
    shutil.make_archive(str(clone / "submissions"), "zip", clone / "class")


def solve(clone):
    """A student writes the functions of a set."""
    path = clone / "notebooks" / "exercises" / "ps08_optimizers" / "ps08_optimizers.ipynb"
    notebook, problems = nbformat.read(path, as_version=4), ProblemSet(HERE / "ps08_optimizers")
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in problems.functions:
            cell.source = problems.model(name)
    nbformat.write(notebook, path)


BEFORE = {"README.md": [solve, hand_in_a_zip], "docs/student.md": [solve]}


@pytest.mark.slow
@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_works_when_it_is_followed_literally_in_a_bare_clone(guide, tmp_path):
    clone = make_clone(tmp_path / "course")
    for prepare in BEFORE.get(guide, []):
        prepare(clone)
    typed = [step for step in steps(clone / guide) if step.command not in LEFT_OUT]
    assert typed
    done = follow(typed, clone)
    for step, status, said in done:
        assert status == step.status, f"{step.command}\n{said}"
        assert agrees(step.prints, said), f"{step.command}\n{said}"
    assert len(done) == len(typed)


def course_commands(page):
    """Each `course …` of a page, in a block or in a sentence, as a list of its words."""
    text = page.read_text(encoding="utf-8")
    sentences = re.findall(r"`(course [^`|]*)`", text)
    blocks = re.findall(r"^ *(?:\$ )?(?:\.\./|\.)?(?:venv/bin/)?(course [a-z][^#>\n]*)", text, re.MULTILINE)
    return [re.findall(r"'[^']*'|\"[^\"]*\"|\S+", command)[1:] for command in sentences + blocks]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_a_page_names_is_there(page):
    for name, *words in course_commands(page):
        if name.startswith("-") or "|" in name:
            continue
        assert name in course.commands, f"course {name}"
        known = {option for parameter in course.commands[name].params for option in parameter.opts}
        for option in (word.partition("=")[0] for word in words if word.startswith("--")):
            assert option in known | {"--help"}, f"course {name} {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_target_that_a_page_names_is_in_the_makefile(page):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = re.findall(r"(?:`|^ +|\$ )make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= set(targets)


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_tells_people_to_type_something(guide):
    assert len(steps(ROOT / guide)) >= 4


def test_what_is_left_out_is_still_in_a_guide():
    typed = {step.command for guide in GUIDES for step in steps(ROOT / guide)}
    assert set(LEFT_OUT) <= typed


def test_a_command_that_prints_something_else_is_noticed():
    assert agrees(("...", "ada 0  0"), "a table\n ada    0      0\n")
    assert not agrees(("ada 0",), "ben 0")
    assert agrees((), "whatever")


def test_every_page_is_in_the_table_of_contents():
    contents = (ROOT / "docs" / "site" / "index.md").read_text(encoding="utf-8")
    assert {path.stem for path in (ROOT / "docs").glob("*.md")} == set(re.findall(r"^docs/(\w+)$", contents, re.MULTILINE))
