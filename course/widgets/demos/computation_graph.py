"""The computation graph, forward and backward, one node at a time."""

from __future__ import annotations

from typing import Any

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.expressions import EXPRESSIONS, INPUTS, by_differences, consumers, evaluate, visits, written
from course.widgets.models.written import factor, say
from course.widgets.views import Frame, Graph, Link, Node

PLACES = {  # where each node stands: columns from the left, rows from the bottom
    "(tanh(x·w) − y)²": {"x": (0, 2), "w": (0, 0), "a": (1, 1), "z": (2, 2), "y": (2, 0), "e": (3, 1), "L": (4, 2)},
    "sin(x·w) + x·w·y": {"x": (0, 2), "w": (0, 1), "y": (0, 0), "p": (1, 1.5), "s": (2, 2), "q": (2, 0.5), "L": (3, 1.25)},
    "(x·x + w)·(x + y)": {"x": (0, 1), "w": (0, 2), "y": (0, 0), "p": (1, 1.3), "s": (2, 2), "q": (2, 0), "L": (3, 1)},
}
LAST = max(len(visits(expression)) for expression in EXPRESSIONS)


def computation_graph() -> Demo:
    """Step through three expressions: values forward, gradients backward (decks 000, 001 and 004)."""
    return Demo(
        "A computation graph, one node at a time",
        [
            Slider("step", "step", 0, LAST, 0, whole=True, stops=LAST + 1),
            Choice("expression", "expression L", tuple(EXPRESSIONS), "sin(x·w) + x·w·y"),
            Slider("x", "input x", -2, 2, 1.2, stops=41),
            Slider("w", "input w", -2, 2, 0.5, stops=41),
            Slider("y", "input y", -2, 2, 1, stops=41),
        ],
        picture,
        ask="One node is used by two others. When the gradients come back, what happens where they meet?",
        swept="step",
    )


def picture(step: int, expression: str, **inputs: float) -> Frame:
    found, order = evaluate(expression, **inputs), visits(expression)
    done, now = order[: max(0, step - 1)], order[step - 1] if step else ("start", "")
    backward = now[0] == "backward"
    visited = {name for way, name in done if way == now[0]} | (set() if backward else set(INPUTS))
    lit = visited | {now[1]}
    nodes = []
    for name, value in found["values"].items():
        first = say(value) if backward or name in lit else "?"
        second = f"∂ {say(found['gradients'][name]) if name in lit else '?'}" if backward else ""
        state = "now" if name == now[1] else "done" if name in visited else "idle"
        nodes.append(Node(name, _label(expression, name), *PLACES[expression][name], [first, second], state))
    links = [_link(u, v, slopes, visited, now, backward) for (u, v), slopes in found["partials"].items()]
    title = "Backward: gradients ∂ = ∂L/∂u" if backward else "Forward: values"
    return Frame([Graph(title, nodes, links)], _said(expression, step, now, found, inputs))


def _label(expression: str, name: str) -> str:
    return name if name in INPUTS else f"{name} = {written(expression, name)}"


def _link(u: str, v: str, slopes: list[float], visited: set[str], now: tuple[str, str], backward: bool) -> Link:
    """Draw what v takes from u: lit when v is computed, or when u's gradient is; then it carries ∂v/∂u."""
    name = u if backward else v
    state = "now" if name == now[1] else "done" if name in visited else "idle"
    label = " + ".join(say(slope) for slope in slopes)
    label = f"·({label})" if len(slopes) > 1 or slopes[0] < 0 else f"·{label}"
    return Link(u, v, label if backward and state != "idle" else "", state)


def _said(expression: str, step: int, now: tuple[str, str], found: dict[str, Any], inputs: dict[str, float]) -> str:
    values, gradients = found["values"], found["gradients"]
    if not step:
        known = ", ".join(f"{name} = {say(value)}" for name, value in inputs.items())
        return f"L = {expression}. The inputs are known: {known}. Forward, each node is computed from those on its left."
    way, name = now
    head = f"Step {step} of {LAST}, {way}: "
    if way == "forward":
        filled = written(expression, name, **{each: factor(value) for each, value in values.items()})
        return f"{head}{_label(expression, name)} = {filled} = {say(values[name])}. It is kept for the way back."
    if name == "L":
        return f"{head}the base case, ∂L/∂L = 1. Every other gradient is a sum over the nodes that use it."
    users = consumers(expression, name)
    slopes = [slope for (u, _), several in found["partials"].items() if u == name for slope in several]
    terms = " + ".join(f"∂L/∂{v}·∂{v}/∂{name}" for v in users)
    numbers = " + ".join(f"{factor(gradients[v])}·{factor(slope)}" for v, slope in zip(users, slopes, strict=True))
    uses = "once" if len(users) == 1 else f"{len(users)} times, so {len(users)} gradients are added"
    said = f"{head}{name} is used {uses}: ∂L/∂{name} = {terms} = {numbers} = {say(gradients[name])}."
    return said + (_checked(expression, inputs) if step == LAST else "")


def _checked(expression: str, inputs: dict[str, float]) -> str:
    numbers = ", ".join(f"{name}: {say(slope)}" for name, slope in by_differences(expression, **inputs).items())
    return f" Central differences, which know no graph, give {numbers}."
