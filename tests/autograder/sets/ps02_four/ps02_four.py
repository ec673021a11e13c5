# ---
# jupyter:
#   autograder:
#     call_seconds: 2
#     cell_seconds: 4
#     total_seconds: 20
#     forbidden: [autograder, shelve]
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
r"""
# Kinds of answers
Plain values, a function that needs another, arrays with a gradient, an object with a state, a function that takes a
function, and some words: what the corpus of submissions is graded on.
"""

# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import os

import numpy as np


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "count", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_words(text):
    """Return a dict with the number of times that each word is in the text."""
    ### BEGIN SOLUTION
    counts = {}  # canary-in-the-model-answer
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_count", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert count_words("to be or not to be") == {"to": 2, "be": 2, "or": 1, "not": 1}, "to and be are there twice"
### BEGIN HIDDEN TESTS
test_canary = "canary-in-a-hidden-test"
test_rng = np.random.default_rng(int(os.environ.get("GRADING_SEED", "0")))
for test_size in (1, 20, 0):
    test_words = [str(test_word) for test_word in test_rng.choice(["x", "yy", "zzz"], test_size)]
    test_counts = {test_word: test_words.count(test_word) for test_word in test_words}
    assert count_words("  ".join(test_words)) == test_counts, "look at texts of other lengths, and at more blanks than one"
### END HIDDEN TESTS


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "top", "locked": false, "schema_version": 3, "solution": true, "task": false}
def top_word(text):
    """Return the word that `count_words` finds most often; of several the first in the alphabet."""
    ### BEGIN SOLUTION
    counts = count_words(text)
    return min(counts, key=lambda word: (-counts[word], word))
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_top", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
def test_top_word():
    test_rng = np.random.default_rng(int(os.environ.get("GRADING_SEED", "0")) + 1)
    for _ in range(5):
        test_words = [str(test_word) for test_word in test_rng.choice(["x", "yy", "zzz"], 20)]
        assert top_word(" ".join(test_words)) == min(test_words, key=lambda word: (-test_words.count(word), word))


def test_right_count(text):
    return {word: text.split().count(word) for word in text.split()}


try:
    test_top_word()
except Exception:  # perhaps for a slip in count_words only: once more with a right one
    test_theirs = {"count_words": globals()["count_words"]} if "count_words" in globals() else {}
    globals().update(count_words=test_right_count)
    try:
        test_top_word()
    finally:
        globals().pop("count_words")
        globals().update(test_theirs)
### END HIDDEN TESTS


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def layer(x, weight):
    """Return tanh(x @ weight)."""
    ### BEGIN SOLUTION
    return np.tanh(x @ weight)
    ### END SOLUTION


def layer_gradient(x, weight, upstream):
    """Return the gradients with respect to x and to weight, when `upstream` is the gradient of what `layer` returned."""
    ### BEGIN SOLUTION
    inner = upstream * (1 - np.tanh(x @ weight) ** 2)
    return inner @ weight.T, x.T @ inner
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_layer", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
test_points = 0
### BEGIN HIDDEN TESTS
test_rng = np.random.default_rng(int(os.environ.get("GRADING_SEED", "0")) + 2)
test_x, test_w, test_up = test_rng.normal(size=(4, 3)), test_rng.normal(size=(3, 2)), test_rng.normal(size=(4, 2))


def test_close(got, expected):
    return isinstance(got, np.ndarray) and got.shape == expected.shape and np.allclose(got, expected, rtol=1e-5, atol=1e-7)


def test_slopes(x, w, array, h=1e-6):
    """Differentiate the sum of upstream times what is right, number by number of an array."""
    found = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + h
        above = (test_up * np.tanh(x @ w)).sum()
        array[index] = before - h
        found[index] = (above - (test_up * np.tanh(x @ w)).sum()) / (2 * h)
        array[index] = before
    return found


test_y = layer(test_x, test_w)
if test_close(test_y, np.tanh(test_x @ test_w)):  # what the student's code does to x and weight must not show here
    test_points += 2
    try:
        test_dx, test_dw = layer_gradient(test_x, test_w, test_up)
        test_right = test_close(test_dx, test_slopes(test_x, test_w, test_x))
        test_points += 2 * (test_right and test_close(test_dw, test_slopes(test_x, test_w, test_w)))
    except Exception:
        print("layer_gradient raises an exception")
    test_there = getattr(type(layer), "__call_by_value__", None)
    test_after = test_there(layer, (test_x, test_w), {})[1] if test_there else (test_x, test_w)
    test_points += np.array_equal(test_after[0], test_x) and np.array_equal(test_after[1], test_w)
### END HIDDEN TESTS
float(test_points)


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "mean", "locked": false, "schema_version": 3, "solution": true, "task": false}
class RunningMean:
    """The mean of all numbers so far: `add(number)`, then `mean`; nan before the first."""

    ### BEGIN SOLUTION
    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, number):
        self.total += number
        self.count += 1

    @property
    def mean(self):
        return self.total / self.count if self.count else float("nan")

    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_mean", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
test_one, test_other = RunningMean(), RunningMean()
### BEGIN HIDDEN TESTS
test_rng = np.random.default_rng(int(os.environ.get("GRADING_SEED", "0")) + 3)
test_numbers = [float(test_number) for test_number in test_rng.normal(size=5)]
assert np.isnan(test_one.mean), "nan before the first number"
for test_step, test_number in enumerate(test_numbers, 1):
    test_one.add(test_number)
    test_other.add(-2.0)
    assert abs(test_one.mean - sum(test_numbers[:test_step]) / test_step) < 1e-9, "the mean of all numbers so far"
    assert test_other.mean == -2.0, "each object has a mean of its own"
### END HIDDEN TESTS


# %% nbgrader={"cell_type": "code", "grade": false, "grade_id": "root", "locked": false, "schema_version": 3, "solution": true, "task": false}
def find_root(function, low, high):
    """Return a number between low and high where the increasing function is zero, as a float."""
    ### BEGIN SOLUTION
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) < 0 else (low, middle)
    return (low + high) / 2
    ### END SOLUTION


# %% nbgrader={"cell_type": "code", "grade": true, "grade_id": "test_root", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert abs(find_root(lambda x: x - 1.5, 0.0, 2.0) - 1.5) < 1e-6, "x - 1.5 is zero at 1.5"
### BEGIN HIDDEN TESTS
test_rng = np.random.default_rng(int(os.environ.get("GRADING_SEED", "0")) + 4)
for test_root in test_rng.uniform(-3, 3, size=4):
    test_found = find_root(lambda x, root=test_root: (x - root) ** 3 + x - root, -4.0, 5.0)
    assert isinstance(test_found, float), "a float"
    assert abs(test_found - test_root) < 1e-6, "where the function is zero"
### END HIDDEN TESTS

# %% [markdown]
r"""
Why does halving the interval find the root?
"""

# %% [markdown] nbgrader={"cell_type": "markdown", "grade": true, "grade_id": "why", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
r"""
Because the sign of the function tells on which side the root lies.
"""
