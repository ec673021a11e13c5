"""What a student wrote can do nothing on a page, whatever it is."""

import html
import re
import time
from html.parser import HTMLParser

import pytest

from autograder.sanitize import code_html, markdown_html, picture, plain

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
HARMLESS_ATTRIBUTES = {"href", "src", "alt", "title", "start", "class"}


class Tags(HTMLParser):
    """Collects what a browser would make of a text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = set(), []
        self.feed(str(text))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    handle_startendtag = handle_starttag


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "[x](javascript:alert(1))",
        "[x](<java\nscript:alert(1)>)",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href=' javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "![x](http://example.org/spy.png)",
        "![x](//example.org/spy.png)",
        "![x](data:image/svg+xml;base64,PHN2Zz4=)",
        "<img alt='x><script>alert(1)</script>'>",
        "<p style='background: url(http://example.org)' onclick='alert(1)' id='cell-1'>x",
        "<style>@import 'http://example.org'</style><link rel=stylesheet href=http://example.org>",
        "<form action='http://example.org'><input name=a><button>x</button></form>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<video src=http://example.org><audio src=x><object data=x><embed src=x><base href=http://example.org>",
        "$<script>alert(1)</script>$",
        "```\n</code></pre><script>alert(1)</script>\n```",
    ],
)
def test_markdown_leaves_nothing_that_runs_or_loads(attack):
    found = Tags(markdown_html(attack))
    assert not found.tags - set(TAGS), found.tags
    for tag, name, value in found.attributes:
        assert name in HARMLESS_ATTRIBUTES or tag in {"math", "mo", "mrow", "mi", "mn"}
        assert name != "class" or tag == "code"
        assert name != "src" or value.startswith("data:image/png")
        assert name != "href" or re.match("https?:|mailto:|#", value)


TAGS = ["p", "a", "b", "code", "pre", "var", "img", "table", "em", "strong", "math", "mrow", "mi", "mn", "mo"]


def test_markdown_keeps_what_is_harmless():
    shown = markdown_html(
        f"# A *title*\n\n[here](https://example.org)\n\n|a|\n|-|\n|1|\n\n![dot](data:image/png;base64,{PNG})"
    )
    assert "<h1>A <em>title</em></h1>" in shown
    assert '<a href="https://example.org">here</a>' in shown
    assert "<td>1</td>" in shown
    assert f'<img src="data:image/png;base64,{PNG}" alt="dot">' in shown


def test_a_picture_without_a_description_says_so():
    assert 'alt="a picture without a description"' in markdown_html(f"<img src='data:image/png;base64,{PNG}'>")
    assert markdown_html("![a dot](dot.png)") == "<p>[picture: a dot]</p>\n"


def test_a_formula_keeps_its_stars_and_underscores_and_a_price_is_none():
    assert "<msub><mi>w</mi><mn>1</mn></msub>" in markdown_html(r"$w_1 * w_2 * x$")
    assert markdown_html("from $5 to $6, `$x$`") == "<p>from $5 to $6, <code>$x$</code></p>\n"


@pytest.mark.parametrize("text", ["[" * 50_000, "<b>" * 900, "<" * 60_000, ">" * 50_000, "**a _b" * 8_000, "![" * 25_000])
def test_no_markdown_takes_long(text):
    started = time.process_time()
    markdown_html(text)
    assert time.process_time() - started < 5


def test_code_is_escaped_and_highlighted_in_a_language_that_is_known():
    assert "&lt;script&gt;" in code_html("x = '<script>'")
    assert "<span" in code_html("x = 1")
    assert code_html("x <- 1", "no such language") == "x &lt;- 1"
    assert html.unescape(re.sub("<[^>]*>", "", code_html("\n  x = 'a' # b\n"))) == "\n  x = 'a' # b\n"


def test_text_loses_what_a_terminal_would_obey():
    assert (
        plain("\x1b[1;31mred\x1b[0m \x1b]8;;http://example.org\x07link\x1b]8;;\x07 \x1b]0;title\x1b\\ \x1b(B.")
        == "red link  ."
    )
    assert plain("10 %\r50 %\r100 %\r\nnext") == "100 %\nnext"
    assert plain("a\x00\x08\u202eb\ud800\tc\n") == "ab\tc\n"
    assert plain(["two ", "parts"]) == "two parts"
    assert plain(3) == "3"


def test_text_with_a_flood_of_unfinished_commands_is_read_in_one_pass():
    started = time.process_time()
    assert plain("\x1b]" * 100_000) == ""
    plain("\x1b[" + " " * 1_000_000)
    plain("x" * 1_000_000 + "\r")
    assert time.process_time() - started < 2


def test_only_a_png_is_a_picture():
    assert picture(PNG) == f"data:image/png;base64,{PNG}"
    assert picture([PNG[:40], "\n", PNG[40:]]) == picture(PNG)
    for wrong in ("", "x", '" onerror="alert(1)', "PHN2Zz4=", None, 5, {"a": 1}):
        assert picture(wrong) is None
