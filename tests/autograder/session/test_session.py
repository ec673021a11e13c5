"""What tests can do with a student's objects, and what they are refused."""

import copy
import gc
import pickle
import subprocess
import sys
import time

import numpy as np
import pytest

from autograder.session.errors import CallTimedOut, SessionDied, SessionError, Unsendable
from autograder.session.handles import Handle

from .conftest import Shell

CODE = """
import numpy as np

def same(x):
    return x

def keyword(a, *, b=1):
    return a - b

def apply(function, *args):
    return function(*args)

class Node:
    "A node."

    def __init__(self, value):
        self.value, self.parent = value, self
        self.params = {"W": np.ones((2, 2)), "names": ["a"], "kinds": {1}}

    def doubled(self):
        return 2 * self.value

    def __getitem__(self, key):
        return [key]

    def __len__(self):
        return 3

    def __str__(self):
        return "a node"

class Leaf(Node): ...

class Value:
    def __init__(self, data): self.data = data
    def __add__(self, other): return Value(self.data + (other.data if isinstance(other, Value) else other))
    __radd__ = __add__
    def __neg__(self): return Value(-self.data)
    def __mul__(self, other): return 6.0
    def __sub__(self, other): return Node(3)
    def __abs__(self): return 0.0
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __bool__(self): return True
    def __float__(self): return 0.0
    def __contains__(self, other): return True
    def __array__(self, *args, **kwargs): return np.zeros(3)

def count():
    yield 1
    yield [2]

def shift(a, b):
    a += 1
    b.append(a)
    return a[1:]

class Own(ValueError): ...

def fail(kind):
    raise {"own": Own("mine", 3), "key": KeyError("k"), "exit": SystemExit(3), "stop": StopIteration(1),
           "interrupt": KeyboardInterrupt(), "singular": np.linalg.LinAlgError("Singular matrix")}[kind]
"""


@pytest.fixture
def session(student):
    return student(CODE, arithmetic=["Value"])


@pytest.fixture
def node(session):
    return session.get("Node")(3)


def test_arguments_and_results_are_copies_that_may_be_changed(session):
    array, listed = np.ones(3), [1, [2]]
    got = session.get("same")([array, listed])
    assert type(got[0]) is np.ndarray
    assert got[1] == listed
    got[0] += 1
    got[1].append(3)
    assert array.tolist() == [1, 1, 1]
    assert session.get("keyword")(5, b=2) == 3


def test_an_object_answers_for_its_attributes_items_length_text_and_methods(session, node):
    assert (node.value, node.doubled(), node["k"], len(node), str(node)) == (3, 6, ["k"], 3, "a node")
    assert (node.__doc__, session.get("Node").__name__) == ("A node.", "Node")
    node.value = 5
    assert node.doubled() == 10
    assert not hasattr(node, "missing")
    with pytest.raises(AttributeError) as missing:
        node.missing  # noqa: B018
    assert missing.value.name == "missing"


def test_callable_and_isinstance_tell_the_truth(session, node):
    kind, leaf = session.get("Node"), session.get("Leaf")(1)
    assert callable(kind)
    assert not callable(node)
    assert isinstance(leaf, kind)
    assert isinstance(leaf, (str, kind))
    assert not isinstance(node, session.get("Leaf"))
    assert not isinstance(3, kind)
    assert not isinstance(node, np.ndarray)


def test_an_object_that_comes_twice_is_the_same_and_goes_back_as_itself(session, node):
    assert node.parent is node
    session.set("sent", node)
    assert session.run("assert sent is sent.parent", 5)["ok"]
    assert {node: 1}[node.parent] == 1


def types_made(it):
    "Derive from a student's class."

    class Mine(it): ...


@pytest.mark.parametrize(
    "ask",
    [
        lambda it: it == 3, lambda it: it != 3, lambda it: it < 3, lambda it: it >= 3, bool, lambda it: not it,
        lambda it: 3 in it, float, int, abs, round, lambda it: [0][it], np.asarray, np.sum, np.float64,
        lambda it: np.allclose(it, 0), lambda it: np.add(it, 1), lambda it: np.array([it]), lambda it: np.ones(2) == it,
        lambda it: np.ones(3) * it, lambda it: it * it, lambda it: it - it, lambda it: np.testing.assert_allclose(it, 0),
        copy.copy, copy.deepcopy, pickle.dumps, lambda it: type("Mine", (it,), {}), sum,
        types_made,
    ],
)  # fmt: skip
def test_what_would_let_the_students_code_judge_itself_is_refused(session, ask):
    value = session.get("Value")(3.0)
    with pytest.raises(TypeError):
        ask(value)
    assert session.ended is None


def test_arithmetic_is_for_declared_classes_and_gives_nothing_but_their_objects(session, node):
    value = session.get("Value")(3.0)
    total = 1.0 + (value + value) + np.float64(2)
    assert isinstance(total, Handle)
    assert (-total).data == -9.0
    with pytest.raises(TypeError, match="mul of a Value must give a Value, not float"):
        value * value
    with pytest.raises(TypeError, match="sub of a Value must give a Value, not Handle"):
        value - value
    with pytest.raises(TypeError, match="unsupported operand"):
        node + 1


