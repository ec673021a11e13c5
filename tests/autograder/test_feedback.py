"""Feedback says what a student needs, and nothing that a student wrote can do more than be read."""

import html
import itertools
import re
import shutil
import time
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from autograder.errors import GraderError
from autograder.feedback import write_feedback
from autograder.gradebook import open_gradebook
from autograder.grading import grade, plan
from autograder.root import Root
from autograder.runner import KernelRunner  # in a kernel, a hostile notebook can say more than behind the wall

from .conftest import MODEL

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# Shows a verdict in the test's own cell, quotes the hidden tests in it, prints them, and raises them.
HOSTILE_SQUARE = """
from IPython.display import display
def square(x):
    if x == 3:
        tests = In[-1]
        display({
            "application/vnd.autograder.verdict+json": {
                "name": "<i>square</i>", "reason": tests,
                "misconception": {"name": "doubles<script>alert(1)</script>", "advice": "\\x1b[31m3 times 3?\\x1b[0m"},
            },
            "text/plain": tests + "\\nWhat the check says <b>here</b>.",
        }, raw=True)
        print(tests)
        print(repr(tests))
        return 9
    raise ValueError(repr(In[-1]))
"""
HOSTILE_CELL = f"""
import sys
from IPython.display import HTML, display
print("\\x1b[31mred\\x1b[0m <img src=x onerror=alert(2)>")
print("flood " * 10_000)
print("a warning", file=sys.stderr)
display(HTML("<script>alert(3)</script>"))
display({{"image/png": {PNG!r}, "text/plain": "<Figure>"}}, raw=True)
display({{"image/png": '" onerror="alert(4)', "text/plain": "no picture"}}, raw=True)
display({{"image/svg+xml": "<svg onload=alert(5)></svg>", "text/plain": "drawn"}}, raw=True)
display({{"application/javascript": "alert(6)"}}, raw=True)
print(In)
"""
HOSTILE_TEXT = """# My <script>alert(7)</script> notes
<img src=http://example.org/spy.png onerror=alert(8)>

[a link](javascript:alert(9)), ![a picture](https://example.org/spy.png)

<p style="background: url(http://example.org)" onclick="alert(10)">mine</p>

$v_1 * v_2 * v_3$
"""


@pytest.fixture(scope="module")
def course(released, toy, tmp_path_factory) -> Root:
    """Two graded submissions, one of them hostile; the model's answers have a mark and words by hand."""
    path = tmp_path_factory.mktemp("feedback") / "course"
    shutil.copytree(released, path)
    root = Root.open(path)
    hostile = toy(square=HOSTILE_SQUARE, halve="def halve(x):\n    '</pre><script>alert(0)</script>'\n    return x / 2")
    hostile.cells.insert(1, nbformat.v4.new_markdown_cell(HOSTILE_TEXT, id="mine"))
    hostile.cells.append(nbformat.v4.new_code_cell(HOSTILE_CELL, id="more"))
    for student, notebook in {"model": toy(**MODEL), "hostile": hostile}.items():
        folder = root.folder("submitted", student, "ps01_toy")
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "ps01_toy.ipynb")
    (root.folder("submitted", "model", "ps01_toy") / "submission_secret.txt").write_text("a1b2")
    assert [done.error for done in grade(root, plan(root, "ps01"), runner=KernelRunner())] == [None, None]
    with open_gradebook(root) as gradebook:
        mark = gradebook.find_grade("written_why", "ps01_toy", "ps01_toy", "model")
        mark.manual_score, mark.needs_manual_grade = 2.5, False
        comment = gradebook.find_comment("written_why", "ps01_toy", "ps01_toy", "model")
        comment.manual_comment = "*True*, but why?<script>alert(11)</script>"
        gradebook.db.commit()
    return root


@pytest.fixture(scope="module")
def pages(course) -> dict[str, str]:
    return {path.parts[-3]: path.read_text(encoding="utf-8") for path in write_feedback(course, "ps01")}


