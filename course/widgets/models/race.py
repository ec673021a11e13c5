"""All optimizers of the course from one start, each with a learning rate that suits it, and a student's beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from course.optimizers import SGD, Adadelta, Adagrad, Adam, AdaMax, AdamW, Momentum, Nadam, Nesterov, Optimizer, RMSprop
from course.widgets.models.descent import descend
from course.widgets.models.guest import Guest
from course.widgets.models.landscapes import Landscape

YOURS = "yours"

# How each is made, and its learning rate: good ones on landscapes whose largest curvature is about 20 and that are about 2
# wide. The first three take η times a gradient, the others steps of about size η. Adadelta's ε, which decides how fast it
# starts, is a hundred times that of its default.
RATES: dict[str, tuple[Callable[[float], Optimizer], float]] = {
    "SGD": (SGD, 0.05),
    "Momentum": (partial(Momentum, momentum=0.9), 0.02),
    "Nesterov": (partial(Nesterov, momentum=0.9), 0.02),
    "Adagrad": (Adagrad, 0.5),
    "RMSprop": (RMSprop, 0.05),
    "Adadelta": (partial(Adadelta, eps=1e-4), 1.0),
    "Adam": (Adam, 0.15),
    "AdamW": (AdamW, 0.15),
    "AdaMax": (AdaMax, 0.3),
    "Nadam": (Nadam, 0.1),
}


def race(
    names: tuple[str, ...], landscape: Landscape, start: tuple[float, float], steps: int, factor: float, mine: Any = None
) -> dict[str, Any]:
    """Let optimizers run.

    Parameters
    ----------
    names
        Keys of `RATES`.
    landscape, start, steps
        As in `descend`.
    factor
        What all learning rates are multiplied by; that of `mine` too, if it is a number in its `learning_rate`.
    mine
        A student's object with ``step(parameters, gradients)``, as in `Guest`; None for none.

    Returns
    -------
    dict
        ``names``, with "yours" last if there is one; ``path`` and ``loss`` as `descend` gives them.

    Raises
    ------
    CourseError
        With a sentence for the student when `mine` goes wrong.

    >>> from course.widgets.models.landscapes import ravine
    >>> race(("SGD", "Adam"), ravine(20.0), (1.0, 1.0), 3, 1.0)["path"].shape
    (2, 4, 2)
    """
    walkers = [make(factor * rate) for make, rate in (RATES[name] for name in names)]
    guests = [] if mine is None else [Guest(mine, factor)]
    run = descend([*walkers, *guests], landscape, start, steps)
    for guest in guests:
        guest.require_a_move()
    return run | {"names": (*names, *[YOURS for _ in guests])}
