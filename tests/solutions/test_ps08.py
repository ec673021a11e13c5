"""What is special to problem set 8, the optimizers: its worked numbers, its pictures, and how its marks are split."""

import numpy as np
import pytest

ADAMW_AROUND_ADAM = """
class AdamW:
    def __init__(self, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.shrink = 1 - learning_rate * weight_decay
        self.adam = Adam(learning_rate, beta1=beta1, beta2=beta2, eps=eps)

    def step(self, params, grads):
        return self.adam.step([self.shrink * w for w in params], grads)
"""
STATE_IN_THE_CLASS = """
class Momentum:
    velocities = {}

    def __init__(self, learning_rate, momentum=0.9):
        self.learning_rate, self.momentum = learning_rate, momentum

    def step(self, params, grads):
        new = []
        for w, g in zip(params, grads, strict=True):
            v = self.velocities.get(w.shape, 0)
            self.velocities[w.shape] = self.momentum * v - self.learning_rate * g
            new.append(w + self.velocities[w.shape])
        return new
"""


def cell(problems, name):
    return next(c.source for c in problems.notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == name)


def two_steps_by_hand(optimizer):
    """From w = 1, with the gradient 4 twice: the notebook's exercise on conventions."""
    params = [np.array([1.0])]
    for _ in range(2):
        params = optimizer.step(params, [np.array([4.0])])
    return params[0].item()


def test_the_set_is_worth_40_points(problems):
    assert problems.points == {
        "test_Momentum": 5,
        "test_Nesterov": 6,
        "test_Adagrad": 5,
        "test_RMSprop": 6,
        "test_Adam": 8,
        "test_AdamW": 6,
        "written_help_or_hurt": 4,
    }


@pytest.mark.parametrize(
    ("convention", "where"), [("exponential average", 0.5), ("deck 002's formula, m the last update", 0.4)]
)
def test_the_answers_of_the_exercise_on_conventions_are_right(problems, solved, convention, where):
    names = {}
    exec(problems.wrong("Momentum", convention), names)
    assert two_steps_by_hand(names["Momentum"](0.1, momentum=0.5)) == pytest.approx(where)
    assert two_steps_by_hand(solved["Momentum"](0.1, momentum=0.5)) == pytest.approx(0)


@pytest.mark.parametrize(
    "convention",
    [
        "exponential average",
        "deck 002's formula, m an average of gradients",
        "deck 002's formula, m the last update",
    ],
)
def test_the_message_names_the_convention_of_momentum(problems, convention):
    verdict = problems.grade({"Momentum": problems.wrong("Momentum", convention)})["Momentum"].verdict
    assert f"This behaves like: {convention}." in str(verdict)


def test_adam_without_bias_correction_keeps_the_marks_of_its_averages(problems):
    assert problems.grade({"Adam": problems.wrong("Adam", "no bias correction")})["Adam"].points == 5


def test_working_in_place_costs_one_point(problems):
    for name in problems.functions:
        mark = problems.grade({name: problems.wrong(name, "in place")})[name]
        assert mark.points == mark.out_of - 1


def test_a_wrong_adam_costs_nothing_in_an_adamw_that_uses_it(problems):
    adam = problems.wrong("Adam", "eps inside the root")
    marks = problems.grade({"Adam": adam, "AdamW": ADAMW_AROUND_ADAM})
    assert not marks["Adam"].full
    assert marks["AdamW"].full


def test_velocities_that_all_balls_share_cost_marks(problems):
    assert problems.grade({"Momentum": STATE_IN_THE_CLASS})["Momentum"].points <= 1


def test_your_ball_rolls_where_ours_rolls(problems, solved, monkeypatch, capsys):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("agg")
    monkeypatch.setattr(pyplot, "show", lambda: None)
    exec(cell(problems, "picture_momentum"), solved)
    assert capsys.readouterr().out == ""
    ours, yours = (line.get_xydata() for line in pyplot.gcf().axes[1].lines[-2:])
    np.testing.assert_allclose(yours, ours, atol=1e-12)
    exec(cell(problems, "picture_all"), solved)
    assert capsys.readouterr().out == ""
    pyplot.close("all")
