"""What a student meets who opens a problem set in JupyterLab and runs it, untouched and solved."""

import nbformat
import pytest

from course.verdict import MIME_TYPE
from solutions.problem_set import HERE, ProblemSet

from .lab import jupyter, wait_for_kernel

pytestmark = pytest.mark.browser

PUBLISHED = HERE.parent / "notebooks" / "exercises"
SETS = sorted(path.name for path in HERE.glob("ps*_*"))
SCREEN = 40  # lines
TALL = {"width": 1600, "height": 10_000}  # so high that a notebook fits into two or three pictures


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("student")


@pytest.fixture(scope="module")
def address(folder):
    with jupyter(folder) as address:
        yield address


@pytest.fixture
def run_all(folder, address, page, screenshots):
    """Open a notebook, run all of its cells with the mouse, look at it, save it, and read what it holds then."""

    def run(notebook, name):
        path = folder / f"{name}.ipynb"
        nbformat.write(notebook, path)
        last = sum(cell.cell_type == "code" for cell in notebook.cells)
        page.set_viewport_size(TALL)  # JupyterLab leaves cells out of the page that are far out of sight
        page.goto(f"{address}lab/workspaces/{name}/tree/{path.name}?reset")
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        wait_for_kernel(address, path.name)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_selector(f".jp-CodeCell .jp-InputPrompt:has-text('[{last}]:')")
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_role("menuitem", name="Save Notebook", exact=False).first.click()
        page.wait_for_selector(".jp-mod-dirty", state="detached")
        page.add_style_tag(content=".Toastify { display: none }")
        height = page.evaluate("document.querySelector('.jp-WindowedPanel-outer').scrollHeight")
        for number, place in enumerate(range(0, height, TALL["height"] - 200), 1):
            page.evaluate(f"document.querySelector('.jp-WindowedPanel-outer').scrollTo(0, {place})")
            page.wait_for_timeout(1500)  # formulas
            page.screenshot(path=screenshots / f"{name}_{number}.png")
        assert "MathJax" not in page.inner_text(".jp-Notebook"), "a formula was not set"
        return nbformat.read(path, as_version=4)

    return run


def outputs_of(notebook, kind):
    return [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == kind]


def verdicts_of(notebook):
    return [o.data[MIME_TYPE] for o in outputs_of(notebook, "display_data") if MIME_TYPE in o.data]


def drawing_cells(notebook):
    """Name the cells that show a picture or a graph."""
    kinds = {"image/png", "text/vnd.mermaid"}
    return [c.id for c in notebook.cells if any(kinds & set(o.get("data", {})) for o in c.get("outputs", []))]


def read(name):
    return nbformat.read(PUBLISHED / name / f"{name}.ipynb", as_version=4)


@pytest.mark.parametrize("name", SETS)
def test_an_untouched_exercise_runs_through_and_says_what_is_to_do(name, run_all, heard):
    ran = run_all(read(name), f"{name}_untouched")
    assert all(len(error.traceback) <= SCREEN for error in outputs_of(ran, "error"))
    assert not outputs_of(ran, "error"), "the checks tell what is unwritten; nothing else need stop a student"
    verdicts = verdicts_of(ran)
    assert [verdict["name"] for verdict in verdicts] == list(ProblemSet(HERE / name).functions)
    assert all(verdict["points"] == 0 and verdict["reason"] == "not written yet" for verdict in verdicts)
    assert not drawing_cells(ran)
    assert heard == []


@pytest.mark.parametrize("name", SETS)
def test_a_solved_exercise_shows_full_marks_and_its_pictures(name, run_all, heard):
    problems, notebook = ProblemSet(HERE / name), read(name)
    for cell in notebook.cells:
        if cell.id in problems.functions:
            cell.source = problems.model(cell.id)
    ran = run_all(notebook, f"{name}_solved")
    assert not outputs_of(ran, "error")
    verdicts = verdicts_of(ran)
    assert len(verdicts) == len(problems.functions)
    assert all(verdict["points"] == verdict["out_of"] for verdict in verdicts)
    assert drawing_cells(ran) == list(problems.pictures)
    assert heard == []
