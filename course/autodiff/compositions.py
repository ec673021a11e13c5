"""Functions of NumPy that are made of other functions of NumPy: these need no derivative of their own."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum, over the number of entries that went into it."""
    z = np.sum(x, axis=axis, keepdims=keepdims)
    return z / (np.size(x) / np.size(z))


def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean square of what is left without the mean."""
    return np.mean(np.square(x - np.mean(x, axis=axis, keepdims=True)), axis=axis, keepdims=keepdims)


def swapaxes(x: Any, first: int, second: int) -> Any:
    """Transpose that exchanges two axes."""
    axes = list(range(np.ndim(x)))
    axes[first], axes[second] = axes[second], axes[first]
    return np.transpose(x, axes)


def moveaxis(x: Any, source: int, destination: int) -> Any:
    """Transpose that takes one axis out and puts it in elsewhere."""
    axes = list(range(np.ndim(x)))
    axes.insert(destination % len(axes), axes.pop(source))
    return np.transpose(x, axes)


def expand_dims(x: Any, axis: Any) -> Any:
    """Reshape, with new axes of length one."""
    return np.reshape(x, np.expand_dims(np.broadcast_to(0, np.shape(x)), axis).shape)


def squeeze(x: Any, axis: Any = None) -> Any:
    """Reshape, without axes of length one."""
    return np.reshape(x, np.squeeze(np.broadcast_to(0, np.shape(x)), axis).shape)


def stack(parts: Sequence, axis: int = 0) -> Any:
    """Concatenation along a new axis."""
    return np.concatenate([np.expand_dims(x, axis) for x in parts], axis)


def dot(x: Any, y: Any) -> Any:
    """Matrix product, or a product by a number."""
    return x * y if not np.ndim(x) or not np.ndim(y) else np.matmul(x, y)


COMPOSITIONS: dict[Callable, Callable] = {
    np.mean: mean,
    np.var: var,
    np.std: lambda x, axis=None, keepdims=False: np.sqrt(np.var(x, axis=axis, keepdims=keepdims)),
    np.clip: lambda x, low, high: np.minimum(np.maximum(x, low), high),
    np.swapaxes: swapaxes,
    np.moveaxis: moveaxis,
    np.expand_dims: expand_dims,
    np.squeeze: squeeze,
    np.ravel: lambda x: np.reshape(x, -1),
    np.stack: stack,
    np.vstack: lambda parts: np.concatenate([x if np.ndim(x) > 1 else np.reshape(x, (1, -1)) for x in parts]),
    np.hstack: lambda parts: np.concatenate(parts, min(np.ndim(parts[0]) - 1, 1)),
    np.dot: dot,
    np.vdot: lambda x, y: np.sum(np.ravel(x) * np.ravel(y)),
    np.inner: lambda x, y: np.sum(x * y, -1) if np.ndim(x) == np.ndim(y) == 1 else np.matmul(x, np.swapaxes(y, -1, -2)),
    np.outer: lambda x, y: np.reshape(x, (-1, 1)) * np.reshape(y, (1, -1)),
}
