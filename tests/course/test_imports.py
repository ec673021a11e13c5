"""What importing the library costs, as facts about which modules it imports."""

import subprocess
import sys
from importlib import import_module

import pytest

import course

LIGHT = {"copy", "dataclasses"}  # modules of the standard library, cheap ones, that NumPy has not imported already


def loaded(code):
    """List the modules that a fresh interpreter has after some code, beside those that NumPy has imported."""
    listing = f"import sys, numpy.random; before = set(sys.modules)\n{code}\nprint(*(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_library_imports_none_of_its_rooms():
    assert loaded("import course") == {"course"}


def test_a_name_brings_its_room_and_what_that_stands_on_and_no_other():
    rooms = {name.split(".")[1] for name in loaded("from course import Linear") if "." in name}
    assert "layers" in rooms
    assert rooms.isdisjoint({"datasets", "optimizers", "losses", "training", "sweep", "gradient_check", "checks", "widgets"})


def test_all_names_together_bring_numpy_and_a_few_light_modules_of_the_standard_library():
    foreign = {name for name in loaded("from course import *") if name.partition(".")[0] != "course"}
    assert foreign <= LIGHT


def test_random_numbers_are_imported_by_who_draws_them():
    code = "import sys, course\nfrom course import *\nprint('numpy.random' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize("name", course.__all__)
def test_every_public_name_is_the_one_in_its_room(name):
    room = import_module(f"course.{course._ROOM_OF[name]}")
    assert getattr(course, name) is getattr(room, name)
    assert name in dir(course)


def test_the_rooms_are_there_without_an_import_of_their_own():
    code = "import course; course.gradient_check.relation, course.layers.Linear"
    assert "course.gradient_check" in loaded(code)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Lineer'"):
        course.Lineer  # noqa: B018
