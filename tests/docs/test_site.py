"""The site: whole, without a broken link, and content with a disk."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag

import pytest

import course
from course import widgets

from .clone import ROOT

pytestmark = pytest.mark.slow

LOADS = {"img": "src", "script": "src", "iframe": "src", "audio": "src", "video": "src", "source": "src", "object": "data"}
OTHER_HOSTS = ("http:", "https:", "//")


class Page(HTMLParser):
    """What a page links to, what it loads, which places it has, and its pictures without words."""

    def __init__(self, path):
        super().__init__()
        self.links, self.loads, self.places, self.wordless, self.titles = [], [], set(), [], 0
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.places |= {given[name] for name in ("id", "name") if given.get(name)}
        self.titles += tag == "h1"
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "link" and "canonical" not in given.get("rel", ""):
            self.loads.append(given["href"])
        if tag in LOADS and given.get(LOADS[tag]):
            self.loads.append(given[LOADS[tag]])
        if tag == "img" and not given.get("alt", "").strip():
            self.wordless.append(given.get("src"))


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def test_every_page_of_the_course_is_there(site):
    notebooks = [*ROOT.glob("notebooks/lectures/L*.ipynb"), *ROOT.glob("notebooks/exercises/*/*.ipynb")]
    sources = [*notebooks, *ROOT.glob("docs/*.md")]
    assert len(notebooks) == 19
    missing = [path for path in sources if not (site / path.relative_to(ROOT).with_suffix(".html")).is_file()]
    assert not missing


def test_every_link_leads_somewhere(pages):
    broken = []
    for path, page in pages.items():
        for link in (*page.links, *page.loads):
            if link.startswith((*OTHER_HOSTS, "mailto:", "data:", "javascript:")):
                continue
            file, place = urldefrag(link)
            target = (path.parent / unquote(file.partition("?")[0])).resolve() if file else path
            whole = pages.get(target)
            if not target.exists() or (place and whole and unquote(place) not in whole.places):
                broken.append((path.name, link))
    assert not broken


def test_no_page_and_no_style_loads_anything_from_another_host(site, pages):
    assert not [(path.name, load) for path, page in pages.items() for load in page.loads if load.startswith(OTHER_HOSTS)]
    styles = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.css")}
    assert not [path.name for path, text in styles.items() if re.search(r"@import|url\(\s*[\"']?(?:https?:)?//", text)]


def test_every_picture_has_words(pages):
    assert not [(path.name, page.wordless) for path, page in pages.items() if page.wordless]


def test_a_lecture_shows_what_its_cells_gave_and_every_demo_as_a_picture(site):
    for source in sorted(ROOT.glob("notebooks/lectures/L*.py")):
        text = (site / "notebooks" / "lectures" / f"{source.stem}.html").read_text(encoding="utf-8")
        demos = len(re.findall(r"^widgets\.\w+\(.*\)$", source.read_text(encoding="utf-8"), re.MULTILINE))
        assert len(re.findall(r'<img alt="[^"]+"[^>]*_images/', text)) >= demos > 0, source.stem
        assert "widget-view" not in text
        assert "Traceback" not in text


def test_exercises_are_as_students_get_them(site):
    for path in ROOT.glob("notebooks/exercises/*/*.ipynb"):
        page = site / path.relative_to(ROOT).with_suffix(".html")
        assert "NotImplementedError" in page.read_text(encoding="utf-8")
        assert (site / path.relative_to(ROOT)).read_bytes() == path.read_bytes()


def test_every_public_name_and_every_demo_has_its_entry(site, pages):
    places = {place for path, page in pages.items() if path.parent == site / "api" for place in page.places}
    ends = {place.rpartition(".")[2] for place in places}
    assert set(course.__all__) - ends == set()
    assert {f"course.widgets.{name}" for name in widgets.__all__} <= places


def test_a_page_has_one_title(pages):
    assert not [path.name for path, page in pages.items() if page.titles != 1 and path.name != "search.html"]


def test_no_formula_was_left_as_tex(site):
    for path in site.rglob("*.html"):
        text = re.sub(r"<(pre|code|script|style)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(r"\\(?:frac|sum|partial|begin|lVert|text)\b|\$\$", text), path.name


def test_no_page_names_this_machine(site):
    home = str(ROOT)
    assert not [path.name for path in site.rglob("*.html") if home in path.read_text(encoding="utf-8")]
