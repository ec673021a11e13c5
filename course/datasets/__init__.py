"""Data to learn from: made on the spot from a seed, or read from files; split, and brought to one scale."""

from course.datasets.curves import CURVES, curve
from course.datasets.drawings import drawn_digits
from course.datasets.idx import read_idx, write_idx
from course.datasets.mnist import FIXTURE, mnist
from course.datasets.parts import Standardizer, split
from course.datasets.points import circles, moons, spirals, xor
from course.datasets.spam import HAM, SPAM, spam
from course.datasets.tables import TABLES, digits, table

__all__ = [
    "CURVES",
    "FIXTURE",
    "HAM",
    "SPAM",
    "TABLES",
    "Standardizer",
    "circles",
    "curve",
    "digits",
    "drawn_digits",
    "mnist",
    "moons",
    "read_idx",
    "spam",
    "spirals",
    "split",
    "table",
    "write_idx",
    "xor",
]
