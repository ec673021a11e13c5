"""Whatever the other end of the wall says, the tests' side has an error for the student, soon, and goes on living."""

import os
import struct
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.session.channel import HEADER
from autograder.session.errors import CallTimedOut, ProtocolError, SessionDied, SessionError

from .conftest import frame

RESULT = b"N"
SAY = {
    "nothing at all, and hangs up": (lambda sock, q: os._exit(0), SessionDied),
    "nothing at all, for ever": (lambda sock, q: time.sleep(60), CallTimedOut),
    "half a header": (lambda sock, q: sock.send(frame(q)[:5]) and time.sleep(60), CallTimedOut),
    "half a frame": (lambda sock, q: sock.send(frame(q, size=500)) and time.sleep(60), CallTimedOut),
    "half a frame, and hangs up": (lambda sock, q: sock.send(frame(q, size=500)) and os._exit(0), SessionDied),
    "a byte now and then": (lambda sock, q: drip(sock, frame(q, b"s" + struct.pack("<I", 500) + bytes(500))), CallTimedOut),
    "a frame of 4 GiB": (lambda sock, q: sock.send(frame(q, size=2**32 - 1)), ProtocolError),
    "4 GiB of what is no longer used": (
        lambda sock, q: sock.send(HEADER.pack(0, q, 0, 2**32 - 1, 1, 0) + b"N"),
        ProtocolError,
    ),
    "that it no longer uses what it never had": (
        lambda sock, q: sock.send(HEADER.pack(0, q, 0, 1, 1, 0) + struct.pack("<QI", 5, 1) + b"N"),
        ProtocolError,
    ),
    "millions of times that it no longer uses what it never had": (
        lambda sock, q: sock.sendall(HEADER.pack(0, q, 0, 500_000, 1, 0) + bytes(12 * 500_000) + b"N"),
        SessionError,
    ),
    "two answers at once": (lambda sock, q: sock.send(frame(q) * 2), ProtocolError),
    "the answer to another question": (lambda sock, q: sock.send(frame(q + 1)), ProtocolError),
    "the answer to the question before": (lambda sock, q: sock.send(frame(q - 1)), ProtocolError),
    "an answer of an unknown kind": (lambda sock, q: sock.send(frame(q, kind=200)), ProtocolError),
    "an answer that is a question for a cell": (lambda sock, q: sock.send(frame(q, kind="run")), ProtocolError),
    "a question about no object": (lambda sock, q: sock.send(frame(q, b"t" + bytes(4), kind="call")), ProtocolError),
    "a question about an object it was not given": (
        lambda sock, q: sock.send(frame(q, b"t" + bytes(4), kind="call", target=77)),
        ProtocolError,
    ),
    "a reference to an object it was not given": (
        lambda sock, q: sock.send(frame(q, b"h" + struct.pack("<?QBB", False, 77, 0, 0))),
        ProtocolError,
    ),
    "an exception that is none": (lambda sock, q: sock.send(frame(q, kind="raised")), ProtocolError),
    "garbage": (lambda sock, q: sock.send(os.urandom(500)), SessionError),
    "garbage for ever": (lambda sock, q: flood(sock), SessionError),
    "a tree and more": (lambda sock, q: sock.send(frame(q, b"NN")), ProtocolError),
    "more beside than there is": (lambda sock, q: sock.send(frame(q, b"N", beside=b"x" * 100)), ProtocolError),
}


def drip(sock, content):
    for byte in content:
        sock.send(bytes([byte]))
        time.sleep(0.05)


def flood(sock):
    while True:
        sock.sendall(b"\xff" * 65536)


@pytest.mark.parametrize("what", SAY)
def test_who_answers_with_this_is_told_so_and_asked_nothing_more(liar, what):
    lie, kind = SAY[what]
    session = liar(lie, call_seconds=0.5)
    started = time.monotonic()
    with pytest.raises(kind) as told:
        session.get("x")
    assert time.monotonic() - started < 3
    assert str(told.value).startswith("your code")
    with pytest.raises(SessionError):
        session.get("x")


