"""The gradient check: backward against central differences, under a random upstream gradient."""

from __future__ import annotations  # naming np.random in a signature must not import it

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from inspect import signature
from itertools import chain, count
from typing import Any

import numpy as np

from course.errors import DtypeError, StateError, require_finite
from course.gradient_check.probe import Line, every_entry, examine, random_directions
from course.gradient_check.report import Report


def gradient_check(
    f: Any,
    x: Any,
    backward: Callable | None = None,
    *,
    rng: np.random.Generator,
    directions: int | None = None,
    parameters: dict[str, str] | None = None,
    training: bool | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> Report:
    r"""Compare a backward pass with central differences of its forward pass.

    With a random upstream gradient g, backward must return, for the input and for every parameter θ,

    .. math:: \frac{\partial}{\partial \theta_i} \sum_k g_k f_k
        \approx \frac{1}{2h} \sum_k g_k \bigl(f_k(\theta + h e_i) - f_k(\theta - h e_i)\bigr)

    Parameters
    ----------
    f
        A module with ``forward(x)`` and ``backward(g_out)``, such as a layer or a network; or a function.
    x
        The input, in float64. For a function of several arrays: a tuple of them, or a dictionary that names them.
    backward
        For a function: ``backward(g_out, *inputs)`` returns one gradient, or a tuple with one for each input.
    rng
        Draws the upstream gradient and the directions.
    directions
        None checks every entry. A number k checks each array along k random directions instead: 2k forward passes
        for an array, however large it is.
    parameters
        For a module that does not list its parameters: the attribute of each and of its gradient, as in
        ``{"W": "dW", "b": "db"}``.
    training
        Passed on to the module's forward, unless it is None.
    rtol, atol
        How closely an entry must agree; atol is relative to the largest gradient where that exceeds one.

    Returns
    -------
    Report
        True when every gradient is right; as text it says which is wrong, where, and how (see `relation`). An entry
        where the slopes to its left and right differ, as of ReLU at 0, is a kink: reported, not judged.

    Raises
    ------
    DtypeError
        When an array is not float64: in float32 the differences are noise.
    StateError
        When two forward passes on the same input differ: freeze the randomness first.

    Notes
    -----
    Decks 000 and 001: finite differences as a test of backpropagation.

    >>> rng = np.random.default_rng(0)
    >>> print(gradient_check(np.tanh, np.ones((2, 3)), lambda g, x: -g * (1 - np.tanh(x) ** 2), rng=rng))
    gradient check failed
      x: the sign is opposite (6 of 6 entries, such as [0, 0], [0, 1], [0, 2])
    """
    subject = _Module(f, x, parameters, training) if backward is None else _Function(f, x, backward)
    outputs = subject.outputs()
    require_finite("gradient_check", "the output of forward", outputs)
    if not np.array_equal(outputs, subject.outputs()):
        raise StateError("gradient_check: forward gives another output each time; freeze its randomness first")
    g_out = rng.standard_normal(outputs.shape)
    claimed = subject.gradients(g_out)
    findings = []
    for name, array in subject.inputs.items():
        line = Line(subject.outputs, array, g_out)
        if directions is None:
            probes, unit = every_entry(array), "entries"
        else:
            probes, unit = random_directions(array, directions, rng), "directions"
        findings.append(examine(name, claimed.get(name), line, probes, unit, rtol, atol))
    return Report(tuple(findings))


class _Module:
    """A layer or a network: its input and its parameters can be moved, its backward pass asked."""

    def __init__(self, module: Any, x: Any, gradient_of: dict[str, str] | None, training: bool | None):
        self.module, self.gradient_of = module, gradient_of
        self.options = {} if training is None else {"training": training}
        self.inputs = {"x": _float64("x", x).copy()}
        self.inputs |= {name: _float64(name, array) for name, array in self._listed("named_parameters", list)}

    def outputs(self) -> np.ndarray:
        return _numbers(self.module.forward(self.inputs["x"].copy(), **self.options))

    def gradients(self, g_out: np.ndarray) -> dict[str, Any]:
        self.outputs()
        g_in = self.module.backward(g_out.copy())
        return deepcopy({"x": g_in} | dict(self._listed("named_gradients", dict.values)))

    def _listed(self, method: str, attributes: Callable) -> Iterable[tuple[str, Any]]:
        """List what the module lists itself, or else the attributes that the caller named."""
        if self.gradient_of is None:
            return getattr(self.module, method, dict)().items()
        names = attributes(self.gradient_of)
        return [(name, getattr(self.module, a)) for name, a in zip(self.gradient_of, names, strict=True)]


class _Function:
    """A function of one or several arrays and the function that is claimed to be its backward pass."""

    def __init__(self, f: Callable, x: Any, backward: Callable):
        self.f, self.backward = f, backward
        x = dict(zip(_argument_names(f), x, strict=False)) if isinstance(x, tuple) else x
        x = x if isinstance(x, dict) else {"x": x}
        self.inputs = {name: _float64(name, array).copy() for name, array in x.items()}

    def outputs(self) -> np.ndarray:
        return _numbers(self.f(*self._copies()))

    def gradients(self, g_out: np.ndarray) -> dict[str, Any]:
        claimed = self.backward(g_out.copy(), *self._copies())
        if isinstance(claimed, dict):
            return deepcopy(claimed)
        claimed = claimed if isinstance(claimed, tuple) else (claimed,)
        return deepcopy(dict(zip(self.inputs, claimed, strict=False)))

    def _copies(self) -> list[np.ndarray]:
        return [array.copy() for array in self.inputs.values()]


def _argument_names(f: Callable) -> Iterator[str]:
    """Name the arguments as the function does; where it cannot be asked, x0, x1, and so on."""
    try:
        names = [p.name for p in signature(f).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    except (TypeError, ValueError):
        names = []
    return chain(names, (f"x{k}" for k in count(len(names))))


def _float64(name: str, array: Any) -> np.ndarray:
    array = np.asarray(array)
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    if array.dtype != np.float64:
        raise DtypeError(
            f"gradient_check: {name} must be float64, got {array.dtype}; "
            "finite differences in lower precision are noise, so check the same code in float64"
        )
    return array


def _numbers(output: Any) -> np.ndarray:
    if output is None or np.asarray(output).dtype.kind not in "biuf":
        raise DtypeError(f"gradient_check: forward must return an array of numbers, got {type(output).__name__}")
    return np.asarray(output, dtype=np.float64)
