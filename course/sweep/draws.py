"""Dropout for many networks: each has the masks that it would have alone, and those that are alike are drawn once."""

import copy

import numpy as np

from course.errors import CourseError
from course.layers import Dropout, Layer, Linear
from course.sweep.stack import plain_layers


class Draws:
    """What each dropout layer multiplies by, for networks that differ in how much they keep.

    For every probability there is a copy of the network's dropout layers, with generators of their own in the state that
    the network's are in. So a network of the stack has the masks that it would have alone, and networks that keep as much
    have the same: what differs between them comes from their settings, and not from chance.

    Parameters
    ----------
    network
        Whose dropout layers are copied.
    keep_prob
        An array of probabilities with the stack's axes, or None: each layer keeps its own.
    inputs
        The number D of features of the data.

    Raises
    ------
    CourseError
        When there are probabilities, but no dropout layer.
    """

    def __init__(self, network: Layer, keep_prob: np.ndarray | None, inputs: int):
        self.dtype, self.widths, width = network.parameters.dtype, [], inputs
        for layer in plain_layers(network):
            width = layer.out_features if isinstance(layer, Linear) else width
            self.widths += [width] * isinstance(layer, Dropout)
        if keep_prob is None:
            kept, self.which = [None], np.int_(0)
        elif self.widths:
            kept, which = np.unique(keep_prob, return_inverse=True)
            self.which = which.reshape(keep_prob.shape)
        else:
            raise CourseError("sweep: keep_prob needs a Dropout layer in the network, got none")
        self.copies = [dropouts(network, p) for p in kept]

    def factors(self, n: int, *, training: bool) -> list[np.ndarray]:
        """Return for each dropout layer an array that broadcasts against (…, N, M): what it makes of ones."""
        drawn = []
        for width, layers in zip(self.widths, zip(*self.copies, strict=True), strict=True):
            each, ones = np.empty((len(layers), n, width), self.dtype), np.ones((n, width), self.dtype)
            for factor, layer in zip(each, layers, strict=True):
                factor[...] = layer.forward(ones, training=training)
            drawn.append(each[self.which])
        return drawn


def dropouts(network: Layer, keep_prob: float | None) -> list[Dropout]:
    """Return copies of a network's dropout layers, which share a generator where the originals do."""
    layers = copy.deepcopy([layer for layer in plain_layers(network) if isinstance(layer, Dropout)])
    for layer in layers:
        layer.keep_prob = layer.keep_prob if keep_prob is None else float(keep_prob)
    return layers
