"""The exercises that students open are what the sources build, and give nothing away."""

import re
from pathlib import Path

import nbformat
import pytest

from autograder.grading import grade, plan
from autograder.release import find_leaks, release
from autograder.results import read_results
from autograder.root import Root
from solutions.problem_set import HERE, ProblemSet

PUBLISHED = HERE.parent / "notebooks" / "exercises"
SETS = sorted(path.name for path in HERE.glob("ps*_*"))
ROW = re.compile(r"\| \[(\d+): ([^]]+)\]\(\.\./(notebooks/\S+)\) \| (\d+) \| ([\d, ]+) \| (.*) \|")
TABLE = ROW.findall((HERE.parent / "docs" / "problem_sets.md").read_text(encoding="utf-8"))
POINTS = {Path(notebook).stem: int(points) for _, _, notebook, points, _, _ in TABLE}
TITLES = {number: title for number, title, *_ in TABLE}


@pytest.mark.parametrize("name", SETS)
def test_as_released_it_scores_nothing_and_with_the_model_answers_everything(name, tmp_path):
    root, problems = Root.make(tmp_path / "course"), ProblemSet(HERE / name)
    release(HERE / name, root)
    for student, answers in {"untouched": {}, "model": {f: problems.model(f) for f in problems.functions}}.items():
        notebook = nbformat.read(PUBLISHED / name / f"{name}.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.id, cell.source)
        folder = root.folder("submitted", student, name)
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    assert [graded.error for graded in grade(root, plan(root, name))] == [None, None]
    model, untouched = read_results(root, name).students
    assert sum(item.out_of for item in model.items) == POINTS[name], "the gradebook promises other points"
    by_machine = [item for item in model.items if not item.by_hand]
    assert [item.points for item in by_machine] == [item.out_of for item in by_machine]
    assert {item.points for item in untouched.items} == {0}
    assert model.notes == untouched.notes == []


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return Root.make(tmp_path_factory.mktemp("course"))


@pytest.mark.parametrize("name", SETS)
def test_building_again_changes_no_byte_of_the_published_exercise(name, root, tmp_path):
    built = release(HERE / name, root, tmp_path)
    files = sorted(path.relative_to(built) for path in built.rglob("*") if path.is_file())
    there = sorted(path.relative_to(PUBLISHED / name) for path in (PUBLISHED / name).rglob("*") if path.is_file())
    assert files == there, "run `make release`"
    for file in files:
        assert (built / file).read_bytes() == (PUBLISHED / name / file).read_bytes(), f"{file}: run `make release`"
    assert find_leaks(root.folder("source", ".", name), PUBLISHED / name) == []


@pytest.mark.parametrize("name", SETS)
def test_the_points_of_the_cells_are_those_of_the_syllabus_and_of_the_checks(name):
    problems = ProblemSet(HERE / name)
    assert sum(problems.points.values()) == POINTS[name]
    for function, mark in problems.grade({}).items():
        assert mark.verdict.out_of == mark.out_of, f"{function}: the check and the cell promise different points"


@pytest.mark.parametrize("name", SETS)
def test_a_released_notebook_is_valid_has_no_outputs_and_says_its_points(name):
    notebook = nbformat.read(PUBLISHED / name / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert f"{POINTS[name]} points" in notebook.cells[0].source


def test_the_guide_lists_ten_sets_of_370_points():
    assert list(POINTS) == SETS
    assert len(POINTS) == 10
    assert sum(POINTS.values()) == 370


@pytest.mark.parametrize(("number", "title", "path", "points", "lectures", "functions"), TABLE, ids=list(POINTS))
def test_notebook_and_guide_agree_on_title_points_lectures_and_functions(number, title, path, points, lectures, functions):
    problems = ProblemSet(HERE / Path(path).stem)
    notebook = nbformat.read(HERE.parent / path, as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert text.startswith(f"# Problem set {number}: {title}\n")
    assert re.findall(r"`([^`]+)`", functions) == problems.functions
    named = re.findall(r"[Ll]ecture (\d)", text)
    assert set(lectures.split(", ")) <= set(named), "the notebook does not name its lecture"


@pytest.mark.parametrize("name", SETS)
def test_a_notebook_calls_other_sets_by_their_names(name):
    notebook = nbformat.read(PUBLISHED / name / f"{name}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells)
    for number, title in re.findall(r"[Pp]roblem set (\d+)\**\s\(([^)]+)\)", text):
        assert title.startswith(TITLES[number]), f"problem set {number} is {TITLES[number]}"
