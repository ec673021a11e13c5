"""The ways of the three people, from a bare clone: what they type in a shell, and what they do with a mouse."""

import csv
import json
import subprocess
from io import StringIO

import nbformat
import pytest

from autograder.receipts import read_pack, sha256
from solutions.problem_set import HERE, ProblemSet, source_of
from tests.docs.clone import environment, make_clone

from .demos import looks, paint, settle
from .fit import assert_fits
from .lab import jupyter, wait_for_kernel

pytestmark = pytest.mark.browser

SET = "ps08_optimizers"
PROJECTOR = {"width": 1920, "height": 1080}

# Words of a demo that run out of it, or are cut.
CUT = """(root) => {
    const frame = root.getBoundingClientRect(), fields = "p, label, button, input[type=text], select";
    const shown = (each) => each.getClientRects().length && !each.closest(".course-heard");
    const beside = (at) => at.left < frame.left - 1 || at.right > frame.right + 1;
    const beyond = (at) => at.top < frame.top - 1 || at.bottom > frame.bottom + 1;
    const out = (at) => beside(at) || beyond(at);
    return [...root.querySelectorAll(fields)].filter(shown)
        .filter((each) => out(each.getBoundingClientRect()) || each.scrollWidth > each.clientWidth + 1)
        .map((each) => each.textContent || each.value);
}"""


@pytest.fixture
def clone(tmp_path):
    return make_clone(tmp_path / "course")


@pytest.fixture
def course(clone):
    """Type ``course …`` in the clone; give what it prints."""

    def run(*words, status=0, folder=clone):
        command = [clone / ".venv" / "bin" / "course", *words]
        done = subprocess.run(command, cwd=folder, env=environment(clone), capture_output=True, text=True, check=False)
        assert done.returncode == status, f"course {' '.join(map(str, words))}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.fixture
def lab(clone):
    """Serve a folder of the clone with its own JupyterLab."""
    return lambda folder: jupyter(folder, programs=clone / ".venv" / "bin", variables=environment(clone))


@pytest.fixture
def look(page, heard, screenshots):
    """Open a page of ours from the disk, see that it fits, and give its text."""

    def open_page(path, name):
        page.goto("about:blank")
        heard.clear()  # of a page whose server has ended, or of formgrader, which asks for MathJax from elsewhere
        page.goto(path.as_uri())
        assert_fits(page)
        page.screenshot(path=screenshots / f"way_{name}.png", full_page=True)
        assert heard == []
        return page.inner_text("body")

    return open_page


def open_in_file_browser(page, address, folders, name):
    """Double click through folders to a notebook, as everybody does."""
    page.goto(f"{address}lab?reset")
    for entry in (*folders, f"{name}.ipynb"):
        page.locator(".jp-DirListing-item").filter(has=page.get_by_text(entry, exact=True)).first.dblclick()
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
    wait_for_kernel(address, f"{name}.ipynb")


def cell_of(page, notebook, name):
    """Give the cell with this id on the page."""
    return page.locator(".jp-Notebook > .jp-WindowedPanel-outer .jp-Cell").nth([c.id for c in notebook.cells].index(name))


def misconception(problems, name):
    """Give one wrong answer of a function."""
    bank = problems.misconceptions[name]
    return source_of(bank, next(iter(bank)).answer)


