"""The shell without a kernel gives what a notebook would store."""

import pytest

from autograder.session.shell import Shell

UNSHOWN = {
    "raises another": """class Evil(ValueError):
    def __str__(self):
        raise RuntimeError("again")
raise Evil(1)""",
    "holds what does": """class Evil:
    def __str__(self):
        raise RuntimeError("again")
    __repr__ = __str__
raise ValueError(Evil())""",
    "has a group of errors behind it": """error = ValueError("x")
error.__context__ = ExceptionGroup("g", [ValueError("y")])
raise error""",
}


@pytest.mark.parametrize("why", UNSHOWN)
def test_a_cell_that_fails_has_an_error_even_if_it_cannot_be_shown(why):
    reply = Shell().run(UNSHOWN[why])
    assert not reply["ok"]
    assert [output["output_type"] for output in reply["outputs"]][-1] == "error"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("1 + 1", True),
        ("1 + 1;", False),
        ("1 + 1;  # quiet", False),
        ("1 + 1;\n# and a word on it\n\n", False),
        ("x = 2; x", True),
        ("'a;'", True),
        ("'''first\n; last'''", True),
        ("x = 2", False),
    ],
)
def test_a_semicolon_at_the_end_hides_the_value_as_in_a_kernel(source, shown):
    kinds = [output["output_type"] for output in Shell().run(source)["outputs"]]
    assert kinds == ["execute_result"] * shown
