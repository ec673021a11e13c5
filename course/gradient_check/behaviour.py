"""What a wrong backward pass does with its upstream gradient: found by asking it again with another one."""

from collections.abc import Callable
from typing import Any

import numpy as np


def behaviour(check: Any, name: str, values: Callable[[Any], np.ndarray], expected: np.ndarray) -> str | None:
    r"""Say how a wrong gradient answers to other upstream gradients, if that explains it.

    A right backward pass is linear in g_out, and every row of g_out adds its part. So a pass that gives the same for
    2·g_out leaves g_out out; one that gives more than twice as much adds to what stood there before; and one that
    gives the same without the last row of g_out leaves that example out.

    Parameters
    ----------
    check
        The check, with its subject, its g_out and the gradients claimed.
    name
        The array whose gradient is wrong.
    values
        Turns a gradient into the numbers that are compared.
    expected
        These numbers as they should be.
    """

    def ask(g_out: np.ndarray) -> np.ndarray:
        return values(check.subject.gradients(g_out)[name])

    def close(a: np.ndarray, b: np.ndarray) -> bool:
        return np.allclose(a, b, rtol=check.rtol, atol=check.atol * max(1.0, np.abs(expected).max()) + check.noise)

    g_out, got = check.g_out, values(check.claimed[name])
    twice = ask(2 * g_out)
    if np.array_equal(twice, got):
        return "it does not depend on the upstream gradient"
    if close(twice - got, 2 * expected) and not close(twice, 2 * got):
        return "it is added to what stood there before, in place of taking its place"
    for row, which in ((-1, "last"), (0, "first")) if g_out.ndim and len(g_out) > 1 else ():
        others = g_out.copy()
        others[row] = 0
        if np.array_equal(ask(others), got):
            return f"the {which} row of the upstream gradient is left out"
    return None
