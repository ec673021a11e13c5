"""Saving and loading: the same network comes back, and no other file does any harm."""

import pickle
import zipfile

import numpy as np
import pytest

from course import BatchNorm, Dropout, Linear, ReLU, Sequential
from course.errors import CourseError, DataError, DtypeError, ShapeError
from course.layers import storage


def network(seed, dtype=np.float64, hidden=4):
    rng = np.random.default_rng(seed)
    layers = Linear(3, hidden, rng=rng, dtype=dtype), BatchNorm(hidden, dtype=dtype), ReLU(), Dropout(0.5, rng=rng)
    net = Sequential(*layers, Linear(hidden, 3, rng=rng, dtype=dtype))
    net.forward(rng.standard_normal((8, 3)), training=True)
    return net


@pytest.fixture
def saved(tmp_path):
    network(0).save(tmp_path / "net.npz")
    return tmp_path / "net.npz"


def tampered(saved, **changes):
    """Write the same file with some arrays changed, or with None left out."""
    with np.load(saved) as whole:
        arrays = dict(whole) | changes
    np.savez(saved, **{name: array for name, array in arrays.items() if array is not None})


def refuses(path, error, match):
    """Loading must fail, and leave the network as it was to the bit."""
    net = network(1)
    before = pickle.dumps(net.named_state())
    with pytest.raises(error, match=match):
        net.load(path)
    assert pickle.dumps(net.named_state()) == before


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_loaded_network_is_the_saved_one_to_the_bit_running_averages_included(dtype, tmp_path, rng):
    one, other = network(0, dtype), network(1, dtype)
    one.save(tmp_path / "net.npz")
    other.load(tmp_path / "net.npz")
    for name, array in other.named_state().items():
        np.testing.assert_array_equal(array, one.named_state()[name])
    assert np.shares_memory(other[0].weight, other.parameters)
    x = rng.standard_normal((5, 3))
    np.testing.assert_array_equal(other.forward(x), one.forward(x))


def test_the_file_is_one_that_numpy_reads_and_lists_every_array_once(saved):
    with np.load(saved) as arrays:
        assert sorted(arrays) == sorted(network(0).named_state())
        assert {"1.running_mean", "1.scale", "4.weight"} < set(arrays)


def test_frozen_and_tied_parameters_are_saved_and_come_back_as_they_were(tmp_path):
    one, other = network(0), network(1)
    for net in (one, other):
        net.tie("4.weight", "0.weight", transposed=True)
        net.freeze("0")
    one.save(tmp_path / "net.npz")
    other.load(tmp_path / "net.npz")
    np.testing.assert_array_equal(other[4].weight, one[0].weight.T)
    assert other.parameters.size == one.parameters.size == 4 + 4 + 3
    refuses(tmp_path / "net.npz", DataError, "4.weight missing")


def test_a_file_keeps_the_name_it_is_given_and_no_draft_is_left_beside_it(tmp_path):
    network(0).save(str(tmp_path / "model"))
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    network(1).load(str(tmp_path / "model"))


def test_when_saving_fails_the_old_file_is_still_there_and_whole(saved, monkeypatch):
    before = saved.read_bytes()

    def full_disk(file, **arrays):
        file.write(b"PK half of it")
        raise OSError("no space left on device")

    monkeypatch.setattr(storage.np, "savez", full_disk)
    with pytest.raises(OSError, match="no space left"):
        network(1).save(saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]


def test_arrays_of_another_shape_are_refused(saved):
    refuses_hidden = network(1, hidden=5)
    with pytest.raises(ShapeError, match=r"load: 0.weight must have shape \(3, 5\), got \(3, 4\)"):
        refuses_hidden.load(saved)
    tampered(saved, **{"4.bias": np.ones((3, 1))})
    refuses(saved, ShapeError, r"4.bias must have shape \(3,\), got \(3, 1\)")


def test_other_names_are_refused(saved):
    tampered(saved, **{"4.bias": None, "4.offset": np.ones(3)})
    refuses(saved, DataError, "4.bias missing; 4.offset not in the network")


def test_another_precision_is_refused_rather_than_rounded(saved):
    with pytest.raises(DtypeError, match=r"must be float32, got float64; make the network with dtype='float64'"):
        network(1, np.float32).load(saved)


def test_a_pickle_is_refused_and_its_code_does_not_run(saved, tmp_path):
    class Trap:
        def __reduce__(self):
            return (tmp_path / "sprung").touch, ()

    tampered(saved, **{"4.bias": np.array([Trap(), Trap(), Trap()], dtype=object)})
    refuses(saved, DtypeError, "4.bias must be float64, got object")
    saved.write_bytes(pickle.dumps(Trap()))
    refuses(saved, DataError, "no .npz file")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99])
def test_a_truncated_file_is_refused(saved, keep):
    whole = saved.read_bytes()
    saved.write_bytes(whole[: keep if isinstance(keep, int) else int(keep * len(whole))])
    refuses(saved, DataError, "no .npz file that save wrote, or is damaged")


def test_a_file_with_one_bit_flipped_is_refused(saved):
    whole = bytearray(saved.read_bytes())
    at = whole.find(network(0)[0].weight.tobytes())
    assert at > 0
    whole[at + 5] ^= 1
    saved.write_bytes(whole)
    refuses(saved, DataError, "damaged")


def test_a_file_that_claims_to_be_huge_is_refused_before_anything_is_read(saved):
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    header = members["4.bias.npy"]
    members["4.bias.npy"] = header.replace(b"(3,), }" + 10 * b" ", b"(999999999,), }  ")
    assert members["4.bias.npy"] != header
    with zipfile.ZipFile(saved, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    refuses(saved, ShapeError, "999999999")


def test_an_array_alone_is_no_network(tmp_path):
    np.save(tmp_path / "net.npy", np.ones(3))
    refuses(tmp_path / "net.npy", DataError, "no .npz file")
    with pytest.raises(FileNotFoundError):
        network(0).load(tmp_path / "nowhere.npz")


def test_a_state_can_be_copied_from_network_to_network_whole_or_not_at_all():
    one, other = network(0), network(1)
    other.load_state(one.named_state())
    np.testing.assert_array_equal(other.parameters, one.parameters)
    state = {name: array + 1 for name, array in one.named_state().items()} | {"4.bias": np.ones(2)}
    before = other.parameters.copy()
    with pytest.raises(CourseError, match=r"4.bias must have shape"):
        other.load_state(state)
    del state["4.bias"]
    with pytest.raises(DataError, match=r"4.bias missing"):
        other.load_state(state)
    np.testing.assert_array_equal(other.parameters, before)
