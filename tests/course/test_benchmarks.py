"""The benchmarks compare like with like, lose no row, and their table says what it means."""

import gc
import json
import math
import subprocess
import sys
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as bench
from benchmarks import gradient_check, harness, training_step
from course import SGD

ROW = harness.Row("work", "PyTorch eager", "at least", 10)


def test_the_library_and_the_bare_calls_take_the_same_steps():
    training_step.check_that_both_do_the_same(training_step.library(SGD(training_step.RATE)), training_step.bare_sgd())


def test_the_gradient_checks_that_are_timed_pass_on_500_parameters():
    gradient_check.both_pass(gradient_check.library(None), lambda: True)
    gradient_check.both_pass(gradient_check.library(1), lambda: True)


def test_two_sides_that_differ_are_not_timed():
    with pytest.raises(AssertionError):
        harness.measure(ROW, lambda: lambda: 1.0, lambda: lambda: 2.0, agree=training_step.check_that_both_do_the_same)


@pytest.mark.parametrize(
    ("sign", "ask", "ratio", "met"),
    [("at most", 1.5, 2.0, False), ("at most", 2.5, 2.0, True), ("at least", 1.0, 0.5, False)],
)
def test_a_ratio_is_library_over_peer_where_less_is_asked_and_the_reverse_where_more_is(sign, ask, ratio, met):
    row = harness.compare(harness.Row("work", "peer", sign, ask), [2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    assert row.ratio == ratio
    assert row.met == met


def test_the_ratio_is_of_rounds_that_ran_side_by_side():
    slow_machine = [1.0, 10.0, 1.0, 10.0]
    row = harness.compare(ROW, slow_machine, [2 * seconds for seconds in slow_machine])
    assert row.ratio == 2
    assert row.quartiles == (2, 2)


def test_sides_take_turns_at_going_first_and_no_garbage_is_collected_meanwhile():
    calls = []
    sides = {name: lambda name=name: calls.append((name, gc.isenabled())) for name in "ab"}
    times = harness.interleave(sides, rounds=3, calls=2)
    assert [name for name, _ in calls] == list("aabbbbaaaabb")
    assert not any(collecting for _, collecting in calls)
    assert gc.isenabled()
    assert [len(each) for each in times.values()] == [3, 3]


def test_a_fast_side_is_called_more_often_so_that_both_fill_a_slice(monkeypatch):
    price = 0.0013  # seconds of one call
    monkeypatch.setattr(harness, "_seconds", lambda run, calls: price * calls)
    assert harness._calls_in_a_slice(lambda: None) == math.ceil(harness.SLICE / price)


def test_a_missing_peer_is_named_in_the_table():
    def peer():
        import a_package_that_nobody_has

        return a_package_that_nobody_has

    row = harness.measure(ROW, lambda: lambda: 1.0, peer)
    assert row.met is None
    assert "a_package_that_nobody_has not installed" in harness.table([row])


def test_a_benchmark_that_crashes_is_named_and_the_rows_of_the_others_are_kept(monkeypatch, tmp_path, capsys):
    def crash():
        raise ZeroDivisionError("no peer at all")

    measured = harness.compare(ROW, [1.0, 1.0], [20.0, 20.0])
    modules = {"good": lambda: [measured], "bad": crash, "missing": lambda: [ROW]}
    monkeypatch.setattr(bench, "names", lambda: list(modules))
    monkeypatch.setattr(bench, "import_module", lambda name: SimpleNamespace(rows=modules[name.partition(".")[2]]))
    monkeypatch.setattr(bench, "OUTPUT", tmp_path / "figures.json")
    monkeypatch.setattr(bench, "stay_on_one_core", lambda: None)
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    assert bench.main() == 1
    printed = capsys.readouterr().out
    assert "20.00" in printed
    assert "bad CRASHED" in printed
    assert "not installed, and so not measured: PyTorch eager" in printed
    figures = json.loads(bench.OUTPUT.read_text())
    assert [row["ratio"] for row in figures["rows"]] == [20, None]
    assert figures["crashed"] == {"bad": "ZeroDivisionError: no peer at all"}


def test_benchmarks_are_found_by_themselves_and_can_be_named(monkeypatch, capsys):
    assert {"training_step", "gradient_check", "imports"} <= set(bench.names())
    assert "harness" not in bench.names()
    monkeypatch.setattr(sys, "argv", ["benchmarks", "tapes"])
    assert bench.main() == 2
    assert "no benchmark is called tapes" in capsys.readouterr().err


def test_one_thread_is_asked_for_before_numpy_is_imported():
    code = "import sys, os, benchmarks; print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS'])"
    environment = {"PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["False", "1"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(4.56e-5, "45.6 µs"), (1.234e-3, "1.23 ms"), (0.25, "250 ms"), (12.3, "12.3 s")]
)
def test_times_are_written_with_three_digits_and_their_unit(seconds, text):
    assert harness.duration(seconds) == text
