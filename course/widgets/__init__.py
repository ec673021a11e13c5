"""Live demos for lectures: ``from course import widgets``, and ``widgets.learning_rate()`` as the last line of a cell.

Each stands in a file of its own in `course.widgets.demos`, and is imported when it is first asked for.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

__all__ = sorted(module.name for module in iter_modules([str(Path(__file__).parent / "demos")]))  # noqa: PLE0605


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"there is no demo {name!r}; there are {', '.join(__all__)}")
    return getattr(import_module(f"course.widgets.demos.{name}"), name)


def __dir__() -> list[str]:
    return __all__
