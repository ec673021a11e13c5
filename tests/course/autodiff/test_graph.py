"""Drawings: what stands in them, that nothing in a name can break them, and that every arrow points to the right."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from course import Linear, ReLU, Sequential, Tanh
from course.autodiff import symbolic, tape
from course.autodiff.graph import Drawing, Edge, Node, computation_graph, neuronal_graph
from course.autodiff.graph.mermaid import escape
from course.autodiff.graph.svg import layout, ranks
from course.errors import DtypeError, RangeError, ShapeError


def worked_example():
    x, w, b = tape.Value(0.5, "x"), tape.Value(-1.2, "w"), tape.Value(0.3, "b")
    a = w * x + b
    a.name = "a"
    return np.tanh(a)


def test_a_computation_graph_shows_operations_values_and_gradients():
    z = worked_example()
    assert "gradient" not in str(computation_graph(z))
    z.backward()
    assert str(computation_graph(z)).splitlines() == [
        "x             value 0.5, gradient -1.098",
        "w             value -1.2, gradient 0.4576",
        "b             value 0.3, gradient 0.9151",
        "v3 = ×(w, x)  value -0.6, gradient 0.9151",
        "a = +(v3, b)  value -0.3, gradient 0.9151",
        "v5 = tanh(a)  value -0.2913, gradient 1",
    ]


def test_drawing_a_graph_leaves_the_gradients_where_they_are():
    z = worked_example()
    z.backward()
    before = [v.gradient for v in tape.topological_order(z)]
    computation_graph(z)
    assert [v.gradient for v in tape.topological_order(z)] == before


def test_a_shared_value_is_one_node_and_a_constant_one_for_each_use():
    x = tape.Value(2.0, "x")
    drawing = computation_graph((x * x + 1) * 1)
    assert [node.title for node in drawing.nodes] == ["x", "×", "1", "+", "1", "×"]
    assert [edge.source for edge in drawing.edges if edge.target == 1] == [0, 0]


def test_arrays_are_shown_when_they_are_small_and_by_their_shape_when_they_are_not():
    assert "value [1, 2]" in str(computation_graph(tape.Value([1.0, 2.0])))
    assert "value array (3, 4)" in str(computation_graph(tape.Value(np.ones((3, 4)))))


def test_the_gradients_of_a_recorded_backward_pass_are_shown_too():
    z = worked_example()
    z.backward(record=True)
    assert "value -0.2913, gradient 1" in str(computation_graph(z))


def test_a_formula_is_drawn_with_its_shared_parts_once():
    x = symbolic.symbols("x")
    drawing = computation_graph(np.sin(x * x) * (x * x))
    assert len(drawing.nodes) == 5
    f = np.sin(x)
    assert len(computation_graph(f * f).nodes) == 3


def test_a_notebook_gets_mermaid_svg_and_text():
    bundle = computation_graph(worked_example())._repr_mimebundle_()
    assert list(bundle) == ["text/vnd.mermaid", "image/svg+xml", "text/plain"]
    assert bundle["text/vnd.mermaid"].startswith("flowchart LR\n")
    ElementTree.fromstring(bundle["image/svg+xml"])
    only = computation_graph(worked_example())._repr_mimebundle_(include={"text/plain"})
    assert list(only) == ["text/plain"]


@given(st.text(max_size=30))
@example('"]; <b> & `c` #35; %% end')
def test_no_name_can_break_out_of_its_label(name):
    drawing = Drawing([Node(name, (name,), "leaf"), Node("exp")], [Edge(0, 1, name)])
    lines = drawing.mermaid().splitlines()
    assert re.fullmatch(r'  n0\(\["[\w .,#;]*<br/>[\w .,#;]*"\]\):::leaf', lines[1])
    assert sum(line.startswith("  n") for line in lines) == 3
    texts = [t.text or "" for t in ElementTree.fromstring(_without_controls(drawing.svg())).iter() if t.tag.endswith("text")]
    assert texts.count(_without_controls(name)) >= 2


def _without_controls(text):
    return "".join(c for c in text if c.isprintable() or c == "\n")


def test_numbers_stand_for_characters_that_mean_something():
    assert escape('"];<>&`#%') == "#34;#93;#59;#60;#62;#38;#96;#35;#37;"


@st.composite
def graphs(draw):
    n = draw(st.integers(1, 12))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] < p[1])
    edges = draw(st.lists(pairs, max_size=20)) if n > 1 else []
    return Drawing([Node(f"node {k}", ("a", "b")[: k % 3]) for k in range(n)], [Edge(*pair) for pair in edges])


@given(graphs())
def test_every_arrow_points_to_the_right_and_no_two_boxes_overlap(drawing):
    rank = ranks(drawing)
    assert all(rank[edge.source] < rank[edge.target] for edge in drawing.edges)
    boxes, width, height = layout(drawing)
    assert all(boxes[e.source][0] + boxes[e.source][2] < boxes[e.target][0] for e in drawing.edges)
    for i, (x, y, w, h) in enumerate(boxes):
        assert min(x, y) >= 0
        assert x + w <= width
        assert y + h <= height
        assert not any(x < x2 + w2 and x2 < x + w and y < y2 + h2 and y2 < y + h for x2, y2, w2, h2 in boxes[:i])


def test_what_nobody_could_read_is_not_drawn():
    x = tape.Value(1.0)
    for _ in range(301):
        x = np.sin(x)
    with pytest.raises(RangeError, match="at most 300 nodes, got 302"):
        computation_graph(x)
    with pytest.raises(DtypeError, match="value on the tape or a formula, got float"):
        computation_graph(1.0)


@pytest.fixture
def network(rng):
    return Sequential(Linear(2, 3, rng=rng), Tanh(), Linear(3, 1, rng=rng))


def test_a_neuronal_graph_has_a_node_for_every_unit_and_an_arrow_for_every_weight(network):
    drawing = neuronal_graph(network)
    assert [node.title for node in drawing.nodes] == ["x1", "x2", "tanh", "tanh", "tanh", "linear"]
    assert len(drawing.edges) == 2 * 3 + 3 * 1
    weights = network.named_parameters()["0.weight"]
    assert drawing.edges[2].label == f"{weights[0, 1]:.4g}"
    assert neuronal_graph([2, 3, 1]).edges == neuronal_graph([2, 3, 1]).edges
    assert [(e.source, e.target) for e in neuronal_graph([2, 3, 1]).edges] == [(e.source, e.target) for e in drawing.edges]


def test_units_show_what_they_put_out_and_its_gradient(network):
    x, delta = np.array([1.0, -0.5]), np.array([2.0])
    drawing = neuronal_graph(network, x, delta)
    z = np.tanh(x @ network[0].weight + network[0].bias)
    assert drawing.nodes[2].lines == ("bias 0", f"value {z[0]:.4g}", f"gradient {2 * network[2].weight[0, 0]:.4g}")
    g = tape.grad(lambda x: 2 * np.sum(np.tanh(x @ network[0].weight) @ network[2].weight))(x)
    assert drawing.nodes[0].lines == ("value 1", f"gradient {g[0]:.4g}")
    assert drawing.edges[-1].label == f"{network[2].weight[2, 0]:.4g} ({2 * z[2]:.4g})"


def test_words_on_arrows_are_left_to_svg_where_they_keep_apart(network):
    assert list(neuronal_graph(network)._repr_mimebundle_()) == ["image/svg+xml", "text/plain"]
    assert list(neuronal_graph([2, 3, 1])._repr_mimebundle_()) == ["text/vnd.mermaid", "image/svg+xml", "text/plain"]


def test_many_weights_go_without_words(rng):
    drawing = neuronal_graph(Sequential(Linear(5, 4, rng=rng), ReLU()))
    assert not any(edge.label for edge in drawing.edges)
    assert drawing.nodes[-1].title == "relu"


def test_what_is_no_network_is_refused(network):
    with pytest.raises(ShapeError, match="needs at least one layer with a weight"):
        neuronal_graph(Sequential(Tanh()))
    with pytest.raises(ShapeError, match=r"weight 2 must have shape \(3, M\), got \(2, 1\)"):
        neuronal_graph([np.ones((2, 3)), np.ones((2, 1))])
    with pytest.raises(ShapeError, match=r"g_out must have shape \(1, 1\)"):
        neuronal_graph(network, [1.0, 2.0], [1.0, 2.0])
    with pytest.raises(DtypeError, match="values need a network with layers, got list"):
        neuronal_graph([2, 3, 1], x=[1.0, 2.0])
