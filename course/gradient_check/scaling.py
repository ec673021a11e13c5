"""One factor between two arrays: the sign, a batch size, a half; or a direction that is right with a wrong scale."""

from fractions import Fraction

import numpy as np

from course.gradient_check.pair import Pair

LARGEST_FACTOR = 1000  # a batch size or a number of classes; larger whole numbers are hit by chance
LARGEST_FRACTION = 12  # of the numbers in 3/2 and the like
TELLING = 1, 2, Fraction(1, 2)  # with either sign: what a single number is believed on


def factor(pair: Pair, rows: int | None = None) -> str | None:
    """Name the sign and the simple factor by which every entry is off, if that is all that is wrong."""
    scale = _scale(pair.got, pair.expected)
    if scale == 0 or not pair.same(pair.got / scale, pair.expected):
        return None
    size = Fraction(abs(scale)).limit_denominator(LARGEST_FACTOR)
    if abs(abs(scale) - size) > 1e-5 * size or not _believed(size, pair.nonzero(pair.expected)):
        return None
    phrases = [] if scale > 0 else ["the sign is opposite"]
    if size != 1:
        phrases.append(_size(size) + _reminder(size, rows))
    return " and ".join(phrases) or None


def parallel(pair: Pair) -> str | None:
    """Say that the direction is right and the scale wrong, as a whole or in every row or column."""
    got, expected = pair.got, pair.expected
    scale = _scale(got, expected)
    if scale != 0 and pair.same(got / scale, expected) and pair.nonzero(expected) > 1:
        return "the right direction, but wrong in scale" if scale > 0 else "the opposite direction, and wrong in scale"
    if got.ndim != 2:
        return None
    for axis, name in ((1, "row"), (0, "column")):
        scales = (got * expected).sum(axis, keepdims=True) / (expected * expected).sum(axis, keepdims=True)
        scales[~np.isfinite(scales)] = 1.0  # where all is zero, no factor is known and none is needed
        others = expected.shape[1 - axis]
        if pair.nonzero(expected) >= others + 3 and (scales != 0).all() and pair.same(got / scales, expected):
            return f"every {name} has the right direction, but a wrong scale of its own"
    return None


def _scale(got: np.ndarray, expected: np.ndarray) -> float:
    """Return the factor c for which c · expected comes closest to got."""
    scale = float(np.vdot(expected, got).real / np.vdot(expected, expected).real)
    return scale if np.isfinite(scale) else 0.0


def _believed(size: Fraction, witnesses: int) -> bool:
    """Whether a factor is simple enough, and seen often enough, to be no coincidence."""
    if witnesses < 2:
        return size in TELLING
    whole = min(size.numerator, size.denominator) == 1 and size <= LARGEST_FACTOR
    return whole or max(size.numerator, size.denominator) <= LARGEST_FRACTION


def _size(size: Fraction) -> str:
    return f"it is {size} times too large" if size.denominator == 1 else f"it is {size} of the right size"


def _reminder(size: Fraction, rows: int | None) -> str:
    """Recall what a factor of N or 1/N comes from; with two rows it may as well be any other half."""
    if rows is None or rows < 3 or size not in (rows, Fraction(1, rows)):
        return ""
    return f" (a sum over the {rows} rows, not a mean?)" if size == rows else f" (a mean over the {rows} rows, not a sum?)"
