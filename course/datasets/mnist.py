"""MNIST from the files that the reader has: nothing is downloaded."""

from pathlib import Path
from typing import Any

import numpy as np

from course.datasets.idx import read_idx
from course.errors import DataError

FIXTURE = Path(__file__).parent / "files"  # a small set of our own drawings, in MNIST's form

FILES = (
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
)

Pair = tuple[np.ndarray, np.ndarray]


def mnist(folder: Any, *, dtype: Any = np.float32) -> tuple[Pair, Pair]:
    """Read MNIST, or any set of images published in its form, such as Fashion-MNIST.

    Parameters
    ----------
    folder
        Where its four files are, each packed (``.gz``) or not, under the names that they were published with; a dot
        in place of the hyphen before ``idx`` will do. `FIXTURE` is a folder with a little set to try this out:
        300 drawings for training and 100 for testing.
    dtype
        Of the inputs.

    Returns
    -------
    (X_train, y_train), (X_test, y_test)
        X of shape (N, 784) for images of 28 by 28 pixels, from 0, paper, to 1, ink; y of shape (N,), the digits as
        integers.

    Raises
    ------
    DataError
        When a file is missing, with what to do; when one is damaged; when images and labels do not fit together.

    Notes
    -----
    Y. LeCun, C. Cortes and C. J. C. Burges, The MNIST database of handwritten digits: 60,000 and 10,000 images.

    >>> (X, y), test = mnist(FIXTURE)
    >>> X.shape, X.dtype, X.max(), y[:3].shape
    ((300, 784), dtype('float32'), np.float32(1.0), (3,))
    """
    train, test = (_pair(Path(folder), *names, dtype) for names in FILES)
    if train[0].shape[1] != test[0].shape[1]:
        raise DataError(f"mnist: training and test images must have one size, got {train[0].shape} and {test[0].shape}")
    return train, test


def _pair(folder: Path, images_name: str, labels_name: str, dtype: Any) -> Pair:
    images, labels = read_idx(_find(folder, images_name)), read_idx(_find(folder, labels_name))
    if images.ndim != 3 or images.dtype != np.uint8 or not images.size:
        raise DataError(f"mnist: {images_name} must hold images of bytes, (N, 28, 28), got {images.dtype} {images.shape}")
    if labels.shape != images.shape[:1] or labels.dtype != np.uint8:
        raise DataError(
            f"mnist: {labels_name} must hold a byte for each of the {len(images)} images, got {labels.dtype} {labels.shape}"
        )
    return images.reshape(len(images), -1).astype(dtype) / np.asarray(255, dtype), labels.astype(np.intp)


def _find(folder: Path, name: str) -> Path:
    """Return the file of this name as it lies there, packed or not."""
    for spelling in (name, name.replace("-idx", ".idx")):
        for path in (folder / spelling, folder / f"{spelling}.gz"):
            if path.is_file():
                return path
    names = ", ".join(name for pair in FILES for name in pair)
    raise DataError(
        f"mnist: {folder} must hold {name} or {name}.gz, and does not; put the four files of MNIST there ({names}), "
        "from whoever gives your course its data: nothing is downloaded here. To try things out without them, use "
        "course.datasets.FIXTURE as the folder, or drawn_digits"
    )
