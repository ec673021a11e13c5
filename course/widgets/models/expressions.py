"""Small expressions on the tape, whose nodes are computed forward and differentiated backward one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.autodiff.finite_difference import central_difference
from course.autodiff.tape import Value

INPUTS = ("x", "w", "y")


@dataclass(frozen=True)
class Step:
    """One operation of an expression.

    Attributes
    ----------
    name
        Of the result.
    inputs
        The names of what it is computed from; one may occur twice.
    written
        A template into which names or numbers are put.
    function
        Takes values on the tape.
    """

    name: str
    inputs: tuple[str, ...]
    written: str
    function: Callable[..., Any]


EXPRESSIONS = {
    "(tanh(x·w) − y)²": (
        Step("a", ("x", "w"), "{x}·{w}", lambda x, w: x * w),
        Step("z", ("a",), "tanh {a}", np.tanh),
        Step("e", ("z", "y"), "{z} − {y}", lambda z, y: z - y),
        Step("L", ("e",), "{e}²", np.square),
    ),
    "sin(x·w) + x·w·y": (
        Step("p", ("x", "w"), "{x}·{w}", lambda x, w: x * w),
        Step("s", ("p",), "sin {p}", np.sin),
        Step("q", ("p", "y"), "{p}·{y}", lambda p, y: p * y),
        Step("L", ("s", "q"), "{s} + {q}", lambda s, q: s + q),
    ),
    "(x·x + w)·(x + y)": (
        Step("p", ("x", "x"), "{x}·{x}", lambda x, again: x * again),
        Step("s", ("p", "w"), "{p} + {w}", lambda p, w: p + w),
        Step("q", ("x", "y"), "{x} + {y}", lambda x, y: x + y),
        Step("L", ("s", "q"), "{s}·{q}", lambda s, q: s * q),
    ),
}


def evaluate(expression: str, **inputs: float) -> dict[str, dict]:
    r"""Run an expression forward, and backward from :math:`\partial L/\partial L = 1`.

    .. math:: \frac{\partial L}{\partial u} =
        \sum_{v \in \Gamma(u)} \frac{\partial L}{\partial v} \frac{\partial v}{\partial u}

    Parameters
    ----------
    expression
        One of `EXPRESSIONS`.
    **inputs
        The numbers x, w and y.

    Returns
    -------
    dict
        ``values`` and ``gradients`` by the names of the nodes, inputs first, L last; ``partials``: ∂v/∂u by the names
        (u, v), one for each time that v takes u.

    Notes
    -----
    Decks 000 and 001, "Computational Graph"; deck 004, "Backpropagation". The decks leave the graph to the white board.

    >>> found = evaluate("(x·x + w)·(x + y)", x=2.0, w=1.0, y=1.0)
    >>> found["values"]["L"], found["gradients"]["x"]
    (15.0, 17.0)
    """
    nodes = {name: Value(float(inputs[name]), name=name) for name in INPUTS}
    for step in EXPRESSIONS[expression]:
        nodes[step.name] = step.function(*(nodes[name] for name in step.inputs))
    nodes["L"].backward()
    partials: dict[tuple[str, str], list[float]] = {}
    for step in EXPRESSIONS[expression]:
        for name, partial in zip(step.inputs, nodes[step.name].local, strict=True):
            partials.setdefault((name, step.name), []).append(float(partial))
    return {
        "values": {name: float(u.data) for name, u in nodes.items()},
        "gradients": {name: float(u.gradient) for name, u in nodes.items()},
        "partials": partials,
    }


def written(expression: str, name: str, **shown: str) -> str:
    """Write how a node is computed, with its inputs' names, or with what else is to be shown for them.

    >>> written("(x·x + w)·(x + y)", "p"), written("(x·x + w)·(x + y)", "p", x="3")
    ('x·x', '3·3')
    """
    step = next(step for step in EXPRESSIONS[expression] if step.name == name)
    return step.written.format(**{each: shown.get(each, each) for each in step.inputs})


def consumers(expression: str, name: str) -> list[str]:
    """Return Γ(u): the operations that take u, each as often as it takes it.

    >>> consumers("(x·x + w)·(x + y)", "x")
    ['p', 'p', 'q']
    """
    return [step.name for step in EXPRESSIONS[expression] for each in step.inputs if each == name]


def visits(expression: str) -> list[tuple[str, str]]:
    """List what is done one after the other: every operation forward, the base case, every other node backward.

    >>> visits("(tanh(x·w) − y)²")[3:6]
    [('forward', 'L'), ('backward', 'L'), ('backward', 'e')]
    """
    operations = [step.name for step in EXPRESSIONS[expression]]
    backward = [*reversed(operations), *reversed(INPUTS)]
    return [("forward", name) for name in operations] + [("backward", name) for name in backward]


def by_differences(expression: str, **inputs: float) -> dict[str, float]:
    """Return ∂L by every input, by central differences: a check that knows nothing of the graph.

    >>> round(by_differences("(x·x + w)·(x + y)", x=2.0, w=1.0, y=1.0)["x"], 6)
    17.0
    """

    def run(numbers: np.ndarray) -> Any:
        values = dict(zip(INPUTS, numbers, strict=True))
        for step in EXPRESSIONS[expression]:
            values[step.name] = step.function(*(values[name] for name in step.inputs))
        return values["L"]

    gradient = central_difference(run, [inputs[name] for name in INPUTS])
    return dict(zip(INPUTS, gradient.tolist(), strict=True))
