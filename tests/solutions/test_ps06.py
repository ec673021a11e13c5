"""What is special to problem set 6: its parts, mistakes that are carried forward, and its picture."""

import contextlib
import io

import matplotlib as mpl
import numpy as np
import pytest

from solutions.problem_set import source_of

EARLIER = ["linear_forward", "linear_backward", "activation_backward", "deltas"]


def answer(bank, name):
    return source_of(bank, next(known.answer for known in bank if known.name == name))


def namespace_of(problems, *functions, **answers):
    """Run the models of some functions, or the answers given, and return what they define."""
    namespace = {"np": np}
    for function in functions:
        exec(answers.get(function, problems.model(function)), namespace)
    return namespace


def drawn(problems, namespace):
    """Run the cell with the picture; give what it printed."""
    cell = next(cell for cell in problems.notebook.cells if cell.get("id") == "picture_training")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), mpl.rc_context({"backend": "agg"}):
        exec(cell.source, namespace)
    return printed.getvalue()


def test_the_set_is_worth_fifty_points_four_of_them_for_the_written_answer(problems):
    assert problems.points == {
        "test_linear_forward": 5,
        "test_linear_backward": 10,
        "test_activation_backward": 8,
        "test_deltas": 9,
        "test_column_step": 5,
        "test_MLP": 9,
        "written_backpropagation": 4,
    }


@pytest.mark.parametrize(
    ("function", "misconception", "points"),
    [
        ("linear_backward", "dW transposed", 6),
        ("linear_backward", "db with an extra axis", 8),
        ("linear_backward", "mean over the examples", 4),
        ("activation_backward", "takes z for a", 2),
        ("activation_backward", "relu: zero counts as on", 6),
        ("deltas", "no slope at the output", 6),
        ("deltas", "no slope in hidden layers", 3),
        ("column_step", "plus, as deck 002 prints it", 3),
        ("column_step", "gradient laid out as D × M", 2),
        ("MLP", "no one half in the loss", 7),
        ("MLP", "1/N in the loss only", 4),
        ("MLP", "bias gradient averaged", 7),
        ("MLP", "hidden slope left out", 4),
    ],
)
def test_a_mistake_costs_the_parts_that_it_spoils_and_no_more(problems, function, misconception, points):
    wrong = answer(problems.misconceptions[function], misconception)
    assert problems.grade({function: wrong})[function].points == points


def test_an_mlp_that_calls_functions_nobody_has_written_yet_keeps_all_its_marks(problems):
    unwritten = {function: problems.untouched(function) for function in EARLIER}
    through_deltas = answer(problems.right_answers["MLP"], "through the earlier functions and deltas")
    for mlp in (problems.model("MLP"), through_deltas):
        marks = problems.grade(unwritten | {"MLP": mlp})
        assert marks["MLP"].full
        assert not any(marks[function].points for function in EARLIER)


def test_a_wrong_mlp_is_recognised_even_where_an_earlier_function_is_wrong_too(problems):
    own = problems.model("MLP").replace("error / len(X), [], []", "error, [], []")
    assert own != problems.model("MLP")
    earlier = answer(problems.misconceptions["linear_backward"], "dW transposed")
    mark = problems.grade({"linear_backward": earlier, "MLP": own})["MLP"]
    assert (mark.points, mark.misconception) == (4, "1/N in the loss only")


def test_the_worked_example_of_the_text_is_what_the_model_answers_compute(problems):
    p, q = np.log(2), np.log(3)
    weights = [np.array([[p, 0], [-2 * p, -q]]), np.array([[1.0], [2.0]])]
    network = namespace_of(problems, *problems.functions)["MLP"](weights, [np.array([p, 0]), np.array([1.0])])
    x, y = np.array([[2.0, 1.0]]), np.array([[-0.5]])
    loss, dWs, dbs = network.loss_and_gradients(x, y)
    np.testing.assert_allclose(network.predict(x), [[0.0]], atol=1e-15)
    np.testing.assert_allclose(loss, 0.125)
    np.testing.assert_allclose(dWs[1], [[0.3], [-0.4]])
    np.testing.assert_allclose(dbs[1], [0.5])
    np.testing.assert_allclose(dWs[0], [[0.64, 0.72], [0.32, 0.36]])
    np.testing.assert_allclose(dbs[0], [0.32, 0.36])


def test_the_picture_is_one_friendly_line_until_the_network_is_right(problems):
    friendly = "Your network's training appears here as soon as MLP passes its checks.\n"
    assert drawn(problems, {"np": np}) == friendly
    assert drawn(problems, namespace_of(problems, "MLP", MLP=problems.untouched("MLP"))) == friendly
    uphill = answer(problems.misconceptions["MLP"], "target minus prediction")
    assert drawn(problems, namespace_of(problems, "MLP", MLP=uphill)) == friendly
    assert drawn(problems, namespace_of(problems, *problems.functions)) == ""
