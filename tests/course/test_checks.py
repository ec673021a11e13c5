"""The checks that exercises are written with: what they score, what they say, and what they keep to themselves."""

import sys
import warnings

import numpy as np
import pytest

from course import checks
from course.checks import Check
from course.misconceptions import Bank
from course.verdict import MIME_TYPE


@pytest.fixture
def shown(monkeypatch):
    """The verdicts that were shown."""
    verdicts = []
    monkeypatch.setattr(checks, "show", verdicts.append)
    return verdicts


def failing():
    raise checks.CheckFailed("it is wrong.")


def test_a_function_earns_its_points_only_when_every_test_passes(shown):
    for tests, points in (([lambda: None], 3), ([lambda: None, failing], 0), ([], 0)):
        check = Check("f", points=3)
        for test in tests:
            check(test)
        assert check.score() == points
        assert shown[-1].points == points
        assert shown[-1].out_of == 3


def test_a_part_earns_its_own_points_and_a_test_without_part_gates_them_all(shown):
    check = Check("f", points={"dW": 4, "db": 2})
    check(part="dW")(failing)
    check(part="db")(lambda: None)
    assert check.score() == 2
    check(failing)
    assert check.score() == 0


def test_a_part_that_no_test_concerns_earns_nothing(shown):
    check = Check("f", points={"dW": 4, "db": 2})
    check(part="dW")(lambda: None)
    assert check.score() == 4


def test_a_part_that_does_not_exist_is_the_authors_mistake():
    with pytest.raises(ValueError, match="one of dW"):
        Check("f", points={"dW": 4})(part="dX")


def test_after_a_failure_the_other_tests_still_run(shown):
    check = Check("f", points=1)
    ran = []
    check(failing)
    check(lambda: ran.append(1))
    assert ran == [1]
    check.score()
    assert [result.passed for result in shown[-1].results] == [False, True]


def test_a_visible_message_shows_the_numbers_and_a_hidden_one_does_not(shown):
    check = Check("f", points=1)
    check(lambda: check.close("dW", [[1.25, 2.0]], [[-1.25, -2.0]]))
    check.hidden(lambda: check.close("dW", [[1.25, 2.0]], [[-1.25, -2.0]]))
    check.score()
    seen, hidden = (result.message for result in shown[-1].results)
    assert "sign" in seen
    assert "1.25" in seen
    assert "sign" in hidden
    assert "1.25" not in hidden


def test_what_a_hidden_test_prints_warns_or_raises_stays_inside(shown, capsys):
    check = Check("f", points=1)

    def f(x):
        print("secret", x)
        print("secret", x, file=sys.stderr)
        warnings.warn("secret", stacklevel=1)
        np.array([1.0]) / np.array([0.0])
        raise ValueError(f"secret {x}")

    check.hidden(lambda: f(7))
    check.score()
    out, err = capsys.readouterr()
    assert "secret" not in out + err
    assert "7" not in shown[-1].results[0].message.splitlines()[0]
    assert "ValueError" in shown[-1].results[0].message


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotImplementedError(), "not written yet"),
        (NameError("name 'f' is not defined", name="f"), "f is not defined"),
        (SystemExit(1), "SystemExit"),
        (RecursionError("deep"), "RecursionError: deep"),
    ],
)
def test_an_exception_becomes_a_sentence(shown, error, said):
    check = Check("f", points=1)

    def test():
        raise error

    check(test)
    assert check.score() == 0
    assert said in shown[-1].results[0].message


def test_an_interrupt_is_not_taken_for_a_failure():
    def test():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Check("f", points=1)(test)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: x.__imul__(2.0), "changes"),
        (lambda x: x, "returned|return"),
        (lambda x: x.reshape(-1), "view|return"),
        (lambda x: [x[1:]], "view|return"),
        (lambda x: x.sort() or x.copy(), "changes"),
    ],
)
def test_call_finds_a_changed_argument_and_a_returned_view(shown, f, said):
    import re

    check = Check("f", points=1)
    given = np.array([3.0, 1.0, 2.0])
    check.hidden(lambda: check.call(f, given))
    assert check.score() == 0
    assert re.search(said, shown[-1].results[0].message)
    assert given.tolist() == [3, 1, 2], "the test's own array is never the one that is changed"


def test_a_misconception_is_named_only_when_it_agrees_in_every_experiment(shown):
    bank = Bank("square")
    bank("doubles", "Which operation is 3 times 3?")(lambda x: 2 * x)
    bank("adds two", "Look at 5.")(lambda x: x + 2)

    def grade(yours):
        check = Check("square", points=1)
        check.misconceptions = bank

        def experiment_at(x):
            return lambda f: {"the square": f(x)}

        check.hidden(lambda: check.compare(yours, lambda x: x * x, experiment_at(2.0)))  # 2 + 2 = 2 * 2 = 2 ** 2
        check.hidden(lambda: check.compare(yours, lambda x: x * x, experiment_at(5.0)))
        check.score()
        return shown[-1].misconception and shown[-1].misconception.name

    assert grade(lambda x: x + x) == "doubles"
    assert grade(lambda x: 2 + x) == "adds two"
    assert grade(lambda x: x + x if x < 3 else 0.0) is None
    assert grade(lambda x: x**2) is None


