"""Where two arrays differ, and what stands there: a row, another order, one sum in every place, zeros, signs."""

import numpy as np

from course.gradient_check.pair import Pair
from course.gradient_check.scaling import factor


def one_slice(pair: Pair) -> str | None:
    """Name the one row or column in which everything that is wrong stands, and what is wrong there."""
    right = pair.right
    names = [("row" if right.ndim > 1 else "entry"), "column"]
    for axis, name in zip(range(right.ndim), names, strict=False):
        others = tuple(k for k in range(right.ndim) if k != axis)
        wrong = np.flatnonzero(~right.all(others))
        if len(wrong) == 1 and right.shape[axis] > 1:
            part = pair.of(pair.got.take(wrong[0], axis), pair.expected.take(wrong[0], axis))
            return f"right except in {_ordinal(wrong[0], right.shape[axis], name)}{_what_stands_there(part)}"
    return None


def order(pair: Pair) -> str | None:
    """Recognize the right rows, columns or entries in other places."""
    got, expected = pair.got, pair.expected
    if len(np.unique(expected)) < 3:  # zeros and ones are easily some permutation of each other
        return None
    if got.ndim == 2:
        for name, a, b in (("rows", got, expected), ("columns", got.T, expected.T)):
            if len(b) > 1 and b.shape[1] > 1:
                if pair.same(a[::-1], b):
                    return f"the {name} are right, but in reverse order"
                if pair.same(_sorted_rows(a), _sorted_rows(b)):
                    return f"the {name} are right, but in another order"
    if pair.same(got.ravel()[::-1], expected.ravel()):
        return "the values are right, but in reverse order"
    if pair.same(np.sort(got, None), np.sort(expected, None)):
        return "the values are right, but in another order"
    return None


def repeated(pair: Pair) -> str | None:
    """Recognize one sum or mean, over an axis or over everything, that stands in every place."""
    got, expected = pair.got, pair.expected
    for axis, place in zip(range(got.ndim), ("row", "column"), strict=False):
        if got.shape[axis] < 2 or got.ndim < 2:
            continue
        for name in ("sum", "mean"):
            one = getattr(expected, name)(axis, keepdims=True)
            if pair.same(got, np.broadcast_to(one, got.shape)):
                return f"every {place} is the {name} of the right {place}s"
    for name in ("sum", "mean"):
        if got.size > 2 and pair.same(got, np.full(got.shape, getattr(expected, name)())):
            return f"every entry is the {name} of the right entries"
    return None


def count(pair: Pair) -> str:
    """Count the wrong entries, and say what they have in common."""
    wrong = ~pair.right
    k, n = int(wrong.sum()), wrong.size
    if n == 1:
        return "the value differs"
    part = pair.of(pair.got[wrong], pair.expected[wrong])
    where = f"at {k} of {n} entries"
    if pair.zero(part.got):
        return f"zero instead of the right value {where}"
    if pair.zero(part.expected) and k < n:
        return f"not zero {where} that must be zero, and right elsewhere"
    return f"{factor(part) or 'the values differ'} {where}"


def _what_stands_there(part: Pair) -> str:
    if part.got.size < 2:
        return ""
    if part.zero(part.got):
        return ", which is all zeros"
    times = factor(part)
    return f", where {times}" if times else ""


def _ordinal(k: int, n: int, name: str) -> str:
    return f"the first {name}" if k == 0 else f"the last {name}" if k == n - 1 else f"{name} {k}"


def _sorted_rows(a: np.ndarray) -> np.ndarray:
    return a[np.lexsort(a.T[::-1])]
