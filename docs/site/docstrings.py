"""Docstrings on their way to a page: what numpydoc leaves open is said, so that no line lands in the wrong section."""

from __future__ import annotations

import re

UNDERLINE = re.compile(r"-{3,}$")
STAR = re.compile(r"(?<![*\w])\*(?=\w+[,).])")


def tidy(lines: list[str]) -> list[str]:
    """Give the examples at the end a section of their own, and let the star of a shape, (epochs, *S), be a star.

    >>> tidy(["Raises", "------", "ShapeError", "", ">>> 1 + 1", "2"])[3:7]
    ['', 'Examples', '--------', '>>> 1 + 1']
    """
    tidied, sections, shown = [], 0, False
    for line in lines:
        if UNDERLINE.match(line):
            sections += 1
            shown = tidied[-1] == "Examples"
        if line.startswith(">>>") and sections and not shown:
            tidied += ["Examples", "--------"]
            shown = True
        example = line.lstrip().startswith((">>>", "..."))
        tidied.append(line if example else STAR.sub(r"\\*", line))
    return tidied


def tidy_docstring(app, what, name, thing, options, lines) -> None:
    lines[:] = tidy(lines)


def setup(app) -> dict:
    app.connect("autodoc-process-docstring", tidy_docstring, priority=400)  # before napoleon reads the sections
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