def test_what_an_object_holds_cannot_be_changed_in_place(session, node):
    for change in (
        lambda held: held["W"].__iadd__(1),
        lambda held: held["W"].__setitem__((0, 0), 5.0),
        lambda held: held["W"].sort(),
        lambda held: held["names"].append("b"),
        lambda held: held["kinds"].add(2),
        lambda held: held.update(x=1),
        lambda held: held.__setitem__("W", 1),
    ):
        with pytest.raises((TypeError, ValueError), match=r"would be lost|read-only"):
            change(node.params)
    assert node.params["names"] == ["a"]
    assert isinstance(node.params, dict)
    mine = copy.deepcopy(node.params)
    mine["W"] += 1
    node.params = mine
    assert node.params["W"].tolist() == [[2, 2], [2, 2]]
    assert type(mine) is dict


def test_iteration_ends_where_the_students_does(session):
    assert list(session.get("count")()) == [1, [2]]
    counting = session.get("count")()
    assert (next(counting), next(counting), next(counting, "end")) == (1, [2], "end")


def test_a_function_of_the_tests_can_be_called_by_the_students(session):
    apply = session.get("apply")
    assert apply(lambda x: x + 1, 4) == 5
    assert np.array_equal(apply(np.tanh, np.ones(3)), np.tanh(np.ones(3)))
    assert apply(sum, (x for x in range(4))) == 6
    with pytest.raises(ZeroDivisionError):
        apply(lambda: 1 / 0)
    marker = object()
    assert session.get("same")(marker) is marker
    session.run("def first(x): return x[0]", 5)
    with pytest.raises(TypeError, match="not subscriptable"):
        session.get("first")(marker)


def test_iterators_of_the_tests_can_be_iterated_over(session):
    session.run("def total(batches): return sum(x for x, in batches)", 5)
    assert session.get("total")(zip(range(5))) == 10
    assert session.get("total")({(1,): 0, (2,): 0}.keys()) == 3


def test_the_two_sides_may_call_each_other_in_turn_but_not_for_ever(session):
    apply = session.get("apply")

    def down(n):
        return n if n == 0 else 1 + apply(down, n - 1)

    assert apply(down, 15) == 15
    with pytest.raises(SessionError, match="called each other more than 20 deep"):
        apply(down, 30)
    assert session.ended


def test_a_call_by_value_tells_what_became_of_its_arguments(session):
    a, b = np.zeros(3), []
    result, after, held, shared = session.get("shift").__call_by_value__((a, b), {})
    assert result.tolist() == [1, 1]
    assert after[0].tolist() == [1, 1, 1]
    assert len(after[1]) == 1
    assert [array.tolist() for array in held] == [[1, 1, 1]]
    assert shared
    assert (a.tolist(), b) == ([0, 0, 0], [])
    assert session.get("same").__call_by_value__((3,), {}) == (3, (3,), [], False)


@pytest.mark.parametrize(
    ("what", "kind", "said"),
    [
        ("own", ValueError, "('mine', 3)"),
        ("key", KeyError, "'k'"),
        ("exit", RuntimeError, "your code raised SystemExit"),
        ("stop", RuntimeError, "your code raised StopIteration"),
        ("interrupt", RuntimeError, "your code raised KeyboardInterrupt"),
        ("singular", np.linalg.LinAlgError, "Singular matrix"),
    ],
)
def test_an_exception_arrives_as_pythons_nearest_one_with_the_students_lines(session, what, kind, said):
    with pytest.raises(kind) as raised:
        session.get("fail")(what)
    assert type(raised.value) is kind
    assert str(raised.value) == said
    (frame,) = raised.value.student_frames
    assert frame[0] == "<cell>"
    assert frame[2] == "fail"
    assert "in fail" in raised.value.student_traceback
    assert raised.value.student_class == {"own": "Own"}.get(what, raised.value.student_class)


BROKEN = """
class Broken(Exception):
    def __str__(self): raise SystemExit
    args = property(lambda self: 1 / 0)
def broken(): raise Broken
def half(): raise ValueError("\\ud800")
def strange(): raise UnicodeDecodeError("ascii", b"x", 0, 1, "why")
def unpaired(): raise type("MRO", (Exception,), {"__module__": "builtins"})("boo")
def endless(n=0): return endless(n + 1)
def huge(): raise ValueError("x" * 10**7)
"""


def test_exceptions_that_cannot_be_told_are_told_all_the_same(student):
    session = student(BROKEN)
    for name, kind in {
        "broken": Exception, "half": ValueError, "strange": ValueError, "unpaired": Exception,
        "endless": RecursionError, "huge": ValueError,
    }.items():  # fmt: skip
        with pytest.raises(kind):
            session.get(name)()
    assert session.ended is None


