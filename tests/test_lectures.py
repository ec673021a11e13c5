"""The lectures: every topic is taught, every link leads somewhere, and each runs from top to bottom and as slides."""

import re

import nbformat
import pytest

from course import widgets
from notebooks.build import LECTURES, build, sources, text_of

ROOT = LECTURES.parents[1]
SETS = sorted(path.name for path in (ROOT / "solutions").glob("ps[0-9][0-9]_*"))
TOPICS = range(1, 23)
LINK = re.compile(r"\]\(([^)#\s]+)\)")
DEMO = re.compile(r"^widgets\.(\w+)\(.*\)$", re.MULTILINE)


@pytest.fixture(scope="module", params=sources(), ids=lambda source: source.stem)
def source(request):
    return request.param


@pytest.fixture(scope="module")
def lecture(source):
    return build(source)


@pytest.fixture(scope="module")
def ran(source, tmp_path_factory):
    """The lecture, run by a real kernel."""
    from nbclient import NotebookClient

    notebook = build(source)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(LECTURES)}}).execute()
    return notebook


def words_of(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def headings(notebook):
    return re.findall(r"^## (\d+)\. ", words_of(notebook), re.MULTILINE)


def test_there_are_nine_lectures():
    assert [build(source).metadata["lecture"]["number"] for source in sources()] == list(range(1, 10))


def test_every_topic_of_the_syllabus_has_a_section_in_a_lecture():
    taught = {int(number) for source in sources() for number in headings(build(source))}
    assert taught == set(TOPICS)


def test_a_lecture_teaches_the_topics_that_it_names(lecture):
    assert sorted({int(number) for number in headings(lecture)}) == sorted(lecture.metadata["lecture"]["topics"])


def test_what_people_open_is_built_from_the_source(source):
    assert source.with_suffix(".ipynb").read_text(encoding="utf-8") == text_of(source), "run `make release`"


def test_everything_that_a_lecture_links_to_is_there(source, lecture):
    links = [link for link in LINK.findall(words_of(lecture)) if not link.startswith(("http", "#"))]
    assert links
    missing = [link for link in links if not (source.parent / link).is_file()]
    assert not missing


def test_a_lecture_and_its_problem_sets_name_each_other(source, lecture):
    sets = lecture.metadata["lecture"]["problem_sets"]
    assert sets
    for name in sets:
        assert f"exercises/{name}/{name}.ipynb" in words_of(lecture)
        header = (ROOT / "solutions" / name / f"{name}.py").read_text(encoding="utf-8").split('"""\n\n# %%')[0]
        assert f"lectures/{source.stem}.ipynb" in header


@pytest.mark.parametrize("name", SETS)
def test_every_problem_set_has_its_lecture(name):
    text = nbformat.read(ROOT / "notebooks" / "exercises" / name / f"{name}.ipynb", as_version=4).cells[0].source
    lectures = re.findall(r"\(\.\./\.\./lectures/(\w+)\.ipynb\)", text)
    assert lectures
    for lecture in lectures:
        assert name in build(LECTURES / f"{lecture}.py").metadata["lecture"]["problem_sets"]


def test_every_demo_has_a_question_before_it_and_an_answer_after_it(lecture):
    cells = lecture.cells
    demos = [k for k, cell in enumerate(cells) if cell.cell_type == "code" and DEMO.search(cell.source)]
    assert demos
    for k in demos:
        assert cells[k - 1].source.startswith("**Ask the class.**"), cells[k].source
        assert cells[k + 1].source.startswith("**What it shows.**"), cells[k].source


def test_every_demo_is_in_a_lecture():
    shown = {name for source in sources() for name in DEMO.findall(source.read_text(encoding="utf-8"))}
    assert shown == set(widgets.__all__)


def test_a_lecture_has_all_its_parts(lecture):
    words = words_of(lecture)
    for part in ("What you will be able to do", "A two-minute quiz", "What to take home", "Where this goes on"):
        assert f"## {part}" in words
    assert words.count("<details>") == words.count("</details>") >= 4
    assert 40 <= lecture.metadata["lecture"]["minutes"] <= 75


def test_every_cell_has_its_place_on_the_slides(lecture):
    kinds = [cell.metadata.get("slideshow", {}).get("slide_type") for cell in lecture.cells]
    assert set(kinds) <= {"slide", "subslide", "fragment", "skip", "notes", "-"}
    assert kinds[0] == "slide"
    assert kinds.count("slide") >= 5


def test_no_output_is_kept_with_the_source(source):
    notebook = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    assert all(not cell.get("outputs") and not cell.get("execution_count") for cell in notebook.cells)


def test_a_lecture_runs_from_top_to_bottom(ran):
    said = [output for cell in ran.cells for output in cell.get("outputs", [])]
    assert not [output for output in said if output.output_type == "error"]
    assert not [output.text for output in said if output.output_type == "stream" and output.name == "stderr"]


def test_without_a_kernel_every_demo_is_a_picture_on_the_page_and_on_the_slides(ran, tmp_path):
    from nbconvert import HTMLExporter, SlidesExporter

    demos = sum(len(DEMO.findall(cell.source)) for cell in ran.cells if cell.cell_type == "code")
    for exporter in (HTMLExporter(embed_images=True), SlidesExporter()):
        exporter.register_preprocessor("notebooks.build.StaticDemos", enabled=True)
        page, _ = exporter.from_notebook_node(ran)
        assert page.count("data:image/png;base64") >= demos
        assert '<script type="application/vnd.jupyter.widget-view+json">' not in page
        assert "Traceback" not in page
    assert page.count("<section") > 10
