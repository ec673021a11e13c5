"""Numbers that were computed beforehand, and which of them is meant."""

from collections.abc import Sequence

import numpy as np


def nearest(stops: Sequence[float], value: float) -> int:
    """Return the place of the stop that is nearest to a value.

    Parameters
    ----------
    stops
        At least one number.
    value
        Any number: what somebody typed.

    >>> nearest([0.25, 0.5, 1.0], 0.6)
    1
    """
    return int(np.abs(np.asarray(stops) - value).argmin())
