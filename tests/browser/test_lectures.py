"""The lectures on a projector: run in JupyterLab, every slider moved by real keys, and looked at, light and dark."""

import json
from itertools import count

import nbformat
import pytest

from course import widgets
from notebooks.build import build, sources

from .demos import looks, paint, settle
from .lab import jupyter, wait_for_kernel

pytestmark = pytest.mark.browser

PROJECTOR = {"width": 1920, "height": 1080}
KERNEL = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lectures")
    for name, settings in SETTINGS.items():
        place = folder / ".jupyter" / "lab" / "user-settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(settings))
    for source in sources():
        nbformat.write(build(source), folder / f"{source.stem}.ipynb")
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with jupyter(folder) as address:
        yield address


@pytest.fixture
def opened(folder, address, page):
    """Open a notebook and run all of its cells with the mouse."""

    def run(name, place="lab/workspaces/{}/tree/{}.ipynb?reset", wait_for=None):
        page.set_viewport_size(PROJECTOR)
        page.goto(address + place.format(name, name))
        page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        wait_for_kernel(address, f"{name}.ipynb")
        cells = nbformat.read(folder / f"{name}.ipynb", as_version=4).cells
        last = wait_for or sum(cell.cell_type == "code" for cell in cells)
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_selector(f".jp-CodeCell .jp-InputPrompt:has-text('[{last}]:')")
        if wait_for is None:
            page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        page.wait_for_timeout(500)
        return page.locator(".course-demo")

    return run


@pytest.fixture
def show(request, folder, opened):
    """Open a notebook that has one demo, or a few lines that end in one."""
    shown = count()

    def run(*code, waits=True, **options):
        name = f"{request.node.name}_{next(shown)}"
        cells = [nbformat.v4.new_code_cell(each) for each in ("from course import widgets", *code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL}), folder / f"{name}.ipynb")
        demo = opened(name, **options).first
        if waits:
            demo.scroll_into_view_if_needed()
        return demo

    return run


@pytest.mark.parametrize("name", [source.stem for source in sources()])
def test_a_lecture_runs_and_every_slider_of_every_demo_changes_the_picture(name, opened, page, heard, screenshots):
    demos = opened(name)
    assert demos.count()
    assert not page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']").count()
    for k in range(demos.count()):
        demo = demos.nth(k)
        demo.scroll_into_view_if_needed()
        page.wait_for_function("(root) => root.dataset.drawn > 0", arg=demo.element_handle())
        still = move_all(page, demo)
        assert not still, f"{name}, demo {k}: {still} changed nothing"
        page.screenshot(path=screenshots / f"{name}_{k}_light.png")
    paint(page, "JupyterLab Dark")
    for k in range(demos.count()):
        demos.nth(k).scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        page.screenshot(path=screenshots / f"{name}_{k}_dark.png")
    paint(page, "JupyterLab Light")
    assert "MathJax" not in page.inner_text(".jp-Notebook"), "a formula was not set"
    assert heard == []


def move_all(page, demo):
    """Move each slider with the presenter's keys; name those that left the picture and the words as they were.

    A slider that counts in another mode only has its turn again in that.
    """
    if demo.get_by_role("button", name="Play").count():
        demo.get_by_role("button", name="Play").click()  # a rate is seen in what follows
    still = [slider for slider in demo.locator("input[type=range]").all() if not moves(page, demo, slider)]
    for mode in demo.locator("input[type=checkbox]").all() if still else []:
        mode.click()
        still = [slider for slider in still if not moves(page, demo, slider)]
    for mode in demo.locator("select").all() if still else []:
        for option in mode.locator("option").all_inner_texts():
            mode.select_option(option)
            still = [slider for slider in still if not moves(page, demo, slider)]
    if demo.get_by_role("button", name="Pause").count():
        demo.get_by_role("button", name="Pause").click()
    return [slider.evaluate("(slider) => slider.parentElement.dataset.name") for slider in still]


def moves(page, demo, slider):
    """Tell whether a slider changes what is seen."""
    settle(page, demo)
    before = looks(demo), demo.locator(".course-summary").inner_text()
    slider.focus()
    for key in ("PageUp", "PageDown", "Home", "End", "ArrowLeft"):
        page.keyboard.press(key)
        settle(page, demo)
        assert not demo.locator(".course-problem").inner_text()
        if key in ("Home", "End") and (looks(demo), demo.locator(".course-summary").inner_text()) != before:
            return True
    return False


def test_letters_on_a_slider_are_no_commands_on_cells(show, page, heard):
    demo = show("widgets.learning_rate()")
    before = page.locator(".jp-Cell").count()
    demo.locator("input[type=range]").first.focus()
    for key in "xbjadk":
        page.keyboard.press(key)
    page.wait_for_timeout(500)
    assert page.locator(".jp-Cell").count() == before
    assert demo.locator("input[type=range]").first.evaluate("(slider) => slider === document.activeElement")


def test_every_control_has_a_name_and_a_value_for_a_screen_reader(show, page):
    demo = show("widgets.ravine()")
    for slider in demo.get_by_role("slider").all():
        assert slider.get_attribute("aria-valuetext")
        assert slider.evaluate("(slider) => slider.labels[0].textContent")
    assert demo.get_attribute("aria-label")
    assert all(len(picture.get_attribute("aria-label")) > 40 for picture in demo.get_by_role("img").all())
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") in {"solid", "auto", "none"}


