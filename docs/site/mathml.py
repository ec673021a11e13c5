"""Formulas as MathML, which browsers and screen readers read by themselves: no script, and nothing from another host."""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging

LOG = logging.getLogger(__name__)
SPELT = [  # what the converter does not know, and the same in words that it knows
    (re.compile(r"\\(begin|end)\{(aligned|split)\}"), r"\\\1{align*}"),
    (re.compile(r"\\\\\[[\d.]+\w\w\]"), r"\\\\ "),
    (re.compile(r"\\arg\b"), r"\\operatorname{arg}"),
    (re.compile(r"(\\[bB]igg?[lr]?\s*)\\[lr]Vert\b"), r"\1‖"),
    (re.compile(r"\\text\{([^{}]*)\}"), lambda found: found[0].replace(r"\_", "_")),
]
WORD = re.compile(r"<m[io]>([a-z]{2,})</m[io]>(<mo[^>]*>(?:\(|&#x00028;))?")  # log, softmax: also with a bracket
BAR = re.compile(r'<mo(?: stretchy="false")?>(&#x0007C;|&#x02016;)</mo>')  # of absolute values and norms


def formula(tex: str, display: str) -> str:
    """Return a formula as MathML; a formula that cannot be read is an error of the site.

    >>> formula("x^2", "inline")[:53]
    '<math xmlns="http://www.w3.org/1998/Math/MathML" disp'
    """
    spelt = tex
    for pattern, words in SPELT:
        spelt = pattern.sub(words, spelt)
    try:
        mathml = convert(spelt, display=display).replace("<mi>&</mi>", "<mi>&amp;</mi>")
    except Exception as error:  # whichever it is, the page must say where
        LOG.warning("cannot read the formula %s: %s", tex, type(error).__name__)
        return f"<code>{escape(tex)}</code>"
    unread = re.search(r">[^<]*(\\\S+?|&amp;)[^<]*<", mathml)
    if unread:
        LOG.warning("cannot read %s in the formula %s", unread[1], tex)
    mathml = WORD.sub(_spaced, mathml)
    return BAR.sub(r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>', mathml)


def _spaced(found: re.Match) -> str:
    behind = found[2] or ""
    return f'<mo lspace="0.17em" rspace="{0 if behind else 0.17}em">{found[1]}</mo>{behind}'


def visit_inline(translator, node) -> None:
    translator.body.append(formula(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_display(translator, node) -> None:
    translator.body.append(f'<div class="formula" tabindex="0">{formula(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def setup(app) -> dict:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
