import pytest

pytest.register_assert_rewrite("tests.course.layers.contract")
