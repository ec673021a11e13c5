"""What a zygote does before it forks, so that no session has to: import, draw, fail once."""

from __future__ import annotations

import importlib
import io
import sys
from collections.abc import Iterable

__all__ = ["load", "warm_up"]


def load(name: str):
    """Import ``module``, or give what ``module:object.attribute`` names."""
    module, _, path = name.partition(":")
    found = importlib.import_module(module)
    for part in filter(None, path.split(".")):
        found = getattr(found, part)
    return found


def warm_up(preload: Iterable[str]) -> None:
    """Import modules, call what is named as ``module:function``, and use what is used most."""
    for name in preload:
        found = load(name)
        if ":" in name:
            found()
    if "matplotlib" in sys.modules:
        _plot()
    if "IPython" in sys.modules:
        _fail()


def _plot() -> None:
    """Draw a plot with text, a legend and numbers on its axes, which loads fonts and makes caches."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([1, 2], [1e-3, 1e3], label="$x^2$")
    axes.set(yscale="log", title="a plot", xlabel="x")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
    pyplot.close(figure)


def _fail() -> None:
    """Format an error as IPython does."""
    from IPython.core.ultratb import VerboseTB

    try:
        raise ValueError("not meant")
    except ValueError:
        VerboseTB().text(*sys.exc_info())
