"""What is written is read back as it was, and bytes that nobody wrote are read as an error or as a plain value."""

import collections
import enum
import math
import struct
import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.session.decoder import Decoder
from autograder.session.encoder import Encoder
from autograder.session.errors import ProtocolError, Unsendable
from autograder.session.wire import DTYPES, Bounds, Reference

BOUNDS = Bounds(frame=1 << 25, items=1_000_000, depth=40, entries=10_000)


def written(value, *, trusted=False, refer=None, bounds=BOUNDS):
    encoder = Encoder(bounds, refer or (lambda it: Reference(True, 7, 0, type(it).__name__)), trusted=trusted)
    encoder.put(value)
    return bytes(encoder.out), b"".join(encoder.beside)


def read(tree, beside=b"", *, generators=False, bounds=BOUNDS):
    return Decoder(bounds, lambda reference: reference, generators=generators).read(tree, bytearray(beside))


def same(a, b):  # noqa: PLR0911 - a case for each type
    """Tell whether two values are the same to the last bit, types and memory order included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        if a.dtype.char in "gG":
            return a.shape == b.shape and all(map(same, a.ravel().tolist(), b.ravel().tolist()))
        order = a.flags.c_contiguous or not a.flags.f_contiguous
        return (a.dtype.str, a.shape, a.tobytes()) == (b.dtype.str, b.shape, b.tobytes()) and (
            b.flags.c_contiguous if order else b.flags.f_contiguous
        )
    if isinstance(a, (np.longdouble, np.clongdouble)):  # whose last bytes mean nothing
        return bool(a == b or (np.isnan(a) and np.isnan(b)))
    if isinstance(a, np.generic):
        return a.dtype.str == b.dtype.str and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return same(list(a.items()), list(b.items()))
    return a == b


arrays = hnp.arrays(
    st.sampled_from(DTYPES) | hnp.unicode_string_dtypes() | hnp.byte_string_dtypes() | hnp.datetime64_dtypes(),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=6),
)
atoms = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers(), st.just(...),
    st.text(st.characters(exclude_categories=["Cs"])), st.binary(), st.binary().map(bytearray),
    st.builds(lambda a, n, step: range(a, a + n * step, step), st.integers(), st.integers(-9, 10**6), st.integers(1, 9)),
    st.slices(9),
    st.sampled_from([int, float, np.float64, np.int32, np.dtype("f4"), np.dtype(">i8")]),
)  # fmt: skip
hashable = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.tuples(inner, inner),
    max_leaves=4,
).flatmap(lambda key: st.just(key) | st.just(frozenset([key, None])) | st.just((key, frozenset([key]))))
values = st.recursive(
    atoms | arrays | arrays.filter(lambda a: a.size).map(lambda a: a.reshape(-1)[0]) | st.sets(hashable, max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(hashable, inner, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=12,
)


@settings(max_examples=250, deadline=None)
@given(values)
def test_a_value_comes_back_with_every_bit_and_type_it_had(value):
    assert same(value, read(*written(value)))


@pytest.mark.parametrize(
    "value",
    [
        struct.unpack("d", bytes.fromhex("01000000000ff87f"))[0],  # a NaN that carries a message
        -0.0,
        2**63,
        -(2**63) - 1,
        math.factorial(500),
        "",
        np.array(3.0),
        np.zeros((0, 3, 2)),
        np.zeros(5, "U0"),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.asfortranarray(np.arange(6000.0).reshape(20, 300)),
        np.arange(4000.0)[::-3],
        np.broadcast_to(np.float32(2), (3, 4)),
        np.arange(4, dtype=">i2"),
        np.array([np.nan, -np.nan, -0.0]),
        np.array(["é", "🙂", ""]),
        np.longdouble("1.1"),
        np.timedelta64(3, "s"),
        np.ones((1,) * 32),
    ],
    ids=repr,
)
def test_values_at_the_edge_come_back_as_they_were(value):
    assert same(value, read(*written(value)))


def test_an_array_that_was_read_can_be_changed_and_shares_nothing():
    for size in (3, 3000):
        message = written([np.ones(size)] * 2)
        (one, other), again = read(*message), read(*message)
        one += 1
        assert np.array_equal(other, np.ones(size))
        assert np.array_equal(again[0], np.ones(size))


class Colour(enum.IntEnum):
    RED = 3


Colour.__module__ = "somewhere"
OF_LIBRARIES = [
    (collections.OrderedDict(a=1), {"a": 1}),
    (collections.Counter("aab"), {"a": 2, "b": 1}),
    (collections.defaultdict(list, x=[1]), {"x": [1]}),
    (time.gmtime(0), (1970, 1, 1, 0, 0, 0, 3, 1, 0)),
    (Colour.RED, 3),
    (np.arange(2.0).view(np.matrix), np.array([[0.0, 1.0]])),
    (np.ma.masked_array([1.0, 2.0]), np.array([1.0, 2.0])),
    (np.arange(3.0).view(np.recarray), np.arange(3.0)),
]


@pytest.mark.parametrize(("value", "plain"), OF_LIBRARIES, ids=repr)
def test_a_subclass_of_a_librarys_crosses_as_its_base(value, plain):
    assert same(plain, read(*written(value)))


@pytest.mark.parametrize("base", [int, float, str, list, tuple, dict, set, frozenset, np.ndarray])
def test_an_object_of_a_notebooks_own_subclass_crosses_as_a_reference_and_the_tests_own_as_its_base(base):
    given = ((2,),) if base is np.ndarray else ()
    mine = type("Mine", (base,), {"__module__": "__main__"})(*given)
    assert read(*written(mine)) == Reference(True, 7, 0, "Mine")
    assert type(read(*written(mine, trusted=True))) is base


def test_lying_classes_do_not_pass_for_values():
    class Liar:
        __class__ = property(lambda self: float)
        __eq__ = __hash__ = None
        __array__ = __len__ = __float__ = lambda self: 1 / 0

    assert read(*written(Liar(), refer=lambda it: Reference(True, 1, 0, "Liar"), trusted=False)).name == "Liar"


TOO_MUCH = {
    "contains itself": lambda: (cycle := []).append(cycle) or cycle,
    "more than 1000000 parts": lambda: [None] * 1_000_001,
    "dict or set of more than 10000": lambda: dict.fromkeys(range(10_001)),
    "or set of more than 10000 entries": lambda: set(range(10_001)),
    "more than 65536 bytes": lambda: 1 << (1 << 20),
    "half characters": lambda: "\ud800",
    "array of objects": lambda: np.array([[1], [1, 2]], dtype=object),
    r"dtype \[\('x', '<f8'\)\]": lambda: np.zeros(2, [("x", float)]),
    "more than 33554432 bytes": lambda: np.broadcast_to(0.0, (1 << 23,)),
    "more than 33554432 bytes is": lambda: [b"x" * (1 << 24)] * 3,
    "something else than integers": lambda: slice("a", "b"),
    "a range of more than 1000000": lambda: range(1_000_001),
    "a range of more than 1000000 integers": lambda: range(10**30, 0, -1),
    "more than 32 axes": lambda: np.ones((1,) * 33),
}


@pytest.mark.parametrize("why", TOO_MUCH)
def test_what_cannot_cross_is_an_error_of_the_sender_and_soon(why):
    value, started = TOO_MUCH[why](), time.process_time()
    with pytest.raises(Unsendable, match=why):
        written(value)
    assert time.process_time() - started < 1


def test_a_list_that_doubles_at_each_level_is_refused_soon():
    value = []
    for _ in range(35):
        value = [value, value]
    started = time.process_time()
    with pytest.raises(Unsendable, match="parts"):
        written(value)
    assert time.process_time() - started < 5


def test_a_generator_of_the_tests_crosses_as_a_copy_and_ours_goes_on_with_other_numbers():
    rng, twin = np.random.default_rng(3), np.random.default_rng(3)
    copy = read(*written(rng, trusted=True), generators=True)
    assert copy.random() == twin.random()
    assert rng.random() != twin.random()
    assert read(*written(rng, trusted=True), generators=True).random() != copy.random()


def test_a_generator_is_not_taken_from_a_student():
    with pytest.raises(ProtocolError, match="random generator"):
        read(*written(np.random.default_rng(3), trusted=True))
    with pytest.raises(Unsendable, match="SFC64"):
        written(np.random.Generator(np.random.SFC64(0)), trusted=True)


def size(number):
    return struct.pack("<I", number)


def array(shape, dtype="<f8", tag=b"a", content=b""):
    code = bytes([[d.str for d in DTYPES].index(dtype)]) if dtype in [d.str for d in DTYPES] else b"\xff" + text(dtype)
    return tag + code + bytes([len(shape)]) + b"".join(struct.pack("<Q", n % 2**64) for n in shape) + content


def text(said):
    return b"s" + size(len(said.encode())) + said.encode()


HOSTILE = {
    "nothing": b"",
    "an unknown tag": b"Z",
    "a cut integer": b"i\0\0",
    "a cut text": b"s" + size(5) + b"abc",
    "a text of 4 GiB": b"s" + size(2**32 - 1),
    "a list of 4 billion": b"l" + size(2**32 - 1),
    "a list that ends early": b"l" + size(3) + b"NN",
    "two values": b"NN",
    "broken UTF-8": b"s" + size(2) + b"\xff\xfe",
    "a surrogate in UTF-8": b"s" + size(3) + b"\xed\xa0\x80",
    "a huge integer": b"I" + size(1 << 17) + b"\1" * (1 << 17),
    "a list as a key": b"m" + size(2) + b"l" + size(0) + b"N",
    "a key without a value": b"m" + size(1) + b"N",
    "an array in a set": b"e" + size(1) + array((1,), content=bytes(8)),
    "a dict of too many entries": b"m" + size(20_002) + b"NN" * 10_001,
    "deep nesting": (b"l" + size(1)) * 100 + b"N",
    "very deep nesting": (b"l" + size(1)) * 100_000 + b"N",
    "a negative shape": array((-1, 3)),
    "a shape that overflows to nothing": array((2**40, 2**40, 0)),
    "a shape that overflows to eight bytes": array((2**61 + 1,), content=bytes(8)),
    "a shape of empty texts": array((2**30, 2**30), "<U0"),
    "an array without its bytes": array((3,)),
    "an array without its bytes beside": array((3000,)),
    "more axes than NumPy has": b"a\x00" + bytes([255]) + bytes(8 * 255),
    "an array of objects": array((1,), "|O", content=bytes(8)),
    "an array of objects in disguise": array((1,), "<f8,O", content=bytes(16)),
    "a structured array": array((1,), "<f8,<f8", content=bytes(16)),
    "a dtype that is no text": b"a\xffN\0",
    "a dtype of other letters": array((1,), "<ｆ８", content=bytes(8)),
    "a dtype of other digits": array((1,), "<U１", content=bytes(8)),
    "a dtype that NumPy does not know": array((1,), "<M8[0s]", content=bytes(8)),
    "a dtype of a gigabyte": array((1,), "|S999999999"),
    "a dtype beyond the list": b"a" + bytes([200, 0]),
    "truth that is neither": array((1,), "|b1", content=b"\2"),
    "letters that are none": array((1,), "<U1", content=struct.pack("<I", 0x110000)),
    "half letters": array((1,), ">U1", content=struct.pack(">I", 0xD800)),
    "a number of a wrong size": b"n\x02" + b"b" + size(9) + bytes(9),
    "a number of text": b"n\x02" + text("12345678"),
    "a range of texts": b"r" + size(3) + text("a") * 3,
    "a range without an end": b"r" + size(1) + b"N",
    "a range of no step": b"r" + size(3) + (b"i" + bytes(8)) * 3,
    "an unknown type": b"y" + text("memoryview"),
    "a type that is no text": b"y" + b"l" + size(0),
    "a generator": b"g" + b"m" + size(0),
    "a cut reference": b"h\1\2",
    "a reference whose name is cut off": b"h" + struct.pack("<?QBB", True, 1, 0, 200) + b"abc",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bytes_that_are_no_value_are_an_error_of_the_protocol(name):
    tracemalloc.start()
    started = time.process_time()
    with pytest.raises(ProtocolError, match="your code's process sent"):
        read(HOSTILE[name])
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 4_000_000
    assert time.process_time() - started < 1


@pytest.mark.parametrize("container", [b"l", b"t", b"m", b"e", b"f"])
def test_many_empty_containers_take_a_bounded_amount_of_memory(container):
    count, bounds = 100_000, Bounds(1 << 25, 100_000, 40, 10_000)
    tracemalloc.start()
    with pytest.raises(ProtocolError):
        read(b"l" + size(count) + (container + size(0)) * count + b"N", bounds=bounds)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 12_000_000


def test_what_is_left_over_behind_the_tree_is_an_error():
    with pytest.raises(ProtocolError):
        read(b"N", b"x")


def harmless(value):
    """Tell whether a value is made of nothing but the types that cross."""
    if isinstance(value, np.ndarray):
        return type(value) is np.ndarray and not value.dtype.hasobject and value.dtype.names is None
    if isinstance(value, dict):
        return all(harmless(key) and harmless(part) for key, part in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(harmless, value))
    known = (int, float, complex, str, bytes, bytearray, bool, range, slice, Reference, np.generic, np.dtype, type)
    return value is None or value is ... or isinstance(value, known)


@settings(max_examples=1000, deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=8))
@example(b"l" + size(1) + b"t" + size(1) + b"N", b"")
def test_any_bytes_are_a_plain_value_or_an_error_of_the_protocol(tree, beside):
    try:
        value = read(tree, beside, bounds=Bounds(1000, 100, 10, 10))
    except ProtocolError:
        return
    assert harmless(value)


@settings(max_examples=500, deadline=None)
@given(values, st.data())
def test_a_message_with_a_few_bytes_changed_is_a_plain_value_or_an_error_of_the_protocol(value, data):
    tree, beside = written(value)
    changed = bytearray(tree)
    for _ in range(data.draw(st.integers(1, 3))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    assume(bytes(changed) != tree)
    try:
        found = read(bytes(changed), beside)
    except ProtocolError:
        return
    assert harmless(found)
