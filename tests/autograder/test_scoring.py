"""Scores follow nbgrader's own rules, but for the accidents that give or take marks there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader import utils

from autograder.scoring import score_cell

POINTS = 4
WARNING = new_output("stream", name="stderr", text="RuntimeWarning: overflow")
PRINT = new_output("stream", name="stdout", text="3.0")
PICTURE = new_output("display_data", data={"text/plain": "2", "image/png": "aGk="})
ERROR = new_output("error", ename="AssertionError", evalue="no", traceback=[])


def result(text, mime="text/plain"):
    return new_output("execute_result", data={mime: text}, execution_count=1)


def with_role(cell, **role):
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "task": False, "grade_id": "c", "points": POINTS, **role}
    return cell


def ran(*outputs, execution_count=1):
    return with_role(new_code_cell("check()", outputs=list(outputs), execution_count=execution_count))


@given(
    before=st.lists(st.sampled_from([PRINT, PICTURE]), max_size=3),
    last=st.none()
    | st.just(ERROR)
    | st.floats(0, POINTS).map(repr).map(result)
    | st.integers(0, POINTS).map(str).map(result),
)
def test_where_nbgrader_has_no_trap_the_score_is_nbgraders(before, last):
    cell = ran(*before, *([last] if last else []))
    assert score_cell(cell) == (utils.determine_grade(cell)[0], False)


@pytest.mark.parametrize("outputs", [[WARNING], [PRINT, WARNING], [WARNING, result("4")]])
def test_text_on_stderr_costs_nothing(outputs):
    cell = ran(*outputs)
    assert score_cell(cell) == (POINTS, False)
    assert utils.determine_grade(cell)[0] == 0, "this is nbgrader's trap"


@pytest.mark.parametrize(
    "text", ["-1", "-1e-9", "nan", "NaN", "array(3)", "np.float64(2.0)", "None", "'4'", "True", ["1", "2"]]
)
def test_a_result_that_is_no_score_earns_nothing_and_waits_for_a_person(text):
    cell = ran(result(text))
    assert score_cell(cell) == (0, True)
    assert utils.determine_grade(cell)[0] == POINTS, "this is nbgrader's trap"


@pytest.mark.parametrize("text", ["4.001", "100", "inf", "-inf", "1e400", "", []])
def test_a_result_that_would_stop_nbgrader_or_pass_its_bounds_earns_nothing(text):
    assert score_cell(ran(result(text))) == (0, True)


def test_a_result_without_text_earns_nothing():
    assert score_cell(ran(result("<b>4</b>", "text/html"))) == (0, True)
    assert score_cell(ran(new_output("execute_result", execution_count=1))) == (0, True)


def test_a_score_may_be_one_text_in_a_list():
    assert score_cell(ran(result(["2.5"]))) == (2.5, False)


def test_an_error_scores_nothing_also_behind_a_result():
    assert score_cell(ran(result("4"), ERROR)) == (0, False)
    assert score_cell(ran(ERROR, result("4"))) == (0, False)


def test_of_several_results_the_last_is_the_score_and_a_person_looks():
    assert score_cell(ran(result("'anything'"), result("1"))) == (1, True)


def test_a_cell_that_ran_in_silence_has_all_its_points():
    assert score_cell(ran()) == (POINTS, False)


def test_a_cell_that_never_ran_has_no_points_whatever_it_shows():
    assert score_cell(ran(execution_count=None)) == (0, True)
    assert score_cell(ran(result("4"), execution_count=None)) == (0, True)


@pytest.mark.parametrize("make", [new_markdown_cell, new_code_cell])
def test_a_written_answer_scores_nothing_as_released_and_waits_for_a_person_when_changed(make):
    cell = with_role(make("YOUR ANSWER HERE"), solution=True)
    cell.metadata.nbgrader["checksum"] = utils.compute_checksum(cell)
    assert score_cell(cell) == (0, False) == (utils.determine_grade(cell)[0], False)
    cell.source = "Because."
    assert score_cell(cell) == (None, True) == (utils.determine_grade(cell)[0], True)


def test_a_task_waits_for_a_person():
    assert score_cell(with_role(new_markdown_cell("Do this."), grade=False, task=True)) == (None, True)


def test_a_verdict_scores_where_the_notebook_shows_no_results_and_a_person_looks():
    from nbformat import NotebookNode

    verdict = {"application/vnd.autograder.verdict+json": {"name": "f", "points": 1.5}}
    cell = new_code_cell("f.score()", execution_count=1, outputs=[new_output("display_data", verdict)])
    cell.metadata["nbgrader"] = NotebookNode(grade=True, solution=False, points=3, grade_id="f")
    assert score_cell(cell) == (1.5, True)
    cell.outputs = [new_output("execute_result", {"text/plain": "0.30000000000000004"})]
    cell.metadata.nbgrader.points = 0.3
    assert score_cell(cell) == (0.3, False)
