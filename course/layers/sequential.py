"""A chain of layers that is itself a layer."""

from typing import Any

import numpy as np

from course.errors import CourseError, DtypeError
from course.layers.base import NOTHING, Layer


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
        if len(set(map(id, layers))) < len(layers):
            raise CourseError("Sequential: each layer may occur once, got one of them twice; make a second layer")
        trained = [layer.parameters for layer in layers if layer.parameters.size]
        dtypes = {str(parameters.dtype) for parameters in trained}
        if len(dtypes) > 1:
            raise DtypeError(f"Sequential: the layers must share one dtype, got {' and '.join(sorted(dtypes))}")
        flat = np.concatenate(trained) if trained else NOTHING
        self.bind(flat, np.zeros_like(flat))

    def bind(self, parameters: np.ndarray, gradients: np.ndarray) -> None:
        super().bind(parameters, gradients)
        stop = 0
        for layer in self.layers:
            start, stop = stop, stop + layer.parameters.size
            layer.bind(parameters[start:stop], gradients[start:stop])
        first = next((k for k, layer in enumerate(self.layers) if layer.parameters.size), len(self.layers))
        self._way_back = self.layers[:first:-1]  # the layers above the first that has parameters
        self._last_stop = self.layers[first : first + 1]

    def forward(self, x_in: np.ndarray, *, training: bool = False) -> np.ndarray:
        for layer in self.layers:
            x_in = layer.forward(x_in, training=training)
        return x_in

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        for layer in reversed(self.layers):
            g_out = layer.backward(g_out)
        return g_out

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        for layer in self._way_back:
            g_out = layer.backward(g_out)
        for layer in self._last_stop:
            layer.backward_to_parameters(g_out)

    def backward_to_input(self, g_out: np.ndarray) -> np.ndarray:
        for layer in reversed(self.layers):
            g_out = layer.backward_to_input(g_out)
        return g_out

    def named_parameters(self) -> dict[str, np.ndarray]:
        return self._listed("named_parameters")

    def named_gradients(self) -> dict[str, np.ndarray]:
        return self._listed("named_gradients")

    def _listed(self, method: str) -> dict[str, Any]:
        return {
            f"{k}.{name}": array for k, layer in enumerate(self.layers) for name, array in getattr(layer, method)().items()
        }

    def __getitem__(self, k: int) -> Layer:
        return self.layers[k]

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"
