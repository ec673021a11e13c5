"""Digits drawn with a pen: images of MNIST's form, as many as one likes, from a seed."""

from __future__ import annotations  # naming np.random in a signature must not import it

import numpy as np

from course.errors import require_range

SIDE = 28
ARC = np.linspace(0, 1, 13)


def _arc(x: float, y: float, wide: float, high: float, start: float, turn: float) -> np.ndarray:
    """Points along an ellipse about (x, y), from one angle on by a turn, in full circles; y points down."""
    angle = 2 * np.pi * (start + turn * ARC)
    return np.column_stack([x + wide * np.cos(angle), y + high * np.sin(angle)])


# Every digit is a few strokes, each a row of points in a box of two by two about the origin.
STROKES: tuple[tuple[np.ndarray, ...], ...] = (
    (_arc(0, 0, 0.6, 1, -0.25, 1),),
    (np.array([[-0.35, -0.6], [0.1, -1], [0.1, 1]]),),
    (np.vstack([_arc(0, -0.45, 0.6, 0.55, 0.5, 0.6), [[-0.6, 1], [0.65, 1]]]),),
    (_arc(0, -0.5, 0.55, 0.5, 0.55, 0.7), _arc(0, 0.45, 0.6, 0.55, -0.25, 0.7)),
    (np.array([[0.3, 1], [0.3, -1], [-0.65, 0.4], [0.7, 0.4]]),),
    (np.array([[0.55, -1], [-0.45, -1], [-0.5, -0.15]]), _arc(-0.05, 0.4, 0.6, 0.6, -0.37, 0.8)),
    (np.vstack([[[0.35, -1], [-0.25, -0.5]], _arc(0, 0.4, 0.55, 0.6, 0.5, -1)]),),
    (np.array([[-0.6, -1], [0.6, -1], [-0.1, 1]]),),
    (_arc(0, -0.5, 0.48, 0.5, 0.25, 1), _arc(0, 0.5, 0.58, 0.5, -0.25, 1)),
    (np.vstack([_arc(0, -0.4, 0.55, 0.6, 0, 1), [[0.5, 0.2], [0.3, 1]]]),),
)


def drawn_digits(n: int, *, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw the digits 0 to 9 with a pen that turns, shears, stretches, shifts and shakes.

    A stand-in for MNIST that needs no file: the same form, though easier, since one hand wrote it all.

    Parameters
    ----------
    n
        The number of images, at least one.
    rng
        Draws them; the same seed gives the same images.

    Returns
    -------
    images : numpy.ndarray of uint8, shape (n, 28, 28)
        0 is paper and 255 is ink.
    labels : numpy.ndarray of uint8, shape (n,)
        The digits, in random order, none rarer than another by more than one.

    Raises
    ------
    RangeError
        When no image is asked for.

    >>> images, labels = drawn_digits(20, rng=np.random.default_rng(0))
    >>> images.shape, images.dtype, np.bincount(labels).tolist()
    ((20, 28, 28), dtype('uint8'), [2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    """
    require_range("drawn_digits", "n", n, "[1, inf)")
    labels = rng.permutation(np.arange(n) % 10).astype(np.uint8)
    return np.stack([_draw(STROKES[label], rng) for label in labels]), labels


def _draw(strokes: tuple[np.ndarray, ...], rng: np.random.Generator) -> np.ndarray:
    """Draw strokes: ink stands where a pixel's centre is near one of their segments."""
    turn, shear = rng.normal(0, 0.12), rng.normal(0, 0.15)
    wide, high = rng.uniform(6, 10), rng.uniform(8, 10)
    hand = np.array([[wide, 0], [0, high]]) @ [[np.cos(turn), np.sin(turn)], [shear - np.sin(turn), np.cos(turn)]]
    middle, pen = SIDE / 2 - 0.5 + rng.normal(0, 1, 2), rng.uniform(0.8, 1.6)
    lines = [stroke @ hand + middle + rng.normal(0, 0.35, stroke.shape) for stroke in strokes]
    start, end = (np.vstack([line[cut] for line in lines]) for cut in (slice(None, -1), slice(1, None)))
    far = np.sqrt(_squared_distance(start, end - start)).min(1)
    return np.rint(255 * np.clip(pen + 0.5 - far, 0, 1)).astype(np.uint8).reshape(SIDE, SIDE)


def _squared_distance(start: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Return, for every pixel and segment, the square of how far they are apart: shape (28 · 28, segments)."""
    y, x = np.divmod(np.arange(SIDE * SIDE), SIDE)
    from_start = np.stack([x, y], 1)[:, None] - start
    share = (from_start * along).sum(2) / np.maximum((along**2).sum(1), 1e-12)
    return ((from_start - share.clip(0, 1)[..., None] * along) ** 2).sum(2)
