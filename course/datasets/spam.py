"""The spam of deck 003: two features on different scales, two classes that no line parts well."""

from __future__ import annotations  # naming np.random in a signature must not import it

import numpy as np

from course.errors import require_range
from course.numerics import one_hot as as_one_hot

SPAM, HAM = 0, 1


def spam(n: int, *, rng: np.random.Generator, one_hot: bool = False) -> tuple[np.ndarray, np.ndarray]:
    r"""Messages, each with its length and the trust in its sender, half of them spam.

    Spam is of middling length and comes from senders of little trust. Ham is either a short note or a long letter,
    and its senders are trusted more. The classes overlap, and no straight line parts them well.

    Parameters
    ----------
    n
        The number of messages, at least one.
    rng
        Draws them; the same seed gives the same messages.
    one_hot
        Whether the targets are rows: spam [1, 0] and ham [0, 1].

    Returns
    -------
    X : numpy.ndarray, shape (n, 2)
        Length in characters, above 0, mostly 30 to 3000; and trust, in [0, 1]. The scales differ a thousandfold: see
        `Standardizer`.
    y : numpy.ndarray, shape (n,) or (n, 2)
        The class, `SPAM` = 0 or `HAM` = 1; or its one-hot row.

    Raises
    ------
    RangeError
        When no message is asked for.

    Notes
    -----
    Deck 003, "The training problem".

    >>> X, y = spam(4, rng=np.random.default_rng(1), one_hot=True)
    >>> X.shape, y.shape
    ((4, 2), (4, 2))
    """
    require_range("spam", "n", n, "[1, inf)")
    y = rng.permutation(np.arange(n) % 2)
    letter = rng.random(n) < 0.5
    middle = np.choose(np.where(y == SPAM, 0, 1 + letter), [300.0, 80.0, 1200.0])
    length = rng.lognormal(np.log(middle), 0.45)
    trust = np.where(y == SPAM, rng.beta(2, 4, n), rng.beta(4, 2, n))
    return np.column_stack([length, trust]), as_one_hot(y, 2) if one_hot else y
