"""What is special to problem set 1, finite differences: its worked numbers, how its marks are split, and the V."""

import contextlib
import io
from unittest import mock

import numpy as np
import pytest

from course.autodiff import finite_difference
from solutions.problem_set import source_of


def known(banks, function, name):
    return source_of(banks[function], next(entry.answer for entry in banks[function] if entry.name == name))


def test_the_set_is_worth_30_points(problems):
    assert problems.points == {
        "test_forward_difference": 3,
        "test_central_difference": 3,
        "test_best_step": 3,
        "test_relative_error": 5,
        "test_numerical_gradient": 7,
        "test_numerical_vjp": 5,
        "written_differences": 4,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("best_step", "roots exchanged", 1),
        ("best_step", "the same step everywhere", 2),
        ("relative_error", "nothing done about 0 / 0", 4),
        ("relative_error", "broadcasts two shapes", 4),
        ("relative_error", "a floor of 1e-8", 2),
        ("numerical_gradient", "put back by adding up", 6),
        ("numerical_gradient", "steps that are cut off", 6),
        ("numerical_gradient", "f evaluated at x each time", 6),
        ("numerical_gradient", "a whole row moved at once", 3),
        ("numerical_gradient", "f given a flat x", 3),
        ("numerical_gradient", "two names for one array", 0),
        ("numerical_vjp", "evaluated anew for every output", 4),
        ("numerical_vjp", "upstream gradient ignored", 0),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    wrong = known(problems.misconceptions, function, misconception)
    assert problems.grade({function: wrong}, only=function)[function].points == points


@pytest.mark.parametrize(
    ("earlier", "mistake", "later", "way"),
    [
        ("forward_difference", "here minus there", "central_difference", "mean of a step ahead and a step back"),
        ("central_difference", "divided by one step", "numerical_gradient", "central_difference of one entry at a time"),
        ("numerical_gradient", "all entries moved at once", "numerical_vjp", "numerical_gradient of one number"),
    ],
)
def test_a_mistake_in_an_earlier_function_costs_nothing_where_it_is_used(problems, earlier, mistake, later, way):
    answers = {
        earlier: known(problems.misconceptions, earlier, mistake),
        later: known(problems.right_answers, later, way),
    }
    marks = problems.grade(answers)
    assert not marks[earlier].full
    assert marks[later].full
    assert problems.grade(answers | {earlier: problems.untouched(earlier)})[later].full


def test_the_answers_of_the_exercise_on_the_kink_are_right(solved):
    def relu(x):
        return max(0.0, x)

    for x, forward, central in [(0.0, 1.0, 0.5), (0.02, 1.0, 0.6)]:
        assert solved["forward_difference"](relu, x, 0.1) == pytest.approx(forward)
        assert solved["central_difference"](relu, x, 0.1) == pytest.approx(central)
    assert solved["central_difference"](relu, 3e-6, 1e-5) == pytest.approx(0.65)


def test_adding_up_what_was_taken_away_moves_a_tenth_to_its_neighbour_as_the_text_says():
    assert np.nextafter(0.1, 0) == (0.1 + 1e-5 - 2 * 1e-5) + 1e-5


def test_the_steps_of_the_text_and_those_of_the_library_agree(solved):
    for scheme in ("forward", "central"):
        for x in (1.0, -50.0, 0.0):
            ours = finite_difference.best_step(scheme, max(1.0, abs(x)))
            assert solved["best_step"](x, scheme) == pytest.approx(ours)


def test_the_students_gradient_of_a_layer_is_the_librarys(solved):
    rng = np.random.default_rng(0)
    X, W, g_out = rng.normal(size=(4, 3)), rng.normal(size=(3, 5)), rng.normal(size=(4, 5))
    ours = finite_difference.numerical_vjp(lambda W: np.tanh(X @ W), W, g_out)
    theirs = solved["numerical_vjp"](lambda W: np.tanh(X @ W), W, g_out)
    assert solved["relative_error"](theirs, ours) < 1e-7


def test_the_picture_of_the_v_draws_nothing_for_a_scheme_that_is_wrong(problems):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    for mistake in ("forward difference", "half a step to each side", "divided by one step"):
        names = problems.names({"central_difference": known(problems.misconceptions, "central_difference", mistake)})
        with contextlib.redirect_stdout(io.StringIO()) as printed, mock.patch.object(pyplot, "show") as show:
            exec(problems.pictures["picture_v"], names)
        assert printed.getvalue().count("\n") == 1
        assert not show.called
        assert not pyplot.get_fignums()
