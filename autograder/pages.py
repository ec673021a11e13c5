"""HTML pages that are one file each and need nothing from anywhere: the templates, and how they say a number."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.sanitize import plain

__all__ = ["breakable", "number", "percent", "render", "seconds"]

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **content: Any) -> bytes:
    """Fill in a template of ``autograder/templates``; what is not marked as safe is cleaned and escaped."""
    return _environment().get_template(template).render(**content).encode("utf-8")


def number(value: float) -> str:
    """Say a number of points: at most two decimals, and none that is zero.

    >>> number(7.0), number(2 / 3), number(-0.0)
    ('7', '0.67', '0')
    """
    return f"{round(value, 2) + 0.0:.12g}"


def percent(share: float | None) -> str:
    """Say a share as a whole number of percent; a dash where there is none.

    >>> percent(0.125), percent(None)
    ('12 %', '–')
    """
    return "–" if share is None else f"{100 * share:.0f} %"


def breakable(text: str) -> Any:
    """Let a long name break over lines behind its underscores and dots, and elsewhere only if it must.

    >>> breakable("learning_rate<b>")
    Markup('learning_<wbr>rate&lt;b&gt;')
    """
    from markupsafe import Markup, escape

    return Markup(re.sub(r"(?<=\w)([_.])(?=\w)", r"\1<wbr>", str(escape(plain(text)))))


def seconds(value: float) -> str:
    """Say a length of time in the largest unit that fits.

    >>> seconds(0.42), seconds(59.5), seconds(90), seconds(7260)
    ('0.4 s', '60 s', '1.5 min', '2.0 h')
    """
    size, unit = next((size, unit) for size, unit in ((3600, "h"), (60, "min"), (1, "s")) if value >= size or size == 1)
    return f"{value / size:.{1 if value < 10 * size else 0}f} {unit}"


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    environment.filters |= {"breakable": breakable, "number": number, "percent": percent, "seconds": seconds}
    return environment