def test_a_student_solves_checks_and_hands_in(clone, course, lab, look, page, heard, screenshots):
    exercises = clone / "notebooks" / "exercises"
    problems, path = ProblemSet(HERE / SET), exercises / SET / f"{SET}.ipynb"
    assert json.loads(course("start", "--json"))["next"] == "ps01_finite_differences"
    right, wrong = problems.functions[:2]
    answers = {right: problems.model(right), wrong: misconception(problems, wrong)}
    with lab(clone / "notebooks") as address:
        page.set_viewport_size({"width": 1600, "height": 10_000})  # so that all cells are on the page
        open_in_file_browser(page, address, ("exercises", SET), SET)
        notebook = nbformat.read(path, as_version=4)
        cell_of(page, notebook, "setup").locator(".cm-content").click()
        page.keyboard.press("Shift+Enter")
        for name, answer in answers.items():
            cell_of(page, notebook, name).locator(".cm-content").click()
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(answer)
            page.keyboard.press("Shift+Enter")
            check = cell_of(page, notebook, f"test_{name}")
            check.locator(".cm-content").click()
            page.keyboard.press("Shift+Enter")
            check.locator(".jp-OutputArea-output").first.wait_for()
        said = {name: cell_of(page, notebook, f"test_{name}").locator(".jp-OutputArea").inner_text() for name in answers}
        page.set_viewport_size({"width": 1600, "height": 1000})
        cell_of(page, notebook, f"test_{wrong}").scroll_into_view_if_needed()
        page.screenshot(path=screenshots / "way_student_verdict.png")
        page.keyboard.press("Control+S")
        page.wait_for_selector(".jp-mod-dirty", state="detached")
        assert heard == []
    assert "5 of 5 points" in said[right]
    assert "wrong" in said[wrong]
    checked = json.loads(course("check", "ps08", "--json", status=1))
    found = {function["function"]: function for function in checked["functions"]}
    assert found[right]["points"] == found[right]["out_of"] == 5
    assert found[wrong]["wrong"] in " ".join(said[wrong].split()), "the same words"
    assert found[wrong]["wrong"] in " ".join(course("check", "ps08", status=1).split())
    course("start", "--html")
    assert "5 of 40" in look(clone / "progress.html", "student_progress").replace("\n", " ")
    course("submit", "ps08", "--name", "Ada Lovelace")
    (packed,) = clone.glob("**/ps08_Ada-Lovelace_*.zip")
    receipt, content = read_pack(packed)
    assert content == path.read_bytes(), "what is handed in is what was saved"
    assert receipt.sha256 == sha256(content)
    assert (receipt.name, receipt.points, receipt.out_of) == ("Ada Lovelace", 5, 40)
    assert receipt.checked


