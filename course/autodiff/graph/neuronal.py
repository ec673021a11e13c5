"""The neuronal graph: one node for every processing element, one arrow for every weight."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from course.autodiff.graph.computation import show
from course.autodiff.graph.drawing import Drawing, Edge, Node
from course.errors import DtypeError, ShapeError, require_shape

Rows = Sequence[np.ndarray]


def neuronal_graph(network: Any, x: Any = None, g_out: Any = None) -> Drawing:
    r"""Draw a network as processing elements: every unit sums its inputs times weights and applies its activation.

    Parameters
    ----------
    network
        A network with `layers`, some of which have a `weight` of shape (D, M), such as `course.Sequential`; or a list
        of such weights; or a list of layer sizes.
    x
        One example, shape (D,): the units of a network then show what they put out.
    g_out
        The gradient by the network's output, shape (M,): the units then show the gradients by their outputs, and the
        arrows those by the weights. This is a backward pass, which fills the layers' gradients.

    Raises
    ------
    ShapeError
        When weights do not fit together, or x or g_out does not fit the network.
    DtypeError
        When values are asked for, and the network is only a list.

    Notes
    -----
    Decks 000 and 001, "neuronal graph".

    >>> print(neuronal_graph([2, 1]))
    x1
    x2
    v2 = unit(x1, x2)
    >>> print(neuronal_graph([np.array([[0.5], [-1.0]])]))
    x1
    x2
    v2 = unit(0.5·x1, -1·x2)
    """
    layers = getattr(network, "layers", None)
    if layers is None and x is not None:
        raise DtypeError(f"neuronal_graph: values need a network with layers, got {type(network).__name__}")
    stages = _stages(layers) if layers is not None else [(None, w, "unit") for w in _weights(network)]
    if not stages:
        raise ShapeError("neuronal_graph: needs at least one layer with a weight of shape (D, M), got none")
    values, gradients = _through(layers, x, g_out) if x is not None else ([], [])
    return _draw(stages, values, gradients)


def _weights(network: Sequence) -> list[np.ndarray]:
    """Read a list of weights, or of layer sizes: then the weights are not known."""
    if all(isinstance(part, int) for part in network):
        return [np.full(pair, np.nan) for pair in pairwise(network)]
    weights = [np.asarray(part, np.float64) for part in network]
    for k, (w, after) in enumerate(pairwise(weights), start=2):
        require_shape("neuronal_graph", f"weight {k}", after, (w.shape[-1], "M"), "units of one layer feed the next")
    return weights


def _stages(layers: Sequence) -> list[tuple[Any, np.ndarray, str]]:
    """List the layers with weights, each with the name of the activation after it."""
    stages: list[tuple[Any, np.ndarray, str]] = []
    for layer in layers:
        weight = getattr(layer, "weight", None)
        if weight is not None and np.ndim(weight) == 2:
            stages.append((layer, weight, "linear"))
        elif stages:
            before = "" if stages[-1][2] == "linear" else f"{stages[-1][2]} "
            stages[-1] = (*stages[-1][:2], f"{before}{type(layer).__name__.lower()}")
    return stages


def _through(layers: Sequence, x: Any, g_out: Any) -> tuple[Rows, Rows]:
    """Run one example forward, and a gradient back; keep what passes between one stage and the next."""
    weighted = [np.ndim(getattr(layer, "weight", None)) == 2 for layer in layers]
    z, values, gradients = np.asarray(x, np.float64)[np.newaxis], [], []
    for layer, starts in zip(layers, weighted, strict=True):
        values += [z[0]] if starts else []
        z = layer.forward(z)
    values.append(z[0])
    if g_out is not None:
        g = np.asarray(g_out, np.float64)[np.newaxis]
        require_shape("neuronal_graph", "g_out", g, z.shape)
        gradients.append(g[0])
        for layer, starts in zip(reversed(layers), reversed(weighted), strict=True):
            g = layer.backward(g)
            gradients += [g[0]] if starts else []
    return values, gradients[::-1]


def _draw(stages: list, values: Rows, gradients: Rows) -> Drawing:
    nodes: list[Node] = []
    edges: list[Edge] = []
    sources: list[int] = []
    inputs = len(stages[0][1])
    for depth, (layer, weight, activation) in enumerate([(None, np.empty((0, inputs)), ""), *stages]):
        targets = []
        for m in range(weight.shape[1]):
            lines = [f"{name} {show(rows[depth][m])}" for name, rows in (("value", values), ("gradient", gradients)) if rows]
            bias = getattr(layer, "bias", None)
            lines = ([f"bias {show(bias[m])}"] if bias is not None else []) + lines
            kind = "output" if depth == len(stages) else "operation" if depth else "leaf"
            targets.append(len(nodes))
            nodes.append(Node(activation or f"x{m + 1}", tuple(lines), kind))
            edges += [Edge(s, targets[-1], _label(layer, weight, (d, m), gradients)) for d, s in enumerate(sources)]
        sources = targets
    return Drawing(nodes, edges)


def _label(layer: Any, weight: np.ndarray, index: tuple[int, int], gradients: Rows) -> str:
    """Write a weight, and its gradient where there is one; of many weights, none."""
    if weight.size > 16 or np.isnan(weight[index]):
        return ""
    gradient = f" ({show(layer.weight_gradient[index])})" if gradients else ""
    return show(weight[index]) + gradient
