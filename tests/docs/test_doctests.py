"""The examples in the docstrings of the library and of the grader, wherever there are any."""

import doctest
import importlib

import pytest

from .clone import ROOT

FILES = [path for room in ("course", "autograder") for path in sorted((ROOT / room).rglob("*.py"))]
SHOWN = [path for path in FILES if ">>> " in path.read_text(encoding="utf-8")]
MODULES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in SHOWN]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
