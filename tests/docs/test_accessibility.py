"""The site in a real browser, from a disk: read by axe-core, light and dark, on a phone and on a desk; nothing is cut."""

from importlib.resources import files

import pytest

from .clone import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGES = sorted(f"docs/{path.stem}" for path in (ROOT / "docs").glob("*.md"))
PAGES += ["index", "notebooks/lectures/L03_backpropagation", "notebooks/exercises/ps05_losses/ps05_losses"]
PAGES += ["api/course.optimizers", "api/course.widgets", "search"]
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
GRAVE = "serious", "critical"


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture(params=[PHONE, DESK], ids=["phone", "desk"])
def page(request, browser, scheme):
    """A fresh page, and all that it asked for or complained of."""
    context = browser.new_context(viewport=request.param, color_scheme=scheme)
    page = context.new_page()
    page.heard = []
    local = ("file:", "data:", "blob:")
    page.on("request", lambda request: request.url.startswith(local) or page.heard.append(request.url))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on("console", lambda said: said.type == "error" and page.heard.append(said.text))
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everyone(name, site, page):
    page.goto((site / f"{name}.html").as_uri())
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {preload: false})")["violations"]  # preloading fetches, which a disk refuses
    grave = [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in GRAVE]
    assert not grave
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen"
    assert not page.heard


def test_a_page_is_dark_where_the_reader_wants_it_dark(site, page, scheme):
    page.goto((site / "docs" / "student.html").as_uri())
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(map(int, colour.removeprefix("rgb(").rstrip(")").split(","))) / 3
    assert brightness < 64 if scheme == "dark" else brightness > 192


def test_search_works_from_a_disk(site, page):
    page.goto((site / "search.html").as_uri() + "?q=momentum")
    page.wait_for_selector("#search-results li a")
    assert not page.heard


def test_a_formula_has_the_font_that_its_brackets_need(site, page):
    page.goto((site / "notebooks" / "lectures" / "L03_backpropagation.html").as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"Course Math\"')")
    heights = page.evaluate("[...document.querySelectorAll('math mo')].map((mo) => mo.getBoundingClientRect().height)")
    assert max(heights) > 2 * min(height for height in heights if height), "no bracket has grown with what it holds"
