"""The losses of a training without end, in a bounded number of points."""

import numpy as np

MOST = 200


class LossRecord:
    """Keeps every measurement at first, and later every second, every fourth …, so that there are never many.

    Attributes
    ----------
    stride : int
        Of how many measurements one is kept.

    >>> record = LossRecord()
    >>> for step in range(1000):
    ...     record.add(step, 1.0, 2.0)
    >>> steps, train, validation = record.curves()
    >>> len(steps), steps[[0, 1, -1]]
    (126, array([  0.,   8., 999.]))
    """

    def __init__(self) -> None:
        self.stride, self._count = 1, 0
        self._kept: list[tuple[float, ...]] = []
        self._last: tuple[float, ...] = ()

    def add(self, step: int, train: float, validation: float) -> None:
        """Take note of both losses after a step."""
        self._last = float(step), float(train), float(validation)
        if self._count % self.stride == 0:
            self._kept.append(self._last)
        self._count += 1
        if len(self._kept) > MOST:
            self._kept, self.stride = self._kept[::2], 2 * self.stride

    def curves(self) -> np.ndarray:
        """Return steps, training and validation losses: shape (3, number), the last measurement included."""
        ends = [] if self._kept[-1:] == [self._last] else [self._last]
        return np.array(self._kept + ends).T
