"""A network as processing elements: forward layer by layer, then the local errors δ, then the gradients."""

from __future__ import annotations

from typing import Any

from course.widgets.controls import Choice, Slider
from course.widgets.demo import Demo
from course.widgets.models.processing_elements import ACTIVATIONS, TARGETS, WEIGHTS, propagate
from course.widgets.models.written import factor, say
from course.widgets.views import Frame, Graph, Link, Node

INPUTS, HIDDEN, OUTPUTS = ("x₁", "x₂"), ("h₁", "h₂"), ("o₁", "o₂")
FORWARD, BACKWARD = (*HIDDEN, *OUTPUTS, "E"), (*OUTPUTS, *HIDDEN)
GRADIENTS = "from h to o", "from x to h"
STEPS = (*FORWARD, *BACKWARD, *GRADIENTS)
LAST = len(STEPS)
HEIGHT = 1.4, 1.0, 0.65  # of the upper row in each column: a little less each time keeps the words on crossing arrows apart
PLACES = {
    name: (column, sign * HEIGHT[column])
    for column, names in enumerate((INPUTS, HIDDEN, OUTPUTS))
    for name, sign in zip(names, (1, -1), strict=True)
}


def neuronal_graph() -> Demo:
    """Step a network of four units forward and back (deck 003)."""
    return Demo(
        "A neuronal graph: a, z and δ in every unit",
        [
            Slider("step", "step", 0, LAST, 0, whole=True, stops=LAST + 1),
            Slider("x1", "x₁, length", -2, 2, 0.6, stops=41),
            Slider("x2", "x₂, sender trust", -2, 2, 1, stops=41),
            Choice("target", "target y", tuple(TARGETS), "spam [1, 0]"),
            Choice("activation", "activation g", tuple(ACTIVATIONS), "tanh"),
        ],
        picture,
        ask="A hidden unit has no target. From what it is told by the units behind it, how can it know its own error?",
        swept="step",
    )


def picture(step: int, x1: float, x2: float, target: str, activation: str) -> Frame:
    found = propagate((x1, x2), TARGETS[target], activation)
    phase = _phase(step)
    nodes = [_input(name, number, step) for name, number in zip(INPUTS, (x1, x2), strict=True)]
    nodes += [_unit(name, found, step) for name in (*HIDDEN, *OUTPUTS)]
    state = "now" if step == len(FORWARD) else "done" if step > len(FORWARD) else "idle"
    nodes.append(Node("E", "E", 3, 0, [say(found["loss"]) if step >= len(FORWARD) else "?"], state))
    title = {"forward": "Forward: a, then z = g(a)", "backward": "Backward: δ = ∂E/∂a", "gradient": "Gradient = δ × input"}
    return Frame(
        [Graph(title[phase], nodes, _links(found, step))], _said(found, step, (x1, x2), TARGETS[target], activation)
    )


def _phase(step: int) -> str:
    if step <= len(FORWARD):
        return "forward"
    return "backward" if step <= len(FORWARD) + len(BACKWARD) else "gradient"


def _now(step: int) -> str:
    return STEPS[step - 1] if step else ""


def _index(name: str) -> tuple[int, int]:
    """Return the layer of a unit, and its place there."""
    layer = 1 if name in HIDDEN else 2
    return layer, (HIDDEN if layer == 1 else OUTPUTS).index(name)


def _input(name: str, number: float, step: int) -> Node:
    return Node(name, name, *PLACES[name], [say(number)], "now" if _now(step) == GRADIENTS[1] else "done")


def _unit(name: str, found: dict[str, Any], step: int) -> Node:
    layer, k = _index(name)
    summed, answered = step > FORWARD.index(name), step > len(FORWARD) + BACKWARD.index(name)
    a, z, delta = (say(found[f"{what}{layer}"][k]) for what in ("a", "z", "delta"))
    lines = [f"a {a if summed else '?'}", f"z {z if summed else '?'}", f"δ {delta if answered else '?'}"]
    known = summed if _phase(step) == "forward" else answered
    return Node(name, name, *PLACES[name], lines, "now" if _now(step) == name else "done" if known else "idle", "disc")


