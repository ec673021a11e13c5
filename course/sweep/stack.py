"""Many networks of one make as one: the layers of `course.layers` with an axis in front.

An array that is (N, M) in one network is (K, N, M) here, and a weight that is (D, M) is (K, D, M). Where all networks see
the same, as they do the data, the axis in front is missing and NumPy broadcasts.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from course.errors import CourseError
from course.layers import Activation, Dropout, Layer, Linear, Sequential
from course.numerics import ones


class StackedLinear:
    r"""As `Linear`, with an axis in front: :math:`x_\text{out} = x_\text{in} W + b`.

    The bias lies behind the weight in the buffer, so the two are also one matrix of D + 1 rows. Where the input is the data,
    it gets a column of ones, and one product does the work of W and b, forward and backward.

    Parameters
    ----------
    parameters, gradients
        This layer's part of the buffers, of shape (K, (D + 1) M).
    outputs
        The number M.
    """

    def __init__(self, parameters: np.ndarray, gradients: np.ndarray, outputs: int):
        self.both, self.both_gradient = (a.reshape(len(a), -1, outputs) for a in (parameters, gradients))
        self.weight, self.bias = self.both[:, :-1], self.both[:, -1:]

    def forward(self, x_in: np.ndarray) -> np.ndarray:
        self.x_in = x_in
        if x_in.ndim == 2:
            self.x_in = np.column_stack([x_in, ones(len(x_in), x_in.dtype)])
            return self.x_in @ self.both
        x_out = x_in @ self.weight
        x_out += self.bias
        return x_out

    def backward_to_parameters(self, g_out: np.ndarray) -> None:
        if self.x_in.ndim == 2:
            np.matmul(self.x_in.T, g_out, out=self.both_gradient)
        else:
            np.matmul(self.x_in.swapaxes(1, 2), g_out, out=self.both_gradient[:, :-1])
            np.matmul(ones(g_out.shape[1], g_out.dtype)[None], g_out, out=self.both_gradient[:, -1:])

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        self.backward_to_parameters(g_out)
        if g_out.shape[-1] == 1:  # matmul goes through outer products number by number: with a second column it does not
            return _and_zeros(g_out) @ _and_zeros(self.weight).swapaxes(1, 2)
        return g_out @ self.weight.swapaxes(1, 2)


class StackedActivation:
    """Any `Activation`: a function of every entry does not ask how many axes there are."""

    def __init__(self, activation: Activation):
        self.activation = activation

    def forward(self, x_in: np.ndarray) -> np.ndarray:
        self.a, self.z = x_in, self.activation.value(x_in)
        return self.z

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        g_out *= self.activation.slope(self.a, self.z)
        return g_out


class StackedDropout:
    """As `Dropout`, with factors that were drawn for all networks.

    Attributes
    ----------
    factor : numpy.ndarray
        Of shape (N, M), for all alike; or with the axes of a grid in front, to which the networks' one axis is unfolded.
    axes : tuple of int
        The shape of that grid.
    """

    factor, axes = np.ones((1, 1)), ()

    def forward(self, x_in: np.ndarray) -> np.ndarray:
        if self.factor.ndim == 2:
            return x_in * self.factor
        spread = np.broadcast_to(x_in, (math.prod(self.axes), *x_in.shape[-2:]))
        return (self._unfold(spread) * self.factor).reshape(spread.shape)

    def backward(self, g_out: np.ndarray) -> np.ndarray:
        unfolded = self._unfold(g_out)
        unfolded *= self.factor
        return g_out

    def _unfold(self, folded: np.ndarray) -> np.ndarray:
        return folded if self.factor.ndim == 2 else folded.reshape(*self.axes, *folded.shape[1:])


class Stack:
    """Networks of one make side by side, whose parameters are the rows of one array.

    Parameters
    ----------
    network
        The make: a `Sequential` of linear layers, activations and dropout.
    parameters
        Of shape (K, P), in the order of the network's own; they stay where they are.

    Raises
    ------
    CourseError
        When the network has layers that cannot be stacked.

    >>> line = Linear(2, 1, rng=np.random.default_rng(0))
    >>> Stack(line, np.array([[1.0, 1.0, 0.0], [1.0, 0.0, 5.0]])).forward(np.array([[3.0, 4.0]])).ravel()
    array([7., 8.])
    """

    def __init__(self, network: Layer, parameters: np.ndarray):
        self.parameters, self.gradients = parameters, np.zeros_like(parameters)
        self.layers, self.dropouts, stop = [], [], 0
        for layer in plain_layers(network):
            if isinstance(layer, Linear):
                mine, stop = slice(stop, stop + layer.parameters.size), stop + layer.parameters.size
                self.layers.append(StackedLinear(parameters[:, mine], self.gradients[:, mine], layer.out_features))
            elif isinstance(layer, Dropout):
                self.dropouts.append(StackedDropout())
                self.layers.append(self.dropouts[-1])
            else:
                self.layers.append(StackedActivation(layer))
        self._first = next(k for k, layer in enumerate(self.layers) if isinstance(layer, StackedLinear))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return the predictions of all networks, of shape (K, N, M)."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, g: np.ndarray) -> None:
        """Fill the gradients, given those by the predictions, whose array is used up."""
        for layer in self.layers[: self._first : -1]:
            g = layer.backward(g)
        self.layers[self._first].backward_to_parameters(g)


def _and_zeros(column: np.ndarray) -> np.ndarray:
    return np.concatenate([column, np.zeros_like(column)], axis=2)


def plain_layers(network: Layer) -> Iterator[Any]:
    """Go through the layers of a network, chains within chains included, and refuse what cannot be stacked."""
    if isinstance(network, Sequential):
        if any(part.frozen or part.shared for _, part in network.parts()):
            raise CourseError("sweep: the network has frozen or tied parameters; train such networks one by one with fit")
        for layer in network.layers:
            yield from plain_layers(layer)
    elif type(network) in (Linear, Dropout) or isinstance(network, Activation):
        yield network
    else:
        raise CourseError(
            f"sweep: layers must be Linear, Dropout or an activation, got {network!r}; train others one by one with fit"
        )
