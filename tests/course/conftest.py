import numpy as np
import pytest
from hypothesis import settings

# A busy machine is no failure, and a red run can be run again: the same examples each time.
settings.register_profile("course", deadline=None, max_examples=40, derandomize=True)
settings.load_profile("course")


@pytest.fixture
def rng(request):
    """A generator of its own for each test, the same in every run."""
    return np.random.default_rng(sum(map(ord, request.node.name)))