def _links(found: dict[str, Any], step: int) -> list[Link]:
    links = []
    for layer, (starts, ends) in enumerate(((INPUTS, HIDDEN), (HIDDEN, OUTPUTS)), start=1):
        shown = step >= STEPS.index(GRADIENTS[2 - layer]) + 1
        for i, start in enumerate(starts):
            for j, end in enumerate(ends):
                label = f"∂ {say(found[f'gradient{layer}'][i, j])}" if shown else say(WEIGHTS[layer - 1][i, j])
                links.append(Link(start, end, label, _state(start, end, GRADIENTS[2 - layer], step)))
    state = "now" if _now(step) == "E" else "done" if step > len(FORWARD) else "idle"
    lit = {name for name in OUTPUTS if _phase(step) == "backward" and _now(step) == name}
    return links + [Link(name, "E", "", "now" if name in lit else state) for name in OUTPUTS]


def _state(start: str, end: str, gradient: str, step: int) -> str:
    """Light what is used now: the weights into a unit forward, out of a unit backward, a whole layer for its gradients."""
    phase, now = _phase(step), _now(step)
    if now == {"forward": end, "backward": start, "gradient": gradient}[phase]:
        return "now"
    if phase == "forward":
        return "done" if step > FORWARD.index(end) else "idle"
    if phase == "backward":
        return "done" if start in HIDDEN and step > len(FORWARD) + BACKWARD.index(start) else "idle"
    return "done" if step > STEPS.index(gradient) else "idle"


def _said(found: dict[str, Any], step: int, x: tuple, target: tuple, activation: str) -> str:
    now = _now(step)
    if not step:
        return (
            f"Two features x₁ = {say(x[0])} and x₂ = {say(x[1])}, two hidden units, two outputs; the numbers on the arrows "
            f"are weights, all units apply {activation}. Forward, layer by layer, each unit sums and applies."
        )
    head = f"Step {step} of {LAST}: "
    if now == "E":
        squares = " + ".join(f"({say(z)} − {say(y)})²" for z, y in zip(found["z2"], target, strict=True))
        return f"{head}the error E = ½·[{squares}] = {say(found['loss'])}. All a and z are kept for the way back."
    if _phase(step) == "gradient":
        return head + _said_of_gradients(found, x, now)
    layer, k = _index(now)
    if _phase(step) == "forward":
        inputs = x if layer == 1 else found["z1"]
        terms = " + ".join(f"{factor(z)}·{factor(w)}" for z, w in zip(inputs, WEIGHTS[layer - 1][:, k], strict=True))
        a, z = say(found[f"a{layer}"][k]), say(found[f"z{layer}"][k])
        return f"{head}{now} sums inputs times weights, a = {terms} = {a}, and applies {activation}: z = {z}."
    slope, delta = factor(found[f"slope{layer}"][k]), say(found[f"delta{layer}"][k])
    if layer == 2:
        error = factor(found["error"][k])
        return f"{head}{now} is an output, the base case: δ = (z − y)·g′(a) = {error}·{slope} = {delta}."
    terms = " + ".join(f"{factor(d)}·{factor(w)}" for d, w in zip(found["delta2"], WEIGHTS[1][k], strict=True))
    return f"{head}{now} is hidden, the recursive case: δ = (Σ δₖ·wₖ)·g′(a) = ({terms})·{slope} = {delta}."


def _said_of_gradients(found: dict[str, Any], x: tuple, now: str) -> str:
    layer = 2 if now == GRADIENTS[0] else 1
    start, end, given = ("h₁", "o₁", found["z1"][0]) if layer == 2 else ("x₁", "h₁", x[0])
    delta, gradient = factor(found[f"delta{layer}"][0]), say(found[f"gradient{layer}"][0, 0])
    one = f"from {start} to {end} it is δ·z = {delta}·{factor(given)} = {gradient}."
    return f"each gradient is local error × input; {one}" + (" One way back has given all eight." if layer == 1 else "")