def test_a_mistake_in_an_earlier_function_is_carried_and_not_charged_twice(shown):
    namespace = {"Check": Check}
    source = """
def first(x): return x + 1   # should be x + 2
def second(x): return 10 * first(x)
def wrong(x): return 11 * first(x)
check = Check(NAME, points=1)
check.carry(first=lambda x: x + 2)
@check
def test_it():
    check.close("it", globals()[NAME](1), 30)
points = check.score()
left = first(1)
"""
    for name, points in (("second", 1), ("wrong", 0)):
        both = namespace | {"NAME": name}
        exec(source, both)
        assert both["points"] == points
        assert both["left"] == 2, "the student's own function is back in its place"


def test_the_seed_fixes_the_data_and_is_told_with_the_verdict(shown, monkeypatch):
    monkeypatch.setenv("GRADING_SEED", "42")
    first, second = Check("f", points=1), Check("f", points=1)
    assert first.rng.random() == second.rng.random()
    first.score()
    assert shown[-1].data()["seed"] == 42
    monkeypatch.delenv("GRADING_SEED")
    assert Check("f", points=1).seed != Check("f", points=1).seed


def test_a_verdict_is_text_for_people_and_data_for_graders(shown):
    check = Check("f", points=2)
    check(lambda: None)
    check(failing)
    check.score()
    bundle = shown[-1]._repr_mimebundle_()
    assert "f: 0 of 2 points" in bundle["text/plain"]
    assert bundle[MIME_TYPE]["reason"] == "it is wrong"
    assert bundle[MIME_TYPE]["misconception"] is None


def message_of(shown, test, hidden=False):
    """What a check says of one test."""
    check = Check("f", points=1)
    (check.hidden if hidden else check)(lambda: test(check))
    check.score()
    return shown[-1].results[0].message


def test_numbers_are_written_alike_and_to_as_many_digits_as_tell_them_apart(shown):
    said = message_of(shown, lambda check: check.close("w", [np.array([0.3, 0.2999962501])], [[0.3, 0.3]]))
    assert "expected [[0.3 0.3]]" in said
    assert "yours    [[0.3 0.2999962501]]" in said
    assert "yours    0.08837" in message_of(shown, lambda check: check.close("loss", np.float64(0.088367664), 0.3))


def test_digits_lost_to_a_shorter_float_are_named_as_such(shown):
    right = np.array([1 / 3, 2 / 3, 10.0])
    said = message_of(shown, lambda check: check.close("w", right.astype("f4") * np.float32(1 + 2e-6), right))
    assert "only the first 5 digits are right" in said
    assert "float64" in said


@pytest.mark.parametrize("hidden", [False, True])
def test_a_missing_return_is_asked_for(shown, hidden):
    assert message_of(shown, lambda check: check.close("w", None, 1.0), hidden) == "w is None: is a return missing?"


def test_call_passes_keywords_on_and_gives_a_copy_of_them_too(shown):
    def f(x, *, rng):
        return x + rng.integers(9)

    rng, found = np.random.default_rng(0), []
    message_of(shown, lambda check: found.extend(check.call(f, np.zeros(2), rng=rng)))
    assert found == [np.random.default_rng(0).integers(9)] * 2
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


def test_what_numpy_says_is_put_plainly(shown):
    a = np.ones((2, 3))
    assert "do not fit, (…, 3) @ (2, …)" in message_of(shown, lambda check: a @ a)
    assert "** is" in message_of(shown, lambda check: a ^ 2)

    def unpack(check):
        _, _ = np.float64(3.0)

    assert "one thing is returned where several are asked for" in message_of(shown, unpack)


def test_an_error_is_laid_to_the_method_or_to_the_result_that_caused_it(shown):
    namespace = {}
    source = "class f:\n    def g(self):\n        return [h(1) for h in (missing,)]"
    exec(compile(source, "students_cell.py", "exec"), namespace)
    import linecache

    linecache.cache["students_cell.py"] = (len(source), None, source.splitlines(True), "students_cell.py")
    said = message_of(shown, lambda check: namespace["f"]().g())
    assert said.startswith("f.g raised NameError")
    assert "at the line: return [h(1)" in said
    assert message_of(shown, lambda check: len(3)).startswith("The test cannot use what f gave: TypeError")


def test_what_several_tests_find_alike_is_said_once(shown):
    check = Check("f", points=1)
    for label in ("one", "two"):

        def test():
            raise NotImplementedError

        test.__doc__ = label
        check(test)
    check(lambda: None)
    check.score()
    text = str(shown[-1])
    assert text.count("f is not written yet.") == 1
    assert "  to do  one\n  to do  two\n           f is not written yet.\n  ok   " in text
