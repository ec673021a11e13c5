"""Similar answers: a copy is found under every cheap disguise; what is given or common to the class accuses nobody."""

import itertools
import random
import re
import time

import pytest
from click.testing import CliRunner

from autograder.commands.similarity import similarity
from autograder.gradebook import open_gradebook
from autograder.similarity import Answers, find_pairs, read_answers, write_similarity
from autograder.similarity.answers import ClassAnswers
from autograder.similarity.statements import statements_of

from .conftest import NAME

ORIGINAL = '''\
def smooth(values, width):
    """Smooth a series."""
    total = 0.0  # running sum
    half = width // 2
    padded = np.pad(values, (half, half), mode="edge")
    for index in range(len(values)):
        window = padded[index : index + width]
        total += np.sum(window) / max(width, 1)
        values[index] = total - window[0] ** 3 + 17 * half
    return values / np.linalg.norm(values)
'''
ANOTHER = """\
def smooth(values, width):
    kernel = np.ones(width) / width
    result = np.convolve(values, kernel, mode="same")
    scale = np.sqrt(np.dot(result, result))
    if scale == 0:
        raise ValueError("nothing to smooth")
    return np.where(np.isnan(result), 0.5, result / scale)
"""
GIVEN = 'def smooth(values, width):\n    """Smooth a series."""\n    raise NotImplementedError\n'


def a_class(sources, given=GIVEN, language="python"):
    answers = Answers("ps", "smooth", language, sources)
    return ClassAnswers("Course", "ps", [answers], {language: [given]}, len(sources))


def distinct(number):
    """An answer like nobody else's."""
    rng = random.Random(number)
    lines = [f"    x{i} = np.{rng.choice(['sin', 'cos', 'exp', 'log'])}({rng.random()} + v) ** {number}" for i in range(8)]
    return "\n".join(["def smooth(v, w):", *lines, f"    return x{number % 8}"])


def others(count=8):
    return {f"s{number}": distinct(number) for number in range(count)}


def pairs_of(sources, **more):
    return [(pair.left, pair.right) for pair in find_pairs(a_class(sources, **more))]