def test_what_is_typed_wrong_becomes_a_sentence_and_the_next_move_works(show, page, heard):
    demo = show("widgets.learning_rate()")
    typed = demo.locator("input[type=text]").first
    typed.fill("abc")
    typed.press("Enter")
    problem = demo.locator(".course-problem")
    page.wait_for_function("(told) => told.textContent.includes('abc')", arg=problem.element_handle())
    picture = looks(demo)
    demo.locator("input[type=range]").nth(1).focus()
    page.keyboard.press("PageUp")
    settle(page, demo)
    assert not problem.inner_text()
    assert looks(demo) != picture
    typed.fill("0,5")
    typed.press("Enter")
    settle(page, demo)
    assert "η = 0.5," in demo.locator(".course-summary").inner_text()
    assert heard == []


def test_a_handle_is_dragged_with_the_mouse_and_its_slider_follows(show, page, heard):
    demo = show("widgets.losses()")
    place = """(root) => {
        const canvas = [...root.querySelectorAll("canvas")].find((each) => each.panel.handles?.some((knob) => knob.y));
        const box = canvas.getBoundingClientRect(), [x, y] = canvas.panel.handles.find((knob) => knob.y).at;
        return [box.x + canvas.place.x(x), box.y + canvas.place.y(y)];
    }"""
    x, y = demo.evaluate(place)
    slider = demo.locator("[data-name=outlier_y] input[type=range]")
    before, picture = slider.input_value(), looks(demo)
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(1, 20):
        page.mouse.move(x - k, y + 4 * k)
    page.mouse.up()
    settle(page, demo)
    assert slider.input_value() != before
    assert looks(demo) != picture
    now = demo.evaluate(place)
    assert abs(now[1] - (y + 76)) < 12, "the handle stays under the mouse"
    assert heard == []


def test_the_last_value_of_a_fast_drag_is_the_one_that_stays(show, page, heard):
    code = """import time
demo = widgets.losses()
quick = demo._picture
demo._picture = lambda **values: (time.sleep(0.1), quick(**values))[1]
demo"""
    demo = show(code)
    slider = demo.locator("[data-name=outlier_y] input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    settle(page, demo)
    before = int(demo.get_attribute("data-reels"))
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    settle(page, demo)
    last = widgets.losses().controls["outlier_y"].places()[30]
    assert demo.locator(".course-summary").inner_text() == widgets.losses().frame(outlier_y=last).summary
    assert int(demo.get_attribute("data-reels")) - before < 25, "values that were passed by are not computed"


def test_a_training_plays_pauses_steps_starts_again_and_is_shared(show, page, heard, screenshots):
    demo = show("demo = widgets.training(); demo")
    start = looks(demo)

    def button(name):
        return demo.get_by_role("button", name=name)

    def steps():
        return int(demo.locator(".course-summary").inner_text().split()[1])

    button("Play").click()
    page.wait_for_timeout(1500)
    button("Pause").click()
    page.wait_for_timeout(300)
    paused, at = looks(demo), steps()
    assert at > 0
    page.wait_for_timeout(700)
    assert looks(demo) == paused
    button("Step").click()
    page.wait_for_timeout(500)
    assert at < steps() < at + 50
    button("Share as code").click()
    code = demo.locator("textarea").input_value()
    assert "import" in code
    compile(code, "shared", "exec")
    page.screenshot(path=screenshots / "training_shared.png")
    button("Close").click()
    button("Reset").click()
    page.wait_for_timeout(500)
    assert looks(demo) == start
    assert heard == []


def test_what_was_moved_while_a_cell_was_busy_is_seen_as_soon_as_it_ends(show, page, heard):
    demo = show("widgets.losses()", "import time\ntime.sleep(5)", wait_for=2)
    demo.locator("[data-name=outlier_y] input[type=range]").focus()
    page.keyboard.press("Home")
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    settle(page, demo)
    last = widgets.losses().controls["outlier_y"].places()[20]
    assert demo.locator(".course-summary").inner_text() == widgets.losses().frame(outlier_y=last).summary
    assert int(demo.get_attribute("data-reels")) < 10, "there is no backlog"
    assert heard == []


def test_notebook_7_shows_the_demos_too(show, page, address, heard, screenshots):
    show("1 + 1", place="notebooks/{1}.ipynb", waits=False)
    of_its_own, heard[:] = set(heard), []  # what Notebook 7 says of itself, with nothing of ours in it
    demo = show("widgets.ravine()", place="notebooks/{1}.ipynb")
    assert not move_all(page, demo)
    page.screenshot(path=screenshots / "notebook7_ravine.png")
    assert set(heard) <= of_its_own


def test_all_demos_stand_in_one_page_without_an_error(show, page, heard):
    lines = "\n".join(f"display(widgets.{name}())" for name in widgets.__all__)
    show(lines)
    demos = page.locator(".course-demo")
    assert demos.count() == len(widgets.__all__)
    assert all(demo.get_attribute("data-drawn") for demo in demos.all())
    assert heard == []
