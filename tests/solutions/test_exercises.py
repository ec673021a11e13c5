"""The exercises that students open are what the sources build, and give nothing away."""

import nbformat
import pytest

from autograder.grading import grade, plan
from autograder.release import find_leaks, release
from autograder.results import read_results
from autograder.root import Root
from solutions.problem_set import HERE, ProblemSet

PUBLISHED = HERE.parent / "notebooks" / "exercises"
SETS = sorted(path.name for path in HERE.glob("ps*_*"))
POINTS = {
    "ps01_finite_differences": 30,
    "ps02_symbolic": 30,
    "ps03_forward_mode": 25,
    "ps04_reverse_mode": 50,
    "ps05_losses": 45,
    "ps06_mlp": 50,
    "ps07_gradient_descent": 40,
    "ps08_optimizers": 40,
    "ps09_regularization": 35,
    "ps10_depth": 25,
}


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
    graded = [cell for cell in problems.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert sum(cell.metadata.nbgrader.points for cell in graded) == POINTS[name]
    for function, mark in problems.grade({}).items():
        assert mark.verdict.out_of == mark.out_of, f"{function}: the check and the cell promise different points"


@pytest.mark.parametrize("name", SETS)
def test_a_released_notebook_is_valid_has_no_outputs_and_says_its_points(name):
    notebook = nbformat.read(PUBLISHED / name / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert f"{POINTS[name]} points" in notebook.cells[0].source
