"""The library's pages: one for each room, from its docstrings."""

from __future__ import annotations

import inspect
from importlib import import_module

import course

ROOMS = {
    "autodiff.finite_difference": "Finite differences",
    "autodiff.symbolic": "Symbolic differentiation",
    "autodiff.dual": "Forward mode: dual numbers",
    "autodiff.tape": "Reverse mode: the tape",
    "autodiff.graph": "Graphs, drawn",
    "gradient_check": "Testing a gradient",
    "layers": "Layers",
    "initializers": "Initial weights",
    "losses": "Losses",
    "regularizers": "Regularisation",
    "early_stopping": "Early stopping",
    "optimizers": "Optimizers",
    "schedules": "Schedules of the learning rate",
    "training": "Training",
    "sweep": "Many networks at once",
    "datasets": "Data",
    "numerics": "Stable functions",
    "errors": "Errors",
    "checks": "Checks for exercises",
    "misconceptions": "Misconceptions",
    "verdict": "Verdicts",
    "standing": "A student's progress",
    "widgets": "Live demos",
}


def pages() -> dict[str, str]:
    """Return the text of each page, in reStructuredText, by its name."""
    return {f"course.{room}": page(room, title) for room, title in ROOMS.items()} | {"index": index()}


def page(room: str, title: str) -> str:
    """Return the page of a room: what it is, a table of its names, and each of them."""
    module = import_module(f"course.{room}")
    known = names(module)
    shared = [name for name in known if name in course.__all__]
    hint = f"Short: ``from course import {', '.join(shared)}``.\n" if shared else ""
    heading = f"{title}: ``course.{room}``"
    table = "".join(f"   {name}\n" for name in known)
    return "\n".join(
        [
            heading, "=" * len(heading), "", f".. automodule:: course.{room}", "", hint,
            f".. currentmodule:: course.{room}", "", ".. autosummary::", "   :nosignatures:", "", table,
            *(entry(module, name) for name in known),
        ]
    )  # fmt: skip


def names(module) -> list[str]:
    """List a room's functions and classes: those that it names, or that are written in it."""
    known = getattr(module, "__all__", None) or [
        name for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__
    ]  # fmt: skip
    return [name for name in known if inspect.isclass(getattr(module, name)) or inspect.isfunction(getattr(module, name))]


def entry(module, name: str) -> str:
    """Return the directive that writes one name's docstring."""
    if inspect.isclass(getattr(module, name)):
        return f".. autoclass:: {name}\n   :members:\n   :show-inheritance:\n"
    return f".. autofunction:: {name}\n"


def index() -> str:
    """Return the page that leads to the others."""
    title = "The library"
    listed = "".join(f"   course.{room}\n" for room in ROOMS)
    words = (
        "The model answers, in NumPy. Importing ``course`` costs NumPy and nothing else; most names can be taken from it\n"
        "directly: ``from course import Adam, Linear, fit``. The examples on these pages are run as tests.\n"
    )
    return f"{title}\n{'=' * len(title)}\n\n{words}\n.. toctree::\n   :maxdepth: 1\n\n{listed}"
