"""Frames on their way to the browser."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course.widgets.reel import pack, unpack
from course.widgets.views import Bars, Curve, Field, Frame, Graph, Handle, Lines, Link, Node, Series

NUMBERS = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(arrays(np.float32, st.integers(0, 20), elements=NUMBERS))
def test_every_number_arrives_as_it_was_sent_even_those_that_are_none(x):
    (frame,) = unpack(pack([Frame([Lines("", [Curve("c", x, x)])])]))["frames"]
    np.testing.assert_array_equal(frame["panels"][0]["curves"][0]["x"], x)


@given(arrays(np.float64, (3, 4), elements=st.floats(0, 1)))
def test_a_field_arrives_in_bytes_from_its_lower_left_corner(values):
    (frame,) = unpack(pack([Frame([Field("", values)])]))["frames"]
    panel = frame["panels"][0]
    assert panel["shape"] == [3, 4]
    np.testing.assert_allclose(panel["values"] / 255, values.ravel(), atol=0.5 / 255)


def test_what_is_no_number_is_the_highest_place_of_a_field():
    (frame,) = unpack(pack([Frame([Field("", np.array([[np.nan, 2.0], [-1.0, np.inf]]))])]))["frames"]
    assert frame["panels"][0]["values"].tolist() == [255, 255, 0, 255]


def test_an_array_that_frames_share_is_sent_once():
    grid = np.linspace(0, 1, 1000)
    frames = [Frame([Lines("", [Curve("", grid, grid)])]) for _ in range(50)]
    assert len(pack(frames)) < len(pack(frames[:1])) + 50 * 400


def test_two_arrays_of_one_address_in_turn_are_not_taken_for_one():
    frames = (Frame([Lines("", [Curve("", np.full(9, float(k)), np.zeros(9))])]) for k in range(20))
    sent = unpack(pack(list(frames)))["frames"]
    assert [frame["panels"][0]["curves"][0]["x"][0] for frame in sent] == list(range(20))


def test_ranges_are_those_of_the_finite_numbers():
    lines = Lines("", [Curve("", np.array([0.0, 1, 2]), np.array([1.0, np.inf, 3]))])
    assert lines.x_range == (0, 2)
    assert lines.y_range == (0.9, 3.1)


def test_every_kind_of_panel_can_be_packed_and_drawn():
    from course.widgets.views.twin import figure

    curve = Curve("a", np.arange(3.0), np.arange(3.0), marker="cross", dash=1)
    panels = [
        Lines("lines", [curve], handles=[Handle("h", (1.0, np.float64(1)), x="h")]),
        Field("field", np.eye(4), curves=[curve]),
        Bars("bars", [Series("s", [1, 2]), Series("t", [2, np.nan])], names=["x", "y"]),
        Bars("bins", [Series("s", [1, 2])], edges=np.array([0.0, 1, 2])),
        Graph(
            "graph", [Node("a", "a", 0, 0, ["1"]), Node("b", "b", 1, 0, state="now", shape="disc")], [Link("a", "b", "w")]
        ),
    ]
    kinds = [panel["kind"] for panel in unpack(pack([Frame(panels)]))["frames"][0]["panels"]]
    assert kinds == ["lines", "field", "bars", "bars", "graph"]
    assert len(figure(Frame(panels)).axes) == 5
