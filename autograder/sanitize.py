"""What a student wrote, made safe to show: it can run nothing, load nothing, and hide nothing from the reader."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

__all__ = ["code_html", "markdown_html", "picture", "plain"]

# Colours, cursor movements, window titles and hyperlinks of a terminal; then what is left of control characters.
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])")
CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff\U000f0000-\U0010ffff]"
)

MAX_MARKDOWN = 50_000
MAX_HIGHLIGHTED = 100_000
TAGS = """a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre q s span strong
    sub summary sup table tbody td th thead tr u ul var"""
EMBEDDED = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+")
LINK = re.compile(r"(https?:|mailto:|#)", re.IGNORECASE)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(?![\s$])([^$`]*[^$`\s\\])\$(?!\d)", re.DOTALL)
FIRST_PLACE, MAX_FORMULAS = 0xF0000, 1000  # characters for private use, which `plain` takes out of every text
PLACE = re.compile(f"[{chr(FIRST_PLACE)}-{chr(FIRST_PLACE + MAX_FORMULAS)}]")
PNG = b"\x89PNG\r\n\x1a\n"


def plain(value: Any) -> str:
    """Give any value as text without control characters; of a line that was written over, what was written last.

    >>> plain("\\x1b[31mred\\x1b[0m, 10 %\\r100 %")
    '100 %'
    """
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    text = ANSI.sub("", text)
    if "\r" in text:
        text = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return CONTROL.sub("", text)


@lru_cache(maxsize=512)
def code_html(source: str, language: str = "python") -> Any:
    """Give code as HTML, with spans for its highlighting; code of an unknown language as it is."""
    from markupsafe import Markup, escape
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    source = plain(source)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return escape(source)
    if len(source) > MAX_HIGHLIGHTED:
        return escape(source)
    return Markup(highlight(source, lexer, HtmlFormatter(nowrap=True)))


@lru_cache(maxsize=512)
def markdown_html(source: str) -> Any:
    """Give Markdown as HTML that holds nothing active: no script, no style, no picture but an embedded one.

    Formulas become MathML, which is put in after the cleaning and lets nothing but formulas through. Whatever is too long or
    too deeply nested to be rendered in good time is given as plain text.
    """
    from markupsafe import Markup

    source = plain(source)
    as_text = Markup("<pre>{}</pre>").format(source)
    if len(source) > MAX_MARKDOWN or source.count("<") > MAX_MARKDOWN // 50:
        return as_text
    formulas: list[Any] = []
    try:
        cleaned = _cleaner().clean(_renderer().render(source, {"formulas": formulas}))
    except RecursionError:
        return as_text
    places = {chr(FIRST_PLACE + number): formula for number, formula in enumerate(formulas)}
    return Markup(PLACE.sub(lambda found: places.get(found[0], ""), cleaned))


def picture(data: Any) -> str | None:
    """Give a PNG picture, in base64 as notebooks keep it, as a data URI; None if it is none."""
    try:
        content = base64.b64decode("".join(plain(data).split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return f"data:image/png;base64,{base64.b64encode(content).decode()}" if content.startswith(PNG) else None


@lru_cache(maxsize=1)
def _renderer() -> Any:
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    renderer.validateLink = lambda url: True  # what a link may be is the sanitiser's to say, once
    renderer.inline.ruler.before("escape", "formula", _formula)
    renderer.add_render_rule("formula", _render_formula)
    return renderer


def _render_formula(self: Any, tokens: Any, index: int, options: Any, env: dict[str, Any]) -> str:
    """Keep the formula in ``env``, and hold its place with one character that no text may contain."""
    from autograder.formulas import formula_html

    token = tokens[index]
    if len(env["formulas"]) >= MAX_FORMULAS:
        return f"${token.content}$".replace("&", "&amp;").replace("<", "&lt;")
    env["formulas"].append(formula_html(token.content, display=token.markup == "$$"))
    return chr(FIRST_PLACE + len(env["formulas"]) - 1)


def _formula(state: Any, silent: bool) -> bool:
    """Find a formula between dollar signs, so that no star or underscore in it is read as Markdown."""
    found = FORMULA.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if found is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content = (found[1] or found[2]).strip()
        token.markup = "$$" if found[1] else "$"
    state.pos = found.end()
    return True


@lru_cache(maxsize=1)
def _cleaner() -> Any:
    from bleach.html5lib_shim import Filter
    from bleach.sanitizer import Cleaner

    class Pictures(Filter):
        """Puts a word in the place of every picture that may not be shown, and says where a description is missing."""

        def __iter__(self) -> Iterator[dict]:
            for token in super().__iter__():
                if token["type"] == "EmptyTag" and token["name"] == "img":
                    alt = token["data"].setdefault((None, "alt"), "a picture without a description")
                    if (None, "src") not in token["data"]:
                        token = {"type": "Characters", "data": f"[picture: {alt}]"}  # noqa: PLW2901
                yield token

    def allowed(tag: str, name: str, value: str) -> bool:
        if tag == "img":
            return name in ("alt", "title") or (name == "src" and EMBEDDED.fullmatch(value) is not None)
        if (tag, name) == ("a", "href"):
            return LINK.match(value) is not None
        return (tag, name) in {("a", "title"), ("abbr", "title"), ("ol", "start")}

    return Cleaner(
        tags=TAGS.split(), attributes=allowed, protocols=["http", "https", "mailto", "data"], strip=True, filters=[Pictures]
    )
