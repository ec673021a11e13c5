"""Small real data sets that scikit-learn carries along: handwritten digits, and tables of measurements."""

from typing import Any

import numpy as np

from course.errors import MissingPackageError, RangeError

TABLES = {"breast cancer": "load_breast_cancer", "diabetes": "load_diabetes", "iris": "load_iris", "wine": "load_wine"}

Pair = tuple[np.ndarray, np.ndarray]


def digits() -> Pair:
    """Handwritten digits as images of 8 by 8 pixels: 1797 of them, from 43 hands.

    Returns
    -------
    X : numpy.ndarray, shape (1797, 64)
        The pixels row by row, from 0, paper, to 1, ink.
    y : numpy.ndarray, shape (1797,)
        The digits 0 to 9, as integers.

    Raises
    ------
    MissingPackageError
        When scikit-learn is not installed.

    Notes
    -----
    E. Alpaydin and C. Kaynak (1998), Optical recognition of handwritten digits: the test part, as scikit-learn has it.

    Use it as ``X, y = digits()``, then `split`.
    """
    X, y = _scikit_learn("digits").load_digits(return_X_y=True)
    return X / 16, y.astype(np.intp)


def table(name: str) -> Pair:
    """Measurements of things, one row for each: the small and tabular data on which trees often beat networks.

    Parameters
    ----------
    name
        "iris": 150 flowers, 4 lengths, 3 species. "wine": 178 wines, 13 analyses, 3 growers. "breast cancer": 569
        tumours, 30 features, 2 classes. "diabetes": 442 patients, 10 features, a number that says how the illness went.

    Returns
    -------
    X : numpy.ndarray, shape (N, D)
        In their own units, mostly (those of diabetes come scaled): see `Standardizer`.
    y : numpy.ndarray
        The class of each row, integers of shape (N,); for diabetes a number, of shape (N, 1).

    Raises
    ------
    RangeError
        When there is no table of this name.
    MissingPackageError
        When scikit-learn is not installed.

    Notes
    -----
    Deck 003, "Neural network vs decision tree".

    >>> table("houses")
    Traceback (most recent call last):
    course.errors.RangeError: table: name must be one of breast cancer, diabetes, iris, wine, got 'houses'
    """
    if name not in TABLES:
        raise RangeError(f"table: name must be one of {', '.join(TABLES)}, got {name!r}")
    X, y = getattr(_scikit_learn("table"), TABLES[name])(return_X_y=True)
    return X, y[:, None] if y.dtype.kind == "f" else y.astype(np.intp)


def _scikit_learn(owner: str) -> Any:
    """Import what carries the data, or say how to get it."""
    try:
        from sklearn import datasets
    except ModuleNotFoundError as missing:
        raise MissingPackageError(
            f"{owner}: these data come with scikit-learn, which is not installed; use: pip install scikit-learn"
        ) from missing
    return datasets
