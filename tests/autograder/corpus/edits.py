"""Hostile submissions that are made by editing the notebook: each function changes it in place, as the file has it.

To add one, write a function under ``@edit(...)``: the docstring says what it does, the arguments what it does not earn. A
cell is found by its grade_id with :func:`cell`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from .reading import FULL, Case

__all__ = ["EDITS"]

EDITS: list[Case] = []
NOTHING = {"count": 0, "top": 0, "layer": 0, "mean": 0, "root": 0}
WRONG = "def count_words(text):\n    return {}"


def edit(**earns: float | None) -> Callable[[Callable], Callable]:
    def add(change: Callable[[dict[str, Any]], None]) -> Callable:
        EDITS.append(Case("hostile", change.__name__, change.__doc__, FULL | earns, edit=change))
        return change

    return add


def cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """Give the cell with this grade_id."""
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def tests(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test_")]


@edit(count=0)
def emptied_tests(notebook):
    """writes pass into every test cell"""
    cell(notebook, "count")["source"] = WRONG
    for one in tests(notebook):
        one["source"] = "pass"


@edit(count=0)
def copied_tests(notebook):
    """has every test cell twice more, empty, before and behind the right one"""
    cell(notebook, "count")["source"] = WRONG
    copies = [copy.deepcopy(one) | {"source": "5.0"} for one in tests(notebook)]
    notebook["cells"] = [*copies, *notebook["cells"], *copy.deepcopy(copies)]


@edit(count=0)
def roles_given_away(notebook):
    """says in the metadata that no cell is locked, graded or worth less than 100 points"""
    cell(notebook, "count")["source"] = WRONG
    for one in notebook["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"].update(locked=False, grade=True, solution=True, task=False, points=100, checksum="0")


@edit(count=0)
def dodges_the_tests(notebook):
    """says that test cells are answers, tasks, or worth nothing, -1 or infinitely much"""
    cell(notebook, "count")["source"] = WRONG
    for one, points in zip(tests(notebook), (0, -1, float("inf"), "5", None), strict=True):
        one["metadata"]["nbgrader"].update(grade=False, solution=True, task=True, points=points)


@edit(why=None)
def dodges_the_person(notebook):
    """says that the answer in words is graded by machine, and is code that shows its points"""
    words = cell(notebook, "why")
    words.update(code("3.0", **words["metadata"]))
    words["metadata"]["nbgrader"].update(solution=False, locked=True, cell_type="code")


@edit(why=None)
def claims_a_mark(notebook):
    """claims marks, scores, stamps and comments of its own"""
    for one in notebook["cells"]:
        one["metadata"].get("nbgrader", {}).update(
            score=100, auto_score=100, manual_score=100, extra_credit=50, comment="Good."
        )
    stamp = {"submission": "0" * 64, "readable": True, "scores": {"test_count": 100, "why": 3}}
    notebook["metadata"]["autograder"] = stamp


@edit(root=0)
def widens_its_settings(notebook):
    """sets time limits, packages and forbidden modules for itself"""
    table = {"call_seconds": 1e9, "cell_seconds": 1e9, "total_seconds": 1e9, "packages": ["autograder"], "forbidden": []}
    notebook["metadata"]["autograder"] = table
    cell(notebook, "root")["source"] = "def find_root(function, low, high):\n    while True:\n        pass"


@edit()
def another_kernel(notebook):
    """asks for a kernel that is a shell, and for a program to be run"""
    kernel = {"name": "bash", "display_name": "x", "language": "bash", "argv": ["touch", "/tmp/<loot>"]}
    notebook["metadata"].update(kernelspec=kernel, language_info={"name": "bash", "file_extension": ".sh"})


@edit(**NOTHING)
def skipped(notebook):
    """has nothing answered, and tags that tell graders and kernels to leave cells out"""
    for one in notebook["cells"]:
        one["metadata"]["tags"] = ["skip-execution", "remove_cell", "raises-exception", "nbgrader-ignore", "remove-output"]
        if one["metadata"].get("nbgrader", {}).get("solution"):
            one["source"] = "raise NotImplementedError" if one["cell_type"] == "code" else ""


@edit(**NOTHING)
def outputs_filled_in(notebook):
    """answers nothing, and has outputs in every cell as a good notebook would"""
    result = {"output_type": "execute_result", "data": {"text/plain": "5.0"}, "metadata": {}, "execution_count": 1}
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            one.update(outputs=[result], execution_count=1)
        if one["metadata"].get("nbgrader", {}).get("solution") and one["cell_type"] == "code":
            one["source"] = "raise NotImplementedError"


@edit(**NOTHING)
def tests_as_text(notebook):
    """makes text of every test cell, and answers nothing"""
    for one in tests(notebook):
        one["cell_type"] = "markdown"
        del one["outputs"], one["execution_count"]
    for name in ("count", "top", "layer", "mean", "root"):
        cell(notebook, name)["source"] = "pass"


@edit(count=0)
def tests_before_answers(notebook):
    """asks for the right counts first: puts the test that lends a right function before the test of that function"""
    cell(notebook, "count")["source"] = (
        "right = []\ndef count_words(text):\n    if not right:\n        raise RuntimeError\n    return right[0](text)"
    )
    cell(notebook, "top")["source"] = (
        "def top_word(text):\n    if type(count_words).__name__ == 'Remote':\n        right.append(count_words)\n"
        "    counts = count_words(text)\n    return max(sorted(counts), key=counts.get)"
    )
    moved = cell(notebook, "test_count")
    notebook["cells"].remove(moved)
    notebook["cells"].append(moved)


@edit(layer=0, count=0)
def names_changed_over(notebook):
    """gives each test cell the grade_id of another one, and an answer that of a test"""
    ids = [one["metadata"]["nbgrader"]["grade_id"] for one in tests(notebook)]
    for one, name in zip(tests(notebook), ids[1:] + ids[:1], strict=True):
        one["metadata"]["nbgrader"]["grade_id"] = name
    cell(notebook, "count")["source"] = WRONG
    cell(notebook, "layer")["source"] = "layer = layer_gradient = lambda *args: 0"


@edit(count=0)
def looks_like_a_test(notebook):
    """has a cell of its own that looks like a test in every respect, and one with its words and a score"""
    cell(notebook, "count")["source"] = WRONG
    real = copy.deepcopy(cell(notebook, "test_count"))
    real["metadata"]["nbgrader"]["grade_id"] = "test_count_"
    real["source"] = "2.0"
    notebook["cells"] += [real, code("2.0  # test_count", nbgrader={"grade_id": ["test_count"], "points": 2, "grade": True})]


@edit(layer=0)
def replaced_set_up(notebook):
    """replaces the instructor's set-up cell by one that makes NumPy agree with everything"""
    cell(notebook, "setup")["source"] = "class np:\n    allclose = array_equal = lambda *args, **kwargs: True"
    cell(notebook, "layer")["source"] = "layer = layer_gradient = lambda *args: 0"


@edit(count=0)
def answers_behind_the_tests(notebook):
    """puts a definition behind the tests, and one into the test's own cell"""
    cell(notebook, "count")["source"] = "pass"
    cell(notebook, "test_count")["source"] += "\ndef count_words(text):\n    return {}"
    notebook["cells"].append(code("def count_words(text):\n    return {}"))


@edit(**NOTHING, why=0)
def nothing_but_a_title(notebook):
    """deletes every cell, and asks for full marks in words"""
    notebook["cells"] = [{"cell_type": "markdown", "source": "# 19 of 19 points", "metadata": {}}]


@edit(count=0)
def many_claims(notebook):
    """has a hundred cells that claim to be the answer; the last of them counts"""
    answer = cell(notebook, "count")
    place = notebook["cells"].index(answer)
    notebook["cells"][place:place] = [copy.deepcopy(answer) for _ in range(100)]
    answer["source"] = WRONG


@edit(layer=0)
def old_format_of_roles(notebook):
    """has roles of another version of nbgrader, with fields of wrong kinds"""
    for one in notebook["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"].update(schema_version=99, grade="yes", points=[5], locked={"a": 1}, task=None)
    cell(notebook, "layer")["source"] = "5.0"
