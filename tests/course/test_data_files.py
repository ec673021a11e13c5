"""Data from files, read without trust: IDX, MNIST, and what scikit-learn carries along."""

import gzip
import itertools
import struct
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.datasets import FIXTURE, TABLES, digits, drawn_digits, mnist, read_idx, table, write_idx
from course.errors import DataError, DtypeError, MissingPackageError


def seeded(seed=0):
    return np.random.default_rng(seed)


KINDS = ["u1", "i1", "i2", "i4", "f4", "f8"]


@given(st.sampled_from(KINDS).flatmap(lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=1, max_dims=4, min_side=0))),
       st.sampled_from(["array.idx", "array.idx.gz"]))  # fmt: skip
def test_an_array_comes_back_from_an_idx_file_as_it_was(tmp_path_factory, array, name):
    path = tmp_path_factory.mktemp("idx") / name
    write_idx(path, array)
    back = read_idx(path)
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    assert back.flags.writeable


@given(hnp.arrays("i2", hnp.array_shapes(max_dims=3)))
def test_memory_layout_and_byte_order_do_not_matter_to_an_idx_file(tmp_path_factory, array):
    path = tmp_path_factory.mktemp("idx") / "array"
    for same in (np.asfortranarray(array), array.astype(">i2"), array.astype("<i2")):
        write_idx(path, same)
        np.testing.assert_array_equal(read_idx(path), array)


def test_an_idx_file_is_written_byte_by_byte_as_its_format_says(tmp_path):
    write_idx(tmp_path / "a", np.array([[1, -2, 3]], np.int16))
    assert (tmp_path / "a").read_bytes() == bytes([0, 0, 0x0B, 2]) + struct.pack(">II3h", 1, 3, 1, -2, 3)
    (tmp_path / "b").write_bytes(bytes([0, 0, 0x0D, 1]) + struct.pack(">I2f", 2, 0.5, -1))
    assert read_idx(tmp_path / "b").tolist() == [0.5, -1]


WHOLE = bytes([0, 0, 8, 2]) + struct.pack(">II", 2, 3) + bytes(range(6))
PACKED = gzip.compress(WHOLE, mtime=0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no IDX file"),
        (WHOLE[:3], "no IDX file"),
        (b"\x89PNG" + WHOLE, "no IDX file"),
        (bytes([0, 0, 7, 2]) + WHOLE[4:], "no IDX file"),
        (bytes([0, 0, 8, 0]), "no IDX file"),
        (WHOLE[:9], "ends within its header"),
        (WHOLE[:-1], "must hold 6 bytes for shape"),
        (WHOLE + b"x", "goes on after the 6 bytes"),
        (bytes([0, 0, 14, 3]) + b"\xff" * 12, "cut off"),
        (PACKED[:-9], "damaged"),
        (PACKED[:-8] + bytes(8), "damaged"),
        (gzip.compress(WHOLE[:-1], mtime=0), "must hold 6 bytes"),
        (PACKED[:10] + b"\xff" * 20, "damaged"),
    ],
)
def test_a_file_that_is_no_whole_idx_file_is_refused_in_words(tmp_path, content, words):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_idx(tmp_path / "file")


@given(st.integers(0, len(WHOLE) - 1))
def test_an_idx_file_cut_off_anywhere_is_refused(tmp_path_factory, length):
    path = tmp_path_factory.mktemp("cut") / "file"
    for whole in (WHOLE, PACKED):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError):
            read_idx(path)


def test_what_the_format_cannot_hold_is_not_written(tmp_path):
    for array, kind in ((np.arange(3), DtypeError), (np.array(["a"]), DtypeError), (np.float32(1), DataError)):
        with pytest.raises(kind):
            write_idx(tmp_path / "file", array)
    assert not list(tmp_path.iterdir())


def test_the_fixture_is_a_small_mnist_of_our_own_drawings():
    (X, y), (X_test, y_test) = mnist(FIXTURE)
    images, labels = drawn_digits(400, rng=np.random.default_rng(2026))
    np.testing.assert_array_equal(np.concatenate([y, y_test]), labels)
    np.testing.assert_allclose(np.concatenate([X, X_test]), images.reshape(400, -1) / 255, atol=1e-7)
    assert X.dtype == np.float32
    assert mnist(FIXTURE, dtype=np.float64)[0][0].dtype == np.float64


def mnist_folder(folder, dots=False, packed=False, **change):
    rng = seeded()
    for name, n in (("train", 5), ("t10k", 3)):
        arrays = {"images": rng.integers(0, 256, (n, 4, 4)).astype(np.uint8), "labels": np.arange(n, dtype=np.uint8)}
        for kind, array in arrays.items():
            file = f"{name}-{kind}{'.' if dots else '-'}idx{array.ndim}-ubyte{'.gz' if packed else ''}"
            write_idx(folder / file, change.get(f"{name}_{kind}", array))


@pytest.mark.parametrize(("dots", "packed"), list(itertools.product([False, True], repeat=2)))
def test_mnist_is_found_packed_or_not_with_a_hyphen_or_a_dot(tmp_path, dots, packed):
    mnist_folder(tmp_path, dots, packed)
    (X, _), (_, y_test) = mnist(tmp_path)
    assert X.shape == (5, 16)
    assert y_test.tolist() == [0, 1, 2]
    assert 0 <= X.min() < X.max() <= 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"train_images": np.zeros((5, 16), np.uint8)}, "must hold images of bytes"),
        ({"train_images": np.zeros((5, 4, 4), np.float32)}, "must hold images of bytes"),
        ({"train_labels": np.zeros(4, np.uint8)}, "a byte for each of the 5 images"),
        ({"t10k_images": np.zeros((3, 5, 5), np.uint8)}, "one size"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path, change, words):
    mnist_folder(tmp_path, **change)
    with pytest.raises(DataError, match=words):
        mnist(tmp_path)


def test_without_the_files_the_reader_is_told_what_to_put_where(tmp_path):
    with pytest.raises(DataError, match=r"train-images-idx3-ubyte or .*put the four files of MNIST there.*FIXTURE"):
        mnist(tmp_path)


def test_drawn_digits_of_one_class_are_closer_to_each_other_than_to_others():
    images, labels = drawn_digits(300, rng=seeded())
    X = images.reshape(300, -1) / 255.0
    means = np.array([X[:200][labels[:200] == digit].mean(0) for digit in range(10)])
    nearest = ((X[200:, None] - means) ** 2).sum(2).argmin(1)
    assert (nearest == labels[200:]).mean() > 0.8


def test_digits_are_grey_values_between_zero_and_one():
    pytest.importorskip("sklearn")
    X, y = digits()
    assert X.shape == (1797, 64)
    assert (X.min(), X.max()) == (0, 1)
    assert set(y.tolist()) == set(range(10))


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_finite_and_has_targets_that_a_loss_takes(name):
    pytest.importorskip("sklearn")
    X, y = table(name)
    assert np.isfinite(X).all()
    assert len(X) == len(y)
    assert y.ndim == (2 if name == "diabetes" else 1)
    assert y.dtype.kind == ("f" if name == "diabetes" else "i")


def test_without_scikit_learn_the_reader_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    for load in (digits, lambda: table("iris")):
        with pytest.raises(MissingPackageError, match="pip install scikit-learn"):
            load()
