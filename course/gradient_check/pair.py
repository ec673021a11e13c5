"""An answer beside the right one, and what it means that they agree."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass
class Pair:
    """Two arrays, with the tolerances within which numbers agree."""

    got: np.ndarray
    expected: np.ndarray
    rtol: float
    atol: float

    @cached_property
    def right(self) -> np.ndarray:
        """Where the two agree, entry by entry; they must have one shape."""
        return self.close(self.got, self.expected)

    @cached_property
    def agrees(self) -> bool:
        return self.same(self.got, self.expected)

    def close(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.isclose(a, b, rtol=self.rtol, atol=self.atol, equal_nan=True)

    def same(self, a: np.ndarray, b: np.ndarray) -> bool:
        return np.shape(a) == np.shape(b) and bool(self.close(a, b).all())

    def zero(self, a: np.ndarray) -> bool:
        return bool(np.abs(a).max(initial=0.0) <= self.atol)

    def of(self, got: np.ndarray, expected: np.ndarray) -> "Pair":
        """Pair two other arrays, such as parts of these, with the same tolerances."""
        return Pair(got, expected, self.rtol, self.atol)

    def nonzero(self, a: np.ndarray) -> int:
        """Count the entries that bear evidence: a zero stays zero under every factor."""
        return int(np.count_nonzero(np.abs(a) > self.atol))
