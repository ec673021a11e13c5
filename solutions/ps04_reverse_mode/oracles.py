"""Graphs and gradients that owe nothing to a student's code, and what is observed of an answer.

An experiment runs a student's function on nodes of the student's process, and a known answer on :class:`Node` below: the
argument ``kind`` says which. Gradients are pulled back by :func:`pull`, so that no test of an operation needs a student's
``backward``; the right ones come from central differences at every entry.
"""

import math
import re

import numpy as np

from course.checks import CheckFailed
from course.gradient_check import numerical_vjp


class Node:
    """One value of a computation graph, with as much as the notebook's own has."""

    __array_ufunc__ = None

    def __init__(self, data, parents=(), rule=None, label=""):
        self.data = np.array(data, dtype=float)
        self.parents, self.rule, self.label = tuple(parents), rule, label
        self.grad = None

    @property
    def shape(self):
        return self.data.shape

    @property
    def text(self):
        lines = [self.label] if self.label else []
        for name, array in [("value", self.data), ("gradient", self.grad)]:
            if array is not None:
                lines.append(f"{name} {float(array):.4g}" if np.ndim(array) == 0 else f"{name} of shape {np.shape(array)}")
        return "<br/>".join(lines)

    def plus(self, other):
        return type(self)(self.data + other.data, (self, other), lambda g: (g, g), "plus")

    def times(self, other):
        return type(self)(self.data * other.data, (self, other), lambda g: (g * other.data, g * self.data), "times")


def topological_order(root):
    """Take away, again and again, a node all of whose consumers are gone; what was taken last stands first."""
    found, consumers = [root], {id(root): 0}
    for node in found:
        for parent in node.parents:
            if id(parent) not in consumers:
                consumers[id(parent)] = 0
                found.append(parent)
            consumers[id(parent)] += 1
    free = [root]
    for node in free:
        for parent in node.parents:
            consumers[id(parent)] -= 1
            if consumers[id(parent)] == 0:
                free.append(parent)
    return free[::-1]


def pull(root, seed):
    """Carry a seed back; give the gradient of every node by its id, and the nodes, without which ids mean nothing."""
    order, totals = topological_order(root), {id(root): np.array(seed, dtype=float)}
    for node in reversed(order):
        parents = node.parents
        if not parents:
            continue
        shares = node.rule(np.array(totals[id(node)]))
        if not isinstance(shares, (tuple, list)) or len(shares) != len(parents):
            raise CheckFailed("A rule returns a tuple with one array for each parent, even where there is only one.")
        for parent, share in zip(parents, shares, strict=True):
            totals[id(parent)] = totals[id(parent)] + share if id(parent) in totals else np.array(share)
    return totals, order


def backward(root, seed=None):
    """Put into every node what pull finds."""
    seed = np.ones(root.data.shape) if seed is None else seed
    totals, order = pull(root, seed)
    for node in order:
        node.grad = totals[id(node)]


def unbroadcast(gradient, shape):
    """Add every entry of the gradient to the entry that broadcasting took it from."""
    source = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), np.shape(gradient))
    return np.bincount(source.ravel(), np.ravel(gradient), minlength=int(np.prod(shape))).reshape(shape)


def by_differences(f):
    """Make of a function of arrays one of nodes, whose rule takes central differences at every entry."""

    def function(*given):
        places = [i for i, x in enumerate(given) if hasattr(x, "parents")]
        arrays = [x.data if i in places else x for i, x in enumerate(given)]

        def moved(i):
            return lambda x: np.asarray(f(*arrays[:i], x, *arrays[i + 1 :]))

        def rule(g):
            return tuple(numerical_vjp(moved(i), arrays[i], g) for i in places)

        return type(given[places[0]])(f(*arrays), [given[i] for i in places], rule)

    return function


class Value(Node):
    """Arithmetic with gradients from central differences."""

    __add__ = by_differences(lambda a, b: a + b)
    __radd__ = by_differences(lambda a, b: b + a)
    __sub__ = by_differences(lambda a, b: a - b)
    __rsub__ = by_differences(lambda a, b: b - a)
    __mul__ = by_differences(lambda a, b: a * b)
    __rmul__ = by_differences(lambda a, b: b * a)
    __truediv__ = by_differences(lambda a, b: a / b)
    __rtruediv__ = by_differences(lambda a, b: b / a)
    __pow__ = by_differences(lambda a, n: a**n)
    __neg__ = by_differences(lambda a: -a)


def value(operation, kind, operands):
    """Apply an operation to nodes of a kind; give its value."""
    return {"the value": operation(*(kind(array.copy()) for array in operands.values())).data}


def results(operation, kind, operands, g):
    """Apply an operation to nodes of a kind; give its value, and the gradients of its operands under the seed g."""
    nodes = {name: kind(array.copy()) for name, array in operands.items()}
    result = operation(*nodes.values())
    seen = {"the value": result.data}
    if np.shape(seen["the value"]) == np.shape(g):
        totals, _order = pull(result, g)
        seen |= {f"the gradient of {name}": totals.get(id(node), np.zeros(node.shape)) for name, node in nodes.items()}
    seen |= {f"{name}'s own data after it": node.data for name, node in nodes.items()}
    return seen


