# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
r"""
# A toy set
Small functions of the integers, for testing the grader.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import warnings

LIMIT = 10


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "square", "locked": false, "schema_version": 3, "solution": true, "task": false}
def square(x):
    """Return x times x."""
    ### BEGIN SOLUTION
    return x * x  # the model's own words
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_square", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert square(3) == 9, "three squared is nine"
### BEGIN HIDDEN TESTS
from misconceptions import square as test_bank

for test_x in (-2, 0, LIMIT):
    assert square(test_x) == test_x * test_x, "look at numbers that are not positive"
assert len(test_bank) == 1
### END HIDDEN TESTS


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "halve", "locked": false, "schema_version": 3, "solution": true, "task": false}
def halve(x):
    """Return half of x, and leave the remainder away."""
    ### BEGIN SOLUTION
    return x // 2
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_halve", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
test_points = float(halve(4) == 2)
### BEGIN HIDDEN TESTS
test_points += float(halve(7) == 3)
### END HIDDEN TESTS
float(test_points)

# %% [markdown]
r"""
Why does `halve` round down?
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "written_why", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
r"""
Because floor division does.
"""
