r"""The way back, from the output to the leaves: backpropagation."""

from operator import attrgetter
from typing import Any

import numpy as np

from course.autodiff.tape.rules import unbroadcast
from course.autodiff.tape.value import Value
from course.errors import ShapeError, StateError

ONE = 1


class Pending:
    """Stands in a value's gradient from when a backward pass finds the value until the first share arrives there."""


def topological_order(output: Value) -> list[Value]:
    """List what a value was computed from, inputs before consumers, the value itself last.

    A value is always made after its inputs, so that it is enough to find them all and to sort them by age. There is no
    recursion: a chain of a million operations is found as well as one of ten.

    Parameters
    ----------
    output
        Where the search starts.

    >>> x = Value(2.0, name="x")
    >>> topological_order(x * x + 1)
    [Value(2.0, name='x'), Value(4.0), Value(5.0)]
    """
    found = {output.serial: output}
    waiting = [output]
    while waiting:
        for u in waiting.pop().inputs:
            if isinstance(u, Value) and u.serial not in found:
                found[u.serial] = u
                waiting.append(u)
    return [found[serial] for serial in sorted(found)]


def operations(output: Value, pending: Pending, since: int = 0) -> list[Value]:
    """List the values that operations made on the way to a value, and mark all values on that way as pending.

    It is the topological order without the leaves, which have nothing to hand on, and without what is older than `since`.
    """
    made = [output]
    for v in made:  # the list grows while it is gone through
        for u in v.inputs:
            if type(u) is Value and u.gradient is not pending and u.serial >= since:
                u.gradient = pending
                if u.inputs:
                    made.append(u)
    made.sort(key=attrgetter("serial"))
    return made


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
    seed = checked_seed(output, seed)
    pending = Pending()
    propagate(operations(output, pending), seed, pending, record=record)


def propagate(made: list[Value], seed: Any, pending: Pending, *, record: bool = False, since: int = 0) -> None:
    """Hand a seed on from the last of some values, each made after those it depends on, to all others."""
    made[-1].gradient = Value(seed) if record and not isinstance(seed, Value) else seed
    for v in reversed(made):
        if v.rule is None:
            continue
        g, z, local, pulls = v.gradient, v._data, v.local, v.rule.pulls
        if record:
            z, local = v, v.inputs if pulls else v.rule.local(v.inputs, v.inputs, v)
        for u, way in zip(v.inputs, pulls or local):  # noqa: B905 - they are of one length, and asking takes time
            if type(u) is Value and u.serial >= since:
                if pulls:
                    share = way(g, z, *local)
                else:
                    share = g if way is ONE else g * way
                    if type(share) is not float and share.shape != getattr(u._data, "shape", ()):
                        share = unbroadcast(share, u.shape)
                u.gradient = share if u.gradient is pending else u.gradient + share


def checked_seed(output: Value, seed: Any) -> Any:
    """Return the seed in the shape and the precision of the output, or refuse it."""
    if seed is None and isinstance(output._data, float | np.floating):
        return type(output._data)(1)
    seed = np.ones(output.shape) if seed is None and output.size == 1 else seed
    if np.shape(seed) != output.shape or seed is None:
        got = "none" if seed is None else f"shape {np.shape(seed)}"
        raise ShapeError(f"backward: the seed must have the shape of the output, {output.shape}, got {got}")
    return seed if isinstance(seed, Value) else np.asarray(seed, output.dtype)[()]


Value.backward = backward