def test_an_answer_that_nobody_asked_for_is_found_at_the_next_question(liar):
    def lie(sock, question):
        sock.send(frame(question))
        time.sleep(0.1)
        sock.send(frame(question))

    session = liar(lie)
    assert session.get("x") is None
    time.sleep(0.3)
    with pytest.raises(ProtocolError, match=r"not asked|more than it was asked for"):
        session.get("x")


def test_who_takes_nothing_does_not_stop_the_tests(liar):
    session = liar(lambda sock, question: time.sleep(60), call_seconds=0.5)
    with pytest.raises(CallTimedOut):
        session.set("x", [np.zeros(1 << 20)] * 3)


@pytest.mark.parametrize(
    ("ask", "tree"),
    [
        (len, b"i" + struct.pack("<q", -3)),
        (len, b"s" + struct.pack("<I", 0)),
        (str, b"N"),
        (lambda it: iter(it).__next__(), b"N"),
        (lambda it: isinstance(it, it), b"i" + struct.pack("<q", 1)),
        (lambda it: it.__call_by_value__((), {}), b"N"),
    ],
)
def test_an_answer_of_a_wrong_type_is_a_breach_of_the_protocol(liar, ask, tree):
    handle = b"h" + struct.pack("<?QBB", True, 1, 1, 1) + b"A"
    session = liar(lambda sock, question: sock.send(frame(question, handle if question == 2 else tree)))
    thing = session.get("x")
    with pytest.raises(ProtocolError, match="in place of"):
        ask(thing)


@pytest.mark.parametrize(
    "reply",
    [b"N", b"m" + struct.pack("<I", 0), b"l" + struct.pack("<I", 0)],
    ids=["nothing", "an empty dict", "a list"],
)
def test_a_cells_result_that_is_none_is_a_breach_of_the_protocol(liar, reply):
    session = liar(lambda sock, question: sock.send(frame(question, reply)))
    with pytest.raises(ProtocolError, match="no result of a cell"):
        session.run("1", 2)


@pytest.mark.parametrize(
    "report",
    [
        ("Own", ("Own",), (), None, [], 3),
        ("Own", (["Exception"],), (), None, [], ""),
        ("Own", ("BaseException",), (), None, [], ""),
        ("Own", ("KeyboardInterrupt",), (), None, [], ""),
        ("Own", ("StopIteration",), (), None, [], ""),
        ("Own", ("SessionDied",), (), None, [], ""),
        ("Own", ("eval",), (), None, [], ""),
        ("Own", ("UnicodeDecodeError",), (1, 2), None, [], ""),
        ("Own", ("ExceptionGroup",), ("a", [1]), None, [], ""),
        ("Own", ("ValueError",), (), None, [("<cell>", 1, "f", "x")] * 10_000, "t" * 10**6),
        ("Own", ("ValueError",), (), None, [("<cell>", "1", "f", "x")], ""),
        ("O" * 10**6, ("ValueError",), ("v" * 10**6,), None, [], ""),
    ],
)
def test_a_report_of_an_exception_is_one_that_python_has_or_a_breach_of_the_protocol(report):
    from autograder.session.reports import rebuild

    try:
        error = rebuild(report)
    except ProtocolError:
        return
    assert type(error) in (ValueError, UnicodeError, RuntimeError, Exception, ExceptionGroup)
    assert len(error.student_frames) <= 50
    assert len(error.student_traceback) <= 20_000
    assert len(error.student_class) <= 500


HOSTILE_CODE = """
import gc, sys
def remote(f): return f
def often(f):
    for _ in range(10**6): f(1)
def rubbish(f):
    for given in [(), (1, 2, 3), (None,), ("x",), ([],)]:
        try: f(*given)
        except Exception: pass
    try: f(**{"no such": 1})
    except TypeError: pass
    return f(3)
def keep(f):
    global kept
    kept = f
def later(): return kept(2)
def many(make): return len([make() for _ in range(300)])
def lots(): return [object() for _ in range(150_000)]
"""


