"""What is special to problem set 7, gradient descent: its parts, its numbers, mistakes that are carried forward."""

import numpy as np
import pytest

from solutions.problem_set import source_of

EARLIER = ["sgd_step", "iterate_minibatches", "has_converged"]
AS_A_GENERATOR = """
def iterate_minibatches(X, y, batch_size, *, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch_size):
        yield X[order[start : start + batch_size]], y[order[start : start + batch_size]]
"""


def answer(bank, name):
    return source_of(bank, next(known.answer for known in bank if known.name == name))


def test_the_set_is_worth_forty_points_four_of_them_for_the_written_answer(problems):
    assert problems.points == {
        "test_sgd_step": 3,
        "test_iterate_minibatches": 7,
        "test_evaluate": 5,
        "test_has_converged": 4,
        "test_step_decay": 3,
        "test_exponential_decay": 2,
        "test_warmup_cosine": 5,
        "test_train": 7,
        "written_loss_curves": 4,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("sgd_step", "in place", 2),
        ("iterate_minibatches", "shuffles X but not y", 3),
        ("iterate_minibatches", "a seed of its own", 5),
        ("iterate_minibatches", "shuffles the caller's arrays", 6),
        ("evaluate", "mean of batch losses", 3),
        ("evaluate", "argmax over the wrong axis", 3),
        ("evaluate", "everything at once", 4),
        ("warmup_cosine", "warm-up from zero", 3),
        ("warmup_cosine", "1 + cos without the half", 2),
        ("train", "mean of batch losses", 6),
        ("train", "the same order in every epoch", 4),
        ("train", "never stops early", 5),
        ("train", "in place", 6),
        ("train", "the loss after the epoch", 4),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    wrong = answer(problems.misconceptions[function], misconception)
    assert problems.grade({function: wrong}, only=function)[function].points == points


def test_a_generator_loses_one_point_for_the_list_that_was_asked_for_and_is_told_so(problems):
    mark = problems.grade({"iterate_minibatches": AS_A_GENERATOR}, only="iterate_minibatches")["iterate_minibatches"]
    assert mark.points == 6
    assert "collect a generator with list" in str(mark.verdict)


@pytest.mark.parametrize("earlier", ["unwritten", "wrong"])
def test_training_with_earlier_functions_that_are_unwritten_or_wrong_keeps_all_its_marks(problems, earlier):
    answers = {
        function: problems.untouched(function) if earlier == "unwritten" else source_of(bank, bank[0].answer)
        for function, bank in ((function, problems.misconceptions[function]) for function in EARLIER)
    }
    marks = problems.grade(answers)
    assert marks["train"].full
    assert not any(marks[function].full for function in EARLIER)


@pytest.mark.parametrize("name", ["mean of batch losses", "never stops early", "the schedule counts epochs"])
def test_a_wrong_training_is_recognised_even_where_an_earlier_function_is_wrong_too(problems, name):
    steps = answer(problems.misconceptions["sgd_step"], "uphill")
    wrong = answer(problems.misconceptions["train"], name)
    assert problems.grade({"sgd_step": steps, "train": wrong})["train"].misconception == name


def test_the_schedules_are_those_of_the_library(solved):
    from course.schedules import CosineDecay, ExponentialDecay, LinearWarmup, StepDecay

    both = {
        "step_decay": (StepDecay(0.3, every=4, factor=0.6), (0.3, 4, 0.6)),
        "exponential_decay": (ExponentialDecay(0.3, factor=0.9), (0.3, 0.9)),
        "warmup_cosine": (LinearWarmup(5, then=CosineDecay(0.3, steps=9, final=0.1)), (0.3, 5, 9, 0.1)),
    }
    for name, (schedule, rates) in both.items():
        for t in range(1, 30):
            assert solved[name](t, *rates) == pytest.approx(schedule(t)), f"{name}, step {t}"


def test_the_other_order_of_the_stochastic_example_is_right_too(solved):
    def one_example(params, x, t):
        return float((params[0] - t)[0] ** 2 / 2), [params[0] - t]

    ends = set()
    for seed in range(20):
        params, (loss,) = solved["train"](
            [np.array([0.0])], one_example, np.zeros((2, 1)), np.array([2.0, 4.0]),
            schedule=lambda t: 0.5, batch_size=1, epochs=1, rng=np.random.default_rng(seed),
        )  # fmt: skip
        ends.add((params[0].item(), loss))
    assert ends == {(2.5, 3.25), (2.0, 4.0)}