def build(kind, graph, texts):
    """Make nodes from the numbers of each one's parents, and from each one's label and number."""
    nodes = []
    for parents, (label, value) in zip(graph, texts, strict=True):
        nodes.append(kind(value, [nodes[i] for i in parents], None, label))
    return nodes


def draw_graph(rng, size):
    """Draw a graph: three leaves, then nodes that use their predecessor and one or two others, perhaps one of them twice."""
    graph = [[], [], []]
    for number in range(3, size):
        others = rng.integers(0, number, size=rng.integers(1, 3))
        graph.append([int(i) for i in rng.permutation([number - 1, *others])])
    return graph


def order_of(answer, kind, graph, root=-1):
    """Observe an order of the nodes that a root depends on, in a way in which all right orders look the same."""
    nodes = build(kind, graph, [("", 0.0)] * len(graph))  # equal numbers, but different nodes
    order = answer(nodes[root])
    if not isinstance(order, (list, tuple)):
        raise CheckFailed("topological_order returns a list.")
    places = {}
    for place, node in enumerate(order):
        places.setdefault(id(node), []).append(place)
    here = [places.get(id(node), []) for node in nodes]
    late = sum(
        bool(here[number] and here[parent] and here[parent][0] > here[number][0])
        for number, parents in enumerate(graph)
        for parent in parents
    )
    return {
        "how often each value is listed": [len(found) for found in here],
        "the number of parents that stand behind their consumer": late,
        "the place of the root, counted from the end": [len(order) - place for place in here[root]],
    }


def mermaid_of(answer, kind, graph, texts):
    """Read what was written for a graph."""
    nodes = build(kind, graph, texts)
    written = answer(nodes[-1])
    if not isinstance(written, str):
        raise CheckFailed("to_mermaid returns one string.")
    texts = [node.text for node in nodes]
    first, *lines = [line.strip() for line in written.strip().splitlines()] or [""]
    boxes, arrows, others = [], [], 0
    for line in lines:
        box, arrow = re.fullmatch(r'(\w+)\["([^"]*)"\]', line), re.fullmatch(r"(\w+) *--> *(\w+)", line)
        if box:
            boxes.append(box.groups())
        elif arrow:
            arrows.append(arrow.groups())
        else:
            others += bool(line)
    name_of, kinds = dict(boxes), sorted(set(texts))
    matrix, lost = np.zeros((len(kinds), len(kinds))), 0
    for ends in arrows:
        known = [name_of.get(end) for end in ends]
        if set(known) <= set(kinds):
            matrix[kinds.index(known[0]), kinds.index(known[1])] += 1
        else:
            lost += 1
    return {
        "the first line": float(first == "flowchart LR"),
        "the number of lines that are neither a box nor an arrow": others,
        "how often each box is written": [[text for _, text in boxes].count(kind) for kind in kinds],
        "the number of boxes": len(boxes),
        "the number of different names of boxes": len(name_of),
        "the number of arrows from or to nowhere": lost,
        "the table of arrows": matrix,
    }


def to_mermaid(root):
    """Write the boxes of a graph, then its arrows."""
    nodes = topological_order(root)
    boxes = [f'b{nodes.index(node)}["{node.text}"]' for node in nodes]
    arrows = [f"b{nodes.index(parent)} --> b{nodes.index(node)}" for node in nodes for parent in node.parents]
    return "\n".join(["flowchart LR", *boxes, *arrows])


def written_out(a, b):
    return np.array([[sum(a[n, d] * b[d, m] for d in range(len(b))) for m in range(b.shape[1])] for n in range(len(a))])


matmul = by_differences(written_out)


def elementwise(x, kind):
    """Apply a function from the math module to each entry; ReLU's slopes are looked up, for differences fail at its kink."""
    if kind == "relu":
        on = np.vectorize(lambda a: 1.0 if a > 0 else 0.0, otypes=[float])(x.data)
        return type(x)(on * x.data, (x,), lambda g: (np.where(on == 1.0, g, 0.0),))
    return by_differences(np.vectorize(getattr(math, kind), otypes=[float]))(x)


def sum_over(x, axis=None, keepdims=False):
    """Add up the slices of an array one after the other."""

    def add_up(array):
        total = sum(array.ravel()) if axis is None else sum(np.moveaxis(array, axis, 0))
        if not keepdims:
            return total
        return np.full((1,) * array.ndim, total) if axis is None else np.expand_dims(total, axis)

    return by_differences(add_up)(x)


def reshape(x, shape):
    """Fill an array of another shape with the entries, one after the other."""

    def refill(array):
        new = np.empty(shape)
        for place, entry in zip(np.ndindex(*shape), array.ravel(), strict=True):
            new[place] = entry
        return new

    return by_differences(refill)(x)


def transpose(x):
    """Put entry (n, d) in place (d, n)."""
    return by_differences(lambda a: np.array([[a[n, d] for n in range(len(a))] for d in range(a.shape[1])]))(x)
