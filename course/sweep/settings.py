"""Which networks to train: hyperparameters as arrays, one number for each network."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from course.errors import DtypeError, ShapeError, require_range


def grid(**values: Sequence[float]) -> dict[str, np.ndarray]:
    """Combine every value of one hyperparameter with every value of the others.

    Parameters
    ----------
    **values
        The values of each hyperparameter, in the order of the axes that the results shall have.

    Returns
    -------
    dict of str to numpy.ndarray
        Each in an array with an axis for every hyperparameter, of length one but for its own: they broadcast to the
        shape of the grid.

    Raises
    ------
    ShapeError
        When a hyperparameter's values are no list of at least one number.

    >>> settings = grid(learning_rate=[0.1, 0.01, 0.001], momentum=[0.0, 0.9])
    >>> {name: array.shape for name, array in settings.items()}
    {'learning_rate': (3, 1), 'momentum': (1, 2)}
    """
    arrays = {name: np.asarray(array, np.float64) for name, array in values.items()}
    for name, array in arrays.items():
        if array.ndim != 1 or not array.size:
            raise ShapeError(f"grid: {name} must be a list of at least one number, got shape {array.shape}")
    axes = np.meshgrid(*arrays.values(), indexing="ij", sparse=True)
    return dict(zip(arrays, axes, strict=True))


def checked(settings: dict[str, Any]) -> tuple[dict[str, Any], tuple[int, ...]]:
    """Return the settings as arrays with one axis for each of the stack's, and the shape that they broadcast to."""
    arrays = {name: value if callable(value) else np.asarray(value) for name, value in settings.items()}
    numbers = {name: value for name, value in arrays.items() if not callable(value)}
    for name, array in numbers.items():
        if array.dtype.kind not in "iuf":
            raise DtypeError(f"sweep: {name} must be numbers or a schedule, got {array.dtype}")
    try:
        shape = np.broadcast_shapes(*(array.shape for array in numbers.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in numbers.items())
        raise ShapeError(f"sweep: the settings must broadcast to one shape, got {shapes}; see course.sweep.grid") from None
    for name, interval in (("keep_prob", "(0, 1]"), ("l2", "[0, inf)")):
        for bound in (numbers[name].min(), numbers[name].max()) if name in numbers else ():
            require_range("sweep", name, bound, interval)
    shape = shape or (1,)
    aligned = {name: array.reshape((1,) * (len(shape) - array.ndim) + array.shape) for name, array in numbers.items()}
    return arrays | aligned, shape
