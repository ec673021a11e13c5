"""Modules that an assignment forbids: importing one gives a stub that says so where it is used.

The stub is a courtesy to the student, and lets a package whose ``__init__`` imports from a forbidden module be imported all
the same. The wall is that the module's files cannot be read; `module_files` finds them.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

__all__ = ["Forbidden", "forbid_imports", "module_files"]

OURS = ("autograder.sandbox", "autograder.session")  # the grader's own modules on this side of the wall


def module_files(modules: Iterable[str], roots: Iterable[str], ours: str) -> list[str]:
    """List the files and folders that hold a module, compiled or not, wherever it is installed.

    Parameters
    ----------
    modules : iterable of str
        Full names, such as ``course.optimizers``.
    roots : iterable of str
        The folders that Python searches.
    ours : str
        The one among them whose package ``autograder`` is what this process runs: that stays.
    """
    found = []
    for module in modules:
        *parents, leaf = module.split(".")
        for root in roots:
            if root == ours and module.partition(".")[0] == "autograder":
                continue
            folder = os.path.join(root, *parents)
            found += [path for where in (folder, os.path.join(folder, "__pycache__")) for path in _entries(where, leaf)]
    return found


def _entries(folder: str, leaf: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [os.path.join(folder, name) for name in names if name == leaf or name.startswith(f"{leaf}.")]


def forbid_imports(modules: Sequence[str]) -> None:
    """Let every later import of these modules, and of what is in them, give a stub.

    Raises
    ------
    ValueError
        If one of them is imported already: what is in memory cannot be hidden any more.
    """
    for module in modules:
        if loaded := [name for name in sys.modules if _within(name, module) and not _harmless(name)]:
            raise ValueError(f"{module} cannot be hidden: {loaded[0]} is imported before the fork; take it out of preload")
    if modules:
        sys.meta_path.insert(0, _Finder(modules))


class Forbidden(type):
    """The class of what stands for a forbidden name: isinstance is answered, every use is refused."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise cls._error()

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        raise cls._error()

    def __instancecheck__(cls, instance: object) -> bool:
        return False

    def __iter__(cls) -> Any:
        raise cls._error()

    def __getitem__(cls, key: object) -> Any:
        raise cls._error()

    def _error(cls) -> ImportError:
        return ImportError(
            f"{cls.__module__}.{cls.__name__} is what this assignment asks you to write: it cannot be used here",
            name=cls.__module__,
        )


def _placeholder(module: str, name: str) -> Forbidden:
    def refuse(cls: Forbidden, **kwargs: Any) -> None:
        raise cls.__base__._error()

    return Forbidden(name, (), {"__module__": module, "__init_subclass__": classmethod(refuse)})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, modules: Sequence[str]):
        self.modules = tuple(modules)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        hidden = any(_within(fullname, module) for module in self.modules)
        if not hidden or any(_within(fullname, module) for module in OURS):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        def give(name: str) -> Forbidden:
            if name.startswith("__"):
                raise AttributeError(f"module {module.__name__} has no {name}: this assignment asks you to write it")
            return _placeholder(module.__name__, name)

        module.__getattr__ = give


def _harmless(name: str) -> bool:
    """Tell whether a loaded module is a stub, or of the grader's own on this side of the wall."""
    loader = getattr(getattr(sys.modules[name], "__spec__", None), "loader", None)
    return isinstance(loader, _Finder) or name.partition(".")[0] == "autograder"


def _within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")
