"""The library as a whole: what it imports, what it costs, and that its pages are true."""

import doctest
import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import course
from course import errors

ROOMS = ["errors", "numerics", "initializers", "schedules", "datasets", "layers", "losses", "regularizers", "optimizers"]
ROOMS += ["early_stopping", "training", "sweep"]


def _rooms_within(room):
    """List the modules of a room, and of the rooms in it, by their names below course."""
    inside = pkgutil.walk_packages([f"{course.__path__[0]}/{room}"], f"course.{room}.")
    return [module.name.removeprefix("course.") for module in inside]


MODULES = sorted(
    f"course.{name}" for room in ["autodiff", *ROOMS, "gradient_check"] for name in [room, *_rooms_within(room)]
)


@pytest.mark.parametrize("name", ["course", *MODULES])
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", course.__all__)
def test_every_public_name_says_what_it_is(name):
    thing = getattr(course, name)
    assert inspect.getdoc(thing)
    members = inspect.getmembers(thing, inspect.isfunction) if inspect.isclass(thing) else []
    undocumented = [n for n, f in members if not n.startswith("_") and not inspect.getdoc(getattr(thing, n))]
    assert not undocumented


def test_importing_the_library_imports_numpy_and_the_standard_library_only():
    code = "import sys, numpy.random; before = set(sys.modules); import course; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    foreign = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"course", "numpy"}
    assert not foreign


def test_every_error_belongs_to_one_tree_and_is_an_error_that_python_programmers_know():
    kinds = [thing for thing in vars(errors).values() if inspect.isclass(thing) and issubclass(thing, Exception)]
    assert all(issubclass(kind, errors.CourseError) for kind in kinds)
    assert all(len(kind.__bases__) == 2 for kind in kinds if kind is not errors.CourseError)
