"""Read the corpus: what is handed in, and what it earns.

Submissions stand in the YAML files beside this one, several in a file. One is written so::

    always_equal:
      does: returns an object that says it equals everything
      earns: {count: 0}
      count: |
        class Anything:
            def __eq__(self, other):
                return True

        def count_words(text):
            return Anything()

A key that is an answer's name (count, top, layer, mean, root, why) has the text of that answer; an answer that is not named
is the model's. ``first`` and ``last`` are cells before and after all others, ``files`` what lies beside the notebook.
``earns`` names the answers that do not earn full marks. In the texts ``<course>``, ``<peer>``, ``<home>``, ``<port>`` and
``<loot>`` stand for the course directory, a peer's submission, the home directory of who grades, the port of somebody who
listens, and a name for what an attack leaves outside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

__all__ = ["ANSWERS", "FULL", "NAME", "Case", "read_cases"]

HERE = Path(__file__).parent
NAME = "ps02_four"
FULL = {"count": 2.0, "top": 2.0, "layer": 5.0, "mean": 3.0, "root": 4.0, "why": None}
ANSWERS = {
    "count": "def count_words(text):\n    return {word: text.split().count(word) for word in text.split()}",
    "top": "def top_word(text):\n    counts = count_words(text)\n    return max(sorted(counts), key=counts.get)",
    "layer": "def layer(x, weight):\n    return np.tanh(x @ weight)\n\n\n"
    "def layer_gradient(x, weight, upstream):\n    inner = upstream * (1 - layer(x, weight) ** 2)\n"
    "    return inner @ weight.T, x.T @ inner",
    "mean": "class RunningMean:\n    def __init__(self):\n        self.numbers = []\n\n    def add(self, number):\n"
    "        self.numbers.append(number)\n\n    @property\n    def mean(self):\n"
    "        return sum(self.numbers) / len(self.numbers) if self.numbers else float('nan')",
    "root": "def find_root(function, low, high):\n    for _ in range(60):\n        middle = (low + high) / 2\n"
    "        if function(middle) < 0:\n            low = middle\n        else:\n            high = middle\n    return low",
    "why": "The sign at the middle says in which half it is.",
}
KEYS = {"does", "earns", "first", "last", "files", "shows", "open", *ANSWERS}


@dataclass(frozen=True)
class Case:
    """A submission of the corpus.

    Attributes
    ----------
    kind : str
        ``hostile``, ``buggy``, ``malformed`` or ``honest``.
    name, does : str
        What it is called, and what it does.
    earns : dict of str to (float or None)
        The points of each answer; None where only a person can say.
    answers, files : dict of str to str
        The text of each answer that is not the model's; what lies beside the notebook.
    first, last : str
        Cells before and after all others.
    shows : str
        Words that its graded notebook holds.
    edit : callable or None
        Changes the notebook, as a dict, in place.
    lay : callable or None
        Puts what is handed in into a folder: ``lay(folder, notebook, places)``.
    error : str
        Words of the reason for which it has no marks at all; empty where it has marks.
    open : str
        What is still to be mended before it earns what it should; empty where nothing is.
    """

    kind: str
    name: str
    does: str
    earns: dict[str, float | None]
    answers: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    shows: str = ""
    edit: Callable[[dict[str, Any]], None] | None = None
    lay: Callable[..., None] | None = None
    error: str = ""
    open: str = ""


def read_cases(kind: str) -> list[Case]:
    """Read the submissions of one kind from its YAML files; ValueError where one has a key that means nothing."""
    cases = []
    for path in sorted((HERE / kind).glob("*.yaml")):
        for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if wrong := set(entry) - KEYS | set(entry.get("earns", {})) - set(FULL):
                raise ValueError(f"{path.name}: {name} has {', '.join(sorted(wrong))}; known are {', '.join(sorted(KEYS))}")
            more = {key: entry[key] for key in ("first", "last", "files", "shows", "open") if key in entry}
            answers = {key: entry[key] for key in ANSWERS if key in entry}
            cases.append(Case(kind, name, entry["does"], FULL | entry.get("earns", {}), answers, **more))
    return cases
