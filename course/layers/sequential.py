"""A chain of layers that is itself a layer."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.errors import CourseError, DtypeError, ShapeError
from course.layers.base import Layer


class Sequential(Layer):
    r"""Layers one after the other: forward from the first to the last, backward from the last to the first.

    .. math:: x_l = f_l(x_{l-1}, \theta_l), \qquad
        \frac{\partial J}{\partial x_{l-1}} = \frac{\partial J}{\partial x_l} \frac{\partial f_l}{\partial x_{l-1}}

    The product that reaches layer l is computed once and serves every layer below it: that is dynamic programming,
    and the whole of backpropagation.

    Parameters
    ----------
    *layers
        Any layers, other chains included. They move into the chain's buffers: take views of their parameters only
        afterwards.

    Attributes
    ----------
    parameters, gradients : numpy.ndarray, shape (P,)
        Of all layers, in one buffer each, so that an optimizer's step is a handful of array operations.
    layers : tuple of Layer

    Raises
    ------
    CourseError
        When a layer occurs twice: its second forward pass would overwrite what the first one keeps.
    DtypeError
        When some layers compute in float32 and others in float64.

    Notes
    -----
    Deck 002, "Chains" and "The trick of backpropagation — reuse of computation".

    >>> from course.layers import Linear, Tanh
    >>> rng = np.random.default_rng(0)
    >>> Sequential(Linear(2, 16, rng=rng), Tanh(), Linear(16, 1, rng=rng)).parameters.size
    65
    """

    def __init__(self, *layers: Layer):
        self.layers = layers
        self.ties: dict[str, tuple[str, bool]] = {}
        parts = [part for _, part in self.parts()]
        if len(set(map(id, parts))) < len(parts):
            raise CourseError("Sequential: each layer may occur once, got one of them twice; make a second layer, or tie it")
        dtypes = sorted({str(part.dtype) for part in parts if part.dtype})
        if len(dtypes) > 1:
            raise DtypeError(f"Sequential: the layers must share one dtype, got {' and '.join(dtypes)}")
        self.dtype = np.dtype(dtypes[0]) if dtypes else None
        self.lay_out()

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        for layer in self.layers:
            x_in = layer.forward(x_in, training=training)
        return x_in

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        for backward in self._way_back:
            g_out = backward(g_out)
        if self._shares:
            self._add_shares()
        return g_out

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        for backward in self._way_to_parameters:
            g_out = backward(g_out)
        if self._shares:
            self._add_shares()

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        for layer in reversed(self.layers):
            g_out = layer.backward_to_input(g_out)
        return g_out

    def tie(self, name: str, owner: str, *, transposed: bool = False) -> None:
        r"""Let one parameter be another one: they share their values, and their gradients are added up.

        .. math:: \frac{\partial J}{\partial \theta} = \sum_{l \text{ uses } \theta} \frac{\partial J}{\partial \theta_l}

        Parameters
        ----------
        name
            The parameter that gives up its own values, such as ``"2.weight"``.
        owner
            The parameter that it is from now on, such as ``"0.weight"``; it is listed, saved and frozen under this name.
        transposed
            Whether to share the transpose, as a decoder does with its encoder.

        Raises
        ------
        CourseError
            When one of them does not exist or is tied already.
        ShapeError
            When the two differ in shape.

        >>> from course.layers import Linear
        >>> rng = np.random.default_rng(0)
        >>> network = Sequential(Linear(3, 2, rng=rng), Linear(2, 3, rng=rng))
        >>> network.tie("1.weight", "0.weight", transposed=True)
        >>> list(network.named_parameters())
        ['0.weight', '0.bias', '1.bias']
        """
        (part, leaf), (owning, own) = self._find(name), self._find(owner)
        given, needed = getattr(owning, own).shape[:: -1 if transposed else 1], getattr(part, leaf)
        if given != needed.shape:
            raise ShapeError(f"Sequential: {name} has shape {needed.shape}, but {owner} would give {given}; see transposed=")
        others = [getattr(other, n) for _, other in self.parts() for n in other.shared]
        if name == owner or any(np.may_share_memory(needed, view) for view in others):
            raise CourseError(f"Sequential: {name} is what another parameter is tied to; tie that one to {owner} instead")
        part.frozen -= {leaf}
        self.ties[name] = owner, transposed
        self.lay_out()

    def parts(self) -> Iterator[tuple[str, Layer]]:
        for k, layer in enumerate(self.layers):
            for prefix, part in layer.parts():
                yield f"{k}.{prefix}", part

    def mark_shared(self) -> None:
        for layer in self.layers:
            layer.mark_shared()
        parts = dict(self.parts())
        for name in self.ties:
            prefix, leaf = _split(name)
            parts[prefix].shared |= {leaf}

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        super().bind(parameters, gradients)
        stop = 0
        for layer in self.layers:
            start, stop = stop, stop + sum(a.size for a in layer.named_parameters().values())
            layer.bind(parameters[start:stop], gradients[start:stop])
        self._shares = list(self._bind_ties())
        self._plan_the_way_back()

    @property
    def learns(self) -> bool:
        return any(layer.learns for layer in self.layers)

    def _find(self, name: str) -> tuple[Layer, str]:
        found = self._choose((name,))
        if len(found) > 1:
            raise CourseError(f"Sequential: one parameter can be tied at a time, got all of layer {name}")
        return found[0]

    def _bind_ties(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Let tied parameters be views of their owners; give out each owner's gradient and the share to be added."""
        parts = dict(self.parts())
        for name, (owner, transposed) in self.ties.items():
            (prefix, leaf), (owner_prefix, own) = _split(name), _split(owner)
            owning = parts[owner_prefix]
            value = getattr(owning, own)
            parts[prefix].place(leaf, value.T if transposed else value)
            share = getattr(parts[prefix], f"{leaf}_gradient")
            if own not in owning.frozen:
                yield getattr(owning, f"{own}_gradient"), share.T if transposed else share

    def _plan_the_way_back(self) -> None:
        """List what to call: layers with nothing to learn only pass the gradient on, and the lowest others need not."""
        self._way_back = [each.backward if each.learns else each.backward_to_input for each in reversed(self.layers)]
        first = next((k for k, layer in enumerate(self.layers) if layer.learns), len(self.layers))
        last_stop = [layer.backward_to_parameters for layer in self.layers[first : first + 1]]
        self._way_to_parameters = self._way_back[: max(len(self.layers) - first - 1, 0)] + last_stop

    def _add_shares(self) -> None:
        for gradient, share in self._shares:
            np.add(gradient, share, out=gradient)

    def __getstate__(self) -> dict[str, Any]:
        planned = {"_shares", "_way_back", "_way_to_parameters"}
        return {name: value for name, value in super().__getstate__().items() if name not in planned}

    def __getitem__(self, k: int) -> Layer:
        return self.layers[k]

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"


def _split(name: str) -> tuple[str, str]:
    """Split a full name into the prefix of its layer and its name there: "1.0.weight" is "1.0." and "weight"."""
    prefix, dot, leaf = name.rpartition(".")
    return prefix + dot, leaf
