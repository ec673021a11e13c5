"""Modules that an assignment forbids."""

from __future__ import annotations

import pytest

from autograder.sandbox import SandboxError

from .conftest import PACKAGES, Student

RULES = PACKAGES / "library" / "rules.py"


@pytest.fixture
def student(join):
    return join({}, hide=["library.rules"])


def test_a_package_that_names_a_forbidden_class_can_still_be_imported(student):
    assert student("__import__('library').VALUE") == "42"


@pytest.mark.parametrize("use", ["Rule()", "Rule.secret", "type('Mine', (Rule,), {})", "Rule['x']", "list(Rule)"])
def test_using_what_is_forbidden_says_so(use, student):
    student("from library import Rule")
    error, text = student.ask(use)
    assert (error, text) == (
        "ImportError",
        "library.rules.Rule is what this assignment asks you to write: it cannot be used here",
    )


def test_nothing_is_an_instance_of_what_is_forbidden(student):
    assert student("isinstance(3, __import__('library').Rule)") == "False"


@pytest.mark.parametrize(
    "way",
    [
        "open(PATH).read()",
        "import library.rules as r; r.Rule.secret",
        "import sys; sys.meta_path.pop(0); import importlib; importlib.import_module('library.rules').Rule.secret",
        "import importlib.util as u; s = u.spec_from_file_location('x', PATH); m = u.module_from_spec(s); "
        "s.loader.exec_module(m); m.Rule",
        "import importlib.machinery as m; m.SourcelessFileLoader('x', COMPILED).load_module().Rule",
        "import os; os.rename(PATH, 'mine.py')",
        "import os; os.link(PATH, 'mine.py')",
        "import library, inspect; inspect.getsource(library.Rule)",
        "import gc; [o for o in gc.get_objects() if getattr(o, 'secret', 0) == 'the model answer'][0]",
    ],
)
def test_what_is_forbidden_cannot_be_reached(way, student):
    path = student("__import__('talker').__file__.replace('talker/__init__', 'library/rules')")
    compiled = student("__import__('importlib.util').util.cache_from_source(" + path + ")")
    error, text = student.ask(way.replace("PATH", path).replace("COMPILED", compiled))
    assert error is not None or text == "''"  # an empty file, for instance
    assert "the model answer" not in text


def test_a_session_that_is_forbidden_nothing_can_use_the_module(join):
    assert join()("__import__('library').Rule.secret") == "'the model answer'"


def test_a_whole_package_can_be_forbidden(join):
    student = join({}, hide=["library"])
    assert student.ask("from library import VALUE; VALUE()")[0] == "ImportError"
    error, _ = student.ask("import os, talker; os.listdir(os.path.dirname(talker.__file__) + '/../library')[0]")
    assert error in {"IndexError", "PermissionError"}


def test_a_module_that_is_loaded_before_the_fork_cannot_be_hidden_afterwards(sandbox):
    with pytest.raises(SandboxError, match="talker cannot be hidden"):
        sandbox.open({}, hide=["talker"])


def test_a_package_can_be_loaded_before_the_fork_without_its_forbidden_module(make_sandbox, sandbox):
    careful = make_sandbox(sandbox.walls.kind, preload=["library"], hide=["library.rules"])
    with careful.open({}, hide=["library.rules"]) as process:
        student = Student(process)
        assert student("__import__('library').VALUE") == "42"
        assert student.ask("__import__('library').Rule()")[0] == "ImportError"
        read = "import os, library; open(os.path.dirname(library.__file__) + '/rules.py').read()[0]"
        assert student.ask(read)[0] in {"IndexError", "PermissionError"}


def test_the_grader_itself_can_be_forbidden(join):
    student = join({}, hide=["autograder"])
    assert student.alive()
    assert student.ask("from autograder.grading import grade; grade()")[0] == "ImportError"
