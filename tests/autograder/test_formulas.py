"""Formulas are drawn by the browser itself, and let nothing but formulas through."""

import re
from pathlib import Path

import nbformat
import pytest

from autograder.formulas import ATTRIBUTES, ELEMENTS, formula_html
from autograder.sanitize import markdown_html

EXERCISES = Path(__file__).parents[2] / "notebooks" / "exercises"


def test_every_formula_of_the_exercises_becomes_mathml():
    for path in EXERCISES.glob("*/*.ipynb"):
        cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
        found = [tex for source in cells for tex in re.findall(r"\$\$(.+?)\$\$", source, re.DOTALL)]
        assert found
        for tex in found:
            assert formula_html(tex.strip(), display=True).startswith("<math"), tex


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\style{background: url(http://example.org)}{x}",
        r"\class{x}{y} \cssId{a}{b}",
        r"\color{url(http://example.org)}{x}",
        r"\unicode{60}script",
        "{" * 5000 + "x" + "}" * 5000,
        r"\begin{matrix}" * 60,
        r"\frac{", "}", "_", "^^", "&", r"\left(", "\\",
        r"\def\x{\x\x}\x",
    ],
)  # fmt: skip
def test_a_formula_is_a_formula_or_text(tex):
    for said in (str(formula_html(tex, display=False)), str(markdown_html(f"${tex}$"))):
        assert set(re.findall(r"<(\w+)", said)) <= ELEMENTS | {"var", "p", "pre", "em", "code"}
        assert set(re.findall(r'\s([\w-]+)="', re.sub(r">[^<]*<", "><", said))) <= ATTRIBUTES


def test_a_character_that_holds_a_formulas_place_is_no_way_in():
    first = chr(0xF0000)
    assert str(markdown_html(f"{first} $x$ &#983040; &#983050;")).count("<math") <= 2
    assert first not in str(markdown_html(f"{first} &#983041; no formula"))