def hand_in(path, released, answers, written=None):
    """Write what a student hands in."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
        if written and cell.id.startswith("written_"):
            cell.source = written
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def test_an_instructor_releases_collects_grades_and_returns(clone, course, lab, look, page, heard, screenshots):
    problems, build = ProblemSet(HERE / SET), clone / "build"
    model = {name: problems.model(name) for name in problems.functions}
    course("release", "ps08", "--course", "my-course")
    released, folder = build / "release" / SET / f"{SET}.ipynb", clone / "hand-ins"
    hand_in(clone / "ada" / SET / f"{SET}.ipynb", released, model, written="It hurts on a slope that turns.")
    course("submit", clone / "ada" / SET / f"{SET}.ipynb", "--name", "ada", "--to", folder)
    hand_in(folder / "bob.ipynb", released, model | {n: misconception(problems, n) for n in problems.functions[:2]})
    hand_in(folder / "eve.ipynb", released, {name: source.replace("velocity", "v") for name, source in model.items()})
    assert "3 new" in course("collect", "ps08", folder)
    marks = {each["student"]: each for each in json.loads(course("grade", "ps08", "--json"))["students"]}
    assert [marks[name]["points"] for name in ("ada", "eve")] == [36, 36]
    assert marks["bob"]["points"] < 36

    with lab(build) as address:
        page.goto(f"{address}formgrader/gradebook/{SET}/{SET}")
        page.get_by_text("Submission #").first.wait_for()
        page.goto(f"{address}formgrader/submissions/{submission_id(build, 'ada')}/?index=0")
        score = page.locator("input.score").last
        score.wait_for()
        score.click()
        page.keyboard.press("Control+A")
        page.keyboard.type("3.5")
        with page.expect_response(lambda answer: "/api/grade/" in answer.url) as saved:
            page.keyboard.press("Tab")
        assert saved.value.ok
        with page.expect_response(lambda answer: "/api/comment/" in answer.url) as saved:
            page.locator("textarea.comment").last.click()
            page.keyboard.type("Say which way it turns.")
            page.keyboard.press("Tab")
        assert saved.value.ok
        page.screenshot(path=screenshots / "way_instructor_formgrader.png")
    for again in (["--student", "ada"], ["--question", "Momentum", "--again"]):
        course("grade", "ps08", *again)
        course("export", "ps08")
        (table,) = (build / "marks").glob(f"{SET}.csv")
        rows = {row["student"]: row for row in csv.DictReader(StringIO(table.read_text()))}
        assert float(rows["ada"]["total"]) == 39.5, "what was given by hand stays"
    for words in (["feedback", "ps08"], ["report", "ps08"], ["similarity", "ps08"]):
        course(*words)
    page.set_viewport_size({"width": 1600, "height": 1000})
    text = look(build / "feedback" / "ada" / SET / f"{SET}.html", "instructor_feedback_ada")
    assert "39.5" in text
    assert "Say which way it turns." in text
    assert problems.functions[0] in look(build / "feedback" / "bob" / SET / f"{SET}.html", "instructor_feedback_bob")
    (report,) = (path for path in (build / "reports").glob("*.html") if "similar" not in path.name)
    assert "bob" in look(report, "instructor_report")
    (similar,) = (build / "reports").glob("*similar*.html")
    text = look(similar, "instructor_similarity")
    assert "ada" in text
    assert "eve" in text
    for platform in (["canvas"], ["moodle", "--identify", "username"], ["gradescope"]):
        course("export", "ps08", "--for", *platform)
        table = (build / "marks" / f"{SET}-{platform[0]}.csv").read_text()
        assert "39.5" in table


def submission_id(build, student):
    """Give the number under which formgrader shows a student's notebook."""
    from autograder.gradebook import open_gradebook
    from autograder.root import Root

    with open_gradebook(Root.open(build)) as gradebook:
        return gradebook.find_submission_notebook(SET, SET, student).id


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_a_lecturer_runs_a_lecture_and_moves_a_slider(theme, clone, lab, page, heard, screenshots):
    name = "L04_losses_and_gradient_descent"
    with lab(clone / "notebooks") as address:
        page.set_viewport_size(PROJECTOR)
        open_in_file_browser(page, address, ("lectures",), name)
        paint(page, theme)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        demo = page.locator(".course-demo").first
        page.wait_for_function("() => document.querySelector('.course-demo')?.dataset.drawn > 0")
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        page.keyboard.press("Control+S")
        page.wait_for_selector(".jp-mod-dirty", state="detached")
        cells = nbformat.read(clone / "notebooks" / "lectures" / f"{name}.ipynb", as_version=4).cells
        code = [cell for cell in cells if cell.cell_type == "code"]
        assert [cell.source for cell in code if cell.source and not cell.execution_count] == [], "all ran"
        assert [output for cell in code for output in cell.outputs if output.output_type == "error"] == []
        demo.scroll_into_view_if_needed()
        slider = demo.locator("input[type=range]").first
        seen, told = [looks(demo)], [demo.locator(".course-summary").inner_text()]
        slider.focus()
        page.keyboard.press("End")
        settle(page, demo)
        seen.append(looks(demo))
        told.append(demo.locator(".course-summary").inner_text())
        box = slider.bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2, steps=20)
        page.mouse.up()
        settle(page, demo)
        seen.append(looks(demo))
        told.append(demo.locator(".course-summary").inner_text())
        assert len(set(seen)) == len(set(told)) == 3, "three places, three pictures, three sentences"
        assert demo.evaluate(CUT) == []
        page.screenshot(path=screenshots / f"way_lecturer_{theme.split()[1].lower()}.png")
        assert heard == []