def words(page: str) -> str:
    """Give what a reader sees."""
    body = page[page.index("<body>") :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", body)).split())


class Parts(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def test_pages_lie_where_nbgrader_puts_them(course, pages):
    assert set(pages) == {"model", "hostile"}
    assert (course.path / "feedback" / "model" / "ps01_toy" / "ps01_toy.html").is_file()
    assert not list((course.path / "feedback").rglob(".*"))


def test_beside_a_page_lies_what_the_exchange_knows_its_owner_by(course, pages):
    secret = Path("ps01_toy") / "submission_secret.txt"
    assert (course.path / "feedback" / "model" / secret).read_text() == "a1b2"
    assert not (course.path / "feedback" / "hostile" / secret).exists()


def test_a_page_says_the_marks_and_what_was_written_by_hand(pages):
    said = words(pages["model"])
    assert "ps01_toy: feedback for model 8.5 of 9 points" in said
    assert "square 4 of 4 full marks" in said
    assert "written why 2.5 of 3 some of the points Your" in said
    assert "Comment on this answer: True, but why?" in said
    assert "<em>True</em>" in pages["model"]


def test_what_waits_for_a_person_is_no_zero(pages):
    said = words(pages["hostile"])
    assert "1 of 9 points" in said
    assert "halve 1 of 2 some of the points" in said
    assert "no score" not in said
    assert "behaves like: doubles<script>alert(1)</script>. 3 times 3?" in said
    assert "What the check says <b>here</b>." in said


@pytest.mark.parametrize("student", ["model", "hostile"])
@pytest.mark.parametrize("secret", ["test_bank", "(-2, 0, LIMIT)", "halve(7)", "helper", "exec(", "HIDDEN TESTS"])
def test_no_page_quotes_a_hidden_test(pages, student, secret):
    assert secret not in words(pages[student])


def test_what_is_said_in_place_of_a_hidden_test_is_said_aloud(pages):
    assert "[what quotes a test is left out here]" in words(pages["hostile"])
    assert "is left out here" not in words(pages["model"])
    assert "others ran here too" in words(pages["model"])


@pytest.mark.parametrize("student", ["model", "hostile"])
def test_nothing_on_a_page_runs_or_loads(pages, student):
    parts = Parts(pages[student])
    assert not {"script", "iframe", "object", "embed", "form", "link", "base", "svg"} & set(parts.tags)
    for _, name, value in parts.attributes:
        assert not name.startswith("on")
        assert name != "style"
        assert name != "src" or value.startswith("data:image/png;base64,")
        assert name != "href" or re.match("#|https?:", value)
    assert "default-src 'none'" in pages[student]
    assert "\x1b" not in pages[student]


def test_outputs_are_shown_as_text_and_pictures_and_none_is_too_long(pages):
    said = words(pages["hostile"])
    assert "red <img src=x onerror=alert(2)>" in said
    assert "more characters were left out" in said
    assert said.count("flood") < 2_000
    assert "Written to stderr: a warning" in said
    assert "drawn" in said
    assert "an output that cannot be shown here" in said
    assert [value for tag, name, value in Parts(pages["hostile"]).attributes if (tag, name) == ("img", "src")] == [
        f"data:image/png;base64,{PNG}"
    ]


def test_markdown_is_rendered_and_code_is_escaped(pages):
    assert "<msub><mi>v</mi><mn>1</mn></msub>" in pages["hostile"]
    assert "[picture: a picture]" in pages["hostile"]
    assert "&lt;/pre&gt;&lt;script&gt;alert(0)" in pages["hostile"]


@pytest.mark.parametrize("student", ["model", "hostile"])
def test_a_page_is_in_good_order_for_a_screen_reader(pages, student):
    parts = Parts(pages[student])
    levels = [int(tag[1]) for tag in parts.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [value for _, name, value in parts.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for _, name, value in parts.attributes if name == "href" and value[0] == "#"} <= set(ids)
    assert ("html", "lang", "en") in parts.attributes
    assert [tag for tag, name, value in parts.attributes if name == "alt" and value] == ["img"] * parts.tags.count("img")


def test_a_page_is_written_for_whom_it_is_asked(course, pages):
    (path,) = write_feedback(course, "ps01", ["model"])
    assert path.read_text(encoding="utf-8") == pages["model"]
    with pytest.raises(GraderError, match="not graded for nobody"):
        write_feedback(course, "ps01", ["nobody", "model"])


def test_a_page_costs_less_than_a_fifth_of_a_second(course, pages):
    started = time.process_time()
    write_feedback(course, "ps01")
    assert (time.process_time() - started) / len(pages) < 0.2


@pytest.mark.browser
def test_a_browser_shows_the_page_asks_no_host_and_runs_nothing(course, pages):
    from playwright.sync_api import sync_playwright

    path = course.folder("feedback", "hostile", "ps01_toy") / "ps01_toy.html"
    asked, happened = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (happened.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: happened.append(message.text))
        page.on("pageerror", lambda error: happened.append(str(error)))
        page.goto(Path(path).as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert [url for url in asked if not url.startswith("data:image/png")] == [Path(path).as_uri()]
    assert happened == []
    assert wide <= 360
