r"""The way back, from the output to the leaves: backpropagation."""

from operator import attrgetter
from typing import Any

import numpy as np

from course.autodiff.tape.value import Value
from course.errors import ShapeError, StateError


def topological_order(output: Value, since: int = 0) -> list[Value]:
    """List what a value was computed from, inputs before consumers, itself last; leaves are included.

    A value is always made after its inputs, so that it is enough to find them all and to sort them by age. There is no
    recursion: a chain of a million operations is found as well as one of ten.

    Parameters
    ----------
    output
        Where the search starts.
    since
        Values with a smaller serial number are constants, and not listed.

    >>> x = Value(2.0, name="x")
    >>> topological_order(x * x + 1)
    [Value(2.0, name='x'), Value(4.0), Value(5.0)]
    """
    found = {output.serial}
    nodes = [output]
    for node in nodes:  # the list grows while it is gone through
        for x in node.inputs:
            if type(x) is Value and x.serial not in found and x.serial >= since:
                found.add(x.serial)
                nodes.append(x)
    nodes.sort(key=attrgetter("serial"))
    return nodes


def backward(output: Value, seed: Any = None, *, record: bool = False) -> None:
    r"""Fill in the gradient of L by every value u that L depends on, from L down to the leaves.

    .. math:: \frac{\partial L}{\partial L} = 1, \qquad
        \frac{\partial L}{\partial u} = \sum_{v \in \Gamma(u)} \frac{\partial L}{\partial v} \frac{\partial v}{\partial u}

    Γ(u) are the values that were computed from u. When the turn comes to v, all of Γ(v) has been dealt with, so that
    ∂L/∂v is complete and can be handed on to v's inputs; the cost is that of the forward pass, times a small constant.

    Parameters
    ----------
    output
        L, or with a seed any array z: then L is :math:`\sum_k g_k z_k`.
    seed
        g, of the output's shape; one number has the seed 1 by default.
    record
        Whether the way back goes onto the tape as well, so that the gradients, now values, can be differentiated.

    Raises
    ------
    ShapeError
        When the seed has another shape than the output, or is left out for more than one number.
    StateError
        When the output is no value: then nothing is known of what it was computed from.

    Notes
    -----
    Deck 004, "Backpropagation": base case, sum over the layer above, top to bottom. The gradients of the last backward
    pass are overwritten, not added to.

    >>> x = Value([1.0, 2.0])
    >>> backward(x * x, seed=[1.0, 10.0])
    >>> x.gradient
    array([ 2., 40.])
    """
    if not isinstance(output, Value):
        raise StateError(f"backward: output must be a Value, got {type(output).__name__}, which is not on the tape")
    propagate(topological_order(output), checked_seed(output, seed), record=record)


def propagate(nodes: list[Value], seed: Any, *, record: bool = False, since: int = 0) -> None:
    """Hand a seed on from the last of some values, in topological order, to all others."""
    for node in nodes:
        node._gradient = None
    nodes[-1]._gradient = Value(seed) if record and not isinstance(seed, Value) else seed
    for v in reversed(nodes):
        rule, g = v.rule, v._gradient
        if rule is None:
            continue
        z, local = (v, rule.local(v.inputs, v.inputs, v)) if record else (v._data, v.local)
        for k, u in enumerate(v.inputs):
            if type(u) is Value and u.serial >= since:
                share = rule.share(k, g, u._data, z, local)
                u._gradient = share if u._gradient is None else u._gradient + share


def checked_seed(output: Value, seed: Any) -> Any:
    """Return the seed in the shape and the precision of the output, or refuse it."""
    if seed is None and output.size == 1:
        return 1.0 if type(output._data) is float else np.ones_like(output._data)[()]
    if np.shape(seed) != output.shape or seed is None:
        got = "none" if seed is None else f"shape {np.shape(seed)}"
        raise ShapeError(f"backward: the seed must have the shape of the output, {output.shape}, got {got}")
    return seed if isinstance(seed, Value) else np.asarray(seed, output.dtype)[()]