DISGUISES = {
    "as it is": lambda code: code,
    "renamed": lambda code: re.sub(r"\b(total|half|padded|window|index)\b", lambda found: f"my_{found[0]}", code),
    "comments": lambda code: code.replace("\n    for", "\n    # my own idea\n    for").replace("  # running sum", ""),
    "spaces": lambda code: code.replace("    ", "  ").replace(", ", ",").replace("\n", "\n\n"),
    "line breaks": lambda code: code.replace("(values, (half, half), ", "(\n        values,\n        (half, half),\n  "),
    "docstring": lambda code: code.replace('"""Smooth a series."""', '"""I wrote this."""'),
    "moved lines": lambda code: code.replace(
        "    total = 0.0  # running sum\n    half = width // 2\n", "    half = width // 2\n    total = 0.0\n"
    ),
    "string quotes": lambda code: code.replace('"edge"', "'edge'"),
    "one more line": lambda code: code.replace("    return", '    print("done")\n    return'),
    "broken": lambda code: code + "\n    if (",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_copy_is_found_under_every_cheap_disguise(disguise):
    copied = DISGUISES[disguise](ORIGINAL)
    assert disguise == "as it is" or copied != ORIGINAL
    assert pairs_of({"ada": ORIGINAL, "bob": copied, "cy": ANOTHER} | others()) == [("ada", "bob")]


RULE = """\
class Momentum:
    def __init__(self, lr=0.1, beta=0.9):
        self.lr, self.beta = lr, beta
        self.velocities = {}

    def step(self, params, grads):
        for name in sorted(params):
            self.velocities[name] = self._blend(self.velocities.get(name, 0.0), grads[name])
            params[name] -= self.lr * self.velocities[name]

    def _blend(self, old, new):
        return self.beta * np.asarray(old) + 1.0 * new
"""
ANOTHER_RULE = """\
class Momentum:
    def __init__(self, lr=0.1, beta=0.9):
        self.rate = lr
        self.decay = beta
        self.buffers = None

    def step(self, params, grads):
        if self.buffers is None:
            self.buffers = {key: np.zeros_like(value) for key, value in params.items()}
        for key, buffer in self.buffers.items():
            buffer *= self.decay
            buffer += grads[key]
            np.subtract(params[key], self.rate * buffer, out=params[key])
"""
OF_A_CLASS = {
    "as it is": lambda code: code,
    "attributes": lambda code: re.sub(r"\b(velocities|lr|beta|name)\b", lambda found: f"my_{found[0]}", code),
    "methods": lambda code: code.replace("_blend", "_mix").replace("velocities", "v"),
    "self": lambda code: code.replace("self", "this").replace("velocities", "v"),
    "magic": lambda code: "%matplotlib inline\n" + code.replace("velocities", "v"),
}


@pytest.mark.parametrize("disguise", OF_A_CLASS)
def test_a_copied_class_is_found_whatever_its_own_attributes_are_called(disguise):
    sources = {"ada": RULE, "bob": OF_A_CLASS[disguise](RULE), "cy": ANOTHER_RULE} | others()
    assert pairs_of(sources) == [("ada", "bob")]


def test_a_different_solution_is_no_copy():
    assert pairs_of({"ada": ORIGINAL, "cy": ANOTHER} | others()) == []


def test_what_the_release_contains_is_no_evidence():
    assert pairs_of({"ada": ORIGINAL, "bob": ORIGINAL} | others(), given=ORIGINAL) == []
    assert pairs_of(dict.fromkeys(["ada", "bob", "cy"], GIVEN)) == []


def test_what_most_of_the_class_writes_is_no_evidence():
    class_way = {f"t{number}": ORIGINAL for number in range(8)}
    assert pairs_of(class_way | others(4)) == []


def test_two_who_share_a_rare_part_stand_out_of_a_class_that_shares_the_rest():
    rare = ORIGINAL + "\n".join(f"    q{i} = np.tanh({i}.5 * values) @ np.eye({i + 3})[{i}]" for i in range(5))
    sources = {f"t{number}": ORIGINAL for number in range(9)} | {"ada": rare, "bob": rare.replace("q", "z")}
    assert pairs_of(sources) == [("ada", "bob")]


def test_short_answers_say_nothing():
    assert pairs_of({"ada": "def f(x):\n    return x * x + 7", "bob": "def f(x):\n    return x * x + 7"}) == []


def test_texts_are_compared_by_words():
    words = "Because the momentum carries the iterate across the narrow ravine, it does not swing between walls; it wins."
    mine = "The step size is divided by a running mean of squares. Rare features therefore learn faster than others do."
    sources = {"ada": words, "bob": words.upper().replace(",", ""), "cy": mine}
    assert pairs_of(sources, given="", language=None) == [("ada", "bob")]


def test_a_ring_is_a_group_and_has_all_its_pairs(tmp_path):
    found = a_class(dict.fromkeys(["ada", "bob", "cy"], ORIGINAL) | others())
    pairs = find_pairs(found)
    assert [(p.left, p.right) for p in pairs] == list(itertools.combinations(["ada", "bob", "cy"], 2))
    write_similarity(found, pairs, tmp_path / "s.html", 0.8)
    assert "<li>ada, bob, cy</li>" in (tmp_path / "s.html").read_text(encoding="utf-8")


def test_the_order_of_students_changes_no_byte(tmp_path):
    sources = {"ada": ORIGINAL, "bob": DISGUISES["renamed"](ORIGINAL), "cy": ANOTHER, "di": ANOTHER} | others()
    written = []
    for order in (list(sources), list(sources)[::-1]):
        found = a_class({student: sources[student] for student in order})
        write_similarity(found, find_pairs(found), tmp_path / "s.html", 0.8)
        written.append((tmp_path / "s.html").read_bytes())
    assert written[0] == written[1]
    assert len(find_pairs(found)) == 2


def test_code_is_escaped_in_the_page(tmp_path):
    hostile = ORIGINAL + '    x = "</pre><script>alert(1)</script>\x1b[31m"\n'
    found = a_class({"<b>ada</b>": hostile, "bob": hostile} | others())
    write_similarity(found, find_pairs(found), tmp_path / "s.html", 0.8)
    text = (tmp_path / "s.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>ada" not in text
    assert "\x1b" not in text
    assert "&lt;script&gt;" in text
    assert "</mark>" in text


def test_lines_that_count_are_marked_and_given_ones_are_not(tmp_path):
    found = a_class({"ada": ORIGINAL, "bob": ORIGINAL} | others())
    write_similarity(found, find_pairs(found), tmp_path / "s.html", 0.8)
    marked = re.findall(r'<mark class="line">(.*)\n', (tmp_path / "s.html").read_text(encoding="utf-8"))
    assert any("np.pad" in line for line in marked)
    assert not any("def smooth" in line for line in marked)


@pytest.mark.parametrize("language", ["python", "r", "julia", "unheard-of"])
def test_any_source_can_be_read(language):
    for source in ("", "\n", "(((", '"""', "%matplotlib inline\n!ls", "def f(:\n  ]]", "x" * 200_000, "é = '\ud7ff'"):
        statements = statements_of(source, language)
        assert all(0 <= s.first <= s.last <= source.count("\n") + 1 for s in statements)


def test_names_are_numbered_within_their_statement():
    first, second, third = (statements_of(code, "python")[0].tokens for code in ("a = b * a", "x = y * x", "x = y * y"))
    assert first == second != third
    texts = "o.a = np.sum(a)", "p.b = np.sum(c)", "p.b = np.min(c)", "p.b = np.sum(b)"
    same, renamed, another, alike = (statements_of(text, "python")[0].tokens for text in texts)
    assert same == renamed == alike != another, "an attribute is not the variable of its name"


def test_a_class_of_three_hundred_takes_seconds():
    found = a_class({f"s{number:03}": distinct(number) for number in range(300)} | {"zz": distinct(7)})
    started = time.process_time()
    assert [(p.left, p.right) for p in find_pairs(found)] == [("s007", "zz")]
    assert time.process_time() - started < 20


def test_the_command_reads_what_was_handed_in_and_changes_nothing_else(root, toy, hand_in):
    rest = DISGUISES["renamed"](ORIGINAL)
    hand_in("ada", toy(square=ORIGINAL))
    hand_in("bob", toy(square=rest))
    hand_in("cy", toy(square=ANOTHER))
    hand_in("di", "no notebook")
    before = {path: path.read_bytes() for path in root.path.rglob("*") if path.is_file()}
    done = CliRunner().invoke(similarity, ["ps01", "--root", str(root.path)])
    assert done.exit_code == 0, done.output
    assert done.output.startswith("1 pair of 4 students with answers that are alike")
    page = root.path / "reports" / f"{NAME}-similarity.html"
    assert "ada and bob" in page.read_text(encoding="utf-8")
    after = {path: path.read_bytes() for path in root.path.rglob("*") if path.is_file() and path != page}
    assert after == before
    with open_gradebook(root) as book:
        assert not book.students


def test_cells_that_students_add_are_read_too(root, toy, hand_in):
    for student in ("ada", "bob"):
        notebook = toy()
        notebook.cells.append(type(notebook.cells[0])(cell_type="code", source=ORIGINAL, metadata={}, outputs=[]))
        hand_in(student, notebook)
    (pair,) = find_pairs(read_answers(root, "ps01"))
    assert [match.answers.title for match in pair.matches] == ["cells of their own"]
