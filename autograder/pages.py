"""HTML pages that are one file each and need nothing from anywhere: the templates, and how they say a number."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.sanitize import plain

__all__ = ["number", "percent", "render"]

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
    environment.filters |= {"number": number, "percent": percent}
    return environment
