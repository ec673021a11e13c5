"""Finite differences of functions whose derivatives are known: truncation on one side, rounding on the other."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course.autodiff.finite_difference import EPS, best_step, error_by_step, numerical_jacobian
from course.errors import DtypeError

SCHEMES = ("forward", "central", "complex")


class Known(NamedTuple):
    """A function with its first three derivatives."""

    f: Callable[[Any], Any]
    first: Callable[[Any], Any]
    second: Callable[[Any], Any]
    third: Callable[[Any], Any]


def _zero(x: Any) -> Any:
    return 0.0 * x


def _steepness(x: Any) -> Any:
    return 1 - np.tanh(x) ** 2


def _twist(x: Any) -> Any:
    return _steepness(x) * (6 * np.tanh(x) ** 2 - 2)


FUNCTIONS = {
    "exp(x)": Known(np.exp, np.exp, np.exp, np.exp),
    "sin(x)": Known(np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)),
    "sin(x) + 1000": Known(lambda x: np.sin(x) + 1000, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)),
    "tanh(x)": Known(np.tanh, _steepness, lambda x: -2 * np.tanh(x) * _steepness(x), _twist),
    "|x − 1|": Known(lambda x: np.abs(x - 1), lambda x: np.sign(x - 1), _zero, _zero),
}


@lru_cache(maxsize=128)
def errors(name: str, x: float, steps: tuple[float, ...]) -> dict[str, Any]:
    r"""Measure the error of three schemes at many steps, and say what theory expects.

    .. math:: E_\text{forward} \approx \tfrac h2 |f''| + \frac{\epsilon |f|}{h}, \qquad
        E_\text{central} \approx \tfrac{h^2}6 |f'''| + \frac{\epsilon |f|}{h}

    Parameters
    ----------
    name
        One of `FUNCTIONS`.
    x
        Where to differentiate.
    steps
        Positive numbers, K of them.

    Returns
    -------
    dict
        ``steps``, shape (K,); ``forward``, ``central``, ``complex``: absolute errors, shape (K,), all NaN where the
        function takes no complex numbers; ``forward truncation``, ``central truncation``, ``rounding``: the terms
        above, shape (K,); ``best forward``, ``best central``: the step at which the sum is smallest, infinite where
        nothing is truncated; ``exact``: f′(x).

    Notes
    -----
    Decks 000 and 001, "The Finite Difference Method"; the balance is derived in `course.autodiff.finite_difference`.

    >>> found = errors("exp(x)", 0.0, (1e-2, 1e-4))
    >>> found["forward"].round(5), found["forward truncation"]
    (array([5.02e-03, 5.00e-05]), array([5.e-03, 5.e-05]))
    """
    known, h = FUNCTIONS[name], np.array(steps)
    exact = float(known.first(x))
    size, bend, twist = (abs(float(g(x))) for g in (known.f, known.second, known.third))
    measured = {scheme: _measured(known.f, x, exact, h, scheme) for scheme in SCHEMES}
    return measured | {
        "steps": h,
        "exact": exact,
        "forward truncation": h / 2 * bend,
        "central truncation": h**2 / 6 * twist,
        "rounding": EPS * size / h,
        "best forward": best_step("forward", 2 * (size / bend) ** (1 / 2)) if bend else np.inf,
        "best central": best_step("central", (3 * size / twist) ** (1 / 3)) if twist else np.inf,
    }


def _measured(f: Callable, x: float, exact: float, steps: np.ndarray, scheme: str) -> np.ndarray:
    try:
        return error_by_step(f, x, exact, steps, scheme=scheme)
    except DtypeError:  # a function of real numbers only
        return np.full(len(steps), np.nan)


def slopes(name: str, x: float, h: float) -> dict[str, float]:
    """Return what each scheme gives for f′(x) with the step h, NaN where it cannot be used.

    >>> round(slopes("exp(x)", 0.0, 0.1)["central"], 6)
    1.001668
    """
    found = {}
    for scheme in SCHEMES:
        try:
            found[scheme] = float(numerical_jacobian(FUNCTIONS[name].f, x, h=h, scheme=scheme))
        except DtypeError:
            found[scheme] = float("nan")
    return found


def digits(slope: float, exact: float) -> float:
    """Return how many decimal digits of a slope are right, from 0 to 16.

    >>> digits(3.001, 3.0)
    3.5
    """
    if not np.isfinite(slope):
        return 0.0
    wrong = abs(slope - exact) / (abs(exact) or 1.0)
    return round(float(np.clip(-np.log10(max(wrong, 1e-16)), 0, 16)), 1) + 0.0  # no −0