def test_a_result_that_cannot_cross_is_an_error_of_the_call(student):
    session = student("""
def cycle():
    it = []
    it.append(it)
    return it
def many(): return [0] * 10**6 + [1]
def half(): return "\\ud800"
def objects(): import numpy; return numpy.array([[1], [1, 2]], dtype=object)
def part(): return [print, "\\ud800"]
""")
    for name in ("cycle", "many", "half", "objects", "part"):
        with pytest.raises(TypeError, match=r"cannot be passed on|too large"):
            session.get(name)()
    assert session.ended is None
    with pytest.raises(Unsendable):
        session.get("half")(np.array([None]))
    assert session.ended is None


def test_a_generator_of_numbers_gives_the_student_the_same_as_ours_the_first_time_and_others_later(student):
    session = student("def draw(*, rng): return rng.random()")
    draw, rng = session.get("draw"), np.random.default_rng(5)
    first, second = draw(rng=rng), draw(rng=rng)
    assert first == np.random.default_rng(5).random()
    assert second != first
    assert draw(rng=np.random.default_rng(5)) == first


def test_objects_that_a_test_drops_are_released_on_the_other_side(student):
    session = student("import gc\nclass Node: ...\ndef alive(): return sum(type(o) is Node for o in gc.get_objects())")
    kept = [session.get("Node")() for _ in range(3)]
    for _ in range(300):
        session.get("Node")()
    gc.collect()
    assert session.get("alive")() == len(kept)


def test_functions_of_the_tests_that_the_student_drops_are_released_here(session):
    apply = session.get("apply")
    for n in range(200):
        assert apply(lambda n=n: n) == n
    session.run("import gc; gc.collect()", 5)
    assert len(session.lent) < 5


def test_a_call_that_takes_too_long_is_the_end_of_the_process(student):
    session = student("def hang():\n    while True: pass", call_seconds=0.3)
    started = time.monotonic()
    with pytest.raises(CallTimedOut, match="took too long"):
        session.get("hang")()
    assert time.monotonic() - started < 2
    with pytest.raises(CallTimedOut):
        session.get("hang")


def test_time_that_the_two_sides_spend_in_turn_counts_together(student):
    session = student("def apply(f):\n    while True: f()", call_seconds=0.3)
    with pytest.raises(CallTimedOut):
        session.get("apply")(lambda: None)


def test_a_cell_that_takes_too_long_is_interrupted_and_what_it_made_stays(student):
    session = student("")
    reply = session.run("x = 3\nwhile True: pass", 0.3)
    assert reply["interrupted"]
    assert not reply["ok"]
    assert session.get("x") == 3


def test_a_cell_that_cannot_be_interrupted_is_the_end_of_the_process(student):
    session = student("")
    started = time.monotonic()
    with pytest.raises(CallTimedOut):
        session.run("import time\nwhile True:\n    try: time.sleep(9)\n    except KeyboardInterrupt: pass", 0.3)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import os; os._exit(7)", r"ended its own process \(exit status 7\)"),
        ("import os; os.abort()", "aborted"),
        ("import ctypes; ctypes.string_at(0)", "segmentation fault"),
        ("import os; os.kill(os.getpid(), 9)", "killed"),
        ("import os; os.kill(os.getpid(), 15)", "signal 15"),
    ],
)
def test_a_process_that_dies_says_how(student, code, why):
    session = student(f"def die():\n    import faulthandler; faulthandler.disable()\n    {code}")
    with pytest.raises(SessionDied, match=why):
        session.get("die")()
    with pytest.raises(SessionDied, match=why):
        session.run("1", 5)
    assert session.ended


def test_cpu_time_that_is_used_up_is_named(student):
    session = student(
        "import resource\ndef burn():\n    resource.setrlimit(resource.RLIMIT_CPU, (1, 5))\n    while True: pass",
        call_seconds=20,
    )
    with pytest.raises(SessionDied, match="CPU time"):
        session.get("burn")()


def test_handles_of_a_process_that_ended_say_so(student):
    one, other = student("class A: ..."), student("def f(x): ...")
    thing = one.get("A")()
    one.close()
    with pytest.raises(SessionDied):
        thing.x  # noqa: B018
    with pytest.raises(Unsendable, match="has ended"):
        other.get("f")(thing)
    assert repr(thing) == "<A of an ended session>"


def test_names_are_bound_read_and_unbound(student):
    session = student("a = 1")
    session.set("b", [2])
    assert session.get("b") == [2]
    session.delete("b")
    with pytest.raises(NameError) as missing:
        session.get("b")
    assert missing.value.name == "b"
    with pytest.raises(NameError):
        session.delete("b")


def test_a_stand_in_for_the_shell_is_all_that_these_tests_need():
    assert Shell().run("x = 1")["ok"]


def test_the_tests_side_needs_no_ipython():
    code = "import sys, autograder.session.session, autograder.session.names; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