def test_a_function_of_the_tests_may_be_called_with_rubbish_and_a_million_times(student):
    session = student(HOSTILE_CODE, call_seconds=1)
    assert session.get("rubbish")(lambda x: x + 1) == 4
    with pytest.raises(CallTimedOut):
        session.get("often")(lambda x: x)


def test_a_function_of_the_tests_may_be_kept_for_the_next_call_but_not_be_called_from_a_cell(student):
    session = student(HOSTILE_CODE)
    session.get("keep")(lambda x: x * 3)
    assert session.get("later")() == 6
    with pytest.raises(ProtocolError, match="while no test was running"):
        session.run("kept(2)", 5)


def test_the_number_of_objects_in_use_is_bounded(student):
    session = student(HOSTILE_CODE, call_seconds=30)
    assert session.get("many")(lambda: [object()]) == 300
    with pytest.raises((ProtocolError, TypeError), match=r"more than 100000 objects"):
        session.get("lots")()


PATCHES = {
    "builtins": "import builtins\nbuiltins.len = builtins.isinstance = builtins.type = lambda *a: 1 / 0",
    "the codec": "from autograder.session import encoder\nencoder.Encoder.put = lambda self, value: self.out.extend(b'?')",
    "the writers": "from autograder.session import encoder\nencoder.WRITERS.clear()",
    "the channel": "from autograder.session import channel\nchannel.Channel.send = lambda self, *a: self.sock.send(b'?')",
    "the socket": "import gc, socket\nfor s in gc.get_objects():\n    if isinstance(s, socket.socket): s.close()",
    "its modules": "import sys\nsys.modules.clear()",
    "NumPy": "import numpy as np\nnp.ndarray = np.allclose = np.testing = None",
    "its end": "import gc\nfrom autograder.session.student import Student\nfor s in gc.get_objects():\n"
    "    if isinstance(s, Student): s.operations.clear()",
    "the answers": "import gc\nfrom autograder.session.student import Student\nfor s in gc.get_objects():\n"
    "    if isinstance(s, Student): s.operations['call'] = lambda *a: 9.0; s.operations['isinstance'] = lambda *a: True",
}


@pytest.mark.parametrize("what", PATCHES)
def test_what_a_student_changes_in_its_own_process_hurts_only_its_own_marks(student, what):
    bystander, session = student("def f(x): return x"), student("def f(x): return x\nclass A: ...")
    try:
        session.run(PATCHES[what], 5)
        got = session.get("f")(3.0)
        assert got in (3.0, 9.0)  # what it says is data, and whether that is right is for the test to judge
    except (SessionError, Exception):
        pass
    assert bystander.get("f")(3.0) == 3.0
    assert np.allclose(np.ones(2), np.ones(2))


FLOOD = """
import os, sys
def flood():
    for _ in range(2000):
        print("x" * 1000)
        sys.stderr.write("y" * 1000)
        os.write(1, b"z" * 1000)
        os.write(2, b"z" * 1000)
    return 1
"""


def test_floods_of_prints_during_a_call_go_nowhere_and_stop_nothing(student):
    assert student(FLOOD).get("flood")() == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=60), st.booleans())
def test_any_bytes_are_an_answer_or_an_error_of_the_sessions(liar, content, framed):
    def lie(sock, question):
        sock.send(frame(question, content) if framed else content)
        sock.close()
        os._exit(0)

    session = liar(lie, call_seconds=1)
    try:
        session.get("x")
    except (SessionError, NameError):
        pass
    finally:
        session.close()


def test_who_sends_more_than_there_is_memory_for_is_asked_nothing_more(student):
    session = student("def pieces():\n    while True:\n        yield bytes(90_000)", received=1_000_000)
    pieces = []
    with pytest.raises(ProtocolError, match="more than there is memory for"):
        pieces.extend(session.get("pieces")())
    assert 500_000 < sum(map(len, pieces)) < 1_000_000
    with pytest.raises(SessionError):
        session.get("pieces")
