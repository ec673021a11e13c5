"""The shell without a kernel gives what a notebook would store."""

import pytest

from autograder.session.shell import Shell


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
