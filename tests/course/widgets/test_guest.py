"""A student's optimizer runs beside ours, and what is wrong with it is said in a sentence."""

import threading

import numpy as np
import pytest

from course.errors import CourseError
from course.optimizers import SGD, Adam
from course.widgets.demos.optimizers import optimizers
from course.widgets.models.landscapes import beale, ravine
from course.widgets.models.race import YOURS, race

START = (-1.2, 1.0)


class Student:
    """An optimizer whose step is a function of itself, the parameters and the gradients."""

    def __init__(self, rule, learning_rate=0.05):
        self.rule, self.learning_rate, self.t = rule, learning_rate, 0

    def step(self, parameters, gradients):
        self.t += 1
        return self.rule(self, parameters, gradients)


def in_place(self, parameters, gradients):
    parameters -= self.learning_rate * gradients


def returning(self, parameters, gradients):
    return parameters - self.learning_rate * gradients


def as_a_list(self, parameters, gradients):
    return [float(w - self.learning_rate * g) for w, g in zip(parameters, gradients, strict=True)]


def run(mine, factor=1.0, names=("SGD",)):
    return race(names, ravine(20.0), START, 30, factor, mine)


@pytest.mark.parametrize("rule", [in_place, returning, as_a_list])
def test_in_place_or_returned_the_steps_are_those_of_sgd(rule):
    result = run(Student(rule))
    assert result["names"] == ("SGD", YOURS)
    np.testing.assert_allclose(result["path"][1], result["path"][0])


def test_the_slider_multiplies_the_learning_rate_that_the_object_has():
    result = run(Student(in_place), factor=1.5)
    np.testing.assert_allclose(result["path"][1], result["path"][0])


def test_one_of_our_own_is_as_good_a_guest_as_any():
    result = race(("Adam",), beale(), START, 60, 1.0, Adam(0.15))
    np.testing.assert_allclose(result["path"][1], result["path"][0])


def test_every_run_begins_afresh_and_leaves_the_object_as_it_was():
    mine = Student(in_place)
    np.testing.assert_array_equal(run(mine)["path"], run(mine)["path"])
    assert mine.t == 0
    assert mine.learning_rate == 0.05


def test_a_guest_that_spoils_its_gradients_does_not_spoil_ours():
    def spoil(self, parameters, gradients):
        gradients *= 100
        return parameters - 1e-4 * gradients

    np.testing.assert_array_equal(run(Student(spoil))["path"][0], race(("SGD",), ravine(20.0), START, 30, 1.0)["path"][0])


def test_a_guest_at_rest_where_there_is_no_slope_is_right():
    assert race((), ravine(20.0), (0.0, 0.0), 10, 1.0, Student(in_place))["loss"][0, -1] == 0


def test_a_guest_that_diverges_is_drawn_as_far_as_it_goes():
    result = run(Student(in_place, learning_rate=1e30))
    assert np.isnan(result["loss"][1, -1])
    assert np.isfinite(result["loss"][0]).all()


def test_a_guest_that_wipes_out_its_gradients_and_stays_is_told_that_it_changes_nothing():
    with pytest.raises(CourseError, match="changes nothing"):
        run(Student(lambda self, w, g: g.fill(0)))


def fails(self, parameters, gradients):
    raise ZeroDivisionError("division by zero")


WRONG = {
    "no step": (object(), "has no method step"),
    "step is a number": (type("Half", (), {"step": 3})(), "has no method step"),
    "the class": (SGD, "Pass an object"),
    "raises": (Student(fails), "step 1 raised ZeroDivisionError: division by zero"),
    "None": (Student(lambda self, w, g: None), "changes nothing"),
    "NaN": (Student(lambda self, w, g: w * np.nan), "made NaN"),
    "NaN in place": (Student(lambda self, w, g: w.__imul__(np.nan) is None or None), "made NaN"),
    "one number": (Student(lambda self, w, g: 3.0), "returned shape ()"),
    "three numbers": (Student(lambda self, w, g: np.zeros(3)), "returned shape (3,)"),
    "a pair": (Student(lambda self, w, g: (w, g)), "returned shape (2, 2)"),
    "words": (Student(lambda self, w, g: "done"), "returned a str"),
    "complex": (Student(lambda self, w, g: w + 1j), "returned a ndarray"),
    "too few arguments": (type("One", (), {"step": lambda self, w: w})(), "raised TypeError"),
    "cannot be copied": (type("Locked", (Student,), {})(in_place, threading.Lock()), "cannot be copied"),
}
every_mistake = pytest.mark.parametrize(("mine", "sentence"), WRONG.values(), ids=WRONG)


@every_mistake
def test_a_mistake_becomes_a_sentence(mine, sentence):
    with pytest.raises(CourseError) as caught:
        run(mine)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


@every_mistake
def test_the_demo_shows_the_sentence_and_goes_on_without_the_guest(mine, sentence):
    demo = optimizers(mine)
    assert sentence in demo.frame().problem
    assert not demo.frame(yours=False).problem


def test_without_a_guest_there_is_no_switch_for_one():
    assert "yours" not in optimizers().controls
    assert "yours" in optimizers(Adam(0.1)).controls
